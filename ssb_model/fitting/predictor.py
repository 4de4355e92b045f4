"""What a cell gives for every data set, wherever its free parameters stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.cell.saving import structure
from ssb_model.engine.engine import Engine, side_by_side
from ssb_model.engine.small_signal import SmallSignal
from ssb_model.errors import InputError, SolidStateError
from ssb_model.experiments.experiment import Held, Unsolved, together
from ssb_model.fitting.data.data_set import DataSet, Run, RunData
from ssb_model.fitting.data.spectrum import parts
from ssb_model.fitting.data.voltage import CUT_OFFS
from ssb_model.fitting.free import Free, values_of
from ssb_model.studies.axes import Recipe, made
from ssb_model.studies.plan import differing
from ssb_model.system.signals import stop_is_heard

TOLERANCES = {"draft": 1e-5, "coarse": 1e-6, "fine": 1e-6}  # relative, of the solver on each mesh
PROBES = (0.35, -0.35)  # of the width between the bounds, either way of the start
CELLS_KEPT = 500
CHEAP, COARSE, GRADED = "draft", "coarse", "graded"  # meshes

Prediction = np.ndarray | Unsolved
Carry = Mapping[int, np.ndarray]  # by data set: what is added to a run, times a spectrum


class Predictor:
    """A cell, data sets and free parameters; points are in scaled coordinates.

    Runs are solved on a cheaper mesh than a rate test's, and carried to that one by what it gives
    more at one point; spectra likewise by a ratio. Taken anew where a search ends, this leaves
    nothing of the cheap mesh in what is found. Cells and engines once made are kept.
    """

    def __init__(
        self, cell: Cell, data: Sequence[DataSet], free: Sequence[Free], threads: int | None = None
    ):
        self.cell, self.data, self.free = cell, tuple(data), tuple(free)
        self.threads = threads
        self.start = np.array([one.scaled(one.start) for one in free])
        self.lower = np.array([one.scaled(one.low) for one in free])
        self.upper = np.array([one.scaled(one.high) for one in free])
        self._bases: dict[tuple, Cell] = {}
        self._cells: dict[tuple, Cell] = {}
        self._engines: dict[tuple, Any] = {}
        self._differing = self._what_differs()

    def beside(self, data: Sequence[DataSet]) -> Predictor:
        """The same for other data sets, on the engines that stand already."""
        other = copy(self)
        other.data = tuple(data)
        return other

    def cell_at(self, x: np.ndarray, data: DataSet) -> Cell:
        """The cell of a data set, its free parameters set."""
        key = (tuple(sorted(data.options.items())), data.sample)
        whole = (*key, x.tobytes())
        if whole not in self._cells:
            if len(self._cells) > CELLS_KEPT:
                self._cells.clear()
            if key[0] not in self._bases:
                kept = {n: c for n, c in data.options.items() if n not in self.cell.options}
                self._bases[key[0]] = self.cell.with_options(kept)
            own = values_of(self.free, x, data.sample)
            self._cells[whole] = made(self._bases[key[0]], own)
        return self._cells[whole]

    def _what_differs(self) -> tuple[str, ...]:
        """Parameters that are another number wherever a free one is."""
        names: set[str] = set(CUT_OFFS)
        for data in self.data:
            here = self.cell_at(self.start, data)
            for k, one in enumerate(self.free):
                for probe in PROBES:
                    x = self.start.copy()
                    x[k] += probe * (self.upper[k] - self.lower[k])
                    x = np.clip(x, self.lower, self.upper)
                    try:
                        there = self.cell_at(x, data)
                    except SolidStateError:
                        continue
                    if structure(there) != structure(here):
                        raise InputError(
                            f"'{one.name}' changes a function of the model, not only its numbers: "
                            "it cannot be varied; fit with a few fixed values of it instead."
                        )
                    names |= set(differing(here, [there]))
        return tuple(sorted(names))

    def _engine(self, data: DataSet, mesh: str):
        key = (tuple(sorted(data.options.items())), isinstance(data, RunData), mesh)
        if key not in self._engines:
            cell = self.cell_at(self.start, data)
            if isinstance(data, RunData):
                cell = cell.at_soc(0.5).on_mesh(mesh)
                how = {"threads": self.threads, "tolerance": TOLERANCES[mesh]}
                engine = side_by_side(cell, self._differing, **how)
            else:
                own = None if "mesh" in cell.options else mesh  # one that was chosen stays
                engine = SmallSignal(data.resting(cell), self._differing, own)
            self._engines[key] = engine
        return self._engines[key]

    def runs(
        self,
        asked: Sequence[tuple[np.ndarray, int]],
        mesh: str | None = None,
        carry: Carry | None = None,
    ) -> list[Prediction]:
        """Predictions of data sets that are runs, side by side; (point, number) each.

        On the cheap mesh and carried from there, or on the ``mesh`` given.
        """
        ends: list[Prediction | None] = [None] * len(asked)
        begun: dict[Engine, list[tuple[int, Run]]] = {}
        for place, (x, number) in enumerate(asked):
            data = self.data[number]
            engine = self._engine(data, mesh or CHEAP)
            try:
                runs = data.runs(engine, self.cell_at(x, data))
            except SolidStateError as error:
                ends[place] = Unsolved(f"{data.name}: {error}")
            else:
                begun.setdefault(engine, []).extend((place, run) for run in runs)
        for engine, pairs in begun.items():
            pieces: dict[int, list[Prediction]] = {}
            told = together(engine, [run for _, run in pairs])
            for (place, _), piece in zip(pairs, told, strict=True):
                pieces.setdefault(place, []).append(piece)
            for place, mine in pieces.items():
                failed = [piece for piece in mine if isinstance(piece, Unsolved)]
                ends[place] = failed[0] if failed else np.concatenate(mine)
        for place, (x, number) in enumerate(asked):
            if not isinstance(ends[place], Unsolved):
                ends[place] = ends[place] * self._unit(x, number)
                if mesh is None:
                    ends[place] = ends[place] + (carry or {}).get(number, 0.0)
        return ends

    def _unit(self, x: np.ndarray, number: int) -> float:
        """What one of a data set's unit is where the recipe varies, in that of the cell given.

        Numbers per gram or per area come of the mass and area of the cell at the point.
        """
        if not any(isinstance(one.axis, Recipe) for one in self.free):
            return 1.0
        data = self.data[number]
        here, there = (data.measured(cell) for cell in (self.cell, self.cell_at(x, data)))
        ratio = here[there != 0] / there[there != 0]
        return float(np.median(ratio)) if ratio.size else 1.0

    def spectrum(
        self, points: Sequence[np.ndarray], number: int, carry: Carry | None = None
    ) -> tuple[np.ndarray, np.ndarray] | Unsolved:
        """Parts of the impedance at the first point, and to first order what others have more."""
        ratio = (carry or {}).get(number, 1.0)
        found = self._impedance(points, number, COARSE)
        if isinstance(found, Unsolved):
            return found
        return tuple(parts(ratio * each) for each in found)

    @stop_is_heard()
    def _impedance(
        self, points: Sequence[np.ndarray], number: int, mesh: str
    ) -> tuple[np.ndarray, np.ndarray] | Unsolved:
        data = self.data[number]
        try:
            cells = [data.resting(self.cell_at(x, data)) for x in points]
            steps = [Held(cell, *data.held(cells[0])).step() for cell in cells]
            small = self._engine(data, mesh)
            Z, more = small.impedance(steps, data.frequency, data.electrode)
        except (SolidStateError, RuntimeError) as error:
            return Unsolved(f"{data.name}: {error}")
        if not np.isfinite(Z).all():
            return Unsolved(f"{data.name}: the impedance is not finite")
        units = np.array([self._unit(x, number) for x in points])
        whole = Z + more
        return units[0] * Z, units[1:, None] * whole - units[0] * Z

    def carry(self, x: np.ndarray) -> Carry:
        """What the finer meshes say more at a point."""
        carry = {}
        runs = [k for k, data in enumerate(self.data) if isinstance(data, RunData)]
        asked = [(x, number) for number in runs]
        both = [self.runs(asked, mesh) for mesh in (COARSE, CHEAP)]
        for number, fine, cheap in zip(runs, *both, strict=True):
            if not isinstance(fine, Unsolved) and not isinstance(cheap, Unsolved):
                carry[number] = fine - cheap
        for number in set(range(len(self.data))) - set(runs):
            fine, cheap = (self._impedance([x], number, mesh) for mesh in (GRADED, COARSE))
            if not isinstance(fine, Unsolved) and not isinstance(cheap, Unsolved):
                carry[number] = fine[0] / cheap[0]
        return carry

    def predictions(
        self, points: Sequence[np.ndarray], carry: Carry | None = None
    ) -> list[list[Prediction]]:
        """Of every data set at every point."""
        asked = [
            (x, number)
            for x in points
            for number, data in enumerate(self.data)
            if isinstance(data, RunData)
        ]
        runs = iter(self.runs(asked, carry=carry))
        told = []
        for x in points:
            row: list[Prediction] = []
            for number, data in enumerate(self.data):
                if isinstance(data, RunData):
                    row.append(next(runs))
                else:
                    found = self.spectrum([x], number, carry)
                    row.append(found if isinstance(found, Unsolved) else found[0])
            told.append(row)
        return told
