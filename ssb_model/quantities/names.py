"""The one list of quantities: a new column is an entry here and the line that computes it."""

from __future__ import annotations

from ssb_model.quantities.registry import BAND, Quantity, mean_of, register, registered
from ssb_model.quantities.units import named

AREAL, SPECIFIC = "mA.h.cm-2", "mA.h.g-1"
RESISTANCE = ("Ohm.cm2", "Ohm")
LAYERS = {
    "separator": "Separator",
    "positive": "Positive electrode",
    "negative": "Negative electrode",
}
ELECTRODES = {short: place for short, place in LAYERS.items() if short != "separator"}
LOSSES = {  # of an electrode: what a reader calls it at the positive, and what it was called
    "ionic": ("composite, ionic", "composite ionic"),
    "electronic": ("composite, electronic", "composite electronic"),
    "charge-transfer": ("charge transfer", "charge transfer"),
    "film": ("film", "film"),
    "contact spot": ("contact spots", "contact spots"),
    "particle diffusion": ("particle diffusion", "particle diffusion"),
    "uneven lithium": ("uneven through depth", "uneven lithium"),
}

for _one in (
    # how a cell is run
    Quantity("Stack pressure", ("MPa",), log=True, variable="Stack pressure [Pa]"),
    Quantity("Temperature", ("degC",), log=False),
    *(Quantity(f"{run}C-rate", log=True) for run in ("", "Charge ", "Discharge ", "Cycle ")),
    Quantity("Charge rate", log=True),
    Quantity("Grain size", ("um",), log=True),
    Quantity("State of charge", percent=True, log=False, old=("soc",)),
    *(Quantity(f"{which} pressure", ("MPa",)) for which in ("Reference", "Cycle", "Activation")),
    *(Quantity(f"{which} pressure", ("MPa",), log=False) for which in ("Formation", "Repress")),
    Quantity("Repress every", log=False),
    Quantity("Formation cycles", log=False),
    Quantity("Mean stack pressure", ("MPa",), better="lower"),
    Quantity("Pressed before", ("MPa",)),
    Quantity("Last capacity", (SPECIFIC,), better="higher"),
    Quantity("Fabrication pressure", ("MPa",), old=("fabrication",)),
    Quantity("Steps", ("MPa",)),
    Quantity("Pulse", ("1", "s")),
    Quantity("Rest", ("s",)),
    Quantity("Seconds", ("s",)),
    Quantity("Area", ("cm2",)),
    Quantity("Impedance frequencies", ("Hz",)),
    Quantity("Particle radius", ("m",)),
    Quantity("Cycles before"),
    # curves
    Quantity("Time", ("s",), variable="Time [s]"),
    Quantity("Voltage", ("V",), better="higher", variable="Voltage [V]"),
    Quantity("Current", ("mA", "mA.cm-2"), variable="Current [A]"),
    Quantity("Stack gap", ("um",), variable="Stack gap [m]"),
    Quantity("Cell thickness change", ("um",), variable="Cell thickness change [m]"),
    Quantity("Open-circuit voltage", ("V",), variable="Bulk open-circuit voltage [V]"),
    # what a run gave
    Quantity("Capacity", (SPECIFIC, AREAL, "A.h"), better="higher"),
    Quantity("Charge capacity", (SPECIFIC, AREAL), better="higher"),
    Quantity("Discharge capacity", (SPECIFIC, AREAL), better="higher"),
    Quantity("Theoretical capacity", (AREAL,), old=("theoretical",)),
    Quantity("Nominal capacity", (AREAL,), old=("nominal",)),
    Quantity("Energy", ("mW.h.cm-2", "mW.h.g-1"), better="higher"),
    *(
        Quantity(f"{what}{of}", (unit,), better="higher")
        for what, unit in (("Specific energy", "W.h.kg-1"), ("Energy density", "W.h.L-1"))
        for of in ("", " of the bare cell")
    ),
    Quantity("Delivered energy", ("W.h",), better="higher"),
    *(Quantity(f"{of}ass", ("g",), better="lower") for of in ("M", "Holder m")),
    Quantity("Cell thickness", ("mm",)),
    Quantity("Volume", ("cm3",), better="lower"),
    Quantity("Cost per kWh", better="lower"),
    *(Quantity(f"Share of {what}", percent=True) for what in ("mass", "capacity kept")),
    Quantity("Mean voltage", ("V",), better="higher"),
    Quantity("Mean charge voltage", ("V",)),
    Quantity("Mean discharge voltage", ("V",), better="higher"),
    Quantity("Polarisation", ("V",), better="lower"),
    Quantity("Coulombic efficiency", percent=True, better="higher"),
    Quantity("First-cycle efficiency", percent=True, better="higher"),
    Quantity("Energy efficiency", percent=True, better="higher"),
    Quantity("Retention", percent=True, log=False, better="higher"),
    Quantity("Whole cycles", better="higher"),
    Quantity("Lowest stack pressure", ("MPa",), old=("stack pressure lowest",)),
    Quantity("Highest stack pressure", ("MPa",), old=("stack pressure highest",)),
    Quantity("Thickness change", ("um",)),
    Quantity("Plating margin", ("mV",), variable="Minimum lithium plating margin [V]"),
    Quantity("Plating margin during"),
    Quantity("Plating margin after", ("h",)),
    Quantity("Plating margin depth", ("um",)),
    Quantity("Resistance", ("Ohm.cm2",), better="lower"),
    # voltage lost
    Quantity(
        "Contact overpotential",
        ("mV",),
        "series (faces)",
        variable="Contact overpotential [V]",
        old=("series",),
    ),
    Quantity("Separator loss", ("mV",), "separator", variable="Separator loss [V]"),
    Quantity(
        "Negative electrode loss",
        ("mV",),
        "negative electrode",
        variable="Negative electrode loss [V]",
    ),
    Quantity("Mean contact overpotential", ("mV",), old=("mean series",)),
    Quantity("Mean separator loss", ("mV",), old=("mean separator",)),
    Quantity("Mean negative electrode loss", ("mV",), old=("mean negative electrode",)),
    Quantity("Loss", ("mV",)),
    Quantity("Mean loss", ("mV",)),
    Quantity("Largest"),
    Quantity("Largest at end"),
    # spectra and their circuits
    Quantity("Frequency", ("Hz",), log=True),
    *(Quantity(part, ("Ohm.cm2",)) for part in ("Z_re", "Z_im")),
    Quantity("Drift", ("mV.h-1",)),
    Quantity("Z_re at highest frequency", ("Ohm.cm2",), old=("Z_re highest",)),
    Quantity("Z_re at lowest frequency", ("Ohm.cm2",), old=("Z_re lowest",)),
    *(Quantity(f"Z_re at {f}", ("Ohm.cm2",)) for f in ("1 mHz", "10 mHz", "100 mHz", "1 Hz")),
    Quantity("Worst Kramers-Kronig residual", percent=True, old=("kramers_kronig_worst",)),
    Quantity("Time constant", ("s",), log=True),
    Quantity("Sigma", ("1", "V", SPECIFIC, "Ohm.cm2", "%")),
    Quantity("Model", ("1", "V", SPECIFIC, "Ohm.cm2")),
    Quantity("Misfit", ("mV", "%")),
    # titrations
    *(Quantity(f"Voltage {when}", ("V",)) for when in ("before", "after")),
    Quantity("Duration", ("s",)),
    *(Quantity(name, RESISTANCE) for name in ("R1", "R2", "R1 + R2", "R3", "R_total")),
    *(Quantity(f"{name} error", RESISTANCE) for name in ("R1", "R2", "R1 + R2", "R3")),
    *(Quantity(name, ("s",)) for name in ("t1", "t2", "tau2")),
    *(
        Quantity(f"{what} {name}", ("Ohm.cm2",), old=(f"{what} {name.removeprefix('Z_')}",))
        for what in ("Model", "Sigma")
        for name in ("R1", "R2", "R3", "Z_re", "Z_im")
    ),
    Quantity("Diffusivity", ("m2.s-1",), log=True),
    Quantity("Diffusivity error", ("m2.s-1",)),
    Quantity(
        "Weppner-Huggins diffusivity", ("m2.s-1",), log=True, old=("diffusivity_weppner_huggins",)
    ),
    Quantity("Particle diffusivity", ("m2.s-1",), log=True),
    # pressures asked for and found
    Quantity("Minimum stack pressure", ("MPa",), better="lower"),
    *(
        Quantity(f"Least pressure {why}", ("MPa",), better="lower", log=True)
        for why in ("for the job", "against voids", "against plating")
    ),
    Quantity("Greatest pressure against creep", ("MPa",), better="higher", log=True),
    Quantity("Capacity if even", (SPECIFIC,), better="higher"),
    Quantity("Capacity of one layer", (SPECIFIC,), better="higher"),
    Quantity("Lowest voltage in 10 s", ("V",), better="higher"),
    *(
        Quantity(f"{which} temperature{at}", ("degC",))
        for which, at in (
            ("Highest", ""),
            ("Lowest", " then"),
        )
    ),
    Quantity("Lost by unevenness", percent=True, better="lower"),
    *(Quantity(f"Share of {what}") for what in ("area", "charge")),
    *(Quantity(f"{which} current over mean") for which in ("Least", "Most")),
    Quantity("Pressure swing", ("MPa",), better="lower"),
    Quantity("Pressure at the end", ("MPa",)),
    Quantity("Growth", ("um",)),
    Quantity("Explained pressure", ("MPa",)),
    *(Quantity(what, (AREAL,)) for what in ("Charge passed", "Lithium moved")),
    Quantity("Time to short", ("h",), better="higher", log=True),
    Quantity("Stripping limit", ("mA.cm-2",), better="higher", log=True),
    *(
        Quantity(name, ("MPa",))
        for name in (
            *("Interval", "Median", "Pressure", "Met", "Not met", "Errors of interval and median"),
            *("Lowest tried", "Highest tried", "Of that at", "Run below", "Run above"),
        )
    ),
    Quantity("Pressure for 95 %", ("MPa",), old=("pressure for 95 percent",)),
    Quantity("Negative electrode potential", ("V",), old=("negative potential",)),
    Quantity(
        "Negative electrode potential on discharge",
        ("V",),
        old=("negative potential on discharge",),
    ),
    Quantity(
        "Separator ionic resistance",
        RESISTANCE,
        variable="Separator ionic resistance [Ohm.m2]",
        old=("separator resistance",),
    ),
    # an interface at several states, and what changed it
    *(Quantity(f"{which} resistance", RESISTANCE) for which in ("Interface", "Series", "Pressed")),
    Quantity("Interface capacitance", ("uF.cm-2",)),
    Quantity("CPE magnitude", ("uF.cm-2",)),
    Quantity("CPE exponent"),
    Quantity("Slow capacity", (SPECIFIC, AREAL, "A.h"), better="higher"),
    *(Quantity(f"{of} ratio") for of in ("Resistance", "Capacitance", "Slow capacity")),
    *(Quantity(f"Factor{end}") for end in ("", " low", " high")),
    *(Quantity(f"Share{end}", percent=True, log=False) for end in ("", " low", " high")),
    Quantity("Most of the change", percent=True, log=False),
    Quantity("Expected width", percent=True, log=False, better="lower"),
    Quantity("Decides", percent=True, log=False, better="higher"),
    # words
    *(
        Quantity(word)
        for word in (
            *("Direction", "Held", "Before", "Charge before", "Discharge before", "Charged"),
            *("Charge stopped by", "Discharge stopped by", "Stopped by", "Detail", "Mesh", "Film"),
            *("Changes", "Cycle", "Step", "Flag", "Run", "Draw", "Status", "Aside", "Stack"),
            *("At reference", "Charge", "Cycle charge", "Steps read at", "Cycles read at"),
            *("Gauges read at", "Spectra read at", "CV until", "Impedance every", "Titration"),
            *("From", "To", "Reading", "Part", "Measurement"),
            *("Spectrum cycle", "First charge", "Material", "Point"),
        )
    ),
):
    register(_one)


