"""Two kinds or two sizes of active material in one electrode."""

import numpy as np
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.engine.engine import Engine
from ssb_model.errors import SolidStateError
from ssb_model.laws import blend
from ssb_model.laws.interface import FARADAY
from ssb_model.numerics.solver import SolidStateSolver
from ssb_model.parameters.new_cell import Known, cell_text
from tests.runs import run

HOUR = 3600.0
HELD = 20e6, 298.15  # Pa, K


def entry(value, **more):
    told = "".join(f', {key} = "{word}"' for key, word in more.items())
    return f'{{ value = {value}, class = "assumed", source = "this test"{told} }}'


def cell_of(folder, name, composition, second="", sizes=()):
    """A cell against Li-In with what stands under [positive.second]."""
    text = cell_text(Known(composition=composition, loading=10.0), name, "this test")
    for size in sizes:
        text = text.replace(
            'diameter [um]" = { value = 5,', f'diameter [um]" = {{ value = {size},', 1
        )
    table = f"[positive.second]\n{second}\n\n" if second else ""
    path = folder / f"{name}.toml"
    path.write_text(text.replace("[separator]", f"{table}[separator]", 1), encoding="utf-8")
    cell = ssb.load_cell(path).with_options({"mesh": "draft"})
    return cell if second or sizes else cell.with_options({"contact spots": "false"})


def of_two_sizes(folder, size, name="sizes"):
    second = f'"Share of active material [%]" = {entry(30)}\n'
    second += f'"Active material diameter [um]" = {entry(size)}'
    return cell_of(folder, name, "NCM523=75,LPSCl=22,VGCF=3", second)


def of_two_kinds(folder, first, second, sizes, name="kinds"):
    parts = {"NCM523": 50, "LCO": 25}
    mixture = ",".join(f"{one}={parts[one]}" for one in (first, second))
    sizes = [f"{size}.0" for size in sizes]  # each its own, found once
    return cell_of(folder, name, f"{mixture},LPSCl=22,VGCF=3", "", sizes)


def after_an_hour(cell, **how):
    """Volts and the lithium of each kind of a cell that discharges, at C/5 from 80 %."""
    engine = Engine(cell.at_soc(0.8), **how)
    return run(engine, 0.2 * cell.design.one_c, *HELD, longest=HOUR).solution


def test_lithium_and_potential_of_both_at_rest():
    """Of straight curves, by hand: U1 = 4 - x, U2 = 4.2 - 2 x, both as large."""
    x = np.linspace(1e-6, 1 - 1e-6, 2001)
    mean, U, (first, second) = blend.curve_of_both(x, [4 - x, 4.2 - 2 * x], [1.0, 1.0])
    at = np.array([0.3, 0.5, 0.7])  # x2 = 0.1 + x1 / 2, so that x1 = (2 x - 0.1) / 1.5
    by_hand = (2 * at - 0.1) / 1.5
    assert np.interp(at, mean, first) == pytest.approx(by_hand, abs=1e-5)
    assert np.interp(at, mean, second) == pytest.approx(2 * at - by_hand, abs=1e-5)
    assert np.interp(at, mean, U) == pytest.approx(4 - by_hand, abs=1e-5)


def tight(cell):
    """Volts of an hour, as exact as numbers are."""
    solver = SolidStateSolver(rtol=1e-11, atol=1e-13, root_tol=1e-13)
    values = cell.at_soc(0.8).parameter_values
    values["Current function [A]"] = 0.2 * cell.design.one_c * cell.design.area
    simulation = pybamm.Simulation(cell.model(), parameter_values=values, solver=solver)
    times = np.array([0.0, 600.0, 1800.0, HOUR])
    return simulation.solve(times, t_interp=times)["Voltage [V]"].entries


def test_two_classes_of_one_size_and_material_are_one(tmp_path):
    one = cell_of(tmp_path, "one", "NCM523=75,LPSCl=22,VGCF=3")
    two = of_two_sizes(tmp_path, 5)
    assert tight(two) == pytest.approx(tight(one), rel=1e-9)


def test_it_does_not_matter_which_kind_is_named_first(tmp_path):
    one = after_an_hour(of_two_kinds(tmp_path, "NCM523", "LCO", (5, 10)), tolerance=1e-8)
    other = after_an_hour(of_two_kinds(tmp_path, "LCO", "NCM523", (10, 5), "other"), tolerance=1e-8)
    volts = [solution["Voltage [V]"].entries[-1] for solution in (one, other)]
    assert volts[0] == pytest.approx(volts[1], abs=1e-7)
    kinds = [f"Positive electrode {kind} host stoichiometry" for kind in ("first", "second")]
    for name, twin in zip(kinds, kinds[::-1], strict=True):
        assert one[name].entries[-1] == pytest.approx(other[twin].entries[-1], abs=1e-6)


def test_the_lithium_of_both_is_the_charge_that_passed(tmp_path):
    """By the weights of the recipe, densities and lithium of each material's file."""
    cell = of_two_kinds(tmp_path, "NCM523", "LCO", (5, 10))
    solution = after_an_hour(cell)
    lithium = 0.0
    names = ("first", "second")
    for kind, name, weight in zip(cell.design.positive.kinds, names, (0.5, 0.25), strict=True):
        sto = solution[f"Positive electrode {name} host stoichiometry"].entries.ravel()
        density = kind.section["Density [kg.m-3]"]
        most = kind.section["Maximum concentration [mol.m-3]"]
        lithium += 0.1 * weight / density * most * (sto[-1] - sto[0])  # 10 mg cm-2 of all
    assert (density, most) == (5050, 51600)  # of LCO's file
    charge = 0.2 * cell.design.one_c * HOUR
    used = cell.design.positive.utilisation
    assert lithium * used * FARADAY == pytest.approx(charge, rel=2e-5)


