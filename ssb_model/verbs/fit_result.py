"""A fit: what was found, how sure, and what the data cannot tell."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.cell.cell import Cell
from ssb_model.cell.saving import cell_files
from ssb_model.fitting.estimates import Estimate, FittedSet
from ssb_model.parameters.entry import Entry
from ssb_model.quantities.units import convert, customary, factor, named, unit
from ssb_model.system.saving import csv_bytes, figure_bytes, finite, save_result
from ssb_model.verbs.result import Result, text_table

HELD = {
    "Stack pressure [MPa]": "{:.4g} MPa",
    "Temperature [degC]": "{:.4g} °C",
    "State of charge": "SOC {:.3g}",
}
WIDTH = 100
SHOWN = 5  # suggestions
MOST_DIGITS = 10  # of a number on the screen
HARDLY = 1.1  # times better: not worth a measurement


@dataclass(frozen=True, repr=False)
class FitResult(Result):
    """Estimates with intervals, the data beside the model, and what they do not tell apart.

    ``chi2`` is the misfit in units of the noise over ``points`` numbers. ``aic``, ``aicc`` and
    ``bic`` compare fits of the same data with other laws or parameters: the lower the better.
    ``posterior`` holds draws where some were asked for. ``cells`` are the fitted cells by sample.
    """

    kind = "fit"
    besides = ("data_*.csv", "posterior.csv", "profiles.*", "correlation.*")

    estimates: list[Estimate]
    sets: list[FittedSet]
    correlation: np.ndarray
    profiles: dict[str, pd.DataFrame]
    combinations: list[str]
    suggestions: list[dict[str, Any]]
    notes: list[str]
    chi2: float
    points: int
    log_likelihood: float
    parameters: int  # free ones and noises that were estimated
    given: Cell  # as it was before the fit
    cells: dict[str, Cell]
    changes: dict[str, Mapping[str, Entry]]  # of each cell, for its file
    finished: bool = True
    posterior: pd.DataFrame | None = None
    stopped: str = ""

    @property
    def title(self) -> str:
        """The cell that was given, for a reader."""
        return self.given.title

    @property
    def failed(self) -> bool:
        """Whether the search did not end."""
        return not self.finished

    @property
    def aic(self) -> float:
        return 2 * self.parameters - 2 * self.log_likelihood

    @property
    def aicc(self) -> float:
        left = self.points - self.parameters - 1
        extra = 2 * self.parameters * (self.parameters + 1) / left if left > 0 else np.inf
        return self.aic + extra

    @property
    def bic(self) -> float:
        return self.parameters * float(np.log(self.points)) - 2 * self.log_likelihood

    @property
    def cell(self) -> Cell:
        """The cell as fitted; of several samples the first."""
        return next(iter(self.cells.values()))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row per parameter."""
        return [self._row(one) for one in self.estimates]

    @property
    def data(self) -> xr.Dataset:
        """The estimates as arrays by parameter."""
        table = self.table.set_index("parameter")
        return table.to_xarray().assign_attrs(cell=self.cell.name)

    @staticmethod
    def _row(one) -> dict[str, Any]:
        profile = one.profile_interval or (None, None)
        return {
            "parameter": one.label,
            "value": one.value,
            "standard_error": one.standard_error * one.width,
            "low_95": one.interval[0],
            "high_95": one.interval[1],
            "profile_low_95": profile[0],
            "profile_high_95": profile[1],
            "stated_low_95": one.stated[0],
            "stated_high_95": one.stated[1],
            "start": one.start,
            "lower_bound": one.low,
            "upper_bound": one.high,
            "remark": one.remark,
        }

    @property
    def payload(self) -> dict[str, Any]:
        """Plain data."""
        return finite(
            {
                "cell": self.cell.name,
                "kind": self.kind,
                "title": self.title,
                "estimates": self.rows,
                "correlation": {
                    "parameters": [one.label for one in self.estimates],
                    "values": self.correlation.tolist(),
                },
                "not_told_apart": self.combinations,
                "what_would_tell_more": self.suggestions,
                "notes": self.notes,
                "misfit": self.chi2,
                "points": self.points,
                "aic": self.aic,
                "aicc": self.aicc,
                "bic": self.bic,
                "data": [
                    {
                        "label": one.label,
                        "kind": one.kind,
                        **one.conditions,
                        "weight": one.weight,
                        "noise": one.noise_from,
                        "points": len(one.table),
                    }
                    for one in self.sets
                ],
                "profiles": {
                    label: profile.to_dict("list") for label, profile in self.profiles.items()
                },
                "finished": self.finished,
                "stopped": self.stopped,
            }
        )

    def plot(self):
        """Data and model over each other, residuals below."""
        from ssb_model.figures.fit import fit_data_figure

        return fit_data_figure(self.sets, self.title)

    def plot_profiles(self):
        """Rise of the misfit about each parameter."""
        from ssb_model.figures.fit import profiles_figure

        return profiles_figure(self.estimates, self.profiles)

    def plot_correlation(self):
        """Of each pair of parameters."""
        from ssb_model.figures.fit import correlation_figure

        return correlation_figure([one.label for one in self.estimates], self.correlation)

    def save(self, folder: str | Path, force: bool = False) -> list[Path]:
        """Estimates, data with the model, figures and the fitted cells as files of their own."""
        folder = Path(folder)
        files = {"fit.csv": csv_bytes(self.table)}
        for number, one in enumerate(self.sets, start=1):
            files[f"data_{number}.csv"] = csv_bytes(one.table)
        if self.posterior is not None:
            files["posterior.csv"] = csv_bytes(self.posterior)
        files |= self._fitted_cells(folder)
        files |= figure_bytes("fit", self.plot())
        files |= figure_bytes("profiles", self.plot_profiles())
        files |= figure_bytes("correlation", self.plot_correlation())
        return save_result(folder, self.stem, self.payload, files, self.besides, force)

    def _fitted_cells(self, folder: Path) -> dict[str, bytes]:
        """A file of each fitted cell and what must lie beside it, by their names in the folder."""
        files = {}
        for sample, cell in self.cells.items():
            if cell.window is None:  # a symmetric cell has no file
                continue
            name = "_".join(filter(None, [cell.name, _plain(sample), "fitted"]))
            title = ", ".join(filter(None, [self.title, sample, "fitted"]))
            made = cell_files(cell, folder / f"{name}.toml", self.changes[sample], title)
            files |= {_beside(path, folder): content for path, content in made.items()}
        return files

    @property
    def text(self) -> str:
        """Parameters with their intervals, the misfit of each data set, what they do not tell."""
        left = self.points - len(self.estimates)
        reduced = f", reduced {self.chi2 / left:.3g}" if left > 0 else ""
        lines = [
            *self.head(),
            f"Misfit     {self.chi2:.4g} over {self.points} points{reduced}",
            f"Compared   AIC {self.aic:.5g}, BIC {self.bic:.5g}; of fits to the same data the "
            "lower is better",
            "",
            text_table([_estimate_row(one) for one in self.estimates]),
        ]
        if any(one.profile_interval is None for one in self.estimates):
            lines.append("about: by the standard error, not by following the misfit")
        lines += ["", text_table([_set_row(one) for one in self.sets])]
        lines += _listed("Not told apart:", self.combinations)
        lines += _listed("What would tell more:", _suggested(self.suggestions))
        lines += _listed("Notes:", self.notes)
        return "\n".join(lines)


