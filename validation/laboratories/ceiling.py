"""What a model could foresee that knew every law but not the laboratory: ceilings of the shares.

Run it from the checkout: ``python -m validation.laboratories.ceiling``. Laboratories that mix like
recipes measure different numbers, and no law tells a stranger which of them a cell will be. Of
three views each is blind in its own way:

- *pairs*: like recipes of two laboratories. Two differ by the square root of 2 of what one is off
  the median, which is the best prediction; a pair counts where it does so by no more than that;
- *effects*: laboratories lie about the median as a normal distribution says whose width is that of
  the laboratories' own factors, and repeats scatter beside. Outliers make it wide;
- *offsets*: the very rows that are judged, if each that is missed were off by its laboratory's
  median miss alone, every contrast inside a laboratory met.

Like recipes are alike in volume shares within 5 points, in additives within 2 and in the ratio of
grain to particle size within a factor 3; of capacities in C-rate and pressure within a factor 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import erf

from validation.laboratories.rows import DISCHARGE, ELECTRONS, FAST, made, read_rows
from validation.materials.calibrate_composites import (
    SHARED,
    Laboratories,
    composites,
    grains,
    oxides,
)

HERE = Path(__file__).parent
SHARES = 0.05  # of the volume, within which recipes are alike
ADDITIVES = 0.02
SIZES, RUNS = 3.0, 2.0  # factors, the latter of C-rates and stack pressures
SLOWEST = 0.1  # C-rate up to which a capacity is slow
BOOTSTRAPS = 2000
ASKED = {  # how near, and what repeats scatter by as a logarithm
    "slow": ("slow capacities within 15 %", 0.15, np.log(1.08)),
    "fast": ("fast capacities within 25 %", 0.25, np.log(1.25)),
}
NEAR = np.log(2)  # of conductivities; what repeats scatter by is found with the factors


@dataclass(frozen=True)
class Measured:
    """A measured number as a logarithm, whose it is, and the numbers that make recipes alike."""

    laboratory: str
    logarithm: float
    active: float
    electrolyte: float
    additives: float = 0.0
    size_ratio: float = 1.0
    c_rate: float = 1.0
    pressure: float = 1.0

    def like(self, other: Measured) -> bool:
        """Whether another laboratory measured a like recipe."""
        return (
            self.laboratory != other.laboratory
            and abs(self.active - other.active) <= SHARES
            and abs(self.electrolyte - other.electrolyte) <= SHARES
            and abs(self.additives - other.additives) <= ADDITIVES
            and abs(np.log(self.size_ratio / other.size_ratio)) <= np.log(SIZES) + 1e-9
            and abs(np.log(self.c_rate / other.c_rate)) <= np.log(RUNS) + 1e-9
            and abs(np.log(self.pressure / other.pressure)) <= np.log(RUNS) + 1e-9
        )


def of_composites(ions: bool) -> list[Measured]:
    """Conductivities of composites over that of their electrolyte, or of their kind of oxide."""
    rows = composites()
    own = grains(rows) / rows.d_AM_um
    if ions:
        seen = rows.sigma_ion_mS_cm / rows.sigma_SE_mS_cm
    else:
        seen = (rows.sigma_e_mS_cm / oxides(rows)).where(rows.phi_fibre == 0)
    return [
        Measured(row.laboratory, np.log(value), row.phi_AM, row.phi_SE, row.phi_additives, ratio)
        for row, value, ratio in zip(rows.itertuples(), seen, own, strict=True)
        if np.isfinite(value)
    ]


def of_cells(kind: str) -> list[Measured]:
    """Discharges of the cells with a layered oxide."""
    found = []
    for row in read_rows():
        near = row.c_rate and (row.c_rate <= SLOWEST if kind == "slow" else row.c_rate >= FAST)
        if not near or row.quantity != DISCHARGE or row.unit != "mAh/g":
            continue
        cell = made(row.cell, {})
        active, electrolyte, additives, grain, radius = (
            float(cell.evaluate(f"Positive {name}"))
            for name in (
                "electrode total active material volume fraction",
                "electrode porosity",
                "electrode additive volume fraction",
                "electrode solid electrolyte grain size [m]",
                "particle radius [m]",
            )
        )
        shares = (active, electrolyte, additives, grain / (2 * radius))
        how = (row.c_rate, row.pressure_MPa)
        found.append(Measured(row.laboratory, np.log(row.measured), *shares, *how))
    return found


def pairs(measured: Sequence[Measured]) -> pd.DataFrame:
    """Like recipes of two laboratories: by how much of a logarithm they differ."""
    rows = [
        (a.laboratory, b.laboratory, a.logarithm - b.logarithm)
        for a, b in combinations(measured, 2)
        if a.like(b)
    ]
    return pd.DataFrame(rows, columns=["one", "other", "apart"])


def by_pairs(found: pd.DataFrame, near: float) -> tuple[float, float, float]:
    """Share of the pairs that differ by no more than sqrt(2) of ``near``, and 5 and 95 % of it."""
    hit = (found.apart.abs() <= np.sqrt(2) * near).to_numpy(float)
    names = sorted({*found.one, *found.other})
    one, other = (found[side].map(names.index).to_numpy() for side in ("one", "other"))

    def share(times: np.ndarray) -> float:
        weight = times[one] * times[other]
        return float(weight @ hit / weight.sum()) if weight.sum() else np.nan

    return share(np.ones(len(names))), *_bootstrapped(len(names), share)


def by_effects(effects: Sequence[float], near: float, repeats: float) -> tuple[float, float, float]:
    """Share of a normal distribution of the effects' width that lies within ``near``."""
    own = np.asarray(effects, float)

    def share(times: np.ndarray) -> float:
        mean = times @ own / times.sum()
        between = times @ (own - mean) ** 2 / max(times.sum() - 1, 1)
        return float(erf(near / np.sqrt(2 * (between + repeats**2) + 1e-12)))

    return share(np.ones(len(own))), *_bootstrapped(len(own), share)


