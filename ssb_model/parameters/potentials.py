"""Open-circuit potentials: the functions files name, and the window they set."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache, partial
from pathlib import Path

import casadi
import numpy as np
import pybamm

from ssb_model.errors import CellFileError, InputError, RecipeError, nearest
from ssb_model.laws import open_circuit, recipe
from ssb_model.parameters import against, functions
from ssb_model.parameters.blend import POTENTIAL
from ssb_model.parameters.design import Composite, Design
from ssb_model.parameters.entry import Entry, Values
from ssb_model.parameters.library import LARGEST
from ssb_model.parameters.rest_curve import add_rest, rest_curve, same_potential
from ssb_model.parameters.section import CellFile
from ssb_model.submodels.anodes import anode
from ssb_model.submodels.blend import KINDS
from ssb_model.system.user_files import read_bytes

NEARLY_FULL = 1 - 1e-6
HALF = 0.5  # a stoichiometry every host has
STOICHIOMETRY = "Stoichiometry"  # the input of a potential read as numbers
_MADE: dict[str, Callable] = {}  # potentials by what files say of them
LOWEST_BELOW_CURVE = 1.5  # V a lower cut-off may lie under the lowest tabulated voltage


def potential(entry: Entry) -> Callable:
    """The function of stoichiometry an open-circuit entry names."""
    if not isinstance(entry.value, dict):
        return partial(functions.constant_potential, entry.value)
    return named_function(entry)


def named_function(entry: Entry) -> Callable:
    """A law by name, one of PyBaMM's functions, or a table, of the host's lithium content.

    What is no table is made once for all cells that are alike in it.
    """
    key = repr(entry.value)
    if key in _MADE:
        return _MADE[key]
    function = _of_its_own_axis(entry)
    axis = entry.value.get("axis")
    function = function if axis is None else partial(functions.on_axis, function, *axis)
    if "table" not in entry.value:
        _MADE[key] = function
    return function


def _of_its_own_axis(entry: Entry) -> Callable:
    given = entry.value
    if "law" in given:
        if given["law"] not in open_circuit.NAMED:
            hint = nearest(given["law"], open_circuit.NAMED)
            raise CellFileError(
                f"{entry.origin}, {entry.name}: no law named '{given['law']}'. {hint}"
            )
        return open_circuit.NAMED[given["law"]]
    if "pybamm" not in given:
        return table(entry)
    try:
        function = _parameter(given["pybamm"]["set"], given["pybamm"]["parameter"])
    except (KeyError, ValueError):
        raise CellFileError(
            f"{entry.origin}, {entry.name}: PyBaMM has no {given['pybamm']} to read."
        ) from None
    where = f"{entry.origin}, {entry.name}: PyBaMM's '{given['pybamm']['parameter']}'"
    if not callable(function):
        raise CellFileError(f"{where} is a number, no function: write {{ value = ... }}.")
    try:
        found = at(function, HALF)
    except Exception as error:
        raise CellFileError(
            f"{where} is no function of the stoichiometry alone "
            f"({type(error).__name__}: {error}): name another, or lay a table beside the file."
        ) from None
    if not math.isfinite(found):
        raise CellFileError(f"{where} gives {found} at half: name another, or a table.")
    return function


@cache
def _parameter(parameter_set: str, name: str) -> Callable:
    return pybamm.ParameterValues(parameter_set)[name]


def table(entry: Entry) -> Callable:
    """A two-column table beside the material file, smooth between its rows."""
    try:
        lines = read_bytes(entry.value["table"], LARGEST).decode("utf-8-sig").splitlines()
        _, *rows = [line for line in lines if line and not line.startswith("#")]
        x, y = np.array([[float(part) for part in row.split(",")] for row in rows]).T
    except InputError as error:
        raise CellFileError(f"{entry.origin}, {entry.name}: {error}") from None
    except ValueError:
        raise CellFileError(
            f"{entry.origin}, {entry.name}: no table of two columns under a line of names in "
            f"{Path(entry.value['table']).name}."
        ) from None
    if not (len(x) > 1 and np.all(np.diff(x) > 0) and np.isfinite([x, y]).all()):
        raise CellFileError(
            f"{entry.origin}, {entry.name}: the first column of the table must rise "
            "over two or more rows, the second hold numbers."
        )
    return partial(functions.interpolated, x, y, entry.name)


def at(function: Callable, stoichiometry: float) -> float:
    """A potential as a number."""
    return float(np.ravel(function(pybamm.Scalar(stoichiometry)).evaluate())[0])


@lru_cache(maxsize=64)
def as_numbers(function: Callable) -> Callable[[float], float]:
    """The same potential from number to number, its expression made once."""
    symbol = function(pybamm.InputParameter(STOICHIOMETRY))
    sto = casadi.MX.sym("x")
    with suppress(RuntimeError):  # of a table, which has no operations on numbers
        value = symbol.to_casadi(inputs={STOICHIOMETRY: sto})
        in_numbers = casadi.Function("potential", [sto], [value]).expand()
        return lambda sto: float(in_numbers(sto))

    def number(sto: float) -> float:
        return float(np.ravel(symbol.evaluate(inputs={STOICHIOMETRY: sto}))[0])

    return number


@cache
def _asymptotes() -> Callable[[float], float]:
    return as_numbers(pybamm.parameters.lithium_ion_parameters.U_asymptotes)


def with_asymptotes(number: Callable[[float], float], sto: float) -> float:
    """A potential as the model takes it, closed at both ends of the stoichiometry range."""
    return number(min(max(sto, 1e-6), 1 - 1e-6)) + _asymptotes()(sto)


def add_window(values: Values, design: Design) -> recipe.Window:
    """Potentials, stoichiometry window and the initial, full state."""
    with design.file.cell.naming():
        try:
            window = _solve_window(values, design)
        except RecipeError as error:
            raise RecipeError(f"{error}{_reference(design.file)}") from None
    for domain, stoichiometry in (
        ("negative", window.negative_full),
        ("positive", window.positive_full),
    ):
        c_max = values.entries[f"Maximum concentration in {domain} electrode [mol.m-3]"].value
        name = f"Initial concentration in {domain} electrode [mol.m-3]"
        values.derive(name, stoichiometry * c_max, note="Charged")
    cell = design.file.cell
    low, high = cell["Lower voltage cut-off [V]"], cell["Upper voltage cut-off [V]"]
    values.derive("Open-circuit voltage at 0% SOC [V]", low)
    values.derive("Open-circuit voltage at 100% SOC [V]", high)
    return window


def _reference(file: CellFile) -> str:
    """The cure of cut-offs that lie outside, where the file does not say what they are against."""
    if against.said(file):
        return ""
    return (
        " If the cut-offs are against another electrode than the cell's negative one, write "
        'against = "Li" or "Li-In" under [cell].'
    )


def _solve_window(values: Values, design: Design) -> recipe.Window:
    """First charge, refill limit and discharge along the open-circuit curves."""
    positive, negative = design.positive, design.negative
    cell, section = design.file.cell, negative.section
    cathode = _at_rest(positive)
    single = _at_rest(negative, values, "Negative")
    branches, own = _branches(section), _branches(positive.section)
    host = anode(section.words["form"]).host

    def curve(branch):
        number = as_numbers(branches.get(branch, single))
        return partial(with_asymptotes, number) if host else number

    start, loss = section["Pristine stoichiometry"], section["First-cycle loss"]
    pristine = positive.section["Pristine stoichiometry"]
    taken_out = partial(with_asymptotes, as_numbers(own.get("delithiation", cathode)))
    charges = positive.connected_capacity, negative.connected_capacity
    low, high = cell["Lower voltage cut-off [V]"], cell["Upper voltage cut-off [V]"]
    charged = recipe.first_charge(
        high,
        taken_out,
        curve("lithiation"),
        *charges,
        start,
        loss,
        negative_room=1.0 if host else math.inf,
        positive_start=pristine,
    )
    positive_full = pristine - charged / charges[0]
    limit = recipe.refill_limit(pristine, positive_full, positive.section["First-cycle loss"])
    back = own.get("lithiation", cathode)
    _check_lower(low, back, limit, curve("delithiation"), host)
    again = None
    if positive.kinds:
        again, limit = _refilled_kinds(values, positive, positive_full)
    _potentials(values, positive.section, section, cathode, single, branches, limit)
    if again is not None:
        entry = positive.section.entry("Open-circuit potential [V]")
        values.take("Positive electrode OCP [V]", entry, again)
        back = again
    put_back = partial(with_asymptotes, as_numbers(back))
    _add_branches(values, "Positive", positive.section, own, 1.0)

    def refilled(y):
        if again is not None or own:
            return put_back(y)
        return float(open_circuit.limited(put_back(y), y, limit))

    negative_full = start + charged * (1 - loss) / charges[1]
    return recipe.discharge_window(
        low, refilled, curve("delithiation"), *charges, positive_full, negative_full, charged
    )


def _at_rest(electrode, values: Values | None = None, Domain: str = "") -> Callable:
    """Potential of an electrode's host, or of both of its kinds; with ``values`` theirs are set."""
    kinds = getattr(electrode, "kinds", ())
    if not kinds:
        return potential(electrode.section.entry(POTENTIAL))
    curves = [potential(kind.section.entry(POTENTIAL)) for kind in kinds]
    rest = rest_curve(kinds, curves, same_potential(kinds))
    if values is not None:
        add_rest(values, Domain, kinds, curves, rest)
    return rest.potential


