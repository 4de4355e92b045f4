"""Equivalent circuit of a spectrum: series resistance, arcs and a diffusion or blocking tail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from ssb_model.analysis.relaxation_times import is_inductive, relaxation_times
from ssb_model.analysis.spectrum_check import FEWEST, checked_spectrum, relative_parts
from ssb_model.errors import InputError, nearest
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
FORMULAS = ("Brug", "Hsu-Mansfeld")
SPREAD = "spread"
ALPHA = (0.4, 1.0)
STARTS = 16
LEAST_STARTS, AGREEING = 6, 3  # enough: so many tried, so many of them at the least misfit
MOST_ARCS = 6
UNCERTAIN, CORRELATED = 0.5, 0.98


@dataclass(frozen=True)
class CircuitFit:
    """Fitted and derived parameters, and how well the data determine them."""

    rows: list[dict[str, Any]]
    correlation: pd.DataFrame
    misfit: float
    frequency: np.ndarray
    impedance: np.ndarray
    fitted: np.ndarray

    @property
    def table(self) -> pd.DataFrame:
        """One row a parameter."""
        return pd.DataFrame(self.rows)

    @property
    def values(self) -> dict[str, float]:
        """Value of each parameter by its name."""
        return {row["name"]: row["value"] for row in self.rows}

    @property
    def capacitances(self) -> list[dict[str, Any]]:
        """What each arc reads as capacitance by Brug and by Hsu-Mansfeld, and how far apart.

        The spread is the larger over the smaller: 1 of a capacitor. Which formula holds depends
        on what spreads the time constants, so that no capacitance is known better than this.
        """
        by_name = {row["name"]: row for row in self.rows}
        arcs = sum(name.startswith("C_") and name.endswith(SPREAD) for name in by_name)
        return [
            {
                "Arc": k,
                "unit": by_name[f"C_{k} Brug"]["unit"],
                **{name: by_name[f"C_{k} {name}"]["value"] for name in FORMULAS},
                "Spread": by_name[f"C_{k} {SPREAD}"]["value"],
                "Flag": by_name[f"C_{k} Brug"]["Flag"],
            }
            for k in range(1, arcs + 1)
        ]


def fit_circuit(
    frequency,
    impedance,
    arcs: int = 1,
    tail: str = "none",
    inductance: bool | None = None,
    fixed: Mapping[str, float] | None = None,
    unit: str = "Ohm cm2",
) -> CircuitFit:
    """R_s + [i w L] + sum of R_k/(1 + (i w tau_k)**alpha_k) + tail, fitted relative to |Z|.

    L of the leads is part of it where the spectrum is inductive at its highest frequency, unless
    ``inductance`` says otherwise.
    ``tail``: "warburg" A_w (i w)**-1/2, "constant phase" 1/(Q_t (i w)**alpha_t), "finite space
    warburg" (a wall) or "finite length warburg" (a held concentration) of R_w and tau_w,
    "transmission line" of R_ion blocked by Q_t and alpha_t all along it, or "none". Any
    parameter can be ``fixed`` by its name, as in ``{"alpha_1": 1.0}``.

    All but alpha (0.4 to 1) are fitted as logarithms. Starts come from the peaks of the
    distribution of relaxation times, then from chance with a set seed: six at least, sixteen
    at most, until three end at the same least misfit. Arcs are numbered by their time constants
    unless a parameter of one is fixed. Standard deviations come from the curvature at the
    minimum and the scatter of the residuals: they hold if the circuit is the right one and the
    residuals are noise. Flagged are parameters uncertain by more than 50 %, correlated above
    0.98 or at a bound. ``misfit`` is the root mean square of both parts of the residual over
    |Z|. No R_k is negative, so an inductive loop at low frequency is not fitted.

    Derived of each arc: Q, the capacitance by Brug (with R_s) and by Hsu-Mansfeld, and the
    spread between them, one over the other.
    """
    fixed = dict(fixed or {})
    check_circuit(arcs, tail)
    if inductance is None:
        f, Z = checked_spectrum(frequency, impedance, least=1)
        inductance = "L" in fixed or is_inductive(Z)
    of_arcs = [f"{name}_{k}" for k in range(1, arcs + 1) for name in ("R", "tau", "alpha")]
    names = ["R_s", *(["L"] if inductance else []), *of_arcs, *TAILS[tail][0]]
    for name, value in fixed.items():
        if name not in names:
            raise InputError(f"no parameter '{name}' to fix. {nearest(name, names)}")
        if not 0 < value <= (1.0 if name.startswith("alpha") else 1e300):
            raise InputError(f"{name} is positive, and alpha at most 1, not {value:g}.")
    free = [name for name in names if name not in fixed]
    if not free:
        raise InputError("every parameter is fixed: leave one to fit.")
    f, Z = checked_spectrum(frequency, impedance, least=max(len(free), FEWEST))
    omega, modulus = 2 * np.pi * f, np.abs(Z)

    def named(x):
        pairs = zip(free, x, strict=True)
        return fixed | {n: v if n.startswith("alpha") else np.exp(v) for n, v in pairs}

    def residual(x):
        return relative_parts(circuit_impedance(omega, named(x), arcs, tail) - Z, modulus)

    low, high = np.array([bounds(name, omega, modulus) for name in free]).T
    begin = ([start[name] for name in free] for start in starts(f, Z, names, arcs))
    x = minimum(residual, begin, low, high)
    if not set(of_arcs) & set(fixed):
        slowness = np.argsort([x[free.index(f"tau_{k}")] for k in range(1, arcs + 1)])
        first = free.index("R_1") if arcs else 0
        x[first : first + 3 * arcs] = x[first : first + 3 * arcs].reshape(-1, 3)[slowness].ravel()
    left = residual(x)
    spread = covariance(slope(residual, x), left)
    sigma = np.sqrt(np.diag(spread))
    correlation = pd.DataFrame(spread / np.outer(sigma, sigma), index=free, columns=free)
    values, rows = named(x), []
    for name in names:
        if name in fixed:
            rows.append(row(name, fixed[name], 0.0, unit, ""))
            continue
        k = free.index(name)
        share = sigma[k] / (x[k] if name.startswith("alpha") else 1.0)
        others = correlation[name].drop(name).abs()
        flags = [f"uncertain by {100 * share:.0f} %"] if share > UNCERTAIN else []
        flags += [f"goes with {other}" for other in others.index[others > CORRELATED]]
        flags += ["at a bound"] if min(x[k] - low[k], high[k] - x[k]) < 1e-3 else []
        rows.append(row(name, values[name], share, unit, "; ".join(flags)))
    for k in range(1, arcs + 1):
        for name, value in derived(values, k).items():
            rate = slope(lambda x, k=k, name=name: np.log([derived(named(x), k)[name]]), x)
            share = float(np.sqrt(rate @ spread @ rate.T)[0, 0])
            flags = [f"uncertain by {100 * share:.0f} %"] if share > UNCERTAIN else []
            flags += [f"R_s {rows[0]['Flag']}"] if rows[0]["Flag"] and "Brug" in name else []
            rows.append(row(name, value, share, unit, "; ".join(flags)))
    misfit = float(np.sqrt(np.mean(left**2)))
    return CircuitFit(rows, correlation, misfit, f, Z, circuit_impedance(omega, values, arcs, tail))


def minimum(residual: Callable, begin: Iterable, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Unknowns of the least sum of squares reached from the starts."""
    best, agreeing = None, 0
    for tried, start in enumerate(begin, 1):
        inside = np.clip(start, low + 1e-3, high - 1e-3)
        found = least_squares(
            residual,
            inside,
            jac=lambda x: slope(residual, x),
            bounds=(low, high),
            xtol=1e-12,
            ftol=1e-12,
            gtol=1e-14,
            max_nfev=200,
        )
        if best is None or found.cost < 0.999 * best.cost - 1e-14:
            best, agreeing = found, 1
        elif found.cost <= 1.001 * best.cost + 1e-14:
            best, agreeing = min(best, found, key=lambda fit: fit.cost), agreeing + 1
        if agreeing >= AGREEING and tried >= LEAST_STARTS:
            break
    return best.x


