"""Sweeps: a row is of its point alone, failures are told, what is kept is what was solved."""

import json
import random
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import ssb_model as ssb
from ssb_model.cell import load_cell
from ssb_model.errors import InputError
from ssb_model.parameters.library import data_folder
from ssb_model.studies import places, solve
from ssb_model.studies.runs import Settings
from ssb_model.studies.sweep import planned, sweep

A, LITHIUM, GRAPHITE = "NCM811_LPSCl_Si", "NCM811_LPSCl_Li", "NCM523_LPSCl_Graphite"
OVER = {"stack_pressure": [1e6, 3e6, 5e6], "c_rate": [0.5, 1.0, 1.5, 2.0]}
POROSITY = "positive: Porosity [%]"


def own(cell, c_rate, stack_pressure, temperature, soc):
    """A run of a user's own."""
    run = ssb.discharge(cell, c_rate, stack_pressure, temperature, from_full=True)
    return {"capacity_mAh_g": run.row["capacity_mAh_g"], "area_m2": cell.design.area}


def texts(monkeypatch, cell, over, run, ways, settings=None, samples=None):
    """Each point's row as text, solved on new racks in each of the ways.

    A way is an order, points at a time, threads, whether compiled.
    """
    conditions = {"c_rate": 1.0, "stack_pressure": None, "temperature": None, "soc": 0.5}
    plan, points = planned(load_cell(cell), over, run, conditions, settings or Settings(), samples)
    told = []
    for order, size, threads, compiled in ways:
        monkeypatch.setattr(solve, "_RACKS", solve.Cache(6))
        numbers, rows = order(list(points)), {}
        for first in range(0, len(numbers), size):
            batch = {n: points[n] for n in numbers[first : first + size]}
            rows |= solve.solve(replace(plan, compiled=compiled), batch, threads)
        told.append({n: json.dumps(rows[n]) for n in points})
    return told


def shuffled(numbers):
    return random.Random(4).sample(numbers, len(numbers))


def as_given(numbers):
    return numbers


WAYS = [(as_given, 1000, 2, False), (shuffled, 1, 1, False), (shuffled, 5, 2, False)]


@pytest.mark.parametrize(
    ("over", "run", "settings"),
    [
        ({"c_rate": [0.3, 3.0], "stack_pressure": [2e5, 5e6]}, "from full", None),
        ({"stack_pressure": [5e5, 5e6], POROSITY: [5, 40]}, "discharge", None),
        (
            {"c_rate": [0.3, 1.0], "stack_pressure": [5e5, 5e6], "grain_size": [5e-7, 6e-6]},
            "discharge",
            Settings(charge_rate=0.2),
        ),
        ({"soc": [0.05, 0.95], "c_rate": [0.3, 3.0]}, "pulse", None),
        ({"stack_pressure": [2e6, 5e6], "c_rate": [0.2, 0.6]}, "cycles", Settings(cycles=2)),
    ],
)
def test_a_row_is_of_its_point_alone(monkeypatch, over, run, settings):
    """Not of the points beside it, their order or the threads; to the last bit."""
    first, *others = texts(monkeypatch, A, over, run, WAYS, settings, samples=8)
    for other in others:
        assert other == first


def test_compiled_or_not(monkeypatch, tmp_path):
    if shutil.which("gcc") is None:
        pytest.skip("no compiler here")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    over = {"c_rate": [0.3, 3.0], "stack_pressure": [2e5, 5e6], POROSITY: [5, 20]}
    ways = [(as_given, 1000, 2, False), (shuffled, 4, 1, True)]
    plain, compiled = texts(monkeypatch, A, over, "discharge", ways, samples=12)
    assert compiled == plain
    assert list(tmp_path.rglob("*.so"))


@pytest.mark.xfail(
    strict=True,
    reason="one start that fails sends all beside it to the careful solver (Rack._run)",
)
def test_a_row_beside_one_that_fails(monkeypatch):
    over = {"stack_pressure": [3e4, 5e6], "temperature": [260.0, 303.15], "c_rate": [0.3, 1.0]}
    first, *others = texts(monkeypatch, A, over, "charge", WAYS)
    for other in others:
        assert other == first


@pytest.mark.xfail(
    strict=True,
    reason="PyBaMM's start of a run keeps the pivots of the run before on the same thread",
)
def test_a_row_after_others(monkeypatch):
    over = {"temperature": [260.0, 345.0], "c_rate": [0.05, 5.0], "stack_pressure": [3e4, 3e7]}
    first, *others = texts(monkeypatch, GRAPHITE, over, "from full", WAYS, samples=8)
    for other in others:
        assert other == first


