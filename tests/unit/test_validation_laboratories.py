"""Other laboratories' cells: nothing fitted stands in their files; rows.py runs them as told."""

import tomllib

import numpy as np
import pandas as pd
import pytest

from ssb_model.cell.cell import load_cell
from ssb_model.errors import InputError
from ssb_model.validation.case import cases_folder
from ssb_model.verbs.rate_test import rate_test
from validation.laboratories import rows as laboratories
from validation.laboratories.bands import scatter
from validation.laboratories.ceiling import Measured, by_effects, by_offsets, by_pairs, pairs
from validation.laboratories.orderings import foreseen

FOLDER = cases_folder() / "laboratories"
CELLS = sorted(FOLDER.glob("*_*.toml"))
INSTEAD_OF_CLOSURES = (  # what a user of a new powder has not measured
    "Contact fraction",
    "Coverage ceiling",
    "Utilisation",
    "Ionic transport efficiency",
    "Ionic percolation threshold",
    "Effective conductivity",
    "Reference diffusivity",
    "Reference exchange-current density",
)


@pytest.mark.parametrize("path", CELLS, ids=[path.stem for path in CELLS])
def test_default_materials_and_closures_decide(path):
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    sections = [data[name] for name in ("cell", "positive", "separator", "negative")]
    entries = {k: v for one in [*sections, data.get("changes", {})] for k, v in one.items()}
    numbers = {key: value for key, value in entries.items() if isinstance(value, dict)}
    assert not [key for key, value in numbers.items() if value["class"] == "fitted"]
    assert not [key for key in numbers for name in INSTEAD_OF_CLOSURES if name in key]
    assert not [
        key
        for key, value in numbers.items()
        if value["class"] == "assumed"
        and "range" not in value
        and "effect" not in value["source"]
        and key not in ("Roughness", "LPSCl: Reference grain size [um]")
    ]


def test_every_row_is_foreseen_without_its_laboratory():
    """What the case judges holds each row of the table once, and the oxide of the others."""
    told = pd.read_csv(FOLDER / "left_out.csv")
    rows = laboratories.read_rows()
    told = told.sort_values(["laboratory", "row"])
    rows = sorted(rows, key=lambda row: (row.laboratory, row.name))
    assert told.row.tolist() == [row.name for row in rows]
    assert told.measured.tolist() == pytest.approx([row.measured for row in rows], rel=1e-3)
    assert (told.low <= told.high).all()
    diffusivities = told.groupby("laboratory")["Reference diffusivity [m2.s-1]"].nunique()
    assert diffusivities.max() == 1
    fitted = {"Schlautmann2023", "Yanev2024", "Ramanayagam2026", "Kang2023"}
    own = told[told.laboratory.isin(fitted)].groupby("laboratory").first()
    assert own["Reference diffusivity [m2.s-1]"].nunique() == len(fitted)


@pytest.mark.parametrize(
    ("measured", "found", "right"),
    [
        (0.5, 0.7, True),
        (0.5, 0.95, False),
        (0.5, 1.2, False),
        (0.97, 0.99, True),
        (1.02, 0.7, False),
    ],
)
def test_a_change_is_foreseen_by_sign_and_a_third_of_its_size(measured, found, right):
    assert foreseen(measured, found, 0.1) is right


def test_binder_from_a_slurry_takes_the_contact_that_titration_misses():
    """17.5 and 25.2 % with NBR and without (Nam 2018); the recipe and the model say it alike."""
    cells = [load_cell(FOLDER / f"nam_{name}.toml") for name in ("W70", "D70")]
    wet, dry = (cell.evaluate("Positive electrode contact fraction") for cell in cells)
    assert wet / dry == pytest.approx(17.5 / 25.2, rel=0.03)
    patchy = "NBR: Film thickness from a slurry [m]"
    for cell in (cells[0], cells[0].with_recipe({patchy: 5e-8})):
        ceiling = cell.evaluate("Positive electrode coverage ceiling")
        assert cell.design.positive.coverage_ceiling == pytest.approx(ceiling)
    thinner = cells[0].with_recipe({patchy: 5e-8})
    assert thinner.evaluate("Positive electrode contact fraction") < 0.85 * wet


def test_an_oxide_opens_its_own_way_to_a_spot():
    """With the diffusivity of where lithium has left, a charge at 1C does not end as it begins."""
    row = next(row for row in laboratories.read_rows() if row.cell == "nam_W70" and row.c_rate == 1)
    cell = laboratories.made(row.cell, {})
    deep = cell.with_options({"contact spots": "mean diffusivity"})
    plain, exact = (laboratories.run_all([(row, one)])[0] for one in (cell, deep))
    assert plain < 1
    assert exact == pytest.approx(row.measured, rel=0.35)


