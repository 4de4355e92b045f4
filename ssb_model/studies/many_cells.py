"""Many makes of one cell, run side by side on as few built models as their structures need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ssb_model.cell.cell import Cell
from ssb_model.cell.identity import structure
from ssb_model.engine.engine import Engine, side_by_side
from ssb_model.errors import SolidStateError
from ssb_model.experiments.experiment import Experiment, Unsolved, together
from ssb_model.studies.plan import differing
from ssb_model.system.signals import stop_is_heard

Given = TypeVar("Given")
REFUSED, FAILED = "refused", "failed"


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
    """Built models of one cell and others like it, kept from one call to the next."""

    def __init__(self, cell: Cell):
        self.cell = cell
        self._engines: dict[str, tuple[Engine, set[str]]] = {}

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
            told = together(self._engine(key, cells), [_guarded(experiment(one)) for one in cells])
        except Exception as error:
            if len(cells) > 1:
                return [each for one in cells for each in self._run(key, [one], experiment)]
            said = (str(error).strip() or "no word").splitlines()[0]
            return [f"{FAILED}: {type(error).__name__}: {said}"]
        return [f"{FAILED}: {one}" if isinstance(one, Unsolved) else one for one in told]

    def _engine(self, key: str, cells: Sequence[Cell]) -> Engine:
        """With every number the cells differ in an input; built anew where they differ in more."""
        engine, names = self._engines.get(key, (None, set()))
        base = cells[0] if engine is None else engine.cell
        wanted = names | set(differing(self.cell, cells)) | set(differing(base, cells))
        if engine is None or wanted != names:
            engine = side_by_side(base, wanted)
            self._engines[key] = engine, wanted
        return engine


def _guarded(experiment: Experiment[Given]) -> Experiment[Given]:
    """The same, its failures those of one cell and not of all beside it."""
    try:
        return (yield from experiment)
    except SolidStateError as error:
        raise Unsolved(str(error)) from error
