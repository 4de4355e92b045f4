"""Options of the solid-state model: its own, beside those of PyBaMM it can honour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pybamm

from ssb_model.errors import InputError, nearest
from ssb_model.models.defaults import AS_ASKED, MESHES, mesh_points
from ssb_model.submodels.anodes import anodes
from ssb_model.submodels.blend import AS_GIVEN, TWO_KINDS, TWO_SIZES
from ssb_model.submodels.contact import SPOTS
from ssb_model.submodels.contact_laws.law import contact_law, contact_laws
from ssb_model.submodels.film import FILMS
from ssb_model.submodels.particles import CONNECTIONS, CRACKINGS
from ssb_model.submodels.stack import STIFFNESS

SIDES = ("negative", "positive")  # the order of PyBaMM's pairs

PER_ELECTRODE = {
    *("contact", "loosening", "connection", "cracking", "film", "contact spots", "electrolyte"),
    "size classes",
}
AGEING = {"loosening", "connection", "cracking", "film"}  # what may age a cell that cycles
AS_POSITIVE = "as positive electrode"
COMPOSITE, LAYER = "composite", "layer"  # of the positive electrode; a layer in half cells
WITHOUT_PARTICLES = {  # of a dense layer
    "contact spots": "false",
    "connection": "constant",
    "cracking": "none",
    "size classes": AS_GIVEN,
    "particle": "Fickian diffusion",
    "particle size": "single",
}
OF_THE_SEPARATOR, ITS_OWN = "of the separator", "its own"  # electrolyte of a composite
SET_ELSEWHERE = {
    "operating mode": "runs set the current and hold voltages; a power or a resistance is solved "
    "with PyBaMM itself, from SolidStateDFN and its parameters",
    "size classes": "the cell's file says how sizes are spread, or what is blended",
    "electrolyte": "the layers of the cell's file name theirs",
    "working electrode": "it follows from the negative electrode, which the cell's file names",
}
NEEDED = {  # choices, and a parameter they read that a cell may not have
    "open-circuit potential": (
        ("current sigmoid", "one-state hysteresis"),
        "{Side} electrode delithiation OCP [V]",
    ),
    "particle size": (
        ("distribution",),
        "{Side} area-weighted particle-size distribution [m-1]",
    ),
    "voids": (("creep",), "Negative electrode void height [m]"),
    "surface temperature": (("lumped",), "Environment thermal resistance [K.W-1]"),
    "use lumped thermal capacity": (("true",), "Cell heat capacity [J.K-1.m-3]"),
}


def own_options() -> dict[str, list[str]]:
    """This model's own options and their choices, the default first."""
    contact = [*contact_laws(), "constant"]
    return {
        "negative electrode": [*anodes()],
        "positive electrode": [COMPOSITE, LAYER],
        "contact": contact,
        "separator contact": [AS_POSITIVE, *contact],
        "connection": [*CONNECTIONS],
        "cracking": [*CRACKINGS],
        "stack": ["isostatic", *STIFFNESS],
        "film": [*FILMS],
        "loosening": ["none", "breathing"],
        "contact spots": [*SPOTS],
        "ionic transport": ["percolation", "Bruggeman", "measured"],
        "electronic transport": ["percolation", "Bruggeman", "measured"],
        "grain boundaries": ["brick layer", "none"],
        "electrolyte": [OF_THE_SEPARATOR, ITS_OWN],
        "voids": ["none", "creep"],
        "size classes": [AS_GIVEN, TWO_SIZES, TWO_KINDS],
        "mesh": [AS_ASKED, *MESHES],
    }


def choice(options: Mapping[str, Any], name: str, place: str) -> str:
    """What options say at "negative", "separator" or "positive", defaults included."""
    if place == "separator" and name == "contact":
        given = choice(options, "separator contact", place)
        return choice(options, "contact", "positive") if given == AS_POSITIVE else given
    given = options[name] if name in options else _defaults()[name]
    if isinstance(given, tuple):
        return given[SIDES.index(place)] if place in SIDES else given[-1]
    return given