def test_slow_kinds_lag_by_their_own_size_diffusivity_and_lithium(tmp_path):
    """Quasi-steady: the surface leads the mean by i R / 5 F D c_max, i of the kind's surface."""
    cell = of_two_kinds(tmp_path, "NCM523", "LCO", (5, 10)).with_values(
        {
            "Positive particle diffusivity fall when full": 0.0,
            "Positive second host diffusivity fall when full": 0.0,
            "Positive particle reference diffusivity [m2.s-1]": 2e-14,
            "Positive second host reference diffusivity [m2.s-1]": 1e-14,
        }
    )
    solution = after_an_hour(cell)
    surface = solution["X-averaged positive particle surface stoichiometry distribution"]
    current = solution[
        "X-averaged positive electrode interfacial current density distribution [A.m-2]"
    ]
    for k, name in enumerate(("first", "second")):
        mean = solution[f"Positive electrode {name} host stoichiometry"].entries.ravel()[-1]
        lead = surface.entries[k, -1] - mean
        kind = cell.design.positive.kinds[k]
        place = ("Positive particle", "Positive second host")[k]
        D = cell.evaluate(f"{place} reference diffusivity [m2.s-1]")
        D /= cell.evaluate(f"{place} diffusion length ratio") ** 2
        i = -current.entries[k, -1]
        most = kind.section["Maximum concentration [mol.m-3]"]
        assert lead == pytest.approx(i * kind.diameter / 2 / (5 * FARADAY * D * most), rel=0.03)


def test_the_finer_kind_gives_more_where_diffusion_counts(tmp_path):
    cell = of_two_sizes(tmp_path, 15)
    slow, fast = (ssb.discharge(cell, rate) for rate in (0.05, 2.0))
    name = "Positive electrode first host share of charge"
    assert slow.row[name] == pytest.approx(0.7, abs=0.02)
    assert fast.row[name] > slow.row[name] + 0.05
    assert "NCM523 of 15 um" in fast.text


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ("", "Share of active material"),
        (f'"Share of active material [%]" = {entry(130)}', "above 0 and below 1"),
        ('active_material = "LCO"', "'LCO' is missing from the mixture"),
        (f'"Porosity" = {entry(0.1)}', "unknown key"),
    ],
)
def test_what_a_blend_lacks_is_said(tmp_path, second, told):
    text = second or f'"Active material diameter [um]" = {entry(9)}'
    with pytest.raises(SolidStateError, match=told):
        cell_of(tmp_path, "wrong", "NCM523=75,LPSCl=22,VGCF=3", text)


def test_a_blend_is_told_as_beyond_what_was_validated_and_cycles(tmp_path):
    cell = of_two_kinds(tmp_path, "NCM523", "LCO", (5, 10))
    assert "NCM523 and LCO in one electrode" in " ".join(ssb.discharge(cell, 1.0).minded)
    again = ssb.cycle(cell, 2, 1.0)
    assert not again.failed


def test_a_half_cell_keeps_both_kinds(tmp_path):
    of_two_kinds(tmp_path, "NCM523", "LCO", (5, 10))
    ssb.half_cell(tmp_path / "kinds.toml", tmp_path / "half.toml")
    half, whole = (ssb.load_cell(tmp_path / f"{name}.toml") for name in ("half", "kinds"))
    for name in ("mass", "capacity", "diameter"):
        both = [
            [getattr(kind, name) for kind in cell.design.positive.kinds] for cell in (half, whole)
        ]
        assert both[0] == both[1]


def test_fine_and_coarse_grains_offer_the_surface_of_both(tmp_path):
    text = cell_text(Known(composition="NCM523=75,LPSCl=22,VGCF=3", loading=10.0), "g", "t")
    size = '"Electrolyte grain size [um]" = { value = 3,'
    two = f'"Second electrolyte grain size [um]" = {entry(30)}\n'
    two += f'"Share of second grain size [%]" = {entry(60)}\n'
    cells = {}
    for name, more in (("one", ""), ("two", two), ("half", two.splitlines()[0] + "\n")):
        path = tmp_path / f"{name}.toml"
        path.write_text(text.replace(size, more + size, 1), encoding="utf-8")
        if name == "half":
            with pytest.raises(SolidStateError, match="give 'Share of second grain size'"):
                ssb.load_cell(path)
            continue
        cells[name] = ssb.load_cell(path)
    fine, both = (cells[name].design.positive for name in ("one", "two"))
    by_hand = 0.4 * fine.surface_offered + 0.6 * fine.surface_offered / 10
    assert both.surface_offered == pytest.approx(by_hand, rel=1e-12)
    grains = "Positive electrode solid electrolyte grain size [m]"
    assert cells["two"].evaluate(grains) == pytest.approx(3e-6 / (0.4 + 0.06))
    assert both.coverage_ceiling < fine.coverage_ceiling
    assert both.ionic_threshold > fine.ionic_threshold
    finer = cells["two"].with_recipe({"positive: Share of second grain size [%]": 20})
    assert finer.evaluate(grains) < cells["two"].evaluate(grains)
