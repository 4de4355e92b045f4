"""Searching for designs: a front that is known, limits, going on, cells that come out of it."""

import json

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.studies import designs as of_designs
from ssb_model.studies.designs import Limit, Wanted
from ssb_model.studies.front import front, search

A, LOADING = "NCM811_LPSCl_Si", "positive: Active material loading [kg.m-2]"
OVER = {"stack_pressure": [1e6, 10e6], LOADING: [0.08, 0.3]}
SPECIFIC = "Specific energy [W.h.kg-1]"


def volume_below(goals, reference=(1.1, 1.1)):
    """Hypervolume of a front of two goals."""
    goals = goals[(goals < reference).all(axis=1)]
    goals = goals[np.argsort(goals[:, 0])]
    beside = np.append(goals[1:, 0], reference[0])
    return float(((beside - goals[:, 0]) * (reference[1] - goals[:, 1])).sum())


def zdt1(x):
    """Zitzler, Deb and Thiele 2000: its front is 1 - sqrt(f1)."""
    g = 1 + 9 * x[:, 1:].mean(axis=1)
    return np.column_stack([x[:, 0], g * (1 - np.sqrt(x[:, 0] / g))])


@pytest.mark.parametrize(("size", "points", "generations"), [(4, 20, 40), (30, 100, 100)])
def test_a_known_front_is_found(size, points, generations):
    tried = []

    def evaluate(x):
        tried.append(zdt1(x))
        return tried[-1], np.zeros((len(x), 0))

    search(evaluate, size, 2, points, generations)
    given = np.vstack(tried)
    assert len(given) == points * generations
    best = front(given, np.zeros((len(given), 0)))
    whole = 1.1**2 - 1 / 3  # of 1 - sqrt(f1) below the reference
    assert volume_below(given[best]) >= 0.95 * whole
    few = front(given, np.zeros((len(given), 0)), 20)
    assert len(few) == 20
    assert volume_below(given[few]) >= 0.88 * whole


def test_limits_are_kept_and_what_fails_is_no_design():
    """ZDT1 with f1 >= 0.3 asked, and nothing known where f1 > 0.8."""
    tried, missing = [], []

    def evaluate(x):
        goals = zdt1(x)
        goals[x[:, 0] > 0.8] = np.nan
        tried.append(goals)
        missing.append((0.3 - x[:, :1]) / 0.3)
        return goals, missing[-1]

    search(evaluate, 3, 2, 20, 25)
    given, missed = np.vstack(tried), np.vstack(missing)
    best = given[front(given, missed)]
    assert best[:, 0].min() == pytest.approx(0.3, abs=0.02)
    assert best[:, 0].min() >= 0.3
    assert best[:, 0].max() == pytest.approx(0.8, abs=0.02)


def test_a_front_is_what_none_beats():
    given = np.array([[1, 4], [2, 2], [2, 3], [4, 1], [3, 3], [np.nan, 0], [0, 0], [2, 2]], float)
    missed = np.zeros((8, 1))
    missed[6] = 1  # would beat all
    assert front(given, missed) == [0, 1, 3]
    assert front(given, np.full((8, 1), np.nan)) == []


def own(cell, stack_pressure, c_rate, temperature, soc):
    x = stack_pressure / 1e7
    y = cell.design.file.separator["Thickness [m]"] / 2e-4
    return {"gain": 1 - (y - 0.5) ** 2 - x, "effort": 1 - x, "x": x}


def test_a_function_of_one_s_own_through_the_whole_verb():
    """Its front is a separator of 100 um at any pressure."""
    over = {"stack_pressure": [1e5, 1e7], "separator: Thickness [m]": [5e-5, 1.8e-4]}
    asked = {"maximise": ["gain", "-effort"], "run": own, "points": 12, "generations": 12}
    result = ssb.design(A, over, **asked)
    assert len(result.rows) == 12
    for row in result.rows:
        assert row["gain"] == pytest.approx(row["effort"], abs=0.03)
    with pytest.raises(InputError, match="gives no 'other'"):
        ssb.design(A, over, maximise="other", run=own, points=4, generations=1)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("design")
    kwargs = {"points": 6, "generations": 3, "layers": 4, "journal": folder / "whole.sqlite"}
    return folder, kwargs, ssb.design(A, OVER, limit=["Stack pressure [MPa] <= 8"], **kwargs)


