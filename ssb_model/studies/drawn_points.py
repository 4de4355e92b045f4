"""Draws of a cell at every point of a study, the same draws at each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice

from ssb_model.analysis.draws import weighted_quantiles
from ssb_model.cell.cell import Cell
from ssb_model.engine.outcome import REFUSED
from ssb_model.errors import InputError, SolidStateError
from ssb_model.quantities.checks import check_whole
from ssb_model.quantities.registry import band_of
from ssb_model.studies.axes import GRAIN_SIZE, Recipe, targets
from ssb_model.studies.bands import FEWEST, LEAST, gets_a_band, is_number, sound
from ssb_model.studies.draws import MOST_SAMPLES, draws_of
from ssb_model.studies.plan import Plan, Row, Values, differing

GRAINS = "Electrolyte grain size [m]"  # of a layer, by its recipe


def drawn_for(
    plan: Plan, count: int, seed: int, samples: int | None = None
) -> dict[str, list[float]]:
    """The draws of a plan's cell by name, without what its axes vary; nothing without draws.

    ``samples`` are points drawn between limits, which is another thing.
    """
    check_whole("the number of draws", count, least=0, most=MOST_SAMPLES)
    if not count:
        return {}
    if samples is not None or callable(plan.run):
        raise InputError(
            "draws at every point are of a grid and of a run by its name: leave out the samples, "
            "or the draws."
        )
    if count < LEAST:
        raise InputError(f"{count} draws give no 5 to 95 %: take {LEAST} or more, as 64.")
    drawn = draws_of(plan.cell, count, seed)
    varied = {name for axis in plan.axes for name in (axis.name, *targets(plan.cell, axis))}
    grains = GRAIN_SIZE in plan.axes
    return {
        name: values
        for name, values in drawn.items()
        if name not in varied and not (grains and name.endswith(GRAINS))
    }


def with_draws(
    plan: Plan, points: Mapping[int, Values], drawn: Mapping[str, list[float]]
) -> tuple[Plan, dict[int, Values]]:
    """The plan of all points of all draws; number k n + j of n points is draw k of point j."""
    axes = (*plan.axes, *(Recipe(name, name, following=False) for name in drawn))
    cells = list(zip(*drawn.values(), strict=True))
    every = {
        k * len(points) + j: (*values, *cell)
        for k, cell in enumerate(cells)
        for j, values in points.items()
    }
    of_draws = replace(plan, axes=axes)
    made = (_made(of_draws, every[k * len(points)]) for k in range(len(cells)))
    some = islice((cell for cell in made if cell is not None), 2)  # all differ in what is drawn
    names = {*plan.differing, *differing(plan.cell, some)}
    return replace(of_draws, differing=tuple(sorted(names))), every


def _made(plan: Plan, values: Values) -> Cell | None:
    try:
        return plan.made(values)
    except SolidStateError:  # refused where it is run
        return None


def with_bands(rows: list[Row], of_draws: Iterable[tuple[int, Row]]) -> list[Row]:
    """Rows of points with 5, 50 and 95 % of what draws gave there."""
    there: dict[int, list[Row]] = {}
    for number, row in of_draws:
        if sound(row) and row["Stopped by"] != REFUSED:
            there.setdefault(number % len(rows), []).append(row)
    return [row | _bands(row, there.get(j, [])) for j, row in enumerate(rows)]


def _bands(row: Row, runs: list[Row]) -> Row:
    found: Row = {}
    for name in filter(gets_a_band, row):
        given = [one[name] for one in runs if is_number(one.get(name))]
        spread = weighted_quantiles(given) if len(given) >= FEWEST else [None] * 3
        found |= zip(band_of(name), spread, strict=True)
    return found
