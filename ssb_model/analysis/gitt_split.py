"""Overpotential of a pulse split into contact, charge transfer and diffusion."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import stdtrit

from ssb_model.analysis.gitt_circuit import (
    ROUGHLY,
    columns_of,
    ends_noise,
    extremes,
    fourier_number,
    grid_of,
    leaves,
    solved,
    taken,
    thinned,
    without_ends,
)
from ssb_model.analysis.gitt_pulses import Pulse, SweepPotential

FEWEST_LATE = 6  # of a pulse after its first moments, for three numbers
STRETCHES = 20  # of a pulse, over whose means a misfit under noise is sought
CIRCUIT = 0.004  # of the whole: what one relaxation, one sphere and a drawn curve are trusted to
FIRST = 1.01  # times t1, up to which a first sample is at it
UNSURE = 0.5  # error over a resistance, from which on it is not known by itself
WITHIN = 20  # places of a pulse at which its OCP is compared with another through the same rests
PASSED = 5.0  # times the first sample, after which what is faster has passed
SLOWEST_TAU = 0.01  # share below t2 from which on a relaxation counts as at it
FEWEST_SAMPLES = 8  # of a pulse, for a fit of five numbers
SPREAD = 0.01  # R2 over the whole, below which there is none
MISSED = 0.01  # misfit over the whole where neighbouring samples miss alike


# what is told of a pulse in its parts R1, R3 bent either way, R2: R1, R2, R3, R1 + R2
SOUGHT = np.array([[1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 1, 0], [1, 0, 0, 1]])


def two_sided(freedom: float) -> float:
    """Standard deviations of 95 % by so many degrees of freedom."""
    return float(stdtrit(freedom, 0.975)) if np.isfinite(freedom) else 1.96


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
        fourier=fourier_number(pulse, diffusion * pulse.current, potential),
        flags=flags,
    )


def fit(pulse: Pulse, t1: float, t2: float, potential: SweepPotential) -> Split:
    """eta/i = R1 + R2 (1 - exp(-t/tau2)) + R3 g(t) over all samples of the pulse.

    g is the response of a sphere's surface to a constant current, one at the pulse's end, its
    Fourier number free up to where diffusion is as fast as ``t2``, seen through the curve of the
    OCP: the surface runs ahead of the mean by up to ten pulses, so a straight OCP would bend R2
    and the diffusivity. tau2 lies between ``t1`` and ``t2`` [s]. A number is as unsure as the
    farthest one that a tau2 and a Fourier number within these limits allow, not only those
    nearby: where samples or noise do not tell R1 from R2 they are given as their sum, and where
    R2 is not told from diffusion neither is given.
    """
    flags = _first_sample(pulse, t1)
    fastest = max(t1, pulse.time[0] / 3)
    if fastest < t2 and pulse.time.size >= FEWEST_SAMPLES:
        found = _fitted(pulse, (t1, fastest, t2), potential)
        R1, R2, both = found.R1, found.R2, found.R1 + found.R2
        slowest = found.tau2 > t2 * (1 - SLOWEST_TAU) and SPREAD * found.scale < R2
        if slowest:
            flags.append("tau2 at t2: R2 and R3 are not told apart")
        if not slowest and found.errors[0] < R1 and found.errors[1] <= UNSURE * R2:
            if found.alike and found.misfit > MISSED * found.scale * abs(pulse.current):
                flags.append("misfit above noise: R2 and R3 less sure than their errors")
            return found.split(flags)
        if slowest and pulse.time[0] <= FIRST * t1 and found.errors[0] <= UNSURE * R1:
            errors = (found.errors[0], None, None)
            return Split(R1, None, None, None, errors, misfit=found.misfit, flags=flags)
    else:
        late = pulse.time >= PASSED * pulse.time[0]
        if np.sum(late) < FEWEST_LATE:
            return _only_whole([*flags, f"not split: {pulse.time.size} samples"])
        found = _fitted(taken(pulse, late), (t2,), potential)
        both, slowest = found.R1, False
    if not slowest:
        flags.append("only R1 + R2 is known: sampling or noise hides what parts them")
    if slowest or found.errors[3] > UNSURE * both:
        return _only_whole([*flags, "R1 + R2 and R3 are not told apart"])
    return found.split(flags, told=False)


def fourier_of(pulse: Pulse, t1: float, t2: float, potential: SweepPotential) -> float | None:
    """Fourier number of a pulse by the same fit, without its error; None where there is none."""
    fastest = max(t1, pulse.time[0] / 3)
    if pulse.duration <= t2 or pulse.time.size < FEWEST_SAMPLES:
        return None
    if fastest < t2:
        return solved(pulse, (fastest, t2), potential, settled=ROUGHLY).fourier
    late = pulse.time >= PASSED * pulse.time[0]
    if np.sum(late) < FEWEST_LATE:
        return None
    return solved(taken(pulse, late), (t2,), potential, settled=ROUGHLY).fourier


def _only_whole(flags: list[str]) -> Split:
    return Split(None, None, None, None, flags=flags)


@dataclass(frozen=True)
class _Fitted:
    """A circuit fitted to the samples of a pulse; R2 and tau2 only where they were sought."""

    R1: float
    diffusion: float
    R2: float
    tau2: float | None
    errors: tuple[float, float, float, float]  # of R1, R2, diffusion, R1 + R2
    misfit: float  # V
    fourier: float | None
    fourier_error: float | None
    alike: bool
    scale: float

    def split(self, flags: list[str], told: bool = True) -> Split:
        """R1 and R2, or where they are not ``told`` apart their sum."""
        return Split(
            R1=self.R1 if told else None,
            R2=self.R2 if told else None,
            tau2=self.tau2 if told else None,
            diffusion=self.diffusion,
            errors=self.errors[:3] if told else (None, None, self.errors[2]),
            both=None if told else self.R1 + self.R2,
            both_error=None if told else self.errors[3],
            misfit=self.misfit,
            fourier=self.fourier,
            fourier_error=self.fourier_error,
            flags=flags,
        )


def _fitted(pulse: Pulse, times: tuple[float, ...], potential: SweepPotential) -> _Fitted:
    """The best circuit with its errors: R2 may relax from the first of ``times`` on."""
    best = solved(pulse, times[1:] or times, potential)
    scale, parts = best.scale, best.parts
    told = best.logs.size > 1
    left = columns_of(pulse, best.ahead, potential)(best.logs) @ parts
    left = without_ends(pulse, left - pulse.overpotential / pulse.current / scale)
    misfit = float(np.sqrt(np.mean(left**2)))
    freedom = max(left.size - best.slopes.shape[1], 1)
    noise = misfit * np.sqrt(left.size / freedom)
    sought = SOUGHT if told else SOUGHT[[0, 2], :3]
    values = sought @ parts
    seen = noise * _hidden(pulse.time, left)
    spread = _slopes_error(best.slopes, sought, seen)
    wide = two_sided(freedom)

    def allowed(least):
        return least + (wide * seen) ** 2

    short, weights = thinned(pulse)
    wanted = weights @ short.overpotential / pulse.current / scale
    limits = [best.limits[0], *([(times[0], times[-1])] if told else [])]
    grid = grid_of(short, weights, best.ahead, potential)
    low, high = extremes(grid, np.log(limits), wanted, sought, allowed)
    farthest = np.maximum(values - low, high - values)
    errors = np.maximum(wide * spread, np.where(np.isfinite(farthest), farthest, 0.0)) / 1.96
    wider = wide / two_sided(np.inf)
    ends = noise * ends_noise(pulse)  # rests taken as noisy as the pulse
    alike = np.sum(left[1:] * left[:-1]) > 0.5 * np.sum(left**2)
    missed = misfit if alike else 0.0  # by the circuit, not by noise
    last = np.hypot(wider * noise, np.hypot(*ends))  # R3 is what is left of the last sample
    more = np.array([0.0, 0.0, last, 0.0] if told else [0.0, last])
    errors = np.hypot(np.hypot(errors, more), missed)
    fourier_error, off = 0.0, np.zeros(len(values))
    beyond = leaves(pulse, best.ahead, potential)
    if beyond:
        factor = potential.steepened(beyond)
        for slopes in (1 / factor, factor):
            other = solved(pulse, times[1:] or times, potential.continued(slopes), bend=0.0)
            off = np.maximum(off, np.abs(values - sought @ other.parts))
            if best.fourier is not None and other.fourier is not None:
                fourier_error = max(fourier_error, abs(best.fourier - other.fourier))
        errors = np.hypot(errors, off)
    path = pulse.charge_before + np.linspace(0.0, pulse.charge[-1] + best.ahead, WITHIN)
    errors = np.hypot(errors, potential.unsure(path) / abs(pulse.current) / scale)
    moving = abs(pulse.moving / pulse.current) / scale  # what the rest before still relaxes by
    slow = [pulse.time[0], min(times[-1], pulse.duration), pulse.duration, times[-1]]
    slow = slow if told else [pulse.time[0], pulse.duration]
    errors = scale * np.hypot(np.hypot(errors, moving * np.array(slow)), CIRCUIT)
    of_all = errors if told else np.array([errors[0], 0.0, errors[1], errors[0]])
    diffusion = float((parts[1] + parts[2]) * scale)
    less = _fourier_error(pulse, diffusion, of_all[2], best.fourier, potential)
    return _Fitted(
        R1=float(parts[0] * scale),
        diffusion=diffusion,
        R2=float(parts[3] * scale) if told else 0.0,
        tau2=float(np.exp(best.logs[1])) if told else None,
        errors=tuple(of_all.tolist()),
        misfit=misfit * scale * abs(pulse.current),
        fourier=best.fourier,
        fourier_error=None if less is None else float(np.hypot(less, fourier_error)),
        alike=bool(alike),
        scale=scale,
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
    less = fourier_number(pulse, (diffusion - error) * pulse.current, potential)
    return None if less is None else abs(less - fourier)


def _first_sample(pulse: Pulse, t1: float) -> list[str]:
    if pulse.time[0] <= FIRST * t1:
        return []
    return [f"R1 includes everything faster than the first sample ({pulse.time[0]:.3g} s)"]


def _slopes_error(slopes: np.ndarray, targets: np.ndarray, noise: float) -> np.ndarray:
    """Standard error of each sum of parts, which are the last unknowns, from the fit's slopes."""
    variance = noise**2 * np.linalg.pinv(slopes.T @ slopes)
    parts = variance[-targets.shape[1] :, -targets.shape[1] :]
    return np.sqrt(np.maximum(np.einsum("ti,ij,tj->t", targets, parts, targets), 0.0))
