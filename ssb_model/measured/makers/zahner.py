"""Text of Zahner's Thales and Analysis: headings in two dialects, modulus and phase."""

from __future__ import annotations

from ssb_model.measured.maker import Maker

WORDS = {
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
    columns = WORDS
