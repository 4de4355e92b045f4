"""The explorer without a browser: addresses, files, and that it shows what the model says."""

import io
import zlib
from base64 import urlsafe_b64encode
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest

import ssb_model as ssb
from ssb_model.cli import main
from ssb_model.errors import SolidStateError
from ssb_model.explorer import charts, downloads
from ssb_model.explorer.bench import Bench
from ssb_model.explorer.beside import bands_of
from ssb_model.explorer.controls import CONTROLS, SHARE, at_step, changes_of, own_values, step_of
from ssb_model.explorer.lab_book import file_of, written_in
from ssb_model.explorer.store import LARGEST, Store, place_of, refusal
from ssb_model.explorer.variant import LARGEST_OWN, Question, Screen, Variant
from ssb_model.explorer.words import (
    SHOWN,
    changed_words,
    drawn_numbers,
    least_words,
    meanings,
    since_pin,
)
from ssb_model.figures.discharge import ORDER
from ssb_model.parameters.library import cell_names
from ssb_model.system.progress import heard_by
from ssb_model.verbs.samples import folder as samples_folder

SILICON = "NCM811_LPSCl_Si"
HERE = {"host": "127.0.0.1:8050"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("explorer"))


def moved(**values):
    pairs = tuple(sorted((key.replace("_", "-"), value) for key, value in values.items()))
    return Variant(SILICON, pairs)


def answers(bench, variant, *parts):
    return [work() for part, work in bench.parts(variant) if part in parts]


def test_an_address_holds_the_whole_screen():
    files = {"mine.toml": "title = 'ä'\n" * 30, "powder.toml": "x"}
    own = {"own:0123456789abcdef/mine": files, "own:fedcba9876543210/other": {"other.toml": "y"}}
    fitted = Variant("own:0123456789abcdef/mine", (), (("NCM811: Diffusion length [m]", 2e-6),))
    pins = (fitted, moved(rate=2.0))
    least = Question(moved(rate=0.5), 90.0, 50.0, 64)
    screen = Screen(moved(pressure=1.5, active_share=70.0), pins, "a/b.csv", 64, least)
    assert Screen.of_address(screen.address) == screen
    with_files = Screen(fitted, own=own)
    assert Screen.of_address(with_files.address) == with_files
    assert Screen.of_address("") == Screen()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("pressure=much", "write a number"),
        ("pressure=-3", "positive"),
        ("rate=1e9", "mind the unit"),
        ("temperature=nan", "must be a number"),
        ("presure=3", "Nearest: pressure"),
        ("set=x", "set=NAME=VALUE"),
        (urlencode([("pin", "rate=1")] * 9), "8 pins at most"),
        ("own=AAAA", "damaged"),
        ("bands=1e9", "20 or 64 or 200"),
        ("least=interval%3D5", "0 or 20 or 64 or 200"),
        ("least=keep%3D120", "at most 100"),
        ("least=compared%3D-1", "positive"),
    ],
)
def test_a_wrong_address_is_refused_with_its_cure(query, words):
    with pytest.raises(SolidStateError, match=words):
        Screen.of_address(query)


def test_what_swells_in_an_address_is_not_unpacked():
    swollen = b'{"a":{"b":"' + b"x" * 20 * LARGEST_OWN + b'"}}'
    bomb = urlsafe_b64encode(zlib.compress(swollen, 9)).decode()
    with pytest.raises(SolidStateError, match="damaged"):
        Screen.of_address(f"own={bomb}")


def test_only_this_machine_and_this_page_are_answered():
    assert refusal(HERE, "GET", 8050) is None
    assert refusal({**HERE, "origin": "http://127.0.0.1:8050"}, "GET", 8050) is None
    assert refusal({"host": "127.0.0.1.evil.example:8050"}, "GET", 8050)[0] == 403
    assert refusal({**HERE, "origin": "http://evil.example"}, "GET", 8050)[0] == 403
    assert refusal({**HERE, "origin": "null"}, "GET", 8050)[0] == 403
    assert refusal(HERE, "POST", 8050)[0] == 411
    assert refusal({**HERE, "content-length": str(2 * LARGEST)}, "POST", 8050)[0] == 413
    assert refusal({**HERE, "content-length": "1000"}, "POST", 8050) is None


