"""From a design to the parameter values PyBaMM takes, each with class and source."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pybamm

from ssb_model.errors import CellFileError, RecipeError
from ssb_model.laws import contact, open_circuit, recipe, transport
from ssb_model.parameters import functions
from ssb_model.parameters.cell_file import Section
from ssb_model.parameters.design import Composite, Design, Planar
from ssb_model.parameters.entry import Entry

RECIPE = "recipe"
LOWEST_BELOW_CURVE = 1.5  # V a lower cut-off may lie under the lowest tabulated voltage

# entries of an active material that keep their name, with the electrode's in front
KEPT = [
    "Reference diffusivity [m2.s-1]",
    "Diffusivity activation energy [J.mol-1]",
    "Diffusivity fall when full",
    "Diffusivity ratio lithiated to empty",
    "Reference exchange-current density [A.m-2]",
    "Exchange-current activation energy [J.mol-1]",
    "Film resistance [Ohm.m2]",
    "Film activation energy [J.mol-1]",
    "Double-layer capacity [F.m-2]",
    "Active material conductivity [S.m-1]",
    "Conductivity slope",
    "Conductivity fall when full",
    "Conductivity fall exponent",
    "Electronic percolation threshold",
    "Electronic percolation exponent",
    "Contact hardness [Pa]",
    "Bonded share",
    "Hysteresis decay",
    "Roughness",
    "Effective conductivity [S.m-1]",
    "Ionic transport efficiency",
    "Specific heat capacity [J.kg-1.K-1]",
    "Thermal conductivity [W.m-1.K-1]",
]


class Values:
    """Collects entries by PyBaMM name."""

    def __init__(self):
        self.entries: dict[str, Entry] = {}

    def take(self, name: str, entry: Entry, value: Any = None) -> None:
        """An entry of a file under its PyBaMM name."""
        value = entry.value if value is None else value
        self.entries[name] = Entry(
            name, value, entry.kind, entry.source, entry.range, entry.note, entry.origin
        )

    def derive(self, name: str, value: Any, source: str = RECIPE, note: str = "") -> None:
        self.entries[name] = Entry(name, value, "derived", source, note=note)

    def set(self, name: str, value: Any, source: str) -> None:
        self.entries[name] = Entry(name, value, "setting", source)

    def default(self, name: str, value: Any, kind: str, source: str) -> None:
        self.entries.setdefault(name, Entry(name, value, kind, source))


def potential(entry: Entry) -> Callable:
    """The function of stoichiometry an open-circuit entry names."""
    given = entry.value
    if not isinstance(given, dict):
        return partial(functions.constant_potential, given)
    if "law" in given:
        law = getattr(open_circuit, given["law"], None)
        if law is None:
            raise CellFileError(f"{entry.origin}, {entry.name}: no law named '{given['law']}'.")
        return law
    if "pybamm" in given:
        return _from_pybamm(entry)
    return table(entry)


def _from_pybamm(entry: Entry) -> Callable:
    given = entry.value["pybamm"]
    try:
        return pybamm.ParameterValues(given["set"])[given["parameter"]]
    except (KeyError, ValueError):
        raise CellFileError(
            f"{entry.origin}, {entry.name}: PyBaMM has no {given} to read."
        ) from None


def table(entry: Entry) -> Callable:
    """A two-column table beside the material file, smooth between its rows."""
    try:
        lines = Path(entry.value["table"]).read_text(encoding="utf-8").splitlines()
        _, *rows = [line for line in lines if line and not line.startswith("#")]
        x, y = np.loadtxt(rows, delimiter=",", unpack=True)
    except (OSError, ValueError) as error:
        raise CellFileError(f"{entry.origin}, {entry.name}: {error}") from None
    if not (np.all(np.diff(x) > 0) and np.isfinite(y).all()):
        raise CellFileError(
            f"{entry.origin}, {entry.name}: the first column of the table must rise, "
            "the second hold numbers."
        )
    return partial(functions.interpolated, x, y, entry.name)


def at(function: Callable, stoichiometry: float) -> float:
    """A potential as a number."""
    return float(function(pybamm.Scalar(stoichiometry)).evaluate())


def with_asymptotes(function: Callable, sto: float) -> float:
    """A potential as the model takes it, closed at both ends of the stoichiometry range."""
    asymptote = pybamm.parameters.lithium_ion_parameters.U_asymptotes(pybamm.Scalar(sto))
    return at(function, min(max(sto, 1e-6), 1 - 1e-6)) + float(asymptote.evaluate())


def build(design: Design) -> tuple[dict[str, Entry], recipe.Window]:
    """Every parameter of the cell, and the stoichiometry window they hold for."""
    values = Values()
    _cell(values, design)
    _electrolyte(values, design)
    _separator(values, design)
    _composite(values, "Positive", design.positive)
    if isinstance(design.negative, Composite):
        _composite(values, "Negative", design.negative)
    else:
        _planar(values, design.negative)
    window = _window(values, design)
    return values.entries, window


def _cell(values: Values, design: Design) -> None:
    cell = design.file.cell
    width = cell.entries.get("Electrode width [m]")
    if width is not None and "Electrode height [m]" in cell:
        values.take("Electrode width [m]", width)
        values.take("Electrode height [m]", cell.entry("Electrode height [m]"))
    else:
        side = math.sqrt(design.area)
        for name in ("Electrode width [m]", "Electrode height [m]"):
            values.derive(name, side, note="side of a square of the electrode's area")
    for key in ("Fabrication pressure [Pa]", "Stack pressure [Pa]"):
        values.take(key, cell.entry(key))
    for key in ("Lower voltage cut-off [V]", "Upper voltage cut-off [V]"):
        values.take(key, cell.entry(key))
    for key in ("Ambient temperature [K]", "Initial temperature [K]"):
        values.take(key, cell.entry("Temperature [K]"))
    values.set("Reference temperature [K]", 298.15, "temperature the constants are given at")
    capacity = design.nominal_capacity * design.area / 3600
    values.derive("Nominal cell capacity [A.h]", capacity, note="1C")
    values.derive("Current function [A]", capacity, note="1C discharge")
    values.set("Number of electrodes connected in parallel to make a cell", 1, "single layer")
    values.set("Number of cells connected in series to make a battery", 1, "single cell")
    energy = "Face resistance activation energy [J.mol-1]"
    if energy in cell:
        values.take(energy, cell.entry(energy))
    else:
        values.default(energy, 38.4e3, "literature", "Kawaguchi2026")
    values.set("Contact resistance [Ohm]", functions.face_resistance, "both layer faces in series")
    thickness = design.positive.layer.thickness + design.separator.thickness
    values.set("Cell volume [m3]", 2 * thickness * design.area, "layers and as much again")
    values.set("Cell cooling surface area [m2]", 2 * design.area, "both faces")
    values.set("Total heat transfer coefficient [W.m-2.K-1]", 10.0, "still air")


def _electrolyte(values: Values, design: Design) -> None:
    se = design.file.separator.electrolyte
    for key in (
        "Reference conductivity [S.m-1]",
        "Conductivity activation energy [J.mol-1]",
        "Reference grain size [m]",
        "Grain boundary length [m]",
    ):
        values.take(f"Electrolyte {key[0].lower()}{key[1:]}", se[key])
    values.set(
        "Electrolyte conductivity [S.m-1]", functions.electrolyte_conductivity, "Arrhenius"
    )
    concentration = se["Lithium concentration [mol.m-3]"]
    values.take("Initial concentration in electrolyte [mol.m-3]", concentration)
    values.set("Cation transference number", 1.0, "single-ion conductor")
    values.set("Thermodynamic factor", 1.0, "single-ion conductor")
    values.set("Electrolyte diffusivity [m2.s-1]", 1e-12, "without effect: no salt")


def _ionic_percolation(values: Values, domain: str, section: Section, size_ratio) -> None:
    """Threshold and exponent of a layer's electrolyte network."""
    se = section.electrolyte
    for key in ("exponent", "size exponent", "threshold at equal size"):
        values.take(f"{domain} ionic percolation {key}", se[f"Ionic percolation {key}"])
    name = f"{domain} ionic percolation threshold"
    if "Ionic percolation threshold" in section:
        values.take(name, section.entry("Ionic percolation threshold"))
        return
    threshold = transport.percolation_threshold(
        size_ratio,
        pybamm.Parameter(f"{name} at equal size"),
        pybamm.Parameter(f"{domain} ionic percolation size exponent"),
    )
    values.derive(name, threshold, source="transport.percolation_threshold")


