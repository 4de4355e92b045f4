"""How a cell grows over formation and cycles, free of load: what a holder has to answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.cell.pristine import CHANGING
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import Segment
from ssb_model.engine.reading import read_along
from ssb_model.errors import InputError
from ssb_model.experiments.experiment import Held, cycles, first_cycle, result, stages
from ssb_model.laws import holder
from ssb_model.laws.interface import FARADAY
from ssb_model.models.options import SIDES
from ssb_model.quantities.units import convert
from ssb_model.submodels.stack import LAYERS
from ssb_model.system.progress import progress
from ssb_model.system.signals import BY_HAND

FREE = {side: f"{side.capitalize()} electrode free thickness change [m]" for side in SIDES}
STEPS = np.linspace(-0.1, 1.1, 61)  # lithium contents a volume is read at
CHARGE = "Discharge capacity [A.h]"


@dataclass(frozen=True)
class Growth:
    """Free of load, what each electrode has grown since pristine [m], over time [s].

    ``cycle`` is the number of the cycle of each instant, ``passed`` the charge since the start,
    positive while charging [C m-2].
    """

    time: np.ndarray
    cycle: np.ndarray
    passed: np.ndarray
    negative: np.ndarray
    positive: np.ndarray

    def felt(self, porous: tuple[str, ...], share: float) -> np.ndarray:
        """What the stack has grown since the start; composites may shrink without it."""
        whole = sum(
            holder.felt(getattr(self, side), share) if side in porous else getattr(self, side)
            for side in SIDES
        )
        return whole - whole[0]


def compliance(cell: Cell) -> float:
    """How much the layers of a cell give way, the sum of L/E [m Pa-1]."""
    return sum(
        cell.evaluate(f"{layer} thickness [m]") / cell.evaluate(f"{layer} Young's modulus [Pa]")
        for layer in LAYERS
    )


def grown(cell: Cell, c_rate: float, count: int, held: tuple[float, float]) -> tuple[Growth, str]:
    """The first charge and discharge of a cell and the cycles after, ageing as declared.

    It runs under the constant pressure it is held at: what a holder adds to that hardly changes
    how far it breathes. Says what ended it early.
    """
    cell = cell.with_options({"stack": "isostatic"}).that_ages().on_mesh("draft")
    engine = Engine(cell.at_soc(0), differing=CHANGING)
    on = Held(cell, *held)
    both = result(engine, first_cycle(on, c_rate))
    if both.before is None or both.run is None or both.run.solution is None:
        raise InputError(
            "the cell gives no first cycle at this rate, so that nothing breathes: take a lower "
            "C-rate or a higher pressure."
        )
    parts = [_read(1, part, cell) for part in (both.before, both.run)]
    stopped = ""
    later = cycles(on, count - 1, c_rate, start=both.state, first=2)
    try:
        for cycle in progress(stages(engine, later), count - 1, "cycling"):
            if cycle.failed:
                stopped = f"cycle {cycle.number}: {cycle.failed}"
                break
            parts += [_read(cycle.number, part, cell) for part in (cycle.charge, cycle.discharge)]
    except KeyboardInterrupt:
        stopped = BY_HAND
    return _joined(parts), stopped


def grown_by_charge(cell: Cell, time: np.ndarray, passed: np.ndarray, cycle: np.ndarray) -> Growth:
    """The same of a charge passed since the cell was at rest at 0 % [C m-2], as a record has it."""
    at_rest = dict(zip(SIDES, cell.window.at(0.0), strict=True))
    changes = []
    for side, sign in zip(SIDES, (1, -1), strict=True):
        electrode = f"{side.capitalize()} electrode"
        solid = cell.evaluate(f"{electrode} active material volume fraction")
        solid *= cell.evaluate(f"{electrode} thickness [m]")
        share = (
            solid
            if side in cell.model_options.porous
            else cell.evaluate(f"{electrode} thickness [m]")
        )
        room = (
            FARADAY * share * cell.evaluate(f"Maximum concentration in {side} electrode [mol.m-3]")
        )
        sto = at_rest[side] + sign * passed / room
        changes.append(solid * np.interp(sto, STEPS, cell.volume_strains(side, STEPS)))
    return Growth(time, cycle, passed, *changes)


def _read(number: int, segment: Segment, cell: Cell) -> Growth:
    """One segment, from its own start."""
    read = read_along(segment.solution, (CHARGE, *FREE.values()))
    time = np.asarray(segment.solution.t, float)
    passed = convert(read[CHARGE], "A.h", "C") / cell.design.area
    sides = (np.broadcast_to(read[name], time.shape) for name in FREE.values())
    return Growth(time - time[0], np.full(time.shape, number), passed[0] - passed, *sides)


def _joined(parts: list[Growth]) -> Growth:
    """Segments one after the other; time and charge go on from one to the next."""
    time, passed, found = 0.0, 0.0, []
    for part in parts:
        found.append(
            Growth(part.time + time, part.cycle, part.passed + passed, part.negative, part.positive)
        )
        time, passed = found[-1].time[-1], found[-1].passed[-1]
    columns = zip(
        *((p.time, p.cycle, p.passed, p.negative, p.positive) for p in found), strict=True
    )
    return Growth(*map(np.concatenate, columns))
