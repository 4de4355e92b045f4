"""Known resistances and diffusivities found again in made records of titration."""

from collections import Counter

import numpy as np
import pytest

from ssb_model.analysis.gitt import crossing, gitt_analysis
from ssb_model.analysis.gitt_memory import left_behind
from ssb_model.errors import InputError
from ssb_model.laws.diffusion import sphere_surface_excess
from tests import coverage_of_titrations
from tests.coverage_of_titrations import counted

RADIUS = 2.5e-6
R1, R2 = 20.0, 15.0  # Ohm cm2
CURRENT, PULSE, REST = 15.0, 72.0, 5000.0  # A m-2, s, s: 0.5C of 3 mA h cm-2
CAPACITY = 30.0  # A h m-2
LIMITS = {"t1": 1e-3, "t2": 10.0, "particle_radius": RADIUS}


def potential(filling):
    """A layered oxide's: falls by 0.75 V, with a step at 0.45."""
    return 4.25 - 0.75 * filling - 0.06 * np.tanh((filling - 0.45) / 0.08)


def samples(step, span):
    if step is None:
        return np.append(np.geomspace(1e-3, span, int(30 * np.log10(span / 1e-3)))[:-1], span)
    return np.append(np.arange(step, span - 1e-9, step), span)


def record(D, tau2=0.3, step=None, sign=1, pulses=24, noise=5e-5, size=1.0, ocp=potential):
    """Time, current, voltage: rest, then pulses and rests; exact spheres superposed."""
    rng = np.random.default_rng(7)
    spans = [(100.0, 0.0)] + pulses * [(PULSE, size * sign * CURRENT), (REST, 0.0)]
    edges = np.cumsum([0.0, *(span for span, _ in spans)])
    pieces = [edge + samples(step, span) for edge, (span, _) in zip(edges, spans, strict=False)]
    time = np.concatenate([[0.0], *pieces])
    current = np.concatenate(
        [[0.0], *(np.full(p.size, i) for p, (_, i) in zip(pieces, spans, strict=True))]
    )
    rate = D / RADIUS**2
    filling = np.full(time.size, 0.25 if sign > 0 else 0.85)
    transfer = np.zeros(time.size)
    for k in range(1, 2 * pulses, 2):
        for edge, way in ((edges[k], 1), (edges[k + 1], -1)):
            since = np.maximum(time - edge, 0)
            surface = 3 * rate * since + sphere_surface_excess(rate * since)
            filling += way * size * sign * CURRENT / (3 * rate) * surface / (3600 * CAPACITY)
            transfer += way * size * sign * CURRENT * R2 * 1e-4 * -np.expm1(-since / tau2)
    voltage = ocp(filling) - current * R1 * 1e-4 - transfer
    return time, current, voltage + noise * rng.standard_normal(time.size)


def middle(analysis, key, first=1, last=12):
    return np.array([row[key] for row in analysis.rows[first:last]])


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("D", [1e-16, 1e-15, 1e-14])
def test_known_cell_comes_back(D, sign):
    analysis = gitt_analysis(*record(D, sign=sign), **LIMITS)
    assert len(analysis.rows) == 24
    assert middle(analysis, "R1 [Ohm.cm2]") == pytest.approx(R1, rel=0.02)
    assert middle(analysis, "R2 [Ohm.cm2]") == pytest.approx(R2, rel=0.03)
    assert middle(analysis, "tau2 [s]") == pytest.approx(0.3, rel=0.05)
    assert np.median(middle(analysis, "Diffusivity [m2.s-1]")) == pytest.approx(D, rel=0.03)
    assert middle(analysis, "Diffusivity [m2.s-1]") == pytest.approx(D, rel=0.12)
    assert middle(analysis, "Misfit [mV]") == pytest.approx(0.05, rel=0.3)
    assert {row["Direction"] for row in analysis.rows} == {"discharge" if sign > 0 else "charge"}


@pytest.mark.parametrize("D", [1e-16, 1e-15, 1e-14])
def test_samples_every_second_suffice_for_slower_charge_transfer(D):
    analysis = gitt_analysis(*record(D, tau2=2.0, step=1.0), **LIMITS)
    assert middle(analysis, "R1 [Ohm.cm2]") == pytest.approx(R1, rel=0.05)
    assert middle(analysis, "R2 [Ohm.cm2]") == pytest.approx(R2, rel=0.05)
    assert np.median(middle(analysis, "Diffusivity [m2.s-1]")) == pytest.approx(D, rel=0.05)
    assert all("faster than the first sample (1 s)" in row["Flag"] for row in analysis.rows)


