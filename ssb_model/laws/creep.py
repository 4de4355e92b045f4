"""How lithium metal flows under pressure: into the pores of a separator, back into voids.

One velocity answers for both harms. Too much pressure pushes lithium through the separator; too
little does not refill what stripping takes from the face.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ssb_model.laws.interface import FARADAY
from ssb_model.laws.transport import GAS_CONSTANT, arrhenius

REFERENCE_TEMPERATURE = 298.15  # K
REFERENCE_DRIVE = 20e6  # Pa, what the velocity of power-law creep is given at
TABOR = 3.0  # pressure that presses a soft metal into a cavity, over its yield stress
AROUND = np.pi / 2  # way around round grains over the way straight through them
HALVINGS = 60
PILLAR, STRENGTH = 1e-6, 105e6  # m and Pa: what a pillar of lithium that wide bears; Xu2017
STRENGTHENING = 0.68  # exponent of that in the width, at room temperature; Xu2017


class Creep(NamedTuple):
    """The constants of a metal that creeps, in SI, at 25 degC."""

    self_diffusivity: float
    self_diffusion_energy: float  # J mol-1
    length: float  # over which atoms go from where it is pressed to where it is not
    power_velocity: float  # m s-1 of power-law creep under REFERENCE_DRIVE
    power_exponent: float
    power_energy: float  # J mol-1
    yield_stress: float
    molar_volume: float


def velocity(drive, temperature, creep: Creep):
    """How fast lithium flows under a difference of pressure ``drive`` [m s-1].

    v = D(T) V p / (R T d) + v_0(T) (p / p_0)^n: atoms that diffuse over a length d down the
    gradient of pressure (Nabarro and Herring; linear in p) and dislocations that climb (power
    law, n 6.6; LePage2019, Masias2019). D self-diffusivity, V molar volume, p_0 20 MPa. Small
    volumes of lithium are too strong for dislocations, so that spots of contact live by the
    first; at high pressures the second is faster.
    """
    diffusing = creep.self_diffusivity * arrhenius(
        temperature, creep.self_diffusion_energy, REFERENCE_TEMPERATURE
    )
    by_diffusion = diffusing * creep.molar_volume / (GAS_CONSTANT * temperature * creep.length)
    climbing = creep.power_velocity * arrhenius(
        temperature, creep.power_energy, REFERENCE_TEMPERATURE
    )
    return by_diffusion * drive + climbing * (drive / REFERENCE_DRIVE) ** creep.power_exponent


def entry_pressure(creep: Creep):
    """Pressure below which lithium only touches a pore, 3 times its yield stress (Tabor) [Pa]."""
    return TABOR * creep.yield_stress


def widest_shut(pressure):
    """Width of the widest pore or crack that keeps lithium out by its strength alone [m].

    w = w_1 (3 sigma_1 / P)^(1/m): small lithium is strong, sigma = sigma_1 (w_1 / w)^m with
    105 MPa in pillars of 1 um and m 0.68 (Xu2017, single crystals, room temperature), and three
    times that presses it into a cavity (Tabor). What is wider it enters at ``entry_pressure``,
    in time.
    """
    return PILLAR * (TABOR * STRENGTH / pressure) ** (1 / STRENGTHENING)


def openness(porosity, closed, reference):
    """How readily pores let lithium through, over those of the pellet creep was measured in.

    min(1, ((eps - eps_c) / (eps_r - eps_c))^2): a network of pores that closes at eps_c. More
    pores than the reference has are not known to hasten it.
    """
    share = (porosity - closed) / (reference - closed)
    return np.minimum(1, np.maximum(0, share) ** 2)


def time_to_short(pressure, temperature, thickness, opened, creep: Creep):
    """Time until lithium has crept through a separator [s]; infinite where it cannot enter.

    t = (pi/2) L / (v(P - 3 sigma_y, T) w): the way around the grains of a layer of thickness L,
    at the velocity of creep and the openness w of its pores. It is taken as independent of the
    current, and as linear in L, which only one thickness stands behind.
    """
    drive = np.maximum(pressure - entry_pressure(creep), 0)
    with np.errstate(divide="ignore"):
        return (
            AROUND * thickness / (velocity(drive, temperature, creep) * np.asarray(opened, float))
        )


def stripping_limit(pressure, temperature, creep: Creep):
    """Current density up to which creep refills what stripping takes, F v(P, T) / V [A m-2].

    Faster stripping leaves voids at the face.
    """
    return FARADAY / creep.molar_volume * velocity(pressure, temperature, creep)


def void_share(height, typical):
    """1 - exp(-h / h_0): share of a face that voids of a mean height h take."""
    return 1 - np.exp(-height / typical)


def void_growth(current_density, pressure, temperature, share, creep: Creep):
    """dh/dt = max(i, 0) V / F - w v(P, T): stripping makes voids, creep closes them [m s-1].

    i > 0 strips. Creep works where there are voids, their share w: under a steady current the
    share is that of the current in ``stripping_limit``, beyond which voids grow without end.
    Plating closes none by itself: it goes where there is contact.
    """
    stripped = np.maximum(current_density, 0) * creep.molar_volume / FARADAY
    return stripped - share * velocity(pressure, temperature, creep)


def drive_of(wanted, temperature, creep: Creep):
    """The pressure difference that gives a velocity ``wanted`` [Pa]; the inverse of velocity."""
    low, high = 1.0, 1e12
    for _ in range(HALVINGS):
        middle = np.sqrt(low * high)
        enough = velocity(middle, temperature, creep) >= wanted
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.sqrt(low * high)


def greatest_pressure(time, temperature, thickness, opened, creep: Creep):
    """Pressure at which lithium takes ``time`` to cross; infinite where pores are closed [Pa]."""
    with np.errstate(divide="ignore"):
        wanted = AROUND * thickness / (time * np.asarray(opened, float))
    found = entry_pressure(creep) + drive_of(wanted, temperature, creep)
    return np.where(np.asarray(opened) > 0, found, np.inf)


def least_pressure(current_density, temperature, creep: Creep):
    """Pressure from which a current density of stripping leaves no voids [Pa]."""
    wanted = np.abs(current_density) * creep.molar_volume / FARADAY
    return drive_of(wanted, temperature, creep)
