"""Impedance spectra in a few lines each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssb_model.tables.text import text_table

if TYPE_CHECKING:
    from ssb_model.results.impedance import ImpedanceResult

COLUMNS = {  # heading: key
    "SOC": "soc",
    "held": "held",
    "V": "voltage_V",
    "drift mV/h": "drift_mV_h",
    "Z' highest": "Z_re_highest_ohm_cm2",
    "Z' lowest": "Z_re_lowest_ohm_cm2",
    "R separator": "separator_resistance_Ohm_cm2",
    "R ions pos.": "positive_ionic_Ohm_cm2",
    "R interface pos.": "positive_interface_Ohm_cm2",
    "R interface neg.": "negative_interface_Ohm_cm2",
    "KK worst": "kramers_kronig_worst",
}
PEAKS = {"s": "time_constant_s", "Hz": "frequency_Hz", "Ohm cm2": "resistance", "note": "flag"}
CIRCUIT = {
    "parameter": "name",
    "value": "value",
    "unit": "unit",
    "+-": "sigma",
    "%": "sigma_percent",
    "note": "flag",
}


def _choice(times) -> str:
    return f"regularisation {times.regularisation:g}, {times.rule}"


def impedance_text(result: ImpedanceResult) -> str:
    """States and resistances, relaxation times, and circuits where they were asked for."""
    lines = [result.title]
    if result.stopped:
        lines.append(f"Stopped    {result.stopped}")
    if not result.spectra:
        return "\n".join(lines)
    rows = [{head: row[key] for head, key in COLUMNS.items()} for row in result.summaries]
    f = result.spectra[0].frequency
    lines += [
        f"Spectra    {f[0]:g} to {f[-1]:g} Hz at rest, {result.conditions['area_cm2']:g} cm2; "
        "Ohm cm2",
        "           R as the model has them: ions across separator and composite, all of an",
        "           interface in parallel; KK: Kramers-Kronig residual as a share of |Z|",
        "",
        text_table(rows),
    ]
    for reading in [*result.spectra, *result.measured]:
        if len(reading.frequency) < 6:
            continue
        times = reading.relaxation_times()
        lines += ["", f"Relaxation times, {reading.label} ({_choice(times)})"]
        lines += [f"  {note}" for note in getattr(reading, "notes", ())]
        peaks = [{head: row[key] for head, key in PEAKS.items()} for row in times.rows]
        lines.append(text_table(peaks) if peaks else "  none")
    for label, fit in result.circuits.items():
        lines += ["", f"Circuit, {label}: misfit {100 * fit.misfit:.2g} % of |Z|"]
        lines.append(
            text_table([{head: row[key] for head, key in CIRCUIT.items()} for row in fit.rows])
        )
    return "\n".join(lines)
