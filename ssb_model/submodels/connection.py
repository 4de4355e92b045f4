"""Particles that lose their last contact: they leave the cell with their lithium, and come back.

The share of the particles that is connected fills PyBaMM's slot of the active material, so that
the surface per volume follows it. The lithium of all particles that pressing connected is a state
of its own: it changes by the current alone, however many leave or return.
"""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.active_material.base_active_material import BaseModel

from ssb_model.laws import connection
from ssb_model.submodels.contact import history_at_start
from ssb_model.submodels.contact_laws.law import LOOSENED, contact_law
from ssb_model.submodels.stack import each_point, place

CONNECTIONS = ("constant", "patches")
SETTLING = 1.0  # s in which particles follow their contacts: at once beside any discharge


class ConnectedMaterial(BaseModel):
    """Active material that is connected, and the lithium in the particles that are not.

    .. math::
        \\dot z = (1 - w^N - z) / \\tau, \\quad \\dot L = -z \\, a_0 j / (F \\epsilon_0), \\quad
        L_{off} = L - z \\bar c

    z is the share of the particles that pressing connected and that still are, L the lithium of
    all of them per volume of their material.
    """

    def _names(self):
        electrode = f"{self.domain.capitalize()} electrode"
        return f"{electrode} connected share", f"{electrode} lithium of all particles [mol.m-3]"

    def get_fundamental_variables(self):
        domain, Domain = self.domain_Domain
        share_name, lithium_name = self._names()
        domains = each_point(domain, self.options)
        share = pybamm.Variable(share_name, **domains)
        lithium = pybamm.Variable(lithium_name, scale=self.phase_param.c_max, **domains)
        variables = self._get_standard_active_material_variables(self.phase_param.epsilon_s * share)
        variables.update(
            {
                share_name: share,
                f"X-averaged {domain} electrode connected share": pybamm.x_average(share),
                lithium_name: lithium,
                f"{Domain} electrode stoichiometry of all particles": pybamm.x_average(lithium)
                / self.phase_param.c_max,
            }
        )
        return variables

    def get_coupled_variables(self, variables):
        domain, Domain = self.domain_Domain
        electrode = f"{Domain} electrode"
        share, lithium = (variables[name] for name in self._names())
        loosened = variables[f"{electrode} {LOOSENED}"]
        c_mean = variables[f"R-averaged {domain} particle concentration [mol.m-3]"]
        settled = connection.connected_share(loosened, self._patches)
        rate = (settled - share) / SETTLING
        eps = self.phase_param.epsilon_s
        off = eps * connection.lithium_cut_off(lithium, share, c_mean)
        volume = self.domain_param.L * self.param.A_cc
        variables.update(self._get_standard_active_material_change_variables(eps * rate))
        variables.update(
            {
                f"{electrode} connected share when settled": settled,
                f"{electrode} cut-off concentration [mol.m-3]": connection.concentration_cut_off(
                    lithium, share, c_mean
                ),
                f"{electrode} mixing rate [s-1]": connection.mixing_rate(rate, share),
                f"Loss of lithium due to loss of active material in {domain} electrode [mol]": (
                    pybamm.yz_average(pybamm.x_average(off)) * volume
                ),
            }
        )
        return variables

    @property
    def _patches(self):
        return pybamm.Parameter(
            f"{self.domain.capitalize()} electrode contact patches per particle"
        )

    def set_rhs(self, variables):
        electrode = f"{self.domain.capitalize()} electrode"
        share, lithium = (variables[name] for name in self._names())
        eps = self.phase_param.epsilon_s
        current = variables[f"{electrode} volumetric interfacial current density [A.m-3]"]
        self.rhs = {
            share: variables[f"{electrode} active material volume fraction change [s-1]"] / eps,
            lithium: -current / (self.param.F * eps),
        }

    def set_initial_conditions(self, variables):
        share, lithium = (variables[name] for name in self._names())
        law = contact_law(self.options.contact_law(self.domain))
        where = place(self.domain).capitalize()
        loosened = history_at_start(law, where, variables)[law.states.index(LOOSENED)]
        self.initial_conditions = {
            share: connection.connected_share(loosened, self._patches),
            lithium: pybamm.r_average(self.phase_param.c_init),
        }
