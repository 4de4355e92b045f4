"""Contact, interphase and material are told apart where the data do, and only there."""

import numpy as np
import pytest

from ssb_model.analysis.diagnosis import (
    PARTS,
    Assumed,
    Change,
    by_each_reading,
    diagnosed,
    further,
    readings_of,
)
from ssb_model.laws import circuit
from ssb_model.verbs.diagnose_result import answer
from tests.known_mixtures import attributed

SMALL = {"resistance": 0.03, "capacitance": 0.03, "capacity": 0.01}
TWICE = np.log(2)
KANG = {  # cycles 100 and 200, R in Ohm cm2, Q in F; doi 10.1016/j.ensm.2023.103049, Table S3
    "Li-In": (
        {"R": 65.2, "Q": 50.9e-6, "alpha": 0.64, "R_s": 46.0},
        {"R": 170.4, "Q": 26.4e-6, "alpha": 0.65, "R_s": 45.4},
    ),
    "LTO": (
        {"R": 52.8, "Q": 61.8e-6, "alpha": 0.68, "R_s": 3694.7},
        {"R": 74.0, "Q": 56.4e-6, "alpha": 0.70, "R_s": 4232.1},
    ),
}


def kang(anode):
    before, after = KANG[anode]
    return Change(np.log(after["R"] / before["R"]), readings_of(before, after))


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("contact", Change(TWICE, {"C": TWICE}, 0.0, sigma=SMALL)),
        ("contact", Change(-TWICE, {"C": -TWICE}, 0.0, sigma=SMALL)),
        ("interphase", Change(TWICE, {"C": 0.0}, 0.0, sigma=SMALL)),
        ("material", Change(TWICE / 2, {"C": TWICE / 2}, TWICE / 2, sigma=SMALL)),
    ],
)
def test_one_process_alone_is_found(part, change):
    found = diagnosed(change)
    assert found.most[part] > 0.95
    assert found.share[part] > 0.8
    assert sum(found.share.values()) == pytest.approx(1)
    assert not found.contradicts


def test_what_shares_the_area_is_parted_by_the_capacity_alone():
    """Contact and material raise R and lower C alike; a slow capacity tells them apart."""
    loose = diagnosed(Change(TWICE, {"C": TWICE}, sigma=SMALL))
    low, high = np.quantile(loose.shares["material"], (0.05, 0.95))
    assert high - low > 0.4
    assert "contact or material" in answer(loose)
    assert next(iter(further(loose))) == "slow capacity"
    assert further(loose)["slow capacity"].decides > 0.8
    told = diagnosed(Change(TWICE, {"C": TWICE}, 0.3, sigma=SMALL))
    assert np.median(told.parts["material"]) == pytest.approx(0.3, abs=0.02)
    assert np.median(told.parts["contact"]) == pytest.approx(TWICE - 0.3, abs=0.05)


def test_a_resistance_alone_tells_nothing_and_its_capacitance_would():
    found = diagnosed(Change(np.log(2.6), sigma=SMALL))
    assert max(found.most.values()) < 0.7
    assert "cannot be told apart" in answer(found)
    assert next(iter(further(found))) == "capacitance"


def test_lithium_lost_makes_of_the_capacity_an_upper_end():
    found = diagnosed(Change(TWICE, {"C": TWICE}, 0.3, sigma=SMALL, lithium_lost=True))
    low, high = np.quantile(found.parts["material"], (0.05, 0.95))
    assert low < 0.1
    assert 0.25 < high < 0.33


def test_pressing_again_shows_area_that_came_back():
    change = Change(TWICE, sigma=SMALL)
    pressed = Change(TWICE, pressed=0.9 * TWICE, sigma=SMALL)
    assert diagnosed(change).area.mean() < 0.6
    assert np.quantile(diagnosed(pressed).area, 0.05) > 0.8
    nothing = diagnosed(Change(TWICE, pressed=0.0, sigma=SMALL))
    assert nothing.share["interphase"] > diagnosed(change).share["interphase"]


def test_no_interphase_grows_between_two_pressures_of_one_age():
    found = diagnosed(Change(TWICE, sigma=SMALL, aged=False))
    assert found.share["interphase"] < 0.05


def test_another_capacitance_hides_lost_contact():
    """Half of C1 is carbon's: halving the contact leaves C at three quarters."""
    change = Change(TWICE, {"C": np.log(4 / 3)}, 0.0, sigma=SMALL, other=0.5)
    assert diagnosed(change).share["contact"] > 0.8
    unknown = diagnosed(Change(TWICE, {"C": np.log(4 / 3)}, 0.0, sigma=SMALL))
    assert unknown.share["contact"] < 0.65


@pytest.mark.parametrize(
    ("change", "contradict"),
    [
        (Change(0.0, {"C": TWICE}, 0.0, sigma=SMALL), True),  # half the area, the same R
        (Change(TWICE, {"C": TWICE}, -0.2, sigma=SMALL), True),  # material that came back
        (Change(TWICE, {"C": 0.0}, 0.0, pressed=TWICE, sigma=SMALL), True),
        (Change(TWICE, {"C": TWICE + 0.05}, 0.0, sigma=SMALL), False),
    ],
)
def test_numbers_that_contradict_one_another_are_called_so(change, contradict):
    assert diagnosed(change).contradicts is contradict
    said = answer(diagnosed(change))
    assert ("contradict" in said or "capacity rose" in said) is contradict