def test_clusters_as_an_assumed_size_cover_and_reach_as_tomograms_show():
    """Minnmann 2024, 12 um in place of a powder with clusters above 10: within 35 %, in order."""
    rows = {row.cell: row for row in laboratories.read_rows() if row.c_rate == 0.1
            and row.quantity == laboratories.FIRST_CHARGE}  # fmt: skip
    theoretical, surface = 275.0, 0.5  # mAh/g, m2/g; as the paper counts
    told, cells = [], []
    for name, clusters in (("BM10", 12e-6), ("BM03", None), ("BM01", None)):
        cell = laboratories.made(f"minnmann_{name}", {})
        if clusters:
            cell = cell.with_recipe({"positive: Electrolyte grain size [m]": clusters})
        cells.append((rows[f"minnmann_{name}"], cell))
        told.append(cell.design.positive.coverage_ceiling)
    used = laboratories.run_all(cells) / theoretical
    cover = np.array(told)
    assert cover / [0.20, 0.50, 0.50] == pytest.approx(1, abs=0.35)
    assert surface * cover[[0, 2]] / [0.11, 0.24] == pytest.approx(1, abs=0.35)
    assert used / [0.62, 0.77, 0.77] == pytest.approx(1, abs=0.35)
    assert cover[0] < min(cover[1:])
    assert used[0] < min(used[1:])


def test_bands_of_few_laboratories_are_not_said_to_be_sure():
    hit = pd.Series([True] * 9 + [False])
    low, high = scatter(hit, pd.Series(["one"] * 9 + ["other"]))
    assert (low, high) == (0, 1)
    alike = scatter(hit, pd.Series(range(10)))
    assert 0.6 < alike[0] < 0.9 < alike[1] <= 1


def test_a_ceiling_is_what_a_model_without_the_laboratory_reaches():
    """Laboratories that scatter as a known normal distribution: both views find its share."""
    own = np.random.default_rng(1).normal(0, 0.8, 40)
    truth = 0.614  # of a normal distribution, within ln 2 / 0.8 deviations
    measured = [Measured(str(n), one, 0.4, 0.45) for n, one in enumerate(own)]
    found = pairs(measured)
    assert len(found) == 40 * 39 / 2
    for share, low, high in (by_pairs(found, np.log(2)), by_effects(own, np.log(2), 0.0)):
        assert share == pytest.approx(truth, abs=0.08)
        assert low < truth < high
    twin, other = Measured("0", 1.0, 0.4, 0.45), Measured("1", 1.0, 0.4, 0.52)
    assert not pairs([measured[0], twin, other]).size  # one laboratory; another recipe
    table = pd.DataFrame(
        {"laboratory": "one", "row": list("abc"), "measured": 1.0, "found": [1, 1.5, 9]}
    )
    hit = pd.Series([True, True, False])
    assert by_offsets(table, hit, np.log(2)) == 1.0
    assert by_offsets(table, hit, np.log(1.2)) == pytest.approx(2 / 3)


def test_a_row_is_what_a_rate_test_gives():
    rows = [row for row in laboratories.read_rows() if row.cell == "nam_D70" and row.c_rate]
    slow, fast = (row for row in rows if row.quantity == laboratories.DISCHARGE)
    found = laboratories.predictions({}, [fast, slow])
    cell = load_cell(FOLDER / "nam_D70.toml").with_options({"mesh": "draft"})
    whole = rate_test(cell, [slow.c_rate, fast.c_rate]).table["Capacity [mA.h.g-1]"]
    assert found == pytest.approx([whole[1], whole[0]], rel=3e-3)


def test_a_first_charge_begins_at_the_pristine_oxide():
    """What later charges do not find is added; solved from nearly full lithium it is the same."""
    (row,) = (
        one
        for one in laboratories.read_rows()
        if (one.cell, one.quantity) == ("schlautmann_S", laboratories.FIRST_CHARGE)
    )
    cell = load_cell(FOLDER / "schlautmann_S.toml").with_options({"mesh": "draft"})
    without_loss = cell.with_recipe({"NCM811: First-cycle loss": 0})
    solved = rate_test(without_loss, [row.c_rate], direction="charge").table
    whole = solved["Capacity [mA.h.g-1]"].to_numpy()
    assert laboratories.predictions({}, [row]) == pytest.approx(whole, rel=0.01)
    later = rate_test(cell, [row.c_rate], direction="charge").table["Capacity [mA.h.g-1]"]
    assert whole[0] > later[0] + 15


def test_changes_reach_the_cells_they_concern_and_no_others():
    ions = [row for row in laboratories.read_rows() if row.quantity == laboratories.IONS]
    ions = [row for row in ions if row.laboratory in ("Minnmann2024", "Davis2021")]
    before = laboratories.predictions({}, ions)
    after = laboratories.predictions({"LPSCl: Reference conductivity [mS.cm-1]": 9.0}, ions)
    assert after == pytest.approx(before, nan_ok=True)  # each file names its own powder's
    more = laboratories.predictions({"LPSCl: Ionic percolation exponent": 1.0}, ions)
    assert np.all(more[np.isfinite(before)] > before[np.isfinite(before)])
    with pytest.raises(InputError, match="Nearest"):
        laboratories.predictions({"LPSCl: Ionic percolation exponents": 1.0}, ions)


def test_a_row_without_an_answer_counts_as_a_miss():
    rows = [row for row in laboratories.read_rows() if row.c_rate][:2]
    right = np.array([row.measured for row in rows])
    assert laboratories.misses(right, rows) == pytest.approx(0)
    assert abs(laboratories.misses(right * np.nan, rows)).min() == laboratories.NO_ANSWER
