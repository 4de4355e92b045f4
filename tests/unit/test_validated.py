"""Every output says when it leaves what published measurements were held against."""

import csv
from pathlib import Path

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.cell.numbers import beyond_validated
from ssb_model.figures.scales import add_legend, note_below
from ssb_model.parameters import validated
from ssb_model.verbs import VERBS
from ssb_model.verbs.pressure_window import PressureWindowResult
from ssb_model.verbs.result import Result
from ssb_model.verbs.uneven import UnevenResult
from tests.calls import CALLS

A = "NCM811_LPSCl_Si"
VALIDATION = Path(__file__).parents[2] / "validation"


def said(cell, pressures=(5.0,), temperatures=(30.0,), grains=()):
    return "; ".join(beyond_validated(cell, list(pressures), list(temperatures), list(grains)))


def test_cells_as_they_were_measured_are_within(cell_name):
    assert not said(ssb.load_cell(cell_name))


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ({"pressures": [0.3, 5]}, "stack pressure 0.3 MPa (validated 1 to 389)"),
        ({"pressures": [500]}, "stack pressure 500 MPa"),
        ({"temperatures": [-10]}, "temperature -10 °C (validated 20 to 60)"),
        ({"temperatures": [80, 30]}, "temperature 80 °C"),
        ({"grains": [0.1, 3]}, "grain size, least 0.1 um (validated 0.8 to 40)"),
    ],
)
def test_a_run_beyond_says_so(run, words):
    assert words in said(ssb.load_cell(A), **run)


def test_a_cell_beyond_says_so():
    cell = ssb.load_cell(A)
    fine = cell.with_recipe({"positive: Electrolyte grain size [um]": 0.2})
    assert "grain size, positive electrode 0.2 um" in said(fine)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([("NCM811 = 66, LPSCl = 31", "NCM811 = 30, LPSCl = 67")], "share of NCM811 29.97 %"),
        ([("LPSCl", "LPSBH")], "electrolyte LPSBH (validated LPSCl)"),
        ([("NCM811", "NCM811_bare")], "active material NCM811_bare (validated NCM523"),
    ],
)
def test_a_file_of_another_composition_or_chemistry_says_so(tmp_path, changes, words):
    path = tmp_path / "mine.toml"
    text = (VALIDATION.parent / f"parameter_sets/cells/{A}.toml").read_text()
    for written, instead in changes:
        assert written in text
        text = text.replace(written, instead)
    path.write_text(text)
    assert words in said(ssb.load_cell(path))


@pytest.fixture(scope="module")
def beyond_in_all(tmp_path_factory):
    """A cell that leaves what was validated in every way there is."""
    path = tmp_path_factory.mktemp("beyond") / "mine.toml"
    text = (VALIDATION.parent / f"parameter_sets/cells/{A}.toml").read_text()
    for written, instead in (
        ("NCM811 = 66, LPSCl = 31", "NCM811 = 30, LPSCl = 67"),
        ("LPSCl", "LPSBH"),
    ):
        text = text.replace(written, instead)
    path.write_text(text)
    cell = ssb.load_cell(path).on_mesh("draft")
    fine = {"positive: Electrolyte grain size [um]": 0.2}
    return cell.with_recipe(
        {**fine, "cell: Stack pressure [MPa]": 0.5, "cell: Temperature [degC]": 70}
    )


@pytest.mark.parametrize("verb", CALLS)
def test_every_verb_says_it(verb, beyond_in_all):
    how = {k: v for k, v in CALLS[verb][1].items() if k not in ("steps", "hold", "over")}
    own = {
        "pressure-steps": {"steps": 0.5e6},
        "pressure-schedule": {"hold": 0.5e6},
        "sweep": {"over": {"stack_pressure": [0.4e6, 0.5e6]}},
    }
    result = getattr(ssb, VERBS[verb].attribute)(beyond_in_all, **how, **own.get(verb, {}))
    said = "; ".join(result.whole_payload["beyond_validated"])
    for words in (
        "stack pressure 0.",
        "temperature 70 °C",
        "grain size, positive electrode 0.2 um",
        "electrolyte LPSBH",
        "share of NCM811 29.97",
    ):
        assert words in said
    assert "Mind       beyond what was validated" in str(result)


def test_text_files_and_figure_say_it(tmp_path):
    cell = ssb.load_cell(A).on_mesh("draft")
    result = ssb.discharge(cell, 2.0, stack_pressure=0.5e6)
    assert "Mind       beyond what was validated: stack pressure 0.5 MPa" in str(result)
    assert result.whole_payload["beyond_validated"] == [
        "stack pressure 0.5 MPa (validated 1 to 389)"
    ]
    figure = result.plot()
    result.figure_files(figure)
    assert "stack pressure 0.5 MPa" in figure.get_supxlabel()
    assert "beyond" not in str(ssb.discharge(cell, 2.0))


