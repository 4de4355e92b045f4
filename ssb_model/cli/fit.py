"""``ssb fit``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssb_model.cli.common import (
    cell_of,
    cell_options,
    changed,
    each_once,
    output_options,
    si,
)
from ssb_model.cli.saving import report, reserve
from ssb_model.errors import InputError, SolidStateError, SolveError

if TYPE_CHECKING:
    from ssb_model.fitting.data_set import DataSet
    from ssb_model.fitting.fit_file import FitRequest

SHORT = {"pressure": "stack_pressure_MPa", "temperature": "temperature_C"}
CHOICES = ("engine", "method", "starts", "seed", "draws", "profile", "suggest")


def add_fit(verbs) -> None:
    fit = verbs.add_parser(
        "fit",
        help="fit parameters of a cell to measurements, and say how sure they are",
        description="Fit parameters of a cell to measurements. In place of a cell, --data and "
        "--vary stands a fit file: TOML with cell, [[data]], [vary], [options] and [set].",
    )
    fit.add_argument(
        "--data",
        action="append",
        default=[],
        metavar="FILE[,KEY=VALUE...]",
        help='a measured file and its conditions, as "eis.csv,pressure=5,soc=0.5,noise=1": MPa, '
        "degrees Celsius, noise in mV of a record and %% of all else; or a number, as "
        '"quantity=positive_capacitance_uF_cm2,value=310"; may be repeated',
    )
    fit.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar='"NAME [UNIT]"[=LOW..HIGH]',
        help="a parameter to fit, in SI, within the range its file declares or these bounds; may "
        "be repeated",
    )
    fit.add_argument(
        "--pressure", type=float, metavar="MPa", help="stack pressure of data that name none"
    )
    fit.add_argument(
        "--starts", type=int, metavar="N", help="places all over the bounds to start from, 1"
    )
    fit.add_argument("--engine", metavar="NAME", help="scipy, or pybop to look everywhere first")
    fit.add_argument("--method", metavar="NAME", help="of PyBOP; CMAES if left out")
    fit.add_argument("--draws", type=int, metavar="N", help="draw the posterior through PyBOP")
    fit.add_argument(
        "--no-profile",
        dest="profile",
        action="store_const",
        const=False,
        help="intervals from the slopes alone, which is quicker",
    )
    fit.add_argument(
        "--suggest",
        action="store_const",
        const=True,
        help="rank further measurements even where all is told apart",
    )
    fit.add_argument("--seed", type=int, metavar="N", help="of starts and draws, 0")
    cell_options(fit)
    output_options(fit)
    fit.set_defaults(run=_fit)


def _fit(options: argparse.Namespace) -> int:
    from ssb_model.fitting.fit import fit
    from ssb_model.tables.fit import fit_text

    request = _request(options)
    reserve(options)
    try:
        result = fit(request.cell, request.data, request.vary, **request.choices)
    except SolveError as error:
        print(f"ssb: {error}", file=sys.stderr)
        return 1
    return report(options, result, fit_text)


def _request(options: argparse.Namespace) -> FitRequest:
    """What the command names, over what its fit file names."""
    from ssb_model.fitting.data_table import held_otherwise
    from ssb_model.fitting.fit_file import (
        FitRequest,
        check_choices,
        check_own,
        is_fit_file,
        read_fit_file,
    )

    if is_fit_file(options.cell):
        file = read_fit_file(options.cell)
        file = FitRequest(changed(file.cell, options), file.data, file.vary, file.choices)
    else:
        file = FitRequest(cell_of(options), [], {}, {})
    vary = {**file.vary, **each_once([_bounds(text) for text in options.vary])}
    given = {name: getattr(options, name) for name in CHOICES}
    choices = check_choices(
        {**file.choices, **{name: value for name, value in given.items() if value is not None}}
    )
    if not options.data and not file.data:
        raise InputError('give at least one --data FILE, as --data "eis.csv,soc=0.5".')
    if not vary:
        raise InputError("give at least one --vary \"NAME [UNIT]\"; 'ssb show' lists the names.")
    held = si(options.pressure, 1e6), si(options.temperature, 1, 273.15)
    data = [held_otherwise(one, *held) for one in [*file.data, *map(_data, options.data)]]
    check_own(vary, data)
    return FitRequest(file.cell, data, vary, choices)


def _data(text: str) -> DataSet:
    """Of "eis.csv,pressure=5,soc=0.5"."""
    from ssb_model.fitting.data_table import data_set

    first, *rest = text.split(",")
    if "=" in first and not Path(first).is_file():
        rest, given = [first, *rest], {}
    else:
        given = {"file": first.strip()}
    try:
        for part in rest:
            key, value = _pair(part)
            if key in given:
                raise InputError(f"{key} is given twice.")
            given[key] = value
        return data_set(given, Path())
    except SolidStateError as error:
        raise InputError(f"--data '{text}': {error}") from None


def _pair(part: str) -> tuple[str, Any]:
    """("stack_pressure_MPa", 5.0) from "pressure=5"."""
    from ssb_model.fitting.data_table import TEXTS

    key, equals, value = (word.strip() for word in part.partition("="))
    if not equals:
        raise InputError(f"write '{part}' as key=value.")
    key = key.replace("-", "_")
    key = SHORT.get(key, key)
    if key in TEXTS:
        return key, value
    if value in ("true", "false"):
        return key, value == "true"
    for kind in (int, float):
        try:
            return key, kind(value)
        except ValueError:
            continue
    return key, value


def _bounds(text: str) -> tuple[str, tuple[float, float] | None]:
    """("Name [unit]", (0.01, 2.0)) from "Name [unit]=0.01..2", no bounds from the name alone."""
    name, equals, bounds = text.rpartition("=")
    if not equals:
        return text.strip(), None
    try:
        low, high = map(float, bounds.split(".."))
    except ValueError:
        raise InputError(
            f"--vary '{text}': write bounds as \"Name [unit]=0.01..2\", in SI."
        ) from None
    return name.strip(), (low, high)