def _equivalent_bruggeman(
    values: Values, domain: str, phi: float, size_ratio: float, section: Section
) -> None:
    """Exponent with which phi**b repeats percolation and grain boundaries of this recipe."""
    se = section.electrolyte
    if "Ionic percolation threshold" in section:
        threshold = section["Ionic percolation threshold"]
    else:
        threshold = transport.percolation_threshold(
            size_ratio,
            se["Ionic percolation threshold at equal size"].value,
            se["Ionic percolation size exponent"].value,
        )
    share = transport.percolation(phi, threshold, se["Ionic percolation exponent"].value)
    share *= transport.grain_conductivity_factor(
        section["Electrolyte grain size [m]"],
        se["Reference grain size [m]"].value,
        se["Grain boundary length [m]"].value,
    )
    b = math.log(share) / math.log(phi) if phi < 1 else 1.5
    values.derive(
        f"{domain} Bruggeman coefficient (electrolyte)",
        b,
        note="repeats percolation and grain boundaries of this recipe",
    )


def _separator(values: Values, design: Design) -> None:
    section, layer = design.file.separator, design.separator
    phi = layer.fractions[section.words["electrolyte"]]
    values.derive("Separator thickness [m]", layer.thickness)
    values.derive("Separator porosity", phi, note="volume fraction of electrolyte")
    values.derive("Separator void fraction", layer.porosity)
    grain = section.entry("Electrolyte grain size [m]")
    values.take("Separator solid electrolyte grain size [m]", grain)
    if "Ionic transport efficiency" in section:
        entry = section.entry("Ionic transport efficiency")
        values.take("Separator ionic transport efficiency", entry)
    _ionic_percolation(values, "Separator", section, 1.0)
    _equivalent_bruggeman(values, "Separator", phi, 1.0, section)
    density = section.electrolyte["Density [kg.m-3]"].value * (1 - layer.porosity)
    values.derive("Separator density [kg.m-3]", density)
    for key in ("Specific heat capacity [J.kg-1.K-1]", "Thermal conductivity [W.m-1.K-1]"):
        values.take(f"Separator {key[0].lower()}{key[1:]}", section.electrolyte[key])


