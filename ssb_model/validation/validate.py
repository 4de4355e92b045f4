"""Published cells beside the model: run, judge, report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from ssb_model.errors import InputError, plain
from ssb_model.system.progress import Bar
from ssb_model.system.saving import finite
from ssb_model.validation import judge, report
from ssb_model.validation.case import cases_folder, find_cases
from ssb_model.validation.target import HOLDS, NO_ANSWER, REPORTED, Row
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Listing, text_table

WORKERS = 2
SHOWN = ("target", "measured", "model", "error", "tolerance")  # of a row that does not hold


def validate(
    case: Annotated[
        str | None, Option("one case, or a folder of them; all if left out", positional=True)
    ] = None,
    cases: Annotated[
        str | Path | None,
        Option("where the cases are; a checkout's validation", metavar="FOLDER"),
    ] = None,
    workers: Annotated[int, Option("processes side by side, {default}", metavar="N")] = WORKERS,
) -> ValidationResult:
    """Run the cases of a folder, or the one named, and judge every target they hold.

    ``cases`` is by default the folder ``validation`` of a checkout. A case whose run fails is
    reported with the reason. Ctrl-C keeps the cases that are done.
    """
    if workers < 1:
        raise InputError(f"workers: one process or more, not {workers}.")
    found = find_cases(cases_folder(cases), case)
    done: dict[str, judge.Judged] = {}
    stopped = ""
    with Bar(len(found), "cases") as bar:
        try:
            for judged in judge.judge_all(found, workers):
                done[judged.case.name] = judged
                bar.advance()
        except KeyboardInterrupt:
            stopped = f"stopped by hand after {len(done)} of {len(found)} cases"
    return ValidationResult([done[one.name] for one in found if one.name in done], stopped)


def from_shell(
    out: Annotated[
        Path | None,
        Option(
            "of the report; 'report' beside the cases, of one case a folder in it",
            metavar="FOLDER",
        ),
    ] = None,
    **arguments: Any,
) -> ValidationResult:
    """The same; the report always goes to a folder, which the shell sees to."""
    return validate(**arguments)


def default_folder(case: str | None = None, cases: Path | None = None, **_: Any) -> Path:
    """Where the report goes unless a folder is named."""
    folder = cases_folder(cases)
    find_cases(folder, case)
    return folder / "report" / (case or "")


@dataclass(frozen=True, repr=False)
class ValidationResult(Listing):
    """Every target of every case."""

    kind = "validate"
    name = "report"
    title = "A validation"

    judged: list[judge.Judged]
    stopped: str = ""

    @property
    def rows(self) -> list[Row]:
        """One row per target."""
        return judge.rows_of(self.judged)

    def count(self, use: str) -> tuple[int, int]:
        """Of the rows of a use: how many hold, how many there are."""
        return judge.count(self.judged, use)

    @property
    def failed(self) -> bool:
        """Whether a hand stopped it or a run gave nothing."""
        unanswered = any(row["verdict"] == NO_ANSWER for row in self.rows)
        return bool(self.stopped) or unanswered or any(one.failed for one in self.judged)

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON: one row per target."""
        return finite({"kind": self.kind, "stopped": self.stopped, "rows": self.rows})

    @property
    def files(self) -> dict[str, bytes]:
        """``report.html``, a page for people; the JSON beside it has the rows for programs."""
        return {"report.html": plain(report.page(self.judged, self.stopped)).encode()}

    @property
    def text(self) -> str:
        """How many rows hold, by case, and each that does not."""
        lines = [*report.first_words(self.judged, self.stopped), ""]
        if self.judged:
            lines += [text_table(judge.summary(self.judged)), ""]
        missed = []
        for row in self.rows:
            if row["verdict"] not in (HOLDS, REPORTED):
                words = dict(zip(report.HEADS, report.cells_of_row(row), strict=True))
                missed.append({"case": row["case"], **{head: words[head] for head in SHOWN}})
        if missed:
            lines += ["What does not hold:", "", text_table(missed)]
        return "\n".join(lines).rstrip()
