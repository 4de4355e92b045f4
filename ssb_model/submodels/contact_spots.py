"""Concentration below the contact spots of a particle, which is what the reaction sees."""

from __future__ import annotations

import pybamm

from ssb_model.laws import cover

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
