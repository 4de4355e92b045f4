"""The text of a cell file, commented, out of what a laboratory knows of its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ssb_model.errors import InputError, nearest
from ssb_model.laws import size_classes
from ssb_model.parameters.library import material_path
from ssb_model.parameters.materials import (
    ELECTROLYTE,
    POSITIVE_ELECTRODE,
    material_kind,
    materials_of,
    read_material,
)
from ssb_model.parameters.toml_text import quoted
from ssb_model.quantities.units import convert

USUAL = {  # mAh g-1 given slowly; others as the first
    "NCM811": 190.0, "NCM90": 200.0, "NCA": 170.0, "NCM622": 165.0, "NCM523": 150.0,
    "NCM111": 145.0, "LCO": 135.0,
}  # fmt: skip
ANODES = {  # as people write them: material, cut-offs [V], what those are against
    "Li": ("Li", 2.5, 4.25, "Li"),
    "Li-In": ("InLi", 2.5, 4.3, "Li"),
    "Si": ("silicon", 2.0, 4.2, ""),
    "graphite": ("graphite", 2.5, 4.2, ""),
    "graphite-SiOx": ("graphite_SiOx", 2.5, 4.2, ""),
    "LTO": ("LTO", 1.0, 2.75, ""),
}
COMPOSITES = {  # mAh g-1, weight percents beside the electrolyte's, N/P, diameter [um]
    "graphite": (372.0, {"graphite": 67.5}, 1.15, 16),
    "graphite_SiOx": (396.0, {"graphite_SiOx": 67.5}, 1.15, 16),
    "LTO": (175.0, {"LTO": 50, "C65": 10}, 1.3, 1),
}


@dataclass(frozen=True)
class Known:
    """What is known of a cell, in people's units; none of what is not."""

    composition: str | None = None  # "NCM811=70,LPSCl=27,VGCF=3", weight percents of the cathode
    loading: float | None = None  # of the cathode composite, mg cm-2
    anode: str | None = None
    area: float | None = None  # cm2
    fabrication_pressure: float | None = None  # MPa
    stack_pressure: float | None = None  # MPa
    temperature: float | None = None  # degC
    lower: float | None = None  # V
    upper: float | None = None  # V
    against: str | None = None
    one_c: float | None = None  # mAh cm-2
    separator: float | None = None  # mg cm-2
    separator_electrolyte: str | None = None  # as the cathode's if not said
    sizes: tuple[float, float, float] | None = None  # D10, D50, D90 of the active material, um
    diameter: float | None = None  # of the active material where its spread is not known, um
    grain: float | None = None  # of the electrolyte in the cathode, um
    separator_grain: float | None = None  # um
    held: str | None = None  # isostatic, spring or rigid
    stiffness: float | None = None  # of what holds it, MPa um-1


ASSUMED: dict[str, Any] = {  # where nothing is said
    "composition": "NCM811=70,LPSCl=30",
    "loading": 12.0,
    "anode": "Li-In",
    "area": 0.785,
    "fabrication_pressure": 400.0,
    "stack_pressure": 20.0,
    "temperature": 25.0,
    "separator": 100.0,
    "diameter": 5.0,
    "grain": 3.0,
    "separator_grain": 3.0,
    "held": "isostatic",
}
RANGES = {"diameter": "[3, 10]", "grain": "[0.5, 6]", "separator_grain": "[0.5, 6]"}
HOLDERS = {"spring": "Spring stiffness", "rigid": "Frame stiffness"}
AGEING = {  # lines of a cell with such a negative electrode; pairs have the negative first
    "planar": ('connection = ["constant", "patches"]', 'film = ["constant", "growing"]'),
    "composite": ('connection = "patches"', 'film = "growing"'),
}
QUESTIONS = {  # in the order somebody is asked
    "composition": "cathode, weight percents",
    "loading": "cathode composite in mg per cm2",
    "anode": f"negative electrode ({', '.join(ANODES)})",
    "area": "electrode area in cm2 (a disc of 10 mm has 0.785)",
    "fabrication_pressure": "pressed with, in MPa",
    "stack_pressure": "held at while it runs, in MPa",
    "temperature": "temperature in degrees Celsius",
    "separator": "separator in mg per cm2",
}


