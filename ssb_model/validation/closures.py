"""Single laws of the model beside tables of measured material numbers."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.errors import InputError, nearest
from ssb_model.laws import contact, pistons, pressing, recipe, transport
from ssb_model.parameters.entry import Entry
from ssb_model.parameters.library import material_path, read_entries, read_toml
from ssb_model.parameters.write_cell import si_name
from ssb_model.quantities.units import split
from ssb_model.system.user_files import inside, read_bytes

S_M = 0.1  # S m-1 per mS cm-1


def ionic_transport(rows, threshold, exponent, size_exponent=0.0, least=None):
    """mS cm-1 of a composite, of ``sigma_SE_mS_cm``, ``phi_SE`` and ``size_ratio``."""
    least = transport.SMALLEST_CONNECTED_SHARE if least is None else least
    ratio = rows.get("size_ratio", 1.0)
    limit = transport.percolation_threshold(ratio, threshold, size_exponent)
    return rows["sigma_SE_mS_cm"] * transport.percolation(rows["phi_SE"], limit, exponent, least)


def electronic_transport(
    rows,
    conductivity,
    threshold,
    exponent,
    fibre_conductivity=0.0,
    fibre_threshold=0.0,
    fibre_exponent=1.0,
):
    """mS cm-1 of a composite, of ``phi_AM`` and, with carbon fibre, ``phi_fibre``."""
    network = conductivity * transport.percolation(rows["phi_AM"], threshold, exponent)
    fibre = rows.get("phi_fibre", 0.0 * rows["phi_AM"])
    carbon = transport.percolation(fibre, fibre_threshold, fibre_exponent)
    return (network + np.where(fibre > fibre_threshold, fibre_conductivity * carbon, 0)) / S_M


def pressed_pellet(rows, conductivity, hardness, piston_resistance=0.0, piston_exponent=1.0):
    """mS cm-1 of a pellet of ``fabrication_MPa`` held at ``stack_MPa`` between pistons.

    Grains formed at the highest pressure stay bonded; pistons are put on anew, if it was taken
    out. ``conductivity`` is that of grains with all their necks.
    """
    made, held = rows["fabrication_MPa"] * 1e6, rows["stack_MPa"] * 1e6
    grains = conductivity * pressing.grain_conductance(pressing.formed(made, hardness))
    share = pistons.contact(held, made, piston_exponent)
    return pistons.apparent_conductivity(grains, piston_resistance, share) / S_M


def released_pellet(rows, conductivity, hardness, hold_pressure, release_exponent, friction):
    """mS cm-1 of the same pellet by the memory of the cells' own grains, pistons left out.

    Released, it has lost its bonds; what is held again follows the effective pressure.
    """
    law = pressing.Constants(hardness, 0.0, hold_pressure, release_exponent, friction)
    made, held = rows["fabrication_MPa"] * 1e6, rows["stack_MPa"] * 1e6
    loose = pressing.after(pressing.just_pressed(made, 0.0), pressing.LIGHTEST + 0 * made, law)
    share = pressing.contact(pressing.after(loose, held, law), hardness)
    return conductivity * pressing.grain_conductance(share) / S_M


def heckel_porosity(rows, intercept, slope):
    """Porosity at ``pressure_MPa``."""
    return recipe.heckel_porosity(rows["pressure_MPa"] * 1e6, intercept, slope)


def oxide_conductivity(rows, conductivity, slope, fall, fall_exponent):
    """mS cm-1 of an oxide from which the share ``x_delithiated`` was taken."""
    fallen = transport.electronic_fall(1 - rows["x_delithiated"], slope, fall, fall_exponent)
    return conductivity * fallen / S_M


def grain_resistance(rows, resistance, reference_grain_size, boundary_length):
    """Resistance of a path through grains of ``SE_D50_um``, that of the reference size given."""
    size = rows["SE_D50_um"] * 1e-6
    factor = transport.grain_conductivity_factor(size, reference_grain_size, boundary_length)
    return resistance / factor


def coverage(rows, factor, surface_exponent, void_limit, void_exponent):
    """Share of a particle's surface covered at ``surface_offered`` and ``porosity``."""
    constants = (factor, surface_exponent, void_limit, void_exponent)
    return contact.coverage_ceiling(rows["surface_offered"], rows["porosity"], *constants)


def coverage_ratio(rows, factor, surface_exponent):
    """Cover of ``surface_offered`` over that of ``surface_offered_other``, the voids alike."""
    finer, coarser = (
        contact.coverage_ceiling(rows[name], 0.0, factor, surface_exponent, 1.0, 1.0)
        for name in ("surface_offered", "surface_offered_other")
    )
    return finer / coarser


