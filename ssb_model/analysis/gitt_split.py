"""Overpotential of a pulse split into contact, charge transfer and diffusion."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import brentq, least_squares, nnls
from scipy.stats import t

from ssb_model.analysis.gitt_pulses import Pulse, SweepPotential
from ssb_model.laws.diffusion import SLOWEST, sphere_surface_excess, sphere_surface_lead

FEWEST_LATE = 6  # of a pulse after its first moments, for three numbers
STRETCHES = 20  # of a pulse, over whose means a misfit under noise is sought
CIRCUIT = 0.004  # of the whole: what one relaxation, one sphere and a drawn curve are trusted to
RESOLVED = 1.5  # times the first sample, from which on a relaxation is seen
UNSURE = 0.5  # error over a resistance, from which on it is not known by itself
PASSED = 5.0  # times the first sample, after which what is faster has passed
SLOWEST_TAU = 0.01  # share below t2 from which on a relaxation counts as at it
FEWEST_SAMPLES = 8  # of a pulse, for a fit of five numbers
FOURIER = (1e-6, 10.0)  # of a pulse, sought for its diffusivity
SQUARE_ROOT = 1e-5  # Fourier number below which the sphere's response is sqrt(t)
PASSES = 8
SPREAD = 0.01  # R2 over the whole, below which there is none
MISSED = 0.01  # misfit over the whole where neighbouring samples miss alike
SETTLED = 1e-4  # relative change of the diffusion resistance between passes


def two_sided(freedom: float) -> float:
    """Standard deviations of 95 % by so many degrees of freedom."""
    return float(t.ppf(0.975, freedom)) if np.isfinite(freedom) else 1.96


@dataclass(frozen=True)
class Split:
    """Resistances [Ohm m2]; None where the samples cannot tell.

    ``both`` is R1 + R2 where they are not told apart.
    """

    R1: float | None
    R2: float | None
    tau2: float | None  # s
    diffusion: float | None  # Ohm m2 at the pulse's end, as fitted
    errors: tuple[float | None, float | None, float | None] = (None, None, None)
    both: float | None = None
    both_error: float | None = None
    fourier_error: float | None = None
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
    sample. Where samples or noise do not tell R1 from R2 they are one, fitted to the samples
    after it has passed; where R2 is not told from diffusion, neither is given.
    """
    flags = _first_sample(pulse, t1)
    fastest = max(t1, pulse.time[0] / 3)
    if fastest < t2 and pulse.time.size >= FEWEST_SAMPLES:
        found = _fitted(pulse, (fastest, t2), potential)
        tau, R = found.tau2, found.R2
        if tau > t2 * (1 - SLOWEST_TAU) and SPREAD * found.scale < R:
            said = ["tau2 at t2: R2 and R3 are not told apart"]
            if found.errors[0] > UNSURE * found.R1:
                return _only_whole(flags + said)
            errors = (found.errors[0], None, None)
            return Split(
                found.R1, None, None, None, errors, misfit=found.misfit, flags=flags + said
            )
        if (
            tau >= RESOLVED * pulse.time[0]
            and found.errors[1] <= UNSURE * R
            and found.errors[0] < found.R1
        ):
            if found.alike and found.misfit > MISSED * found.scale * abs(pulse.current):
                flags.append("misfit above noise: R2 and R3 less sure than their errors")
            return found.split(flags)
    late = pulse.time >= PASSED * pulse.time[0]
    if np.sum(late) < FEWEST_LATE:
        return _only_whole([*flags, f"not split: {pulse.time.size} samples"])
    found = _fitted(replace(pulse, **_samples(pulse, late)), (t2,), potential)
    flags.append("only R1 + R2 is known: sampling or noise hides what parts them")
    if found.errors[0] > UNSURE * found.R1:
        return _only_whole([*flags, "R1 + R2 and R3 are not told apart"])
    return found.merged(flags)


def _only_whole(flags: list[str]) -> Split:
    return Split(None, None, None, None, flags=flags)


def _samples(pulse: Pulse, which: np.ndarray) -> dict[str, np.ndarray]:
    return {name: getattr(pulse, name)[which] for name in ("time", "charge", "voltage")}


