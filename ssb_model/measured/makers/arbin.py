"""Tables of Arbin's MITS Pro and Data Watcher, as CSV or workbook."""

from __future__ import annotations

from ssb_model.measured.maker import Maker


class Arbin(Maker):
    """Test times in seconds; charge positive."""

    name = "Arbin"
    known_by = (
        ("Data Point", "Data_Point", "Datapoint"),
        ("Test Time (s)", "Test_Time(s)", "Test Time(s)"),
        ("Cycle Index", "Cycle_Index"),
    )
    positive_on = "charge"
