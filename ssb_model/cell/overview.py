"""What a cell is and where its numbers are from, as rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ssb_model.laws import cover
from ssb_model.parameters.catalogue import record
from ssb_model.parameters.cell_file import read_cell_file
from ssb_model.parameters.design import Composite, Design
from ssb_model.parameters.library import cell_names
from ssb_model.quantities.units import in_columns, in_unit, known

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell


def cell_rows() -> list[dict[str, Any]]:
    """One row a packaged cell; needs no PyBaMM."""
    rows = []
    for name in cell_names():
        design = Design(read_cell_file(name))
        cell = design.file.cell
        rows.append(
            in_columns(
                {
                    "Name": name,
                    "Chemistry": design.file.words["chemistry"],
                    "Nominal capacity [mA.h.cm-2]": design.nominal_capacity,
                    "Theoretical capacity [mA.h.cm-2]": design.positive.theoretical_capacity,
                    "N/P": design.np_ratio,
                    "Fabrication pressure [MPa]": cell["Fabrication pressure [Pa]"],
                    "Stack pressure [MPa]": cell["Stack pressure [Pa]"],
                    "Temperature [degC]": cell["Temperature [K]"],
                    "Source": design.file.words["source"],
                }
            )
        )
    return rows


def recipe_rows(cell: Cell) -> list[dict[str, Any]]:
    """Quantities that follow from the recipe, in the units people use."""
    design, window = cell.design, cell.window
    rows = [  # numbers in SI, each with the unit it is shown in
        ("Electrode area", design.area, "cm2"),
        ("1C", design.one_c, "mA cm-2"),
        ("N/P ratio", design.np_ratio, "negative over nominal"),
        ("Separator thickness", design.separator.thickness, "um"),
        ("Separator porosity (voids)", design.separator.porosity, "%"),
    ]
    for Domain, electrode in (("Positive", design.positive), ("Negative", design.negative)):
        rows += _electrode_rows(Domain, electrode, cell)
    rows += [
        ("First charge", window.first_charge, "mAh cm-2"),
        ("Capacity between rest states", window.charge, "mAh cm-2"),
        (
            "Capacity between rest states",
            in_unit(window.charge / design.positive.mass_of_active, "mA.h.g-1"),
            "mAh per g of positive active material",
        ),
        ("First-cycle efficiency", window.charge / window.first_charge, "%"),
        ("Positive stoichiometry, full", window.positive_full, "1"),
        ("Positive stoichiometry, empty", window.positive_empty, "1"),
        ("Negative stoichiometry, full", window.negative_full, "1"),
        ("Negative stoichiometry, empty", window.negative_empty, "1"),
    ]
    return [
        {"quantity": what, "value": float(in_unit(v, of) if known(of) else v), "unit": of}
        for what, v, of in rows
    ]


def _electrode_rows(Domain: str, electrode, cell: Cell) -> list[tuple[str, float, str]]:
    theoretical = (f"{Domain} theoretical capacity", electrode.theoretical_capacity)
    if not isinstance(electrode, Composite):
        return [
            (f"{Domain} thickness", electrode.thickness, "um"),
            (*theoretical, "mAh cm-2"),
        ]
    section, layer = electrode.section, electrode.layer
    theta = cell.contact_fraction(Domain)
    connected = electrode.utilisation * electrode.particle_surface
    return [
        (f"{Domain} thickness", layer.thickness, "um"),
        (f"{Domain} porosity (voids)", layer.porosity, "%"),
        *(
            (f"{Domain} volume of {solid}", fraction, "%")
            for solid, fraction in layer.fractions.items()
        ),
        (f"{Domain} active material", electrode.mass_of_active, "mg cm-2"),
        *_kinds_rows(Domain, electrode),
        (*theoretical, "mAh cm-2"),
        (
            f"{Domain} ionic percolation threshold",
            100 * electrode.ionic_threshold,
            "% of electrolyte",
        ),
        (
            f"{Domain} electronic percolation threshold",
            100 * electrode.electronic_threshold,
            "% of active material",
        ),
        (f"{Domain} utilisation", electrode.utilisation, "share of active material connected"),
        (f"{Domain} particle surface", electrode.particle_surface, "m2 per m2 of electrode"),
        (f"{Domain} coverage ceiling", electrode.coverage_ceiling, "1"),
        (f"{Domain} contact fraction", theta, "at the cell's stack pressure"),
        (
            f"{Domain} contact spot radius",
            cell.evaluate(f"{Domain} electrode contact spot radius [m]"),
            "um",
        ),
        (
            f"{Domain} contact spot radius, largest the law holds for",
            cover.radius_limit(section["Active material diameter [m]"] / 2, theta),
            "um",
        ),
        (f"{Domain} contacted surface", theta * connected, "m2 per m2 of electrode"),
    ]


def _kinds_rows(Domain: str, electrode: Composite) -> list[tuple[str, float, str]]:
    """What each of two kinds has of an electrode's active material."""
    rows = []
    kinds, surfaces = electrode.kinds, electrode.surface_shares
    for kind, surface in zip(kinds, surfaces, strict=True):
        for share, of in (
            (kind.mass / sum(one.mass for one in kinds), "mass"),
            (kind.capacity / sum(one.capacity for one in kinds), "lithium it can hold"),
            (surface, "surface"),
        ):
            rows.append((f"{Domain} {kind.words}, share of {of}", share, "%"))
    return rows


def _interval(entry) -> str:
    """What the data a number was fitted to allow, in words."""
    if entry.interval is None:
        return ""
    low, high = entry.interval
    return f"95 % interval {low:.3g} .. {high:.3g}"


def parameter_rows(cell: Cell) -> list[dict[str, Any]]:
    """Every parameter with value, unit, class, range, what it is and its source."""
    rows = []
    for name in sorted(cell.entries):
        entry, declared = cell.entries[name], record(name)
        limits = "" if entry.range is None else f"{entry.range[0]:.3g} .. {entry.range[1]:.3g}"
        rows.append(
            {
                "parameter": name.removesuffix(f" [{entry.unit}]"),
                "value": cell.describe(name),
                "unit": entry.unit,
                "class": entry.kind,
                "range": limits,
                "what it is": declared.description if declared else "",
                "source": "; ".join(filter(None, (entry.source, _interval(entry), entry.note))),
            }
        )
    return rows
