"""What can be read off a cell: numbers and words, how it is held, the state a run left it in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pybamm

from ssb_model.errors import InputError
from ssb_model.laws.interface import FARADAY
from ssb_model.parameters import validated
from ssb_model.parameters.changes import PROFILE, written
from ssb_model.parameters.contact_and_paths import PLACES, history, placed_laws
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.functions import pressure_between
from ssb_model.quantities.checks import check_pressure, check_several, check_temperature
from ssb_model.quantities.units import customary, in_columns, in_unit, named, said, split
from ssb_model.submodels.contact_laws.law import HIGHEST, MemoryLaw, PlacedLaw, contact_law
from ssb_model.submodels.stack import STIFFNESS, volume_strain

WORKED_OUT = ("parameter_values", "model_options", "rest_charge", "contact_laws")
MOST_SHOWN = 2  # changed parameters that a title names


def chosen(value) -> str:
    """A choice as the shell takes it, a pair with a comma between."""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _for_a_reader(name: str, value: float) -> str:
    """ "separator: Thickness [um] = 50" of a number in SI."""
    base, si = split(name)
    of = customary(si) if si != "1" else si
    return f"{named(base, of)} = {in_unit(value, of):g}"


class CellNumbers:
    """Abstract: numbers and words out of a cell's entries, design, window and changes."""

    @property
    def title(self) -> str:
        """For a reader, with what was changed by hand."""
        shown = [
            _for_a_reader(name, value) if isinstance(value, (int, float)) else name
            for name, value in {**self.recipe, **self.changes}.items()
        ]
        made = [f"option {words}" for words in self.options_that_followed]
        if len(shown) > MOST_SHOWN:
            shown = [f"{len(shown)} parameters changed"]
        return "; ".join([self.design.file.words["title"], *shown, *made])

    @property
    def cautions(self) -> list[str]:
        """Sentences on what of the cell is hard to foresee."""
        electrodes = (self.design.positive, self.design.negative)
        return [each for one in electrodes for each in getattr(one, "cautions", ())]

    @property
    def set_by_hand(self) -> dict[str, Any]:
        """Numbers of recipe and model that a user set, as plain data; a profile by its points."""
        return self.recipe | written(self.changes)

    @property
    def options_that_followed(self) -> list[str]:
        """Choices that numbers set by hand made, "film = constant,growing"."""
        return [f"{name} = {chosen(value)}" for name, value in self.followed.items()]

    @property
    def laws(self) -> dict[str, str]:
        """The law of contact by place, "constant" where there is none."""
        return {place: self.model_options.contact_law(place.split()[0].lower()) for place in PLACES}

    @cached_property
    def contact_laws(self) -> dict[str, PlacedLaw]:
        """How each place that remembers answers pressure, with its constants as numbers."""
        return placed_laws(self.laws, self.evaluate)

    def contact_fraction(self, Domain: str) -> float:
        """Of the fresh "Positive" or "Negative" electrode at the cell's stack pressure."""
        place = f"{Domain} electrode"
        name = self.laws[place]
        law = None if name == "constant" else contact_law(name)
        if law is None or law.name == "memory":
            return self.evaluate(f"{place} contact fraction")
        pressure, ceiling = map(self.evaluate, ("Stack pressure [Pa]", f"{place} coverage ceiling"))
        if isinstance(law, MemoryLaw):
            before = tuple(map(self.evaluate, history(place, law)))
            placed = self.contact_laws[place]
            return ceiling * placed.relative_contact(placed.after(before, pressure))
        highest = max(pressure, self.evaluate(f"{place} initial {HIGHEST}"))
        constants = law.constants_at(place, self.evaluate)
        return float(ceiling * law.relative_contact(pressure, highest, constants))

    def contact_fractions(self, Domain: str, pressures: Sequence[float]) -> list[float]:
        """The same, had the cell been held at each of these stack pressures [Pa] from the first."""
        place = f"{Domain} electrode"
        if self.laws[place] != "memory":
            held = [self._held_from_the_first(pressure) for pressure in pressures]
            return [one.contact_fraction(Domain) for one in held]
        name = "Stack pressure [Pa]"
        open_ = self._held_from_the_first(pybamm.InputParameter(name))
        symbol = open_.parameter_values.process_symbol(
            pybamm.Parameter(f"{place} contact fraction")
        )
        return [float(symbol.evaluate(inputs={name: one})) for one in map(float, pressures)]

    def _held_from_the_first(self, pressure: Any) -> Any:
        name = "Stack pressure [Pa]"
        entry = Entry(name, pressure, "setting", "asked for")
        return replace(self, entries={**self.entries, name: entry})

    @property
    def pressure_knots(self) -> tuple[float, ...]:
        """Times [s] at which a profile of stack pressure turns, none without one."""
        profile = self.entries[PROFILE].value
        return profile.args[0] if getattr(profile, "func", None) is pressure_between else ()

    def evaluate(self, name: str) -> float:
        """A parameter as a number, laws of other parameters worked out."""
        given = self.entries[name].value if name in self.entries else None
        if isinstance(given, (int, float)):
            return float(given)
        return self._number(pybamm.Parameter(name))

    def describe(self, name: str) -> float | str:
        """A parameter for a reader: its number, or what kind of function it is."""
        value = self.entries[name].value
        if isinstance(value, (int, float)):
            return float(value)
        if isinstance(value, pybamm.Symbol):
            return self.evaluate(name)
        function = getattr(value, "func", value)
        return f"function {function.__name__}"

    def in_state(self, state: Any) -> Any:
        """The same cell as a run left it; none in ``state`` where no run began.

        What was worked out of its numbers stays worked out.
        """
        if state is None:
            return self
        after = replace(self, state=state)
        after.__dict__.update({k: v for k, v in self.__dict__.items() if k in WORKED_OUT})
        return after

    @cached_property
    def rest_charge(self) -> float:
        """Charge between rest at 100 % and at 0 % [C m-2], changed parameters included."""
        host = math.prod(
            self.evaluate(name)
            for name in (
                "Maximum concentration in positive electrode [mol.m-3]",
                "Positive electrode active material volume fraction",
                "Positive electrode thickness [m]",
            )
        )
        return FARADAY * host * (self.window.positive_empty - self.window.positive_full)

    def volume_strains(self, side: str, stoichiometries: Any) -> np.ndarray:
        """Of an electrode's active material since pristine, at lithium contents one by one."""
        return np.array([self._number(volume_strain(side, x)) for x in stoichiometries])

    def particle_diffusivity(self, stoichiometry: float, temperature: float) -> float:
        """Of lithium in the positive electrode's particles [m2 s-1]."""
        inputs = {
            "Positive particle stoichiometry": pybamm.Scalar(stoichiometry),
            "Temperature [K]": pybamm.Scalar(temperature),
        }
        return self._number(
            pybamm.FunctionParameter("Positive particle diffusivity [m2.s-1]", inputs)
        )

    def _number(self, symbol) -> float:
        return float(self.parameter_values.evaluate(symbol))


