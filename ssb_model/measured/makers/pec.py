"""Results of PEC's ACT and SBT testers as CSV."""

from __future__ import annotations

from ssb_model.measured.maker import Maker


class Pec(Maker):
    """Some forty lines on the test, then mV and mA over seconds."""

    name = "PEC"
    known_by = (
        ("Total Time (Seconds)", "Total Time (Hours in hh:mm:ss.xxx)"),
        ("Load On Time (Seconds)", "Load On Time (Hours in hh:mm:ss.xxx)"),
        ("ReasonCode", "Reason Code", "Real Time"),
    )
    positive_on = "charge"
