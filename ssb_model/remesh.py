"""A state carried to another mesh of the same cell, lithium and all else conserved."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import PchipInterpolator

from ssb_model.reading import read_last
from ssb_model.simulate import Bench
from ssb_model.state import State, StateVector

POWER = {"cartesian": 1, "cylindrical polar": 2, "spherical polar": 3}


def carried(state: State, bench: Bench, temperature: float) -> State:
    """The same instant as a state of another bench; what only that one has keeps its start."""
    start = bench.at_rest(state.set_pressure, temperature).solution
    model, inputs = start.all_models[-1], start.all_inputs[-1]
    source = StateVector(state.solution.all_models[-1], np.array(state.solution.y[:, -1]))
    target = StateVector(model, np.array(start.y[:, -1]))
    meshes = (state.bench.simulation.mesh, bench.simulation.mesh)
    known = state.solution.all_models[-1].variables
    for variable in model.y_slices:
        name = variable.name
        if len(variable.domain) > 1:  # made of parts that are carried themselves
            continue
        if name in source:
            values = source[name]
        elif name in known:
            values = read_last(state.solution, [name])[name]
        else:
            continue
        domains = [variable.domain, variable.domains["secondary"]]
        places = [name for (name,) in filter(None, domains) if name != "current collector"]
        target[name] = _remeshed(values, places, *meshes)
    numbers = {name: float(value[0]) for name, value in inputs.items()}
    return bench.restored(target.y, float(state.solution.t[-1]), numbers)


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
    before, after = old.edges**power, np.clip(new.edges, old.edges[0], old.edges[-1]) ** power
    cells = np.moveaxis(block, axis, -1)
    content = np.cumsum(cells * np.diff(before), axis=-1)
    content = np.concatenate([np.zeros_like(content[..., :1]), content], axis=-1)
    averages = np.diff(PchipInterpolator(before, content, axis=-1)(after)) / np.diff(after)
    return np.moveaxis(averages, -1, axis)
