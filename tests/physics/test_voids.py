"""Voids at a lithium foil: made by stripping, closed by creep under pressure and heat."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.engine.engine import Engine
from ssb_model.errors import InputError
from ssb_model.experiments.experiment import Held, charge, discharge, rest, result
from ssb_model.laws import creep
from ssb_model.studies.window import creep_of

C = "NCM811_LPSCl_Li"
SHARE = "Negative electrode void share"
ROOM = 298.15


@pytest.fixture(scope="module")
def cell():
    return ssb.load_cell(C).with_options({"voids": "creep", "mesh": "draft"})


@pytest.fixture(scope="module")
def engine(cell):
    return Engine(cell.at_soc(1))


@pytest.fixture(scope="module")
def limit(cell):
    """A m-2 by pressure and temperature."""
    metal = creep_of(cell.design.file).metal
    return lambda pressure, T=ROOM: creep.stripping_limit(pressure, T, metal)


def shares(engine, cell, rate, pressure, T=ROOM):
    run = result(engine, discharge(Held(cell, pressure, T), rate))
    return run, np.ravel(run.solution[SHARE].entries)


def test_the_area_lost_is_the_current_over_its_limit(cell, engine, limit):
    """Within it; at 0.1C and 3 MPa there are hours enough for a balance."""
    _, share = shares(engine, cell, 0.1, 3e6)
    assert share[0] == 0
    assert share[-1] == pytest.approx(0.1 * cell.design.one_c / limit(3e6), rel=0.02)


def test_beyond_the_limit_the_face_is_lost(cell, engine, limit):
    rate = 2 * limit(1e6) / cell.design.one_c
    run, share = shares(engine, cell, rate, 1e6)
    assert share[-1] > 0.8
    lost = run.solution["Negative electrode interface resistance [Ohm.m2]"].entries
    assert lost[-1] > 5 * lost[0]
    assert (np.diff(share) > 0).all()


def test_pressure_and_heat_close_voids(cell, engine):
    ends = [
        shares(engine, cell, 0.1, pressure, T)[1][-1]
        for pressure, T in ((2e6, ROOM), (4e6, ROOM), (4e6, ROOM + 20))
    ]
    assert ends[0] > 1.5 * ends[1] > 1.5 * 1.5 * ends[2]


def test_voids_close_at_rest_and_while_plating_and_lithium_is_kept(cell, engine):
    held = Held(cell, 3e6, ROOM)
    run, share = shares(engine, cell, 0.1, 3e6)
    for after in (charge(held, 0.1, run.state), rest(held, 36000.0, run.state)):
        later = result(engine, after)
        assert np.ravel(later.solution[SHARE].entries)[-1] < 0.1 * share[-1]
        total = sum(
            np.ravel(later.solution[f"Total lithium in {side} electrode [mol]"].entries)
            for side in ("negative", "positive")
        )
        np.testing.assert_allclose(total, total[0], rtol=1e-6)


def test_contact_and_capacitance_lose_what_voids_take(cell, engine):
    run, share = shares(engine, cell, 0.1, 3e6)
    capacitance, contact = (
        np.ravel(run.solution[name].entries)
        for name in (
            "Negative electrode interface capacitance [F.m-2]",
            "Lithium metal interface utilisation",
        )
    )
    for kept in (capacitance, contact):
        np.testing.assert_allclose(kept / kept[0], 1 - share, rtol=1e-6)


def test_only_lithium_that_creeps_has_them():
    for name in ("NCM523_LPSCl_InLi", "NCM811_LPSCl_Si", "NCM523_LPSCl_Graphite"):
        with pytest.raises(InputError, match="void"):
            ssb.load_cell(name).with_options({"voids": "creep"})
