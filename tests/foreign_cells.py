"""Cells no file describes: parts of different cells put together, options, protocols, histories.

``python -m tests.foreign_cells --count 300`` draws, runs and judges them and prints what fails: a
crash, what is no number, a broken balance or inequality, another answer on ``fine`` or at a rate
1 % apart that is not said.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import ssb_model as ssb
from ssb_model.engine.outcome import STEEP
from ssb_model.engine.soundness import ABOVE_THE_WINDOW, DOUBTED
from ssb_model.errors import SolidStateError
from ssb_model.parameters.library import cell_names, cell_path
from tests.random_cells import BALANCE, Complaints, as_toml, assumed, imbalance, log_between

SLOWEST = 60.0  # s on the wall for a step, on a machine that does nothing else
CAPACITY, VOLTAGE = 0.01, 5e-3  # a share, V: what `fine` may differ by unsaid
NEIGHBOUR = 0.03  # a share of capacity, for 1 % in rate
NEXT = 1.01
IN_DOUBLE_LAYERS = 2e-3  # of the capacity: charge that is no lithium, where they are resolved
OPTIONS: dict[str, list[Any]] = {
    "contact": ["memory", "plastic", "Hertz", "Persson"],
    "separator contact": ["as positive electrode", "constant", "Hertz"],
    "stack": ["isostatic", "spring", "rigid"],
    "film": ["constant", "growing", "growing by reaction", "none"],
    "loosening": ["none", "breathing"],
    "connection": ["constant", "patches"],
    "cracking": ["none", "per cycle strain"],
    "contact spots": ["true", "false"],
    "ionic transport": ["percolation", "Bruggeman"],
    "electronic transport": ["percolation", "Bruggeman"],
    "grain boundaries": ["brick layer", "none"],
    "thermal": ["isothermal", "lumped"],
    "particle": ["Fickian diffusion", "uniform profile", "quadratic profile"],
    "surface form": ["false", "differential"],
    "intercalation kinetics": ["symmetric Butler-Volmer", "linear"],
}
PROTOCOLS = ("discharge", "held", "slow then fast", "from full", "cycle", "rest", "press", "sweep")


@dataclass
class Foreign:
    """A cell file, what is chosen beside it, and what is done."""

    seed: int
    text: str
    options: dict[str, str]
    pressure: float
    temperature: float
    rate: float
    protocol: list[str]


@dataclass
class Verdict:
    """What became of it: outcomes, what is wrong, the longest step [s]."""

    seed: int
    outcomes: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def draw(seed: int) -> Foreign:
    """A positive electrode of one cell before the negative one of another, both made otherwise."""
    chance = random.Random(f"foreign {seed}")
    first, second = (
        tomllib.loads(cell_path(chance.choice(cell_names())).read_text(encoding="utf-8"))
        for _ in range(2)
    )
    file = {**first, "title": f"Foreign {seed}", "negative": second["negative"]}
    file.pop("ageing", None)
    file["cell"] = {**first["cell"], "Upper voltage cut-off [V]": assumed(4.2)}
    file["cell"]["Lower voltage cut-off [V]"] = assumed(chance.uniform(1.9, 2.8))
    positive, negative = file["positive"], file["negative"]
    remix(chance, positive, (55, 90))
    loading = log_between(chance, 3, 150)
    for name in [name for name in positive if "oading" in name]:
        positive[name] = assumed(loading)
    areal = loading * 0.7 * 0.15  # mAh cm-2, near enough for a C-rate
    file["cell"]["Nominal areal capacity [mAh.cm-2]"] = assumed(round(areal, 3))
    if negative["form"] == "composite":
        remix(chance, negative, (40, 85))
        for name in [name for name in negative if "oading" in name]:
            negative[name] = assumed(round(loading * chance.uniform(0.7, 1.2), 3))
        if chance.random() < 0.25:
            negative["active_material"] = "silicon"
            parts = negative["Composition [%]"]["value"]
            parts["silicon"] = parts.pop("graphite")
    elif "N/P ratio" in negative:
        negative["N/P ratio"] = assumed(chance.uniform(1.05, 3))
    for layer, name, limits in (
        (positive, "Active material diameter [um]", (1, 15)),
        (negative, "Active material diameter [um]", (1, 25)),
        (positive, "Electrolyte grain size [um]", (0.3, 8)),
        (file["separator"], "Electrolyte grain size [um]", (0.3, 8)),
        (positive, "Porosity", (0.03, 0.28)),
    ):
        if name in layer:
            layer[name] = assumed(log_between(chance, *limits))
    options = {"mesh": "medium"}
    for name, choices in OPTIONS.items():
        if chance.random() < 0.15:
            options[name] = chance.choice(choices)
    return Foreign(
        seed,
        as_toml(file),
        options,
        log_between(chance, 0.3e6, 300e6),
        chance.uniform(263.15, 343.15),
        log_between(chance, 0.02, 3),
        chance.sample(PROTOCOLS, chance.randint(1, 3)),
    )


def remix(chance: random.Random, layer: dict, share: tuple[float, float]) -> None:
    """Another share of active material, the electrolyte giving way."""
    parts = dict(layer["Composition [%]"]["value"])
    active, electrolyte = list(parts)[:2]
    both = parts[active] + parts[electrolyte]
    parts[active] = round(min(chance.uniform(*share), both - 5), 2)
    parts[electrolyte] = round(both - parts[active], 4)
    layer["Composition [%]"] = assumed(parts)


def made(foreign: Foreign) -> ssb.Cell:
    """The cell of a draw."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "foreign.toml"
        path.write_text(foreign.text, encoding="utf-8")
        return ssb.load_cell(path).with_options(foreign.options)


