"""How little stack pressure is enough, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import xarray as xr

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.errors import InputError
from ssb_model.quantities import typed
from ssb_model.quantities.units import said, to_si
from ssb_model.studies.conditioning import Condition
from ssb_model.studies.draws import Draws, answered, check_samples, draws_of, measured_by
from ssb_model.studies.plan import planned
from ssb_model.studies.question import (
    CRITERIA,
    MINIMUM,
    PRESSURE,
    Question,
    by_function,
    criterion_of,
)
from ssb_model.studies.runs import Settings
from ssb_model.studies.wording import (
    answer_words,
    axis_label,
    draw_words,
    driver_rows,
    from_full_words,
    heading,
    nearest_run,
    run_words,
)
from ssb_model.system.saving import csv_bytes, finite
from ssb_model.verbs.options import (
    ChargeRate,
    CvUntil,
    Cycles,
    Fresh,
    Option,
    PulseLength,
    PulseSoc,
    ReferencePressure,
    Seed,
    Temperature,
    check_of_use,
    spaced,
)
from ssb_model.verbs.result import Result, text_table


def minimum_stack_pressure(
    cell: Cell | str | Path,
    c_rate: Annotated[float, Option("{default} if left out", unit="C")] = 0.1,
    keep: Annotated[
        float,
        Option(
            "share of what the reference pressure gives (or, of retention, of the first cycle), "
            "{default}",
            group="enough",
        ),
    ] = 0.95,
    criterion: Annotated[
        str | Callable[[float], float],
        Option(
            "what the job is; {default} if left out",
            choices=("capacity", "energy", "retention", "plating margin", "resistance"),
            read=spaced,
        ),
    ] = "capacity",
    limit: Annotated[
        float | None,
        Option(
            "in place of a share: at least so many mAh/g, mWh/cm2 or mV, at most Ohm cm2",
            group="enough",
        ),
    ] = None,
    reference_pressure: ReferencePressure = None,
    between: Annotated[
        Sequence[float] | None,
        Option(
            "pressures to try; from 0.1 to the reference, or what the cell file declares",
            unit="MPa",
            metavar="MPa,MPa",
        ),
    ] = None,
    temperature: Temperature = None,
    charge_rate: ChargeRate = None,
    from_full: Annotated[bool, Option("discharges from rest at 100 %, no charges")] = False,
    cycles: Cycles = 100,
    soc: PulseSoc = 0.5,
    seconds: PulseLength = 10.0,
    samples: Annotated[
        int,
        Option(
            "draws of all numbers that declare a range, for an interval; 200 take a minute or two",
            metavar="N",
        ),
    ] = 0,
    seed: Seed = 0,
    ranges: Annotated[
        list[str] | None,
        Option(
            'draw only this, as "NCM811: Release pressure [Pa]"; may be repeated',
            ("--range",),
            metavar='"OWNER: NAME"',
        ),
    ] = None,
    measured: str | Sequence[float] | None = None,
    journal: str | Path | None = None,
    fresh: Fresh = False,
    cv_until: CvUntil = None,
) -> MinimumPressureResult:
    """The lowest stack pressure [Pa] at which a cell still does its job, and an interval.

    ``criterion``: "capacity" or "energy" of a discharge at ``c_rate``, charged before at the same
    rate (or ``charge_rate``; on at the upper cut-off until the C-rate ``cv_until`` if that is
    given; ``from_full`` begins from rest at 100 % instead), at least the share ``keep`` of what
    ``reference_pressure`` gives, by default the cell's own; with ``limit`` at least so many mAh/g
    or mWh/cm2. "retention": at least ``keep`` after ``cycles`` cycles that age it as declared.
    "plating margin": at least ``limit`` mV while charging, 0 if not given. "resistance": at most
    ``limit`` Ohm cm2 after ``seconds`` of current at state of charge ``soc``. Or your own
    function of the pressure, held against ``limit`` or the reference likewise.

    Pressures ``between`` two limits are tried, by default 0.1 MPa and the reference or, if
    higher, the end of the range the cell file declares; at most a dozen runs. "Already met at
    the lowest", "never" and "met only between" are answers, not errors.

    With ``samples`` the numbers that declare a range (or those of them in ``ranges``) are drawn
    that often, all at once, seeded: median and 5 to 95 % of the minimum, and what drives it.
    Those that give nothing at the reference pressure are set aside, and with ``measured`` those
    that do not give there what the cell was measured to give: two limits in the output's unit, or
    a reading as ``discharge`` takes it, "Capacity [mAh/g] at 0.1C = 155 +- 3", of which draws may
    be two standard errors off.
    With ``journal``, a file, draws are kept as they are done. Every pressure is a fresh cell held
    there from its first charge on. The mesh is the draft one (for a margin against plating the
    coarse one) unless the cell's options name one.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    check_samples(samples, callable(criterion), ranges, measured, journal, fresh)
    question = Question.of(
        criterion_of(criterion, cell, keep, limit, from_full), cell, reference_pressure, between
    )
    if callable(criterion):
        asked = question.asked({"run": getattr(criterion, "__name__", "function")})
        answer, stopped = question.answer(by_function(criterion))
        nominal = answer.row | {"from_full": None}
        return MinimumPressureResult(cell, asked, nominal, Draws({}, [], seed, asked), stopped)
    run = question.criterion.run
    conditions = {
        "c_rate": c_rate,
        "stack_pressure": question.reference,
        "temperature": temperature,
        "soc": soc,
    }
    over = {"stack_pressure": [question.low, question.high]}
    plan, _ = planned(cell, over, run, conditions, Settings(charge_rate, cycles, seconds, cv_until))
    drawn = draws_of(cell, samples, seed, ranges) if samples else {}
    of_draws = question.with_measured(_limits(measured, question, c_rate))
    answer, stopped = question.answer(measured_by(plan, [()]))
    from_full, outcomes = None, []
    if run == "discharge" and not stopped:
        beside, stopped = question.answer(measured_by(replace(plan, run="from full"), [()]))
        from_full = None if stopped else {MINIMUM: beside.lowest, "status": beside.status}
    if samples and not stopped:
        outcomes, stopped = answered(plan, of_draws, drawn, seed, journal, fresh)
    asked, nominal = question.asked(plan.how), answer.row | {"from_full": from_full}
    draws = Draws(drawn, outcomes, seed, asked)
    return MinimumPressureResult(cell, asked, nominal, draws, stopped)


