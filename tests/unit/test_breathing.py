"""Stiffness and breathing out of a pressure with noise: what is known, and what is not."""

import numpy as np
import pytest

from ssb_model.analysis.breathing import Size, breathing_of, moved_by_cycle

TIME = np.linspace(0, 40 * 3600.0, 300)
CHARGED = 1 - np.abs(1 - np.mod(TIME / 36000.0, 2))  # two cycles, 0 to 1 and back
NEGATIVE = 8e-6 * CHARGED
LIKE = -0.5e-6 * CHARGED  # a host that shrinks in proportion, as most oxides
STAGED = -2e-6 * CHARGED**3  # one that shrinks at the end, as nickel-rich ones
SIZES = (Size(0.8, 1.25), Size(0.5, 2.0))


def simulated(positive, rng):
    """Truth, and a pressure with 1 % of its swing as noise."""
    sizes = [rng.choice(size.values) for size in SIZES]
    stiffness, creep = 10 ** rng.uniform(10.5, 11.7), rng.uniform(0, 0.02)
    moved = sizes[0] * NEGATIVE + sizes[1] * positive
    pressure = 5e6 * (1 - creep * np.log10(1 + TIME / 3600)) + stiffness * moved
    noise = rng.normal(0, 0.01 * np.ptp(pressure), TIME.size)
    return stiffness, *sizes, pressure + noise


@pytest.mark.parametrize("positive", [LIKE, STAGED], ids=["alike", "staged"])
def test_intervals_hold_the_truth(positive):
    """All three at once in 18 of 20 cases."""
    rng, held = np.random.default_rng(5), 0
    for _ in range(20):
        stiffness, negative, shrunk, pressure = simulated(positive, rng)
        found = breathing_of(TIME, pressure, NEGATIVE, positive, SIZES)
        held += (
            found.stiffness.holds(stiffness)
            and found.negative.holds(negative)
            and found.positive.holds(shrunk)
        )
    assert held >= 18


def test_electrodes_that_move_alike_are_not_told_apart():
    *_, pressure = simulated(LIKE, np.random.default_rng(2))
    alike = breathing_of(TIME, pressure, NEGATIVE, LIKE, SIZES)
    assert not alike.told_apart
    assert alike.positive.low < 0.55
    assert alike.positive.high > 1.8
    *_, pressure = simulated(STAGED, np.random.default_rng(2))
    staged = breathing_of(TIME, pressure, NEGATIVE, STAGED, SIZES)
    assert staged.told_apart
    wide, narrow = (np.log(one.positive.high / one.positive.low) for one in (alike, staged))
    assert narrow < 0.7 * wide


def test_lithium_that_no_longer_moves_is_seen():
    cycle = np.where(TIME < 20 * 3600, 1, 2)
    faded = np.where(cycle == 2, 0.8, 1.0) * NEGATIVE
    found = breathing_of(TIME[cycle == 1], 5e6 + 1e11 * faded[cycle == 1], NEGATIVE[cycle == 1],
                         LIKE[cycle == 1], (Size(1, 1), Size(1, 1)))  # fmt: skip
    shares = moved_by_cycle(found, TIME, 5e6 + 1e11 * faded, NEGATIVE + LIKE, cycle)
    assert shares[2] / shares[1] == pytest.approx(0.8, rel=1e-3)
