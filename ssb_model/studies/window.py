"""How much stack pressure lithium stands: what a cell's files say of its creep, and draws of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.laws import creep
from ssb_model.parameters.declared import uncertain
from ssb_model.parameters.section import CellFile
from ssb_model.studies.draws import draws_of

CONSTANTS = {  # of the law, by what files call them
    "self_diffusivity": "Self-diffusivity [m2.s-1]",
    "self_diffusion_energy": "Self-diffusion activation energy [J.mol-1]",
    "length": "Creep length [m]",
    "power_velocity": "Power-law creep velocity [m.s-1]",
    "power_exponent": "Power-law creep exponent",
    "power_energy": "Power-law creep activation energy [J.mol-1]",
    "yield_stress": "Yield stress [Pa]",
}
CLOSED, REFERENCE = "Closed porosity", "Creep reference porosity"
POROSITY, CONCENTRATION = "Porosity", "Maximum concentration [mol.m-3]"
DRAWS = 1000  # of the creep alone: no cell is run for them
SHARES = (0.05, 0.95)


class Creeping(NamedTuple):
    """A metal that creeps, and the porosities that tell how open a separator is to it."""

    metal: creep.Creep
    closed: float
    reference: float


def creep_of(file: CellFile) -> Creeping | None:
    """What the negative electrode's material says of its creep; none where it says nothing."""
    section = file.negative
    if not all(name in section for name in (*CONSTANTS.values(), CLOSED, REFERENCE)):
        return None
    constants = {field: section[name] for field, name in CONSTANTS.items()}
    metal = creep.Creep(**constants, molar_volume=1 / section[CONCENTRATION])
    return Creeping(metal, section[CLOSED], section[REFERENCE])


@dataclass(frozen=True)
class Lithium:
    """Lithium metal behind a separator, at one temperature; numbers may be arrays of draws."""

    creeping: Creeping
    thickness: Any  # m
    porosity: Any
    temperature: float
    drawn: Lithium | None = None

    @classmethod
    def of(cls, cell: Cell, temperature: float, seed: int = 0) -> Lithium | None:
        """The lithium of a cell and draws of what its files are not sure of; none without."""
        found = creep_of(cell.design.file)
        if found is None:
            return None
        thickness = cell.evaluate("Separator thickness [m]")
        porosity = cell.evaluate("Separator void fraction")
        nominal = cls(found, thickness, porosity, temperature)
        return replace(nominal, drawn=nominal._drawn(cell, seed))

    def _drawn(self, cell: Cell, seed: int) -> Lithium:
        known = {
            key: name
            for name in uncertain(cell.design.file)
            for owner, _, key in [name.partition(": ")]
            if key in (*CONSTANTS.values(), CLOSED, REFERENCE)
            or (owner, key) == ("separator", POROSITY)
        }
        drawn = draws_of(cell, DRAWS, seed, known.values()) if known else {}
        values = {key: np.array(drawn[name]) for key, name in known.items()}
        constants = {one: values[key] for one, key in CONSTANTS.items() if key in values}
        creeping = Creeping(
            self.creeping.metal._replace(**constants),
            values.get(CLOSED, self.creeping.closed),
            values.get(REFERENCE, self.creeping.reference),
        )
        porosity = values.get(POROSITY, self.porosity)
        thickness = self.thickness * (1 - self.porosity) / (1 - porosity)
        return Lithium(creeping, thickness, porosity, self.temperature)

    @property
    def opened(self):
        """How readily the separator's pores let lithium through."""
        _, closed, reference = self.creeping
        return creep.openness(self.porosity, closed, reference)

    def time_to_short(self, pressure):
        """[s] under a stack pressure [Pa]."""
        metal = self.creeping.metal
        return creep.time_to_short(pressure, self.temperature, self.thickness, self.opened, metal)

    def greatest(self, time: float):
        """The pressure under which lithium takes that time [s] to cross [Pa]."""
        metal = self.creeping.metal
        return creep.greatest_pressure(time, self.temperature, self.thickness, self.opened, metal)

    def least(self, current_density: float):
        """The pressure from which stripping at a current density [A m-2] leaves no voids [Pa]."""
        return creep.least_pressure(current_density, self.temperature, self.creeping.metal)

    def stripping_limit(self, pressure):
        """The current density [A m-2] that creep refills under a pressure [Pa]."""
        return creep.stripping_limit(pressure, self.temperature, self.creeping.metal)

    def interval(self, name: str, *arguments: Any) -> tuple[float, float]:
        """5 and 95 % of the draws of what one of the functions above gives."""
        values = getattr(self.drawn, name)(*arguments)
        low, high = np.quantile(values, SHARES, method="inverted_cdf")
        return float(low), float(high)