def stiffness_name(cell: CellNumbers) -> str:
    """The parameter that says how stiff what holds the cell is."""
    stack = cell.model_options["stack"]
    if stack not in STIFFNESS:
        raise InputError(
            f"an {stack} stack has no stiffness: hold the cell by a 'spring' or a 'rigid' frame: "
            "--stack in the shell, or with_options({'stack': ...}) in Python."
        )
    return STIFFNESS[stack]


ENDS = {"least": min, "most": max}
GRAINS = " solid electrolyte grain size [m]"  # what the parameters of layers end with


def beyond_validated(
    cell: CellNumbers,
    pressures: list[float],
    temperatures: list[float],
    grains: list[float],
) -> list[str]:
    """What of a cell and of its runs lies beyond what was validated; MPa, degC and um.

    Where a run says none of one, the cell's own counts.
    """
    own = {name.removesuffix(GRAINS): name for name in cell.entries if name.endswith(GRAINS)}
    sizes = {
        f"grain size, {layer.lower()}": in_unit(cell.evaluate(name), "um")
        for layer, name in own.items()
        if not grains and layer != "Separator"
    }
    sizes |= {f"grain size, {end}": of(grains) for end, of in ENDS.items() if grains}
    held = (
        pressures or [in_unit(cell.evaluate("Stack pressure [Pa]"), "MPa")],
        temperatures or [in_unit(cell.evaluate("Ambient temperature [K]"), "degC")],
    )
    voids = cell.model_options["voids"]
    more = [] if voids == "none" else [f"voids by {voids} at the lithium (validated none)"]
    return validated.beyond(cell.design.file, *held, sizes) + more


