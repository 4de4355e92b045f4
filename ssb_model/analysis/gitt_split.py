"""Overpotential of a pulse split into contact, charge transfer and diffusion."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import brentq, least_squares, nnls

from ssb_model.analysis.gitt_pulses import Pulse, SweepPotential
from ssb_model.laws.diffusion import SLOWEST, sphere_surface_excess, sphere_surface_lead

FEWEST_SAMPLES = 8  # of a pulse, for a fit of five numbers
FOURIER = (1e-6, 10.0)  # of a pulse, sought for its diffusivity
SQUARE_ROOT = 1e-5  # Fourier number below which the sphere's response is sqrt(t)
PASSES = 8
SPREAD = 0.01  # R2 over the whole, below which there is none
MISSED = 0.01  # misfit over the whole where neighbouring samples miss alike
SETTLED = 1e-4  # relative change of the diffusion resistance between passes


@dataclass(frozen=True)
class Split:
    """Resistances [Ohm m2]; None where the samples cannot tell."""

    R1: float
    R2: float | None
    tau2: float | None  # s
    diffusion: float  # Ohm m2 at the pulse's end, as fitted
    errors: tuple[float | None, float | None, float | None] = (None, None, None)
    misfit: float | None = None  # V, root mean square
    fourier: float | None = None  # D t / R**2 of the pulse
    flags: list[str] = field(default_factory=list)


def cut(pulse: Pulse, t1: float, t2: float, potential: SweepPotential) -> Split:
    """eta/i read at ``t1`` and ``t2`` [s]: the plain cut of Kawaguchi et al. (2025).

    Leaves the diffusion before t2 in R2, and what relaxes slower than t2 in the diffusion.
    """
    resistance = pulse.overpotential / pulse.current
    R1, until_t2 = np.interp(np.log([t1, t2]), np.log(pulse.time), resistance).tolist()
    told = bool(pulse.time[0] < t2)
    diffusion = float(resistance[-1]) - until_t2
    flags = _first_sample(pulse, t1)
    if not told:
        flags.append("no sample before t2: R1 holds R2")
    return Split(
        R1=R1,
        R2=until_t2 - R1 if told else None,
        tau2=None,
        diffusion=diffusion,
        fourier=_fourier(pulse, diffusion * pulse.current, potential),
        flags=flags,
    )


def fit(pulse: Pulse, t1: float, t2: float, potential: SweepPotential) -> Split:
    """eta/i = R1 + R2 (1 - exp(-t/tau2)) + R3 g(t) over all samples of the pulse.

    g is the response of a sphere's surface to a constant current, one at the pulse's end, its
    Fourier number free up to where diffusion is as fast as ``t2``, seen through the curve of the
    OCP: the surface runs ahead of the mean by up to ten pulses, so a straight OCP would bend R2
    and the diffusivity. tau2 lies between ``t1`` and ``t2`` [s], not below a third of the first
    sample.
    """
    if pulse.time.size < FEWEST_SAMPLES:
        plain = cut(pulse, t1, t2, potential)
        plain.flags.append(f"cut, not fitted: {pulse.time.size} samples")
        return plain
    scale = abs(pulse.overpotential[-1] / pulse.current)
    wanted = pulse.overpotential / pulse.current / scale
    fastest = max(t1, pulse.time[0] / 3)
    told = bool(fastest < t2)
    limits = [(SQUARE_ROOT, pulse.duration / (SLOWEST * t2)), (fastest, t2)]
    low, high = np.log(limits[: 1 + told]).T
    logs, ahead, before, fourier = None, 0.0, np.inf, None
    for _ in range(PASSES):
        columns = _columns(pulse, ahead, potential)
        if logs is None:
            logs = _best(columns, low, high, wanted)
        solution = _refined(columns, low, high, wanted, logs)
        logs, parts = solution.x[: low.size], solution.x[low.size :] * scale
        fourier = _fourier(pulse, parts[1] * pulse.current, potential)
        if fourier is None or abs(parts[1] - before) <= SETTLED * scale:
            break
        before = parts[1]
        ahead = float(pulse.charge[-1] * sphere_surface_lead(fourier))
    misfit = float(np.sqrt(np.mean(solution.fun**2))) * scale
    ends = 2 * misfit / np.sqrt(pulse.tails)  # of a line's end: rests taken as noisy as the pulse
    fitted = _errors(solution, low.size) * scale
    alike = np.sum(solution.fun[1:] * solution.fun[:-1]) > 0.5 * np.sum(solution.fun**2)
    missed = misfit if alike else 0.0  # by the circuit, not by noise
    more = [ends[0], np.hypot(*ends), *[0.0] * told]
    errors = np.hypot(np.hypot(fitted, more), missed).tolist()
    flags = _first_sample(pulse, t1)
    if not told:
        flags.append("no sample before t2: R1 holds R2")
    elif np.exp(logs[1]) < pulse.time[0]:
        flags.append("tau2 below the first sample: only R1 + R2 is known")
    elif flags and parts[2] <= SPREAD * scale:
        flags.append("no R2 but what R1 includes: only R1 + R2 is known")
    elif logs[1] > high[1] - 0.01 and parts[2] > SPREAD * scale:
        flags.append("tau2 at t2: R2 and R3 are not told apart")
    elif alike and misfit > MISSED * scale:
        flags.append("misfit above noise: R2 and R3 less sure than their errors")
    return Split(
        R1=float(parts[0]),
        R2=float(parts[2]) if told else None,
        tau2=float(np.exp(logs[1])) if told else None,
        diffusion=float(parts[1]),
        errors=(errors[0], errors[2] if told else None, errors[1]),
        misfit=misfit * abs(pulse.current),
        fourier=fourier,
        flags=flags,
    )


def _first_sample(pulse: Pulse, t1: float) -> list[str]:
    if pulse.time[0] <= 1.01 * t1:
        return []
    return [f"R1 includes everything faster than the first sample ({pulse.time[0]:.3g} s)"]


def _columns(pulse: Pulse, ahead: float, potential: SweepPotential):
    """What R1, R3 and, if it is sought, R2 multiply, over the logarithms of Fo and tau2.

    ``ahead`` [A s m-2] is how far the surface leads the mean at the end, nought for a straight
    OCP: it sets the bend of the diffusion's shape, not its size.
    """
    share = pulse.time / pulse.duration
    end = _diffusion(pulse, 1.0, ahead, potential) if ahead else None

    def columns(logs):
        fourier = np.exp(logs[0])
        shape = sphere_surface_excess(fourier * share) / sphere_surface_excess(fourier)
        if end is not None:
            shape = _diffusion(pulse, share, ahead * shape, potential) / end
        transfer = [-np.expm1(-pulse.time / np.exp(log)) for log in logs[1:]]
        return np.column_stack([np.ones_like(share), shape, *transfer])

    return columns


def _diffusion(pulse: Pulse, share, ahead, potential: SweepPotential):
    """OCP of the mean on the chord minus OCP of the surface [V]."""
    chord = pulse.before - pulse.steady_change * share
    return chord - potential(pulse.charge_before + pulse.charge[-1] * share + ahead)


def _fourier(pulse: Pulse, overpotential: float, potential: SweepPotential) -> float | None:
    """Fourier number at which the surface runs ahead enough for that much overpotential [V]."""
    if overpotential * pulse.current <= 0 or pulse.steady_change * pulse.current <= 0:
        return None

    def excess(log):
        ahead = pulse.charge[-1] * sphere_surface_lead(np.exp(log))
        return _diffusion(pulse, 1.0, ahead, potential) / overpotential - 1

    logs = np.linspace(*np.log(FOURIER[::-1]), 80)
    reached = np.flatnonzero(excess(logs) >= 0)
    if reached.size == 0 or reached[0] == 0:
        return None
    return float(np.exp(brentq(excess, logs[reached[0]], logs[reached[0] - 1])))


def _best(columns, low, high, wanted):
    """Best of a grid of the nonlinear unknowns."""
    axes = [np.linspace(a, b, 10) for a, b in zip(low, high, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, low.size)
    return min(grid, key=lambda logs: nnls(columns(logs), wanted)[1])


def _refined(columns, low, high, wanted, logs):
    """Least squares in all unknowns, the resistances not negative."""
    parts = nnls(columns(logs), wanted)[0]
    bottom = np.concatenate([low, np.zeros(parts.size)])
    top = np.concatenate([high, np.full(parts.size, 10.0)])
    start = np.clip(np.concatenate([logs, parts]), bottom + 1e-9, top - 1e-9)

    def residual(x):
        return columns(x[: low.size]) @ x[low.size :] - wanted

    return least_squares(residual, start, bounds=(bottom, top), xtol=1e-8, ftol=1e-10)


def _errors(solution, nonlinear: int) -> np.ndarray:
    """Standard errors of the linear unknowns, from the scatter about the fit."""
    jacobian = solution.jac
    scatter = 2 * solution.cost / max(1, jacobian.shape[0] - jacobian.shape[1])
    variance = np.diag(scatter * np.linalg.pinv(jacobian.T @ jacobian))
    return np.sqrt(np.maximum(variance, 0.0))[nonlinear:]