def derived(values: Mapping[str, float], k: int) -> dict[str, float]:
    """Q and both capacitances of arc ``k``, with the larger over the smaller."""
    R, alpha = values[f"R_{k}"], values[f"alpha_{k}"]
    Q = values[f"tau_{k}"] ** alpha / R
    brug = circuit.brug(Q, alpha, values["R_s"], R)
    hsu_mansfeld = circuit.hsu_mansfeld(Q, alpha, R)
    found = dict(zip(FORMULAS, (brug, hsu_mansfeld), strict=True))
    of_arc = {f"C_{k} {name}": value for name, value in found.items()}
    return {f"Q_{k}": Q, **of_arc, f"C_{k} {SPREAD}": hsu_mansfeld / brug}


def row(name: str, value: float, share: float, unit: str, flag: str) -> dict[str, Any]:
    """One line of the table; ``share`` is the standard deviation over the value."""
    farad = unit.replace("Ohm", "F").replace("m2", "m-2")
    kind = name.split("_")[0]
    units = {"R": unit, "L": f"{unit} s", "tau": "s", "alpha": "", "A": f"{unit} s**-0.5"}
    units |= {"Q": f"{farad} s**(alpha-1)", "C": "" if name.endswith(SPREAD) else farad}
    return {
        "name": name,
        "value": float(value),
        "unit": units[kind],
        "sigma": float(value * share),
        "Sigma [%]": float(100 * share),
        "Flag": flag,
    }


