"""Voids at the face of a lithium foil: stripping makes them, creep closes them."""

from __future__ import annotations

import pybamm

from ssb_model.laws import creep

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
