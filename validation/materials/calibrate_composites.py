"""Fit the paths of ions and electrons to the composites of all laboratories at once.

Run it from the checkout: ``python -m validation.materials.calibrate_composites``. Each paper has,
beside the constants all share, a factor on its ions, an oxide that conducts as its own, and grains
of its own size where none is printed; these deviate from the median by the spread set here. Then
each laboratory is left out once, and its composites predicted from the others' constants alone.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from ssb_model.parameters.library import data_folder
from ssb_model.parameters.write_cell import write_fitted
from ssb_model.validation.runs import data_table
from validation import closures
from validation.calibration import TWO_SIDED, covariance, write_correlations

HERE = Path(__file__).parent / "transport"
MATERIALS = data_folder() / "materials"
OXIDES = ("NCM811", "NCM523")

EXPONENT = 2.0  # of both networks; of three dimensions
SCATTER = 0.4  # of a logarithm, of composites of one paper about the law
BETWEEN = {"factor": 0.6, "oxide": 1.2, "grain": 0.8}  # of logarithms, papers about the median
GRAIN = 4.0  # um, the median powder; of one that is ball-milled with glass 1
FINE = {"Strauss2018": 1.0}
OXIDE = {"NMC111": 0.3}  # mS/cm, the others' 3.6


@dataclass(frozen=True)
class Shared:
    """A constant all share: where it goes, its start and bounds, and what is known of it."""

    name: str
    key: str
    start: float
    low: float
    high: float
    known: float  # and by how much of a logarithm
    spread: float


IONS = (
    Shared("threshold", "Ionic percolation threshold at equal size", 0.18, 0.1, 0.25, 0.18, 0.3),
    Shared("halfway", "Ionic percolation halfway size ratio", 0.86, 0.2, 4.0, 1.0, 0.7),
    Shared("tail", "Ionic percolation tail", 0.08, 0.01, 0.2, 0.06, 0.7),
    Shared("blocking", "Neck blocking", 5.0, 0.5, 20.0, 6.0, 0.7),
)
ELECTRONS = (
    Shared("threshold", "Electronic percolation threshold at equal size", 0.1, 0.03, 0.3, 0.1, 0.5),
    Shared("halfway", "Electronic percolation halfway size ratio", 6.0, 0.3, 20.0, 5.0, 0.7),
    Shared("tail", "Electronic percolation tail", 0.05, 0.01, 0.2, 0.06, 0.7),
)
SHARED = (*IONS, *ELECTRONS)


def composites() -> pd.DataFrame:
    """The measured composites, with the medians of what their papers do not print."""
    return data_table(HERE / "composites.csv", {})


class Laboratories:
    """The rows, and what a vector of logarithms says of them: shared, then each paper's."""

    def __init__(self, rows: pd.DataFrame):
        self.rows = rows
        self.papers = list(rows.source.unique())
        self.paper = np.array([self.papers.index(source) for source in rows.source])
        self.ions = rows.sigma_ion_mS_cm.notna().to_numpy()
        fibre = rows.phi_fibre.to_numpy() > 0
        self.electrons = rows.sigma_e_mS_cm.notna().to_numpy() & ~fibre
        self.start = np.log([one.start for one in SHARED] + [1.0] * 3 * len(self.papers))

    def predicted(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Logarithms of the conductivities of ions and electrons."""
        shared = dict(zip((f"{one.key}" for one in SHARED), np.exp(x), strict=False))
        own = x[len(SHARED) :].reshape(3, -1)[:, self.paper]
        factor, oxide, grain = own
        rows = self.rows.assign(grain_um=grains(self.rows) * np.exp(grain * unknown(self.rows)))
        ions = closures.ionic_transport(rows, *(shared[one.key] for one in IONS), EXPONENT)
        electrons = closures.electronic_transport(
            rows, 1.0, *(shared[one.key] for one in ELECTRONS), EXPONENT
        )
        return np.log(ions) + factor, np.log(oxides(rows) * electrons) + oxide

    def residual(self, x: np.ndarray, left_out: str = "") -> np.ndarray:
        ions, electrons = self.predicted(x)
        seen = (self.rows.laboratory != left_out).to_numpy()
        missed = [
            (ions - np.log(self.rows.sigma_ion_mS_cm.to_numpy(float)))[self.ions & seen],
            (electrons - np.log(self.rows.sigma_e_mS_cm.to_numpy(float)))[self.electrons & seen],
        ]
        own = x[len(SHARED) :].reshape(3, -1) / np.array(list(BETWEEN.values()))[:, None]
        known = [(v - np.log(one.known)) / one.spread for one, v in zip(SHARED, x, strict=False)]
        return np.concatenate([*(each / SCATTER for each in missed), own.ravel(), known])

    def fitted(self, left_out: str = ""):
        own = np.full(3 * len(self.papers), 4.0)
        low = np.concatenate([np.log([one.low for one in SHARED]), -own])
        high = np.concatenate([np.log([one.high for one in SHARED]), own])
        return least_squares(
            self.residual, self.start, args=(left_out,), bounds=(low, high), loss="soft_l1"
        )


def unknown(rows: pd.DataFrame) -> np.ndarray:
    """1 where the paper does not print the size of the electrolyte's grains."""
    return rows.grain_um.isna().to_numpy(float)


def grains(rows: pd.DataFrame) -> np.ndarray:
    """Size of the electrolyte's grains [um], the median powder's where it is not printed."""
    median = rows.source.map(FINE).fillna(GRAIN) * rows.grain_relative
    return rows.grain_um.fillna(median).to_numpy(float)


def oxides(rows: pd.DataFrame) -> np.ndarray:
    """Conductivity of the active material [mS cm-1], the median one's."""
    return rows.active_material.map(OXIDE).fillna(3.6).to_numpy(float)


def calibrate() -> None:
    laboratories = Laboratories(composites())
    found = laboratories.fitted()
    together = covariance(found.jac)
    spread = TWO_SIDED * np.sqrt(np.diag(together))
    for k, one in enumerate(SHARED):
        value = float(np.exp(found.x[k]))
        ends = [float(np.exp(found.x[k] + s * spread[k])) for s in (-1, 1)]
        ends = (max(ends[0], one.low), min(ends[1], one.high))
        note = "each paper with a factor on its ions, an oxide and grains of its own"
        files = ("LPSCl",) if one in IONS else OXIDES
        for name in files:
            path = MATERIALS / f"{name}.toml"
            write_fitted(path, one.key, value, ends, "composites of nine laboratories", note)
        print(f"{one.key} = {value:.4g}  [{ends[0]:.4g}, {ends[1]:.4g}]")
    for name, group in (("paths_of_ions", IONS), ("paths_of_electrons", ELECTRONS)):
        places = [SHARED.index(one) for one in group]
        keys = [one.key for one in group]
        write_correlations(name, keys, together[np.ix_(places, places)])
    left_out(laboratories).to_csv(HERE / "left_out.csv", index=False)


def left_out(laboratories: Laboratories) -> pd.DataFrame:
    """The rows with the constants that are found without their laboratory."""
    rows = laboratories.rows.assign(
        grain_um=grains(laboratories.rows), sigma_oxide_mS_cm=oxides(laboratories.rows)
    )
    without = []
    for name in rows.laboratory.unique():
        x = laboratories.fitted(name).x
        part = rows[rows.laboratory == name].copy()
        for side, constants in (("ion", IONS), ("e", ELECTRONS)):
            for one in constants:
                part[f"{one.name}_{side}"] = f"{np.exp(x[SHARED.index(one)]):.4g}"
        without.append(part)
    return pd.concat(without).drop(columns="grain_relative")


if __name__ == "__main__":
    begun = time.perf_counter()
    calibrate()
    print(f"took {time.perf_counter() - begun:.0f} s")
