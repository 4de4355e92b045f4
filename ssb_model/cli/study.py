"""What the verbs of studies share."""

from __future__ import annotations

import argparse
from typing import Any


def run_options(parser: argparse.ArgumentParser) -> None:
    """What a run takes beside rate, pressure and temperature."""
    parser.add_argument(
        "--charge-rate", type=float, help="C-rate of the charge before; same if left out"
    )
    parser.add_argument("--cycles", type=int, default=100, metavar="N", help="of a retention, 100")
    parser.add_argument("--soc", type=float, default=0.5, help="where a pulse starts, 0.5")
    parser.add_argument("--seconds", type=float, default=10.0, help="of a pulse, 10")


def spaced(text: str) -> str:
    """ "from-full" for who would rather not quote "from full"."""
    return text.replace("-", " ")


def run_settings(options: argparse.Namespace) -> dict[str, Any]:
    names = ("c_rate", "charge_rate", "cycles", "soc", "seconds")
    return {name: getattr(options, name) for name in names}
