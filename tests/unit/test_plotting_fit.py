"""Figures of a fit, on made-up data sets and profiles."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from ssb_model.figures.fit import (
    correlation_figure,
    fit_data_figure,
    panels_of,
    profiles_figure,
    short_name,
)
from ssb_model.fitting.estimates import Estimate, FittedSet

HELD = {"Stack pressure [MPa]": 5.0, "Temperature [degC]": 30.0}
FILM = "Positive electrode film resistance [Ohm.m2]"


def voltage(currents=(0.2, 1.0), rests_compared=False, label="Rate test", held=HELD):
    """Discharges with a rest after each; the model lies 6 mV, two times the noise, too high."""
    parts, time = [], 0.0
    for number, current in enumerate(currents):
        capacity = np.linspace(0, 2, 30)
        for stretch, (q, i) in enumerate([(capacity, current), (np.zeros(10), 0.0)]):
            moments = time + np.arange(len(q)) * 60.0
            time = moments[-1]
            part = {"Time [s]": moments, "Capacity [mA.h.cm-2]": q, "stretch": 2 * number + stretch}
            part |= {"Current [mA.cm-2]": i, "Voltage [V]": 4.1 - 0.3 * q - 0.05 * abs(i)}
            parts.append(pd.DataFrame(part))
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(**{"Model [V]": table["Voltage [V]"] + 0.006}, **{"Sigma [V]": 0.003})
    resting = table["Current [mA.cm-2]"] == 0
    table["compared"] = (~resting & (table["Capacity [mA.h.cm-2]"] < 1.9)) | (
        resting & rests_compared
    )
    return FittedSet(label, "voltage", held, table)


def capacity():
    rates, measured = [0.1, 0.5, 2.0], np.array([150.0, 130.0, 80.0])
    columns = {"C-rate": rates, "Capacity [mA.h.g-1]": measured, "Model [mA.h.g-1]": measured - 9.0}
    table = pd.DataFrame(columns | {"Sigma [mA.h.g-1]": 3.0})
    return FittedSet("Capacities", "capacity", HELD, table, 0.5, "estimated")


def spectrum(held=HELD, label="EIS"):
    f = np.geomspace(1e5, 1e-1, 25)
    Z = 20 + 40 / (1 + 2j * np.pi * f * 1e-3)
    columns = {"Frequency [Hz]": f, "Z_re [Ohm.cm2]": Z.real + 1, "Z_im [Ohm.cm2]": Z.imag - 2}
    model = {"Model Z_re [Ohm.cm2]": Z.real, "Model Z_im [Ohm.cm2]": Z.imag, "Sigma [Ohm.cm2]": 0.5}
    return FittedSet(label, "spectrum", held, pd.DataFrame(columns | model))


def gitt():
    columns = {"State of charge": np.linspace(0.1, 0.9, 5)}
    for key, value in (("R1", 20.0), ("R2", 60.0), ("R3", np.nan)):
        columns[f"{key} [Ohm.cm2]"] = value
        columns[f"Model {key} [Ohm.cm2]"] = 1.1 * value
        columns[f"Sigma {key} [Ohm.cm2]"] = 0.05 * value
    return FittedSet("GITT", "gitt", HELD, pd.DataFrame(columns))


def number():
    rows = [["Ohmic resistance", "Ohm.cm2", 20.0, 22.0, 1.0], ["Offset", "mV", 0.0, 1.0, 2.0]]
    table = pd.DataFrame(rows, columns=["name", "unit", "value", "model", "sigma"])
    return FittedSet("Handbook", "number", HELD, table)


def estimate(label=FILM, logarithmic=True, **more):
    parts = {"unit": "Ohm.m2", "value": 2e-3, "start": 1e-3, "low": 1e-5, "high": 1e-1}
    parts |= {"logarithmic": logarithmic, "standard_error": 0.1, "interval": (1.6e-3, 2.4e-3)}
    return Estimate(label, **(parts | more))


def profile(rise):
    u = np.linspace(-4, 4, 17)
    return pd.DataFrame({"value": 2e-3 * np.exp(0.1 * u), "rise": rise(u)})


def drawn(figure):
    """The figure after a full drawing, nothing of which leaves the page or lies on a title."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    box = figure.get_tightbbox(canvas.get_renderer())
    width, height = figure.get_size_inches()
    assert min(box.x0, box.y0) > -0.02
    assert box.x1 < width + 0.02
    assert box.y1 < height + 0.02
    for axes in figure.axes:
        legend = axes.get_legend()
        if legend is not None:
            title = axes.title.get_window_extent().padded(-1)  # pixel, by which versions differ
            assert not legend.get_window_extent().overlaps(title)
            assert legend.get_window_extent().y0 >= axes.get_window_extent().y1 - 3
    return figure


