"""Spectra in words and tables."""

from __future__ import annotations

from typing import Any

from ssb_model.analysis.spectrum import Spectrum
from ssb_model.verbs.result import drawn_table, text_table

COLUMNS = {  # heading: key
    "SOC": "State of charge",
    "held": "Held",
    "V": "Voltage [V]",
    "drift mV/h": "Drift [mV.h-1]",
    "Z' highest": "Z_re at highest frequency [Ohm.cm2]",
    "Z' lowest": "Z_re at lowest frequency [Ohm.cm2]",
    "R separator": "Separator ionic resistance [Ohm.cm2]",
    "R ions pos.": "Positive electrode ionic resistance [Ohm.cm2]",
    "R interface pos.": "Positive electrode interface resistance [Ohm.cm2]",
    "R interface neg.": "Negative electrode interface resistance [Ohm.cm2]",
    "KK worst": "Worst Kramers-Kronig residual",
}
DRAWN = {"Z' Ohm cm2": "Z_re [Ohm.cm2]", "Z'' Ohm cm2": "Z_im [Ohm.cm2]"}
PEAKS = {
    "s": "Time constant [s]",
    "Hz": "Frequency [Hz]",
    "Ohm cm2": "resistance",
    "decades wide": "Resolution [decades]",
    "note": "Flag",
}
CIRCUIT = {
    "parameter": "name",
    "value": "value",
    "unit": "unit",
    "+-": "sigma",
    "%": "Sigma [%]",
    "note": "Flag",
}
CAPACITANCE = {
    "arc": "Arc",
    "Brug": "Brug",
    "Hsu-Mansfeld": "Hsu-Mansfeld",
    "unit": "unit",
    "spread": "Spread",
    "note": "Flag",
}


def impedance_lines(result: Any) -> list[str]:
    """States and resistances, relaxation times, and circuits where there are some."""
    lines = result.head()
    if not result.spectra:
        return lines
    f = result.spectra[0].frequency
    lines += [
        f"Spectra    {f[0]:g} to {f[-1]:g} Hz at rest, {result.conditions['Area [cm2]']:g} cm2; "
        "Ohm cm2",
        "           R as the model has them: ions across separator and composite, all of an",
        "           interface in parallel; KK: Kramers-Kronig residual as a share of |Z|",
        "",
        text_table(result.summaries, COLUMNS),
    ]
    for one in [*result.spectra, *result.measured]:
        if one.long_enough:
            lines += ["", *_relaxation_lines(one)]
    for label, fit in result.circuits.items():
        lines += ["", f"Circuit, {label}: misfit {100 * fit.misfit:.2g} % of |Z|"]
        lines.append(text_table(fit.rows, CIRCUIT))
        if fit.capacitances:
            lines += ["Capacitance of each arc; which formula holds is not known"]
            lines.append(text_table(fit.capacitances, CAPACITANCE))
    return [*lines, *drawn_table(result, "Frequency [Hz]", DRAWN, 10)]


def _relaxation_lines(spectrum: Spectrum) -> list[str]:
    """Peaks of the relaxation times of a spectrum, and what is noted of it."""
    times = spectrum.relaxation_times()
    rule = times.rule + (f"; leads {times.inductance:.2g} Ohm cm2 s" if times.inductance else "")
    return [
        f"Relaxation times, {spectrum.label} (regularisation {times.regularisation:g}, {rule})",
        *(f"  {note}" for note in spectrum.notes),
        text_table(times.rows, PEAKS) if times.rows else "  none",
    ]
