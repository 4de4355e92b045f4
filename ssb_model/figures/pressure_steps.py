"""A sequence of stack pressures."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

RESISTANCES = (
    ("separator_resistance_Ohm_cm2", "separator", "o-", "C0"),
    ("positive_interface_Ohm_cm2", "positive interface", "s-", "C1"),
    ("negative_interface_Ohm_cm2", "negative interface", "^-", "C2"),
)
CONTACT = (
    ("positive_contact_fraction", "contact fraction, positive", "s-", "C1"),
    ("negative_contact_fraction", "contact fraction, negative", "^-", "C2"),
    ("separator_bonded_share", "bonded share, separator", "o:", "C0"),
    ("positive_bonded_share", "bonded share, positive", "s:", "C1"),
    ("negative_bonded_share", "bonded share, negative", "^--", "C2"),
)
CAPACITY = (("discharge_capacity_mAh_g", "", "D-", "C3"),)
FEW = 20  # points up to which each is marked


def plot_pressure_steps(title: str, rows, cycles, conditions) -> Figure:
    """Resistance, contact and capacity: the cycles before on the left, the steps on the right."""
    figure = Figure(figsize=(10.0 if cycles else 7.5, 7.5), layout="constrained")
    grid = figure.subplots(3, 2 if cycles else 1, squeeze=False, sharey="row", sharex="col")
    panels = [(grid[:, -1], rows, range(1, len(rows) + 1))]
    if cycles:
        panels.append((grid[:, 0], cycles, [row["cycle"] for row in cycles]))
    for column, table, x in panels:
        marked = table is rows or len(table) <= FEW
        for axes, curves in zip(column, (RESISTANCES, CONTACT, CAPACITY), strict=True):
            for key, label, style, color in curves:
                if key in table[0]:
                    values = [row[key] for row in table]
                    shape = style if marked else style[1:]
                    axes.plot(x, values, shape, color=color, label=label, fillstyle="none")
            axes.grid(alpha=0.25)
    _label_steps(grid[:, -1], rows, conditions)
    _label_rows(grid[:, 0], [*rows, *cycles])
    if cycles:
        _label_cycles(grid[2, 0], conditions)
    for axes in grid[:2, -1]:
        axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    figure.suptitle(title, fontsize=10)
    return figure


def _label_rows(axes, table) -> None:
    axes[0].set_ylabel("Resistance / $\\Omega$ cm$^2$")
    axes[0].set_yscale("log")
    axes[1].set_ylabel("Share")
    axes[1].set_ylim(0, 1.05)
    axes[2].set_ylabel("Capacity / mAh g$^{-1}$")
    axes[2].set_ylim(0, 1.1 * max(1, *(row["discharge_capacity_mAh_g"] for row in table)))


def _label_steps(axes, rows, conditions) -> None:
    rate = rows[0]["discharge_c_rate"]
    axes[0].set_title(f"steps, read at {conditions['steps_read_at']}", fontsize=9)
    axes[2].set_title(f"{rate:g}C discharge after {rate:g}C charge, CC, no CV", fontsize=9)
    axes[2].set_xticks(range(1, len(rows) + 1), [f"{row['stack_pressure_MPa']:g}" for row in rows])
    axes[2].set_xlabel("Stack pressure of each step / MPa")
    for number, row in enumerate(rows, start=1):
        if row["stopped_by"].startswith("never began"):
            axes[2].annotate("never began ", (number, 0), rotation=90, ha="right", fontsize=8)


def _label_cycles(axes, conditions) -> None:
    rate, charge = conditions["cycle_c_rate"], conditions["cycle_charge"]
    pressure = conditions["cycle_pressure_MPa"]
    axes.set_title(f"{rate:g}C discharge after {rate:g}C charge, {charge}", fontsize=9)
    axes.set_xlabel(f"Cycle at {pressure:g} MPa, read at the end of its discharge")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
