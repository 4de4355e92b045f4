"""``ssb discharge``."""

from __future__ import annotations

import argparse
from dataclasses import replace

from ssb_model.cli.common import (
    cell_of,
    cell_options,
    curves_of,
    cv_option,
    data_option,
    output_options,
    place,
    si,
)
from ssb_model.cli.saving import report, reserve


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
        type=place,
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
    data_option(discharge, "measured discharges")
    discharge.set_defaults(run=_discharge)
    output_options(discharge)


def _discharge(options: argparse.Namespace) -> int:
    from ssb_model.parameters.profile import read_profile
    from ssb_model.tables.discharge import discharge_text
    from ssb_model.verbs.discharge import discharge

    cell = cell_of(options)
    if options.profile is not None:
        cell = cell.with_pressure_profile(*read_profile(options.profile))
    measured = curves_of(options, cell)
    reserve(options)
    result = discharge(
        cell,
        options.c_rate,
        stack_pressure=si(options.pressure, 1e6),
        temperature=si(options.temperature, 1, 273.15),
        charge_rate=options.charge_rate,
        from_full=options.from_full,
        cv_until=options.cv_until,
    )
    result = replace(result, measured=measured)
    return report(options, result, discharge_text)
