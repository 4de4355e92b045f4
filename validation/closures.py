"""Laws of the model as functions of a table's rows, for tables of measured material numbers.

A case asks for one by its name, ``closure = "pressed pellet"`` for ``pressed_pellet``. The first
argument is the table, the others are constants that the case names; what comes out stands in the
table's column ``model``. A function whose name begins with an underscore is none of them.
"""

import numpy as np

from ssb_model.laws import cover, micro_contact, recipe, transport
from ssb_model.quantities.declared import ELECTROLYTE, SEPARATOR, pattern
from ssb_model.submodels.contact_laws.memory import MEMORY

S_M = 0.1  # S m-1 per mS cm-1
PELLET = 0.9  # electrolyte in the pellets whose conductivity is printed, assumed


def ionic_transport(rows, threshold, halfway, tail, blocking, exponent):
    """mS cm-1 of a composite, over the pellet's ``sigma_SE_mS_cm``, by the law of the cells."""
    limit = transport.percolation_threshold(rows["grain_um"] / rows["d_AM_um"], threshold, halfway)
    paths = transport.uneven_percolation(rows["phi_SE"], limit, exponent, tail)
    pellet = transport.uneven_percolation(PELLET, threshold, exponent, tail)
    free = transport.free_necks(rows["phi_additives"], rows["phi_SE"], blocking)
    return rows["sigma_SE_mS_cm"] * paths / pellet * free


def ionic_transport_left_out(rows, exponent):
    """The same with the constants found without each row's laboratory."""
    constants = (rows[f"{name}_ion"] for name in ("threshold", "halfway", "tail", "blocking"))
    return ionic_transport(rows, *constants, exponent)


def electronic_transport(rows, conductivity, threshold, halfway, tail, exponent):
    """mS cm-1 of a composite without carbon, ``conductivity`` that of its oxide in mS cm-1."""
    limit = transport.percolation_threshold(rows["d_AM_um"] / rows["grain_um"], threshold, halfway)
    return conductivity * transport.uneven_percolation(rows["phi_AM"], limit, exponent, tail)


def electronic_transport_left_out(rows, exponent):
    """The same with the constants found without each row's laboratory."""
    constants = (rows[f"{name}_e"] for name in ("threshold", "halfway", "tail"))
    return electronic_transport(rows, rows["sigma_oxide_mS_cm"], *constants, exponent)


def fibre_transport(rows, network, conductivity, threshold, exponent):
    """mS cm-1 of a composite with ``phi_fibre`` of carbon beside a ``network`` of oxide."""
    carbon = transport.percolation(rows["phi_fibre"], threshold, exponent)
    return network + conductivity * carbon / S_M


def pressed_pellet(rows, conductivity, hardness, piston_resistance=0.0, piston_exponent=1.0):
    """mS cm-1 of a pellet of ``fabrication_MPa`` held at ``stack_MPa`` between pistons.

    Grains formed at the highest pressure stay bonded; pistons are put on anew, if it was taken
    out. ``conductivity`` is that of grains with all their necks.
    """
    made, held = rows["fabrication_MPa"] * 1e6, rows["stack_MPa"] * 1e6
    share = _contact(_memory(SEPARATOR, hardness=hardness), made)
    grains = conductivity * micro_contact.grain_conductance(share)
    pistons = _piston_contact(held, made, piston_exponent)
    return _apparent_conductivity(grains, piston_resistance, pistons) / S_M


def released_pellet(rows, conductivity, hardness):
    """mS cm-1 of the same pellet by the memory of the cells' own grains, pistons left out.

    Released, it has lost its bonds; what is held again follows the effective pressure.
    """
    made, held = rows["fabrication_MPa"] * 1e6, rows["stack_MPa"] * 1e6
    share = _contact(_memory(SEPARATOR, hardness=hardness), made, 0 * made, held)
    return conductivity * micro_contact.grain_conductance(share) / S_M


def Heckel_porosity(rows, intercept, slope):
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


def as_found(rows):
    """What a script found, as its table has it."""
    return rows["found"]


