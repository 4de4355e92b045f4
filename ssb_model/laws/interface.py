"""Charge transfer at contacted surface."""

from __future__ import annotations

import numpy as np

from ssb_model.laws.transport import GAS_CONSTANT, LN10, arrhenius

FARADAY = 96485.33212  # C mol-1


def exchange_current_density(
    concentration, concentration_max, reference, decades=0.0, exponent=1.0
):
    """j0 = 2 j_ref sqrt(x (1 - x)) 10**(-d (x**n - 2**-n)), j_ref half full [A m-2 of contact].

    x = c/c_max is the filling at the contact. The square root counts sites that hold lithium and
    sites that take it. It does not block a full host: the fall by ``decades`` d between empty and
    full does, most of it near full where ``exponent`` n is large. Layered oxides lose the holes
    that carry their electrons and the vacancies that lithium moves by as they fill: as assembled,
    composites of NCM523 resist 1e4 times more than half charged (Kawaguchi2026, symmetric cells).
    The form of the fall is this package's, as that of diffusivity and electronic conductivity.
    """
    share = concentration / concentration_max
    room = (concentration_max - concentration) / concentration_max
    fall = np.exp(-LN10 * decades * (share**exponent - 0.5**exponent))
    return 2 * reference * share**0.5 * room**0.5 * fall


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
    """k exp[E/R (1/T_ref - 1/T)] exp(beta F dphi/RT): how fast an interphase grows, unbounded.

    In the unit of the ``constant`` k. The driving ``potential`` dphi is that of the reaction, the
    interphase's own loss left out, from a reference; it speeds growth by the ``symmetry`` factor
    beta: positive where oxidation makes the interphase, negative where reduction does.
    """
    drive = np.exp(symmetry * FARADAY * potential / (GAS_CONSTANT * T))
    return constant * arrhenius(T, activation_energy, T_ref) * drive


def growth_by_transport(rate, resistance, limit):
    """d(r**2)/dt = K (1 - r/r_max): growth as the square root of time [Ohm2 m4 s-1].

    Transport through the layer already there limits it (Wagner's parabolic law; Wenzel et al.,
    Solid State Ionics 278 (2015) 98), with K the ``rate`` [Ohm2 m4 s-1]. It dies away towards the
    largest resistance there is measured, ``limit`` r_max: form of this package.
    """
    return rate * np.maximum(1 - resistance / limit, 0)


def growth_by_reaction(rate, resistance, limit):
    """dr/dt = k (1 - r/r_max): growth in proportion to time [Ohm m2 s-1].

    The reaction that makes the interphase limits it, with k the ``rate`` [Ohm m2 s-1]; bounded
    as ``growth_by_transport``.
    """
    return rate * np.maximum(1 - resistance / limit, 0)