def test_a_note_stands_above_the_legend():
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure((6, 4), layout="constrained")
    FigureCanvasAgg(figure)
    (line,) = figure.subplots().plot([0, 1])
    add_legend(figure, {"one": line})
    note_below(figure, "beyond")
    figure.draw_without_rendering()
    _, blank = figure.get_supxlabel().split("\n", 1)
    label, (legend,) = figure._supxlabel.get_window_extent(), figure.legends
    of_a_line = label.height / (2 + blank.count("\n"))
    assert label.ymax - of_a_line >= legend.get_window_extent().ymax - 1
    assert figure.axes[0].get_tightbbox().ymin >= label.ymax - 1


def test_the_limits_are_those_of_the_validation():
    """What rows and cells of the validation hold, and nothing wider."""
    lines = (VALIDATION / "laboratories/rows.csv").read_text().splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    pressures = [float(row["pressure_MPa"]) for row in rows]
    assert max(pressures) == validated.PRESSURES[1]
    assert max(float(row["temperature_degC"]) for row in rows) == validated.TEMPERATURES[1]
    files = list((VALIDATION / "laboratories").glob("*_*.toml"))
    shares = {name: [] for name in validated.SHARES}
    for path in [*files, *(VALIDATION.parent / "parameter_sets/cells").glob("*.toml")]:
        section = ssb.load_cell(path).design.file.positive
        active, parts = section.words["active_material"], section["Composition"]
        shares[active].append(parts[active] / sum(parts.values()))
    for name, (low, high) in validated.SHARES.items():
        assert low == pytest.approx(min(shares[name]), abs=0.011), name
        assert high == pytest.approx(max(shares[name]), abs=0.011), name


class OfPressures(Result):
    """A result that has rows and what was asked, and no more."""

    kind = "test"

    def __init__(self, cell, rows, **said):
        self.cell, self.rows = cell, rows
        self.__dict__.update(said)

    text, plot = "", None


@pytest.mark.parametrize(
    ("rows", "said_of_all", "words"),
    [
        ([{"Lowest stack pressure [MPa]": 0.4}], {}, "stack pressure 0.4 MPa"),
        ([{"Stack pressure [MPa]": 5.0}], {"asked": {"Temperature [degC]": -10}}, "-10 °C"),
        ([{"Stack pressure [MPa]": 5.0}], {"how": {"Temperature [degC]": 80}}, "80 °C"),
        ([{}], {"conditions": {"Cycle pressure [MPa]": 0.5}}, "stack pressure 0.5 MPa"),
    ],
)
def test_pressures_a_run_comes_to_and_what_was_asked_of_all_rows_count(rows, said_of_all, words):
    (told,) = OfPressures(ssb.load_cell(A), rows, **said_of_all).beyond
    assert words in told


def test_each_patch_of_an_uneven_cell_and_each_end_of_a_window_counts():
    cell = ssb.load_cell(A)
    uneven = UnevenResult(cell, np.array([0.2e6, 5e6]), np.array([0.5, 0.5]), 303.15, [])
    assert uneven.beyond == ["stack pressure 0.2 MPa (validated 1 to 389)"]
    window = PressureWindowResult(cell, [{"Least pressure for the job [MPa]": 0.3}], {}, None)
    assert window.beyond == ["stack pressure 0.3 MPa (validated 1 to 389)"]


def test_voids_spreads_of_size_and_the_share_of_a_negative_composite_count(tmp_path):
    lithium = ssb.load_cell("NCM811_LPSCl_Li").with_options({"voids": "creep"})
    assert "voids by creep at the lithium (validated none)" in said(lithium)
    path = tmp_path / "mine.toml"
    text = (VALIDATION.parent / "parameter_sets/cells/NCM523_LPSCl_Graphite.toml").read_text()
    diameter = '"Active material diameter [um]"'
    spread = '"Active material diameter spread" = { value = 0.3, class = "assumed", source = "-" }'
    assert "graphite = 67.5, LPSCl = 30.6" in text
    text = text.replace("graphite = 67.5, LPSCl = 30.6", "graphite = 30, LPSCl = 68.1")
    path.write_text(text.replace(diameter, f"{spread}\n{diameter}", 1))
    told = said(ssb.load_cell(path), pressures=[20.0], temperatures=[25.0])
    assert "share of graphite 30 % by mass (validated 40 to 80)" in told
    assert "a spread of sizes of NCM523 (validated none)" in told
