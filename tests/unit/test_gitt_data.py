"""Resistances of a titration as a data set: what is refused, and in which order they stand."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.errors import InputError

NAN = np.nan
GIVEN = {
    "soc": [0.8, 0.5, 0.2],
    "R1": [40e-4, NAN, 41e-4],
    "R2": [66e-4, NAN, NAN],
    "R3": [NAN, NAN, 35e-4],
    "c_rate": 0.5,
    "t1": 1e-3,
    "t2": 1.0,
    "label": "titrated",
}
FLAT = [40e-4, 66e-4, 41e-4, 35e-4]
SPLIT = {"c_rate": 0.5, "t1": 1e-3, "t2": 1.0}


@pytest.fixture(scope="module")
def cell():
    return ssb.load_cell("NCM523_LPSCl_InLi")


def refusal(make, *given, **named):
    with pytest.raises(InputError) as error:
        make(*given, **named)
    message = str(error.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"soc": [80, 50, 20]}, "a state of charge lies between 0 and 1"),
        ({"soc": [0.8, NAN, 0.2]}, "soc: entry 2 is no finite number"),
        ({"R2": [66e-4, 50e-4]}, "soc and R2 are not equally many"),
        ({"R2": [66e-4, 0.0, 50e-4]}, "R2 is positive, or NaN where it was not measured"),
        ({"R3": [np.inf, 1e-3, 1e-3]}, "R3 is positive, or NaN"),
        ({"R1": ["many", 1e-3, 1e-3]}, "R1 must be numbers"),
        ({"R1": None, "R2": None, "R3": None}, "no resistance is given; give R1, R2 or R3"),
        ({"c_rate": -0.5}, "c_rate must be a positive number, not -0.5"),
        ({"t1": 0.0}, "t1 must be a positive number"),
        ({"t1": 2.0}, "t1 < t2 < pulse"),
        ({"pulse": 0.5}, "t1 < t2 < pulse"),
        ({"rest": 0.0}, "rest must be a positive number"),
        ({"direction": "both"}, "the direction is one of discharge, charge, not 'both'"),
        ({"noise": 0.0}, "the noise must be a positive number"),
    ],
)
def test_fields_are_checked(wrong, said):
    message = refusal(ssb.GittData, **{**GIVEN, **wrong})
    assert said in message
    assert message.startswith("titrated:")


def test_only_what_was_measured_is_compared(cell):
    data = ssb.GittData(**GIVEN)
    np.testing.assert_allclose(data.measured(cell), FLAT)
    np.testing.assert_allclose(data.sigma(cell), 0.05 * np.array(FLAT))
    precise = ssb.GittData(**GIVEN, noise=0.01)
    np.testing.assert_allclose(precise.sigma(cell), 0.01 * np.array(FLAT))


def test_resistances_of_the_whole_cell(cell):
    data = ssb.GittData(**GIVEN, per_area=False)
    np.testing.assert_allclose(data.measured(cell), cell.design.area * np.array(FLAT))
    seen = data.seen(np.array([1.0, 2.0, 3.0, 4.0]))
    np.testing.assert_allclose(seen.measured(cell), [1, 2, 3, 4])
    assert seen.t2 == data.t2


def test_table(cell):
    predicted = np.array([1e-4, 2e-4, 3e-4, 4e-4])
    table = ssb.GittData(**GIVEN).table(cell, predicted, 0.1 * predicted)
    assert list(table.columns) == [
        "State of charge",
        *(f"{kind}R{n} [Ohm.cm2]" for kind in ("", "Model ", "Sigma ") for n in (1, 2, 3)),
    ]
    expected = {
        "State of charge": [0.8, 0.5, 0.2],
        "R1 [Ohm.cm2]": [40, NAN, 41],
        "R2 [Ohm.cm2]": [66, NAN, NAN],
        "R3 [Ohm.cm2]": [NAN, NAN, 35],
        "Model R1 [Ohm.cm2]": [1, NAN, 3],
        "Model R2 [Ohm.cm2]": [2, NAN, NAN],
        "Model R3 [Ohm.cm2]": [NAN, NAN, 4],
        "Sigma R1 [Ohm.cm2]": [0.1, NAN, 0.3],
        "Sigma R3 [Ohm.cm2]": [NAN, NAN, 0.4],
    }
    for name, column in expected.items():
        np.testing.assert_allclose(table[name], column, err_msg=name)


def test_out_of_a_file(cell, tmp_path):
    path = tmp_path / "split.csv"
    head = "SOC [%],R1 [Ohm cm2],R2 [Ohm cm2],Stack pressure [MPa]"
    path.write_text(f"{head}\n80,40,66,20\n20,41,,20\n", encoding="utf-8")
    data = ssb.read_data_set(path, **SPLIT)
    assert (data.kind, data.name, data.stack_pressure) == ("gitt", "split.csv", 20e6)
    np.testing.assert_allclose(data.measured(cell), [40e-4, 66e-4, 41e-4])
    message = refusal(ssb.read_data_set, path, t1=1e-3)
    assert "not given: c_rate, t2" in message
    path.write_text(f"{head}\n80,40,66,20\n20,41,,5\n", encoding="utf-8")
    message = refusal(ssb.read_data_set, path, **SPLIT)
    assert "several values of stack pressure; give a file for each" in message
    assert ssb.read_data_set(path, stack_pressure=1e6, **SPLIT).stack_pressure == 1e6
