"""The bar of long work: on a terminal, nothing elsewhere, every item passed on."""

import sys

from ssb_model.progress import progress


def test_quiet_where_nobody_looks(capsys):
    assert list(progress(range(3), 3, "counting")) == [0, 1, 2]
    assert capsys.readouterr().err == ""


def test_a_bar_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert list(progress(range(3), 3, "counting")) == [0, 1, 2]
    shown = capsys.readouterr().err
    assert "counting" in shown
    assert "3/3" in shown
    assert shown.endswith("\n")
