"""Whatever a verb gives keeps one contract: rows, data, cell, text, figure, files."""

import json
from html import unescape

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.figure import Figure

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.measured.of_a_cell import MeasuredCurve
from ssb_model.verbs import VERBS
from ssb_model.verbs.cycle_result import CyclingSet
from ssb_model.verbs.result import Result, text_table
from tests.calls import CALLS

A = "NCM811_LPSCl_Si"
DRAFT = ["--option", "mesh=draft"]


@pytest.fixture(scope="module")
def cell():
    return ssb.load_cell(A).with_options({"mesh": "draft"})


@pytest.fixture(scope="module")
def result_of(cell):
    """The result of a verb, run once."""
    made = {}

    def result(verb):
        if verb not in made:
            made[verb] = getattr(ssb, VERBS[verb].attribute)(cell, **CALLS[verb][1])
        return made[verb]

    return result


@pytest.mark.parametrize("verb", CALLS)
def test_the_contract(verb, result_of, cell, tmp_path):
    result = result_of(verb)
    assert isinstance(result, Result)
    assert isinstance(result.cell, ssb.Cell)
    assert result.cell.name == A
    assert not result.failed
    assert result.stopped == ""
    assert result.rows
    assert isinstance(result.table, pd.DataFrame)
    assert len(result.table) == len(result.rows)
    assert isinstance(result.data, xr.Dataset)
    assert isinstance(result.plot(), Figure)
    assert result.payload["cell"] == A
    assert result.payload["kind"] == result.kind
    assert len(repr(result)) < 100
    paths = result.save(tmp_path)
    assert paths[0].name == f"{VERBS[verb].stem}.json"
    assert all(path.is_file() for path in paths)


@pytest.mark.parametrize("verb", CALLS)
def test_print_and_notebook_show_what_the_shell_shows(verb, result_of, capsys):
    assert main([verb, A, *CALLS[verb][0], *DRAFT]) == 0
    shown = capsys.readouterr().out
    result = result_of(verb)
    assert f"{result}\n" == shown
    assert result.text in unescape(result._repr_html_())


@pytest.mark.parametrize("verb", ["discharge", "rate-test", "limits", "cycle"])
def test_measured_data_lie_beside_without_a_mark_on_the_run(verb, result_of, tmp_path):
    """Of a file, or as they were read before; one after the other."""
    file = tmp_path / "mine.csv"
    lines = [f"{60 * t},-1,{4.2 - t / 50}\n" for t in range(60)]
    file.write_text("time/s,I/mA,Ecell/V\n" + "".join(lines))
    result = result_of(verb)
    curve = MeasuredCurve("another", np.array([0.0, 1]), np.array([0.0, 1]), np.array([4.0, 3]))
    both = result.beside(file, curve)
    assert type(both) is type(result)
    first, second = both.measured
    rate = 1e-3 / (result.cell.design.one_c * result.cell.design.area)
    assert first.c_rate == pytest.approx(rate)
    assert first.label == f"mine.csv, discharge 1, {rate:.2g}C"
    assert second.label == "another"
    if verb == "rate-test":
        assert f"{first.capacity[-1]:.4g}" in both.text.split("measured")[1]
    assert result.measured == []
    assert both.rows == result.rows
    assert len(both.beside(curve).measured) == 3


def test_a_measured_spectrum_is_read_like_a_simulated_one(result_of, tmp_path):
    """One class: what the file of a simulated one gives is what it gives itself."""
    result = result_of("impedance")
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"rows": result.rows}))
    (simulated,), (measured,) = result.spectra, result.beside(file, result.spectra[0]).measured[:1]
    assert type(measured) is type(simulated)
    np.testing.assert_allclose(measured.impedance["cell"], simulated.impedance["cell"])
    assert measured.check().worst == pytest.approx(simulated.check().worst)
    assert measured.fit(1).misfit == pytest.approx(simulated.fit(1).misfit, rel=1e-3)
    times = [one.relaxation_times(regularisation=0.01).gamma for one in (measured, simulated)]
    np.testing.assert_allclose(*times)


def test_what_has_no_measured_counterpart_says_so(result_of):
    for verb in ("sweep", "min-pressure"):
        with pytest.raises(InputError, match="lay it beside a run"):
            result_of(verb).beside("mine.csv")


@pytest.mark.parametrize(("verb", "given"), [("cells", []), ("show", [A])])
def test_lists_without_a_run_keep_the_contract(verb, given, capsys, tmp_path):
    result = getattr(ssb, verb)(*given)
    assert main([verb, *given]) == 0
    assert f"{result}\n" == capsys.readouterr().out
    assert len(result.table) == len(result.rows) == result.data.sizes["index"]
    assert result.payload["kind"] == verb
    assert not result.failed
    assert [path.name for path in result.save(tmp_path)] == [f"{verb}.json", f"{verb}.csv"]
    with pytest.raises(InputError, match="without a figure"):
        result.plot()


def test_cycles_under_several_pressures_are_one_result(result_of):
    one = result_of("cycle")
    both = CyclingSet([one, one])
    assert both.cell is one.cell
    assert both.rows == [*one.rows, *one.rows]
    assert str(both) == f"{one}\n\n{one}"


def test_pressures_of_a_set_are_a_dimension(cell):
    both = ssb.cycle(cell, 1, 3, stack_pressure=[5e6, 10e6])
    gave = both.data["Discharge capacity [mA.h.g-1]"].sel(**{"Stack pressure [MPa]": 10})
    assert gave.values[0] == both.results[1].rows[0]["Discharge capacity [mA.h.g-1]"]


def test_a_table_of_picked_columns():
    rows = [{"a": 1, "b": 2.0}, {"a": 3, "b": None, "c": "x"}]
    shown = text_table(rows, {"first": "a", "third": "c", "none": "d"}).splitlines()
    assert shown[0].split() == ["first", "third"]
    assert shown[2].split() == ["1"]
    assert shown[3].split() == ["3", "x"]


def test_a_charge_says_so(cell):
    test = ssb.rate_test(cell, [0.2, 0.1], direction="charge", discharge_rate=0.1)
    first, second = (str(run).splitlines() for run in test.runs)
    assert first[1] == "Discharge  from rest at 0 %"
    assert first[2].startswith("Charge     0.2C, ")
    assert second[1].startswith("Discharge  to the lower cut-off, 0.1C to ")
    assert "um over the charge" in str(test.runs[1])
