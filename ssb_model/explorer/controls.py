"""What a visitor can move: each control once, by what it sets, its ends and its steps."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ssb_model.errors import InputError, nearest
from ssb_model.parameters.declared import base, declared
from ssb_model.quantities.checks import check_number, check_pressure, check_rate, check_temperature
from ssb_model.quantities.units import in_unit, named, to_si

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell


PRESSURE, TEMPERATURE, RATE = "pressure", "temperature", "rate"  # of the run, not of the cell
SHARE = "active-share"
RATE_AT_FIRST = 0.1  # C
STEPS = 200  # of a slider from end to end
DIGITS = 3  # of a number that a slider gives


@dataclass(frozen=True)
class Control:
    """A number with a slider and a box, in ``unit``.

    It ``sets`` a number of the recipe, named without its unit; one that sets none is of the run.
    """

    key: str  # in the address
    words: str
    unit: str
    low: float
    high: float
    sets: str = ""
    logarithmic: bool = True  # whether its slider goes in equal ratios

    @property
    def shown_unit(self) -> str:
        """Its unit, for a reader; nothing of a pure number."""
        return {"1": "", "degC": "°C", "um": "µm", "mg.cm-2": "mg cm⁻²"}.get(self.unit, self.unit)

    @property
    def label(self) -> str:
        """Its words and unit, for a reader."""
        return f"{self.words}, {self.shown_unit}" if self.shown_unit else self.words

    def recipe_name(self, cell: Cell) -> str | None:
        """What it sets of a cell, "positive: Porosity [%]"; none where the cell has no such."""
        if base(self.sets) not in {base(name) for name in declared(cell.design.file)}:
            return None
        unit = {"1": "", "wt%": "%"}.get(self.unit, self.unit)
        return named(self.sets, unit) if unit else self.sets

    def check(self, value: Any) -> float:
        """A number of a condition that can be; what is of the cell is checked by the cell."""
        value = check_number(self.words.lower(), value)
        if self.key == PRESSURE:
            check_pressure("the stack pressure", to_si(value, self.unit))
        elif self.key == TEMPERATURE:
            check_temperature(to_si(value, self.unit))
        elif self.key == RATE:
            check_rate("the C-rate", value)
        return value


HOW_IT_IS_RUN = (  # key, words, unit, from, to, what it sets of the recipe
    Control(PRESSURE, "Stack pressure", "MPa", 0.1, 500),
    Control(RATE, "C-rate", "1", 0.02, 5),
    Control(TEMPERATURE, "Temperature", "degC", 0, 80, logarithmic=False),
    Control("fabrication", "Fabrication pressure", "MPa", 10, 1000, "cell: Fabrication pressure"),
)
CATHODE = (
    Control("loading", "Active loading", "mg.cm-2", 2, 80, "positive: Active material loading"),
    Control(
        "composite-loading", "Composite loading", "mg.cm-2", 2, 100, "positive: Composite loading"
    ),
    Control(SHARE, "Active material", "wt%", 40, 95, "positive: Composition", logarithmic=False),
    Control("porosity", "Porosity", "%", 0, 40, "positive: Porosity", logarithmic=False),
    Control("particle", "Particle diameter", "um", 0.5, 30, "positive: Active material diameter"),
    Control("grain", "Electrolyte grain size", "um", 0.1, 50, "positive: Electrolyte grain size"),
)
REST = (
    Control("separator-thickness", "Separator thickness", "um", 5, 1500, "separator: Thickness"),
    Control("separator-loading", "Separator loading", "mg.cm-2", 1, 300, "separator: Loading"),
    Control(
        "separator-grain",
        "Separator grain size",
        "um",
        0.1,
        50,
        "separator: Electrolyte grain size",
    ),
    Control("np", "N/P ratio", "1", 0.8, 3, "negative: N/P ratio", logarithmic=False),
    Control("negative-loading", "Anode loading", "mg.cm-2", 2, 80, "negative: Composite loading"),
)
GROUPS = {"How it is run": HOW_IT_IS_RUN, "Cathode": CATHODE, "Separator and anode": REST}
CONTROLS = (*HOW_IT_IS_RUN, *CATHODE, *REST)
BY_KEY = {control.key: control for control in CONTROLS}


def control(key: str) -> Control:
    """By its key, as in an address."""
    if key not in BY_KEY:
        raise InputError(f"no control '{key}'. {nearest(key, BY_KEY)}")
    return BY_KEY[key]


def own_values(cell: Cell) -> dict[str, float]:
    """What a cell's own file says of each control it has, in the control's unit."""
    known = declared(cell.design.file)
    by_base = {base(name): entry.value for name, entry in known.items()}
    found = {RATE: RATE_AT_FIRST}
    for one in CONTROLS:
        if one.key == PRESSURE:
            value = cell.entries["Stack pressure [Pa]"].value
        elif one.key == TEMPERATURE:
            value = cell.entries["Ambient temperature [K]"].value
        else:
            name = one.recipe_name(cell)
            if name is None:
                continue
            value = by_base[base(name)]
            if one.key == SHARE:
                active = cell.design.file.positive.words["active_material"]
                value = value[active] / sum(value.values())
        found[one.key] = float(f"{in_unit(value, one.unit):.6g}")
    return found


def with_share(cell: Cell, percent: float) -> dict[str, float]:
    """The mixture [wt%] with this much active material; the rest keeps its proportions."""
    file = cell.design.file.positive
    shares = file.entries["Composition"].value
    active = file.words["active_material"]
    others = {solid: share for solid, share in shares.items() if solid != active}
    if not 0 < check_number("the active material", percent) < 100:
        raise InputError(f"the active material is between 0 and 100 wt%, not {percent:g}.")
    left = (100 - percent) / sum(others.values())
    return {solid: percent if solid == active else left * shares[solid] for solid in shares}


def changes_of(cell: Cell, values: Iterable[tuple[str, float]]) -> dict[str, Any]:
    """Values of controls as ``Cell.with_recipe`` takes them; conditions of the run left out."""
    changes: dict[str, Any] = {}
    for key, value in values:
        one = control(key)
        if not one.sets:
            continue
        name = one.recipe_name(cell)
        if name is None:
            raise InputError(f"{cell.name} has no '{one.words.lower()}': leave out '{key}'.")
        if key == SHARE:
            changes[name] = with_share(cell, value)
        else:
            changes[name] = value
    return changes


def at_step(one: Control, step: float) -> float:
    """The value of a slider at a step."""
    share = step / STEPS
    if one.logarithmic:
        value = one.low * (one.high / one.low) ** share
    else:
        value = one.low + share * (one.high - one.low)
    return float(f"{value:.{DIGITS}g}")


def step_of(one: Control, value: float) -> float:
    """The step of a slider that is nearest to a value, its ends for what lies beyond."""
    if one.logarithmic:
        share = math.log(max(value, one.low) / one.low) / math.log(one.high / one.low)
    else:
        share = (value - one.low) / (one.high - one.low)
    return round(STEPS * min(max(share, 0.0), 1.0))
