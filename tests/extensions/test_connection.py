"""Particles that lose their last contact leave the cell with their lithium, and bring it back."""

import numpy as np
import pandas as pd
import pybamm
import pytest

import ssb_model as ssb
from ssb_model.cell.numbers import StateVector
from ssb_model.cli import main
from ssb_model.engine.engine import Engine, Step
from ssb_model.engine.reading import read_last
from ssb_model.errors import InputError

A, GRAPHITE = "NCM811_LPSCl_Si", "NCM523_LPSCl_Graphite"
LAW = '''
import numpy as np
import pybamm

import ssb_model as ssb
from ssb_model.submodels.contact_laws import Constant, MemoryLaw


class Prescribed(MemoryLaw):
    """Loosened from the start on, mated again in part from a time on; pressing mates some."""

    name = "prescribed"
    constants = tuple(
        Constant(name, symbol, "Prescribed.", default=(value, "assumed", "a test"))
        for name, symbol, value in (
            ("Loosened first", "first", 0.9),
            ("Loosened then", "then", 0.6),
            ("Time of mating [s]", "turn", 1e9),
            ("Contact kept", "kept", 1.0),
        )
    )
    states = ("highest pressure [Pa]", "loosened share")

    def just_pressed(self, pressure, constants):
        return pressure, 0.0

    def after(self, history, pressure, constants):
        return np.maximum(history[0], pressure), history[1] * np.exp(-pressure / 1e8)

    def relative_contact(self, history, constants):
        return constants.kept + (1 - constants.kept) * (1 - history[1])

    def rates(self, history, around, constants):
        aim = constants.first + (constants.then - constants.first) * (pybamm.t > constants.turn)
        return 0 * history[0], (aim - history[1]) / 30

ssb.register(Prescribed)
'''
SIDES = ("Positive", "Negative")
PLACE = "Positive electrode "
OFF = "Loss of lithium due to loss of active material in {} electrode [mol]"


@pytest.fixture
def law(tmp_path):
    path = tmp_path / "prescribed.py"
    path.write_text(LAW, encoding="utf-8")
    ssb.load_extension(path)
    return path


def made(name=A, constants=None, **options):
    """A cell whose positive electrode follows the law, on the draft mesh."""
    choices = {"contact": ("memory", "prescribed"), "connection": ("constant", "patches")}
    cell = ssb.load_cell(name).with_options({"mesh": "draft"} | choices | options)
    numbers = {"coverage ceiling": 0.1} | (constants or {})
    return cell.with_values({PLACE + key: value for key, value in numbers.items()})


def at(cell, current=0.0, start=None, longest=600.0, pressure=5e6):
    """Where a step of constant current leaves the cell."""
    engine = start.engine if start else Engine(cell, tolerance=1e-6)
    current = current * cell.evaluate("Nominal cell capacity [A.h]")
    step = Step(pressure, 298.15, current, start=start, longest=longest)
    (segment,) = engine.run([step])
    assert segment.solution is not None
    return segment.state


def of(state, *names):
    """Averages over the electrode, which is even at no or small currents."""
    values = read_last(state.solution, names)
    return [float(np.mean(values[name])) for name in names]


SHARE = "X-averaged positive electrode connected share"
STO = "Positive electrode stoichiometry"
GONE = PLACE + "cut-off concentration [mol.m-3]"


@pytest.mark.parametrize("patches", [3, 5])
def test_all_leave_with_their_last_contact(law, patches):
    """The share is 1 - w**N, surface follows it, contact of those left makes up for it."""
    cell = made(constants={"contact patches per particle": patches, "loosened first": 0.7}).at_soc(
        0.5
    )
    before, after = at(cell, longest=1e-3), at(cell)
    names = (
        SHARE,
        PLACE + "surface area to volume ratio [m-1]",
        PLACE + "contact fraction",
        PLACE + "interface resistance [Ohm.m2]",
        STO,
    )
    share, surface, contact, resistance, sto = of(after, *names)
    _, surface_0, contact_0, resistance_0, sto_0 = of(before, *names)
    assert share == pytest.approx(1 - 0.7**patches, rel=1e-4)
    assert surface / surface_0 == pytest.approx(share, rel=1e-4)
    assert contact * surface == pytest.approx(contact_0 * surface_0, rel=1e-4)
    assert resistance == pytest.approx(resistance_0, rel=1e-4)  # arcs see contact once
    assert sto == pytest.approx(sto_0, rel=1e-6)  # those that stay are as full as before


def test_capacity_falls_and_resistance_stays(law):
    """Half of the particles gone at no contact lost: half of a slow capacity, the same arcs."""
    ran = {}
    for loosened in (1e-6, 0.5**0.25):
        cell = made("NCM811_LPSCl_Li", constants={"loosened first": loosened})
        rested = at(cell, longest=600.0)
        (resistance,) = of(rested, PLACE + "interface resistance [Ohm.m2]")
        (segment,) = rested.engine.run(
            [Step(5e6, 298.15, 0.02 * cell.evaluate("Nominal cell capacity [A.h]"), start=rested)]
        )
        ran[loosened] = (resistance, float(segment.solution.t[-1] - segment.solution.t[0]))
    (whole, long), (half, short) = ran.values()
    assert half == pytest.approx(whole, rel=1e-4)
    assert short / long == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("particle", ["Fickian diffusion", "uniform profile", "quartic profile"])
