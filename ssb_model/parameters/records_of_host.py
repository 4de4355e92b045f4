"""What a host of lithium and its interface are, declared: groups of a file's electrodes."""

from __future__ import annotations

from ssb_model.parameters.records import (
    ACTIVE,
    ADDITIVE,
    COMPOSITE,
    COMPOSITES,
    EFFECTIVE,
    ELECTRONS,
    FORMS,
    GROWING,
    HEAT,
    HOSTS,
    LAYER,
    LAYERS_OF_IONS,
    NO_GRADIENT,
    OF_HOST,
    SOLID,
    UTILISATION,
    group,
    row,
)
from ssb_model.quantities.declared import (
    ABOVE_0_TO_1,
    ANY,
    DECADES,
    ELECTRODE,
    FROM_0_BELOW_1,
    FROM_0_TO_1,
    FROM_MINUS_1_TO_1,
    NOT_NEGATIVE,
    PARTICLE,
    POSITIVE,
    Default,
    Reading,
)

FILM = (Reading({"film": ("constant", "growing", "growing by reaction")}),)
SPOTS = ("true", "mean diffusivity")  # that contact has
BY_TRANSPORT = (Reading({"film": ("growing",)}),)
BY_REACTION = (Reading({"film": ("growing by reaction",)}),)
CONDUCTIVITY = "{place} conductivity [S.m-1]"
DIFFUSIVITY = "{side} particle diffusivity [m2.s-1]"
NETWORK = "{place} electronic percolation threshold"
EXCHANGE = "{place} exchange-current density [A.m-2]"
FILM_ELEMENT = "{place} film Q [S.m-2]"
CAPACITANCE = "a capacitance; arcs of these cells are fitted with 0.8 to 0.96"
AT_FREQUENCY = (  # 20 Ohm cm2 beside or before 100 uF cm-2 of electrode
    100.0,
    "assumed",
    "about where arcs of cells that work have their top: Brug and Hsu-Mansfeld then read the "
    "capacity; a decade is 10**(1 - exponent) in it",
    (10.0, 1000.0),
)

