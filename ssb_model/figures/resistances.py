"""Resistances: of a titration over the state of charge, of spectra; a diagnosis of their change."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.ticker import LogFormatterSciNotation

from ssb_model.figures.drawing import Figure, draw_spread
from ssb_model.figures.scales import LINES, head, set_log_steps, set_nyquist
from ssb_model.quantities.units import in_unit, said

RESISTANCES = {  # key: (label, style, colour)
    "R1 [Ohm.cm2]": ("R1, ohmic", "o", "C0"),
    "R2 [Ohm.cm2]": ("R2, charge transfer", "s", "C1"),
    "R3 [Ohm.cm2]": ("R3, diffusion", "^", "C2"),
    "R_total [Ohm.cm2]": ("all three", "x", "k"),
}
PART_STYLE = {  # of a single spectrum
    "cell": ("cell", "k", "-"),
    "positive": ("positive electrode", "C1", "--"),
    "negative": ("negative electrode", "C0", "-."),
}
BOX = {"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.7}
MARKED = 10.0 ** np.arange(-2, 6)  # Hz


def plot_gitt(title: str, titrations, measured, conditions, rows=()) -> Figure:
    """Simulated titrations filled, dark to light; measured ones open and red."""
    figure = Figure(figsize=(9.5, 7.5), layout="constrained")
    (record, potential), (resistance, diffusivity) = figure.subplots(2, 2)
    shades = colormaps["viridis"](np.linspace(0, 0.8, len(titrations)))
    drawn = [(one, color, {}) for one, color in zip(titrations, shades, strict=True)]
    drawn += [(one, "C3", {"mfc": "none"}) for one in measured]
    labelled = False
    for one, color, open_ in drawn:
        record.plot(
            in_unit(one.record["Time [s]"], "h"), one.record["Voltage [V]"], lw=0.7, color=color
        )
        for direction, ls in (("discharge", "-"), ("charge", "--")):
            rows = [row for row in one.analysis.rows if row["Direction"] == direction]
            if not rows:
                continue
            soc = [100 * row["State of charge"] for row in rows]
            style = {"ls": ls, "marker": ".", "color": color, **open_}
            if direction == "charge":
                style["mfc"] = "none"
            rest = [row["Voltage [V]"] for row in rows]
            potential.plot(soc, rest, label=f"{one.label}, {direction}", **style)
            D = [row["Diffusivity [m2.s-1]"] or np.nan for row in rows]
            diffusivity.plot(soc, D, label=None if labelled else "apparent", **style)
            if not labelled:
                D = [row["Particle diffusivity [m2.s-1]"] for row in rows]
                diffusivity.plot(soc, D, color="0.6", label="of the particles")
            style["lw"] = 0.8
            for key, (label, marker, of_part) in RESISTANCES.items():
                values = [np.nan if row[key] is None else row[key] for row in rows]
                mark = {"marker": marker, "ms": 3, "label": None if labelled else label}
                if len(drawn) == 1:
                    mark["color"] = of_part
                resistance.plot(soc, values, **{**style, **mark})
            labelled = True
    _spread_of_draws(resistance, rows)
    _label(record, potential, resistance, diffusivity)
    c, split = conditions, titrations[0].split
    figure.suptitle(
        f"{title}\n{c['C-rate']:g}C for {c['Pulse [s]']:g} s, rest {c['Rest [s]']:g} s; R1 faster "
        f"than {split['t1']:.2g} s, R2 up to {split['t2']:.2g} s",
        fontsize=10,
    )
    return figure


def _spread_of_draws(axes, rows) -> None:
    """Resistances of draws at the states of charge of the cell itself, where draws were made."""
    for held, way in dict.fromkeys((row["Stack pressure [MPa]"], row["Direction"]) for row in rows):
        shown = [r for r in rows if (r["Stack pressure [MPa]"], r["Direction"]) == (held, way)]
        soc = [100 * row["State of charge"] for row in shown]
        for key, (_, _, color) in RESISTANCES.items():
            draw_spread(axes, soc, shown, key, color)


def _label(record, potential, resistance, diffusivity) -> None:
    record.set_xlabel("Time / h")
    record.set_ylabel("Voltage / V")
    potential.set_ylabel("Voltage after rest / V")
    resistance.set_ylabel("Resistance / $\\Omega$ cm$^2$")
    resistance.set_yscale("log")
    set_log_steps(resistance.yaxis)
    diffusivity.set_ylabel("Diffusivity / m$^2$ s$^{-1}$")
    diffusivity.set_yscale("log")
    set_log_steps(diffusivity.yaxis)
    diffusivity.yaxis.set_major_formatter(LogFormatterSciNotation(labelOnlyBase=False))
    for axes in (potential, resistance, diffusivity):
        axes.set_xlabel("State of charge / %")
        axes.legend(fontsize=7, frameon=False)
    for axes in (record, potential, resistance, diffusivity):
        axes.grid(alpha=0.25)


def plot_impedance(title: str, spectra, measured=(), circuits=()) -> Figure:
    """One spectrum with its electrodes, or several of the cell; measured ones as points."""
    figure = Figure(figsize=(9.5, 7.2), layout="constrained")
    grid = figure.add_gridspec(2, 3, height_ratios=[1.35, 1])
    nyquist = figure.add_subplot(grid[0, :])
    bode, phase, times = (figure.add_subplot(grid[1, column]) for column in range(3))
    for f, Z, style, spectrum in _curves(spectra):
        nyquist.plot(Z.real, -Z.imag, **style)
        bode.plot(f, np.abs(Z), **style)
        phase.plot(f, -np.degrees(np.angle(Z)), **style)
        if spectrum is not None and spectrum.long_enough:
            drt = spectrum.relaxation_times()
            times.plot(1 / (2 * np.pi * drt.tau), drt.gamma, **style)
    for number, reading in enumerate(measured):
        f, Z = reading.frequency, reading.impedance["cell"]
        style = {"ls": "", "marker": "o^sD"[number % 4], "ms": 4, "mfc": "none", "color": "C3"}
        nyquist.plot(Z.real, -Z.imag, label=reading.label, **style)
        bode.plot(f, np.abs(Z), **style)
        phase.plot(f, -np.degrees(np.angle(Z)), **style)
        if reading.long_enough:
            drt = reading.relaxation_times()
            times.plot(1 / (2 * np.pi * drt.tau), drt.gamma, color="C3", lw=0.9)
    for number, fit in enumerate(dict(circuits).values()):
        label = None if number else "circuits"
        nyquist.plot(fit.fitted.real, -fit.fitted.imag, ":", color="C6", lw=2, label=label)
    if spectra:
        _mark_decades(nyquist, spectra[0])
    set_nyquist(nyquist)
    _label_against_frequency(bode, phase, times)
    figure.suptitle(title, fontsize=10)
    handles = nyquist.get_legend_handles_labels()
    figure.legend(*handles, fontsize=8, frameon=False, loc="outside lower center", ncols=3)
    return figure


def _curves(spectra):
    """Frequency, impedance and style of each curve; the spectrum where it is the cell's."""
    if len(spectra) == 1:
        (one,) = spectra
        for part, (label, color, ls) in PART_STYLE.items():
            label = f"{label}, {one.label}" if part == "cell" else label
            style = {"label": label, "color": color, "ls": ls, "lw": 1.5}
            yield one.frequency, one.impedance[part], style, one if part == "cell" else None
        return
    socs = list(dict.fromkeys(one.conditions["State of charge"] for one in spectra))
    held = list(dict.fromkeys(one.conditions["Held"] for one in spectra))
    # pressure is what changes from curve to curve at one state of charge
    soc = "State of charge"
    by_shade, by_line = ("Held", soc) if len(socs) == 1 else (soc, "Held")
    shades, ways = (held, socs) if len(socs) == 1 else (socs, held)
    for one in spectra:
        shade = shades.index(one.conditions[by_shade]) / max(len(shades) - 1, 1)
        color = colormaps["viridis"](0.9 * shade)
        ls = LINES[ways.index(one.conditions[by_line]) % len(LINES)]
        style = {"label": one.label, "color": color, "ls": ls, "lw": 1.5}
        yield one.frequency, one.impedance["cell"], style, one


