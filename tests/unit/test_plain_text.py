"""What is printed steers no terminal; what is drawn is drawn as it stands; CSV computes nothing."""

import io
import os
import warnings

import pandas as pd
import pytest
import xarray as xr
from matplotlib import font_manager

import ssb_model as ssb
from ssb_model.errors import plain
from ssb_model.figures import drawing
from ssb_model.figures.scales import head
from ssb_model.parameters.library import data_folder
from ssb_model.system.saving import csv_bytes, figure_bytes, netcdf_bytes

STRANGE = ["$x_{", "$\\frac{a$", "5 $ and 6 $", "a\\$b$", "$", "\udcff", "\x1b[2J\x07", "中文$한$"]
BYTES = os.fsdecode(b"b\xff")


def drawn(words):
    """A figure with words wherever data have some, drawn without a warning."""
    figure = drawing.Figure((4, 3), layout="constrained")
    axes = figure.subplots()
    axes.plot([1, 2], [1, 2], label=words)
    axes.legend(title=words)
    axes.set_xlabel(f"{words} / $\\Omega$ cm$^{{-2}}$")
    axes.set_xticks([1, 2], [words, "b"])
    axes.annotate(words, (1, 1))
    axes.set_yscale("log")
    head(figure, words)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in ("png", "svg"):
            figure.savefig(io.BytesIO(), format=name)
        figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
    return figure


@pytest.mark.parametrize("words", STRANGE)
def test_anything_is_drawn(words, capfd):
    drawn(words)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("words", ["$x_{", "5 $ and 6 $", "a\\$b$", "$\\alpha$"])
def test_a_dollar_is_one(words):
    """As matplotlib splits it: no formula in it, and the same letters."""
    text = drawn(words)._suptitle
    shown, formula = text._preprocess_math(text.get_text())
    assert (shown.replace("\xa0", " "), formula) == (words, False)


def test_units_stay_formulas():
    assert drawing.literal("R / $\\Omega$ cm$^{-2}$") == "R / $\\Omega$ cm$^{-2}$"
    assert drawing.literal("$a R / $\\Omega$ cm$^2$") == "\\$a R / $\\Omega$ cm$^2$"


def test_letters_of_another_font(monkeypatch):
    """DejaVu Serif has letters that the usual font is made to miss here."""
    path = font_manager.findfont("DejaVu Serif")
    monkeypatch.setattr(drawing, "_candidates", lambda: [("DejaVu Serif", path)])

    class Few:
        def get_char_index(self, letter):
            return 0

    real = font_manager.get_font
    usual = font_manager.findfont("DejaVu Sans")
    monkeypatch.setattr(
        drawing.font_manager, "get_font", lambda of: Few() if of == usual else real(of)
    )
    drawing.fonts_for.cache_clear()
    assert drawing.fonts_for(frozenset("Ж")) == ("DejaVu Serif",)
    assert drawing.fonts_for(frozenset("中")) == ()
    drawing.fonts_for.cache_clear()


def test_control_characters():
    assert plain("a\x1b[31mb\x07c\u202ed\ne") == "a [31mb c d\ne"
    assert plain(BYTES) == "b\\udcff"


def test_a_cell_whose_words_steer(tmp_path, capsys):
    text = (data_folder() / "cells" / "NCM811_LPSCl_Si.toml").read_text(encoding="utf-8")
    path = tmp_path / f"{BYTES}.toml"
    path.write_text(text.replace('title = "', 'title = "\\u001b]0;x\\u0007 $x_{ ', 1))
    from ssb_model.cli import main

    assert main(["show", str(path)]) == 0
    out, err = capsys.readouterr()
    assert plain(out) == out
    assert err == ""
    cell = ssb.load_cell(path)
    assert cell.name == "b\\udcff"


def test_tables_and_arrays():
    frame = pd.DataFrame({"a": ["=1+1", "@x", "-5", "plain\x1b"], "b": [-1.0, 2.0, 3.0, 4.0]})
    lines = csv_bytes(frame).decode().splitlines()
    assert lines[1:] == ["'=1+1,-1.0", "'@x,2.0", "'-5,3.0", "plain ,4.0"]
    data = xr.Dataset({"a": ("x", [1.0])}, attrs={"cell": BYTES})
    assert netcdf_bytes(data)
    assert data.attrs == {"cell": BYTES}


def test_a_figure_of_bytes():
    assert set(figure_bytes("a", drawn("$x_{"))) == {"a.png", "a.svg"}