def slope(function: Callable, x: np.ndarray) -> np.ndarray:
    """Derivatives of a vector by each unknown, central differences."""
    steps = 1e-6 * np.eye(len(x))
    return np.transpose([(function(x + d) - function(x - d)) / 2e-6 for d in steps])


def covariance(jacobian: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Of the unknowns, from the scatter of the residuals; finite where nothing is determined."""
    _, s, V = np.linalg.svd(jacobian, full_matrices=False)
    variance = max(np.sum(left**2), 1e-30) / max(len(left) - len(s), 1)
    return variance * (V.T / np.maximum(s, 1e-9 * s.max()) ** 2) @ V


def check_circuit(arcs: int, tail: str, points: int | None = None) -> None:
    """Refuse a circuit that cannot be, or that so many ``points`` cannot tell."""
    if not isinstance(tail, str) or tail not in TAILS:
        raise InputError(f"no tail '{tail}'. {nearest(str(tail), TAILS, len(TAILS))}")
    if isinstance(arcs, bool) or not isinstance(arcs, int):
        raise InputError(f"the number of arcs is 1, 2, 3, ..., not {arcs!r}.")
    if arcs > MOST_ARCS:
        raise InputError(f"{arcs} arcs are more than a spectrum tells apart: take {MOST_ARCS}.")
    if arcs < 0 or (arcs == 0 and tail == "none"):
        raise InputError("a circuit has at least one arc or a tail.")
    least = max(FEWEST, 1 + 3 * arcs + len(TAILS[tail][0]))
    if points is not None and points < least:
        raise InputError(f"{arcs} arcs take {least} frequencies or more, not {points}: take more.")


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
    found = [peak for peak in drt.rows if f[-1] < peak["Frequency [Hz]"] < f[0]]
    around = np.interp([peak["Frequency [Hz]"] for peak in found], f[::-1], np.abs(Z[::-1]))
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
            pairs = [(peak["Time constant [s]"], peak["resistance"]) for peak in picks[k]]
        else:
            chance = np.exp(rng.uniform(-np.log(fast), -np.log(slow), arcs))
            pairs = [(time, size / arcs) for time in chance]
        start = {name: value + (rng.normal() if k else 0.0) for name, value in rest.items()}
        for number, (time, resistance) in enumerate(sorted(pairs), 1):
            start[f"R_{number}"], start[f"tau_{number}"] = np.log(resistance), np.log(time)
            start[f"alpha_{number}"] = 0.9
        yield start | {"alpha_t": 0.8}
