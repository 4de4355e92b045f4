"""Whether a capacity hangs so steeply on the rate that one close by gives quite another."""

from __future__ import annotations

import numpy as np

from ssb_model.engine.outcome import STEEP, Segment, StoppedBy
from ssb_model.engine.reading import CURRENT, HELD_VOLTAGE, read_near_end
from ssb_model.laws.open_circuit import charge_per_rate

TOO_STEEP = 2.5  # per cent of capacity per per cent of rate
AT_REST = "Bulk open-circuit voltage [V]"
MOST = 99.0  # per cent said; beyond, nothing is left to lose
BACK = 0.03  # of the charge of a run, over which its slope at the end is taken
CUT_OFFS = (StoppedBy.LOWER_CUTOFF, StoppedBy.UPPER_CUTOFF)


def said_if_steep(run: Segment, before: Segment | None = None) -> str:
    """Words where a rate 1 % apart gives quite another charge, or nothing.

    Nothing is solved: what a run gives ends where it meets its cut-off, and begins where the one
    before it met its own, with a current that is 1 % more as well.
    """
    passed = _charge(run)
    if not passed:
        return ""
    ends = {str(one.stopped_by): _lost(one) for one in (run, before) if one is not None}
    percent = sum(ends.values()) / passed
    if percent < TOO_STEEP:
        return ""
    both = "" if before is None else ", before as well,"
    flat = max(ends, key=lambda end: ends[end])
    return (
        f"{STEEP}: 1 % more current or resistance{both} takes about {min(percent, MOST):.2g} % of "
        f"the capacity, as the voltage comes to the {flat} flat and far from rest"
    )


def _charge(run: Segment) -> float:
    """Passed at constant current since it began [C]; nothing if the current was not constant."""
    if run.solution is None or HELD_VOLTAGE in run.solution.all_inputs[-1]:
        return 0.0
    return abs(float(np.ravel(run.solution.all_inputs[-1][CURRENT])[0])) * run.duration


def _lost(run: Segment) -> float:
    """Charge per relative increase of current at its end [C]."""
    whole = _charge(run)
    if not whole or run.stopped_by not in CUT_OFFS:
        return 0.0
    t = np.ravel(run.solution.all_ts[-1])
    if len(t) < 2:
        return 0.0
    back = int(np.argmin(np.abs(t[:-1] - (t[-1] - BACK * run.duration))))
    charge = whole * float(t[-1] - t[back]) / run.duration
    if not charge or AT_REST not in run.solution.all_models[-1].variables:
        return 0.0
    voltage, at_rest = read_near_end(run.solution, ("Voltage [V]", AT_REST), [back, -1]).values()
    if voltage[0] == voltage[1]:
        return 0.0
    slope = (voltage[1] - voltage[0]) / charge
    return float(charge_per_rate(at_rest[1] - voltage[1], slope))