def held_words(cell: CellNumbers, stack_pressure: float) -> str:
    """Pressure and what gives it, for a reader."""
    stack = cell.model_options["stack"]
    if PROFILE in cell.changes:
        return f"profile of stack pressure, {stack}"
    if stack in STIFFNESS:
        stack = f"{stack}, {said(cell.evaluate(stiffness_name(cell)), 'MPa/um')}"
    return f"{said(stack_pressure, 'MPa')}, {stack}"


def held_row(stack_pressure: float, temperature: float) -> dict[str, float]:
    """Columns of how a cell is held at [Pa, K]."""
    return in_columns({"Stack pressure [MPa]": stack_pressure, "Temperature [degC]": temperature})


def held_at(
    cell: CellNumbers, stack_pressure: float | None, temperature: float | None
) -> tuple[float, float]:
    """Stack pressure and temperature of a run, checked; the cell's own where none is given."""
    if stack_pressure is not None:
        cell.check_no_profile()
    else:
        stack_pressure = cell.entries["Stack pressure [Pa]"].value
    if np.ndim(stack_pressure):
        raise InputError("this run takes one stack pressure, not several: give one number.")
    if temperature is None:
        temperature = cell.entries["Ambient temperature [K]"].value
    return check_pressure("the stack pressure", stack_pressure), check_temperature(temperature)


def pressures_of(
    cell: CellNumbers, stack_pressure, temperature: float | None
) -> list[float | None]:
    """Stack pressures of runs one after the other, each checked before the first is run."""
    pressures = [None]
    if stack_pressure is not None:
        pressures = check_several("stack pressures", stack_pressure)
    for pressure in pressures:
        held_at(cell, pressure, temperature)
    if len(set(pressures)) < len(pressures):
        raise InputError("each stack pressure comes once: the same cell would run twice.")
    return pressures


BREATHING = ("Negative electrode", "Positive electrode")
SET_PRESSURE = "Stack pressure [Pa]"


@dataclass(frozen=True)
class State:
    """The last instant of a run and the engine it ran on."""

    solution: pybamm.Solution
    engine: Any  # built for this state's model

    @property
    def set_pressure(self) -> float:
        """What the stack was set to [Pa]."""
        return self.inputs[SET_PRESSURE]

    @property
    def inputs(self) -> dict[str, float]:
        """The numbers it was solved with, by name."""
        inputs = self.solution.all_inputs[-1]
        return {name: float(np.ravel(value)[0]) for name, value in inputs.items()}

    def press(self, pressure: float, laws: dict[str, PlacedLaw]) -> State:
        """The same instant with the stack set to ``pressure``: contact follows, nothing else.

        Lithium, potentials, films and temperature are left exactly as they are, but for particles
        that leave or come back with theirs; a spring or a frame holds from here on, at the
        thickness the cell has now.
        """
        model = self.solution.all_models[-1]
        y = np.array(self.solution.y[:, -1])
        vector = StateVector(model, y, self.inputs)
        for place, law in laws.items():
            names = [f"{place} {name}" for name in law.law.states]
            if names[0] in vector:
                before = tuple(vector[name] for name in names)
                for name, value in zip(names, law.after(before, pressure), strict=True):
                    vector[name] = value
        held = [name for name in vector.names if name.startswith("Free thickness change when held")]
        if held:
            now = sum(
                self.solution[f"{electrode} free thickness change [m]"].entries[-1]
                for electrode in BREATHING
            )
            for name in held:
                vector[name] = now
        inputs = {**self.solution.all_inputs[-1], SET_PRESSURE: np.array([pressure])}
        for electrode in BREATHING:
            if f"{electrode} connected share" in vector:
                _reconnect(vector, electrode, model, self.solution.t[-1], inputs)
        return State(instant(self.solution.t[-1], vector.y, model, inputs), self.engine)


