"""A contact law with a constant of its own, as one file outside the package: all verbs know it."""

import json
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import ssb_model as ssb
from ssb_model import extensions
from ssb_model.cli import main
from ssb_model.errors import InputError
from ssb_model.models.options import own_options

A = "NCM811_LPSCl_Si"
POWER = "Positive electrode contact power"
LAW = '''
import ssb_model as ssb
from ssb_model.submodels.contact_laws import Constant, PressureLaw


class Power(PressureLaw):
    """Contact as a power of the pressure there is over the highest there was."""

    name = "power"
    constants = (
        Constant(
            "Contact power",
            "exponent",
            "How contact falls with pressure.",
            default=(0.2, "assumed", "a law of one's own", (0.1, 0.3)),
        ),
    )

    def relative_contact(self, pressure, highest, constants):
        return (pressure / highest) ** constants.exponent


ssb.register(Power)
'''
WITH = ["--option", "contact=power", "--option", "mesh=draft"]


@pytest.fixture
def law(tmp_path):
    path = tmp_path / "power.py"
    path.write_text(LAW, encoding="utf-8")
    ssb.load_extension(path)
    return path


@pytest.fixture
def cell(law):
    return ssb.load_cell(A).with_options({"contact": "power", "mesh": "draft"})


def contact(result):
    return float(result.data["Positive electrode contact fraction"][-1])


def test_the_model_follows_it(cell):
    """Contact fraction is the ceiling times the law, at the pressure held."""
    ceiling = cell.evaluate("Positive electrode coverage ceiling")
    for pressure, exponent in ((5e6, 0.2), (2e6, 0.2), (5e6, 0.3)):
        made = cell.with_values({POWER: exponent})
        found = contact(ssb.discharge(made, 0.2, stack_pressure=pressure))
        assert found == pytest.approx(ceiling * (pressure / 500e6) ** exponent, rel=1e-9)
        assert made.contact_fraction("Positive") == pytest.approx(
            ceiling * (5e6 / 500e6) ** exponent
        )


def test_its_constant_is_declared_everywhere(cell, law):
    assert own_options()["contact"][-2:] == ["power", "constant"]
    entry = cell.entries[POWER]
    assert (entry.value, entry.kind, entry.range) == (0.2, "assumed", (0.1, 0.3))
    with pytest.raises(InputError, match="must be positive"):
        cell.with_values({POWER: -1.0})
    assert cell.with_recipe({"NCM811: Contact power": 0.25}).evaluate(POWER) == 0.25
    # set while another law is in force, it takes this one and says so
    follows = ssb.load_cell(A).with_values({POWER: 0.25})
    assert follows.options["contact"] == ("memory", "power")
    assert follows.title.endswith("option contact = memory,power")
    # a law that is not chosen draws nothing
    from ssb_model.studies.draws import draws_of

    assert "NCM811: Contact power" in draws_of(cell, 2)
    assert "NCM811: Contact power" not in draws_of(ssb.load_cell(A), 2)


