"""Particles that age: they crack, and take up the lithium of those that come back to the cell."""

from __future__ import annotations

import pybamm

from ssb_model.laws import cracking
from ssb_model.submodels.stack import each_point, own_breathing_rate, particles_leave

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

    @property
    def _mean_name(self):
        return f"R-averaged {self.domain} particle concentration [mol.m-3]"

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
