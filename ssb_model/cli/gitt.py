"""``ssb gitt``."""

from __future__ import annotations

import argparse

from ssb_model.cli.common import (
    cell_of,
    cell_options,
    data_option,
    output_options,
    pressures_of,
    pressures_option,
    si,
)
from ssb_model.cli.saving import report, reserve


def add_gitt(verbs) -> None:
    titration = verbs.add_parser(
        "gitt", help="pulses and rests; resistances and diffusivity over the state of charge"
    )
    titration.add_argument("--c-rate", type=float, default=0.5, help="of the pulses, 0.5")
    titration.add_argument("--pulse", type=float, default=72.0, metavar="s", help="72 s")
    titration.add_argument("--rest", type=float, default=5000.0, metavar="s", help="5000 s")
    titration.add_argument(
        "--direction", choices=["discharge", "charge", "both"], default="discharge"
    )
    pressures_option(titration)
    for name, what in (("--t1", "R1 is faster"), ("--t2", "R2 is faster, R3 slower")):
        titration.add_argument(
            name, type=float, metavar="s", help=f"{what}; from an impedance if left out"
        )
    titration.add_argument(
        "--method",
        choices=["fit", "cut"],
        default="fit",
        help="fit each pulse, or read it at t1 and t2",
    )
    data_option(titration, "a measured record, analysed the same way,")
    cell_options(titration)
    output_options(titration)
    titration.set_defaults(run=_gitt)


def _gitt(options: argparse.Namespace) -> int:
    from ssb_model.measured.record import read_record
    from ssb_model.tables.gitt import gitt_text
    from ssb_model.verbs.gitt import gitt

    cell = cell_of(options)
    for path in options.data:
        read_record(path)  # before the run, so that a bad one is cheap
    reserve(options)
    result = gitt(
        cell,
        options.c_rate,
        options.pulse,
        options.rest,
        options.direction,
        stack_pressure=pressures_of(options),
        temperature=si(options.temperature, 1, 273.15),
        t1=options.t1,
        t2=options.t2,
        method=options.method,
    )
    for path in options.data:
        result = result.beside(path)
    return report(options, result, gitt_text)
