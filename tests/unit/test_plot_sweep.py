"""Figures of sweeps and of the minimum pressure, on made-up tables; no model runs."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from ssb_model.analysis.crossing import crossing
from ssb_model.figures.best import best_of, plot_best
from ssb_model.figures.minimum_pressure import plot_minimum_pressure
from ssb_model.figures.scales import column, is_log, more_is_better, scale_of, value_words
from ssb_model.figures.sweep import is_sampled, plot_sweep

PRESSURES = [0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0]
GRAINS = [0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0]
FILM = "Positive electrode film resistance [Ohm.m2]"
CONTACT = "option contact"


def made_up(**axes):
    """A full grid; capacity goes as 100 + 20 log10(pressure), less with grain size and rate."""
    table = pd.DataFrame(list(product(*axes.values())), columns=list(axes))
    p, g, c = (
        table[name] if name in table else pd.Series(value, table.index)
        for name, value in (
            ("Stack pressure [MPa]", 1.0),
            ("Grain size [um]", 3.0),
            ("C-rate", 0.5),
        )
    )
    table["Capacity [mA.h.g-1]"] = (100 + 20 * np.log10(p)) / (1 + 0.02 * g * c)
    table["Resistance [Ohm.cm2]"] = 20 + 300 * g / p
    table["Plating margin [mV]"] = 30 - 40 * c
    return table


def sampled(count=60):
    rng = np.random.default_rng(3)
    table = pd.DataFrame(
        {
            "Stack pressure [MPa]": 10 ** rng.uniform(-1, 1.3, count),
            "Grain size [um]": 10 ** rng.uniform(-0.3, 1.2, count),
            FILM: 10 ** rng.uniform(-4, -2, count),
            "positive: Porosity": rng.uniform(0.02, 0.2, count),
        }
    )
    table["Capacity [mA.h.g-1]"] = 100 + 20 * np.log10(table["Stack pressure [MPa]"])
    table.loc[:3, "Capacity [mA.h.g-1]"] = np.nan
    return table


def drawn(figure):
    """The figure after a full drawing, nothing of which leaves the page."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    box = figure.get_tightbbox(canvas.get_renderer())
    width, height = figure.get_size_inches()
    assert min(box.x0, box.y0) > -0.02
    assert box.x1 < width + 0.02
    assert box.y1 < height + 0.02
    return figure


def panels(figure):
    return [axes for axes in figure.axes if axes.get_visible() and axes.get_xlabel()]


def legend(figure):
    return [text.get_text() for each in figure.legends for text in each.get_texts()]


def test_crossing_is_exact_on_a_log_linear_law():
    p = np.array([0.1, 0.7, 3.0, 20.0])
    found = crossing(p, 100 + 20 * np.log10(p), 0.9)
    top = 100 + 20 * np.log10(20)
    assert found.pressure == pytest.approx(10 ** ((0.9 * top - 100) / 20))
    assert not found.at_edge
    backwards = crossing(p[::-1], (100 + 20 * np.log10(p))[::-1], 0.9)
    assert backwards == found


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([96, 98, 99, 100], (1.0, True)),
        ([np.nan, 98, 99, 100], (10.0, True)),
        ([0, 50, 95, 100], (100.0, False)),
        ([0, 96, 50, 100], (10 ** (95 / 96), False)),
        ([0, np.nan, 100, 100], (10**1.9, False)),
    ],
)
def test_crossing_of_a_known_table(values, expected):
    assert crossing([1, 10, 100, 1000], values, 0.95) == pytest.approx(expected)


@pytest.mark.parametrize("top", [np.nan, 0.0, -3.0])
def test_crossing_needs_a_top(top):
    assert np.isnan(crossing([1, 10], [1.0, top], 0.95).pressure)
    assert np.isnan(crossing([], [], 0.95).pressure)


def test_more_than_the_top_is_never_kept():
    assert np.isnan(crossing([1, 10], [1.0, 2.0], 1.5).pressure)


