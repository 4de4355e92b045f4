"""What a paper says of a cell, and whether the model says it too."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ssb_model.errors import InputError, SolveError
from ssb_model.quantities.registry import unit_of
from ssb_model.quantities.units import same
from ssb_model.validation.reading import Reading, Tables, check_choice, check_keys
from ssb_model.validation.schema import TARGET, check_kinds

USES = {"fit": "may be fitted to", "check": "predicted", "report": "reported only"}
KINDS = ("number", "ratio", "difference", "ordering", "curve feature")
SECOND = {"ratio": "over", "difference": "less", "ordering": "than"}  # of two readings
ORDERS = ("above", "below", "equal")
BOUNDS = ("at most", "at least")
APART = "3 %"  # numbers nearer than this are not put in an order
NONE = "none"  # of scatter, where the case's own does not fit
HOLDS, MISSES, REPORTED = "holds", "misses", "reported"
NO_ANSWER, NO_COUNTERPART = "no answer", "no counterpart"  # the run ended before; not modelled
COMPARED = ("mAh/g", "mAh/cm2", "Ohm cm2", "Ohm", "mV", "%")  # units that targets have
KEYS = (*TARGET, "model", *SECOND.values())
TOLERANCE = re.compile(r"(factor\s+)?([0-9.]+(?:e-?\d+)?)\s*(\S.*)?")
Row = dict[str, Any]


@dataclass(frozen=True)
class Tolerance:
    """ "10 mAh/g" either way, "35 %" of the measured value, or "factor 2" up or down.

    A target in per cent takes "15 points" either way.
    """

    text: str
    amount: float
    kind: str  # "absolute", "relative" or "factor"

    @classmethod
    def read(cls, text: str, unit: str, where: str) -> Tolerance:
        """Read the words of a case; an absolute tolerance carries the unit of its target."""
        found = TOLERANCE.fullmatch(text.strip()) if isinstance(text, str) else None
        if found is None:
            raise InputError(f'{where}: write "35 %", "factor 2" or "10 {unit}", not {text!r}.')
        factor, number, rest = found.groups()
        amount = float(number)
        if factor and not rest and amount > 1:
            return cls(text, amount, "factor")
        if not factor and rest == "%":
            return cls(text, amount / 100, "relative")
        if not factor and (rest or "") == ("points" if unit == "%" else unit):
            return cls(text, amount, "absolute")
        raise InputError(f'{where}: write "35 %", "factor 2" or "10 {unit}", not "{text}".')

    def holds(self, model: float, measured: float) -> bool:
        """Whether the model is as near as that."""
        rounding = 1 + 1e-12
        if self.kind == "absolute":
            return abs(model - measured) <= self.amount * rounding
        if self.kind == "relative":
            return abs(model - measured) <= self.amount * abs(measured) * rounding
        if model * measured <= 0:
            return False
        return abs(math.log(model / measured)) <= math.log(self.amount) * rounding


def error_words(model: float, measured: float, tolerance: Tolerance, unit: str) -> str:
    """The error in the form of the tolerance: a difference, a share or a factor."""
    if tolerance.kind == "absolute" or measured == 0:
        return f"{model - measured:+.3g} {'points' if unit == '%' else unit}".rstrip()
    if tolerance.kind == "factor" and model / measured > 0:
        return f"× {model / measured:.3g}"
    return f"{100 * (model / measured - 1):+.3g} %"


@dataclass(frozen=True)
class Target:
    """One row of the report. Without ``model`` nothing here answers it, and ``cause`` says why."""

    name: str
    use: str
    kind: str
    value: float | str
    unit: str
    source: str
    tolerance: Tolerance | None
    scatter: Tolerance | None
    model: Reading | None
    second: Reading | None
    cause: str
    note: str
    headline: bool
    bound: str = ""  # "at most" or "at least", where one side alone is claimed
    place: str = ""  # file and name, for a message

    @classmethod
    def read(cls, given: Mapping[str, Any], case: Mapping[str, str], where: str) -> Target:
        place = f"{where}, target '{given.get('name', '?')}'"
        check_keys(given, KEYS, place, ("name", "use", "kind", "value"))
        check_kinds(given, TARGET, place)
        use, kind, value = given["use"], given["kind"], given["value"]
        check_choice(f"{place}: use", use, USES)
        check_choice(f"{place}: kind", kind, KINDS)
        unit = given.get("unit", "")
        _check_unit(unit, given.get("model"), kind, place)
        second = given.get(SECOND.get(kind, ""))
        if kind in SECOND and "model" in given and second is None:
            raise InputError(f"{place}: a target of kind '{kind}' needs '{SECOND[kind]}'.")
        if (kind == "ordering") != isinstance(value, str) or value == "":
            words = " or ".join(ORDERS)
            raise InputError(f"{place}: the value of an ordering is {words}, else a number.")
        if kind == "ordering":
            check_choice(f"{place}: the value", value, ORDERS)
        bound = given.get("bound", "")
        if bound:
            check_choice(f"{place}: bound", bound, BOUNDS)
        needed = kind != "ordering" and use != "report" and "model" in given
        if needed and "tolerance" not in given:
            raise InputError(f"{place}: 'tolerance' is missing.")
        if "model" not in given and not given.get("cause"):
            raise InputError(f"{place}: without 'model' a 'cause' says what is not modelled.")
        scatter = given.get("scatter", None if kind == "ordering" else case.get("scatter"))
        scatter = None if scatter == NONE else scatter
        tolerance = given.get("tolerance", APART if kind == "ordering" else None)
        per_cent = "" if kind == "ordering" else unit
        read = Tolerance.read
        return cls(
            name=given["name"],
            use=use,
            kind=kind,
            value=value,
            unit=unit,
            source=given.get("source", case["source"]),
            tolerance=tolerance and read(tolerance, per_cent, place),
            scatter=scatter and read(scatter, per_cent, place),
            model=Reading.read(given["model"], place) if "model" in given else None,
            second=Reading.read(second, place) if second else None,
            cause=given.get("cause", ""),
            note=given.get("note", ""),
            headline=given.get("headline", False),
            bound=bound,
            place=place,
        )

    @property
    def runs(self) -> set[str]:
        """The tables it reads."""
        readings = [one for one in (self.model, self.second) if one is not None]
        return {name for one in readings for name in (one.run, one.other) if name}

    def judged(self, tables: Tables) -> Row:
        """The row of the report."""
        row: Row = {
            "target": self.name,
            "use": self.use,
            "kind": self.kind,
            "measured": f"{self.bound} {self.value:g}" if self.bound else self.value,
            "model": None,
            "unit": self.unit,
            "error": "",
            "tolerance": self.tolerance.text if self.tolerance else "",
            "scatter": self.scatter.text if self.scatter else "",
            "within_scatter": None,
            "verdict": REPORTED if self.use == "report" else NO_COUNTERPART,
            "source": self.source,
            "cause": self.cause,
            "note": self.note,
            "headline": self.headline,
        }
        if self.model is None:
            return row
        try:
            first = self.model.value(tables)
            second = self.second.value(tables) if self.second else None
            if self.kind == "ratio" and second == 0:
                raise SolveError(f"{self.second}: nothing, to which there is no ratio")
        except InputError as error:
            raise InputError(f"{self.place}: {error}") from None
        except SolveError as error:
            told = {"verdict": NO_ANSWER, "error": str(error)}
        else:
            told = self._told(first, second)
        return row | told | ({"verdict": REPORTED} if self.use == "report" else {})

    def _told(self, first: float, second: float | None) -> Row:
        if self.kind == "ordering":
            return self._ordered(first, second)
        model = first
        if second is not None:
            model = first / second if self.kind == "ratio" else first - second
        told: Row = {"model": model, "verdict": ""}
        if self.tolerance is not None:
            told["error"] = error_words(model, self.value, self.tolerance, self.unit)
            near = self.tolerance.holds(model, self.value)
            beyond = model < self.value if self.bound == "at most" else model > self.value
            told["verdict"] = HOLDS if near or (self.bound and beyond) else MISSES
        if self.scatter is not None:
            told["within_scatter"] = self.scatter.holds(model, self.value)
        return told

    def _ordered(self, first: float, second: float) -> Row:
        """Words beside both numbers; "equal" is what the tolerance does not tell apart."""
        equal = self.tolerance is not None and self.tolerance.holds(first, second)
        found = "equal" if equal else "above" if first > second else "below"
        return {
            "model": f"{found}: {first:.4g} against {second:.4g} {self.unit}".rstrip(),
            "error": f"{100 * (first / second - 1):+.3g} %" if second else "",
            "verdict": HOLDS if found == self.value else MISSES,
        }


def _check_unit(unit: str, model: Any, kind: str, place: str) -> None:
    """A number compared in another unit than its column's would hold or miss by chance."""
    column = model.get("column", "") if isinstance(model, dict) else ""
    of_column = next((one for one in COMPARED if same(one, unit_of(column))), None)
    if kind in ("number", "difference") and of_column is not None and not same(unit, of_column):
        raise InputError(f"{place}: the column {column} is in {of_column}, not in '{unit}'.")
