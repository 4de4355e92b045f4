"""The page on fit files: every key, by what it says and which kinds of data take it."""

from __future__ import annotations

from words import code, cut, heading, page, sentence, table, text

from ssb_model.fitting.data.data_set import COMMON, KEYS, kinds
from ssb_model.fitting.data.reading import data_set  # noqa: F401, which knows the kinds
from ssb_model.fitting.fit_file import CHOICES, TABLES
from ssb_model.fitting.free import SPEC

TOP = {
    "cell": "Name of a cell, or path of its file, counted from the folder of the fit file.",
    "options": "Table: choices of the model, as `--option`.",
    "set": "Table: parameters that are set and not fitted, in SI, as `--set`.",
    "vary": "Table: what is fitted, each by its name as `ssb show` has it.",
    "engine": "What searches: `scipy`, or `pybop` with the extra `fit`.",
    "method": "Search method of PyBOP.",
    "starts": "From how many places the search goes down.",
    "seed": "Of all that is drawn.",
    "profile": "Whether intervals follow the misfit, or are those of its slopes.",
    "suggest": "Whether further measurements are suggested.",
    "draws": "How many draws of the posterior, with PyBOP.",
}
SPECS = {
    "start": "Where the search begins; the cell's own value if left out.",
    "low": "Lower bound; the declared range if left out.",
    "high": "Upper bound; the declared range if left out.",
    "scale": "`log` or `linear`; logarithmic where the bounds span a factor of two, if left out.",
    "prior": "Mean and standard deviation that are known beforehand.",
    "own": "Whether each sample has a value of its own.",
}
SAID = {
    "file": "The file with the data, counted from the folder of the fit file.",
    "soc": "State of charge, 0 to 1, at which it was measured or from which it begins.",
    "c_rate": 'C-rate of the run, as `0.1` or `"C/10"`.',
    "charge_rate": "C-rate of the charge before; that of the discharge if left out.",
    "from_full": "Whether the discharge begins from rest at 100 %.",
    "label": "What tables and figures call the data set.",
    "sample": "Which sample it is of, for parameters that each has for itself.",
    "Stack pressure [MPa]": "What it was held at; the file's, or the cell's own, if left out.",
    "Temperature [degC]": "Of the cell; the file's, or the cell's own, if left out.",
    "noise": "Standard deviation; estimated from the residuals if left out.",
    "weight": "How much the data set counts beside others, 1 if left out.",
    "compare": "What of the record is compared: `voltage`, or `pressure` of a load cell.",
    "left_out": "Whether it is predicted and not fitted.",
    "Capacity [mA.h.g-1]": "A capacity, in place of a file.",
    "quantity": "Which number of the model it is, by its column with the unit.",
    "value": "The number, in that unit.",
    "electrode": "Of which electrode the spectrum is; the cell's if left out.",
    "sweep": "Which of the sweeps in the file, counted from 1.",
    "t1 [s]": "R1 of a pulse is what is faster.",
    "t2 [s]": "R2 of a pulse is what is faster, R3 what is slower.",
    "Pulse [s]": "Length of the pulses, where the file does not say it.",
    "Rest [s]": "Length of the rests, where the file does not say it.",
    "direction": "`charge` or `discharge`.",
    "current_sign": "`charge positive` or `discharge positive`; told by the file if left out.",
}


def fit_file_page() -> str:
    """Every key of a fit file."""
    parts = [
        heading("Keys of fit files"),
        "What `ssb fit my_fit.toml` reads. A whole file stands on the page "
        "[Fitting](../fitting.md#a-fit-file).",
        heading("At the top", 2),
        table(
            ["key", "meaning"],
            [[code(key), TOP.get(key, "")] for key in ("cell", *CHOICES, *TABLES)],
        ),
        heading("Of each parameter under `[vary]`", 2),
        table(["key", "meaning"], [[code(key), SPECS.get(key, "")] for key in SPEC]),
        heading("Of every `[[data]]`", 2),
        table(["key", "meaning"], [[code(one.name), SAID.get(one.name, "")] for one in COMMON]),
    ]
    for name, kind in kinds().items():
        own = {one.name: one for one in (*KEYS, *kind.keys)}
        taken = dict.fromkeys(key for way in kind.ways for key in (*way.takes, *own_of(kind)))
        rows = [[code(key), SAID.get(key, "")] for key in taken if key in own]
        ways = ", ".join(code(way.takes[0]) for way in kind.ways)
        parts += [
            heading(f"Data of the kind {code(name)}", 2),
            text(sentence(cut(kind.__doc__))) + f" It is given by {ways}; noise is in "
            f"{text(kind.noise_unit[0])}.",
            table(["key", "meaning"], rows),
        ]
    return page(*parts)


def own_of(kind: type) -> tuple[str, ...]:
    """Keys of one kind alone."""
    return tuple(one.name for one in kind.keys)