def test_crossing_from_no_pressure_is_linear():
    assert crossing([0, 2], [0.0, 10.0], 0.5) == (1.0, False)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Capacity [mA.h.g-1]", "Capacity / mAh g$^{-1}$"),
        ("Charge capacity [mA.h.cm-2]", "Charge capacity / mAh cm$^{-2}$"),
        ("Energy [mW.h.cm-2]", "Energy / mWh cm$^{-2}$"),
        ("Mean voltage [V]", "Mean voltage / V"),
        ("Plating margin [mV]", "Plating margin / mV"),
        ("Resistance [Ohm.cm2]", "Resistance / $\\Omega$ cm$^{2}$"),
        ("Retention", "Retention / %"),
        ("State of charge", "State of charge / %"),
        ("Stack pressure [MPa]", "Stack pressure / MPa"),
        ("Grain size [um]", "Grain size / µm"),
        ("Temperature [degC]", "Temperature / °C"),
        ("C-rate", "C-rate"),
        (FILM, "Positive electrode film resistance / $\\Omega$ m$^{2}$"),
        ("Electrolyte grain size [um]", "Electrolyte grain size / µm"),
        ("positive: Porosity", "positive: Porosity"),
        (CONTACT, "option contact"),
    ],
)
def test_labels_carry_units(name, label):
    assert column(name).label == label


def test_values_in_words():
    assert value_words("C-rate", 0.5) == "0.5C"
    assert value_words("State of charge", 0.5) == "State of charge 50 %"
    assert value_words("Stack pressure [MPa]", 5.0) == "Stack pressure 5 MPa"
    assert value_words(CONTACT, "memory") == "option contact: memory"


def test_what_is_worth_keeping():
    assert more_is_better("Capacity [mA.h.g-1]")
    assert more_is_better("Mean voltage [V]")
    assert not more_is_better("Resistance [Ohm.cm2]")
    assert not more_is_better("Plating margin [mV]")


@pytest.mark.parametrize(
    ("name", "values", "log"),
    [
        ("Stack pressure [MPa]", [1, 5, 10, 15, 20], True),
        ("Stack pressure [MPa]", [5, 6, 7, 8], False),
        ("Grain size [um]", [1, 2, 4, 8], True),
        ("C-rate", [0.1, 0.2, 0.3, 0.5, 0.7, 1.0], True),
        (FILM, [1e-4, 1e-3, 1e-2], True),
        ("Thickness [um]", [10, 20, 30, 40, 50], False),
        ("State of charge", [0.01, 0.1, 1.0], False),
        ("Temperature [degC]", [1, 10, 60], False),
        ("Shift [V]", [-1, 0, 10], False),
    ],
)
def test_log_axes(name, values, log):
    assert is_log(name, values) is log


def test_cells_meet_half_way_on_the_axis():
    log = scale_of("C-rate", pd.Series([0.1, 1.0, 10.0]))
    assert log.edges() == pytest.approx(10 ** np.array([-1.5, -0.5, 0.5, 1.5]))
    linear = scale_of("Temperature [degC]", pd.Series([0, 20, 60]))
    assert linear.edges() == pytest.approx([-10, 10, 40, 80])


def test_samples_are_told_from_grids_with_holes():
    def told(table, *names):
        return is_sampled(table, [scale_of(name, table[name]) for name in names])

    grid = made_up(**{"Stack pressure [MPa]": PRESSURES}, **{"Grain size [um]": GRAINS})
    names = ("Stack pressure [MPa]", "Grain size [um]")
    assert not told(grid, *names)
    assert not told(grid.iloc[:9], *names)
    assert not told(grid.sample(frac=0.3, random_state=1), *names)
    assert not told(grid.iloc[::8], "Stack pressure [MPa]")
    assert told(sampled(), *names)
    assert told(sampled(), FILM)


def test_one_axis_is_a_curve_with_its_minimum():
    figure = drawn(
        plot_sweep(
            "Made up",
            made_up(**{"Stack pressure [MPa]": PRESSURES}),
            ["Stack pressure [MPa]"],
            "Capacity [mA.h.g-1]",
            keep=0.9,
            runs="Each point: 5 % of nothing",
        )
    )
    (axes,) = panels(figure)
    assert axes.get_xscale() == "log"
    assert axes.get_ylabel() == "Capacity / mAh g$^{-1}$"
    star = next(line for line in axes.lines if line.get_marker() == "*")
    top = 100 + 20 * np.log10(20)
    assert star.get_xdata()[0] == pytest.approx(10 ** ((0.9 * top - 100) / 20))
    assert "90 % of what 20 MPa gives" in legend(figure)
    assert "5\u00a0% of nothing" in figure.get_suptitle()


