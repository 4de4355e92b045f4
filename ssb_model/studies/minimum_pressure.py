"""How little stack pressure is enough, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.errors import InputError
from ssb_model.quantities.checks import (
    SMALLEST_PRESSURE,
    check_number,
    check_pressure,
    check_several,
    check_whole,
)
from ssb_model.results.draws import Draws
from ssb_model.results.minimum_pressure import MinimumPressureResult
from ssb_model.studies.criteria import Criterion, criterion_of, own_criterion
from ssb_model.studies.drawn import answered, drawn_from_ranges, measured_by
from ssb_model.studies.plan import Row
from ssb_model.studies.question import Answer, Measure, Question
from ssb_model.studies.runs import Settings
from ssb_model.studies.sweep import planned
from ssb_model.system.signals import BY_HAND

LOWEST = 1e5  # Pa, tried unless told
TOLERANCE = 0.01  # of the pressure
MOST_SAMPLES = 100_000


def minimum_stack_pressure(
    cell: Cell | str | Path,
    c_rate: float = 0.1,
    keep: float = 0.95,
    criterion: str | Callable[[float], float] = "capacity",
    limit: float | None = None,
    reference_pressure: float | None = None,
    between: tuple[float, float] | None = None,
    temperature: float | None = None,
    charge_rate: float | None = None,
    from_full: bool = False,
    cycles: int = 100,
    soc: float = 0.5,
    seconds: float = 10.0,
    samples: int = 0,
    seed: int = 0,
    ranges: Iterable[str] | None = None,
    measured: tuple[float, float] | None = None,
    journal: str | Path | None = None,
    fresh: bool = False,
) -> MinimumPressureResult:
    """The lowest stack pressure [Pa] at which a cell still does its job, and an interval.

    ``criterion``: "capacity" or "energy" of a discharge at ``c_rate``, charged before at the same
    rate (or ``charge_rate``; ``from_full`` begins from rest at 100 % instead), at least the share
    ``keep`` of what ``reference_pressure`` gives, by default the cell's own; with ``limit`` at
    least so many mAh/g or mWh/cm2. "retention": at least ``keep`` after ``cycles`` cycles.
    "plating margin": at least ``limit`` mV while charging, 0 if not given. "resistance": at most
    ``limit`` Ohm cm2 after ``seconds`` of current at state of charge ``soc``. Or your own
    function of the pressure, held against ``limit`` or the reference likewise.

    Pressures ``between`` two limits are tried, by default 0.1 MPa and the reference or, if
    higher, the end of the range the cell file declares; at most a dozen runs. "Already met at
    the lowest", "never" and "met only between" are answers, not errors.

    With ``samples`` the numbers that declare a range (or those of them in ``ranges``) are drawn
    that often, all at once, seeded: median and 5 to 95 % of the minimum, and what drives it.
    Those that give nothing at the reference pressure are set aside, and with ``measured``, two
    limits in the output's unit, those that do not give there what the cell was measured to give.
    With ``journal``, a file, draws are kept as they are done. Every pressure is a fresh cell held
    there from its first charge on. The mesh is the draft one (for a margin against plating the
    coarse one) unless the cell's options name one.
    """
    cell = cell if isinstance(cell, Cell) else load_cell(cell)
    _check_samples(samples, callable(criterion), ranges, measured, journal, fresh)
    if callable(criterion):
        asked = own_criterion(keep, limit)
        question = Question(asked, *_pressures(cell, asked, reference_pressure, between))
        told: Row = {"run": getattr(criterion, "__name__", "function")}
        nominal, stopped = _asked(question, _of_function(criterion))
        return _result(cell, question, told, nominal, stopped=stopped)
    asked = criterion_of(criterion, cell, keep, limit, from_full)
    question = Question(asked, *_pressures(cell, asked, reference_pressure, between))
    conditions = {
        "c_rate": c_rate,
        "stack_pressure": question.reference,
        "temperature": temperature,
        "soc": soc,
    }
    over = {"stack_pressure": [question.low, question.high]}
    plan, _ = planned(cell, over, asked.run, conditions, Settings(charge_rate, cycles, seconds))
    drawn = drawn_from_ranges(cell, ranges, samples, seed) if samples else {}
    of_draws = replace(question, measured=_measured(measured, asked))
    nominal, stopped = _asked(question, measured_by(plan, [()]))
    beside, outcomes = None, []
    if asked.run == "discharge" and not stopped:
        full = replace(plan, run="from full")
        beside, stopped = _asked(question, measured_by(full, [()]))
        beside = None if stopped else beside
    if samples and not stopped:
        outcomes, stopped = answered(plan, of_draws, drawn, seed, journal, fresh)
    return _result(cell, question, plan.how, nominal, beside, drawn, outcomes, seed, stopped)


def _asked(question: Question, measure: Measure) -> tuple[Answer, str]:
    """The answer of the cell as it stands; where a hand stopped it, the runs that were done."""
    runs: list[Row] = []

    def kept(asked: list[tuple[int, float]]) -> list[Row]:
        rows = measure(asked)
        for (_, pressure), row in zip(asked, rows, strict=True):
            told = {"stack_pressure_MPa": pressure / 1e6, "value": question.criterion.value(row)}
            runs.append(row | told)
        return rows

    try:
        return question.answers(1, kept, TOLERANCE)[0], ""
    except KeyboardInterrupt:
        if not runs:
            raise
        first = runs[0]["value"] if question.criterion.relative else None
        return Answer(None, first, runs, BY_HAND), BY_HAND


def _of_function(value: Callable[[float], float]):
    def measured(asked: list[tuple[int, float]]) -> list[Row]:
        return [{"value": value(pressure), "stopped_by": ""} for _, pressure in asked]

    return measured


def _result(
    cell: Cell,
    question: Question,
    told: Row,
    nominal: Answer,
    beside: Answer | None = None,
    drawn: dict[str, list[float]] | None = None,
    outcomes: list[Row] | None = None,
    seed: int = 0,
    stopped: str = "",
) -> MinimumPressureResult:
    asked = {
        **asdict(question.criterion),
        **told,
        "reference_pressure_MPa": question.reference / 1e6,
        "lowest_tried_MPa": question.low / 1e6,
        "highest_tried_MPa": question.high / 1e6,
    }
    found = {
        "minimum_stack_pressure_MPa": nominal.lowest,
        "status": nominal.status,
        "windows": nominal.windows,
        "at_reference": nominal.at_reference,
        "runs": nominal.runs,
        "from_full": beside
        and {"minimum_stack_pressure_MPa": beside.lowest, "status": beside.status},
    }
    draws = Draws(drawn or {}, outcomes or [], seed, asked)
    return MinimumPressureResult(cell.name, cell.title, asked, found, draws, stopped)


def _pressures(
    cell: Cell,
    asked: Criterion,
    reference: float | None,
    between: tuple[float, float] | None,
) -> tuple[float, float, float]:
    """The reference, the lowest and the highest pressure [Pa]."""
    own = cell.entries["Stack pressure [Pa]"]
    reference = own.value if reference is None else reference
    check_pressure("the reference pressure", reference)
    if between is None:
        declared = own.range[1] if own.range else reference
        high = reference if asked.relative else max(reference, declared)
        between = (min(LOWEST, max(high / 10, SMALLEST_PRESSURE)), high)
    tried = check_several("pressures to try", between)
    if len(tried) != 2:
        raise InputError(f"pressures are tried between two, not {len(tried)}: give (1e5, 5e6).")
    low, high = (check_pressure("a pressure to try", p) for p in tried)
    if not low < high:
        raise InputError(
            f"nothing between {low / 1e6:g} and {high / 1e6:g} MPa: give the lower one first."
        )
    return reference, low, high


def _check_samples(
    samples: int, own: bool, ranges: Any, measured: Any, journal: Any, fresh: bool
) -> None:
    check_whole("the number of samples", samples, least=0, most=MOST_SAMPLES)
    if samples and own:
        raise InputError("a function of your own has no declared ranges: leave out the samples.")
    if not samples and (ranges is not None or measured is not None):
        raise InputError("ranges and what was measured are for draws: give a number of samples.")
    if journal is not None and not samples:
        raise InputError("without samples there is nothing to keep: leave out the journal.")
    if fresh and journal is None:
        raise InputError("there is no journal to start anew: give one (--out FOLDER keeps it).")


def _measured(limits: tuple[float, float] | None, asked: Criterion) -> tuple[float, float] | None:
    """What a draw must give at the reference, checked."""
    if limits is None:
        return None
    if not asked.relative:
        raise InputError(
            f"nothing is run at a reference for '{asked.name}' against a limit: leave out what "
            "was measured there."
        )
    given = check_several("what was measured", limits)
    if len(given) != 2:
        raise InputError(f"what was measured lies between two limits, not {len(given)}.")
    low, high = (check_number("what was measured", limit) for limit in given)
    if not low < high:
        raise InputError(f"what was measured lies between two limits, not {low:g} and {high:g}.")
    return low, high