def _limits(measured: Any, question: Question, c_rate: float) -> Sequence[float] | None:
    """Two limits as they are, or two standard errors about a reading at the reference."""
    if not isinstance(measured, str):
        alone = isinstance(measured, (list, tuple)) and len(measured) == 1
        return _limits(measured[0], question, c_rate) if alone else measured
    output, reference = question.criterion.output, question.reference
    one = Condition.read(measured, (reference, 0.0), Settings())
    if (one.column, one.c_rate, one.stack_pressure) != (output, c_rate, reference):
        raise InputError(
            f"measured '{measured}' is not what draws give at the reference: give {output} at "
            f"{c_rate:g}C, {said(reference, 'MPa')}."
        )
    return one.value - 2 * one.error, one.value + 2 * one.error


def from_shell(
    cell: Cell,
    measured: Annotated[
        list[str] | None,
        Option(
            'what the cell gives at the reference, as "Capacity [mAh/g] at 0.1C = 155 +- 3" or '
            "between two limits, 150,170; draws that give something else are set aside",
            metavar="READING",
        ),
    ] = None,
    journal: Path | None = None,
    fresh: bool = False,
    **arguments: Any,
) -> MinimumPressureResult:
    """The same of what is typed: settings without use are refused, draws keep a journal."""
    if len(arguments.get("between", (0, 0))) != 2:
        raise InputError("--between takes two pressures, as 0.1,20.")
    if measured is not None:
        given = "; ".join(measured)
        arguments["measured"] = given if "=" in given else _two(given)
    run = CRITERIA[arguments.get("criterion", "capacity")].run
    check_of_use(arguments, "from full" if arguments.get("from_full") else run)
    samples = arguments.get("samples", 0)
    if "seed" in arguments and not samples:
        raise InputError("--seed is of draws: give --samples N with it.")
    if fresh and not (journal and samples):
        raise InputError("--fresh starts draws anew: give --samples and --out with it.")
    journal = journal if samples else None
    return minimum_stack_pressure(cell, journal=journal, fresh=fresh, **arguments)


def _two(text: str) -> list[float]:
    """Two limits, "150,170"."""
    with suppress(ValueError):
        limits = typed.numbers(text, "1")
        if len(limits) == 2:
            return limits
    raise InputError(
        f"--measured '{text}': write one reading as \"Capacity [mAh/g] at 0.1C = 155 +- 3\", or "
        "two limits as 150,170."
    )