def _estimate_row(one: Estimate) -> dict[str, Any]:
    of = customary(one.unit)
    label = one.label.replace(f" [{one.unit}]", "")
    label = re.sub(r"^(Positive|Negative) (?:electrode|particle) ", r"\1 ", label)
    form = f".{_digits(one)}g"
    return {
        "parameter": named(label, unit(of).words),
        "value": f"{convert(one.value, one.unit, of):{form}}",
        "95 % interval": _interval(one, factor(one.unit, of), form),
        "start": f"{convert(one.start, one.unit, of):.4g}",
        "remark": one.remark,
    }


def _digits(one: Estimate) -> int:
    """Four, or as many as show both ends of a narrow interval apart from the value."""
    gaps = [abs(end / one.value - 1) for end in one.stated if math.isfinite(end) and one.value]
    nearest = min((gap for gap in gaps if gap), default=1.0)
    return min(max(4, 1 - math.floor(math.log10(nearest))), MOST_DIGITS)


def _interval(one: Estimate, factor: float, form: str) -> str:
    """What counts of profile and slopes; "open" where the data give no end."""
    ends = one.stated
    if not any(map(math.isfinite, ends)):
        return "open"
    words = [f"{factor * end:{form}}" if math.isfinite(end) else "open" for end in ends]
    return ("about " if one.profile_interval is None else "") + " to ".join(words)


def _set_row(one: FittedSet) -> dict[str, Any]:
    misses, over_noise, points = one.misfit
    held = (words.format(one.conditions[k]) for k, words in HELD.items() if k in one.conditions)
    return {
        "data": one.label,
        "points": points,
        "misses by": misses,
        "times its noise": f"{over_noise:.3g} ({one.noise_from})",
        "weight": "left out" if one.noise_from == "left out" else f"{one.weight:g}",
        "held": ", ".join(held),
    }


def _suggested(suggestions: list[dict[str, Any]]) -> list[str]:
    if not suggestions:
        return []
    worth = [one["told"] for one in suggestions if one["times_better"] >= HARDLY]
    return worth[:SHOWN] or ["Nothing that was tried would help."]


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


def _beside(path: Path, folder: Path) -> str:
    """A path in a folder, by its name there."""
    return path.resolve().relative_to(folder.resolve()).as_posix()


def _plain(word: str) -> str:
    """A word as part of a file's name."""
    return "".join(letter if letter.isalnum() else "_" for letter in word)
