"""Potential at rest of an electrode with two kinds of active material, and who holds how much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pybamm

from ssb_model.laws import blend
from ssb_model.parameters import functions
from ssb_model.parameters.blend import POTENTIAL, Kind
from ssb_model.parameters.entry import Values
from ssb_model.submodels.blend import KINDS

POINTS = 2001  # of each kind's curve, closest where hosts are full or empty
CLOSEST = 1e-6  # to full or empty


@dataclass(frozen=True)
class RestCurve:
    """Potential of a blend and the filling of both kinds, functions of the mean filling."""

    potential: Callable[[Any], Any]
    fillings: tuple[Callable[[Any], Any], ...]

    def filling(self, kind: int, mean: float) -> float:
        """How full a kind is, as a number."""
        return float(np.ravel(self.fillings[kind](pybamm.Scalar(mean)).evaluate())[0])


def rest_curve(kinds: Sequence[Kind], curves: Sequence[Callable], alike: bool) -> RestCurve:
    """Of two kinds with a potential each; ``alike`` where it is one for both."""
    if alike:
        return RestCurve(curves[0], (functions.same, functions.same))
    x = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, POINTS))
    x = np.clip(x, CLOSEST, 1 - CLOSEST)
    volts = [curve(pybamm.Vector(x)).evaluate() for curve in curves]
    mean, U, each = blend.curve_of_both(x, volts, [kind.capacity for kind in kinds])
    name = " and ".join(kind.name for kind in kinds)
    fillings = tuple(
        partial(functions.interpolated, mean, one, f"filling of {kind} kind, {name}")
        for kind, one in zip(KINDS, each, strict=True)
    )
    return RestCurve(partial(functions.interpolated, mean, U, f"potential of {name}"), fillings)


def same_potential(kinds: Sequence[Kind]) -> bool:
    """Whether both kinds have one curve."""
    first, second = (kind.section.entry(POTENTIAL).value for kind in kinds)
    return first == second


def add_rest(
    values: Values, Domain: str, kinds: Sequence[Kind], curves: Sequence[Callable], rest: RestCurve
) -> None:
    """What each kind of an electrode is at rest, for the model."""
    for kind, curve, filling, own in zip(KINDS, curves, rest.fillings, kinds, strict=True):
        host = f"{Domain} {kind} host"
        values.take(f"{host} OCP [V]", own.section.entry(POTENTIAL), curve)
        values.set(f"{host} stoichiometry at rest", filling, "both kinds at one potential")
        values.set(f"{host} stoichiometry above rest", 0.0, "other than zero in a pristine cell")
