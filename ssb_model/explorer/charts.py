"""Pictures of the page as ECharts takes them: plain data, drawn in the browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ssb_model.explorer.words import meaning
from ssb_model.figures.discharge import COLOURS, ORDER
from ssb_model.studies.wording import no_less

GREY = "#555555"
DASHES = ("solid", "dashed", "dotted")
LATE = 0.95  # of a discharge, after which its losses rise out of the picture
FLAT = 0.45  # height of a spectrum's picture over its width, at which arcs are half circles
SYMBOLS = ("circle", "rect", "diamond", "triangle", "pin", "arrow")
HOVER = {"extraCssText": "max-width: 320px; white-space: normal;"}
HOVER_LINES = """([xName, xUnit], [yName, yUnit]) => told => {
  const number = value => String(Number(Number(value).toPrecision(4)));
  const all = (Array.isArray(told) ? told : [told]).filter(one => Array.isArray(one.value));
  if (!all.length) return "";
  const line = one => `${one.marker}${one.seriesName}: ` +
    `${Array.isArray(told) ? "" : yName + " "}${number(one.value[1])} ${yUnit}`;
  return [`${xName} ${number(all[0].value[0])} ${xUnit}`, ...all.map(line)].join("<br>");
}"""
Options = dict[str, Any]
Answers = Sequence[Mapping[str, Any] | None]  # of the variant that moves, then of each pin


def empty(title: str, x: str, y: str, log: bool = False, from_zero: str = "") -> Options:
    """A picture before anything is known; the axes of ``from_zero``, "xy", begin there."""
    options = {
        "animation": False,
        "aria": {"enabled": True, "label": {"description": f"{title}: {y} against {x}."}},
        "color": list(COLOURS),
        "textStyle": {"fontSize": 12},
        "tooltip": {"trigger": "item", "confine": True, ":formatter": hover(x, y)},
        "legend": {"type": "scroll", "bottom": 0, "itemWidth": 30},
        "grid": {"left": 58, "right": 16, "top": 16, "bottom": 68},
        "xAxis": _axis(x, nameGap=28),
        "yAxis": _axis(y, nameGap=42),
        "series": [],
    }
    if log:
        options["xAxis"]["type"] = "log"
    for axis in from_zero:
        options[f"{axis}Axis"]["min"] = 0
    return options


def hover(x: str, y: str) -> str:
    """JavaScript that says a point, or all lines at one, in four digits with their units."""
    return f"({HOVER_LINES})({json.dumps(_said(x))}, {json.dumps(_said(y))})"


def _said(axis: str) -> tuple[str, str]:
    """Name and unit of an axis, "Voltage / V"."""
    name, _, unit = axis.partition(" / ")
    return name, unit


def _axis(name: str, **more: Any) -> Options:
    return {
        "type": "value",
        "name": name,
        "nameLocation": "middle",
        "scale": True,
        "axisLabel": {"hideOverlap": True},
        "splitLine": {"lineStyle": {"color": "#e6e6e6"}},
        **more,
    }


def losses() -> Options:
    """Where voltage is lost."""
    options = empty("Losses", "Capacity / mAh g⁻¹", "Loss / mV", from_zero="xy")
    options["tooltip"] |= {"trigger": "axis"}
    options["legend"] |= {"type": "plain", "icon": "roundRect", "itemHeight": 4, "itemWidth": 20}
    options["legend"] |= {"textStyle": {"fontSize": 11}, "itemGap": 6}
    said = json.dumps({label: meaning(label) for label, _ in ORDER.values()})
    options["legend"]["tooltip"] = {"show": True, **HOVER, ":formatter": f"p => ({said})[p.name]"}
    options["grid"]["bottom"] = 118
    return options


def impedance() -> Options:
    """The spectrum at half charge."""
    options = empty("Impedance", "Z′ / Ω cm²", "−Z″ / Ω cm²")
    options["yAxis"]["axisLabel"] |= {"showMaxLabel": False}
    return options


def least() -> Options:
    """What a cell gives against the pressure it is held at, and how little is enough."""
    options = empty("Least stack pressure", "Stack pressure / MPa", "Capacity", True, "y")
    options["grid"]["top"] = 28
    return options


PICTURES = {
    "discharge": partial(empty, "Discharge", "Capacity / mAh g⁻¹", "Voltage / V", from_zero="x"),
    "losses": losses,
    "rates": partial(empty, "Rates", "C-rate", "Capacity / mAh g⁻¹", True, "y"),
    "impedance": impedance,
    "contact": partial(empty, "Contact", "Stack pressure / MPa", "Contact fraction", True, "y"),
}


def series(
    part: str,
    answers: Answers,
    labels: Sequence[str],
    measured: Mapping[str, Any] | None,
    bands: Mapping[str, Any] | None = None,
) -> list[Options]:
    """The lines of a picture, the band of what moves behind them."""
    lines = _LINES[part](answers, labels, measured or {})
    outline = (bands or {}).get(part)
    return [*lines, _filled(outline, "5 to 95 %")] if lines and outline else lines


def _filled(outline: Sequence[Sequence[float]], name: str) -> Options:
    """An area by its outline, in the colour of the variant that moves."""
    draw = """(around => (params, api) => params.dataIndex ? null : ({
        type: "polygon", shape: {points: around.map(point => api.coord(point))},
        style: {fill: COLOUR, opacity: 0.18}}))""".replace("COLOUR", json.dumps(COLOURS[0]))
    return {
        "type": "custom",
        "name": name,
        "data": list(outline),
        ":renderItem": f"{draw}({json.dumps(outline)})",
        "itemStyle": {"color": COLOURS[0], "opacity": 0.25},
        "silent": True,
        "clip": True,
        "z": 1,
    }


def least_series(answer: Mapping[str, Any]) -> list[Options]:
    """Runs of the cell as it stands, what is enough, the least pressure and its interval.

    What lines and areas mean is said in the legend, where nothing crosses it.
    """
    dots = {"showSymbol": True, "symbol": "circle", "symbolSize": 6}
    line = _line("the cell as it stands", answer["runs"], 0, **dots)
    marks: list[Options] = [{"yAxis": answer["target"], "label": {"show": False}}]
    if (lowest := answer["lowest"]) is not None:
        marks.append({"xAxis": lowest, "name": f"{no_less(lowest):g} MPa"})
    style = {"color": GREY, "type": "dashed"}
    line["markLine"] = {"symbol": "none", "silent": True, "lineStyle": style, "data": marks}
    line["markLine"]["label"] = {"formatter": "{b}", "color": "#333", "position": "end"}
    drawn = [
        line,
        {**_line(f"enough: {answer['target']:.4g}", [], 0), "itemStyle": {"color": GREY}},
    ]
    drawn[1]["lineStyle"] = style
    ends = answer["interval"]
    if ends and None not in ends:
        filled = {"color": COLOURS[0], "opacity": 0.15}
        line["markArea"] = {
            "silent": True,
            "itemStyle": filled,
            "data": [[{"xAxis": ends[0]}, {"xAxis": ends[1]}]],
        }
        name = f"5 to 95 % of draws: {no_less(ends[0]):g} to {no_less(ends[1]):g} MPa"
        drawn.append(
            {"type": "bar", "name": name, "data": [], "itemStyle": filled | {"opacity": 0.3}}
        )
    return drawn


def highest(part: str, answers: Answers) -> float | None:
    """Where a vertical axis ends: the rise of losses before the cut-off is not all of them.

    A spectrum has room above, so that its arcs are as high as they are.
    """
    if part == "impedance":
        known = [one for one in answers if one]
        wide = max((max(one["re"]) - min(one["re"]) for one in known), default=0.0)
        top = max((-min(one["im"]) for one in known), default=0.0)
        return float(f"{max(1.05 * top, FLAT * wide):.2g}") or None
    if part != "losses" or not answers[0] or not answers[0]["parts"]:
        return None
    parts = answers[0]["parts"].values()
    totals = [sum(value for _, value in points) for points in zip(*parts, strict=True)]
    late = totals[int(LATE * (len(totals) - 1))]
    return float(f"{1.5 * max(late, 1.0):.1g}")


def _line(name: str, points: Any, number: int, **more: Any) -> Options:
    return {
        "type": "line",
        "name": name,
        "data": points,
        "symbol": "none",
        "showSymbol": False,
        "itemStyle": {"color": COLOURS[number % len(COLOURS)]},
        "lineStyle": {
            "color": COLOURS[number % len(COLOURS)],
            "type": DASHES[number % len(DASHES)],
            "width": 2.5 if number == 0 else 1.8,
        },
        **more,
    }


def _points(name: str, points: Any, symbol: str = "circle", size: int = 4) -> Options:
    style = {"itemStyle": {"color": GREY}, "symbol": symbol, "symbolSize": size}
    return {"type": "scatter", "name": name, "data": points, **style}


def _each(
    answers: Answers, labels: Sequence[str], points: Callable, symbols: bool = False
) -> list[Options]:
    """A line of each answer that is there, through its ``points``, each with a symbol or none."""
    found = []
    for number, (answer, label) in enumerate(zip(answers, labels, strict=True)):
        if answer:
            symbol = {"showSymbol": True, "symbol": SYMBOLS[number % len(SYMBOLS)], "symbolSize": 7}
            found.append(_line(label, points(answer), number, **(symbol if symbols else {})))
    return found


def _voltages(answers: Answers, labels: Sequence[str], measured: Mapping[str, Any]) -> list:
    found = _each(answers, labels, lambda answer: answer["curve"])
    return [*found, *(_points(one["label"], one["points"]) for one in measured.get("curves", []))]


def _losses(answers: Answers, labels: Sequence[str], measured: Mapping[str, Any]) -> list:
    (first, *_) = answers
    if not first:
        return []
    return [
        {
            "type": "line",
            "name": ORDER[name][0],
            "data": points,
            "stack": "losses",
            "clip": True,
            "areaStyle": {"color": ORDER[name][1], "opacity": 0.9},
            "lineStyle": {"width": 0},
            "itemStyle": {"color": ORDER[name][1]},
            "showSymbol": False,
        }
        for name, points in first["parts"].items()
    ]


def _rates(answers: Answers, labels: Sequence[str], measured: Mapping[str, Any]) -> list:
    def points(answer: Mapping[str, Any]) -> list[list[float]]:
        pairs = zip(answer["rates"], answer["capacities"], strict=True)
        return [[rate, value] for rate, value in pairs if value is not None]

    found = _each(answers, labels, points, symbols=True)
    given = measured.get("capacities")
    return [*found, *([_points("measured", given, "diamond", 8)] if given else [])]


def _spectra(answers: Answers, labels: Sequence[str], measured: Mapping[str, Any]) -> list:
    def points(answer: Mapping[str, Any]) -> list[list[float]]:
        return [[x, -y] for x, y in zip(answer["re"], answer["im"], strict=True)]

    given = measured.get("spectrum")
    found = _each(answers, labels, points)
    return [*found, *([_points("measured", given)] if given else [])]


def _contacts(answers: Answers, labels: Sequence[str], measured: Mapping[str, Any]) -> list:
    """Of the variant that moves, and of pins that were made otherwise."""
    found, drawn = [], []
    for number, (answer, label) in enumerate(zip(answers, labels, strict=True)):
        if not answer or answer in drawn:
            continue
        drawn.append(answer)
        for side, shares in answer["shares"].items():
            points = [list(pair) for pair in zip(answer["pressure"], shares, strict=True)]
            line = _line(f"{side}, {label}" if len(answers) > 1 else side, points, number)
            line["lineStyle"] |= {"type": "solid" if side == "positive" else "dashed"}
            found.append(line)
    return found


_LINES = {
    "discharge": _voltages,
    "losses": _losses,
    "rates": _rates,
    "impedance": _spectra,
    "contact": _contacts,
}
