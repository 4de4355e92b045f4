"""What every verb gives: one contract of results, and how they are shown and saved."""

from __future__ import annotations

import shutil
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ssb_model.errors import InputError, plain
from ssb_model.quantities.registry import band_of
from ssb_model.system.saving import csv_bytes, figure_bytes, finite, netcdf_bytes, save_result

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from ssb_model.cell.cell import Cell
    from ssb_model.measured.of_a_cell import MeasuredCurve
    from ssb_model.studies.bands import Bands


EXTREMES = ("Lowest stack pressure [MPa]", "Highest stack pressure [MPa]")
HELD = (  # columns of the pressures, temperatures and grain sizes that a cell was run at
    ("Stack pressure [MPa]", *EXTREMES, "Cycle pressure [MPa]"),
    ("Temperature [degC]",),
    ("Grain size [um]",),
)


class Result(ABC):
    """Abstract: what a run of a verb gave.

    A class of one verb is a frozen dataclass with the field ``cell`` and, where measured data
    can lie beside it, ``measured``. Its ``rows`` and ``data`` are fields or properties, as suits
    it; it says what its text and its figure are.
    """

    kind: ClassVar[str]  # in the JSON
    name: ClassVar[str] = ""  # of its files; the kind if left out
    besides: ClassVar[tuple[str, ...]] = ()  # files named otherwise that a new result takes over
    told: ClassVar[tuple[str, ...]] = ()  # attributes that the JSON has beside the rows
    tables: ClassVar[tuple[str, ...]] = ()  # attributes that have a CSV of their own
    rows_fail: ClassVar[bool] = False  # whether it has failed where the solver gave up on a row

    cell: Cell
    stopped: str = ""  # what ended it early, if anything did
    bands: Bands | None = None  # of draws of the cell, where some were asked for
    rows: list[dict[str, Any]]  # the table: numbers and words by column, units in the names
    data: xr.Dataset  # curves, or else the rows, as arrays with units

    @property
    @abstractmethod
    def text(self) -> str:
        """What the shell shows."""

    @abstractmethod
    def plot(self) -> Figure:
        """The figure."""

    @property
    def title(self) -> str:
        """The cell, for a reader."""
        return self.cell.title

    def head(self, *done: str) -> list[str]:
        """The first lines of the text: the cell, what was done, what ended the run early."""
        return [
            self.title,
            *self.minded,
            *done,
            *self.draw_lines,
            *([f"Stopped    {self.stopped}"] if self.stopped else []),
        ]

    @property
    def minded(self) -> list[str]:
        """Lines on what of the cell is hard to foresee, and what was never held against it."""
        from ssb_model.engine.outcome import STEEP

        mind = list(getattr(self.cell, "cautions", ()))
        mind += [f"beyond what was validated: {'; '.join(self.beyond)}"] if self.beyond else []
        steep = [row for row in self.rows if STEEP in str(row.get("Detail", ""))]
        if steep:
            which = "" if len(self.rows) == 1 else f" of {len(steep)} of {len(self.rows)} rows"
            mind.append(f"the capacity{which} {STEEP}: see Detail, or below in brackets")
        return [f"Mind       {each}" for each in mind]

    @property
    def beyond(self) -> list[str]:
        """What of the cell and of how it was run lies beyond what was validated."""
        from ssb_model.cell.numbers import beyond_validated

        cell = getattr(self, "cell", None)
        held = [[value for name in names for value in self.column(name)] for names in HELD]
        return [] if cell is None else beyond_validated(cell, *held)

    def column(self, name: str) -> list[float]:
        """The numbers that its rows, or else what it says of all of them, have under a name."""
        rows, said = self.rows or [{}], self.said_of_all
        values = [row.get(name, said.get(name)) for row in rows]
        return [value for value in values if isinstance(value, Real) and value == value]

    @property
    def said_of_all(self) -> dict[str, Any]:
        """What holds for all rows, by column."""
        given = (getattr(self, name, None) for name in ("how", "asked", "conditions"))
        return {k: v for one in given if isinstance(one, dict) for k, v in one.items()}

    @property
    def draw_lines(self) -> list[str]:
        """Lines on the draws of the cell, if there are any."""
        return [] if self.bands is None else [f"Draws      {each}" for each in self.bands.words]

    def with_bands(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Rows of the cell as it stands, with 5, 50 and 95 % of the draws beside its numbers."""
        if self.bands is None:
            return rows
        return [
            type(row)({**row, **self.bands.of_row(number, row)}) for number, row in enumerate(rows)
        ]

    @property
    def table(self) -> pd.DataFrame:
        """The rows."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    @property
    def failed(self) -> bool:
        """Whether something ended it that no outcome of the cell explains."""
        from ssb_model.engine.outcome import gave_up

        ends = (str(row["Stopped by"]) for row in self.rows if self.rows_fail)
        return bool(self.stopped) or any(map(gave_up, ends))

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        head = {"cell": self.cell.name, "kind": self.kind, "stopped": self.stopped}
        return finite({**head, "rows": self.rows, **{n: getattr(self, n) for n in self.told}})

    @property
    def whole_payload(self) -> dict[str, Any]:
        """The same with the draws, and what lies beyond what was validated."""
        more: dict[str, Any] = {"beyond_validated": self.beyond} if self.beyond else {}
        more |= {} if self.bands is None else {"draws of the cell": self.bands.payload}
        return {**self.payload, **more}

    @property
    def drawn_files(self) -> dict[str, bytes]:
        """Every draw and what it gave as CSV, and the bands of the curves."""
        if self.bands is None:
            return {}
        tables = {"draws": self.bands.table, "bands": self.bands.curves}
        return {
            f"{self.stem}.{name}.csv": csv_bytes(table)
            for name, table in tables.items()
            if table is not None
        }

    def beside(self, *measured: Any) -> Self:
        """The same result with measured data, files or what was read of them, in its figure."""
        if not hasattr(self, "measured"):
            raise InputError(f"nothing measured lies beside '{self.kind}': lay it beside a run.")
        read = [part for one in measured for part in self.read(one)]
        return replace(self, measured=[*self.measured, *read])  # type: ignore[type-var]

    def read(self, measured: Any) -> list[Any]:
        """What of a file can lie beside: its discharges; what was read before as it is."""
        from ssb_model.measured.of_a_cell import measured_curves

        return measured_curves(measured, self.cell)

    @property
    def stem(self) -> str:
        """How its files are named."""
        return self.name or self.kind.replace("-", "_")

    @property
    def files(self) -> dict[str, bytes]:
        """What is saved beside the JSON, by name."""
        if not self.rows:
            return {}
        table = {f"{self.stem}.csv": csv_bytes(self.table)}
        return {**table, **self.more, **self.drawn_files, **self.figure_files(self.plot())}

    def figure_files(self, figure: Figure) -> dict[str, bytes]:
        """A figure as files, with what lies beyond what was validated written below it."""
        if self.beyond:
            from ssb_model.figures.scales import note_below

            note_below(figure, f"Beyond what was validated: {'; '.join(self.beyond)}")
        return figure_bytes(self.stem, figure)

    @property
    def more(self) -> dict[str, bytes]:
        """What is saved beside table and figure, by name."""
        import pandas as pd

        tables = {name: getattr(self, name) for name in self.tables}
        return {
            f"{self.stem}.{name}.csv": csv_bytes(pd.DataFrame(table))
            for name, table in tables.items()
            if table is not None
        }

    def save(self, folder: str | Path, force: bool = False) -> list[Path]:
        """Tables as CSV, arrays as netCDF, all of it as JSON, the figure as PNG and SVG.

        Files of an earlier result of this kind are replaced; another file that has the name of
        one of them is refused, unless ``force`` writes over it.
        """
        return save_result(folder, self.stem, self.whole_payload, self.files, self.besides, force)

    def __str__(self) -> str:
        return plain(self.text)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.cell.name}, {len(self.rows)} rows>"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


