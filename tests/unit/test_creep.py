"""Lithium that creeps: hours to a short and stripping limits of two laboratories."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.laws import creep, micro_contact
from ssb_model.parameters.materials import material_file, read_material
from ssb_model.studies.window import creep_of

MEASURED = {10: 474, 15: 272, 20: 190, 25: 48}  # hours by MPa, 75 uA/cm2; Doux2020
FITTED = (10, 25)
PELLET = 1e-3  # m, as the material says of it
ROOM = 298.15


@pytest.fixture(scope="module")
def lithium():
    return creep_of(ssb.load_cell("NCM811_LPSCl_Li").design.file).metal


def hours(pressure, lithium, temperature=ROOM):
    return creep.time_to_short(1e6 * pressure, temperature, PELLET, 1.0, lithium) / 3600


def test_hours_to_a_short(lithium):
    """Two of them fitted, the others foreseen; none before 1000 h at 5 MPa, at once at 75."""
    for pressure, measured in MEASURED.items():
        within = 1.01 if pressure in FITTED else 2
        assert 1 / within < hours(pressure, lithium) / measured < within, pressure
    assert hours(5, lithium) > 1000
    assert hours(75, lithium) < 0.1


@pytest.mark.parametrize(("pressure", "measured"), [(3, 2.0), (7, 10.0)])
def test_stripping_limit_is_foreseen(pressure, measured, lithium):
    """By the velocity found in pores, of another laboratory; A m-2, Kasemchainan2019."""
    found = creep.stripping_limit(1e6 * pressure, ROOM, lithium)
    assert 0.5 < found / measured < 2


def test_length_of_diffusion_is_that_of_contact_spots(lithium):
    assert 0.1e-6 < lithium.length < 0.5e-6


def test_more_pressure_and_more_heat_are_never_slower(lithium):
    pressures = np.geomspace(1e5, 2e8, 60)
    for function in (creep.velocity, creep.stripping_limit):
        found = function(pressures, ROOM, lithium)
        assert (np.diff(found) > 0).all()
        assert (function(pressures, ROOM + 30, lithium) > found).all()


def test_inverses(lithium):
    limit = creep.stripping_limit(4e6, 310.0, lithium)
    assert creep.least_pressure(limit, 310.0, lithium) == pytest.approx(4e6)
    time = creep.time_to_short(9e6, 310.0, 5e-5, 0.3, lithium)
    assert creep.greatest_pressure(time, 310.0, 5e-5, 0.3, lithium) == pytest.approx(9e6)


def test_where_lithium_cannot_enter_it_never_shorts(lithium):
    below = 0.9 * creep.entry_pressure(lithium)
    assert creep.time_to_short(below, ROOM, PELLET, 1.0, lithium) == np.inf
    assert creep.openness(0.02, 0.03, 0.066) == 0
    assert creep.openness(0.3, 0.03, 0.066) == 1
    assert creep.greatest_pressure(3.6e6, ROOM, PELLET, 0.0, lithium) == np.inf


def test_what_is_said_of_lithium_elsewhere_lies_within_its_ranges():
    """Exponents, energies and yield strengths that papers have, and diffusion at 25 degC."""
    of = read_material(material_file("Li"))
    said = {
        "Power-law creep exponent": (5, 6.6, np.log(1e3) / np.log(1.26 / 0.57)),
        "Power-law creep activation energy [kJ.mol-1]": (31, 43, 53),
        "Yield stress [MPa]": (0.41, 0.57, 0.81, 1.26),
        "Self-diffusivity [m2.s-1]": (0.14e-4 * np.exp(-53e3 / (8.314 * ROOM)), 5.6e-15),
    }
    for name, values in said.items():
        low, high = of[name]["range"]
        assert low * 0.99 < min(values) <= max(values) < high * 1.01, name


def test_in_pores_lithium_flows_as_fast_as_it_yields(lithium):
    """Over the length it diffuses, at rates at which large samples yield under 0.57 to 1.26 MPa."""
    climbing = creep.velocity(20e6, ROOM, lithium._replace(self_diffusivity=0.0))
    assert 5e-4 < climbing / lithium.length < 5e-1


def test_fine_pores_keep_lithium_out_and_cracks_do_not():
    """Doux's pellets let it in from 10 MPa on, a fine powder held for 2000 h at 30 MPa."""
    assert creep.widest_shut(30e6) > 5e-6  # pores between grains of 1 to 3 um are narrower
    assert creep.widest_shut(10e6) > 5 * creep.widest_shut(30e6) / 2
    assert creep.widest_shut(creep.TABOR * creep.STRENGTH) == pytest.approx(1e-6)


def test_memory_of_a_pressing_is_a_matter_of_what_is_bonded():
    """5 to 25 and back to 5 MPa, 32 to 50 Ohm (Doux2020): elastic contact alone keeps too little.

    All of it bonded keeps too much, as the assumed 0.9 does, by 31 %; half of it meets it.
    """

    def miss(bonded):
        law = ssb.load_cell("NCM811_LPSCl_Li").contact_laws["Negative electrode"]
        constants = micro_contact.Constants(**{**vars(law.constants), "bonded_share": bonded})
        at = micro_contact.after(micro_contact.NEVER_PRESSED, 25e6, constants)
        back = micro_contact.after(at, 5e6, constants)
        return micro_contact.contact(at) / micro_contact.contact(back) / (50 / 32) - 1

    assert miss(0.02) > 0.35
    assert abs(miss(0.5)) < 0.25
    assert miss(0.9) == pytest.approx(-0.31, abs=0.02)  # known, and not within 25 %
