"""Parameters that are functions, as module-level PyBaMM functions that pickle.

Each is called through ``functools.partial`` with the electrode whose constants it reads, so
that every constant stays a named parameter one can override or make an input.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pybamm

from ssb_model.errors import InputError
from ssb_model.laws import interface, open_circuit, size_classes, transport
from ssb_model.quantities.checks import check_number, check_pressure, check_several


def _for_negative_electrode(form: str):
    """Refuse, with the cure, a model built for another kind of negative electrode."""

    def wrap(function):
        expected = len(inspect.signature(function).parameters)

        @functools.wraps(function)
        def checked(*arguments, **named):
            if len(arguments) + len(named) != expected:
                raise pybamm.OptionError(
                    f"These are parameters of a cell whose negative electrode is {form}, the model "
                    "is built for another kind. Build it with ssb_model.load_cell(NAME).model() "
                    "or with the option 'negative electrode'."
                )
            return function(*arguments, **named)

        return checked

    return wrap


def _constant(electrode: str, name: str) -> pybamm.Parameter:
    """A constant of "Positive electrode" or of "Positive particle"."""
    return pybamm.Parameter(f"{electrode} {name}")


def activated(symbol, T, energy: pybamm.Symbol):
    """A rate known at the reference temperature, at temperature ``T``."""
    return symbol * transport.arrhenius(T, energy, pybamm.Parameter("Reference temperature [K]"))


def electrolyte_conductivity(c_e, T):
    return own_electrolyte_conductivity("Electrolyte", c_e, T)


def own_electrolyte_conductivity(electrolyte, c_e, T):
    reference = _constant(electrolyte, "reference conductivity [S.m-1]")
    energy = _constant(electrolyte, "conductivity activation energy [J.mol-1]")
    return activated(reference, T, energy)


def oxide_diffusivity(particle, sto, T):
    fall = transport.diffusivity_fall_when_full(
        sto, _constant(particle, "diffusivity fall when full")
    )
    reference = _constant(particle, "reference diffusivity [m2.s-1]")
    length = _constant(particle, "diffusion length ratio")
    return activated(reference * fall, T, _diffusivity_energy(particle)) / length**2


def host_diffusivity(particle, sto, T):
    rise = transport.diffusivity_rise_on_lithiation(
        sto, _constant(particle, "diffusivity ratio lithiated to empty")
    )
    reference = _constant(particle, "reference diffusivity [m2.s-1]")
    return activated(reference * rise, T, _diffusivity_energy(particle))


def _diffusivity_energy(particle):
    return _constant(particle, "diffusivity activation energy [J.mol-1]")


@_for_negative_electrode("a composite")
def particle_exchange_current(electrode, c_e, c_s_surf, c_s_max, T):
    j0 = interface.exchange_current_density(
        c_s_surf,
        c_s_max,
        _constant(electrode, "reference exchange-current density [A.m-2]"),
        _constant(electrode, "exchange-current fall when full"),
        _constant(electrode, "exchange-current fall exponent"),
    )
    return activated(j0, T, _exchange_energy(electrode))


def plate_exchange_current(electrode, c_e, c_s_surf, c_s_max, T):
    """Of a dense layer in the place of a composite, as ``planar_exchange_current`` has it."""
    reference = _constant(electrode, "reference exchange-current density [A.m-2]")
    return activated(reference, T, _exchange_energy(electrode)) + 0 * c_s_surf


@_for_negative_electrode("a layer or a foil")
def planar_exchange_current(electrode, sto, T):
    reference = _constant(electrode, "reference exchange-current density [A.m-2]")
    return activated(reference, T, _exchange_energy(electrode))


def _exchange_energy(electrode):
    return _constant(electrode, "exchange-current activation energy [J.mol-1]")


@_for_negative_electrode("a composite")
def electronic_conductivity(electrode, sto, T):
    fall = transport.electronic_fall(
        sto,
        _constant(electrode, "conductivity slope"),
        _constant(electrode, "conductivity fall when full"),
        _constant(electrode, "conductivity fall exponent"),
    )
    return _constant(electrode, "active material conductivity [S.m-1]") * fall


def held_pressure(time):
    """The stack pressure as a number; a profile in time takes the place of this function."""
    return pybamm.Parameter("Stack pressure [Pa]") + 0 * time


def pressure_between(times, pressures, time):
    """Straight between the points, constant after the last."""
    within = pybamm.minimum(time, times[-1])
    return pybamm.Interpolant(np.array(times), np.array(pressures), within, name="stack pressure")


def pressure_profile(times: Sequence[float], pressures: Sequence[float]) -> Callable:
    """Stack pressure [Pa] as a function of time [s] since the run began."""
    times = tuple(check_number("a time of the profile", t) for t in check_several("times", times))
    pressures = tuple(
        float(check_pressure("a pressure of the profile", p))
        for p in check_several("pressures", pressures)
    )
    if len(times) != len(pressures) or len(times) < 2:
        raise InputError(
            f"a profile is two or more times and as many pressures, not {len(times)} and "
            f"{len(pressures)}."
        )
    if times[0] != 0 or any(b <= a for a, b in pairwise(times)):
        raise InputError(
            "the times of a profile start at 0 and rise; a jump takes two times a moment apart."
        )
    return functools.partial(pressure_between, times, pressures)


def class_share(second, place):
    """Share of the surface that each of two classes has; ``second`` is whose share is stated."""
    share = _constant(second, "share of surface")
    return size_classes.of_class(place, 1 - share, share)


def diffusivity_of_kind(particle, host, sto, T):
    """A kind's diffusivity, for particles as large as they hold lithium (``capacity_radius``)."""
    return oxide_diffusivity(particle, sto, T) * _constant(host, "relative concentration") ** 2


