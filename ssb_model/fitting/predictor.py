"""What a cell gives for every data set, wherever its free parameters stand."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.cell.identity import structure
from ssb_model.engine.rack import Rack
from ssb_model.engine.spectrum_rack import SpectrumRack
from ssb_model.errors import InputError, SolidStateError
from ssb_model.fitting.data_set import DataSet, Run, RunData, Unsolved
from ssb_model.fitting.free import Free
from ssb_model.fitting.lockstep import together
from ssb_model.fitting.spectrum import parts
from ssb_model.fitting.voltage import CUT_OFFS
from ssb_model.studies.axes import Recipe, made
from ssb_model.studies.plan import differing
from ssb_model.system.signals import stop_is_heard

TOLERANCES = {"draft": 1e-5, "coarse": 1e-6, "fine": 1e-6}  # relative, of the solver on each mesh
PROBES = (0.35, -0.35)  # of the width between the bounds, either way of the start
CELLS_KEPT = 500
CHEAP, COARSE, GRADED = "draft", "coarse", "graded"  # meshes

Prediction = np.ndarray | Unsolved


class Predictor:
    """A cell, data sets and free parameters; points are in scaled coordinates.

    Runs are solved on a cheaper mesh than a rate test's, and carried to that one by what it gives
    more at one point; spectra likewise by a ratio. Taken anew where a search ends, this leaves
    nothing of the cheap mesh in what is found.
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
        self._racks: dict[tuple, Any] = {}
        self._carry: dict[int, np.ndarray] = {}
        self._differing = self._what_differs()

    def beside(self, data: Sequence[DataSet]) -> Predictor:
        """The same for other data sets, on the racks that stand already."""
        other = copy(self)
        other.data, other._carry = tuple(data), {}
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
            own = {
                one.axis: one.value(at)
                for one, at in zip(self.free, x, strict=True)
                if one.sample is None or one.sample == data.sample
            }
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

    def _rack(self, data: DataSet, mesh: str):
        key = (tuple(sorted(data.options.items())), isinstance(data, RunData), mesh)
        if key not in self._racks:
            cell = self.cell_at(self.start, data)
            if isinstance(data, RunData):
                cell = cell.at_soc(0.5).on_mesh(mesh)
                rack = Rack(cell, self._differing, self.threads, tolerance=TOLERANCES[mesh])
            else:
                rack = SpectrumRack(data.resting(cell), self._differing, mesh)
            self._racks[key] = rack
        return self._racks[key]

    def runs(
        self, asked: Sequence[tuple[np.ndarray, int]], mesh: str | None = None
    ) -> list[Prediction]:
        """Predictions of data sets that are runs, side by side; (point, number) each."""
        ends: list[Prediction | None] = [None] * len(asked)
        begun: dict[Rack, list[tuple[int, Run]]] = {}
        for place, (x, number) in enumerate(asked):
            data = self.data[number]
            rack = self._rack(data, mesh or CHEAP)
            try:
                runs = data.runs(rack, self.cell_at(x, data))
            except SolidStateError as error:
                ends[place] = Unsolved(f"{data.name}: {error}")
            else:
                begun.setdefault(rack, []).extend((place, run) for run in runs)
        for rack, pairs in begun.items():
            pieces: dict[int, list[Prediction]] = {}
            for (place, _), piece in zip(
                pairs, together(rack, [run for _, run in pairs]), strict=True
            ):
                pieces.setdefault(place, []).append(piece)
            for place, mine in pieces.items():
                failed = [piece for piece in mine if isinstance(piece, Unsolved)]
                ends[place] = failed[0] if failed else np.concatenate(mine)
        for place, (x, number) in enumerate(asked):
            if not isinstance(ends[place], Unsolved):
                ends[place] = ends[place] * self._unit(x, number)
                if mesh is None:
                    ends[place] = ends[place] + self._carry.get(number, 0.0)
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

    @stop_is_heard()
    def spectrum(
        self, points: Sequence[np.ndarray], number: int, mesh: str | None = None
    ) -> tuple[np.ndarray, np.ndarray] | Unsolved:
        """Impedance at the first point, and to first order what the others have more."""
        data = self.data[number]
        try:
            cells = [data.resting(self.cell_at(x, data)) for x in points]
            rack = self._rack(data, mesh or COARSE)
            held = data.held(cells[0])
            Z, more = rack.impedance(cells, held, data.frequency, data.electrode)
        except (SolidStateError, RuntimeError) as error:
            return Unsolved(f"{data.name}: {error}")
        if not np.isfinite(Z).all():
            return Unsolved(f"{data.name}: the impedance is not finite")
        carry = 1.0 if mesh else self._carry.get(number, 1.0)
        units = np.array([self._unit(x, number) for x in points])
        whole = Z + more
        return carry * units[0] * Z, carry * (units[1:, None] * whole - units[0] * Z)

    def renew(self, x: np.ndarray) -> None:
        """Take anew what the finer meshes say more, at a point."""
        self._carry = {}
        runs = [k for k, data in enumerate(self.data) if isinstance(data, RunData)]
        asked = [(x, number) for number in runs]
        both = [self.runs(asked, mesh) for mesh in (COARSE, CHEAP)]
        for number, fine, cheap in zip(runs, *both, strict=True):
            if not isinstance(fine, Unsolved) and not isinstance(cheap, Unsolved):
                self._carry[number] = fine - cheap
        for number in set(range(len(self.data))) - set(runs):
            fine, cheap = (self.spectrum([x], number, mesh) for mesh in (GRADED, COARSE))
            if not isinstance(fine, Unsolved) and not isinstance(cheap, Unsolved):
                self._carry[number] = fine[0] / cheap[0]

    def predictions(self, points: Sequence[np.ndarray]) -> list[list[Prediction]]:
        """Of every data set at every point."""
        asked = [
            (x, number)
            for x in points
            for number, data in enumerate(self.data)
            if isinstance(data, RunData)
        ]
        runs = iter(self.runs(asked))
        told = []
        for x in points:
            row: list[Prediction] = []
            for number, data in enumerate(self.data):
                if isinstance(data, RunData):
                    row.append(next(runs))
                else:
                    found = self.spectrum([x], number)
                    row.append(found if isinstance(found, Unsolved) else parts(found[0]))
            told.append(row)
        return told
