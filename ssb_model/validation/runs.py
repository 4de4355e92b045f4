"""The runs a case asks for, each as tables: the project's own protocols and laws."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.errors import InputError, SolidStateError, SolveError, nearest
from ssb_model.parameters.library import cell_names
from ssb_model.system.signals import BY_HAND
from ssb_model.system.user_files import inside, is_file
from ssb_model.validation.case import Case
from ssb_model.validation.closures import closure_table
from ssb_model.validation.points import Tables, at_rest, spectra
from ssb_model.verbs.cycle import cycle
from ssb_model.verbs.gitt import gitt
from ssb_model.verbs.pressure_steps import pressure_steps
from ssb_model.verbs.rate_test import rate_test

UNITS = {"_MPa": (1e6, 0.0), "_C": (1.0, 273.15), "_h": (3600.0, 0.0)}
IN_MPA = {"stack_pressure", "activation_pressure", "cycle_pressure", "steps"}
OF_THE_CELL = {"protocol", "cell", "recipe", "values", "options", "symmetric", "label", "note"}
CLOSURE = "closure"
NONE = "none"  # TOML has no word for it
ALL = ""  # of a case's changes: those of every cell


def _titration(cell: Cell, **how) -> Tables:
    table = _whole(gitt(cell, **how)).table
    return {"": table.assign(soc_percent=100 * table["soc"])}


def _steps(cell: Cell, **how) -> Tables:
    result = _whole(pressure_steps(cell, **how))
    return {"": result.table, "cycles": pd.DataFrame(result.cycles)}


def _table_of(protocol: Callable) -> Callable[..., Tables]:
    def run(cell: Cell, **how) -> Tables:
        return {"": _whole(protocol(cell, **how)).table}

    return run


def _whole(result: Any) -> Any:
    """A result that no hand stopped: of one that was, nothing is judged."""
    if BY_HAND in result.stopped:
        raise KeyboardInterrupt
    return result


PROTOCOLS: dict[str, tuple[Callable, Callable[..., Tables]]] = {  # arguments of, run by
    "rate test": (rate_test, _table_of(rate_test)),
    "gitt": (gitt, _titration),
    "cycle": (cycle, _table_of(cycle)),
    "pressure steps": (pressure_steps, _steps),
    "impedance": (spectra, spectra),
    "at rest": (at_rest, at_rest),
}


class Runs(Mapping):
    """Tables by name, "rates" or "aged.cycles", each run made when it is first asked for.

    What failed once fails again with the same words.
    """

    def __init__(self, case: Case):
        self.case = case
        self.made: dict[str, Tables | SolveError] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        run, _, part = name.partition(".")
        if run not in self.made:
            made_by = prepared(self.case, run)
            try:
                self.made[run] = made_by()
            except SolidStateError as error:
                self.made[run] = SolveError(str(error))
        made = self.made[run]
        if isinstance(made, SolveError):
            raise made
        if part not in made:
            parts = [f"{run}.{one}" if one else run for one in made]
            raise InputError(f"the run '{run}' has no table '{name}'. {nearest(name, parts)}")
        return made[part]

    def __iter__(self):
        return iter(self.case.runs)

    def __len__(self) -> int:
        return len(self.case.runs)


def prepared(case: Case, name: str) -> Callable[[], Tables]:
    """One run, ready to go; what a case asks for that cannot be is refused before."""
    run, where = case.runs[name], f"{case.name}/case.toml, run '{name}'"
    protocol = run["protocol"]
    if protocol == CLOSURE:
        table = closure_table(run, case.folder, where)
        return lambda: {"": table}
    if protocol not in PROTOCOLS:
        known = [*PROTOCOLS, CLOSURE]
        raise InputError(f"{where}: no protocol '{protocol}'. {nearest(protocol, known)}")
    signature, made_by = PROTOCOLS[protocol]
    how = {}
    for key, value in run.items():
        if key in OF_THE_CELL:
            continue
        if key in IN_MPA or key == "temperature":
            unit = "C" if key == "temperature" else "MPa"
            raise InputError(f"{where}: write '{key}_{unit}', with its unit, for '{key}'.")
        try:
            argument, in_si = _si(key, value)
        except TypeError:
            raise InputError(f"{where}: '{key}' takes numbers, not {value!r}.") from None
        known = list(inspect.signature(signature).parameters)
        if argument not in known:
            raise InputError(f"{where}: unknown key '{key}'. {nearest(argument, known)}")
        how[argument] = in_si
    cell = cell_of(case, run)
    return lambda: made_by(cell, **how)


def cell_of(case: Case, run: Mapping[str, Any]) -> Cell:
    """The cell of a run with what the run changes: a file of the case, or one that comes along."""
    name = run.get("cell", case.words["cell"]).removesuffix(".toml")
    if not name:
        raise InputError(f"{case.name}: neither the case nor the run names a 'cell'.")
    own = case.folder / f"{name}.toml"
    root = case.folder.resolve()
    for _ in Path(case.name).parts:
        root = root.parent
    if not (name in cell_names() or inside(own, root)):
        raise InputError(f"{case.name}: the cell '{name}' lies outside the folder of the cases.")
    cell = load_cell(own if is_file(own) else name)
    of_all, of_this = (case.changes.get(key, {}) for key in (ALL, name))
    recipe = {**of_all, **of_this, **run.get("recipe", {})}
    if recipe:
        cell = cell.with_recipe(recipe, source=case.words["source"])
    if run.get("values"):
        cell = cell.with_values(run["values"], source=case.words["source"])
    if run.get("options"):
        choices = {k: tuple(v) if isinstance(v, list) else v for k, v in run["options"].items()}
        cell = cell.with_options(choices)
    if run.get("symmetric"):
        cell = cell.at_soc(0).symmetric(run["symmetric"])
    return cell


def _si(key: str, value):
    """("stack_pressure", 5e6) from ("stack_pressure_MPa", 5); lists number by number."""
    if value == NONE:
        return key, None
    for ending, (factor, offset) in UNITS.items():
        if key.endswith(ending):
            numbers = (
                [factor * one + offset for one in value]
                if isinstance(value, list)
                else (factor * value + offset)
            )
            return key.removesuffix(ending), numbers
    return key, value
