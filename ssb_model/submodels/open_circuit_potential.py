"""Open-circuit potentials of porous electrodes, taken at the contact spots."""

from __future__ import annotations

from pybamm import open_circuit_potential as stock


class _AtContact:
    """Evaluates the potential where the reaction happens, below the contact spots."""

    def _get_stoichiometry_and_temperature(self, variables):
        sto_surf, sto_bulk, T, T_bulk = super()._get_stoichiometry_and_temperature(variables)
        if not self.size_distribution:
            Domain = self.domain.capitalize()
            sto_surf = variables[f"{Domain} particle contact stoichiometry"]
        return sto_surf, sto_bulk, T, T_bulk


class Single(_AtContact, stock.SingleOpenCircuitPotential):
    """One curve for charge and discharge."""


class CurrentSigmoid(_AtContact, stock.CurrentSigmoidOpenCircuitPotential):
    """Switches between two branches with the sign of the current."""


class OneStateHysteresis(_AtContact, stock.OneStateHysteresisOpenCircuitPotential):
    """Moves between two branches with the charge passed."""
