"""No number is changed without effect: the model reads it, an option follows, or it is refused."""

import inspect
import re
from contextlib import suppress
from functools import cache
from numbers import Real

import pybamm
import pytest

import ssb_model as ssb
from ssb_model.errors import InputError, SolidStateError
from ssb_model.models.options import own_options
from ssb_model.parameters.catalogue import everything, record
from ssb_model.parameters.changes import is_read
from ssb_model.parameters.declared import declared
from ssb_model.parameters.library import cell_names

A = "NCM811_LPSCl_Si"
P = "Positive electrode "
SHOWN = (  # what runs read besides the equations
    "Voltage [V]",
    "Cell thickness change [m]",
    "Stack pressure [Pa]",
    "Separator ionic resistance [Ohm.m2]",
    "Positive electrode interface capacitance [F.m-2]",
    "Negative electrode interface capacitance [F.m-2]",
)
OF_SPECTRA = (
    *("double-layer exponent", "double-layer reference frequency [Hz]", "double-layer Q [S.m-2]"),
    *("film capacity [F.m-2]", "film exponent", "film reference frequency [Hz]", "film Q [S.m-2]"),
)
OPTIONS = [
    {},
    {"contact": "plastic"},
    {"contact": "Persson", "ionic transport": "measured"},
    {
        "contact": "constant",
        "film": "none",
        "ionic transport": "Bruggeman",
        "electronic transport": "Bruggeman",
        "contact spots": "false",
    },
    {"electronic transport": "measured", "stack": "spring", "film": "growing"},
    {"thermal": "lumped", "grain boundaries": "none"},
    {"film": "growing by reaction", "cracking": "per cycle strain"},
    {"loosening": "breathing", "grain boundaries": "none"},
    {"loosening": "breathing", "contact": ("plastic", "memory")},
]
OPTIONS_THAT_COUNT = {  # that some number needs, as a cell can be switched between them
    option
    for one in everything()
    for reading in one.reads or ()
    for option in reading.options
    if option not in ("side", "negative electrode")
}
NAMES = [" ".join(map(str, options.values())) or "own" for options in OPTIONS]


def parameters(symbol):
    named = (pybamm.Parameter, pybamm.FunctionParameter)
    return {node.name for node in symbol.pre_order() if isinstance(node, named)}


def in_equations(model):
    """Parameters in equations, events, lengths and what runs show."""
    symbols = [
        *model.rhs.values(),
        *model.algebraic.values(),
        *model.initial_conditions.values(),
        *(value for ends in model.boundary_conditions.values() for value, _ in ends.values()),
        *(event.expression for event in model.events),
        *(model.variables[name] for name in SHOWN),
        *(
            limit
            for lengths in model.default_geometry.values()
            for limits in lengths.values()
            if isinstance(limits, dict)
            for limit in limits.values()
            if isinstance(limit, pybamm.Symbol)
        ),
    ]
    return set().union(*map(parameters, symbols))


def behind(cell, names):
    """Those, and the parameters of laws among them."""
    found, left = set(), list(names)
    while left:
        name = left.pop()
        if name in found or name not in cell.entries:
            continue
        found.add(name)
        value = cell.entries[name].value
        if callable(value) and not isinstance(value, pybamm.Symbol):
            given = len(inspect.signature(value).parameters)
            value = value(*(pybamm.t * (0.31 + 0.07 * n) for n in range(given)))
        if isinstance(value, pybamm.Symbol):
            left += parameters(value)
    return found


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.parametrize(
    "options", OPTIONS, ids=[" ".join(map(str, o.values())) or "own" for o in OPTIONS]
)
def test_what_is_declared_to_be_read_is_what_the_model_reads(cell_name, options):
    cell = ssb.load_cell(cell_name).with_options(options)
    names = in_equations(cell.model())
    if options.get("thermal") != "lumped":
        names |= in_equations(cell.model({"surface form": "differential"}))
    read = behind(cell, names)
    for name in cell.entries:
        if not record(name).recipe and not name.endswith(OF_SPECTRA):
            assert is_read(name, cell.options, cell.entries) == (name in read), name


