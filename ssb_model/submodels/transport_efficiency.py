"""Effective conductivities of separator and composites, over those of the materials."""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.transport_efficiency.base_transport_efficiency import BaseModel

from ssb_model.laws import micro_contact, transport


def _of(Domain: str, name: str) -> pybamm.Parameter:
    return pybamm.Parameter(f"{Domain} {name}")


def electrolyte_of(Domain: str, own: bool) -> str:
    """Whose constants the electrolyte of a layer has: its own, or those of the separator's."""
    return f"{Domain} electrolyte" if own else "Electrolyte"


def grain_boundaries(Domain: str, electrolyte: str = "Electrolyte"):
    """What the grains of a layer leave of the conductivity of the reference pellet."""
    return transport.grain_conductivity_factor(
        _of(Domain, "solid electrolyte grain size [m]"),
        _of(electrolyte, "reference grain size [m]"),
        _of(electrolyte, "grain boundary length [m]"),
    )


def ionic_network(Domain: str, phi, electrolyte: str = "Electrolyte"):
    """Conductivity of a layer of electrolyte ``phi`` over that of the reference pellet.

    Grain boundaries and additives aside. The pellet's own pores are in its conductivity.
    """
    exponent, tail = (_of(Domain, f"ionic percolation {one}") for one in ("exponent", "tail"))
    pellet = transport.uneven_percolation(
        1 - _of(electrolyte, "reference porosity"),
        _of(Domain, "ionic percolation threshold at equal size"),
        exponent,
        tail,
    )
    threshold = _of(Domain, "ionic percolation threshold")
    return transport.uneven_percolation(phi, threshold, exponent, tail) / pellet


def left_by_mixing(Domain: str):
    """What additives and the way of mixing leave of the paths between a composite's grains."""
    free_necks = transport.free_necks(
        _of(Domain, "additive volume fraction"),
        _of(Domain, "porosity"),
        _of(Domain, "neck blocking"),
    )
    return _of(Domain, "ionic mixing factor") * free_necks


def active_network(Domain: str):
    """Share of a composite that conducts electrons as its active material does."""
    return transport.uneven_percolation(
        _of(Domain, "total active material volume fraction"),
        *(
            _of(Domain, f"electronic percolation {one}")
            for one in ("threshold", "exponent", "tail")
        ),
    )


def fibre_conductivity(Domain: str):
    """Conductivity of the network of fibre in a composite [S.m-1]."""
    return _of(Domain, "fibre conductivity [S.m-1]") * transport.percolation(
        _of(Domain, "fibre volume fraction"),
        _of(Domain, "fibre percolation threshold"),
        _of(Domain, "fibre percolation exponent"),
    )


class _Transport(BaseModel):
    """Abstract: the law of each composite's paths is named by an option."""

    phase: str
    option: str

    def __init__(self, param, options):
        super().__init__(param, self.phase, options)
        self.paths = {
            "percolation": self._percolation,
            "Bruggeman": self._bruggeman,
            "measured": self._measured,
        }[options[self.option]]


