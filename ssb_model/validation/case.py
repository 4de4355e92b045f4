"""One published measurement: what was run, what came out, and where it is printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ssb_model.errors import InputError, nearest
from ssb_model.parameters.library import read_toml
from ssb_model.validation import schema
from ssb_model.validation.reading import check_keys
from ssb_model.validation.schema import check_kinds
from ssb_model.validation.target import Target

FILE = "case.toml"
NUMBER = "number of the row"  # in a table of measured numbers, which may have a column "row"
COLUMN = re.compile(r"\{(?P<column>\w+)(?::(?P<digits>\.\d[fg]))?\}")
WORDS = ("title", "source", "cell", "scatter", "note")
ROWS = {"run", "measured", "model", "where", "from", "below"}  # of a series, no target has


@dataclass(frozen=True)
class Case:
    """The content of a case file, checked as far as that goes without running anything."""

    folder: Path
    name: str
    words: dict[str, str]
    runs: dict[str, dict[str, Any]]
    targets: list[Target]
    series: list[dict[str, Any]]  # a target from each row of a run's table
    figures: list[dict[str, Any]]
    changes: dict[str, dict[str, float]] = field(default_factory=dict)  # of the recipe, by cell

    @property
    def title(self) -> str:
        return self.words["title"]

    @property
    def root(self) -> Path:
        """The folder of all cases; no file of a case may lie outside it."""
        folder = self.folder.resolve()
        return (folder, *folder.parents)[len(Path(self.name).parts)]


def read_case(folder: Path, name: str) -> Case:
    """The case of a folder."""
    path = folder / FILE
    data, where = read_toml(path), f"{name}/{FILE}"
    check_keys(data, schema.CASE, where)
    check_kinds(data, schema.CASE, where)
    for key in ("title", "source"):
        if not data.get(key):
            raise InputError(f"{where}: '{key}' is missing.")
    words = {key: data.get(key, "") for key in WORDS}
    runs = data.get("runs", {})
    for run, what in runs.items():
        if not isinstance(what, dict) or "protocol" not in what:
            raise InputError(f"{where}: the run '{run}' needs a 'protocol'.")
        check_kinds(what, schema.RUN, f"{where}, run '{run}'", schema.OTHER)
    case = {key: words[key] for key in ("source", "scatter") if words[key]}
    targets = [Target.read(one, case, where) for one in data.get("target", [])]
    series, figures = data.get("series", []), data.get("figure", [])
    for one in series:
        check_kinds(one, schema.SERIES, f"{where}, series")
        check_keys(
            one, schema.SERIES, f"{where}, series", ("run", "name", "measured", "model", "use")
        )
    for one in figures:
        check_kinds(one, schema.FIGURE, f"{where}, figure")
        check_keys(one, schema.FIGURE, f"{where}, figure", ("title", "runs", "x", "y"))
    names = [target.name for target in targets]
    for name_of in names:
        if names.count(name_of) > 1:
            raise InputError(f"{where}: two targets are named '{name_of}'.")
    for figure in figures:
        for point in figure.get("points", ()):
            if not isinstance(point.get("label", ""), str):
                raise InputError(f"{where}, figure: the label of a point is words in quotes.")
            x, y = (_numbers(point.get(key)) for key in "xy")
            if x is None or y is None or len(x) != len(y):
                raise InputError(f'{where}, figure: a point is {{ x = 1, y = 2, label = "..." }}.')
    asked = {run for target in targets for run in target.runs}
    asked |= {one["run"] for one in series} | {run for one in figures for run in one["runs"]}
    for run in asked:
        if run.partition(".")[0] not in runs:
            raise InputError(f"{where}: no run named '{run}'. {nearest(run, runs)}")
    return Case(folder, name, words, runs, targets, series, figures)


def rows_as_targets(case: Case, tables: Mapping[str, Any]) -> list[Target]:
    """A target from each row of the tables that hold measured numbers themselves."""
    known = {key: case.words[key] for key in ("source", "scatter") if case.words[key]}
    targets = []
    for one in case.series:
        for number, row in tables[one["run"]].iterrows():
            if not _asked(row, one):
                continue
            value = row[one["measured"]]
            if value != value:  # not measured
                continue
            given = {key: one[key] for key in set(one) - ROWS}
            given |= {
                "name": _filled(one["name"], row),
                "kind": "number",
                "value": float(value),
                "model": {"run": one["run"], "column": one["model"], "where": {NUMBER: number}},
            }
            targets.append(Target.read(given, known, f"{case.name}/{FILE}"))
    return targets


def _filled(words: str, row: Mapping[str, Any]) -> str:
    """Words with {column} or {column:.2g} filled in from a row, and nothing else."""

    def value(found: re.Match) -> str:
        if found["column"] not in row:
            raise InputError(f"no column '{found['column']}' for the name '{words}'.")
        return format(row[found["column"]], found["digits"] or "")

    return COLUMN.sub(value, words)


def _numbers(given: Any) -> list[float] | None:
    """A number or a list of them; none of anything else."""
    listed = given if isinstance(given, list) else [given]
    plain = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in listed)
    return listed if listed and plain else None


def _asked(row: Mapping[str, Any], series: Mapping[str, Any]) -> bool:
    """Whether a row is one of a series."""
    return (
        all(row[name] == value for name, value in series.get("where", {}).items())
        and all(row[name] >= value for name, value in series.get("from", {}).items())
        and all(row[name] < value for name, value in series.get("below", {}).items())
    )


def cases_folder(given: str | Path | None = None) -> Path:
    """The folder of the cases: the one given, or that of the checkout this runs from."""
    if given is not None:
        folder = Path(given).expanduser()
        if not folder.is_dir():
            raise InputError(f"no folder '{folder}'.")
        return folder
    for root in (Path(__file__).resolve().parents[2], Path.cwd()):
        if next((root / "validation").rglob(FILE), None) is not None:
            return root / "validation"
    raise InputError(
        "no folder 'validation' here: run this from a checkout of the project, or name the "
        "folder of the cases with --cases."
    )


def find_cases(folder: Path, wanted: str | None = None) -> list[Case]:
    """All cases below a folder, in the order of their names, or those a name stands for."""
    names = sorted(path.parent.relative_to(folder).as_posix() for path in folder.rglob(FILE))
    if not names:
        raise InputError(
            f"no {FILE} below {folder}: run this from a checkout of the project, or name the "
            "folder of the cases with --cases."
        )
    if wanted is not None:
        if (Path(wanted) / FILE).is_file():
            raise InputError(f"'{wanted}' is a folder: give it as --cases {wanted}.")
        of_it = [name for name in names if name == wanted or name.startswith(f"{wanted}/")]
        if not of_it:
            raise InputError(f"no case '{wanted}'. {nearest(wanted, names)}")
        names = of_it
    return [read_case(folder / name, name) for name in names]
