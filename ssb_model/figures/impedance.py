"""Impedance: Nyquist, Bode, relaxation times."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, ScalarFormatter

PART_STYLE = {  # of a single spectrum
    "cell": ("cell", "k", "-"),
    "positive": ("positive electrode", "C1", "--"),
    "negative": ("negative electrode", "C0", "-."),
}
MARKED = 10.0 ** np.arange(-2, 6)  # Hz
LINES = ("-", "--", "-.", ":")
FEWEST = 6  # points that have relaxation times


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
        if spectrum is not None and len(f) >= FEWEST:
            drt = spectrum.relaxation_times()
            times.plot(1 / (2 * np.pi * drt.tau), drt.gamma, **style)
    for number, reading in enumerate(measured):
        f, Z = reading.frequency, reading.impedance
        style = {"ls": "", "marker": "o^sD"[number % 4], "ms": 4, "mfc": "none", "color": "C3"}
        nyquist.plot(Z.real, -Z.imag, label=reading.label, **style)
        bode.plot(f, np.abs(Z), **style)
        phase.plot(f, -np.degrees(np.angle(Z)), **style)
        if len(f) >= FEWEST:
            drt = reading.relaxation_times()
            times.plot(1 / (2 * np.pi * drt.tau), drt.gamma, color="C3", lw=0.9)
    for number, fit in enumerate(dict(circuits).values()):
        label = None if number else "circuits"
        nyquist.plot(fit.fitted.real, -fit.fitted.imag, ":", color="C6", lw=2, label=label)
    if spectra:
        _mark_decades(nyquist, spectra[0])
    _label_nyquist(nyquist)
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
    socs = list(dict.fromkeys(one.conditions["soc"] for one in spectra))
    held = list(dict.fromkeys(one.conditions["held"] for one in spectra))
    if len(socs) == 1:  # then pressure is what changes from curve to curve
        shades, ways = held, socs
    else:
        shades, ways = socs, held
    for one in spectra:
        keys = [one.conditions["soc"], one.conditions["held"]]
        shade, way = keys if shades is socs else keys[::-1]
        color = colormaps["viridis"](0.9 * shades.index(shade) / max(len(shades) - 1, 1))
        ls = LINES[ways.index(way) % len(LINES)]
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
        text = f"{mark:g} Hz" if mark < 1e3 else f"{mark / 1e3:g} kHz"
        axes.annotate(
            text,
            (at.real, -at.imag),
            (0, 6),
            textcoords="offset points",
            fontsize=7,
            ha="center",
            bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.7},
        )


def _label_nyquist(axes) -> None:
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlabel("Z' / $\\Omega$ cm$^2$")
    axes.set_ylabel("$-$Z'' / $\\Omega$ cm$^2$")
    axes.grid(alpha=0.25)


def _label_against_frequency(bode, phase, times) -> None:
    bode.set_yscale("log")
    bode.set_ylabel("|Z| / $\\Omega$ cm$^2$")
    bode.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    bode.yaxis.set_major_formatter(ScalarFormatter())
    bode.yaxis.set_minor_formatter(NullFormatter())
    phase.set_ylabel("$-$Phase / °")
    times.set_ylabel("Relaxation times / $\\Omega$ cm$^2$")
    low, high = np.inf, 0.0
    for line in bode.lines:
        low, high = min(low, line.get_xdata().min()), max(high, line.get_xdata().max())
    inside = [
        line.get_ydata()[(line.get_xdata() >= low) & (line.get_xdata() <= high)]
        for line in times.lines
    ]
    times.set_ylim(0, 1.1 * max([1e-12, *(values.max() for values in inside if len(values))]))
    for axes in (bode, phase, times):
        axes.set_xscale("log")
        axes.set_xlim(low / 2, 2 * high)
        axes.set_xlabel("Frequency / Hz")
        axes.grid(alpha=0.25)
    times.set_xlabel("Frequency 1 / (2$\\pi\\tau$) / Hz")
