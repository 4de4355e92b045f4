"""A contact law of one's own that remembers: two kinds of bonds, each with a hold of its own."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.errors import InputError

LAW = '''
import numpy as np
import ssb_model as ssb
from ssb_model.submodels.contact_laws import Constant, MemoryLaw


class TwoBonds(MemoryLaw):
    """Weak and strong bonds, each kept in part below its own pressure and made by the highest."""

    name = "two bonds"
    constants = (
        Constant("Weak hold [Pa]", "weak", "Pressure weak bonds hold to.",
                 default=(4e6, "assumed", "mine", (2e6, 6e6))),
        Constant("Strong hold [Pa]", "strong", "Pressure strong bonds hold to.",
                 default=(1e6, "assumed", "mine")),
    )
    states = ("highest pressure [Pa]", "weak bonds", "strong bonds")

    def just_pressed(self, pressure, constants):
        return pressure, 1.0, 1.0

    def after(self, history, pressure, constants):
        highest, weak, strong = history
        return (
            np.maximum(highest, pressure),
            np.minimum(weak, pressure / constants.weak),
            np.minimum(strong, pressure / constants.strong),
        )

    def relative_contact(self, history, constants):
        highest, weak, strong = history
        return 0.2 + 0.4 * weak + 0.4 * strong

    def rates(self, history, around, constants):
        ends = self.after(history, around.pressure, constants)
        return tuple(end - now for end, now in zip(ends, history))

    def parts(self, history, pressure, constants):
        return {"weak": 0.4 * history[1]}

    def events(self, history, constants):
        return {"weak bonds gone": history[1] - 0.1}


ssb.register(TwoBonds)
'''


@pytest.fixture
def cell(tmp_path):
    path = tmp_path / "two_bonds.py"
    path.write_text(LAW, encoding="utf-8")
    ssb.load_extension(path)
    return ssb.load_cell("NCM811_LPSCl_Si").with_options({"contact": "two bonds", "mesh": "draft"})


def contact(result):
    ceiling = result.cell_after.evaluate("Positive electrode coverage ceiling")
    return np.asarray(result.data["Positive electrode contact fraction"]) / ceiling


def test_histories_of_its_own_states(cell):
    assert cell.evaluate("Positive electrode initial weak bonds") == 1
    assert contact(ssb.discharge(cell, 0.2, stack_pressure=8e6))[-1] == pytest.approx(1)
    low = ssb.discharge(cell, 0.2, stack_pressure=2e6)
    assert contact(low)[-1] == pytest.approx(0.2 + 0.4 * 0.5 + 0.4, rel=1e-6)
    # pressed again after a run: what was lost stays lost, a lower pressure takes more
    state = low.cell_after
    vector = {p: state.press(p).state.solution.y[:, -1] for p in (8e6, 5e5)}
    assert not np.array_equal(vector[8e6], vector[5e5])
    again = ssb.discharge(low.cell_after.press(8e6), 0.2, stack_pressure=8e6)
    assert contact(again)[-1] == pytest.approx(0.2 + 0.4 * 0.5 + 0.4, rel=1e-6)


def test_a_fresh_cell_pressed(cell):
    pressed = cell.press(2e6)
    assert pressed.evaluate("Positive electrode initial weak bonds") == 0.5
    assert pressed.evaluate("Separator initial strong bonds") == 1
    assert pressed.contact_fraction("Positive") == pytest.approx(
        0.8 * cell.evaluate("Positive electrode coverage ceiling")
    )
    with pytest.raises(InputError, match="between 0 and 1"):
        cell.with_values({"Positive electrode initial weak bonds": 2.0})


def test_its_event_ends_a_run(cell):
    """Weak bonds fall below a tenth under 0.4 MPa: the run says so by the event's name."""
    held = cell.with_pressure_profile([0, 1e3, 2e3], [5e6, 5e6, 2e5])
    ended = ssb.discharge(held, 0.05)
    assert ended.failed
    assert "weak bonds gone" in str(ended.row["Detail"])