def _electrode(values: Values, Domain: str, section: Section) -> str:
    """What porous and planar electrodes share."""
    electrode = f"{Domain} electrode"
    for key in KEPT:
        if key in section:
            # PyBaMM's own word for where lithium diffuses is "particle"
            place = f"{Domain} particle" if "iffusivity" in key else electrode
            values.take(f"{place} {key[0].lower()}{key[1:]}", section.entry(key))
    face = f"{electrode} face resistance [Ohm.m2]"
    if "Face resistance [Ohm.m2]" in section:
        values.take(face, section.entry("Face resistance [Ohm.m2]"))
    else:
        values.default(face, 0.0, "assumed", "not reported; faces pressed together")
    entropy = section.entry("Entropic change [V.K-1]")
    values.take(f"{electrode} OCP entropic change [V.K-1]", entropy)
    values.set(f"{Domain} current collector thickness [m]", 10e-6, "foil; heat only")
    values.set(f"{Domain} current collector conductivity [S.m-1]", 5e7, "metal foil")
    values.set(f"{Domain} current collector density [kg.m-3]", 8000.0, "metal foil; heat only")
    values.set(
        f"{Domain} current collector specific heat capacity [J.kg-1.K-1]", 450.0, "metal foil"
    )
    values.set(f"{Domain} current collector thermal conductivity [W.m-1.K-1]", 200.0, "metal foil")
    return electrode


