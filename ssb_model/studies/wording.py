"""A study in sentences: what was run, what was asked, what was found, how sure that is.

``asked`` holds the fields of a criterion, what was run and the pressures tried; ``nominal`` what
was found for the cell as it stands, and ``table`` its runs in the order of pressure.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.quantities.registry import unit_of
from ssb_model.quantities.units import unit
from ssb_model.studies.draws import LEAST_DRAWS, Draws
from ssb_model.studies.question import MINIMUM, PRESSURE
from ssb_model.system.signals import BY_HAND

RUN_WORDS = {
    "discharge": "discharge after a charge at constant current from rest at 0 %",
    "from full": "discharge from rest at 100 %",
    "charge": "charge from rest at 0 %",
    "pulse": "pulse from rest",
    "cycles": "cycles at constant current",
}
CONDITION_WORDS = {
    "C-rate": "{:g}C",
    "charge_rate": "charged at {:g}C",
    "CV until": "held at the upper cut-off until {:g}C",
    "Stack pressure [MPa]": "{:g} MPa",
    "Temperature [degC]": "{:g} °C",
    "State of charge": "at {:.0%} of charge",
}
NOISE = 1e-3  # of a value: what mesh and solver leave of it
FLAT = 0.03  # of a pressure: more is worth a word


def unit_words(asked: dict[str, Any]) -> str:
    """Of the number that is asked for."""
    return unit(unit_of(asked["output"])).words


def run_words(how: dict[str, Any]) -> str:
    """What was run and under what."""
    words = [RUN_WORDS.get(how["run"], how["run"])]
    for name, form in CONDITION_WORDS.items():
        if how.get(name) is not None:
            words.append(form.format(how[name]))
    if how["run"] == "cycles":
        words.append(f"{how['cycles']} cycles")
    if how["run"] == "pulse":
        words.append(f"{how['seconds']:g} s")
    return ", ".join(words)


def requirement(asked: dict[str, Any]) -> str:
    """What is asked of a cell."""
    least = "at least" if asked["better"] == "higher" else "at most"
    if asked["relative"]:
        amount = f"{100 * asked['target']:g} % of that at {asked['Reference pressure [MPa]']:g} MPa"
    else:
        amount = _with_unit(f"{asked['target']:g}", asked)
    rate = f" at {asked['C-rate']:g}C" if "C-rate" in asked else ""
    return f"{asked['name']}{rate} {least} {amount}"


def heading(asked: dict[str, Any]) -> str:
    """The head of a column of values held against a requirement."""
    if asked["relative"]:
        return f"{asked['name']}, share of that at {asked['Reference pressure [MPa]']:g} MPa"
    return _with_unit(asked["name"], asked)


def axis_label(asked: dict[str, Any]) -> str:
    """The same on the axis of a figure."""
    name, of = asked["name"].capitalize(), unit_words(asked)
    if asked["relative"]:
        of = f"share of that at {asked['Reference pressure [MPa]']:g} MPa"
    return f"{name} / {of}" if of else name


def answer_words(asked: dict[str, Any], nominal: dict[str, Any], table: pd.DataFrame) -> str:
    """The answer of the cell as it stands."""
    low, high = asked["Lowest tried [MPa]"], asked["Highest tried [MPa]"]
    what, status = requirement(asked), nominal["status"]
    if BY_HAND in status:
        return f"{what}: not known, {status} after the runs below"
    if nominal[MINIMUM] is None:
        nearest = _nearest(asked, nominal, table)
        return f"{what}: not met from {low:.3g} to {high:.3g} MPa, {nearest}"
    if nominal["windows"][0]["lower"] is None:
        found = f"met already at {low:.3g} MPa, the lowest tried"
    else:
        found = f"met from {no_less(nominal[MINIMUM]):g} MPa on"
    for number, window in enumerate(nominal["windows"]):
        if number:
            found += f", met again from {window['lower']['Pressure [MPa]']:.3g} MPa on"
        if window["upper"]:
            found += f", lost above {window['upper']['Pressure [MPa]']:.3g} MPa"
    return f"{what}: {found}{_next_to_it(asked, nominal, table)}"


def from_full_words(nominal: dict[str, Any]) -> str:
    """The answer of a cell that was charged to the full before."""
    beside = nominal["from_full"]
    least = beside[MINIMUM]
    found = beside["status"] if least is None else f"{least:.3g} MPa, {beside['status']}"
    return f"discharged from rest at 100 % instead: {found}"


def draw_words(draws: Draws, nominal: dict[str, Any]) -> list[str]:
    """How sure the answer is, by the draws of what is not known."""
    if not draws:
        return []
    asked, counts = draws.asked, draws.counts
    aside = {
        "give nothing at the reference": counts["nothing_at_reference"],
        "are not as measured": counts["not_as_measured"],
        "failed or were refused": counts["failed_or_refused"],
    }
    left = "".join(f", {count} {why}" for why, count in aside.items() if count)
    lines = [
        f"{counts['answered']} of {counts['asked']} answer{left}; {len(draws.drawn)} numbers "
        f"drawn from the ranges they declare, seed {draws.seed}"
    ]
    if draws.quantiles is None:
        return [*lines, f"fewer than {LEAST_DRAWS} answers give no interval"]
    if draws.quantiles[0] == math.inf:
        return [
            *lines,
            f"not even 5 % of them meet it up to {asked['Highest tried [MPa]']:.3g} MPa",
        ]
    if draws.quantiles[2] == -math.inf:
        return [*lines, f"95 % of them meet it already at {asked['Lowest tried [MPa]']:.3g} MPa"]
    low, median, high = (_pressure(value, asked) for value in draws.quantiles)
    sure = [_within(*error) for error in draws.errors]
    share = draws.share_met(nominal[MINIMUM])
    met = "" if share is None else f"; the answer above is enough for {100 * share:.0f} %"
    lines += [
        f"5 to 95 %: {low} to {high} MPa, median {median} MPa",
        f"{high} MPa is enough for 95 % of them{met}",
        f"with so few draws the 5 % may be {sure[0]}, the median {sure[1]}, the 95 % {sure[2]}",
    ]
    if asked["relative"] and draws.at_reference:
        unit = unit_words(asked)
        least, middle, most = draws.at_reference
        reference = asked["Reference pressure [MPa]"]
        lines.append(
            f"at {reference:.4g} MPa they give {least:.3g} to {most:.3g} {unit}, "
            f"median {middle:.3g}; the cell as it stands gives {nominal['at_reference']:.3g}"
        )
    if not draws.drivers:
        lines.append("no parameter by itself stands out from chance")
    return lines


def driver_rows(draws: Draws) -> list[dict[str, str]]:
    """A table of what the minimum follows, the strongest first."""
    return [
        {
            "the minimum follows": row["parameter"],
            "rank correlation": f"{row['rank_correlation']:+.2f}",
        }
        for row in draws.drivers
    ]


def nearest_run(asked: dict[str, Any], table: pd.DataFrame) -> tuple[float, float] | None:
    """Pressure [MPa] and value of the run nearest to what is asked."""
    known = table[np.isfinite(table["value"].astype(float))]
    if known.empty:
        return None
    values = known["value"]
    at = values.idxmax() if asked["better"] == "higher" else values.idxmin()
    return float(known.loc[at, PRESSURE]), float(known.loc[at, "value"])


def _nearest(asked: dict[str, Any], nominal: dict[str, Any], table: pd.DataFrame) -> str:
    """How near it comes where it is never met."""
    if nominal["at_reference"] == 0:
        return "the cell gives nothing at the reference pressure"
    best = nearest_run(asked, table)
    if best is None:
        why = {row["Detail"] for row in nominal["runs"] if row.get("Detail")}
        return "; ".join(["no run gave a number", *sorted(why)[:1]])
    return f"at best {best[1]:.4g} at {best[0]:.3g} MPa"


def _next_to_it(asked: dict[str, Any], nominal: dict[str, Any], table: pd.DataFrame) -> str:
    """What a reader should know of the runs next to the answer."""
    above = table[table[PRESSURE] >= nominal[MINIMUM] * (1 - 1e-9)].iloc[0]
    words = ""
    if asked["output"] != "Capacity [mA.h.g-1]" and "Capacity [mA.h.g-1]" in above:
        words = f" (it passes {above['Capacity [mA.h.g-1]']:.3g} mAh/g there)"
    below = table[table[PRESSURE] < above[PRESSURE]]
    if len(below) and np.isfinite([above["value"], below["value"].iloc[-1]]).all():
        ratio = math.log(above[PRESSURE] / below[PRESSURE].iloc[-1])
        step = abs(above["value"] - below["value"].iloc[-1])
        unsure = NOISE * abs(asked["target"]) * ratio / step if step else 1.0
        if nominal["windows"][0]["lower"] and unsure > FLAT:
            words += f"; so flat there that it is known to about {min(unsure, 1):.0%}"
    return words


def _with_unit(words: str, asked: dict[str, Any]) -> str:
    return f"{words} {unit_words(asked)}".rstrip()


def no_less(pressure: float) -> float:
    """A pressure that is enough in three digits, none of which makes it too little."""
    short = float(f"{pressure:.3g}")
    if short >= pressure * (1 - 1e-12):
        return short
    return float(f"{short + 10.0 ** (math.floor(math.log10(pressure)) - 2):.3g}")


def _pressure(pressure: float, asked: dict[str, Any]) -> str:
    """A pressure, or on which side of those tried it lies."""
    if math.isfinite(pressure):
        return f"{no_less(pressure):g}"
    if pressure < 0:
        return f"below {asked['Lowest tried [MPa]']:.3g}"
    return f"above {asked['Highest tried [MPa]']:.3g}"


def _within(low: float, high: float) -> str:
    """Two pressures, either of which so few draws may leave open."""
    if math.isinf(low):
        return "anything" if math.isinf(high) else f"{high:.3g} MPa or less"
    return f"{low:.3g} MPa or more" if math.isinf(high) else f"{low:.3g} to {high:.3g} MPa"
