"""Sweeps: the same numbers whatever runs beside, what fails is told, what is kept goes on."""

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import ssb_model as ssb
from ssb_model.cell.saving import numbers
from ssb_model.engine.engine import side_by_side
from ssb_model.errors import InputError
from ssb_model.studies.plan import planned
from ssb_model.studies.runs import Settings, Stand, rows_of
from ssb_model.studies.solve import solve

A = "NCM811_LPSCl_Si"
OVER = {"stack_pressure": [0.5e6, 3e6], "grain_size": [1e-6, 4e-6], "c_rate": [0.5, 1.0]}


def plan_of(over, run="discharge", **conditions):
    told = {"c_rate": 0.5, "stack_pressure": None, "temperature": None, "soc": 0.5} | conditions
    return planned(ssb.load_cell(A), over, run, told, Settings())


def same_row(one, other):
    """Words alike, and numbers within what the solver's start leaves."""
    words, numbers_of_it = (
        [{k: v for k, v in row.items() if isinstance(v, kind)} for row in (one, other)]
        for kind in (str, float)
    )
    assert words[0] == words[1]
    assert numbers_of_it[0] == pytest.approx(numbers_of_it[1], rel=1e-6)


def test_rows_do_not_depend_on_company():
    """One by one, all together, backwards, on one thread; but for where the solver starts."""
    plan, points = plan_of(OVER)
    together = solve(plan, points)
    backwards = solve(plan, dict(reversed(points.items())), threads=1)
    alone = {number: solve(plan, {number: values})[number] for number, values in points.items()}
    for number, row in together.items():
        same_row(backwards[number], row)
        same_row(alone[number], row)
    assert len({row["Capacity [mA.h.g-1]"] for row in together.values()}) > 4


def test_compiled_gives_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cell = ssb.load_cell(A).on_mesh("draft")
    stands = [Stand(cell, 0.7, p, 303.15) for p in (1e6, 5e6)]
    rows = [
        rows_of("from full", side_by_side(cell, compiled=compiled), stands, Settings())
        for compiled in (False, True)
    ]
    for plain, fast in zip(*rows, strict=True):
        words = {key for key, value in plain.items() if isinstance(value, str)}
        assert {key: plain[key] for key in words} == {key: fast[key] for key in words}
        numbers = [{key: one[key] for key in one.keys() - words} for one in (plain, fast)]
        assert numbers[0] == pytest.approx(numbers[1], rel=1e-9)
    assert list((tmp_path / "ssb_model").iterdir())


def test_against_single_discharges():
    table = ssb.sweep(A, {"stack_pressure": [2e6, 5e6]}, c_rate=0.5).table
    for _, row in table.iterrows():
        alone = ssb.discharge(A, 0.5, stack_pressure=1e6 * row["Stack pressure [MPa]"])
        assert row["Capacity [mA.h.g-1]"] == pytest.approx(
            alone.row["Capacity [mA.h.g-1]"], rel=3e-3
        )


def test_a_charge_shared_is_the_same_charge():
    """Discharges at several rates after one charge at a rate of its own."""
    over = {"c_rate": [0.3, 0.6], "stack_pressure": [2e6, 5e6]}
    together = ssb.sweep(A, over, charge_rate=0.2).rows
    for row in together:
        at = {"c_rate": [row["C-rate"]], "stack_pressure": [1e6 * row["Stack pressure [MPa]"]]}
        same_row(ssb.sweep(A, at, charge_rate=0.2).rows[0], row)


@pytest.mark.parametrize(
    ("over", "changed"),
    [
        ({"positive: Porosity [%]": [8]}, lambda c: c.with_recipe({"positive: Porosity": 0.08})),
        ({"option contact": ["Hertz"]}, lambda c: c.with_options({"contact": "Hertz"})),
        ({"temperature": [320.0]}, lambda c: c),
        (
            {"Positive electrode film resistance [Ohm.m2]": [3e-3]},
            lambda c: c.with_values({"Positive electrode film resistance [Ohm.m2]": 3e-3}),
        ),
    ],
)
def test_each_kind_of_axis(over, changed):
    """A point is the cell with that one thing changed."""
    row = ssb.sweep(A, over, run="from full").rows[0]
    temperature = over.get("temperature", [None])[0]
    cell = changed(ssb.load_cell(A))
    alone = ssb.discharge(cell, 0.5, from_full=True, temperature=temperature).row
    assert row["Capacity [mA.h.g-1]"] == pytest.approx(
        alone["Capacity [mA.h.g-1]"], rel=3e-3, abs=1e-9
    )


def test_what_fails_is_told_and_the_rest_goes_on():
    result = ssb.sweep(A, {"positive: Porosity [%]": [10, 95]}, run="from full")
    fine, refused = result.rows
    assert fine["Capacity [mA.h.g-1]"] > 100
    assert refused["Stopped by"] == "refused"
    assert refused["Detail"]
    assert result.plot() is not None


def own(cell, c_rate, stack_pressure, temperature, soc):
    """A user's run: any numbers by name."""
    if stack_pressure > 4e6:
        raise ValueError("too much for me")
    return {"theta": cell.evaluate("Positive electrode coverage ceiling"), "P": stack_pressure}


def test_own_function():
    result = ssb.sweep(A, {"stack_pressure": [1e6, 5e6], "grain_size": [1e-6, 4e-6]}, run=own)
    told = [row.get("theta") for row in result.rows]
    assert told[0] > told[1]
    assert told[2:] == [None, None]
    assert result.rows[2]["Detail"] == "ValueError: too much for me"
    assert result.failed


