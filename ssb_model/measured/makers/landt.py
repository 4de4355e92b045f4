"""Tables of Landt's (LAND) testers: their CSV, their text, in English and Chinese."""

from __future__ import annotations

from ssb_model.measured.maker import Maker

WORDS = {
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
    columns = WORDS
    step_types = ("step_name", "State", "Step-State", "工作模式", "状态")
    charging = ("chg", "charge", "充电", "c")
    discharging = ("dchg", "discharge", "放电", "d")
