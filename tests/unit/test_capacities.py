"""Capacities by C-rate read back from small invented files, and every refusal."""

import numpy as np
import pytest

from ssb_model.errors import InputError
from ssb_model.measured.capacities import read_capacities

HEAD = "C-rate,Capacity [mAh/g]"
RATES, CAPACITIES = [0.1, 0.5, 1.0], [150.0, 110.5, 60.25]


def write(tmp_path, text, name="rates.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def lines(*columns, separator=","):
    return "\n".join(separator.join(map(str, row)) for row in zip(*columns, strict=True))


def refusal(path):
    with pytest.raises(InputError) as error:
        read_capacities(path)
    message = str(error.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def test_all_a_table_may_have(tmp_path):
    text = (
        "# an invented cell\nC-rate,Capacity [mAh/g],Stack pressure [MPa],Temperature [degC],"
        "Error [mAh/g]\n0.1,150,5,25,2\n\n0.5,110.5,5,25,3\n1,60.25,50,60,4\n"
    )
    read = read_capacities(write(tmp_path, text))
    np.testing.assert_array_equal(read.c_rate, RATES)
    np.testing.assert_array_equal(read.capacity, CAPACITIES)
    assert (read.unit, read.direction) == ("mA.h.g-1", "discharge")
    np.testing.assert_allclose(read.stack_pressure_Pa, [5e6, 5e6, 50e6])
    np.testing.assert_allclose(read.temperature_K, [298.15, 298.15, 333.15])
    np.testing.assert_array_equal(read.error, [2, 3, 4])
    assert list(read.lines) == [3, 5, 6]
    assert read.notes == ()


def test_only_what_is_needed(tmp_path):
    read = read_capacities(write(tmp_path, f"{HEAD}\n{lines(RATES, CAPACITIES)}"))
    assert read.stack_pressure_Pa is read.temperature_K is read.error is None


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        *[(text, 0.1) for text in ("0.1", ".1", "0.1C", "0.1 C", "C/10", "c / 10", "1/10")],
        *[(text, 0.1) for text in ("1C/10", "1e-1", "1/10 C", "+0.1C")],
        *[("C", 1.0), ("2C", 2.0), ("C/2.5", 0.4), ("1/3", 1 / 3)],
    ],
)
def test_ways_of_writing_a_rate(tmp_path, text, rate):
    read = read_capacities(write(tmp_path, f"{HEAD}\n{text},150\n"))
    assert read.c_rate[0] == pytest.approx(rate, rel=1e-12)


def test_decimal_commas(tmp_path):
    read = read_capacities(write(tmp_path, "C-rate;Capacity [mAh/g]\n0,1C;150,5\n0,5;110\n"))
    np.testing.assert_allclose(read.c_rate, [0.1, 0.5])
    np.testing.assert_allclose(read.capacity, [150.5, 110])


@pytest.mark.parametrize(
    ("heading", "unit", "factor"),
    [
        ("Capacity (mAh g-1)", "mA.h.g-1", 1),
        ("Specific capacity / mAh g^-1", "mA.h.g-1", 1),
        ("Capacity [mAh·g⁻¹]", "mA.h.g-1", 1),
        ("Capacity [mAh / g]", "mA.h.g-1", 1),
        ("Capacity [mA.h.g-1]", "mA.h.g-1", 1),
        ("Capacity [Ah/kg]", "mA.h.g-1", 1),
        ("Areal capacity [mAh/cm²]", "mA.h.cm-2", 1),
        ("Capacity [mA.h.cm-2]", "mA.h.cm-2", 1),
        ("Capacity [µAh/cm2]", "mA.h.cm-2", 1e-3),
        ("Capacity [Ah m-2]", "mA.h.cm-2", 0.1),
        ("Capacity [mAh]", "A.h", 1e-3),
        ("Capacity [A.h]", "A.h", 1),
    ],
)
def test_units(tmp_path, heading, unit, factor):
    read = read_capacities(write(tmp_path, f"Rate (C),{heading}\n0.1,4\n0.5,2\n"))
    assert read.unit == unit
    np.testing.assert_allclose(read.capacity, [4 * factor, 2 * factor])


@pytest.mark.parametrize(
    ("heading", "error"),
    [("sd", 2e-3), ("Std [mAh]", 2e-3), ("Error [%]", 0.02 * 4e-3), ("Capacity error [Ah]", 2.0)],
)
def test_errors_in_the_unit_of_the_capacity(tmp_path, heading, error):
    read = read_capacities(write(tmp_path, f"C-rate,Capacity [mAh],{heading}\n0.1,4,2\n"))
    assert read.error[0] == pytest.approx(error)
    assert any("taken as the capacity's" in note for note in read.notes) == (heading == "sd")


def test_table_of_a_rate_test(tmp_path):
    """The columns a rate test of charges is saved under."""
    text = (
        "direction,c_rate,held,stack_pressure_MPa,temperature_C,before,discharge_c_rate,"
        "discharge_capacity_mAh_cm2,capacity_mAh_g,capacity_mAh_cm2,stopped_by,detail\n"
        'charge,0.1,"5 MPa, isostatic",5,30,from rest,,0,156.6,3.02,upper voltage cut-off,\n'
        'charge,0.5,"5 MPa, isostatic",5,30,from rest,0.5,2.6,81.2,1.57,upper voltage cut-off,\n'
        'charge,1,"5 MPa, isostatic",5,30,from rest,1,2.1,12.5,0.2,solver failed,step too small\n'
    )
    read = read_capacities(write(tmp_path, text, "rate_test.csv"))
    np.testing.assert_array_equal(read.c_rate, [0.1, 0.5])
    np.testing.assert_array_equal(read.capacity, [156.6, 81.2])
    np.testing.assert_allclose(read.stack_pressure_Pa, 5e6)
    np.testing.assert_allclose(read.temperature_K, 303.15)
    assert (read.unit, read.direction) == ("mA.h.g-1", "charge")
    assert read.notes == ("1 rows left out where the solver failed",)


