"""``ssb rate-test``."""

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
    pressures_option(test)
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
    test.add_argument(
        "--direction", choices=["discharge", "charge"], default="discharge", help="the rows"
    )
    test.add_argument(
        "--discharge-rate", type=float, help="before charges; as the charge if left out"
    )
    test.add_argument(
        "--rest", type=float, default=0.0, metavar="s", help="after each charge and discharge, 0"
    )
    test.add_argument(
        "--from-full", action="store_true", help="every discharge from rest at 100 %%, no charges"
    )
    data_option(test, "measured discharges")
    cell_options(test)
    test.set_defaults(run=_rate_test)
    output_options(test)


def _rate_test(options: argparse.Namespace) -> int:
    from ssb_model.tables.rate_test import rate_test_text
    from ssb_model.verbs.rate_test import rate_test

    pressures = pressures_of(options)
    cell = cell_of(options)
    measured = curves_of(options, cell, options.direction)
    reserve(options)
    result = rate_test(
        cell,
        options.c_rates,
        stack_pressure=pressures,
        temperature=si(options.temperature, 1, 273.15),
        charge_rate=options.charge_rate,
        repeats=options.repeats,
        cv_until=options.cv_until,
        activation_pressure=si(options.activation_pressure, 1e6),
        direction=options.direction,
        discharge_rate=options.discharge_rate,
        rest=options.rest,
        from_full=options.from_full,
    )
    result = replace(result, measured=measured)
    return report(options, result, rate_test_text)
