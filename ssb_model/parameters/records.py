"""What a file gives of the cell, its layers and its electrolyte, declared; and the words for it.

Hosts have a module of their own, the constants of contact laws are in the laws.
"""

from __future__ import annotations

from typing import Any

from ssb_model.quantities.declared import (
    ABOVE_0_TO_1,
    ANY,
    ELECTRODE,
    ELECTROLYTE,
    FROM_0_BELOW_1,
    FROM_0_TO_1,
    INSIDE_0_TO_1,
    NOT_NEGATIVE,
    PARTICLE,
    POSITIVE,
    SEPARATOR,
    Allowed,
    Declared,
    Default,
    Reading,
)

# sections and materials a number may stand in
CELL, ACTIVE, SOLID, ADDITIVE = "cell", "active material", "electrolyte", "additive"
SECOND = "second active material"  # of a layer that has two
SECOND_HOST = "* second host"  # its place in the model
COMPOSITE, LAYER, FOIL, SEPARATOR_FORM = "composite", "layer", "foil", "separator"
FORMS = (COMPOSITE, LAYER, FOIL)
PLANAR = (LAYER, FOIL)
OF_HOST = (ACTIVE, *FORMS)
LAYERS_OF_IONS = (ELECTRODE, SEPARATOR)

# what reads a parameter; some choices are all that share something
PLANAR_KINDS, HOSTS, COMPOSITES = ("any planar one",), ("any host",), ("any composite",)
ANY_LAW, REMEMBERING_LAW = ("any law",), ("any law that remembers the highest pressure",)
LOOSENING_LAW = ("any law that tells what breathing loosens",)
GROWING = (Reading({"film": ("growing", "growing by reaction")}),)
IONS = (Reading({"ionic transport": ("percolation",)}),)
GRAINS = (Reading({"ionic transport": ("percolation",), "grain boundaries": ("brick layer",)}),)
LOOSENING = Reading({"contact": LOOSENING_LAW, "loosening": ("breathing",)}, turns_on=False)
ELECTRONS = (Reading({"electronic transport": ("percolation",)}),)
OF_SIZES = (Reading({"particle size": ("distribution",)}),)
HEAT = (Reading({"thermal": ("lumped",)}, turns_on=False),)
EFFICIENCY = "{place} ionic transport efficiency"
THRESHOLD = "{place} ionic percolation threshold"
CEILING = "{place} coverage ceiling"
UTILISATION = "{place} utilisation"
EFFECTIVE = "{place} effective conductivity [S.m-1]"
NO_GRADIENT = "the cell has one temperature"


def everywhere(name: str) -> tuple[str, ...]:
    """The model's parameters of that name, one for each layer."""
    places = ("Negative electrode", "Separator", "Positive electrode")
    return tuple(f"{place} {name}" for place in places)


EFFICIENCIES = everywhere("ionic transport efficiency")


def row(name: str, allowed: Allowed, description: str, **more: Any) -> dict[str, Any]:
    """What is declared of one parameter, beside what its group shares."""
    return {"name": name, "allowed": allowed, "description": description, **more}


def group(shared: dict[str, Any], *rows: dict[str, Any]) -> tuple[Declared, ...]:
    """Parameters that have something in common."""
    return tuple(Declared(**(shared | each)) for each in rows)


