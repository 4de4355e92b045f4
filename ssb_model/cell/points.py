"""How many points a cell asks for: of its numbers, a current and a temperature."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pybamm

from ssb_model.cell.numbers import CellNumbers
from ssb_model.laws.interface import FARADAY, GAS_CONSTANT
from ssb_model.models.defaults import AS_ASKED, MESHES
from ssb_model.numerics.resolution import error_at_surface
from ssb_model.submodels.blend import in_classes

Cell = TypeVar("Cell", bound=CellNumbers)
WITHIN = 0.5e-3  # V that a particle's polynomial may leave out
SOON = 1.0  # s after a current began, from when on that holds
FEWEST, MOST = {"x_n": 6, "x_p": 6, "r_n": 6, "r_p": 8, "depth": 6}, MESHES["fine"]
OF_A_FRONT = 3.5  # nodes more where a layer's potential falls by as much as its hosts' changes
LEAST_MOVED = 1e-9  # V, of the open-circuit potential over the window; it may be flat
FLAT = 0.25  # of the lithium contents have a flatter potential than a front is reckoned with
PLACES = 17  # lithium contents at which an electrode is asked
INSIDE = 0.01  # of the window, left out at either end
KNOWN = ("composite", "layer", "foil")  # negative electrodes


def with_points(cell: CellNumbers, choices: dict[str, Any]) -> dict[str, Any]:
    """Choices of a model with the points its cell asks for at 1C, where none are chosen."""
    if choices.get("mesh", AS_ASKED) != AS_ASKED:
        return choices
    return {**choices, "mesh": mesh_for(cell)}


def on_points(cell: Cell, c_rate: float, temperature: float) -> Cell:
    """A cell on as many as it asks for, unless it has run or a mesh was chosen."""
    if cell.state is not None or cell.options.get("mesh", AS_ASKED) != AS_ASKED:
        return cell
    return cell.with_options({"mesh": mesh_for(cell, c_rate, temperature)})


def mesh_for(cell: CellNumbers, c_rate: float = 1.0, temperature: float | None = None) -> str:
    """The option `mesh` of a cell at a current and a temperature [K], "12 8 6 10".

    ``medium`` for what is not foreseen: several sizes or kinds of particles, symmetric cells.
    """
    options, kind = cell.model_options, cell.model_options["negative electrode"]
    alike = not any(in_classes(side, options) for side in options.porous)
    sizes = all(getattr(options, side)["particle size"] == "single" for side in options.porous)
    if cell.window is None or kind not in KNOWN or not (alike and sizes):
        return "medium"
    if temperature is None:
        temperature = cell.evaluate("Ambient temperature [K]")
    found = dict(FEWEST)
    for side in ("negative", "positive")[kind == "foil" :]:
        one = Electrode(cell, side, c_rate * cell.design.one_c, temperature)
        if one.porous:
            found[f"x_{side[0]}"] = one.layer_points
        found["depth" if not one.porous else f"r_{side[0]}"] = one.particle_points
    if kind == "layer":
        found["r_n"] = found["depth"]
    return " ".join(str(found[name]) for name in ("x_n", "x_p", "r_n", "r_p"))


@dataclass(frozen=True)
class Electrode:
    """One of a cell at a current [A m-2] and a temperature [K]."""

    cell: CellNumbers
    side: str
    current: float
    temperature: float

    @property
    def porous(self) -> bool:
        return self.side in self.cell.model_options.porous

    @property
    def Side(self) -> str:
        return self.side.capitalize()

    @property
    def contents(self) -> np.ndarray:
        """Lithium contents from one end of the window to the other."""
        ends = [getattr(self.cell.window, f"{self.side}_{end}") for end in ("empty", "full")]
        return np.interp(np.linspace(INSIDE, 1 - INSIDE, PLACES), (0, 1), sorted(ends))

    def of(self, name: str) -> float:
        return self.cell.evaluate(f"{self.Side} {name}")

    @property
    def most(self) -> float:
        """Lithium that its hosts can hold [mol m-3]."""
        return self.cell.evaluate(f"Maximum concentration in {self.side} electrode [mol.m-3]")

    @property
    def salt(self) -> pybamm.Symbol:
        return pybamm.Scalar(self.cell.evaluate("Initial concentration in electrolyte [mol.m-3]"))

    @property
    def at(self) -> tuple[pybamm.Symbol, pybamm.Symbol]:
        """Lithium contents and temperature."""
        return pybamm.Vector(self.contents), pybamm.Scalar(self.temperature)

    def function(self, name: str, *inputs) -> np.ndarray:
        """A function of the cell's, at the lithium contents or at one instant."""
        symbol = pybamm.FunctionParameter(name, {str(k): each for k, each in enumerate(inputs)})
        return np.ravel(self.cell.parameter_values.process_symbol(symbol).evaluate())

    @property
    def slopes(self) -> np.ndarray:
        """Of the potential against lithium content, the steeper branch's, without sign [V]."""
        names = [f"{self.Side} electrode {way}OCP [V]" for way in ("", "delithiation ")]
        step = 1e-3 * np.ptp(self.contents)
        found = [
            np.subtract(
                *(self.function(name, pybamm.Vector(self.contents + way * step)) for way in (1, -1))
            )
            for name in names
            if name in self.cell.entries
        ]
        return np.abs(found).max(axis=0) / (2 * step)

    @property
    def particle_points(self) -> int:
        """The fewest nodes with which the surface is as it should be, soon after any step.

        A flux that begins is what asks most. At the middle one of the lithium contents.
        """
        length, flux = self.of("electrode thickness [m]"), self.current
        if self.porous:
            length, flux = self.of("particle radius [m]"), self.flux * self.crowding
        diffusivity = self.function(f"{self.Side} particle diffusivity [m2.s-1]", *self.at)
        volts = flux * length / (FARADAY * diffusivity * self.most) * self.slopes
        shares = SOON * diffusivity / length**2 * np.ones(PLACES)
        name, kind = ("depth", "sealed")
        if self.porous:
            name, kind = f"r_{self.side[0]}", "spherical polar"

        def left_out(count: int) -> float:
            each = [error_at_surface(count, kind, share) for share in shares]
            return float(np.median(volts * each))

        counts = range(FEWEST[name], MOST[name])
        return next((count for count in counts if left_out(count) < WITHIN), MOST[name])

    @property
    def layer_points(self) -> int:
        """More where the layer's potential falls by what moves the lithium of its hosts much.

        The reaction is then a front that goes through the layer, not alike everywhere.
        """
        name, flat = f"x_{self.side[0]}", float(np.quantile(self.slopes, FLAT))
        moved = max(flat * float(np.ptp(self.contents)), LEAST_MOVED)
        more = OF_A_FRONT * math.sqrt(self.drop / moved)
        return FEWEST[name] + math.ceil(min(more, MOST[name] - FEWEST[name]))

    @cached_property
    def drop(self) -> float:
        """Of the potential through the layer, were all current to go through all of it [V]."""
        name = f"{self.Side} electrode electrolyte conductivity [S.m-1]"
        name = name if name in self.cell.entries else "Electrolyte conductivity [S.m-1]"
        ionic = float(self.function(name, self.salt, self.at[1])[0])
        exponent = self.of("electrode Bruggeman coefficient (electrolyte)")
        resistivity = 1 / (ionic * self.of("electrode porosity") ** exponent)
        if f"{self.Side} electrode effective conductivity [S.m-1]" in self.cell.entries:
            resistivity += 1 / self.of("electrode effective conductivity [S.m-1]")
        return self.current * self.of("electrode thickness [m]") * resistivity

    @property
    def flux(self) -> float:
        """Current through the surface of the particles, were it alike everywhere [A m-2]."""
        share = self.of("electrode active material volume fraction")
        return (
            self.current
            * self.of("particle radius [m]")
            / (3 * share * self.of("electrode thickness [m]"))
        )

    @property
    def crowding(self) -> float:
        """How many times that it is where the reaction is fastest, about.

        Half of the two limits by which it reaches into a layer: slow and fast reactions.
        """
        name = f"{self.Side} electrode exchange-current density [A.m-2]"
        most = pybamm.Scalar(self.most)
        exchanged = self.function(name, self.salt, self.at[0] * most, most, self.at[1])
        thermal = GAS_CONSTANT * self.temperature / FARADAY
        exchanged = float(np.median(exchanged)) * self.cell.contact_fraction(self.Side)
        slow = math.sqrt(self.drop * exchanged / (self.flux * thermal))
        return 1 + min(slow, self.drop / (2 * thermal)) / 2
