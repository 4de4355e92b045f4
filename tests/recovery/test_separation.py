"""What the data cannot tell apart is said, and so is why a fit ends where it does."""

import re
import sys
from dataclasses import replace

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model import NumberData, VoltageData
from ssb_model.errors import InputError, SolveError

CELL = "NCM523_LPSCl_InLi"
D = "Positive particle reference diffusivity [m2.s-1]"
J0 = "Positive electrode reference exchange-current density [A.m-2]"
CEILING = "Positive electrode coverage ceiling"
CAPACITANCE = "Positive electrode interface capacitance [uF.cm-2]"
TRUTH = {D: 2e-14, J0: 40.0}
VOLTS = 1e-3


def records(cell, pressure, seed=0, rates=(0.2, 1.0)):
    random = np.random.default_rng(seed)
    return [
        VoltageData(
            label=f"{run.row['C-rate']:g}C, {pressure / 1e6:g} MPa",
            time=run.data["Time [s]"].values,
            current=1e-3 * run.data["Current [mA]"].values,
            voltage=run.data["Voltage [V]"].values
            + random.normal(0, VOLTS, run.data.sizes["point"]),
            stack_pressure=pressure,
            noise=VOLTS,
        )
        for run in ssb.rate_test(cell, rates, stack_pressure=pressure, from_full=True).runs
    ]


@pytest.fixture(scope="module")
def measured():
    return records(ssb.load_cell(CELL).with_values(TRUTH), 5e6)


def test_contact_and_kinetics_are_one_product():
    """Without film and spots the contact fraction is seen in its product with j0 alone.

    At one pressure and at two: a second one fixes the shape of the contact law, not its scale.
    Capacitance, which is the contact's and not the kinetics', tells them apart.
    """
    options = {"film": "none", "contact spots": "false", "mesh": "coarse"}
    cell = ssb.load_cell(CELL).with_options(options)
    vary = {CEILING: (0.05, 1.0), J0: (2e-2, 4000.0)}
    one = records(cell, 5e6, rates=[1.0])
    two = [*one, *records(cell, 1.5e6, seed=1, rates=[1.0])]
    for data in (one, two):
        result = ssb.fit(cell, data, vary, profile=data is two, suggest=data is two)
        (said,) = result.combinations
        assert CEILING in said
        assert J0 in said
        assert "their product is known to 0." in said
        # what looks like knowledge is the solver's noise: at times a factor of some tens
        factor = re.search(r"each alone only within a factor (\S+) either way", said)
        assert "each alone not at all" in said if factor is None else float(factor[1]) > 10
    ceiling, j0 = (next(e for e in result.estimates if e.label == n) for n in (CEILING, J0))
    assert ceiling.profile_interval == (-np.inf, np.inf)
    # what j0 may be is what the bounds of the ceiling leave
    product = ceiling.value * j0.value
    assert product == pytest.approx(cell.evaluate(CEILING) * cell.evaluate(J0), rel=0.01)
    assert j0.profile_interval == pytest.approx((product / 1.0, product / 0.05), rel=0.06)
    assert result.correlation[0, 1] == pytest.approx(-1, abs=1e-6)
    experiments = [row["experiment"] for row in result.suggestions if row["times_better"] > 10]
    assert any("impedance" in words for words in experiments)
    assert any("capacitance of the positive" in words for words in experiments)
    gauge = contact_capacitance(cell)
    result = ssb.fit(cell, [*two, gauge], vary, profile=False)
    assert not result.combinations
    for one, name in zip(result.estimates, (CEILING, J0), strict=True):
        assert one.standard_error == pytest.approx(gauge.noise, rel=0.1)
        assert one.value == pytest.approx(cell.evaluate(name), rel=3 * gauge.noise)


def contact_capacitance(cell):
    """As the model has it, known to 5 %."""
    from ssb_model.engine.engine import Engine
    from ssb_model.engine.reading import gauge_row
    from tests.runs import at_rest

    engine = Engine(cell.at_soc(0.5))
    row = gauge_row(at_rest(engine, 5e6, cell.evaluate("Ambient temperature [K]")), cell)
    return NumberData(quantity=CAPACITANCE, value=row[CAPACITANCE], stack_pressure=5e6, noise=0.05)


def test_spots_tell_contact_from_kinetics():
    cell = ssb.load_cell(CELL)
    vary = {CEILING: (0.05, 1.0), J0: (2e-2, 4000.0)}
    result = ssb.fit(cell, records(cell, 5e6), vary, profile=False)
    assert not result.combinations
    assert all(one.standard_error < 0.01 for one in result.estimates)


def near(result, truth):
    for one in result.estimates:
        assert one.value == pytest.approx(truth[one.label], rel=4 * one.standard_error)
        assert not one.remark


@pytest.mark.parametrize("factors", [(0.01, 0.01), (100, 100), (0.01, 100)], ids=str)
def test_a_start_far_off_ends_at_the_right_place(measured, factors):
    vary = {
        name: {"low": value / 1e4, "high": value * 1e4, "start": value * factor}
        for (name, value), factor in zip(TRUTH.items(), factors, strict=True)
    }
    near(ssb.fit(CELL, measured, vary, profile=False, suggest=False), TRUTH)


