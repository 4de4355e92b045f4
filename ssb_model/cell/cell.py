"""A cell: parameters, and the model that fits them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pybamm

from ssb_model.cell.numbers import CellNumbers
from ssb_model.cell.state import State
from ssb_model.errors import InputError
from ssb_model.laws.recipe import Window
from ssb_model.models import SolidStateDFN
from ssb_model.models.options import SolidStateOptions
from ssb_model.parameters import pressed, values
from ssb_model.parameters.cell_file import read_cell_file
from ssb_model.parameters.changes import PROFILE, check_change
from ssb_model.parameters.declared import checked, remade
from ssb_model.parameters.design import Design
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.file_changes import in_place, naming_options, of_the_model, options_of
from ssb_model.parameters.profile import pressure_profile
from ssb_model.parameters.symmetric import symmetric_entries
from ssb_model.quantities.checks import check_number, check_pressure

SIDES = ("negative", "positive")  # the order of PyBaMM's pairs
SET, PRESSED = "state of charge", "pressed at"  # sources of entries after a cell was made


@dataclass(frozen=True, repr=False)
class Cell(CellNumbers):
    """A cell as one makes it; plain PyBaMM objects come out of it."""

    name: str
    design: Design
    entries: dict[str, Entry]
    window: Window | None  # none for a symmetric cell
    options: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)  # what a user set by hand
    recipe: dict[str, float] = field(default_factory=dict)  # entries of its files replaced
    state: State | None = None  # where an earlier run left it; none when fresh

    def __repr__(self) -> str:
        return f"<Cell {self.name}, {'fresh' if self.state is None else 'has run'}>"

    @cached_property
    def parameter_values(self) -> pybamm.ParameterValues:
        """PyBaMM parameter values of the charged cell."""
        return pybamm.ParameterValues({name: e.value for name, e in self.entries.items()})

    def model(self, options: dict[str, Any] | None = None) -> SolidStateDFN:
        """A ``SolidStateDFN`` with the negative electrode this cell has."""
        return SolidStateDFN(self._choices(options or {}))

    def _choices(self, options: dict[str, Any]) -> dict[str, Any]:
        """Its own choices with others over them, checked."""
        merged = {**self.options, **options}
        form = self.options["negative electrode"]
        if merged["negative electrode"] != form:
            raise InputError(
                f"the negative electrode of {self.name} is a {form}; another one is a cell of its "
                "own, with its own file."
            )
        try:
            SolidStateOptions(merged)
        except pybamm.OptionError as error:
            raise InputError(str(error).strip()) from None
        return merged

    @cached_property
    def model_options(self) -> SolidStateOptions:
        """The choices its model makes, defaults included."""
        return SolidStateOptions(self.options)

    def at_soc(self, soc: float) -> Cell:
        """The same cell resting at a state of charge, 0 to 1."""
        if self.window is None:
            raise InputError("a symmetric cell has one state: call at_soc before symmetric.")
        self._check_fresh()
        if not 0 <= check_number("the state of charge", soc) <= 1:
            raise InputError(f"a state of charge lies between 0 and 1, not {soc:g}.")
        negative, positive = self.window.at(soc)
        state = {
            f"Initial concentration in {domain} electrode [mol.m-3]": sto
            * self.entries[f"Maximum concentration in {domain} electrode [mol.m-3]"].value
            for domain, sto in (("negative", negative), ("positive", positive))
        }
        if "Initial negative hysteresis state" in self.entries:
            state["Initial negative hysteresis state"] = -1.0 if soc > 0 else 1.0
        return replace(self, entries=self._replaced(state, f"{SET} {soc:g}"))

    def with_values(self, changes: dict[str, Any], source: str = "set by the user") -> Cell:
        """The same cell with parameters replaced, by their PyBaMM names and in SI.

        What follows from the recipe, or sets the window of stoichiometries, is refused: changed
        alone it would contradict the rest. A copy of the cell file changes it.
        """
        for name, value in changes.items():
            check_change(name, value, self.entries)
        fixed = {
            side: f"{side.capitalize()} electrode contact fraction" in changes for side in SIDES
        }
        self._check_fresh()
        changed = replace(
            self,
            entries=self._replaced(changes, source),
            changes={**self.changes, **changes},
        )
        return changed._with_fixed_contact(fixed)

    def with_recipe(self, changes: dict[str, float], source: str = "set by the user") -> Cell:
        """The same cell made otherwise, as charged: {"positive: Porosity [%]": 10}.

        Numbers of the cell file (by section) and of its materials' files (by material, wherever
        it is used), in any unit of their kind; all that follows from the recipe follows. What
        ``with_values`` set stays set.
        """
        self._check_fresh()
        if any(entry.source.startswith((SET, PRESSED)) for entry in self.entries.values()):
            raise InputError(
                "a cell at a state of charge, or pressed, is made already: change its recipe first."
            )
        if self.window is None:
            raise InputError("a symmetric cell has no recipe of its own: call with_recipe before.")
        new = checked(self.design.file, changes)
        design = remade(self.design, new, source)
        entries, window = values.build(design)
        fresh = replace(
            self, design=design, entries=entries, window=window, recipe={**self.recipe, **new}
        )
        return replace(fresh.with_values(self.changes), options=self.options)

    def press(self, pressure: float) -> Cell:
        """The same cell after its stack was set to ``pressure`` [Pa] and before it is held again.

        Pressing harder than ever, or as hard as in fabrication, makes contact anew; a lower
        pressure loosens it. A cell that has run keeps everything else exactly as it was.
        """
        check_pressure("the pressure", pressure)
        self.check_no_profile()
        if not self.contact_laws:
            raise InputError(
                "the contact of this cell has no memory to press: take 'contact': 'memory'."
            )
        if self.state is not None:
            return replace(self, state=self.state.press(pressure, self.contact_laws))
        new = pressed.pressed_values(self.parameter_values, self.contact_laws, pressure)
        return replace(self, entries=self._replaced(new, f"{PRESSED} {pressure / 1e6:g} MPa"))

    def check_no_profile(self) -> None:
        """Refuse a pressure where a profile in time already says what it is."""
        if PROFILE in self.changes:
            raise InputError(
                "the stack pressure of this cell follows a profile in time: leave out the "
                "pressure, or take the cell without its profile."
            )

    def _check_fresh(self) -> None:
        if self.state is not None:
            raise InputError(
                "this cell has run, and its state belongs to what it is: change or set a fresh "
                "one before it runs; between runs it can be pressed, charged and discharged."
            )

    def _replaced(self, changes: dict[str, Any], source: str) -> dict[str, Entry]:
        new = {name: Entry(name, value, "setting", source) for name, value in changes.items()}
        return {**self.entries, **new}

    def with_options(self, options: dict[str, Any]) -> Cell:
        """The same cell with other choices of the model's, kept by all that runs it."""
        self._check_fresh()
        return replace(self, options=self._choices(options))

    def on_mesh(self, mesh: str) -> Cell:
        """The same cell on a mesh, unless it has run or one was chosen."""
        if self.state is not None or "mesh" in self.options:
            return self
        return self.with_options({"mesh": mesh})

    def with_pressure_profile(self, times, pressures) -> Cell:
        """The same cell under a stack pressure [Pa] that follows points in time [s].

        Straight between the points, constant after the last; time counts from when a run
        begins, the charge before a discharge included. Who solves the model with PyBaMM gives
        the points' times as ``t_eval``: a solver left to itself steps over what is short.
        """
        profile = pressure_profile(times, pressures)
        return self.with_values({PROFILE: profile, "Stack pressure [Pa]": float(pressures[0])})

    def _with_fixed_contact(self, fixed: dict[str, bool]) -> Cell:
        """A contact fraction given as a number is meant to be used."""
        if not any(fixed.values()):
            return self
        before = self.options.get("contact", "memory")
        before = before if isinstance(before, tuple) else (before, before)
        contact = tuple(
            "constant" if fixed[side] else kept for side, kept in zip(SIDES, before, strict=True)
        )
        return self.with_options({"contact": contact})

    def symmetric(self, electrode: str = "positive") -> Cell:
        """Two equal composites around the separator, at the lithium content this cell rests at."""
        self._check_fresh()
        entries = symmetric_entries(self.entries, electrode)
        return replace(
            self,
            name=f"{self.name}_symmetric_{electrode}",
            entries=entries,
            window=None,
            options=self._options_of(electrode),
        )

    def _options_of(self, side: str) -> dict[str, Any]:
        """The model's choices with one electrode's on both sides."""
        index = SIDES.index(side)
        one_sided = {
            name: value[index] if isinstance(value, tuple) else value
            for name, value in self.options.items()
        }
        return {**one_sided, "negative electrode": "composite"}


def load_cell(name_or_path: str | Path) -> Cell:
    """A cell by its name ("NCM811_LPSCl_Si") or by the path of one's own TOML file."""
    design = Design(in_place(read_cell_file(name_or_path)))
    entries, window = values.build(design)
    options: dict[str, Any] = {"negative electrode": design.file.negative.words["form"]}
    if design.file.words["held"]:
        options["stack"] = design.file.words["held"]
    if "Initial negative hysteresis state" in entries:
        options["open-circuit potential"] = ("one-state hysteresis", "single")
    layers = {"negative": design.file.negative, "positive": design.file.positive}
    everywhere = [*layers.values(), design.file.separator]
    if any("Ionic transport efficiency" in layer for layer in everywhere):
        options["ionic transport"] = "measured"
    if any("Effective conductivity [S.m-1]" in layer for layer in layers.values()):
        options["electronic transport"] = "measured"
    by_file = of_the_model(design.file, entries)
    fixed = {
        side: "Contact fraction" in layer
        or f"{side.capitalize()} electrode contact fraction" in by_file
        for side, layer in layers.items()
    }
    cell = Cell(design.file.name, design, entries, window, options)._with_fixed_contact(fixed)
    with naming_options(design.file):
        return cell.with_options(options_of(design.file))