def test_map_puts_pressure_up_and_draws_the_line_through_known_points():
    table = made_up(**{"Stack pressure [MPa]": PRESSURES}, **{"Grain size [um]": GRAINS})
    figure = drawn(
        plot_sweep(
            "Made up", table, ["Stack pressure [MPa]", "Grain size [um]"], "Capacity [mA.h.g-1]"
        )
    )
    (axes,) = panels(figure)
    assert axes.get_xlabel() == "Grain size / µm"
    assert axes.get_ylabel() == "Stack pressure / MPa"
    assert axes.get_xscale() == axes.get_yscale() == "log"
    (marks,) = (line for line in axes.lines if line.get_marker() == "o")
    top = 100 + 20 * np.log10(20)
    expected = crossing(PRESSURES, 100 + 20 * np.log10(PRESSURES), 0.95).pressure
    assert expected == pytest.approx(10 ** ((0.95 * top - 100) / 20))
    assert marks.get_xdata() == pytest.approx(GRAINS)
    assert marks.get_ydata() == pytest.approx(np.full(8, expected))
    assert figure.axes[-1].get_ylabel() == "Capacity / mAh g$^{-1}$"


def test_resistance_has_no_line():
    table = made_up(**{"Stack pressure [MPa]": PRESSURES}, **{"Grain size [um]": GRAINS})
    axes = ["Grain size [um]", "Stack pressure [MPa]"]
    figure = drawn(plot_sweep("Made up", table, axes, "Resistance [Ohm.cm2]"))
    assert not legend(figure)
    assert not panels(figure)[0].lines


def test_holes_do_not_look_like_values():
    table = made_up(
        **{"Grain size [um]": GRAINS}, **{"Stack pressure [MPa]": [0.5, 2.0, 5.0, 20.0]}
    )
    table.loc[3, "Capacity [mA.h.g-1]"] = np.nan
    table = table.drop(index=[28, 29])
    axes = ["Grain size [um]", "Stack pressure [MPa]"]
    figure = drawn(plot_sweep("Made up", table, axes, "Capacity [mA.h.g-1]"))
    assert {"failed or refused", "not run"} <= set(legend(figure))
    (axes,) = panels(figure)
    assert [patch.get_hatch() for patch in axes.patches] == ["////"]
    assert np.ma.count(axes.collections[0].get_array()) == 29
    assert len(axes.texts) == 29


def test_fine_map_has_labelled_lines_of_equal_value():
    fine = np.geomspace(0.1, 20, 30)
    table = made_up(**{"C-rate": np.geomspace(0.1, 3, 30)}, **{"Stack pressure [MPa]": fine})
    table.loc[table["Stack pressure [MPa]"] < 0.2, "Capacity [mA.h.g-1]"] = np.nan
    axes = ["C-rate", "Stack pressure [MPa]"]
    for output in ("Capacity [mA.h.g-1]", "Resistance [Ohm.cm2]", "Plating margin [mV]"):
        figure = drawn(plot_sweep("Made up", table.iloc[:-22], axes, output))
        assert len(panels(figure)[0].texts) >= 2


def test_three_axes_share_one_colour_scale():
    table = made_up(
        **{"C-rate": [0.1, 0.3, 1.0, 3.0]},
        **{"Stack pressure [MPa]": PRESSURES},
        **{"Grain size [um]": GRAINS},
    )
    names = ["C-rate", "Stack pressure [MPa]", "Grain size [um]"]
    figure = drawn(plot_sweep("Made up", table, names, "Capacity [mA.h.g-1]"))
    assert [axes.get_title() for axes in panels(figure)] == ["0.1C", "0.3C", "1C", "3C"]
    scales = {axes.collections[0].get_clim() for axes in panels(figure)}
    assert scales == {(table["Capacity [mA.h.g-1]"].min(), table["Capacity [mA.h.g-1]"].max())}


def test_many_panels_are_six_and_say_so():
    rates = np.geomspace(0.1, 3, 10)
    table = made_up(
        **{"C-rate": rates}, **{"Stack pressure [MPa]": PRESSURES}, **{"Grain size [um]": rates}
    )
    names = ["C-rate", "Stack pressure [MPa]", "Grain size [um]"]
    figure = drawn(plot_sweep("Made up", table, names, "Capacity [mA.h.g-1]"))
    assert len(panels(figure)) == 6
    assert "6\u00a0of 10\u00a0panels shown" in figure.get_suptitle()


