"""Contact of a place: what pressure made of it by whatever law, and concentrations at its spots.

A place is an electrode's surface against electrolyte, or the grains of the separator against
each other.

An electrode's fraction fills PyBaMM's slot "interface utilisation", which multiplies the exchange
current and leaves the flux into the particles and the charge balance alone. The concentration
below the contact spots of a particle is what the reaction sees.
"""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.interface.interface_utilisation.base_utilisation import BaseModel

from ssb_model.laws import connection, cover, micro_contact
from ssb_model.quantities.declared import SEPARATOR
from ssb_model.submodels.contact_laws.law import HIGHEST, ContactLaw, MemoryLaw, Surroundings
from ssb_model.submodels.planar import SHARE
from ssb_model.submodels.stack import breathing_rate, each_point, particles_leave, place


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
        electrode = None if self.domain == "separator" else getattr(self.options, self.domain)
        if electrode and electrode["loosening"] == "breathing":
            breathing = breathing_rate(self.domain, self.options, self.param, variables)
        grains = self.place if self.field or self.domain == "separator" else SEPARATOR
        size = pybamm.Parameter(f"{grains} solid electrolyte grain size [m]")
        around = Surroundings(self._pressure(variables), breathing, size)
        self.rhs = dict(zip(history, self.law.rates(history, around, self.constants), strict=True))

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


LEAST_SHARE = 1e-6  # of the lithium, or of the room for it, that counts as none left


class BaseContactSpots(pybamm.BaseSubModel):
    """Publishes the concentration at contact from an excess over the particle surface's."""

    def _contact_variables(self, c_contact):
        Domain = self.domain.capitalize()
        sto = c_contact / self.phase_param.c_max
        return {
            f"{Domain} particle contact concentration [mol.m-3]": c_contact,
            f"{Domain} particle contact stoichiometry": sto,
            f"X-averaged {self.domain} particle contact stoichiometry": pybamm.x_average(sto),
        }


class NoContactSpots(BaseContactSpots):
    """Contact is spread evenly: the reaction sees the particle's surface."""

    def get_coupled_variables(self, variables):
        name = f"{self.domain.capitalize()} particle surface concentration"
        distribution = f"{name} distribution [mol.m-3]"
        c_contact = variables.get(distribution, variables[f"{name} [mol.m-3]"])
        variables.update(self._contact_variables(c_contact))
        return variables


class ContactSpots(BaseContactSpots):
    """Lithium spreads from spots of radius b; the excess below them settles in b²/D.

    .. math:: \\partial_t \\Delta c = (\\Delta c_{ss} - \\Delta c) D / b^2
    """

    def get_fundamental_variables(self):
        Domain = self.domain.capitalize()
        excess = pybamm.Variable(
            f"{Domain} particle contact spot excess concentration [mol.m-3]",
            domain=f"{self.domain} electrode",
            auxiliary_domains={"secondary": "current collector"},
            scale=self.phase_param.c_max,
        )
        return {excess.name: excess}

    def _excess(self, variables):
        Domain = self.domain.capitalize()
        return variables[f"{Domain} particle contact spot excess concentration [mol.m-3]"]

    def get_coupled_variables(self, variables):
        Domain = self.domain.capitalize()
        c_surf = variables[f"{Domain} particle surface concentration [mol.m-3]"]
        variables.update(self._contact_variables(c_surf + self._excess(variables)))
        return variables

    def set_rhs(self, variables):
        Domain = self.domain.capitalize()
        excess = self._excess(variables)
        theta = variables[f"{Domain} electrode contact fraction"]
        c_surf = variables[f"{Domain} particle surface concentration [mol.m-3]"]
        T = variables[f"{Domain} electrode temperature [K]"]
        j = variables[f"{Domain} electrode interfacial current density [A.m-2]"]
        length = pybamm.Parameter(f"{Domain} particle diffusion length ratio")
        D = self._diffusivity(c_surf, excess, T) * length**2  # of the host, not of its clusters
        radius = pybamm.Parameter(f"{Domain} electrode contact spot radius [m]")
        settled = cover.spot_excess(-j / self.param.F, theta, radius, D)
        self.rhs = {excess: (settled - excess) * cover.spot_rate(radius, D)}

    def _diffusivity(self, c_surf, excess, T):
        return self.phase_param.D(c_surf, T)

    def set_initial_conditions(self, variables):
        self.initial_conditions = {self._excess(variables): pybamm.Scalar(0)}

    def add_events_from(self, variables):
        Domain = self.domain.capitalize()
        sto = variables[f"{Domain} particle contact stoichiometry"]
        j = variables[f"{Domain} electrode interfacial current density [A.m-2]"]
        # where the current has turned, spots fill or empty again and end nothing
        empty = sto - LEAST_SHARE + (j <= 0)
        full = 1 - LEAST_SHARE - sto + (j >= 0)
        self.events = [
            pybamm.Event(f"{Domain} contact spots empty", pybamm.min(empty)),
            pybamm.Event(f"{Domain} contact spots full", pybamm.min(full)),
        ]


class MeanDiffusivitySpots(ContactSpots):
    """The same with the mean diffusivity between surface and spot, exact for any D(c).

    An oxide whose diffusivity rises as lithium leaves then opens its own way to a spot, and closes
    it where lithium comes.
    """

    def _diffusivity(self, c_surf, excess, T):
        return cover.mean_below_spot(lambda c: self.phase_param.D(c, T), c_surf, c_surf + excess)


SPOTS = {"true": ContactSpots, "mean diffusivity": MeanDiffusivitySpots, "false": NoContactSpots}
