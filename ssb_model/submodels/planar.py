"""A planar negative electrode: lithium inside it, its face against the separator, voids there."""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.electrode.ohm.li_metal import LithiumMetalBaseModel

from ssb_model.laws import creep, interface
from ssb_model.submodels.kinetics import CURRENT


class BasePlanarLithium(pybamm.BaseSubModel):
    """Lithium per area of a planar negative electrode, in its unlithiated frame."""

    def __init__(self, param, options):
        super().__init__(param, "negative", options=options)
        self.c_max = pybamm.Parameter("Maximum concentration in negative electrode [mol.m-3]")
        self.c_init = pybamm.Parameter("Initial concentration in negative electrode [mol.m-3]")

    def _lithium_variables(self, mean, surface):
        lithium = mean * self.c_max * self.domain_param.L * self.param.A_cc
        return {
            "Negative electrode stoichiometry": mean,
            "Negative electrode surface stoichiometry": surface,
            "Total lithium in negative electrode [mol]": pybamm.yz_average(lithium),
        }

    def _flux_out(self, variables):
        # of the reaction: a double layer takes its share of the cell's current
        return variables["Lithium metal plating current density [A.m-2]"] / self.param.F


class LayerDiffusion(BasePlanarLithium):
    """A dense layer, lithium entering through the face at the separator.

    .. math:: \\partial_t c = \\partial_x (D(c, T) \\partial_x c)

    The layer takes PyBaMM's domain "negative particle" with a cartesian coordinate that runs
    from the current collector to the separator.
    """

    def get_fundamental_variables(self):
        c = pybamm.Variable(
            "Negative layer concentration [mol.m-3]",
            domain="negative particle",
            auxiliary_domains={"secondary": "current collector"},
            bounds=(0, self.c_max),
            scale=self.c_max,
        )
        sto = c / self.c_max
        return {
            "Negative layer concentration [mol.m-3]": c,
            "Negative layer stoichiometry": sto,
            **self._lithium_variables(
                pybamm.r_average(c) / self.c_max, pybamm.surf(c) / self.c_max
            ),
        }

    def _diffusivity(self, variables):
        sto = variables["Negative layer stoichiometry"]
        T = pybamm.PrimaryBroadcast(
            variables["X-averaged cell temperature [K]"], "negative particle"
        )
        inputs = {"Negative particle stoichiometry": sto, "Temperature [K]": T}
        return pybamm.FunctionParameter("Negative particle diffusivity [m2.s-1]", inputs)

    def set_rhs(self, variables):
        c = variables["Negative layer concentration [mol.m-3]"]
        self.rhs = {c: pybamm.div(self._diffusivity(variables) * pybamm.grad(c))}

    def set_boundary_conditions(self, variables):
        c = variables["Negative layer concentration [mol.m-3]"]
        gradient = -self._flux_out(variables) / pybamm.surf(self._diffusivity(variables))
        self.boundary_conditions = {
            c: {"left": (pybamm.Scalar(0), "Neumann"), "right": (gradient, "Neumann")}
        }

    def set_initial_conditions(self, variables):
        c = variables["Negative layer concentration [mol.m-3]"]
        self.initial_conditions = {c: self.c_init}


class FoilReservoir(BasePlanarLithium):
    """A metal foil whose lithium is counted, not resolved; empty is an event.

    .. math:: F c_{max} L \\, d x / d t = -i
    """

    def get_fundamental_variables(self):
        sto = pybamm.Variable("Negative electrode stoichiometry", domain="current collector")
        return self._lithium_variables(sto, sto)

    def set_rhs(self, variables):
        sto = variables["Negative electrode stoichiometry"]
        rate = -self._flux_out(variables) / (self.c_max * self.domain_param.L)
        self.rhs = {sto: rate}

    def set_initial_conditions(self, variables):
        sto = variables["Negative electrode stoichiometry"]
        self.initial_conditions = {sto: self.c_init / self.c_max}

    def add_events_from(self, variables):
        sto = variables["Negative electrode stoichiometry"]
        self.events = [pybamm.Event("Negative reservoir empty", pybamm.min(sto))]


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


HEIGHT, SHARE = "Negative electrode voids height [m]", "Negative electrode void share"
CONSTANTS = (  # of the law, in its order
    *("self-diffusivity [m2.s-1]", "self-diffusion activation energy [J.mol-1]"),
    *("creep length [m]", "power-law creep velocity [m.s-1]", "power-law creep exponent"),
    "power-law creep activation energy [J.mol-1]",
)


class FaceVoids(pybamm.BaseSubModel):
    """Publishes the share of the face that voids have taken from contact.

    .. math:: dh/dt = \\max(i, 0) V / F - w v(P, T), \\quad w = 1 - e^{-h / h_0}
    """

    def get_fundamental_variables(self):
        height = pybamm.Variable(HEIGHT, domain="current collector", scale=1e-6)
        typical = pybamm.Parameter("Negative electrode void height [m]")
        return {HEIGHT: height, SHARE: creep.void_share(height, typical)}

    def _metal(self):
        known = (pybamm.Parameter(f"Negative electrode {name}") for name in CONSTANTS)
        held = pybamm.Parameter("Maximum concentration in negative electrode [mol.m-3]")
        return creep.Creep(*known, yield_stress=None, molar_volume=1 / held)

    def set_rhs(self, variables):
        growth = creep.void_growth(
            variables["Current collector current density [A.m-2]"],
            variables["Stack pressure on negative electrode [Pa]"],
            variables["X-averaged cell temperature [K]"],
            variables[SHARE],
            self._metal(),
        )
        self.rhs = {variables[HEIGHT]: growth}

    def set_initial_conditions(self, variables):
        self.initial_conditions = {variables[HEIGHT]: pybamm.Scalar(0)}