def as_pair(value: Any) -> Any:
    """A choice, or one each of the negative and the positive electrode: "constant,growing"."""
    if isinstance(value, str) and "," in value:
        return tuple(part.strip() for part in value.split(","))
    return tuple(value) if isinstance(value, list) and len(value) == len(SIDES) else value


@cache
def _defaults() -> dict[str, str]:
    everything = {**pybamm.BatteryModelOptions({}).possible_options, **own_options()}
    return {name: values[0] for name, values in everything.items()}


# PyBaMM options that can mean only one thing here, or a few, and what to do instead
ALLOWED = {
    "SEI": (["none"], "set 'film', which scales with the contact fraction"),
    "SEI on cracks": (["false"], "set 'film'"),
    "lithium plating": (["none"], "read the potential difference at the negative electrode"),
    "interface utilisation": (["full"], "set 'contact'"),
    "transport efficiency": (["Bruggeman"], "set 'ionic transport' and 'electronic transport'"),
    "electrolyte conductivity": (["default", "full"], "a solid electrolyte obeys Ohm's law"),
    "intercalation kinetics": (
        ["symmetric Butler-Volmer", "linear"],
        "the law must be solvable for its overpotential",
    ),
    "exchange-current density": (["single"], "put the dependence into the parameter"),
    "open-circuit potential": (
        ["single", "current sigmoid", "one-state hysteresis"],
        "the others are not tried at contact spots",
    ),
    "particle": (
        ["Fickian diffusion", "uniform profile", "quadratic profile", "quartic profile"],
        "MSMR states no surface concentration",
    ),
    "particle phases": (["1"], "a mixed electrode has one contact fraction per phase"),
    "loss of active material": (["none"], "set the utilisation"),
    "particle mechanics": (["none"], "set 'stack' and 'contact', which breathe"),
    "total interfacial current density as a state": (["false"], "it always is one here"),
    "surface form": (["false", "differential"], "'differential' adds the double layer"),
    "current collector": (["uniform"], "solve one place of the cell at a time"),
    "dimensionality": ([0], "solve one place of the cell at a time"),
    "cell geometry": (["arbitrary"], "its area and layers are all there is"),
    "working electrode": (["both", "positive"], "set 'negative electrode'"),
    "thermal": (["isothermal", "lumped"], "a pressed pellet has no pouch geometry"),
    "convection": (["none"], "nothing flows in a solid electrolyte"),
    "diffusivity": (["single"], "put the dependence into the parameter"),
    "hydrolysis": (["false"], "it is of lead-acid cells"),
    "lithium plating porosity change": (["false"], "a pressed layer's pores take no lithium here"),
    "number of MSMR reactions": (["none"], "MSMR states no surface concentration"),
    "particle shape": (["spherical"], "contact and breathing are those of spheres"),
    "SEI film resistance": (["none"], "set 'film', which scales with the contact fraction"),
    "SEI porosity change": (["false"], "set 'film', which takes no room"),
    "x-average side reactions": (["false"], "there is none; the film grows where it is"),
    "stress-induced diffusion": (["false"], "set 'stack' and 'contact', which breathe"),
}
WITHOUT_RESISTANCE = ("explicit power", "explicit resistance")  # operating modes


def _check_allowed(options: Mapping[str, Any], names: Iterable[str]) -> None:
    """Refuse what means nothing here, by name, before PyBaMM asks for what it would need."""
    for name in names:
        if name not in ALLOWED or name not in options:
            continue
        allowed, cure = ALLOWED[name]
        value = options[name]
        for part in value if isinstance(value, tuple) else (value,):
            if part not in allowed:
                raise pybamm.OptionError(
                    f"SolidStateDFN cannot take '{name}': {value!r} (only {allowed}): {cure}."
                )


