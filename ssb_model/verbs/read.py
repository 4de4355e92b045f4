"""What a measured file holds, as it was understood; and it written anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.errors import InputError
from ssb_model.measured.capacities import read_capacities
from ssb_model.measured.exported import exported, stretch_rows
from ssb_model.measured.kinds import kind_of
from ssb_model.measured.maker import MeasuredFile
from ssb_model.measured.of_a_cell import check_record
from ssb_model.measured.record import Record, current_column, read_record
from ssb_model.measured.resistances import read_resistances
from ssb_model.measured.sheet import at_lines
from ssb_model.measured.spectrum import Spectrum, read_spectrum
from ssb_model.quantities.checks import check_positive
from ssb_model.quantities.typed import each_once
from ssb_model.quantities.units import in_unit, said
from ssb_model.system.saving import check_not_read, replace_file
from ssb_model.verbs.options import Option, spaced
from ssb_model.verbs.result import Listing, text_table

GAP = 10.0  # times the usual step in time
MOST = 40  # rows of the table that the shell shows
DIFFER = 0.01  # of a charge by current and by its own column
SIGNS = ("auto", "charge-positive", "discharge-positive")


def read(
    file: Annotated[Path, Option("a file of a cycler, an analyser or your own", positional=True)],
    to: Annotated[
        Path | None,
        Option(
            "write it anew, over no other file: NAME.bdf.csv in the Battery Data Format, else "
            "tidy CSV"
        ),
    ] = None,
    unit: Annotated[
        list[str] | None,
        Option('unit of a column whose heading has none, as "I=mA"', metavar="COLUMN=UNIT"),
    ] = None,
    current_sign: Annotated[
        str, Option("how the file counts its current; auto if left out", choices=SIGNS)
    ] = "auto",
    sweep: Annotated[
        int | None, Option("which of several sweeps of frequency", metavar="N")
    ] = None,
    area: Annotated[
        float | None, Option("of the cell in cm2, where numbers are per area", unit="cm2")
    ] = None,
    one_c: Annotated[
        float | None, Option("current of 1C in mA, for the rates", ("--one-c",), unit="mA")
    ] = None,
    cell: Annotated[
        str | None,
        Option("a cell it may be of: rates in C, mAh per g, and whether it can be", metavar="CELL"),
    ] = None,
    spelling: Annotated[
        Literal["labels", "names"],
        Option("of the Battery Data Format: Voltage / V, or voltage_volt"),
    ] = "labels",
    force: bool = False,
) -> Understood:
    """What a file is understood to be: whose, which columns, which sign, what happens when.

    ``unit`` is {"I": "mA"}, or ["I=mA"] as the shell has it; ``area`` [m2], ``one_c`` [A].
    A file that is there already stays, unless ``force`` writes over it.
    """
    for name, number in (("the area", area), ("the current of 1C", one_c)):
        if number is not None:
            check_positive(name, number)
    own = None if cell is None else load_cell(cell)
    if own is not None:
        area = own.design.area if area is None else area
    measured = MeasuredFile(file, _units(unit))
    kind = kind_of(measured) if sweep is None else "spectrum"
    data: Any
    if kind == "record":
        data = read_record(measured, spaced(current_sign))
        result = _of_record(data, one_c, own)
    elif kind == "spectrum":
        data = read_spectrum(measured, sweep)
        result = _of_spectrum(data)
    else:
        data = read_capacities(measured) if kind == "capacities" else read_resistances(measured)
        result = Understood(str(file), kind, [], [("Notes", "; ".join(data.notes))])
    if to is not None:
        if not isinstance(data, (Record, Spectrum)):
            raise InputError(f"{file}: {kind} are tidy as they are: a record or a spectrum goes.")
        check_not_read(to, [file], "--to")
        content = exported(data, to, spelling, area)
        try:
            if not force and to.is_file() and to.read_bytes() != content:
                raise InputError(f"{to} is there already: take another name, or --force.")
            replace_file(to, content)
        except OSError as error:
            raise InputError(f"cannot write to {to} ({error.strerror or error}).") from None
        result.lines.append(("Written", str(to)))
    return result


@dataclass(frozen=True, repr=False)
class Understood(Listing):
    """What was understood of a file, line by line, and its stretches or points."""

    kind = "read"
    title = "What was read of a file"

    source: str
    holds: str
    rows: list[dict[str, Any]]
    lines: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines, then the table."""
        shown = [f"{name:<10} {words}" for name, words in self.lines if words]
        head = f"{'File':<10} {self.source}: {self.holds}"
        table = ["", text_table(self.rows[:MOST])] if self.rows else []
        more = len(self.rows) - MOST
        last = [f"(and {more} more: all of them with --json -)"] if more > 0 else []
        return "\n".join([head, *shown, *table, *last])

    @property
    def payload(self) -> dict[str, Any]:
        """All of it as plain data, for JSON."""
        told = {name: words for name, words in self.lines if words}
        return {"kind": self.kind, "file": self.source, "holds": self.holds, **told} | {
            "rows": self.rows
        }


def _units(unit: Any) -> dict[str, str]:
    """Units by column, typed as "I=mA"."""
    if unit is None or isinstance(unit, dict):
        return unit or {}
    pairs = [one.rpartition("=") for one in unit]
    for one, (name, equals, text) in zip(unit, pairs, strict=True):
        if not equals or not name.strip() or not text.strip():
            raise InputError(f'--unit \'{one}\': write it as "column=unit", "I=mA".')
    return each_once([(name.strip(), text.strip()) for name, _, text in pairs])


