"""What the page shows of a variant, part by part, from models that are built once and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import held_at
from ssb_model.cell.saving import numbers, structure
from ssb_model.engine.engine import Engine, side_by_side
from ssb_model.engine.outcome import Segment
from ssb_model.engine.small_signal import SmallSignal
from ssb_model.experiments.experiment import Held, at_most, together
from ssb_model.explorer.controls import (
    PRESSURE,
    RATE,
    RATE_AT_FIRST,
    SHARE,
    TEMPERATURE,
    changes_of,
    own_values,
)
from ssb_model.explorer.variant import OWN, Variant
from ssb_model.explorer.words import about_controls, drawn_numbers
from ssb_model.figures.discharge import ORDER
from ssb_model.quantities.names import ELECTRODES
from ssb_model.quantities.units import factor, in_unit, to_si
from ssb_model.studies.plan import differing
from ssb_model.studies.runs import Settings, Stand, discharge
from ssb_model.studies.solve import Cache
from ssb_model.verbs.discharge import DischargeResult, Drive
from ssb_model.verbs.impedance import FREQUENCIES, between
from ssb_model.verbs.limits import Losses

MESH, SPECTRUM_MESH = "draft", "medium"  # of spectra: 1.2 % at 1 MHz, 0.1 % below
RATES = (0.1, 0.2, 0.5, 1.0, 2.0)  # C
PRESSURES = np.geomspace(0.1, 1000, 13)  # MPa
PER_DECADE = 7  # frequencies
POINTS = 120  # of a curve that is drawn
THREADS = 2
NUDGE = 1.01  # by which every control is moved to see what follows from it
PARTS = ("discharge", "losses", "impedance", "rates", "contact")  # in the order they are made
CAPACITY = "Capacity [mA.h.g-1]"
Answer = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """A variant as a cell, with how it is run."""

    cell: Cell
    c_rate: float
    held: tuple[float, float]  # Pa, K


class Bench:
    """Cells, built models and answers of late; ``folder`` holds visitors' own cells."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.bases: dict[str, Cell] = Cache(12)
        self.cells: dict[Any, Cell] = Cache(100)
        self.wanted: dict[str, set[str]] = {}
        self.models: dict[Any, tuple[Engine, SmallSignal]] = Cache(8)
        self.answers: dict[Any, Any] = Cache(400)

    def base(self, name: str) -> Cell:
        """A cell as its file has it, on the quick mesh."""

        def load() -> Cell:
            path = self.folder / f"{name.removeprefix(OWN)}.toml"
            return load_cell(path if name.startswith(OWN) else name).on_mesh(MESH)

        return self.bases.get_or_make(name, load)

    def described(self, name: str) -> Answer:
        """What of a cell the page needs before anything is solved."""
        cell = self.base(name)
        return {
            "name": name,
            "title": cell.title,
            "own": own_values(cell),
            "one_c": in_unit(cell.design.one_c, "mA.cm-2"),
            "about": about_controls(cell),
            "drawn": drawn_numbers(cell),
        }

    def made(self, variant: Variant) -> Made:
        """The cell of a variant, refused as the cell's own file would be."""
        base, values = self.base(variant.cell), dict(variant.values)
        recipe = tuple(pair for pair in variant.values if pair[0] not in (PRESSURE, RATE))

        def make() -> Cell:
            changes = changes_of(base, recipe)
            cell = base.with_recipe(changes) if changes else base
            return cell.with_values(dict(variant.more)) if variant.more else cell

        cell = self.cells.get_or_make((variant.cell, recipe, variant.more), make)
        pressure, temperature = values.get(PRESSURE), values.get(TEMPERATURE)
        held = held_at(
            cell,
            None if pressure is None else to_si(pressure, "MPa"),
            None if temperature is None else to_si(temperature, "degC"),
        )
        return Made(cell, values.get(RATE, RATE_AT_FIRST), held)

    def parts(self, variant: Variant) -> Iterator[tuple[str, Callable[[], Answer]]]:
        """The parts of an answer by name, each to be worked out when it is called for."""
        made = self.made(variant)
        recipe = (variant.cell, self._recipe(variant), variant.more)
        keys = {
            "discharge": (recipe, made.held, made.c_rate),
            "losses": (recipe, made.held, made.c_rate),
            "rates": (recipe, made.held),  # at whichever rate it is discharged
            "impedance": (recipe, made.held),
            "contact": recipe,
        }
        for part in PARTS:
            work = partial(getattr(self, f"_{part}"), variant.cell, made)
            yield part, partial(self.answers.get_or_make, (part, keys[part]), work)

    @staticmethod
    def _recipe(variant: Variant) -> tuple:
        of_the_run = (PRESSURE, RATE, TEMPERATURE)
        return tuple(pair for pair in variant.values if pair[0] not in of_the_run)

    def _models(self, name: str, cell: Cell) -> tuple[Engine, SmallSignal]:
        """Built models that take a cell: what the controls change are inputs of them."""
        base = self.base(name)
        if name not in self.wanted:
            self.wanted[name] = set(_follows(base))
        wanted = self.wanted[name]

        def known_by() -> tuple[Any, Cell]:
            wanted.update(differing(base, [cell]))
            rest = {n: value for n, value in numbers(base).items() if n not in wanted}
            return (structure(cell), tuple(sorted(rest.items()))), cell

        key, _ = self.answers.get_or_make(("model", name, id(cell)), known_by)

        def build() -> tuple[Engine, SmallSignal]:
            return (
                side_by_side(cell, wanted, threads=THREADS),
                SmallSignal(cell.at_soc(0.5), wanted, mesh=SPECTRUM_MESH),
            )

        return self.models.get_or_make(key, build)

    def _run(self, name: str, made: Made) -> tuple[Segment, DischargeResult]:
        key = ("run", name, id(made.cell), made.held, made.c_rate)

        def run() -> tuple[Segment, DischargeResult, Cell]:
            engine, _ = self._models(name, made.cell)
            told = Drive(made.c_rate).on(made.cell.at_soc(0), engine, made.held)
            return (*told, made.cell)  # the cell is kept as long as its id is used

        return self.answers.get_or_make(key, run)[:2]

    def _discharge(self, name: str, made: Made) -> Answer:
        _, result = self._run(name, made)
        row, design = result.row, made.cell.design
        positive = design.positive
        return {
            "curve": _curve(result.data["Voltage [V]"].values, result),
            "row": {key: value for key, value in row.items() if key != "Changes"},
            "cautions": made.cell.cautions,
            "own": self.described(name)["own"],
            "of_the_cell": {
                "Positive electrode thickness [um]": in_unit(positive.layer.thickness, "um"),
                "Theoretical capacity [mA.h.cm-2]": in_unit(
                    positive.theoretical_capacity, "mA.h.cm-2"
                ),
                "N/P": float(design.np_ratio),
                "Utilisation": float(positive.utilisation),
            },
        }

    def _losses(self, name: str, made: Made) -> Answer:
        segment, result = self._run(name, made)
        losses = Losses.build(segment, result)
        found = {part: losses.data[part].values for part in ORDER if part in losses.data}
        shown = {part: values for part, values in found.items() if np.any(np.abs(values) > 0)}
        return {
            "rest": _curve(losses.data["Open-circuit voltage [V]"].values, result),
            "parts": {part: _curve(values, result) for part, values in shown.items()},
            "largest": losses.row["Largest"],
            "at_end": losses.row["Largest at end"],
        }

    def _rates(self, name: str, made: Made) -> Answer:
        engine, _ = self._models(name, made.cell)
        others = [rate for rate in RATES if rate != made.c_rate]
        stands = [Stand(made.cell, rate, *made.held) for rate in others]
        slowest = engine.longest(made.cell, stands[0].at(0.0).current(min(others)))
        runs = [at_most(discharge(stand, Settings()), slowest) for stand in stands]
        rows = together(engine, runs)
        given = dict(zip(others, (row[CAPACITY] for row in rows), strict=True))
        if made.c_rate in RATES:  # that run is there already
            given[made.c_rate] = self._run(name, made)[1].row[CAPACITY]
        return {"rates": list(RATES), "capacities": [given[rate] for rate in RATES]}

    def _impedance(self, name: str, made: Made) -> Answer:
        _, small = self._models(name, made.cell)
        f = between(FREQUENCIES, PER_DECADE)
        at_half = made.cell.at_soc(0.5).with_options(
            {"surface form": "differential", "thermal": "isothermal"}
        )
        Z, _ = small.impedance([Held(at_half, *made.held).step()], f)
        Z = Z * factor("Ohm.m2", "Ohm.cm2")
        return {"frequency": f.tolist(), "re": Z.real.tolist(), "im": Z.imag.tolist()}

    def _contact(self, name: str, made: Made) -> Answer:
        """Of a cell pressed in fabrication and held at each pressure, before it ever ran."""
        pressed = made.cell.design.file.cell["Fabrication pressure [Pa]"]
        held = PRESSURES[in_unit(pressed, "MPa") >= PRESSURES]
        pressures = [to_si(pressure, "MPa") for pressure in held]
        shares = {}
        for side, place in ELECTRODES.items():
            if made.cell.laws[place] != "constant":
                shares[side] = made.cell.contact_fractions(side.capitalize(), pressures)
        return {"pressure": held.tolist(), "shares": shares}


def _follows(cell: Cell) -> tuple[str, ...]:
    """Parameters of the model that move with any control a cell has."""
    own = own_values(cell)
    moved = [(key, NUDGE * value) for key, value in own.items() if key not in (RATE, SHARE)]
    cells = [cell.with_recipe(changes_of(cell, moved))]
    if SHARE in own:
        cells.append(cell.with_recipe(changes_of(cell, [(SHARE, own[SHARE] / NUDGE)])))
    return differing(cell, cells)


def _curve(values: np.ndarray, result: DischargeResult) -> list[list[float]]:
    """Pairs of capacity [mAh/g] and a value, as many as a picture needs."""
    areal = result.data["Capacity [mA.h.cm-2]"].values
    grams = result.cell.design.positive.grams
    if len(areal) < 2 or not np.isfinite(values).any():
        return []
    even = np.linspace(0, areal[-1], POINTS)
    return np.column_stack([even / grams, np.interp(even, areal, values)]).tolist()
