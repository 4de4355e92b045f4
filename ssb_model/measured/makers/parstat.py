"""Text of VersaStudio (Princeton Applied Research): impedance beside rows in time."""

from __future__ import annotations

from ssb_model.measured.maker import Maker


class Parstat(Maker):
    """Frequency is zero in the rows in time."""

    name = "Parstat"
    known_by = (("|Vac| (V)",), ("Frequency (Hz)",), ("Zre (ohms)",))
    swept = "Frequency (Hz)"