def _mark_decades(axes, spectrum) -> None:
    """Some frequencies along the curve of the cell, where there is room between them."""
    Z, f = spectrum.impedance["cell"], spectrum.frequency
    room = 0.1 * max(np.ptp(Z.real), np.ptp(Z.imag), 1e-12)
    last = None
    for mark in MARKED[(f.max() >= MARKED) & (f.min() <= MARKED)][::-1]:
        at = Z[np.argmin(np.abs(np.log(f / mark)))]
        if last is not None and abs(at - last) < room:
            continue
        last = at
        axes.plot(at.real, -at.imag, ".", color="k", ms=5)
        text = said(mark, "Hz" if mark < 1e3 else "kHz")
        style = {"textcoords": "offset points", "fontsize": 7, "ha": "center", "bbox": BOX}
        axes.annotate(text, (at.real, -at.imag), (0, 6), **style)


def _label_against_frequency(bode, phase, times) -> None:
    bode.set_yscale("log")
    bode.set_ylabel("|Z| / $\\Omega$ cm$^2$")
    set_log_steps(bode.yaxis)
    phase.set_ylabel("$-$Phase / °")
    times.set_ylabel("Relaxation times / $\\Omega$ cm$^2$")
    seen = np.concatenate([line.get_xdata() for line in bode.lines])
    low, high = seen.min(), seen.max()
    most = 1e-12
    for line in times.lines:
        x, y = line.get_data()
        most = y[(x >= low) & (x <= high)].max(initial=most)
    times.set_ylim(0, 1.1 * most)
    for axes in (bode, phase, times):
        axes.set_xscale("log")
        axes.set_xlim(low / 2, 2 * high)
        axes.set_xlabel("Frequency / Hz")
        axes.grid(alpha=0.25)
    times.set_xlabel("Frequency 1 / (2$\\pi\\tau$) / Hz")


