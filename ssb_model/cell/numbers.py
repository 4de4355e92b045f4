"""What can be read off a cell."""

from __future__ import annotations

import math
from functools import cached_property

import pybamm

from ssb_model.laws import pressing
from ssb_model.laws.interface import FARADAY
from ssb_model.parameters import pressed
from ssb_model.parameters.changes import PROFILE
from ssb_model.parameters.functions import pressure_between

MOST_SHOWN = 2  # changed parameters that a title names


class CellNumbers:
    """Abstract: numbers and words out of a cell's entries, design, window and changes."""

    @property
    def title(self) -> str:
        """For a reader, with what was changed by hand."""
        shown = [
            f"{name} = {value:g}" if isinstance(value, (int, float)) else name
            for name, value in {**self.recipe, **self.changes}.items()
        ]
        if len(shown) > MOST_SHOWN:
            shown = [f"{len(shown)} parameters changed"]
        return "; ".join([self.design.file.words["title"], *shown])

    @cached_property
    def contact_laws(self) -> dict[str, pressing.Constants]:
        """How each place that remembers answers pressure, as numbers."""
        return {
            place: pressing.Constants(*map(self._number, pressed.constants(place)))
            for place in pressed.PLACES
            if self.model_options.contact_law(place.split()[0].lower()) == "memory"
        }

    @property
    def pressure_knots(self) -> tuple[float, ...]:
        """Times [s] at which a profile of stack pressure turns, none without one."""
        profile = self.entries[PROFILE].value
        return profile.args[0] if getattr(profile, "func", None) is pressure_between else ()

    def evaluate(self, name: str) -> float:
        """A parameter as a number, laws of other parameters worked out."""
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

    @property
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
