"""Silicon in a composite: the branches of its potential are followed as in a layer."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.parameters.library import cell_path
from tests.random_cells import BALANCE, imbalance

NEGATIVE = """
[negative]
form = "composite"
active_material = "silicon"
electrolyte = "LPSCl"
"Composition [%]" = { value = { silicon = 50, LPSCl = 50 }, class = "assumed", source = "-" }
"Active material loading [mg.cm-2]" = { value = 2.5, class = "assumed", source = "-" }
"Porosity" = { value = 0.1, class = "assumed", source = "-" }
"Active material diameter [um]" = { value = 1.0, class = "assumed", source = "-" }
"Electrolyte grain size [um]" = { value = 1.0, class = "assumed", source = "-" }
"""


@pytest.fixture(scope="module")
def discharged(tmp_path_factory):
    path = tmp_path_factory.mktemp("cell") / "composite.toml"
    text = cell_path("NCM811_LPSCl_Si").read_text(encoding="utf-8")
    head, rest = text.split("[negative]")
    after = "[" + rest.split("\n[", 1)[1] if "\n[" in rest else ""
    path.write_text(head + NEGATIVE.lstrip() + after, encoding="utf-8")
    cell = ssb.load_cell(path).with_options({"mesh": "draft"})
    return cell, ssb.discharge(cell, 0.05)


def test_lithium_is_kept_and_the_cell_gives_something(discharged):
    cell, result = discharged
    assert result.row["Stopped by"] == "lower voltage cut-off"
    assert result.row["Capacity [mA.h.g-1]"] > 50
    assert imbalance(cell, result.cell_after) < BALANCE


def test_the_branch_follows_the_charge_that_passed(discharged):
    """Slowly, all depths alike: 1 - h falls as exp(-decay dx) while lithium leaves silicon."""
    cell, _ = discharged
    values = cell.at_soc(1).parameter_values
    simulation = pybamm.Simulation(cell.model(), parameter_values=values, C_rate=0.05)
    solution = simulation.solve([0, 10 * 3600])
    state = solution["X-averaged negative electrode hysteresis state"].entries
    content = solution["Negative electrode stoichiometry"].entries
    expected = 1 - (1 - state[0]) * np.exp(
        values["Negative electrode hysteresis decay"] * (content - content[0])
    )
    assert state[0] == pytest.approx(-1)
    assert state[-1] > 0.5
    np.testing.assert_allclose(state, expected, atol=0.03)
