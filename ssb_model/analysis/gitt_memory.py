"""What earlier pulses left in the particles, which remember all currents of the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ssb_model.analysis.gitt_pulses import Pulse, SweepPotential
from ssb_model.laws.diffusion import sphere_surface_excess

Current = tuple[float, float, float]  # from, to [s], mean current [A m-2]
LEAST = 2e-3  # of the charge of a pulse, less of which is no lead
FORGOTTEN = 1.5  # Fourier number after a current, at which exp(-30) of it is left
NEIGHBOURS = 3  # pulses on either side whose diffusivity counts for what is left in one


def left_behind(time, rate: float, currents: Sequence[Current]) -> np.ndarray:
    """Charge [A s m-2] by which the surface of a sphere leads its mean at times [s].

    Sum over currents of i/(3 k) [E(k (t - from)) - E(k (t - to))], E the response of a sphere's
    surface to a constant flux and k = D/R**2 [s-1]: the equation is linear, so that responses add.
    """
    time = np.asarray(time, dtype=float)
    lead = np.zeros_like(time)
    for begun, ended, current in currents:
        if rate * (np.min(time) - ended) > FORGOTTEN:
            continue
        on = sphere_surface_excess(rate * np.maximum(time - begun, 0.0))
        off = sphere_surface_excess(rate * np.maximum(time - ended, 0.0))
        lead += current / (3 * rate) * (on - off)
    return lead


def remembered(
    sweep: Sequence[Pulse], rates: Sequence[float | None], currents: Sequence[Current]
) -> tuple[list[Pulse], SweepPotential]:
    """The pulses of a sweep with what earlier currents left in them, and the potential at surfaces.

    ``rates`` [s-1], D/R**2 of the pulses, None where not known, count as means over neighbours.
    A rest ends at the potential of the surface, which leads the mean by what is
    left; the potential is drawn over the surface's charge. Where the leads would turn its order
    around it stays over the mean's.
    """
    known = np.array([np.nan if rate is None else np.log(rate) for rate in rates])
    if np.all(np.isnan(known)):
        return list(sweep), SweepPotential(sweep)
    logs = _smooth(known)
    edges = np.exp(np.concatenate([logs[:1], (logs[1:] + logs[:-1]) / 2, logs[-1:]]))
    times = [*(pulse.start for pulse in sweep), sweep[-1].end + sweep[-1].rest]
    ago = sweep[0].duration
    leads, before = np.array(
        [
            left_behind([time, time - ago], rate, [c for c in currents if c[1] <= time - ago])
            for time, rate in zip(times, edges, strict=True)
        ]
    ).T
    passed = min(abs(float(pulse.charge[-1])) for pulse in sweep)
    if np.max(np.abs(leads)) < LEAST * passed:
        return list(sweep), SweepPotential(sweep)
    curve = SweepPotential(sweep, leads)
    if not np.any(curve.leads):
        return list(sweep), curve
    charges = np.abs(curve.known) * curve.sign
    falls = (curve(charges) - curve(charges - leads + before)) / ago
    taught = []
    for k, (pulse, log) in enumerate(zip(sweep, logs, strict=True)):
        earlier = [current for current in currents if current[1] <= pulse.start]
        at = pulse.start + np.append(0.0, pulse.time)
        whole = left_behind(at, float(np.exp(log)), earlier)
        taught.append(
            replace(
                pulse,
                memory=leads[k] + whole[1:] - whole[0],
                moving=pulse.moving - float(falls[k]),
                relaxing=float(falls[k + 1]),
            )
        )
    return taught, curve


def _smooth(logs: np.ndarray) -> np.ndarray:
    """Means over neighbours, gaps left out: noise from pulse to pulse is no memory's."""
    found = np.empty(logs.size)
    for k in range(logs.size):
        near = logs[max(k - NEIGHBOURS, 0) : k + NEIGHBOURS + 1]
        found[k] = np.nanmedian(logs) if np.all(np.isnan(near)) else np.nanmean(near)
    return found
