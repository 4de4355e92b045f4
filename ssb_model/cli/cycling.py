"""``ssb cycle``."""

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
    pressures_of,
    pressures_option,
    si,
)
from ssb_model.cli.saving import report, reserve


def add_cycle(verbs) -> None:
    cycle = verbs.add_parser(
        "cycle", help="charge and discharge a cell many times; goes on where it was cut off"
    )
    cycle.add_argument("--cycles", type=int, default=100, metavar="N", help="in all, 100")
    cycle.add_argument("--c-rate", type=float, default=0.2, help="of the discharges, 0.2")
    cycle.add_argument(
        "--charge-rate", type=float, help="C-rate of the charges; as the discharges if left out"
    )
    held = cycle.add_mutually_exclusive_group()
    cv_option(held, "--cv-until", default=0.05)
    held.add_argument("--no-cv", action="store_true", help="charges of constant current alone")
    pressures_option(cycle)
    cycle.add_argument(
        "--impedance-every",
        type=int,
        metavar="K",
        help="a spectrum of the charged cell at cycle 1, every K cycles and at the last",
    )
    cycle.add_argument(
        "--fresh", action="store_true", help="start anew, over the journal in the folder of --out"
    )
    data_option(cycle, "a measured record of cycles")
    cell_options(cycle)
    cycle.set_defaults(run=_cycle)
    output_options(cycle)


def _cycle(options: argparse.Namespace) -> int:
    from ssb_model.tables.cycling import cycling_text
    from ssb_model.verbs.cycle import cycle

    pressures = pressures_of(options)
    cell = cell_of(options)
    measured = curves_of(options, cell)
    reserve(options)
    result = cycle(
        cell,
        options.cycles,
        options.c_rate,
        charge_rate=options.charge_rate,
        cv_until=None if options.no_cv else options.cv_until,
        stack_pressure=pressures[0] if pressures and len(pressures) == 1 else pressures,
        temperature=si(options.temperature, 1, 273.15),
        impedance_every=options.impedance_every,
        journal=None if options.out is None else options.out / "cycle.sqlite",
        fresh=options.fresh,
    )
    result = replace(result, measured=measured)
    return report(options, result, cycling_text)
