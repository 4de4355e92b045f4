"""Units are read in any spelling, composed, converted and printed in one place."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ssb_model.errors import InputError
from ssb_model.quantities.registry import ending
from ssb_model.quantities.units import (
    OTHERS,
    PREFIXED,
    PREFIXES,
    SI,
    alike,
    convert,
    customary,
    factor,
    same,
    si_unit,
    to_si,
    unit,
)

SYMBOLS = [*SI, *OTHERS, *(prefix + one for prefix in PREFIXES for one in sorted(PREFIXED))]
POWERS = st.sampled_from([-4, -3, -2, -1, 1, 2, 3, 4])
PARTS = st.lists(st.tuples(st.sampled_from(SYMBOLS), POWERS), min_size=1, max_size=4)


def written(parts, between="."):
    return between.join(f"{symbol}{power if power != 1 else ''}" for symbol, power in parts)


@pytest.mark.parametrize(
    ("texts", "file", "words", "figure"),
    [
        (
            ("mAh cm⁻²", "[mA.h.cm-2]", "mAh/cm2", "mAh.cm-2", "mA·h/cm²", "mAh cm^-2"),
            *("mA.h.cm-2", "mAh/cm2", "mAh cm$^{-2}$"),
        ),
        (("Ohm.cm2", "Ω cm²", "ohm cm2", "Ohm*cm^2"), "Ohm.cm2", "Ohm cm2", "$\\Omega$ cm$^{2}$"),
        (("MPa/µm", "MPa.um-1", "MPa/μm"), "MPa.um-1", "MPa/um", "MPa µm$^{-1}$"),
        (("mg cm⁻²", "mg/cm2"), "mg.cm-2", "mg/cm2", "mg cm$^{-2}$"),
        (("degC", "°C"), "degC", "°C", "°C"),
        (("mV/h", "mV h-1"), "mV.h-1", "mV/h", "mV h$^{-1}$"),
        (("wt%",), "wt%", "wt%", "wt%"),
        (("%", "percent"), "%", "%", "%"),
        (("", "1", "-"), "1", "", ""),
    ],
)
def test_spellings_of_one_unit(texts, file, words, figure):
    for text in texts:
        one = unit(text)
        assert (one.file, one.words, one.figure) == (file, words, figure)


@given(PARTS)
@example([("A", 1), ("s", 1), ("C", 1)])  # whose own symbol stands there already
def test_a_unit_is_the_product_of_its_parts(parts):
    whole = unit(written(parts))
    assert whole.exact == math.prod(unit(symbol).exact ** power for symbol, power in parts)
    for at in range(6):
        powers = [power * unit(symbol).dimension[at] for symbol, power in parts]
        assert whole.dimension[at] == sum(powers)


@given(PARTS, st.sampled_from([".", " ", " · ", "*"]))
def test_what_is_printed_is_read_again(parts, between):
    one = unit(written(parts, between))
    assert unit(one.file) == one
    assert unit(f"[{one.file}]").file == one.file
    assert unit(one.si).factor == 1
    assert unit(one.si).dimension == one.dimension


@given(PARTS, st.floats(-1e6, 1e6))
def test_there_and_back(parts, value):
    text = written(parts)
    si = si_unit(text)
    assert convert(convert(value, text, si), si, text) == pytest.approx(value, rel=1e-12, abs=1e-9)


def test_numbers_in_si():
    assert to_si(5, "MPa") == 5e6
    assert to_si([0, 25], "degC") == [273.15, 298.15]
    assert to_si({"LPSCl": 30}, "wt%") == {"LPSCl": 0.3}
    assert to_si(True, "MPa") is True
    assert to_si("law", "V") == "law"
    assert convert(298.15, "K", "degC") == 25.0
    assert factor("Ohm.m2", "Ohm.cm2") == 1e4
    assert factor("eV", "kJ.mol-1") == 96.48533212


@pytest.mark.parametrize(
    ("text", "si"), [("m2.m-3", "m2.m-3"), ("A.h", "C"), ("mAh.g-1", "C.kg-1")]
)
def test_si_of_a_unit(text, si):
    assert si_unit(text) == si


@pytest.mark.parametrize(
    ("name", "base", "of"),
    [
        ("stack_pressure_MPa", "stack_pressure", "MPa"),
        ("R1_ohm_cm2", "R1", "Ohm.cm2"),
        ("Z_re_at_10_mHz_ohm_cm2", "Z_re_at_10_mHz", "Ohm.cm2"),
        ("capacity_mAh_g", "capacity", "mA.h.g-1"),
        ("diffusivity_m2_s", "diffusivity", "m2.s-1"),
        ("positive_surface_m2_m2", "positive_surface", "m2.m-2"),
        ("temperature_C", "temperature", "degC"),
        ("pressure_for_95_percent_MPa", "pressure_for_95_percent", "MPa"),
        ("R_s", "R_s", "1"),
        ("c_rate", "c_rate", "1"),
        ("stopped_by", "stopped_by", "1"),
    ],
)
def test_ends_of_names_of_before(name, base, of):
    assert ending(name) == (base, of)


def test_what_is_no_unit_names_the_nearest():
    with pytest.raises(InputError, match="unknown unit 'MPaa'. Nearest: MPa"):
        unit("MPaa")
    with pytest.raises(InputError, match="'MPa' is no unit of what is in 'um'"):
        factor("MPa", "um")
    assert si_unit("furlong") == "furlong"


def test_units_of_a_kind():
    assert alike("Pa")[:3] == ["Pa", "kPa", "MPa"]
    assert customary("Ohm.m2") == "Ohm.cm2"
    assert customary("m2.s-1") == "m2.s-1"
    assert same("mAh/g", "mA.h.g-1")
    assert not same("mAh/g", "mAh/cm2")
