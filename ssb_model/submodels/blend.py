"""Particles in two classes: of two sizes, or of two kinds that share an electrode.

A class is a place on PyBaMM's axis of particle sizes, which runs from 0 to 2 here; radii, shares
and what kinds have are numbers of the class, not of the place, so that classes may be alike.
"""

from __future__ import annotations

import pybamm
from pybamm.parameters.lithium_ion_parameters import ParticleLithiumIonParameters, U_asymptotes

from ssb_model.laws.size_classes import of_class

KINDS = ("first", "second")
AS_GIVEN, TWO_SIZES, TWO_KINDS = "as given", "two", "blend"  # size classes


def in_classes(domain, options) -> bool:
    """Whether particles of an electrode are in classes of this package's."""
    return domain in options.porous and getattr(options, domain)["size classes"] != AS_GIVEN


def blended(domain, options) -> bool:
    """Whether an electrode has two kinds of active material."""
    return domain in options.porous and getattr(options, domain)["size classes"] == TWO_KINDS


def has_classes(symbol) -> bool:
    """Whether a symbol has a value for each class."""
    return any("particle size" in name for names in symbol.domains.values() for name in names)


def _place(domain, like):
    """The axis of classes, with all the domains of a symbol."""
    name, own = f"R_{domain[0]}", [f"{domain} particle size"]
    domains = like.domains
    if like.domain == own:
        return pybamm.SpatialVariable(name, domains=domains, coord_sys="cartesian")
    outer = {
        "primary": domains["secondary"],
        "secondary": domains["tertiary"],
        "tertiary": domains["quaternary"],
    }
    place = pybamm.SpatialVariable(name, domains=outer, coord_sys="cartesian")
    return pybamm.PrimaryBroadcast(place, like.domain)


def by_class(domain, first, second, like):
    """One of two for each class, over the domains of ``like``."""
    return of_class(_place(domain, like), first, second)


def number(domain, kind, name):
    """A number of a kind: "Positive first host relative radius"."""
    return pybamm.Parameter(f"{domain.capitalize()} {kind} host {name}")


def numbers_by_class(domain, name, like):
    """Such a number of each class."""
    return by_class(domain, *(number(domain, kind, name) for kind in KINDS), like)


class BlendParameters(ParticleLithiumIonParameters):
    """What two kinds of particles do, each class by its own parameters.

    What is not of a class is of the electrode as a whole: the potential at rest of the blend.
    """

    def _kinds(self, name, inputs, like, **more):
        Domain = self.domain.capitalize()
        each = (
            pybamm.FunctionParameter(f"{Domain} {kind} host {name}", inputs, **more)
            for kind in KINDS
        )
        return by_class(self.domain, *each, like)

    def U(self, sto, T, lithiation=None):
        if not has_classes(sto):
            return super().U(sto, T, lithiation)
        least = pybamm.settings.tolerances["U__c_s"]
        inside = pybamm.maximum(pybamm.minimum(sto, 1 - least), least)
        inputs = {f"{self.domain.capitalize()} particle stoichiometry": inside}
        slope = (T - self.main_param.T_ref) * self.dUdT(inside)
        return self._kinds("OCP [V]", inputs, sto) + slope + U_asymptotes(sto)

    def D(self, c_s, T, lithiation=None):
        if not has_classes(c_s):
            return super().D(c_s, T, lithiation)
        least = pybamm.settings.tolerances["D__c_s"]
        sto = pybamm.maximum(pybamm.minimum(c_s / self.c_max, 1 - least), least)
        inputs = {
            f"{self.domain.capitalize()} particle stoichiometry": sto,
            "Temperature [K]": T,
        }
        return self._kinds("diffusivity [m2.s-1]", inputs, c_s)

    def j0(self, c_e, c_s_surf, T, lithiation=None):
        if not has_classes(c_s_surf):
            return super().j0(c_e, c_s_surf, T, lithiation)
        least = pybamm.settings.tolerances["j0__c_s"] * self.c_max
        c = pybamm.maximum(pybamm.minimum(c_s_surf, self.c_max - least), least)
        inputs = {
            "Electrolyte concentration [mol.m-3]": c_e,
            f"{self.domain.capitalize()} particle surface concentration [mol.m-3]": c,
            f"Maximum {self.domain} particle surface concentration [mol.m-3]": self.c_max,
            "Temperature [K]": T,
        }
        scales = {c_e: self.c_e_init, c: self.c_max, self.c_max - c: self.c_max}
        smooth = pybamm.RegulariseSqrtAndPower(scales=scales, inputs=inputs)  # as PyBaMM's own
        name = "exchange-current density [A.m-2]"
        return self._kinds(name, inputs, c_s_surf, post_processor=smooth)


