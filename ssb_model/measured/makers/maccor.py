"""Text of Maccor's testers, with and without the lines above its headings."""

from __future__ import annotations

from ssb_model.measured.maker import Maker

WORDS = {
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
    columns = WORDS
    step_types = ("State", "Md")
    charging, discharging = ("c", "charge"), ("d", "discharge")