def same(sto):
    """Kinds of one curve are as full as the blend."""
    return 1 * sto


def linear_volume(electrode, sto):
    return _constant(electrode, "whole volume change") * sto


def constant_potential(value, sto):
    return value + 0 * sto


def on_axis(function, at_zero, at_one, sto):
    """A function over an axis of its own, at the lithium content of the host."""
    return function(open_circuit.on_axis(sto, at_zero, at_one))


def refilled_potential(potential, electrode, sto):
    """A cathode's potential, falling where it takes no more lithium back."""
    return open_circuit.limited(
        potential(sto), sto, _constant(electrode, "refill limit stoichiometry")
    )


def interpolated(x, y, name, sto):
    """A table, smooth and without overshoot between its points."""
    return pybamm.Interpolant(x, y, sto, name=name, interpolator="pchip")


def face_and_layer_resistance(T):
    """The same, and of a dense positive layer that current crosses as a whole [Ohm]."""
    area = pybamm.Parameter("Electrode height [m]") * pybamm.Parameter("Electrode width [m]")
    electrode = "Positive electrode"
    sigma = _constant(electrode, "active material conductivity [S.m-1]")
    return face_resistance(T) + _constant(electrode, "thickness [m]") / sigma / area


def plate_conductivity(electrode, sto, T):
    """Of a dense layer, the same throughout."""
    return _constant(electrode, "active material conductivity [S.m-1]") + 0 * sto


def face_resistance(T):
    """Series resistance of both layer faces of the cell [Ohm]."""
    area = pybamm.Parameter("Electrode height [m]") * pybamm.Parameter("Electrode width [m]")
    faces = pybamm.Parameter("Positive electrode face resistance [Ohm.m2]") + pybamm.Parameter(
        "Negative electrode face resistance [Ohm.m2]"
    )
    rate = activated(
        pybamm.Scalar(1), T, pybamm.Parameter("Face resistance activation energy [J.mol-1]")
    )
    return faces / area / rate
