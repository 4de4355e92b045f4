"""Cells, conditions and histories at random, within what one could press and run.

``python -m tests.random_cells --count 500`` draws, runs and judges them and prints what fails.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pybamm

import ssb_model as ssb
from ssb_model.engine.engine import Step
from ssb_model.engine.outcome import StoppedBy
from ssb_model.engine.reading import read_last
from ssb_model.errors import SolidStateError
from ssb_model.parameters.declared import uncertain
from ssb_model.parameters.library import cell_names, cell_path
from ssb_model.system.signals import pool

FARADAY = 96485.33212
BALANCE = 1e-6
LONGEST = 60.0  # s on the wall that one solve may take
RECIPE = {  # smallest, largest; even in the logarithm
    "cell": {"Fabrication pressure [MPa]": (50, 900)},
    "positive": {
        "Porosity": (0.02, 0.3),
        "Active material diameter [um]": (0.8, 20),
        "Electrolyte grain size [um]": (0.2, 12),
    },
    "separator": {"Electrolyte grain size [um]": (0.2, 12), "Thickness [um]": (15, 1000)},
    "negative": {
        "Porosity": (0.02, 0.3),
        "Active material diameter [um]": (1, 30),
        "Electrolyte grain size [um]": (0.2, 12),
        "N/P ratio": (1.02, 2.5),
        "Thickness [um]": (15, 300),
    },
}


@dataclass
class Drawn:
    """A cell file, what is chosen and set beside it, and what is done to the cell."""

    seed: int
    name: str
    text: str
    ranges: dict[str, float] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    pressure: float = 0.0  # Pa
    temperature: float = 298.15  # K
    rate: float = 1.0  # C
    history: list[str] = field(default_factory=list)


@dataclass
class Judged:
    """What became of a draw: outcomes, the worst balance, the longest solve."""

    seed: int
    outcomes: list[str]
    imbalance: float
    seconds: float
    failure: str = ""


def log_between(chance: random.Random, low: float, high: float) -> float:
    return math.exp(chance.uniform(math.log(low), math.log(high)))


def draw(seed: int) -> Drawn:
    """A cell like one of the four, made otherwise, and a few things done to it."""
    chance = random.Random(seed)
    name = chance.choice(cell_names())
    file = tomllib.loads(cell_path(name).read_text(encoding="utf-8"))
    for section, entries in RECIPE.items():
        for name_of, limits in entries.items():
            if name_of in file[section] and chance.random() < 0.7:
                file[section][name_of] = assumed(log_between(chance, *limits))
    for section, share in (("positive", (45, 92)), ("negative", (40, 85))):
        if "Composition [%]" in file[section] and chance.random() < 0.8:
            parts = file[section]["Composition [%]"]["value"]
            active, electrolyte = list(parts)[:2]
            rest = sum(parts.values()) - parts[active] - parts[electrolyte]
            parts = {**parts, active: chance.uniform(*share)}
            parts[electrolyte] = 100 - rest - parts[active]
            file[section]["Composition [%]"] = assumed(parts)
    for name_of in list(file["positive"]):
        if name_of.endswith("loading [mg.cm-2]") and chance.random() < 0.7:
            file["positive"][name_of] = assumed(log_between(chance, 2, 60))
    file["unusual"] = "drawn at random"
    drawn = Drawn(seed, name, as_toml(file))
    drawn.ranges = {"share": chance.random(), "seed": chance.randrange(2**31)}
    drawn.pressure = log_between(chance, 0.1e6, 500e6)
    drawn.temperature = chance.uniform(253.15, 353.15)
    drawn.rate = log_between(chance, 1 / 50, 5)
    drawn.options = {"mesh": "medium"} if chance.random() < 0.3 else {"mesh": "coarse"}
    if chance.random() < 0.3:
        drawn.options["stack"] = chance.choice(["spring", "rigid"])
    if chance.random() < 0.3:
        drawn.options["film"] = "growing"
    steps = ["discharge", "from full", "press", "rest", "cycle", "rate test", "held"]
    drawn.history = chance.sample(steps, chance.randint(1, 4))
    return drawn


def assumed(number) -> dict:
    return {"value": number, "class": "assumed", "source": "drawn at random"}


def as_toml(file: dict) -> str:
    """Words first, then a table for each section."""
    sections = {name: part for name, part in file.items() if isinstance(part, dict)}
    lines = [inline(name, part) for name, part in file.items() if name not in sections]
    for section, entries in sections.items():
        lines += [f"[{section}]", *(inline(name, part) for name, part in entries.items())]
    return "\n".join(lines) + "\n"


def inline(name: str, part) -> str:
    if isinstance(part, dict):
        return f"{json.dumps(name)} = {{ {', '.join(inline(*each) for each in part.items())} }}"
    return f"{json.dumps(name)} = {json.dumps(part)}"


def made(drawn: Drawn) -> ssb.Cell:
    """The cell of a draw, some of what its files declare a range for moved within it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{drawn.name}.toml"
        path.write_text(drawn.text, encoding="utf-8")
        cell = ssb.load_cell(path)
        chance = random.Random(drawn.ranges["seed"])
        moved = {
            name: entry.value if chance.random() > drawn.ranges["share"] else within(chance, entry)
            for name, entry in uncertain(cell.design.file).items()
        }
        return cell.with_recipe(moved, following=False).with_options(drawn.options)