def by_offsets(table: pd.DataFrame, hit: pd.Series, near: float) -> float:
    """Share of the rows that are hit, or whose laboratory's median miss of the kind is small."""
    missed = np.log(table.found / table.measured)
    electrons = table.row.str.contains(ELECTRONS)
    offset = missed.groupby([table.laboratory, electrons]).transform("median")
    return float((hit | (offset.abs() <= near)).mean())


def _bootstrapped(size: int, share: Callable[[np.ndarray], float]) -> tuple[float, float]:
    """5 and 95 % of a share, had other laboratories of the kind been seen."""
    chance = np.random.default_rng(0)
    drawn = chance.integers(size, size=(BOOTSTRAPS, size))
    shares = [share(np.bincount(one, minlength=size).astype(float)) for one in drawn]
    return tuple(np.nanquantile(shares, [0.05, 0.95]))


def laboratory_factors() -> tuple[np.ndarray, np.ndarray, float, float]:
    """Each paper's own factor on ions and on its oxide, and how its rows scatter about them."""
    laboratories = Laboratories(composites())
    x = laboratories.fitted().x
    factor, oxide, _ = x[len(SHARED) :].reshape(3, -1)
    ions, electrons = laboratories.predicted(x)
    rows = laboratories.rows
    told = []
    for seen, found, measured in (
        (laboratories.ions, ions, rows.sigma_ion_mS_cm),
        (laboratories.electrons, electrons, rows.sigma_e_mS_cm),
    ):
        told.append(np.std((found - np.log(measured.to_numpy(float)))[seen]))
    known = [
        np.unique(laboratories.paper[one]) for one in (laboratories.ions, laboratories.electrons)
    ]
    return factor[known[0]], oxide[known[1]], *told


def ceilings(table: pd.DataFrame) -> pd.DataFrame:
    """Each share asked beside what is reached and what the scatter of laboratories allows."""
    factor, oxide, of_ions, of_electrons = laboratory_factors()
    missed = np.log(table.found / table.measured)
    conducting, electrons = table.c_rate.isna(), table.row.str.contains(ELECTRONS)
    told = []
    for words, rows, ions, effects, repeats in (
        ("ionic", conducting & ~electrons, True, factor, of_ions),
        ("electronic", conducting & electrons, False, oxide, of_electrons),
    ):
        words = f"{words} conductivities within a factor 2"
        part, hit = table[rows], missed[rows].abs() <= NEAR
        told.extend(_told(words, part, hit, NEAR, of_composites(ions), effects, repeats))
    for kind, rows in (("slow", table.c_rate <= SLOWEST), ("fast", table.c_rate >= FAST)):
        words, share, repeats = ASKED[kind]
        part, hit = table[rows], (table.found / table.measured - 1)[rows].abs() <= share
        effects = missed[rows].groupby(part.laboratory).median()
        told.extend(_told(words, part, hit, np.log1p(share), of_cells(kind), effects, repeats))
    return pd.DataFrame(told)


def _told(words, part, hit, near, measured, effects, repeats) -> list[dict]:
    found = pairs(measured)
    views = {
        "pairs": (*by_pairs(found, near), len(found)),
        "effects": (*by_effects(effects, near, repeats), len(effects)),
        "offsets": (by_offsets(part, hit, near), np.nan, np.nan, len(part)),
    }
    return [
        {"what": words, "found": hit.mean(), "view": view}
        | dict(zip(("ceiling", "low", "high", "count"), numbers, strict=True))
        for view, numbers in views.items()
    ]


def write() -> pd.DataFrame:
    """``ceiling.csv`` from what ``calibrate`` left in ``left_out.csv``."""
    told = ceilings(pd.read_csv(HERE / "left_out.csv"))
    told.to_csv(HERE / "ceiling.csv", index=False, float_format="%.3g")
    return told


if __name__ == "__main__":
    print(write().round(2).to_string(index=False))