def test_dropped_files_stay_in_their_folder(tmp_path):
    store = Store(tmp_path / "store")
    key = store.add_measured("../../etc/pass wd?.csv", b"x")
    assert store.measured(key).parent.parent == store.folder
    cell = (samples_folder() / "cell.toml").read_bytes()
    name = store.add_cell({"..\\mine.toml": cell})
    assert store.check_cell(name) == name
    assert list(store.texts(name)) == ["mine.toml"]
    for strange in ("../x", "/etc/passwd", "own:../../x", "own:" + "0" * 16 + "/x"):
        with pytest.raises(SolidStateError):
            store.check_cell(strange)
        with pytest.raises(SolidStateError):
            store.measured(strange)
    for wrong in ({"a.csv": b"x"}, {"a.toml": b"x" * 10**6}, {"a.toml": cell, "b.toml": cell}):
        with pytest.raises(SolidStateError):
            store.add_cell(wrong)
    with pytest.raises(SolidStateError, match="20 MB"):
        store.add_measured("large.csv", b"x" * (LARGEST + 1))


def test_a_mistake_is_shown_at_its_line():
    text = "[cell]\nx = 1\n[positive]\n'Porosity [%]' = 3 # here\n"
    place = place_of("mine.toml, [positive] Porosity: too dense", {"mine.toml": text})
    assert (place.line, place.text) == (4, "'Porosity [%]' = 3 # here")
    broken = place_of("mine.toml: not valid TOML: ... (at line 2, column 1)", {"mine.toml": text})
    assert broken.line == 2
    assert place_of("mine.toml, [negative] Thickness: missing", {"mine.toml": text}).line == 0


@pytest.mark.parametrize("name", cell_names())
def test_controls_say_what_the_file_says(name):
    cell = ssb.load_cell(name)
    own = own_values(cell)
    made = cell.with_recipe(changes_of(cell, own.items()))
    for layer in ("positive", "separator"):
        ours, theirs = (getattr(one.design, layer) for one in (made, cell))
        ours, theirs = (getattr(one, "layer", one) for one in (ours, theirs))
        assert ours.thickness == pytest.approx(theirs.thickness, rel=1e-5)
    more = cell.with_recipe(changes_of(cell, [(SHARE, own[SHARE] + 5)]))
    active = cell.design.file.positive.words["active_material"]
    fractions = [one.design.positive.layer.fractions[active] for one in (cell, more)]
    assert fractions[1] > fractions[0]


def test_a_slider_gives_back_what_it_shows():
    for one in CONTROLS:
        for step in (0, 57, 200):
            assert abs(step_of(one, at_step(one, step)) - step) <= 1
        assert step_of(one, 10 * one.high) == 200


def test_the_page_shows_what_the_verbs_say(bench, monkeypatch):
    """Also where grains and layers, whose size is an input of the page's model, are others."""
    variant = moved(pressure=2.0, rate=0.5, particle=6.0, separator_thickness=80.0)
    shown, spectrum = answers(bench, variant, "discharge", "impedance")
    cell = ssb.load_cell(SILICON).with_recipe(
        {"positive: Active material diameter [um]": 6.0, "separator: Thickness [um]": 80.0}
    )
    frequencies = np.array(spectrum["frequency"])[::12]
    Z = ssb.impedance(cell, 0.5, 2e6, frequencies=frequencies).spectra[0].impedance["cell"]
    assert np.array(spectrum["re"])[::12] == pytest.approx(Z.real, rel=0.02)
    lines = downloads.python_lines([variant], bench, samples_folder() / "capacities.csv")
    space = {}
    monkeypatch.chdir(samples_folder())
    exec(lines.replace("print(result)", "").replace("figure", "drawn"), space)
    repeated = space["result"].row["Capacity [mA.h.g-1]"]
    assert shown["row"]["Capacity [mA.h.g-1]"] == pytest.approx(repeated, rel=2e-3)
    (rates,) = answers(bench, variant, "rates")
    given = [one.row["Capacity [mA.h.g-1]"] for one in space["rates"]]
    assert rates["capacities"] == pytest.approx(given, rel=2e-3, abs=0.1)
    assert space["losses"].rows[0]["Largest"]


def test_bands_hold_the_cell_and_tell_how_far_they_have_come(bench, monkeypatch):
    monkeypatch.setattr("ssb_model.explorer.beside.RATES", (0.1, 1.0))
    told = []
    with heard_by(lambda *come: told.append(come)):
        found = bands_of(bench.made(moved(rate=1.0)), 20)
    assert told[0] == ("draws", 0, 20)
    assert told[-1] == ("draws", 20, 20)
    ends = np.array(found["rates"]).reshape(2, -1, 2)
    assert (ends[0, :, 0] == ends[1, ::-1, 0]).all()
    assert (ends[0, :, 1] <= ends[1, ::-1, 1]).all()
    assert ends[1, -1, 1] > 150  # nine in ten at 0.1C do not end below that
    assert "nine in ten" in found["words"][0]
    line = {"curve": [[0, 4], [100, 2]]}
    (_, area) = charts.series("discharge", [line], ["now"], None, found)
    assert area["type"] == "custom"


