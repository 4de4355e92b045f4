"""The front of a search for designs: its table, its figure, every point a cell file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from ssb_model.cell.cell import Cell
from ssb_model.cell.saving import cell_files
from ssb_model.parameters.entry import Entry
from ssb_model.quantities.units import said
from ssb_model.studies.axes import made
from ssb_model.studies.designs import Designs
from ssb_model.studies.plan import Row, Values
from ssb_model.system.saving import csv_bytes, finite, save_result
from ssb_model.verbs.result import Result, of_draws, text_table

OF_A_FILE = {"stack_pressure": "cell: Stack pressure [Pa]", "temperature": "cell: Temperature [K]"}


@dataclass(frozen=True, repr=False)
class DesignResult(Result):
    """A row a design that none beats; ``tried`` are all that were run, ``cells`` the cells."""

    kind = "design"
    besides = ("design_*.toml",)

    cell: Cell
    asked: Designs
    rows: list[Row]
    values: list[Values]  # what was varied, of each row
    tried: list[Row]
    points: int
    generations: int
    samples: int = 0
    stopped: str = ""

    @cached_property
    def cells(self) -> list[Cell]:
        """The cell of each row, as fresh as the one it is made of."""
        of = self.asked.plan.of_the_cell
        return [made(self.cell, of(values)) for values in self.values]

    @property
    def columns(self) -> list[str]:
        """What was varied, then goals, then what is limited."""
        varied = [axis.column for axis in self.asked.plan.axes]
        asked = [one.column for one in (*self.asked.goals, *self.asked.kept)]
        return list(dict.fromkeys((*varied, *asked)))

    @property
    def data(self) -> xr.Dataset:
        """The rows as arrays over the point."""
        table = self.table.set_index("Point") if self.rows else self.table
        kept = table.select_dtypes("number")
        kept.columns = [name.replace("/", " ") for name in kept]
        return kept.to_xarray().assign_attrs(cell=self.cell.name)

    @property
    def failed(self) -> bool:
        """Whether it was stopped, or no design keeps to the limits."""
        return bool(self.stopped) or not self.rows

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        asked = {
            "goals": [one.words for one in self.asked.goals],
            "limits": [one.words for one in self.asked.kept],
            "tried": len(self.tried),
            "generations": self.generations,
        }
        return finite({**super().payload, **asked})

    @property
    def files(self) -> dict[str, bytes]:
        """The front, all that was tried, and the figure."""
        every = {f"{self.stem}.tried.csv": csv_bytes(pd.DataFrame(self.tried))}
        return {**super().files, **every} if self.rows else every

    def save(self, folder: str | Path, force: bool = False) -> list[Path]:
        """Tables, JSON, figure, and a cell file of each point of the front."""
        folder, files = Path(folder), self.files
        for number, (cell, values) in enumerate(zip(self.cells, self.values, strict=True), 1):
            held = self.asked.plan.conditions_of(values)
            source = f"point {number} of a search for designs"
            changes = {
                name: Entry(name, held[of], "setting", source)
                for of, name in OF_A_FILE.items()
                if of in held
            }
            path = folder / f"{self.stem}_{number:02d}.toml"
            written = cell_files(cell, path, changes, f"{self.title}, design {number}")
            files |= {
                each.resolve().relative_to(folder.resolve()).as_posix(): content
                for each, content in written.items()
            }
        return save_result(folder, self.stem, self.whole_payload, files, self.besides, force)

    def plot(self):
        """One goal against the next, all that was tried behind the front."""
        from ssb_model.figures.design import plot_design

        goals = [(one.column, one.sign) for one in self.asked.goals]
        tried = pd.DataFrame(self.tried)
        return plot_design(self.title, self.table, tried, goals, self.words)

    @property
    def words(self) -> str:
        """What was asked, for a reader."""
        much = " and ".join(one.words for one in self.asked.goals)
        limits = ", ".join(one.words for one in self.asked.kept)
        return f"as {much} as can be" + (f", with {limits}" if limits else "")

    @property
    def text(self) -> str:
        """What was asked, how many were tried, the front."""
        held = self.asked.plan.conditions
        at = [f"{held['c_rate']:g}C"] if "c_rate" in held else []
        at += [said(held["stack_pressure"], "MPa")] if "stack_pressure" in held else []
        lines = self.head(f"Design     {self.words}; {', '.join(at)}".rstrip("; "))
        lines.append(f"Tried      {len(self.tried)} designs, each solved by the model")
        ran = [row for row in self.tried if row["Stopped by"] in ("refused", "failed")]
        if ran:
            lines.append(f"           {len(ran)} could not be run: {ran[0]['Detail']}")
        if not self.rows:
            lines.append("Front      none keeps to the limits: widen --over, or the limits.")
            return "\n".join(lines)
        designs = "design" if len(self.rows) == 1 else "designs"
        lines.append(f"Front      {len(self.rows)} {designs} that none beats in every goal")
        shown = []
        for row in self.rows:
            one = {"point": row["Point"], **{name: row.get(name) for name in self.columns}}
            if self.samples:
                for goal in self.asked.goals:
                    if drawn := of_draws(row, goal.column):
                        one[f"{goal.column}, of draws"] = drawn
            shown.append(one)
        return "\n".join([*lines, "", text_table(shown)])
