"""An interphase: driven by the reaction's potential, bounded by what is measured."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.engine.engine import Engine, Step
from ssb_model.engine.reading import read_last

LI = "NCM811_LPSCl_Li"
SIDES = ("Positive", "Negative")


def cell_with(numbers, film="growing", soc=0.5):
    cell = ssb.load_cell(LI).at_soc(soc).with_options({"film": film, "mesh": "draft"})
    return cell.with_values(
        {f"{side} electrode {k}": v for side in SIDES for k, v in numbers.items()}
    )


def grown(cell, seconds, c_rate=0.0, names=SIDES):
    """Resistance of the interphase after a step [Ohm m2], by electrode."""
    current = c_rate * cell.evaluate("Nominal cell capacity [A.h]")
    step = Step(30e6, 298.15, current, longest=seconds)
    (segment,) = Engine(cell, tolerance=1e-6).run([step])
    assert segment.solution is not None
    found = []
    for side in names:
        whole = f"{side} electrode film resistance [Ohm.m2]"
        film = float(np.mean(read_last(segment.solution, [whole])[whole]))
        found.append(film - cell.evaluate(f"{side} electrode film resistance [Ohm.m2]"))
    return found


def test_its_own_loss_does_not_drive_it():
    """A film that loses some 0.1 V on charge changes what is grown by next to nothing."""
    ran = {}
    for film in (1e-3, 0.02):  # of contact, which is a fifteenth of the surface
        numbers = {"film resistance [Ohm.m2]": film, "interphase resistance limit [Ohm.m2]": 1e3}
        numbers["interphase symmetry factor"] = 0.5
        numbers["film activation energy [J.mol-1]"] = 0.0
        cell = cell_with(numbers, soc=0.3)
        ran[film] = grown(cell, 60.0, c_rate=-0.3)
    thin, thick = ran.values()
    assert thick == pytest.approx(thin, rel=0.01)


@pytest.mark.parametrize("reached", [0.3, 0.9, 0.999])
def test_it_slows_smoothly_towards_its_limit(reached):
    """- r_max r - r_max**2 ln(1 - r/r_max) = K t/2: the parabolic law with room running out."""
    limit, K = 0.01, 1e-9
    numbers = {
        "interphase resistance limit [Ohm.m2]": limit,
        "interphase growth constant [Ohm2.m4.s-1]": K,
        "interphase symmetry factor": 0.0,
        "interphase activation energy [J.mol-1]": 0.0,
    }
    seconds = 2 * limit**2 / K * (-reached - np.log(1 - reached))
    for resistance in grown(cell_with(numbers), seconds):
        assert resistance == pytest.approx(reached * limit, rel=2e-3)
        assert resistance < limit


def test_a_reaction_limits_it_in_proportion_to_time():
    """r = r_max (1 - exp(-k t/r_max))."""
    limit, k = 0.01, 1e-7
    numbers = {
        "interphase resistance limit [Ohm.m2]": limit,
        "interphase reaction constant [Ohm.m2.s-1]": k,
        "interphase symmetry factor": 0.0,
    }
    cell = cell_with(numbers, "growing by reaction")
    for seconds in (1e3, 1e4, 1e5, 5e5):
        told = limit * (1 - np.exp(-k * seconds / limit))
        assert grown(cell, seconds) == pytest.approx([told, told], rel=3e-3)


def test_what_is_beyond_the_limit_stays():
    numbers = {
        "interphase resistance limit [Ohm.m2]": 0.01,
        "initial interphase resistance [Ohm.m2]": 0.02,
    }
    for film in ("growing", "growing by reaction"):
        assert grown(cell_with(numbers, film), 1e4) == pytest.approx([0.02, 0.02], rel=1e-3)


def test_a_number_chooses_what_limits_it():
    name = "Positive electrode interphase reaction constant [Ohm.m2.s-1]"
    cell = ssb.load_cell(LI).with_values({name: 1e-8})
    assert cell.options["film"] == ("constant", "growing by reaction")
    name = "Positive electrode interphase resistance limit [Ohm.m2]"
    assert ssb.load_cell(LI).with_values({name: 0.1}).options["film"] == ("constant", "growing")
    assert cell.with_values({name: 0.1}).options["film"] == ("constant", "growing by reaction")
