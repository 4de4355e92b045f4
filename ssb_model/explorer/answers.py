"""Questions of a page and how each is answered, in the process that solves."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ssb_model.errors import InputError, SolidStateError
from ssb_model.explorer import downloads
from ssb_model.explorer.bench import Bench
from ssb_model.explorer.beside import laid_beside
from ssb_model.explorer.downloads import least_table, warnings_of
from ssb_model.explorer.variant import Variant
from ssb_model.explorer.words import least_words
from ssb_model.quantities.units import to_si
from ssb_model.system.progress import Hear, heard_by
from ssb_model.system.saving import csv_bytes

Parts = Iterator[tuple[str, Any]]
Say = Callable[..., None]  # words, and the share that is done where that is known
LONG = ("least", "bands", "fit")  # kinds that tell how far they have come


class Answers:
    """What the process knows to answer: a method each; the parts of an answer as they come."""

    def __init__(self, folder: Path):
        self.bench = Bench(folder)

    def named(self, words: str) -> str:
        """Words with files by their names alone, as visitors know them."""
        return re.sub(rf"{re.escape(str(self.bench.folder))}/[0-9a-f]{{16}}/", "", words)

    def of(self, asked, connection: Connection) -> Parts:
        """The parts of an answer by name."""
        kinds = {
            "cell": self.cell,
            "screen": self.screen,
            "download": self.download,
            "least": self.least,
            "bands": self.bands,
            "fit": self.fit,
        }

        def say(words: str, share: float = 0.0) -> None:
            told = {"words": words, "share": share}
            connection.send((asked.who, asked.number, "progress", told))

        more = {"say": say} if asked.kind in LONG else {}
        return kinds[asked.kind](**asked.given, **more)

    def cell(self, name: str) -> Parts:
        """What the page needs of a cell before anything is solved, and what of it can be fitted."""
        described = self.bench.described(name)
        yield (
            "cell",
            {**described, "uncertain": sorted(one["number"] for one in described["drawn"])},
        )

    def screen(self, variants: list[Variant], measured: Path | None) -> Parts:
        """Every part of every variant, the one that moves first; a measured file beside them."""
        first, *pins = variants
        for part, work in self.bench.parts(first):
            yield part, (0, work())
            if part == "discharge" and measured is not None:
                yield "measured", self._beside(measured, first)
            if part == "discharge":
                for number, pin in enumerate(pins, start=1):
                    yield part, (number, dict(self.bench.parts(pin))[part]())
        for number, pin in enumerate(pins, start=1):
            for part, work in self.bench.parts(pin):
                if part not in ("discharge", "losses"):  # losses are those of what moves
                    yield part, (number, work())

    def _beside(self, path: Path, variant: Variant) -> dict[str, Any]:
        """A measured file by a cell's area and mass; one that is refused says why."""
        cell = self.bench.made(variant).cell
        key = ("measured", path, cell.design.area, cell.design.positive.grams)

        def read() -> dict[str, Any]:
            try:
                return laid_beside(path, cell)
            except SolidStateError as error:
                return {"kind": "", "name": path.name, "refused": self.named(str(error))}

        return self.bench.answers.get_or_make(key, read)

    def download(
        self,
        what: str,
        variants: list[Variant],
        measured: Path | None,
        bands: dict[str, Any] | None = None,
        least: dict[str, Any] | None = None,
    ) -> Parts:
        """A file of what is on the screen: its name and what it holds."""
        yield "file", downloads.made(what, self.bench, variants, measured, bands, least)

    def least(
        self, variant: Variant, keep: float, reference: float | None, samples: int, say: Say
    ) -> Parts:
        """The lowest stack pressure that still gives most of the capacity, then how sure.

        The capacity is compared with that at ``reference`` [MPa], or at the pressure on the page.
        """
        yield "least", self._least(variant, keep, reference, 0, say)
        if samples:
            yield "least", self._least(variant, keep, reference, samples, say)

    def _least(
        self, variant: Variant, keep: float, reference: float | None, samples: int, say: Say
    ) -> dict[str, Any]:
        from ssb_model.studies.question import PRESSURE
        from ssb_model.studies.wording import axis_label
        from ssb_model.verbs.minimum_stack_pressure import minimum_stack_pressure

        made = self.bench.made(variant)
        asked = {
            "keep": keep,
            "temperature": made.held[1],
            "reference_pressure": made.held[0] if reference is None else to_si(reference, "MPa"),
            "samples": samples,
        }
        with heard_by(_counting(say)):
            result = minimum_stack_pressure(made.cell, made.c_rate, **asked)
        drawn = io.BytesIO()
        plain = least_words(result.answer, result.asked, result.nominal["windows"])
        said = [result.words, *result.draw_words, *filter(None, [result.stopped])]
        result.plot().savefig(drawn, format="svg")
        return {
            "variant": variant,
            "asked": asked,
            "headline": plain,
            "words": [*said, *warnings_of(result.table)],
            "files": {
                "least_pressure.svg": drawn.getvalue(),
                "least_pressure.csv": csv_bytes(least_table(result, [plain, *said])),
                **{name.replace("min_", "least_"): one for name, one in result.more.items()},
            },
            "lowest": result.answer["Minimum stack pressure [MPa]"],
            "interval": result.answer["Interval [MPa]"],
            "runs": result.table[[PRESSURE, "value"]].to_numpy(float).tolist(),
            "target": result.asked["target"],
            "axis": axis_label(result.asked),
        }

    def bands(self, variant: Variant, samples: int, say: Say) -> Parts:
        """5 to 95 % of what draws of the cell give, where its files are not sure."""
        from ssb_model.explorer.beside import bands_of

        with heard_by(_counting(say)):
            found = bands_of(self.bench.made(variant), samples)
        yield "bands", {**found, "variant": variant}

    def fit(self, path: Path, variant: Variant, vary: list[str], say: Say) -> Parts:
        """Parameters of the cell fitted to a measured file, told of as it goes."""
        from ssb_model.fitting.data.reading import held_otherwise, read_data_set
        from ssb_model.verbs.fit import fit
        from ssb_model.verbs.fit_result import FitResult

        if not vary:
            raise InputError("choose at least one number to fit.")
        made = self.bench.made(variant)
        data = held_otherwise(read_data_set(path), *made.held)
        looked = 0

        def watch(misfit: float, _) -> None:
            nonlocal looked
            looked += 1
            say(f"{looked} points looked at, misfit {misfit:.4g}")

        result: FitResult = fit(made.cell, data, vary, watch=watch)
        found = tuple((one.label, float(one.value)) for one in result.estimates)
        more = tuple(sorted({**dict(variant.more), **dict(found)}.items()))
        yield (
            "fit",
            {
                "text": result.text,
                "not_told": result.combinations,
                "notes": result.notes,
                "stopped": result.stopped,
                "variant": replace(variant, more=more),
            },
        )


def _counting(say: Say) -> Hear:
    """Says how many are done, and what share of all; never fewer than were said before."""
    most = 0

    def hear(what: str, done: int, total: int) -> None:
        nonlocal most
        most = max(most, done)
        say(f"{most} of {total} {what}", most / total)

    return hear