def test_a_material_gives_it_in_one_line(law, tmp_path):
    from ssb_model.parameters.library import cell_path, data_folder

    text = (data_folder() / "materials" / "NCM811.toml").read_text(encoding="utf-8")
    line = '"Contact power" = { value = 0.15, class = "fitted", source = "mine" }\n'
    (tmp_path / "NCM811.toml").write_text(text + line, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(cell_path(A).read_text(encoding="utf-8"), "utf-8")
    cell = ssb.load_cell(tmp_path / "mine.toml")
    assert (cell.evaluate(POWER), cell.entries[POWER].kind) == (0.15, "fitted")
    assert cell.evaluate("Separator contact power") == 0.2


def test_verbs_in_python(cell):
    rates = ssb.rate_test(cell, [0.1, 0.2])
    assert not rates.failed
    steps = ssb.pressure_steps(cell, [5e6, 2e6])
    assert not steps.failed
    spectra = ssb.impedance(cell, 0.5, 5e6, frequencies=[1e3, 1.0])
    assert not spectra.failed
    swept = ssb.sweep(cell, {POWER: [0.1, 0.2]})
    assert not swept.failed


def test_verbs_from_the_shell(law, tmp_path, capsys):
    def run(*words):
        code = main(list(words))
        told = capsys.readouterr()
        assert code == 0, told.err
        return told.out

    assert "How contact falls with pressure." in run("show", A)
    run("discharge", A, *WITH, "--c-rate", "0.2")
    run("rate-test", A, *WITH, "--c-rates", "0.1,0.2")
    run("pressure-steps", A, *WITH, "--steps", "5,2")
    run("impedance", A, *WITH, "--soc", "0.5", "--json", str(tmp_path / "eis.json"))
    run("sweep", A, *WITH, "--over", f"{POWER}=0.1,0.2", "--c-rate", "0.2")
    drawn = ["min-pressure", A, *WITH, "--c-rate", "0.1", "--keep", "0.8", "--samples", "8"]
    run(*drawn, "--range", "NCM811: Contact power", "--out", str(tmp_path))
    draws = pd.read_csv(tmp_path / "min_pressure.draws.csv")
    assert draws["NCM811: Contact power"].between(0.1, 0.3).all()


def test_a_fit_finds_its_constant(cell, tmp_path, capsys):
    (spectrum,) = ssb.impedance(
        cell.with_values({POWER: 0.22}), 0.5, 3e6, frequencies=np.logspace(5, -2, 12)
    ).spectra
    Z, path = spectrum.impedance["cell"], tmp_path / "eis.csv"
    columns = {"Z_re [Ohm cm2]": Z.real, "Z_im [Ohm cm2]": Z.imag}
    pd.DataFrame({"Frequency [Hz]": spectrum.frequency, **columns}).to_csv(path, index=False)
    command = ["fit", A, *WITH, "--data", f"{path},pressure=3,soc=0.5,noise=1", "--no-profile"]
    assert main([*command, "--vary", POWER, "--json", "-"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["estimates"]
    assert found["value"] == pytest.approx(0.22, rel=0.01)


def test_worker_processes_know_it(cell):
    swept = ssb.sweep(cell, {POWER: [0.1, 0.2]}, workers=2)
    assert not swept.failed
    assert pickle.loads(pickle.dumps(cell)).model_options["contact"] == "power"


def test_from_the_shell_with_the_file_named(tmp_path, capsys):
    path = tmp_path / "power.py"
    path.write_text(LAW, encoding="utf-8")
    command = ["discharge", A, "--option", "mesh=draft", "--c-rate", "0.2"]
    assert main([*command, "--with", str(path), "--set", f"{POWER}=0.3"]) == 0
    told = capsys.readouterr()
    assert f"Changed    {POWER} = 0.3" in told.out
    assert "Option     contact = memory,power" in told.err


def test_another_process_knows_it_by_the_environment(law):
    script = "from ssb_model.models.options import own_options; print(own_options()['contact'])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "'power'" in done.stdout


def test_its_numbers_are_of_its_text(cell, law, monkeypatch):
    """A journal does not go on where the law was rewritten."""
    from ssb_model.cell.saving import cell_identity

    before = cell_identity(cell)
    law.write_text(LAW.replace('exponent",', 'exponent",  # rewritten'), encoding="utf-8")
    assert cell_identity(cell) != before
    assert "contact law power" not in cell_identity(ssb.load_cell(A))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("import nothing_of_that_name", "line 1: ModuleNotFoundError"),
        ("def (", "line 1: SyntaxError"),
        ("x = 1", "adds nothing: call ssb_model.register"),
        (LAW.replace('name = "power"', 'name = "plastic"'), "'plastic' is there already"),
        (LAW.replace("default=(0.2,", "default=None and (0.2,"), "has no default"),
        (LAW.replace("default=(0.2,", "default=(-0.2,"), "must be positive"),
        (LAW.replace("(0.1, 0.3)", "(0.3, 0.4)"), "leaves out its default"),
        (LAW.replace("ssb.register(Power)", "ssb.register(3)"), "cannot be registered"),
    ],
)
def test_mistakes_are_one_line(tmp_path, text, complaint):
    path = tmp_path / "mine.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=complaint) as refused:
        ssb.load_extension(path)
    assert str(refused.value).startswith("mine.py")
    assert "\n" not in str(refused.value)
    assert "power" not in own_options()["contact"]


def test_a_name_that_is_taken(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(LAW.replace("Contact power", "Film exponent"), encoding="utf-8")
    ssb.load_extension(path)
    with pytest.raises(InputError, match="is a parameter already"):
        ssb.load_cell(A)


def test_registered_twice_is_once_and_another_is_refused(law, tmp_path):
    ssb.load_extension(law)
    other = tmp_path / "other.py"
    other.write_text(LAW, encoding="utf-8")
    with pytest.raises(InputError, match="'power' is there already"):
        ssb.load_extension(other)


class Entry:
    name = "mine"

    @staticmethod
    def load():
        raise ImportError("no such module")


def test_an_entry_point_that_fails_is_named(monkeypatch):
    monkeypatch.setattr(extensions, "entry_points", lambda group: [Entry])
    with pytest.raises(InputError, match="entry point 'mine' of ssb_model_laws fails"):
        own_options()
