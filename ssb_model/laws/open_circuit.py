"""Open-circuit potentials that are closed formulas, and how two branches join."""

from __future__ import annotations

import numpy as np

LIMIT_HEIGHT = 0.2  # V
LIMIT_WIDTH = 5e-3  # of stoichiometry
LIMIT_DROP = 1.0  # V lost where the host is as full as it gets
AT_REST = 1e-11  # s-1, rate of a stoichiometry that is none; C/1000 is 1e-7


def lithium(stoichiometry):
    """0 V whatever is left of the foil."""
    return 0 * stoichiometry


def lithium_indium(stoichiometry):
    """Potential of Li_x In against Li [V].

    0.622 V while In and InLi coexist (x from about 0.02 to 0.85), rising when the foil runs
    out of lithium, falling to about 0.34 V beyond InLi. Plateau and its ends: Santhosha et
    al., Batteries & Supercaps 2 (2019) 524; the widths of the two steps are assumed.
    """
    depleted = 1.2 * np.exp(-stoichiometry / 4e-3)
    beyond_inli = 0.14 * (1 + np.tanh((stoichiometry - 1.0) / 0.05))
    return 0.622 + depleted - beyond_inli


NAMED = {"lithium": lithium, "lithium_indium": lithium_indium}  # laws a material file may name


def on_axis(stoichiometry, at_zero, at_one):
    """A curve's own stoichiometry s from the lithium content x of the host: x = x0 + (x1 - x0) s.

    ``at_zero`` x0 and ``at_one`` x1 are the lithium contents at which the axis of the curve reads
    0 and 1. Whoever measured a curve chose the concentration its axis is over; charge is kept
    when x1 - x0 is that concentration over the host's own, one lithium per formula unit.
    """
    return (stoichiometry - at_zero) / (at_one - at_zero)


def limited(potential, stoichiometry, stoichiometry_max):
    """``potential`` with a steep fall where the host takes no more lithium back.

    After its first charge a layered oxide does not refill to its pristine content; the fall
    is a softplus of 40 V per unit stoichiometry, 1 V deep at ``stoichiometry_max``.
    """
    beyond = (stoichiometry - stoichiometry_max) / LIMIT_WIDTH + LIMIT_DROP / LIMIT_HEIGHT
    # log(1 + e^z), written so that no exponential overflows
    softplus = np.maximum(beyond, 0) + np.log(1 + np.exp(-np.abs(beyond)))
    return potential - LIMIT_HEIGHT * softplus


def between_branches(lithiation, delithiation, hysteresis_state):
    """Potential between two branches: state -1 on lithiation, +1 on delithiation."""
    h = hysteresis_state
    return (1 + h) / 2 * delithiation + (1 - h) / 2 * lithiation


def hysteresis_rate(stoichiometry_rate, hysteresis_state, decay):
    """dh/dt: towards +1 while lithium leaves, towards -1 while it enters, at rest nothing.

    One state per electrode, relaxing over a stoichiometry change 1/decay (Axen et al., J.
    Energy Storage 48 (2022) 103985). The way turns smoothly through rest, within a rate far
    below any current's: a small signal moves it by the mean of both ways, whatever rounding says.
    """
    way = stoichiometry_rate / np.sqrt(stoichiometry_rate**2 + AT_REST**2)
    return -decay * stoichiometry_rate * (1 + way * hysteresis_state)


def charge_per_rate(overpotential, slope):
    """Charge that a run to a cut-off loses per relative increase of its current: -dQ/d ln I.

    At the cut-off V_c = U(Q) - eta with eta = I R, so that with the current the charge changes
    by dQ/d ln I = -|eta| / |dV/dQ|: a run that meets its cut-off at a small angle, far from
    equilibrium, hangs on its rate. ``overpotential`` eta [V] and ``slope`` dV/dQ [V per unit of
    charge] where the run ends. What resists less at more current (kinetics at high fields,
    profiles that still grow) makes it less.
    """
    return abs(overpotential) / abs(slope)
