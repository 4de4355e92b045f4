"""The Battery Data Format of the Battery Data Alliance, in both of its spellings."""

from __future__ import annotations

from ssb_model.measured.maker import Maker

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
