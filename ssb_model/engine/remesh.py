"""A state carried to another mesh of the same cell, lithium and all else conserved."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pybamm
from scipy.interpolate import PchipInterpolator

from ssb_model.cell.numbers import State, StateVector
from ssb_model.engine.reading import read_last
from ssb_model.numerics.mesh import SpectralSubMesh

POWER = {"cartesian": 1, "cylindrical polar": 2, "spherical polar": 3}


def translated(
    state: State,
    model: pybamm.BaseModel,
    start: np.ndarray,
    inputs: dict[str, float],
    meshes: tuple | None = None,
) -> np.ndarray:
    """A state's numbers in another model of the same cell; what only that one has as in ``start``.

    With the meshes of both models each variable is carried from one to the other.
    """
    solution = state.solution
    here = solution.all_models[-1]
    source = StateVector(here, np.array(solution.y[:, -1]), state.inputs)
    target = StateVector(model, np.array(start), inputs)
    for variable in model.y_slices:
        name = variable.name
        if len(variable.domain) > 1:  # made of parts that are carried themselves
            continue
        if name in source:
            values = source[name]
        elif name in here.variables:
            values = read_last(solution, [name])[name]
        else:
            continue
        if meshes is not None:
            domains = [variable.domain, variable.domains["secondary"]]
            places = [name for (name,) in filter(None, domains) if name != "current collector"]
            values = _remeshed(values, places, *meshes)
        target[name] = values
    return target.y


def _remeshed(values: np.ndarray, places: list[str], old, new) -> np.ndarray:
    """Averages over cells along each place, the first of them running fastest."""
    shape = [old[place].npts for place in places[::-1]]
    block = values.reshape(shape) if places else values
    for axis, place in enumerate(places[::-1]):
        block = _along(block, axis, old[place], new[place])
    return block.ravel()


def _along(block: np.ndarray, axis: int, old, new) -> np.ndarray:
    if np.array_equal(old.edges, new.edges):
        return block
    power = POWER[old.coord_sys]
    values = np.moveaxis(block, axis, -1)
    total = (values * np.diff(old.edges**power)).sum(axis=-1, keepdims=True)
    content = _content(values, old, power)
    if isinstance(new, SpectralSubMesh):
        carried = content(new.nodes, nu=1)
    else:
        ends = np.clip(new.edges, old.edges[0], old.edges[-1])
        carried = np.diff(content(ends), axis=-1) / np.diff(ends**power)
    widths = np.diff(new.edges**power)
    carried += (total - (carried * widths).sum(axis=-1, keepdims=True)) / widths.sum()
    return np.moveaxis(carried, -1, axis)


def _content(values: np.ndarray, mesh, power: int) -> Callable:
    """What lies below a coordinate, as a function of it; with nu=1 the value there."""
    if isinstance(mesh, SpectralSubMesh):
        begin, span = mesh.edges[0], mesh.edges[-1] - mesh.edges[0]  # numbers, be its size open

        def polynomial(x: np.ndarray, nu: int = 0) -> np.ndarray:
            places = (x - begin) / span
            if nu:
                return values @ mesh.points.at(places).T
            return values @ mesh.points.below(places).T * span**power

        return polynomial
    edges = mesh.edges**power
    below = np.cumsum(values * np.diff(edges), axis=-1)
    below = np.concatenate([np.zeros_like(below[..., :1]), below], axis=-1)
    smooth = PchipInterpolator(edges, below, axis=-1)
    return lambda x, nu=0: smooth(x**power, nu)