@pytest.mark.parametrize("how", ["in time", "pressed"])
def test_they_bring_back_what_they_left_with(law, particle, how):
    """Leave at x0, return when the others are at x1: (z1 x1 + (z2 - z1) x0) / z2."""
    spots = "true" if particle == "Fickian diffusion" else "false"
    cell = made(
        constants={"time of mating [s]": 3e4} if how == "in time" else {},
        particle=("Fickian diffusion", particle),
        **{"contact spots": ("true", spots)},
    )
    left = at(cell)
    z1, x0 = of(left, SHARE, STO)
    filled = at(cell, current=0.1, start=left, longest=3600.0)
    even = at(cell, start=filled, longest=2e4)
    (x1,) = of(even, STO)
    assert x1 > x0 + 0.1
    c_max = cell.evaluate("Maximum concentration in positive electrode [mol.m-3]")
    (gone,) = of(even, GONE)
    assert gone / c_max == pytest.approx(x0, rel=1e-3)  # those cut off keep their lithium
    if how == "in time":
        back = at(cell, start=even, longest=2e4)
    else:
        back = even.press(50e6, cell.contact_laws)
    z2, x2, gone = of(back, SHARE, STO, GONE)
    assert z2 > z1 + 0.2
    assert x2 == pytest.approx((z1 * x1 + (z2 - z1) * x0) / z2, rel=1e-3)
    assert gone / c_max == pytest.approx(x0, rel=1e-2)


@pytest.mark.parametrize("name", [A, GRAPHITE])
def test_no_lithium_is_lost(law, name):
    """Of cell and cut-off particles together: leaving, returning, pressed again, under current."""
    both = name == GRAPHITE
    choices = {"cracking": "per cycle strain", "film": "growing"}
    choices |= {"contact": "prescribed", "connection": "patches"} if both else {}
    cell = made(name, constants={"time of mating [s]": 2000.0}, **choices)
    electrodes = ("positive", "negative") if both else ("positive",)
    names = ["Total lithium [mol]", *(OFF.format(each) for each in electrodes)]
    found, shares = [], []
    state = None
    for current, pressure in ((0.2, 5e6), (0.2, 5e6), (-0.1, 60e6), (0.1, 5e6)):
        state = at(cell, current, state, 1200.0, pressure)
        found.append([float(value[0]) for value in read_last(state.solution, names).values()])
        shares += of(state, SHARE)
        whole = state.solution
        totals = sum(np.ravel(whole[each].entries) for each in names)
        assert np.ptp(totals) < 1e-9 * totals[0]
    assert shares[0] < 0.6 < shares[2]
    total = np.array(found).sum(axis=1)
    assert np.ptp(total) < 1e-9 * total[0]
    assert np.min(np.array(found)[:, 1:]) > 1e-3 * total[0]


def test_it_goes_along_to_another_mesh(law):
    """What is cut off is carried, and nothing of the total lost."""
    cell = made(constants={"loosened first": 0.9, "contact kept": 0.2})
    state = at(cell, current=0.3, longest=3600.0)
    fine = Engine(cell.with_options({"mesh": "graded"})).carried(state, 298.15)
    names = ("Total lithium [mol]", OFF.format("positive"), SHARE)
    (total, off, share), (total_0, off_0, share_0) = of(fine, *names), of(state, *names)
    assert off_0 > 0.01 * total_0
    assert total + off == pytest.approx(total_0 + off_0, rel=1e-9)
    assert off == pytest.approx(off_0, rel=1e-3)
    assert share == pytest.approx(share_0, rel=1e-6)


def test_what_a_run_begins_with(law):
    """Loosened before the run: what is cut off holds as much lithium as the rest."""
    cell = made(constants={"initial loosened share": 0.9}).at_soc(0.3)
    state = Engine(cell).at_rest(Step(5e6, 298.15))
    share, sto, gone = of(state, SHARE, STO, GONE)
    assert cell.model_options["contact"] == ("memory", "prescribed")  # both have such a share
    assert share == pytest.approx(1 - (0.9 * np.exp(-0.05)) ** 4)
    c_max = cell.evaluate("Maximum concentration in positive electrode [mol.m-3]")
    assert gone / c_max == pytest.approx(sto, rel=1e-9)


def test_cycles_from_the_shell_and_their_journal(law, tmp_path, capsys):
    words = ["--with", str(law), "--c-rate", "0.5", "--impedance-every", "3", "--option"]
    words += ["contact=prescribed", "--option", "connection=patches", "--option", "mesh=draft"]
    words += ["--option", "film=growing", "--option", "cracking=per cycle strain"]

    def run(cycles, folder):
        command = ["cycle", A, *words, "--cycles", str(cycles), "--out", str(tmp_path / folder)]
        assert main(command) == 0, capsys.readouterr().err
        return pd.read_csv(tmp_path / folder / "cycle.csv")

    run(2, "in two parts")
    parts, whole = run(3, "in two parts"), run(3, "whole")
    assert whole["Positive electrode connected share"].between(0.3, 0.4).all()
    numbers = whole.select_dtypes("number").columns
    assert np.allclose(parts[numbers], whole[numbers], rtol=1e-9, equal_nan=True)


def test_mistakes(law):
    with pytest.raises(InputError, match="'contact': 'plastic' does not tell"):
        ssb.load_cell(A).with_options({"contact": "plastic", "connection": ("constant", "patches")})
    with pytest.raises(InputError, match="has no particles"):
        made(connection=("patches", "constant"))
    with pytest.raises(InputError, match="particle-size distribution"):
        made(**{"particle size": "distribution", "contact spots": "false"})
    with pytest.raises(InputError, match="at least 1"):
        made(constants={"contact patches per particle": 0.5})


def test_they_stay_unless_asked(law):
    cell = ssb.load_cell(A).with_options({"mesh": "draft"})
    state = Engine(cell).at_rest(Step(5e6, 298.15))
    model = state.solution.all_models[-1]
    assert PLACE + "connected share" not in StateVector(model, state.solution.y[:, -1])
    assert isinstance(
        cell.model().submodels["positive primary particle"], pybamm.particle.FickianDiffusion
    )