def judge(seed: int, closely: bool = False) -> Verdict:
    """Draw, run, say what is wrong; ``closely``: against `fine` and a rate beside, too."""
    complaints = Complaints()
    verdict = Verdict(seed)
    with complaints:
        try:
            run(draw(seed), verdict, closely)
        except SolidStateError as error:
            verdict.outcomes.append(f"refused: {type(error).__name__}")
            if "\n" in str(error) and " mistakes.\n" not in str(error):  # those are listed
                verdict.wrong.append(f"a refusal of several lines: {str(error)[:80]!r}")
        except Exception as error:
            verdict.wrong.append(f"{type(error).__name__}: {error}".splitlines()[0][:160])
    if complaints.first:
        verdict.wrong.append(f"logged: {complaints.first[:100]}")
    if verdict.seconds > SLOWEST:
        verdict.wrong.append(f"took {verdict.seconds:.0f} s")
    return verdict


def run(foreign: Foreign, verdict: Verdict, closely: bool) -> None:
    """Every protocol of a draw, one after the other on the same cell."""
    fresh = cell = made(foreign)
    held = {"stack_pressure": foreign.pressure, "temperature": foreign.temperature}
    rate = foreign.rate
    steps: dict[str, Callable[[ssb.Cell], Any]] = {
        "discharge": lambda cell: ssb.discharge(cell, rate, **held),
        "held": lambda cell: ssb.discharge(cell, rate, cv_until=rate / 5, **held),
        "slow then fast": lambda cell: ssb.discharge(cell, rate, charge_rate=rate / 4, **held),
        "from full": lambda _: ssb.discharge(fresh, rate, from_full=True, **held),
        "cycle": lambda cell: ssb.cycle(cell, 2, c_rate=rate, **held),
        "rest": lambda cell: ssb.rest(cell, 1800, **held),
        "press": lambda cell: cell.press(foreign.pressure / 3),
        "sweep": lambda _: ssb.sweep(fresh, {"c_rate": [rate, 2 * rate]}, **held),
    }
    for name in foreign.protocol:
        if name == "press" and not cell.contact_laws:
            continue
        begun = time.perf_counter()
        result = steps[name](cell)
        verdict.seconds = max(verdict.seconds, time.perf_counter() - begun)
        check(name, cell, result, verdict)
        after = result if isinstance(result, ssb.Cell) else getattr(result, "cell_after", cell)
        if name not in ("from full", "sweep"):
            off = imbalance(cell, after) if name != "press" else 0.0
            stored = foreign.options.get("surface form") == "differential"
            if off > (IN_DOUBLE_LAYERS if stored else BALANCE):
                verdict.wrong.append(f"{name}: lithium and charge differ by {off:.1e}")
            cell = after
    if closely:
        compare(fresh, foreign, held, verdict)


def check(name: str, cell: ssb.Cell, result: Any, verdict: Verdict) -> None:
    """What cannot be in the rows of a result, unless they say so."""
    for row in getattr(result, "rows", ()):
        stopped, detail = str(row.get("Stopped by", "")), str(row.get("Detail", ""))
        verdict.outcomes.append(f"{name}: {stopped}" + (" (doubted)" if DOUBTED in detail else ""))
        numbers = [value for value in row.values() if isinstance(value, float)]
        if any(math.isinf(value) for value in numbers) or any(map(math.isnan, numbers)):
            verdict.wrong.append(f"{name}: a number that is none")
        if "failed" in stopped:
            verdict.wrong.append(f"{name}: {stopped}: {detail[:90]}")
        if DOUBTED in detail:
            continue
        gave = row.get("Capacity [mA.h.cm-2]")
        if gave and gave > cell.rest_charge / 3.6e4 * (1 + ABOVE_THE_WINDOW):
            verdict.wrong.append(f"{name}: more than the window holds")
        if "upper voltage" in stopped and "never" not in stopped and name != "cycle":
            verdict.wrong.append(f"{name}: a discharge ended by the {stopped}")


