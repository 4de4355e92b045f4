"""Numbers come back from files and threads as they were; nothing is left behind."""

import json
import logging
import os
import random
import signal
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pybamm
import pytest
import xarray as xr
from matplotlib.figure import Figure

import ssb_model as ssb
from ssb_model.analysis.draws import latin_hypercube
from ssb_model.engine.outcome import labelled_frame
from ssb_model.studies.plan import planned
from ssb_model.studies.runs import Settings
from ssb_model.studies.solve import solve
from ssb_model.validation.validate import validate
from ssb_model.verbs.cycle_result import CyclingSet

A, OTHER = "NCM811_LPSCl_Si", "NCM523_LPSCl_InLi"
GRID = {"stack_pressure": [1e6, 5e6], "grain_size": [1e-6, 3e-6]}
SEEN = ssb.NumberData(
    quantity="Positive electrode interface capacitance [uF.cm-2]", value=310, stack_pressure=5e6
)
CEILING = "Positive electrode coverage ceiling"


def draft(name):
    return ssb.load_cell(name).with_options({"mesh": "draft"})


@cache
def cycled():
    return ssb.cycle(draft(A), 1, 2, impedance_every=1, impedance_frequencies=[1e3, 1])


def runs_of(result):
    name = result.kind.replace("-", "_")
    return {f"{name}.csv": result.table, f"{name}.curves.csv": labelled_frame(result.data)}


def pressures_of(result):
    frames = {f"{one.conditions['Stack pressure [MPa]']:g}MPa": one.table for one in result.results}
    return {"cycle.csv": result.table} | {f"{k}/cycle.csv": one for k, one in frames.items()}


def fitted_of(result):
    return {"fit.csv": result.table, "data_1.csv": result.sets[0].table}


MADE = {  # by the name of its JSON: the call, its tables by the names of their files
    "discharge": (
        lambda: ssb.discharge(draft(A), 2),
        lambda result: {"discharge.csv": labelled_frame(result.data)},
    ),
    "rate_test": (lambda: ssb.rate_test(draft(A), 2), runs_of),
    "impedance": (
        lambda: ssb.impedance(draft(A), 0.5),
        lambda result: {"impedance.csv": result.table},
    ),
    "gitt": (
        lambda: ssb.gitt(draft(A), pulse=1500, t1=0.1, t2=10),
        lambda result: {
            "gitt.csv": result.table,
            "gitt.record.csv": labelled_frame(result.data),
        },
    ),
    "cycle": (
        cycled,
        lambda result: {
            "cycle.csv": result.table,
            "cycle.spectra.csv": pd.DataFrame(result.spectra),
        },
    ),
    "pressures/cycle": (
        lambda: CyclingSet([cycled()]),
        pressures_of,
    ),
    "pressure_steps": (
        lambda: ssb.pressure_steps(draft(A), 5e6, cycles_before=1, cycle_rate=1),
        lambda result: {
            "pressure_steps.csv": result.table,
            "cycles.csv": pd.DataFrame(result.cycles),
        },
    ),
    "sweep": (
        lambda: ssb.sweep(A, GRID, "from full"),
        lambda result: {
            "sweep.csv": result.table,
            "sweep.minimum_pressure.csv": result.minimum_pressures(),
        },
    ),
    "min_pressure": (
        lambda: ssb.minimum_stack_pressure(A, 0.5, from_full=True, samples=2),
        lambda result: {
            "min_pressure.csv": result.table,
            "min_pressure.draws.csv": result.draws.table,
        },
    ),
    "fit": (lambda: ssb.fit(A, [SEEN], [CEILING]), fitted_of),
    "report": (
        lambda: validate("materials/coverage"),
        lambda result: {},  # its rows are in the JSON alone
    ),
}


