"""The runs a case asks for, each as tables: the project's own protocols, and laws for a table."""

from __future__ import annotations

import importlib.util
import inspect
import io
from collections.abc import Callable, Mapping
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pandas as pd

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.errors import InputError, RecipeError, SolidStateError, SolveError, nearest
from ssb_model.parameters.entries import read_entries
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.library import cell_names, material_path, read_toml
from ssb_model.parameters.write_cell import si_name
from ssb_model.quantities.registry import argument
from ssb_model.quantities.units import convert, named, si_unit, split
from ssb_model.system.signals import BY_HAND
from ssb_model.system.user_files import inside, is_file, read_bytes
from ssb_model.validation.case import NUMBER, Case, cases_folder
from ssb_model.validation.points import Tables, at_rest, spectra
from ssb_model.validation.reading import check_keys
from ssb_model.verbs.cycle import cycle
from ssb_model.verbs.gitt import gitt
from ssb_model.verbs.pressure_steps import pressure_steps
from ssb_model.verbs.rate_test import rate_test

IN_MPA = {"stack_pressure", "activation_pressure", "cycle_pressure", "steps"}
IN_MPA |= {"formation_pressure", "repress_pressure"}
OF_THE_CELL = {"protocol", "cell", "recipe", "values", "options", "symmetric", "label", "note"}
OF_A_CLOSURE = {"protocol", "closure", "data", "where", "constants", "label", "note"}
CLOSURE, CLOSURES = "closure", "closures.py"
NONE = "none"  # TOML has no word for it
ALL = ""  # of a case's changes: those of every cell


def _run_by(verb: Callable, tables: Callable[[Any], Tables]) -> Callable[..., Tables]:
    """Takes what the verb takes; nothing is judged of a run that a hand stopped."""

    @wraps(verb)
    def run(cell: Cell, **how) -> Tables:
        result = verb(cell, **how)
        if BY_HAND in result.stopped:
            raise KeyboardInterrupt
        return tables(result)

    return run


def _table(result: Any) -> Tables:
    return {"": result.table}


def _titration(result: Any) -> Tables:
    return {
        "": result.table.assign(**{"State of charge [%]": 100 * result.table["State of charge"]})
    }


PROTOCOLS: dict[str, Callable[..., Tables]] = {
    "rate test": _run_by(rate_test, _table),
    "gitt": _run_by(gitt, _titration),
    "cycle": _run_by(cycle, _table),
    "pressure steps": _run_by(
        pressure_steps, lambda it: {"": it.table, "cycles": pd.DataFrame(it.cycles)}
    ),
    "impedance": spectra,
    "at rest": at_rest,
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
            self.made[run] = self._made(run)
        made = self.made[run]
        if isinstance(made, SolveError):
            raise made
        if part not in made:
            parts = [f"{run}.{one}" if one else run for one in made]
            raise InputError(f"the run '{run}' has no table '{name}'. {nearest(name, parts)}")
        return made[part]

    def _made(self, run: str) -> Tables | SolveError:
        try:
            made_by = prepared(self.case, run)
        except RecipeError as error:  # the model says that it cannot be: an answer, if a wrong one
            return SolveError(str(error))
        try:
            return made_by()
        except SolidStateError as error:
            return SolveError(str(error))

    def __iter__(self):
        return iter(self.case.runs)

    def __len__(self) -> int:
        return len(self.case.runs)


def prepared(case: Case, name: str) -> Callable[[], Tables]:
    """A function that makes one run; what a case asks for that cannot be is refused before."""
    run, where = case.runs[name], f"{case.name}/case.toml, run '{name}'"
    protocol = run["protocol"]
    if protocol == CLOSURE:
        table = closure_table(run, case, where)
        return lambda: {"": table}
    if protocol not in PROTOCOLS:
        names = [*PROTOCOLS, CLOSURE]
        raise InputError(f"{where}: no protocol '{protocol}'. {nearest(protocol, names)}")
    made_by = PROTOCOLS[protocol]
    known = list(inspect.signature(made_by).parameters)
    how = {}
    for key, value in run.items():
        if key in OF_THE_CELL:
            continue
        if key in IN_MPA or key == "temperature":
            unit = "degC" if key == "temperature" else "MPa"
            raise InputError(
                f"{where}: write '{named(key.replace('_', ' ').capitalize(), unit)}', with its "
                f"unit, for '{key}'."
            )
        try:
            argument, in_si = _si(key, value)
        except TypeError:
            raise InputError(f"{where}: '{key}' takes numbers, not {value!r}.") from None
        if argument not in known:
            raise InputError(f"{where}: unknown key '{key}'. {nearest(argument, known)}")
        how[argument] = in_si
    cell = cell_of(case, run)
    return lambda: _made(made_by, cell, how, where)


def _made(made_by: Callable[..., Tables], cell: Cell, how: dict[str, Any], where: str) -> Tables:
    """The tables of a run; a number where a list belongs, or the like, is the case's mistake."""
    try:
        return made_by(cell, **how)
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, SolidStateError):
            raise
        raise InputError(f"{where}: it cannot be run as it is written: {error}.") from None