def judge_neighbours(seed: int) -> Verdict:
    """Draw, discharge at two rates 1 % apart, say whether they differ without a reason."""
    verdict = Verdict(seed)
    begun = time.perf_counter()
    try:
        foreign = draw(seed)
        held = {"stack_pressure": foreign.pressure, "temperature": foreign.temperature}
        cell, rates = made(foreign), (foreign.rate, foreign.rate * NEXT)
        one, beside = ssb.sweep(cell, {"c_rate": rates}, **held).rows
        neighbours(cell, one, beside, verdict)
    except SolidStateError as error:
        verdict.outcomes.append(f"refused: {type(error).__name__}")
    except Exception as error:
        verdict.wrong.append(f"{type(error).__name__}: {error}".splitlines()[0][:160])
    verdict.seconds = time.perf_counter() - begun
    return verdict


def neighbours(
    cell: ssb.Cell, one: dict[str, Any], beside: dict[str, Any], verdict: Verdict
) -> None:
    """Two rows of discharges at rates 1 % apart: alike, or a typed reason says why not."""
    if any(DOUBTED in row["Detail"] or "refused" in row["Stopped by"] for row in (one, beside)):
        verdict.outcomes.append("neighbours: doubted or refused")
        return
    if one["Stopped by"] != beside["Stopped by"]:
        verdict.outcomes.append("neighbours: another end")
        return
    gave, next_to = (row["Capacity [mA.h.cm-2]"] or 0.0 for row in (one, beside))
    least = 1e-3 * cell.rest_charge / 3.6e4  # next to nothing is no capacity
    if max(gave, next_to) <= least:
        verdict.outcomes.append(f"neighbours: nothing, {one['Stopped by']}")
        return
    apart = abs(gave - next_to) > NEIGHBOUR * gave + least
    if STEEP in one["Detail"] or STEEP in beside["Detail"]:
        said = "apart, and said" if apart else "said to be steep, and not apart"
        verdict.outcomes.append(f"neighbours: {said}")
        return
    verdict.outcomes.append("neighbours: compared")
    if apart:
        verdict.wrong.append(f"at a rate 1 % higher {next_to:.4g}, not {gave:.4g} mAh cm-2")


def compare(cell: ssb.Cell, foreign: Foreign, held: dict[str, float], verdict: Verdict) -> None:
    """One discharge against the same on `fine`, and against one at a rate beside."""
    one, fine, beside = (
        ssb.discharge(each, rate, **held)
        for each, rate in (
            (cell, foreign.rate),
            (cell.with_options({"mesh": "fine"}), foreign.rate),
            (cell, foreign.rate * NEXT),
        )
    )
    if any(DOUBTED in each.row["Detail"] for each in (one, fine, beside)):
        verdict.outcomes.append("compared: doubted")
        return
    gave, closer = (each.row["Capacity [mA.h.cm-2]"] for each in (one, fine))
    least = 1e-3 * cell.rest_charge / 3.6e4  # next to nothing is no capacity
    if any(STEEP in each.row["Detail"] for each in (one, fine)):  # an error counts as a current
        verdict.outcomes.append("compared: steep")
        return neighbours(cell, one.row, beside.row, verdict)
    verdict.outcomes.append("compared")
    if abs(gave - closer) > CAPACITY * closer + least:
        verdict.wrong.append(f"fine gives {closer:.4g}, not {gave:.4g} mAh cm-2")
    elif min(gave, closer) > least:
        passed = np.linspace(0.02, 0.9, 100) * min(gave, closer)
        volts = [
            np.interp(passed, each.data["Capacity [mA.h.cm-2]"], each.data["Voltage [V]"])
            for each in (one, fine)
        ]
        if (off := np.abs(volts[0] - volts[1]).max()) > VOLTAGE:
            verdict.wrong.append(f"fine differs by {1e3 * off:.1f} mV")
    neighbours(cell, one.row, beside.row, verdict)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--closely", type=int, default=10, help="compare each n-th with `fine`")
    parser.add_argument(
        "--neighbours", action="store_true", help="only two discharges each, at rates 1 %% apart"
    )
    options = parser.parse_args(arguments)
    outcomes, failures, slowest = Counter(), 0, 0.0
    for seed in range(options.first, options.first + options.count):
        if options.neighbours:
            verdict = judge_neighbours(seed)
        else:
            verdict = judge(seed, closely=seed % options.closely == 0)
        outcomes.update(verdict.outcomes)
        slowest = max(slowest, verdict.seconds)
        failures += bool(verdict.wrong)
        if verdict.wrong:
            print(f"seed {seed}: {'; '.join(verdict.wrong)}", flush=True)
    for outcome, count in outcomes.most_common():
        print(f"{count:6d}  {outcome}")
    print(f"{options.count} draws, {failures} with something wrong; longest step {slowest:.0f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
