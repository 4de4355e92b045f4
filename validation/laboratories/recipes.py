"""Recipes that papers print, each as 'ssb new' makes a cell of weight percents, loading, pressures.

Nothing else of a paper is told to the model: sizes, porosity and all materials are as assumed by
default, with their ranges. From the checkout: ``python -m validation.laboratories.recipes`` runs
every cell and draws of its ranges, and says whether what was measured lies within.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.engine.engine import side_by_side
from ssb_model.errors import SolidStateError
from ssb_model.experiments.experiment import Unsolved, together
from ssb_model.parameters.new_cell import Known, cell_text
from ssb_model.studies.draws import draws_of
from ssb_model.studies.plan import differing
from ssb_model.studies.runs import RUNS, Settings, Stand

DRAWS = 12
CAPACITY = "Capacity [mA.h.g-1]"


@dataclass(frozen=True)
class Recipe:
    """A printed recipe, and the capacities of its builds [mAh g-1] where they are printed."""

    source: str
    known: Known
    c_rate: float = 0.1
    measured: tuple[float, float] | None = None  # lowest and highest of what was built
    note: str = ""
    cv_until: float | None = None  # C-rate to which the charge before was held, if it was

    def cell(self, folder: Path) -> Cell:
        """The cell that 'ssb new' makes of it."""
        path = folder / f"{self.source}.toml"
        path.write_text(cell_text(self.known, self.source, self.source), encoding="utf-8")
        return load_cell(path)


def _pressed(composition: str, loading: float, made: float, held: float, **more) -> Known:
    return Known(
        composition=composition,
        loading=loading,
        fabrication_pressure=made,
        stack_pressure=held,
        **more,
    )


RECIPES = (
    Recipe("Chen2024", _pressed("NCM811=66,LPSCl=31,VGCF=3,PTFE=0.1", 29.3, 500, 5, anode="Si",
        temperature=30, lower=2.0, upper=4.3), 0.1, (150, 170), "film of 19.3 mg NCM811 per cm2"),
    Recipe("Chen2024, bilayer", _pressed("NCM811=66,LPSCl=31,VGCF=3,PTFE=0.1", 36.6, 500, 5,
        anode="Si", temperature=30, lower=2.0, upper=4.3), 0.1, (173.6, 173.6),
        "film of 200 in place of 160 um", cv_until=0.05),
    Recipe("Kawaguchi2025", _pressed("NCM523=75,LPSCl=22,VGCF=3", 28, 900, 200, upper=4.35,
        lower=3.0, against="Li"), 0.1, None, "no capacity printed"),
    Recipe("Zhou2025", _pressed("NCM811=66,LPSCl=33,VGCF=1", 8, 375, 30, anode="Li",
        temperature=30, lower=2.5, upper=4.25), 0.1, (173.5, 190.4), "coarse and fine"),
    Recipe("Conforto2021", _pressed("NCM811=69.3,LPSCl=29.7,VGCF=1", 15.3, 380, 70, lower=2.6,
        upper=4.25, against="Li", separator=102), 0.1, (147, 183), "poly- and single crystals"),
    Recipe("Schlautmann2023", _pressed("NCM83=70,LPSCl=30", 15.3, 375, 50, lower=2.0, upper=3.7,
        against="Li-In"), 0.05, (152, 198), "grains of 40 and 4 um"),
    Recipe("Minnmann2024", _pressed("NCM83=70,Li3PS4_LiI=30", 15.3, 380, 30, lower=2.0, upper=3.7,
        against="Li-In", separator=76, separator_electrolyte="LPSCl"), 0.1, (92, 156),
        "three powders of one electrolyte"),
    Recipe("Strauss2018", _pressed("NCM622=70,Li3PS4=30", 15.1, 375, 55), 0.1, (42, 110),
        "oxide of 16 and 4 um; loading of 1.9 mAh per cm2 at 180 mAh/g"),
    Recipe("Ramanayagam2026", _pressed("NCM83=70,LPSClBr=30", 19.7, 389, 389, lower=2.7,
        upper=3.7, against="Li-In", separator=93), 0.1, (157, 164), "thin and thick"),
    Recipe("Ramanayagam2026 at 97 MPa", _pressed("NCM83=70,LPSClBr=30", 19.7, 389, 97, lower=2.7,
        upper=3.7, against="Li-In", separator=93), 0.1, (103, 123), "thick and thin"),
    Recipe("Yanev2024", _pressed("NCM811=83.9,LPSCl=13.5,VGCF=2.6", 16.7, 500, 50,
        temperature=30, lower=2.0, upper=3.7, against="Li-In"), 0.02, (173, 174),
        "volume percents; loading of 2.80 mAh per cm2 at 200 mAh/g"),
    Recipe("Kang2023", _pressed("NCA=72,LPSCl=27,C65=1", 12.7, 433, 250, temperature=30,
        lower=2.5, upper=4.3, against="Li"), 0.5, (152.7, 152.7), "carbon: Super P", cv_until=0.1),
    Recipe("Kang2023, LTO", _pressed("NCA=72,LPSCl=27,C65=1", 12.7, 433, 250, temperature=30,
        anode="LTO"), 0.5, (152.4, 152.4), "anode: LTO, electrolyte, Super P 50:40:10",
        cv_until=0.1),
    Recipe("Sakka2022", _pressed("NCM111=47.6,LGPS=47.6,C65=4.8", 127, 100, 100, lower=2.0,
        upper=4.0), 0.01, (44, 44), "acetylene black; 0.6 mm thick"),
    Recipe("Zhang2017", _pressed("LCO=70,LGPS=30", 15.3, 437, 62, lower=2.0, upper=3.6,
        against="Li-In", separator=102, one_c=1.46), 0.1, (93.2, 116.7), "cycles 1 and 11"),
    Recipe("Lee2025", _pressed("NCM811=79.6,LPSCl=16.9,VGCF=3,PTFE=0.5", 31.4, 500, 2), 0.1, None,
        "retention alone is printed"),
    Recipe("Oh2025", _pressed("NCM811=68,LPSCl=30,VGCF=2", 6, 380, 3, anode="Li", lower=2.5,
        upper=4.2), 0.2, (140, 140), "against Li; its anodes of Si and graphite are missing"),
)  # fmt: skip
MISSING = {  # papers with cells whose recipe is not enough, and what it lacks
    "Choi2024": "weight percents of the cells",
    "Yu2024": "weight percents and loading",
    "Hong2026": "weight percents of the oxide",
    "Kim2024": "stack pressure: a torque is printed",
    "Nam2018": "stack pressure",
    "Bazzoun2026": "stack pressure; symmetric cells alone",
    "Kawaguchi2026": "pressure of fabrication",
    "Fukunishi2023": "stack pressure",
    "Fukunishi2023graphite": "pressures; an electrolyte of Li3PS4 with iodide, weighed by the disc",
    "Kim2025": "loading and pressures",
    "Minnmann2021": "loading: composites measured for conduction alone",
    "Ketter2025": "loading: composites measured for conduction alone",
    "Stavola2023": "loading: composites measured for conduction alone",
    "Doux2020": "a cathode: lithium on both sides",
    "Davis2021": "nothing: a half cell of graphite, made with 'ssb half-cell' or by hand",
    "Oh2025, MgSiGr and SiGr": "an active material of silicon and graphite",
    "Deysher2022": "recipes: second-hand limits alone",
}


def _drawn(cell: Cell, count: int) -> list[Cell]:
    """The cell, and draws of what declares a range that can be made."""
    drawn = draws_of(cell, count, seed=1)
    cells = [cell]
    for values in zip(*drawn.values(), strict=True):
        try:
            cells.append(cell.with_recipe(dict(zip(drawn, values, strict=True)), following=False))
        except SolidStateError:
            continue
    return cells


def capacities(recipe: Recipe, cells: Sequence[Cell]) -> np.ndarray:
    """Of each cell [mAh g-1]; nan where there is no answer."""
    known = recipe.known
    temperature = 273.15 + (25.0 if known.temperature is None else known.temperature)
    held = (1e6 * known.stack_pressure, temperature)
    engine = side_by_side(cells[0], differing(cells[0], cells[1:]))
    how = Settings(cv_until=recipe.cv_until)
    runs = [RUNS["discharge"](Stand(one, recipe.c_rate, *held), how) for one in cells]
    told = together(engine, runs)
    return np.array([np.nan if isinstance(one, Unsolved) else one[CAPACITY] for one in told], float)


def table(recipes: Sequence[Recipe] = RECIPES, count: int = DRAWS) -> pd.DataFrame:
    """What was measured beside the model and its band, lowest to highest of the draws."""
    rows = []
    for recipe in recipes:
        with tempfile.TemporaryDirectory() as folder:
            cells = _drawn(recipe.cell(Path(folder)).on_mesh("draft"), count)
        given = capacities(recipe, cells)
        low, high = np.nanmin(given), np.nanmax(given)
        row = {"recipe": recipe.source, "C-rate": recipe.c_rate, "model": given[0]}
        row |= {"from": low, "to": high, "without answer": int(np.isnan(given).sum())}
        if recipe.measured is not None:
            least, most = recipe.measured
            row |= {"measured": f"{least:g} to {most:g}", "within": low <= most and high >= least}
        rows.append(row)
    return pd.DataFrame(rows)


if __name__ == "__main__":
    print(table().round(3).to_string(index=False))
