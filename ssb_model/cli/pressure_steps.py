"""``ssb pressure-steps``."""

from __future__ import annotations

import argparse

from ssb_model.cli.common import (
    cell_of,
    cell_options,
    cv_option,
    numbers,
    output_options,
    si,
)
from ssb_model.cli.saving import report, reserve


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
    held = steps.add_mutually_exclusive_group()
    cv_option(held, "--cycle-cv-until", default=0.05)
    held.add_argument("--cycle-no-cv", action="store_true", help="cycles of constant current alone")
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
    from ssb_model.tables.pressure_steps import pressure_steps_text
    from ssb_model.verbs.pressure_steps import pressure_steps

    cell = cell_of(options)
    reserve(options)
    result = pressure_steps(
        cell,
        [pressure * 1e6 for pressure in options.steps],
        cycles_before=options.cycles_before,
        cycle_rate=options.cycle_rate,
        discharge_rate=options.c_rate,
        cycle_pressure=si(options.cycle_pressure, 1e6),
        cycle_cv_until=None if options.cycle_no_cv else options.cycle_cv_until,
        temperature=si(options.temperature, 1, 273.15),
    )
    return report(options, result, pressure_steps_text)
