"""Face between a planar negative electrode and the separator."""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.electrode.ohm.li_metal import LithiumMetalBaseModel

from ssb_model.laws import interface
from ssb_model.submodels.kinetics import CURRENT

OVERPOTENTIAL = {
    "symmetric Butler-Volmer": interface.butler_volmer_overpotential,
    "linear": interface.linear_overpotential,
}
REACTION = "Negative electrode reaction potential difference [V]"


class BasePlanarInterface(LithiumMetalBaseModel):
    """Reaction and film in series on the contacted share of a rough face.

    .. math:: \\phi_s - \\phi_e - U = \\eta(j_c) + r_{film} j_c, \\quad j_c = j / (\\theta \\rho)
    """

    def __init__(self, param, options):
        super().__init__(param, "negative", options)
        self.kinetics = options.negative["intercalation kinetics"]

    def _exchange_current(self, variables):
        inputs = {
            "Negative particle stoichiometry": variables[
                "Negative electrode surface stoichiometry"
            ],
            "Temperature [K]": variables["X-averaged cell temperature [K]"],
        }
        return pybamm.FunctionParameter(
            "Negative electrode exchange-current density [A.m-2]", inputs
        )

    def _contacted_surface(self, variables):
        roughness = pybamm.Parameter("Negative electrode roughness")
        return variables["Lithium metal interface utilisation"] * roughness

    def _interface_variables(self, j, delta_phi, loss, variables):
        i = variables["Current collector current density [A.m-2]"]
        T = variables["X-averaged cell temperature [K]"]
        drop = i * self.domain_param.L / self.domain_param.sigma(None, T)
        phi_s = variables["Negative current collector potential [V]"] - drop
        U = variables["Negative electrode open-circuit potential [V]"]
        transfer, film = loss
        variables.setdefault(REACTION, U + transfer)
        variables.update(self._get_li_metal_interface_variables(drop, phi_s, phi_s - delta_phi))
        variables.update(
            {
                "Lithium metal interface surface potential difference [V]": delta_phi,
                "Lithium metal interface reaction overpotential [V]": delta_phi - U,
                "Lithium metal plating current density [A.m-2]": j,
                "Lithium metal total interfacial current density [A.m-2]": i,
                "Negative electrode exchange current density [A.m-2]": self._exchange_current(
                    variables
                ),
                "Negative electrode charge-transfer overpotential [V]": transfer,
                "Negative electrode film overpotential [V]": film,
                "Negative electrode SEI film overpotential [V]": pybamm.Scalar(0),
            }
        )
        return variables


class PlanarInterface(BasePlanarInterface):
    """Without a double layer: the reaction carries the cell's current."""

    def get_coupled_variables(self, variables):
        i = variables["Current collector current density [A.m-2]"]
        U = variables["Negative electrode open-circuit potential [V]"]
        transfer, film = self._loss(i, variables)
        return self._interface_variables(i, U + transfer + film, (transfer, film), variables)

    def _loss(self, j, variables):
        """Potential lost by a current density ``j`` per area of electrode, as its two parts."""
        T = variables["X-averaged cell temperature [K]"]
        j0 = self._exchange_current(variables)
        j_contact = j / self._contacted_surface(variables)
        film = variables["Negative electrode film resistance [Ohm.m2]"]
        return OVERPOTENTIAL[self.kinetics](j_contact, j0, T), j_contact * film


class PlanarDoubleLayer(BasePlanarInterface):
    """The double layer of the contacted face in parallel with reaction and film.

    The potential difference across the reaction is a state, as in a composite with a film.
    """

    def get_fundamental_variables(self):
        delta_phi = pybamm.Variable(
            "Lithium metal interface surface potential difference [V]", domain="current collector"
        )
        reaction = pybamm.Variable(REACTION, domain="current collector")
        return {delta_phi.name: delta_phi, reaction.name: reaction}

    def get_coupled_variables(self, variables):
        delta_phi = variables["Lithium metal interface surface potential difference [V]"]
        U = variables["Negative electrode open-circuit potential [V]"]
        T = variables["X-averaged cell temperature [K]"]
        transfer = variables[REACTION] - U
        j_contact = CURRENT[self.kinetics](transfer, self._exchange_current(variables), T)
        film = j_contact * variables["Negative electrode film resistance [Ohm.m2]"]
        variables["Negative electrode film residual [V]"] = delta_phi - U - transfer - film
        j = j_contact * self._contacted_surface(variables)
        return self._interface_variables(j, delta_phi, (transfer, film), variables)

    def set_rhs(self, variables):
        delta_phi = variables["Lithium metal interface surface potential difference [V]"]
        j = variables["Lithium metal plating current density [A.m-2]"]
        i = variables["Current collector current density [A.m-2]"]
        T = variables["X-averaged cell temperature [K]"]
        capacitance = self.domain_param.C_dl(T) * self._contacted_surface(variables)
        self.rhs = {delta_phi: (i - j) / capacitance}

    def set_algebraic(self, variables):
        residual = variables["Negative electrode film residual [V]"]
        self.algebraic = {variables[REACTION]: residual}

    def set_initial_conditions(self, variables):
        delta_phi = variables["Lithium metal interface surface potential difference [V]"]
        U = variables["Initial negative electrode open-circuit potential [V]"]
        self.initial_conditions = {delta_phi: U, variables[REACTION]: U}
