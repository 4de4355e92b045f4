"""A fit: what was found, how sure, how well it matches, and what is left open."""

from __future__ import annotations

import math
import re
import textwrap
from typing import TYPE_CHECKING, Any

from ssb_model.tables.text import text_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ssb_model.results.fit import FitResult
    from ssb_model.results.fit_parts import Estimate, FittedSet

PEOPLE = {  # SI unit: (unit people use, how many in one of SI)
    "Ohm.m2": ("Ohm cm2", 1e4),
    "A.m-2": ("mA/cm2", 0.1),
    "F.m-2": ("uF/cm2", 100.0),
    "S.m-1": ("mS/cm", 10.0),
    "Pa": ("MPa", 1e-6),
    "m": ("um", 1e6),
    "m2.s-1": ("m2/s", 1.0),
    "J.mol-1": ("kJ/mol", 1e-3),
    "C.m-2": ("mAh/cm2", 1 / 3.6e4),
    "kg.m-2": ("mg/cm2", 100.0),
}
HELD = {"stack_pressure_MPa": "{:.4g} MPa", "temperature_C": "{:.4g} °C", "soc": "SOC {:.3g}"}
WIDTH = 100
TOLD = 5  # suggestions
HARDLY = 1.1  # times better: not worth a measurement
RESISTANCES = ("R1", "R2", "R3")


def fit_text(result: FitResult) -> str:
    """Parameters with their intervals, the misfit of each data set, and what they do not tell."""
    lines = [result.title]
    if result.stopped:
        lines.append(f"Stopped    {result.stopped}")
    left = result.points - len(result.estimates)
    reduced = f", reduced {result.chi2 / left:.3g}" if left > 0 else ""
    lines += [
        f"Misfit     {result.chi2:.4g} over {result.points} points{reduced}",
        f"Compared   AIC {result.aic:.5g}, BIC {result.bic:.5g}; of fits to the same data the "
        "lower is better",
        "",
        text_table([_row(one) for one in result.estimates]),
    ]
    if any(one.profile_interval is None for one in result.estimates):
        lines.append("about: by the standard error, not by following the misfit")
    lines += ["", text_table([_set_row(one) for one in result.sets])]
    lines += _listed("Not told apart:", result.combinations)
    lines += _listed("What would tell more:", _suggested(result.suggestions))
    lines += _listed("Notes:", result.notes)
    return "\n".join(lines)


def _row(one: Estimate) -> dict[str, Any]:
    unit, factor = PEOPLE.get(one.unit, (one.unit, 1.0))
    label = one.label.replace(f" [{one.unit}]", "")
    label = re.sub(r"^(Positive|Negative) (?:electrode|particle) ", r"\1 ", label)
    return {
        "parameter": label if unit == "1" else f"{label} [{unit}]",
        "value": f"{factor * one.value:.4g}",
        "95 % interval": _interval(one, factor),
        "start": f"{factor * one.start:.4g}",
        "remark": one.remark,
    }


def _interval(one: Estimate, factor: float) -> str:
    """By the profile where there is one; "open" where the data give no end."""
    ends = one.interval if one.profile_interval is None else one.profile_interval
    if not any(map(math.isfinite, ends)):
        return "open"
    words = [f"{factor * end:.4g}" if math.isfinite(end) else "open" for end in ends]
    return ("about " if one.profile_interval is None else "") + " to ".join(words)


def _set_row(one: FittedSet) -> dict[str, Any]:
    misses, over_noise, points = MISSES[one.kind](one.table)
    held = (words.format(one.conditions[k]) for k, words in HELD.items() if k in one.conditions)
    return {
        "data": one.label,
        "points": points,
        "misses by": misses,
        "times its noise": f"{over_noise:.3g} ({one.noise_from})",
        "weight": f"{one.weight:g}",
        "held": ", ".join(held),
    }


def _voltage(table) -> tuple[str, float, int]:
    table = table[table["compared"]]
    off = table["voltage_V"] - table["model_V"]
    return f"{1e3 * _rms(off):.3g} mV", _rms(off / table["sigma_V"]), len(off)


def _capacity(table) -> tuple[str, float, int]:
    off = table["capacity_mAh_g"] - table["model_mAh_g"]
    return f"{_rms(off):.3g} mAh/g", _rms(off / table["sigma_mAh_g"]), len(off)


def _spectrum(table) -> tuple[str, float, int]:
    real = table["Z_re_Ohm_cm2"] - table["model_re_Ohm_cm2"]
    imaginary = table["Z_im_Ohm_cm2"] - table["model_im_Ohm_cm2"]
    off = (real**2 + imaginary**2) ** 0.5
    modulus = (table["Z_re_Ohm_cm2"] ** 2 + table["Z_im_Ohm_cm2"] ** 2) ** 0.5
    over_noise = _rms(off / table["sigma_Ohm_cm2"]) / math.sqrt(2)  # of either part
    return f"{100 * _rms(off / modulus):.3g} % of |Z|", over_noise, len(off)


def _gitt(table) -> tuple[str, float, int]:
    relative, noisy = [], []
    for name in RESISTANCES:
        measured = table[f"{name}_Ohm_cm2"]
        off = (measured - table[f"model_{name}_Ohm_cm2"])[measured.notna()]
        relative += list(off / measured[measured.notna()])
        noisy += list(off / table[f"sigma_{name}_Ohm_cm2"][measured.notna()])
    return f"{100 * _rms(relative):.3g} % of each", _rms(noisy), len(relative)


def _number(table) -> tuple[str, float, int]:
    off = table["value"] - table["model"]
    over_noise = _rms(off / table["sigma"])
    return f"{100 * _rms(off / table['value']):.3g} %", over_noise, len(off)


MISSES = {
    "voltage": _voltage,
    "capacity": _capacity,
    "spectrum": _spectrum,
    "gitt": _gitt,
    "number": _number,
}


def _rms(values: Iterable[float]) -> float:
    squares = [float(value) ** 2 for value in values]
    return math.sqrt(sum(squares) / len(squares)) if squares else math.nan


def _suggested(suggestions: list[dict[str, Any]]) -> list[str]:
    if not suggestions:
        return []
    worth = [one["told"] for one in suggestions if one["times_better"] >= HARDLY]
    return worth[:TOLD] or ["Nothing that was tried would help."]


def _listed(heading: str, sentences: list[str]) -> list[str]:
    """A heading with its sentences folded below; nothing where there are none."""
    if not sentences:
        return []
    folded = [
        line
        for sentence in sentences
        for line in textwrap.wrap(
            sentence, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False
        )
    ]
    return ["", heading, *folded]
