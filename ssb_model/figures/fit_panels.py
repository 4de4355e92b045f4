"""One panel of a fit and the residuals below it, as a kind of data set shows its table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from ssb_model.figures import scales
from ssb_model.figures.resistances import RESISTANCES
from ssb_model.figures.scales import column, in_lines, unit_symbol
from ssb_model.quantities.units import in_unit

MOST_STRETCHES = 8  # of current, that are drawn over capacity
MANY = 600  # points of a panel, from which they are small
MOST_NAMED = 12  # curves in the legend of a panel
ROW = 0.5  # height of a number [inch]
PALE = "0.82"
GREY = "0.25"


@dataclass(frozen=True)
class Panel:
    """How a kind of data set is drawn.

    ``draw(main, below, sets, names, inches)`` draws data sets and their model into the upper axes
    and residuals over their noise into the lower ones, and gives what the legend adds.
    """

    draw: Callable[..., dict]
    bars: bool = False  # of the noise, on what was measured
    own_axis: bool = False  # residuals are not over what the upper axes are over
    row: float = 0.0  # inch that each row of a table needs


def _voltage(main, below, sets, names, inches) -> dict:
    """Over the capacity of each stretch of current, or over time."""
    tables = [one.table.assign(at_rest=_at_rest(one.table)) for one in sets]
    stretches = [
        [part for _, part in table[~table["at_rest"]].groupby("stretch", sort=False)]
        for table in tables
    ]
    counts = [len(parts) for parts in stretches]
    over_capacity = min(counts) > 0 and max(counts) <= MOST_STRETCHES
    signs = {
        float(np.sign(part["Current [mA.cm-2]"].median())) for parts in stretches for part in parts
    }
    if not over_capacity:
        curves = [(name, [table]) for name, table in zip(names, tables, strict=True)]
    elif len(sets) == 1 and counts[0] > 1:
        curves = [(_current(part, len(signs) > 1), [part]) for part in stretches[0]]
    else:
        curves = list(zip(names, stretches, strict=True))
    labels = _named([name for name, _ in curves])
    size = 3.0 if sum(map(len, tables)) < MANY else 2.0
    for (_, parts), ink, label in zip(curves, _inks(len(curves)), labels, strict=True):
        for number, part in enumerate(parts):
            x = part["Capacity [mA.h.cm-2]"] if over_capacity else in_unit(part["Time [s]"], "h")
            kept = part["compared"].to_numpy(bool)
            residual = (part["Model [V]"] - part["Voltage [V]"]) / part["Sigma [V]"]
            for chosen, color in ((~kept, PALE), (kept, ink)):
                dots = {"color": color, "ls": "", "mfc": "none"}
                main.plot(x[chosen], part["Voltage [V]"][chosen], "o", ms=size, mew=0.7, **dots)
                below.plot(x[chosen], residual[chosen], ".", ms=size, **dots)
            main.plot(x, part["Model [V]"], color=ink, lw=1.4, label=(not number and label) or None)
    way = {(1.0,): "Discharge capacity", (-1.0,): "Charge capacity"}.get(tuple(signs), "Capacity")
    below.set_xlabel(f"{way} / mAh cm$^{{-2}}$" if over_capacity else "Time / h")
    main.set_xlim(left=0)
    main.set_ylabel("Voltage / V")
    if over_capacity and any((each["at_rest"] & each["compared"]).any() for each in tables):
        main.set_title("rests are compared, not drawn")
    return {}


def _at_rest(table) -> pd.Series:
    current = table["Current [mA.cm-2]"].abs()
    return current.groupby(table["stretch"]).transform("median") <= 1e-3 * current.max()


def _current(part, mixed: bool) -> str:
    """Of a stretch, with its direction where there are both."""
    current = part["Current [mA.cm-2]"].median()
    way = ("discharge, " if current > 0 else "charge, ") if mixed else ""
    return f"{way}{abs(current):.3g} mA cm$^{{-2}}$"


def _capacity(main, below, sets, names, inches) -> dict:
    every = pd.concat([one.table for one in sets])
    for one, ink, label in zip(sets, _inks(len(sets)), _named(names), strict=True):
        table = one.table.sort_values("C-rate", kind="stable")
        rate, measured, model = (
            table["C-rate"],
            table["Capacity [mA.h.g-1]"],
            table["Model [mA.h.g-1]"],
        )
        dots = {"color": ink, "ls": "", "mfc": "none"}
        main.errorbar(
            rate, measured, table["Sigma [mA.h.g-1]"], marker="o", ms=4.5, capsize=2, **dots
        )
        first = table.drop_duplicates("C-rate")
        main.plot(
            first["C-rate"], first["Model [mA.h.g-1]"], color=ink, lw=1.4, label=label or None
        )
        main.plot(rate, model, ".", color=ink, ms=4)
        below.plot(rate, (model - measured) / table["Sigma [mA.h.g-1]"], "o", ms=4, **dots)
    rates = scales.Scale("C-rate", tuple(sorted(set(every["C-rate"]))), text=False, log=True)
    scales.set_axis(below, "x", rates, inches)
    main.set_xlim(rates.values[0] / 1.4, rates.values[-1] * 1.4)
    measured, noise = every["Capacity [mA.h.g-1]"], every["Sigma [mA.h.g-1]"]
    scales.set_output(
        main, np.concatenate([measured - noise, measured + noise, every["Model [mA.h.g-1]"]])
    )
    main.set_ylabel("Capacity / mAh g$^{-1}$")
    return {}


def _spectrum(main, below, sets, names, inches) -> dict:
    """Nyquist; residuals of both parts over frequency."""
    parts = {
        "real part": ("re", {"marker": "o", "ms": 4}),
        "imaginary part": ("im", {"marker": "s", "ms": 4, "mfc": "none"}),
    }
    for one, ink, label in zip(sets, _inks(len(sets)), _named(names), strict=True):
        table = one.table.sort_values("Frequency [Hz]")
        dots = {"color": ink, "ls": ""}
        main.plot(
            table["Z_re [Ohm.cm2]"], -table["Z_im [Ohm.cm2]"], "o", ms=3.5, mfc="none", **dots
        )
        model = {"color": ink, "lw": 1.4, "label": label or None}
        main.plot(table["Model Z_re [Ohm.cm2]"], -table["Model Z_im [Ohm.cm2]"], **model)
        for part, style in parts.values():
            off = table[f"Model Z_{part} [Ohm.cm2]"] - table[f"Z_{part} [Ohm.cm2]"]
            below.plot(table["Frequency [Hz]"], off / table["Sigma [Ohm.cm2]"], **dots, **style)
    every = pd.concat([one.table for one in sets])["Frequency [Hz]"]
    low, high = every.min(), every.max()
    scales.set_nyquist(main)
    below.set_xscale("log")
    below.set_xlim(low / 1.6, high * 1.6)
    below.set_xlabel("Frequency / Hz")
    return {name: Line2D([], [], color=GREY, ls="", **style) for name, (_, style) in parts.items()}


def _gitt(main, below, sets, names, inches) -> dict:
    """R1, R2 and R3; a colour each, or one for each data set."""
    handles, drawn = {}, []
    alone = len(sets) == 1
    for one, ink, label in zip(sets, _inks(len(sets)), _named(names), strict=True):
        table = one.table.sort_values("State of charge")
        soc = 100 * table["State of charge"]
        for words, marker, color in list(RESISTANCES.values())[:3]:
            key = f"{words[:2]} [Ohm.cm2]"
            measured, model, sigma = (table[f"{of}{key}"] for of in ("", "Model ", "Sigma "))
            if measured.isna().all():
                continue
            style = {"color": color if alone else ink}
            dots = {**style, "marker": marker, "ls": "", "mfc": "none"}
            main.errorbar(soc, measured, sigma, ms=4.5, capsize=2, **dots)
            main.plot(soc, model, lw=1.4, **style)
            below.plot(soc, (model - measured) / sigma, ms=4, **dots)
            drawn += [measured, model]
            if alone:
                main.plot([], [], **{**dots, "ls": "-"}, label=words)
            else:
                handles[words] = Line2D([], [], **{**dots, "color": GREY})
        if label:
            main.plot([], [], color=ink, lw=1.4, label=label)
    values = np.concatenate(drawn)
    values = values[np.isfinite(values)]
    if values.min() > 0 and values.max() > 4 * values.min():
        main.set_yscale("log")
        scales.set_log_ticks(main.yaxis, [values.min(), values.max()], 6.0)
    else:
        scales.set_output(main, values)
    main.set_ylabel("Resistance / $\\Omega$ cm$^2$")
    below.set_xlabel(column("State of charge").label)
    return handles


def _pressure(main, below, sets, names, inches) -> dict:
    """Readings of a load cell over time, and the pressure of the model."""
    for one, ink, name in zip(sets, _inks(len(sets)), names, strict=True):
        table = one.table[one.table["compared"]]
        hours = in_unit(table["Time [s]"].to_numpy(), "h")
        main.plot(hours, table["Stack pressure [MPa]"], "o", ms=2.5, color=PALE, mec=ink, mew=0.5)
        main.plot(hours, table["Model [MPa]"], color=ink, lw=1.3, label=name)
        off = (table["Stack pressure [MPa]"] - table["Model [MPa]"]) / table["Sigma [MPa]"]
        below.plot(hours, off, ".", ms=2.5, color=ink)
    main.set_ylabel("Stack pressure / MPa")
    below.set_xlabel("Time / h")
    return {}


def _number(main, below, sets, names, inches) -> dict:
    """A row each, as a share of the measured value."""
    tables = zip(sets, names, _inks(len(sets)), strict=True)
    rows = pd.concat(
        [one.table.assign(set=name, ink=[ink] * len(one.table)) for one, name, ink in tables],
        ignore_index=True,
    )
    reference = rows["value"].where(rows["value"] != 0)
    noise, share = (rows["sigma"] / reference).abs(), rows["model"] / reference
    for at, row in rows.iterrows():
        words = f"{row['name']} ({row['set']})" if row["set"] else row["name"]
        value = f"{row['value']:.4g} ± {row['sigma']:.2g}, model {row['model']:.4g}"
        words = f"{at + 1}  {words}: {value} {unit_symbol(row['unit'].replace(' ', '.'))}"
        spot = {"transform": main.get_yaxis_transform(), "va": "top", "fontsize": 7}
        spot["bbox"] = {"fc": "w", "ec": "none", "pad": 0.5}
        main.text(0.02, at - 0.45, in_lines(words, int(20 * inches)), **spot)
        dots = {"color": row["ink"], "ls": ""}
        main.errorbar(1.0, at + 0.27, xerr=noise[at], marker="o", mfc="none", capsize=3, **dots)
        main.plot(share[at], at + 0.27, "D", ms=5, **dots)
        below.plot(at + 1, (row["model"] - row["value"]) / row["sigma"], "D", ms=5, **dots)
    room = np.nanmax([1.4 * noise.max(), 1.2 * (share - 1).abs().max(), 0.02])
    main.set_xlim(1 - room, 1 + room)
    main.set_ylim(len(rows) - 0.5, -0.55)
    main.set_yticks([])
    main.axvline(1.0, color="0.5", lw=0.8, zorder=0)
    main.set_xlabel("Value / measured value")
    below.set_xlabel("Row")
    below.set_xticks(np.arange(1, len(rows) + 1))
    below.set_xlim(0.5, len(rows) + 0.5)
    return {"model, a number": Line2D([], [], color=GREY, marker="D", ms=5, ls="")}


VOLTAGES = Panel(_voltage)
CAPACITIES = Panel(_capacity, bars=True)
SPECTRA = Panel(_spectrum, own_axis=True)
RESISTANCES_OVER_SOC = Panel(_gitt, bars=True)
PRESSURES = Panel(_pressure)
NUMBERS = Panel(_number, bars=True, own_axis=True, row=ROW)


def _inks(count: int) -> list:
    if count <= len(scales.INKS):
        return list(scales.INKS[:count])
    return [to_hex(shade) for shade in colormaps["viridis"](np.linspace(0, 0.92, count))]


def _named(names: list[str]) -> list[str | None]:
    """Labels of curves, of some where there are too many for a legend."""
    shown = scales.few(tuple(range(len(names)))) if len(names) > MOST_NAMED else range(len(names))
    return [name if number in shown else None for number, name in enumerate(names)]
