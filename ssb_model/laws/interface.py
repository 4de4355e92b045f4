"""Charge transfer at contacted surface."""

from __future__ import annotations

import numpy as np

from ssb_model.laws.transport import GAS_CONSTANT, arrhenius

FARADAY = 96485.33212  # C mol-1


def exchange_current_density(concentration, concentration_max, reference):
    """j0 = 2 j_ref sqrt(c (c_max - c)) / c_max, equal to j_ref half full [A m-2 of contact]."""
    share = concentration / concentration_max
    room = (concentration_max - concentration) / concentration_max
    return 2 * reference * share**0.5 * room**0.5


def butler_volmer(overpotential, exchange_current, T):
    """j_c = 2 j0 sinh(F eta / 2RT), symmetric [A m-2 of contact]."""
    return 2 * exchange_current * np.sinh(FARADAY * overpotential / (2 * GAS_CONSTANT * T))


def linear(overpotential, exchange_current, T):
    """j_c = j0 F eta / RT, for overpotentials well below RT/F."""
    return exchange_current * FARADAY * overpotential / (GAS_CONSTANT * T)


def butler_volmer_overpotential(contact_current_density, exchange_current, T):
    """``butler_volmer`` solved for eta [V]."""
    thermal_voltage = GAS_CONSTANT * T / FARADAY
    return 2 * thermal_voltage * np.arcsinh(contact_current_density / (2 * exchange_current))


def linear_overpotential(contact_current_density, exchange_current, T):
    """``linear`` solved for eta [V]."""
    return GAS_CONSTANT * T / FARADAY * contact_current_density / exchange_current


def grown_resistance(squared):
    """r from r**2 [Ohm m2], without the infinite slope at nothing."""
    smallest = 1e-6  # Ohm m2, a hundredth of an Ohm cm2
    return (squared + smallest**2) ** 0.5 - smallest


def interphase_growth(potential, symmetry, constant, activation_energy, T, T_ref):
    """d(r**2)/dt of an interphase that grows as the square root of time [Ohm2 m4 s-1].

    k**2 exp[E/R (1/T_ref - 1/T)] exp(beta F dphi/RT): transport through the layer already there
    limits growth (Wagner's parabolic law; Wenzel et al., Solid State Ionics 278 (2015) 98), and
    the driving potential ``potential`` from a reference speeds it by the ``symmetry`` factor
    beta: positive where oxidation makes it, negative where reduction does.
    """
    drive = np.exp(symmetry * FARADAY * potential / (GAS_CONSTANT * T))
    return constant * arrhenius(T, activation_energy, T_ref) * drive
