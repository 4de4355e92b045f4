"""Charge conservation in a single-ion electrolyte."""

from __future__ import annotations

import pybamm
from pybamm.models.submodels.electrolyte_conductivity import Full

# a solver asked for 1e-6 then resolves potentials to 10 uV; finer costs steps and shows nowhere
POTENTIAL_SCALE = 10.0  # V


class SingleIonOhm(Full):
    """Ohm's law and nothing else: no salt, no transference number, no diffusion potential.

    .. math:: i_e = -\\kappa_{eff} \\nabla \\phi_e, \\quad \\nabla \\cdot i_e = \\sum a j

    The flux is a product of a conductivity and one gradient, so that the discretisation takes
    the harmonic mean at layer faces, where the conductivity jumps by orders of magnitude.
    """

    def get_fundamental_variables(self):
        potentials = {}
        for domain in self.options.whole_cell_domains:
            potentials[domain] = pybamm.Variable(
                f"{domain.split()[0].capitalize()} electrolyte potential [V]",
                domain=domain,
                auxiliary_domains={"secondary": "current collector"},
                reference=-self.param.n.prim.U_init,
                scale=POTENTIAL_SCALE,
            )
        return self._get_standard_potential_variables(potentials)

    def get_coupled_variables(self, variables):
        T = variables["Cell temperature [K]"]
        c_e = variables["Electrolyte concentration [mol.m-3]"]
        tor = variables["Electrolyte transport efficiency"]
        phi_e = variables["Electrolyte potential [V]"]
        i_e = -(self.param.kappa_e(c_e, T) * tor) * pybamm.grad(phi_e)
        variables.update(self._get_standard_current_variables(i_e))
        if self.options.electrode_types["negative"] == "planar":
            phi_e_n = variables["Lithium metal interface electrolyte potential [V]"]
        else:
            phi_e_n = variables["Negative electrolyte potential [V]"]
        phi_e_p = variables["Positive electrolyte potential [V]"]
        ohmic = pybamm.x_average(phi_e_p) - pybamm.x_average(phi_e_n)
        variables.update(self._get_split_overpotential(pybamm.Scalar(0), ohmic))
        return variables