def _of_layer(short: str, what: str, *units: str, si: str = "", old: str = "", **more) -> None:
    """Register a quantity of one layer, which earlier files call "positive porosity" or ``old``.

    With ``si`` it is the variable of the model with that name and unit.
    """
    base = f"{LAYERS[short]} {what}"
    earlier = tuple((old or f"{{}} {what}").format(short).split(", "))
    given = {"variable": named(base, si) if si else "", **more}
    register(Quantity(base, units or ("1",), old=earlier, **given))


def _of_electrode(short: str) -> None:
    averaged = f"X-averaged {short} electrode"
    _of_layer(
        short, "interface resistance", *RESISTANCE, si="Ohm.m2", old="{} interface", better="lower"
    )
    _of_layer(short, "film resistance", *RESISTANCE, si="Ohm.m2", better="lower")
    _of_layer(short, "interface capacitance", "uF.cm-2", si="F.m-2", old="{} capacitance")
    _of_layer(short, "ionic resistance", *RESISTANCE, si="Ohm.m2", old="{} ionic", better="lower")
    _of_layer(short, "whole resistance", *RESISTANCE, old="{} whole")
    _of_layer(short, "stoichiometry", si="1", old="{0} stoichiometry, stoichiometry {0}")
    _of_layer(
        short,
        "contact fraction",
        variable=f"{averaged} contact fraction",
        better="higher",
        old="{0} contact fraction, contact fraction {0}, contact {0}",
    )
    for kind in ("first", "second"):  # of a blend
        _of_layer(short, f"{kind} host stoichiometry", si="1")
        base = f"{LAYERS[short]} {kind} host share of charge"
        register(Quantity(base, percent=True, log=False))
    for part in ("bonded", "pressed"):
        what = f"{part} contact fraction"
        _of_layer(short, what, variable=f"{averaged} {what}", old=f"{part} contact {{}}")
    what = "diffusion length ratio"
    _of_layer(short, what, variable=f"{averaged} {what}", better="lower")
    _of_layer(short, "connected share", variable=f"{averaged} connected share", better="higher")
    _of_layer(short, "thickness", "um")
    _of_layer(short, "porosity")
    _of_layer(short, "particle surface", "m2.m-2", old="{} surface")
    for what in ("utilisation", "coverage ceiling", "ionic share", "tortuosity"):
        _of_layer(short, what)
    _of_layer(short, "effective conductivity", "S.m-1", old="{} effective")
    for part in ("Z_re", "Z_im"):
        register(Quantity(f"{part}_{short}", ("Ohm.cm2",)))
    for what, (words, before) in LOSSES.items():
        base = f"{LAYERS[short]} {what} loss"
        before = before if short == "positive" else f"negative {what}"
        register(Quantity(base, ("mV",), words, variable=f"{base} [V]"))
        register(Quantity(mean_of(base), ("mV",), f"mean of {words}", old=(f"mean {before}",)))