def test_samples_every_second_give_only_the_sum_of_faster_ones():
    analysis = gitt_analysis(*record(1e-15, tau2=0.3, step=1.0), **LIMITS)
    assert middle(analysis, "R1 + R2 [Ohm.cm2]") == pytest.approx(R1 + R2, rel=0.02)
    assert all("only R1 + R2 is known" in row["Flag"] for row in analysis.rows)
    assert all(row[f"{part} [Ohm.cm2]"] is None for row in analysis.rows for part in ("R1", "R2"))
    late = gitt_analysis(*record(1e-15, tau2=0.1, step=2.0, pulses=6), t1=1e-3, t2=0.5)
    assert all(row["R2 [Ohm.cm2]"] is None for row in late.rows)
    assert middle(late, "R1 + R2 [Ohm.cm2]", 0, 6) == pytest.approx(R1 + R2, rel=0.02)


@pytest.mark.parametrize("step", [0.02, 1.0, 10.0, 60.0])
@pytest.mark.parametrize("tau2", [0.3, 3.0])
def test_what_is_printed_is_true_however_coarsely_it_was_sampled(step, tau2):
    """Behind 0.2 mV of noise nine numbers of ten lie within 1.96 of their own errors."""
    told = sum((counted(tau2, step, 72.0, 1e-15, seed=seed) for seed in range(2)), Counter())
    words = Counter()
    for (_, word), n in told.items():
        words[word] += n
    assert words["no error"] == 0
    assert words["MISSED"] <= 0.1 * words["true"] + 2
    if step < 10:
        assert words["true"] >= 16
    if step == 60:
        assert words["true"] == words["MISSED"] == 0


def straight(filling):
    return 4.25 - 1.2 * filling


def test_spheres_remember_earlier_pulses(monkeypatch):
    """Rests of a twentieth of R**2/D leave a gradient; along a straight OCP all comes back."""
    monkeypatch.setattr(coverage_of_titrations, "potential", straight)
    made = coverage_of_titrations.record(1e-16, 3.0, 0.1, 72.0, 3000.0, 8, 2e-5)
    rows = gitt_analysis(*made, **LIMITS).rows
    for key, truth, share in (("R1", R1, 0.005), ("R2", R2, 0.01)):
        assert [row[f"{key} [Ohm.cm2]"] for row in rows] == pytest.approx([truth] * 8, rel=share)
    assert [row["Diffusivity [m2.s-1]"] for row in rows] == pytest.approx([1e-16] * 8, rel=0.01)
    assert [row["Misfit [mV]"] for row in rows] == pytest.approx([0.02] * 8, rel=0.2)


@pytest.mark.parametrize(("pulse", "step", "tau2", "D"), [(72, 1, 3, 1e-16), (720, 1, 0.3, 1e-14)])
def test_slow_particles_and_fast_ones_are_told_truly(pulse, step, tau2, D):
    """The surface leaves the record by nine pulses; diffusion ends within a pulse."""
    words = Counter()
    for (_, word), n in counted(tau2, step, float(pulse), D).items():
        words[word] += n
    assert words["MISSED"] <= 0.1 * words["true"] + 3
    assert words["true"] >= (20 if D == 1e-16 else 0)


def test_left_behind_is_what_superposed_spheres_hold():
    """Against a sphere solved by finite volumes: two pulses, a rest after each."""
    rate, cells = 1e-4, 400
    edges = np.linspace(0, 1, cells + 1)
    volume, area = np.diff(edges**3) / 3, edges**2
    c, step, found = np.zeros(cells), 1.0, {}
    matrix = np.zeros((cells, cells))
    for k in range(1, cells):
        g = rate * area[k] * cells
        matrix[[k - 1, k], [k - 1, k]] -= g / volume[[k - 1, k]]
        matrix[[k - 1, k], [k, k - 1]] += g / volume[[k - 1, k]]
    inverse = np.linalg.inv(np.eye(cells) - step * matrix)
    for k in range(1, 3001):
        flux = 1.0 if k <= 500 or 1500 < k <= 2000 else 0.0
        c[-1] += step * flux / volume[-1] / 3
        c = inverse @ c
        found[k] = c[-1] - 3 * c @ volume + 0.5 / cells * flux / (3 * rate)
    currents = [(0.0, 500.0, 1.0), (1500.0, 2000.0, 1.0)]
    for time in (400, 1400, 1900, 2900):
        assert float(left_behind(time, rate, currents)) == pytest.approx(found[time], rel=0.01)


def test_pulses_that_end_before_t2_are_told_whole():
    analysis = gitt_analysis(*record(1e-15, pulses=3), t1=1e-3, t2=100.0)
    assert all("not split: ends before t2" in row["Flag"] for row in analysis.rows)
    assert all(row["R_total [Ohm.cm2]"] > R1 for row in analysis.rows)