def test_direction_by_the_heading(tmp_path):
    for word in ("charge", "discharge"):
        text = f"C-rate,Specific {word} capacity [mAh/g]\n0.1,150\n"
        assert read_capacities(write(tmp_path, text)).direction == word


def test_capacities_that_are_odd_but_possible(tmp_path):
    read = read_capacities(write(tmp_path, f"{HEAD},Temperature [K]\n0.1,0.15,\n1,0,\n"))
    np.testing.assert_array_equal(read.capacity, [0.15, 0])
    assert "left out: column 'Temperature [K]' has no numbers" in read.notes
    assert "every capacity is below 1 mAh/g: mind the unit in the heading" in read.notes


@pytest.mark.parametrize(
    ("text", "where", "cure"),
    [
        ("", "empty", "the file is empty"),
        ("# nothing\n", "", "nothing but comments"),
        (HEAD, "", "no rows under the headings"),
        ("0.1,150\n0.5,120\n", "the first line", "names the columns, as 'C-rate', 'Capacity"),
        ("C-rate,Voltage [V]\n0.1,3\n", "no column of capacity", "named as 'Capacity [mAh/g]'"),
        ("Capacity [mAh/g]\n150\n", "no column of C-rate", "named as 'C-rate'. Found: 'Capacity"),
        ("C-rate,Capacity\n0.1,150\n", "column 'Capacity' has no unit", "as 'Capacity [mAh/g]'"),
        ("C-rate,Capacity [g]\n1,1\n", "unknown unit 'g'", "Known: mAh/g, mAh.g-1"),
        ("Rate [mA],Capacity [Ah]\n1,1\n", "unknown unit 'mA'", "as 'C-rate'. Known: C, 1/h"),
        (f"{HEAD}\n0.1,150\n\nfast,99\n", "line 4, column 'C-rate'", "'fast' is no C-rate; write"),
        (f"{HEAD}\n0.1,150\n,99\n", "line 3, column 'C-rate'", "blank; write it as 0.1, 0.1C or"),
        (f"{HEAD}\nC/0,150\n", "line 2, column 'C-rate'", "'C/0' is no C-rate; write it"),
        (f"{HEAD}\nnan,150\n", "line 2, column 'C-rate'", "'nan' is no C-rate; write it as 0.1"),
        (f"{HEAD}\n0,150\n1,99\n-1,90\n", "lines 2 and 4, column 'C-rate'", "without a sign"),
        (f"{HEAD}\n1,150\n1100,99\n", "line 3, column 'C-rate'", "give C-rates, not currents"),
        (f"{HEAD}\n1,NaN\n", "line 2, column 'Capacity [mAh/g]'", "fill or remove the row"),
        (f"{HEAD}\n1,9\n2,x\n", "line 3, column 'Capacity [mAh/g]'", "'x' is no number; fill"),
        (f"{HEAD}\n1,9\n2\n", "line 3, column 'Capacity [mAh/g]'", "blank; fill or remove"),
        (f"{HEAD}\n1,9\n2,-3\n", "line 3, column 'Capacity", "below zero; give it without its s"),
        (
            f"{HEAD}\n{lines([1] * 6, [401] * 6)}",
            "lines 2, 3, 4 and 3 more, column 'Capacity [mAh/g]'",
            "more than 400 mAh/g of active material; mind the unit",
        ),
        ("C-rate,Capacity [mAh/cm2]\n1,150\n", "line 2", "more than 30 mAh/cm2; mind the unit"),
        ("C-rate,Capacity [Ah]\n1,150\n", "line 2", "more than 10 Ah; mind the unit"),
        (f"{HEAD},Pressure [MPa]\n1,9,5\n1,9,\n", "line 3, column 'Pressure [MPa]'", "fill or"),
        (f"{HEAD},Pressure [MPa]\n1,9,5e6\n", "line 2", "0 and 2000 MPa; mind the unit"),
        (f"{HEAD},Pressure\n1,9,5\n", "'Pressure' has no unit", "as 'Stack pressure [MPa]'"),
        (f"{HEAD},Temperature [K]\n1,9,25\n", "line 2, column 'Temperature [K]'", "mind the unit"),
        (f"{HEAD},Error [Ah]\n1,9,1\n", "unknown unit 'Ah'", "name it as 'Error [mAh/g]'"),
        (f"{HEAD},sd\n1,9,1\n2,8,0\n", "line 3, column 'sd'", "or leave out the column"),
        (f"direction,{HEAD}\ncharge,1,9\ndischarge,1,9\n", "line 3", "give each way a file"),
    ],
)
def test_refused_in_one_line(tmp_path, text, where, cure):
    message = refusal(write(tmp_path, text))
    assert where in message
    assert cure in message


def test_files_that_are_none(tmp_path):
    assert "cannot read" in refusal(tmp_path / "none.csv")
    path = tmp_path / "rates.xlsx"
    path.write_bytes(b"PK\x03\x04\0\0")
    assert "a binary file; export it as text" in refusal(path)


def test_nothing_but_failed_runs(tmp_path):
    path = write(tmp_path, f"{HEAD},stopped_by\n1,9,solver failed\n")
    assert "the solver failed in every run" in refusal(path)
