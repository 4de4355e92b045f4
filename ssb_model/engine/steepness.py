"""Whether a capacity hangs so steeply on the rate that one close by gives quite another."""

from __future__ import annotations

import numpy as np

from ssb_model.engine.outcome import STEEP, Segment, StoppedBy
from ssb_model.engine.reading import CAPACITY, HELD_VOLTAGE, read_last
from ssb_model.laws.open_circuit import charge_per_rate

TOO_STEEP = 2.5  # per cent of capacity per per cent of rate
AT_REST = "Bulk open-circuit voltage [V]"
LARGEST = 2.5  # V; no run of a cell ends further from equilibrium
MOST = 99.0  # per cent said; beyond, nothing is left to lose
BACK = 0.03  # of the charge of a run, over which its slope at the end is taken
CUT_OFFS = (StoppedBy.LOWER_CUTOFF, StoppedBy.UPPER_CUTOFF)


def said_if_steep(run: Segment, before: Segment | None = None) -> str:
    """Words where a rate 1 % apart gives quite another charge, or nothing.

    Nothing is solved: what a run gives ends where it meets its cut-off, and begins where the one
    before it met its own, with a current that is 1 % more as well.
    """
    passed = 0.0 if run.solution is None else _charge(run)[-1]
    if not passed:
        return ""
    ends = {str(one.stopped_by): _lost(one, passed) for one in (run, before) if one is not None}
    percent = sum(ends.values()) / passed
    if percent < TOO_STEEP:
        return ""
    both = "" if before is None else ", before as well,"
    flat = max(ends, key=lambda end: ends[end])
    return (
        f"{STEEP}: 1 % more current or resistance{both} takes about {min(percent, MOST):.2g} % of "
        f"the capacity, as the voltage comes to the {flat} flat and far from rest"
    )


def _charge(run: Segment) -> np.ndarray:
    """Passed since it began, positive either way [A.h]."""
    charge = run.along[CAPACITY]
    return np.abs(charge - charge[0])


def _lost(run: Segment, of: float) -> float:
    """Charge per relative increase of current [A.h] at its end; nothing if next to none of it."""
    if run.solution is None or run.stopped_by not in CUT_OFFS:
        return 0.0
    if HELD_VOLTAGE in run.solution.all_inputs[-1]:
        return 0.0
    charge, voltage = _charge(run), run.along["Voltage [V]"]
    step = BACK * charge[-1]
    slope = (voltage[-1] - np.interp(charge[-1] - step, charge, voltage)) / step if step else 0.0
    if not slope or charge_per_rate(LARGEST, slope) < TOO_STEEP * of / 10:
        return 0.0
    if AT_REST not in run.solution.all_models[-1].variables:
        return 0.0
    at_rest = float(read_last(run.solution, (AT_REST,))[AT_REST][0])
    return float(charge_per_rate(at_rest - voltage[-1], slope))