def test_the_least_pressure_is_drawn_with_its_interval():
    answer = {"runs": [[1, 0.5], [5, 1.0]], "target": 0.95, "lowest": 2.38, "interval": [1, 4]}
    line, enough, band = charts.least_series(answer)
    assert (enough["name"], band["name"]) == ("enough: 0.95", "5 to 95 % of draws: 1 to 4 MPa")
    assert line["markArea"]["data"][0][0]["xAxis"] == 1
    assert "2.38 MPa" in str(line["markLine"])
    never, _ = charts.least_series({**answer, "lowest": None, "interval": [None, None]})
    assert "markArea" not in never


def test_a_change_is_told_in_a_sentence(bench):
    now, pin = moved(pressure=1.0), moved()
    (after,), (before,) = (answers(bench, one, "discharge") for one in (now, pin))
    own = bench.described(SILICON)["own"]
    change = changed_words(now, pin, own)
    assert change == "stack pressure from 5 to 1 MPa"
    said = since_pin(change, after["row"], before["row"])
    assert "falls from" in said
    assert changed_words(pin, pin, own) == "nothing"


def test_files_of_a_screen(bench, tmp_path):
    variant = moved(pressure=2.0, active_share=70.0)
    name, content = downloads.made("toml", bench, [variant], None)
    (tmp_path / name).write_bytes(content)
    cell = ssb.load_cell(tmp_path / name)
    made = bench.made(variant).cell
    assert cell.entries["Stack pressure [Pa]"].value == pytest.approx(2e6)
    assert cell.design.positive.layer.fractions == made.design.positive.layer.fractions
    _, table = downloads.made("csv", bench, [variant, moved()], None)
    assert b"pin 1" in table
    _, figure = downloads.made("svg", bench, [variant, moved()], None)
    assert b"</svg>" in figure


LAB_BOOK = {
    "mixture": {
        "active": ("NCM622", 70.0),
        "electrolyte": ("LPSCl", 27.0),
        "carbon": ("VGCF", 3.0),
        "binder": ("", None),
    },
    "numbers": {"diameter": 10.0, "cathode": 3.0, "separator": 100.0, "pressed": 375.0}
    | {"held": 50.0, "lower": 1.9, "upper": 3.7, "one_c": 180.0},
    "anode": "Li-In",
    "against": "cell",
    "title": "mine",
}


def test_a_page_of_a_lab_book_is_a_cell(tmp_path):
    """3 mg on a disc of 10 mm are 38.2 g/m2; the cell's own cut-offs stay as they are."""
    (tmp_path / "mine.toml").write_text(file_of(**LAB_BOOK), encoding="utf-8")
    cell = ssb.load_cell(tmp_path / "mine.toml")
    area = np.pi * 0.005**2
    positive = cell.design.positive
    assert cell.design.area == pytest.approx(area, rel=1e-5)
    assert positive.mass_of_active == pytest.approx(0.7 * 3e-6 / area, rel=1e-5)
    assert cell.design.one_c == pytest.approx(180 * positive.mass_of_active, rel=1e-5)
    assert cell.evaluate("Upper voltage cut-off [V]") == pytest.approx(3.7)
    assert cell.entries["Stack pressure [Pa]"].value == 50e6
    assert cell.entries["Ambient temperature [K]"].kind == "assumed"


def test_what_is_told_of_a_powder_and_its_holder_counts(tmp_path):
    """5 um as the default, but said: no draw moves it. 500 N/mm on 0.785 cm2 are 6.4 MPa/mm."""
    more = {"particle": 5.0, "grain": 3.0, "separator-grain": 2.0, "stiffness": 500.0}
    page = LAB_BOOK | {"numbers": LAB_BOOK["numbers"] | more, "holder": "spring"}
    text = file_of(**page)
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    cell = ssb.load_cell(tmp_path / "mine.toml")
    drawn = {one["number"] for one in drawn_numbers(cell)}
    sizes = ("positive: Active material diameter [m]", "positive: Electrolyte grain size [m]")
    assert not drawn & {*sizes, "separator: Electrolyte grain size [m]"}
    assert cell.model_options["stack"] == "spring"
    stiffness = cell.entries["Spring stiffness [Pa.m-1]"]
    assert stiffness.value == pytest.approx(5e5 / (np.pi * 0.005**2), rel=1e-5)
    assert vars(written_in(text)) == page, "the form is as it was"
    assert written_in((samples_folder() / "cell.toml").read_text()) is None
    assert written_in(text.replace("NCM622 = 70", 'NCM622 = "x"')) is None