def blocked_contact(rows, resistance, factor, surface_exponent, size, phi_electrolyte, phi_active):
    """Resistance of a reaction at the covered surface alone, grains of ``SE_D50_um``."""
    grain = rows["SE_D50_um"] * 1e-6
    offered = contact.surface_ratio(phi_electrolyte, phi_active, size, grain)
    return resistance / contact.coverage_ceiling(offered, 0.0, factor, surface_exponent, 1.0, 1.0)


def metal_faces(rows, face_resistance, hardness, bonded_share, pellet_resistance):
    """Ohm of metal | pellet | metal put on at ``stack_MPa``, the highest ``highest_MPa`` before."""
    history = pressing.History(
        rows["highest_MPa"] * 1e6, rows["stack_MPa"] * 1e6, rows["stack_MPa"] * 1e6, bonded_share
    )
    return pellet_resistance + face_resistance / pressing.contact(history, hardness)


CLOSURES: dict[str, Callable[..., Any]] = {
    "ionic transport": ionic_transport,
    "electronic transport": electronic_transport,
    "pressed pellet": pressed_pellet,
    "released pellet": released_pellet,
    "Heckel porosity": heckel_porosity,
    "oxide conductivity": oxide_conductivity,
    "grain resistance": grain_resistance,
    "coverage": coverage,
    "coverage ratio": coverage_ratio,
    "blocked contact": blocked_contact,
    "metal faces": metal_faces,
}


def closure_table(run: Mapping[str, Any], folder: Path, where: str) -> pd.DataFrame:
    """The rows of a measured table with what the law gives in a column ``model``."""
    known = {"protocol", "closure", "data", "where", "constants", "label", "note"}
    for key in run:
        if key not in known:
            raise InputError(f"{where}: unknown key '{key}'. {nearest(key, known)}")
    name = run.get("closure", "")
    if name not in CLOSURES:
        raise InputError(f"{where}: no closure '{name}'. {nearest(name, CLOSURES)}")
    law = CLOSURES[name]
    path = folder / str(run.get("data", ""))
    if not inside(path, folder) or not path.is_file():
        raise InputError(f"{where}: no file '{run.get('data', '')}' in the folder of the case.")
    rows = data_table(path, run.get("where", {}))
    taken = {key: e.value for key, e in constants(run, folder, where).items()}
    needed = dict(list(inspect.signature(law).parameters.items())[1:])
    for key in taken:
        if key not in needed:
            raise InputError(f"{where}: '{name}' has no constant '{key}'. {nearest(key, needed)}")
    for key, one in needed.items():
        if one.default is one.empty and key not in taken:
            raise InputError(f"{where}: the constant '{key}' of '{name}' is missing.")
    return rows.assign(model=law(rows, **taken), row=rows.index)


def data_table(path: Path, where: Mapping[str, Any]) -> pd.DataFrame:
    """A CSV file, its lines that begin with # left out, in the rows that are asked for."""
    text = io.BytesIO(read_bytes(path))
    try:
        rows = pd.read_csv(text, comment="#", skipinitialspace=True)
    except ValueError:  # no table, no text
        raise InputError(f"{path.name}: no table of comma-separated columns.") from None
    for name, wanted in where.items():
        if name not in rows:
            raise InputError(f"{path.name}: no column '{name}'. {nearest(name, list(rows))}")
        rows = rows[rows[name].isin(wanted if isinstance(wanted, list) else [wanted])]
    return rows.reset_index(drop=True)


def constants(run: Mapping[str, Any], folder: Path, where: str) -> dict[str, Entry]:
    """By argument of the law: of a material, "LPSCl: Contact hardness [MPa]", or given here."""
    found = {}
    for key, given in run.get("constants", {}).items():
        argument = split(key)[0].replace(" ", "_")
        if isinstance(given, str):
            found[argument] = of_a_material(given, folder, f"{where}, {key}")
        else:
            entries = read_entries({key: given}, [si_name(key)], Path(where), "")
            found[argument] = next(iter(entries.values()))
    return found


def of_a_material(words: str, folder: Path, where: str) -> Entry:
    """An entry of a material's file by "LPSCl: Contact hardness [MPa]"."""
    material, colon, name = words.partition(": ")
    if not colon:
        raise InputError(f'{where}: write "LPSCl: Contact hardness [MPa]".')
    path = material_path(material, folder)
    table = read_toml(path)
    for key, given in table.items():
        if split(key)[0] == split(name)[0]:
            return next(iter(read_entries({key: given}, [si_name(key)], path, "").values()))
    raise InputError(f"{where}: no '{name}' in {path.name}. {nearest(name, table)}")