def test_a_recipe_nobody_can_press():
    result = sweep(A, {POROSITY: [10, 95], "stack_pressure": [1e6, 5e6]}, "from full", 1.0)
    fine, refused = result.rows[:2], result.rows[2:]
    assert all(row["stopped_by"] == "lower voltage cut-off" for row in fine)
    assert all(row["stopped_by"] == "refused" for row in refused)
    assert all("no contact left at a porosity of 0.95" in row["detail"] for row in refused)
    assert [row[POROSITY] for row in result.rows] == [10, 10, 95, 95]
    assert fine == sweep(A, {POROSITY: [10], "stack_pressure": [1e6, 5e6]}, "from full", 1.0).rows
    assert not result.failed


def test_nothing_but_refusals_is_a_result(tmp_path):
    over = {POROSITY: [95], "stack_pressure": [1e6, 5e6], "grain_size": [1e-6, 2e-6]}
    result = sweep(A, over, "from full")
    assert [row["stopped_by"] for row in result.rows] == ["refused"] * 4
    assert result.minimum_pressures() is None
    names = [path.name for path in result.save(tmp_path)]
    assert names == ["sweep.json", "sweep.csv", "sweep.nc"]


def test_what_no_model_can_be_built_of():
    """A choice PyBaMM knows and this model lacks numbers for."""
    over = {"option operating mode": ["current", "voltage"]}
    fine, failed = sweep(A, over, "from full", 1.0).rows
    assert fine["capacity_mAh_g"] > 100
    assert failed["stopped_by"] == "failed"
    assert "Voltage function" in failed["detail"]


def test_a_function_that_raises():
    def run(cell, c_rate, **_):
        if c_rate == 1.0:
            raise RuntimeError("no luck today\nand more")
        if c_rate == 1.5:
            return None
        return {"x": np.float32(0.5) if c_rate < 1 else np.arange(3)}

    result = sweep(A, {"c_rate": [0.5, 1.0, 1.5, 2.0]}, run)
    assert result.rows[0]["x"] == 0.5
    assert [row["stopped_by"] for row in result.rows] == ["", *["failed"] * 3]
    assert [row["detail"] for row in result.rows[1:3]] == [
        "RuntimeError: no luck today",
        "InputError: numbers by name were to come, not NoneType.",
    ]
    assert result.failed


def test_numbers_of_numpy_are_numbers():
    def run(cell, **_):
        return {"a": np.int64(3), "b": np.float64(1 / 3), "c": np.bool_(True), "d": None, "e": "x"}

    (row,) = sweep(A, {"c_rate": [1.0]}, run).rows
    assert [row[name] for name in "abcde"] == [3, 1 / 3, True, None, "x"]


def test_choices_as_an_axis():
    result = sweep(A, {"option contact": ["memory", "plastic"], "c_rate": [0.5, 1.0]}, "from full")
    for choice, rows in (("memory", result.rows[:2]), ("plastic", result.rows[2:])):
        cell = load_cell(A).with_options({"contact": choice})
        alone = sweep(cell, {"c_rate": [0.5, 1.0]}, "from full").rows
        for row, other in zip(rows, alone, strict=True):
            assert row == {**other, "option contact": choice}
    assert result.rows[0]["capacity_mAh_g"] != result.rows[2]["capacity_mAh_g"]
    assert list(result.data["option_contact"].values) == ["memory", "plastic"]


def test_a_recipe_as_an_axis_is_that_of_a_changed_file(tmp_path):
    """The same numbers to the last bit as of a cell loaded from a copy of the file."""
    text = (data_folder() / "cells" / f"{A}.toml").read_text(encoding="utf-8")
    varied = sweep(A, {POROSITY: [12, 8]}, own, 1.0, 3e6)
    for porosity, row in zip((12, 8), varied.rows, strict=True):
        path = tmp_path / f"porous_{porosity}.toml"
        new = f'"Porosity" = {{ value = {porosity / 100}'
        path.write_text(text.replace('"Porosity" = { value = 0.12', new, 1), encoding="utf-8")
        (alone,) = sweep(path, {"c_rate": [1.0]}, own, stack_pressure=3e6).rows
        assert row == {**alone, POROSITY: porosity}
    assert varied.rows[0]["capacity_mAh_g"] != varied.rows[1]["capacity_mAh_g"]


def test_draws_are_seeded():
    over = {"stack_pressure": (1e6, 1e7), "temperature": (290, 320), "c_rate": (0.5, 2.0)}
    result = sweep(A, over, "from full", samples=16, seed=3)
    assert result.rows == sweep(A, over, "from full", samples=16, seed=3).rows
    other = sweep(A, over, "from full", samples=16, seed=4)
    assert not set(result.table["c_rate"]) & set(other.table["c_rate"])
    assert result.sampled
    for name, low, high, apart in (
        ("stack_pressure_MPa", 1, 10, np.log),
        ("temperature_C", 290 - 273.15, 320 - 273.15, lambda c: np.log(c + 273.15)),
        ("c_rate", 0.5, 2, np.log),
    ):
        values, ends = apart(result.table[name].to_numpy()), apart(np.array([low, high]))
        parts = (values - ends[0]) / (ends[1] - ends[0]) * 16
        assert sorted(np.floor(parts).astype(int)) == list(range(16))  # one in each


