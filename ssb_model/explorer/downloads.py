"""Files of what is on the screen: figure, numbers, cell, Python; tables of the least pressure."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ssb_model.cell.saving import cell_files
from ssb_model.errors import InputError
from ssb_model.explorer.bench import CAPACITY, RATES, Bench
from ssb_model.explorer.beside import laid_beside
from ssb_model.explorer.controls import PRESSURE, RATE, RATE_AT_FIRST, TEMPERATURE, changes_of
from ssb_model.explorer.variant import OWN, Variant
from ssb_model.explorer.words import variant_words
from ssb_model.figures.discharge import Beside, Shown, plot_variants
from ssb_model.quantities.registry import band_of
from ssb_model.quantities.units import to_si
from ssb_model.studies.question import MINIMUM
from ssb_model.studies.question import PRESSURE as STACK_PRESSURE
from ssb_model.system.saving import csv_bytes

if TYPE_CHECKING:
    from ssb_model.verbs.minimum_stack_pressure import MinimumPressureResult


File = tuple[str, bytes]
DPI = 200
KINDS = {"discharge": "discharge", "rates": "capacity against rate"}  # of rows, by part


def made(
    what: str,
    bench: Bench,
    variants: list[Variant],
    measured: Path | None,
    bands: Mapping[str, Any] | None = None,
    least: Mapping[str, Any] | None = None,
) -> File:
    """A file by what it is: "svg", "png", "csv", "toml" or "py".

    ``bands`` are those drawn of the variant that moves, ``least`` what its least pressure was
    asked with.
    """
    if what in ("svg", "png"):
        return f"explorer.{what}", _figure(what, bench, variants, measured, bands or {})
    if what == "csv":
        return "explorer.csv", csv_bytes(_table(bench, variants, bands or {}))
    if what == "toml":
        return _cell_file(bench, variants[0])
    if what == "py":
        samples = (bands or {}).get("samples", 0)
        text = python_lines(variants, bench, measured, samples, least)
        return "explorer.py", text.encode()
    raise InputError(f"no file '{what}' of a screen: svg, png, csv, toml or py.")


def _parts(bench: Bench, variant: Variant) -> dict[str, Any]:
    wanted = ("discharge", "rates")
    return {part: work() for part, work in bench.parts(variant) if part in wanted}


def _figure(
    ending: str,
    bench: Bench,
    variants: list[Variant],
    measured: Path | None,
    bands: Mapping[str, Any],
) -> bytes:
    shown = []
    for number, variant in enumerate(variants):
        parts = _parts(bench, variant)
        label = variant_words(variant, bench.described(variant.cell)["own"])
        rates = parts["rates"]
        around = {} if number else bands
        shown.append(
            Shown(
                label,
                parts["discharge"]["curve"],
                rates["rates"],
                rates["capacities"],
                around.get("discharge", ()),
                around.get("rates", ()),
            )
        )
    beside = Beside()
    if measured is not None:
        told = laid_beside(measured, bench.made(variants[0]).cell)
        curves = {one["label"]: one["points"] for one in told.get("curves", [])}
        beside = Beside(curves, told.get("capacities", []))
    title = bench.base(variants[0].cell).design.file.words["title"]
    held = io.BytesIO()
    plot_variants(title, shown, beside).savefig(held, format=ending, dpi=DPI)
    return held.getvalue()


def _table(bench: Bench, variants: list[Variant], bands: Mapping[str, Any]) -> pd.DataFrame:
    """Every curve of every variant, one point a row."""
    tables = []
    for number, variant in enumerate(variants):
        own = bench.described(variant.cell)["own"]
        about = {
            "Variant": "now" if number == 0 else f"pin {number}",
            "Cell": variant.cell.rpartition("/")[2],
            "What": variant_words(variant, own),
        }
        parts = _parts(bench, variant)
        names = [CAPACITY, "Voltage [V]"]
        curve = pd.DataFrame(parts["discharge"]["curve"], columns=names)
        tables.append(curve.assign(**about, Kind=KINDS["discharge"]))
        rates = parts["rates"]
        columns = {"C-rate": rates["rates"], CAPACITY: rates["capacities"]}
        tables.append(pd.DataFrame(columns).assign(**about, Kind=KINDS["rates"]))
        if number == 0:
            tables += [one.assign(**about) for one in _tables_of_bands(bands)]
    whole = pd.concat(tables, ignore_index=True)
    first = ["Variant", "Cell", "What", "Kind", "C-rate"]
    return whole[[*first, *(name for name in whole if name not in first)]]


def _tables_of_bands(bands: Mapping[str, Any]) -> list[pd.DataFrame]:
    """The ends of each band at every voltage and C-rate; none without one."""
    low_end, _, high_end = band_of(CAPACITY)
    tables = []
    for part, (at, axis, value) in {
        "discharge": ("Voltage [V]", 1, 0),
        "rates": ("C-rate", 0, 1),
    }.items():
        around = np.array(bands.get(part, ()))
        if len(around):
            low, high = around[: len(around) // 2], around[len(around) // 2 :][::-1]
            ends = {at: low[:, axis], low_end: low[:, value], high_end: high[:, value]}
            tables.append(pd.DataFrame(ends).assign(Kind=f"{KINDS[part]}, 5 to 95 % of draws"))
    return tables


def _cell_file(bench: Bench, variant: Variant) -> File:
    """The variant as a cell of its own, pressure and temperature of the run with it."""
    base = bench.base(variant.cell)
    values = dict(variant.values)
    run = {}
    if PRESSURE in values:
        run["cell: Stack pressure [MPa]"] = values[PRESSURE]
    if TEMPERATURE in values:
        run["cell: Temperature [degC]"] = values[TEMPERATURE]
    own = Variant(variant.cell, variant.values, variant.more)
    cell = bench.made(own).cell.with_recipe(run) if run else bench.made(own).cell
    title = ", ".join([base.design.file.words["title"], "from the explorer"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "explorer.toml"
        files = cell_files(cell, path, {}, title)
    return "explorer.toml", files[path]


def python_lines(
    variants: list[Variant],
    bench: Bench,
    measured: Path | None = None,
    bands: int = 0,
    least: Mapping[str, Any] | None = None,
) -> str:
    """Python that gives all that is on the screen; the page solves on the same mesh."""
    lines = ["import ssb_model as ssb", ""]
    for number, variant in enumerate(variants):
        lines += _lines_of(variant, bench, f"_{number}" if number else "", 0 if number else bands)
    if least:
        asked = ", ".join(f"{name}={value!r}" for name, value in least.items())
        rate = f"{dict(variants[0].values).get(RATE, RATE_AT_FIRST):.6g}"
        lines += [f"least = ssb.minimum_stack_pressure(quick, {rate}, {asked})", "print(least)"]
    if measured is not None:
        kind = laid_beside(measured, bench.made(variants[0]).cell)["kind"]
        of = "spectrum" if kind == "spectrum" else "result"
        lines += [f'{of} = {of}.beside("{measured.name}")'] if kind != "capacities" else []
        if kind == "capacities":
            lines.append(f'measured = ssb.read("{measured.name}")')
    return "\n".join([*lines, "figure = result.plot()"]) + "\n"


def _lines_of(variant: Variant, bench: Bench, end: str, bands: int) -> list[str]:
    """The lines of one variant, its names with an ``end`` of their own."""
    base, values = bench.base(variant.cell), dict(variant.values)
    own = variant.cell.startswith(OWN)
    name = f"{base.name}.toml" if own else variant.cell
    recipe = changes_of(base, variant.values)
    cell, held, rate = f"cell{end}", f"held{end}", f"{values.get(RATE, RATE_AT_FIRST):.6g}"
    lines = [f'{cell} = ssb.load_cell("{name}")']
    lines += [f"{cell} = {cell}.with_recipe({recipe!r})"] if recipe else []
    lines += [f"{cell} = {cell}.with_values({dict(variant.more)!r})"] if variant.more else []
    given = {}
    if PRESSURE in values:
        given["stack_pressure"] = float(f"{to_si(values[PRESSURE], 'MPa'):.6g}")
    if TEMPERATURE in values:
        given["temperature"] = float(f"{to_si(values[TEMPERATURE], 'degC'):.6g}")
    samples = f", samples={bands}" if bands else ""
    mesh = base.model_options["mesh"]
    return [
        *lines,
        f"{held} = {given!r}  # Pa, K; the cell's own where they are left out",
        f'quick{end} = {cell}.with_options({{"mesh": "{mesh}"}})  # of the page; "fine" is finer',
        f"result{end} = ssb.discharge(quick{end}, {rate}, **{held}{samples})",
        f"print(result{end})",
        f"losses{end} = ssb.limits(quick{end}, {rate}, **{held})",
        f"rates{end} = [ssb.discharge(quick{end}, rate, **{held}) for rate in {RATES}]",
        f"spectrum{end} = ssb.impedance({cell}, 0.5, **{held})",
        "",
    ]


def least_table(result: MinimumPressureResult, said: Sequence[str]) -> pd.DataFrame:
    """The runs by pressure; target, answer and interval in each row, the sentences one a row."""
    low, median, high = band_of(MINIMUM)
    answer, ends = result.answer, result.answer["Interval [MPa]"] or (None, None)
    beside = {
        "target": result.asked["target"],
        "Reference pressure [MPa]": answer["Reference pressure [MPa]"],
        MINIMUM: answer[MINIMUM],
        low: ends[0],
        median: answer["Median [MPa]"],
        high: ends[1],
    }
    runs = result.table
    table = runs.assign(**{name: value for name, value in beside.items() if value is not None})
    sentences = pd.DataFrame({"Answer": [one for one in said if one]})
    return pd.concat([table, sentences], axis=1)


def warnings_of(runs: pd.DataFrame) -> list[str]:
    """What is to be minded of runs, and at which pressures."""
    if "Detail" not in runs:
        return []
    told = runs[runs["Detail"].fillna("").astype(bool)]
    return [
        f"Mind at {', '.join(f'{one:.3g}' for one in rows[STACK_PRESSURE])} MPa: {detail}"
        for detail, rows in told.groupby("Detail", sort=False)
    ]
