"""Each column has one name, in a unit, and the names of before are understood."""

import os
import re
from pathlib import Path

import pytest

import ssb_model
from ssb_model.errors import InputError
from ssb_model.extensions import FILES
from ssb_model.figures.scales import column
from ssb_model.quantities import registry
from ssb_model.quantities.names import ELECTRODES, LAYERS
from ssb_model.quantities.registry import Quantity, Row, current, find, quantity, register
from ssb_model.quantities.units import split, unit


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("stack_pressure_MPa", "Stack pressure [MPa]"),
        ("temperature_C", "Temperature [degC]"),
        ("temperature_K", "Temperature [K]"),
        ("c_rate", "C-rate"),
        ("charge_c_rate", "Charge C-rate"),
        ("soc", "State of charge"),
        ("soc_percent", "State of charge [%]"),
        ("capacity_mAh_g", "Capacity [mA.h.g-1]"),
        ("discharge_capacity_mAh_cm2", "Discharge capacity [mA.h.cm-2]"),
        ("stack_pressure_lowest_MPa", "Lowest stack pressure [MPa]"),
        ("positive_interface_Ohm_cm2", "Positive electrode interface resistance [Ohm.cm2]"),
        ("positive_interface_Ohm", "Positive electrode interface resistance [Ohm]"),
        ("contact_positive", "Positive electrode contact fraction"),
        ("R1_ohm_cm2", "R1 [Ohm.cm2]"),
        ("Z_re_positive_ohm_cm2", "Z_re_positive [Ohm.cm2]"),
        ("mean_film_mV", "Mean positive electrode film loss [mV]"),
        ("mean_negative_film_mV", "Mean negative electrode film loss [mV]"),
        ("capacity [mAh cm-2]", "Capacity [mA.h.cm-2]"),
        ("Stack pressure [MPa]", "Stack pressure [MPa]"),
        ("Positive electrode film resistance [Ohm.m2]",) * 2,
        ("positive: Porosity",) * 2,
        ("stack pressure",) * 2,  # says no unit
    ],
)
def test_what_a_column_is_called_now(old, new):
    assert current(old) == new


@pytest.mark.parametrize("name", ["stack_pressure_MPa", "Stack pressure [Pa]", "stack pressure"])
def test_any_spelling_finds_the_quantity(name):
    assert quantity(name).quantity.base == "Stack pressure"
    assert unit(quantity(name).unit).dimension == unit("MPa").dimension


def test_every_name_reads_back():
    for one in registry.registered():
        for of in one.units:
            found = find(registry.named(one.base, of))
            assert found is not None
            assert found.quantity is one
            assert unit(found.unit).file == unit(of).file


def test_every_label_carries_its_unit():
    for one in registry.registered():
        of = "%" if one.percent else unit(one.unit).figure
        assert column(one.name).label.endswith(of)


def test_factors_follow_from_the_units():
    for one in registry.registered():
        if one.variable:
            assert one.converted(1.0) == pytest.approx(
                unit(split(one.variable)[1]).factor / unit(one.unit).factor, rel=1e-15
            )
    assert quantity("positive_capacitance_uF_cm2").quantity.converted(1.0) == 100.0
    assert set(ELECTRODES) < set(LAYERS)


def test_a_quantity_of_ones_own(monkeypatch):
    monkeypatch.setattr(registry, "_KNOWN", dict(registry._KNOWN))
    own = Quantity(
        "Own stiffness", ("MPa.um-1",), better="lower", variable="Own stiffness [Pa.m-1]"
    )
    assert register(own) is register(own)
    assert quantity("own_stiffness_MPa_um").quantity is own
    assert own.converted(1.0) == 1e-12
    assert column("Own stiffness [MPa.um-1]").label == "Own stiffness / MPa µm$^{-1}$"
    with pytest.raises(InputError, match="'Energy' has that name already"):
        register(Quantity("energy", ("J",)))
    with pytest.raises(InputError, match="unknown unit 'MPaa'"):
        register(Quantity("Other", ("MPaa",)))


def test_degrees_are_converted_with_their_zero():
    """Not by a factor alone, which would show 298.15 degC for 25."""
    own = Quantity("Own temperature", ("degC",), variable="Own temperature [K]")
    assert own.converted(298.15) == pytest.approx(25)


def test_registered_as_any_extension(monkeypatch):
    monkeypatch.setattr(registry, "_KNOWN", dict(registry._KNOWN))
    own = ssb_model.register(Quantity("Own wear", ("um",)))
    assert quantity("own_wear_um").quantity is own
    assert "registry.py" not in os.environ.get(FILES, "")


def test_what_nobody_knows_names_the_nearest():
    with pytest.raises(InputError, match="no quantity 'stak pressure'. Nearest: Stack pressure"):
        quantity("stak pressure")


def test_a_row_understands_names_of_before():
    row = Row({"Capacity [mA.h.g-1]": 150.0, "Stopped by": "time limit"})
    with pytest.warns(DeprecationWarning, match="called 'Capacity"):
        assert row["capacity_mAh_g"] == 150.0
    with pytest.warns(DeprecationWarning, match="Stopped by"):
        assert row["stopped_by"] == "time limit"
    with pytest.raises(KeyError, match="capacity_mAh_cm2"):
        row["capacity_mAh_cm2"]


FOIL = ("foil", "tab")
ONCE = {  # names with a unit that stand in one file alone and head no column of a result
    *("Charge [mA.h]", "Charge [mA.h.g-1]", "Charge [mA.h.cm-2]"),  # of a file that is read
    *("Negative electrode moves [um]", "Positive electrode moves [um]"),  # words of a quantity
    *("Stiffness of holder and layers [MPa.um-1]", "Discharge energy [W.h]"),
    *(f"{side} {part} density [kg.m-3]" for side in ("Negative", "Positive") for part in FOIL),
}


def test_a_name_that_is_mistyped_is_seen():
    """Each literal with a unit heads a known column, or stands somewhere else as well."""
    package = Path(ssb_model.__file__).parent
    sets = package.parent / "parameter_sets"
    files = [*package.rglob("*.py"), *sets.rglob("*.toml")]
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    named = re.compile(r"\"([A-Za-z][^\"{}=,]* \[[^\"{}=, ]+\])\"")
    for path in texts:
        room = path.relative_to(package.parent).parts[1:2]
        if room not in [("analysis",), ("figures",), ("studies",), ("verbs",)]:
            continue
        for name in set(named.findall(texts[path])) - ONCE:
            bare = name.rpartition(": ")[2]  # of "positive: Porosity [%]"
            known = find(bare) is not None
            assert known or any(bare in texts[o] for o in texts if o != path), (path.name, name)
