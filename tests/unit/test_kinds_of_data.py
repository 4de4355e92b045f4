"""What a measured file holds, told by its headings."""

import numpy as np
import pandas as pd
import pytest

from ssb_model.errors import InputError
from ssb_model.fitting.data import VoltageData
from ssb_model.measured.kinds import kind_of

NEWARE = "Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V)"
LAYERED = "Cycle Index,A\n,Step Index,B\n,,DataPoint,Time\n1,2\n"
MPT = "EC-Lab ASCII FILE\nNb header lines : 4\n\n"
SWEPT = "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\ttime/s\tEcell/V\tI/mA\n"
RATE_TEST = (
    "direction,c_rate,held,stack_pressure_MPa,temperature_C,before,charge_c_rate,"
    "charge_capacity_mAh_cm2,capacity_mAh_g,capacity_mAh_cm2,mean_voltage_V,stopped_by"
)
TITRATION = (
    "stack_pressure_MPa,temperature_C,pulse,direction,soc,voltage_V,current_mA_cm2,duration_s,"
    "R1_ohm_cm2,R2_ohm_cm2,R3_ohm_cm2,R1_error_ohm_cm2"
)


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "data.csv"
    path.write_bytes(text.encode(encoding))
    return path


def refusal(path):
    with pytest.raises(InputError) as error:
        kind_of(path)
    message = str(error.value)
    assert "\n" not in message
    assert str(path) in message
    return message


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Time [s],Current [mA],Voltage [V]\n0,0,3\n", "record"),
        ("# invented\nsome cell\ntime/h;I/mA;Ewe/V\n0;0;3\n", "record"),
        ("Time [s],Voltage [V],Current [mA],Capacity [mAh],C-rate\n0,3,1,0,1\n", "record"),
        ("time [s],current [mA cm-2],voltage [V],titration [1]\n0,0,3,1\n", "record"),
        (f"{NEWARE}\n1,1,Rest,0:00:00,0:00:00,0,3\n", "record"),
        (LAYERED, "record"),
        (f"{MPT}mode\ttime/s\tEcell/V\t<I>/mA\n1\t0\t3\t0\n", "record"),
        ("mode\tox/red\ttime/s\tEwe/V\t<I>/mA\n1\t1\t0\t3\t0\n", "record"),
        ("Frequency [Hz],Z_re [Ohm],Z_im [Ohm]\n1,2,-3\n", "spectrum"),
        ("freq,|Z| [Ohm],Phase [deg]\n1,2,-3\n", "spectrum"),
        ('{"rows": []}', "spectrum"),
        ("soc,held,stack_pressure_MPa,frequency_Hz,Z_re_ohm_cm2,Z_im_ohm_cm2\n", "spectrum"),
        (f"{MPT}{SWEPT}1000\t2\t3\t0\t3\t0\n100\t2\t3\t0\t3\t0\n0\t0\t0\t1\t3\t1\n", "spectrum"),
        (f"{MPT}{SWEPT}1000\t2\t3\t0\t3\t0\n0\t0\t0\t1\t3\t1\n0\t0\t0\t2\t3\t1\n", "record"),
        ("C-rate,Capacity [mAh/g]\nC/10,150\n", "capacities"),
        (f"{RATE_TEST}\n", "capacities"),
        ("SOC [%],R2 [Ohm cm2]\n80,2\n", "resistances"),
        (f"{TITRATION}\n", "resistances"),
    ],
)
def test_told_by_headings(tmp_path, text, kind):
    for encoding in ("utf-8-sig", "latin-1", "utf-16"):
        assert kind_of(write(tmp_path, text, encoding)) == kind


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("0,1,3.5\n1,1,3.4\n", "write one above it that names the columns."),
        ("Depth [um],Conductivity [S/m]\n0,1\n", ""),
        ("Time [s],Voltage [V]\n0,3\n", "Here 'record' lacks a column of current."),
        ("Frequency [Hz],Bode\n0,3\n", "Here 'spectrum' lacks a column of real part."),
        ("Cell 7\nC-rate,Voltage [V]\n1,3\n", "Here 'capacities' lacks a column of capacity."),
        ("SOC [%],OCV [V]\n1,3\n", "Here 'resistances' lacks a column of R1."),
        (f"{MPT}mode\ttime/s\tEcell/V\n1\t0\t3\n", "Here 'record' lacks a column of current."),
        ("# only\n# comments\n", ""),
    ],
)
def test_no_kind_fits(tmp_path, text, hint):
    message = refusal(write(tmp_path, text))
    for example in (
        "record: 'Time [s], Voltage [V], Current [mA]'",
        "spectrum: 'Frequency [Hz], Z_re [Ohm], Z_im [Ohm]'",
        "capacities: 'C-rate, Capacity [mAh/g]'",
        "resistances: 'SOC [%], R1 [Ohm cm2], R2 [Ohm cm2], R3 [Ohm cm2]'",
    ):
        assert example in message
    assert message.endswith(hint)
    assert ("Here" in message) == bool(hint)


def test_files_that_are_none(tmp_path):
    assert "the file is empty" in refusal(write(tmp_path, "\n \n"))
    assert "cannot read" in refusal(tmp_path / "none.csv")
    assert "cannot read" in refusal(tmp_path)
    path = tmp_path / "run.mpr"
    path.write_bytes(b"BIO-LOGIC\0\1")
    assert ".mpt from EC-Lab" in refusal(path)  # whether its reader is installed or not


def test_a_record_that_begins_at_another_potential_than_taken_says_so():
    time = np.arange(0.0, 600.0, 60.0)
    flows = np.where(time < 300, 0.0, 1e-3)
    data = VoltageData(time=time, current=flows, voltage=3.6 - 10 * flows, label="a.csv")
    table = pd.DataFrame(
        {
            "stretch": [0] * 5 + [1] * 5,
            "compared": True,
            "Current [mA.cm-2]": 1e3 * flows,
            "Voltage [V]": data.voltage,
            "Model [V]": data.voltage + 0.08,
        }
    )
    (said,) = data.afterthoughts(table)
    assert "rests at 3.600 V at first, where the cell at 100 % of charge has 3.680 V" in said
    assert data.afterthoughts(table.assign(**{"Model [V]": data.voltage + 0.02})) == []
