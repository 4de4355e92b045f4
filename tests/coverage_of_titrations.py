"""Titrations with known resistances, sampled coarsely and noisily: are printed numbers true?

``python -m tests.coverage_of_titrations`` makes records of exact spheres behind R1 and R2 at
several sampling times, adds 0.2 mV of noise, and counts numbers within 1.96 of their errors of the
truth, those that are not, those without an error and those that are not printed.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from ssb_model.analysis.gitt import gitt_analysis
from ssb_model.laws.diffusion import sphere_surface_excess

RADIUS = 2.5e-6
R1, R2 = 20.0, 15.0  # Ohm cm2
CURRENT, CAPACITY = 15.0, 30.0  # A m-2, A h m-2
NOISE = 2e-4  # V
SAMPLING = (0.01, 1.0, 10.0, 60.0)  # s
PARTS = ("R1", "R2", "R1 + R2", "R3")


def potential(filling):
    """A layered oxide's: falls by 0.75 V, with a step at 0.45."""
    return 4.25 - 0.75 * filling - 0.06 * np.tanh((filling - 0.45) / 0.08)


def record(D, tau2, step, pulse, rest, pulses, noise, seed=0):
    """Time, current density, voltage; a rest is sampled every 10 s at most as finely."""
    random = np.random.default_rng(seed)
    size = 72.0 / pulse
    spans = [(100.0, 0.0)] + pulses * [(pulse, CURRENT * size), (rest, 0.0)]
    edges = np.cumsum([0.0, *(span for span, _ in spans)])
    pieces, currents = [np.zeros(1)], [np.zeros(1)]
    for edge, (span, current) in zip(edges, spans, strict=False):
        every = step if current else max(step, 10.0)
        times = edge + np.append(np.arange(every, span - 1e-9, every), span)
        pieces.append(times)
        currents.append(np.full(times.size, current))
    time, current = np.concatenate(pieces), np.concatenate(currents)
    rate = D / RADIUS**2
    filling, transfer = np.full(time.size, 0.25), np.zeros(time.size)
    for k in range(1, 2 * pulses, 2):
        for edge, way in ((edges[k], 1), (edges[k + 1], -1)):
            since = np.maximum(time - edge, 0)
            surface = 3 * rate * since + sphere_surface_excess(rate * since)
            filling += way * size * CURRENT / (3 * rate) * surface / (3600 * CAPACITY)
            transfer += way * size * CURRENT * R2 * 1e-4 * -np.expm1(-since / tau2)
    voltage = potential(filling) - current * R1 * 1e-4 - transfer
    return time, current, voltage + noise * random.standard_normal(time.size)


def counted(tau2, step, pulse, D, pulses=8, t1=1e-3, t2=10.0, seed=0) -> Counter:
    """Of every number of every pulse whether it is true."""
    made = (D, tau2, step, pulse, 3 * pulse + 3000.0, pulses)
    how = {"t1": t1, "t2": t2, "particle_radius": RADIUS}
    noisy = gitt_analysis(*record(*made, NOISE, seed), **how)
    exact = gitt_analysis(*record(*made, 0.0), **how)
    count: Counter = Counter()
    for row, true in zip(noisy.rows, exact.rows, strict=True):
        whole = R1 - R2 * np.expm1(-pulse / tau2)
        truth = {"R1": R1, "R2": R2, "R1 + R2": R1 + R2}
        truth["R3"] = true["R_total [Ohm.cm2]"] - whole
        for part in PARTS:
            value, error = row[f"{part} [Ohm.cm2]"], row[f"{part} error [Ohm.cm2]"]
            count[part, _word(value, error, truth[part])] += 1
        value, error = row["Diffusivity [m2.s-1]"], row["Diffusivity error [m2.s-1]"]
        count["D", _word(value, error, D)] += 1
    return count


def _word(value, error, truth) -> str:
    if value is None:
        return "not printed"
    if error is None:
        return "no error"
    return "true" if abs(value - truth) <= 1.96 * error else "MISSED"


def main() -> float:
    """Print a line a kind of record; gives the share of printed numbers that are true."""
    whole: Counter = Counter()
    of_sampling = {step: Counter() for step in SAMPLING}
    for pulse in (72.0, 720.0):
        for step in SAMPLING:
            for tau2 in (0.3, 3.0):
                for D in (1e-16, 1e-15, 1e-14):
                    if pulse > 100 and step == 0.01:
                        continue  # 72,000 samples a pulse say nothing new
                    count = counted(tau2, step, pulse, D)
                    words = {f"{part} {word}": n for (part, word), n in sorted(count.items())}
                    print(
                        f"{pulse:g} s every {step:g} s, tau {tau2:g} s, D {D:g}: {words}",
                        flush=True,
                    )
                    for (_, word), n in count.items():
                        of_sampling[step][word] += n
    for step, count in of_sampling.items():
        print(f"every {step:g} s: {_share(count)}")
        whole += count
    print(_share(whole))
    return whole["true"] / _printed(whole)


def _printed(count: Counter) -> int:
    return sum(n for word, n in count.items() if word != "not printed")


def _share(count: Counter) -> str:
    share = 100 * count["true"] / max(_printed(count), 1)
    return f"{dict(count)}: {share:.0f} % of the {_printed(count)} that are printed are true"


if __name__ == "__main__":
    main()