def coverage(rows, factor, surface_exponent, void_limit, void_exponent):
    """Share of a particle's surface covered at ``surface_offered`` and ``porosity``."""
    constants = (factor, surface_exponent, void_limit, void_exponent)
    return cover.coverage_ceiling(rows["surface_offered"], rows["porosity"], *constants)


def coverage_ratio(
    rows, factor, surface_exponent, threshold, halfway, tail, scale, connection_exponent
):
    """Cover by connected electrolyte over that of the ``other`` composite, the voids alike."""
    covers = []
    for which in ("", "_other"):
        limit = transport.percolation_threshold(rows[f"size_ratio{which}"], threshold, halfway)
        above = transport.uneven_percolation(rows[f"phi_SE{which}"], limit, 1, tail)
        connected = cover.connected_share(above, scale, connection_exponent)
        offered = rows[f"surface_offered{which}"] * connected
        covers.append(cover.coverage_ceiling(offered, 0.0, factor, surface_exponent, 1.0, 1.0))
    return covers[0] / covers[1]


def blocked_contact(rows, resistance, factor, surface_exponent, size, phi_electrolyte, phi_active):
    """Resistance of a reaction at the covered surface alone, grains of ``SE_D50_um``."""
    grain = rows["SE_D50_um"] * 1e-6
    offered = cover.surface_ratio(phi_electrolyte, phi_active, size, grain)
    return resistance / cover.coverage_ceiling(offered, 0.0, factor, surface_exponent, 1.0, 1.0)


def metal_faces(rows, face_resistance, hardness, bonded_share, renewal, pellet_resistance):
    """Ohm of metal | pellet | metal put on at ``stack_MPa``, the highest ``highest_MPa`` before."""
    law = _memory(
        "Negative electrode", hardness=hardness, bonded_share=bonded_share, renewal=renewal
    )
    share = _contact(law, rows["highest_MPa"] * 1e6, rows["stack_MPa"] * 1e6)
    return pellet_resistance + face_resistance / share


def contact_ratio(rows, face_hardness, grain_hardness):
    """``what`` after the pressures of ``history_MPa`` over the same after ``reference_MPa``.

    A resistance of faces ("interface") or of grains ("separator"), or a capacitance. A history
    begins with the pressure of pressing; ``bonded_share`` is that of the kind of place.
    """
    faces = _memory("Positive electrode", hardness=face_hardness)
    grains = _memory(SEPARATOR, hardness=grain_hardness)
    kinds = {"interface": (faces, -1.0), "separator": (grains, -0.5), "capacitance": (faces, 1.0)}
    found = []
    for _, row in rows.iterrows():
        law, power = kinds[row["what"]]
        law = law._replace(bonded_share=row["bonded_share"])
        before, after = (
            _contact(law, *(1e6 * float(step) for step in str(row[name]).split()))
            for name in ("reference_MPa", "history_MPa")
        )
        found.append((after / before) ** power)
    return np.array(found)


def _memory(place, **given):
    """The default law of contact at a place with its default constants, but for those given."""
    constants = {
        one.symbol: one.default.value
        for one in MEMORY.constants
        if one.default is not None and {pattern(place), ELECTROLYTE} & set(one.at)
    }
    return micro_contact.Constants(**{**constants, **given})


def _contact(law, *pressures):
    """Relative contact under the last of some pressures."""
    history = micro_contact.NEVER_PRESSED
    for pressure in pressures:
        history = micro_contact.after(history, pressure, law)
    return micro_contact.contact(history)


def _piston_contact(pressure, highest, exponent):
    """Share (P/P_max)**n of the contact under the pellet's own pressing P_max.

    A piston laid on a pressed pellet meets a face flattened at P_max, which yields no more
    below it: n is 2/3 for elastic asperities (Hertz), 1 for many heights of them (Greenwood &
    Williamson, Proc. R. Soc. A 295 (1966) 300). Form of this package.
    """
    return (pressure / highest) ** exponent


def _apparent_conductivity(conductivity, resistance, contact_share):
    """1 / (1/kappa + rho/a): pellet and both faces in series [S m-1].

    ``resistance`` rho [Ohm m] is that of the faces in whole contact, over the pellet's thickness.
    """
    return 1 / (1 / conductivity + resistance / contact_share)