# fmt: off
IN_CELL = group(
    dict(of=(CELL,), at=("",)),
    row("Electrode area [m2]", POSITIVE, "Area of the electrodes, one face.", at=()),
    row("Electrode width [m]", POSITIVE, "Width of the electrodes.", recipe=True),
    row("Electrode height [m]", POSITIVE, "Height of the electrodes.", recipe=True),
    row("Fabrication pressure [Pa]", POSITIVE,
        "Pressure the cell was pressed with; contact starts from it.", reads=(),
        through=everywhere("initial highest pressure [Pa]")),
    row("Stack pressure [Pa]", POSITIVE, "Pressure on the cell while it runs, as it is set."),
    row("Temperature [K]", POSITIVE, "Temperature of the cell and around it.", at=()),
    row("Lower voltage cut-off [V]", ANY, "Voltage a discharge ends at.", recipe=True),
    row("Upper voltage cut-off [V]", ANY, "Voltage a charge ends at.", recipe=True),
    row("Nominal areal capacity [C.m-2]", POSITIVE, "Charge per area that 1C passes in an hour.",
        at=()),
    row("Face resistance activation energy [J.mol-1]", NOT_NEGATIVE,
        "Activation energy of the resistance of both layer faces.",
        default=Default(38400.0, "derived", "Kawaguchi2026, R_s of symmetric cells"), reads=(),
        through=("Contact resistance [Ohm]",)),
    row("Spring stiffness [Pa.m-1]", POSITIVE,
        "Stiffness of the spring that holds the cell, per area.",
        default=Default(
            1e11, "assumed", "0.1 MPa per um; breathing of some um then stays below an MPa"),
        reads=(Reading({"stack": ("spring",)}),)),
    row("Frame stiffness [Pa.m-1]", POSITIVE,
        "Stiffness of the rigid frame that holds the cell, per area.",
        default=Default(2.5e11, "assumed",
            "0.25 MPa per um: a Li electrode of about 6 um per cycle gave +1.5 MPa; Koerver2018"),
        reads=(Reading({"stack": ("rigid",)}),)),
)
OF_LAYERS = group(
    {},
    row("Composition", POSITIVE, "Weight percents of the solids.", of=(COMPOSITE, SEPARATOR_FORM)),
    row("Composite loading [kg.m-2]", POSITIVE, "Mass of the composite per area of cell.",
        of=(COMPOSITE,)),
    row("Active material loading [kg.m-2]", POSITIVE, "Mass of active material per area of cell.",
        of=(COMPOSITE,)),
    row("N/P ratio", POSITIVE, "Charge of the negative over that of the positive.", of=(LAYER,)),
    row("Loading [kg.m-2]", POSITIVE, "Mass of the layer per area of cell.",
        of=(SEPARATOR_FORM, LAYER)),
    row("Thickness [m]", POSITIVE, "Thickness of the layer.",
        of=(COMPOSITE, SEPARATOR_FORM, LAYER, FOIL), at=LAYERS_OF_IONS, needed=(FOIL,),
        recipe=True),
    row("Porosity", FROM_0_BELOW_1, "Volume fraction of voids.",
        of=(COMPOSITE, SEPARATOR_FORM, LAYER)),
    row("Active material diameter [m]", POSITIVE, "Diameter of the active particles.",
        of=(COMPOSITE, SECOND), needed=(COMPOSITE,)),
    row("Share of active material", INSIDE_0_TO_1,
        "Of the second size of one active material, by weight of both.", of=(SECOND,)),
    row("Active material diameter spread", POSITIVE,
        "Spread of the logarithm of the diameter, by surface; particles of one size without.",
        of=(COMPOSITE,), at=(PARTICLE,), called="size spread", reads=OF_SIZES),
    row("Electrolyte grain size [m]", POSITIVE, "Size of the electrolyte's grains in this layer.",
        of=(COMPOSITE, SEPARATOR_FORM), at=LAYERS_OF_IONS,
        called="solid electrolyte grain size [m]", needed=(COMPOSITE, SEPARATOR_FORM),
        reads=(*GRAINS, LOOSENING),
        through=(EFFICIENCY, CEILING, "{electrode} ionic percolation threshold")),
    row("Second electrolyte grain size [m]", POSITIVE,
        "Size of coarse, or fine, grains beside the first in this layer.",
        of=(COMPOSITE, SEPARATOR_FORM)),
    row("Share of second grain size", INSIDE_0_TO_1,
        "Of the second grain size, by volume of the electrolyte.", of=(COMPOSITE, SEPARATOR_FORM)),
    row("Assembly pressure [Pa]", POSITIVE, "Pressure a foil was put on with.", of=(FOIL,),
        reads=()),
    row("Roughness", POSITIVE, "True surface of a planar electrode over its area.", of=PLANAR,
        at=(ELECTRODE,), default=Default(1.0, "assumed", "flat face")),
    row("Face resistance [Ohm.m2]", NOT_NEGATIVE,
        "Resistance of the face between layer and current collector.", of=FORMS, at=(ELECTRODE,),
        default=Default(0.0, "assumed", "not reported; faces pressed together"), reads=(),
        through=("Contact resistance [Ohm]",)),
)
CLOSURES = group(
    dict(at=(ELECTRODE,)),
    row("Coverage ceiling", ABOVE_0_TO_1,
        "Share of the particle surface that electrolyte can touch at most.", of=FORMS,
        reads=(Reading({"contact": ANY_LAW}),), through=("{place} contact fraction",)),
    row("Utilisation", ABOVE_0_TO_1, "Share of the active material that is connected.",
        of=(COMPOSITE,), recipe=True),
    row("Contact fraction", ABOVE_0_TO_1,
        "Share of the surface that touches electrolyte; a law of the stack pressure unless given.",
        of=FORMS, reads=(Reading({"contact": ("constant",)}),)),
    row("Ionic percolation threshold", FROM_0_BELOW_1,
        "Volume fraction of electrolyte from which on it conducts through the layer.",
        of=(COMPOSITE, SEPARATOR_FORM), at=LAYERS_OF_IONS, reads=IONS,
        through=(EFFICIENCY, UTILISATION)),
    row("Electronic percolation threshold", FROM_0_BELOW_1,
        "Volume fraction of active material from which on it conducts through the layer.",
        of=(ACTIVE, COMPOSITE), reads=ELECTRONS, through=(EFFECTIVE, UTILISATION)),
    row("Diffusion length [m]", POSITIVE,
        "Radius lithium diffuses over in particles that are larger: of crystals, between cracks.",
        of=(ACTIVE, COMPOSITE), at=(PARTICLE,), reads=(),
        through=("{side} particle diffusion length ratio",)),
    row("Ionic transport efficiency", ABOVE_0_TO_1,
        "Ionic conductivity of the layer over that of the electrolyte.",
        of=(COMPOSITE, SEPARATOR_FORM), at=LAYERS_OF_IONS,
        reads=(Reading({"ionic transport": ("measured",)}),),
        through=("{place} Bruggeman coefficient (electrolyte)",)),
    row("Effective conductivity [S.m-1]", POSITIVE, "Electronic conductivity of the layer.",
        of=(COMPOSITE,), reads=(Reading({"electronic transport": ("measured",)}),),
        through=("{place} Bruggeman coefficient (electrode)",)),
)
OF_ELECTROLYTE = group(
    dict(of=(SOLID,), needed=(SOLID,), reads=()),
    row("Reference fabrication pressure [Pa]", POSITIVE,
        "Pressure the pellet was pressed with whose conductivity is the reference.",
        at=(ELECTROLYTE,), through=("Electrolyte reference relative contact",)),
    row("Lithium concentration [mol.m-3]", POSITIVE, "Lithium in the electrolyte."),
    row("Reference conductivity [S.m-1]", POSITIVE, "Ionic conductivity of the reference pellet.",
        at=(ELECTROLYTE,), through=("Electrolyte conductivity [S.m-1]",)),
    row("Conductivity activation energy [J.mol-1]", NOT_NEGATIVE,
        "Activation energy of the ionic conductivity.", at=(ELECTROLYTE,),
        through=("Electrolyte conductivity [S.m-1]",)),
    row("Reference grain size [m]", POSITIVE, "Grain size of the reference pellet.",
        at=(ELECTROLYTE,), reads=GRAINS, through=EFFICIENCIES),
    row("Grain boundary length [m]", POSITIVE,
        "Length of grain that resists as much as one grain boundary.", at=(ELECTROLYTE,),
        reads=GRAINS, through=EFFICIENCIES),
    row("Ionic percolation threshold at equal size", FROM_0_BELOW_1,
        "Percolation threshold of the electrolyte among active particles of its own size.",
        at=LAYERS_OF_IONS, through=(THRESHOLD,)),
    row("Ionic percolation exponent", POSITIVE,
        "Exponent of the network of electrolyte above its threshold.", at=LAYERS_OF_IONS,
        reads=IONS, through=(EFFICIENCY,)),
    row("Ionic percolation halfway size ratio", NOT_NEGATIVE,
        "Grain over particle size at which the threshold is half that of coarse grains.",
        at=(ELECTRODE,), needed=(), through=(THRESHOLD,),
        default=Default(0.873, "fitted", "composites of all laboratories")),
    row("Ionic percolation tail", POSITIVE,
        "Width over which the threshold is spread, of the share above it.", at=LAYERS_OF_IONS,
        needed=(), reads=IONS, through=(EFFICIENCY, UTILISATION),
        default=Default(0.0825, "fitted", "composites of all laboratories")),
    row("Ionic connection scale", POSITIVE,
        "Share above the threshold at which most of the electrolyte is connected.",
        at=(ELECTRODE,), needed=(), through=(UTILISATION, CEILING),
        default=Default(0.175, "assumed", "as of active material and electrons", (0.12, 0.25))),
    row("Ionic connection exponent", POSITIVE,
        "How steeply the electrolyte connects above the threshold.",
        at=(ELECTRODE,), needed=(), through=(UTILISATION, CEILING),
        default=Default(2.0, "assumed", "as of active material and electrons")),
    row("Neck blocking", NOT_NEGATIVE,
        "Blocked necks per volume of binder and carbon as large as that of the electrolyte.",
        at=(ELECTRODE,), needed=(), reads=IONS, through=(EFFICIENCY,),
        default=Default(3.53, "fitted", "composites of all laboratories", (1.4, 8.8))),
    row("Ionic mixing factor", POSITIVE,
        "Ionic conductivity of a mixture over that of the median laboratory's of the same recipe.",
        at=(ELECTRODE,), needed=(), reads=IONS, through=(EFFICIENCY,),
        default=Default(1.0, "derived", "composites of nine laboratories", (0.03, 3.0))),
    row("Reference porosity", FROM_0_BELOW_1,
        "Porosity of the pellet whose conductivity is the reference.", at=(ELECTROLYTE,),
        needed=(), reads=IONS, through=EFFICIENCIES,
        default=Default(0.1, "assumed", "pellets pressed at 300 to 400 MPa", (0.04, 0.15))),
    row("Coverage factor", POSITIVE,
        "Makes the coverage 1 - exp(-k) where electrolyte is fine and without voids.",
        at=(ELECTRODE,), through=(CEILING,)),
    row("Coverage surface exponent", POSITIVE,
        "How coverage falls, and ways in clusters grow, where coarse grains offer less surface.",
        at=(ELECTRODE,), through=(CEILING, "{side} particle diffusion length ratio")),
    row("Coverage void limit", POSITIVE, "Void fraction at which no contact is left.",
        at=(ELECTRODE,), through=(CEILING,)),
    row("Coverage void exponent", POSITIVE, "How steeply voids take contact away.", at=(ELECTRODE,),
        through=(CEILING,)),
    row("Heckel intercept", NOT_NEGATIVE,
        "Heckel's constant of porosity without pressure; of a composite, its own.",
        of=(SOLID, COMPOSITE)),
    row("Heckel slope [Pa-1]", POSITIVE,
        "How fast porosity falls with the pressure of fabrication; of a composite, its own.",
        of=(SOLID, COMPOSITE)),
)
OF_A_PELLET = tuple(  # what an electrolyte is by itself, whichever layer it is in
    one for one in OF_ELECTROLYTE if one.at == (ELECTROLYTE,)
)
BINDER = group(
    dict(of=(ADDITIVE,), at=(), reads=()),
    row("Bonded share in a sheet", FROM_0_TO_1,
        "Share of the contact formed at particles that is bonded in a sheet this binder holds."),
    row("Loosening pressure exponent in a sheet", NOT_NEGATIVE,
        "How loosening by breathing falls with the stack pressure in a sheet this binder holds."),
    row("Film thickness from a slurry [m]", POSITIVE,
        "Thickness of the patches that this binder, dissolved in a slurry, dries to on surfaces.",
        through=(CEILING,)),
)
FILM = BINDER[-1].name
FIBRE = group(
    dict(of=(ADDITIVE,), at=(ELECTRODE,), reads=ELECTRONS, through=(EFFECTIVE,)),
    row("Fibre conductivity [S.m-1]", NOT_NEGATIVE, "Electronic conductivity of the fibre."),
    row("Fibre percolation threshold", FROM_0_BELOW_1,
        "Volume fraction of fibre from which on it conducts through the layer."),
    row("Fibre percolation exponent", POSITIVE,
        "Exponent of the network of fibre above its threshold."),
)
