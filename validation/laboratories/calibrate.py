"""Fit the diffusivity of NCM811 to the capacities of other laboratories' cells, all at once.

Run it from the checkout: ``python -m validation.laboratories.calibrate``. Rows to check are not
asked for, nor those at two pressures, which contact answers. What misses by more than four
tolerances counts as four. The film stays as declared: it and the diffusivity are not told apart.
Then each laboratory is left out once and predicted from the others alone; ``left_out.csv`` keeps
what comes out.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from ssb_model.parameters.library import data_folder
from ssb_model.parameters.write_cell import write_fitted
from validation.calibration import TWO_SIDED, covariance
from validation.laboratories.rows import Row, misses, predictions, read_rows

HERE = Path(__file__).parent
NCM811 = data_folder() / "materials" / "NCM811.toml"
FREE = {  # start and bounds
    "Reference diffusivity [m2.s-1]": (1.3e-15, 2e-16, 1e-14),
}
OTHER_OXIDES = ("Strauss2018", "Nam2018", "Davis2021")
LOW = 97  # MPa, of the series that asks what contact does
WORST = 4.0
STEP = 0.15  # of a logarithm, for slopes


def asked(rows: Sequence[Row]) -> list[Row]:
    """Capacities that may be fitted to, of cells with NCM811 or its like."""
    return [
        row
        for row in rows
        if row.c_rate
        and row.use == "fit"
        and row.laboratory not in OTHER_OXIDES
        and row.pressure_MPa != LOW
    ]


def fitted(rows: Sequence[Row]):
    """Least squares of the misses over what repeats scatter by, robust to outliers."""

    def residual(x: np.ndarray) -> np.ndarray:
        return np.clip(misses(predictions(named(x), rows), rows), -WORST, WORST)

    start, low, high = np.array(list(FREE.values())).T
    bounds = (1 + np.log(low / start), 1 + np.log(high / start))
    one = np.ones(len(start))  # steps are shares of the unknowns
    return least_squares(
        residual, one, bounds=bounds, diff_step=STEP, loss="soft_l1", xtol=0.01, max_nfev=8
    )


def values(x: np.ndarray) -> np.ndarray:
    """The numbers of a point of the search: 1 + ln(number/start)."""
    return np.array([start for start, *_ in FREE.values()]) * np.exp(x - 1)


def named(x: np.ndarray) -> dict[str, float]:
    return {f"NCM811: {key}": float(v) for key, v in zip(FREE, values(x), strict=True)}


def left_out(rows: Sequence[Row]) -> pd.DataFrame:
    """Every capacity with the two numbers found without its laboratory."""
    told = []
    for laboratory in dict.fromkeys(row.laboratory for row in rows if row.c_rate):
        own = [row for row in rows if row.laboratory == laboratory and row.c_rate]
        found, without = predictions({}, own), np.full(len(FREE), np.nan)
        if laboratory not in OTHER_OXIDES:  # nothing of those is in the fit
            x = fitted(asked([row for row in rows if row.laboratory != laboratory])).x
            found, without = predictions(named(x), own), values(x)
        for row, model in zip(own, found, strict=True):
            told.append(
                {
                    "laboratory": laboratory,
                    "row": row.name,
                    "c_rate": row.c_rate,
                    "use": row.use,
                    "measured": row.measured,
                    "model": round(float(model), 3),
                    **{key: f"{value:.3g}" for key, value in zip(FREE, without, strict=True)},
                }
            )
        print(f"without {laboratory}: " + ", ".join(f"{v:.3g}" for v in without))
    return pd.DataFrame(told)


def calibrate() -> None:
    rows = read_rows()
    found = fitted(asked(rows))
    half = TWO_SIDED * np.sqrt(np.diag(covariance(found.jac)))
    note = "capacities of four laboratories at once, 0.02C to 1C, by what repeats scatter"
    for k, (key, (_, low, high)) in enumerate(FREE.items()):
        value = float(values(found.x)[k])
        ends = np.clip(value * np.exp([-half[k], half[k]]), low, high)
        write_fitted(NCM811, key, value, tuple(map(float, ends)), "Yanev2024", note)
        print(f"{key} = {value:.4g}  [{ends[0]:.4g}, {ends[1]:.4g}]")
    table = left_out(rows)
    table.to_csv(HERE / "left_out.csv", index=False)
    shares = (table.model / table.measured - 1).abs()
    for words, part in (("slow", table.c_rate <= 0.1), ("fast", table.c_rate >= 0.5)):
        told = shares[part].fillna(1.0)
        print(f"{words}: median {told.median():.0%}, within 15 % {np.mean(told <= 0.15):.0%}")


if __name__ == "__main__":
    begun = time.perf_counter()
    calibrate()
    print(f"took {time.perf_counter() - begun:.0f} s")
