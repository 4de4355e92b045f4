"""The best a cell can be: goals against each other within limits, from the model itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.saving import cell_files
from ssb_model.errors import InputError
from ssb_model.experiments.experiment import check_window
from ssb_model.parameters.entry import Entry
from ssb_model.quantities.checks import check_rate, check_several, check_whole
from ssb_model.quantities.typed import by_name
from ssb_model.quantities.units import said
from ssb_model.studies.axes import made
from ssb_model.studies.designs import Designs, Limit, Wanted, designs
from ssb_model.studies.drawn_points import drawn_for, with_bands, with_draws
from ssb_model.studies.front import check_installed, front, search
from ssb_model.studies.packing import Packing
from ssb_model.studies.plan import Row, Values
from ssb_model.studies.workers import solved
from ssb_model.system.journals import PointJournal
from ssb_model.system.progress import Bar
from ssb_model.system.saving import csv_bytes, finite, save_result
from ssb_model.system.signals import BY_HAND
from ssb_model.verbs import options as opt
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Result, of_draws, text_table
from ssb_model.verbs.sweep import typed_axis


def design(
    cell: Cell | str | Path,
    over: Mapping[str, Sequence[float]],
    maximise: Annotated[
        str,
        Option(
            "energy (Wh/kg), volume (Wh/L), rate, life, pressure (little of it) or a column, with "
            "a minus for little of it; up to three, with commas",
            metavar="GOAL,...",
        ),
    ] = "energy,pressure",
    limit: Annotated[
        list[str] | None,
        Option(
            'to keep to, as "Plating margin [mV] >= 0"; may be repeated', metavar="COLUMN>=NUMBER"
        ),
    ] = None,
    c_rate: Annotated[float, Option("of the energy, {default}", unit="C")] = 0.1,
    fast_rate: Annotated[
        float, Option("of the capacity kept, the goal rate, {default}", unit="C")
    ] = 0.5,
    cycles: opt.Cycles = 100,
    stack_pressure: opt.StackPressure = None,
    temperature: opt.Temperature = None,
    layers: opt.Layers = 10,
    holder: opt.HeldBy = "none",
    area: opt.PieceArea = None,
    own: opt.Own = None,
    points: Annotated[
        int, Option("N designs tried at a time, and told at most, {default}", metavar="N")
    ] = 20,
    generations: Annotated[int, Option("N times, {default}", metavar="N")] = 40,
    samples: opt.Samples = 0,
    seed: opt.Seed = 0,
    scheduler: Annotated[
        str | None, Option("of a Dask cluster, tcp://host:8786", metavar="ADDRESS")
    ] = None,
    journal: str | Path | None = None,
    fresh: opt.Fresh = False,
    run: Callable[..., dict[str, Any]] | None = None,
) -> DesignResult:
    """Designs of a cell between the limits of what ``over`` names that none beats in every goal.

    ``over`` holds two limits in SI by each name, as a sweep's axes: a number of the recipe
    ("positive: Active material loading [kg.m-2]"), "stack_pressure" or a parameter. Goals are
    words or columns of the result ("-Mass [g]" for little of it); limits are of columns too,
    "Plating margin [mV] >= 0", "Pressure swing [MPa] <= 1", "Time to short [h] >= 1000". Energies
    are those of ``energy`` at a ``c_rate``, with its ``layers``, ``holder`` and ``own`` numbers.

    So many ``points`` are tried at a time over so many ``generations``, every one solved by the
    model (NSGA-II). Where a loading is varied, 1C follows it. With ``journal`` what was tried is
    kept: the same call goes on where the last one ended, more ``generations`` go on from there.
    ``samples`` draws what the cell's files are not sure of at each point told. ``run``, a
    function of the cell and its conditions, gives columns of your own in place of all runs.
    """
    check_installed()
    cell = load_cell(cell)
    check_window(cell)
    if not isinstance(over, Mapping):
        raise InputError("give limits by name, as {'stack_pressure': [1e6, 10e6]}.")
    if run is not None and not callable(run):
        raise InputError(f"run is a function of a cell and its conditions, not {run!r}.")
    check_whole("the seed", seed, least=0)
    if limit is None or isinstance(limit, str):
        limits = [limit] if limit else []
    else:
        limits = check_several("limits", limit)
    for rate in (c_rate, fast_rate):
        check_rate("a C-rate", rate)
    check_whole("the number of points", points, least=4, most=1000)
    check_whole("the number of generations", generations, most=10_000)
    for name in over:
        if {"stack_pressure": stack_pressure, "temperature": temperature}.get(name) is not None:
            raise InputError(f"'{name}' is varied: leave out the one value.")
    goals = maximise.split(",") if isinstance(maximise, str) else maximise
    held = {"c_rate": c_rate, "stack_pressure": stack_pressure, "temperature": temperature}
    asked = designs(
        cell,
        over,
        [Wanted.read(one) for one in check_several("goals", goals)],
        [Limit.read(one) for one in limits],
        held,
        Packing(layers, holder, area, by_name(own, "own")),
        fast_rate,
        cycles,
        run,
        scheduler,
    )
    drawn = drawn_for(asked.plan, samples, seed)
    if fresh and journal is None:
        raise InputError("there is no journal to start anew: give one (--out FOLDER keeps it).")
    identity = {
        **{f"over {name}": str(pair) for name, pair in zip(over, asked.limits, strict=True)},
        "goals": [one.words for one in asked.goals],
        "limits": [one.words for one in asked.kept],
        "points": points,
        "seed": seed,
        **asked.plan.identity,
        **{name: plan.key for name, plan in asked.plans.items() if plan is not asked.plan},
    }
    with PointJournal(journal, identity, fresh) as log:
        rows, values, stopped = _tried(asked, log, points, generations, seed)
    best = front(*asked.told(rows), points)
    told = [rows[number] | {"Point": k} for k, number in enumerate(best, start=1)]
    if drawn and told and not stopped:
        whole, every = with_draws(asked.plan, {k: values[n] for k, n in enumerate(best)}, drawn)
        beside = journal and Path(journal).with_stem(f"{Path(journal).stem}_draws")
        of_draws = identity | {"draws": samples, "front": [list(values[n]) for n in best]}
        with PointJournal(beside, of_draws, fresh or beside is not None) as log:
            stopped = solved(whole, every, log, None, scheduler)
            told = with_bands(told, log.rows())
    return DesignResult(
        cell, asked, told, [values[n] for n in best], rows, points, generations, samples, stopped
    )


def _tried(
    asked: Designs, log: PointJournal, points: int, generations: int, seed: int
) -> tuple[list[Row], list[tuple], str]:
    """Rows and values of all points in order, those of a journal without a run, what stopped it."""
    known, rows, values = dict(log.rows()), [], []

    def evaluate(shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        new = [asked.values(one) for one in shares.tolist()]
        numbers = range(len(rows), len(rows) + len(new))
        if not known.keys() >= set(numbers):
            found = asked.rows(dict(zip(numbers, new, strict=True)))
            log.add(found)
            known.update(found)
        here = [known[number] for number in numbers]
        if not rows:
            _check_columns(asked, here)
        rows.extend(here)
        values.extend(new)
        bar.advance(len(here))
        return asked.told(here)

    with Bar(points * generations, "designs") as bar:
        try:
            search(evaluate, len(asked.limits), len(asked.goals), points, generations, seed)
        except KeyboardInterrupt:
            return rows, values, BY_HAND
    return rows, values, ""


def _check_columns(asked: Designs, rows: list[Row]) -> None:
    """A function of a user's own gives what goals and limits are of."""
    there = {name for row in rows for name in row}
    for one in (*asked.goals, *asked.kept):
        if "own" in asked.plans and one.column not in there:
            failed = next((row["Detail"] for row in rows if row["Detail"]), "")
            raise InputError(f"your function gives no '{one.column}'. {failed}".strip())


