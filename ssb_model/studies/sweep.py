"""A cell over anything it depends on: a grid, or draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, product
from math import ceil, prod, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from ssb_model.analysis.draws import latin_hypercube
from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.holding import held_at
from ssb_model.errors import InputError, SolveError
from ssb_model.quantities.checks import check_whole
from ssb_model.results.sweep import SweepResult
from ssb_model.studies import places
from ssb_model.studies.axes import CONDITIONS, Axis, axes_of
from ssb_model.studies.plan import Plan, Values, along, differing
from ssb_model.studies.runs import Settings, check_output, check_run
from ssb_model.system.point_journal import PointJournal
from ssb_model.system.progress import Bar
from ssb_model.system.signals import BY_HAND

MOST_POINTS = 1_000_000
MOST_WORKERS = 1000
BATCH = 32  # points solved, and written, at a time
MESHES = {"charge": "coarse"}  # a margin against plating is 23 mV too high on the draft mesh


def sweep(
    cell: Cell | str | Path,
    over: Mapping[str, Sequence[Any]],
    run: str | Callable[..., dict[str, Any]] = "discharge",
    c_rate: float = 0.5,
    stack_pressure: float | None = None,
    temperature: float | None = None,
    soc: float = 0.5,
    charge_rate: float | None = None,
    cycles: int = 100,
    seconds: float = 10.0,
    samples: int | None = None,
    seed: int = 0,
    output: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    journal: str | Path | None = None,
    fresh: bool = False,
) -> SweepResult:
    """Run a cell at every combination of what ``over`` names, or at draws between its limits.

    ``over`` holds, by name, values in SI: "stack_pressure", "c_rate", "temperature", "soc",
    "grain_size" (of the electrolyte, all layers), any parameter of the model, a number of the
    recipe ("positive: Porosity", "NCM811: Reference diffusivity [m2.s-1]") or a choice
    ("option contact"). With ``samples`` each name has two values, the limits of a Latin
    hypercube (seeded; even in the logarithm where both are positive).

    ``run`` says what happens at each point: "discharge" (charged from rest at 0 % at the same
    rate, or at ``charge_rate``, then discharged), "from full" (discharged from rest at 100 %),
    "charge" (from rest at 0 %, with the margin against plating), "pulse" (``seconds`` of current
    from rest at ``soc``), "cycles" (that many at constant current; retention), or your own
    function of the cell and the conditions that returns numbers by name. ``c_rate``,
    ``stack_pressure`` and ``temperature`` hold where nothing varies them; ``output`` is what
    figures show. The mesh is the draft one (of a charge the coarse one) unless the cell's
    options name one.

    Points are solved in this process on all cores, in ``workers`` processes or on the Dask
    cluster whose ``scheduler`` is given; the numbers are the same. With ``journal``, a file,
    points are kept as they are done: the same call goes on where the last one ended.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    for name, value in (("stack_pressure", stack_pressure), ("temperature", temperature)):
        if value is not None and isinstance(over, Mapping) and name in over:
            raise InputError(f"'{name}' is varied: leave out the one value.")
    shown = check_output(check_run(run), output)
    plan, points = planned(
        cell,
        over,
        run,
        {
            "c_rate": c_rate,
            "stack_pressure": stack_pressure,
            "temperature": temperature,
            "soc": soc,
        },
        Settings(charge_rate, cycles, seconds),
        samples,
        seed,
    )
    if workers is not None:
        check_whole("the number of workers", workers, most=MOST_WORKERS)
    if workers is not None and scheduler is not None:
        raise InputError("give workers or a scheduler: a cluster has its own workers.")
    if fresh and journal is None:
        raise InputError("there is no journal to start anew: give one (--out FOLDER keeps it).")
    identity = {
        **{f"over {name}": str(list(np.ravel(given))) for name, given in over.items()},
        "samples": samples,
        "seed": seed,
        **plan.identity,
    }
    with PointJournal(journal, identity, fresh) as log:
        stopped = _solve(plan, points, log, workers, scheduler)
        rows = [row for _, row in log.rows()]
    return SweepResult(
        cell.name,
        cell.title,
        axes=[axis.column for axis in plan.axes],
        how=plan.how | {"samples": samples, "seed": seed},
        rows=rows,
        size=len(points),
        sampled=samples is not None,
        output=shown,
        stopped=stopped,
    )


