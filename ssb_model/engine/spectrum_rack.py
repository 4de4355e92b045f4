"""Impedances of cells of one structure on one built model, every number that differs an input."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import casadi
import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.cell.identity import numbers
from ssb_model.engine.bench import INPUTS, simulation
from ssb_model.engine.linearised import Linearised
from ssb_model.engine.rack import STATE_OF_CHARGE
from ssb_model.engine.small_signal import OUTPUTS, checked_form, slopes
from ssb_model.errors import InputError
from ssb_model.numerics.scaled_mesh import scaled

SIZES = ("thickness [m]", "radius [m]")
ELECTRODES = ("cell", "positive", "negative")


class SpectrumRack:
    """A cell and others like it that differ in the numbers of the parameters ``differing``."""

    def __init__(self, cell: Cell, differing: Collection[str] = (), mesh: str = "graded"):
        self.cell = checked_form(cell, mesh)
        here = {name for name in STATE_OF_CHARGE if name in cell.entries}
        known = {*differing, *here} & set(numbers(cell))
        self.names = sorted(known - {*INPUTS, "Initial temperature [K]"})
        self.inputs = tuple(sorted({*self.names, *INPUTS}))
        model = self.cell.model()
        mesh_types = None
        if any(name.endswith(SIZES) for name in self.names):
            mesh_types = scaled(model.default_submesh_types)
        else:  # PyBaMM finds no place for a reference electrode on a mesh whose size is open
            model.insert_reference_electrode()
        self.electrodes = ELECTRODES[:1] if mesh_types else ELECTRODES
        built = simulation(self.cell, model, self.inputs, submesh_types=mesh_types)
        ones = dict.fromkeys(self.inputs, 1.0)
        built.build(inputs=ones)
        model = built.built_model
        built.solver.set_up(model, inputs=ones)
        p = casadi.MX.sym("p", len(self.inputs))
        by_name = dict(zip(self.inputs, casadi.vertsplit(p), strict=True))
        start = model.concatenated_initial_conditions.to_casadi(inputs=by_name)
        self._rest = casadi.Function("rest", [p], [start])
        self._slopes = slopes(model, self.inputs, OUTPUTS[: len(self.electrodes)])

    def at_rest(self, cell: Cell, stack_pressure: float, temperature: float) -> Linearised:
        """A cell at rest, ready for any frequency."""
        held = dict(zip(INPUTS, (0.0, stack_pressure, temperature), strict=True))
        held |= {name: float(cell.entries[name].value) for name in self.names}
        p = np.array([held[name] for name in self.inputs])
        return self._slopes.linearised(cell, 0.0, np.ravel(self._rest(p)), p)

    def impedance(
        self,
        cells: Sequence[Cell],
        held: tuple[float, float],
        frequencies: np.ndarray,
        electrode: str = "cell",
    ) -> tuple[np.ndarray, np.ndarray]:
        """Of the first cell [Ohm m2], and to first order what the others have more."""
        if electrode not in self.electrodes:
            raise InputError(
                f"the spectrum of the {electrode} electrode alone cannot be had while thicknesses "
                "or particle sizes are varied: take the whole cell's."
            )
        first, *others = (self.at_rest(cell, *held) for cell in cells)
        return first.beside(others, frequencies, self.electrodes.index(electrode))
