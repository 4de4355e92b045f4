"""What a heading such as "Current (mA)", "Ecell/V" or "time [s]" names, and in which unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ssb_model.errors import InputError
from ssb_model.quantities import units

LONGEST_HEADING = 200  # letters
MOST_UNITS = 8  # listed where one is missing
Units = dict[str, tuple[str, float, float]]  # unit written: (unit kept, factor, offset)


def in_units(kept: str, si: str, *written: str) -> Units:
    """Units a column may come in, each with its factor and offset to one; ``kept`` names that."""
    return {
        text: (kept, units.factor(text, si), 0.0 if si != "K" else units.unit(text).offset)
        for text in written
    }


@dataclass(frozen=True)
class Measurand:
    """What a column may hold, by names that people give it, best first, and its possible units."""

    word: str
    example: str
    names: tuple[str, ...]
    units: Units


@dataclass(frozen=True)
class Found:
    """A column that holds a measurand: its place, heading, plain name and unit as written."""

    index: int
    heading: str
    name: str
    unit: str


@dataclass(frozen=True)
class Kind:
    """A kind of data: what its headings must name, one measurand of each group; who reads it."""

    name: str
    needed: tuple[tuple[Measurand, ...], ...]
    example: str
    read: Callable[..., Any]

    @property
    def measurands(self) -> tuple[Measurand, ...]:
        """All that its headings may be told by."""
        return tuple(measurand for group in self.needed for measurand in group)

    def lacking(self, names: Sequence[str]) -> list[str]:
        """What the kind has and these headings do not name."""
        return [
            group[0].word
            for group in self.needed
            if not any(matches(name, measurand) for name in names for measurand in group)
        ]


SECONDS = in_units("s", "s", *("s", "sec", "ms", "min", "h", "hr", "d"))
SECONDS |= in_units("s", "s", "seconds", "minutes", "hours", "days")
SECONDS |= {
    alike: SECONDS[unit]
    for unit, written in (
        ("s", "Sec Secs secs second Second Seconds S"),
        ("min", "Min mins minute Minutes"),
        ("h", "H hour Hours hrs Hr"),
    )
    for alike in written.split()
}
VOLTS = in_units("V", "V", "V", "mV")
AMPERES = in_units("A", "A", "A", "mA", "uA", "nA")
AMPERES |= in_units("A.m-2", "A.m-2", "A.m-2", "A.cm-2", "mA.cm-2", "uA.cm-2")
PASCALS = in_units("Pa", "Pa", "Pa", "kPa", "MPa", "GPa", "bar")
PASCALS |= {unit: ("Pa", 6894.757293168, 0.0) for unit in ("psi", "Psi", "PSI")}
PASCALS |= {unit: PASCALS["Pa"] for unit in ("pa", "N.m-2")}
KELVINS = in_units("K", "K", "K", "degC", "°C")
CELSIUS = ("C", "c", "deg.C", "℃", "oC", "ºC", "Celsius", "øC", "\ufffdC", "\ufffd", "?C", "?")
KELVINS |= dict.fromkeys(CELSIUS, KELVINS["degC"])  # the last four where bytes were lost
AMPERE_HOURS = in_units("A.h", "A.h", "Ah", "mAh", "uAh", "A.h", "mA.h")
AMPERE_HOURS |= in_units("A.h.m-2", "A.h.m-2", "mAh.cm-2")
UNIT_BEHIND = (
    *(r"(.+?)\s*\[([^\[\]]*)\]", r"(.+?)\s*\(([^()]*)\)", r"(.+?)\s*（([^（）]*)）"),
    *(r"([^/]+?)\s*/\s*(.+)", r"([^#]+?)\s*#\s*(.+)"),
)
COUNT = {"": ("", 1.0, 0.0), "1": ("", 1.0, 0.0)}
HERTZ = in_units("Hz", "Hz", "Hz", "kHz", "MHz")
HERTZ["hz"] = HERTZ["Hz"]
OHMS = in_units("Ohm", "Ohm", "Ohm", "mOhm", "kOhm", "MOhm")
OHMS |= in_units("Ohm.m2", "Ohm.m2", "Ohm.cm2", "mOhm.cm2", "kOhm.cm2", "Ohm.m2")
OHMS |= {"Ohms": OHMS["Ohm"], "OHM": OHMS["Ohm"], "a": OHMS["Ohm"], "b": OHMS["Ohm"]}  # ZView
ANGLES = in_units("rad", "rad", "deg", "°", "rad")
ANGLES |= {unit: ANGLES["deg"] for unit in ("degree", "degrees", "Deg", "Degree", "Degrees")}
SHARES = {unit: ("", 1.0, 0.0) for unit in ("", "1", "-")} | {"%": ("", 0.01, 0.0)}
PER_HOUR = {unit: ("", 1.0, 0.0) for unit in ("", "C", "1/h", "h-1", "1", "-")}
SPECIFIC = {
    **in_units("mA.h.g-1", "mAh.g-1", "mAh/g", "mAh.g-1"),
    "mAh.g": ("mA.h.g-1", 1.0, 0.0),  # of a heading that ends in _mAh_g
    **in_units("mA.h.g-1", "mAh.g-1", "mA.h/g", "mA.h.g-1", "Ah/kg", "Ah.kg-1"),
    **in_units("mA.h.g-1", "mAh.g-1", "Ah/g", "Ah.g-1"),
    **in_units("mA.h.cm-2", "mAh.cm-2", "mAh.cm-2", "mA.h.cm-2", "uAh.cm-2", "Ah.m-2"),
    **{unit: kept for unit, kept in AMPERE_HOURS.items() if kept[0] == "A.h"},
}


def canonical(name: str) -> str:
    """A name without case, angle brackets, underscores and doubled blanks."""
    bare = unicodedata.normalize("NFKC", name).replace("−", "-").casefold()
    return re.sub(r"[\s_<>]+", " ", bare).strip().rstrip(".")


def unit_text(unit: str) -> str:
    """One spelling of a unit: "mA.cm-2" from "mA/cm²", "mA cm^-2" or "(mA·cm⁻²)"."""
    plain = unicodedata.normalize("NFKC", unit).replace("−", "-").replace("^", "").strip(" ()[]")
    plain = plain.replace("μ", "u").replace("Ω", "Ohm").replace("ohm", "Ohm")
    plain = re.sub(r"\s*[·⋅*.\s]\s*", ".", plain)
    return re.sub(r"/(c?m)2$", r".\g<1>-2", re.sub(r"\.?/\.?", "/", plain))


def matches(heading: str, measurand: Measurand) -> tuple[str, str] | None:
    """Plain name and unit of a heading that names the measurand; no unit is ""."""
    if len(heading) > LONGEST_HEADING:
        return None
    for name, unit in _splits(heading.strip(), measurand.units):
        if canonical(name) in measurand.names:
            return canonical(name), unit_text(unit)
    return None


def find(
    source: str,
    headings: Sequence[str],
    measurand: Measurand,
    clock: Sequence[int] = (),
    names: Sequence[str] | None = None,
) -> Found | None:
    """The column that holds a measurand, None where no heading names it.

    A unit that is missing or unknown is an error, except in columns of clock times (``clock``).
    ``names`` are the headings as they are to be read, where a maker has words of its own.
    """
    named = [
        Found(index, heading, *match)
        for index, (heading, name) in enumerate(zip(headings, names or headings, strict=True))
        if (match := matches(name, measurand))
    ]
    usable = [column for column in named if column.unit in measurand.units or column.index in clock]
    if usable:
        spelled = [*measurand.units]
        return min(
            usable,
            key=lambda column: (
                measurand.names.index(column.name),
                spelled.index(column.unit) if column.unit in spelled else 0,
            ),
        )
    if not named:
        return None
    wrong = f"unknown unit '{named[0].unit}'" if named[0].unit else "no unit"
    usual = [*dict.fromkeys(unit_text(unit) for unit in measurand.units if unit)][:MOST_UNITS]
    raise InputError(
        f"{source}: column '{named[0].heading}' has {wrong}: name it as '{measurand.example}'. "
        f"Known: {', '.join(usual)}. Or say it: ssb read FILE --unit "
        f'"{named[0].heading}={usual[0]}" --to tidy.csv.'
    )


def missing(source: str, measurand: Measurand, headings: Sequence[str]) -> InputError:
    """The error of a column that is not there, saying what is."""
    found = ", ".join(f"'{heading}'" for heading in headings if heading.strip())
    return InputError(
        f"{source}: no column of {measurand.word}, named as '{measurand.example}'. Found: {found}."
    )


def translated(heading: str, words: Mapping[str, str]) -> str:
    """A heading in our words; one whose name alone is translated keeps its unit."""
    found = words.get(canonical(heading))
    if found is not None:
        return found
    for pattern in UNIT_BEHIND:
        match = re.fullmatch(pattern, heading.strip()[:LONGEST_HEADING])
        if match and canonical(match[1]) in words:
            ours = words[canonical(match[1])]
            whole = next((m for one in UNIT_BEHIND if (m := re.fullmatch(one, ours))), None)
            if whole is None:
                return f"{ours} [{match[2]}]"
            own = f"{whole[1]} [{match[2]}]"  # the file's unit, where it is one
            return own if known(own) else ours
    return heading


def _splits(heading: str, units: Units) -> list[tuple[str, str]]:
    """Ways of reading a heading as a name and a unit, the whole as a name first."""
    tried = (re.fullmatch(pattern, heading) for pattern in UNIT_BEHIND)
    ways = [(heading, ""), *((match[1], match[2]) for match in tried if match)]
    for unit in units:
        suffix = "_" + unit.replace(".", "_").replace("-", "")
        if unit and heading.casefold().endswith(suffix.casefold()):
            ways.append((heading[: -len(suffix)], unit))
    return ways


def named(names: str) -> tuple[str, ...]:
    """Names written with commas between."""
    return tuple(names.split(", "))


STAMPS = named(
    "timestamp, date time, datetime, date and time, date, systime, sys time, dpt time, dpt-time, "
    "real time, realtime, absolute time, date time iso string, 绝对时间, 系统时间, 日期"
)
TIME = Measurand(
    "time",
    "Time [s]",
    named(
        "total time, test time, testtime, elapsed time, run time, runtime, program duration, "
        "prog time, cumulative time, totaltime, test, time, t, relative time, step time, steptime"
    ),
    SECONDS,
)
STAMP = Measurand("date and time", "Date time", STAMPS, COUNT)
VOLTAGES = "voltage, cell voltage, terminal voltage, ecell, ewe-ece, potential, cell potential"
VOLTAGE = Measurand(
    "voltage",
    "Voltage [V]",
    named(f"{VOLTAGES}, ewe, u, v, e, volt, vol, working electrode, vf, battery voltage"),
    VOLTS,
)
CURRENTS = named("current, cell current, i, cur, im, idc, current density, j")
CURRENT = Measurand("current", "Current [mA]", CURRENTS, AMPERES)
TEMPERATURES = named(
    "temperature, cell temperature, surface temperature, temp, t1, temperature 1, temp 1, "
    "temperature t1, aux temperature 1, ambient temperature, t"
)
CYCLES = named(
    "cycle, cycle number, cycle index, cycle id, cycle count, cyc#, cycle c, cyc-count, cycle-index"
)
STEPS = named(
    "step, step index, step id, step number, ns, step count, step-index, line, step record index"
)
CHARGES = named("capacity, (q-qo), discharge capacity")
PRESSURES = named(
    "stack pressure, pressure, surface pressure, measured pressure, cell pressure, load cell, "
    "aux pressure 1, pressure 1"
)
OTHERS = {  # column: measurand
    "Stack pressure": Measurand("stack pressure", "Stack pressure [MPa]", PRESSURES, PASCALS),
    "Applied pressure": Measurand(
        "applied pressure",
        "Applied pressure [MPa]",
        named("applied pressure, set pressure, pressure set"),
        PASCALS,
    ),
    "Temperature": Measurand("temperature", "Temperature [degC]", TEMPERATURES, KELVINS),
    "Cycle": Measurand("cycle", "Cycle", CYCLES, COUNT),
    "Step": Measurand("step", "Step", STEPS, COUNT),
    "Capacity": Measurand("capacity", "Capacity [mAh]", CHARGES, AMPERE_HOURS),
}
RATES = named("c-rate, c rate, crate, discharge c-rate, discharge rate, rate")
RATE = Measurand("C-rate", "C-rate", RATES, PER_HOUR)
CAPACITIES = (
    *named("capacity, specific capacity, areal capacity, gravimetric capacity"),
    *named("discharge capacity, specific discharge capacity, areal discharge capacity"),
    *named("charge capacity, specific charge capacity, areal charge capacity"),
)
CAPACITY = Measurand("capacity", "Capacity [mAh/g]", CAPACITIES, SPECIFIC)
IMAGINARY = (
    *("im(z)", "z im", "zim", "zimag", "z imag", "imag(z)", "im", "imz", "z''", 'z"', "imag"),
    *("zimg", "imaginary impedance", "imaginary", "x", "im z"),
)
PHASE = ("phase(z)", "phase", "arg(z)", "zphz", "theta", "phi", "z phase", "phase angle")
NEGATIVE = ("-", "- ", "neg", "neg ", "neg. ", "minus ")  # before a name
FREQUENCY = Measurand(
    "frequency", "Frequency [Hz]", ("frequency", "freq", "f", "freq.", "frequency (f)"), HERTZ
)
REAL = Measurand(
    "real part",
    "Z_re [Ohm]",
    (
        *("re(z)", "z re", "zre", "zreal", "z real", "real(z)", "re", "rez", "z'", "real"),
        *("real impedance", "r", "re z"),
    ),
    OHMS,
)
IMAG = Measurand(
    "imaginary part",
    "Z_im [Ohm]",
    (*IMAGINARY, *(f"{sign}{name}" for sign in NEGATIVE for name in IMAGINARY)),
    OHMS,
)
MODULI = ("|z|", "zmod", "mod(z)", "abs(z)", "z mod", "absolute impedance", "impedance")
MODULUS = Measurand("modulus", "|Z| [Ohm]", MODULI, OHMS)
ANGLE = Measurand(
    "phase",
    "Phase [deg]",
    (*PHASE, *(f"{sign}{name}" for sign in NEGATIVE for name in PHASE)),
    ANGLES,
)
ERRORS = named("error, err, sd, std, sigma, standard deviation, uncertainty")
SOC = Measurand("state of charge", "SOC [%]", ("soc", "state of charge", "state-of-charge"), SHARES)
RESISTANCES = {
    name: Measurand(
        name, f"{name} [Ohm cm2]", (name.casefold(), f"r {name[1]}", f"r({name[1]})"), OHMS
    )
    for name in ("R1", "R2", "R3")
}
UNCERTAINTIES = {
    name: Measurand(
        f"error of {name}",
        f"{name} error [Ohm cm2]",
        tuple(
            text
            for word in ERRORS
            for text in (f"{name} {word}".casefold(), f"{word} {name}".casefold())
        ),
        OHMS,
    )
    for name in ("R1", "R2", "R3")
}
KNOWN = (  # a measurand of some kind of data
    *(TIME, VOLTAGE, CURRENT, *OTHERS.values(), RATE, CAPACITY),
    *(FREQUENCY, REAL, IMAG, MODULUS, ANGLE, SOC, *RESISTANCES.values(), *UNCERTAINTIES.values()),
)


def known(name: str) -> bool:
    """Whether a heading names a measurand of some kind of data, in a unit it may have."""
    found = [(one, match) for one in KNOWN if (match := matches(name, one))]
    return any(unit in one.units for one, (_, unit) in found)
