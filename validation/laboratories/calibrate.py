"""Find the NCM811 of the median laboratory, and how far laboratories lie apart, from capacities.

Run it from the checkout: ``python -m validation.laboratories.calibrate``. Each laboratory has an
oxide of its own: its diffusivity and what its first cycle loses are found from its own capacities
by least squares, robust to outliers. Median and spread of the laboratories follow from these, each
as sure as its rows make it; a spread from few laboratories leans on one that is set. Rows to check
are not asked for, nor those at two pressures, which contact answers. The film stays as declared:
it and the diffusivity are not told apart. Then each laboratory is left out once and predicted by
the median and the spread of the others: ``left_out.csv``, ``changes.csv`` and ``summary.csv`` keep
what comes out, ``ceiling.csv`` what any model could reach.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from ssb_model.parameters.library import data_folder
from ssb_model.parameters.write_cell import write_fitted
from validation.calibration import TWO_SIDED, covariance
from validation.laboratories.bands import bands, inside, scatter
from validation.laboratories.ceiling import ceilings
from validation.laboratories.orderings import orderings
from validation.laboratories.rows import Row, misses, predictions, read_rows

HERE = Path(__file__).parent
NCM811 = data_folder() / "materials" / "NCM811.toml"
OTHER_OXIDES = ("Strauss2018", "Nam2018", "Davis2021")
LOW = 97  # MPa, of the series that asks what contact does
WORST = 4.0  # tolerances that a row counts as missing by at most
WEIGHT = 3  # laboratories that the spread which is set counts as
SOURCE = "Schlautmann2023, Yanev2024, Ramanayagam2026, Kang2023"
NOTE = "median of {} laboratories, from 0.02C to 1C"


@dataclass(frozen=True)
class Own:
    """A number of the oxide that every laboratory has of its own, searched as a logarithm."""

    key: str
    start: float
    low: float
    high: float
    spread: float  # of the logarithm between laboratories, as set; the others pull towards it
    step: float  # of the logarithm, for slopes


OWN = (
    Own("Reference diffusivity [m2.s-1]", 1.0e-15, 1e-16, 1e-14, 0.8, 0.15),
    Own("First-cycle loss", 0.19, 0.08, 0.30, 0.2, 0.1),
)
START, LOWEST, HIGHEST = np.log([(one.start, one.low, one.high) for one in OWN]).T
SPREAD = np.array([one.spread for one in OWN])


def asked(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Capacities that may be fitted to, of cells with NCM811 or its like, by laboratory."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        usable = row.c_rate and row.use == "fit" and row.pressure_MPa != LOW
        if usable and row.laboratory not in OTHER_OXIDES:
            found.setdefault(row.laboratory, []).append(row)
    return found


def named(x: np.ndarray) -> dict[str, float]:
    return {f"NCM811: {one.key}": float(np.exp(v)) for one, v in zip(OWN, x, strict=True)}


def of_one_laboratory(rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of its own numbers and their covariance; twice the set spread holds them back."""
    size = np.array([one.step for one in OWN])

    def residual(x: np.ndarray) -> np.ndarray:
        own = START + (x - 1) * size
        missed = np.clip(misses(predictions(named(own), rows), rows), -WORST, WORST)
        return np.concatenate([missed, (own - START) / (2 * SPREAD)])

    ends = 1 + (LOWEST - START) / size, 1 + (HIGHEST - START) / size
    found = least_squares(
        residual, np.ones(len(OWN)), bounds=ends, diff_step=1.0, loss="soft_l1", xtol=0.02
    )
    return START + (found.x - 1) * size, covariance(found.jac) * np.outer(size, size)


def between(found: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, ...]:
    """Mean of the laboratories' logarithms, its variance, and the variance between them.

    Number by number: x_l ~ N(mean, v_l + between). The variance between laboratories is that of
    ``WEIGHT`` more with the spread that is set; solved by going back and forth.
    """
    x = np.array([own for own, _ in found])
    v = np.array([np.diag(cov) for _, cov in found])
    apart = SPREAD**2
    for _ in range(100):
        weight = 1 / (v + apart)
        mean = np.sum(weight * x, axis=0) / np.sum(weight, axis=0)
        kept = apart * weight * v  # variance of a laboratory's own number, given its rows
        seen = (apart * weight * (x - mean)) ** 2 + kept
        apart = (WEIGHT * SPREAD**2 + np.sum(seen, axis=0)) / (WEIGHT + len(x))
    return mean, 1 / np.sum(weight, axis=0), apart


