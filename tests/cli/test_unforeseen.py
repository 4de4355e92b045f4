"""What nobody foresaw: one line, a file with the details, nothing lost."""

import tempfile
from pathlib import Path

import pytest

from ssb_model.cli import main


@pytest.mark.parametrize(
    "fault", [TypeError("a\nb \x1b[2J"), RecursionError(), KeyError("x" * 5000)]
)
def test_a_fault_is_one_line_and_a_file(fault, monkeypatch, tmp_path, capsys):
    def fail(*_, **__):
        raise fault

    monkeypatch.setattr("ssb_model.verbs.show.cells", fail)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "details"))
    (tmp_path / "details").mkdir()
    assert main(["cells"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err[:-1].isprintable()
    (path,) = Path(tmp_path / "details").iterdir()
    assert str(path) in err
    told = path.read_text(encoding="utf-8")
    assert type(fault).__name__ in told
    assert "ssb 'cells'" in told
    assert "pybamm 2" in told


def test_no_room_for_the_details(monkeypatch, capsys):
    def fail(*_, **__):
        raise TypeError

    monkeypatch.setattr("ssb_model.verbs.show.cells", fail)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    assert main(["cells"]) == 1
    assert "found no room" in capsys.readouterr().err