for _short in ELECTRODES:
    _of_electrode(_short)
_of_layer("negative", "void share", si="1", better="lower")
for _short in LAYERS:
    _of_layer(_short, "thickness change", "um", si="m")
    _of_layer(_short, "loosened share", si="1", better="lower")
    for _what in ("effective pressure", "lowest pressure of bonds", "highest pressure"):
        _of_layer(_short, _what, "MPa", si="Pa")


NOT_DRAWN = {  # how a cell is run, how it is read, what is told of a fit or a search
    *("Stack pressure", "Temperature", "Grain size", "Steps", "Pulse", "Rest", "Seconds", "Area"),
    *("Impedance frequencies", "Frequency", "Share", "Factor", "Sigma", "Misfit", "Interval"),
    *("Median", "Pressure", "Met", "Not met", "Lowest tried", "Highest tried", "Of that at"),
    *("Run below", "Run above", "Errors of interval and median", "Model", "CPE magnitude"),
}


def drawn(one: Quantity) -> bool:
    """Whether draws of a cell give it a band: a number with a unit, or one that can be better."""
    rated = one.units[0] != "1" or one.better or one.percent or one.variable
    return bool(rated) and one.base not in NOT_DRAWN and not one.base.endswith(BAND)


for _one in [one for one in registered() if drawn(one)]:
    for _end in BAND:
        register(Quantity(f"{_one.base} {_end}", _one.units, better=_one.better, log=_one.log))