def test_few_samples_are_not_split_and_said_so():
    analysis = gitt_analysis(*record(1e-15, step=20.0, pulses=4), **LIMITS)
    assert all("not split: 4 samples" in row["Flag"] for row in analysis.rows)
    assert all(row["R3 [Ohm.cm2]"] is None for row in analysis.rows)


def test_parts_add_up_for_either_method():
    measured = record(1e-15, pulses=5)
    for method in ("fit", "cut"):
        analysis = gitt_analysis(*measured, **LIMITS, method=method)
        parts = sum(analysis.table[f"R{part} [Ohm.cm2]"] for part in (1, 2, 3))
        assert parts.to_numpy() == pytest.approx(analysis.table["R_total [Ohm.cm2]"].to_numpy())
        assert analysis.conditions["method"].startswith(method)


def test_plain_cut_takes_diffusion_for_charge_transfer():
    measured = record(1e-16, tau2=0.3, pulses=16)
    plain = gitt_analysis(*measured, **LIMITS, method="cut")
    fitted = gitt_analysis(*measured, **LIMITS)
    assert np.all(middle(plain, "R2 [Ohm.cm2]", 2, 6) > 1.5 * R2)
    assert middle(fitted, "R2 [Ohm.cm2]", 2, 6) == pytest.approx(R2, rel=0.05)


def test_spread_relaxation_widens_the_errors():
    """Fifteen times apart, as at contacts of many sizes: what one time constant misses."""
    time, current, fast = record(1e-15, tau2=0.1, pulses=4)
    slow = record(1e-15, tau2=1.5, pulses=4)[2]
    spread = gitt_analysis(time, current, 0.5 * (fast + slow), **LIMITS)
    alone = gitt_analysis(time, current, fast, **LIMITS)
    error = middle(spread, "R2 error [Ohm.cm2]", 1, 3)
    assert np.all(error > 3 * middle(alone, "R2 error [Ohm.cm2]", 1, 3))
    noisy = gitt_analysis(*record(1e-15, pulses=4, noise=5e-4), **LIMITS)
    assert not any("misfit above noise" in row["Flag"] for row in noisy.rows)


def test_classical_diffusivity_agrees_for_short_pulses():
    """Along a straight OCP; where it curves the two part by a quarter at this diffusivity."""
    measured = record(1e-16, ocp=lambda filling: 4.2 - 0.8 * filling)
    analysis = gitt_analysis(*measured, **LIMITS)
    classical = middle(analysis, "Weppner-Huggins diffusivity [m2.s-1]", 4, 24)
    assert classical == pytest.approx(1e-16, rel=0.1)
    assert middle(analysis, "Diffusivity [m2.s-1]", 4, 24) == pytest.approx(1e-16, rel=0.05)


def test_scale_and_shift_leave_resistances():
    time, current, voltage = record(1e-15, pulses=4, noise=0.0)
    plain = gitt_analysis(time, current, voltage, **LIMITS).table
    shifted = gitt_analysis(time + 1e5, current, voltage, **LIMITS).table
    straight = np.interp(time, time[current == 0][[0, -1]], voltage[current == 0][[0, -1]])
    tripled = gitt_analysis(time, 3 * current, straight + 3 * (voltage - straight), **LIMITS).table
    for key in ("R1 [Ohm.cm2]", "R2 [Ohm.cm2]", "R3 [Ohm.cm2]"):
        assert shifted[key].to_numpy() == pytest.approx(plain[key].to_numpy(), rel=1e-4)
    for key in ("R1 [Ohm.cm2]", "R2 [Ohm.cm2]"):
        assert tripled[key].to_numpy() == pytest.approx(plain[key].to_numpy(), rel=0.03)


def test_smaller_pulses_give_the_same_resistances():
    small = gitt_analysis(*record(1e-15, pulses=6, size=0.3, noise=5e-6), **LIMITS)
    assert middle(small, "R1 [Ohm.cm2]", 0, 5) == pytest.approx(R1, rel=0.02)
    assert middle(small, "R2 [Ohm.cm2]", 0, 5) == pytest.approx(R2, rel=0.03)


def test_noisy_current_charge_before_and_broken_ends():
    """A charge without rest before it and a last pulse without one after it are left out."""
    time, current, voltage = record(1e-15, pulses=4)
    ahead = np.linspace(0, 7200, 200)
    time = np.concatenate([ahead, time + 7201, time[-1] + 7201 + np.array([1.0, 2.0, 3.0])])
    current = np.concatenate([np.full(200, -3.0), current, np.full(3, CURRENT)])
    voltage = np.concatenate([np.full(200, 4.2), voltage, np.full(3, 3.9)])
    current = current + 0.03 * np.random.default_rng(1).standard_normal(current.size)
    analysis = gitt_analysis(time, current, voltage, **LIMITS, soc_start=0.3, capacity=CAPACITY)
    assert len(analysis.rows) == 4
    assert len(analysis.conditions["left_out"]) == 2
    assert middle(analysis, "R1 [Ohm.cm2]", 0, 4) == pytest.approx(R1, rel=0.03)
    charged = 0.3 + 2 * 3.0 / CAPACITY
    assert analysis.rows[0]["State of charge"] == pytest.approx(charged - 0.005, abs=2e-3)


