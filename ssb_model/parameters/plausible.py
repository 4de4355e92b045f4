"""Whether anybody can have made the cell a file describes: its numbers against one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from ssb_model.errors import CellFileError, RecipeError
from ssb_model.parameters import against
from ssb_model.parameters.cell_file import read_as_far
from ssb_model.parameters.design import Composite, Design
from ssb_model.parameters.library import cell_path
from ssb_model.parameters.mistakes import Mistakes
from ssb_model.parameters.section import CellFile, Section
from ssb_model.quantities.units import in_unit, said
from ssb_model.submodels.anodes import anode

HIGHEST = 4.75  # V against Li a layered oxide is charged to
MOST_VOLTS = 6.0  # of one cell; more is in mV
AREAS = 1e-6, 0.1  # m2: 1 mm2 to 1000 cm2
ONE_C = 0.2, 1.6  # 1C in an hour, share of what the active material can hold
THICKEST = {"positive": 2e-3, "negative": 2e-3, "separator": 5e-3}  # m
MOST_VOIDS = 0.6  # of a layer that was pressed
SMALLEST = 1e-8  # m, of particles that are pressed
N_TO_P = 0.5, 30.0
MEANT = "unusual"  # a word of the file: why a cell is meant as it is
IF_MEANT = f' If it is meant, write {MEANT} = "why" at the top of the file.'
LEAST_USED = 0.2  # share of the active material's charge that a first charge takes


def plausible_cell_file(name_or_path: str | Path) -> CellFile:
    """Read a cell; what is wrong with it, and what no cell can be, is refused at once."""
    mistakes = Mistakes()
    file = read_as_far(name_or_path, mistakes)
    if file is not None:
        layers = [one for one in _layers(file) if not mistakes.within(f"[{one.name}]")]
        for wrong in _told(file, layers):
            mistakes.found.append(RecipeError(wrong))
    mistakes.refuse(cell_path(name_or_path).name)
    if file is None:
        raise CellFileError(f"{name_or_path}: no cell.")
    return file


def check_window(file: CellFile, used: float) -> None:
    """Refuse cut-offs between which next to nothing is charged.

    ``used`` is the charge of the first charge, as a share of what the active material holds.
    """
    if used >= LEAST_USED or against.said(file) or file.words.get(MEANT):
        return
    raise CellFileError(
        f"{file.cell.where}: a first charge to {file.cell['Upper voltage cut-off [V]']:g} V takes "
        f"{100 * used:.2g} % of the lithium of {file.positive.words['active_material']}. If the "
        "cut-offs are against another electrode than the cell's negative one, write against = "
        '"Li" or "Li-In" under [cell]; if they are the cell\'s own, write against = "cell".'
    )


def _told(file: CellFile, layers: list[Section]) -> Iterator[str]:
    """What is wrong; nothing of what needs a number that is missing, which is told already."""
    if file.words.get(MEANT):
        return
    checks = [(partial(check, file), file.cell) for check in (_pressures, _area, _cut_offs)]
    checks += [(partial(_of_layer, file, section), section) for section in layers]
    checks += [(partial(_one_c, file), file.cell)] if file.positive in layers else []
    for check, section in checks:
        try:
            yield from check()
        except RecipeError as error:
            if str(error).startswith(section.where):  # else told of the layer it is about
                yield str(error)
        except (CellFileError, KeyError):
            continue


def _pressures(file: CellFile) -> Iterator[str]:
    made, held = (file.cell[f"{word} pressure [Pa]"] for word in ("Fabrication", "Stack"))
    if made < held:
        yield (
            f"{file.cell.where}: pressed with {said(made, 'MPa')} and held at "
            f"{in_unit(held, 'MPa'):g}: a cell is pressed "
            f"at least as hard as it is held. Are the two swapped, or is a unit wrong?{IF_MEANT}"
        )


def _area(file: CellFile) -> Iterator[str]:
    least, most = AREAS
    area = Design(file).area
    if not least <= area <= most:
        yield (
            f"{file.cell.where}: an electrode of {said(area, 'cm2', '.3g')}; laboratory cells have "
            f"{in_unit(least, 'cm2'):g} to {in_unit(most, 'cm2'):g}. Mind the unit (a disc of "
            f"10 mm has 0.785 cm2).{IF_MEANT}"
        )


def _cut_offs(file: CellFile) -> Iterator[str]:
    low, high = (file.cell[key] for key in against.CUT_OFFS)
    if max(abs(low), abs(high)) > MOST_VOLTS:
        yield (
            f"{file.cell.where}: cut-offs of {low:g} and {high:g} V, more than any cell has: mind "
            'the unit, 4300 mV are "Upper voltage cut-off [mV]" or 4.3 V.'
        )
        return
    own = against.potential(file.negative)
    above = high + (own or 0.0)
    if above <= HIGHEST or (against.said(file) and against.is_own(file)):
        return
    name = file.negative.words.get("active_material", "the negative electrode")
    if own and not against.said(file):
        yield (
            f"{file.cell.where}: {high:g} V against {name} is {above:.2f} V against Li, more than "
            f'oxides are charged to. If {high:g} V is meant against Li, write against = "Li" '
            f'under [cell]; if the cell itself is charged to it, write against = "{name}".'
        )
    else:
        yield (
            f"{file.cell.where}: an upper cut-off of {above:.4g} V against Li, more than the "
            f"{HIGHEST:g} V oxides are charged to.{IF_MEANT}"
        )


def _one_c(file: CellFile) -> Iterator[str]:
    design = Design(file)
    held, one_c = design.positive.theoretical_capacity, design.nominal_capacity
    least, most = ONE_C
    if least <= one_c / held <= most:
        return
    asked, full = (
        in_unit(each / design.positive.mass_of_active, "mA.h.g-1") for each in (one_c, held)
    )
    yield (
        f"{file.cell.where}: 1C of {in_unit(one_c, 'mA.h.cm-2'):.3g} mA/cm2 asks {asked:.3g} mAh "
        f"per g of {file.positive.words['active_material']}, which holds {full:.3g} at "
        f"most ({said(held, 'mA.h.cm-2', '.3g')}): mind the unit and the loading, both are per "
        f"cm2 and not of the whole cell.{IF_MEANT}"
    )


def _of_layer(file: CellFile, section: Section) -> Iterator[str]:
    loading = next((key for key in section.entries if "oading [kg" in key), None)
    if abs(sum(section.get("Composition", {"": 1.0}).values()) - 0.01) < 1e-4:
        yield (
            f"{section.where} Composition: shares that add up to 1 under weight percents: write "
            "70 and 30 for 0.7 and 0.3."
        )
        return
    if loading and "Porosity" in section and "Thickness [m]" in section:
        yield _told_thrice(file, section)
        return
    try:
        layer = _made(file, section)
    except RecipeError as error:
        if loading and "Thickness [m]" in section and str(error).startswith(section.where):
            raise RecipeError(
                f"{error} It follows from {said(section[loading], 'mg.cm-2', '.3g')} in "
                f"{said(section['Thickness [m]'], 'um', '.3g')}: {_mind(section, loading)}."
            ) from None
        raise
    if layer is None:
        return
    thickness, where, most = layer.thickness, section.where, THICKEST[section.name]
    if thickness > most:
        yield (
            f"{where}: a layer of {said(thickness, 'mm', '.3g')}, thicker than {said(most, 'mm')}: "
            f"{_mind(section, loading)}."
        )
    porosity = getattr(layer, "porosity", 0.0)
    if "Thickness [m]" in section and loading and porosity > MOST_VOIDS:
        yield (
            f"{where}: {said(section[loading], 'mg.cm-2', '.3g')} in "
            f"{said(thickness, 'um', '.3g')} leave "
            f"{100 * porosity:.0f} % void, looser than powder that is pressed: "
            f"{_mind(section, loading)}."
        )
    diameter, grains = "Active material diameter [m]", "Electrolyte grain size [m]"
    sizes = [(section, diameter), (section, grains), (section.second, diameter)]
    for of, key in sizes:
        size = thickness if of is None else of.get(key, thickness)
        if of is not None and size > thickness:
            yield (
                f"{of.where}: {key.split(' [')[0].lower()} of {said(size, 'um', '.3g')} in a "
                f"layer of {said(thickness, 'um', '.3g')}: mind both units; "
                f"{_mind(section, loading)}."
            )
        elif of is not None and size < SMALLEST:
            yield (
                f"{of.where}: {key.split(' [')[0].lower()} of {said(size, 'nm', '.3g')}, "
                f"smaller than {said(SMALLEST, 'nm')}: mind the unit.{IF_MEANT}"
            )
    ratio = section.get("N/P ratio", 1.0)
    if not N_TO_P[0] <= ratio <= N_TO_P[1]:
        yield (
            f"{where} N/P ratio: {ratio:g} is none of a cell that runs; 1.0 to 3 are usual."
            f"{IF_MEANT}"
        )


def _mind(section: Section, loading: str | None) -> str:
    if loading and "Thickness [m]" in section:
        return "mind the units of thickness and loading, which is mass per area of cell"
    if loading:
        return "mind the unit of the loading, which is mass per area of cell"
    return "mind the unit of the thickness"


def _told_thrice(file: CellFile, section: Section) -> str:
    """A layer with loading, porosity and thickness, of which two make the third."""
    given, porosity = section["Thickness [m]"], section["Porosity"]
    rest = {key: entry for key, entry in section.entries.items() if key != "Thickness [m]"}
    made = _made(file, replace(section, entries=rest))
    follows = "" if made is None else f", which follows ({said(made.thickness, 'um', '.3g')})"
    return (
        f"{section.where}: loading, a porosity of {100 * porosity:.3g} % and a thickness of "
        f"{said(given, 'um', '.3g')} are one too many: leave out the thickness{follows}, or the "
        "porosity."
    )


def _made(file: CellFile, section: Section) -> Any:
    """A layer as it would be pressed, none of a foil."""
    if section.name == "negative" and not anode(section.words["form"]).host:
        return None
    made = getattr(Design(replace(file, **{section.name: section})), section.name)
    return made.layer if isinstance(made, Composite) else made


def _layers(file: CellFile) -> tuple[Section, Section, Section]:
    return file.positive, file.separator, file.negative
