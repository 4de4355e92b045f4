"""A question put to draws of what a cell's files declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path

from ssb_model.analysis.draws import latin_hypercube
from ssb_model.cell.cell import Cell
from ssb_model.errors import InputError, SolidStateError, nearest
from ssb_model.parameters.declared import uncertain
from ssb_model.studies.axes import Recipe
from ssb_model.studies.plan import Plan, Row, Values, differing
from ssb_model.studies.question import Answer, Measure, Question
from ssb_model.studies.solve import solve
from ssb_model.system.point_journal import PointJournal
from ssb_model.system.progress import Bar
from ssb_model.system.signals import BY_HAND

TOLERANCE_OF_DRAWS = 0.03  # of the pressure; their spread is wider by far
GROUP = 32  # draws searched side by side
RUNS_OF_A_DRAW = 8


def drawn_from_ranges(
    cell: Cell, chosen: Iterable[str] | None, count: int, seed: int
) -> dict[str, list[float]]:
    """Numbers by the names of what declares a range, a list of draws each; SI."""
    known = uncertain(cell.design.file)
    chosen = [chosen] if isinstance(chosen, str) else chosen
    for name in chosen or ():
        if name not in known:
            raise InputError(f"'{name}' declares no range. {nearest(name, known)}")
    names = list(known if chosen is None else dict.fromkeys(chosen))
    if not names:
        raise InputError(
            f"nothing in {cell.name} declares a range: write range = [smallest, largest] beside "
            "what is not certain."
        )
    ranges = {name: (known[name].value, *known[name].range) for name in names}
    return {name: values.tolist() for name, values in latin_hypercube(ranges, count, seed).items()}


def measured_by(plan: Plan, cells: list[Values]) -> Measure:
    """Rows of a plan's cells at pressures; the pressure is the last of its axes."""

    def measured(asked: list[tuple[int, float]]) -> list[Row]:
        points = {k: (*cells[number], pressure) for k, (number, pressure) in enumerate(asked)}
        rows = solve(plan, points)
        return [rows[k] for k in range(len(asked))]

    return measured


def answered(
    plan: Plan,
    question: Question,
    drawn: dict[str, list[float]],
    seed: int,
    journal: str | Path | None,
    fresh: bool,
) -> tuple[list[Row], str]:
    """What was found at each draw, in order; what stopped it, if anything did."""
    cells = list(zip(*drawn.values(), strict=True))
    plan = replace(plan, axes=(*(Recipe(name, name) for name in drawn), *plan.axes))
    plan = replace(plan, differing=differing(plan.cell, _first(plan, cells)))
    identity = {
        "samples": len(cells),
        "seed": seed,
        **asdict(question.criterion),
        "measured": question.measured,
        "reference, lowest and highest pressure": [question.reference, question.low, question.high],
        "drawn": list(drawn),
        **plan.identity,
    }
    stopped = ""
    with PointJournal(journal, identity, fresh) as log:
        done = log.done()
        left = [number for number in range(len(cells)) if number not in done]
        plan = plan.for_many(RUNS_OF_A_DRAW * len(left))
        with Bar(len(cells), "draws", len(done)) as bar:
            try:
                for k in range(0, len(left), GROUP):
                    group = left[k : k + GROUP]
                    measure = measured_by(plan, [cells[number] for number in group])
                    answers = question.answers(len(group), measure, TOLERANCE_OF_DRAWS)
                    log.add(dict(zip(group, map(_kept, answers), strict=True)))
                    bar.advance(len(group))
            except KeyboardInterrupt:
                stopped = BY_HAND
        return [{"draw": number, **row} for number, row in log.rows()], stopped


def _first(plan: Plan, cells: list[Values], count: int = 2) -> Iterator[Cell]:
    """A few of the drawn cells; all that is drawn differs in any one."""
    made = (cell for values in cells if (cell := _made(plan, values)) is not None)
    return islice(made, count)


def _made(plan: Plan, values: Values) -> Cell | None:
    try:
        return plan.made((*values, None))
    except SolidStateError:  # refused where it is run
        return None


def _kept(answer: Answer) -> Row:
    """What the result needs of a draw."""
    refused = [row["detail"] for row in answer.runs if row["stopped_by"] == "refused"]
    return {
        "minimum_stack_pressure_MPa": answer.minimum,
        "status": refused[0] if refused else answer.status,
        "aside": answer.aside,
        "at_reference": answer.at_reference,
        "runs": [[row["stack_pressure_MPa"], row["value"]] for row in answer.runs],
    }