@dataclass(frozen=True)
class _Fitted:
    """A circuit fitted to the samples of a pulse; R2 and tau2 only where they were sought."""

    R1: float
    diffusion: float
    R2: float
    tau2: float | None
    errors: tuple[float, float, float]  # of R1 or both, R2, diffusion
    misfit: float  # V
    fourier: float | None
    fourier_error: float | None
    alike: bool
    scale: float

    def split(self, flags: list[str]) -> Split:
        more = (self.misfit, self.fourier, flags)
        errors = (self.errors[0], self.errors[1], self.errors[2])
        made = Split(self.R1, self.R2, self.tau2, self.diffusion, errors)
        return replace(
            made, misfit=more[0], fourier=more[1], flags=more[2], fourier_error=self.fourier_error
        )

    def merged(self, flags: list[str]) -> Split:
        return Split(
            R1=None,
            R2=None,
            tau2=None,
            diffusion=self.diffusion,
            errors=(None, None, self.errors[2]),
            both=self.R1,
            both_error=self.errors[0],
            misfit=self.misfit,
            fourier=self.fourier,
            fourier_error=self.fourier_error,
            flags=flags,
        )


def _fitted(pulse: Pulse, times: tuple[float, ...], potential: SweepPotential) -> _Fitted:
    """Between ``times`` R2 relaxes; with the last alone R1 holds R2."""
    scale = abs(pulse.overpotential[-1] / pulse.current)
    wanted = pulse.overpotential / pulse.current / scale
    limits = [(SQUARE_ROOT, max(pulse.duration / (SLOWEST * times[-1]), 10 * SQUARE_ROOT))]
    low, high = np.log([*limits, times] if len(times) > 1 else limits).T
    told = low.size > 1
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
    freedom = max(solution.fun.size - solution.x.size, 1)
    noise = misfit * np.sqrt(solution.fun.size / freedom)
    ends = 2 * noise / np.sqrt(pulse.tails)  # of a line's end: rests taken as noisy as the pulse
    wider = two_sided(freedom) / two_sided(np.inf)
    fitted = wider * _errors(solution, low.size) * scale
    alike = np.sum(solution.fun[1:] * solution.fun[:-1]) > 0.5 * np.sum(solution.fun**2)
    missed = misfit if alike else 0.0  # by the circuit, not by noise
    last = wider * noise  # R3 is what is left of the last sample
    more = [ends[0], np.hypot(last, np.hypot(*ends)), *[0.0] * told]
    errors = np.hypot(np.hypot(fitted * _hidden(pulse.time, solution.fun), more), missed)
    moving = abs(pulse.moving / pulse.current)  # what the rest before still relaxes by
    slow = [pulse.time[0], pulse.duration, min(times[-1], pulse.duration)]
    errors = np.hypot(errors, np.hypot(moving * np.array(slow[: errors.size]), CIRCUIT * scale))
    return _Fitted(
        R1=float(parts[0]),
        diffusion=float(parts[1]),
        R2=float(parts[2]) if told else 0.0,
        tau2=float(np.exp(logs[1])) if told else None,
        errors=(float(errors[0]), float(errors[2]) if told else 0.0, float(errors[1])),
        misfit=misfit * abs(pulse.current),
        fourier=fourier,
        fourier_error=_fourier_error(pulse, parts[1], errors[1], fourier, potential),
        alike=bool(alike),
        scale=float(scale),
    )


def _hidden(time: np.ndarray, residuals: np.ndarray) -> float:
    """Times means over stretches, even in the logarithm of time, miss by more than noise allows."""
    noise = float(np.sqrt(np.mean(residuals**2)))
    edges = np.geomspace(time[0], time[-1], STRETCHES + 1)
    place = np.clip(np.searchsorted(edges, time, side="right"), 1, STRETCHES)
    counts = np.bincount(place, minlength=STRETCHES + 1)
    sums = np.bincount(place, residuals, minlength=STRETCHES + 1)
    square = sums[counts > 0] ** 2 / counts[counts > 0]
    return float(max(np.sqrt(np.mean(square)) / noise, 1.0)) if noise > 0 else 1.0


def _fourier_error(pulse, diffusion, error, fourier, potential) -> float | None:
    """Of a Fourier number, by what it is where the resistance of diffusion is less by its error."""
    if fourier is None or not error < diffusion:
        return None
    less = _fourier(pulse, (diffusion - error) * pulse.current, potential)
    return None if less is None else abs(less - fourier)


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