def residuals(axes):
    """Of each line of points but the line at nothing."""
    return [line.get_ydata() for line in axes.lines if line.get_linestyle() == "None"]


def assert_band(axes):
    (band,) = axes.patches
    assert (band.get_y(), band.get_height()) == (-2.0, 4.0)
    assert axes.get_ylabel() == "Residual / noise"


def test_each_kind_has_a_panel_with_units_and_a_band():
    figure = drawn(fit_data_figure([voltage(), capacity(), gitt(), spectrum(), number()], "A cell"))
    assert len(figure.axes) == 10
    mains, belows = figure.axes[::2], figure.axes[1::2]
    for below in belows:
        assert_band(below)
    assert [axes.get_ylabel() for axes in mains] == [
        "Voltage / V",
        "Capacity / mAh g$^{-1}$",
        "Resistance / $\\Omega$ cm$^2$",
        "$-$Z'' / $\\Omega$ cm$^2$",
        "",
    ]
    assert [axes.get_xlabel() for axes in belows] == [
        "Discharge capacity / mAh cm$^{-2}$",
        "C-rate",
        "State of charge / %",
        "Frequency / Hz",
        "Row",
    ]
    assert [axes.get_title() for axes in mains] == [
        "Rate test\n5 MPa, 30 °C",
        "Capacities\n5 MPa, 30 °C, weight 0.5, noise estimated",
        "GITT\n5 MPa, 30 °C",
        "EIS\n5 MPa, 30 °C",
        "Handbook\n5 MPa, 30 °C",
    ]
    assert figure.get_suptitle() == "A cell"


def test_voltage_over_the_capacity_of_each_stretch():
    main, below = drawn(fit_data_figure([voltage()])).axes
    models = [line for line in main.lines if line.get_linestyle() == "-"]
    assert [line.get_label() for line in models] == ["0.2 mA cm$^{-2}$", "1 mA cm$^{-2}$"]
    assert all(line.get_xdata().max() == 2.0 for line in models)
    assert np.concatenate(residuals(below)) == pytest.approx(2.0)
    pale = [line for line in main.lines if line.get_color() == "0.82"]
    assert sum(len(line.get_xdata()) for line in pale) == 2 * 2
    assert not any(label.get_visible() for label in main.get_xticklabels())


def test_directions_and_hidden_rests_are_told():
    figure = drawn(fit_data_figure([voltage((-0.5, 0.5), rests_compared=True)]))
    main, below = figure.axes
    assert main.get_title().endswith("rests are compared, not drawn")
    assert main.get_legend().get_texts()[0].get_text() == "charge, 0.5 mA cm$^{-2}$"
    assert below.get_xlabel() == "Capacity / mAh cm$^{-2}$"


def test_many_stretches_are_drawn_over_time():
    main, below = drawn(fit_data_figure([voltage((0.5, -0.5) * 5, rests_compared=True)])).axes
    assert below.get_xlabel() == "Time / h"
    (model,) = (line for line in main.lines if line.get_linestyle() == "-")
    assert model.get_xdata()[-1] == pytest.approx(10 * (29 + 9) / 60)
    assert main.get_title() == "Rate test\n5 MPa, 30 °C"


def test_capacity_has_logarithmic_rates_and_bars():
    main, below = drawn(fit_data_figure([capacity()])).axes
    assert main.get_xscale() == below.get_xscale() == "log"
    assert [text.get_text() for text in below.get_xticklabels()] == ["0.1", "0.5", "2"]
    assert main.containers[0].has_yerr
    assert np.concatenate(residuals(below)) == pytest.approx(-3.0)


def test_nyquist_has_equal_axes_and_residuals_of_both_parts():
    main, below = drawn(fit_data_figure([spectrum()])).axes
    assert main.get_aspect() == 1
    measured = main.lines[0].get_ydata()
    assert measured.max() == pytest.approx(22.0, rel=0.02)
    assert below.get_xscale() == "log"
    real, imaginary = residuals(below)
    assert real == pytest.approx(-2.0)
    assert imaginary == pytest.approx(4.0)
    low, high = below.get_ylim()
    assert low == -high
    assert high > 4.0


def test_resistances_that_were_not_measured_are_left_out():
    main, below = drawn(fit_data_figure([gitt()])).axes
    assert [text.get_text() for text in main.get_legend().get_texts()] == [
        "R1, ohmic",
        "R2, charge transfer",
    ]
    assert np.concatenate(residuals(below)) == pytest.approx(2.0)
    assert main.lines[0].get_xdata() == pytest.approx([10, 30, 50, 70, 90])


def test_numbers_are_shares_of_the_measured_value():
    main, below = drawn(fit_data_figure([number()])).axes
    assert main.get_xlabel() == "Value / measured value"
    shares = [line.get_xdata()[0] for line in main.lines if line.get_marker() == "D"]
    assert shares == pytest.approx([1.1, np.nan], nan_ok=True)
    assert np.concatenate(residuals(below)) == pytest.approx([2.0, 0.5])
    assert "20 ± 1, model 22" in main.texts[0].get_text().replace("\u00a0", " ")