def left_out(rows: Sequence[Row], found: dict[str, tuple[np.ndarray, np.ndarray]]) -> pd.DataFrame:
    """Every row by the median of the other laboratories, and within what their spread allows."""
    told = []
    for laboratory in dict.fromkeys(row.laboratory for row in rows):
        own = [row for row in rows if row.laboratory == laboratory]
        mean, sure, apart = between([one for name, one in found.items() if name != laboratory])
        spread = np.sqrt(sure + apart)
        known = laboratory not in OTHER_OXIDES  # the others' oxides are files of their own
        model = predictions(named(mean) if known else {}, own)
        oxide = dict(zip(named(mean), zip(mean, spread, strict=True), strict=True)) if known else {}
        part = pd.DataFrame(
            {
                "laboratory": laboratory,
                "row": [row.name for row in own],
                "c_rate": [row.c_rate for row in own],
                "kind": [row.kind for row in own],
                "use": [row.use for row in own],
                "measured": [row.measured for row in own],
                "found": model,
            }
        )
        part = part.join(bands(own, oxide))
        for one, m in zip(OWN, mean, strict=True):
            part[one.key] = np.exp(m) if known else np.nan
        told.append(part)
        words = [f"{np.exp(m):.3g} x/: {np.exp(s):.2f}" for m, s in zip(mean, spread, strict=True)]
        print(f"without {laboratory}: {', '.join(words)}", flush=True)
    return pd.concat(told, ignore_index=True)


def summary(table: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Shares of the rows left out that are foreseen, beside what is wanted of them."""
    missed = (table.found / table.measured - 1).abs().fillna(1.0)
    slow, fast, conduct = table.c_rate <= 0.1, table.c_rate >= 0.5, table.c_rate.isna()
    factor = np.exp(np.log(table.found / table.measured).abs()).fillna(np.inf)
    near = {
        "slow capacities within 15 %": (0.75, missed[slow] <= 0.15),
        "fast capacities within 25 %": (0.5, missed[fast] <= 0.25),
        "conductivities within a factor 2": (0.8, factor[conduct] <= 2),
    }
    for words, low, high in (("50 %", "lower", "upper"), ("90 %", "low", "high")):
        for kind, part in (("capacities", ~conduct), ("conductivities", conduct)):
            wanted = 0.5 if words == "50 %" else 0.9
            near[f"{kind} inside the band of {words}"] = (wanted, inside(table[part], low, high))
    told = [
        (words, wanted, hit, table.laboratory[hit.index]) for words, (wanted, hit) in near.items()
    ]
    told.append(("changes foreseen", 0.85, changes.foreseen, changes.laboratory))
    rows = []
    for words, wanted, hit, laboratory in told:
        low, high = scatter(hit, laboratory)
        counts = {"rows": len(hit), "hits": int(hit.sum()), "wanted": wanted}
        rows.append({"what": words, **counts, "found": hit.mean(), "low": low, "high": high})
    medians = f"medians of the misses: slow {missed[slow].median():.1%}, fast "
    print(medians + f"{missed[fast].median():.1%}")
    return pd.DataFrame(rows)


def calibrate() -> None:
    rows = read_rows()
    found = {}
    for laboratory, own in asked(rows).items():
        found[laboratory] = of_one_laboratory(own)
        x, cov = found[laboratory]
        ends = zip(np.exp(x), np.exp(np.sqrt(np.diag(cov))), strict=True)
        print(laboratory, ", ".join(f"{value:.3g} x/: {s:.2f}" for value, s in ends), flush=True)
    mean, sure, apart = between(list(found.values()))
    for one, m, v, t in zip(OWN, mean, sure, apart, strict=True):
        ends = tuple(map(float, np.exp(m + TWO_SIDED * np.sqrt(v) * np.array([-1, 1]))))
        write_fitted(NCM811, one.key, float(np.exp(m)), ends, SOURCE, NOTE.format(len(found)))
        print(f"{one.key} = {np.exp(m):.4g}  [{ends[0]:.4g}, {ends[1]:.4g}]", end="")
        print(f", laboratories x/: {np.exp(np.sqrt(v + t)):.2f}")
    table = left_out(rows, found)
    at = {(told.laboratory, told.row): told.found for told in table.itertuples()}
    changes = orderings(rows, np.array([at[row.laboratory, row.name] for row in rows]))
    told = summary(table, changes)
    print(told.to_string(index=False, float_format="%.2f"))
    most = ceilings(table)
    print(most.to_string(index=False, float_format="%.2f"))
    tables = {"left_out": table, "changes": changes, "summary": told, "ceiling": most}
    for name, part in tables.items():
        part.to_csv(HERE / f"{name}.csv", index=False, float_format="%.4g")


if __name__ == "__main__":
    begun = time.perf_counter()
    calibrate()
    print(f"took {time.perf_counter() - begun:.0f} s")
