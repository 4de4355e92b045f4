"""How electrodes breathe with their lithium and how what holds the cell answers."""

from __future__ import annotations

import numpy as np


def thickness_from_volume(strain, active_fraction, thickness):
    """Free thickness change of a layer whose active material changed volume by ``strain``.

    eps L dV/V: the layer lies between rigid faces and cannot give sideways, so all of it is
    thickness; pores are taken as not filled.
    """
    return strain * active_fraction * thickness


def compliance(thickness, modulus):
    """Thickness a layer gives way per pressure, L/E [m Pa-1]."""
    return thickness / modulus


def series_stiffness(holder_stiffness, stack_compliance):
    """1/(1/k + C): spring or frame and the stack's own compliance in series [Pa m-1]."""
    return holder_stiffness / (1 + holder_stiffness * stack_compliance)


def held_load(set_pressure, stiffness, expansion):
    """P_0 + k dh: pressure of a stack that wants to grow by ``expansion`` since it was set.

    Negative where everything has shrunk away from what holds it: ``unilateral`` tells.
    """
    return set_pressure + stiffness * expansion


def unilateral(load, stiffness):
    """(pressure, gap): contact pushes and never pulls; what pulling would need is a gap [m]."""
    return np.maximum(load, 0), np.maximum(-load, 0) / stiffness