def give_kinds(param, domain) -> None:
    """Let an electrode's particles be of two kinds in PyBaMM's parameters of a model."""
    electrode = param.domain_params[domain]
    electrode.prim = BlendParameters("primary", electrode)
    electrode.phase_params["primary"] = electrode.prim
    electrode.prim._set_parameters()


class ClassedMaterial(pybamm.active_material.Constant):
    """Active material whose surface is that of the mean radius, whatever the axis of classes."""

    DIMENSIONS = 3  # volume over surface is the radius over so many

    def _get_standard_active_material_variables(self, eps_solid):
        variables = super()._get_standard_active_material_variables(eps_solid)
        domain, Domain = self.domain_Domain
        radius = self.phase_param.R
        active = variables[f"{Domain} electrode active material volume fraction"]
        area = self.DIMENSIONS * active / radius
        for name, value in (
            ("particle radius [m]", radius),
            ("electrode surface area to volume ratio [m-1]", area),
        ):
            variables[f"{Domain} {name}"] = value
            variables[f"X-averaged {domain} {name}"] = pybamm.x_average(value)
        variables[f"{Domain} particle radius"] = radius / self.phase_param.R_typ
        return variables


class PlateMaterial(ClassedMaterial):
    """A dense layer: a plate whose "radius" is its thickness, lithium entering by one face."""

    DIMENSIONS = 1


class ClassedParticles:
    """Diffusion in each class, of its own radius; in blends each begins at one potential."""

    def _get_distribution_variables(self, R):
        domain, Domain = self.domain_Domain
        size = numbers_by_class(domain, "relative radius", R)
        by_area = self.phase_param.f_a_dist(R)
        by_area = by_area / pybamm.Integral(by_area, R)
        by_volume = size * by_area / pybamm.Integral(size * by_area, R)
        variables = {
            f"{Domain} particle sizes": size,
            f"{Domain} particle sizes [m]": size * self.phase_param.R_typ,
        }
        for weight, share in (("area", by_area), ("volume", by_volume)):
            name = f"{weight}-weighted particle-size distribution [m-1]"
            variables[f"{Domain} {name}"] = share
            variables[f"X-averaged {domain} {name}"] = pybamm.x_average(share)
        return variables


class ClassedProfile(ClassedParticles, pybamm.particle.PolynomialProfile):
    """A polynomial profile in particles of two sizes."""


class ClassedDiffusion(ClassedParticles, pybamm.particle.FickianDiffusion):
    """Fick's law in particles of two sizes."""


class BlendedDiffusion(ClassedDiffusion):
    """Fick's law in particles of two kinds; how full each kind is, is published."""

    def get_fundamental_variables(self):
        variables = super().get_fundamental_variables()
        domain, Domain = self.domain_Domain
        c = variables[f"R-averaged {domain} particle concentration distribution [mol.m-3]"]
        for kind, mine in zip(KINDS, ((1, 0), (0, 1)), strict=True):
            here = by_class(domain, *map(pybamm.Scalar, mine), c)
            sto = pybamm.size_average(here * c) / pybamm.size_average(here)
            sto = pybamm.x_average(sto) / self.phase_param.c_max
            variables[f"{Domain} electrode {kind} host stoichiometry"] = sto
        return variables

    def set_initial_conditions(self, variables):
        super().set_initial_conditions(variables)
        domain, Domain = self.domain_Domain
        c_max = self.phase_param.c_max
        for c, start in list(self.initial_conditions.items()):
            inputs = {f"{Domain} particle stoichiometry": start / c_max}
            each = (
                pybamm.FunctionParameter(f"{Domain} {kind} host stoichiometry at rest", inputs)
                + number(domain, kind, "stoichiometry above rest")
                for kind in KINDS
            )
            self.initial_conditions[c] = c_max * by_class(domain, *each, c)
