"""First-cycle efficiencies of other laboratories' cells, and the model's from the cell as made.

From the checkout: ``python -m validation.laboratories.first_cycles`` prints a table; with a number
behind it, so many draws of each cell and the 5 and 95 % of theirs. Nothing is fitted to them; each
cell is charged for the first time and discharged at the rate it was.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import pandas as pd

from ssb_model.errors import SolidStateError
from ssb_model.verbs.discharge import discharge
from validation.laboratories.rows import CELSIUS, FIRST_CHARGE, Row, made, read_rows

EFFICIENCY = "First-cycle efficiency"


@dataclass(frozen=True)
class FirstCycle:
    """A first charge and the discharge after it, as measured [mAh g-1]."""

    charged: Row
    discharged: Row

    @property
    def efficiency(self) -> float:
        """The share that came back [%]."""
        return 100 * self.discharged.measured / self.charged.measured


def measured() -> list[FirstCycle]:
    """Those of which both are printed, at one rate, pressure and temperature."""
    rows = read_rows()

    def like(row: Row) -> tuple:
        return row.cell, row.c_rate, row.pressure_MPa, row.temperature_degC

    discharges = {like(row): row for row in rows if row.quantity == "discharge"}
    first = [row for row in rows if row.quantity == FIRST_CHARGE]
    return [FirstCycle(row, discharges[like(row)]) for row in first if like(row) in discharges]


def table(samples: int = 0) -> pd.DataFrame:
    """Measured and predicted, in percent, each with what both capacities are, and its band."""
    found = []
    for one in measured():
        row = one.charged
        told = {"cell": row.name, "measured %": one.efficiency}
        held = {"stack_pressure": row.pressure_MPa * 1e6}
        held["temperature"] = row.temperature_degC + CELSIUS
        try:
            cell = made(row.cell, {})
            held |= {"cv_until": row.cv_until, "samples": samples}
            given = discharge(cell, row.c_rate, first_charge=True, **held)
            grams = cell.design.positive.grams
            charge = given.row["Charge capacity [mA.h.cm-2]"] / grams
            percent = 100 * given.row[EFFICIENCY]
            told |= {"model %": percent, "points": percent - one.efficiency}
            ends = [given.rows[0].get(f"{EFFICIENCY} {end}") for end in ("low", "high")]
            if None not in ends:
                low, high = (100 * end for end in ends)
                told |= {"5 %": low, "95 %": high, "within": low <= one.efficiency <= high}
            told |= {"charged": row.measured, "model": charge}
            told |= {"given": one.discharged.measured, "model ": given.row["Capacity [mA.h.g-1]"]}
        except SolidStateError as error:
            told["refused"] = str(error)
        found.append(told)
    return pd.DataFrame(found)


if __name__ == "__main__":
    print(table(*map(int, sys.argv[1:])).round(1).to_string(index=False))