def test_draws_are_seeded():
    over = {"stack_pressure": [1e6, 8e6], "c_rate": [0.3, 1.0]}
    first, again, other = (
        ssb.sweep(A, over, run="from full", samples=6, seed=seed) for seed in (0, 0, 1)
    )
    assert first.rows == again.rows != other.rows
    table = first.table
    assert table["Stack pressure [MPa]"].between(1, 8).all()
    assert table["C-rate"].between(0.3, 1).all()
    assert first.plot() is not None


def test_saved_as_it_is(tmp_path):
    result = ssb.sweep(A, OVER, run="from full")
    names = {path.name for path in result.save(tmp_path)}
    assert {"sweep.csv", "sweep.nc", "sweep.json", "sweep.png", "best_grain_size.svg"} <= names
    rows = json.loads((tmp_path / "sweep.json").read_text())["rows"]
    assert rows == result.rows
    table = pd.read_csv(tmp_path / "sweep.csv")
    np.testing.assert_allclose(
        table["Capacity [mA.h.g-1]"], result.table["Capacity [mA.h.g-1]"], rtol=1e-7
    )
    with xr.open_dataset(tmp_path / "sweep.nc") as data:
        assert dict(data.sizes) == {"Stack pressure [MPa]": 2, "Grain size [um]": 2, "C-rate": 2}
        at = data.sel(
            **{"Stack pressure [MPa]": 3},
            **{"Grain size [um]": 4},
            **{"C-rate": 1},
            method="nearest",
        )
        assert float(at["Capacity [mA.h.g-1]"]) == result.rows[-1]["Capacity [mA.h.g-1]"]


def test_kept_points_are_not_run_again(tmp_path, monkeypatch):
    journal = tmp_path / "map.sqlite"
    first = ssb.sweep(A, OVER, run="from full", journal=journal)
    monkeypatch.setattr("ssb_model.studies.workers.solve", None)
    assert ssb.sweep(A, OVER, run="from full", journal=journal).rows == first.rows
    with pytest.raises(InputError, match="another run"):
        ssb.sweep(A, OVER | {"c_rate": [0.5, 0.9]}, run="from full", journal=journal)


def test_minimum_pressures_of_a_map():
    over = {"stack_pressure": np.geomspace(0.5e6, 5e6, 6), "c_rate": [0.1, 0.3]}
    result = ssb.sweep(A, over)
    least = result.minimum_pressures()
    assert list(least["C-rate"]) == [0.1, 0.3]
    exact = ssb.minimum_stack_pressure(A, c_rate=0.1).minimum_stack_pressure / 1e6
    assert least["Pressure for 95 % [MPa]"][0] == pytest.approx(exact, rel=0.1)


def test_numbers_that_do_not_differ_are_no_inputs():
    """Pressure, rate and temperature alone leave the model's numbers folded in."""
    assert plan_of({"stack_pressure": [1e6, 2e6]})[0].differing == ()
    names = plan_of({"grain_size": [1e-6, 2e-6]})[0].differing
    assert names == tuple(sorted(n for n in numbers(ssb.load_cell(A)) if "grain size [m]" in n
                                 and "reference" not in n))  # fmt: skip


@pytest.mark.parametrize(
    ("over", "options", "cure"),
    [
        ({}, {}, "something to vary"),
        ({"stack_presure": [1e6]}, {}, "Nearest: stack_pressure"),
        ({"stack_pressure": []}, {}, "no values"),
        ({"stack_pressure": [1e6, 1e6]}, {}, "twice"),
        ({"stack_pressure": [5]}, {}, "pressures are in Pa"),
        ({"temperature": [25]}, {}, "mind the unit"),
        ({"grain_size": [-1e-6]}, {}, "must be positive"),
        ({"Stack pressure [Pa]": [1e6]}, {}, "vary 'stack_pressure'"),
        ({"Positive electrode thickness [m]": [1e-4]}, {}, "belongs to the recipe"),
        ({"option contact": ["glue"]}, {}, "glue"),
        ({"soc": [0.5]}, {}, "that of a pulse"),
        ({"stack_pressure": [1e6]}, {"run": "charg"}, "Nearest: charge"),
        ({"stack_pressure": [1e6]}, {"output": "capacity"}, r"Nearest: Capacity"),
        ({"stack_pressure": [1e6, 2e6, 3e6]}, {"samples": 4}, "two limits"),
        ({"stack_pressure": [1e6, 2e6]}, {"samples": 4, "seed": -1}, "a seed is 0"),
        ({"stack_pressure": [1e6]}, {"workers": 0}, "workers is 1"),
        ({"stack_pressure": [1e6]}, {"fresh": True}, "no journal"),
    ],
)
def test_refusals_name_the_cure(over, options, cure):
    with pytest.raises(InputError, match=cure):
        ssb.sweep(A, over, **options)


def test_cells_that_cannot_be_studied():
    cell = ssb.load_cell(A)
    used = ssb.discharge(cell, 1.0).cell_after
    for refused, cure in (
        (cell.symmetric("positive"), "symmetric"),
        (used, "fresh cells"),
        (cell.with_pressure_profile([0, 3600], [1e6, 5e6]), "profile in time"),
    ):
        with pytest.raises(InputError, match=cure):
            ssb.sweep(refused, {"c_rate": [0.5]})
