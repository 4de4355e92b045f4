"""What the verbs of studies share."""

from __future__ import annotations

import argparse
from typing import Any

from ssb_model.errors import InputError

TAKEN = {  # by what is run: what it takes besides rate, pressure and temperature
    "discharge": ("charge_rate",),
    "from full": (),
    "charge": (),
    "pulse": ("soc", "seconds"),
    "cycles": ("charge_rate", "cycles"),
}


def run_options(parser: argparse.ArgumentParser) -> None:
    """What a run takes beside rate, pressure and temperature."""
    parser.add_argument(
        "--charge-rate", type=float, help="C-rate of the charge before; same if left out"
    )
    parser.add_argument("--cycles", type=int, metavar="N", help="of a retention, 100")
    parser.add_argument("--soc", type=float, help="where a pulse starts, 0.5")
    parser.add_argument("--seconds", type=float, help="of a pulse, 10")


def spaced(text: str) -> str:
    """ "from-full" for who would rather not quote "from full"."""
    return text.replace("-", " ")


def run_settings(options: argparse.Namespace, run: str) -> dict[str, Any]:
    """What is given of them; what this run has no use for is refused."""
    given = {
        name: getattr(options, name)
        for name in ("c_rate", "charge_rate", "cycles", "soc", "seconds")
        if getattr(options, name) is not None
    }
    for name in given:
        if name not in ("c_rate", *TAKEN[run]):
            raise InputError(
                f"--{name.replace('_', '-')} is of no use to the run '{run}': leave it out."
            )
    return given
