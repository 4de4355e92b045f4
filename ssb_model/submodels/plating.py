"""How far a composite negative electrode is from plating lithium."""

from __future__ import annotations

import pybamm


class PlatingMargin(pybamm.BaseSubModel):
    """Lithium plates where the potential of the particles falls below that of lithium.

    .. math:: margin = \\phi_s - \\phi_e
    """

    def get_coupled_variables(self, variables):
        margin = variables["Negative electrode surface potential difference [V]"]
        variables["Lithium plating margin [V]"] = margin
        variables["Minimum lithium plating margin [V]"] = pybamm.min(margin)
        return variables