def within(chance: random.Random, entry) -> float:
    low, high = entry.range
    return log_between(chance, low, high) if low > 0 else chance.uniform(low, high)


def runs(drawn: Drawn) -> Iterator[tuple[str, ssb.Cell, object]]:
    """Each thing done: its name, the cell before, what it gave."""
    cell = made(drawn)
    held = {"stack_pressure": drawn.pressure, "temperature": drawn.temperature}
    chance = random.Random(drawn.seed)
    for step in drawn.history:
        before = cell
        if step == "press":
            cell = cell.press(log_between(chance, 0.1e6, 500e6))
            continue
        if step == "from full" and cell.state is not None:
            step = "discharge"
        if step == "rest":
            result = ssb.rest(cell, 3600, **held)
        elif step == "cycle":
            result = ssb.cycle(cell, 2, c_rate=drawn.rate, **held)
        elif step == "rate test":
            result = ssb.rate_test(made(drawn), [drawn.rate, drawn.rate / 4], **held)
        else:
            how = {"from full": {"from_full": True}, "held": {"cv_until": drawn.rate / 4}}
            result = ssb.discharge(cell, drawn.rate, **how.get(step, {}), **held)
        cell = getattr(result, "cell_after", cell)
        yield step, before, result


class Complaints(logging.Handler):
    """What PyBaMM logs as an error: a user would read it."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.first = ""

    def emit(self, record):
        self.first = self.first or record.getMessage()

    def __enter__(self):
        self.kept, pybamm.logger.handlers = pybamm.logger.handlers, [self]

    def __exit__(self, *_):
        pybamm.logger.handlers = self.kept


def judge(seed: int) -> Judged:
    """Draw, run, and say what is wrong with the outcome, if anything."""
    complaints = Complaints()
    with complaints:
        judged = judged_without(seed)
    if complaints.first and not judged.failure:
        judged.failure = f"logged: {complaints.first[:120]}"
    return judged


def judged_without(seed: int) -> Judged:
    """As ``judge``, whatever is logged."""
    judged, begun = Judged(seed, [], 0.0, 0.0), time.perf_counter()
    try:
        for step, before, result in runs(draw(seed)):
            judged.seconds = max(judged.seconds, time.perf_counter() - begun)
            table = getattr(result, "table", pd.DataFrame())
            told = zip(table.get("Stopped by", ()), table.get("Detail", ()), strict=True)
            for stopped, detail in told:
                judged.outcomes.append(f"{step}: {stopped}")
                if StoppedBy.SOLVER in stopped:
                    judged.failure = f"{step}: {detail}"
            if hasattr(result, "cell_after"):
                judged.imbalance = max(judged.imbalance, imbalance(before, result.cell_after))
            begun = time.perf_counter()
    except SolidStateError as error:
        judged.outcomes.append(f"refused: {type(error).__name__}")
        if "solver says" in str(error):
            judged.failure = str(error)
    except Exception as error:
        judged.failure = f"{type(error).__name__}: {error}".splitlines()[0]
    if judged.imbalance > BALANCE:
        judged.failure += f" lithium and charge differ by {judged.imbalance:.1e}"
    if judged.seconds > LONGEST:
        judged.failure += f" took {judged.seconds:.0f} s"
    return judged


def imbalance(before: ssb.Cell, after: ssb.Cell) -> float:
    """Difference of lithium moved and charge passed, of either electrode, over the capacity."""
    if after.state is None:
        return 0.0
    begun = before.state
    if begun is None:
        solution = after.state.solution
        inputs = {name: float(np.ravel(v)[0]) for name, v in solution.all_inputs[-1].items()}
        pressure, temperature = inputs["Stack pressure [Pa]"], inputs["Ambient temperature [K]"]
        begun = after.state.engine.at_rest(Step(pressure, temperature))
    names = ["Discharge capacity [A.h]"]
    names += [f"Total lithium in {side} electrode [mol]" for side in ("positive", "negative")]
    first, last = (read_last(state.solution, names) for state in (begun, after.state))
    moved = {name: float(last[name][0] - first[name][0]) for name in names}
    passed = moved.pop(names[0]) * 3600
    capacity = after.design.positive.theoretical_capacity * after.design.area
    signs = (1, -1)
    return max(
        abs(sign * lithium * FARADAY - passed) / capacity
        for sign, lithium in zip(signs, moved.values(), strict=True)
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    seeds = range(options.first, options.first + options.count)
    begun, outcomes, failures, slowest, worst = time.time(), Counter(), [], 0.0, 0.0
    with pool(options.workers) as processes:
        for judged in processes.map(judge, seeds, chunksize=1):
            outcomes.update(judged.outcomes)
            slowest, worst = max(slowest, judged.seconds), max(worst, judged.imbalance)
            if judged.failure:
                failures.append(judged)
                print(f"seed {judged.seed}: {judged.failure}", flush=True)
    for outcome, count in outcomes.most_common():
        print(f"{count:6d}  {outcome}")
    share = 100 * (1 - len(failures) / options.count)
    print(
        f"{options.count} draws in {time.time() - begun:.0f} s: {share:.1f} % solve or stop for a "
        f"reason; worst balance {worst:.1e}; longest step {slowest:.1f} s"
    )
    if options.json:
        rows = [vars(judged) for judged in failures]
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
