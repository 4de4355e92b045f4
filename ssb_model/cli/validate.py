"""``ssb validate``."""

from __future__ import annotations

import argparse

from ssb_model.cli.common import json_option, place
from ssb_model.cli.saving import report, reserve
from ssb_model.errors import InputError


def add_validate(verbs) -> None:
    validate = verbs.add_parser(
        "validate", help="published measurements beside the model: what it fits, what it predicts"
    )
    validate.add_argument("case", nargs="?", help="one case, or a folder of them; all if left out")
    validate.add_argument(
        "--cases", type=place, metavar="FOLDER", help="where the cases are; a checkout's validation"
    )
    validate.add_argument(
        "--workers", type=int, default=2, metavar="N", help="processes side by side, 2"
    )
    validate.add_argument(
        "--out",
        type=place,
        metavar="FOLDER",
        help="of the report; 'report' beside the cases, of one case a folder in it",
    )
    json_option(validate)
    validate.set_defaults(run=_validate)


def _validate(options: argparse.Namespace) -> int:
    from ssb_model.validation.case import find_cases
    from ssb_model.validation.screen import validation_text
    from ssb_model.validation.validate import cases_folder, validate

    if options.workers < 1:
        raise InputError(f"--workers: one process or more, not {options.workers}.")
    cases = cases_folder(options.cases)
    find_cases(cases, options.case)
    if options.out is None:
        options.out = cases / "report" / (options.case or "")
    reserve(options)
    result = validate(options.case, options.cases, options.workers)
    return report(options, result, validation_text)