def _composite(values: Values, Domain: str, composite: Composite) -> None:
    section, layer = composite.section, composite.layer
    domain = Domain.lower()
    electrode = _electrode(values, Domain, section)
    values.derive(f"{electrode} thickness [m]", layer.thickness)
    values.derive(
        f"{electrode} porosity", composite.electrolyte, note="volume fraction of electrolyte"
    )
    values.derive(f"{electrode} void fraction", layer.porosity)
    values.derive(f"{electrode} total active material volume fraction", composite.active)
    diameter = section.entry("Active material diameter [m]")
    values.take(f"{Domain} particle radius [m]", diameter, diameter.value / 2)
    grain = section.entry("Electrolyte grain size [m]")
    values.take(f"{electrode} solid electrolyte grain size [m]", grain)
    c_max = section.entry("Maximum concentration [mol.m-3]")
    values.take(f"Maximum concentration in {domain} electrode [mol.m-3]", c_max)
    _contact(values, Domain, composite)
    size_ratio = pybamm.Parameter(f"{electrode} solid electrolyte grain size [m]") / (
        2 * pybamm.Parameter(f"{Domain} particle radius [m]")
    )
    _ionic_percolation(values, electrode, section, size_ratio)
    _equivalent_bruggeman(
        values, electrode, composite.electrolyte, composite.size_ratio, section
    )
    _fibre(values, electrode, composite)
    _equivalent_electronic_bruggeman(values, electrode, composite)
    for place, name, law in (
        (f"{Domain} particle", "diffusivity [m2.s-1]", functions.oxide_diffusivity),
        (electrode, "exchange-current density [A.m-2]", functions.particle_exchange_current),
        (electrode, "conductivity [S.m-1]", functions.electronic_conductivity),
    ):
        values.set(f"{place} {name}", partial(law, place), f"functions.{law.__name__}")
    density = composite.mass_of_active / layer.thickness + composite.electrolyte * (
        section.electrolyte["Density [kg.m-3]"].value
    )
    values.derive(f"{electrode} density [kg.m-3]", density)


def _contact(values: Values, Domain: str, composite: Composite) -> None:
    """Coverage ceiling and utilisation as laws of the recipe, each replaceable by a number."""
    section, electrode = composite.section, f"{Domain} electrode"
    for key in ("Coverage factor", "Coverage void limit", "Coverage void exponent"):
        values.take(f"{electrode} {key.lower()}", section.electrolyte[key])
    contacts = section.electrolyte["Contacts per surface"]
    values.take(f"{electrode} contacts per surface", contacts)
    P = pybamm.Parameter
    offered = contact.surface_ratio(
        P(f"{electrode} porosity"),
        P(f"{electrode} total active material volume fraction"),
        2 * P(f"{Domain} particle radius [m]"),
        P(f"{electrode} solid electrolyte grain size [m]"),
    )
    ceiling = contact.coverage_ceiling(
        offered,
        P(f"{electrode} void fraction"),
        P(f"{electrode} coverage factor"),
        P(f"{electrode} coverage void limit"),
        P(f"{electrode} coverage void exponent"),
    )
    connected = contact.utilisation(offered, P(f"{electrode} contacts per surface"))
    for key, law in (("Coverage ceiling", ceiling), ("Utilisation", connected)):
        name = f"{electrode} {key.lower()}"
        if key in section:
            values.take(name, section.entry(key))
        else:
            source = "contact." + key.lower().replace(" ", "_")
            values.derive(name, law, source=source)
    values.derive(
        f"{electrode} active material volume fraction",
        P(f"{electrode} total active material volume fraction") * P(f"{electrode} utilisation"),
        note="connected share only",
    )
    _fixed_contact(values, Domain, section)


