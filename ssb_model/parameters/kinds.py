"""Parameters of particles in two classes: of two sizes, or of two kinds of active material.

The first kind of a blend has the constants of the electrode; those of the second are of
"Positive second host".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from pybamm import Parameter as P

from ssb_model.parameters import functions
from ssb_model.parameters.blend import DIAMETER, relative
from ssb_model.parameters.catalogue import everything
from ssb_model.parameters.design import Composite
from ssb_model.parameters.entry import Values
from ssb_model.parameters.records import SECOND_HOST
from ssb_model.submodels.blend import KINDS

LAW = "blend, of the recipe"


def add_classes(values: Values, Domain: str, radii, second_share) -> None:
    """Radius of each of two classes over the mean, and the share of surface of the second."""
    for kind, radius in zip(KINDS, radii, strict=True):
        values.derive(f"{Domain} {kind} host relative radius", radius, "size_classes, blend")
    second = f"{Domain} {KINDS[1]} host"
    values.derive(f"{second} share of surface", second_share, "size_classes, blend")
    name = f"{Domain} area-weighted particle-size distribution [m-1]"
    values.set(name, partial(functions.class_share, second), "two classes")


def add_kinds(values: Values, Domain: str, composite: Composite) -> None:
    """Sizes, shares and constants of both kinds of a blend."""
    electrode, particle = f"{Domain} electrode", f"{Domain} particle"
    second = f"{Domain} {KINDS[1]} host"
    of_both = dict(relative(composite.kinds, composite.section))
    add_classes(values, Domain, of_both.pop("relative radius"), composite.surface_shares[1])
    for name, pair in of_both.items():
        for kind, value in zip(KINDS, pair, strict=True):
            values.derive(f"{Domain} {kind} host {name}", value, LAW)
    for one in everything():
        if SECOND_HOST in one.at and one.name in composite.kinds[1].section:
            values.take(one.of_model(second), composite.kinds[1].section.entry(one.name))
    hosts = zip(KINDS, (particle, second), (electrode, second), strict=True)
    for kind, particles, surface in hosts:
        host = f"{Domain} {kind} host"
        law = partial(functions.diffusivity_of_kind, particles, host)
        values.set(f"{host} diffusivity [m2.s-1]", law, "functions.oxide_diffusivity")
        law = partial(functions.particle_exchange_current, surface)
        name = f"{host} exchange-current density [A.m-2]"
        values.set(name, law, "functions.particle_exchange_current")


def cover_of_kinds(
    values: Values, Domain: str, composite: Composite, ceiling: Callable[[float], object]
):
    """The mean cover by surface; of each kind over it, as a law of its size."""
    shares = composite.surface_shares
    each = [ceiling(size) for size in _sizes(composite)]
    both = shares[0] * each[0] + shares[1] * each[1]
    for kind, own in zip(KINDS, each, strict=True):
        values.derive(f"{Domain} {kind} host relative cover", own / both, "cover.coverage_ceiling")
    return both


def length_of_kinds(
    values: Values, Domain: str, composite: Composite, clusters: Callable[[float], object]
) -> None:
    """How long lithium diffuses in each kind, one sphere of its own radius 1."""
    places = (f"{Domain} particle", f"{Domain} {KINDS[1]} host")
    for place, kind, size in zip(places, composite.kinds, _sizes(composite), strict=True):
        ratio = clusters(size)
        if "Diffusion length [m]" in kind.section:
            whole = P(f"{place} diffusion length [m]") / (P(f"{Domain} particle radius [m]") * size)
            ratio = ratio * np.minimum(whole, 1)
        values.derive(f"{place} diffusion length ratio", ratio, "cover.cluster_ratio")


def _sizes(composite: Composite) -> list[float]:
    return [kind.diameter / composite.section[DIAMETER] for kind in composite.kinds]
