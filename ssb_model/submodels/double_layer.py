"""Double layer of the contacted surface."""

from __future__ import annotations

from pybamm.models.submodels.electrolyte_conductivity import surface_potential_form


class ContactDoubleLayer(surface_potential_form.FullDifferential):
    """Capacitance C_dl theta per particle surface: what does not touch stores no charge.

    .. math:: \\theta a C_{dl} \\partial_t (\\phi_s - \\phi_e) = \\nabla \\cdot i_e - \\sum a j
    """

    def set_rhs(self, variables):
        super().set_rhs(variables)
        if self.domain == "separator":
            return
        Domain = self.domain.capitalize()
        delta_phi = variables[f"{Domain} electrode surface potential difference [V]"]
        self.rhs[delta_phi] /= variables[f"{Domain} electrode contact fraction"]
