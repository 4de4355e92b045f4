"""``ssb sweep``."""

from __future__ import annotations

import argparse
import math
from typing import Any

from ssb_model.cli.common import (
    cell_of,
    cell_options,
    output_options,
    si,
)
from ssb_model.cli.saving import report, reserve
from ssb_model.cli.study import run_options, run_settings, spaced
from ssb_model.errors import InputError

MOST_VALUES = 10_000  # of a range
# short name: (name in Python, factor and offset from the unit typed to SI)
SHORT = {
    "pressure": ("stack_pressure", 1e6, 0.0),
    "stack-pressure": ("stack_pressure", 1e6, 0.0),
    "grain-size": ("grain_size", 1e-6, 0.0),
    "c-rate": ("c_rate", 1.0, 0.0),
    "temperature": ("temperature", 1.0, 273.15),
    "soc": ("soc", 1.0, 0.0),
}


def add_sweep(verbs) -> None:
    sweep = verbs.add_parser(
        "sweep", help="map a cell over pressure, rate, grain size, anything; goes on where cut off"
    )
    sweep.add_argument(
        "--over",
        action="append",
        required=True,
        metavar="NAME=VALUES",
        help="pressure (MPa), grain-size (um), c-rate, temperature (C), soc, a parameter of "
        '\'ssb show\' (SI), "positive: Porosity [%%]" or "option contact"; 0.5,1,2 or 1:20:8 '
        "(8 values from 1 to 20) or 1:20:8:log; repeat for a grid",
    )
    sweep.add_argument(
        "--run",
        dest="what",
        type=spaced,
        choices=["discharge", "from full", "charge", "pulse", "cycles"],
        default="discharge",
        help="at each point; discharge, after a charge, if left out",
    )
    sweep.add_argument("--c-rate", type=float, help="0.5 if left out")
    sweep.add_argument("--pressure", type=float, metavar="MPa", help="where nothing varies it")
    run_options(sweep)
    sweep.add_argument(
        "--samples", type=int, metavar="N", help="N draws between two limits each, NAME=LOW:HIGH"
    )
    sweep.add_argument("--seed", type=int, help="of the draws, 0")
    sweep.add_argument("--output", metavar="COLUMN", help="what the figure shows; as --run suits")
    where = sweep.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, metavar="N", help="N processes, not this one's cores")
    where.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster, tcp://host:8786")
    sweep.add_argument(
        "--fresh", action="store_true", help="start anew, over the journal in the folder of --out"
    )
    cell_options(sweep)
    sweep.set_defaults(run=_sweep)
    output_options(sweep)


def _sweep(options: argparse.Namespace) -> int:
    from ssb_model.studies.sweep import sweep
    from ssb_model.tables.sweep import sweep_text

    over = dict(_axis(text) for text in options.over)
    if len(over) < len(options.over):
        raise InputError("--over names something twice: give all its values at once.")
    settings = run_settings(options, options.what)
    if options.seed is not None and options.samples is None:
        raise InputError("--seed is of draws: give --samples N with it.")
    _check_free(options, over)
    cell = cell_of(options)
    reserve(options)
    result = sweep(
        cell,
        over,
        options.what,
        stack_pressure=si(options.pressure, 1e6),
        temperature=si(options.temperature, 1, 273.15),
        samples=options.samples,
        seed=options.seed or 0,
        output=options.output,
        workers=options.workers,
        scheduler=options.scheduler,
        journal=None if options.out is None else options.out / "sweep.sqlite",
        fresh=options.fresh,
        **settings,
    )
    return report(options, result, sweep_text)


def _check_free(options: argparse.Namespace, over: dict[str, list[Any]]) -> None:
    """Refuse a value of what is varied: it would be used nowhere."""
    for name in ("pressure", "temperature", "c_rate", "soc", "grain_size"):
        if getattr(options, name) is not None and SHORT[name.replace("_", "-")][0] in over:
            raise InputError(f"--{name.replace('_', '-')} is varied by --over: leave it out.")
    if options.stack is not None and "option stack" in over:
        raise InputError("--stack is varied by --over: leave it out.")
    for text in [*options.set, *(f"option {text}" for text in options.option)]:
        name = text.rpartition("=")[0].strip()
        if name in over:
            raise InputError(f"'{name}' is varied by --over: leave it out of --set and --option.")


def _axis(text: str) -> tuple[str, list[Any]]:
    """("stack_pressure", [1e6, 5e6]) from "pressure=1,5"."""
    short, equals, values = text.rpartition("=")
    if not equals or not short.strip() or not values.strip():
        raise InputError(f"--over '{text}': write it as name=1,2,5 or name=1:20:8.")
    short = short.strip()
    name, factor, offset = SHORT.get(short.replace("_", "-").casefold(), (short, 1.0, 0.0))
    if name.startswith("option "):
        return name, [value.strip() for value in values.split(",")]
    numbers = _range(text, values) if ":" in values else _list(text, values)
    return name, [number * factor + offset for number in numbers]


def _list(text: str, values: str) -> list[float]:
    try:
        return [float(value) for value in values.split(",")]
    except ValueError:
        raise InputError(f"--over '{text}': '{values}' are no numbers.") from None


def _range(text: str, values: str) -> list[float]:
    """Low, high and, unless it is drawn, how many, at equal steps or equal ratios."""
    import numpy as np

    low, high, *rest = values.split(":")
    try:
        ends = float(low), float(high)
        count = int(rest[0]) if rest else 2
        if len(rest) > 2 or rest[1:] not in ([], ["log"]) or not 2 <= count <= MOST_VALUES:
            raise ValueError
        if not all(map(math.isfinite, ends)):
            raise ValueError
        if rest[1:] and min(ends) <= 0:
            raise ValueError
    except ValueError:
        raise InputError(
            f"--over '{text}': write a range as 1:20:8, or 1:20:8:log between numbers above 0, "
            f"of at most {MOST_VALUES} values."
        ) from None
    spaced = np.geomspace if rest[1:] else np.linspace
    return spaced(*ends, count).tolist()
