"""Cycling under several stack pressures, side by side."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ssb_model.figures.cycling import draw_measured

PANELS = (  # label, (key, factor) of solid curves, of dashed ones
    ("Discharge capacity / mAh g$^{-1}$", ("discharge_capacity_mAh_g", 1), None),
    ("Retention / %", ("retention", 100), None),
    ("Polarisation / mV", ("polarisation_V", 1e3), None),
    (
        "Interface resistance / $\\Omega$ cm$^2$\n(dashed: negative)",
        ("positive_interface_Ohm_cm2", 1),
        ("negative_interface_Ohm_cm2", 1),
    ),
)
MARKERS = "osD^vP*X"
FEW = 30  # cycles up to which each is marked


def plot_cycling_set(results, measured=()) -> Figure:
    """Four panels against the cycle number; each pressure has its colour and marker."""
    figure = Figure(figsize=(9.0, 7.0), layout="constrained")
    panels = list(figure.subplots(2, 2).flat)
    for number, result in enumerate(results):
        rows = [row for row in result.rows if row["discharge_capacity_mAh_g"]]
        few = len(rows) <= FEW
        style = {"color": f"C{number}", "mfc": "none", "ms": 4}
        style["marker"] = MARKERS[number % len(MARKERS)] if few else None
        for axes, (_, *curves) in zip(panels, PANELS, strict=True):
            for curve, ls in zip(curves, ("-", "--"), strict=True):
                if curve is not None:
                    key, factor = curve
                    points = [(r["cycle"], factor * r[key]) for r in rows if r[key] is not None]
                    label = result.conditions["held"] if ls == "-" else None
                    axes.plot(*zip(*points, strict=True), ls, label=label, **style)
    for axes, (label, *_) in zip(panels, PANELS, strict=True):
        axes.set_ylabel(label, fontsize=9)
        axes.margins(y=0.1)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("Cycle")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.25)
    draw_measured(panels[0], measured)
    panels[0].legend(fontsize=8, frameon=False, loc="lower left")
    how = results[0].conditions
    figure.suptitle(
        f"{results[0].title}\n{how['c_rate']:g}C after charge at {how['charge_c_rate']:g}C, "
        f"{how['charge']}; {how['temperature_C']:g} °C",
        fontsize=10,
    )
    return figure