def cell_text(known: Known, title: str, source: str) -> str:
    """The file of a cell; each number says whether it was said or assumed."""
    said = {one.name for one in fields(known) if getattr(known, one.name) is not None}
    values = {name: getattr(known, name) for name in said}
    values = {**ASSUMED, **values}
    weights = composition(values["composition"])
    active, electrolyte, *others = _materials(weights)
    anode = _anode(values["anode"])
    material, lower, upper, reference = ANODES[anode]
    between = _between(values.get("separator_electrolyte", electrolyte))
    reference = values.get("against", reference if "upper" not in said else "")
    kinds = {name: weights[name] for name in (active, *others)}
    share = sum(kinds.values()) / sum(weights.values())
    grams = convert(values["loading"] * share, "mg.cm-2", "g.cm-2")
    usual = sum(share * USUAL.get(name, USUAL["NCM811"]) for name, share in kinds.items()) / sum(
        kinds.values()
    )

    def entry(key: str, name: str, value: float, why: str, comment: str = "") -> str:
        given = name in said
        kind, of = ("measured", source) if given else ("assumed", why)
        behind = f"  # {comment}" if comment else ""
        about = f'class = "{kind}", source = {quoted(of)}'
        about += f", range = {RANGES[name]}" if name in RANGES and not given else ""
        return f'"{key}" = {{ value = {value:.6g}, {about} }}{behind}'

    mixture = ", ".join(f"{_key(name)} = {share:g}" for name, share in weights.items())
    kind, of = ("measured", source) if "composition" in said else ("assumed", "not said")
    lines = [
        "# A cell for ssb. Every number says where it is from: class is measured, fitted,",
        "# literature, derived, assumed or setting; a range, range = [low, high], helps bands.",
        "# Any unit of its kind will do. 'ssb show' lists what follows; to check: ssb show FILE.",
        f"title = {quoted(title)}",
        f'chemistry = "{active} | {between} | {anode}"',
        f"source = {quoted(source)}",
        f'held = "{values["held"]}"  # how the stack is held: isostatic, spring or rigid',
        "",
        "[cell]",
        *(
            [f'against = "{reference}"  # what both cut-offs are against; "cell" if its own']
            if reference
            else ["# cut-offs are the cell's own, between its two electrodes"]
        ),
        entry("Electrode area [cm2]", "area", values["area"], "not said; a disc of 10 mm"),
        entry("Fabrication pressure [MPa]", "fabrication_pressure",
              values["fabrication_pressure"], "not said", "the highest the cathode has seen"),
        entry("Stack pressure [MPa]", "stack_pressure", values["stack_pressure"], "not said"),
        *(
            [entry(f"{HOLDERS[values['held']]} [MPa.um-1]", "stiffness", values["stiffness"], "")]
            if "stiffness" in said and values["held"] in HOLDERS
            else []
        ),
        entry("Temperature [degC]", "temperature", values["temperature"], "not said"),
        entry("Lower voltage cut-off [V]", "lower", values.get("lower", lower), "not said"),
        entry("Upper voltage cut-off [V]", "upper", values.get("upper", upper), "not said"),
        entry("Nominal areal capacity [mAh.cm-2]", "one_c",
              values.get("one_c", grams * usual), _about(usual, kinds),
              "1C is this in an hour"),
        "",
        "[positive]",
        'form = "composite"',
        f'active_material = "{active}"',
        f'electrolyte = "{electrolyte}"',
        f'"Composition [%]" = {{ value = {{ {mixture} }}, class = "{kind}", '
        f"source = {quoted(of)} }}  # by weight",
        entry("Composite loading [mg.cm-2]", "loading", values["loading"], "not said",
              "all solids per area; or Active material loading"),
        '"Porosity [%]" = { value = 12, class = "assumed", source = "composites pressed at 380 '
        'MPa, 8 to 17 %; Minnmann2021", range = [5, 17] }  # or Thickness [um]',
        *(
            [entry("Active material diameter [um]", "diameter", values["diameter"], "not said",
                   "D50")]
            if known.sizes is None
            else _size_lines(known.sizes, source)
        ),
        entry("Electrolyte grain size [um]", "grain", values["grain"], "not said"),
        *_second_lines(*others),
        "",
        "[separator]",
        f'electrolyte = "{between}"',
        f'"Composition [%]" = {{ value = {{ {_key(between)} = 100 }}, class = "assumed", '
        'source = "not said" }',
        entry("Loading [mg.cm-2]", "separator", values["separator"], "not said",
              "or Thickness [um]"),
        entry("Electrolyte grain size [um]", "separator_grain", values["separator_grain"],
              "not said"),
        "",
        "[negative]",
        *negative_lines(material, electrolyte, values.get("one_c", grams * usual)),
        "",
        "[ageing] # what cycling switches on; a rate test of a fresh cell does not age",
        'loosening = "breathing"',
        *AGEING["composite" if material in COMPOSITES else "planar"],
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _about(usual: float, kinds: Mapping[str, float]) -> str:
    return f"about {usual:.4g} mAh per g of {' and '.join(kinds)}"


def _size_lines(sizes: tuple[float, float, float], source: str) -> list[str]:
    """Of the active material's particles, their spread known."""
    if len(sizes) != 3 or not 0 < sizes[0] < sizes[1] < sizes[2]:
        raise InputError("sizes are D10, D50 and D90 in um, each above the one before: 3,5,9.")
    spread = size_classes.spread_of(sizes[0], sizes[2])
    of = quoted(f"D10, D50, D90 of {', '.join(f'{size:g}' for size in sizes)} um; {source}")
    return [
        f'"Active material diameter [um]" = {{ value = '
        f'{size_classes.surface_mean(sizes[1], spread):.4g}, class = "derived", source = {of} }}',
        f'"Active material diameter spread" = {{ value = {spread:.3g}, class = "derived", '
        f"source = {of} }}  # two classes of size",
    ]


def _second_lines(material: str = "") -> list[str]:
    """Of the active material beside the first, if there is one."""
    if not material:
        return []
    return [
        "",
        "[positive.second]  # beside the first; a number its material has may be given here anew",
        f'active_material = "{material}"',
        '"Active material diameter [um]" = { value = 5, class = "assumed", source = "not said", '
        "range = [3, 10] }",
    ]


def composition(text: str) -> dict[str, float]:
    """{"NCM811": 70.0, "LPSCl": 30.0} from "NCM811=70, LPSCl=30" or "NCM811:LPSCl 70:30"."""
    ratio = re.fullmatch(r"\s*([\w.:-]+)\s+([\d.:,/]+)\s*", text)
    if ratio and ratio[1].count(":") and ratio[1].count(":") == ratio[2].count(":"):
        pairs = list(zip(ratio[1].split(":"), ratio[2].split(":"), strict=True))
    else:
        pairs = [
            (name, share) for name, _, share in (one.partition("=") for one in text.split(","))
        ]
    try:
        weights = {name.strip(): float(share) for name, share in pairs}
    except ValueError:
        raise InputError(f"'{text}': write weight percents as NCM811=70,LPSCl=27,VGCF=3.") from None
    if len(weights) < 2:
        raise InputError(f"'{text}': a cathode has an active material and an electrolyte at least.")
    if not min(weights.values()) > 0:
        raise InputError(f"'{text}': leave out what there is none of.")
    total = sum(weights.values())
    if abs(total - 1) < 0.01:
        weights = {name: 100 * share for name, share in weights.items()}
    return weights


def _materials(weights: Mapping[str, float]) -> tuple[str, ...]:
    """Which of the solids is active, which the electrolyte, and a second active one if any."""
    found: dict[str, list[str]] = {}
    for name in weights:
        kind = material_kind(read_material(material_path(name, Path())))
        found.setdefault(kind, []).append(name)
    for kind, what in ((POSITIVE_ELECTRODE, "active material"), (ELECTROLYTE, "electrolyte")):
        if kind not in found:
            known = ", ".join(materials_of(kind))
            raise InputError(f"no {what} in the cathode. Known: {known}.")
    active, *others = found[POSITIVE_ELECTRODE]
    if len(others) > 1:
        raise InputError(
            f"a cathode has two active materials at most: {', '.join([active, *others])}."
        )
    return active, found[ELECTROLYTE][0], *others


def _between(name: str) -> str:
    """The electrolyte of the separator, which must be one."""
    if material_kind(read_material(material_path(name, Path()))) != ELECTROLYTE:
        raise InputError(
            f"'{name}' is no electrolyte. Known: {', '.join(materials_of(ELECTROLYTE))}."
        )
    return name


def _anode(text: str) -> str:
    plain = {re.sub(r"[^a-z]", "", name.casefold()): name for name in ANODES}
    plain |= {"silicon": "Si", "inli": "Li-In", "liin": "Li-In", "lithium": "Li", "gr": "graphite"}
    plain |= {"graphitesio": "graphite-SiOx"}
    found = plain.get(re.sub(r"[^a-z]", "", text.casefold()))
    if found is None:
        raise InputError(f"no negative electrode '{text}'. {nearest(text, ANODES)}")
    return found


def negative_lines(material: str, electrolyte: str, one_c: float) -> list[str]:
    """The lines of a section of a negative electrode."""
    if material == "silicon":
        return [
            'form = "layer"  # dense, as of silicon',
            'active_material = "silicon"',
            '"N/P ratio" = { value = 1.5, class = "assumed", source = "not said" }',
            '"Porosity" = { value = 0.0, class = "assumed", source = "dense once lithiated" }',
            '"Roughness" = { value = 3.0, class = "assumed", source = "pressed from powder" }',
        ]
    if material in COMPOSITES:
        specific, solids, ratio, diameter = COMPOSITES[material]
        weights = {**solids, electrolyte: 100 - sum(solids.values())}
        grams = ratio * one_c / (specific * solids[material] / 100)
        loading = convert(grams, "g.cm-2", "mg.cm-2")
        mixture = ", ".join(f"{_key(name)} = {share:g}" for name, share in weights.items())
        of = 'class = "assumed", source = "not said"'
        return [
            'form = "composite"',
            f'active_material = "{material}"',
            f'electrolyte = "{electrolyte}"',
            f'"Composition [%]" = {{ value = {{ {mixture} }}, {of} }}',
            f'"Composite loading [mg.cm-2]" = {{ value = {loading:.4g}, class = "assumed", '
            f'source = "for N/P of {ratio:g}" }}',
            f'"Porosity [%]" = {{ value = 15, {of}, range = [10, 20] }}',
            f'"Active material diameter [um]" = {{ value = {diameter}, {of} }}',
            f'"Electrolyte grain size [um]" = {{ value = 3, {of}, range = [0.5, 6] }}',
        ]
    return [
        'form = "foil"',
        f'active_material = "{material}"',
        '"Thickness [um]" = { value = 100, class = "assumed", source = "not said" }',
        '"Roughness" = { value = 1.0, class = "assumed", source = "soft foil" }',
    ]


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else quoted(name)
