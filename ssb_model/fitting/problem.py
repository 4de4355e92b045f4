"""Data sets and free parameters as residuals, and how they change with each parameter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.fitting.data_set import DataSet, RunData, Unsolved
from ssb_model.fitting.free import INSIDE, Free
from ssb_model.fitting.predictor import COARSE, Prediction, Predictor
from ssb_model.fitting.spectrum import SpectrumData, parts
from ssb_model.studies.axes import made

STEP = 0.02  # of a scaled parameter, over which runs are compared at most
SHORTEST = 5e-4  # the least such step: below it a solver's noise shows
CHANGE = 30.0  # of all residuals together, that a step is to make
FEWEST = 8  # residuals from which a noise can be told
SMALL_STEP = 1e-3  # the same of spectra, which have no solver's noise


class Problem:
    """What is to be fitted, in scaled coordinates; residuals are over their noise."""

    def __init__(
        self,
        cell: Cell,
        data: Sequence[DataSet],
        free: Sequence[Free],
        threads: int | None = None,
        predictor: Predictor | None = None,
    ):
        self.cell, self.data, self.free = cell, tuple(data), tuple(free)
        self.predictor = predictor or Predictor(cell, data, free, threads)
        self.start, self.lower, self.upper = (
            getattr(self.predictor, name) for name in ("start", "lower", "upper")
        )
        self.step = np.full(len(self.free), STEP)
        self.factor = np.ones(len(self.data))  # of each data set's noise
        self.failures: list[tuple[dict[str, float], str]] = []
        self.best: tuple[float, np.ndarray] = (np.inf, self.start)
        self.renewed_at: np.ndarray | None = None
        self._kept: tuple[bytes, Any] = (b"", None)

    def values(self, x: np.ndarray) -> dict[str, float]:
        """By label, in SI."""
        return {one.label: one.value(at) for one, at in zip(self.free, x, strict=True)}

    def fitted_cell(self, x: np.ndarray, sample: str | None = None) -> Cell:
        """The cell of a sample, on no mesh but its own."""
        own = {
            one.axis: one.value(at)
            for one, at in zip(self.free, x, strict=True)
            if one.sample is None or one.sample == sample
        }
        return made(self.cell, own)

    def inside(self, x: np.ndarray) -> np.ndarray:
        """The same, a little off every bound."""
        room = INSIDE * (self.upper - self.lower)
        return np.clip(x, self.lower + room, self.upper - room)

    def touches(self, k: int, number: int) -> bool:
        """Whether a parameter is of the cell a data set was measured on."""
        sample = self.free[k].sample
        return sample is None or sample == self.data[number].sample

    def estimates_noise(self, number: int) -> bool:
        """Whether the noise of a data set comes out of its residuals."""
        return self.data[number].noise is None and self.sizes[number] >= FEWEST

    def whitened(self, number: int, difference: np.ndarray) -> np.ndarray:
        """A difference in units of its data set's noise."""
        data = self.data[number]
        sigma = data.sigma(self.cell) * self.factor[number]
        return difference * np.sqrt(data.weight) / sigma

    def _row(self, x: np.ndarray, predictions: list[Prediction]) -> np.ndarray:
        """Residuals with those of the priors; all NaN where something has no answer."""
        failed = [each for each in predictions if isinstance(each, Unsolved)]
        if failed:
            self.failures.append((self.values(x), str(failed[0])))
            return np.full(self.size, np.nan)
        rows = [
            self.whitened(number, predicted - self.data[number].measured(self.cell))
            for number, predicted in enumerate(predictions)
        ]
        rows.append(np.array([(x[k] - mean) / width for k, mean, width in self.priors]))
        found = np.concatenate(rows)
        chi2 = float(found @ found)
        if chi2 < self.best[0]:
            self.best = (chi2, x.copy())
        return found

    @property
    def priors(self) -> list[tuple[int, float, float]]:
        return [(k, *one.prior) for k, one in enumerate(self.free) if one.prior is not None]

    def renew(self, x: np.ndarray) -> None:
        """Carry all predictions to the finer meshes by what they are here."""
        self.predictor.renew(x)
        self.renewed_at = x
        self.forget()

    def forget(self) -> None:
        """What is kept of the last point, and which was the best."""
        self.best = (np.inf, self.best[1])
        self._kept = (b"", None)

    @cached_property
    def sizes(self) -> np.ndarray:
        """Numbers compared, of each data set."""
        return np.array([len(data.measured(self.cell)) for data in self.data])

    @property
    def size(self) -> int:
        return int(self.sizes.sum()) + len(self.priors)

    def residuals(self, x: np.ndarray) -> np.ndarray:
        """At one point."""
        if self._kept[0] == x.tobytes():
            return self._kept[1][0]
        return self.residuals_of([x])[0]

    def residuals_of(self, points: Sequence[np.ndarray]) -> list[np.ndarray]:
        """At many points, solved side by side."""
        told = self.predictor.predictions(points)
        return [self._row(x, row) for x, row in zip(points, told, strict=True)]

    def both(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Residuals and their derivatives: differences of runs, exact slopes of spectra."""
        if self._kept[0] == x.tobytes():
            return self._kept[1]
        r, J = self._differences(x, (1,))
        if np.isfinite(r).all():
            felt = np.linalg.norm(J[: sum(self.sizes)], axis=0)
            self.step = np.clip(CHANGE / np.maximum(felt, 1e-9), SHORTEST, STEP)
        self._kept = (x.tobytes(), (r, J))
        return r, J

    def carefully(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Slopes by differences either way on the finer mesh: what intervals are made of."""
        r, _ = self.both(x)
        return r, self._differences(x, (1, -1), COARSE)[1]

    def _differences(
        self, x: np.ndarray, ways: Sequence[int], mesh: str | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        predicted = self._around(x, ways, mesh)
        r = self._row(x, [predicted[0, 0, number] for number in range(len(self.data))])
        J = np.zeros((len(r), len(x)))
        if np.isfinite(r).all():
            for number in range(len(self.data)):
                for k in self._felt(number):
                    J[self.rows(number), k] = self._slope(predicted, k, number, x)
            for place, (k, _, width) in enumerate(self.priors):
                J[sum(self.sizes) + place, k] = 1 / width
        return r, J

    def slopes(self, x: np.ndarray) -> list[np.ndarray | None]:
        """Of each data set's residuals; none where it has no answer."""
        predicted = self._around(x, (1,))
        found: list[np.ndarray | None] = []
        for number, size in enumerate(self.sizes):
            if isinstance(predicted[0, 0, number], Unsolved):
                found.append(None)
                continue
            J = np.zeros((size, len(x)))
            for k in self._felt(number):
                J[:, k] = self._slope(predicted, k, number, x)
            found.append(J)
        return found

    def beside(self, data: Sequence[DataSet]) -> Problem:
        """The same cell and parameters with other data sets."""
        predictor = self.predictor.beside(data)
        return Problem(self.cell, data, self.free, predictor=predictor)

    def _felt(self, number: int) -> list[int]:
        return [k for k in range(len(self.free)) if self.touches(k, number)]

    def _steps(self, number: int) -> np.ndarray:
        spectrum = isinstance(self.data[number], SpectrumData)
        return np.full(len(self.free), SMALL_STEP) if spectrum else self.step

    def _around(
        self, x: np.ndarray, ways: Sequence[int], mesh: str | None = None
    ) -> dict[tuple[int, int, int], Prediction]:
        """Predictions by way, parameter and data set; way 0 is the point itself."""
        ways = sorted(ways, key=lambda way: -way)
        asked: dict[tuple[int, int, int], tuple[np.ndarray, int]] = {}
        predicted: dict[tuple[int, int, int], Prediction] = {}
        for number, data in enumerate(self.data):
            steps = self._steps(number)
            points = {}
            for k in self._felt(number):
                inside = [
                    way for way in ways if self.lower[k] <= x[k] + way * steps[k] <= self.upper[k]
                ] or [-1]
                points |= {(way, k, number): moved(x, k, way * steps[k]) for way in inside}
            if isinstance(data, RunData):
                asked[0, 0, number] = (x, number)
                asked |= {key: (there, number) for key, there in points.items()}
                continue
            found = self.predictor.spectrum([x, *points.values()], number)
            failed = isinstance(found, Unsolved)
            predicted[0, 0, number] = found if failed else parts(found[0])
            if not failed:
                here = parts(found[0])
                predicted |= {
                    key: here + parts(more) for key, more in zip(points, found[1], strict=True)
                }
        runs = self.predictor.runs(list(asked.values()), mesh)
        return predicted | dict(zip(asked, runs, strict=True))

    def rows(self, number: int) -> slice:
        """Where a data set stands among the residuals."""
        first = sum(self.sizes[:number])
        return slice(first, first + self.sizes[number])

    def _slope(self, predicted: dict, k: int, number: int, x: np.ndarray) -> np.ndarray:
        """Between what lies either way, or the point and what lies one way."""
        step = self._steps(number)[k]
        known = {
            way: predicted[way, k, number]
            for way in (1, -1)
            if not isinstance(predicted.get((way, k, number), Unsolved()), Unsolved)
        }
        if not known:  # the other way, then
            (there,) = self.predictor.runs([(moved(x, k, -step), number)])
            if isinstance(there, Unsolved):
                self.failures.append((self.values(moved(x, k, -step)), str(there)))
                return np.zeros(self.sizes[number])
            known[-1] = there
        if len(known) < 2:
            known[0] = predicted[0, 0, number]
        high, low = max(known), min(known)
        return self.whitened(number, (known[high] - known[low]) / ((high - low) * step))


def moved(x: np.ndarray, k: int, step: float) -> np.ndarray:
    """A point a step along one coordinate."""
    there = x.copy()
    there[k] += step
    return there
