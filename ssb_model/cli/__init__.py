"""The command ``ssb``: arguments in, functions called, tables out."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ssb_model.cli import (
    cycling,
    describe,
    discharge,
    fit,
    gitt,
    impedance,
    limits,
    min_pressure,
    pressure_steps,
    rate_test,
    sweep,
)
from ssb_model.errors import SolidStateError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 2 for a mistake of the user, 1 for a run that failed."""
    options = parser().parse_args(arguments)
    try:
        return options.run(options)
    except SolidStateError as error:
        print(f"ssb: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, head or less, has seen enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("ssb: stopped.", file=sys.stderr)
        return 130


class OneLine(argparse.ArgumentParser):
    """Says what is wrong in one line, where others print the whole usage."""

    def error(self, message: str):
        self.exit(2, f"ssb: {message.rstrip('.')}; '{self.prog} --help' shows what there is.\n")


def parser() -> argparse.ArgumentParser:
    """Every verb with its options."""
    whole = OneLine(
        prog="ssb", description="All-solid-state cells, from the recipe to the discharge."
    )
    known = whole.add_subparsers(required=True, metavar="COMMAND")
    for add in (
        describe.add_cells,
        describe.add_show,
        discharge.add_discharge,
        rate_test.add_rate_test,
        gitt.add_gitt,
        impedance.add_impedance,
        limits.add_limits,
        cycling.add_cycle,
        pressure_steps.add_pressure_steps,
        min_pressure.add_min_pressure,
        sweep.add_sweep,
        fit.add_fit,
    ):
        add(known)
    return whole
