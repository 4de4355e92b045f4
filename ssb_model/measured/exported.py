"""Measured data written anew: tidy CSV, and the Battery Data Format in both of its spellings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ssb_model.errors import InputError
from ssb_model.measured.makers.tables import LABELS
from ssb_model.measured.record import KINDS, Record, current_column
from ssb_model.measured.spectrum import Spectrum
from ssb_model.quantities.units import convert, factor, in_unit, split
from ssb_model.system.saving import csv_bytes

DIGITS = 9  # behind the point of a temperature, whose offset leaves dust in the last ones
SPELLINGS = ("labels", "names")
COLUMNS = {  # of ours: machine-readable name
    "Time [s]": "test_time_second",
    "Voltage [V]": "voltage_volt",
    "Current [A]": "current_ampere",
    "Cycle": "cycle_count",
    "Step": "step_id",
    "Stack pressure [Pa]": "surface_pressure_pa",
    "Applied pressure [Pa]": "applied_pressure_pa",
    "Temperature [K]": "surface_temperature_celsius",
    "Capacity [A.h]": "capacity_ah",  # as the file counts it
}
COMPUTED = {
    "charging_capacity_ah": "Charging Capacity / Ah",
    "discharging_capacity_ah": "Discharging Capacity / Ah",
    "capacity_ah": "Capacity / Ah",
}


def exported(
    data: Record | Spectrum, name: str | Path, spelling: str = "labels", area: float | None = None
) -> bytes:
    """A record or a spectrum as the file of that ``name`` holds it.

    ``name``.bdf.csv is in the Battery Data Format, spelled by its ``labels`` or its
    machine-readable ``names``; any other is tidy CSV, in SI and positive on discharge. ``area``
    [m2] makes the whole cell's of what is per area.
    """
    bdf = str(name).casefold().endswith((".bdf.csv", ".bdf"))
    if isinstance(data, Spectrum):
        return csv_bytes(_spectrum(data, bdf, spelling, area))
    data_of_cell = _of_the_cell(data, area)
    if not bdf:
        return csv_bytes(data_of_cell.table)
    return csv_bytes(bdf_table(data_of_cell, spelling))


def bdf_table(record: Record, spelling: str = "labels") -> pd.DataFrame:
    """A record under the headings of the Battery Data Format; positive current charges."""
    if spelling not in SPELLINGS:
        raise InputError(f"unknown spelling '{spelling}'. Known: {', '.join(SPELLINGS)}.")
    if record.per_area:
        raise InputError(
            f"{record.source}: current per area, and the Battery Data Format holds that of a cell: "
            "give the cell's area."
        )
    table = record.table
    columns = {
        theirs: _as_theirs(ours, table[ours]) for ours, theirs in COLUMNS.items() if ours in table
    }
    charged, discharged = charges(record)
    columns |= {"charging_capacity_ah": charged, "discharging_capacity_ah": discharged}
    labels = {**LABELS, **COMPUTED}
    return pd.DataFrame(
        {name if spelling == "names" else labels[name]: one for name, one in columns.items()}
    )


def charges(record: Record) -> tuple[np.ndarray, np.ndarray]:
    """Charge put in and taken out since the record began [A h], by the current."""
    time = record.table["Time [s]"].to_numpy()
    current = record.table[current_column(record.table)].to_numpy()
    passed = [
        convert(np.append(0.0, np.cumsum(np.diff(time) * (flow[1:] + flow[:-1]) / 2)), "C", "A.h")
        for flow in (np.maximum(-current, 0.0), np.maximum(current, 0.0))
    ]
    return passed[0], passed[1]


def stretch_rows(record: Record, one_c: float | None = None) -> list[dict[str, object]]:
    """A row per charge, discharge and rest; rates by ``one_c`` [A, or A m-2 of current per area].

    The charge stands beside that of the file's own column where it has one.
    """
    column = current_column(record.table)
    unit = "mA" if column == "Current [A]" else "mA.cm-2"
    per = factor(split(column)[1], unit)
    own = next((name for name in record.table if name.startswith("Capacity [")), None)
    of_discharge = "discharge" in record.headings.get(own or "", "").casefold()
    rows, first = [], 0
    for number, stretch in enumerate(record.stretches(), start=1):
        table, curve = stretch.table, stretch.curve
        current = float(np.median(table[column]))
        row: dict[str, object] = {"Stretch": number, "Kind": stretch.kind}
        if "Cycle" in table:
            number_of = float(table["Cycle"].iloc[0])
            row["Cycle"] = int(number_of) if number_of.is_integer() else number_of
        if len(record.lines) == len(record.table):
            row["First line"] = int(record.lines[first])
        row["Rows"] = len(table)
        row["Hours"] = in_unit(float(np.ptp(table["Time [s]"])), "h")
        row[f"Current [{unit}]"] = per * current
        if one_c is not None:
            row["C-rate"] = abs(current) / one_c
        row["From [V]"] = float(table["Voltage [V]"].iloc[0])
        row["To [V]"] = float(table["Voltage [V]"].iloc[-1])
        flows = stretch.kind != KINDS[0.0]
        row[f"Charge [{unit.replace('A', 'A.h', 1)}]"] = (
            per * float(curve.iloc[-1, 0]) if flows else None
        )
        if own is not None:
            counted = flows and (stretch.kind == "discharge" or not of_discharge)
            row["By its column"] = per * _by_column(table, own) if counted else None
        rows.append(row)
        first += len(table)
    return rows


def _by_column(table: pd.DataFrame, own: str) -> float:
    """What the file's own column counts over a stretch [A h], which may begin anew each step."""
    steps = table["Step"] if "Step" in table else pd.Series(0, index=table.index)
    return float(table[own].groupby(steps).agg(lambda one: one.max() - one.min()).sum())


def _of_the_cell(record: Record, area: float | None) -> Record:
    from dataclasses import replace

    if not record.per_area or area is None:
        return record
    table = record.table.rename(
        columns=lambda name: name.replace("[A.m-2]", "[A]").replace("[A.h.m-2]", "[A.h]")
    )
    for name in ("Current [A]", "Capacity [A.h]"):
        if name in table:
            table[name] = table[name] * area
    return replace(record, table=table)


def _spectrum(data: Spectrum, bdf: bool, spelling: str, area: float | None) -> pd.DataFrame:
    whole, areal = data.impedance_Ohm, data.impedance_Ohm_m2
    if whole is None and area is not None:
        whole = areal / area
    if whole is None and bdf:
        raise InputError(
            f"{data.source}: impedance per area, and the Battery Data Format holds that of a cell: "
            "give the cell's area."
        )
    unit, Z = ("Ohm", whole) if whole is not None else ("Ohm.m2", areal)
    names = ("frequency_hertz", "real_impedance_ohm", "imaginary_impedance_ohm")
    if bdf:
        heads = names if spelling == "names" else tuple(LABELS[name] for name in names)
    else:
        heads = ("Frequency [Hz]", f"Z_re [{unit}]", f"Z_im [{unit}]")
    return pd.DataFrame(dict(zip(heads, (data.frequency_Hz, Z.real, Z.imag), strict=True)))


def _as_theirs(ours: str, values: pd.Series) -> pd.Series:
    """A column with the sign and in the unit it has there."""
    if ours == "Current [A]":  # positive on charge there
        return 0.0 - values
    return in_unit(values, "degC").round(DIGITS) if ours == "Temperature [K]" else values
