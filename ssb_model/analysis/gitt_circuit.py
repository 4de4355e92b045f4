"""A pulse as a circuit: contact, one relaxation and a sphere, seen through the curve of the OCP.

A fit's slopes say how sure its resistances are only near its best relaxation and diffusion times.
Samples that begin after a relaxation, or noise as large as a part, leave other times almost as
good, with other resistances: profiles seek those on a grid, which is refined once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations

import numpy as np
from scipy.optimize import brentq, least_squares, nnls

from ssb_model.analysis.gitt_pulses import Pulse, SweepPotential
from ssb_model.laws.diffusion import SLOWEST, sphere_surface_excess, sphere_surface_lead

COARSE = 10  # points along each axis, from whose best a fit begins
POINTS = (20, 24)  # of the grid, along the time of diffusion and that of the relaxation
SINGULAR = 1e-10  # of the largest product of sums of squares


def extremes(
    grid: Callable[[list[np.ndarray]], np.ndarray],
    limits: Sequence[tuple[float, float]],
    wanted: np.ndarray,
    targets: np.ndarray,
    allowed: Callable[[float], float],
) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest of each target, a sum of non-negative parts, that the data allow.

    ``grid`` gives the columns [axis 1, axis 2, ..., sample, part] at numbers along each axis
    within ``limits``; ``wanted`` the samples, columns and samples alike weighted. ``targets``
    has a row of shares of the parts each. Parts and axes are free as long as the sum of squares
    is within ``allowed`` of the least one. At every point of the grid that is an ellipsoid cut
    by what must not be negative, whose ends lie on one of its faces and are known exactly.
    """
    low, high = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)
    least = np.inf
    for _ in range(2):
        axes = [np.linspace(a, b, n) for (a, b), n in zip(limits, POINTS, strict=False)]
        shape = tuple(axis.size for axis in axes)
        columns = grid(axes).reshape(-1, wanted.size, targets.shape[1])
        faces = list(_faces(columns, wanted))
        sums = _least(faces)
        least = min(least, float(sums.min()))
        most = allowed(least)
        for which, best, inverse, total, _ in faces:
            for k, target in enumerate(targets[:, which]):
                ends = _ends_along(best, inverse, total, target, most)
                if ends.size:
                    low[k], high[k] = min(low[k], ends.min()), max(high[k], ends.max())
        taken = np.argwhere((sums <= most).reshape(shape))
        if taken.size == 0:
            taken = np.argwhere((sums == sums.min()).reshape(shape))
        limits = [
            (axis[max(first - 1, 0)], axis[min(last + 1, axis.size - 1)])
            for axis, first, last in zip(axes, taken.min(axis=0), taken.max(axis=0), strict=True)
        ]
    return low, high


def lowest(grid, limits: Sequence[tuple[float, float]], wanted: np.ndarray) -> np.ndarray:
    """Numbers along the axes of the least sum of squares on a coarse grid."""
    axes = [np.linspace(a, b, COARSE) for a, b in limits]
    columns = grid(axes)
    sums = _least(list(_faces(columns.reshape(-1, wanted.size, columns.shape[-1]), wanted)))
    at = np.unravel_index(np.argmin(sums), tuple(axis.size for axis in axes))
    return np.array([axis[k] for axis, k in zip(axes, at, strict=True)])


def _least(faces) -> np.ndarray:
    """Least sum of squares with no part negative, of every point of a grid."""
    return np.min([np.where(ok, total, np.inf) for _, _, _, total, ok in faces], axis=0)


def _faces(columns: np.ndarray, wanted: np.ndarray):
    """For each choice of parts: which, best values, inverse, sum of squares, none negative."""
    gram = np.einsum("gsi,gsj->gij", columns, columns)
    right = np.einsum("gsi,s->gi", columns, wanted)
    square = float(wanted @ wanted)
    count = columns.shape[2]
    every = chain.from_iterable(combinations(range(count), n) for n in range(1, count + 1))
    for which in map(list, every):
        part = gram[:, which][:, :, which]
        size = np.prod(np.diagonal(part, axis1=1, axis2=2), axis=1)
        good = np.linalg.det(part) > SINGULAR * size
        part = np.where(good[:, None, None], part, np.eye(len(which)))
        inverse = np.linalg.inv(part)
        best = np.einsum("gij,gj->gi", inverse, right[:, which])
        total = square - np.einsum("gi,gi->g", best, right[:, which])
        total = np.where(good, np.maximum(total, 0.0), np.inf)
        yield which, best, inverse, total, good & np.all(best >= 0, axis=1)


