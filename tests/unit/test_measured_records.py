"""Cycler records read back from small synthetic files: values, units, signs and every refusal."""

import numpy as np
import pytest

from ssb_model.errors import InputError
from ssb_model.measured.record import read_record

HEAD = "Time [s],Current [mA],Voltage [V]"
# an invented discharge of 2 mA after a rest, then a charge; current positive on discharge
ROWS = [(0, 0, 3.9), (600, 0, 3.9), (610, 2, 3.8), (1800, 2, 3.6), (3600, 2, 3.3)]
ROWS += [(3610, -2, 3.5), (5400, -2, 3.7), (7200, -2, 3.85)]


def lines(rows=ROWS, separator=","):
    return "\n".join(separator.join(map(str, row)) for row in rows)


def write(tmp_path, text, name="record.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def refusal(path, **options):
    with pytest.raises(InputError) as error:
        read_record(path, **options)
    message = str(error.value)
    assert "\n" not in message
    assert str(path) in message or "current_sign" in message
    return message


def test_plain_csv_in_si(tmp_path):
    record = read_record(write(tmp_path, f"# invented\n{HEAD}\n{lines()}\n"))
    assert record.kind == "CSV"
    assert not record.per_area
    assert list(record.table) == ["Time [s]", "Current [A]", "Voltage [V]"]
    np.testing.assert_allclose(record.table["Current [A]"], [1e-3 * row[1] for row in ROWS])
    np.testing.assert_allclose(record.table["Voltage [V]"], [row[2] for row in ROWS])
    assert record.sign_note.startswith("positive on discharge in the file")
    assert record.notes == ()


def test_charge_positive_is_found_and_turned(tmp_path):
    turned = [(t, -current, volts) for t, current, volts in ROWS]
    record = read_record(write(tmp_path, f"{HEAD}\n{lines(turned)}"))
    np.testing.assert_allclose(record.table["Current [A]"], [1e-3 * row[1] for row in ROWS])
    assert record.sign_note.startswith("positive on charge in the file")


@pytest.mark.parametrize(
    ("time", "current", "voltage", "factors"),
    [
        ("Time [h]", "Current (mA)", "Voltage [mV]", (3600, 1e-3, 1e-3)),
        ("time/s", "I/mA", "Ecell/V", (1, 1e-3, 1)),
        ("Test_Time(s)", "Current(A)", "Voltage(V)", (1, 1, 1)),
        ("t / min", "<I>/µA", "U / V", (60, 1e-6, 1)),
        ("Time [s]", "Current [A]", "Voltage [V]", (1, 1, 1)),
        ("Elapsed time (hours)", "I [nA]", "Potential (V)", (3600, 1e-9, 1)),
    ],
)
def test_headings_and_units(tmp_path, time, current, voltage, factors):
    rows = [(t, i, v / factors[2]) for t, i, v in ROWS]
    text = f"{time},{current},{voltage}\n{lines(rows)}"
    for encoding in ("utf-8", "utf-8-sig", "latin-1", "utf-16"):
        table = read_record(write(tmp_path, text, encoding=encoding)).table
        np.testing.assert_allclose(table["Time [s]"], [factors[0] * row[0] for row in ROWS])
        np.testing.assert_allclose(table["Current [A]"], [factors[1] * row[1] for row in ROWS])
        np.testing.assert_allclose(table["Voltage [V]"], [row[2] for row in ROWS])


@pytest.mark.parametrize(
    "unit",
    ["[mA.cm-2]", "[mA cm-2]", "(mA/cm²)", "/mA cm^-2", "[mA·cm⁻²]", "(mA/cm2)", "[mA*cm-2]"],
)
def test_current_per_area(tmp_path, unit):
    path = write(tmp_path, f"Time [s],Current density {unit},Voltage [V]\n{lines()}")
    record = read_record(path)
    assert record.per_area
    assert "Current [A]" not in record.table
    np.testing.assert_allclose(record.table["Current [A.m-2]"], [10 * row[1] for row in ROWS])
    (curve,) = record.discharges()
    assert curve["Capacity [A.h.m-2]"].iloc[-1] == pytest.approx(20 * 2990 / 3600)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas(tmp_path, separator):
    text = f"{HEAD.replace(',', separator)}\n{lines(ROWS, separator).replace('.', ',')}"
    table = read_record(write(tmp_path, text)).table
    np.testing.assert_allclose(table["Voltage [V]"], [row[2] for row in ROWS])


def test_everything_else_a_file_may_have(tmp_path):
    rows = [(*row, 5, 25, 1, 2, 0.5, 7) for row in ROWS]
    head = f"{HEAD},Stack pressure [MPa],Temperature [degC],Cycle,Step,Capacity [mAh],Bell"
    record = read_record(write(tmp_path, f"Cell 7 of an invented batch\n{head}\n{lines(rows)}"))
    first = record.table.iloc[0]
    assert first["Stack pressure [Pa]"] == 5e6
    assert first["Temperature [K]"] == 298.15
    assert (first["Cycle"], first["Step"]) == (1, 2)
    assert record.table["Cycle"].dtype.kind == "i"
    assert first["Capacity [A.h]"] == pytest.approx(5e-4)


def test_what_is_left_out_is_noted(tmp_path):
    rows = [(*row, 1, "") for row in ROWS]
    head = f"{HEAD},Capacity [mAh/g],Temperature [K]"
    record = read_record(write(tmp_path, f"{head}\n{lines(rows)}"))
    assert list(record.table) == ["Time [s]", "Current [A]", "Voltage [V]"]
    assert any("unknown unit 'mAh/g'" in note for note in record.notes)
    assert any("'Temperature [K]' has no numbers" in note for note in record.notes)


def test_own_curves_read_back(tmp_path):
    """The headings discharges are saved under, current positive on discharge."""
    head = "capacity [mAh cm-2],time [s],voltage [V],current [mA],stack_pressure [MPa]"
    rows = [(0.01 * n, 60.0 * n, 4.0 - 0.01 * n, 0.5, 5.0) for n in range(20)]
    record = read_record(write(tmp_path, f"{head}\n{lines(rows)}", "discharge.csv"))
    np.testing.assert_allclose(record.table["Current [A]"], 5e-4)
    np.testing.assert_allclose(record.table["Stack pressure [Pa]"], 5e6)
    assert record.table["Capacity [A.h.m-2]"].iloc[1] == pytest.approx(0.1)
    assert record.sign_note.startswith("positive on discharge")
    assert record.discharges()[0]["Capacity [A.h]"].iloc[-1] == pytest.approx(5e-4 * 1140 / 3600)


def test_stretches_and_curves(tmp_path):
    record = read_record(write(tmp_path, f"{HEAD}\n{lines()}"))
    assert [stretch.kind for stretch in record.stretches()] == ["rest", "discharge", "charge"]
    (discharge,), (charge,) = record.discharges(), record.charges()
    np.testing.assert_allclose(
        discharge["Capacity [A.h]"], [0, 2e-3 * 1190 / 3600, 2e-3 * 2990 / 3600]
    )
    np.testing.assert_allclose(discharge["Voltage [V]"], [3.8, 3.6, 3.3])
    assert charge["Capacity [A.h]"].is_monotonic_increasing


def test_cycles_part_discharges(tmp_path):
    rows = [(10 * n, 1, 4 - 0.1 * n, 1 + n // 3) for n in range(6)]
    record = read_record(write(tmp_path, f"{HEAD},Cycle\n{lines(rows)}"))
    assert len(record.discharges()) == 2


def test_repeated_times(tmp_path):
    """Dropped while the current flows on, kept a moment apart where it was switched."""
    rows = [(0, 0, 3.9), (600, 0, 3.9), (600, 2, 3.8), (1200, 2, 3.6), (1200, 2, 3.6), (1800, 2, 3)]
    record = read_record(write(tmp_path, f"{HEAD}\n{lines(rows)}"))
    assert len(record.table) == 5
    assert (np.diff(record.table["Time [s]"]) > 0).all()
    assert "1 rows at the time of the row before dropped, the first at line 6" in record.notes[0]
    assert "1 rows where the current was switched" in record.notes[1]
    (curve,) = record.discharges()
    assert curve["Capacity [A.h]"].iloc[-1] == pytest.approx(2e-3 * 1200 / 3600)


# Neware, all numbers invented

NEWARE = [  # cycle, step, type, time, total time, current, voltage; charge positive
    (1, 1, "Rest", "0:00:00", "0:00:00", 0, 3.2),
    (1, 1, "Rest", "0:10:00", "0:10:00", 0, 3.2),
    (1, 2, "CC Chg", "0:00:00", "0:10:00", 0.002, 3.3),
    (1, 2, "CC Chg", "25:00:00.500", "25:10:00.500", 0.002, 4.2),
    (1, 3, "CC DChg", "0:00:00", "25:10:00.500", -0.002, 4.1),
    (1, 3, "CC DChg", "1:00:00", "26:10:00.500", -0.002, 3.0),
]
NEWARE_HEAD = "Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V)"
NEWARE_TIMES = [0, 600, 600, 90600.5, 90600.5, 94200.5]


def test_neware_flat(tmp_path):
    record = read_record(write(tmp_path, f"{NEWARE_HEAD}\n{lines(NEWARE)}"))
    assert record.kind == "Neware"
    np.testing.assert_allclose(record.table["Time [s]"], NEWARE_TIMES, atol=1e-5)
    np.testing.assert_allclose(record.table["Current [A]"], [0, 0, -2e-3, -2e-3, 2e-3, 2e-3])
    assert "'Step Type' says" in record.sign_note
    assert list(record.table["Step"]) == [1, 1, 2, 2, 3, 3]
    assert [stretch.kind for stretch in record.stretches()] == ["rest", "charge", "discharge"]


def test_neware_step_times_are_added_up(tmp_path):
    rows = [(n, *row[:4], row[5] * 1e3, row[6]) for n, row in enumerate(NEWARE)]
    head = "DataPoint,Cycle Index,Step Index,Step Type,Time,Current(mA),Voltage(V)"
    record = read_record(write(tmp_path, f"{head}\n{lines(rows)}"))
    np.testing.assert_allclose(record.table["Time [s]"], NEWARE_TIMES, atol=1e-5)
    np.testing.assert_allclose(record.table["Current [A]"].iloc[-1], 2e-3)
    assert any("'Time' starts anew with every step" in note for note in record.notes)


def test_neware_time_that_falls_within_a_step(tmp_path):
    rows = [(*row[:4], *row[5:]) for row in NEWARE]
    rows.insert(2, (1, 1, "Rest", "0:09:00", 0, 3.2))
    head = NEWARE_HEAD.replace("Total Time,", "")
    message = refusal(write(tmp_path, f"{head}\n{lines(rows)}"))
    assert "line 4, column 'Time': time falls from 600 to 540 s" in message


@pytest.mark.parametrize(
    ("clock", "seconds"),
    [
        ("1-02:03:04", 93784),
        ("1d 02:03:04.5", 93784.5),
        ("1 days 02:03:04", 93784),
        ("1.02:03:04", 93784),
        ("26:03:04.25", 93784.25),
    ],
)
def test_clock_times_with_days(tmp_path, clock, seconds):
    rows = [*NEWARE[:5], (1, 3, "CC DChg", "1:00:00", "99:00:00", -0.002, 3.0)]
    rows[4] = (*rows[4][:4], clock, *rows[4][5:])
    record = read_record(write(tmp_path, f"{NEWARE_HEAD}\n{lines(rows)}"))
    assert record.table["Time [s]"].iloc[4] == pytest.approx(seconds)


def test_neware_current_without_sign(tmp_path):
    rows = [(*row[:5], abs(row[5]), row[6]) for row in NEWARE]
    record = read_record(write(tmp_path, f"{NEWARE_HEAD}\n{lines(rows)}"))
    np.testing.assert_allclose(record.table["Current [A]"], [0, 0, -2e-3, -2e-3, 2e-3, 2e-3])
    assert "no sign in the file" in record.sign_note


@pytest.mark.parametrize("names", ["ID", "Index"])
def test_neware_layered(tmp_path, names):
    old = names == "ID"
    record_head = ",,Record ID,Time(h:min:s.ms)" if old else ",,DataPoint,Time"
    step_head = ",Step ID,Step Name" if old else ",Step Index,Step Number,Step Type"
    number = "" if old else "7,"
    text = f"Cycle {names},Chg. Cap.(mAh)\n{step_head}\n{record_head},Voltage(V),Current(mA)\n"
    for cycle in (1, 2):
        text += f"{cycle},1.5\n,1,{number}CC Chg\n,,1,0:00:00,3.3,2\n,,2,0:30:00,4.2,2\n"
        text += f",2,{number}CC DChg\n,,1,0:00:00,4.1,-2\n,,2,0:20:00,3.0,-2\n"
    record = read_record(write(tmp_path, text))
    assert record.kind == "Neware"
    np.testing.assert_allclose(
        record.table["Time [s]"].iloc[[1, 3, 5, 7]], [1800, 3000, 4800, 6000]
    )
    assert list(record.table["Cycle"]) == [1] * 4 + [2] * 4
    assert list(record.table["Step"]) == [1, 1, 2, 2] * 2
    assert len(record.discharges()) == len(record.charges()) == 2
    assert record.table["Current [A]"].iloc[-1] == pytest.approx(2e-3)


def test_neware_layers_without_records(tmp_path):
    text = "Cycle Index,A\n,Step Index,B\n,,DataPoint\n1,2\n,1,3\n"
    assert "export the record layer" in refusal(write(tmp_path, text))


def test_neware_step_types_that_disagree(tmp_path):
    rows = [*NEWARE[:5], (*NEWARE[5][:5], 0.002, 3.0)]
    message = refusal(write(tmp_path, f"{NEWARE_HEAD}\n{lines(rows)}"))
    assert "'Step Type' disagree in 25 % of the rows" in message


# BioLogic, all numbers invented

MPT_HEAD = "mode\tox/red\tNs changes\tNs\ttime/s\tEcell/V\t<I>/mA\t(Q-Qo)/mA.h\tcycle number\t"


def mpt(rows, head=MPT_HEAD, decimal=","):
    body = "\r\n".join("\t".join(map(str, row)) + "\t" for row in rows).replace(".", decimal)
    top = "EC-Lab ASCII FILE\r\nNb header lines : 6                          \r\n\r\n"
    return f"{top}Galvanostatic Cycling\r\nSurface : 0,785 cm²\r\n{head}\r\n{body}\r\n"


def test_biologic(tmp_path):
    rows = [(1, 1, 0, 0, t, v, -i, 0.1, "1.0E+000") for t, i, v in ROWS]
    for decimal in ",.":
        path = write(tmp_path, mpt(rows, decimal=decimal), "record.mpt", "latin-1")
        record = read_record(path)
        assert record.kind == "BioLogic"
        np.testing.assert_allclose(record.table["Current [A]"], [1e-3 * row[1] for row in ROWS])
        np.testing.assert_allclose(record.table["Voltage [V]"], [row[2] for row in ROWS])
        assert record.table["Capacity [A.h]"].iloc[0] == pytest.approx(1e-4)
        assert list(record.table["Cycle"]) == [1] * len(ROWS)
        assert record.sign_note == "positive on charge in the file: BioLogic's convention"


def test_biologic_table_without_header(tmp_path):
    rows = [(1, 1, 0, 0, t, v, -i, 0.1, 1) for t, i, v in ROWS]
    text = MPT_HEAD.rstrip() + "\n" + lines(rows, "\t")
    assert read_record(write(tmp_path, text, "record.txt")).kind == "BioLogic"


def test_biologic_impedance_rows_and_working_electrode(tmp_path):
    head = "freq/Hz\ttime/s\tEwe/V\tEce/V\tI/mA"
    rows = [(0.0, t, v + 0.2, 0.2, -i) for t, i, v in ROWS]
    rows.insert(2, (1000.0, 605, 0.0, 0, 0))
    record = read_record(write(tmp_path, mpt(rows, head), "record.mpt", "latin-1"))
    np.testing.assert_allclose(record.table["Voltage [V]"], [v for _, _, v in ROWS])
    assert record.notes[0] == "1 rows of impedance left out"
    assert record.notes[1] == "the cell's voltage is 'Ewe/V' less 'Ece/V'"


def test_biologic_against_its_convention(tmp_path):
    rows = [(1, 1, 0, 0, t, v, i, 0.1, 1) for t, i, v in ROWS]
    path = write(tmp_path, mpt(rows), "record.mpt", "latin-1")
    assert "counts charge as positive, but the voltage falls" in refusal(path)
    record = read_record(path, current_sign="discharge positive")
    assert record.table["Current [A]"].max() == pytest.approx(2e-3)


def test_biologic_header_without_table(tmp_path):
    path = write(tmp_path, "EC-Lab ASCII FILE\nNb header lines : 9\n\nnothing\n", "record.mpt")
    assert "no table below the header" in refusal(path)


# the sign of a current


def test_voltage_that_does_not_tell(tmp_path):
    rows = [(10 * n, 1, 3.5) for n in range(5)]
    path = write(tmp_path, f"{HEAD}\n{lines(rows)}")
    message = refusal(path)
    assert "current_sign='charge positive' or 'discharge positive'" in message
    for sign, factor in (("charge positive", -1), ("discharge positive", 1)):
        record = read_record(path, current_sign=sign)
        np.testing.assert_allclose(record.table["Current [A]"], factor * 1e-3)
        assert record.sign_note.endswith("as given")


def test_voltage_that_tells_both_ways(tmp_path):
    rows = [(0, 1, 3.5), (10, 1, 3.7), (20, 1, 3.9), (30, -1, 3.8), (40, -1, 4.0), (50, -1, 4.2)]
    assert "does not tell" in refusal(write(tmp_path, f"{HEAD}\n{lines(rows)}"))


def test_sign_given_against_the_voltage(tmp_path):
    record = read_record(write(tmp_path, f"{HEAD}\n{lines()}"), current_sign="charge positive")
    assert "as if positive on discharge" in record.sign_note


def test_noise_does_not_turn_the_sign(tmp_path):
    rng = np.random.default_rng(1)
    volts = 4 - 5e-4 * np.arange(400) + 3e-3 * rng.standard_normal(400)
    rows = [(n, 2 + 0.01 * rng.standard_normal(), volt) for n, volt in enumerate(volts)]
    record = read_record(write(tmp_path, f"{HEAD}\n{lines(rows)}"))
    assert record.sign_note.startswith("positive on discharge")


def test_rest_alone_has_no_sign(tmp_path):
    rows = [(n, 0, 3.5 + n / 100) for n in range(5)]
    record = read_record(write(tmp_path, f"{HEAD}\n{lines(rows)}"))
    assert record.sign_note == "no current flows"
    assert record.discharges() == ()


def test_unknown_sign(tmp_path):
    message = refusal(write(tmp_path, f"{HEAD}\n{lines()}"), current_sign="charge")
    assert "unknown current_sign 'charge'. Nearest: charge positive" in message


# refusals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file is empty"),
        ("# only\n# comments\n", "nothing but comments"),
        (HEAD, "no rows under the headings"),
        ("0,1,3.5\n1,1,3.4\n2,1,3.3\n", "the first line names the columns, as 'Time [s]'"),
        (f"{HEAD}\n0,1,3.5\n5,1,3.4\n", "2 points in time; a record has 3 or more"),
        (
            f"Time [s],Amps,Voltage [V]\n{lines()}",
            "no column of current, named as 'Current [mA]'. Found",
        ),
        (f"Clock [s],Current [mA],Voltage [V]\n{lines()}", "Found: 'Clock [s]', 'Current [mA]'"),
        (f"Time,Current [mA],Voltage [V]\n{lines()}", "column 'Time' has no unit"),
        (f"Time [s],Current [kA],Voltage [V]\n{lines()}", "unknown unit 'kA': name it as"),
        (f"Time [s],Current [mA],Voltage [kV]\n{lines()}", "Known: V, mV."),
        (
            f"{HEAD}\n0,1,3.5\n\n5,x,3.4\n9,1,3.3\n",
            "line 4, column 'Current [mA]': 'x' is no number",
        ),
        (f"{HEAD}\n0,1,3.5\n5,1,\n9,1,\n", "line 3, column 'Voltage [V]': blank (and 1 more"),
        (f"{HEAD}\n0,1,3.5\n5,1\n9,1,3\n", "line 3, column 'Voltage [V]': blank"),
        (f"{HEAD}\n0,1,3.5\n5,1,NaN\n9,1,3\n", "line 3, column 'Voltage [V]': 'NaN' is no number"),
        (
            f"{HEAD}\n0,1,3.5\n5,1,3.4\n4,1,3.3\n",
            "line 4, column 'Time [s]': time falls from 5 to 4",
        ),
        (f"{HEAD}\n0,1,3500\n5,1,3400\n9,1,3300\n", "reaches 3500 V, which looks like mV"),
        (f"{HEAD}\n0,1,3.5\n5,1,9.9\n9,1,3.3\n", "line 3, column 'Voltage [V]': 9.9 V is outside"),
        (
            "Time [s],I/A,U/V\n0,200,3.5\n5,1,3.4\n9,1,3\n",
            "line 2, column 'I/A': 200 A is too much",
        ),
        (
            f"{HEAD}\n0,1,3,5\n5,1,3,4\n",
            "line 2 holds 4 values under 3 headings; numbers with a dec",
        ),
        (
            "Time,I/A,U/V\n0:00:00,1,3\n0:00:61x,1,3\n",
            "line 3, column 'Time': '0:00:61x' is no time",
        ),
    ],
)
def test_refused_in_one_line(tmp_path, text, expected):
    assert expected in refusal(write(tmp_path, text))


@pytest.mark.parametrize("name", ["run.mpr", "run.nda", "run.xlsx", "run.dat"])
def test_binary_files(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04\0\0\x01")
    said = refusal(path)  # where a reader is installed, its own words and the cure
    assert "a binary file; export it as text" in said or ": export ." in said


def test_no_file(tmp_path):
    assert "cannot read" in refusal(tmp_path / "none.csv")


def test_neware_of_step_times(tmp_path):
    """Synthetic, in the layout of older exports: time starts anew with every step."""
    names = "Record number,State,Jump,Cycle,Steps,Current(mA),Voltage(V),Relative Time(h:min:s.ms)"
    steps = list(enumerate((("CC_Chg", 1.0), ("Rest", 0.0), ("CC_DChg", -1.0)), 1))
    rows = [
        f"{k + 1},{state},{step},1,{step},{current},{3.5 + k / 10},0:{k:02d}:00.000"
        for step, (state, current) in steps
        for k in range(5)
    ]
    lines = [names, *rows]
    path = tmp_path / "steps.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    record = read_record(path)
    assert record.kind == "Neware"
    assert record.table["Time [s]"].iloc[-1] == pytest.approx(3 * 240, abs=1)
    assert [stretch.kind for stretch in record.stretches()] == ["charge", "rest", "discharge"]
