"""The sample data: there, of the kind they are said to be, and said to be simulated."""

import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.measured.kinds import kind_of
from ssb_model.verbs.samples import FILES, folder


@pytest.mark.parametrize("name", FILES)
def test_each_is_what_it_is_said_to_be(name):
    kind, maker, _ = FILES[name]
    path = folder() / name
    if kind == "cell":
        assert ssb.load_cell(path).entries["Upper voltage cut-off [V]"].value == pytest.approx(
            3.678
        )
        return
    assert kind_of(path) == kind
    if kind == "record":
        assert ssb.read_record(path).kind == maker
    if not name.endswith(".bdf.csv"):  # which holds a table alone
        assert "simulated" in path.read_text(encoding="utf-8")[:400]


def test_nothing_else_lies_there():
    assert {path.name for path in folder().iterdir()} == set(FILES)


def test_copies(tmp_path, capsys):
    assert main(["samples", "--to", str(tmp_path / "tried")]) == 0
    assert "none is measured" in capsys.readouterr().out
    assert {path.name for path in (tmp_path / "tried").iterdir()} == set(FILES)
    assert main(["samples", "--to", str(tmp_path / "tried")]) == 2
    assert "is there already" in capsys.readouterr().err


def test_the_pressure_that_was_measured():
    pressure = ssb.read_record(folder() / "pressure.bdf.csv").table["Stack pressure [Pa]"]
    assert pressure.min() == pytest.approx(50e6, rel=2e-3)
    assert pressure.max() > 50.4e6


def test_what_is_typed_too_much_names_the_help_of_the_command(capsys):
    with pytest.raises(SystemExit):
        main(["samples", "somewhere"])
    assert "'ssb samples --help' shows" in capsys.readouterr().err
