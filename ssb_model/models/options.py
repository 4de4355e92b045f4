"""Options of the solid-state model: its own, beside those of PyBaMM it can honour."""

from __future__ import annotations

import pybamm

from ssb_model.errors import nearest

# first value: the default
OWN_OPTIONS = {
    "negative electrode": ["composite", "layer", "foil"],
    "contact": ["memory", "plastic", "Hertz", "Persson", "constant"],
    "separator contact": [
        "as positive electrode",
        "memory",
        "plastic",
        "Hertz",
        "Persson",
        "constant",
    ],
    "stack": ["isostatic", "spring", "rigid"],
    "film": ["constant", "growing", "none"],
    "contact spots": ["true", "false"],
    "ionic transport": ["percolation", "Bruggeman", "measured"],
    "electronic transport": ["percolation", "Bruggeman", "measured"],
    "grain boundaries": ["brick layer", "none"],
    "mesh": ["medium", "fine", "coarse", "draft", "graded"],
}
PER_ELECTRODE = {"contact", "film", "contact spots"}

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
}


class SolidStateOptions(pybamm.BatteryModelOptions):
    """PyBaMM's options with this model's own among them; refuses what it cannot honour."""

    def __init__(self, extra_options: dict | None):
        given = dict(extra_options or {})
        own = {name: given.pop(name, values[0]) for name, values in OWN_OPTIONS.items()}
        for name, value in own.items():
            self._check_own(name, value)
        planar = own["negative electrode"] != "composite"
        if given.get("working electrode", "both") == "positive" and not planar:
            raise pybamm.OptionError(
                "'working electrode': 'positive' follows from the negative electrode; set "
                "'negative electrode' to 'layer' (silicon) or 'foil' (Li, Li-In) instead."
            )
        given["working electrode"] = "positive" if planar else "both"
        given.setdefault("contact resistance", "true")
        given.setdefault("voltage as a state", "false")
        for name in given:
            self._check_name(name)
        super().__init__(given)
        self.possible_options.update(OWN_OPTIONS)
        self.update(own)
        self._check_together()

    @staticmethod
    def _check_own(name, value):
        values = value if isinstance(value, tuple) and name in PER_ELECTRODE else (value,)
        if len(values) > 2 or any(v not in OWN_OPTIONS[name] for v in values):
            both = " or a pair (negative, positive) of them" if name in PER_ELECTRODE else ""
            raise pybamm.OptionError(
                f"Option '{name}' is {value!r}; it can be {OWN_OPTIONS[name]}{both}."
            )

    @staticmethod
    def _check_name(name):
        known = [*OWN_OPTIONS, *pybamm.BatteryModelOptions({}).possible_options]
        if name not in known:
            raise pybamm.OptionError(f"Option '{name}' is not known. {nearest(name, known)}")

    def _check_together(self):
        if self["thermal"] not in ("isothermal", "lumped"):
            raise pybamm.OptionError(
                f"SolidStateDFN cannot take 'thermal': {self['thermal']!r} "
                "(only ['isothermal', 'lumped']): a pressed pellet has no pouch geometry."
            )
        for name, (allowed, cure) in ALLOWED.items():
            value = self[name]
            for part in value if isinstance(value, tuple) else (value,):
                if part not in allowed:
                    raise pybamm.OptionError(
                        f"SolidStateDFN cannot take '{name}': {value!r} (only {allowed}): {cure}."
                    )
        for domain in self.porous:
            options = getattr(self, domain)
            if options["particle size"] == "distribution" and options["contact spots"] == "true":
                raise pybamm.OptionError(
                    "Contact spots are small against one particle radius; with 'particle size': "
                    "'distribution' set 'contact spots': 'false'."
                )
            spots_without_depth = options["particle"] != "Fickian diffusion"
            if spots_without_depth and options["contact spots"] == "true":
                raise pybamm.OptionError(
                    f"'particle': {options['particle']!r} resolves no surface for contact spots; "
                    "set 'contact spots': 'false'."
                )
        planar = self["negative electrode"] != "composite"
        if planar and self["thermal"] == "lumped" and self["surface form"] == "differential":
            raise pybamm.OptionError(
                "PyBaMM's heat does not know the double layer of a planar electrode: take "
                "'thermal': 'isothermal' or 'surface form': 'false'."
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
        return self.positive["contact"] if law == "as positive electrode" else law

    @property
    def porous(self) -> list[str]:
        """Electrodes that are porous composites."""
        return [d for d in ("negative", "positive") if self.electrode_types[d] == "porous"]
