"""The figures of the README: ``python docs/make_figures.py``, a minute."""

from __future__ import annotations

from pathlib import Path

import ssb_model as ssb

HERE = Path(__file__).parent / "figures"
CELL = "NCM811_LPSCl_Si"
PRESSURES = [5e6, 1e6]  # Pa
RATES = [0.1, 0.2, 0.3, 0.5, 0.7, 1.0]


def rate_test():
    """Capacity against C-rate at two stack pressures."""
    return ssb.rate_test(CELL, RATES, stack_pressure=PRESSURES).plot()


def limits():
    """Where the voltage of a discharge is lost."""
    return ssb.limits(CELL, 0.5).plot()


def pressure_map():
    """Capacity over stack pressure and grain size."""
    axes = {
        "stack_pressure": [1e6, 1.5e6, 2e6, 3e6, 5e6, 8e6, 12e6, 20e6],  # Pa
        "grain_size": [0.5e-6, 1e-6, 2e-6, 3e-6, 4e-6, 6e-6],  # m
    }
    return ssb.sweep(CELL, axes, c_rate=0.5).plot()


def design():
    """Specific energy against stack pressure: designs that none beats."""
    loading, separator = "positive: Active material loading [kg.m-2]", "separator: Thickness [m]"
    over = {"stack_pressure": [1e6, 10e6], loading: [0.08, 0.3], separator: [30e-6, 160e-6]}
    return ssb.design(CELL, over).plot()


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    for make in (rate_test, limits, pressure_map, design):
        path = HERE / f"{make.__name__}.png"
        make().savefig(path, dpi=85, bbox_inches="tight", metadata={"Software": None})
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
