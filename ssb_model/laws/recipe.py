"""From what one weighs and presses to volume fractions, thickness, surface and capacity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from ssb_model.errors import RecipeError
from ssb_model.laws.interface import FARADAY

WEIGHT_TOLERANCE = 0.5  # weight percent; papers print 100.1


def heckel_porosity(pressure, intercept, slope):
    """Porosity after pressing, exp(-(A + K P)) (Heckel, Trans. AIME 221 (1961) 671)."""
    return np.exp(-(intercept + slope * pressure))


def specific_capacity(concentration_max, density):
    """Charge per mass of active material, F c_max / rho [C kg-1]."""
    return FARADAY * concentration_max / density


def solid_volume_fractions(
    weights: Mapping[str, float], densities: Mapping[str, float]
) -> tuple[dict[str, float], float]:
    """Volume share of each solid and the density of the pore-free mixture [kg m-3]."""
    for name, weight in weights.items():
        if not weight > 0:
            raise RecipeError(f"the weight percent of {name} must be positive, not {weight:g}.")
    total = sum(weights.values())
    if abs(total - 100) > WEIGHT_TOLERANCE:
        parts = " + ".join(f"{name} {weight:g}" for name, weight in weights.items())
        raise RecipeError(f"weight percents add up to {total:g}, not 100: {parts}.")
    volumes = {name: weight / densities[name] for name, weight in weights.items()}
    volume = sum(volumes.values())
    return {name: part / volume for name, part in volumes.items()}, total / volume


def surface_of_spheres(fraction: float, diameter: float) -> float:
    """Surface of a solid taken as spheres [m2 per m3 of layer]."""
    return 6 * fraction / diameter


@dataclass(frozen=True)
class Layer:
    """A pressed layer of mixed solids; SI units."""

    thickness: float
    porosity: float
    fractions: dict[str, float]  # volume of each solid per volume of layer


def pressed_layer(
    weights: Mapping[str, float],
    densities: Mapping[str, float],
    mass_per_area: float,
    *,
    thickness: float | None = None,
    porosity: float | None = None,
) -> Layer:
    """The layer a mass of mixture [kg m-2] makes, its thickness or its porosity known."""
    solids, density = solid_volume_fractions(weights, densities)
    if mass_per_area <= 0:
        raise RecipeError(
            f"the mass per area must be positive, not {mass_per_area * 100:g} mg cm-2."
        )
    dense_thickness = mass_per_area / density
    if (thickness is None) == (porosity is None):
        raise RecipeError("give the thickness or the porosity of a layer, one of the two.")
    if thickness is not None:
        if thickness <= 0:
            raise RecipeError(f"the thickness must be positive, not {thickness * 1e6:g} um.")
        porosity = 1 - dense_thickness / thickness
        if porosity < -1e-9:
            raise RecipeError(
                f"porosity would be {porosity:.3f}: {mass_per_area * 100:.3g} mg cm-2 of these "
                f"solids fill {dense_thickness * 1e6:.3g} um without any pore, more than the "
                f"{thickness * 1e6:.3g} um given."
            )
        porosity = max(porosity, 0.0)
    if not 0 <= porosity < 1:
        raise RecipeError(f"porosity must lie between 0 and 1, not {porosity:g}.")
    fractions = {name: share * (1 - porosity) for name, share in solids.items()}
    return Layer(dense_thickness / (1 - porosity), porosity, fractions)


@dataclass(frozen=True)
class Window:
    """Stoichiometries of both electrodes after the first cycle; charges in C m-2."""

    positive_full: float
    positive_empty: float
    negative_full: float
    negative_empty: float
    first_charge: float
    charge: float

    def at(self, soc: float) -> tuple[float, float]:
        """Stoichiometry of the negative and the positive electrode at a state of charge."""
        negative = self.negative_empty + soc * (self.negative_full - self.negative_empty)
        positive = self.positive_empty + soc * (self.positive_full - self.positive_empty)
        return negative, positive


Potential = Callable[[float], float]


def refill_limit(start: float, full: float, first_cycle_loss: float) -> float:
    """Stoichiometry a cathode takes back to: the lost share of its first charge stays out."""
    return start - first_cycle_loss * (start - full)


def first_charge(
    voltage_max: float,
    positive: Potential,
    negative: Potential,
    positive_charge: float,
    negative_charge: float,
    negative_start: float,
    negative_loss: float,
    negative_room: float = 1.0,
    positive_start: float = 1.0,
) -> float:
    """Charge of the first charge to ``voltage_max`` [C m-2], from the pristine cell.

    ``positive_charge`` and ``negative_charge`` are F c_max per area of each electrode; of
    every unit charged the share ``negative_loss`` is lost at the negative electrode, which
    takes lithium up to the stoichiometry ``negative_room``.
    """

    def voltage(q):
        into_negative = negative_start + q * (1 - negative_loss) / negative_charge
        return positive(positive_start - q / positive_charge) - negative(into_negative)

    room = (negative_room - negative_start) / (1 - negative_loss) * negative_charge
    most = min(positive_start * positive_charge, room) * (1 - 1e-9)
    if voltage(most) < voltage_max:
        raise RecipeError(
            f"the upper cut-off {voltage_max:g} V lies outside the open-circuit range: both "
            f"electrodes together reach {voltage(most):.2f} V at most."
        )
    if voltage(1e-3 * most) > voltage_max:
        raise RecipeError(
            f"the upper cut-off {voltage_max:g} V lies outside the open-circuit range: the "
            f"uncharged cell already has {voltage(1e-3 * most):.2f} V."
        )
    return float(brentq(lambda q: voltage(q) - voltage_max, 1e-3 * most, most, rtol=1e-12))


def discharge_window(
    voltage_min: float,
    positive: Potential,
    negative: Potential,
    positive_charge: float,
    negative_charge: float,
    positive_full: float,
    negative_full: float,
    charged: float,
) -> Window:
    """Follow the open-circuit voltage down from full to ``voltage_min``."""

    def voltage(q):
        return positive(positive_full + q / positive_charge) - negative(
            negative_full - q / negative_charge
        )

    room = min((1 - positive_full) * positive_charge, negative_full * negative_charge)
    most = room * (1 - 1e-9)
    if voltage(0) <= voltage_min:
        raise RecipeError(
            f"the lower cut-off {voltage_min:g} V lies outside the open-circuit range: the full "
            f"cell has {voltage(0):.2f} V."
        )
    if voltage(most) > voltage_min:
        raise RecipeError(
            f"the lower cut-off {voltage_min:g} V lies outside the open-circuit range: the empty "
            f"cell still has {voltage(most):.2f} V."
        )
    q = float(brentq(lambda q: voltage(q) - voltage_min, 0, most, rtol=1e-12))
    return Window(
        positive_full=positive_full,
        positive_empty=positive_full + q / positive_charge,
        negative_full=negative_full,
        negative_empty=negative_full - q / negative_charge,
        first_charge=charged,
        charge=q,
    )
