"""Particles that age: they crack, lose their last contact and leave the cell, and come back.

The share of the particles that is connected fills PyBaMM's slot of the active material, so that
the surface per volume follows it. The lithium of all particles that pressing connected is a state
of its own: it changes by the current alone, however many leave or return.
"""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.active_material.base_active_material import BaseModel

from ssb_model.laws import connection, cracking
from ssb_model.submodels.contact import history_at_start
from ssb_model.submodels.contact_laws.law import LOOSENED, contact_law
from ssb_model.submodels.stack import each_point, own_breathing_rate, particles_leave, place

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


CRACKINGS = ("none", "per cycle strain")


def particles_crack(domain, options) -> bool:
    """Whether the diffusion length in particles of an electrode grows as they breathe."""
    return domain in options.porous and getattr(options, domain)["cracking"] != "none"


def particles_age(domain, options) -> bool:
    """Whether particles of an electrode need more than PyBaMM's own equations."""
    return particles_leave(domain, options) or particles_crack(domain, options)


class AgeingParticles:
    """Diffusion of any profile with a length that grows, and mixing with those that come back.

    .. math::
        D_{eff} = D / (1 + k \\epsilon)^2, \\quad \\dot\\epsilon = |\\text{strain rate}|, \\quad
        \\partial_t c = \\ldots + (\\dot z / z)_+ (c_{off} - c)

    The accumulated strain is a state of each point of the electrode.
    """

    @property
    def _leave(self):
        return particles_leave(self.domain, self.options)

    @property
    def _strain_name(self):
        return f"{self.domain.capitalize()} electrode accumulated strain"

    def get_fundamental_variables(self):
        self._length = None
        if not particles_crack(self.domain, self.options):
            return super().get_fundamental_variables()
        domain, Domain = self.domain_Domain
        strain = pybamm.Variable(self._strain_name, **each_point(domain, self.options))
        growth = pybamm.Parameter(f"{Domain} particle diffusion length growth")
        self._length = cracking.diffusion_length_ratio(strain, growth)
        variables = super().get_fundamental_variables()
        variables.update(
            {
                self._strain_name: strain,
                f"{Domain} electrode diffusion length ratio": self._length,
                f"X-averaged {domain} electrode diffusion length ratio": pybamm.x_average(
                    self._length
                ),
            }
        )
        return variables

    def _get_effective_diffusivity(self, c, T, current):
        D = super()._get_effective_diffusivity(c, T, current)
        if self._length is None:
            return D
        length = pybamm.PrimaryBroadcast(self._length, c.domain)
        return cracking.cracked_diffusivity(D, length)

    def set_rhs(self, variables):
        super().set_rhs(variables)
        electrode = f"{self.domain.capitalize()} electrode"
        if self._leave:
            mixing = variables[f"{electrode} mixing rate [s-1]"]
            off = variables[f"{electrode} cut-off concentration [mol.m-3]"]
            self._mix(mixing, off, variables)
        if self._strain_name in variables:
            rate = own_breathing_rate(self.domain, self.options, self.param, variables)
            if self._leave:  # those that are connected do the work of all
                rate = rate / variables[f"{electrode} connected share"]
            self.rhs[variables[self._strain_name]] = rate

    def _mix(self, mixing, off, variables):
        raise pybamm.ModelError("particles say how those that come back mix with them")

    def set_initial_conditions(self, variables):
        super().set_initial_conditions(variables)
        if self._strain_name in variables:
            self.initial_conditions[variables[self._strain_name]] = pybamm.Scalar(0)


class AgeingDiffusion(AgeingParticles, pybamm.particle.FickianDiffusion):
    """Fick's law in particles that age."""

    def _mix(self, mixing, off, variables):
        c = variables[f"{self.domain.capitalize()} particle concentration [mol.m-3]"]
        mixing, off = (pybamm.PrimaryBroadcast(one, c.domain) for one in (mixing, off))
        self.rhs[c] += mixing * (off - c)


class AgeingProfile(AgeingParticles, pybamm.particle.PolynomialProfile):
    """A polynomial profile in particles that age; those that come back are even."""

    def _mix(self, mixing, off, variables):
        c = variables[f"R-averaged {self.domain} particle concentration [mol.m-3]"]
        self.rhs[c] += mixing * (off - c)
        slope = variables.get(f"R-averaged {self.domain} particle concentration gradient [mol.m-4]")
        if slope is not None:
            self.rhs[slope] -= mixing * slope
