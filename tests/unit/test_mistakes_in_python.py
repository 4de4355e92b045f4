"""Mistakes in calls of the public functions: refused at the door, in one line."""

import numpy as np
import pytest

import ssb_model as ssb
from ssb_model.errors import SolidStateError

CELL = "NCM811_LPSCl_Si"
FILM = "Positive electrode film resistance [Ohm.m2]"
NAN, INF, HUGE = float("nan"), float("inf"), 10**5000


@pytest.fixture(scope="module")
def cell():
    return ssb.load_cell(CELL)


def seen(**words):
    return ssb.NumberData(
        quantity="Separator ionic resistance [Ohm.cm2]", **{"value": 10.0, **words}
    )


def fit(cell, vary=(FILM,), data=None, **choices):
    return ssb.fit(cell, [seen()] if data is None else data, vary, **choices)


MISTAKES = {
    "cell None": (lambda c: ssb.load_cell(None), "a name or a path"),
    "cell number": (lambda c: ssb.discharge(5), "a name or a path"),
    "cell NUL": (lambda c: ssb.load_cell("a\0"), "no cell named"),
    "cell bytes": (lambda c: ssb.load_cell(b"x"), "a name or a path"),
    "rate text": (lambda c: ssb.discharge(c, "0.1"), "must be a number"),
    "rate None": (lambda c: ssb.discharge(c, None), "must be a number"),
    "rate list": (lambda c: ssb.discharge(c, [0.1]), "must be a number"),
    "rate complex": (lambda c: ssb.discharge(c, 1j), "must be a number"),
    "rate bool": (lambda c: ssb.discharge(c, True), "must be a number"),
    "rate huge": (lambda c: ssb.discharge(c, HUGE), "must be a number"),
    "rate NaN": (lambda c: ssb.discharge(c, NAN), "must be a number"),
    "pressure several": (lambda c: ssb.discharge(c, 0.1, [5e6, 1e6]), "one stack pressure"),
    "pressure text": (lambda c: ssb.discharge(c, 0.1, "5e6"), "must be a number"),
    "pressure inf": (lambda c: ssb.discharge(c, 0.1, INF), "must be a number"),
    "temperature NaN": (lambda c: ssb.discharge(c, temperature=NAN), "must be a number"),
    "charge of full": (lambda c: ssb.discharge(c, 0.1, charge_rate=1, from_full=True), "no charge"),
    "no rates": (lambda c: ssb.rate_test(c, []), "at least one of C-rates"),
    "rates text": (lambda c: ssb.rate_test(c, "0.1"), "list of numbers"),
    "rates nested": (lambda c: ssb.rate_test(c, [[0.1, 0.2]]), "must be a number"),
    "rates mapping": (lambda c: ssb.rate_test(c, {0.1: 1}), "list of numbers"),
    "repeats float": (lambda c: ssb.rate_test(c, repeats=1.5), "number of times"),
    "direction None": (lambda c: ssb.rate_test(c, direction=None), "the direction is one of"),
    "rest text": (lambda c: ssb.rate_test(c, rest="long"), "must be a number"),
    "pulse None": (lambda c: ssb.gitt(c, pulse=None), "must be a number"),
    "t1 text": (lambda c: ssb.gitt(c, t1="1"), "must be a number"),
    "method": (lambda c: ssb.gitt(c, method="x"), "the method is one of"),
    "gitt direction": (lambda c: ssb.gitt(c, direction=["charge"]), "the direction is one of"),
    "soc NaN": (lambda c: ssb.impedance(c, NAN), "must be a number"),
    "soc text": (lambda c: ssb.impedance(c, "half"), "list of numbers"),
    "no socs": (lambda c: ssb.impedance(c, []), "at least one of states"),
    "no frequencies": (lambda c: ssb.impedance(c, frequencies=[]), "at least one of frequencies"),
    "frequencies text": (lambda c: ssb.impedance(c, frequencies=["a"]), "must be a number"),
    "frequency negative": (lambda c: ssb.impedance(c, frequencies=[-1.0]), "a positive number"),
    "limits rates": (lambda c: ssb.limits(c, [None]), "must be a number"),
    "limits cv": (lambda c: ssb.limits(c, cv_until=-1), "must be a positive"),
    "count float": (lambda c: ssb.cycle(c, 2.0), "number of cycles is"),
    "count huge": (lambda c: ssb.cycle(c, HUGE), "at most"),
    "no pressures": (lambda c: ssb.cycle(c, 2, stack_pressure=[]), "at least one of stack"),
    "cycle every": (lambda c: ssb.cycle(c, 2, impedance_every=0), "between spectra is"),
    "no steps": (lambda c: ssb.pressure_steps(c, []), "at least one of pressure steps"),
    "steps text": (lambda c: ssb.pressure_steps(c, "5e6"), "list of numbers"),
    "steps before": (lambda c: ssb.pressure_steps(c, 5e6, True), "cycles before is"),
    "rest None": (lambda c: ssb.rest(c, None), "must be a number"),
    "rest negative": (lambda c: ssb.rest(c, -1), "a positive number"),
    "keep all": (lambda c: ssb.minimum_stack_pressure(c, keep=1), "below 1"),
    "keep text": (lambda c: ssb.minimum_stack_pressure(c, keep="all"), "must be a number"),
    "criterion": (lambda c: ssb.minimum_stack_pressure(c, criterion=5), "no criterion"),
    "between one": (lambda c: ssb.minimum_stack_pressure(c, between=1e6), "between two"),
    "between text": (lambda c: ssb.minimum_stack_pressure(c, between="ab"), "list of numbers"),
    "samples": (lambda c: ssb.minimum_stack_pressure(c, samples=-1), "number of samples is"),
    "sweep nothing": (lambda c: ssb.sweep(c, {}), "something to vary"),
    "sweep text": (lambda c: ssb.sweep(c, "stack_pressure"), "something to vary"),
    "sweep name": (lambda c: ssb.sweep(c, {5: [1]}), "a name in quotes"),
    "sweep empty": (lambda c: ssb.sweep(c, {"stack_pressure": []}), "no values"),
    "sweep None": (lambda c: ssb.sweep(c, {"stack_pressure": [None]}), "must be a number"),
    "sweep words": (lambda c: ssb.sweep(c, {FILM: ["a", "b"]}), "must be a number"),
    "sweep array": (lambda c: ssb.sweep(c, {FILM: np.ones((2, 2))}), "must be a number"),
    "sweep choice": (lambda c: ssb.sweep(c, {"option contact": [[]]}), "contact"),
    "sweep run": (lambda c: ssb.sweep(c, {"c_rate": [1]}, run="x"), "run"),
    "sweep both": (
        lambda c: ssb.sweep(c, {"stack_pressure": [1e6]}, stack_pressure=5e6),
        "is varied",
    ),
    "sweep one twice": (
        lambda c: ssb.sweep(c, {"positive: Porosity": [0.1], "positive: porosity [%]": [5]}),
        "vary the same",
    ),
    "sweep workers": (lambda c: ssb.sweep(c, {"c_rate": [1]}, workers="2"), "number of workers"),
    "sweep samples": (lambda c: ssb.sweep(c, {"c_rate": [1, 2]}, samples=1.5), "samples is"),
    "fit nothing": (lambda c: fit(c, vary=[]), "at least one parameter"),
    "fit None": (lambda c: fit(c, vary=None), "a list of names"),
    "fit number": (lambda c: fit(c, vary=[5]), "a name in quotes"),
    "fit bounds": (lambda c: fit(c, vary={FILM: 5}), "(low, high)"),
    "fit bound text": (lambda c: fit(c, vary={FILM: ("a", 2)}), "must be a number"),
    "fit data": (lambda c: fit(c, data=[5]), "a data set is"),
    "fit no data": (lambda c: fit(c, data=[]), "at least one data set"),
    "fit engine": (lambda c: fit(c, engine="x"), "no engine"),
    "number NaN": (lambda c: seen(value=NAN), "must be a number"),
    "number weight": (lambda c: seen(weight="much"), "must be a number"),
    "record": (lambda c: ssb.read_record("nothing.csv"), "cannot read nothing.csv"),
    "spectrum": (lambda c: ssb.read_spectrum("a\0"), "no file has such a name"),
    "validate": (lambda c: ssb.validate("x", "nothing"), "no folder"),
    "values": (lambda c: c.with_values({5: 1}), "no parameter"),
    "values bool": (lambda c: c.with_values({FILM: True}), "must be a number"),
    "recipe": (lambda c: c.with_recipe({"positive: Porosity": HUGE}), "must be a number"),
    "option": (lambda c: c.with_options({"contact": "x"}), "contact"),
    "soc": (lambda c: c.at_soc(NAN), "must be a number"),
    "press": (lambda c: c.press("5e6"), "must be a number"),
    "profile": (lambda c: c.with_pressure_profile([0, 1], ["a", "b"]), "must be a number"),
    "rate tiny": (lambda c: ssb.discharge(c, 1e-320), "outside 1e-06C"),
    "cv tiny": (lambda c: ssb.discharge(c, cv_until=1e-50), "outside 1e-06C"),
    "rate of pulses": (lambda c: ssb.gitt(c, c_rate=1e-320), "outside 1e-06C"),
    "spectrum huge": (
        lambda c: ssb.kramers_kronig(np.geomspace(1, 1e5, 30), (1 - 1j) * np.full(30, 1e300)),
        "lie below 1e+15",
    ),
    "half cell": (lambda c: c.with_options({"working electrode": "positive"}), "follows from"),
    "profile one": (lambda c: c.with_pressure_profile(0, 5e6), "two or more"),
    "profile order": (lambda c: c.with_pressure_profile([0, 0], [5e6, 5e6]), "start at 0"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_before_anything_is_solved(name, cell):
    call, complaint = MISTAKES[name]
    with pytest.raises(SolidStateError) as refused:
        call(cell)
    told = str(refused.value)
    assert complaint in told
    assert "\n" not in told
    assert len(told) < 1100
