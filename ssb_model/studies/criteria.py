"""What "still does its job" means: which run, which number of it, and how much is enough."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ssb_model.cell.cell import Cell
from ssb_model.errors import InputError, nearest
from ssb_model.quantities.checks import check_number, check_positive


@dataclass(frozen=True)
class Criterion:
    """A number of a run and the ``target`` it must reach, from below or from above.

    Where it is ``relative`` the target is a share of what the reference pressure gives.
    """

    name: str
    run: str
    output: str
    target: float | None = None
    relative: bool = False
    better: str = "higher"

    def value(self, row: dict[str, Any]) -> float | None:
        """The number of a run; the worst there is where the cell never began, none if it failed."""
        value, stopped = row.get(self.output), row.get("stopped_by", "")
        if value is None and stopped != "refused" and "failed" not in stopped:
            return -math.inf if self.better == "higher" else math.inf
        return value

    def margin(self, value: float | None, at_reference: float | None) -> float:
        """How far a value is on the right side of the target, NaN where there is none."""
        value = self.share(value, at_reference)
        return value - self.target if self.better == "higher" else self.target - value

    def share(self, value: float | None, at_reference: float | None) -> float:
        """The value as the target is meant."""
        if value is None:
            return float("nan")
        if not self.relative:
            return value
        return value / at_reference if at_reference else float("nan")


CRITERIA = {
    criterion.name: criterion
    for criterion in (
        Criterion("capacity", "discharge", "capacity_mAh_g", relative=True),
        Criterion("energy", "discharge", "energy_mWh_cm2", relative=True),
        Criterion("retention", "cycles", "retention"),
        Criterion("plating margin", "charge", "plating_margin_mV", target=0.0),
        Criterion("resistance", "pulse", "resistance_Ohm_cm2", better="lower"),
    )
}


def criterion_of(
    name: str, cell: Cell, keep: float, limit: float | None, from_full: bool = False
) -> Criterion:
    """A criterion by name; its target is ``limit``, in the output's unit, or the share ``keep``."""
    if not isinstance(name, str) or name not in CRITERIA:
        raise InputError(f"no criterion '{name}'. {nearest(str(name), CRITERIA)}")
    known = CRITERIA[name]
    if name == "plating margin" and "negative" not in cell.model_options.porous:
        form = cell.options["negative electrode"]
        raise InputError(
            f"{cell.name} has a {form} for a negative electrode, which has no margin against "
            "plating: take a cell with graphite, or another criterion."
        )
    if from_full and known.run != "discharge":
        raise InputError(f"'{name}' is no matter of a discharge from full: leave out from_full.")
    run = "from full" if from_full else known.run
    if limit is not None:
        check_number("the limit", limit)
        if name != "plating margin":
            check_positive("the limit", limit)
        if name == "retention" and limit > 1:
            raise InputError(f"a retention is a share, at most 1, not {limit:g}.")
        return Criterion(name, run, known.output, limit, False, known.better)
    if known.target is not None:
        return known
    if known.better == "lower":
        raise InputError(f"give a limit for '{name}', in Ohm cm2.")
    if not 0 < check_positive("keep", keep) < 1:
        raise InputError(
            f"keep is a share, above 0 and below 1, not {keep:g}: only the reference gives all."
        )
    return Criterion(name, run, known.output, keep, known.relative, known.better)


def own_criterion(keep: float, limit: float | None) -> Criterion:
    """For a function of the user's: a limit, or a share of what the reference pressure gives."""
    return Criterion("own", "own", "value", keep if limit is None else limit, limit is None)