def test_every_number_is_declared(cell_name):
    for name in ssb.load_cell(cell_name).entries:
        assert record(name).description.endswith("."), name
    assert len({one.description for one in everything()}) > 100


def other(name, value):
    """A number beside another that is allowed as well."""
    for factor in (1.1, 0.9):
        if record(name).allowed.holds(value * factor or 0.01):
            return value * factor or 0.01
    return 0.5 * value


def test_no_number_of_the_model_is_ignored(cell_name):
    """Changed by a tenth: read by the model that then runs, or refused in one line."""
    cell, refused = ssb.load_cell(cell_name), []
    for name, entry in cell.entries.items():
        if not isinstance(entry.value, (Real, pybamm.Symbol)):
            continue
        value = other(name, cell.describe(name))
        try:
            changed = cell.with_values({name: value})
        except InputError as error:
            refused.append(name)
            told = str(error)
            assert re.search("belongs to the recipe|no effect|enters no equation|more than", told)
            continue
        assert changed.evaluate(name) == pytest.approx(value)
        assert is_read(name, changed.options, changed.entries), name
        assert (changed.options == cell.options) == (not changed.followed)
    assert 20 < len(refused) < 90


def choices_of(option):
    """One electrode or both alike, as the shell takes them."""
    known = {**pybamm.BatteryModelOptions({}).possible_options, **own_options()}
    return [one for one in known.get(option, ()) if isinstance(one, str)]


OFF = [
    *({option: one} for option in sorted(OPTIONS_THAT_COUNT) for one in choices_of(option)),
    *OPTIONS[1:],
]


@cache
def loaded(cell_name):
    return ssb.load_cell(cell_name)


@cache
def switched(cell_name):
    """The cell with choices made otherwise, those of them that it can be."""
    found, cell = [], loaded(cell_name)
    for options in OFF:
        with suppress(InputError):
            found.append(cell.with_options(options))
    return found


@cache
def read_by(cell_name, options):
    """The numbers that a model of a cell is made of."""
    cell = loaded(cell_name).with_options(dict(options))
    impeded = {} if ("thermal", "lumped") in options else {"surface form": "differential"}
    return behind(cell, in_equations(cell.model(impeded)))


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.parametrize("one", [d for d in everything() if d.reads], ids=lambda d: d.name)
def test_a_number_whose_option_is_off_turns_it_on_or_is_refused(one):
    """On every cell that has it and is switched so that nothing reads it."""
    seen = False
    for cell_name in cell_names():
        for name, entry in loaded(cell_name).entries.items():
            is_number = isinstance(entry.value, (Real, pybamm.Symbol))
            if record(name) != one or one.recipe or not is_number:
                continue
            value = other(name, loaded(cell_name).describe(name))
            for cell in switched(cell_name):
                if is_read(name, cell.options, cell.entries):
                    continue
                try:
                    changed = cell.with_values({name: value})
                except InputError as error:
                    assert "\n" not in str(error)
                    continue
                assert changed.followed
                assert is_read(name, changed.options, changed.entries), (name, cell.options)
                if not seen and not name.endswith(OF_SPECTRA):  # one model of each, as they cost
                    more = {k: v for k, v in changed.options.items() if k in OPTIONS_THAT_COUNT}
                    assert name in read_by(cell_name, tuple(sorted(more.items(), key=str)))
                    seen = True


def test_no_number_of_a_file_is_ignored(cell_name):
    """Changed by a tenth: another cell, or refused in one line."""
    cell = ssb.load_cell(cell_name)
    before = {name: cell.describe(name) for name in cell.entries}
    for name, entry in declared(cell.design.file).items():
        if not isinstance(entry.value, Real):
            continue
        try:
            changed = cell.with_recipe({name: other(name.partition(": ")[2], entry.value)})
        except SolidStateError as error:
            assert "\n" not in str(error)
            continue
        moved = [n for n, value in before.items() if changed.describe(n) != value]
        assert moved, name
        assert any(is_read(n, changed.options, changed.entries) for n in moved), name