def test_options_are_curves_and_panels():
    table = made_up(**{"Stack pressure [MPa]": PRESSURES}, **{"Grain size [um]": [1.0, 5.0]})
    both = pd.concat([table.assign(**{CONTACT: word}) for word in ("memory", "instant")])
    both.loc[
        (both[CONTACT] == "memory") & (both["Stack pressure [MPa]"] < 0.3), "Capacity [mA.h.g-1]"
    ] = np.nan
    three = ["Stack pressure [MPa]", CONTACT, "Grain size [um]"]
    maps = drawn(plot_sweep("Made up", both, three, "Capacity [mA.h.g-1]"))
    titles = [axes.get_title() for axes in panels(maps)]
    assert titles == ["option contact: memory", "option contact: instant"]
    one = both[both["Grain size [um]"] == 1.0]
    curves = drawn(plot_sweep("Made up", one, three, "Capacity [mA.h.g-1]", keep=0.9))
    assert "at grain size 1\u00a0µm" in curves.get_suptitle()
    assert any(text.startswith("option contact: memory; ★ at") for text in legend(curves))
    words = both[(both["Stack pressure [MPa]"] == 5.0) & (both["Grain size [um]"] == 1.0)]
    (axes,) = panels(drawn(plot_sweep("Made up", words, [CONTACT], "Capacity [mA.h.g-1]")))
    assert [text.get_text() for text in axes.get_xticklabels()] == ["memory", "instant"]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_samples_are_points(count):
    table = sampled()
    names = list(table.columns[:count])
    names[0], names[-1] = names[-1], names[0]
    figure = drawn(plot_sweep("Made up", table, names, "Capacity [mA.h.g-1]"))
    assert legend(figure) == ["failed or refused (4 of 60)"]
    assert len(panels(figure)) == (1 if count < 3 else count)
    assert panels(figure)[0].get_xlabel() == column(names[0]).label


def test_four_axes_are_dots_against_each():
    table = made_up(
        **{"C-rate": [0.1, 1.0]},
        **{"Grain size [um]": GRAINS},
        **{"Stack pressure [MPa]": [1.0, 5.0]},
        **{"State of charge": [0.0, 0.5, 1.0]},
    )
    names = ["C-rate", "Grain size [um]", "Stack pressure [MPa]", "State of charge"]
    figure = drawn(plot_sweep("Made up", table, names, "Capacity [mA.h.g-1]"))
    assert panels(figure)[-1].get_xlabel() == "State of charge / %"
    assert panels(figure)[-1].lines[0].get_xdata().max() == 100


@pytest.mark.parametrize("rows", [slice(None), slice(0, 8), slice(0, 1)])
@pytest.mark.parametrize("value", [np.nan, 100.0, 0.0])
def test_nothing_to_tell_apart(rows, value):
    table = made_up(**{"Grain size [um]": GRAINS}, **{"Stack pressure [MPa]": PRESSURES})
    table = table.assign(**{"Capacity [mA.h.g-1]": value}).iloc[rows]
    drawn(
        plot_sweep(
            "Made up", table, ["Grain size [um]", "Stack pressure [MPa]"], "Capacity [mA.h.g-1]"
        )
    )


def test_repeats_are_medians_and_say_so():
    table = made_up(**{"Grain size [um]": GRAINS}, **{"Stack pressure [MPa]": PRESSURES})
    twice = pd.concat([table, table.assign(**{"Capacity [mA.h.g-1]": 0.0}), table])
    figure = plot_sweep(
        "Made up", twice, ["Grain size [um]", "Stack pressure [MPa]"], "Capacity [mA.h.g-1]"
    )
    shown = panels(drawn(figure))[0].collections[0].get_array()
    expected = table.pivot(index="Stack pressure [MPa]", columns="Grain size [um]")[
        "Capacity [mA.h.g-1]"
    ]
    assert np.asarray(shown) == pytest.approx(expected.to_numpy())
    assert "median" in figure.get_suptitle()


def test_best_of_a_row():
    places = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert best_of(places, np.array([1, 99.5, 100, 99.2, 100])) == (3, 2, 5, False)
    assert best_of(places, np.array([9, 8, 7, 6, np.nan])) == (1, 1, 1, True)
    assert best_of(places, np.array([9, 8, 7, 7.05, 9]), lowest=True) == (3, 3, 4, False)
    assert best_of(places, np.full(5, np.nan)) is None


