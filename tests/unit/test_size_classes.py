"""Particles of several sizes: surface and volume stay, the knee widens, one size is one size."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.engine.engine import Engine
from ssb_model.errors import SolidStateError
from ssb_model.laws.size_classes import CLASSES, class_shares, class_sizes
from ssb_model.parameters.new_cell import Known, cell_text
from tests.runs import run

DIAMETER = '"Active material diameter [um]"'
MIDDLE = 20e6, 298.15  # Pa, K


def spread_cell(folder, spread):
    """A cell whose oxide has a spread of sizes; of one size and without contact spots if none."""
    known = Known(composition="NCM523=75,LPSCl=22,VGCF=3", loading=10.0)
    text = cell_text(known, "sizes", "this test").partition("[ageing]")[0]
    if spread:
        entry = f'{{ value = {spread}, class = "assumed", source = "here", range = [0, 1] }}'
        text = text.replace(DIAMETER, f'"Active material diameter spread" = {entry}\n{DIAMETER}')
    path = folder / f"spread_{spread}.toml"
    path.write_text(text, encoding="utf-8")
    cell = ssb.load_cell(path).with_options({"mesh": "draft"})
    return cell if spread else cell.with_options({"contact spots": "false"})


@pytest.mark.parametrize("count", [2, 3, 7])
@pytest.mark.parametrize("spread", [1e-6, 0.3, 0.8])
def test_classes_keep_surface_and_volume_of_one_size(count, spread):
    middles, shares = np.array(class_sizes(spread, count)), class_shares(count)
    assert shares.sum() == pytest.approx(1, abs=1e-14)
    assert shares @ middles == pytest.approx(1, abs=1e-14)


def test_two_classes_have_the_spread_they_stand_for():
    assert np.std(np.log(class_sizes(0.2))) == pytest.approx(0.2, rel=0.01)


def settled(cell, c_rate):
    """The positive electrode's lithium on discharge: at its surface, in all, and at the end."""
    engine = Engine(cell.at_soc(0.8))
    solution = run(engine, c_rate * cell.design.one_c, *MIDDLE, longest=3600.0).solution
    name = "Positive particle contact stoichiometry"
    face = solution[f"X-averaged {name[0].lower()}{name[1:]}"].entries[..., -1]
    whole = run(engine, c_rate * cell.design.one_c, *MIDDLE, longest=36000.0).solution
    means = [
        float(one["Positive electrode stoichiometry"].entries.ravel()[-1])
        for one in (solution, whole)
    ]
    return float(np.mean(face)), *means


def test_the_knee_widens_with_the_spread_as_quasi_steady_diffusion_says(tmp_path):
    """The surface leads the mean by r <R2> / 15 D, <R2> by volume: exp(3 s2) of one size's.

    A discharge ends as the surface is full, and falls short of full by what the surface leads.
    """
    spread, leads, ends = 0.3, [], []
    for s in (0, spread):
        easy = {
            "Positive particle diffusivity fall when full": 0.0,
            "Positive particle reference diffusivity [m2.s-1]": 2e-14,
            "Positive electrode reference exchange-current density [A.m-2]": 1e4,
            "Positive electrode film resistance [Ohm.m2]": 0.0,
            "Electrolyte reference conductivity [S.m-1]": 1e3,
        }
        face, mean, end = settled(spread_cell(tmp_path, s).with_values(easy), 0.3)
        leads.append(face - mean)
        ends.append(end)
    middles, shares = np.array(class_sizes(spread)), class_shares(CLASSES)
    of_classes = shares @ middles**3 / (shares @ middles)
    assert leads[1] / leads[0] == pytest.approx(of_classes, rel=0.03)
    assert ends[0] - ends[1] == pytest.approx(leads[1] - leads[0], rel=0.1)
    assert of_classes == pytest.approx(np.exp(3 * spread**2), rel=0.06)


def test_spread_can_be_set_and_how_it_is_resolved_cannot(tmp_path):
    cell = spread_cell(tmp_path, 0.3)
    wider = cell.with_recipe({"positive: Active material diameter spread": 0.5})
    ends = [c.evaluate("Positive second host relative radius") for c in (cell, wider)]
    assert ends[1] > 1.1 * ends[0]
    assert cell.evaluate("Positive particle radius [m]") == wider.evaluate(
        "Positive particle radius [m]"
    )
    with pytest.raises(SolidStateError, match="file says how sizes are spread"):
        cell.with_options({"size classes": "as given"})
