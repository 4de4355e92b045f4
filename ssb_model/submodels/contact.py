"""Contact of a place: what pressure made of it by whatever law, and an electrode's fraction.

A place is an electrode's surface against electrolyte, or the grains of the separator against
each other.

An electrode's fraction fills PyBaMM's slot "interface utilisation", which multiplies the exchange
current and leaves the flux into the particles and the charge balance alone.
"""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.interface.interface_utilisation.base_utilisation import BaseModel

from ssb_model.laws import connection, micro_contact
from ssb_model.quantities.declared import SEPARATOR
from ssb_model.submodels.contact_laws.law import HIGHEST, ContactLaw, MemoryLaw, Surroundings
from ssb_model.submodels.stack import breathing_rate, each_point, particles_leave, place
from ssb_model.submodels.voids import SHARE


class BasePressing(pybamm.BaseSubModel):
    """Publishes the relative contact theta/theta_max of a place."""

    def __init__(self, param, domain, options, law: ContactLaw):
        super().__init__(param, domain, options=options)
        self.law = law
        self.field = place(domain) if domain in options.porous else None
        self.place = place(domain).capitalize()
        self.constants = law.constants_at(self.place, pybamm.Parameter)

    def _parameter(self, name):
        return pybamm.Parameter(f"{self.place} {name}")

    def _pressure(self, variables):
        pressure = variables[f"Stack pressure on {place(self.domain)} [Pa]"]
        return pybamm.maximum(pressure, micro_contact.LIGHTEST)

    def _relative_contact(self, variables):
        raise pybamm.ModelError("a contact law states its relative contact")

    def get_coupled_variables(self, variables):
        share = self._relative_contact(variables)
        if self.field and share.domain == []:
            share = pybamm.FullBroadcast(share, self.field, "current collector")
        variables[f"{self.place} relative contact"] = share
        return variables


class PressedPlace(BasePressing):
    """Contact that follows the pressure there is, and the highest seen before the run."""

    def _relative_contact(self, variables):
        P = self._pressure(variables)
        highest = pybamm.maximum(self._parameter(f"initial {HIGHEST}"), P)
        return self.law.relative_contact(P, highest, self.constants)


class RememberingPlace(BasePressing):
    """A place whose contact hangs on a history, kept in the states of its law."""

    law: MemoryLaw

    def _history(self, variables):
        return tuple(variables[f"{self.place} {name}"] for name in self.law.states)

    def get_fundamental_variables(self):
        domains = each_point(self.domain, self.options)
        names = [f"{self.place} {name}" for name in self.law.states]
        return {
            name: pybamm.Variable(name, scale=1e6 if "[Pa]" in name else 1, **domains)
            for name in names
        }

    def _relative_contact(self, variables):
        history = self._history(variables)
        P = self._pressure(variables)
        for part, share in self.law.parts(history, P, self.constants).items():
            variables[f"{self.place} {part} part of relative contact"] = share
        return self.law.relative_contact(history, self.constants)

    def set_rhs(self, variables):
        history = self._history(variables)
        breathing = 0
        if self.domain != "separator" and self._loosens():
            breathing = breathing_rate(self.domain, self.options, self.param, variables)
        grains = self.place if self.field or self.domain == "separator" else SEPARATOR
        size = pybamm.Parameter(f"{grains} solid electrolyte grain size [m]")
        around = Surroundings(self._pressure(variables), breathing, size)
        self.rhs = dict(zip(history, self.law.rates(history, around, self.constants), strict=True))

    def _loosens(self):
        return getattr(self.options, self.domain)["loosening"] == "breathing"

    def set_initial_conditions(self, variables):
        start = history_at_start(self.law, self.place, variables)
        self.initial_conditions = dict(zip(self._history(variables), start, strict=True))

    def add_events_from(self, variables):
        for name, margin in self.law.events(self._history(variables), self.constants).items():
            self.events.append(pybamm.Event(f"{self.place} {name}", pybamm.min(margin)))


def history_at_start(law: MemoryLaw, place: str, variables) -> tuple:
    """The history of a place as a run begins, under the pressure it begins with."""
    made = tuple(pybamm.Parameter(f"{place} initial {name}") for name in law.states)
    held = variables["Stack pressure at the start [Pa]"]
    return law.after(made, held, law.constants_at(place, pybamm.Parameter))


class BaseContact(BaseModel):
    """Publishes a contact fraction under its own name and under PyBaMM's."""

    def _parameter(self, name):
        return pybamm.Parameter(f"{self.domain.capitalize()} electrode {name}")

    def _contact_fraction(self, variables):
        raise pybamm.ModelError("a contact law states its contact fraction")

    def get_coupled_variables(self, variables):
        electrode = f"{self.domain} electrode"
        theta = self._contact_fraction(variables)
        if self.domain == "negative" and self.options["voids"] != "none":
            theta = theta * (1 - variables[SHARE])
        if theta.domain == []:
            theta = pybamm.FullBroadcast(theta, electrode, "current collector")
        variables.update(self._get_standard_interface_utilisation_variables(theta))
        variables.update(self._with_average("contact fraction", theta))
        return variables

    def _with_average(self, name, symbol):
        electrode = f"{self.domain} electrode"
        return {
            f"{electrode.capitalize()} {name}": symbol,
            f"X-averaged {electrode} {name}": pybamm.x_average(symbol),
        }


class ConstantContact(BaseContact):
    """The contact fraction is a number, "Positive electrode contact fraction"."""

    def _contact_fraction(self, variables):
        return self._parameter("contact fraction")


class PressedContact(BaseContact):
    """The coverage ceiling times what pressure made of it, of the particles still connected."""

    def _contact_fraction(self, variables):
        electrode = f"{self.domain.capitalize()} electrode"
        ceiling = self._parameter("coverage ceiling")

        def fraction(share):
            if particles_leave(self.domain, self.options):
                connected = variables[f"{electrode} connected share"]
                return connection.contact_of_connected(ceiling * share, connected)
            return ceiling * share

        for part in ("bonded", "pressed"):
            share = variables.get(f"{electrode} {part} part of relative contact")
            if share is not None:
                variables.update(self._with_average(f"{part} contact fraction", fraction(share)))
        return fraction(variables[f"{electrode} relative contact"])