COLOURS = {"contact": "C0", "interphase": "C1", "material": "C2"}
AREA = "area"


def plot_diagnosis(title: str, rows, further, answer: str) -> Figure:
    """Bars of the shares of each change above; below, intervals of the last, and widths to come."""
    steps = list(dict.fromkeys((row["From"], row["To"]) for row in rows))
    readings = list(dict.fromkeys(row["Reading"] for row in rows))
    size = 3.2 + 0.35 * len(steps) + 0.3 * len(readings)
    figure = Figure(figsize=(8.3, size + 1), layout="constrained")
    grid = figure.add_gridspec(
        2, 2, height_ratios=[1 + 0.35 * len(steps), 1.6 + 0.3 * len(readings)]
    )
    _bars(figure.add_subplot(grid[0, :]), rows, steps, readings[0])
    last = [row for row in rows if (row["From"], row["To"]) == steps[-1]]
    _intervals(figure.add_subplot(grid[1, 0]), last, readings)
    _widths(figure.add_subplot(grid[1, 1]), last, further)
    head(figure, title, answer)
    return figure


def _bars(axes, rows, steps, reading: str) -> None:
    """Mean shares beside one another, a bar a change."""
    for place, (start, end) in enumerate(steps):
        left = 0.0
        for row in rows:
            if (row["From"], row["To"], row["Reading"]) != (start, end, reading):
                continue
            if row["Part"] == AREA:
                continue
            share = 100 * row["Share"]
            colour = COLOURS[row["Part"]]
            axes.barh(place, share, left=left, color=colour, label=None if place else row["Part"])
            if share > 6:
                words = f"{share:.0f} %\n×{row['Factor']:.2f}"
                axes.text(left + share / 2, place, words, ha="center", va="center", fontsize=7)
            left += share
    axes.set_yticks(range(len(steps)), [f"{start} to {end}" for start, end in steps], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("Mean share of the change / %  (factor on the resistance below it)")
    axes.legend(fontsize=8, frameon=False, ncols=3, loc="lower right", bbox_to_anchor=(1, 1))


def _intervals(axes, rows, readings) -> None:
    """The interval of each share by each reading of the capacitance; the first is all together."""
    ticks, names = [], []
    for place, reading in enumerate(readings):
        for number, (part, colour) in enumerate(COLOURS.items()):
            row = next(r for r in rows if r["Reading"] == reading and r["Part"] == part)
            at = place + 0.22 * (number - 1)
            low, high = 100 * row["Share low"], 100 * row["Share high"]
            axes.plot([low, high], [at, at], color=colour, lw=1.5 if place else 3)
            axes.plot(100 * row["Share"], at, "o", color=colour, ms=4)
        ticks.append(place)
        names.append(reading)
    axes.set_yticks(ticks, names, fontsize=8)
    axes.set_ylim(len(readings) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel("Share, 90 % interval / %")
    axes.grid(axis="x", alpha=0.25)


def _widths(axes, rows, further) -> None:
    """Mean width of the intervals now and, as expected, after each further measurement."""
    parts = [row for row in rows if row["Part"] in COLOURS and row["Reading"] == rows[0]["Reading"]]
    now = sum(row["Share high"] - row["Share low"] for row in parts) / len(parts)
    bars = {"now": now, **{f"with {one['Measurement']}": one["Expected width"] for one in further}}
    colours = ["0.4", *["0.75"] * len(further)]
    axes.barh(range(len(bars)), [100 * width for width in bars.values()], color=colours)
    axes.set_yticks(range(len(bars)), bars, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("Mean width of the intervals / %")
    axes.grid(axis="x", alpha=0.25)