class SolidStateOptions(pybamm.BatteryModelOptions):
    """PyBaMM's options with this model's own among them; refuses what it cannot honour."""

    def __init__(self, extra_options: dict | None):
        given = dict(extra_options or {})
        known = own_options()
        own = {name: given.pop(name, values[0]) for name, values in known.items()}
        for name, value in own.items():
            self._check_own(name, value, known[name])
        planar = own["negative electrode"] != "composite"
        if given.get("working electrode", "both") == "positive" and not planar:
            raise pybamm.OptionError(
                "'working electrode': 'positive' follows from the negative electrode; set "
                "'negative electrode' to 'layer' (silicon) or 'foil' (Li, Li-In) instead."
            )
        _check_allowed(given, ["working electrode"])
        given["working electrode"] = "positive" if planar else "both"
        given.setdefault("contact resistance", "true")
        given.setdefault("voltage as a state", "false")
        for name in given:
            self._check_name(name)
        _check_allowed(given, given)
        if given.get("operating mode") in WITHOUT_RESISTANCE:
            raise pybamm.OptionError(
                f"SolidStateDFN cannot take 'operating mode': {given['operating mode']!r}: its "
                "layers' faces have a resistance, which PyBaMM's explicit modes have no place for."
            )
        super().__init__(given)
        self.possible_options.update(known)
        self.update(own)
        self._check_together()

    @staticmethod
    def _check_own(name, value, known):
        if name == "mesh" and mesh_points(value):
            return
        values = value if isinstance(value, tuple) and name in PER_ELECTRODE else (value,)
        if len(values) > 2 or any(v not in known for v in values):
            both = " or a pair (negative, positive) of them" if name in PER_ELECTRODE else ""
            both = " or points of layers and particles, '12 8 6 10'" if name == "mesh" else both
            raise pybamm.OptionError(f"Option '{name}' is {value!r}; it can be {known}{both}.")

    @staticmethod
    def _check_name(name):
        known = [*own_options(), *pybamm.BatteryModelOptions({}).possible_options]
        if name not in known:
            raise pybamm.OptionError(f"Option '{name}' is not known. {nearest(name, known)}")

    def _check_together(self):
        _check_allowed(self, ALLOWED)
        for domain in self.porous:
            options = getattr(self, domain)
            if options["particle size"] == "distribution" and options["contact spots"] != "false":
                raise pybamm.OptionError(
                    "Contact spots are small against one particle radius; with 'particle size': "
                    "'distribution' set 'contact spots': 'false'."
                )
            spots_without_depth = options["particle"] != "Fickian diffusion"
            if spots_without_depth and options["contact spots"] != "false":
                raise pybamm.OptionError(
                    f"'particle': {options['particle']!r} resolves no surface for contact spots; "
                    "set 'contact spots': 'false'."
                )
            if options["size classes"] == TWO_KINDS and spots_without_depth:
                raise pybamm.OptionError(
                    "Two kinds of active material are resolved through their particles: leave "
                    f"'particle' at 'Fickian diffusion' for the {domain} electrode."
                )
            resolved = options["particle"] != "uniform profile"
            if options["cracking"] != "none" and not (
                resolved and options["particle size"] == "single"
            ):
                raise pybamm.OptionError(
                    "Cracks lengthen the way of lithium in particles of one size that resolve it; "
                    "with 'particle': 'uniform profile' or 'particle size': 'distribution' set "
                    "'cracking': 'none'."
                )
            if options["connection"] == "patches":
                self._check_connection(domain)
        planar = self["negative electrode"] != "composite"
        self._check_layer()
        if self["voids"] != "none" and not planar:
            raise pybamm.OptionError(
                "Voids form at the face of a lithium foil: with a composite for a negative "
                "electrode leave out 'voids'."
            )
        for name, of_particles in (
            ("connection", "patches"),
            *(("cracking", each) for each in CRACKINGS[1:]),
        ):
            value = self[name]
            if planar and isinstance(value, tuple) and value[0] == of_particles:
                raise pybamm.OptionError(
                    f"A planar electrode has no particles: set '{name}': '{of_particles}' for the "
                    "positive electrode."
                )
        if planar and self["thermal"] == "lumped" and self["surface form"] == "differential":
            raise pybamm.OptionError(
                "PyBaMM's heat does not know the double layer of a planar electrode: take "
                "'thermal': 'isothermal' or 'surface form': 'false'."
            )

    def _check_layer(self):
        if not self.is_layer("positive"):
            return
        if anodes()[self["negative electrode"]].host:
            raise pybamm.OptionError(
                "A dense layer is the positive electrode of a half cell: the negative one is then "
                "a 'foil' (Li, Li-In)."
            )
        for name, value in WITHOUT_PARTICLES.items():
            if self.positive[name] != value:
                raise pybamm.OptionError(
                    f"A dense layer has no particles: set '{name}': '{value}' for the positive "
                    "electrode."
                )

    def _check_connection(self, domain: str):
        law = self.contact_law(domain)
        if not self.tells_loosening(domain):
            raise pybamm.OptionError(
                f"'connection': 'patches' asks the contact of the {domain} electrode how much "
                f"breathing has loosened, and 'contact': '{law}' does not tell: take a law that "
                "does, or 'connection': 'constant'."
            )
        if getattr(self, domain)["particle size"] == "distribution":
            raise pybamm.OptionError(
                "Particles of several sizes lose their contacts at different times; with "
                "'particle size': 'distribution' set 'connection': 'constant'."
            )

    def get(self, name, default=None):
        """As of any dict, but for the question PyBaMM asks before it sets a state of charge."""
        if name == "working electrode" and self["negative electrode"] != "composite":
            raise pybamm.OptionError(
                "PyBaMM sets the state of charge of the positive electrode alone where the "
                "negative one is a layer or a foil; use load_cell(NAME).at_soc(SOC) instead."
            )
        return super().get(name, default)

    def contact_law(self, place: str) -> str:
        """Law of contact of "negative", "separator" or "positive"."""
        law = self["separator contact"]
        if place != "separator":
            return getattr(self, place)["contact"]
        return self.positive["contact"] if law == AS_POSITIVE else law

    def tells_loosening(self, place: str) -> bool:
        """Whether the law of contact there says what share of it breathing has loosened."""
        law = self.contact_law(place)
        return law != "constant" and contact_law(law).tells_loosening

    def has_own_electrolyte(self, place: str) -> bool:
        """Whether the electrolyte of "negative" or "positive" is another than the separator's."""
        return place != "separator" and getattr(self, place)["electrolyte"] == ITS_OWN

    def is_layer(self, domain: str) -> bool:
        """Whether "positive" is a dense layer: one particle, a plate as thick as the electrode."""
        return domain == "positive" and self["positive electrode"] == LAYER

    @property
    def porous(self) -> list[str]:
        """Electrodes that are porous composites."""
        return [d for d in ("negative", "positive") if self.electrode_types[d] == "porous"]


def check_honoured(options: Mapping[str, Any], entries: Iterable[str]) -> None:
    """Refuse a choice by name that no run of this cell can honour, and say why."""
    for name, reason in SET_ELSEWHERE.items():
        if name in options:
            raise InputError(f"'{name}' is not an option of a cell: {reason}.")
    for name, (choices, parameter) in NEEDED.items():
        for side in SIDES if name in options else ():
            chosen, needed = choice(options, name, side), parameter.format(Side=side.capitalize())
            if chosen in choices and needed not in entries:
                of_one = f", for the {side} electrode" if "{" in parameter else ""
                raise InputError(
                    f"'{name}': '{chosen}'{of_one} needs the parameter '{needed}', which this cell "
                    "has not; leave it out, or give a pair [negative, positive] of choices."
                )