class Tabled(Result):
    """Abstract: a run of whose rows the numbers are the data."""

    index: ClassVar[str]  # of the data: a column, or a word for the number of the row

    @property
    def data(self) -> xr.Dataset:
        """The numbers of the rows as arrays."""
        table, index = self.table, self.index
        table = table.set_index(index) if index in table else table.rename_axis(index)
        return table.select_dtypes("number").to_xarray().assign_attrs(cell=self.cell.name)


class Listing(Result):
    """Abstract: a table that no run gave, or of many cells, without a figure."""

    title: ClassVar[str]

    @property
    def data(self) -> xr.Dataset:
        """The rows as arrays, words among them."""
        return self.table.to_xarray()

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {"kind": self.kind, "rows": self.rows}

    @property
    def files(self) -> dict[str, bytes]:
        """The table as CSV."""
        return {f"{self.stem}.csv": csv_bytes(self.table)}

    def plot(self) -> Figure:
        raise InputError(f"{self.title} is a table without a figure: print or save it.")

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, {len(self.rows)} rows>"


@dataclass(frozen=True, repr=False)
class Runs(Result):
    """Abstract: runs in the order they were made, with a ``row`` and curves in ``data`` each."""

    rows_fail = True

    cell: Cell
    runs: list[Any]
    stopped: str = ""
    measured: list[MeasuredCurve] = field(default_factory=list)  # to draw beside
    bands: Bands | None = None

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a run; units in the names."""
        return self.with_bands([run.row for run in self.runs])

    @property
    def data(self) -> xr.Dataset:
        """All curves, one after the other, with the number of the run they belong to."""
        curves = [run.data.drop_attrs(deep=False) for run in self.runs]
        return in_a_row(curves, "Run").assign_attrs(cell=self.cell.name)

    @property
    def more(self) -> dict[str, bytes]:
        """The curves as CSV and netCDF."""
        return curve_files(f"{self.stem}.curves", self.data)


def in_a_row(curves: Sequence[xr.Dataset], name: str) -> xr.Dataset:
    """Curves one after the other, with the number of each in a variable of that ``name``."""
    import xarray as xr

    numbered = [
        one.assign({name: ("point", [number] * one.sizes["point"], {"units": "1"})})
        for number, one in enumerate(curves, start=1)
    ]
    return xr.concat(numbered, "point")


def curve_files(name: str, data: xr.Dataset) -> dict[str, bytes]:
    """Curves as CSV, with units, and as netCDF."""
    from ssb_model.engine.outcome import labelled_frame

    return {f"{name}.csv": csv_bytes(labelled_frame(data)), f"{name}.nc": netcdf_bytes(data)}


def text_table(rows: Sequence[dict[str, Any]], columns: dict[str, str] | None = None) -> str:
    """Rows under their keys, columns as wide as needed, the last one folded to the terminal.

    ``columns`` picks keys, by what heads them; those that no row has are left out.
    """
    if columns is not None:
        known = {head: key for head, key in columns.items() if any(key in row for row in rows)}
        rows = [{head: row.get(key) for head, key in known.items()} for row in rows]
    heads = list(rows[0])
    cells = [[_text(row[head]) for head in heads] for row in rows]
    widths = [max(len(line[i]) for line in [heads, *cells]) for i in range(len(heads))]
    room = max(shutil.get_terminal_size((120, 24)).columns - sum(widths[:-1]) - 2 * len(heads), 30)
    lines = []
    rules = ["-" * width for width in [*widths[:-1], min(widths[-1], room)]]
    for line in [heads, rules, *cells]:
        left = "  ".join(part.ljust(width) for part, width in zip(line[:-1], widths, strict=False))
        folded = textwrap.wrap(line[-1], room) or [""]
        lines.append(f"{left}  {folded[0]}".rstrip())
        lines += [" " * (len(left) + 2) + rest for rest in folded[1:]]
    return "\n".join(lines)


def of_draws(row: dict[str, Any], name: str, form: str = ".4g") -> str:
    """ "155 [148, 161]": median, 5 and 95 % of draws of a column; nothing where there is none."""
    low, median, high = (row.get(one) for one in band_of(name))
    if median is None:
        return ""
    return f"{median:{form}} [{low:{form}}, {high:{form}}]"


def drawn_table(result: Result, key: str, columns: dict[str, str], most: int = 20) -> list[str]:
    """Of draws, every row or every so many: its key and the spread of columns by their heads."""
    if result.bands is None:
        return []
    rows = result.rows
    every = -(-len(rows) // most)
    shown = [row for k, row in enumerate(rows) if k % every == 0 or row is rows[-1]]
    first = key if key.endswith("]") else key.lower()
    table = [
        {first: row[key], **{head: of_draws(row, name) for head, name in columns.items()}}
        for row in shown
    ]
    kept = [head for head in table[0] if any(row[head] != "" for row in table)] if table else []
    if not kept:
        return []
    lines = text_table([{head: row[head] for head in kept} for row in table])
    return ["", "Of draws, median [5 %, 95 %]", lines]


def _text(value: Any) -> str:
    if value is None or value != value:  # not a number
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
