"""Many makes of one cell, run side by side on as few built models as their structures need."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

from ssb_model.cell.cell import Cell
from ssb_model.cell.saving import structure
from ssb_model.engine.engine import side_by_side
from ssb_model.engine.outcome import FAILED, REFUSED
from ssb_model.errors import SolidStateError
from ssb_model.experiments.experiment import Experiment, Unsolved, together
from ssb_model.studies.plan import differing
from ssb_model.system.signals import stop_is_heard

Given, Made = TypeVar("Given"), TypeVar("Made")


def made(cell: Cell, drawn: dict[str, list[float]]) -> list[Cell | str]:
    """The cell with each draw's numbers, or why it cannot be; its options stay."""
    each = zip(*drawn.values(), strict=True)
    return [_made(cell, dict(zip(drawn, one, strict=True))) for one in each]


def _made(cell: Cell, changes: dict[str, float]) -> Cell | str:
    try:
        return cell.with_recipe(changes, "drawn", following=False)
    except SolidStateError as error:
        return f"{REFUSED}: {error}"


class ManyCells:
    """Built models of one cell and others like it, kept from one call to the next.

    ``opened`` are numbers that an experiment changes on its way, open in every model.
    """

    def __init__(self, cell: Cell, opened: Collection[str] = ()):
        self.cell, self.opened = cell, set(opened)
        self._built: dict[tuple, tuple[Cell, set[str], Any]] = {}

    @stop_is_heard()
    def run(
        self, cells: Sequence[Cell], experiment: Callable[[Cell], Experiment[Given]]
    ) -> list[Given | str]:
        """What the experiment of each cell gives, or why nothing: one that fails stops no other."""
        alike: dict[str, list[int]] = {}
        for number, cell in enumerate(cells):
            alike.setdefault(structure(cell), []).append(number)
        given: dict[int, Given | str] = {}
        for key, numbers in alike.items():
            these = [cells[number] for number in numbers]
            given |= zip(numbers, self._run(key, these, experiment), strict=True)
        return [given[number] for number in range(len(cells))]

    def _run(self, key: str, cells: Sequence[Cell], experiment) -> list[Given | str]:
        try:
            engine = self.built(key, cells, side_by_side)
            told = together(engine, [guarded(experiment(one)) for one in cells])
        except Exception as error:
            if len(cells) > 1:
                return [each for one in cells for each in self._run(key, [one], experiment)]
            said = (str(error).strip() or "no word").splitlines()[0]
            return [f"{FAILED}: {type(error).__name__}: {said}"]
        return [f"{FAILED}: {one}" if isinstance(one, Unsolved) else one for one in told]

    def built(
        self, key: str, cells: Sequence[Cell], make: Callable[[Cell, set[str]], Made]
    ) -> Made:
        """What ``make`` makes of a cell and the names of all numbers that the cells differ in.

        Made once for all of a structure, and anew where they differ in more.
        """
        base, names, thing = self._built.get((key, make), (cells[0], None, None))
        wanted = (names or self.opened) | {*differing(self.cell, cells), *differing(base, cells)}
        if wanted != names:
            thing = make(base, wanted)
            self._built[key, make] = base, wanted, thing
        return thing


def guarded(experiment: Experiment[Given]) -> Experiment[Given]:
    """The same, its failures those of one cell and not of all beside it."""
    try:
        return (yield from experiment)
    except SolidStateError as error:
        raise Unsolved(str(error)) from error
