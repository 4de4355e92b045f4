"""Galvanostatic intermittent titration: resistances and diffusivity over the state of charge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.analysis.gitt_memory import remembered
from ssb_model.analysis.gitt_pulses import (
    Pulse,
    SweepPotential,
    checked,
    currents,
    find_pulses,
    passed_charge,
    sweeps,
)
from ssb_model.analysis.gitt_split import UNSURE, Split, cut, fit, fourier_of
from ssb_model.errors import InputError
from ssb_model.laws.diffusion import sphere_surface_lead, weppner_huggins
from ssb_model.quantities.units import convert, in_columns

LARGEST_CHANGE = 0.15  # V of quasi-OCP over a pulse; if above the overpotential too, not split
LEAST_CHANGE = 1e-3  # V of quasi-OCP over a pulse, below which a diffusivity says nothing
ROUNDS = 6  # between diffusivities and what earlier pulses left
AGREE = 0.02  # of the logarithm of a diffusivity between two rounds
STILL_MOVING = 0.2  # drift times rest over the quasi-OCP's change
METHODS = {
    "fit": "R1 + R2 (1 - exp(-t/tau2)) + sphere's surface, fitted to the whole pulse",
    "cut": "read at t1 and t2: R2 holds the diffusion before t2",
}


@dataclass(frozen=True)
class GittAnalysis:
    """Resistances and diffusivity of each pulse, and how they were found."""

    rows: list[dict[str, Any]]
    conditions: dict[str, Any]

    @property
    def table(self) -> pd.DataFrame:
        """One row a pulse."""
        return pd.DataFrame(self.rows)


def gitt_analysis(
    time: Sequence[float],
    current_density: Sequence[float],
    voltage: Sequence[float],
    *,
    t1: float | Sequence[float],
    t2: float | Sequence[float],
    particle_radius: float | None = None,
    soc_start: float | None = None,
    capacity: float | None = None,
    method: str = "fit",
) -> GittAnalysis:
    """Split every pulse between two rests into contact R1, charge transfer R2 and diffusion R3.

    ``time`` [s], ``current_density`` [A m-2, positive on discharge], ``voltage`` [V]; a sample's
    current holds since the sample before it. Everything faster than ``t1`` is R1, R2 relaxes
    between ``t1`` and ``t2`` [s, one number or one a pulse], as read off an impedance; where
    sampling or noise hide the border they are given as one, R1 + R2. R3 is the rest up to the
    pulse's end, R1 + R2 + R3 = [OCP(Q) - V]/i there, the OCP linear in charge between the ends of
    both rests (its curvature within a pulse counts as R3). ``method`` is "fit" (unbiased for one
    relaxation time; with standard errors) or "cut" (the published reading at t1 and t2; more than
    half of R2 may be diffusion).

    ``particle_radius`` [m] gives the diffusivity of a sphere whose surface runs ahead far enough
    for R3. It is an apparent one: contact spots, uneven lithium through the depth, a spread of
    sizes and a counter electrode whose potential moves are all in R3; on a plateau it says nothing.
    ``soc_start`` (0..1) at the first sample and ``capacity`` [A h m-2] place the pulses;
    without them ``soc`` is the share of the record's own charge.
    """
    if method not in METHODS:
        raise InputError(f"method is one of {', '.join(METHODS)}, not {method!r}.")
    if particle_radius is not None and not particle_radius > 0:
        raise InputError("particle_radius is positive, in m.")
    record = checked(time, current_density, voltage)
    pulses, left_out = find_pulses(*record)
    bounds = _bounds(t1, t2, pulses)
    if method == "fit":
        pulses, curves = _with_memory(pulses, bounds, currents(*record[:2]))
    else:
        curves = [
            curve for sweep in sweeps(pulses) for curve in [SweepPotential(sweep)] * len(sweep)
        ]
    soc, basis = _soc(pulses, passed_charge(*record[:2]), soc_start, capacity)
    splitting = fit if method == "fit" else cut
    rows = []
    for number, (pulse, (early, late)) in enumerate(zip(pulses, bounds, strict=True)):
        if pulse.duration <= late:
            split = Split(None, None, None, None, flags=["not split: ends before t2"])
        else:
            split = splitting(pulse, early, late, curves[number])
        place = {"pulse": number + 1, "soc": soc[number]}
        rows.append(_row(place, pulse, split, curves[number], particle_radius))
    conditions = {
        "method": f"{method}: {METHODS[method]}",
        "t1 [s]": t1,
        "t2 [s]": t2,
        "Particle radius [m]": particle_radius,
        "State of charge": basis,
        "left_out": left_out,
    }
    return GittAnalysis(rows, conditions)


def _with_memory(
    pulses: list[Pulse], bounds: list[tuple[float, float]], passed: list[tuple[float, float, float]]
) -> tuple[list[Pulse], list[SweepPotential]]:
    """Pulses that know what earlier ones left in the particles, and the potentials of their sweeps.

    How much that is depends on the diffusivity, which is read off the pulses themselves: begun
    with none left, until the diffusivities settle.
    """
    taught, curves, first = [], [], 0
    for sweep in sweeps(pulses):
        limits = bounds[first : first + len(sweep)]
        first += len(sweep)
        known, curve = sweep, SweepPotential(sweep)
        before = None
        for _ in range(ROUNDS):
            rates = [
                None if found is None else found / pulse.duration
                for pulse, found in (
                    (each, fourier_of(each, *times, curve))
                    for each, times in zip(known, limits, strict=True)
                )
            ]
            known, curve = remembered(sweep, rates, passed)
            told = np.array([np.nan if rate is None else np.log(rate) for rate in rates])
            if not np.any(curve.leads):
                break
            if before is not None and np.nanmax(np.abs(told - before), initial=0) < AGREE:
                break
            before = told
        taught += known
        curves += [curve] * len(sweep)
    return taught, curves


def crossing(rows: Sequence[Mapping[str, Any]], first: str, second: str) -> list[float]:
    """States of charge where two columns cross, linear between neighbours of one direction."""
    known = [row for row in rows if row[first] is not None and row[second] is not None]
    found = []
    for here, there in pairwise(known):
        if here["Direction"] != there["Direction"]:
            continue
        a, b = here[first] - here[second], there[first] - there[second]
        if a * b < 0 or (b == 0 and a != 0):
            share = a / (a - b)
            found.append(
                float(
                    here["State of charge"]
                    + share * (there["State of charge"] - here["State of charge"])
                )
            )
    return found


def _bounds(t1, t2, pulses: list[Pulse]) -> list[tuple[float, float]]:
    try:
        early, late = (np.broadcast_to(np.asarray(t, float), len(pulses)) for t in (t1, t2))
    except ValueError:
        message = f"t1 and t2 are one number or one a pulse; the record has {len(pulses)} pulses."
        raise InputError(message) from None
    if not np.all((early > 0) & (early < late)):
        raise InputError("t1 and t2 are times in s with 0 < t1 < t2.")
    return list(zip(early.tolist(), late.tolist(), strict=True))


def _soc(pulses: list[Pulse], passed, start, capacity) -> tuple[list[float], str]:
    middle = np.array([pulse.charge_before + pulse.charge[-1] / 2 for pulse in pulses])
    if start is None and capacity is None:
        top, bottom = np.max(passed), np.min(passed)
        return ((top - middle) / (top - bottom)).tolist(), "share of the record's own charge"
    if start is None or capacity is None or not capacity > 0:
        raise InputError("Give soc_start and a capacity in A h m-2 together, or neither.")
    basis = f"from {start:g} at the first sample and {capacity:g} A h m-2"
    passed = middle / convert(capacity, "A.h.m-2", "C.m-2")
    return (start - passed).tolist(), basis


def _row(
    place: dict[str, Any],
    pulse: Pulse,
    split: Split,
    curve: SweepPotential,
    radius: float | None,
) -> dict[str, Any]:
    total = float(pulse.overpotential[-1] / pulse.current)
    diffusivity, classical, flags = _diffusivity(pulse, split, curve, radius)
    flags = [*pulse.flags, *split.flags, *flags]
    R1, R2, both = split.R1, split.R2, split.both
    errors = [*split.errors, split.both_error]
    fast = both if R1 is None else R1 + (R2 or 0.0)
    R3 = None if fast is None or split.diffusion is None else total - fast
    bends = max(LARGEST_CHANGE, abs(float(pulse.overpotential[-1])))
    if (R3 is not None and R3 < 0) or abs(pulse.steady_change) > bends:
        R2, R3, diffusivity, classical = None, None, None, None
        flags = [*pulse.flags, "not split: the OCP bends too much within the pulse"]
    elif R3 is not None and errors[2] is not None and errors[2] > UNSURE * R3:
        R3, diffusivity, classical = None, None, None
        flags.append("R3 within its noise")
    if R3 is None:
        errors[2] = None
    if R2 is None:
        errors[1] = None
    moving = None if pulse.drift is None else abs(pulse.drift) * pulse.rest
    if moving is None:
        flags.append("rest of one sample: drift unknown")
    elif moving > STILL_MOVING * abs(pulse.steady_change):
        flags.append("rest too short: potential still moves")
    error1, error2, error3, error12 = errors
    unsure = None
    if diffusivity is not None and split.fourier_error is not None:
        change = abs(pulse.steady_change)
        share = abs((pulse.drift or 0.0) - pulse.relaxing - pulse.moving) * pulse.rest / change
        unsure = diffusivity * float(np.hypot(split.fourier_error / split.fourier, share))
    if diffusivity is not None and (unsure is None or unsure > UNSURE * diffusivity):
        diffusivity, unsure = None, None
        flags.append("diffusivity not told by the noise or by rests this short")
    return in_columns(
        {
            "Pulse": place["pulse"],
            "Direction": "discharge" if pulse.current > 0 else "charge",
            "State of charge": place["soc"],
            "Voltage [V]": (pulse.before + pulse.after) / 2,  # at soc, the middle of the pulse
            "Voltage before [V]": pulse.before,
            "Voltage after [V]": pulse.after,
            "Current [mA.cm-2]": pulse.current,
            "Duration [s]": pulse.duration,
            "R1 [Ohm.cm2]": R1,
            "R2 [Ohm.cm2]": R2,
            "R3 [Ohm.cm2]": R3,
            "R_total [Ohm.cm2]": total,
            "tau2 [s]": split.tau2,
            "Diffusivity [m2.s-1]": diffusivity,
            "Drift [mV.h-1]": pulse.drift,
            "Flag": "; ".join(flags),
            "Weppner-Huggins diffusivity [m2.s-1]": classical,
            "R1 + R2 [Ohm.cm2]": both,
            "R1 + R2 error [Ohm.cm2]": error12,
            "Diffusivity error [m2.s-1]": unsure,
            "R1 error [Ohm.cm2]": error1,
            "R2 error [Ohm.cm2]": error2,
            "R3 error [Ohm.cm2]": error3,
            "Misfit [mV]": split.misfit,
        }
    )


def _diffusivity(
    pulse: Pulse, split: Split, curve: SweepPotential, radius: float | None
) -> tuple[float | None, float | None, list[str]]:
    """Exact and Weppner-Huggins diffusivity [m2 s-1] with what speaks against them."""
    if radius is None or split.diffusion is None:
        return None, None, []
    if pulse.steady_change * pulse.current <= 0:
        return None, None, ["no diffusivity: quasi-OCP moved against the current"]
    flags = []
    if abs(pulse.steady_change) < LEAST_CHANGE:
        flags.append("plateau: diffusivity meaningless")
    transient = split.diffusion * pulse.current + pulse.steady_change
    classical = None
    if transient * pulse.current > 0:
        classical = weppner_huggins(radius, pulse.duration, pulse.steady_change, transient)
    if split.fourier is None:
        return None, classical, [*flags, "no diffusivity fits R3"]
    passed = pulse.charge[-1]
    surface = pulse.charge_before + passed * (1 + sphere_surface_lead(split.fourier))
    if curve.beyond(surface) > abs(passed):
        flags.append("diffusivity by a straight OCP beyond the record")
    return split.fourier * radius**2 / pulse.duration, classical, flags
