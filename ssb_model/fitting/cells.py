"""The cells a fit leaves, and what their files say of each estimate."""

from __future__ import annotations

import numpy as np

from ssb_model.cell.cell import Cell
from ssb_model.fitting.free import Free
from ssb_model.fitting.problem import Problem
from ssb_model.parameters.declared import checked
from ssb_model.parameters.entry import Entry
from ssb_model.results.fit_parts import Estimate
from ssb_model.studies.axes import Recipe


def fitted_cells(problem: Problem, x: np.ndarray) -> dict[str, Cell]:
    """The fitted cell of each sample; one under "" where nothing is a sample's own."""
    owners = list(dict.fromkeys(one.sample for one in problem.free if one.sample is not None))
    return {sample or "": problem.fitted_cell(x, sample) for sample in owners or [None]}


def changes_of(
    problem: Problem, estimates: list[Estimate], sample: str, finished: bool
) -> dict[str, Entry]:
    """What a cell's file says of each estimate, in SI."""
    ended = "" if finished else "the search did not finish"
    source = "fitted to " + ", ".join(data.name for data in problem.data)
    said: dict[str, Entry] = {}
    for one, found in zip(problem.free, estimates, strict=True):
        if one.sample is not None and one.sample != sample:
            continue
        ends = found.interval
        if found.profile_interval is not None and np.isfinite(found.profile_interval).all():
            ends = found.profile_interval
        note = "; ".join(filter(None, ["range: 95 % interval", found.remark, ended]))
        for name, value, limits in _in_si(problem.cell, one, found.value, ends):
            said[name] = Entry(name, value, "fitted", source, limits, note)
    return said


def _in_si(cell: Cell, one: Free, value: float, ends: tuple[float, float]):
    """Names and numbers as a cell file has them."""
    for name in one.axis.names(cell):
        if isinstance(one.axis, Recipe):
            file = cell.design.file
            ((full, number),) = checked(file, {name: value}).items()
            limits = tuple(checked(file, {name: end})[full] for end in ends)
            yield full, number, limits
        else:
            yield name, value, tuple(map(float, ends))
