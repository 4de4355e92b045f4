"""A record with a voltage held, a row every half minute, is followed as it was made."""

import numpy as np

from ssb_model.fitting.free import free_parameters
from ssb_model.fitting.problem import Problem
from tests.coverage_of_fits import held


def test_a_held_voltage_is_followed_as_held():
    """At the true parameters nothing is left of it but noise and when currents were switched."""
    case = held(np.random.default_rng(0))
    (data,) = case.data
    levels = [step.held for step in data.steps if step.held is not None]
    assert len(levels) == 1
    assert abs(levels[0] - case.cell.evaluate("Upper voltage cut-off [V]")) < 1e-3
    free = free_parameters(case.cell, case.vary)
    true = np.array([one.scaled(case.truth[one.label]) for one in free])
    residuals = Problem.of(case.cell, case.data, free).renewed(true).residuals(true)
    assert np.mean(residuals**2) < 1.3