def planned(
    cell: Cell,
    over: Mapping[str, Sequence[Any]],
    run: str | Callable[..., dict[str, Any]],
    conditions: dict[str, Any],
    settings: Settings,
    samples: int | None = None,
    seed: int = 0,
) -> tuple[Plan, dict[int, Values]]:
    """The plan of a study and its points by number."""
    if cell.window is None:
        raise InputError("a symmetric cell has no window to run in; solve its model with PyBaMM.")
    if cell.state is not None:
        raise InputError("a study starts from fresh cells: load the cell by its name.")
    cell.check_no_profile()
    cell = cell.on_mesh(MESHES.get(run, "draft"))
    axes = axes_of(cell, over)
    if samples is not None:
        check_whole("the number of samples", samples, least=2, most=MOST_POINTS)
    elif prod(map(len, axes.values())) > MOST_POINTS:
        raise InputError(f"a grid of more than {MOST_POINTS} points: take fewer, or draw samples.")
    drawn = list(product(*axes.values())) if samples is None else _drawn(axes, samples, seed)
    held = held_at(cell, conditions.pop("stack_pressure"), conditions.pop("temperature"))
    fixed = {**conditions, "stack_pressure": held[0], "temperature": held[1]}
    varied = {axis.name for axis in axes}
    if run != "pulse" and not callable(run):
        fixed.pop("soc")
        if "soc" in varied:
            raise InputError(
                f"the run '{run}' begins at one state of charge: vary that of a pulse."
            )
    plan = Plan(
        cell,
        tuple(axes),
        run,
        settings,
        {
            name: CONDITIONS[name].check(cell, value)
            for name, value in fixed.items()
            if name not in varied
        },
        differing(cell, along(cell, axes)),
    )
    return plan, dict(enumerate(drawn))


def _drawn(axes: dict[Axis, list[Any]], count: int, seed: int) -> list[Values]:
    """Draws between the limits of each axis."""
    ranges = {}
    for axis, limits in axes.items():
        if len(limits) != 2 or any(isinstance(limit, str) for limit in limits):
            raise InputError(f"to draw '{axis.name}' give its two limits, not {limits}.")
        low, high = sorted(limits)
        ranges[axis.name] = (sqrt(low * high) if low > 0 else (low + high) / 2, low, high)
    draws = latin_hypercube(ranges, count, seed)
    return list(zip(*(draws[axis.name].tolist() for axis in axes), strict=True))


def _solve(
    plan: Plan,
    points: dict[int, Values],
    log: PointJournal,
    workers: int | None,
    scheduler: str | None,
) -> str:
    """Every point that is not in the journal; what stopped it, if anything did."""
    done = log.done()
    left = {number: values for number, values in points.items() if number not in done}
    plan = plan.for_many(len(left))
    batches = _batches(plan, left)
    with Bar(len(points), "sweep", len(done)) as bar:
        try:
            for rows in _placed(plan, batches, workers, scheduler):
                log.add(rows)
                bar.advance(len(rows))
        except KeyboardInterrupt:
            return BY_HAND
        except SolveError as error:
            if not log.done():
                raise
            return str(error)
    return ""


def _placed(
    plan: Plan, batches: list[dict[int, Values]], workers: int | None, scheduler: str | None
) -> Iterator[dict[int, dict[str, Any]]]:
    if scheduler is not None:
        return places.cluster(plan, batches, scheduler)
    if workers is not None:
        return places.processes(plan, batches, workers)
    return places.here(plan, batches)


def _batches(plan: Plan, points: dict[int, Values]) -> list[dict[int, Values]]:
    """Points together that run side by side: at one rate, or from one charge; cells alike."""

    def alike(number: int) -> tuple:
        changed = tuple(map(repr, plan.of_the_cell(points[number]).values()))
        conditions = plan.conditions_of(points[number])
        rate = conditions.pop("c_rate")
        charged = (changed, *conditions.values())
        one_charge = plan.run == "discharge" and plan.settings.charge_rate is not None
        return (charged, rate, number) if one_charge else (rate, changed, number)

    order = sorted(points, key=alike)
    groups = [list(group) for _, group in groupby(order, lambda number: alike(number)[0])]
    if len(groups) > len(order) / 2:  # drawn: hardly any comes twice
        groups = [order]
    whole = _joined(groups)
    cut = [part for group in whole for part in _parts(group)]
    return [{number: points[number] for number in part} for part in cut]


def _joined(groups: list[list[int]]) -> list[list[int]]:
    """Groups of less than a batch together, as far as they fit."""
    whole: list[list[int]] = []
    for group in groups:
        if whole and len(whole[-1]) + len(group) <= BATCH:
            whole[-1] = whole[-1] + group
        else:
            whole.append(group)
    return whole


def _parts(numbers: list[int]) -> list[list[int]]:
    """As few parts as hold no more than a batch each, of even size."""
    size = ceil(len(numbers) / ceil(len(numbers) / BATCH))
    return [numbers[k : k + size] for k in range(0, len(numbers), size)]