def _ends_along(best, inverse, total, target, most) -> np.ndarray:
    """Of a target along a face, at both ends of the ellipsoid, where no part is negative."""
    room = most - total
    inside = room >= 0
    best, inverse, room = best[inside], inverse[inside], room[inside]
    along = inverse @ target
    variance = np.maximum(along @ target, 0.0)
    step = np.sqrt(room / np.where(variance > 0, variance, np.inf))
    found = []
    for way in (-1, 1):
        point = best + way * step[:, None] * along
        kept = np.all(point >= -1e-12, axis=1)
        found.append(point[kept] @ target)
    return np.concatenate(found)


BENT = 0.5  # share by which the slope of an OCP may change where the record does not tell it
MEANS = 80  # over stretches of time, that a pulse of many samples is fitted by
FOURIER = (1e-6, 10.0)  # of a pulse, sought for its diffusivity
SQUARE_ROOT = 1e-5  # Fourier number below which the sphere's response is sqrt(t)
PASSES = 8
STEP = 1e-6  # of a logarithm, for slopes
NOISIER = 3.0  # times the samples of a pulse that those of a rest may scatter
SETTLED = 1e-4  # relative change of the diffusion resistance between passes
ROUGHLY = 3e-3  # the same where only what is left for later pulses is sought


@dataclass(frozen=True)
class Circuit:
    """Best circuit of a pulse: logarithms of Fo and tau2, parts R1, R3 and R2 over the whole."""

    logs: np.ndarray
    parts: np.ndarray
    slopes: np.ndarray  # of the weighted means, by logs and parts
    fourier: float | None
    ahead: float
    limits: list[tuple[float, float]]
    scale: float  # Ohm m2


def solved(
    pulse: Pulse,
    times: tuple[float, ...],
    potential: SweepPotential,
    bend: float = BENT,
    settled: float = SETTLED,
) -> Circuit:
    """Between ``times`` R2 relaxes; with one time alone, the slowest, R1 holds R2."""
    scale = abs(float(pulse.overpotential[-1] / pulse.current))
    short, weights = thinned(pulse)
    wanted = short.overpotential / pulse.current / scale
    slowest = max(pulse.duration / (SLOWEST * times[-1]), 10 * SQUARE_ROOT)
    limits = [(SQUARE_ROOT, slowest), *([times] if len(times) > 1 else [])]
    low, high = np.log(limits).T
    logs, ahead, before, fourier = None, 0.0, np.inf, None
    for _ in range(PASSES):
        columns = columns_of(short, ahead, potential, bend)
        if logs is None:
            grid = grid_of(short, weights, ahead, potential, bend)
            logs = lowest(grid, np.log(limits), weights @ wanted)
        solution = _refined(columns, low, high, wanted, weights, logs)
        logs, parts = solution.x[: low.size], solution.x[low.size :]
        diffusion = parts[1] + parts[2]
        fourier = fourier_number(pulse, diffusion * scale * pulse.current, potential)
        if fourier is None or abs(diffusion - before) <= settled:
            break
        before = diffusion
        ahead = float(pulse.charge[-1] * sphere_surface_lead(fourier))
    return Circuit(logs, parts, solution.jac, fourier, ahead, limits, scale)


def columns_of(pulse: Pulse, ahead: float, potential: SweepPotential, bend: float = BENT):
    """What R1, R3, R3 again and, if it is sought, R2 multiply, over logarithms of Fo and tau2.

    ``ahead`` [A s m-2] is how far the surface leads the mean at the end, nought for a straight
    OCP: it sets the bend of the diffusion's shape, not its size. Where the surface leaves the
    record its OCP is not known: R3 is then the sum of two parts, whose shapes bend either way.
    """
    share = pulse.time / pulse.duration
    end = _diffusion(pulse, 1.0, ahead, potential) if ahead else None
    bent = bend * (leaves(pulse, ahead, potential) > 0)

    def columns(logs):
        fourier = np.exp(logs[0])
        shape = sphere_surface_excess(fourier * share)
        shape = shape / shape[-1]
        if end is not None:
            shape = _diffusion(pulse, share, ahead * shape, potential) / end
        curve = bent * shape * (1 - shape)
        transfer = [-np.expm1(-pulse.time / np.exp(log)) for log in logs[1:]]
        return np.column_stack([np.ones_like(share), shape + curve, shape - curve, *transfer])

    return columns


def leaves(pulse: Pulse, ahead: float, potential: SweepPotential) -> float:
    """How far beyond the record the surface is at the end [A s m-2]; nought up to a pulse's."""
    passed = float(pulse.charge[-1])
    left = 0.0 if pulse.memory is None else float(pulse.memory[-1])
    beyond = potential.beyond(pulse.charge_before + passed + left + ahead)
    return beyond if beyond > abs(passed) else 0.0


