"""Particles that crack as they breathe: the way of lithium in them grows, nothing else does."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.engine.engine import Engine, Step
from ssb_model.engine.reading import read_last
from ssb_model.errors import InputError
from ssb_model.laws import cracking

LI, GRAPHITE = "NCM811_LPSCl_Li", "NCM523_LPSCl_Graphite"
FARADAY = 96485.33212
P = "Positive electrode "


def of(state, *names):
    values = read_last(state.solution, names)
    return [float(np.mean(values[name])) for name in names]


def stirred(cell, hours=5.0):
    """The cell charged at 0.1C for some hours and discharged again as long, and rested."""
    engine, state = Engine(cell, tolerance=1e-6), None
    current = 0.1 * cell.evaluate("Nominal cell capacity [A.h]")
    for direction in (-current, current, 0.0):
        step = Step(30e6, 298.15, direction, start=state, longest=hours * 3600)
        (segment,) = engine.run([step])
        assert segment.solution is not None
        state = segment.state
    return state


def test_the_length_grows_with_the_strain_summed_up():
    cell = ssb.load_cell(LI).at_soc(0.2).with_options({"mesh": "draft"})
    growth = 5.0
    cracked = cell.with_values({"Positive particle diffusion length growth": growth})
    assert cracked.options["cracking"] == ("none", "per cycle strain")
    names = (
        P + "accumulated strain",
        P + "diffusion length ratio",
        "Positive particle effective diffusivity [m2.s-1]",
        P + "interface resistance [Ohm.m2]",
        P + "ionic resistance [Ohm.m2]",
    )
    strain, ratio, diffusivity, *resistances = of(stirred(cracked), *names)
    diffusivity_before, *before = of(stirred(cell), *names[2:])
    charge = 2 * 5 * 3600 * 0.1 * cell.evaluate("Nominal cell capacity [A.h]")
    room = FARADAY * cell.evaluate("Maximum concentration in positive electrode [mol.m-3]")
    room *= cell.evaluate(P + "active material volume fraction") * cell.evaluate(
        P + "thickness [m]"
    )
    swing = abs(cell.evaluate(P + "whole volume change"))
    assert strain == pytest.approx(swing * charge / (room * cell.design.area), rel=1e-3)
    assert ratio == pytest.approx(1 + growth * strain, rel=1e-3)
    assert diffusivity == pytest.approx(diffusivity_before / ratio**2, rel=0.01)
    assert resistances == pytest.approx(before, rel=1e-3)


def test_it_takes_capacity_at_a_rate():
    cell = ssb.load_cell(LI).with_options({"mesh": "draft"})
    given = []
    for growth in (1e-6, 20.0):
        made = cell.with_values({"Positive particle diffusion length growth": growth})
        aged = ssb.cycle(made, 2, 0.5)
        assert not aged.failed
        given.append([row["Discharge capacity [mA.h.g-1]"] for row in aged.rows])
        told = aged.rows[-1][P + "diffusion length ratio"]
        assert told == pytest.approx(1, abs=1e-3) if growth < 1 else told > 2
    (first, still), (_, lost) = given
    assert still == pytest.approx(first, rel=0.02)
    assert lost < 0.9 * still


@pytest.mark.parametrize("particle", ["quadratic profile", "quartic profile"])
def test_other_profiles_and_graphite(particle):
    cell = ssb.load_cell(GRAPHITE).with_options(
        {"cracking": "per cycle strain", "particle": particle, "contact spots": "false"}
        | {"mesh": "draft"}
    )
    ratios = of(
        stirred(cell.at_soc(0.2), 2.0),
        *(f"{side} electrode diffusion length ratio" for side in ("Positive", "Negative")),
    )
    assert all(1.003 < ratio < 1.2 for ratio in ratios)


def test_the_constant_is_that_of_polycrystals():
    """Conforto 2021, from its figure: within a tenth of 5.6 and 4.8 um after 40 cycles from 1.6."""
    swing, whole, connected = 0.088, 274.0, 0.79  # of NCM811; mAh/g of its range; mean of 40 cycles
    growth = ssb.load_cell(LI).evaluate("Positive particle diffusion length growth")
    for first, last, length in ((147, 70, 5.6), (148, 70, 4.8)):
        strain = 39 * 2 * swing * (first + last) / 2 / whole / connected
        assert 1.6 * cracking.diffusion_length_ratio(strain, growth) == pytest.approx(
            length, rel=0.1
        )


def test_what_resolves_no_way_cannot_lengthen_it():
    with pytest.raises(InputError, match="lengthen the way"):
        ssb.load_cell(LI).with_options(
            {"cracking": "per cycle strain", "particle": "uniform profile"}
            | {"contact spots": "false"}
        )
    with pytest.raises(InputError, match="has no particles"):
        ssb.load_cell(LI).with_options({"cracking": ("per cycle strain", "none")})
