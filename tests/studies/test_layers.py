"""Layers on one another: heat balances, limits, and the bilayer of Chen 2024."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.laws import heat
from ssb_model.verbs.layers import Pile

A = "NCM811_LPSCl_Si"


def test_heat_is_kept_or_leaves_through_the_faces():
    source = np.array([1.0, 5.0, 2.0, 0.0])
    rise = np.zeros(4)
    for _ in range(50):
        rise = heat.step(rise, source, 10.0, 600.0, 1e-3, 1e-12)
    assert 600.0 * rise.sum() == pytest.approx(500 * source.sum(), rel=1e-9)  # insulated
    n, q, r, h = 7, 30.0, 2e-3, 12.0
    steady = heat.step(np.zeros(n), np.full(n, q), 1e12, 600.0, r, h)
    half = n // 2
    assert steady[0] == pytest.approx(n * q / 2 * (1 / h + r / 2), rel=1e-6)
    assert steady[half] - steady[0] == pytest.approx(q * r * half**2 / 2, rel=1e-4)
    np.testing.assert_allclose(steady, steady[::-1], rtol=1e-9)


def test_layers_are_grouped_from_the_faces_to_the_middle():
    cell = ssb.load_cell(A)
    for count in (1, 2, 3, 9, 10, 41):
        group = Pile.of(cell, count, 10.0).group
        assert len(group) == count
        assert list(group) == list(group[::-1])
        assert (np.diff(group[: (count + 1) // 2]) >= 0).all()
        assert len(set(group)) == min((count + 1) // 2, 5)


def test_a_bilayer_gives_what_was_measured_and_bears_a_pulse():
    """Chen 2024: 173.6 mAh/g within 6 %; at 3C a bulb of 2.5 V lights: above 2.0 V for 10 s."""
    bilayer = ssb.load_cell(A).with_recipe(
        {
            "positive: Active material loading [mg.cm-2]": 24.1,
            "cell: Nominal areal capacity [mAh.cm-2]": 5.0,
        }
    )
    slow, fast = ssb.layers(bilayer, 2, c_rate=[0.1, 3.0], stack_pressure=5e6).rows
    assert slow["Capacity [mA.h.g-1]"] == pytest.approx(173.6, rel=0.06)
    assert fast["Lowest voltage in 10 s [V]"] > 2.0


def test_a_layer_cooled_well_is_a_layer_alone_and_many_are_warmer():
    one, many = (
        ssb.layers(A, count, c_rate=2.0, cooling=cooling).rows[0]
        for count, cooling in ((1, 1e7), (6, 10.0))
    )
    alone = one["Capacity of one layer [mA.h.g-1]"]
    assert one["Capacity [mA.h.g-1]"] == pytest.approx(alone, rel=0.02)
    assert one["Highest temperature [degC]"] == pytest.approx(one["Temperature [degC]"], abs=0.1)
    assert many["Highest temperature [degC]"] > many["Lowest temperature then [degC]"] > 31
    assert many["Most current over mean"] > 1  # the warmer middle carries more
    assert many["Capacity [mA.h.g-1]"] > alone


def test_layers_in_the_shell(tmp_path, capsys):
    command = ["layers", A, "--layers", "3", "--c-rate", "5", "--out", str(tmp_path)]
    assert main(command) == 0
    assert "3 layers, 10 W/m2/K at each face" in capsys.readouterr().out
    assert (tmp_path / "layers.png").is_file()
    for wrong in (["--layers", "0"], ["--cooling", "-1"], ["--c-rate", "0"]):
        assert main(["layers", A, *wrong]) == 2
    with pytest.raises(InputError, match="at most"):
        ssb.layers(A, 501)