def _reconnect(
    vector: StateVector, electrode: str, model: pybamm.BaseModel, t: float, inputs: dict
) -> None:
    """Let the particles of an electrode follow their contacts, and mix those that come back."""

    def read(name: str) -> np.ndarray:
        variable = model.get_processed_variable(f"{electrode} {name}")
        return np.ravel(variable.evaluate(t, vector.y.reshape(-1, 1), inputs=inputs))

    before = vector[f"{electrode} connected share"]
    now, off = read("connected share when settled"), read("cut-off concentration [mol.m-3]")
    stayed = np.minimum(before / now, 1)  # share of the particles connected now
    side = electrode.split()[0]
    for name in (
        f"{side} particle concentration [mol.m-3]",
        f"R-averaged {side.lower()} particle concentration [mol.m-3]",
        f"{side} particle surface concentration [mol.m-3]",
    ):
        if name in vector:
            c = vector[name]
            each = len(c) // len(off)  # points of a particle, which run fastest
            old, share = np.repeat(off, each), np.repeat(stayed, each)
            vector[name] = old + (c - old) * share
    slope = f"R-averaged {side.lower()} particle concentration gradient [mol.m-4]"
    if slope in vector:
        vector[slope] = vector[slope] * stayed
    vector[f"{electrode} connected share"] = now


def instant(
    t: float, y: np.ndarray, model: pybamm.BaseModel, inputs: dict[str, np.ndarray]
) -> pybamm.Solution:
    """A solution of one instant; holds nothing of the run it may come from."""
    column = np.array(y).reshape(-1, 1)
    told = {"termination": "final time", "check_solution": False}  # PyBaMM logs of large numbers
    return pybamm.Solution(np.array([t]), column, model, inputs, **told)


class StateVector:
    """A model's state vector by the names of its variables, in their own units."""

    def __init__(
        self, model: pybamm.BaseModel, y: np.ndarray, inputs: dict[str, float] | None = None
    ):
        self.y = y
        self._inputs = inputs or {}  # what scales may hang on
        self._where = {variable.name: (variable, s[0]) for variable, s in model.y_slices.items()}

    @property
    def names(self) -> list[str]:
        return list(self._where)

    def rows(self, name: str) -> np.ndarray:
        """Places of a variable in the vector."""
        return np.arange(*self._where[name][1].indices(len(self.y)))

    def __contains__(self, name: str) -> bool:
        return name in self._where

    def __getitem__(self, name: str) -> np.ndarray:
        reference, scale, where = self._scaled(name)
        return reference + scale * self.y[where]

    def __setitem__(self, name: str, value) -> None:
        reference, scale, where = self._scaled(name)
        self.y[where] = (value - reference) / scale

    def _scaled(self, name: str) -> tuple[np.ndarray, np.ndarray, slice]:
        variable, where = self._where[name]
        both = (variable.reference, variable.scale)
        reference, scale = (np.squeeze(one.evaluate(inputs=self._inputs)) for one in both)
        return reference, scale, where
