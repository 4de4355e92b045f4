"""One law of cover and one of ions give both signs of the effect of grain size.

Where electrolyte is scarce and pressed hard (NCM523, 22 wt%) coarse grains conduct better, which
the case of that cell shows to win over a pulse; where there is plenty (NCM811, 33 wt%) fine grains
win by covering more.
"""

import ssb_model as ssb
from ssb_model.validation.case import cases_folder
from ssb_model.validation.points import at_rest

GRAIN = "Positive electrode solid electrolyte grain size [m]"
WHOLE = "Positive electrode whole resistance [Ohm.cm2]"


def test_coarse_grains_conduct_better_and_cover_less_where_electrolyte_is_scarce():
    cell = ssb.load_cell("NCM523_LPSCl_InLi")
    coarse = at_rest(cell, soc=[0.3, 0.5])[""]
    fine = at_rest(cell.with_values({GRAIN: 0.8e-6}), soc=[0.3, 0.5])[""]
    assert (
        coarse["Positive electrode ionic resistance [Ohm.cm2]"]
        < 0.95 * fine["Positive electrode ionic resistance [Ohm.cm2]"]
    ).all()
    assert (
        coarse["Positive electrode contact fraction"] < fine["Positive electrode contact fraction"]
    ).all()


def test_fine_grains_win_where_there_is_plenty():
    fine = at_rest(ssb.load_cell("NCM811_LPSCl_Li"), soc=[0.1, 0.5, 0.9])[""]
    coarse = at_rest(
        ssb.load_cell(cases_folder() / "NCM811_LPSCl_Li" / "coarse.toml"), soc=[0.1, 0.5, 0.9]
    )[""]
    ions = "Positive electrode ionic resistance [Ohm.cm2]"
    assert (fine[ions] / coarse[ions]).between(0.8, 1.25).all()  # straighter ways, more boundaries
    assert (fine[WHOLE] < 0.9 * coarse[WHOLE]).all()
