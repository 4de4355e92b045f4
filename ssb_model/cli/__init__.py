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
    validate,
)
from ssb_model.cli.saving import release
from ssb_model.cli.stopping import (
    leave_screen,
    no_more_interrupts,
    say_stopped,
    say_system,
    stopped_alike,
)
from ssb_model.errors import SolidStateError, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 2 a mistake of the user, 1 a run that failed, 130 one stopped."""
    options = parser().parse_args(arguments)
    heard: list[int] = []
    try:
        with stopped_alike() as heard:
            code = options.run(options)
            sys.stdout.flush()
            return code
    except SolidStateError as error:
        print(f"ssb: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader, head or less, has seen enough
        leave_screen()
        return 0
    except OSError as error:
        return say_system(error)
    except KeyboardInterrupt:
        if arguments is None:
            no_more_interrupts()
        return say_stopped(options)
    except Exception:
        if not heard:
            raise
        return say_stopped(options)
    finally:
        if arguments is None:
            no_more_interrupts()
        release(options)


class OneLine(argparse.ArgumentParser):
    """Says what is wrong in one line, where others print the whole usage."""

    def error(self, message: str):
        wrong = one_line(message).rstrip(".")
        self.exit(2, f"ssb: {wrong}; '{self.prog} --help' shows what there is.\n")


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
        validate.add_validate,
    ):
        add(known)
    return whole