def cell_of(case: Case, run: Mapping[str, Any]) -> Cell:
    """The cell of a run with what the run changes: a file of the case, or one that comes along."""
    name = run.get("cell", case.words["cell"]).removesuffix(".toml")
    if not name:
        raise InputError(f"{case.name}: neither the case nor the run names a 'cell'.")
    own = case.folder / f"{name}.toml"
    if not (name in cell_names() or inside(own, case.root)):
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
    """("stack_pressure", 5e6) from ("Stack pressure [MPa]", 5); lists number by number."""
    if value == NONE:
        return key, None
    name, of = argument(key)
    if of == "1":
        return name, value
    if isinstance(value, list):
        return name, [convert(one, of, si_unit(of)) for one in value]
    return name, convert(value, of, si_unit(of))


def closure_table(run: Mapping[str, Any], case: Case, where: str) -> pd.DataFrame:
    """The rows of a measured table with what the law gives in a column ``model``."""
    folder, laws = case.folder, closures(case.root)
    check_keys(run, OF_A_CLOSURE, where)
    name = run.get("closure", "")
    if name not in laws:
        raise InputError(f"{where}: no closure '{name}'. {nearest(name, laws)}")
    law = laws[name]
    path = folder / str(run.get("data", ""))
    if not inside(path, folder) or not path.is_file():
        raise InputError(f"{where}: no file '{run.get('data', '')}' in the folder of the case.")
    rows = data_table(path, run.get("where", {}))
    taken = {key: e.value for key, e in constants(run, folder, where).items()}
    needed = dict(list(inspect.signature(law).parameters.items())[1:])
    for key in taken:
        if key not in needed:
            raise InputError(f"{where}: '{name}' has no constant '{key}'. {nearest(key, needed)}")
    for key, one in needed.items():
        if one.default is one.empty and key not in taken:
            raise InputError(f"{where}: the constant '{key}' of '{name}' is missing.")
    return rows.assign(model=law(rows, **taken), **{NUMBER: rows.index})


def closures(root: Path) -> dict[str, Callable]:
    """Laws by name: public functions of ``closures.py`` of the checkout's cases and of these."""
    found: dict[str, Callable] = {}
    try:
        roots = [cases_folder(), root]
    except InputError:  # no checkout
        roots = [root]
    for path in dict.fromkeys(folder.resolve() / CLOSURES for folder in roots):
        if is_file(path):
            found |= _functions(path)
    return found


@cache
def _functions(path: Path) -> dict[str, Callable]:
    """The functions that a file defines, by their names with blanks."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(f"{path} does not run: {type(error).__name__}: {error}.") from None
    return {
        name.replace("_", " "): one
        for name, one in inspect.getmembers(module, inspect.isfunction)
        if one.__module__ == module.__name__ and not name.startswith("_")
    }


def data_table(path: Path, where: Mapping[str, Any]) -> pd.DataFrame:
    """A CSV file, its lines that begin with # left out, in the rows that are asked for."""
    text = io.BytesIO(read_bytes(path))
    try:
        rows = pd.read_csv(text, comment="#", skipinitialspace=True)
    except ValueError:  # no table, no text
        raise InputError(f"{path.name}: no table of comma-separated columns.") from None
    for name, wanted in where.items():
        if name not in rows:
            raise InputError(f"{path.name}: no column '{name}'. {nearest(name, list(rows))}")
        rows = rows[rows[name].isin(wanted if isinstance(wanted, list) else [wanted])]
    return rows.reset_index(drop=True)


def constants(run: Mapping[str, Any], folder: Path, where: str) -> dict[str, Entry]:
    """Constants by the law's argument, given or "LPSCl: Contact hardness [MPa]" of a material."""
    found = {}
    for key, given in run.get("constants", {}).items():
        argument = split(key)[0].replace(" ", "_")
        if isinstance(given, str):
            found[argument] = of_a_material(given, folder, f"{where}, {key}")
        else:
            found[argument] = _entry(key, given, Path(where))
    return found


def _entry(key: str, given: Any, path: Path) -> Entry:
    (entry,) = read_entries({key: given}, [si_name(key)], path, "").values()
    return entry


def of_a_material(words: str, folder: Path, where: str) -> Entry:
    """An entry of a material's file by "LPSCl: Contact hardness [MPa]"."""
    material, colon, name = words.partition(": ")
    if not colon:
        raise InputError(f'{where}: write "LPSCl: Contact hardness [MPa]".')
    path = material_path(material, folder)
    table = read_toml(path)
    for key, given in table.items():
        if split(key)[0] == split(name)[0]:
            return _entry(key, given, path)
    raise InputError(f"{where}: no '{name}' in {path.name}. {nearest(name, table)}")
