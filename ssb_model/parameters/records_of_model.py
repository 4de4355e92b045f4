"""Every parameter of the model that no file gives by itself, and how particles age, declared.

The order of all is that in which files are checked and a cell's numbers are listed.
"""

from __future__ import annotations

from dataclasses import replace

from ssb_model.parameters.records import (
    ACTIVE,
    ANY_LAW,
    BINDER,
    CLOSURES,
    COMPOSITE,
    EFFICIENCY,
    FIBRE,
    FOIL,
    GRAINS,
    HEAT,
    IN_CELL,
    IONS,
    NO_GRADIENT,
    OF_ELECTROLYTE,
    OF_LAYERS,
    OF_SIZES,
    PLANAR_KINDS,
    REMEMBERING_LAW,
    SECOND_HOST,
    UTILISATION,
    group,
    row,
)
from ssb_model.parameters.records_of_host import OF_A_HOST
from ssb_model.quantities.declared import (
    ANY,
    AT_LEAST_1,
    ELECTRODE,
    FROM_0_BELOW_1,
    NOT_NEGATIVE,
    PARTICLE,
    POSITIVE,
    Default,
    Reading,
)

ONE_ION = "the only ion that moves in a solid electrolyte is lithium"

# fmt: off
OF_AGED_PARTICLES = group(
    dict(of=(ACTIVE, COMPOSITE), at=(ELECTRODE,)),
    row("Contact patches per particle", AT_LEAST_1,
        "Patches of contact a particle hangs on: any brings it ions, it leaves with the last.",
        through=(UTILISATION,),
        default=Default(4.0, "assumed", "3 to 5 give capacities and arcs of Chen2024 alike",
            (3.0, 5.0)),
        reads=(Reading({"connection": ("patches",)}, turns_on=False),)),
    row("Diffusion length growth", NOT_NEGATIVE,
        "Share of itself the diffusion length grows by per volume strain, summed up either way.",
        at=(PARTICLE,),
        default=Default(0.65, "fitted",
            "polycrystals of NCM811, 1.6 to 5.6 and 4.8 um in 40 cycles, by a digest; single "
            "crystals 0.18; Conforto2021", (0.14, 0.92)),
        reads=(Reading({"cracking": ("per cycle strain",)}),)),
)
VOIDS = (Reading({"voids": ("creep",)}),)
OF_CREEP = group(  # of a metal that flows under pressure
    dict(of=(ACTIVE, FOIL), at=(ELECTRODE,), reads=VOIDS),
    row("Self-diffusivity [m2.s-1]", POSITIVE, "Diffusivity of the metal's own atoms."),
    row("Self-diffusion activation energy [J.mol-1]", NOT_NEGATIVE,
        "Activation energy of the diffusivity of the metal's own atoms."),
    row("Creep length [m]", POSITIVE,
        "Length over which atoms diffuse from where a metal is pressed to where it is not."),
    row("Power-law creep velocity [m.s-1]", POSITIVE,
        "Velocity of power-law creep into pores under 20 MPa beyond what it takes to enter."),
    row("Power-law creep exponent", AT_LEAST_1, "Exponent of pressure in power-law creep."),
    row("Power-law creep activation energy [J.mol-1]", NOT_NEGATIVE,
        "Activation energy of power-law creep."),
    row("Void height [m]", POSITIVE,
        "Mean height of voids at a face at which they take 63 % of it."),
)
OF_PORES = group(  # that a metal may creep through; no run reads them, pressure-window does
    dict(of=(ACTIVE, FOIL), reads=()),
    row("Yield stress [Pa]", POSITIVE,
        "Stress at which the metal yields; three times as much presses it into a pore."),
    row("Closed porosity", FROM_0_BELOW_1,
        "Porosity of a separator at which no pore leads through it any more."),
    row("Creep reference porosity", FROM_0_BELOW_1,
        "Porosity of the pellet that the velocities of creep were found in."),
)
FROM_THE_RECIPE = group(
    dict(recipe=True),
    row("* electrode porosity", POSITIVE, "Volume fraction of electrolyte, PyBaMM's porosity."),
    row("Separator porosity", POSITIVE, "Volume fraction of electrolyte, PyBaMM's porosity."),
    row("* electrode void fraction", POSITIVE, "Volume fraction of voids."),
    row("Separator void fraction", POSITIVE, "Volume fraction of voids."),
    row("* electrode total active material volume fraction", POSITIVE,
        "Volume fraction of active material, connected or not."),
    row("* electrode active material volume fraction", POSITIVE,
        "Volume fraction of active material that is connected."),
    row("* electrode additive volume fraction", POSITIVE,
        "Volume fraction of binder and carbon."),
    row("* electrode bare share", POSITIVE,
        "Share of all surfaces in a composite without a film of binder.",
        reads=(), through=("{place} coverage ceiling",)),
    row("* electrode fibre volume fraction", POSITIVE, "Volume fraction of conductive fibre."),
    row("* electrode refill limit stoichiometry", POSITIVE,
        "Lithium content a charged host takes back."),
    row("Maximum concentration in * electrode [mol.m-3]", POSITIVE,
        "Lithium the host holds when full."),
    row("Initial concentration in * electrode [mol.m-3]", POSITIVE, "Lithium a run starts with."),
    row("Initial concentration in electrolyte [mol.m-3]", POSITIVE, "Lithium in the electrolyte.",
        unused=ONE_ION),
    row("Initial * electrode interface utilisation", POSITIVE,
        "The contact fraction by PyBaMM's name."),
    row("Initial * hysteresis state", POSITIVE,
        "Branch a run starts on: -1 lithiation, 1 delithiation."),
    row("* electrode OCP [V]", POSITIVE, "Potential of the host at rest against lithium."),
    row("* electrode lithiation OCP [V]", POSITIVE, "Potential at rest after lithiation."),
    row("* electrode delithiation OCP [V]", POSITIVE, "Potential at rest after delithiation."),
    row("* electrode Bruggeman coefficient (electrolyte)", POSITIVE,
        "Exponent that repeats the ionic transport efficiency.",
        reads=(Reading({"ionic transport": ("Bruggeman",)}, turns_on=False),)),
    row("Separator Bruggeman coefficient (electrolyte)", POSITIVE,
        "Exponent that repeats the ionic transport efficiency.",
        reads=(Reading({"ionic transport": ("Bruggeman",)}, turns_on=False),)),
    row("* electrode Bruggeman coefficient (electrode)", POSITIVE,
        "Exponent that repeats the effective conductivity.",
        reads=(Reading({"electronic transport": ("Bruggeman",)}, turns_on=False),)),
    row("Nominal cell capacity [A.h]", POSITIVE, "Charge that 1C passes in an hour."),
    row("Open-circuit voltage at 0% SOC [V]", POSITIVE, "Voltage of the empty cell at rest."),
    row("Open-circuit voltage at 100% SOC [V]", POSITIVE, "Voltage of the full cell at rest."),
    row("* current collector thickness [m]", POSITIVE, "Thickness of the metal foil."),
    row("Current function [A]", POSITIVE, "Current of a run."),
    row("Initial temperature [K]", POSITIVE, "Temperature a run starts at."),
    row("Reference temperature [K]", POSITIVE, "Temperature the constants are given at."),
    row("Number of electrodes connected in parallel to make a cell", POSITIVE,
        "One layer of each."),
    row("Number of cells connected in series to make a battery", POSITIVE, "One cell."),
)
OF_THE_MODEL = group(
    {},
    row("Ambient temperature [K]", POSITIVE, "Temperature around the cell."),
    row("Contact resistance [Ohm]", POSITIVE, "Resistance of both layer faces."),
    row("Stack pressure function [Pa]", POSITIVE, "Stack pressure against time."),
    row("Cell volume [m3]", POSITIVE, "Volume of the cell.", reads=HEAT),
    row("Cell cooling surface area [m2]", POSITIVE, "Surface that gives off heat.", reads=HEAT),
    row("Total heat transfer coefficient [W.m-2.K-1]", POSITIVE, "How well it gives off heat.",
        reads=HEAT),
    row("Electrolyte conductivity [S.m-1]", POSITIVE,
        "Ionic conductivity of the reference pellet."),
    row("Electrolyte reference relative contact", POSITIVE,
        "Contact of the grains in the reference pellet, over the greatest possible.",
        reads=(Reading({"contact": ANY_LAW}), Reading({"separator contact": ANY_LAW}))),
    row("Cation transference number", POSITIVE, "Share of current that lithium carries.",
        unused=ONE_ION),
    row("Thermodynamic factor", POSITIVE, "How far the salt is from ideal.", unused=ONE_ION),
    row("Electrolyte diffusivity [m2.s-1]", POSITIVE, "Diffusivity of the salt.", unused=ONE_ION),
    row("Separator density [kg.m-3]", POSITIVE, "Density of the layer.", reads=HEAT),
    row("* electrode density [kg.m-3]", POSITIVE, "Density of the layer.", reads=HEAT),
    row("* particle radius [m]", POSITIVE, "Radius of the active particles."),
    row("* area-weighted particle-size distribution [m-1]", POSITIVE,
        "Share of the particles' surface in each class.", reads=OF_SIZES),
    row("* particle diffusion length ratio", POSITIVE,
        "Length lithium diffuses over, that of one sphere of the particle's radius 1."),
    row("* particle diffusivity [m2.s-1]", POSITIVE, "Diffusivity of lithium in the host."),
    row("* electrode exchange-current density [A.m-2]", POSITIVE,
        "Exchange current per contacted area."),
    row("* electrode conductivity [S.m-1]", POSITIVE,
        "Electronic conductivity of the active material.",
        reads=(Reading({"electronic transport": ("percolation", "Bruggeman")}),
               Reading({"negative electrode": PLANAR_KINDS}, turns_on=False))),
    row("* electrode volume change", ANY, "Volume of the host against its lithium content."),
    row("* electrode initial highest pressure [Pa]", POSITIVE,
        "Highest pressure the place has seen.", reads=(Reading({"contact": REMEMBERING_LAW}),),
        through=("{place} contact fraction",)),
    row("Separator initial highest pressure [Pa]", POSITIVE, "Highest pressure the place has seen.",
        reads=(Reading({"contact": REMEMBERING_LAW}),),
        through=("{place} contact fraction",)),
    row("* current collector conductivity [S.m-1]", POSITIVE, "Conductivity of the metal foil.",
        reads=HEAT),
    row("* current collector density [kg.m-3]", POSITIVE, "Density of the metal foil.", reads=HEAT),
    row("* current collector specific heat capacity [J.kg-1.K-1]", POSITIVE,
        "Specific heat capacity of the metal foil.", reads=HEAT),
    row("* current collector thermal conductivity [W.m-1.K-1]", POSITIVE,
        "Thermal conductivity of the metal foil.", unused=NO_GRADIENT),
)
OF_BOTH_HOSTS = group(  # of particles in two classes: of two sizes, or of two kinds
    dict(recipe=True),
    row("* second host share of surface", POSITIVE, "Of the particles' surface."),
    *(
        row(f"* {kind} host {name}", POSITIVE, words)
        for kind in ("first", "second")
        for name, words in (
            ("relative radius", "Of a particle of the mean host that holds as much, over the mean"
             " radius."),
            ("relative concentration", "Lithium the kind holds over that of both."),
            ("relative film", "Resistance of its film over the mean."),
            ("relative cover", "Share of its surface that electrolyte can touch, over the mean."),
            ("refill limit stoichiometry", "Lithium content a charged host takes back."),
            ("stoichiometry at rest", "How full the kind is against how full both are."),
            ("stoichiometry above rest", "How much fuller the kind begins: in a pristine cell."),
            ("OCP [V]", "Potential of the kind at rest against lithium."),
            ("diffusivity [m2.s-1]", "Diffusivity in a particle of the relative radius."),
            ("exchange-current density [A.m-2]", "Exchange current per contacted area."),
        )
    ),
)
OF_A_SECOND_HOST = tuple(
    replace(one, of=(), needed=(), default=None, at=(SECOND_HOST,), reads=None, through=())
    for one in (*CLOSURES, *OF_A_HOST)
    if one.name
    in (
        "Reference diffusivity [m2.s-1]",
        "Diffusivity activation energy [J.mol-1]",
        "Diffusivity fall when full",
        "Diffusion length [m]",
        "Reference exchange-current density [A.m-2]",
        "Exchange-current activation energy [J.mol-1]",
        "Exchange-current fall when full",
        "Exchange-current fall exponent",
    )
)
OWN = {"electrolyte": ("its own",)}
OF_AN_OWN_ELECTROLYTE = group(  # of a composite whose electrolyte is not the separator's
    dict(reads=()),
    row("* electrode electrolyte reference fabrication pressure [Pa]", POSITIVE,
        "Pressure the pellet of the layer's own electrolyte was pressed with.",
        through=("{place} electrolyte reference relative contact",)),
    row("* electrode electrolyte reference conductivity [S.m-1]", POSITIVE,
        "Ionic conductivity of the pellet of the layer's own electrolyte.",
        through=("{place} electrolyte conductivity [S.m-1]",)),
    row("* electrode electrolyte conductivity activation energy [J.mol-1]", NOT_NEGATIVE,
        "Activation energy of the conductivity of the layer's own electrolyte.",
        through=("{place} electrolyte conductivity [S.m-1]",)),
    row("* electrode electrolyte reference grain size [m]", POSITIVE,
        "Grain size of the pellet of the layer's own electrolyte.",
        reads=tuple(Reading({**each.options, **OWN}) for each in GRAINS),
        through=(EFFICIENCY,)),
    row("* electrode electrolyte grain boundary length [m]", POSITIVE,
        "Length of grain of the layer's own electrolyte that resists as one grain boundary.",
        reads=tuple(Reading({**each.options, **OWN}) for each in GRAINS),
        through=(EFFICIENCY,)),
    row("* electrode electrolyte reference porosity", FROM_0_BELOW_1,
        "Porosity of the pellet of the layer's own electrolyte.",
        reads=tuple(Reading({**each.options, **OWN}) for each in IONS),
        through=(EFFICIENCY,)),
    row("* electrode electrolyte reference relative contact", POSITIVE,
        "Contact of the grains in the pellet of the layer's own electrolyte.",
        reads=(Reading({"contact": ANY_LAW, **OWN}),)),
    row("* electrode electrolyte conductivity [S.m-1]", POSITIVE,
        "Ionic conductivity of the pellet of the layer's own electrolyte against temperature.",
        reads=(Reading(OWN),)),
)
OF_FILES = (*IN_CELL, *OF_LAYERS, *CLOSURES, *OF_A_HOST, *OF_ELECTROLYTE, *FIBRE, *BINDER)
OF_BLENDS = (*OF_BOTH_HOSTS, *OF_A_SECOND_HOST)
OF_MODELS = (*FROM_THE_RECIPE, *OF_THE_MODEL, *OF_AN_OWN_ELECTROLYTE, *OF_BLENDS)
PARAMETERS = (*OF_FILES, *OF_AGED_PARTICLES, *OF_CREEP, *OF_PORES, *OF_MODELS)
