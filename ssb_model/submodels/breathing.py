"""Thickness of the layers: active material that breathes, and all of them giving way elastically.

Changes count from the pristine, unloaded layer.
"""

from __future__ import annotations

import pybamm

from ssb_model.laws import mechanics


def volume_strain(domain, sto):
    """Volume change of the active material since pristine, relative to its pristine volume."""
    Domain = domain.capitalize()

    def volume(x):
        return pybamm.FunctionParameter(
            f"{Domain} electrode volume change", {f"{Domain} particle stoichiometry": x}
        )

    return volume(sto) - volume(pybamm.Parameter(f"{Domain} electrode pristine stoichiometry"))


def breathing_rate(domain, options, param, variables):
    """How fast the active material of an electrode changes volume, either way [s-1]."""
    electrode = f"{domain.capitalize()} electrode"
    if domain in options.porous:
        current = variables[f"{electrode} volumetric interfacial current density [A.m-3]"]
        per_volume = current / _active_fraction(electrode)
    else:
        i = pybamm.yz_average(variables["Current collector current density [A.m-2]"])
        per_volume = i / param.domain_params[domain].L
    # over the host's whole range, so that a plateau in its volume does not hide the stirring
    swing = volume_strain(domain, pybamm.Scalar(1)) - volume_strain(domain, pybamm.Scalar(0))
    return abs(swing * per_volume) / (param.F * _c_max(domain))


def _active_fraction(electrode):
    return pybamm.Parameter(f"{electrode} active material volume fraction")


def _c_max(domain):
    return pybamm.Parameter(f"Maximum concentration in {domain} electrode [mol.m-3]")


def free_thickness_change(domain, param, sto):
    """What an electrode at the mean lithium content ``sto`` has grown since pristine [m].

    Exact where volume is linear in lithium; elsewhere the volume at the mean content.
    """
    return mechanics.thickness_from_volume(
        volume_strain(domain, sto),
        _active_fraction(f"{domain.capitalize()} electrode"),
        param.domain_params[domain].L,
    )


def start(domain):
    """Mean lithium content a run starts from."""
    return pybamm.Parameter(f"Initial concentration in {domain} electrode [mol.m-3]") / _c_max(
        domain
    )


def filling_rate(domain, options, param, i):
    """d(sto)/dt of a whole electrode under the cell's current density ``i`` [s-1]."""
    # the concentration of a planar electrode already refers to all of its volume
    porous = domain in options.porous
    share = _active_fraction(f"{domain.capitalize()} electrode") if porous else 1
    room = param.F * _c_max(domain) * share * param.domain_params[domain].L
    return i / room if domain == "positive" else -i / room


class Breathing(pybamm.BaseSubModel):
    """Free thickness change of an electrode."""

    def get_coupled_variables(self, variables):
        electrode = f"{self.domain.capitalize()} electrode"
        sto = pybamm.yz_average(variables[f"{electrode} stoichiometry"])
        variables[f"{electrode} free thickness change [m]"] = free_thickness_change(
            self.domain, self.param, sto
        )
        return variables