def surroundings():
    """What others in the same process would notice."""
    known = [number for number in signal.valid_signals() if number < signal.SIGRTMIN]
    return {
        "numpy's alarms": np.geterr(),
        "how numpy prints": np.get_printoptions(),
        "numpy's draws": repr(np.random.get_state()),  # noqa: NPY002
        "Python's draws": random.getstate(),
        "warnings": list(warnings.filters),
        "signals": {number: signal.getsignal(number) for number in known},
        "PyBaMM's log": pybamm.logger.level,
        "log": (logging.getLogger().level, list(logging.getLogger().handlers)),
        "matplotlib": dict(matplotlib.rcParams),
        "its backend": matplotlib.get_backend(),
        "its windows": plt.get_fignums(),
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "hooks": (sys.excepthook, sys.unraisablehook, sys.gettrace(), sys.getrecursionlimit()),
        "tables": pd.get_option("display.precision"),
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Every kind of result, saved; what surrounds them before and after."""
    before, root, results = surroundings(), tmp_path_factory.mktemp("made"), {}
    for name, (make, _) in MADE.items():
        results[name] = make()
        with pytest.MonkeyPatch.context() as patch:
            if name != "discharge":  # one picture is enough
                patch.setattr(Figure, "savefig", lambda self, held, **_: held.write(b"drawn"))
            results[name].save(root / name.rpartition("/")[0])
    return root, results, before, surroundings()


@pytest.mark.parametrize("name", MADE)
def test_files_give_back_what_was_saved(made, name):
    root, results, *_ = made
    result, main = results[name], root / f"{name}.json"
    saved = json.loads(main.read_text())
    listed = saved.pop("files")
    assert saved.pop("seal")
    saved.pop("hashes")
    assert json.dumps(saved) == json.dumps(result.payload)
    tables = MADE[name][1](result)
    assert set(tables) <= set(listed)
    assert all((main.parent / one).is_file() for one in listed)
    for file, table in tables.items():
        same_table(pd.read_csv(main.parent / file, dtype=str), table)
    for file in (one for one in listed if one.endswith(".nc") and "/" not in one):
        with xr.open_dataset(main.parent / file) as read:
            same_data(read, result.data)


def same_table(read, table):
    """To the last bit."""
    assert list(read) == list(table)
    compared = 0
    for column in table:
        numbers = as_numbers(table[column])
        if np.isfinite(numbers).any():
            assert np.array_equal(as_numbers(read[column]), numbers, equal_nan=True), column
            compared += 1
    assert compared


def as_numbers(column):
    """As Python reads them: not every pandas is as exact."""

    def number(word):
        try:
            return float(str(word))
        except ValueError:
            return np.nan

    return np.array([number(word) for word in column])


def same_data(read, data):
    """To the last bit."""
    assert set(read.variables) == set(data.variables)
    for name, variable in data.variables.items():
        kind = variable.dtype.kind
        assert np.array_equal(read[name].values, variable.values, equal_nan=kind == "f"), name
        assert read[name].attrs.get("units") == variable.attrs.get("units")


def test_nothing_is_left_behind(made):
    *_, before, after = made
    assert after.keys() == before.keys()
    for name, value in before.items():
        assert after[name] == value, name


def test_same_seed_same_numbers():
    ranges = {"a": (1e6, 5e5, 5e6), "b": (0.0, -1.0, 1.0)}
    one, again, other = (latin_hypercube(ranges, 50, seed) for seed in (7, 7, 8))
    assert all(np.array_equal(one[name], again[name]) for name in ranges)
    assert not any(np.array_equal(one[name], other[name]) for name in ranges)
    drawn = {"stack_pressure": [1e6, 5e6]}
    first, second, third = (
        ssb.sweep(A, drawn, "from full", samples=3, seed=seed).rows for seed in (1, 1, 2)
    )
    assert first == second
    assert first != third


def test_one_thread_or_two():
    conditions = {"c_rate": 0.5, "stack_pressure": None, "temperature": None, "soc": 0.5}
    plan, points = planned(ssb.load_cell(A), GRID, "from full", conditions, Settings())
    assert solve(plan, points, threads=1) == solve(plan, points, threads=2)


def all_of(name):
    """Every kind of run of a cell, as plain data."""
    cell = draft(name)
    return [
        ssb.discharge(cell, 2, from_full=True).payload,
        ssb.rate_test(cell, 3).payload,
        ssb.impedance(cell, 0.5, frequencies=[1e5, 10, 1e-2]).payload,
        ssb.sweep(cell, {"stack_pressure": [1e6, 5e6]}, "from full").payload,
    ]


def test_two_cells_in_two_threads():
    """Side by side each gives what it gives alone."""
    alone = [all_of(name) for name in (A, OTHER)]
    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(all_of, (A, OTHER)))
    assert together == alone