def _fixed_contact(values: Values, Domain: str, section: Section) -> None:
    """Contact fraction for the option 'constant', and PyBaMM's own name for it."""
    electrode = f"{Domain} electrode"
    name = f"{electrode} contact fraction"
    if "Contact fraction" in section:
        values.take(name, section.entry("Contact fraction"))
    else:
        values.derive(
            name,
            contact.contact_fraction(
                pybamm.Parameter("Stack pressure [Pa]"),
                pybamm.Parameter("Fabrication pressure [Pa]"),
                pybamm.Parameter(f"{electrode} coverage ceiling"),
                pybamm.Parameter(f"{electrode} contact hardness [Pa]"),
                pybamm.Parameter(f"{electrode} bonded share"),
            ),
            source="contact.contact_fraction",
        )
    values.derive(f"Initial {Domain.lower()} electrode interface utilisation", pybamm.Parameter(name))


def _fibre(values: Values, electrode: str, composite: Composite) -> None:
    """Conductive fibre among the additives, if any."""
    keys = ("Fibre conductivity [S.m-1]", "Fibre percolation threshold", "Fibre percolation exponent")
    for name, entries in composite.section.additives.items():
        if keys[0] in entries:
            values.derive(f"{electrode} fibre volume fraction", composite.layer.fractions[name])
            for key in keys:
                values.take(f"{electrode} {key[0].lower()}{key[1:]}", entries[key])
            return
    values.derive(f"{electrode} fibre volume fraction", 0.0)
    for key, value in zip(keys, (0.0, 0.01, 1.5), strict=True):
        values.set(f"{electrode} {key[0].lower()}{key[1:]}", value, "no fibre in this recipe")


def _equivalent_electronic_bruggeman(
    values: Values, electrode: str, composite: Composite
) -> None:
    """Exponent with which (1 - eps)**b repeats both networks at half the lithium content."""

    def value(name):
        return values.entries[f"{electrode} {name}"].value

    active = value("active material conductivity [S.m-1]") * transport.electronic_fall(
        0.5,
        value("conductivity slope"),
        value("conductivity fall when full"),
        value("conductivity fall exponent"),
    )
    effective = active * transport.percolation(
        composite.active,
        value("electronic percolation threshold"),
        value("electronic percolation exponent"),
    ) + value("fibre conductivity [S.m-1]") * transport.percolation(
        value("fibre volume fraction"),
        value("fibre percolation threshold"),
        value("fibre percolation exponent"),
    )
    b = math.log(effective / active) / math.log(1 - composite.electrolyte)
    values.derive(
        f"{electrode} Bruggeman coefficient (electrode)",
        b,
        note="repeats the networks of active material and fibre half full of lithium",
    )


def _planar(values: Values, planar: Planar) -> None:
    section = planar.section
    electrode = _electrode(values, "Negative", section)
    values.derive(f"{electrode} thickness [m]", planar.thickness)
    values.derive("Maximum concentration in negative electrode [mol.m-3]", planar.c_max)
    values.default(f"{electrode} roughness", 1.0, "assumed", "flat face")
    ceiling = "Coverage ceiling"
    if ceiling in section:
        values.take(f"{electrode} coverage ceiling", section.entry(ceiling))
    else:
        values.default(f"{electrode} coverage ceiling", 1.0, "assumed", "a face can touch all over")
    _fixed_contact(values, "Negative", section)
    values.take(
        f"{electrode} conductivity [S.m-1]", section.entry("Active material conductivity [S.m-1]")
    )
    law = partial(functions.planar_exchange_current, electrode)
    values.set(f"{electrode} exchange-current density [A.m-2]", law, "Arrhenius")
    if section.words["form"] == "layer":
        law = partial(functions.host_diffusivity, "Negative particle")
        values.set("Negative particle diffusivity [m2.s-1]", law, "functions.host_diffusivity")
    values.take(f"{electrode} density [kg.m-3]", section.entry("Density [kg.m-3]"))


