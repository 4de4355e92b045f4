"""A cell: parameters, and the model that fits them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from numbers import Real
from pathlib import Path
from typing import Any

import pybamm

from ssb_model.cell.numbers import CellNumbers, State
from ssb_model.cell.points import with_points
from ssb_model.errors import InputError
from ssb_model.laws.recipe import Window
from ssb_model.models import SolidStateDFN
from ssb_model.models.options import SIDES, SolidStateOptions, as_pair, check_honoured
from ssb_model.parameters import contact_and_paths, values
from ssb_model.parameters.catalogue import record
from ssb_model.parameters.changes import (
    PROFILE,
    check_change,
    check_read,
    followed,
    in_si,
    is_read,
    of_the_recipe,
)
from ssb_model.parameters.declared import (
    ageing_of,
    checked,
    declared,
    in_place,
    made_by,
    naming_changes,
    naming_options,
    naming_recipe,
    numbers_set,
    options_of,
    remade,
)
from ssb_model.parameters.design import Design
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.functions import pressure_profile
from ssb_model.parameters.plausible import check_window, plausible_cell_file
from ssb_model.parameters.section import CellFile
from ssb_model.quantities.checks import check_number, check_pressure
from ssb_model.quantities.declared import pattern
from ssb_model.quantities.units import said
from ssb_model.submodels.blend import in_classes

WHERE_LOOSENING_IS_TOLD = {"loosening": "none", "connection": "constant"}  # by the contact law
WHERE_PARTICLES_ARE_ALIKE = {"connection": "constant", "cracking": "none"}
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
    followed: dict[str, Any] = field(default_factory=dict)  # options that numbers set by hand made
    state: State | None = None  # where an earlier run left it; none when fresh

    def __repr__(self) -> str:
        return f"<Cell {self.name}, {'fresh' if self.state is None else 'has run'}>"

    @cached_property
    def parameter_values(self) -> pybamm.ParameterValues:
        """PyBaMM parameter values of the charged cell."""
        return pybamm.ParameterValues({name: e.value for name, e in self.entries.items()})

    def model(self, options: dict[str, Any] | None = None) -> SolidStateDFN:
        """A ``SolidStateDFN`` with the negative electrode this cell has."""
        return SolidStateDFN(with_points(self, self._choices(options or {})))

    def _choices(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Its own choices with others over them, checked."""
        merged = {**self.options, **{name: as_pair(value) for name, value in options.items()}}
        for name in (f"{side} electrode" for side in SIDES):
            form = self.options.get(name, "composite")
            if merged.get(name, form) != form:
                cure = "another one is a cell of its own, with its own file"
                raise InputError(f"the {name} of {self.name} is a {form}; {cure}.")
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
        state = {
            f"Initial concentration in {domain} electrode [mol.m-3]": sto
            * self.entries[f"Maximum concentration in {domain} electrode [mol.m-3]"].value
            for domain, sto in zip(SIDES, self.window.at(soc), strict=True)
        }
        for domain, charged in (("negative", -1.0), ("positive", 1.0)):
            if (name := f"Initial {domain} hysteresis state") in self.entries:
                state[name] = charged if soc > 0 else -charged
        return replace(self, entries=self._replaced(state, f"{SET} {soc:g}"))

    def with_values(self, changes: Mapping[str, Any], source: str = "set by the user") -> Cell:
        """The same cell with parameters replaced, by their PyBaMM names in any unit of their kind.

        A number that only another choice of the model's reads makes that choice, and the cell's
        title says so. What follows from the recipe, or sets the window of stoichiometries, is
        refused: changed alone it would contradict the rest. Its own names, "positive: Porosity",
        are taken as by ``with_recipe``.
        """
        recipe = {name: value for name, value in changes.items() if of_the_recipe(name)}
        if recipe:
            rest = {name: value for name, value in changes.items() if name not in recipe}
            return self.with_recipe(recipe, source).with_values(rest, source)
        pairs = [in_si(name, value, self.entries) for name, value in changes.items()]
        given = dict(pairs)
        if len(given) < len(pairs):
            raise InputError("a parameter is given twice, in different units: give it once.")
        for name, value in given.items():
            check_change(name, value, self.entries, declared(self.design.file))
        self._check_fresh()
        return self._set(given, source)._following(given)

    def _set(self, changes: dict[str, Any], source: str) -> Cell:
        entries = self._replaced(changes, source)
        return replace(self, entries=entries, changes={**self.changes, **changes})

    def _following(self, names: Iterable[str]) -> Cell:
        """The cell with options that read the parameters named, or a refusal with the cure."""
        names = [*names]
        new = followed(names, self.options, self.entries)
        if not new:
            return self
        check_read([*self.changes, *names], self.options, new, self.entries)
        return replace(self, options=self._choices(new), followed={**self.followed, **new})

    def with_recipe(
        self,
        changes: Mapping[str, float],
        source: str = "set by the user",
        following: bool = True,
    ) -> Cell:
        """The same cell made otherwise, as charged: {"positive: Porosity [%]": 10}.

        Numbers of the cell file (by section) and of its materials' files (by material, wherever
        it is used), in any unit of their kind; all that follows from the recipe follows. What
        ``with_values`` set stays set. What nothing reads is refused, or makes the choice that
        reads it, unless the choices are to stay (``following``).
        """
        self._check_fresh()
        if any(entry.source.startswith((SET, PRESSED)) for entry in self.entries.values()):
            raise InputError(
                "a cell at a state of charge, or pressed, is made already: change its recipe first."
            )
        if self.window is None:
            raise InputError("a symmetric cell has no recipe of its own: call with_recipe before.")
        model = {n: v for n, v in changes.items() if in_si(n, v, self.entries)[0] in self.entries}
        own = {name: value for name, value in changes.items() if name not in model}
        new = checked(self.design.file, own)
        design = remade(self.design, new, source)
        entries, window = values.build(design)
        fresh = replace(
            self, design=design, entries=entries, window=window, recipe={**self.recipe, **new}
        )
        made = fresh._set(self.changes, "set by the user")
        if following:
            moved = self._moved(new, made)
            with naming_recipe(moved):
                made = made._following(each for ours in moved.values() for each in ours)
        return made.with_values(model, source) if model else made

    def _moved(self, recipe: dict[str, float], made: Cell) -> dict[str, list[str]]:
        """Parameters of the model that each number set and none of whose like is read as yet."""
        before, unread = declared(self.design.file), {}
        for name, value in recipe.items():
            known = record(name.partition(": ")[2])
            if value == before[name].value or known is None or known.always_read:
                continue
            ways = {each.casefold() for each in known.patterns}
            ours = [each for each in made._unlike(self) if pattern(each).casefold() in ways]
            if any(is_read(each, self.options, made.entries) for each in ours):
                continue
            alone = values.build(remade(self.design, {name: value}, ""))[0]
            ours = replace(self, entries=alone)._set(self.changes, "")._unlike(self)
            if not ours:
                raise InputError(
                    f"'{name}' has no effect on this cell: what follows from it is given as a "
                    "number. Change that."
                )
            if not any(is_read(each, self.options, made.entries) for each in ours):
                unread[name] = ours
        return unread

    def _unlike(self, other: Cell) -> list[str]:
        """Parameters that are other numbers than another cell's."""
        return [
            name
            for name, entry in self.entries.items()
            if isinstance(entry.value, Real) and entry.value != other.entries[name].value
        ]

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
        new = contact_and_paths.pressed_values(self.parameter_values, self.contact_laws, pressure)
        return replace(self, entries=self._replaced(new, f"{PRESSED} {said(pressure, 'MPa')}"))

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
        check_honoured({name: as_pair(value) for name, value in options.items()}, self.entries)
        kept = {name: value for name, value in self.followed.items() if name not in options}
        return replace(self, options=self._choices(options), followed=kept)

    def that_ages(self) -> Cell:
        """The same cell ageing as its file declares, where nobody chose otherwise.

        A cell that has run is the model it ran on, and stays as it is.
        """
        declared = ageing_of(self.design.file)
        chosen = {name: value for name, value in declared.items() if name not in self.options}
        if self.state is not None or not chosen:
            return self
        tell = [self.model_options.tells_loosening(side) for side in SIDES]
        alike = [not in_classes(side, self.model_options) for side in SIDES]
        for where, there in ((WHERE_LOOSENING_IS_TOLD, tell), (WHERE_PARTICLES_ARE_ALIKE, alike)):
            for name in where.keys() & chosen.keys() if not all(there) else ():
                pair = chosen[name] if isinstance(chosen[name], tuple) else (chosen[name],) * 2
                chosen[name] = tuple(
                    value if kept else where[name] for value, kept in zip(pair, there, strict=True)
                )
        return self.with_options(chosen)

    def on_mesh(self, mesh: str) -> Cell:
        """The same cell on a mesh, unless it has run or one was chosen."""
        kept = self.state is not None or "mesh" in self.options
        return self if kept else self.with_options({"mesh": mesh})

    def with_pressure_profile(self, times, pressures) -> Cell:
        """The same cell under a stack pressure [Pa] that follows points in time [s].

        Straight between the points, constant after the last; time counts from when a run
        begins, the charge before a discharge included. Who solves the model with PyBaMM gives
        the points' times as ``t_eval``: a solver left to itself steps over what is short.
        """
        profile = pressure_profile(times, pressures)
        return self.with_values({PROFILE: profile, "Stack pressure [Pa]": float(pressures[0])})

    def symmetric(self, electrode: str = "positive") -> Cell:
        """Two equal composites around the separator, at the lithium content this cell rests at."""
        self._check_fresh()
        entries = values.symmetric_entries(self.entries, electrode)
        index = SIDES.index(electrode)
        of_both = {
            name: value[index] if isinstance(value, tuple) else value
            for name, value in self.options.items()
        }
        return replace(
            self,
            name=f"{self.name}_symmetric_{electrode}",
            entries=entries,
            window=None,
            options={**of_both, "negative electrode": "composite"},
        )