def _refilled_kinds(values: Values, positive: Composite, full: float) -> tuple[Callable, float]:
    """Potential of both kinds after the first charge, and how far the first one refills."""
    kinds, one = positive.kinds, same_potential(positive.kinds)
    curves = [potential(kind.section.entry(POTENTIAL)) for kind in kinds]
    charged = rest_curve(kinds, curves, one)
    limits = [
        recipe.refill_limit(
            kind.section["Pristine stoichiometry"],
            charged.filling(k, full),
            kind.section["First-cycle loss"],
        )
        for k, kind in enumerate(kinds)
    ]
    second = f"Positive {KINDS[1]} host"
    name = f"{second} refill limit stoichiometry"
    values.derive(name, limits[1], note="first-cycle loss")
    as_said = [
        partial(functions.refilled_potential, curve, place)
        for curve, place in zip(curves, ("Positive electrode", second), strict=True)
    ]
    numbers = [partial(_limited, curve, limit) for curve, limit in zip(curves, limits, strict=True)]
    alike = one and limits[0] == limits[1]
    rest = rest_curve(kinds, numbers, alike)
    add_rest(values, "Positive", kinds, as_said, rest)
    return rest.potential, limits[0]


def _limited(curve: Callable, limit: float, sto):
    return open_circuit.limited(curve(sto), sto, limit)


