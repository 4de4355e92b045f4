"""``ssb limits``."""

from __future__ import annotations

import argparse
from dataclasses import replace

from ssb_model.cli.common import (
    cell_of,
    cell_options,
    curves_of,
    cv_option,
    data_option,
    numbers,
    output_options,
    pressures_of,
    pressures_option,
    si,
)
from ssb_model.cli.saving import report, reserve


def add_limits(verbs) -> None:
    limits = verbs.add_parser("limits", help="what limits a cell: where its voltage is lost")
    limits.add_argument(
        "--c-rates",
        "--c-rate",
        type=numbers,
        default="0.5",
        metavar="C,C,...",
        help="one discharge each, 0.5 if left out",
    )
    pressures_option(limits)
    before = limits.add_mutually_exclusive_group()
    before.add_argument(
        "--charge-rate", type=float, help="C-rate of the charge before; same if left out"
    )
    before.add_argument("--from-full", action="store_true", help="start from rest at 100 %%")
    cv_option(limits, "--cv-until")
    data_option(limits, "measured discharges")
    cell_options(limits)
    output_options(limits)
    limits.set_defaults(run=_limits)


def _limits(options: argparse.Namespace) -> int:
    from ssb_model.tables.limits import limits_text
    from ssb_model.verbs.limits import limits

    cell = cell_of(options)
    measured = curves_of(options, cell)
    reserve(options)
    result = limits(
        cell,
        options.c_rates,
        stack_pressure=pressures_of(options),
        temperature=si(options.temperature, 1, 273.15),
        charge_rate=options.charge_rate,
        from_full=options.from_full,
        cv_until=options.cv_until,
    )
    result = replace(result, measured=measured)
    return report(options, result, limits_text)