def test_a_start_at_a_bound(measured):
    vary = {D: {"low": 1e-15, "high": 1e-12, "start": 1e-15}, J0: {"low": 0.2, "high": 2000.0}}
    near(ssb.fit(CELL, measured, vary, profile=False, suggest=False), TRUTH)


def test_the_truth_beyond_a_bound(measured):
    vary = {D: (4e-14, 1e-12), J0: (0.2, 2000.0)}
    result = ssb.fit(CELL, measured, vary, profile=False, suggest=False)
    d, j0 = result.estimates
    assert d.value == pytest.approx(4e-14, rel=1e-3)
    assert d.remark == "at its lower bound"
    assert not j0.remark
    assert any("times the noise given" in note for note in result.notes)


def test_a_start_without_a_solution(measured):
    vary = {J0: {"low": 1e-14, "high": 1e4, "start": 1e-13}}
    with pytest.raises(SolveError, match="no solution at the start.*= 1e-13.*Give another start"):
        ssb.fit(CELL, measured, vary)


def test_points_without_a_solution_on_the_way_are_told(measured):
    vary = {D: (TRUTH[D] / 1e3, TRUTH[D] * 1e3), J0: (TRUTH[J0] / 1e14, TRUTH[J0] * 1e3)}
    result = ssb.fit(CELL, measured, vary, starts=3, profile=False, suggest=False)
    near(result, TRUTH)
    assert any("had no solution, the last at" in note for note in result.notes)


def test_what_the_data_do_not_feel(measured):
    unfelt = "Positive electrode double-layer exponent"
    cell = ssb.load_cell(CELL).with_values({J0: TRUTH[J0]})
    result = ssb.fit(cell, measured, [D, unfelt], suggest=False)
    d, growth = result.estimates
    assert d.value == pytest.approx(TRUTH[D], rel=4 * d.standard_error)
    assert growth.remark == "the data do not feel it"
    assert growth.profile_interval == (-np.inf, np.inf)
    assert any(unfelt in said and "at all" in said for said in result.combinations)


def test_noise_that_is_not_given_comes_out_of_the_residuals(measured):
    unknown = [replace(one, noise=None) for one in measured]
    result = ssb.fit(CELL, unknown, dict.fromkeys(TRUTH), profile=False)
    for one in result.sets:
        assert one.noise_from == "estimated"
        assert one.table["Sigma [V]"].dropna().iloc[0] == pytest.approx(VOLTS, rel=0.15)
    near(result, TRUTH)


def test_each_cell_its_own(measured):
    """One diffusivity of the powder, a film of each cell."""
    cell = ssb.load_cell(CELL)
    film = "Positive electrode film resistance [Ohm.m2]"
    films = {"first": 1e-3, "second": 3e-3}
    data = [
        replace(one, sample=sample, label=f"{sample}, {one.label}")
        for sample, value in films.items()
        for one in records(cell.with_values({D: 5e-15, film: value}), 5e6)
    ]
    vary = {D: None, film: {"low": 1e-5, "high": 0.1, "own": True}}
    result = ssb.fit(cell, data, vary, profile=False)
    near(result, {D: 5e-15} | {f"{film} ({sample})": value for sample, value in films.items()})
    assert [made.entries[film].value for made in result.cells.values()] == pytest.approx(
        list(films.values()), rel=0.05
    )
    with pytest.raises(InputError, match="no data set names its sample"):
        ssb.fit(cell, measured, vary)


def test_information_tells_laws_apart():
    """Of two contact laws the one that made the data has the lower criterion."""
    cell = ssb.load_cell(CELL)
    data = [*records(cell, 5e6, rates=[1.0]), *records(cell, 2e6, seed=1, rates=[1.0])]
    made, other = (
        ssb.fit(cell.with_options({"contact": law}), data, [D, J0], profile=False, suggest=False)
        for law in ("memory", "plastic")
    )
    assert made.aic < other.aic - 100
    assert made.bic < other.bic - 100


def test_pybop_reaches_the_same_optimum(measured):
    pytest.importorskip("pybop")
    vary = {name: (value / 30, value * 30) for name, value in TRUTH.items()}
    ours = ssb.fit(CELL, measured, vary, profile=False)
    theirs = ssb.fit(CELL, measured, vary, engine="pybop", profile=False)
    for one, other in zip(ours.estimates, theirs.estimates, strict=True):
        assert other.value == pytest.approx(one.value, rel=0.2 * one.standard_error)
    assert any("CMAES" in note for note in theirs.notes)


def test_without_pybop_the_extra_is_named(measured, monkeypatch):
    monkeypatch.setitem(sys.modules, "pybop", None)
    with pytest.raises(InputError, match=r"ssb-model\[fit\]"):
        ssb.fit(CELL, measured, [D], engine="pybop")