class IonicTransport(_Transport):
    """Tortuous paths and grain boundaries, by the laws the options name.

    .. math:: \\kappa_{eff} / \\kappa_{SE} = g(d_{SE}) \\, (\\epsilon_{SE} / \\tau^2)
        \\sqrt{\\theta / \\theta_{ref}}

    Necks between grains follow the contact of grains, everywhere that of the separator's, which
    is pressed with the composites; theta_ref is that of the pellet whose conductivity is the
    reference. PyBaMM multiplies the efficiency by the conductivity of the separator's
    electrolyte, so that of a composite with another one is times the ratio of both.
    A measured efficiency holds the grain boundaries already, and so does the Bruggeman exponent
    of a parameter set, which repeats it; only the percolation law needs their factor.
    """

    phase, option = "Electrolyte", "ionic transport"

    def get_coupled_variables(self, variables):
        tor = {}
        for domain in self.options.whole_cell_domains:
            if self.options.is_layer(domain.split()[0]):
                tor[domain] = self._measured(domain, None)
                continue
            paths = self.paths(domain, variables[f"{domain.capitalize()} porosity"])
            tor[domain] = paths * self._necks(domain, variables)
            if self._own(domain):
                tor[domain] = tor[domain] * self._over_the_separator(domain, variables)
        variables.update(self._get_standard_transport_efficiency_variables(tor))
        return variables

    def _own(self, domain):
        return self.options.has_own_electrolyte(domain.split()[0])

    def _electrolyte(self, domain):
        return electrolyte_of(domain.capitalize(), self._own(domain))

    def _over_the_separator(self, domain, variables):
        """Conductivity of the layer's electrolyte over that of the separator's."""
        T = variables[f"{domain.capitalize()} temperature [K]"]
        side = domain.split()[0].capitalize()
        c_e = variables[f"{side} electrolyte concentration [mol.m-3]"]
        inputs = {"Electrolyte concentration [mol.m-3]": c_e, "Temperature [K]": T}
        own = pybamm.FunctionParameter(f"{self._electrolyte(domain)} conductivity [S.m-1]", inputs)
        return own / self.param.kappa_e(c_e, T)

    def _necks(self, domain, variables):
        if self.options.contact_law("separator") == "constant":
            return pybamm.Scalar(1)
        contact = variables["Separator relative contact"]
        reference = _of(self._electrolyte(domain), "reference relative contact")
        return micro_contact.grain_conductance(contact, reference)

    def _percolation(self, domain, phi):
        Domain = domain.capitalize()
        electrolyte = self._electrolyte(domain)
        paths = ionic_network(Domain, phi, electrolyte)
        if domain != "separator":
            paths = paths * left_by_mixing(Domain)
        if self.options["grain boundaries"] == "none":
            return paths
        return paths * grain_boundaries(Domain, electrolyte)

    def _bruggeman(self, domain, phi):
        exponent = self.param.domain_params[domain.split()[0]].b_e
        return transport.bruggeman(phi, exponent)

    def _measured(self, domain, phi):
        share = pybamm.Parameter(f"{domain.capitalize()} ionic transport efficiency")
        return pybamm.FullBroadcast(share, domain, "current collector")


class ElectronicTransport(_Transport):
    """A network of active material and, beside it, one of conductive fibre.

    .. math:: \\sigma_{eff} = \\sigma_{AM}(x, T) p(\\phi_{AM}) + \\sigma_f p(\\phi_f)

    PyBaMM multiplies the conductivity of the active material by a transport efficiency, so
    the efficiency published here is the sum divided by that conductivity.
    """

    phase, option = "Electrode", "electronic transport"

    def get_coupled_variables(self, variables):
        tor = {}
        for domain in self.options.whole_cell_domains:
            if domain == "separator":
                tor[domain] = pybamm.FullBroadcast(0, "separator", "current collector")
            elif self.options.is_layer(domain.split()[0]):
                tor[domain] = self._measured(domain, variables)
            else:
                tor[domain] = self.paths(domain, variables)
        variables.update(self._get_standard_transport_efficiency_variables(tor))
        return variables

    def _active_conductivity(self, domain, variables):
        Domain = domain.split()[0].capitalize()
        sto = variables[f"{Domain} particle surface stoichiometry"]
        T = variables[f"{domain.capitalize()} temperature [K]"]
        return self.param.domain_params[domain.split()[0]].sigma(sto, T)

    def _percolation(self, domain, variables):
        Domain = domain.capitalize()
        fibre = fibre_conductivity(Domain) / self._active_conductivity(domain, variables)
        return active_network(Domain) + fibre

    def _bruggeman(self, domain, variables):
        solids = 1 - variables[f"{domain.capitalize()} porosity"]
        return transport.bruggeman(solids, self.param.domain_params[domain.split()[0]].b_s)

    def _measured(self, domain, variables):
        effective = pybamm.Parameter(f"{domain.capitalize()} effective conductivity [S.m-1]")
        return effective / self._active_conductivity(domain, variables)
