"""The verbs of ``ssb``: what each takes, and the function it calls."""

from __future__ import annotations

import argparse
from pathlib import Path

from ssb_model.cli.common import (
    cell_of,
    cell_options,
    cv_option,
    json_option,
    make_folder,
    numbers,
    output_options,
    report,
    si,
    write_json,
)


def add_cells(verbs) -> None:
    cells = verbs.add_parser("cells", help="list the cells that come with the package")
    cells.set_defaults(run=_cells)
    json_option(cells)


def _cells(options: argparse.Namespace) -> int:
    from ssb_model.overview import cell_rows
    from ssb_model.tables.text import text_table

    rows = cell_rows()
    if not write_json(options, {"kind": "cells", "rows": rows}):
        print(text_table(rows))
    return 0


def add_show(verbs) -> None:
    show = verbs.add_parser("show", help="every parameter of a cell, where it is from")
    show.add_argument("cell", help="name of a cell, or path of your own TOML file")
    show.set_defaults(run=_show)
    json_option(show)


def _show(options: argparse.Namespace) -> int:
    from ssb_model.cell import load_cell
    from ssb_model.overview import parameter_rows, recipe_rows
    from ssb_model.tables.text import text_table

    cell = load_cell(options.cell)
    recipe, parameters = recipe_rows(cell), parameter_rows(cell)
    payload = {"cell": cell.name, "kind": "show", "recipe": recipe, "rows": parameters}
    if not write_json(options, payload):
        print(f"{cell.design.file.words['title']}\n\nFrom the recipe\n{text_table(recipe)}\n")
        print(f"Parameters\n{text_table(parameters)}")
    return 0


def add_discharge(verbs) -> None:
    discharge = verbs.add_parser("discharge", help="charge a cell, discharge it, say what it gave")
    discharge.add_argument(
        "--c-rate",
        type=float,
        default=0.1,
        help="0.1 if left out; 1C as the cell file states it",
    )
    discharge.add_argument("--pressure", type=float, metavar="MPa", help="stack pressure in MPa")
    discharge.add_argument(
        "--profile",
        type=Path,
        metavar="CSV",
        help="stack pressure in time: a line of names, then h and MPa, from the charge's start on",
    )
    cell_options(discharge)
    before = discharge.add_mutually_exclusive_group()
    before.add_argument(
        "--charge-rate", type=float, help="C-rate of the charge before; same if left out"
    )
    cv_option(discharge, "--cv-until")
    before.add_argument("--from-full", action="store_true", help="start from rest at 100 %%")
    discharge.set_defaults(run=_discharge)
    output_options(discharge)


def _discharge(options: argparse.Namespace) -> int:
    from ssb_model.parameters.profile import read_profile
    from ssb_model.protocols.discharge import discharge
    from ssb_model.tables.discharge import discharge_text

    if options.out is not None:
        make_folder(options.out)
    cell = cell_of(options)
    if options.profile is not None:
        cell = cell.with_pressure_profile(*read_profile(options.profile))
    result = discharge(
        cell,
        options.c_rate,
        stack_pressure=si(options.pressure, 1e6),
        temperature=si(options.temperature, 1, 273.15),
        charge_rate=options.charge_rate,
        from_full=options.from_full,
        cv_until=options.cv_until,
    )
    report(options, result, discharge_text)
    return 1 if result.failed else 0


def add_rate_test(verbs) -> None:
    test = verbs.add_parser(
        "rate-test", help="charge and discharge a cell at one rate after another"
    )
    test.add_argument(
        "--c-rates",
        type=numbers,
        default="0.1,0.2,0.3,0.5,0.7,1,0.1",
        metavar="C,C,...",
        help="in this order; 0.1,0.2,0.3,0.5,0.7,1,0.1 if left out",
    )
    test.add_argument(
        "--pressure",
        type=numbers,
        metavar="MPa,MPa,...",
        help="stack pressures in MPa, a fresh cell each; the cell's own if left out",
    )
    test.add_argument(
        "--charge-rate", type=float, help="C-rate of every charge; as the discharge if left out"
    )
    cv_option(test, "--cv-until")
    test.add_argument("--repeats", type=int, default=1, help="discharges at each rate, 1")
    test.add_argument(
        "--activation-pressure",
        type=float,
        metavar="MPa",
        help="one cycle at 0.1C under this pressure before",
    )
    cell_options(test)
    test.set_defaults(run=_rate_test)
    output_options(test)


def _rate_test(options: argparse.Namespace) -> int:
    from ssb_model.protocols.rate_test import rate_test
    from ssb_model.tables.rate_test import rate_test_text

    if options.out is not None:
        make_folder(options.out)
    pressures = options.pressure and [pressure * 1e6 for pressure in options.pressure]
    result = rate_test(
        cell_of(options),
        options.c_rates,
        stack_pressure=pressures,
        temperature=si(options.temperature, 1, 273.15),
        charge_rate=options.charge_rate,
        repeats=options.repeats,
        cv_until=options.cv_until,
        activation_pressure=si(options.activation_pressure, 1e6),
    )
    report(options, result, rate_test_text)
    return 1 if result.failed else 0


def add_pressure_steps(verbs) -> None:
    steps = verbs.add_parser(
        "pressure-steps", help="age a cell, step its stack pressure, read resistances and contact"
    )
    steps.add_argument(
        "--steps",
        type=numbers,
        default="5,1,5,500,5",
        metavar="MPa,MPa,...",
        help="stack pressures in MPa; 5,1,5,500,5 if left out",
    )
    steps.add_argument(
        "--cycles-before", type=int, default=0, metavar="N", help="cycles before the first step"
    )
    steps.add_argument("--cycle-rate", type=float, default=0.2, help="C-rate of them, 0.2")
    cv_option(steps, "--cycle-cv-until", default=0.05)
    steps.add_argument(
        "--cycle-no-cv", action="store_true", help="cycles of constant current alone"
    )
    steps.add_argument(
        "--cycle-pressure",
        type=float,
        metavar="MPa",
        help="stack pressure of them in MPa; the first step's if left out",
    )
    steps.add_argument(
        "--c-rate", type=float, default=0.1, help="of the charge and discharge at each step, 0.1"
    )
    cell_options(steps)
    steps.set_defaults(run=_pressure_steps)
    output_options(steps)


def _pressure_steps(options: argparse.Namespace) -> int:
    from ssb_model.protocols.pressure_steps import pressure_steps
    from ssb_model.tables.pressure_steps import pressure_steps_text

    if options.out is not None:
        make_folder(options.out)
    result = pressure_steps(
        cell_of(options),
        [pressure * 1e6 for pressure in options.steps],
        cycles_before=options.cycles_before,
        cycle_rate=options.cycle_rate,
        discharge_rate=options.c_rate,
        cycle_pressure=si(options.cycle_pressure, 1e6),
        cycle_cv_until=None if options.cycle_no_cv else options.cycle_cv_until,
        temperature=si(options.temperature, 1, 273.15),
    )
    report(options, result, pressure_steps_text)
    return 1 if result.conditions["stopped"] else 0
