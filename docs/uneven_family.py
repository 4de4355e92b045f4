"""Draw what uneven and tiring holders cost over a hundred cycles: ``python -m docs.uneven_family``.

The packaged cell against silicon under 5 MPa: by a fluid everywhere and for ever, or by a holder
that presses three parts of equal area unlike and loses force cycle by cycle. No map of any is
known: the spreads and losses are a family, none of them tuned. Some minutes on one core.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

import ssb_model as ssb
from ssb_model.engine.engine import Engine
from ssb_model.experiments.experiment import Held, together
from ssb_model.figures.drawing import Figure
from ssb_model.figures.scales import INKS, MARKERS, head
from ssb_model.quantities.units import in_unit
from ssb_model.studies.patches import Parallel, aged

FOLDER = Path(__file__).parent / "figures"
CELL, PRESSURE, TEMPERATURE = "NCM811_LPSCl_Si", 5e6, 303.15
CYCLES, RATE, CV = 100, 0.2, 0.05
SPREADS = (0.0, 0.3, 0.6)  # standard deviation of the pressure over its mean
LOSSES = (0.0, 0.3, 0.6, 0.9)  # of the force, after all cycles
PARTS = np.sqrt(1.5) * np.array([-1, 0, 1])  # of equal area, of standard deviation 1
MEASURED = 93.5 / 126.8  # mAh/g in plates with springs over under gas, 100 cycles; Chen2024


def family(count: int = CYCLES) -> pd.DataFrame:
    """What each spread and loss leaves of the even cell's discharge after ``count`` cycles."""
    cell = ssb.load_cell(CELL).that_ages().with_options({"stack": "isostatic", "mesh": "draft"})
    engine = Engine(cell.at_soc(0))
    factors = sorted({round(float(1 + s * p), 12) for s, p in product(SPREADS, PARTS)})
    each = list(product(factors, LOSSES))
    lived = together(
        engine,
        [aged(Held(cell, PRESSURE * f, TEMPERATURE), count, RATE, CV, x) for f, x in each],
    )
    stood = dict(zip(each, lived, strict=True))
    grams, rows = cell.design.positive.grams, []
    for spread, loss in product(SPREADS, LOSSES):
        factors = sorted({round(float(1 + spread * part), 12) for part in PARTS})
        shares = np.full(len(factors), 1 / len(factors))
        held, states = zip(*(stood[f, loss] for f in factors), strict=True)
        parallel = Parallel.of(engine, list(held), shares, list(states))
        list(parallel.flow(-RATE))
        parallel.hold(CV)
        given = list(parallel.flow(RATE))
        passed = float(shares @ given[-1].passed) if given else 0.0
        row = {"Spread": spread, "Force lost": loss}
        rows.append(row | {"Capacity [mA.h.g-1]": in_unit(passed, "mA.h.cm-2") / grams})
    table = pd.DataFrame(rows)
    return table.assign(
        **{"Over even": table["Capacity [mA.h.g-1]"] / rows[0]["Capacity [mA.h.g-1]"]}
    )


def draw(table: pd.DataFrame) -> Figure:
    """The ratio over the loss of force, a line a spread; the pair of cells that was measured."""
    figure = Figure((6.6, 4.4), layout="constrained")
    axes = figure.subplots()
    for k, (spread, each) in enumerate(table.groupby("Spread")):
        style = {"color": INKS[k], "marker": MARKERS[k], "mfc": "w"}
        label = f"pressure spread by {100 * spread:g} %" if spread else "the same everywhere"
        axes.plot(100 * each["Force lost"], each["Over even"], label=label, **style)
    axes.axhline(MEASURED, color="0.4", ls=":", label="plates over gas, measured (Chen 2024)")
    axes.set_xlabel("Force the holder lost over the cycles / %")
    axes.set_ylabel("Capacity over that under gas, cycle 101")
    axes.set_ylim(0, 1.05)
    axes.grid(alpha=0.25)
    axes.legend(fontsize=8, frameon=False, loc="lower left")
    head(
        figure,
        "NCM811 | LPSCl | Si at 5 MPa, 100 cycles of 0.2C",
        "a family of holders, none tuned",
    )
    return figure


if __name__ == "__main__":
    found = family()
    found.round(4).to_csv(FOLDER / "uneven_family.csv", index=False)
    picture = FOLDER / "uneven_family.png"
    draw(found).savefig(picture, dpi=85, bbox_inches="tight", metadata={"Software": None})
    print(found.to_string())