def test_standard_errors_are_as_large_as_the_scatter():
    measured = record(1e-15, ocp=lambda filling: 4.2 - 0.8 * filling)
    table = gitt_analysis(*measured, **LIMITS).table[2:]
    for part in ("R1", "R2"):
        scatter = np.std(table[f"{part} [Ohm.cm2]"])
        assert 0.4 < table[f"{part} error [Ohm.cm2]"].median() / scatter < 8


def test_state_of_charge_by_either_way():
    measured = record(1e-15, pulses=4)
    own = gitt_analysis(*measured, **LIMITS)
    assert middle(own, "State of charge", 0, 4) == pytest.approx([0.875, 0.625, 0.375, 0.125])
    given = gitt_analysis(*measured, **LIMITS, soc_start=0.8, capacity=CAPACITY)
    assert middle(given, "State of charge", 0, 4) == pytest.approx([0.795, 0.785, 0.775, 0.765])
    assert own.conditions["State of charge"] != given.conditions["State of charge"]


def test_a_pulse_cut_short_is_marked():
    time, current, voltage = record(1e-15, pulses=4)
    pulse_end = 100 + 3 * (PULSE + REST) + PULSE
    keep = ~((time > pulse_end - 30) & (time <= pulse_end))
    rest = time > pulse_end
    time = np.where(rest, time - 30, time)
    analysis = gitt_analysis(time[keep], current[keep], voltage[keep], **LIMITS)
    assert "cut short" in analysis.rows[3]["Flag"]
    assert not any("cut short" in row["Flag"] for row in analysis.rows[:3])


def test_short_rests_and_plateaus_are_flagged():
    slow = gitt_analysis(*record(1e-16, pulses=4), **LIMITS)
    assert any("rest too short" in row["Flag"] for row in slow.rows)
    time, current, voltage = record(1e-15, pulses=3)
    flat = 3.4 - 1e-7 * time / REST - current * R1 * 1e-4 * (1 + 0.1 * np.sqrt(time % 5072))
    flat = gitt_analysis(time, current, flat, **LIMITS)
    assert all("plateau" in row["Flag"] for row in flat.rows)
    rising = gitt_analysis(time, current, voltage + time * 1e-5, **LIMITS)
    assert all(row["Diffusivity [m2.s-1]"] is None for row in rising.rows)
    assert all("moved against the current" in row["Flag"] for row in rising.rows)


def test_crossing_is_linear_and_may_be_absent():
    rows = [
        {"State of charge": soc, "Direction": "discharge", "a": a, "b": 10.0}
        for soc, a in ((0.9, 5.0), (0.7, 15.0), (0.5, None), (0.3, 12.0), (0.1, 4.0))
    ]
    assert crossing(rows, "a", "b") == pytest.approx([0.8, 0.25])
    assert crossing(rows[1:2], "a", "b") == []
    assert crossing([rows[0], {**rows[1], "Direction": "charge"}], "a", "b") == []


def test_no_radius_no_diffusivity():
    analysis = gitt_analysis(*record(1e-15, pulses=2), t1=[1e-3, 1e-3], t2=[10.0, 5.0])
    assert all(row["Diffusivity [m2.s-1]"] is None for row in analysis.rows)


def test_unusable_records_name_the_cure():
    time, current, voltage = record(1e-15, pulses=2)
    hole = voltage.copy()
    hole[5] = np.nan
    no_rest = (np.arange(9.0), np.full(9, 1.0), np.full(9, 4.0))
    ending = time <= 100 + PULSE
    for wrong, message in (
        ((time, current, hole), "drop those rows"),
        ((time[::-1], current, voltage), "backwards"),
        ((time, current, voltage[:-1]), "one length"),
        (no_rest, "No pulse"),
        ((time[ending], current[ending], voltage[ending]), "no rest after"),
        ((time, 0 * current, voltage), "no current"),
        ((time[:2], current[:2], voltage[:2]), "needs a rest"),
    ):
        with pytest.raises(InputError, match=message):
            gitt_analysis(*wrong, **LIMITS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"t1": 20.0},
        {"t1": 0.0},
        {"t1": [1e-3, 1e-3, 1e-3]},
        {"method": "guess"},
        {"particle_radius": 0.0},
        {"soc_start": 0.5},
        {"capacity": 30.0},
    ],
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(InputError):
        gitt_analysis(*record(1e-15, pulses=2), **{**LIMITS, **wrong})
