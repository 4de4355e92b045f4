"""``ssb min-pressure``."""

from __future__ import annotations

import argparse

from ssb_model.cli.common import (
    cell_of,
    cell_options,
    numbers,
    output_options,
    si,
)
from ssb_model.cli.saving import report, reserve
from ssb_model.cli.study import run_options, run_settings, spaced
from ssb_model.errors import InputError


def add_min_pressure(verbs) -> None:
    least = verbs.add_parser(
        "min-pressure", help="the lowest stack pressure that still does the job, and how sure"
    )
    least.add_argument(
        "--criterion",
        type=spaced,
        choices=["capacity", "energy", "retention", "plating margin", "resistance"],
        default="capacity",
        help="what the job is; capacity if left out",
    )
    least.add_argument("--c-rate", type=float, default=0.1, help="0.1 if left out")
    enough = least.add_mutually_exclusive_group()
    enough.add_argument(
        "--keep",
        type=float,
        default=0.95,
        help="share of what the reference pressure gives (or, of retention, of the first cycle), "
        "0.95",
    )
    enough.add_argument(
        "--limit",
        type=float,
        help="in place of a share: at least so many mAh/g, mWh/cm2 or mV, at most Ohm cm2",
    )
    least.add_argument(
        "--reference", type=float, metavar="MPa", help="to compare with; the cell's own pressure"
    )
    least.add_argument(
        "--between",
        type=numbers,
        metavar="MPa,MPa",
        help="pressures to try; from 0.1 to the reference, or what the cell file declares",
    )
    least.add_argument(
        "--from-full", action="store_true", help="discharges from rest at 100 %%, no charges"
    )
    run_options(least)
    least.add_argument(
        "--samples",
        type=int,
        default=0,
        metavar="N",
        help="draws of all numbers that declare a range, for an interval; 200 take half a minute",
    )
    least.add_argument("--seed", type=int, help="of the draws, 0")
    least.add_argument(
        "--range",
        action="append",
        metavar='"OWNER: NAME"',
        help='draw only this, as "NCM811: Hold pressure [Pa]"; may be repeated',
    )
    least.add_argument(
        "--measured",
        type=numbers,
        metavar="LOW,HIGH",
        help="what the cell was measured to give at the reference, mAh/g (mWh/cm2 of energy); "
        "draws that give something else are set aside",
    )
    least.add_argument(
        "--fresh", action="store_true", help="start anew, over the journal in the folder of --out"
    )
    cell_options(least)
    least.set_defaults(run=_min_pressure)
    output_options(least)


def _min_pressure(options: argparse.Namespace) -> int:
    from ssb_model.studies.criteria import CRITERIA
    from ssb_model.studies.minimum_pressure import minimum_stack_pressure
    from ssb_model.tables.minimum_pressure import minimum_pressure_text

    if options.between is not None and len(options.between) != 2:
        raise InputError("--between takes two pressures, as 0.1,20.")
    if options.measured is not None and len(options.measured) != 2:
        raise InputError("--measured takes two limits, as 150,170.")
    run = "from full" if options.from_full else CRITERIA[options.criterion].run
    settings = run_settings(options, run)
    if options.seed is not None and not options.samples:
        raise InputError("--seed is of draws: give --samples N with it.")
    if options.fresh and not (options.out and options.samples):
        raise InputError("--fresh starts draws anew: give --samples and --out with it.")
    cell = cell_of(options)
    keeps = options.out is not None and options.samples
    reserve(options)
    result = minimum_stack_pressure(
        cell,
        criterion=options.criterion,
        keep=options.keep,
        limit=options.limit,
        reference_pressure=si(options.reference, 1e6),
        between=options.between and tuple(1e6 * pressure for pressure in options.between),
        temperature=si(options.temperature, 1, 273.15),
        from_full=options.from_full,
        samples=options.samples,
        seed=options.seed or 0,
        ranges=options.range,
        measured=options.measured and tuple(options.measured),
        journal=options.out / "min_pressure.sqlite" if keeps else None,
        fresh=bool(options.fresh and keeps),
        **settings,
    )
    return report(options, result, minimum_pressure_text)
