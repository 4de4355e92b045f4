"""A fit: data and model over each other, and how well it bounds its parameters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from textwrap import fill

import numpy as np
from matplotlib import colormaps
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from ssb_model.figures import scales
from ssb_model.figures.drawing import Figure
from ssb_model.figures.fit_panels import GREY, PALE

RISE_95 = 3.84  # of the misfit, at the ends of an interval that holds 95 %
LEAST_TOP, MOST_TOP = 6.0, 12.0  # of the axis of the rise
INK, PROFILE, ERROR = "#332288", "#117733", "#CC6677"
PROFILE_AT, ERROR_AT = -0.09, -0.18  # places of the intervals, in shares of the top

OPEN, OPEN_BELOW, OPEN_ABOVE = "not bounded by the data", "not bounded below", "not bounded above"
NOTE_AT = {OPEN: (0.5, "center"), OPEN_BELOW: (0.04, "left"), OPEN_ABOVE: (0.96, "right")}


def profiles_figure(estimates: Sequence, profiles: dict) -> Figure:
    """Rise of the misfit over each free parameter; the estimate and its intervals below."""
    figure, grid, (width, _) = scales.panel_grid(len(estimates), (5.4, 3.4), (3.6, 3.4), (0, 0.9))
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.08)
    for axes, one in zip(grid.flat, estimates, strict=False):
        _draw(axes, one, _points(profiles.get(one.label)), width - 0.9)
    for axes in grid[:, 0]:
        axes.set_ylabel("Rise of the misfit $\\chi^2$")
    scales.add_legend(figure, _handles(estimates, profiles))
    return figure


def correlation_figure(labels: Sequence[str], correlation) -> Figure:
    """Of each pair of free parameters: 1 or -1 where the data see only one of the two."""
    values = np.atleast_2d(np.asarray(correlation, float))
    names = [fill(short_name(label), 24) for label in labels]
    count = len(names)
    side = 0.62 * count + 0.3
    figure = Figure((side + 3.3, side + 1.7), layout="constrained")
    axes = figure.subplots()
    shades = colormaps["RdBu_r"].with_extremes(bad="0.9")
    image = axes.imshow(values, cmap=shades, vmin=-1, vmax=1, aspect="auto")
    for (row, place), value in np.ndenumerate(values):
        words = f"{round(value, 2) + 0.0:.2f}" if np.isfinite(value) else "–"
        color = "w" if abs(value) > 0.65 else "k"
        axes.text(place, row, words, ha="center", va="center", fontsize=8, color=color)
    turned = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"}
    axes.set_xticks(range(count), names, fontsize=8, **(turned if count > 1 else {}))
    axes.set_yticks(range(count), names, fontsize=8)
    axes.set_xticks(np.arange(1, count) - 0.5, minor=True)
    axes.set_yticks(np.arange(1, count) - 0.5, minor=True)
    axes.grid(which="minor", color="w", lw=1.5)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)
    figure.colorbar(image, ax=axes, label="Correlation", ticks=[-1, -0.5, 0, 0.5, 1], shrink=0.9)
    return figure


def short_name(label: str) -> str:
    """ "Positive electrode film resistance [Ohm.m2]" as "film resistance, positive"."""
    words = re.sub(r"\s*\[[^\[\]]*\]", "", label).strip()
    part = re.fullmatch(
        r"(Positive|Negative)(?: electrode|:)? (.+)|(Separator):? (.+)", words, re.I
    )
    if part:
        side, rest = [group for group in part.groups() if group]
        return f"{scales.amid(rest)}, {side.lower()}"
    within = re.fullmatch(r"(.+) in (?:the )?(positive|negative) (?:electrode|particle)", words)
    return f"{scales.amid(within[1])}, {within[2]}" if within else scales.amid(words)


def _points(profile) -> np.ndarray:
    """Values and rises in order, without those that failed."""
    if profile is None:
        return np.empty((0, 2))
    points = profile.sort_values("value")[["value", "rise"]].to_numpy(float)
    return points[np.isfinite(points).all(axis=1)]


def _handles(estimates, profiles) -> dict:
    """What the lines are called."""
    handles = {
        "rise, all others fitted anew": Line2D([], [], color=INK, marker="o", ms=3),
        "95 % interval, profile": Line2D([], [], color=PROFILE, lw=3),
        "rise by the standard error": Line2D([], [], color="0.5", ls="--", lw=1),
        "95 % interval, standard error": Line2D([], [], color=ERROR, lw=3),
        "estimate": Line2D([], [], color="k", marker="o", ms=5, ls=""),
        f"rise of {RISE_95:g}: 95 %": Line2D([], [], color="k", ls=":", lw=1),
        "bound of the fit": Line2D([], [], color="0.3", ls="-.", lw=1),
    }
    rise, interval, *_ = handles
    if not profiles:
        del handles[rise]
    if all(one.profile_interval is None for one in estimates):
        del handles[interval]
    return handles


def _draw(axes, one, points: np.ndarray, inches: float) -> None:
    top = float(np.clip(1.1 * points[:, 1].max(initial=0.0), LEAST_TOP, MOST_TOP))
    to, back = (np.log, np.exp) if one.logarithmic else (np.asarray, np.asarray)
    low, high = _limits(one, points, top, to, back)
    axes.plot(*points.T, "o-", color=INK, ms=3, lw=1.4)
    axes.axhline(RISE_95, color="k", ls=":", lw=1)
    axes.axhline(0, color="0.4", lw=0.8)
    ends = np.array(one.interval, float)
    if np.isfinite(ends).all() and (ends > 0 if one.logarithmic else ends[0] < ends[1]).all():
        at = np.linspace(to(low), to(high), 300)
        rise = RISE_95 * (2 * (at - to(one.value)) / np.ptp(to(ends))) ** 2
        axes.plot(back(at), rise, "--", color="0.5", lw=1, zorder=1)
    if one.profile_interval is not None:
        _bar(axes, one, one.profile_interval, (low, high), PROFILE_AT * top, PROFILE)
    _bar(axes, one, one.interval, (low, high), ERROR_AT * top, ERROR)
    for bound in (one.low, one.high):
        if low <= bound <= high:
            axes.axvline(bound, color="0.3", ls="-.", lw=1)
    axes.set_ylim(-0.27 * top, top)
    ticks = MaxNLocator(5, integer=True).tick_values(0, top)
    axes.yaxis.set_major_locator(FixedLocator([each for each in ticks if 0 <= each <= top]))
    _set_x(axes, one, low, high, inches)
    words = f"{_number(one.value)} ({_interval_words(one)})"
    told = [words, scales.in_lines(one.remark, int(13 * inches)) if one.remark else ""]
    axes.set_title("\n".join(filter(None, told)), fontsize=8)
    axes.grid(alpha=0.25)
    axes.plot(one.value, 0, "o", color="k", ms=5, zorder=5)
    note = open_words(one.value, points)
    if note:
        at, side = NOTE_AT[note]
        box = {"boxstyle": "round,pad=0.25", "fc": "w", "ec": "0.7", "lw": 0.6}
        where = {"transform": axes.transAxes, "ha": side, "va": "top", "fontsize": 8}
        axes.text(at, 0.95, note, bbox=box, **where)


def open_words(value: float, points: np.ndarray) -> str:
    """Which sides of a profile never rise to 95 %."""
    if not len(points):
        return ""
    sides = (points[:, 0] <= value, points[:, 0] >= value)
    below, above = (points[side, 1].max(initial=0.0) < RISE_95 for side in sides)
    if below and above:
        return OPEN
    return OPEN_BELOW if below else OPEN_ABOVE if above else ""


def _limits(one, points, top, to, back) -> tuple[float, float]:
    """Of the values: where the profile is in sight, else the interval within the bounds."""
    known = [to(one.value)]
    ends = [each for each in one.interval if np.isfinite(each) and (each > 0 or to is not np.log)]
    if len(points):
        seen = to(points[points[:, 1] <= 1.3 * top, 0])
        known += [seen.min(initial=known[0]), seen.max(initial=known[0])]
        reach = 0.4 * (max(known) - min(known))
        known += list(np.clip(to(ends), min(known) - reach, max(known) + reach))
    else:
        low, high = to(one.low), to(one.high)
        room = [to(each) for each in ends] if len(ends) == 2 else [low, high]
        middle, half = np.mean(room), 0.8 * (max(room) - min(room))
        known += list(np.clip([middle - half, middle + half], low, high))
    room = 0.06 * (max(known) - min(known)) or 0.05 * max(abs(known[0]), 1e-3)
    return float(back(min(known) - room)), float(back(max(known) + room))


def _bar(axes, one, ends, limits, place: float, color: str) -> None:
    """An interval with the estimate in it; an arrow where an end is open or out of sight."""
    drawn = []
    for end, limit, marker in zip(ends, limits, "<>", strict=True):
        inside = np.isfinite(end) and limits[0] <= end <= limits[1]
        drawn.append(end if inside else limit)
        style = {"marker": "|" if inside else marker, "ms": 7 if inside else 6, "mew": 1.5}
        axes.plot(drawn[-1], place, color=color, clip_on=False, zorder=4, **style)
    axes.plot(drawn, [place, place], color=color, lw=2.5, solid_capstyle="butt")
    axes.plot(one.value, place, "o", color="k", ms=4, zorder=5)


def _set_x(axes, one, low: float, high: float, inches: float) -> None:
    unit = "" if one.unit in ("", "1", "-") else scales.unit_symbol(one.unit.replace(" ", "."))
    words = fill(short_name(one.label), int(11 * inches))
    axes.set_xlabel(words[:1].upper() + words[1:] + (f" / {unit}" if unit else ""))
    axes.set_xlim(low, high)
    if one.logarithmic:
        axes.set_xscale("log")
        scales.set_log_ticks(axes.xaxis, [low, high], inches)
    if not one.logarithmic or high < scales.LEAST_RATIO * low:
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(value, 4)))


def _interval_words(one) -> str:
    """Of the profile where there is one."""
    low, high = one.stated
    if np.isfinite(low) and np.isfinite(high):
        return f"{_number(low)} to {_number(high)}"
    if np.isfinite(low):
        return f"at least {_number(low)}"
    return f"at most {_number(high)}" if np.isfinite(high) else "not bounded"


def _number(value: float, digits: int = 3) -> str:
    """As people write it, with a power of ten where it is far from one."""
    written = f"{value:.{digits}g}"
    if "e" not in written and (abs(value) >= 1e-3 or not value):
        return written
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    front = "" if mantissa == "1" else f"{mantissa}\\times"
    return f"${front}10^{{{int(power)}}}$"


MOST_ALONE = 9  # data sets of one kind that have a panel each
BAND = 2.0  # of the noise
LETTERS = 17.0  # of 7 point per inch


def fit_data_figure(sets: Sequence, title: str = "") -> Figure:
    """A panel for each data set, or for each conditions where there are many of a kind."""
    panels = panels_of(sets)
    lines, columns = scales.arrangement(len(panels))
    width = 6.2 if columns == 1 else 4.3
    heights = [_height(panels[line * columns : (line + 1) * columns]) for line in range(lines)]
    size = (width * columns, sum(heights) + 2.4 * lines + 0.6)
    figure = Figure(size, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.08)
    ratios = [ratio for height in heights for ratio in (height, 1.1)]
    grid = figure.add_gridspec(2 * lines, columns, height_ratios=ratios)
    handles = _handles_of_panels(sets)
    for number, (alike, named) in enumerate(panels):
        line, place = divmod(number, columns)
        panel = alike[0].panel
        in_line = [other[0].panel for other, _ in panels[line * columns : (line + 1) * columns]]
        main = figure.add_subplot(grid[2 * line, place])
        shared = None if panel.own_axis else main
        below = figure.add_subplot(grid[2 * line + 1, place], sharex=shared)
        below.axhspan(-BAND, BAND, color="0.9", lw=0, zorder=0)
        below.axhline(0, color="0.5", lw=0.8)
        names = _names(alike, named)
        handles |= panel.draw(main, below, alike, names, width - 1.0)
        below.set_ylabel("Residual / noise", fontsize=9)
        _residual_limits(below)
        for axes in (main, below):
            axes.grid(alpha=0.25)
        if shared and any(other.own_axis for other in in_line):
            main.set_xlabel(below.get_xlabel())
        elif shared:
            main.tick_params(labelbottom=False)
        _entitle(main, alike, named, width)
    figure.align_ylabels()
    scales.head(figure, title)
    scales.add_legend(figure, handles)
    return figure


def panels_of(sets: Sequence) -> list[tuple[list, list[str]]]:
    """Data sets that share a panel, and the conditions that its title tells."""
    panels = []
    for kind in dict.fromkeys(one.kind for one in sets):
        alike = [one for one in sets if one.kind == kind]
        every = list(dict.fromkeys(name for one in alike for name in one.conditions))
        if len(alike) <= MOST_ALONE:
            panels += [([one], every) for one in alike]
            continue
        choices = [
            (_grouped(alike, names), list(names))
            for count in range(len(every), -1, -1)
            for names in combinations(every, count)
        ]
        fitting = [choice for choice in choices if len(choice[0]) <= MOST_ALONE]
        groups, named = max(fitting, key=lambda choice: len(choice[0]))
        panels += [(group, named) for group in groups]
    return panels


def _grouped(sets, names) -> list[list]:
    groups: dict = {}
    for one in sets:
        groups.setdefault(tuple(one.conditions.get(name) for name in names), []).append(one)
    return list(groups.values())


def _height(panels) -> float:
    """Of the upper axes in a line of panels [inch]."""
    rows = [alike[0].panel.row * sum(len(one.table) for one in alike) for alike, _ in panels]
    return max([2.7, *rows])


def _names(sets, named) -> list[str]:
    """Of data sets in the legend of their panel: what its title does not tell."""
    if len(sets) == 1:
        return [""]
    same = len({one.label for one in sets}) == 1
    names = []
    for number, one in enumerate(sets):
        others = {name: value for name, value in one.conditions.items() if name not in named}
        words = ([] if same else [one.label]) + _conditions(others)
        names.append(", ".join(words) or str(number + 1))
    return names


def _conditions(conditions: dict[str, float]) -> list[str]:
    words = []
    for name, value in conditions.items():
        if name in (scales.PRESSURE, "Temperature [degC]"):
            words.append(f"{value:.4g} {scales.column(name).unit}")
        else:
            words.append(scales.amid(scales.value_words(name, value)))
    return words


def _entitle(axes, sets, named, width: float) -> None:
    """Name and conditions, above the legend of the panel if it has one."""
    first = sets[0]
    told = _conditions({name: first.conditions[name] for name in named if name in first.conditions})
    if len(sets) == 1:
        told += [f"weight {first.weight:.3g}"] if first.weight != 1 else []
        told += ["noise estimated"] if first.noise_from == "estimated" else []
    same = len({one.label for one in sets}) == 1
    left_out = axes.get_title()
    words = scales.in_lines(first.label, int(12 * (width - 0.8)))
    lines = [words if same else f"{len(sets)} data sets", ", ".join(told), left_out]
    handles, labels = axes.get_legend_handles_labels()
    rows = 0
    if handles:
        fitting = int((width - 0.9) * LETTERS / (max(len(_plain(label)) for label in labels) + 5))
        columns = max(1, min(fitting, len(labels), 4))
        rows = -(-len(labels) // columns)
        where = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": columns}
        tight = {"borderaxespad": 0.1, "columnspacing": 1.2, "handlelength": 1.4}
        axes.legend(handles, labels, fontsize=7, frameon=False, **where, **tight)
    axes.set_title("\n".join(filter(None, lines)), fontsize=9, pad=(7 if rows else 5) + 12.5 * rows)


def _plain(label: str) -> str:
    return label.replace("$^{", "").replace("}$", "")


def _handles_of_panels(sets) -> dict:
    """What all panels have in common."""
    bars = any(one.panel.bars for one in sets)
    open_ = {"color": GREY, "marker": "o", "ms": 4, "mfc": "none", "ls": ""}
    handles = {
        "measured" + (" (bars: ± noise)" if bars else ""): Line2D([], [], **open_),
        "model": Line2D([], [], color=GREY, lw=1.5),
        f"± {BAND:g} times the noise": Patch(fc="0.9"),
    }
    if any("compared" in one.table and not one.table["compared"].all() for one in sets):
        handles["not compared"] = Line2D([], [], **{**open_, "color": PALE})
    return handles


def _residual_limits(axes) -> None:
    """The same on both sides of nothing, wide enough for all that is compared."""
    drawn = [line.get_ydata() for line in axes.lines if line.get_color() != PALE]
    values = np.concatenate([np.asarray(each, float) for each in drawn])
    most = np.abs(values[np.isfinite(values)]).max(initial=0.0)
    axes.set_ylim(-max(1.15 * most, 4.0), max(1.15 * most, 4.0))
    axes.yaxis.set_major_locator(MaxNLocator(4, symmetric=True, integer=True))
