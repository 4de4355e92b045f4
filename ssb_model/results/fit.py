"""A fit: what was found, how sure, and what the data cannot tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.parameters.entry import Entry
from ssb_model.results.fit_parts import Estimate, FittedSet
from ssb_model.system.saving import csv_bytes, figure_bytes, finite, save_result


@dataclass(frozen=True, repr=False)
class FitResult:
    """Estimates with intervals, the data beside the model, and what they do not tell apart.

    ``chi2`` is the misfit in units of the noise over ``points`` numbers. ``aic``, ``aicc`` and
    ``bic`` compare fits of the same data with other laws or parameters: the lower the better.
    ``posterior`` holds draws where some were asked for. ``cells`` are the fitted cells by sample.
    """

    cell_name: str
    title: str
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
    cells: dict[str, Cell]
    changes: dict[str, Mapping[str, Entry]]  # of each cell, for its file
    cell_files: Callable[..., dict[Path, bytes]] = field(repr=False)
    finished: bool = True
    posterior: pd.DataFrame | None = None
    stopped: str = ""

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
    def table(self) -> pd.DataFrame:
        """A row a parameter."""
        return pd.DataFrame([self._row(one) for one in self.estimates])

    @staticmethod
    def _row(one: Estimate) -> dict[str, Any]:
        profile = one.profile_interval or (None, None)
        return {
            "parameter": one.label,
            "value": one.value,
            "standard_error": one.standard_error * one.width,
            "low_95": one.interval[0],
            "high_95": one.interval[1],
            "profile_low_95": profile[0],
            "profile_high_95": profile[1],
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
                "cell": self.cell_name,
                "title": self.title,
                "estimates": self.table.to_dict("records"),
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
        from ssb_model.figures.fit_data import fit_data_figure

        return fit_data_figure(self.sets, self.title)

    def plot_profiles(self):
        """Rise of the misfit about each parameter."""
        from ssb_model.figures.fit_profiles import profiles_figure

        return profiles_figure(self.estimates, self.profiles)

    def plot_correlation(self):
        """Of each pair of parameters."""
        from ssb_model.figures.fit_profiles import correlation_figure

        return correlation_figure([one.label for one in self.estimates], self.correlation)

    def save(self, folder: str | Path) -> list[Path]:
        """Estimates, data with the model, figures and the fitted cell as a file of its own."""
        folder = Path(folder)
        files = {"fit.csv": csv_bytes(self.table)}
        for number, one in enumerate(self.sets, start=1):
            files[f"data_{number}.csv"] = csv_bytes(one.table)
        if self.posterior is not None:
            files["posterior.csv"] = csv_bytes(self.posterior)
        for sample, cell in self.cells.items():
            name = "_".join(filter(None, [self.cell_name, _plain(sample), "fitted"]))
            title = f"{self.title}, fitted" if not sample else f"{self.title}, {sample}, fitted"
            changes = self.changes[sample]
            if cell.window is not None:  # a symmetric cell has no file
                made = self.cell_files(cell, folder / f"{name}.toml", changes, title)
                files |= {_beside(path, folder): content for path, content in made.items()}
        files |= figure_bytes("fit", self.plot())
        files |= figure_bytes("profiles", self.plot_profiles())
        files |= figure_bytes("correlation", self.plot_correlation())
        return save_result(folder, "fit", self.payload, files)


def _beside(path: Path, folder: Path) -> str:
    """A path in a folder, by its name there."""
    return path.resolve().relative_to(folder.resolve()).as_posix()


def _plain(word: str) -> str:
    """A word as part of a file's name."""
    return "".join(letter if letter.isalnum() else "_" for letter in word)
