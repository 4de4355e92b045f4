"""What one change of a recipe does: the same capacity of two cells of one laboratory, as a ratio.

A change is foreseen where the ratio lies on the side of 1 that was measured and shows at least a
third of the effect; one too small to be told from the scatter of repeats where the model's is small
too.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from validation.laboratories.rows import FAST, Row

SLOW_SCATTER, FAST_SCATTER = 0.08, 0.25  # of repeats
LEAST = 1 / 3  # of the measured effect
PAIRS = (
    ("composition", "yanev_gran51", "yanev_gran84"),
    ("composition", "yanev_gran84", "yanev_gran90"),
    ("composition", "nam_D70", "nam_D80"),
    ("composition", "davis_Gr40", "davis_Gr80"),
    ("mixing", "nam_D70", "nam_W70"),
    ("grain size", "schlautmann_S", "schlautmann_XL"),
    ("grain size", "yanev_gran84", "yanev_gran84_BM"),
    ("grain size", "minnmann_BM03", "minnmann_BM10"),
    ("grain size", "minnmann_BM01", "minnmann_BM10"),
    ("particle size", "strauss_4", "strauss_16"),
    ("thickness", "thin", "thick"),
)
PRESSURES = ("pressure", 389, 97)


def orderings(rows: list[Row], found: np.ndarray) -> pd.DataFrame:
    """Every change that was measured: its ratio, the model's, and whether it was foreseen."""
    at = {_place(row): (row, value) for row, value in zip(rows, found, strict=True) if row.c_rate}
    told = []
    for (cell, pressure, *rest), (row, value) in at.items():
        others = [(what, (b, pressure, *rest)) for what, a, b in PAIRS if a == cell]
        if pressure == PRESSURES[1]:
            others.append((PRESSURES[0], (cell, PRESSURES[2], *rest)))
        for what, place in others:
            if place not in at:
                continue
            other, value_of_other = at[place]
            measured = other.measured / row.measured
            told.append(
                {
                    "change": what,
                    "laboratory": row.laboratory,
                    "row": f"{place[0]} over {row.name}",
                    "use": "check" if "check" in (row.use, other.use) else "fit",
                    "measured": measured,
                    "found": value_of_other / value,
                    "foreseen": foreseen(measured, value_of_other / value, row.c_rate),
                }
            )
    return pd.DataFrame(told)


def foreseen(measured: float, found: float, c_rate: float) -> bool:
    """Whether a ratio has the sign and at least a third of the effect of the measured one."""
    scatter = np.log1p(FAST_SCATTER if c_rate >= FAST else SLOW_SCATTER)
    seen, model = np.log([measured, max(found, 1e-3)])
    if abs(seen) < scatter:
        return bool(abs(model) < 2 * scatter)
    return bool(model * seen >= LEAST * seen**2)


def _place(row: Row) -> tuple:
    cell = row.cell.rpartition("/")[2]
    return cell, row.pressure_MPa, row.quantity, row.c_rate, row.temperature_degC
