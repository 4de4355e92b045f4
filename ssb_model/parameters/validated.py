"""What published measurements were held against the model, and what of a run lies beyond it.

The one place that says so. The limits are those of the cells in ``validation/`` whose capacities
or resistances were measured; a test reads them there again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ssb_model.parameters.blend import SPREAD
from ssb_model.parameters.section import CellFile, Section
from ssb_model.quantities.units import in_unit

Limits = tuple[float, float]
PRESSURES: Limits = (1.0, 389.0)  # MPa of the stack, held
TEMPERATURES: Limits = (20.0, 60.0)  # degC
GRAINS: Limits = (0.8, 40.0)  # um, of the electrolyte in a composite
ELECTROLYTES = ("LPSCl",)
NEGATIVES = ("InLi", "Li", "graphite", "silicon")
SHARES: dict[str, Limits] = {  # of the mass of a composite, by its active material
    "NCM523": (0.75, 0.83),
    "NCM622": (0.68, 0.80),
    "NCM811": (0.51, 0.90),
    "graphite": (0.40, 0.80),
}


def beyond(
    file: CellFile,
    pressures: Iterable[float],
    temperatures: Iterable[float],
    grains: Mapping[str, float],
) -> list[str]:
    """What lies beyond, each with what was validated; pressures in MPa, degC, grains in um.

    ``grains`` are the grain sizes of the electrolyte by what they are called.
    """
    said = _outside("stack pressure", pressures, PRESSURES, "MPa")
    said += _outside("temperature", temperatures, TEMPERATURES, "°C")
    for name, size in grains.items():
        said += _outside(name, [size], GRAINS, "um")
    return said + _chemistry(file) + _composition(file.positive) + _composition(file.negative)


def _outside(name: str, values: Iterable[float], limits: Limits, unit: str) -> list[str]:
    """Words on the values furthest out on either side, if any are."""
    low, high = limits
    values = list(values)
    ends = [end for end in {min(values, default=low), max(values, default=low)} if end == end]
    # a number written in a file and converted may miss its limit by rounding
    out = sorted(end for end in ends if not low * (1 - 1e-6) <= end <= high * (1 + 1e-6))
    if not out:
        return []
    told = " and ".join(f"{value:.4g}" for value in out)
    return [f"{name} {told} {unit} (validated {low:g} to {high:g})"]


def _chemistry(file: CellFile) -> list[str]:
    said = []
    active = file.positive.words.get("active_material")
    if active is not None and active not in SHARES:
        said.append(f"active material {active} (validated {', '.join(sorted(SHARES))})")
    for layer in (file.positive, file.negative):
        if layer.second:
            both = dict.fromkeys(one.words["active_material"] for one in (layer, layer.second))
            what = " and ".join(both) if len(both) > 1 else f"{next(iter(both))} of two sizes"
            said.append(f"{what} in one electrode (validated one, of one size)")
        if layer.get(SPREAD):
            said.append(f"a spread of sizes of {layer.words['active_material']} (validated none)")
    negative = file.negative.words.get("active_material")
    if negative is not None and negative not in NEGATIVES:
        said.append(f"negative electrode {negative} (validated {', '.join(NEGATIVES)})")
    layers = (file.positive, file.separator, file.negative)
    used = {layer.words.get("electrolyte") for layer in layers} - {None, *ELECTROLYTES}
    said += [f"electrolyte {one} (validated {', '.join(ELECTROLYTES)})" for one in sorted(used)]
    return said


def _composition(electrode: Section) -> list[str]:
    active, parts = electrode.words.get("active_material"), electrode.get("Composition")
    if active not in SHARES or not isinstance(parts, Mapping) or active not in parts:
        return []
    low, high = (in_unit(limit, "%") for limit in SHARES[active])
    share = in_unit(parts[active] / sum(parts.values()), "%")
    return _outside(f"share of {active}", [share], (low, high), "% by mass")