def test_best_marks_optima_and_ends():
    table = made_up(
        **{"C-rate": [0.1, 1.0, 3.0]},
        **{"State of charge": [0.1, 0.5, 0.9]},
        **{"Grain size [um]": GRAINS},
    )
    middle = 3 / table["C-rate"]
    table["Energy [mW.h.cm-2]"] = 5 - np.log(table["Grain size [um]"] / middle) ** 2
    against = ["C-rate", "State of charge"]
    figure = drawn(plot_best("Made up", table, "Grain size [um]", against, "Energy [mW.h.cm-2]"))
    rate, soc = panels(figure)
    assert (rate.get_xscale(), soc.get_xscale(), rate.get_yscale()) == ("log", "linear", "log")
    assert rate.get_ylabel() == "Grain size / µm"
    marks = [line for line in rate.lines if line.get_marker() == "o" and len(line.get_xdata())]
    closed, opened = marks
    assert closed.get_ydata() == pytest.approx([3.0, 1.0])
    assert opened.get_ydata() == pytest.approx([15.0])
    assert {text.get_text() for text in rate.texts} == {"smallest tried", "largest tried"}
    drawn(plot_best("Made up", table, "Grain size [um]", ["C-rate"], "Resistance [Ohm.cm2]", True))


ANSWER = {
    "Minimum stack pressure [MPa]": 1.4,
    "Interval [MPa]": [0.4, None],
    "status": "met",
    "Reference pressure [MPa]": 5.0,
}
CURVE = pd.DataFrame(
    {
        "Stack pressure [MPa]": [0.1, 0.3, 0.8, 1.2, 2.0, 5.0],
        "value": [0.2, 0.5, 0.8, 0.92, 0.98, 1.0],
    }
)
BAND = pd.DataFrame({"Stack pressure [MPa]": [0.1, 1.0, 5.0], "low": [0.1, 0.6, 0.8]})
BAND = BAND.assign(median=BAND["low"] + 0.1, high=BAND["low"] + 0.2)
QUANTITY = "Capacity, share of that at 5 MPa"


def minimum(answer=None, curve=CURVE, target=0.95, **more):
    answer = {**ANSWER, **(answer or {})}
    words = "Made-up runs, made-up draws"
    return drawn(plot_minimum_pressure("Made up", words, curve, target, QUANTITY, answer, **more))


def test_minimum_pressure_of_one_cell():
    (axes,) = minimum().axes
    assert (axes.get_xscale(), axes.get_xlabel()) == ("log", "Stack pressure / MPa")
    assert axes.get_ylabel() == QUANTITY
    assert "1.4 MPa" in {text.get_text() for text in axes.texts}


def test_share_of_draws_counts_those_beyond_the_range():
    draws = np.concatenate([[-np.inf] * 10, np.linspace(0.2, 3.0, 80), [np.inf] * 10, [np.nan] * 3])
    figure = minimum(band=BAND, minima=draws)
    share = figure.axes[1]
    assert share.get_ylabel() == "Draws that meet it / %"
    (steps,) = (line for line in share.lines if line.get_drawstyle() == "steps-post")
    assert steps.get_xdata()[[0, -1]] == pytest.approx([0.1, 5.0])
    assert steps.get_ydata()[[0, -1]] == pytest.approx([10, 90])
    told = share.get_title(loc="left").replace("\u00a0", " ").replace("\n", " ")
    assert told.startswith("100 draws (3 more set aside)")
    assert "5 %: 0.1 MPa or less" in told
    assert "95 %: none tried" in told
    assert any("0.4 to above 5 MPa" in text for text in legend(figure))


@pytest.mark.parametrize("fill", [-np.inf, np.inf, np.nan, 1.0])
def test_draws_all_alike(fill):
    minimum(minima=np.full(20, fill), answer={"Interval [MPa]": [None, None]})


def test_never_met_says_why():
    status = "never met: " + "even the highest pressure tried gives less than the target " * 2
    answer = {"Minimum stack pressure [MPa]": None, "Interval [MPa]": None, "status": status}
    curve = CURVE.assign(value=[np.nan, *(0.5 * CURVE["value"][1:])])
    figure = minimum(answer, curve, minima=np.full(20, np.inf))
    assert figure.axes[0].get_title(loc="left").startswith("never met")
    assert "failed or refused" in legend(figure)


def test_met_at_the_lowest():
    curve = CURVE.assign(value=np.linspace(0.96, 1, 6))
    answer = {"Minimum stack pressure [MPa]": 0.1, "Interval [MPa]": [None, 0.3]}
    axes = minimum(answer, curve, minima=[-np.inf] * 9 + [0.3]).axes[0]
    assert "at or below 0.1 MPa" in {text.get_text() for text in axes.texts}


def test_less_may_be_better():
    curve = CURVE.assign(value=20 + 30 / CURVE["Stack pressure [MPa]"])
    figure = minimum({"Interval [MPa]": [0.01, 300.0]}, curve, 40.0, better="lower")
    assert "target: 40 or less" in legend(figure)
    low, high = figure.axes[0].get_xlim()
    assert low < 0.01
    assert high > 300
