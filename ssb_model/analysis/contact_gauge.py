"""Interfacial capacitance as a gauge of contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ssb_model.errors import InputError
from ssb_model.laws import circuit as law

SEPARATION = 2e-9  # m, between the charges (Kawaguchi et al. 2026)
PERMITTIVITY = {"LPSCl": 12.0, "NCM523": 15.0, "LiNbO3": 30.0}  # Kawaguchi et al. 2026


@dataclass(frozen=True)
class ContactGauge:
    """Contact fraction by each formula and permittivity; above 1 is flagged, not clipped."""

    rows: list[dict[str, Any]]

    @property
    def table(self) -> pd.DataFrame:
        """One row a choice of formula and permittivity."""
        return pd.DataFrame(self.rows)

    @property
    def spread(self) -> tuple[float, float]:
        """Least and largest contact fraction over all choices."""
        shares = [row["contact_fraction"] for row in self.rows]
        return min(shares), max(shares)


def contact_gauge(
    capacitance: float | Mapping[str, float],
    particle_surface: float,
    permittivities: Mapping[str, float] = PERMITTIVITY,
    separation: float = SEPARATION,
    other_capacitance: float = 0.0,
) -> ContactGauge:
    """Contact fraction from a capacitance, theta = (C - C_other) d / (eps_0 eps_r S).

    ``capacitance`` [F] of an electrode, or several by the name of the formula they come from
    (``capacitance_of_arc``); ``particle_surface`` [m2] of the same electrode; ``separation`` of
    the charges [m]; ``other_capacitance`` [F] of carbon and collectors, measured without active
    material. Per electrode area both ways works as well: F m-2 and m2 of particles per m2.
    Which permittivity rules is not known, so each one given is a row: their spread is the
    least uncertainty of the gauge.
    """
    named = capacitance if isinstance(capacitance, Mapping) else {"as given": capacitance}
    numbers = [*named.values(), particle_surface, separation, *permittivities.values()]
    if not all(number > 0 for number in numbers) or other_capacitance < 0:
        raise InputError("capacitance, surface, separation and permittivities are positive.")
    rows = []
    for formula, C in named.items():
        for material, permittivity in permittivities.items():
            share = law.contact_share(
                C, particle_surface, permittivity, separation, other_capacitance
            )
            flag = ""
            if share > 1:
                flag = "above 1: more surface, another permittivity or another arc"
            elif share <= 0:
                flag = "none left after the other capacitance"
            rows.append(
                {
                    "formula": formula,
                    "permittivity_of": material,
                    "permittivity": permittivity,
                    "capacitance": C,
                    "contact_fraction": float(share),
                    "Flag": flag,
                }
            )
    return ContactGauge(rows)


def capacitance_of_arc(
    Q: float, alpha: float, series_resistance: float, transfer_resistance: float
) -> dict[str, float]:
    """Capacitances of a constant-phase element by both formulas in use.

    ``Q`` [F s**(alpha-1)], resistances [Ohm], of one electrode or all per area. They differ by
    (1 + R_ct/R_s)**((1-alpha)/alpha); which one holds depends on what spreads the time constants.
    """
    if not 0 < alpha <= 1:
        raise InputError(f"alpha lies between 0 and 1, not {alpha:g}.")
    if min(Q, series_resistance, transfer_resistance) <= 0:
        raise InputError("Q and both resistances are positive.")
    return {
        "Brug": law.brug(Q, alpha, series_resistance, transfer_resistance),
        "Hsu-Mansfeld": law.hsu_mansfeld(Q, alpha, transfer_resistance),
    }
