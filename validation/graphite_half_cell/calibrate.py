"""Fit the diffusivity of graphite to the rates of the 40 wt% cell, and write it to both cells.

Run it from the checkout: ``python -m validation.graphite_half_cell.calibrate``. Start and bounds
are fixed; the 80 wt% cell is not looked at. Residuals are logarithms of capacities; the interval of
95 % comes from the slopes and the scatter of the residuals (Student's t).
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import least_squares
from scipy.stats import t as student

import ssb_model as ssb
from ssb_model.parameters.write_cell import write_fitted

HERE = Path(__file__).parent
DIFFUSIVITY = "Positive particle reference diffusivity [m2.s-1]"
START, LOW, HIGH = 3e-14, 1e-16, 3e-13  # m2 s-1, at 25 degC; the start is graphite.toml's
STEP = 0.02  # of the logarithm, for slopes


def main() -> None:
    begun = time.perf_counter()
    rows = pd.read_csv(HERE / "rates.csv", comment="#").iloc[:-1]  # the last is C/16 once more
    cell = ssb.load_cell(HERE / "Gr40.toml")

    def residuals(x: np.ndarray) -> np.ndarray:
        tried = cell.with_values({DIFFUSIVITY: float(np.exp(x[0]))})
        told = ssb.rate_test(tried, c_rates=rows.c_rate.tolist(), charge_rate=0.125).table
        return np.log(told["Capacity [mA.h.cm-2]"].to_numpy() / rows.Gr40_mAh_cm2.to_numpy())

    bounds = np.log([[LOW], [HIGH]])
    found = least_squares(
        residuals, [np.log(START)], bounds=bounds, diff_step=STEP / abs(np.log(START)), xtol=1e-4
    )
    free = len(found.fun) - 1
    error = np.sqrt(np.sum(found.fun**2) / free / np.sum(found.jac**2))
    half = student.ppf(0.975, free) * error
    value, *interval = np.exp(found.x[0] + half * np.array([0, -1, 1]))
    worst = float(np.exp(np.max(np.abs(found.fun))))
    note = (
        f"five rates of the 40 wt% cell within a factor {worst:.2f}; "
        "5.4 times this at 60 degC; 3e-14 in graphite.toml"
    )
    for name in ("Gr40", "Gr80"):
        write_fitted(
            HERE / f"{name}.toml",
            "Reference diffusivity [m2.s-1]",
            value,
            (interval[0], interval[1]),
            "Davis2021",
            note,
            table="positive",
        )
    print("model over measured, by rate:", np.exp(found.fun).round(3))
    print(f"{DIFFUSIVITY} = {value:.3g} [{interval[0]:.3g}, {interval[1]:.3g}]")
    print(f"took {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
