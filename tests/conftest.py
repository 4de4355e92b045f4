"""Shared by all tests."""

import os

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MPLBACKEND", "Agg")

CELLS = ("NCM811_LPSCl_Si", "NCM523_LPSCl_InLi", "NCM811_LPSCl_Li", "NCM523_LPSCl_Graphite")


def pytest_generate_tests(metafunc):
    """Every test that asks for a cell's name runs on all four."""
    if "cell_name" in metafunc.fixturenames:
        metafunc.parametrize("cell_name", CELLS)