def test_more_than_nine_of_a_kind_share_panels_by_conditions():
    pressures = (1.0, 2.0, 5.0, 10.0, 20.0)
    sets = [
        spectrum({"Stack pressure [MPa]": pressure, "Temperature [degC]": warm})
        for pressure in pressures
        for warm in (25.0, 60.0)
    ]
    assert len(panels_of(sets[:9])) == 9
    figure = drawn(fit_data_figure(sets))
    assert len(figure.axes) == 2 * len(pressures)
    assert [axes.get_title() for axes in figure.axes[::2]] == [f"EIS\n{p:g} MPa" for p in pressures]
    legend = figure.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["25 °C", "60 °C"]
    assert len({line.get_color() for line in figure.axes[0].lines}) == 2


def test_sets_of_like_conditions_share_a_panel_with_a_colour_each():
    sets = [voltage((0.2,), label=f"cell {number}") for number in range(10)]
    main, _ = drawn(fit_data_figure(sets)).axes
    assert main.get_title() == "10 data sets\n5 MPa, 30 °C"
    models = [line for line in main.lines if line.get_linestyle() == "-"]
    assert len({line.get_color() for line in models}) == 10
    assert len(main.get_legend().get_texts()) == 10


def test_a_profile_with_its_line_and_intervals():
    one = estimate(profile_interval=(1.65e-3, 2.45e-3))
    figure = drawn(profiles_figure([one], {FILM: profile(lambda u: u**2)}))
    (axes,) = figure.axes
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "Film resistance, positive / $\\Omega$ m$^{2}$"
    assert [3.84, 3.84] in [list(line.get_ydata()) for line in axes.lines]
    spans = [tuple(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) == 2]
    assert (1.65e-3, 2.45e-3) in spans
    assert (1.6e-3, 2.4e-3) in spans
    assert not axes.texts
    assert axes.get_title() == "0.002 (0.00165 to 0.00245)"


@pytest.mark.parametrize(
    ("rise", "note"),
    [
        (lambda u: 0.01 * u**2, "not bounded by the data"),
        (lambda u: np.where(u < 0, u**2, 0.1 * u), "not bounded above"),
        (lambda u: np.where(u > 0, u**2, 0.1 * abs(u)), "not bounded below"),
    ],
)
def test_a_flat_profile_looks_flat(rise, note):
    one = estimate(profile_interval=(np.nan, np.inf), remark="no data set feels it")
    (axes,) = drawn(profiles_figure([one], {FILM: profile(rise)})).axes
    assert [text.get_text() for text in axes.texts] == [note]
    assert axes.get_ylim()[1] >= 6.0
    assert axes.get_title() == "0.002 (not bounded)\nno data set feels it"


def test_without_profiles_the_standard_error_speaks():
    sets = [estimate(f"Separator part {number}", logarithmic=bool(number)) for number in range(4)]
    figure = drawn(profiles_figure(sets, {}))
    assert [axes.get_xscale() for axes in figure.axes] == ["linear", "log", "log", "log"]
    (legend,) = figure.legends
    assert not any("profile" in text.get_text() for text in legend.get_texts())
    (dashed,) = (line for line in figure.axes[0].lines if line.get_linestyle() == "--")
    at = np.interp(2.4e-3, dashed.get_xdata(), dashed.get_ydata())
    assert at == pytest.approx(3.84, rel=1e-2)


@pytest.mark.parametrize("count", [1, 2, 12])
def test_correlation_has_a_number_in_each_cell(count):
    values = np.eye(count) - 0.004 * (1 - np.eye(count))
    if count > 1:
        values[0, 1] = values[1, 0] = np.nan
    labels = [FILM, *(f"Negative electrode part number {n} [m]" for n in range(count - 1))]
    figure = drawn(correlation_figure(labels, values))
    axes = figure.axes[0]
    assert len(axes.texts) == count**2
    assert {text.get_text() for text in axes.texts} <= {"1.00", "0.00", "–"}
    assert axes.images[0].get_clim() == (-1, 1)
    assert axes.get_yticklabels()[0].get_text() == "film resistance,\npositive"


def test_short_names():
    assert short_name(FILM) == "film resistance, positive"
    assert short_name("Negative particle diffusivity [m2.s-1]") == "particle diffusivity, negative"
    assert short_name("Separator porosity") == "porosity, separator"
    assert short_name("positive: Porosity") == "porosity, positive"
    held = "Initial concentration in positive electrode [mol.m-3]"
    assert short_name(held) == "initial concentration, positive"
    assert short_name("SEI resistivity [Ohm.m]") == "SEI resistivity"
