"""A fit as one TOML file: the cell, what is set, what varies, and the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.errors import InputError, SolidStateError, nearest
from ssb_model.fitting.data.data_set import DataSet, check_type
from ssb_model.fitting.data.reading import data_set
from ssb_model.fitting.free import SPEC, Spec, free_parameters
from ssb_model.fitting.search import ENGINES
from ssb_model.parameters.library import cell_names, expanded, read_toml
from ssb_model.system.user_files import is_file

CHOICES = {  # of fit(): type
    "engine": str,
    "method": str,
    "starts": int,
    "seed": int,
    "profile": bool,
    "suggest": bool,
    "draws": int,
}
MOST = 1_000_000  # starts or draws
LEAST = {"starts": 1, "seed": 0, "draws": 0}
SOURCE = "fit file"
TABLES = ("options", "set", "vary")
KNOWN = ("cell", *CHOICES, *TABLES, "data")


@dataclass(frozen=True)
class FitRequest:
    """What ``fit`` takes."""

    cell: Cell
    data: list[DataSet]
    vary: dict[str, Spec]
    choices: dict[str, Any]


def is_fit_file(name: str | Path) -> bool:
    """Whether this is a TOML file with something to vary, or data to fit, and not a cell's."""
    path = expanded(name)
    return (
        path.suffix == ".toml" and is_file(path) and bool({"vary", "data"} & set(read_toml(path)))
    )


def read_fit_file(path: str | Path) -> FitRequest:
    """The cell, data and parameters a file names; paths in it count from its own folder."""
    path = expanded(path)
    if not is_file(path):
        raise InputError(f"no fit file at '{path}'.")
    table = read_toml(path)
    with _where(path.name):
        for key in table:
            if key not in KNOWN:
                raise InputError(f"unknown key '{key}'. {nearest(key, KNOWN)}")
        for name in TABLES:
            if not isinstance(table.get(name, {}), dict):
                raise InputError(f"{name} must be a table, [{name}].")
        choices = check_choices({key: table[key] for key in CHOICES if key in table})
    cell = _cell(path, table)
    data = [_data(path, cell, k, one) for k, one in enumerate(_listed(path, table), start=1)]
    return FitRequest(cell, data, _vary(path, table, cell, data), choices)


def check_choices(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Those of ``fit``, or a refusal of the first that cannot be."""
    for key, value in choices.items():
        check_type(key, value, CHOICES[key])
        if key in LEAST and value < LEAST[key]:
            raise InputError(f"{key} must be {LEAST[key]} or more, not {value}.")
        if key in ("starts", "draws") and value > MOST:
            raise InputError(f"{key} must be {MOST} or less.")
    engine = choices.get("engine", ENGINES[0])
    if engine not in ENGINES:
        raise InputError(f"no engine '{engine}'. {nearest(engine, ENGINES)}")
    if "method" in choices and engine != "pybop":
        raise InputError('method is one of PyBOP\'s: give engine = "pybop" with it.')
    if choices.get("starts", 1) > 1 and engine == "pybop":
        raise InputError("PyBOP looks everywhere from one start: leave out starts, or engine.")
    return dict(choices)


def check_own(vary: Mapping[str, Spec], data: list[DataSet]) -> None:
    """Refuse a parameter of each sample where there are no samples."""
    for name, spec in vary.items():
        own = isinstance(spec, Mapping) and spec.get("own")
        if own and not any(one.sample for one in data):
            raise InputError(f"'{name}', own: no data set names its sample.")


@contextmanager
def _where(words: str) -> Iterator[None]:
    """Say where in the file a mistake is."""
    try:
        yield
    except SolidStateError as error:
        raise InputError(f"{words}: {error}") from None


def _cell(path: Path, table: Mapping[str, Any]) -> Cell:
    """As its file has it, with what the fit file sets."""
    with _where(f"{path.name}, cell"):
        name = table.get("cell")
        if not isinstance(name, str):
            raise InputError('name one, as cell = "NCM811_LPSCl_Si".')
        beside = path.parent / expanded(name)
        cell = load_cell(beside if name not in cell_names() and is_file(beside) else name)
    with _where(f"{path.name}, options"):
        options = table.get("options", {})
        pairs = {k: tuple(v) if isinstance(v, list) else v for k, v in options.items()}
        cell = cell.with_options(pairs)
    with _where(f"{path.name}, set"):
        values = table.get("set", {})
        recipe = {name: value for name, value in values.items() if ":" in name}
        model = {name: value for name, value in values.items() if name not in recipe}
        cell = cell.with_recipe(recipe, SOURCE) if recipe else cell
        return cell.with_values(model, SOURCE)


def _listed(path: Path, table: Mapping[str, Any]) -> list[Any]:
    given = table.get("data")
    if not isinstance(given, list) or not given:
        raise InputError(
            f"{path.name}, data: give at least one data set, each under [[data]] in two brackets."
        )
    return given


def _data(path: Path, cell: Cell, number: int, given: Any) -> DataSet:
    with _where(f"{path.name}, data {number}"):
        if not isinstance(given, dict):
            raise InputError('write it under [[data]], as file = "rates.csv".')
        one = data_set(given, path.parent)
        one.held(cell)
        return one


def _vary(path: Path, table: Mapping[str, Any], cell: Cell, data: list[DataSet]) -> dict[str, Spec]:
    with _where(f"{path.name}, vary"):
        vary = table.get("vary", {})
        for name, spec in vary.items():
            _check_spec(name, spec)
        check_own(vary, data)
        free_parameters(cell, vary, [one.sample for one in data if one.sample is not None])
        return vary


def _check_spec(name: str, spec: Any) -> None:
    """Types alone; the numbers are checked with the cell's."""
    if not isinstance(spec, dict):
        raise InputError(f"'{name}': write {{ low = ..., high = ... }} or {{}}, not {spec!r}.")
    for key in spec:
        if key not in SPEC:
            raise InputError(f"'{name}', {key}: unknown key. {nearest(key, SPEC)}")
    check_type(f"'{name}', own:", spec.get("own", False), bool)
    prior = spec.get("prior", "flat")
    numbers = isinstance(prior, list) and len(prior) == 2
    if not (prior in ("flat", "declared") or (numbers and all(map(_is_number, prior)))):
        raise InputError(
            f'\'{name}\', prior: write "declared", "flat" or [mean, standard deviation], '
            f"not {prior!r}."
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