def _of_record(record: Record, one_c: float | None, cell: Cell | None) -> Understood:
    table = record.table
    time = table["Time [s]"].to_numpy()
    steps = np.diff(time)
    usual = float(np.median(steps))
    if one_c is not None and record.per_area:
        raise InputError(f"{record.source}: current per area: leave out --one-c.")
    if cell is not None and one_c is None:
        one_c = cell.design.one_c * (1.0 if record.per_area else cell.design.area)
    rows = stretch_rows(record, one_c)
    if cell is not None:
        _per_gram(rows, record, cell)
    lines = [
        ("Columns", "; ".join(f"'{of}' is {ours}" for ours, of in record.headings.items())),
        ("Sign", f"{record.sign_note}; positive on discharge from here on"),
        ("Time", f"{said(np.ptp(time), 'h', '.4g')}, {len(table)} rows, one every {usual:.3g} s"),
        ("Stretches", _counted(rows)),
        ("Cycles", _span(table, "Cycle", "1")),
        ("Pressure", _span(table, "Stack pressure [Pa]", "MPa", " measured")),
        ("Applied", _span(table, "Applied pressure [Pa]", "MPa")),
        ("Temperature", _span(table, "Temperature [K]", "degC")),
        ("Gaps", _gaps(record, steps, usual)),
        ("Charge", _agreement(rows)),
        ("Cell", "" if cell is None else _fits(record, cell)),
        ("Notes", "; ".join(record.notes)),
    ]
    return Understood(record.source, f"{record.kind}, a record", rows, lines)


def _of_spectrum(spectrum: Spectrum) -> Understood:
    unit, Z = ("Ohm", spectrum.impedance_Ohm)
    if Z is None:
        unit, Z = "Ohm.cm2", in_unit(spectrum.impedance_Ohm_m2, "Ohm.cm2")
    hertz = spectrum.frequency_Hz
    decades = abs(np.log10(hertz.max() / hertz.min()))
    lines = [
        ("Columns", "; ".join(f"'{of}' is {ours}" for ours, of in spectrum.headings.items())),
        ("Points", f"{len(hertz)}, {hertz.max():.4g} to {hertz.min():.3g} Hz, "
                   f"{(len(hertz) - 1) / max(decades, 1e-9):.3g} a decade"),
        ("Sign", "capacitive arcs have a negative imaginary part from here on"),
        ("Notes", "; ".join(spectrum.notes)),
    ]  # fmt: skip
    rows = [
        {
            "Frequency [Hz]": float(f),
            f"Z_re [{unit}]": float(z.real),
            f"Z_im [{unit}]": float(z.imag),
        }
        for f, z in zip(hertz, Z, strict=True)
    ]
    return Understood(spectrum.source, f"{spectrum.kind}, a spectrum", rows, lines)


def _per_gram(rows: list[dict[str, Any]], record: Record, cell: Cell) -> None:
    """The charge of each stretch by the cell's active material, beside it."""
    name = "Charge [mA.h.cm-2]" if record.per_area else "Charge [mA.h]"
    area = 1.0 if record.per_area else in_unit(cell.design.area, "cm2")
    grams = cell.design.positive.grams  # per cm2
    for row in rows:
        row["Charge [mA.h.g-1]"] = None if row[name] is None else row[name] / area / grams


def _fits(record: Record, cell: Cell) -> str:
    """Whether the record can be one of the cell; why not, in the words of the check."""
    entries = cell.entries
    try:
        odd = check_record(
            record,
            area=cell.design.area,
            one_c=cell.design.nominal_capacity,
            lower=entries["Lower voltage cut-off [V]"].value,
            upper=entries["Upper voltage cut-off [V]"].value,
        )
    except InputError as error:
        return f"this cannot be of {cell.name}: {str(error).removeprefix(f'{record.source}: ')}"
    return "; ".join([f"this can be of {cell.name}", *odd])


def _counted(rows: list[dict[str, Any]]) -> str:
    kinds = [str(row["Kind"]) for row in rows]
    return ", ".join(
        f"{kinds.count(kind)} {kind}{'s' if kinds.count(kind) > 1 else ''}"
        for kind in ("charge", "discharge", "rest")
        if kind in kinds
    )


def _span(table: Any, name: str, unit: str, more: str = "") -> str:
    """Lowest and highest of a column, "" where there is none."""
    if name not in table:
        return ""
    values = in_unit(table[name].to_numpy(float), unit)
    low, high = np.nanmin(values), np.nanmax(values)
    words = f" {unit}{more}" if unit != "1" else ""
    return f"{low:.4g} to {high:.4g}{words}" if high > low else f"{low:.4g}{words}"


def _gaps(record: Record, steps: np.ndarray, usual: float) -> str:
    """Where time passed unseen while current flowed."""
    flowing = record.table[current_column(record.table)].to_numpy() != 0
    wide = np.append(False, (steps > GAP * usual) & flowing[1:] & flowing[:-1])
    if not wide.any():
        return "none while current flows"
    lines = record.lines if len(record.lines) == len(wide) else np.arange(1, len(wide) + 1)
    return f"{at_lines(lines[wide])}: up to {np.append(0.0, steps)[wide].max():.3g} s unseen"


def _agreement(rows: list[dict[str, Any]]) -> str:
    """Whether charges by current are those of the file's own column."""
    name = next((key for row in rows for key in row if key.startswith("Charge [")), "")
    pairs = [(row[name], row["By its column"]) for row in rows if row.get("By its column")]
    if not pairs:
        return ""
    worst = max(abs(one / own - 1) for one, own in pairs)
    if worst <= DIFFER:
        return f"by current as by its own column, within {100 * worst:.2g} %"
    return (
        f"by current and by its own column differ by up to {100 * worst:.2g} %: rows are too few "
        "to follow the current, or the column counts otherwise"
    )
