"""Figures of sweeps and of the minimum pressure, on made-up tables; no model runs."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from ssb_model.analysis.crossing import crossing
from ssb_model.figures.best import best_of, plot_best
from ssb_model.figures.labels import column, more_is_better, value_words
from ssb_model.figures.minimum_pressure import plot_minimum_pressure
from ssb_model.figures.scales import is_log, scale_of
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
        for name, value in (("stack_pressure_MPa", 1.0), ("grain_size_um", 3.0), ("c_rate", 0.5))
    )
    table["capacity_mAh_g"] = (100 + 20 * np.log10(p)) / (1 + 0.02 * g * c)
    table["resistance_Ohm_cm2"] = 20 + 300 * g / p
    table["plating_margin_mV"] = 30 - 40 * c
    return table


def sampled(count=60):
    rng = np.random.default_rng(3)
    table = pd.DataFrame(
        {
            "stack_pressure_MPa": 10 ** rng.uniform(-1, 1.3, count),
            "grain_size_um": 10 ** rng.uniform(-0.3, 1.2, count),
            FILM: 10 ** rng.uniform(-4, -2, count),
            "positive: Porosity": rng.uniform(0.02, 0.2, count),
        }
    )
    table["capacity_mAh_g"] = 100 + 20 * np.log10(table["stack_pressure_MPa"])
    table.loc[:3, "capacity_mAh_g"] = np.nan
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
        ("capacity_mAh_g", "Capacity / mAh g$^{-1}$"),
        ("charge_capacity_mAh_cm2", "Charge capacity / mAh cm$^{-2}$"),
        ("energy_mWh_cm2", "Energy / mWh cm$^{-2}$"),
        ("mean_voltage_V", "Mean voltage / V"),
        ("plating_margin_mV", "Plating margin / mV"),
        ("resistance_Ohm_cm2", "Resistance / $\\Omega$ cm$^{2}$"),
        ("retention", "Retention / %"),
        ("soc", "State of charge / %"),
        ("stack_pressure_MPa", "Stack pressure / MPa"),
        ("grain_size_um", "Grain size / µm"),
        ("temperature_C", "Temperature / °C"),
        ("c_rate", "C-rate"),
        (FILM, "Positive electrode film resistance / $\\Omega$ m$^{2}$"),
        ("Electrolyte grain size [um]", "Electrolyte grain size / µm"),
        ("positive: Porosity", "positive: Porosity"),
        (CONTACT, "option contact"),
    ],
)
def test_labels_carry_units(name, label):
    assert column(name).label == label


def test_values_in_words():
    assert value_words("c_rate", 0.5) == "0.5C"
    assert value_words("soc", 0.5) == "State of charge 50 %"
    assert value_words("stack_pressure_MPa", 5.0) == "Stack pressure 5 MPa"
    assert value_words(CONTACT, "memory") == "option contact: memory"


def test_what_is_worth_keeping():
    assert more_is_better("capacity_mAh_g")
    assert more_is_better("mean_voltage_V")
    assert not more_is_better("resistance_Ohm_cm2")
    assert not more_is_better("plating_margin_mV")


@pytest.mark.parametrize(
    ("name", "values", "log"),
    [
        ("stack_pressure_MPa", [1, 5, 10, 15, 20], True),
        ("stack_pressure_MPa", [5, 6, 7, 8], False),
        ("grain_size_um", [1, 2, 4, 8], True),
        ("c_rate", [0.1, 0.2, 0.3, 0.5, 0.7, 1.0], True),
        (FILM, [1e-4, 1e-3, 1e-2], True),
        ("Thickness [um]", [10, 20, 30, 40, 50], False),
        ("soc", [0.01, 0.1, 1.0], False),
        ("temperature_C", [1, 10, 60], False),
        ("Shift [V]", [-1, 0, 10], False),
    ],
)
def test_log_axes(name, values, log):
    assert is_log(name, values) is log


def test_cells_meet_half_way_on_the_axis():
    log = scale_of("c_rate", pd.Series([0.1, 1.0, 10.0]))
    assert log.edges() == pytest.approx(10 ** np.array([-1.5, -0.5, 0.5, 1.5]))
    linear = scale_of("temperature_C", pd.Series([0, 20, 60]))
    assert linear.edges() == pytest.approx([-10, 10, 40, 80])


def test_samples_are_told_from_grids_with_holes():
    def told(table, *names):
        return is_sampled(table, [scale_of(name, table[name]) for name in names])

    grid = made_up(stack_pressure_MPa=PRESSURES, grain_size_um=GRAINS)
    names = ("stack_pressure_MPa", "grain_size_um")
    assert not told(grid, *names)
    assert not told(grid.iloc[:9], *names)
    assert not told(grid.sample(frac=0.3, random_state=1), *names)
    assert not told(grid.iloc[::8], "stack_pressure_MPa")
    assert told(sampled(), *names)
    assert told(sampled(), FILM)


def test_one_axis_is_a_curve_with_its_minimum():
    figure = drawn(
        plot_sweep(
            "Made up",
            made_up(stack_pressure_MPa=PRESSURES),
            ["stack_pressure_MPa"],
            "capacity_mAh_g",
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
    table = made_up(stack_pressure_MPa=PRESSURES, grain_size_um=GRAINS)
    figure = drawn(
        plot_sweep("Made up", table, ["stack_pressure_MPa", "grain_size_um"], "capacity_mAh_g")
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
    table = made_up(stack_pressure_MPa=PRESSURES, grain_size_um=GRAINS)
    axes = ["grain_size_um", "stack_pressure_MPa"]
    figure = drawn(plot_sweep("Made up", table, axes, "resistance_Ohm_cm2"))
    assert not legend(figure)
    assert not panels(figure)[0].lines


def test_holes_do_not_look_like_values():
    table = made_up(grain_size_um=GRAINS, stack_pressure_MPa=[0.5, 2.0, 5.0, 20.0])
    table.loc[3, "capacity_mAh_g"] = np.nan
    table = table.drop(index=[28, 29])
    axes = ["grain_size_um", "stack_pressure_MPa"]
    figure = drawn(plot_sweep("Made up", table, axes, "capacity_mAh_g"))
    assert {"failed or refused", "not run"} <= set(legend(figure))
    (axes,) = panels(figure)
    assert [patch.get_hatch() for patch in axes.patches] == ["////"]
    assert np.ma.count(axes.collections[0].get_array()) == 29
    assert len(axes.texts) == 29


def test_fine_map_has_labelled_lines_of_equal_value():
    fine = np.geomspace(0.1, 20, 30)
    table = made_up(c_rate=np.geomspace(0.1, 3, 30), stack_pressure_MPa=fine)
    table.loc[table["stack_pressure_MPa"] < 0.2, "capacity_mAh_g"] = np.nan
    axes = ["c_rate", "stack_pressure_MPa"]
    for output in ("capacity_mAh_g", "resistance_Ohm_cm2", "plating_margin_mV"):
        figure = drawn(plot_sweep("Made up", table.iloc[:-22], axes, output))
        assert len(panels(figure)[0].texts) >= 2


def test_three_axes_share_one_colour_scale():
    table = made_up(c_rate=[0.1, 0.3, 1.0, 3.0], stack_pressure_MPa=PRESSURES, grain_size_um=GRAINS)
    names = ["c_rate", "stack_pressure_MPa", "grain_size_um"]
    figure = drawn(plot_sweep("Made up", table, names, "capacity_mAh_g"))
    assert [axes.get_title() for axes in panels(figure)] == ["0.1C", "0.3C", "1C", "3C"]
    scales = {axes.collections[0].get_clim() for axes in panels(figure)}
    assert scales == {(table["capacity_mAh_g"].min(), table["capacity_mAh_g"].max())}


def test_many_panels_are_six_and_say_so():
    rates = np.geomspace(0.1, 3, 10)
    table = made_up(c_rate=rates, stack_pressure_MPa=PRESSURES, grain_size_um=rates)
    names = ["c_rate", "stack_pressure_MPa", "grain_size_um"]
    figure = drawn(plot_sweep("Made up", table, names, "capacity_mAh_g"))
    assert len(panels(figure)) == 6
    assert "6\u00a0of 10\u00a0panels shown" in figure.get_suptitle()


def test_options_are_curves_and_panels():
    table = made_up(stack_pressure_MPa=PRESSURES, grain_size_um=[1.0, 5.0])
    both = pd.concat([table.assign(**{CONTACT: word}) for word in ("memory", "instant")])
    both.loc[(both[CONTACT] == "memory") & (both["stack_pressure_MPa"] < 0.3), "capacity_mAh_g"] = (
        np.nan
    )
    three = ["stack_pressure_MPa", CONTACT, "grain_size_um"]
    maps = drawn(plot_sweep("Made up", both, three, "capacity_mAh_g"))
    titles = [axes.get_title() for axes in panels(maps)]
    assert titles == ["option contact: memory", "option contact: instant"]
    one = both[both["grain_size_um"] == 1.0]
    curves = drawn(plot_sweep("Made up", one, three, "capacity_mAh_g", keep=0.9))
    assert "at grain size 1\u00a0µm" in curves.get_suptitle()
    assert any(text.startswith("option contact: memory; ★ at") for text in legend(curves))
    words = both[(both["stack_pressure_MPa"] == 5.0) & (both["grain_size_um"] == 1.0)]
    (axes,) = panels(drawn(plot_sweep("Made up", words, [CONTACT], "capacity_mAh_g")))
    assert [text.get_text() for text in axes.get_xticklabels()] == ["memory", "instant"]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_samples_are_points(count):
    table = sampled()
    names = list(table.columns[:count])
    names[0], names[-1] = names[-1], names[0]
    figure = drawn(plot_sweep("Made up", table, names, "capacity_mAh_g"))
    assert legend(figure) == ["failed or refused (4 of 60)"]
    assert len(panels(figure)) == (1 if count < 3 else count)
    assert panels(figure)[0].get_xlabel() == column(names[0]).label


def test_four_axes_are_dots_against_each():
    table = made_up(
        c_rate=[0.1, 1.0], grain_size_um=GRAINS, stack_pressure_MPa=[1.0, 5.0], soc=[0.0, 0.5, 1.0]
    )
    names = ["c_rate", "grain_size_um", "stack_pressure_MPa", "soc"]
    figure = drawn(plot_sweep("Made up", table, names, "capacity_mAh_g"))
    assert panels(figure)[-1].get_xlabel() == "State of charge / %"
    assert panels(figure)[-1].lines[0].get_xdata().max() == 100


@pytest.mark.parametrize("rows", [slice(None), slice(0, 8), slice(0, 1)])
@pytest.mark.parametrize("value", [np.nan, 100.0, 0.0])
def test_nothing_to_tell_apart(rows, value):
    table = made_up(grain_size_um=GRAINS, stack_pressure_MPa=PRESSURES)
    table = table.assign(capacity_mAh_g=value).iloc[rows]
    drawn(plot_sweep("Made up", table, ["grain_size_um", "stack_pressure_MPa"], "capacity_mAh_g"))


def test_repeats_are_medians_and_say_so():
    table = made_up(grain_size_um=GRAINS, stack_pressure_MPa=PRESSURES)
    twice = pd.concat([table, table.assign(capacity_mAh_g=0.0), table])
    figure = plot_sweep("Made up", twice, ["grain_size_um", "stack_pressure_MPa"], "capacity_mAh_g")
    shown = panels(drawn(figure))[0].collections[0].get_array()
    expected = table.pivot(index="stack_pressure_MPa", columns="grain_size_um")["capacity_mAh_g"]
    assert np.asarray(shown) == pytest.approx(expected.to_numpy())
    assert "median" in figure.get_suptitle()


def test_best_of_a_row():
    places = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert best_of(places, np.array([1, 99.5, 100, 99.2, 100])) == (3, 2, 5, False)
    assert best_of(places, np.array([9, 8, 7, 6, np.nan])) == (1, 1, 1, True)
    assert best_of(places, np.array([9, 8, 7, 7.05, 9]), lowest=True) == (3, 3, 4, False)
    assert best_of(places, np.full(5, np.nan)) is None


def test_best_marks_optima_and_ends():
    table = made_up(c_rate=[0.1, 1.0, 3.0], soc=[0.1, 0.5, 0.9], grain_size_um=GRAINS)
    middle = 3 / table["c_rate"]
    table["energy_mWh_cm2"] = 5 - np.log(table["grain_size_um"] / middle) ** 2
    against = ["c_rate", "soc"]
    figure = drawn(plot_best("Made up", table, "grain_size_um", against, "energy_mWh_cm2"))
    rate, soc = panels(figure)
    assert (rate.get_xscale(), soc.get_xscale(), rate.get_yscale()) == ("log", "linear", "log")
    assert rate.get_ylabel() == "Grain size / µm"
    marks = [line for line in rate.lines if line.get_marker() == "o" and len(line.get_xdata())]
    closed, opened = marks
    assert closed.get_ydata() == pytest.approx([3.0, 1.0])
    assert opened.get_ydata() == pytest.approx([15.0])
    assert {text.get_text() for text in rate.texts} == {"smallest tried", "largest tried"}
    drawn(plot_best("Made up", table, "grain_size_um", ["c_rate"], "resistance_Ohm_cm2", True))


ANSWER = {
    "minimum_stack_pressure_MPa": 1.4,
    "interval_MPa": [0.4, None],
    "status": "met",
    "reference_pressure_MPa": 5.0,
}
CURVE = pd.DataFrame(
    {
        "stack_pressure_MPa": [0.1, 0.3, 0.8, 1.2, 2.0, 5.0],
        "value": [0.2, 0.5, 0.8, 0.92, 0.98, 1.0],
    }
)
BAND = pd.DataFrame({"stack_pressure_MPa": [0.1, 1.0, 5.0], "low": [0.1, 0.6, 0.8]})
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
    minimum(minima=np.full(20, fill), answer={"interval_MPa": [None, None]})


def test_never_met_says_why():
    status = "never met: " + "even the highest pressure tried gives less than the target " * 2
    answer = {"minimum_stack_pressure_MPa": None, "interval_MPa": None, "status": status}
    curve = CURVE.assign(value=[np.nan, *(0.5 * CURVE["value"][1:])])
    figure = minimum(answer, curve, minima=np.full(20, np.inf))
    assert figure.axes[0].get_title(loc="left").startswith("never met")
    assert "failed or refused" in legend(figure)


def test_met_at_the_lowest():
    curve = CURVE.assign(value=np.linspace(0.96, 1, 6))
    answer = {"minimum_stack_pressure_MPa": 0.1, "interval_MPa": [None, 0.3]}
    axes = minimum(answer, curve, minima=[-np.inf] * 9 + [0.3]).axes[0]
    assert "at or below 0.1 MPa" in {text.get_text() for text in axes.texts}


def test_less_may_be_better():
    curve = CURVE.assign(value=20 + 30 / CURVE["stack_pressure_MPa"])
    figure = minimum({"interval_MPa": [0.01, 300.0]}, curve, 40.0, better="lower")
    assert "target: 40 or less" in legend(figure)
    low, high = figure.axes[0].get_xlim()
    assert low < 0.01
    assert high > 300