def test_a_front_of_cells_none_beats_and_each_is_a_file(result):
    folder, _, found = result
    assert found.rows
    rows = sorted(found.rows, key=lambda row: row["Stack pressure [MPa]"])
    energies = [row[SPECIFIC] for row in rows]
    assert energies == sorted(energies)
    assert all(row["Stack pressure [MPa]"] <= 8 for row in rows)
    names = {path.name for path in found.save(folder / "out")}
    assert {f"design_{k:02d}.toml" for k in range(1, len(rows) + 1)} <= names
    cell = ssb.load_cell(folder / "out" / "design_01.toml")
    again = ssb.energy(cell, layers=4).rows[0]
    for name in (SPECIFIC, "Stack pressure [MPa]", "Capacity [mA.h.g-1]"):
        assert again[name] == pytest.approx(found.rows[0][name], rel=1e-4)


def test_1c_and_the_anode_follow_the_loading(result):
    _, _, found = result
    for cell, values in zip(found.cells, found.values, strict=True):
        assert cell.design.nominal_capacity == pytest.approx(144e3 * values[1] / 0.193)
        assert cell.design.np_ratio == pytest.approx(1.2)


def test_killed_and_begun_again_it_finds_the_same(result, monkeypatch, tmp_path):
    _, kwargs, found = result
    asked = {"limit": ["Stack pressure [MPa] <= 8"], **kwargs, "journal": tmp_path / "cut.sqlite"}
    true, count = of_designs.Designs.rows, [0]

    def cut(self, points):
        count[0] += 1
        if count[0] == 3:
            raise KeyboardInterrupt
        return true(self, points)

    monkeypatch.setattr(of_designs.Designs, "rows", cut)
    part = ssb.design(A, OVER, **asked)
    assert part.stopped
    assert len(part.tried) == 12
    again = ssb.design(A, OVER, **asked)
    assert count[0] == 4  # one generation was left to run
    assert json.dumps(again.rows) == json.dumps(found.rows)
    with pytest.raises(InputError, match="journal of another run"):
        ssb.design(A, OVER, **{**asked, "seed": 1})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"maximise": "enrgy"}, "Nearest: energy"),
        ({"maximise": "energy,energy"}, "each once"),
        ({"limit": ["Plating margin [mV] >= 0"]}, "graphite"),
        ({"limit": ["Time to short [h] >= 100"]}, "lithium metal"),
        ({"limit": "Mass"}, "write it as"),
        ({"limit": 5}, "write it as"),
        ({"maximise": ""}, "a goal is"),
        ({"seed": -1}, "the seed"),
        ({"run": 5}, "a function"),
        ({"over": None}, "limits by name"),
        ({"own": 7}, "NAME=VALUE"),
        ({"limit": ["Mass [g] >= many"]}, "write it as"),
        ({"over": {"stack_pressure": [1e6]}}, "two limits"),
        ({"over": {"stack_pressure": [1e6, 2e6, 3e6]}}, "two limits"),
        ({"over": {"option contact": ["memory", "plastic"]}}, "two limits"),
        ({"over": {"Separator thickness [m]": [2e-5, 1e-4]}}, "recipe"),
        ({"over": {"c_rate": [0.1, 1]}, "maximise": "rate,pressure"}, "two C-rates"),
        ({"points": 1}, "points"),
        ({"stack_pressure": 5e6}, "is varied"),
        ({"fresh": True}, "no journal"),
    ],
)
def test_what_cannot_be_searched_is_one_line(change, said):
    with pytest.raises(InputError, match=said) as caught:
        ssb.design(A, **{"over": OVER, "points": 4, "generations": 1, **change})
    assert "\n" not in str(caught.value)


def test_words_become_goals_and_limits():
    assert Wanted.read("-Mass [g]") == Wanted("Mass [g]", -1)
    assert Wanted.read("pressure") == Wanted("Stack pressure [MPa]", -1)
    limit = Limit.read("Pressure swing [MPa]<=2")
    assert (limit.missed(1.0), limit.missed(3.0)) == (-0.5, 0.5)
    assert np.isnan(limit.missed(None))


def test_design_in_the_shell(tmp_path, capsys):
    command = ["design", A, "--over", "pressure=2:8", "--maximise", "energy", "--points", "4"]
    command += ["--generations", "1", "--out", str(tmp_path)]
    assert main(command) == 0
    assert "Front      1 design that" in capsys.readouterr().out
    saved = json.loads((tmp_path / "design.json").read_text())
    assert saved["tried"] == 4
    assert len(saved["rows"]) == 1
    assert main([*command[:-2], "--over", "pressure=1"]) == 2