def from_shell(
    cell: Cell,
    over: Annotated[
        list[str],
        Option(
            'pressure=1:10 (MPa), c-rate, "positive: Porosity [%]=5:20", a parameter of \'ssb '
            "show' (SI): two limits; may be repeated",
            metavar="NAME=LOW:HIGH",
        ),
    ],
    typed_on_cell: Iterable[str] = (),
    **arguments: Any,
) -> DesignResult:
    """A search whose limits are typed."""
    axes = dict(typed_axis(text) for text in over)
    if len(axes) < len(over):
        raise InputError("--over names something twice: give its limits once.")
    for name, pair in axes.items():
        if len(pair) != 2:
            raise InputError(f"--over '{name}' needs two limits, as {name}=LOW:HIGH.")
    for name in typed_on_cell:
        if name in axes:
            raise InputError(f"'{name}' is varied by --over: leave it out elsewhere.")
    return design(cell, axes, **arguments)


OF_A_FILE = {"stack_pressure": "cell: Stack pressure [Pa]", "temperature": "cell: Temperature [K]"}


@dataclass(frozen=True, repr=False)
class DesignResult(Result):
    """A row a design that none beats; ``tried`` are all that were run, ``cells`` the cells."""

    kind = "design"
    besides = ("design_*.toml",)

    cell: Cell
    asked: Designs
    rows: list[Row]
    values: list[Values]  # what was varied, of each row
    tried: list[Row]
    points: int
    generations: int
    samples: int = 0
    stopped: str = ""

    @cached_property
    def cells(self) -> list[Cell]:
        """The cell of each row, as fresh as the one it is made of."""
        of = self.asked.plan.of_the_cell
        return [made(self.cell, of(values)) for values in self.values]

    @property
    def columns(self) -> list[str]:
        """What was varied, then goals, then what is limited."""
        varied = [axis.column for axis in self.asked.plan.axes]
        asked = [one.column for one in (*self.asked.goals, *self.asked.kept)]
        return list(dict.fromkeys((*varied, *asked)))

    @property
    def data(self) -> xr.Dataset:
        """The rows as arrays over the point."""
        table = self.table.set_index("Point") if self.rows else self.table
        kept = table.select_dtypes("number")
        kept.columns = [name.replace("/", " ") for name in kept]
        return kept.to_xarray().assign_attrs(cell=self.cell.name)

    @property
    def failed(self) -> bool:
        """Whether it was stopped, or no design keeps to the limits."""
        return bool(self.stopped) or not self.rows

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        asked = {
            "goals": [one.words for one in self.asked.goals],
            "limits": [one.words for one in self.asked.kept],
            "tried": len(self.tried),
            "generations": self.generations,
        }
        return finite({**super().payload, **asked})

    @property
    def files(self) -> dict[str, bytes]:
        """The front, all that was tried, and the figure."""
        every = {f"{self.stem}.tried.csv": csv_bytes(pd.DataFrame(self.tried))}
        return {**super().files, **every} if self.rows else every

    def save(self, folder: str | Path, force: bool = False) -> list[Path]:
        """Tables, JSON, figure, and a cell file of each point of the front."""
        folder, files = Path(folder), self.files
        for number, (cell, values) in enumerate(zip(self.cells, self.values, strict=True), 1):
            held = self.asked.plan.conditions_of(values)
            source = f"point {number} of a search for designs"
            changes = {
                name: Entry(name, held[of], "setting", source)
                for of, name in OF_A_FILE.items()
                if of in held
            }
            path = folder / f"{self.stem}_{number:02d}.toml"
            written = cell_files(cell, path, changes, f"{self.title}, design {number}")
            files |= {
                each.resolve().relative_to(folder.resolve()).as_posix(): content
                for each, content in written.items()
            }
        return save_result(folder, self.stem, self.whole_payload, files, self.besides, force)

    def plot(self):
        """One goal against the next, all that was tried behind the front."""
        from ssb_model.figures.design import plot_design

        goals = [(one.column, one.sign) for one in self.asked.goals]
        tried = pd.DataFrame(self.tried)
        return plot_design(self.title, self.table, tried, goals, self.words)

    @property
    def words(self) -> str:
        """What was asked, for a reader."""
        much = " and ".join(one.words for one in self.asked.goals)
        limits = ", ".join(one.words for one in self.asked.kept)
        return f"as {much} as can be" + (f", with {limits}" if limits else "")

    @property
    def text(self) -> str:
        """What was asked, how many were tried, the front."""
        held = self.asked.plan.conditions
        at = [f"{held['c_rate']:g}C"] if "c_rate" in held else []
        at += [said(held["stack_pressure"], "MPa")] if "stack_pressure" in held else []
        lines = self.head(f"Design     {self.words}; {', '.join(at)}".rstrip("; "))
        lines.append(f"Tried      {len(self.tried)} designs, each solved by the model")
        ran = [row for row in self.tried if row["Stopped by"] in ("refused", "failed")]
        if ran:
            lines.append(f"           {len(ran)} could not be run: {ran[0]['Detail']}")
        if not self.rows:
            lines.append("Front      none keeps to the limits: widen --over, or the limits.")
            return "\n".join(lines)
        designs = "design" if len(self.rows) == 1 else "designs"
        lines.append(f"Front      {len(self.rows)} {designs} that none beats in every goal")
        shown = []
        for row in self.rows:
            one = {"point": row["Point"], **{name: row.get(name) for name in self.columns}}
            if self.samples:
                for goal in self.asked.goals:
                    if drawn := of_draws(row, goal.column):
                        one[f"{goal.column}, of draws"] = drawn
            shown.append(one)
        return "\n".join([*lines, "", text_table(shown)])
