"""Data sets and free parameters as residuals, and how they change with each parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.experiments.experiment import Unsolved
from ssb_model.fitting.data.data_set import DataSet, RunData
from ssb_model.fitting.free import INSIDE, Free, values_of
from ssb_model.fitting.predictor import COARSE, Carry, Prediction, Predictor
from ssb_model.studies.axes import made

STEP = 0.02  # of a scaled parameter, over which runs are compared at most
SHORTEST = 5e-4  # the least such step: below it a solver's noise shows
CHANGE = 30.0  # of all residuals together, that a step is to make
FEWEST = 8  # residuals from which a noise can be told
SMALL_STEP = 1e-3  # the same of spectra, which have no solver's noise


@dataclass
class Failures:
    """Points that had no solution: how many, and the last with its reason."""

    count: int = 0
    values: dict[str, float] = field(default_factory=dict)
    why: str = ""

    def add(self, values: dict[str, float], why: Unsolved) -> None:
        self.count, self.values, self.why = self.count + 1, values, str(why)


@dataclass(frozen=True, eq=False)
class Problem:
    """What is to be fitted, in scaled coordinates; residuals are over their noise.

    A search that learns of the noise, of the meshes or of good steps goes on with another problem:
    ``with_noise``, ``renewed`` and ``stepping`` give it. Only ``failures`` is written to.
    """

    cell: Cell
    data: tuple[DataSet, ...]
    free: tuple[Free, ...]
    predictor: Predictor
    start: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    factor: np.ndarray  # on each data set's noise
    counts: np.ndarray  # of each data set: as how many independent ones its numbers count
    step: np.ndarray  # of each parameter, for slopes of runs
    carry: Carry = field(default_factory=dict)  # what finer meshes say more
    renewed_at: np.ndarray | None = None  # where the meshes were compared
    failures: Failures = field(default_factory=Failures)

    @classmethod
    def of(
        cls,
        cell: Cell,
        data: Sequence[DataSet],
        free: Sequence[Free],
        threads: int | None = None,
        predictor: Predictor | None = None,
    ) -> Problem:
        """As it is before anything is solved."""
        predictor = predictor or Predictor(cell, data, free, threads)
        bounds = predictor.start, predictor.lower, predictor.upper
        factor, counts, step = np.ones(len(data)), np.ones(len(data)), np.full(len(free), STEP)
        return cls(cell, tuple(data), tuple(free), predictor, *bounds, factor, counts, step)

    def beside(self, data: Sequence[DataSet]) -> Problem:
        """The same cell and parameters with other data sets."""
        predictor = self.predictor.beside(data)
        return Problem.of(self.cell, data, self.free, predictor=predictor)

    def with_noise(self, factor: np.ndarray, counts: np.ndarray) -> Problem:
        """With other factors on the noise of each data set, and what its numbers count as."""
        return replace(self, factor=factor, counts=counts)

    def renewed(self, x: np.ndarray) -> Problem:
        """With all predictions carried to the finer meshes by what they are here."""
        return replace(self, carry=self.predictor.carry(x), renewed_at=x)

    def settled(self, residuals: np.ndarray) -> Problem:
        """With what data sets share among their numbers set where the residuals say it is."""
        data = tuple(
            one.settled(self.common(number, residuals)) for number, one in enumerate(self.data)
        )
        if all(one is other for one, other in zip(data, self.data, strict=True)):
            return self
        return replace(self, data=data, predictor=self.predictor.beside(data))

    def stepping(self, J: np.ndarray) -> Problem:
        """With steps that suit these slopes."""
        felt = np.linalg.norm(J[: self.points], axis=0)
        return replace(self, step=np.clip(CHANGE / np.maximum(felt, 1e-9), SHORTEST, STEP))

    def values(self, x: np.ndarray) -> dict[str, float]:
        """By label, in SI."""
        return {one.label: one.value(at) for one, at in zip(self.free, x, strict=True)}

    def fitted_cell(self, x: np.ndarray, sample: str | None = None) -> Cell:
        """The cell of a sample, on no mesh but its own."""
        return made(self.cell, values_of(self.free, x, sample))

    def inside(self, x: np.ndarray) -> np.ndarray:
        """The same, a little off every bound."""
        room = INSIDE * (self.upper - self.lower)
        return np.clip(x, self.lower + room, self.upper - room)

    def touches(self, k: int, number: int) -> bool:
        """Whether a parameter is of the cell a data set was measured on."""
        return self.free[k].is_of(self.data[number].sample)

    def estimates_noise(self, number: int) -> bool:
        """Whether the noise of a data set comes out of its residuals."""
        return self.data[number].noise is None and self.sizes[number] >= FEWEST

    def noise(self, number: int) -> np.ndarray:
        """Standard deviations of what was measured, as they are taken by now."""
        return self.data[number].sigma(self.cell) * self.factor[number]

    def whitened(self, number: int, difference: np.ndarray) -> np.ndarray:
        """A difference in units of its data set's noise, as much as its numbers count."""
        return self._turned(number, difference / self.noise(number), -1) * self._root(number)

    def over_noise(self, number: int, residuals: np.ndarray) -> np.ndarray:
        """The residuals of a data set in units of its noise, without errors its numbers share."""
        return residuals[self.rows(number)] / self._root(number)

    def missed(self, number: int, residuals: np.ndarray) -> np.ndarray:
        """By what the model misses each number of a data set."""
        return self._turned(number, self.over_noise(number, residuals), 1) * self.noise(number)

    def common(self, number: int, residuals: np.ndarray) -> np.ndarray:
        """How many standard deviations each error is that the numbers of a data set share."""
        G = self.data[number].shared(self.cell) / self.noise(number)[:, None]
        off = -self.missed(number, residuals) / self.noise(number)
        return np.linalg.solve(np.eye(G.shape[1]) + G.T @ G, G.T @ off)

    def _turned(self, number: int, over_noise: np.ndarray, power: int) -> np.ndarray:
        """Times the root of what the errors that numbers share make of their covariance."""
        if number not in self._shares:
            G = self.data[number].shared(self.cell) / self.noise(number)[:, None]
            U, s, _ = np.linalg.svd(G, full_matrices=False)
            self._shares[number] = U, np.sqrt(1 + s**2)
        U, roots = self._shares[number]
        if not U.shape[1]:
            return over_noise
        return over_noise + U @ ((roots**power - 1) * (U.T @ over_noise))

    @cached_property
    def _shares(self) -> dict[int, tuple[np.ndarray, np.ndarray]]:
        return {}

    def _root(self, number: int) -> float:
        return float(np.sqrt(self.data[number].weight * self.counts[number]))

    @cached_property
    def independent(self) -> float:
        """Numbers compared, as many as are independent."""
        return float(self.sizes @ np.minimum(self.counts, 1.0))

    @cached_property
    def freedom(self) -> float:
        """Degrees of freedom behind the noise; endless where all noise is given and fits."""
        told = any(map(self.estimates_noise, range(len(self.data)))) or (self.counts < 1).any()
        return max(self.points - len(self.free), 1.0) if told else np.inf

    @cached_property
    def priors(self) -> list[tuple[int, float, float]]:
        return [(k, *one.prior) for k, one in enumerate(self.free) if one.prior is not None]

    @cached_property
    def sizes(self) -> np.ndarray:
        """Numbers compared, of each data set."""
        return np.array([len(data.measured(self.cell)) for data in self.data])

    @property
    def points(self) -> int:
        """Numbers compared, of all data sets."""
        return int(self.sizes.sum())

    def rows(self, number: int) -> slice:
        """Where a data set stands among the residuals."""
        first = int(self.sizes[:number].sum())
        return slice(first, first + int(self.sizes[number]))

    def predictions(self, points: Sequence[np.ndarray]) -> list[list[Prediction]]:
        """Of every data set at every point, solved side by side."""
        return self.predictor.predictions(points, self.carry)

    def residuals(self, x: np.ndarray) -> np.ndarray:
        """At one point."""
        return self.residuals_of([x])[0]

    def residuals_of(self, points: Sequence[np.ndarray]) -> list[np.ndarray]:
        """At many points, solved side by side."""
        return [self._row(x, row) for x, row in zip(points, self.predictions(points), strict=True)]

    def _row(self, x: np.ndarray, predictions: list[Prediction]) -> np.ndarray:
        """Residuals with those of the priors; all NaN where something has no answer."""
        failed = [each for each in predictions if isinstance(each, Unsolved)]
        if failed:
            self.failures.add(self.values(x), failed[0])
            return np.full(self.points + len(self.priors), np.nan)
        rows = [
            self.whitened(number, predicted - self.data[number].measured(self.cell))
            for number, predicted in enumerate(predictions)
        ]
        rows.append(np.array([(x[k] - mean) / width for k, mean, width in self.priors]))
        return np.concatenate(rows)

    def both(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Residuals and their derivatives: differences of runs, exact slopes of spectra."""
        return self._differences(x, (1,))

    def slopes_either_way(self, x: np.ndarray) -> np.ndarray:
        """Slopes by differences either way on the finer mesh: what intervals are made of."""
        return self._differences(x, (1, -1), COARSE)[1]

    def slopes(self, x: np.ndarray) -> list[np.ndarray | None]:
        """Of each data set's residuals; none where it has no answer."""
        predicted = self._around(x, (1,))
        return [
            None
            if isinstance(predicted[0, 0, number], Unsolved)
            else self._of(predicted, number, x)
            for number in range(len(self.data))
        ]

    def _differences(
        self, x: np.ndarray, ways: Sequence[int], mesh: str | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        predicted = self._around(x, ways, mesh)
        r = self._row(x, [predicted[0, 0, number] for number in range(len(self.data))])
        J = np.zeros((len(r), len(x)))
        if np.isfinite(r).all():
            for number in range(len(self.data)):
                J[self.rows(number)] = self._of(predicted, number, x)
            for place, (k, _, width) in enumerate(self.priors):
                J[self.points + place, k] = 1 / width
        return r, J

    def _of(self, predicted: Mapping, number: int, x: np.ndarray) -> np.ndarray:
        """Slopes of a data set's residuals."""
        J = np.zeros((self.sizes[number], len(x)))
        for k in self._felt(number):
            J[:, k] = self._slope(predicted, k, number, x)
        return J

    def _felt(self, number: int) -> list[int]:
        return [k for k in range(len(self.free)) if self.touches(k, number)]

    def _steps(self, number: int) -> np.ndarray:
        run = isinstance(self.data[number], RunData)
        return self.step if run else np.full(len(self.free), SMALL_STEP)

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
            found = self.predictor.spectrum([x, *points.values()], number, carry=self.carry)
            if isinstance(found, Unsolved):
                predicted[0, 0, number] = found
                continue
            here, more = found
            predicted[0, 0, number] = here
            predicted |= {key: here + each for key, each in zip(points, more, strict=True)}
        runs = self.predictor.runs(list(asked.values()), mesh, self.carry)
        return predicted | dict(zip(asked, runs, strict=True))

    def _slope(self, predicted: Mapping, k: int, number: int, x: np.ndarray) -> np.ndarray:
        """Between what lies either way, or the point and what lies one way."""
        step = self._steps(number)[k]
        known = {
            way: predicted[way, k, number]
            for way in (1, -1)
            if not isinstance(predicted.get((way, k, number), Unsolved()), Unsolved)
        }
        if not known:  # the other way, then
            there = moved(x, k, -step)
            (found,) = self.predictor.runs([(there, number)], carry=self.carry)
            if isinstance(found, Unsolved):
                self.failures.add(self.values(there), found)
                return np.zeros(self.sizes[number])
            known[-1] = found
        if len(known) < 2:
            known[0] = predicted[0, 0, number]
        high, low = max(known), min(known)
        return self.whitened(number, (known[high] - known[low]) / ((high - low) * step))


def moved(x: np.ndarray, k: int, step: float) -> np.ndarray:
    """A point a step along one coordinate."""
    there = x.copy()
    there[k] += step
    return there