@pytest.mark.parametrize("samples", [None, 12])
def test_files_hold_the_rows(tmp_path, samples):
    over = OVER if samples is None else {name: OVER[name][::2] for name in ("c_rate",)}
    over = over | ({"stack_pressure": [1e6, 5e6]} if samples else {})
    result = sweep(A, over, "from full", samples=samples)
    paths = {path.name for path in result.save(tmp_path)}
    assert {"sweep.json", "sweep.csv", "sweep.nc", "sweep.png", "sweep.svg"} <= paths
    told = json.loads((tmp_path / "sweep.json").read_text())
    assert told["rows"] == result.rows
    assert (told["size"], told["axes"]) == (12, result.axes)
    table = pd.read_csv(tmp_path / "sweep.csv", keep_default_na=False, na_values={"x": []})
    assert list(table) == list(result.table)
    for name in ("capacity_mAh_g", "stack_pressure_MPa", "c_rate"):
        assert table[name].astype(float).to_numpy() == pytest.approx(
            result.table[name].to_numpy(), rel=1e-7
        )
    with xr.open_dataset(tmp_path / "sweep.nc") as data:
        for number, row in enumerate(result.rows):
            where = {"point": number}
            if samples is None:
                where = {name: row[name] for name in ("stack_pressure_MPa", "c_rate")}
            assert float(data["capacity_mAh_g"].sel(where)) == row["capacity_mAh_g"]
        reasons = dict(part.split(": ", 1) for part in data["stopped_by"].meanings.split("; "))
        said = {reasons[str(int(k))] for k in data["stopped_by"].values.ravel()}
        assert said == {row["stopped_by"] for row in result.rows}


def test_a_sweep_goes_on_where_it_ended(tmp_path, monkeypatch):
    """Stopped after one batch of three; the rest is solved once, the end is the same."""
    over = {"stack_pressure": np.linspace(1e6, 5e6, 70)}
    whole = sweep(A, over, "from full", 1.0)
    solved = []

    def stopping(plan, batches):
        yield solve.solve(plan, batches[0])
        raise KeyboardInterrupt

    def counting(plan, batches):
        for batch in batches:
            solved.extend(batch)
            yield solve.solve(plan, batch)

    with monkeypatch.context() as patch:
        patch.setattr(places, "here", stopping)
        part = sweep(A, over, "from full", 1.0, journal=tmp_path / "a.sqlite")
    assert part.stopped
    assert part.failed
    assert part.size == 70
    assert 0 < len(part.rows) < 70
    monkeypatch.setattr(places, "here", counting)
    result = sweep(A, over, "from full", 1.0, journal=tmp_path / "a.sqlite")
    assert result.rows == whole.rows
    assert len(solved) == len(set(solved)) == 70 - len(part.rows)
    again = sweep(A, over, "from full", 1.0, journal=tmp_path / "a.sqlite")
    assert again.rows == whole.rows
    assert len(solved) == 70 - len(part.rows)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"c_rate": 2.0}, "c_rate: 1.0 there, 2.0 now"),
        ({"over": {"stack_pressure": [1e6, 4e6]}}, "stack_pressure: .* there, .* now"),
        ({"run": "charge"}, 'run: "from full" there, "charge" now'),
        ({"temperature": 310.0}, "temperature: 303.15 there, 310.0 now"),
        ({"cell": load_cell(A).with_options({"contact": "plastic"})}, "option contact"),
        ({"cell": load_cell(A).with_recipe({POROSITY: 10})}, "Cell volume"),
        ({"cell": LITHIUM}, "cell: "),
    ],
)
def test_a_changed_study_is_refused_by_the_journal(tmp_path, changed, said):
    options = {"cell": A, "over": {"stack_pressure": [1e6, 5e6]}, "run": "from full", "c_rate": 1.0}
    journal = tmp_path / "a.sqlite"
    first = sweep(**options, journal=journal)
    with pytest.raises(InputError, match=said) as error:
        sweep(**options | changed, journal=journal)
    assert "take another folder, or start anew" in str(error.value)
    assert sweep(**options, journal=journal).rows == first.rows
    anew = sweep(**options | changed, journal=journal, fresh=True)
    assert len(anew.rows) == 2


def test_anew_needs_a_journal():
    with pytest.raises(InputError, match="no journal to start anew"):
        sweep(A, OVER, "from full", fresh=True)