def grid_of(
    pulse: Pulse,
    weights: np.ndarray,
    ahead: float,
    potential: SweepPotential,
    bend: float = BENT,
):
    """Weighted columns at all pairs of logarithms of Fo and, if it is sought, of tau2."""
    columns = columns_of(pulse, ahead, potential, bend)

    def of(axes):
        whole = np.array([columns([log]) for log in axes[0]])
        if len(axes) > 1:
            transfer = -np.expm1(-pulse.time / np.exp(axes[1])[:, None])
            pairs = (axes[0].size, axes[1].size, pulse.time.size)
            whole = np.concatenate(
                [
                    np.broadcast_to(whole[:, None], (*pairs, whole.shape[-1])),
                    np.broadcast_to(transfer[None, :, :, None], (*pairs, 1)),
                ],
                axis=-1,
            )
        return weights @ whole

    return of


def _diffusion(pulse: Pulse, share, ahead, potential: SweepPotential):
    """OCP of the mean on the chord minus OCP of the surface [V]."""
    chord = pulse.before - pulse.steady_change * share
    left = 0.0
    if pulse.memory is not None:
        left = np.interp(np.asarray(share) * pulse.duration, pulse.time, pulse.memory)
    return chord - potential(pulse.charge_before + pulse.charge[-1] * share + left + ahead)


def fourier_number(pulse: Pulse, overpotential: float, potential: SweepPotential) -> float | None:
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


def taken(pulse: Pulse, which: np.ndarray) -> Pulse:
    names = ("time", "charge", "voltage", *(["memory"] if pulse.memory is not None else []))
    return replace(pulse, **{name: getattr(pulse, name)[which] for name in names})


def thinned(pulse: Pulse) -> tuple[Pulse, np.ndarray]:
    """Means over stretches even in the logarithm of time, the last sample alone, and weights.

    The weights are a matrix that makes their noise one and independent: a mean's goes down with
    the number of its samples, and that of the two rests' ends, between which the OCP is drawn,
    is shared by all.
    """
    time = pulse.time
    if time.size <= MEANS:
        return pulse, _weights(pulse, time, np.ones(time.size))
    edges = np.geomspace(time[0], time[-1], MEANS)
    place = np.searchsorted(edges, time[:-1], side="right")
    _, place, counts = np.unique(place, return_inverse=True, return_counts=True)
    names = ("time", "charge", "voltage", *(["memory"] if pulse.memory is not None else []))
    means = {
        name: np.append(
            np.bincount(place, getattr(pulse, name)[:-1]) / counts, getattr(pulse, name)[-1]
        )
        for name in names
    }
    short = replace(pulse, **means)
    return short, _weights(pulse, short.time, np.append(counts, 1.0))


def ends_noise(pulse: Pulse) -> np.ndarray:
    """Of the line through each rest's end, over that of a sample: its end's is twice a mean's."""
    of_samples = pulse.noise
    shares = [
        1.0 if own is None or of_samples == 0 else min(own / of_samples, NOISIER)
        for own in pulse.scatter
    ]
    return 2 * np.array(shares) / np.sqrt(pulse.tails)


def without_ends(pulse: Pulse, left: np.ndarray) -> np.ndarray:
    """Residuals of all samples without the most likely errors of the two rests' ends."""
    ends = _ends(pulse, pulse.time)
    likely = np.linalg.solve(np.eye(2) + ends.T @ ends, ends.T @ left)
    return left - ends @ likely


def _ends(pulse: Pulse, time: np.ndarray) -> np.ndarray:
    share = time / pulse.duration
    return np.column_stack([1 - share, share]) * ends_noise(pulse)


def _weights(pulse: Pulse, time: np.ndarray, counts: np.ndarray) -> np.ndarray:
    ends = _ends(pulse, time)
    of_all = np.diag(1 / counts) + ends @ ends.T
    return np.linalg.inv(np.linalg.cholesky(of_all))


def _refined(columns, low, high, wanted, weights, logs):
    """Least squares in all unknowns, the resistances not negative."""
    parts = nnls(weights @ columns(logs), weights @ wanted)[0]
    bottom = np.concatenate([low, np.zeros(parts.size)])
    top = np.concatenate([high, np.full(parts.size, 10.0)])
    start = np.clip(np.concatenate([logs, parts]), bottom + 1e-9, top - 1e-9)

    def residual(x):
        return weights @ (columns(x[: low.size]) @ x[low.size :] - wanted)

    def slopes(x):
        logs, parts = x[: low.size], x[low.size :]
        ends = [columns(logs + STEP * unit) @ parts for unit in np.eye(low.size)]
        here = columns(logs)
        bends = [(end - here @ parts) / STEP for end in ends]
        return weights @ np.column_stack([*bends, here])

    limits = (bottom, top)
    return least_squares(residual, start, slopes, bounds=limits, xtol=1e-7, ftol=1e-9)