@dataclass(frozen=True, repr=False)
class MinimumPressureResult(Result):
    """What was asked, what the cell as it stands gave, and what draws of its ranges gave."""

    kind = "minimum-stack-pressure"
    name = "min_pressure"

    cell: Cell
    asked: dict[str, Any]
    nominal: dict[str, Any]
    draws: Draws
    stopped: str = ""

    @property
    def status(self) -> str:
        return self.nominal["status"]

    @property
    def minimum_stack_pressure(self) -> float | None:
        """In Pa; the lowest tried if met there, none if never met."""
        minimum = self.nominal[MINIMUM]
        return minimum and to_si(minimum, "MPa")

    @cached_property
    def answer(self) -> dict[str, Any]:
        """The short answer; pressures in MPa, null where one lies beyond those tried."""
        low, median, high = self.draws.quantiles or (None, None, None)
        return finite(
            {
                MINIMUM: self.nominal[MINIMUM],
                "Interval [MPa]": None if low is None else [low, high],
                "Median [MPa]": median,
                "Errors of interval and median [MPa]": self.draws.errors
                and [list(pair) for pair in self.draws.errors],
                "Reference pressure [MPa]": self.asked["Reference pressure [MPa]"],
                "share_of_draws_met": self.draws.share_met(self.nominal[MINIMUM]),
                "at_reference": self.nominal["at_reference"],
                "from_full": self.nominal["from_full"],
                "at_reference_of_draws": self.draws.at_reference,
                "status": self.status,
                "words": self.words,
                "draw_words": self.draw_words,
                "drivers": self.draws.drivers,
                "draws": self.draws.counts,
            }
        )

    @property
    def words(self) -> str:
        """The answer in a sentence."""
        return answer_words(self.asked, self.nominal, self.table)

    @property
    def draw_words(self) -> list[str]:
        """How sure the answer is, in sentences."""
        return draw_words(self.draws, self.nominal)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The runs of the cell as it stands, as they were made."""
        return self.nominal["runs"]

    @property
    def table(self) -> pd.DataFrame:
        """The runs of the cell as it stands, by pressure."""
        rows = pd.DataFrame(self.rows).sort_values(PRESSURE, ignore_index=True)
        if self.asked["relative"]:
            rows["value"] = rows["value"] / (self.nominal["at_reference"] or np.nan)
        return rows.drop_duplicates(PRESSURE, ignore_index=True)

    @property
    def data(self) -> xr.Dataset:
        """The runs as arrays over the pressure."""
        return self.table.set_index(PRESSURE).to_xarray().assign_attrs(cell=self.cell.name)

    def plot(self):
        """Value against pressure with the requirement and the interval; returns the figure."""
        from ssb_model.figures.minimum_pressure import plot_minimum_pressure

        answer = {**self.answer, "status": self.words}
        if self.draws.quantiles and not np.isfinite(self.draws.quantiles).any():
            answer["Interval [MPa]"] = None  # all on one side of the pressures tried
        return plot_minimum_pressure(
            self.title,
            run_words(self.asked),
            self.table[[PRESSURE, "value"]],
            self.asked["target"],
            axis_label(self.asked),
            answer,
            self.draws.band,
            self.draws.minima if self.draws.quantiles else None,
            self.asked["better"],
        )

    def column(self, name: str) -> list[float]:
        """Of the pressure what was found and not all that was tried, or where none was, those."""
        found = self.nominal[MINIMUM] if name == PRESSURE else None
        return super().column(name) if found is None else [found]

    @property
    def failed(self) -> bool:
        """Whether no run gave a number, or a hand stopped it."""
        return bool(self.stopped) or (
            nearest_run(self.asked, self.table) is None and self.nominal["at_reference"] != 0
        )

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        head = {"cell": self.cell.name, "kind": self.kind, **self.answer}
        more = {"asked": self.asked, "windows": self.nominal["windows"], "seed": self.draws.seed}
        return finite({**head, **more, "stopped": self.stopped, "runs": self.rows})

    @property
    def more(self) -> dict[str, bytes]:
        """The draws as CSV."""
        return {"min_pressure.draws.csv": csv_bytes(self.draws.table)} if self.draws else {}

    @property
    def text(self) -> str:
        """The answer, how sure it is, what it follows, and the runs it rests on."""
        told = [f"Runs       {run_words(self.asked)}", f"Answer     {self.words}"]
        if self.nominal["from_full"]:
            told.append(f"Beside     {from_full_words(self.nominal)}")
        lines = self.head(*told)
        lines += [f"Draws      {line}" for line in self.draw_words]
        drivers = driver_rows(self.draws)
        lines += ["", text_table(drivers)] if drivers else []
        runs = [
            {"MPa": row[PRESSURE], heading(self.asked): row["value"]}
            | {"ended": row.get("Stopped by", "")}
            for row in self.table.to_dict("records")
        ]
        return "\n".join([*lines, "", text_table(runs)])
