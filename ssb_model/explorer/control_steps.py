"""The steps of a slider, and the value at each."""

from __future__ import annotations

import math

from ssb_model.explorer.controls import STEPS, Control

DIGITS = 3  # of a number that a slider gives


def at_step(one: Control, step: float) -> float:
    """The value of a slider at a step."""
    share = step / STEPS
    if one.logarithmic:
        value = one.low * (one.high / one.low) ** share
    else:
        value = one.low + share * (one.high - one.low)
    return float(f"{value:.{DIGITS}g}")


def step_of(one: Control, value: float) -> float:
    """The step of a slider that is nearest to a value, its ends for what lies beyond."""
    if one.logarithmic:
        share = math.log(max(value, one.low) / one.low) / math.log(one.high / one.low)
    else:
        share = (value - one.low) / (one.high - one.low)
    return round(STEPS * min(max(share, 0.0), 1.0))