def test_no_change_is_called_so():
    assert (
        answer(diagnosed(Change(0.03, {"C": -0.02}, 0.005))) == "Nothing changed beyond the errors."
    )


def test_capacitors_read_alike_and_elements_do_not():
    before, after = {"R": 10.0, "Q": 1e-5, "R_s": 5.0}, {"R": 20.0, "Q": 5e-6, "R_s": 5.0}
    one = readings_of(before | {"alpha": 1.0}, after | {"alpha": 1.0})
    assert list(one.values()) == pytest.approx([TWICE] * 3)
    assert "Brug" not in readings_of({"R": 1, "Q": 1, "alpha": 1}, {"R": 2, "Q": 1, "alpha": 1})


@pytest.mark.parametrize("alpha", [0.6, 0.8, 0.95])
@pytest.mark.parametrize(("contact", "interphase"), [(0.7, 0.0), (0.0, 0.7), (0.5, 0.5)])
def test_where_q_belongs_to_the_area_one_frequency_reads_it(alpha, contact, interphase):
    """Hsu-Mansfeld reads too little area lost by (1-alpha)/alpha of the growth, Brug too much."""
    before = {"R": 100.0, "Q": 1e-5, "alpha": alpha, "R_s": 1e-3}
    grown = {"R": 100 * np.exp(contact + interphase), "Q": 1e-5 * np.exp(-contact)}
    read = readings_of(before, before | grown)
    assert read["one frequency"] == pytest.approx(contact, abs=1e-9)
    short = contact - (1 - alpha) / alpha * interphase
    assert read["Hsu-Mansfeld"] == pytest.approx(short, abs=1e-9)
    assert read["Brug"] == pytest.approx(contact / alpha, abs=1e-3)


def test_capacitance_at_the_top_of_an_arc_is_that_of_hsu_and_mansfeld():
    R, Q, alpha = 100.0, 2e-5, 0.7
    top = circuit.top_of_arc(R, Q, alpha)
    assert circuit.capacitance_at(top, Q, alpha) == pytest.approx(circuit.hsu_mansfeld(Q, alpha, R))
    around = circuit.arc(top * np.linspace(0.5, 2, 1001), R, Q, alpha)
    assert np.argmin(around.imag) == pytest.approx(333, abs=1)


def test_kang_li_in_lost_area_by_brug_and_not_by_hsu_mansfeld():
    change = kang("Li-In")
    assert np.exp(change.resistance) == pytest.approx(2.61, abs=0.01)
    assert np.exp(change.capacitance["Hsu-Mansfeld"]) == pytest.approx(1.4, abs=0.05)
    assert np.exp(change.capacitance["Brug"]) == pytest.approx(2.0, abs=0.05)
    assert np.exp(change.capacitance["one frequency"]) == pytest.approx(1.77, abs=0.01)
    each = by_each_reading(change)
    assert each["Brug"].area.mean() > 0.7
    assert each["Hsu-Mansfeld"].share["interphase"] > 0.5
    assert diagnosed(change).area.mean() > 0.5


def test_kang_lto_grew_interphase_by_every_reading():
    change = kang("LTO")
    assert np.exp(change.resistance) == pytest.approx(1.4, abs=0.01)
    for found in by_each_reading(change).values():
        assert np.mean(found.area < 0.5) > 0.9
        assert np.median(found.parts["contact"]) < 0
    assert answer(diagnosed(change)).startswith("Interphase")


@pytest.mark.parametrize("size", [0.03, 0.4])
def test_intervals_hold_what_was_drawn_from_the_assumptions(size):
    """Simulated from the priors, 90 % intervals hold 90 % of the truths of each part.

    A wide error makes the priors speak, a narrow one the data.
    """
    rng, assumed = np.random.default_rng(3), Assumed()
    sigma = {"resistance": size, "capacitance": size, "capacity": size / 3}
    held = {name: [] for name in PARTS}
    for _ in range(200):
        contact = rng.laplace(0, assumed.contact)
        interphase, material = rng.exponential((assumed.interphase, assumed.material))
        other = min(rng.exponential(assumed.other), 0.9)
        area, noise = contact + material, rng.standard_normal(3)
        seen = -np.log((1 - other) * np.exp(-area) + other)
        measured = area + interphase + size * noise[0], {"C": seen + size * noise[1]}
        change = Change(*measured, material + sigma["capacity"] * noise[2], sigma=sigma)
        found = diagnosed(change, draws=1000)
        true = {"contact": contact, "interphase": interphase, "material": material}
        for name in PARTS:
            low, high = np.quantile(found.parts[name], (0.05, 0.95))
            held[name].append(low <= true[name] <= high)
    for name in PARTS:
        assert 0.84 < np.mean(held[name]) < 0.95, name


def test_what_is_expected_of_a_measurement_is_what_it_gives():
    before = diagnosed(Change(TWICE, {"C": 0.4}, sigma=SMALL))
    expected = further(before)["slow capacity"].width
    given = [diagnosed(Change(TWICE, {"C": 0.4}, m, sigma=SMALL)).width for m in (0.05, 0.1, 0.2)]
    assert min(given) - 0.05 < expected < max(given) + 0.05
    assert expected < 0.7 * before.width


def test_attribution_counts_what_the_shares_differ_by():
    true = {"contact": 0.5, "interphase": 0.3, "material": 0.2}
    assert attributed(true, true) == 1
    assert attributed({"contact": 0.0, "interphase": 0.8, "material": 0.2}, true) == 0.5
