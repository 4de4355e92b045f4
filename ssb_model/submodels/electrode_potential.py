"""Electronic conduction in porous electrodes."""

from __future__ import annotations

import pybamm

from ssb_model.submodels.electrolyte_conductivity import POTENTIAL_SCALE


class ElectrodePotential(pybamm.electrode.ohm.Full):
    """PyBaMM's Ohm's law, its potential scaled like the electrolyte's."""

    def get_fundamental_variables(self):
        domain, Domain = self.domain_Domain
        phi_s = pybamm.Variable(
            f"{Domain} electrode potential [V]",
            domain=f"{domain} electrode",
            auxiliary_domains={"secondary": "current collector"},
            reference=0 if domain == "negative" else self.param.ocv_init,
            scale=POTENTIAL_SCALE,
        )
        return self._get_standard_potential_variables(phi_s)