@pytest.mark.parametrize(
    ("changes", "option", "choice"),
    [
        ({P + "ionic transport efficiency": 1e-5}, "ionic transport", "measured"),
        ({P + "effective conductivity [S.m-1]": 1.0}, "electronic transport", "measured"),
        ({P + "contact fraction": 0.3}, "contact", ("memory", "constant")),
        ({P + "interphase growth constant [Ohm2.m4.s-1]": 1e-6}, "film", ("constant", "growing")),
        ({"Electrolyte surface gradient": 0.03}, "contact", "Persson"),
        ({"LPSCl: Surface gradient": 0.03}, "contact", "Persson"),
        ({"Spring stiffness [MPa.um-1]": 0.2}, "stack", "spring"),
        ({"cell: Frame stiffness [MPa.um-1]": 0.2}, "stack", "rigid"),
        ({P + "loosening per strain": 0.02}, "loosening", ("none", "breathing")),
    ],
)
def test_the_option_follows_and_the_title_says_so(changes, option, choice):
    cell = ssb.load_cell(A).with_values(changes)
    assert cell.options[option] == choice
    assert cell.followed == {option: choice}
    shown = ",".join(choice) if isinstance(choice, tuple) else choice
    assert cell.title.endswith(f"; option {option} = {shown}")


def test_an_efficiency_that_is_set_is_used():
    def end(cell):
        solution = pybamm.Simulation(
            cell.model(), parameter_values=cell.parameter_values, C_rate=0.1
        ).solve([0, 10])
        return solution["Voltage [V]"].entries[-1]

    cell = ssb.load_cell(A).with_options({"mesh": "draft"})
    assert end(cell.with_values({P + "ionic transport efficiency": 1e-3})) < end(cell) - 0.01


def test_a_film_that_was_left_out_comes_back():
    cell = ssb.load_cell(A).with_options({"film": "none"})
    assert cell.with_values({P + "film resistance [Ohm.m2]": 0.3}).options["film"] == (
        "none",
        "constant",
    )


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"Cation transference number": 0.9}, "enters no equation"),
        ({P + "density [kg.m-3]": 3000.0}, "'thermal': 'lumped'"),
        ({P + "initial contact before loosening": 0.1}, "what its other states make"),
        ({"Negative electrode contact spot radius [m]": 1e-7}, "'negative electrode': 'composite'"),
        ({"LPSCl: Lithium concentration [mol.m-3]": 4e4}, "enters no equation"),
        ({P + "contact fraction": 0.3, P + "release pressure [Pa]": 2e6}, "set one of the two"),
        ({P + "film resistance [Ohm.m2]": 1.0, P + "film resistance [Ohm.cm2]": 1.0}, "twice"),
    ],
)
def test_what_nothing_reads_is_refused(changes, complaint):
    with pytest.raises(InputError, match=complaint):
        ssb.load_cell(A).with_values(changes)


def test_what_a_number_replaces_is_refused():
    cell = ssb.load_cell(A).with_values({P + "coverage ceiling": 0.4})
    with pytest.raises(InputError, match="'Positive electrode coverage ceiling' is given as a num"):
        cell.with_values({P + "coverage factor": 1.2})


def test_names_in_any_unit_and_of_either_kind():
    cell = ssb.load_cell(A)
    both = cell.with_values({"positive: Porosity [%]": 10, P + "film resistance [Ohm.cm2]": 2e3})
    assert both.recipe == {"positive: Porosity": 0.1}
    assert both.changes == {P + "film resistance [Ohm.m2]": pytest.approx(0.2)}
    again = cell.with_recipe({P + "film resistance [Ohm.cm2]": 2e3, "positive: Porosity [%]": 10})
    assert (again.recipe, again.changes) == (both.recipe, both.changes)


@pytest.mark.parametrize("pair", ["constant,growing", ["constant", "growing"]])
def test_a_pair_of_choices_as_text(pair):
    cell = ssb.load_cell(A).with_options({"film": pair})
    assert cell.options["film"] == ("constant", "growing")
