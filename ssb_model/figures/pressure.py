"""Stack pressure: its window against rate, through life, in a holder, uneven over the cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ssb_model.figures.drawing import Figure
from ssb_model.figures.scales import INKS, MARKERS, PRESSURE, column, head, set_log_ticks
from ssb_model.laws.mechanics import series_stiffness
from ssb_model.quantities.units import convert, in_unit

if TYPE_CHECKING:
    import pandas as pd


WINDOW = "#117733"
LOWER = {  # column: label, colour, marker
    "Least pressure for the job": ("enough for the job", INKS[0], "o"),
    "Least pressure against voids": ("creep refills what stripping takes", INKS[4], "s"),
    "Least pressure against plating": ("nothing plates on charge", INKS[3], "D"),
}
GREATEST = "Greatest pressure against creep"
TOO_MUCH = INKS[1]


def plot_pressure_window(
    title: str,
    words: str,
    rows: pd.DataFrame,
    creep: pd.DataFrame | None,
    hours: float,
    own: float,
) -> Figure:
    """Ends of the window [MPa] over the C-rate; beside it hours to a short over pressure.

    ``creep`` is none for a cell without lithium metal: there the window has no upper end.
    """
    panels = 1 if creep is None else 2
    figure = Figure((6.4 if panels == 1 else 10.0, 4.8), layout="constrained")
    window, *beside = figure.subplots(1, panels, squeeze=False)[0]
    rows = rows.sort_values("C-rate")
    _draw_window(window, rows, own)
    if beside:
        _draw_hours(beside[0], creep, hours, own)
    for axes in (window, *beside):
        axes.grid(alpha=0.25)
    head(figure, title, words)
    window.legend(fontsize=7, frameon=False, loc="best")
    return figure


def _draw_window(axes, rows, own: float) -> None:
    rates = rows["C-rate"].to_numpy(float)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(rates[0] / 1.25, rates[-1] * 1.25)
    ends, drawn = [], [own]
    for name, (label, ink, marker) in LOWER.items():
        if f"{name} [MPa]" not in rows:
            continue
        values = rows[f"{name} [MPa]"].to_numpy(float)
        ends.append(values)
        drawn += list(_draw_end(axes, rows, name, values, ink, marker, label))
    least = np.max(ends, axis=0)
    if f"{GREATEST} [MPa]" in rows:
        greatest = rows[f"{GREATEST} [MPa]"].to_numpy(float)
        label = "lithium creeps through the separator"
        drawn += list(_draw_end(axes, rows, GREATEST, greatest, TOO_MUCH, "v", label))
    else:
        greatest = np.full_like(least, np.inf)
    shown = np.array([x for x in drawn if np.isfinite(x) and x > 0])
    low, high = shown.min() / 1.5, shown.max() * 2
    fine = np.geomspace(rates[0], rates[-1], 200)
    if len(rates) == 1:  # a stripe of its own
        fine = rates[0] * np.array([0.95, 1.05])
    lower, upper = (
        np.exp(np.interp(np.log(fine), np.log(rates), np.log(np.clip(each, low, 10 * high))))
        for each in (np.nan_to_num(least, nan=np.inf), greatest)
    )
    fill = {"color": WINDOW, "alpha": 0.15, "lw": 0, "label": "window"}
    axes.fill_between(fine, lower, np.minimum(upper, high), where=upper > lower, **fill)
    axes.axhline(own, color="k", ls=":", lw=1, label=f"the cell's own, {own:g} MPa")
    axes.set_ylim(low, high)
    set_log_ticks(axes.xaxis, rates, 4)
    set_log_ticks(axes.yaxis, np.array([low, high]), 4)
    axes.set_xlabel("C-rate")
    axes.set_ylabel(column(PRESSURE).label)


def _draw_end(axes, rows, name: str, values, ink: str, marker: str, label: str):
    """One end with its interval; what was drawn."""
    rates = rows["C-rate"].to_numpy(float)
    axes.plot(rates, values, marker=marker, color=ink, lw=1.6, ms=5, mfc="w", label=label)
    names = [f"{name} {end} [MPa]" for end in ("low", "high")]
    if not set(names) <= set(rows.columns):
        return values
    bands = rows[names].to_numpy(float).T
    limited = [np.clip(np.nan_to_num(band, nan=np.nan, posinf=1e6), 1e-3, 1e6) for band in bands]
    if len(rates) > 1:
        axes.fill_between(rates, *limited, color=ink, alpha=0.12, lw=0)
    else:
        axes.vlines(rates, *limited, color=ink, alpha=0.5, lw=3)
    return [*values, *(x for band in bands for x in band if np.isfinite(x) and x < 1e3)]


def _draw_hours(axes, creep, hours: float, own: float) -> None:
    """Hours until lithium is through, with 5 to 95 % of the draws."""
    at = creep[PRESSURE]
    names = ["Time to short low [h]", "Time to short [h]", "Time to short high [h]"]
    low, middle, high = (creep[name].to_numpy(float) for name in names)
    floor, ceiling = 0.01, 1e6
    known = np.isfinite(low)
    band = {"color": TOO_MUCH, "alpha": 0.15, "lw": 0, "label": "5–95 % of the draws"}
    axes.fill_between(at[known], low[known], np.minimum(high[known], ceiling), **band)
    axes.plot(at, middle, color=TOO_MUCH, lw=1.8, label="lithium is through after")
    axes.axhline(hours, color="k", ls="-.", lw=1.2, label=f"asked for: {hours:g} h")
    axes.axvline(own, color="k", ls=":", lw=1)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(floor, ceiling)
    axes.set_xlim(at.min(), at.max())
    set_log_ticks(axes.xaxis, at.to_numpy(float), 4)
    axes.set_xlabel(column(PRESSURE).label)
    axes.set_ylabel("Time to a short / h")
    axes.legend(fontsize=7, frameon=False, loc="lower left")


MEAN = "Mean stack pressure [MPa]"
FORMATION, EVERY = "Formation pressure [MPa]", "Repress every"


def plot_pressure_schedule(
    title: str, words: str, rows: pd.DataFrame, output: str, labels: Sequence[str]
) -> Figure:
    """Every schedule over its mean pressure, a colour a formation, a marker a pressing again.

    The front is a line of steps, its points named by ``labels`` in the order of the rows.
    """
    figure = Figure((8.4, 5.2), layout="constrained")
    axes = figure.subplots()
    shown = column(output)
    if not {MEAN, output} <= {*rows}:
        head(figure, title, "no schedule ran")
        return figure
    known = rows[rows[output].notna() & rows[MEAN].notna()]
    forming, often = (sorted(known[name].unique()) for name in (FORMATION, EVERY))
    for (formation, every), each in known.groupby([FORMATION, EVERY]):
        words_of = f"formation at {formation:.4g} MPa" if formation else "no formation"
        if every:
            again = each["Repress pressure [MPa]"].iloc[0]
            words_of += f", to {again:.4g} MPa after every {every:g} cycles"
        axes.plot(
            each[MEAN],
            shown.factor * each[output],
            MARKERS[often.index(every) % len(MARKERS)],
            color=INKS[forming.index(formation) % len(INKS)],
            mfc="w",
            label=words_of,
        )
    front = known[known["On the front"] == "yes"]
    axes.plot(
        [*front[MEAN], known[MEAN].max()],
        [shown.factor * kept for kept in (*front[output], front[output].max())],
        color="0.4",
        lw=1,
        drawstyle="steps-post",
        zorder=0,
        label="nothing keeps more at less pressure",
    )
    for label, x, y in zip(labels, front[MEAN], shown.factor * front[output], strict=True):
        axes.annotate(label, (x, y), (4, 5), textcoords="offset points", fontsize=7)
    axes.set_xscale("log")
    if len(known):
        set_log_ticks(axes.xaxis, known[MEAN].to_numpy(float), 6.5)
        axes.set_xlim(known[MEAN].min() / 1.25, known[MEAN].max() * 1.6)
    axes.set_xlabel(column(MEAN).label)
    axes.set_ylabel(shown.label)
    axes.margins(y=0.12)
    axes.grid(alpha=0.25)
    axes.legend(fontsize=7, frameon=False, loc="best")
    head(figure, title, words)
    return figure


def plot_uneven(title: str, rows: pd.DataFrame, patches: pd.DataFrame) -> Figure:
    """Left the capacity over the C-rate, even and uneven; right currents of the patches."""
    figure = Figure((9.0, 4.4), layout="constrained")
    capacity, currents = figure.subplots(1, 2)
    rows = rows.sort_values("C-rate")
    for k, (name, label) in enumerate(
        (("Capacity if even [mA.h.g-1]", "even"), ("Capacity [mA.h.g-1]", "uneven"))
    ):
        style = {"color": INKS[k], "marker": MARKERS[k], "mfc": "w", "label": label}
        capacity.plot(rows["C-rate"], rows[name], **style)
    capacity.set_xscale("log")
    set_log_ticks(capacity.xaxis, rows["C-rate"].to_numpy(float), 3.5)
    capacity.set_ylim(0, 1.08 * capacity.get_ylim()[1])  # room for the marks
    capacity.set_xlabel("C-rate")
    capacity.set_ylabel(column("Capacity [mA.h.g-1]").label)
    for k, (rate, each) in enumerate(patches.groupby("C-rate") if len(patches) else ()):
        ink = INKS[k % len(INKS)]
        share = each["Share of charge"] / each["Share of area"]
        currents.plot(each[PRESSURE], share, "o-", color=ink, mfc="w", label=f"charge, {rate:g}C")
        most = each["Most current over mean"]
        currents.plot(each[PRESSURE], most, ":", color=ink, label=f"highest current, {rate:g}C")
    currents.axhline(1, color="0.6", lw=1)
    currents.set_xlabel(column(PRESSURE).label)
    currents.set_ylabel("Of a patch over the mean")
    for axes in (capacity, currents):
        axes.grid(alpha=0.25)
        axes.legend(fontsize=8, frameon=False)
    head(figure, title, "one cell as patches in parallel at its terminals")
    return figure


OURS, SOFT, ALLOWED = INKS[0], INKS[1], "#117733"


class Course(NamedTuple):
    """A holder and the course of its pressure, in SI; ``soft`` is that in the spring wanted."""

    time: np.ndarray
    pressure: np.ndarray
    soft: np.ndarray | None
    preload: float
    window: tuple[float, float] | None
    wanted: float  # swing
    stiffness: float
    stiffest: float  # infinite where any holder does
    compliance: float
    breathing: float


def plot_holder(title: str, words: str, held: Course) -> Figure:
    """Left the course of pressure, right the swing of a cycle against stiffness."""
    figure = Figure((10.0, 4.6), layout="constrained")
    course, swings = figure.subplots(1, 2, width_ratios=[3, 2])
    hours = convert(held.time, "s", "h")
    line = {"lw": 1.2, "color": OURS, "label": "this holder"}
    course.plot(hours, convert(held.pressure, "Pa", "MPa"), **line)
    if held.soft is not None:
        line = {"lw": 1.2, "color": SOFT, "label": f"the spring for {_mpa(held.wanted):.3g} MPa"}
        course.plot(hours, convert(held.soft, "Pa", "MPa"), **line)
    if held.window is not None:
        ends = map(_mpa, held.window)
        course.axhspan(*ends, color=ALLOWED, alpha=0.12, lw=0, label="to stay within")
    label = f"set at {_mpa(held.preload):.3g} MPa"
    course.plot(0, _mpa(held.preload), "o", color="k", ms=5, zorder=5, label=label)
    course.set_xlabel("Time / h")
    course.set_ylabel(column(PRESSURE).label)
    course.set_ylim(bottom=0)
    _draw_swings(swings, held)
    for axes in (course, swings):
        axes.grid(alpha=0.25)
        axes.legend(fontsize=7, frameon=False)
    head(figure, title, words)
    return figure


def _mpa(pressure: float) -> float:
    return in_unit(pressure, "MPa")


def plot_measured(title: str, curve: pd.DataFrame, stiffness: dict[str, Any]) -> Figure:
    """A measured pressure and what the breathing of the cell explains of it."""
    figure = Figure((7.0, 4.4), layout="constrained")
    axes = figure.subplots()
    measured = {"color": "0.55", "marker": ".", "ms": 3, "ls": "", "label": "measured"}
    axes.plot(curve["Time [h]"], curve["Stack pressure [MPa]"], **measured)
    label = "breathing and creep"
    axes.plot(curve["Time [h]"], curve["Explained pressure [MPa]"], color=OURS, lw=1.4, label=label)
    axes.set_xlabel("Time / h")
    axes.set_ylabel(column(PRESSURE).label)
    axes.grid(alpha=0.25)
    axes.legend(fontsize=8, frameon=False)
    ends = " to ".join(f"{stiffness[end]:.3g}" for end in ("Lowest", "Highest"))
    head(figure, title, f"holder and layers together {ends} MPa/um")
    return figure


def _draw_swings(axes, held: Course) -> None:
    """The swing of the last cycle over the stiffness of the holder, both wanted and had."""
    known = [each for each in (held.stiffness, held.stiffest) if np.isfinite(each)]
    stiffness = np.geomspace(min(known) / 10, max(known) * 10, 100)

    def swing(stiff):
        return series_stiffness(stiff, held.compliance) * held.breathing

    axes.plot(*_shown(stiffness, swing(stiffness)), color="0.4", lw=1.2)
    ours = _shown(held.stiffness, swing(held.stiffness))
    axes.plot(*ours, "o", color=OURS, ms=7, label="this holder")
    wanted = _mpa(held.wanted)
    axes.axhline(wanted, color="k", ls="-.", lw=1.2, label=f"wanted: {wanted:.3g} MPa or less")
    if np.isfinite(held.stiffest):
        place = _shown(held.stiffest, held.wanted)
        axes.plot(*place, "v", color=SOFT, ms=8, label="as soft as this or softer")
    axes.set_xscale("log")
    axes.set_yscale("log")
    set_log_ticks(axes.xaxis, convert(stiffness, "Pa.m-1", "MPa.um-1"), 3.5)
    axes.set_xlabel("Stiffness of the holder / MPa µm$^{-1}$")
    axes.set_ylabel("Swing of a cycle / MPa")


def _shown(stiffness, swing):
    return convert(stiffness, "Pa.m-1", "MPa.um-1"), convert(swing, "Pa", "MPa")
