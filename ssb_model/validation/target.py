"""What a paper says of a cell, and whether the model says it too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ssb_model.errors import InputError, SolveError, nearest
from ssb_model.validation.reading import Reading, Tables
from ssb_model.validation.tolerance import Tolerance, error_words

USES = {"fit": "may be fitted to", "check": "predicted", "report": "reported only"}
KINDS = ("number", "ratio", "difference", "ordering", "curve feature")
SECOND = {"ratio": "over", "difference": "less", "ordering": "than"}  # of two readings
ORDERS = ("above", "below", "equal")
BOUNDS = ("at most", "at least")
APART = "3 %"  # numbers nearer than this are not put in an order
NONE = "none"  # of scatter, where the case's own does not fit
HOLDS, MISSES, REPORTED = "holds", "misses", "reported"
NO_ANSWER, NO_COUNTERPART = "no answer", "no counterpart"  # the run ended before; not modelled
ENDINGS = {  # of columns by the unit a target has them in
    "mAh/g": ("_mAh_g",),
    "mAh/cm2": ("_mAh_cm2",),
    "Ohm cm2": ("_Ohm_cm2", "_ohm_cm2"),
    "Ohm": ("_Ohm",),
    "mV": ("_mV",),
    "%": ("_percent",),
}
KEYS = {
    *("name", "use", "kind", "value", "unit", "tolerance", "scatter", "source"),
    *("model", "over", "less", "than", "bound", "cause", "note", "headline"),
}
Row = dict[str, Any]


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
        for key in given:
            if key not in KEYS:
                raise InputError(f"{place}: unknown key '{key}'. {nearest(key, KEYS)}")
        for key in ("name", "use", "kind", "value"):
            if key not in given:
                raise InputError(f"{place}: '{key}' is missing.")
        use, kind, value = given["use"], given["kind"], given["value"]
        if use not in USES:
            raise InputError(f"{place}: use is one of {', '.join(USES)}, not '{use}'.")
        if kind not in KINDS:
            raise InputError(f"{place}: kind is one of {', '.join(KINDS)}, not '{kind}'.")
        unit = given.get("unit", "")
        _check_unit(unit, given.get("model"), kind, place)
        second = given.get(SECOND.get(kind, ""))
        if kind in SECOND and "model" in given and second is None:
            raise InputError(f"{place}: a target of kind '{kind}' needs '{SECOND[kind]}'.")
        if (kind == "ordering") != isinstance(value, str) or value == "":
            words = " or ".join(ORDERS)
            raise InputError(f"{place}: the value of an ordering is {words}, else a number.")
        if kind == "ordering" and value not in ORDERS:
            raise InputError(f"{place}: the value is one of {', '.join(ORDERS)}, not '{value}'.")
        bound = given.get("bound", "")
        if bound and bound not in BOUNDS:
            raise InputError(f"{place}: bound is one of {', '.join(BOUNDS)}, not '{bound}'.")
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
    of_column = next((u for u, ends in ENDINGS.items() if column.endswith(ends)), None)
    if kind in ("number", "difference") and of_column is not None and unit != of_column:
        raise InputError(f"{place}: the column {column} is in {of_column}, not in '{unit}'.")
