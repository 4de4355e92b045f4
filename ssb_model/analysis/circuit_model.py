"""Equivalent circuit by the names of its parameters: impedance, bounds, starting values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

import numpy as np

from ssb_model.analysis.relaxation_times import relaxation_times
from ssb_model.laws import circuit

TAILS: dict[str, tuple[tuple[str, ...], Callable | None]] = {
    "none": ((), None),
    "warburg": (("A_w",), lambda omega, A: A * circuit.constant_phase(omega, 1.0, 0.5)),
    "constant phase": (("Q_t", "alpha_t"), circuit.constant_phase),
    "finite space warburg": (("R_w", "tau_w"), circuit.finite_space_warburg),
    "finite length warburg": (("R_w", "tau_w"), circuit.finite_length_warburg),
    "transmission line": (
        ("R_ion", "Q_t", "alpha_t"),
        lambda omega, R, Q, alpha: circuit.transmission_line(
            R, circuit.constant_phase(omega, Q, alpha)
        ),
    ),
}
ALPHA = (0.4, 1.0)
STARTS = 16


def circuit_impedance(omega, values: Mapping[str, float], arcs: int, tail: str):
    """Impedance of the circuit with parameters ``values`` by name."""
    Z = values["R_s"] + 1j * omega * values.get("L", 0.0)
    for k in range(1, arcs + 1):
        Z = Z + circuit.arc_of_time(omega, *(values[f"{n}_{k}"] for n in ("R", "tau", "alpha")))
    names, element = TAILS[tail]
    return Z if element is None else Z + element(omega, *(values[name] for name in names))


def bounds(name: str, omega, modulus) -> tuple[float, float]:
    """Limits of a parameter, of its logarithm unless it is an alpha.

    Time constants at most a factor 10 beyond the measured frequencies.
    """
    small, large = 1e-5 * modulus.min(), 1e3 * modulus.max()
    slow, fast = omega.min(), omega.max()
    limits = {
        "R": (small, large),
        "L": (small / fast, large / fast),
        "tau": (0.1 / fast, 10 / slow),
        "A": (small * slow**0.5, large * fast**0.5),
        "Q": (1 / (large * max(fast, 1)), 1 / (small * min(slow, 1))),
    }
    kind = name.split("_")[0]
    return ALPHA if kind == "alpha" else tuple(np.log(limits[kind]))


def starts(f, Z, names: list[str], arcs: int) -> Iterator[dict[str, float]]:
    """Where to begin: sets of the tallest peaks of the relaxation times, then chance.

    Logarithms of all but the alphas; the rest of a circuit fits the lowest frequency, give or
    take a factor e.
    """
    drt = relaxation_times(f, Z, regularisation=1e-3, inductance="L" in names)
    found = [peak for peak in drt.rows if f[-1] < peak["frequency_Hz"] < f[0]]
    around = np.interp([peak["frequency_Hz"] for peak in found], f[::-1], np.abs(Z[::-1]))
    heights = np.array([peak["resistance"] for peak in found]) / around
    found = [found[k] for k in np.argsort(-heights)[: arcs + 2]]
    slow, fast = 2 * np.pi * f[-1], 2 * np.pi * f[0]
    capacitive = max(-Z[-1].imag, 1e-2 * abs(Z[-1]))
    size = max(np.ptp(Z.real), 1e-2 * np.abs(Z).max())
    rest = {
        "R_s": max(drt.series_resistance, 1e-2 * np.abs(Z).min()),
        "L": max(drt.inductance, 1e-3 * np.abs(Z[0]) / fast),
        "A_w": capacitive * (2 * slow) ** 0.5,
        "Q_t": 1 / (capacitive * slow**0.8),
        "R_w": 2 * capacitive,
        "tau_w": 1 / slow,
        "R_ion": size,
    }
    rest = {name: np.log(value) for name, value in rest.items() if name in names}
    picks = list(combinations(found, arcs))[: STARTS // 2]
    rng = np.random.default_rng(0)
    for k in range(STARTS):
        if k < len(picks):
            pairs = [(peak["time_constant_s"], peak["resistance"]) for peak in picks[k]]
        else:
            chance = np.exp(rng.uniform(-np.log(fast), -np.log(slow), arcs))
            pairs = [(time, size / arcs) for time in chance]
        start = {name: value + (rng.normal() if k else 0.0) for name, value in rest.items()}
        for number, (time, resistance) in enumerate(sorted(pairs), 1):
            start[f"R_{number}"], start[f"tau_{number}"] = np.log(resistance), np.log(time)
            start[f"alpha_{number}"] = 0.9
        yield start | {"alpha_t": 0.8}
