"""Contact or chemistry: which process changed an interface between two states of a cell.

An interface of area S, of which the share theta is in contact, has R = r / (theta S) and
C = c theta S + C_other. Between two states contact is lost (theta falls), interphase grows (r
rises) and material is cut off (S falls, and a slow capacity with it). In logarithms

    ln R2/R1 = contact + material + interphase
    ln C1/C2 = contact + material     (less what C_other leaves)
    ln Q1/Q2 = material               (Q of a slow discharge; more where lithium can be lost)

``contact`` is that of the particles still connected: arcs see the whole of theta S once. Its
sign is free, the other two only grow. A resistance after pressing again tells what part of the
area came back, a share between none and all of it that is not known.

What was assumed before any datum is in ``Assumed``. The rest is arithmetic: given the area lost,
interphase and material are independent of each other, so the posterior is a sum over a grid of
area and material, of which draws are taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import log_ndtr, logsumexp, ndtr, ndtri_exp

from ssb_model.laws import circuit

PARTS = ("contact", "interphase", "material")
DRAWS = 4000
TRIED = 16  # outcomes of a further measurement that is not made yet
HELD = 0.9  # of the draws, by an interval
BEYOND = 3.0  # of the logarithms that were measured, how far the grid reaches
AREAS, MATERIALS = 801, 301
DECIDED, LIKELY = 0.9, 0.7  # probability that a part is more than half of the change
CONTRADICTION = 3.0  # standard deviations


@dataclass(frozen=True)
class Assumed:
    """What is taken for granted of logarithms of ratios before anything is measured.

    Each is the mean size of its exponential distribution, either way for ``contact`` and upwards
    for what only grows; ``other`` is the mean share of a capacitance that is none of the
    contact's. All are assumed, contact and interphase alike so that neither is preferred: wide
    beside published cells (resistance up by 1.4 to 8, material down by 0 to 40 %).
    """

    contact: float = 0.7
    interphase: float = 0.7
    material: float = 0.15
    lithium: float = 0.15
    other: float = 0.05


@dataclass(frozen=True)
class Change:
    """What was measured of an interface at two states, as logarithms of ratios.

    ``resistance`` is ln R2/R1, ``capacitance`` ln C1/C2 by each reading of it, ``capacity`` ln
    Q1/Q2 of a slow discharge, ``pressed`` ln R2/R3 with R3 after pressing again. ``sigma`` are
    the standard deviations of these, ``other`` the share of C1 that is known not to be of the
    contact. Lithium may have been lost with the capacity (``lithium_lost``); between states of
    one age (``aged`` false) no interphase grew.
    """

    resistance: float
    capacitance: Mapping[str, float] = field(default_factory=dict)
    capacity: float | None = None
    pressed: float | None = None
    sigma: Mapping[str, float] = field(default_factory=dict)
    other: float | None = None
    lithium_lost: bool = False
    aged: bool = True

    def error(self, of: str) -> float:
        """The standard deviation of a logarithm; 7 % (5 % of each number) if none is given."""
        return self.sigma.get(of, 0.07)


@dataclass(frozen=True)
class Diagnosis:
    """Draws of each part as a logarithm, how likely each reading is, and what contradicts."""

    change: Change
    parts: dict[str, np.ndarray]
    readings: dict[str, float]
    contradiction: float  # standard deviations by which the data miss the nearest mixture

    @property
    def shares(self) -> dict[str, np.ndarray]:
        """Draws of what each part is of all change, whichever way it went."""
        sizes = {name: np.abs(draws) for name, draws in self.parts.items()}
        whole = np.maximum(sum(sizes.values()), 1e-12)
        return {name: size / whole for name, size in sizes.items()}

    @property
    def area(self) -> np.ndarray:
        """Draws of what the area, contact and material together, is of it and interphase."""
        size = np.abs(self.parts["contact"] + self.parts["material"])
        return size / np.maximum(size + self.parts["interphase"], 1e-12)

    @property
    def share(self) -> dict[str, float]:
        """Mean share of each part: they sum to one."""
        return {name: float(draws.mean()) for name, draws in self.shares.items()}

    @property
    def most(self) -> dict[str, float]:
        """How likely each part is more than half of the change."""
        return {name: float(np.mean(draws > 0.5)) for name, draws in self.shares.items()}

    @property
    def decided(self) -> bool:
        """Whether one part is likely enough to be most of the change."""
        return max(self.most.values()) >= DECIDED

    @property
    def width(self) -> float:
        """Width of the interval of a share, the mean over the parts."""
        ends = [interval(draws) for draws in self.shares.values()]
        return float(np.mean([high - low for low, high in ends]))

    @property
    def is_change(self) -> bool:
        """Whether anything that was measured changed by more than twice its error."""
        change = self.change
        told = [(change.resistance, "resistance"), (change.capacity or 0.0, "capacity")]
        if change.capacitance:  # the reading that changed least
            told.append((min(change.capacitance.values(), key=abs), "capacitance"))
        return any(abs(value) > 2 * change.error(of) for value, of in told)

    @property
    def contradicts(self) -> bool:
        """Whether no mixture explains the data."""
        return self.contradiction > CONTRADICTION


def interval(draws: np.ndarray) -> tuple[float, float]:
    """The narrowest that holds nine in ten draws.

    A part that may be nothing has most of its draws beside zero, and an interval with a twentieth
    on either side would leave zero out whatever was measured.
    """
    ordered = np.sort(draws)
    count = int(np.ceil(HELD * len(ordered)))
    first = int(np.argmin(ordered[count - 1 :] - ordered[: len(ordered) - count + 1]))
    return float(ordered[first]), float(ordered[first + count - 1])


def readings_of(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    """ln C1/C2 of two constant-phase elements by each formula.

    Each state holds ``R``, ``Q`` and ``alpha``, and ``R_s`` where known, which Brug's needs.
    Hsu and Mansfeld's capacitance is that at the top of the arc, so that a growing r at one Q
    reads as contact gained; Brug's goes as Q**(1/alpha) where R_s is small, so that lost contact
    reads as more than it is. Both taken at one frequency in the middle goes as the area where
    the exponents are alike. Capacitors give one number by all three.
    """
    pair = (first, second)
    omega = np.sqrt(np.prod([circuit.top_of_arc(s["R"], s["Q"], s["alpha"]) for s in pair]))
    values = {
        "Hsu-Mansfeld": [circuit.hsu_mansfeld(s["Q"], s["alpha"], s["R"]) for s in pair],
        "one frequency": [circuit.capacitance_at(omega, s["Q"], s["alpha"]) for s in pair],
    }
    if all("R_s" in s for s in pair):
        values["Brug"] = [circuit.brug(s["Q"], s["alpha"], s["R_s"], s["R"]) for s in pair]
    return {name: float(np.log(values[name][0] / values[name][1])) for name in sorted(values)}


def diagnosed(change: Change, draws: int = DRAWS) -> Diagnosis:
    """The posterior of the three parts; readings of the capacitance count alike beforehand."""
    assumed = Assumed()
    told = [change.resistance, change.capacity, change.pressed, *change.capacitance.values()]
    known = [0.0, *(one for one in told if one is not None)]
    area = np.linspace(min(known) - BEYOND, max(known) + BEYOND, AREAS)
    material = np.linspace(0, max(change.capacity or 0.0, 0.0) + BEYOND / 2, MATERIALS)
    mean = assumed.interphase if change.aged else 0.01
    error = change.error("resistance")
    of_area = _grown(change.resistance - area, error, mean)
    if change.pressed is not None:
        of_area += _between(change.pressed, area, np.hypot(error, 0.02))
    nodes = _other(change, assumed)
    by_reading = {
        name: logsumexp(_normal(value - _seen(area, nodes), change.error("capacitance")), axis=0)
        for name, value in change.capacitance.items()
    } or {"": np.zeros_like(area)}
    joint = -material / assumed.material - np.abs(area[:, None] - material) / assumed.contact
    if change.capacity is not None:
        left = change.capacity - material
        sigma = change.error("capacity")
        lost = change.lithium_lost
        joint += _grown(left, sigma, assumed.lithium) if lost else _normal(left, sigma)
    joint += of_area[:, None]
    evidence = {name: logsumexp(joint + of[:, None]) for name, of in by_reading.items()}
    joint += logsumexp(list(by_reading.values()), axis=0)[:, None]
    lost_area, cut_off = _draws(joint, area, material, draws)
    grown = _growth(change.resistance - lost_area, error, mean)
    parts = {"contact": lost_area - cut_off, "interphase": grown, "material": cut_off}
    whole = logsumexp(list(evidence.values()))
    likely = {name: float(np.exp(of - whole)) for name, of in evidence.items() if name}
    return Diagnosis(change, parts, likely, _contradiction(change, area, nodes))


def by_each_reading(change: Change) -> dict[str, Diagnosis]:
    """What each reading of the capacitance would say if it alone held."""
    return {
        name: diagnosed(replace(change, capacitance={name: value}))
        for name, value in change.capacitance.items()
    }


@dataclass(frozen=True)
class Expected:
    """What a further measurement is expected to leave: the width of an interval, and a decision."""

    width: float
    decides: float  # share of its outcomes after which one part is most of the change


def further(of: Diagnosis) -> dict[str, Expected]:
    """What to expect of each further measurement, the narrowest intervals first.

    Outcomes are drawn from what is known now; each is taken as if it had been measured.
    """
    change, assumed, rng = of.change, Assumed(), np.random.default_rng(1)
    picked = rng.choice(len(of.parts["contact"]), TRIED, replace=False)
    drawn = {name: draws[picked] for name, draws in of.parts.items()}
    area = drawn["contact"] + drawn["material"]
    noise = rng.standard_normal(TRIED)
    found: dict[str, list[Change]] = {}
    if len(change.capacitance) != 1:
        (node,) = _seen(area, np.array([assumed.other if change.other is None else change.other]))
        values = node + change.error("capacitance") * noise
        found["capacitance"] = [replace(change, capacitance={"capacitance": v}) for v in values]
    if change.capacity is None:
        values = drawn["material"] + change.error("capacity") * noise
        if change.lithium_lost:
            values = values + rng.exponential(assumed.lithium, TRIED)
        found["slow capacity"] = [replace(change, capacity=float(v)) for v in values]
    if change.pressed is None:
        values = area * rng.random(TRIED) + change.error("resistance") * noise
        found["press, hold, spectrum"] = [replace(change, pressed=float(v)) for v in values]
    expected = {}
    for name, changes in found.items():
        after = [diagnosed(one, DRAWS // 4) for one in changes]
        width = float(np.mean([one.width for one in after]))
        expected[name] = Expected(width, float(np.mean([one.decided for one in after])))
    return dict(sorted(expected.items(), key=lambda pair: pair[1].width))


def _seen(area: np.ndarray, other: np.ndarray) -> np.ndarray:
    """ln C1/C2 of an area that shrank by exp(area), a row for each share of other capacitance."""
    kept = other[:, None]
    return -np.log((1 - kept) * np.exp(-area) + kept)


def _other(change: Change, assumed: Assumed) -> np.ndarray:
    """Shares of C1 that are not of the contact, equally likely."""
    if change.other is not None:
        return np.array([change.other])
    return np.minimum(-assumed.other * np.log1p(-(np.arange(8) + 0.5) / 8), 0.9)


def _normal(left: np.ndarray, sigma: float) -> np.ndarray:
    """Logarithm of a normal density but for its constant."""
    return -0.5 * (left / sigma) ** 2


def _grown(left: np.ndarray, sigma: float, mean: float) -> np.ndarray:
    """Logarithm of the density of growth, exponential about ``mean``, read with an error."""
    return (0.5 * sigma**2 / mean - left) / mean + log_ndtr(left / sigma - sigma / mean)


def _between(value: float, end: np.ndarray, sigma: float) -> np.ndarray:
    """Logarithm of the density of a value evenly between zero and ``end``, read with an error."""
    end = np.where(np.abs(end) < 1e-6, 1e-6, end)
    density = (ndtr(value / sigma) - ndtr((value - end) / sigma)) / end
    return np.log(np.maximum(density, 1e-300))


def _growth(left: np.ndarray, sigma: float, mean: float) -> np.ndarray:
    """Draws of growth that is ``left`` within an error, never below zero."""
    centre = left - sigma**2 / mean
    share = np.random.default_rng(2).random(len(left))
    return np.maximum(centre - sigma * ndtri_exp(np.log(share) + log_ndtr(centre / sigma)), 0.0)


def _draws(
    joint: np.ndarray, area: np.ndarray, material: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Area lost and material cut off, drawn from a grid and spread over its cells."""
    rng = np.random.default_rng(0)
    total = np.cumsum(np.exp(joint - joint.max()))
    at = np.searchsorted(total, (np.arange(count) + rng.random(count)) / count * total[-1])
    row, column = np.unravel_index(rng.permutation(at), joint.shape)
    spread = rng.uniform(-0.5, 0.5, (2, count))
    cut_off = material[column] + spread[1] * (material[1] - material[0])
    return area[row] + spread[0] * (area[1] - area[0]), np.abs(cut_off)


def _contradiction(change: Change, area: np.ndarray, nodes: np.ndarray) -> float:
    """Standard deviations of the data from the nearest mixture there can be."""
    missed = (np.minimum(change.resistance - area, 0.0) / change.error("resistance")) ** 2
    if not change.aged:
        missed = ((change.resistance - area) / change.error("resistance")) ** 2
    if change.capacitance:
        seen = _seen(area, nodes)
        of_each = [np.min((v - seen) ** 2, axis=0) for v in change.capacitance.values()]
        missed = missed + np.min(of_each, axis=0) / change.error("capacitance") ** 2
    if change.capacity is not None:
        missed = missed + (min(change.capacity, 0.0) / change.error("capacity")) ** 2
    if change.pressed is not None:
        low, high = np.minimum(area, 0.0), np.maximum(area, 0.0)
        outside = change.pressed - np.clip(change.pressed, low, high)
        missed = missed + (outside / change.error("resistance")) ** 2
    return float(np.sqrt(missed.min()))
