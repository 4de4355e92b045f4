"""A kind of negative electrode of one's own: a choice of the model, a form of the file."""

import pytest

import ssb_model as ssb
from ssb_model.errors import CellFileError, InputError
from ssb_model.parameters.library import cell_path

ANODE = '''
import ssb_model as ssb
from ssb_model.quantities.declared import ELECTRODE, Declared, Default
from ssb_model.submodels.anodes import Foil
from ssb_model.submodels.planar import FoilReservoir


class Leaking(FoilReservoir):
    def set_rhs(self, variables):
        import pybamm

        super().set_rhs(variables)
        leak = pybamm.Parameter("Negative electrode leak [s-1]")
        self.rhs = {sto: rate - leak * sto for sto, rate in self.rhs.items()}


class Sponge(Foil):
    """A foil half as full."""

    name = "sponge"
    lithium = Leaking
    constants = (
        Declared(
            "Leak [s-1]",
            "How fast lithium is lost.",
            of=("foil",),
            at=(ELECTRODE,),
            default=Default(1e-6, "assumed", "a kind of one's own"),
        ),
    )

    def made(self, section, nominal_capacity):
        thickness, c_max = super().made(section, nominal_capacity)
        return thickness, c_max / 2


ssb.register(Sponge)
'''


@pytest.fixture
def path(tmp_path):
    (tmp_path / "sponge.py").write_text(ANODE, encoding="utf-8")
    text = cell_path("NCM811_LPSCl_Li").read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(text.replace('form = "foil"', 'form = "sponge"'), encoding="utf-8")
    return path


def test_it_runs(path):
    with pytest.raises(CellFileError, match="'sponge' is not known"):
        ssb.load_cell(path)
    ssb.load_extension(path.parent / "sponge.py")
    cell, like = ssb.load_cell(path), ssb.load_cell("NCM811_LPSCl_Li")
    assert cell.options["negative electrode"] == "sponge"
    assert cell.design.negative.c_max == like.design.negative.c_max / 2
    assert cell.evaluate("Negative electrode leak [s-1]") == 1e-6
    slow, fast = (
        ssb.discharge(
            cell.with_options({"mesh": "draft"}).with_values(
                {"Negative electrode leak [s-1]": leak}
            ),
            0.5,
        )
        for leak in (1e-9, 1e-6)
    )
    assert not slow.failed
    end = [float(run.data["Negative electrode stoichiometry"][-1]) for run in (slow, fast)]
    assert end[0] > end[1]
    with pytest.raises(InputError, match="is a sponge; another one is a cell of its own"):
        cell.model({"negative electrode": "foil"})


def test_mistakes(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(ANODE.replace('"sponge"', '"foil"'), encoding="utf-8")
    with pytest.raises(InputError, match="'foil' is there already"):
        ssb.load_extension(path)
