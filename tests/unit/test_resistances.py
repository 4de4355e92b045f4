"""Resistances over the state of charge read back from small invented files."""

import numpy as np
import pytest

from ssb_model.errors import InputError
from ssb_model.measured.resistances import read_resistances

HEAD = "SOC [%],R1 [Ohm cm2],R2 [Ohm cm2],R3 [Ohm cm2]"
ROWS = "80,40,66,20\n50,38,43,\n20,41,90,35\n"


def write(tmp_path, text, name="gitt.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path):
    with pytest.raises(InputError) as error:
        read_resistances(path)
    message = str(error.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def test_table_in_si(tmp_path):
    read = read_resistances(write(tmp_path, f"# an invented cell\n{HEAD}\n{ROWS}"))
    np.testing.assert_allclose(read.soc, [0.8, 0.5, 0.2])
    np.testing.assert_allclose(read.R1, [40e-4, 38e-4, 41e-4])
    np.testing.assert_allclose(read.R2, [66e-4, 43e-4, 90e-4])
    np.testing.assert_allclose(read.R3, [20e-4, np.nan, 35e-4])
    assert read.per_area
    assert read.R1_error is read.R2_error is read.R3_error is None
    assert read.stack_pressure_Pa is read.temperature_K is None
    assert list(read.lines) == [3, 4, 5]
    assert read.notes == ()


def test_of_the_cell_and_only_some(tmp_path):
    text = "SOC;R 2 / mΩ;R2 error [Ohm]\n0,8;4000;0,5\n0,5;3000;nan\n"
    read = read_resistances(write(tmp_path, text))
    assert not read.per_area
    np.testing.assert_allclose(read.soc, [0.8, 0.5])
    np.testing.assert_allclose(read.R2, [4, 3])
    np.testing.assert_allclose(read.R2_error, [0.5, np.nan])
    assert np.isnan(read.R1).all()
    assert np.isnan(read.R3).all()


@pytest.mark.parametrize(
    ("heading", "values", "soc"),
    [
        ("SOC", "0.2 0.9", [0.2, 0.9]),
        ("SOC", "20 90", [0.2, 0.9]),
        ("SOC [1]", "0.2 0.9", [0.2, 0.9]),
        ("State of charge (%)", "20 90", [0.2, 0.9]),
        ("soc", "-0.01 1.01", [0, 1]),
        ("SOC [-]", "0 1", [0, 1]),
    ],
)
def test_states_of_charge(tmp_path, heading, values, soc):
    rows = "".join(f"{value},5\n" for value in values.split())
    read = read_resistances(write(tmp_path, f"{heading},R1 [Ohm]\n{rows}"))
    np.testing.assert_allclose(read.soc, soc)
    assert ("taken as %" in "".join(read.notes)) == (heading == "SOC" and "90" in values)


def test_table_of_a_titration(tmp_path):
    """The columns a titration is saved under."""
    text = (
        "stack_pressure_MPa,temperature_C,pulse,direction,soc,voltage_V,voltage_before_V,"
        "current_mA_cm2,duration_s,R1_ohm_cm2,R2_ohm_cm2,R3_ohm_cm2,R_total_ohm_cm2,tau2_s,flag,"
        "R1_error_ohm_cm2,R2_error_ohm_cm2,R3_error_ohm_cm2,misfit_mV\n"
        "200,25,1,discharge,0.995,3.72,3.73,1.5,72,40,66,,92,0.001,not split,10,2,,14\n"
        "200,25,2,discharge,0.987,3.71,3.72,1.5,72,38,43,9.5,90,0.0004,,2.8,0,4.1,3\n"
        "200,25,3,discharge,0.97,3.7,3.71,1.5,72,,,,90,,ends before t2,,,,\n"
    )
    read = read_resistances(write(tmp_path, text))
    np.testing.assert_allclose(read.soc, [0.995, 0.987])
    np.testing.assert_allclose(read.R3, [np.nan, 9.5e-4])
    np.testing.assert_allclose(read.R1_error, [10e-4, 2.8e-4])
    np.testing.assert_allclose(read.R2_error, [2e-4, np.nan])
    np.testing.assert_allclose(read.stack_pressure_Pa, 200e6)
    np.testing.assert_allclose(read.temperature_K, 298.15)
    assert read.per_area
    assert list(read.lines) == [2, 3]
    assert read.notes == (
        "1 rows without a resistance left out",
        "column 'R2_error_ohm_cm2': 1 errors of zero not used",
    )


@pytest.mark.parametrize(
    ("text", "where", "cure"),
    [
        ("", "", "the file is empty"),
        (HEAD, "", "no rows under the headings"),
        ("80,40,66\n", "the first line", "names the columns, as 'SOC [%]', 'R1 [Ohm cm2]'"),
        ("SOC [%],Z [Ohm]\n5,1\n", "no column of R1", "named as 'R1 [Ohm cm2]'. Found: 'SOC [%]'"),
        ("R1 [Ohm],R2 [Ohm]\n5,1\n", "no column of state of charge", "named as 'SOC [%]'"),
        ("SOC [%],R1\n5,1\n", "column 'R1' has no unit", "name it as 'R1 [Ohm cm2]'"),
        ("SOC [%],R1 [S]\n5,1\n", "unknown unit 'S'", "Known: Ohm, mOhm"),
        ("SOC [mAh],R1 [Ohm]\n5,1\n", "unknown unit 'mAh'", "as 'SOC [%]'. Known: 1, -, %."),
        ("SOC,R1 [Ohm],R2 [Ohm cm2]\n0.5,1,1\n", "'R1 [Ohm]' and 'R2", "give them one unit"),
        ("SOC,R1 [Ohm],sd R1 [Ohm m2]\n0.5,1,1\n", "'R1 [Ohm]' and 'sd R1", "give them one unit"),
        (f"{HEAD}\n80,,,\n50,,nan,\n", "no row holds a resistance", "fill R1, R2 or R3"),
        (f"{HEAD}\n80,1,1,1\n,1,1,1\n", "line 3, column 'SOC [%]'", "fill or remove the row"),
        (f"{HEAD}\n80,1,1,1\n\nfull,1,1,1\n", "line 4, column 'SOC [%]'", "'full' is no number"),
        (f"{HEAD}\n80,1,1,1\n130,1,1,1\n", "line 3, column 'SOC [%]'", "or remove the row"),
        (f"{HEAD}\n-8,1,1,1\n", "line 2, column 'SOC [%]'", "mind the unit or remove the row"),
        (f"{HEAD}\n0.8,1,1,1\n0.2,1,1,1\n", "column 'SOC [%]'", "a share; name it as 'SOC'"),
        (f"{HEAD}\n80,1,x,1\n", "line 2, column 'R2 [Ohm cm2]'", "mend it or leave it blank"),
        (f"{HEAD}\n80,1,1,inf\n", "line 2, column 'R3 [Ohm cm2]'", "mend it or leave it blank"),
        (f"{HEAD}\n8,1,1,1\n7,1,1,-14\n", "line 3, column 'R3 [Ohm cm2]'", "leave blank what"),
        ("SOC,R1 [Ohm m2]\n0.5,4\n0.4,400\n", "line 3", "than 1 MOhm cm2; mind the unit"),
        ("SOC,R1 [Ohm],R1 sd [Ohm]\n0.5,4,-1\n", "line 2, column 'R1 sd [Ohm]'", "leave blank"),
        ("SOC,R1 [Ohm],Pressure [Pa]\n0.5,4,5e12\n", "line 2", "2000 MPa; mind the unit"),
    ],
)
def test_refused_in_one_line(tmp_path, text, where, cure):
    message = refusal(write(tmp_path, text))
    assert where in message
    assert cure in message
