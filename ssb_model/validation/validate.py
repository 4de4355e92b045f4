"""Published cells beside the model: run, judge, report."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import as_completed
from pathlib import Path

from ssb_model.errors import InputError, SolidStateError, SolveError
from ssb_model.parameters.entry import Entry
from ssb_model.system.pool import no_interrupt, pool
from ssb_model.system.progress import Bar
from ssb_model.validation.case import FILE, Case, find_cases, rows_as_targets
from ssb_model.validation.closures import constants
from ssb_model.validation.result import Judged, ValidationResult
from ssb_model.validation.runs import CLOSURE, Runs, cell_of
from ssb_model.validation.target import Row

WORKERS = 2


def validate(
    case: str | None = None, cases: str | Path | None = None, workers: int = WORKERS
) -> ValidationResult:
    """Run the cases of a folder, or the one named, and judge every target they hold.

    ``cases`` is by default the folder ``validation`` of a checkout. A case whose run fails is
    reported with the reason. Ctrl-C keeps the cases that are done.
    """
    found = find_cases(cases_folder(cases), case)
    done: dict[str, Judged] = {}
    stopped = ""
    with Bar(len(found), "cases") as bar:
        try:
            for judged in _all(found, workers):
                done[judged.case.name] = judged
                bar.advance()
        except KeyboardInterrupt:
            stopped = f"stopped by hand after {len(done)} of {len(found)} cases"
    return ValidationResult([done[one.name] for one in found if one.name in done], stopped)


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


def judge(case: Case) -> Judged:
    """One case: its runs, its targets, what its figures draw."""
    runs = Runs(case)
    drawn = {name for figure in case.figures for name in figure["runs"]}
    try:
        targets = [*case.targets, *rows_as_targets(case, runs)]
        rows = [target.judged(runs) for target in targets]
        tables = {name: runs[name] for name in sorted(drawn) if _made(runs, name)}
    except SolidStateError as error:
        raise type(error)(f"{case.name}: {error}") from None
    failed = {name: str(made) for name, made in runs.made.items() if isinstance(made, SolveError)}
    return Judged(case, rows, tables, _fitted(case), failed)


def _all(cases: list[Case], workers: int) -> Iterator[Judged]:
    if workers < 2 or len(cases) < 2:
        yield from map(judge, cases)
        return
    order = sorted(cases, key=lambda one: -len(one.runs))  # what takes longest first
    with pool(workers) as executor:
        with no_interrupt():
            futures = [executor.submit(judge, one) for one in order]
        for future in as_completed(futures):
            yield future.result()


def _made(runs: Runs, name: str) -> bool:
    try:
        runs[name]
    except SolveError:
        return False
    return True


def _fitted(case: Case) -> list[Row]:
    """The fitted numbers the case's cells and closures run on, each once."""
    found: dict[tuple, Row] = {}  # by what the reader sees: cells share their materials' numbers
    for name, run in case.runs.items():
        if run["protocol"] == CLOSURE:
            entries = constants(run, case.folder, name)
        else:
            entries = cell_of(case, {key: run[key] for key in ("cell",) if key in run}).entries
        for key, entry in entries.items():
            if entry.kind == "fitted":
                owner = name if run["protocol"] == CLOSURE else run.get("cell", case.words["cell"])
                row = found.setdefault((key, entry.value, entry.source), _row([], key, entry))
                row["of"] = [*dict.fromkeys([*row["of"], owner])]
    return list(found.values())


def _row(owners: list[str], key: str, entry: Entry) -> Row:
    return {
        "of": owners,
        "parameter": key.replace("_", " ") if "[" not in key else key,
        "value": float(entry.value),
        "interval": None if entry.interval is None else list(map(float, entry.interval)),
        "source": entry.source,
        "note": entry.note,
    }
