"""A cell as it was put together, before its first charge, and what becomes of it after that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pybamm

from ssb_model.cell.cell import SET, Cell
from ssb_model.cell.numbers import State, StateVector, instant
from ssb_model.errors import InputError
from ssb_model.laws import blend
from ssb_model.parameters.blend import POTENTIAL
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.potentials import as_numbers, potential
from ssb_model.submodels.blend import KINDS

LIMIT = "Positive electrode refill limit stoichiometry"
SECOND_LIMIT = "Positive second host refill limit stoichiometry"  # of a blend
ROOM = "Maximum concentration in negative electrode [mol.m-3]"
START = "Initial concentration in {} electrode [mol.m-3]"
ABOVE = "Positive {} host stoichiometry above rest"
LOWEST = "Lower voltage cut-off [V]"
BRANCH = "Initial negative hysteresis state"
AS_MADE = f"{SET} as it was put together"
NO_LIMIT = 3.0  # lithium per site that no host comes near
BELOW_ANY = -10.0  # V; a cell that was never charged may have none at all
SHORT = 1e-3  # of its lithium that a full host is taken to miss: where none is missing none leaves
STARTS = START.format("negative"), START.format("positive")
CHANGING = (LIMIT, SECOND_LIMIT, ROOM, *STARTS, LOWEST, BRANCH, *map(ABOVE.format, KINDS))
POINTS = 2001  # of a curve, to find how full a kind is at a potential


def pristine(cell: Cell) -> Cell:
    """The cell before its first charge: hosts as they were synthesised.

    The positive host is full and knows no limit of what it takes back. Of what arrives in the
    negative one the share that its first cycle loses counts as room it does not fill, so that
    the host is as full, at any charge, as what stays in it makes it.
    """
    if cell.state is not None:
        raise InputError("a cell that has run has had its first charge: take a fresh one.")
    if cell.window is None:
        raise InputError("a symmetric cell has no first charge.")
    negative = cell.design.negative.section
    full, above = _as_synthesised(cell)
    begun, room = negative["Pristine stoichiometry"], cell.entries[ROOM].value / _kept(cell)
    host = cell.entries["Maximum concentration in positive electrode [mol.m-3]"].value
    new = {
        LIMIT: NO_LIMIT,
        ROOM: room,
        START.format("negative"): max(begun, SHORT) * room,
        START.format("positive"): full * host,
        LOWEST: BELOW_ANY,
    }
    if SECOND_LIMIT in cell.entries:
        new |= {SECOND_LIMIT: NO_LIMIT, **above}
    if BRANCH in cell.entries:
        new[BRANCH] = -1.0  # lithium goes in
    entries = {name: Entry(name, value, "setting", AS_MADE) for name, value in new.items()}
    window = replace(cell.window, positive_empty=full, negative_empty=begun)
    return replace(cell, entries={**cell.entries, **entries}, window=window)


def _as_synthesised(cell: Cell) -> tuple[float, dict[str, float]]:
    """How full the positive host is, and of a blend how much more of it each kind holds than when
    it was charged before: both rest at one potential, at which the fuller one is full.

    A kind that is lower there misses what it would hold at a lower potential still.
    """
    positive = cell.design.positive
    full = min(positive.section["Pristine stoichiometry"], 1 - SHORT)
    if not positive.kinds:
        return full, {}
    x = np.linspace(0, 1, POINTS)[1:] * full
    curves = [
        np.array([as_numbers(potential(kind.section.entry(POTENTIAL)))(one) for one in x])
        for kind in positive.kinds
    ]
    at_rest = max(curve[-1] for curve in curves)
    each = [float(np.interp(-at_rest, -np.minimum.accumulate(curve), x)) for curve in curves]
    mean = blend.mean([kind.capacity for kind in positive.kinds], each)
    functions = [
        cell.entries[f"Positive {kind} host stoichiometry at rest"].value for kind in KINDS
    ]
    charged = [float(np.ravel(one(pybamm.Scalar(mean)).evaluate())[0]) for one in functions]
    names = map(ABOVE.format, KINDS)
    return mean, {n: one - held for n, one, held in zip(names, each, charged, strict=True)}


def _kept(cell: Cell) -> float:
    """Share of what arrives in the negative electrode that its first cycle leaves there."""
    return 1 - cell.design.negative.section["First-cycle loss"]


def after_first_charge(cell: Cell, state: State) -> State:
    """The same instant of the cell as it is from then on: its limit of refilling, its own room.

    Both hosts are as full as they were; what was lost is no lithium of the cell's any more.
    """
    model, before = state.solution.all_models[-1], state.inputs
    now = {**before, **{name: float(cell.entries[name].value) for name in before.keys() & CHANGING}}
    y = np.array(state.solution.y[:, -1])
    old, new = StateVector(model, y.copy(), before), StateVector(model, y.copy(), now)
    for name in old.names:
        value = old[name]
        if "negative" in name.lower() and "concentration" in name:
            value = value * _kept(cell)
        new[name] = value
    inputs = {name: np.array([value]) for name, value in now.items()}
    return State(instant(float(state.solution.t[-1]), new.y, model, inputs), state.engine)
