"""A cell over anything it depends on: a grid, or draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.analysis.crossing import PRESSURE, lowest_pressures
from ssb_model.cell.cell import Cell, load_cell
from ssb_model.errors import InputError, nearest
from ssb_model.quantities import typed
from ssb_model.studies.axes import OPTION
from ssb_model.studies.drawn_points import drawn_for, with_bands, with_draws
from ssb_model.studies.plan import planned
from ssb_model.studies.runs import Settings, check_output, check_run
from ssb_model.studies.wording import run_words
from ssb_model.studies.workers import check_workers, solved
from ssb_model.system.journals import PointJournal
from ssb_model.system.saving import csv_bytes, figure_bytes, finite, netcdf_bytes
from ssb_model.verbs import options as opt
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Result, of_draws, text_table

WORDS = ("Stopped by", "Detail")
KEEP = 0.95
MORE_IS_BETTER = ("Capacity [mA.h.g-1]", "Capacity [mA.h.cm-2]", "Energy [mW.h.cm-2]", "Retention")
CONDITIONS = ("Stack pressure [MPa]", "C-rate", "Temperature [degC]", "State of charge")
GRAINS = "Grain size [um]"
MOST_ROWS = 40  # of a table


def sweep(
    cell: Cell | str | Path,
    over: Mapping[str, Sequence[Any]],
    run: Annotated[
        str | Callable[..., dict[str, Any]],
        Option(
            "at each point; discharge, after a charge, if left out",
            choices=("discharge", "from full", "charge", "pulse", "cycles"),
            read=opt.spaced,
        ),
    ] = "discharge",
    c_rate: Annotated[float, Option("{default} if left out", unit="C")] = 0.5,
    stack_pressure: Annotated[
        float | None, Option("where nothing varies it", ("--pressure",), unit="MPa")
    ] = None,
    temperature: opt.Temperature = None,
    soc: opt.PulseSoc = 0.5,
    charge_rate: opt.ChargeRate = None,
    cycles: opt.Cycles = 100,
    seconds: opt.PulseLength = 10.0,
    samples: Annotated[
        int | None, Option("N draws between two limits each, NAME=LOW:HIGH", metavar="N")
    ] = None,
    draws: Annotated[
        int, Option("N of what the cell's files are not sure of, at each point", metavar="N")
    ] = 0,
    seed: opt.Seed = 0,
    output: Annotated[
        str | None, Option("what the figure shows; as --run suits", metavar="COLUMN")
    ] = None,
    workers: Annotated[
        int | None, Option("N processes, not this one's cores", metavar="N", group="where")
    ] = None,
    scheduler: Annotated[
        str | None,
        Option("of a Dask cluster, tcp://host:8786", metavar="ADDRESS", group="where"),
    ] = None,
    journal: str | Path | None = None,
    fresh: opt.Fresh = False,
    cv_until: opt.CvUntil = None,
) -> SweepResult:
    """Run a cell at every combination of what ``over`` names, or at draws between its limits.

    ``over`` holds, by name, values in SI: "stack_pressure", "c_rate", "temperature", "soc",
    "grain_size" (of the electrolyte, all layers), any parameter of the model, a number of the
    recipe ("positive: Porosity", "NCM811: Reference diffusivity [m2.s-1]") or a choice
    ("option contact"). With ``samples`` each name has two values, the limits of a Latin
    hypercube (seeded; even in the logarithm where both are positive). ``draws`` is another thing:
    so many draws of what the cell's files declare a range of, the same at every point, whose
    median and 5 to 95 % stand beside each number.

    ``run`` says what happens at each point: "discharge" (charged from rest at 0 % at the same
    rate, or at ``charge_rate``, then discharged), "from full" (discharged from rest at 100 %),
    "charge" (from rest at 0 %, with the margin against plating), "pulse" (``seconds`` of current
    from rest at ``soc``), "cycles" (that many, ageing as the cell's file declares;
    retention), or your own function of the cell and the conditions that returns numbers by name.
    Charges run at constant current and, with ``cv_until``, on at the upper cut-off until that
    C-rate. ``c_rate``, ``stack_pressure`` and ``temperature`` hold where nothing varies them;
    ``output`` is what figures show. The mesh is the draft one (of a charge the coarse one) unless
    the cell's options name one.

    Points are solved in this process on all cores, in ``workers`` processes or on the Dask
    cluster whose ``scheduler`` is given; the numbers are the same. With ``journal``, a file,
    points are kept as they are done: the same call goes on where the last one ended.
    """
    cell = load_cell(cell)
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
        Settings(charge_rate, cycles, seconds, cv_until),
        samples,
        seed,
    )
    drawn = drawn_for(plan, draws, seed, samples)
    check_workers(workers, scheduler)
    identity = {
        **{f"over {name}": str(list(np.ravel(given))) for name, given in over.items()},
        "samples": samples,
        "seed": seed,
        **plan.identity,
    }
    with PointJournal(journal, identity, fresh) as log:
        stopped = solved(plan, points, log, workers, scheduler)
        rows = [row for _, row in log.rows()]
    if drawn and not stopped:
        whole, every = with_draws(plan, points, drawn)
        journal = journal and Path(journal).with_stem(f"{Path(journal).stem}_draws")
        with PointJournal(journal, identity | {"draws": draws, **whole.identity}, fresh) as log:
            stopped = solved(whole, every, log, workers, scheduler)
            rows = with_bands(rows, log.rows())
    return SweepResult(
        cell,
        axes=[axis.column for axis in plan.axes],
        how=plan.how | {"samples": samples, "seed": seed} | ({"draws": draws} if draws else {}),
        rows=rows,
        size=len(points),
        sampled=samples is not None,
        output=shown,
        stopped=stopped,
    )


def from_shell(
    cell: Cell,
    over: Annotated[
        list[str],
        Option(
            "pressure (MPa), grain-size (um), c-rate, temperature (C), soc, a parameter of 'ssb "
            'show\' (SI), "positive: Porosity [%]" or "option contact"; 0.5,1,2 or 1:20:8 (8 '
            "values from 1 to 20) or 1:20:8:log; repeat for a grid",
            metavar="NAME=VALUES",
        ),
    ],
    typed_on_cell: Iterable[str] = (),
    **arguments: Any,
) -> SweepResult:
    """A sweep whose axes are typed, each of them once."""
    axes = dict(typed_axis(text) for text in over)
    if len(axes) < len(over):
        raise InputError("--over names something twice: give all its values at once.")
    opt.check_of_use(arguments, arguments.get("run", "discharge"))
    if "seed" in arguments and not {"samples", "draws"} & arguments.keys():
        raise InputError("--seed is of draws: give --samples N or --draws N with it.")
    for name in (*arguments, *typed_on_cell):
        if name in axes:
            option = f"--{typed.word(name)}" if name in typed.CONDITIONS else f"'{name}'"
            raise InputError(f"{option} is varied by --over: leave it out elsewhere.")
    return sweep(cell, axes, **arguments)


def typed_axis(text: str) -> tuple[str, list[Any]]:
    """("stack_pressure", [1e6, 5e6]) from "pressure=1,5"."""
    name, equals, values = text.rpartition("=")
    if not equals or not name.strip() or not values.strip():
        raise InputError(f"--over '{text}': write it as name=1,2,5 or name=1:20:8.")
    name = typed.condition(name) or name.strip()
    if name.startswith(OPTION):
        return name, [value.strip() for value in values.split(",")]
    try:
        return name, typed.values(values, typed.CONDITIONS.get(name, "1"))
    except ValueError as error:
        raise InputError(f"--over '{text}': {error}") from None


@dataclass(frozen=True, repr=False)
class SweepResult(Result):
    """A row per point; ``axes`` names the columns that were varied."""

    kind, rows_fail = "sweep", True
    besides = ("best_grain_size.*",)

    cell: Cell
    axes: list[str]
    how: dict[str, Any]  # run, conditions and settings that hold at every point
    rows: list[dict[str, Any]]
    size: int  # points asked for
    sampled: bool
    output: str | None  # what a figure shows unless told
    stopped: str = ""

    @property
    def outputs(self) -> list[str]:
        """Columns of numbers that were not set."""
        table = self.table.drop(columns=[*self.axes, *WORDS, *CONDITIONS], errors="ignore")
        return [name for name in table if pd.api.types.is_numeric_dtype(table[name])]

    @property
    def data(self) -> xr.Dataset:
        """Outputs on the grid of the axes, or, drawn, along the points."""
        table = self.table
        reasons = sorted(set(table["Stopped by"]))
        table["Stopped by"] = [reasons.index(reason) for reason in table["Stopped by"]]
        names = {name: _plain(name) for name in [*self.axes, *self.outputs, "Stopped by"]}
        kept = table[list(names)].rename(columns=names)
        if self.sampled:
            data = kept.rename_axis("point").to_xarray()
        else:
            data = kept.set_index([names[axis] for axis in self.axes]).to_xarray()
        for name, plain in names.items():
            data[plain].attrs["long_name"] = name
        data["Stopped by"].attrs["meanings"] = "; ".join(
            f"{number}: {reason}" for number, reason in enumerate(reasons)
        )
        return data.assign_attrs(cell=self.cell.name, title=self.title, run=self.words)

    @property
    def words(self) -> str:
        """What one point is, for a reader."""
        return run_words(self.how)

    def minimum_pressures(
        self, output: str | None = None, keep: float = KEEP
    ) -> pd.DataFrame | None:
        """Lowest pressure that keeps a share of what the highest gives, along the other axes.

        Read between the runs below and above it, so no better than the grid; none without
        several pressures, or where less is better.
        """
        output = output or self.output
        if PRESSURE not in self.axes or self.sampled or output not in MORE_IS_BETTER:
            return None
        if self.table[PRESSURE].nunique() < 2:
            return None
        if output not in self.outputs:  # no point gave any
            return None
        others = [axis for axis in self.axes if axis != PRESSURE]
        return lowest_pressures(self.table, others, output, keep)

    def plot(self, output: str | None = None, keep: float | None = KEEP):
        """Curve, map or points of one output; with the pressure that keeps that share of it."""
        from ssb_model.figures.sweep import plot_sweep

        return plot_sweep(self.title, self.table, self.axes, self._output(output), keep, self.words)

    def plot_best(self, of: str, output: str | None = None):
        """Which value of one axis is best against each of the others."""
        from ssb_model.figures.best import plot_best

        output = self._output(output)
        against = [axis for axis in self.axes if axis != of]
        lowest = output.startswith("Resistance")
        return plot_best(self.title, self.table, of, against, output, lowest)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        kept = ("title", "axes", "how", "size", "sampled", "stopped")
        fields = {name: getattr(self, name) for name in kept}
        return finite({"kind": self.kind, "cell": self.cell.name, **fields, "rows": self.rows})

    @property
    def files(self) -> dict[str, bytes]:
        """Rows as CSV, the grid as netCDF, figures as PNG and SVG."""
        if not self.rows:
            return {}
        files = {"sweep.csv": csv_bytes(self.table), "sweep.nc": netcdf_bytes(self.data)}
        least = self.minimum_pressures()
        if least is not None:
            files["sweep.minimum_pressure.csv"] = csv_bytes(least)
        if self.output not in self.outputs and (self.output or not self.outputs):
            return files
        files |= self.figure_files(self.plot())
        if GRAINS in self.axes and len(self.axes) > 1 and not self.sampled:
            files |= figure_bytes("best_grain_size", self.plot_best(GRAINS))
        return files

    @property
    def text(self) -> str:
        """What was run, how it ended, and each point or the best and worst of many."""
        rows = self.rows
        lines = self.head(f"Sweep      {self.words}")
        lines.append(f"Points     {len(rows)} of {self.size}")
        ends = Counter(row["Stopped by"] for row in rows)
        lines += [f"           {count} {end}" for end, count in ends.most_common() if end]
        if not rows or self.output is None:
            return "\n".join(lines)
        if len(rows) > MOST_ROWS:
            known = [row for row in rows if row.get(self.output) is not None]
            rows = sorted(known, key=lambda row: row[self.output])
            lines += ["", f"Lowest and highest {self.output}"]
            rows = [*rows[:1], *rows[1:][-1:]]
        columns = [*self.axes, self.output, "Stopped by", "Detail"]
        shown = [{name: row.get(name) for name in columns} for row in rows]
        if "draws" in self.how:
            lines.append(f"Draws      {self.how['draws']} at each point; median [5 %, 95 %]")
            for one, row in zip(shown, rows, strict=True):
                one["of draws"] = of_draws(row, self.output)
        lines += ["", text_table(shown)] if rows else []
        least = self.minimum_pressures()
        if least is not None and len(least) <= MOST_ROWS:
            lines += ["", text_table(least.to_dict("records"))]
        return "\n".join(lines)

    def _output(self, name: str | None) -> str:
        known = self.outputs
        name = name or self.output or next(iter(known), "")
        if name not in known:
            raise InputError(f"no output '{name}' in this sweep. {nearest(name, known)}")
        return name


def _plain(name: str) -> str:
    """A name that a netCDF variable may have."""
    return name.replace("/", " ")