def _check_lower(low, cathode, limit, anode, host) -> None:
    """A cut-off far below every tabulated potential is a slip of the pen."""
    lowest = as_numbers(cathode)(min(limit, NEARLY_FULL)) - (anode(1e-2) if host else anode(1.0))
    if low < lowest - LOWEST_BELOW_CURVE:
        raise RecipeError(
            f"the lower cut-off {low:g} V lies outside the open-circuit range, which ends near "
            f"{lowest:.2f} V."
        )


def _potentials(values, positive, negative, cathode, single, branches, limit) -> None:
    values.derive("Positive electrode refill limit stoichiometry", limit, note="first-cycle loss")
    refilled = partial(functions.refilled_potential, cathode, "Positive electrode")
    values.take(
        "Positive electrode OCP [V]", positive.entry("Open-circuit potential [V]"), refilled
    )
    values.take("Negative electrode OCP [V]", negative.entry("Open-circuit potential [V]"), single)
    _add_branches(values, "Negative", negative, branches, -1.0)


def _branches(section) -> dict[str, Callable]:
    """The potentials of a host after lithiation and after delithiation, if they are two."""
    return {
        branch: potential(section.entry(f"{branch.capitalize()} potential [V]"))
        for branch in ("lithiation", "delithiation")
        if f"{branch.capitalize()} potential [V]" in section
    }


def _add_branches(values: Values, Domain: str, section, branches, charged: float) -> None:
    for branch, function in branches.items():
        entry = section.entry(f"{branch.capitalize()} potential [V]")
        values.take(f"{Domain} electrode {branch} OCP [V]", entry, function)
    if branches:
        name = f"Initial {Domain.lower()} hysteresis state"
        values.set(name, charged, "charged: the branch of what a charge does")