def _window(values: Values, design: Design) -> recipe.Window:
    """Potentials, stoichiometry window and the initial, full state."""
    with design.file.cell.naming():
        window = _solve_window(values, design)
    for domain, stoichiometry in (
        ("negative", window.negative_full),
        ("positive", window.positive_full),
    ):
        c_max = values.entries[f"Maximum concentration in {domain} electrode [mol.m-3]"].value
        name = f"Initial concentration in {domain} electrode [mol.m-3]"
        values.derive(name, stoichiometry * c_max, note="charged")
    cell = design.file.cell
    low, high = cell["Lower voltage cut-off [V]"], cell["Upper voltage cut-off [V]"]
    values.derive("Open-circuit voltage at 0% SOC [V]", low)
    values.derive("Open-circuit voltage at 100% SOC [V]", high)
    return window


def _solve_window(values: Values, design: Design) -> recipe.Window:
    """First charge, refill limit and discharge along the open-circuit curves."""
    positive, negative = design.positive, design.negative
    cell, section = design.file.cell, negative.section
    cathode = potential(positive.section.entry("Open-circuit potential [V]"))
    single = potential(section.entry("Open-circuit potential [V]"))
    branches = {
        branch: potential(section.entry(f"{branch.capitalize()} potential [V]"))
        for branch in ("lithiation", "delithiation")
        if f"{branch.capitalize()} potential [V]" in section
    }
    host = section.words["form"] != "foil"

    def anode(branch):
        function = branches.get(branch, single)
        return partial(with_asymptotes if host else at, function)

    start, loss = section["Pristine stoichiometry"], section["First-cycle loss"]
    charges = positive.connected_capacity, negative.connected_capacity
    low, high = cell["Lower voltage cut-off [V]"], cell["Upper voltage cut-off [V]"]
    charged = recipe.first_charge(
        high,
        partial(with_asymptotes, cathode),
        anode("lithiation"),
        *charges,
        start,
        loss,
        negative_room=1.0 if host else math.inf,
    )
    positive_full = 1 - charged / charges[0]
    limit = recipe.refill_limit(positive_full, positive.section["First-cycle loss"])
    _check_lower(low, cathode, limit, anode("delithiation"), host)
    _potentials(values, positive.section, section, cathode, single, branches, limit)

    def refilled(y):
        return float(open_circuit.limited(with_asymptotes(cathode, y), y, limit))

    negative_full = start + charged * (1 - loss) / charges[1]
    return recipe.discharge_window(
        low, refilled, anode("delithiation"), *charges, positive_full, negative_full, charged
    )


def _check_lower(low, cathode, limit, anode, host) -> None:
    """A cut-off far below every tabulated potential is a slip of the pen."""
    lowest = at(cathode, limit) - (anode(1e-2) if host else anode(1.0))
    if low < lowest - LOWEST_BELOW_CURVE:
        raise RecipeError(
            f"the lower cut-off {low:g} V lies outside the open-circuit range, which ends near "
            f"{lowest:.2f} V."
        )


def _potentials(values, positive, negative, cathode, single, branches, limit) -> None:
    values.derive("Positive electrode refill limit stoichiometry", limit, note="first-cycle loss")
    refilled = partial(functions.refilled_potential, cathode, "Positive electrode")
    values.take("Positive electrode OCP [V]", positive.entry("Open-circuit potential [V]"), refilled)
    values.take("Negative electrode OCP [V]", negative.entry("Open-circuit potential [V]"), single)
    for branch, function in branches.items():
        entry = negative.entry(f"{branch.capitalize()} potential [V]")
        values.take(f"Negative electrode {branch} OCP [V]", entry, function)
    if branches:
        values.set("Initial negative hysteresis state", -1.0, "charged: lithiation branch")
