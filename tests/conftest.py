"""Shared by all tests."""

import multiprocessing
import os

import pytest

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MPLBACKEND", "Agg")

CELLS = ("NCM811_LPSCl_Si", "NCM523_LPSCl_InLi", "NCM811_LPSCl_Li", "NCM523_LPSCl_Graphite")


def pytest_generate_tests(metafunc):
    """Every test that asks for a cell's name runs on all four."""
    if "cell_name" in metafunc.fixturenames:
        metafunc.parametrize("cell_name", CELLS)


def _silently(call, given, named):
    """In another process: nothing of it on the screen."""
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    call(*given, **named)


@pytest.fixture(scope="session")
def started():
    """Start a call in a process of its own, to be killed; what it imports is there already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pybamm", "xarray", "ssb_model.cli"])

    def start(call, *given, **named):
        run = context.Process(target=_silently, args=(call, given, named), daemon=True)
        run.start()
        return run

    return start


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A worker that has nothing left takes from the other: the slowest tests stand in a row."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)