# fmt: off
RECIPE_AND_WINDOW = group(
    dict(of=OF_HOST, needed=FORMS),
    row("Density [kg.m-3]", POSITIVE, "Density of the dense solid.",
        of=(ACTIVE, *FORMS, SOLID, ADDITIVE), needed=(*FORMS, SOLID, ADDITIVE), reads=()),
    row("Maximum concentration [mol.m-3]", POSITIVE, "Lithium the host holds when full."),
    row("Pristine stoichiometry", FROM_0_TO_1,
        "Lithium content the host is put into the cell with; its volume counts from there.",
        at=(ELECTRODE,)),
    row("First-cycle loss", FROM_0_BELOW_1, "Share of the first charge that does not come back."),
    row("Open-circuit potential [V]", ANY, "Potential of the host at rest against lithium.",
        function=True),
    row("Entropic change [V.K-1]", ANY, "Change of the open-circuit potential per kelvin.",
        at=(ELECTRODE,), called="OCP entropic change [V.K-1]",
        reads=(Reading({"side": ("positive",)}),
               Reading({"negative electrode": HOSTS}, turns_on=False))),
)
HYSTERESIS = group(
    dict(of=OF_HOST),
    row("Lithiation potential [V]", ANY, "Potential at rest after lithiation.", function=True),
    row("Delithiation potential [V]", ANY, "Potential at rest after delithiation.", function=True),
    row("Hysteresis decay", POSITIVE,
        "How quickly the potential goes from one branch to the other as lithium turns.",
        at=(ELECTRODE,), reads=(Reading({"open-circuit potential": ("one-state hysteresis",)}),)),
)
DIFFUSION = group(
    dict(of=OF_HOST, at=(PARTICLE,), reads=(), through=(DIFFUSIVITY,)),
    row("Reference diffusivity [m2.s-1]", POSITIVE,
        "Diffusivity of lithium in the host at the reference temperature.",
        needed=(COMPOSITE, LAYER)),
    row("Diffusivity activation energy [J.mol-1]", NOT_NEGATIVE,
        "Activation energy of lithium's diffusivity in the host.", needed=(COMPOSITE, LAYER)),
    row("Diffusivity ratio lithiated to empty", POSITIVE,
        "Diffusivity of the full layer over that of the empty one.", of=(ACTIVE, LAYER),
        default=Default(1.0, "assumed", "alike at any lithium content", (0.1, 10.0))),
    row("Diffusivity fall when full", DECADES,
        "Decades the diffusivity of an oxide falls from half full to full.", needed=(COMPOSITE,)),
)
ELECTRONIC = group(
    dict(of=OF_HOST, at=(ELECTRODE,), needed=(COMPOSITE,), reads=(),
         through=(CONDUCTIVITY, EFFECTIVE)),
    row("Conductivity slope", DECADES,
        "Decades the electronic conductivity falls from empty to full."),
    row("Conductivity fall when full", DECADES,
        "Decades the electronic conductivity falls besides, close to full."),
    row("Conductivity fall exponent", POSITIVE, "How close to full that fall begins."),
    row("Electronic percolation exponent", POSITIVE,
        "Exponent of the network of active material above its threshold.", reads=ELECTRONS,
        through=(EFFECTIVE,)),
    row("Electronic percolation threshold at equal size", FROM_0_BELOW_1,
        "Percolation threshold of the active material among electrolyte grains of its own size.",
        of=(ACTIVE, COMPOSITE), needed=(), reads=(), through=(NETWORK,),
        default=Default(0.0945, "fitted", "composites of all laboratories")),
    row("Electronic percolation halfway size ratio", NOT_NEGATIVE,
        "Particle over grain size at which the threshold is half that of coarse particles.",
        of=(ACTIVE, COMPOSITE), needed=(), reads=(), through=(NETWORK,),
        default=Default(6.88, "fitted", "composites of all laboratories")),
    row("Electronic percolation tail", POSITIVE,
        "Width over which the threshold is spread, of the share above it.",
        of=(ACTIVE, COMPOSITE), needed=(), reads=ELECTRONS, through=(EFFECTIVE, UTILISATION),
        default=Default(0.0791, "fitted", "composites of all laboratories")),
    row("Electronic connection scale", POSITIVE,
        "Share above the threshold at which most particles are connected.",
        of=(ACTIVE, COMPOSITE), needed=(), reads=(), through=(UTILISATION,),
        default=Default(0.175, "fitted", "2 and 31 % of NCM622 never charged; Strauss2018")),
    row("Electronic connection exponent", POSITIVE,
        "How steeply particles connect above the threshold.",
        of=(ACTIVE, COMPOSITE), needed=(), reads=(), through=(UTILISATION,),
        default=Default(2.0, "fitted", "2 and 31 % of NCM622 never charged; Strauss2018")),
)
INTERFACE = group(
    dict(of=OF_HOST, at=(ELECTRODE,), needed=FORMS),
    row("Reference exchange-current density [A.m-2]", POSITIVE,
        "Exchange current per contacted area, half full at the reference temperature.", reads=(),
        through=(EXCHANGE,)),
    row("Exchange-current activation energy [J.mol-1]", NOT_NEGATIVE,
        "Activation energy of the exchange current.", reads=(), through=(EXCHANGE,)),
    row("Exchange-current fall when full", DECADES,
        "Decades the exchange current falls from empty to full, beside the root of both shares.",
        of=(ACTIVE, COMPOSITE), needed=(), reads=(), through=(EXCHANGE,),
        default=Default(0.0, "setting", "no fall beside the root of lithium and room for it")),
    row("Exchange-current fall exponent", POSITIVE, "How close to full that fall begins.",
        of=(ACTIVE, COMPOSITE), needed=(), reads=(), through=(EXCHANGE,),
        default=Default(4.0, "setting", "without effect while the fall is 0")),
    row("Film resistance [Ohm.m2]", NOT_NEGATIVE,
        "Resistance of coating and interphase per contacted area.", reads=FILM),
    row("Film activation energy [J.mol-1]", NOT_NEGATIVE,
        "Activation energy of the film's conductance.", reads=FILM),
    row("Double-layer capacity [F.m-2]", POSITIVE,
        "Capacitance of the contacted surface, which spectra see."),
    row("Active material conductivity [S.m-1]", POSITIVE,
        "Electronic conductivity of the empty active material.", reads=(),
        through=(CONDUCTIVITY, EFFECTIVE)),
)
BREATHING = group(
    {},
    row("Volume change", ANY, "Volume the host gains from empty to full, relative to empty.",
        of=OF_HOST, at=(ELECTRODE,), called="whole volume change", needed=FORMS, function=True,
        reads=(), through=("{place} volume change",)),
    row("Layer modulus [Pa]", POSITIVE, "Young's modulus of the pressed layer.",
        of=(ACTIVE, *FORMS, SOLID), at=LAYERS_OF_IONS, called="Young's modulus [Pa]",
        needed=(*FORMS, SOLID)),
)
SMALL_SIGNAL = group(
    dict(of=OF_HOST, at=(ELECTRODE,)),
    row("Contact spot radius [m]", POSITIVE, "Radius of the asperities that touch a particle.",
        default=Default(5e-8, "assumed", "asperities of pressed sulfides are far below a grain; "
                        "enters with the contact fraction only", (2e-8, 5e-7)),
        reads=(Reading({"side": ("positive",), "contact spots": SPOTS}),
               Reading({"negative electrode": COMPOSITES, "contact spots": SPOTS}))),
    row("Double-layer exponent", ABOVE_0_TO_1,
        "Exponent of the double layer as a constant-phase element, 1 of a capacitance.",
        default=Default(1.0, "setting", CAPACITANCE)),
    row("Double-layer reference frequency [Hz]", POSITIVE,
        "Frequency at which the double layer's element has its capacity; any at exponent 1.",
        default=Default(*AT_FREQUENCY), reads=(), through=("{place} double-layer Q [S.m-2]",)),
    row("Double-layer Q [S.m-2]", POSITIVE,
        "Admittance at 1 rad/s of the double layer per contacted area: Q in S s**alpha m-2."),
    row("Film capacity [F.m-2]", NOT_NEGATIVE,
        "Capacitance of the film per contacted area, which spectra see; 0 gives it no arc.",
        default=Default(0.0, "setting", "no arc of its own; 0.027 is 10 nm of permittivity 30"),
        reads=(), through=(FILM_ELEMENT,)),
    row("Film exponent", ABOVE_0_TO_1,
        "Exponent of the film as a constant-phase element, 1 of a capacitance.",
        default=Default(1.0, "setting", CAPACITANCE), reads=FILM),
    row("Film reference frequency [Hz]", POSITIVE,
        "Frequency at which the film's element has its capacity; any at exponent 1.",
        default=Default(*AT_FREQUENCY), reads=(), through=(FILM_ELEMENT,)),
    row("Film Q [S.m-2]", NOT_NEGATIVE,
        "Admittance at 1 rad/s of the film per contacted area: Q in S s**alpha m-2.",
        reads=FILM),
)
INTERPHASE = group(
    dict(of=OF_HOST, at=(ELECTRODE,), needed=FORMS, reads=GROWING),
    row("Interphase growth constant [Ohm2.m4.s-1]", NOT_NEGATIVE,
        "How fast the square of the grown interphase's resistance rises.", reads=BY_TRANSPORT),
    row("Interphase reaction constant [Ohm.m2.s-1]", NOT_NEGATIVE,
        "How fast the resistance of an interphase rises that a reaction limits.", needed=(),
        reads=BY_REACTION,
        default=Default(1e-8, "assumed",
            "a coated oxide; a bare one 640 Ohm cm2 in 100 cycles of some ten hours, on ten times "
            "the area, Yun2023", (1e-9, 2e-7))),
    row("Initial interphase resistance [Ohm.m2]", NOT_NEGATIVE,
        "Resistance of the interphase grown before the run.", needed=(), reads=GROWING,
        default=Default(0.0, "setting", "beside the film")),
    row("Interphase activation energy [J.mol-1]", NOT_NEGATIVE,
        "Activation energy of the interphase's growth."),
    row("Interphase reference potential [V]", ANY,
        "Potential against lithium at which the growth constant holds."),
    row("Interphase symmetry factor", FROM_MINUS_1_TO_1,
        "How strongly potential drives the growth of the interphase."),
    row("Interphase resistance limit [Ohm.m2]", POSITIVE,
        "Largest resistance an interphase grows to, per contacted area.", needed=(),
        default=Default(0.03, "assumed",
            "as of NCA against LTO: 65 Ohm cm2 on five times the area, Kang2023", (0.003, 0.7))),
)
THERMAL = group(
    dict(of=(ACTIVE, *FORMS, SOLID), at=LAYERS_OF_IONS, needed=(*FORMS, SOLID)),
    row("Specific heat capacity [J.kg-1.K-1]", POSITIVE, "Specific heat capacity of the layer.",
        reads=HEAT),
    row("Thermal conductivity [W.m-1.K-1]", POSITIVE, "Thermal conductivity of the layer.",
        unused=NO_GRADIENT),
)

OF_A_HOST = (
    *RECIPE_AND_WINDOW, *HYSTERESIS, *DIFFUSION, *ELECTRONIC, *INTERFACE, *BREATHING,
    *SMALL_SIGNAL, *INTERPHASE, *THERMAL,
)