def load_cell(name_or_path: Cell | str | Path) -> Cell:
    """A cell by its name ("NCM811_LPSCl_Si") or by the path of a TOML file; a cell as it is."""
    if isinstance(name_or_path, Cell):
        return name_or_path
    file = plausible_cell_file(name_or_path)
    design = Design(in_place(file))
    entries, window = values.build(design)
    check_window(design.file, window.first_charge / design.positive.theoretical_capacity)
    options = made_by(design.file, entries)
    cell = Cell(design.file.name, design, entries, window, options)
    with naming_changes(design.file):
        names = [*numbers_set(design.file, entries), *_moved_by_file(file, cell)]
        cell = replace(cell, options={**options, **followed(names, options, entries)})
    with naming_options(design.file):
        cell = cell.with_options(options_of(design.file))
        cell.that_ages()
    return cell


def _moved_by_file(file: CellFile, cell: Cell) -> list[str]:
    """Numbers of the model that a recipe in the [changes] of a file sets and nothing reads yet."""
    before, now = declared(file), declared(cell.design.file)
    new = {name: now[name].value for name in now if now[name].value != before[name].value}
    if not new:
        return []
    design = Design(file)
    moved = replace(cell, design=design, entries=values.build(design)[0])._moved(new, cell)
    return [each for ours in moved.values() for each in ours]
