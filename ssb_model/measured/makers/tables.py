"""Makers whose files are a table under headings: what their words mean, and what marks them."""

from __future__ import annotations

from ssb_model.measured.maker import Maker

BARE = {  # headings of the data base, which name no units
    "Test_Time": "Test Time [s]",
    "Step_Time": "Step Time [s]",
    "Current": "Current [A]",
    "Voltage": "Voltage [V]",
    "Charge_Capacity": "Charge Capacity [Ah]",
    "Discharge_Capacity": "Discharge Capacity [Ah]",
    "Temperature": "Temperature [degC]",
    "Aux_Temperature_1": "Aux Temperature 1 [degC]",
}


class Arbin(Maker):
    """Test times in seconds; charge positive."""

    name = "Arbin"
    known_by = (
        ("Data Point", "Data_Point", "Datapoint", "Step Index"),
        ("Test Time (s)", "Test_Time(s)", "Test Time(s)", "Test_Time"),
        ("Cycle Index", "Cycle_Index"),
    )
    columns = BARE
    positive_on = "charge"


LABELS = {  # machine-readable names, and the labels people prefer
    "test_time_second": "Test Time / s",
    "voltage_volt": "Voltage / V",
    "current_ampere": "Current / A",
    "cycle_count": "Cycle Count / 1",
    "step_id": "Step ID",
    "step_count": "Step Count / 1",
    "step_index": "Step Index / 1",
    "surface_pressure_pa": "Surface Pressure / Pa",
    "applied_pressure_pa": "Applied Pressure / Pa",
    "surface_temperature_celsius": "Surface Temperature / degC",
    "temperature_t1_celsius": "Temperature T1 / degC",
    "ambient_temperature_celsius": "Ambient Temperature / degC",
    "frequency_hertz": "Frequency / Hz",
    "real_impedance_ohm": "Real Impedance / ohm",
    "imaginary_impedance_ohm": "Imaginary Impedance / ohm",
    "absolute_impedance_ohm": "Absolute Impedance / ohm",
    "phase_degree": "Phase / deg",
    "test_time_millisecond": "Test Time / ms",
}


OTHERS = {  # labels of the standard that are not in the words of headings
    "Surface Temperature T1 / degC": "Temperature T1 / degC",
    "step_index": "Step Record Index",  # place of a row within its step: the step's only for want
    "Step Index / 1": "Step Record Index",  # of another number
}


class Bdf(Maker):
    """Positive current charges."""

    name = "BDF"
    known_by = (
        ("Test Time / s", "test_time_second", "Frequency / Hz", "Test Time / ms"),
        ("Voltage / V", "voltage_volt", "Real Impedance / ohm", "Absolute Impedance / ohm"),
        ("Current / A", "current_ampere", "Imaginary Impedance / ohm", "Phase / deg"),
    )
    columns = LABELS | OTHERS
    positive_on = "charge"


OF_DIGATRON = {"AhAccu": "Capacity", "Prog Time": "Test time", "Program Time": "Test time"}


class Digatron(Maker):
    """Units behind a sharp; charge positive."""

    name = "Digatron"
    known_by = (("AhAccu#Ah", "AhAccu", "AhStep#Ah"), ("Status", "Procedure", "Program Duration#s"))
    columns = OF_DIGATRON
    positive_on = "charge"


OF_LANDT = {
    "Amps": "Current [A]",
    "Volts": "Voltage [V]",
    "Amp-hr": "Capacity [Ah]",
    "测试时间": "Test Time",
    "步骤时间": "Step Time",
    "电流": "Current",
    "电压": "Voltage",
    "容量": "Capacity",
    "循环序号": "Cycle",
    "循环": "Cycle",
    "步骤": "Step",
    "工步序号": "Step",
    "温度": "Temperature",
}


class Landt(Maker):
    """Units behind a slash, times in seconds."""

    name = "Landt"
    known_by = (
        ("TestTime/Sec", "Test Time/Sec", "test_time_s", "Test(Sec)", "测试时间/Sec"),
        ("Current/mA", "current_A", "Amps", "Current/A", "电流/mA"),
        ("StepTime/Sec", "Step Time/Sec", "step_time_s", "Step(Sec)", "步骤时间/Sec"),
    )
    columns = OF_LANDT
    step_types = ("step_name", "State", "Step-State", "工作模式", "状态")
    charging = ("chg", "charge", "充电", "c")
    discharging = ("dchg", "discharge", "放电", "d")


OF_MACCOR = {
    "Amps": "Current [A]",
    "mAmps": "Current [mA]",
    "Volts": "Voltage [V]",
    "Current": "Current [A]",
    "Voltage": "Voltage [V]",
    "Amp-hr": "Capacity [Ah]",
    "mAmp-hr": "Capacity [mAh]",
    "Cap.": "Capacity",
    "Temp 1": "Temperature [degC]",
}


class Maccor(Maker):
    """Currents without a sign beside a letter for the state, or with one."""

    name = "Maccor"
    known_by = (
        ("Rec#", "Rec"),
        ("Cyc#", "Cycle P", "Cycle C"),
        (
            "TestTime",
            "Test Time (sec)",
            "Test Time",
            "Test Time (Hr)",
            "Test Time [s]",
            "Test (Sec)",
            "Test (Min)",
            "Test (Hr)",
        ),
    )
    columns = OF_MACCOR
    step_types = ("State", "Md")
    charging, discharging = ("c", "charge"), ("d", "discharge")


class Pec(Maker):
    """Some forty lines on the test, then mV and mA over seconds."""

    name = "PEC"
    known_by = (
        ("Total Time (Seconds)", "Total Time (Hours in hh:mm:ss.xxx)"),
        ("Load On Time (Seconds)", "Load On Time (Hours in hh:mm:ss.xxx)"),
        ("ReasonCode", "Reason Code", "Real Time"),
    )
    positive_on = "charge"


OF_ZAHNER = {
    "Frequency in Hz": "Frequency [Hz]",
    "|Impedance| in Ohm": "|Z| [Ohm]",
    "Impedance in Ohm": "|Z| [Ohm]",
    "Phase in deg": "Phase [deg]",
    "Phase in °": "Phase [deg]",
}


class Zahner(Maker):
    """Modulus and phase over frequency."""

    name = "Zahner"
    known_by = (
        ("Frequency/Hz", "Frequency [Hz]", "Frequency in Hz"),
        ("Impedance/Ohm", "Impedance [Ohm]", "|Z|/Ohm", "|Impedance| in Ohm", "Impedance in Ohm"),
        ("Phase/deg", "Phase [deg]", "Phase in deg", "Phase [°]", "Phase/°", "Phase in °"),
    )
    columns = OF_ZAHNER
