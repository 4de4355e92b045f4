"""What a sequence of stack pressures did to a cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ssb_model.engine.gauges import gauge_row
from ssb_model.parameters.changes import written
from ssb_model.results.curves import areal_charge, charge_words
from ssb_model.system.saving import csv_bytes, figure_bytes, save_result

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.engine.outcome import Cycle


@dataclass(frozen=True)
class PressureStepsResult:
    """One row a pressure step, one row a cycle before them; units in the names."""

    cell: str
    title: str
    rows: list[dict[str, Any]]
    cycles: list[dict[str, Any]]
    conditions: dict[str, Any]

    @classmethod
    def build(cls, cell, rows, aged, cycled, held, read_at, stopped) -> PressureStepsResult:
        conditions = {
            "stack": cell.model_options["stack"],
            "cycles_before": len(aged),
            "cycle_c_rate": cycled[0],
            "cycle_charge": charge_words(cycled[1]),
            "cycle_pressure_MPa": held[0] / 1e6,
            "temperature_C": held[1] - 273.15,
            "steps_read_at": read_at,
            "cycles_read_at": "end of each discharge, under current",
            "stopped": stopped,
            "changes": written(cell.changes),
        }
        return cls(cell.name, cell.design.file.words["title"], rows, aged, conditions)

    @property
    def table(self) -> pd.DataFrame:
        """One row a pressure step."""
        return pd.DataFrame(self.rows)

    def plot(self):
        """Resistance, contact and capacity against the history; returns the figure."""
        from ssb_model.figures.pressure_steps import plot_pressure_steps

        return plot_pressure_steps(self.title, self.rows, self.cycles, self.conditions)

    @property
    def stopped(self) -> str:
        """What stopped it, if anything did."""
        return self.conditions["stopped"]

    @property
    def failed(self) -> bool:
        """Whether anything stopped it."""
        return bool(self.stopped)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {
            "cell": self.cell,
            "kind": "pressure-steps",
            "conditions": self.conditions,
            "rows": self.rows,
            "cycles": self.cycles,
        }

    def save(self, folder: str | Path) -> list[Path]:
        """Steps and cycles as CSV, all of it as JSON, the figure as PNG and SVG."""
        files = {}
        for name, rows in (("pressure_steps.csv", self.rows), ("cycles.csv", self.cycles)):
            if rows:
                files[name] = csv_bytes(pd.DataFrame(rows))
        if self.rows:
            files |= figure_bytes("pressure_steps", self.plot())
        return save_result(folder, "pressure_steps", self.payload, files)


def discharge_row(cycle: Cycle, cell: Cell, rate: float) -> dict[str, Any]:
    """The discharge that followed, and the charge before it."""
    discharge = cycle.discharge
    ran = discharge is not None and discharge.solution is not None
    grams = cell.design.positive.mass_of_active * 0.1  # g cm-2
    charge = areal_charge(discharge if ran else None, cell.design)[-1]
    last = discharge if discharge is not None else cycle.charge
    return {
        "discharge_c_rate": rate,
        "charge_before": f"CC at {rate:g}C, no CV",
        "discharge_capacity_mAh_g": float(charge / grams),
        "stopped_by": str(last.stopped_by) if ran else f"never began: {last.stopped_by}",
    }


def cycle_row(cycle: Cycle, cell: Cell) -> dict[str, Any]:
    """Capacity and contact of one cycle."""
    grams = cell.design.positive.mass_of_active * 0.1
    capacity = areal_charge(cycle.discharge, cell.design)[-1] / grams
    return {
        "cycle": cycle.number,
        "discharge_capacity_mAh_g": float(capacity),
        **gauge_row(cycle.state, cell),
    }
