"""A few of the cells that ``python -m tests.random_cells`` draws by the hundred."""

import pybamm
import pytest

from ssb_model.engine.engine import INPUTS
from ssb_model.engine.form import simulation
from tests.random_cells import draw, judge, made

HARD = (6, 15, 28, 140, 185)  # each once ended for no reason of the cell's


@pytest.mark.filterwarnings("ignore:invalid value encountered in divide")  # xarray, at one instant
@pytest.mark.parametrize("seed", [*HARD, *range(1000, 1003)])
def test_solves_or_says_why(seed):
    judged = judge(seed)
    assert not judged.failure
    assert judged.outcomes


def test_a_run_that_fails_spoils_no_other():
    """The solver stays what it was for the runs after a current that this cell cannot take."""
    drawn = draw(15)
    cell = made(drawn).at_soc(0)
    built = simulation(cell, cell.model(), INPUTS)
    current = -drawn.rate * cell.design.nominal_capacity / 3600
    inputs = (drawn.pressure, drawn.temperature)

    def capacity(share):
        values = dict(zip(INPUTS, (share * current * cell.design.area, *inputs), strict=True))
        return built.solve([0, 1e5], inputs=values).t[-1]

    before = capacity(1e-4)
    with pytest.raises(pybamm.SolverError, match="input set 0"):
        capacity(1.0)
    assert capacity(1e-4) == pytest.approx(before, rel=1e-9)
