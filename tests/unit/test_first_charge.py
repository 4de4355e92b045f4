"""The first charge of a cell as it was put together: lithium is counted, and part of it is lost."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.cell.pristine import LIMIT, SHORT, pristine
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.parameters.new_cell import Known, cell_text
from ssb_model.studies.many_cells import ManyCells
from ssb_model.verbs.discharge import Drive, opened

INLI = "NCM523_LPSCl_InLi"


@pytest.fixture(scope="module")
def both():
    cell = ssb.load_cell("NCM523_LPSCl_Graphite").with_options({"mesh": "draft"})
    return cell, ssb.discharge(cell, 0.1, first_charge=True), ssb.discharge(cell, 0.1)


def test_lithium_is_counted(both):
    """What left one host and what arrived, less what the first cycle loses, are the charge."""
    cell, first, _ = both
    charged = first.row["Charge capacity [mA.h.cm-2]"] * 3.6e4  # C m-2
    design, data = cell.design, first.data
    left = (1 - SHORT) - float(data["Positive electrode stoichiometry"][0])
    assert left * design.positive.connected_capacity == pytest.approx(charged, rel=1e-3)
    host = design.negative
    start = max(host.section["Pristine stoichiometry"], SHORT)
    arrived = float(data["Negative electrode stoichiometry"][0]) - start
    kept = 1 - host.section["First-cycle loss"]
    assert arrived * host.connected_capacity == pytest.approx(kept * charged, rel=1e-3)


def test_it_ends_where_any_later_charge_of_that_rate_does(both):
    """Within a thousandth of its lithium where the other electrode is not the one that ends it."""
    _, first, later = both
    ends = [float(one.data["Positive electrode stoichiometry"][0]) for one in (first, later)]
    assert ends[0] == pytest.approx(ends[1], abs=2e-3)
    given = [one.row["Capacity [mA.h.g-1]"] for one in (first, later)]
    assert given[0] == pytest.approx(given[1], rel=1e-2)


def test_its_efficiency_is_told_and_goes_to_that_of_rest_as_it_slows(both):
    cell, first, later = both
    given, taken = (first.row[f"{one}apacity [mA.h.cm-2]"] for one in ("C", "Charge c"))
    assert first.row["First-cycle efficiency"] == pytest.approx(given / taken)
    assert f"{100 * given / taken:.1f} % of the first charge" in first.text
    assert "First-cycle efficiency" not in later.row
    at_rest = cell.window.charge / cell.window.first_charge
    assert at_rest - 0.06 < first.row["First-cycle efficiency"] < at_rest + 0.005


def test_the_cell_goes_on_as_one_that_was_charged(both):
    """Its next cycle is an ordinary one."""
    _, first, later = both
    again = ssb.discharge(first.cell_after, 0.1)
    assert again.row["Capacity [mA.h.g-1]"] == pytest.approx(
        later.row["Capacity [mA.h.g-1]"], rel=1e-2
    )
    assert (
        again.row["Charge capacity [mA.h.cm-2]"] < 0.95 * first.row["Charge capacity [mA.h.cm-2]"]
    )


def test_a_pristine_host_has_no_limit():
    cell = pristine(ssb.load_cell(INLI))
    assert cell.evaluate(LIMIT) > 2
    assert cell.window.positive_empty == 1 - SHORT


def test_draws_charge_for_the_first_time_side_by_side_as_each_does_alone(both):
    cell, first, _ = both
    lossy = cell.with_recipe({"graphite: First-cycle loss": 0.3}, following=False)
    drive, held = Drive(0.1, first_charge=True, row_only=True), (20e6, 298.15)

    def efficiency(one):
        _, told = yield from drive.steps(one.at_soc(0), held)
        return told.row["First-cycle efficiency"]

    found = ManyCells(cell, opened(first_charge=True)).run([cell, lossy], efficiency)
    assert found[0] == pytest.approx(first.row["First-cycle efficiency"], rel=2e-3)
    assert found[1] < found[0] - 0.1


def test_kinds_that_differ_by_volts_when_full_begin_at_one_potential(tmp_path):
    """NCM811 keeps 3.55 V as it fills, LiCoO2 falls to zero: it begins 4 % short of full."""
    path = tmp_path / "blend.toml"
    known = Known(composition="NCM811=50,LCO=20,LPSCl=27,VGCF=3", loading=12)
    path.write_text(cell_text(known, "a blend", "this test"), encoding="utf-8")
    cell = ssb.load_cell(path).with_options({"mesh": "draft"})
    made = pristine(cell)
    mean, volts = made.window.positive_empty, []
    for kind in ("first", "second"):
        held = made.entries[f"Positive {kind} host stoichiometry at rest"].value(
            pybamm.Scalar(mean)
        )
        held = float(np.ravel(held.evaluate())[0])
        held += made.evaluate(f"Positive {kind} host stoichiometry above rest")
        inputs = {"Positive particle stoichiometry": pybamm.Scalar(held)}
        volts.append(
            made._number(pybamm.FunctionParameter(f"Positive {kind} host OCP [V]", inputs))
        )
    assert volts[0] == pytest.approx(volts[1], abs=0.01)
    first = ssb.discharge(cell, 0.1, first_charge=True).row
    charged = first["Charge capacity [mA.h.cm-2]"] * 3.6e4
    assert charged < mean * cell.design.positive.connected_capacity
    at_rest = cell.window.charge / cell.window.first_charge
    assert first["First-cycle efficiency"] == pytest.approx(at_rest, abs=0.03)


def test_what_cannot_be_charged_for_the_first_time_is_refused(both, capsys):
    cell, first, _ = both
    with pytest.raises(InputError, match="has had its first charge"):
        ssb.discharge(first.cell_after, 0.1, first_charge=True)
    with pytest.raises(InputError, match="there is no charge before"):
        ssb.discharge(cell, 0.1, from_full=True, first_charge=True)
    assert main(["discharge", INLI, "--first-charge", "--from-full"]) == 2
    assert "no charge before" in capsys.readouterr().err


def test_a_rate_test_and_cycles_may_begin_with_it(both, tmp_path):
    """Their first row is that of the discharge; a journal goes on with the cycles after it."""
    cell, first, _ = both
    rates = ssb.rate_test(cell, [0.1, 0.1], first_charge=True)
    assert rates.rows[0]["First-cycle efficiency"] == first.row["First-cycle efficiency"]
    assert "First-cycle efficiency" not in rates.rows[1]
    assert "charged for the first time" in rates.text
    how = {"cv_until": None, "ageing": False, "first_charge": True}
    journal = tmp_path / "cycles.sqlite"
    ssb.cycle(cell, 1, 0.1, journal=journal, **how)
    went_on = ssb.cycle(cell, 2, 0.1, journal=journal, **how)
    returned = [row["Coulombic efficiency"] for row in went_on.rows]
    assert returned[0] == pytest.approx(first.row["First-cycle efficiency"], rel=1e-3)
    assert returned[1] > 0.98
    with pytest.raises(InputError, match="leave out the direction"):
        ssb.rate_test(cell, direction="charge", first_charge=True)