def test_words_of_the_page_are_in_the_glossary():
    losses = {label for label, _ in ORDER.values()}
    assert losses <= set(SHOWN) <= set(meanings())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mixture": {"carbon": ("VGCF", 5.0)}}, "sums to 102 wt%"),
        ({"mixture": {"carbon": ("", 3.0)}}, "choose which one"),
        ({"mixture": {"carbon": ("VGCF", None)}}, "how many wt% of VGCF"),
        ({"numbers": {"cathode": None}}, "how many mg of cathode mixture"),
        ({"numbers": {"diameter": -1.0}}, "above 0"),
        ({"numbers": {"stiffness": 5.0}}, "what holds the cell"),
        ({"numbers": {"upper": None}}, "both cut-offs"),
    ],
)
def test_what_a_lab_book_cannot_mean_is_refused(change, words):
    ((part, values),) = change.items()
    with pytest.raises(SolidStateError, match=words):
        file_of(**LAB_BOOK | {part: LAB_BOOK[part] | values})


def test_contact_at_many_pressures_is_that_at_each():
    cell = ssb.load_cell(SILICON)
    name = "Stack pressure [Pa]"
    own = cell.entries[name].value
    for side in ("Positive", "Negative"):
        light, at_own, hard = cell.contact_fractions(side, [own / 10, own, 10 * own])
        assert light < at_own < hard
        assert at_own == pytest.approx(cell.contact_fraction(side), rel=1e-12)


def test_a_band_is_in_the_files_of_a_screen(bench):
    band = {
        "samples": 20,
        "discharge": [[100.0, 2.0], [90.0, 3.0], [120.0, 3.0], [130.0, 2.0]],
        "rates": [[0.1, 100.0], [1.0, 40.0], [1.0, 60.0], [0.1, 130.0]],
    }
    _, table = downloads.made("csv", bench, [moved()], None, band)
    rows = pd.read_csv(io.BytesIO(table))
    at = rows[rows["Kind"] == "discharge, 5 to 95 % of draws"].set_index("Voltage [V]")
    assert at.loc[2.0, ["Capacity low [mA.h.g-1]", "Capacity high [mA.h.g-1]"]].tolist() == [
        *(100.0, 130.0)
    ]
    at = rows[rows["Kind"] == "capacity against rate, 5 to 95 % of draws"].set_index("C-rate")
    assert at.loc[1.0, "Capacity low [mA.h.g-1]"] == 40
    assert at.loc[0.1, "Capacity high [mA.h.g-1]"] == 130
    _, figure = downloads.made("svg", bench, [moved()], None, band)
    assert b"5 to 95 % of draws" in figure
    asked = {"keep": 0.9, "samples": 20}
    _, lines = downloads.made("py", bench, [moved(rate=0.5)], None, band, asked)
    assert b"samples=20)\nprint(result)" in lines
    assert b"ssb.minimum_stack_pressure(quick, 0.5, keep=0.9, samples=20)" in lines


def test_the_least_pressure_is_told_where_a_plain_sentence_is_true():
    asked = {"target": 0.95, "C-rate": 0.1, "Reference pressure [MPa]": 50.0}
    answer = {"Minimum stack pressure [MPa]": 10.8, "Interval [MPa]": [1.8, 37.3]}
    once = [{"lower": {}, "upper": None}]
    said = least_words(answer, asked, once)
    assert "Held at 10.8 MPa or more" in said
    assert "hold it at 37.3 MPa" in said
    tight = answer | {"Minimum stack pressure [MPa]": 19.31, "Interval [MPa]": [1.8, 47.61]}
    tight |= {"at_reference_of_draws": [0.519, 140.0, 161.0]}
    said = least_words(tight, asked, once)
    assert "Held at 19.4 MPa or more" in said, "no less than was found"
    assert "hold it at 47.7 MPa" in said
    assert "more than the 50 MPa" in said
    assert "0.519 to 161 mAh/g" in said
    assert "known exactly" not in least_words(answer | {"Interval [MPa]": None}, asked, once)
    assert least_words(answer, asked, [{"lower": {}, "upper": {}}]) == ""
    assert least_words(answer | {"Minimum stack pressure [MPa]": None}, asked, []) == ""


def test_what_cannot_be_is_refused_as_by_the_model(bench):
    with pytest.raises(SolidStateError, match="between 0 and 100"):
        bench.made(moved(active_share=120.0))
    with pytest.raises(SolidStateError):
        bench.made(moved(porosity=130.0))
    with pytest.raises(SolidStateError, match="has no 'anode loading'"):
        bench.made(moved(negative_loading=20.0))


def test_pictures_of_nothing_are_empty():
    for part in charts.PICTURES:
        assert charts.series(part, [None, None], ["now", "pin 1"], None) == []


def test_the_verb_refuses_in_a_line(capsys):
    assert main(["explore", "nowhere.toml", "--no-browser"]) == 2
    assert main(["explore", "--port", "99999", "--no-browser"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
