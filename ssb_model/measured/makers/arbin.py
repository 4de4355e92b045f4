"""Tables of Arbin's MITS Pro, Data Watcher and data base, as CSV or workbook."""

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
