"""One name for a number or a choice wherever it is set: Python, the shell, a cell's file."""

from argparse import Namespace
from numbers import Real

import pybamm
import pytest

import ssb_model as ssb
from ssb_model.cli import _changed
from ssb_model.errors import SolidStateError
from ssb_model.models.options import own_options
from ssb_model.parameters.catalogue import record
from ssb_model.parameters.declared import declared
from ssb_model.parameters.library import cell_path
from ssb_model.quantities.units import alike, convert, named, split

BESIDE = (1 - 1e-6, 1 + 1e-6)  # times a number: so little that all can be changed at once
CELLS = ["NCM811_LPSCl_Li", "NCM523_LPSCl_Graphite"]
IN_PLACE = {"contact", "ionic transport", "electronic transport"}
HOW = 'class = "assumed", source = "a test"'


def beside(name, value):
    """A number next to another that is allowed as well."""
    allowed = record(name.rpartition(": ")[2]).allowed
    return next((value * one for one in BESIDE if allowed.holds(value * one)), value)


def in_another_unit(name, value):
    """The same number under the last unit that people use of its kind."""
    base, si = split(name)
    other = alike(si)[-1]
    return named(base, other), convert(value, si, other)


def from_shell(cell, numbers=(), choices=()):
    shell = {"stack": None, "grain_size": None, "stiffness": None}
    sets = [f"{name}={value!r}" for name, value in dict(numbers).items()]
    return _changed(cell, Namespace(set=sets, option=[*choices], **shell))


def from_file(folder, name, table):
    path = folder / f"{name}.toml"
    path.write_text(f"{cell_path(name).read_text(encoding='utf-8')}\n{table}\n", encoding="utf-8")
    return ssb.load_cell(path)


def all_that_go_together(make, numbers):
    """Those that are no mistake, by leaving out each that a refusal names."""
    left = dict(numbers)
    while True:
        try:
            return left, make(left)
        except SolidStateError as error:
            fault = [name for name in left if str(error).startswith(f"'{name}'")]
            assert fault, error
            del left[fault[0]]


def numbers_of(cell):
    return {name: e.value for name, e in cell.entries.items() if isinstance(e.value, Real)}


@pytest.mark.parametrize("which", CELLS[1:])  # the one with most, as they cost
def test_numbers_by_any_way_in_any_unit(which, tmp_path):
    cell = ssb.load_cell(which)
    of_model = {
        name: beside(name, cell.describe(name))
        for name, entry in cell.entries.items()
        if isinstance(entry.value, (Real, pybamm.Symbol)) and not record(name).recipe
    }
    of_recipe = {
        name: beside(name, entry.value)
        for name, entry in declared(cell.design.file).items()
        if isinstance(entry.value, Real) and entry.value
    }
    for numbers in (of_model, of_recipe):
        numbers, expected = all_that_go_together(cell.with_values, numbers)
        assert len(numbers) > 50
        typed = dict(in_another_unit(*one) for one in numbers.items())
        assert sum(name not in numbers for name in typed) > 15
        lines = [f'"{name}" = {{ value = {value!r}, {HOW} }}' for name, value in typed.items()]
        for made in (
            cell.with_values(typed),
            cell.with_recipe(typed),
            from_shell(cell, typed),
            from_file(tmp_path, which, "\n".join(["[changes]", *lines])),
        ):
            # in a file, what it gives in place of a law stays in force
            chosen = {name: cell.options[name] for name in IN_PLACE & cell.options.keys()}
            assert {**made.options, **chosen} == {**expected.options, **chosen}
            assert numbers_of(made) == pytest.approx(numbers_of(expected), rel=1e-12)
        assert numbers_of(expected) != numbers_of(cell)


@pytest.mark.parametrize("which", CELLS)
def test_choices_by_any_way(which, tmp_path):
    cell, accepted = ssb.load_cell(which), 0
    for option, choices in own_options().items():
        for choice in choices:
            try:
                expected = cell.with_options({option: choice})
            except SolidStateError as error:
                with pytest.raises(SolidStateError) as refused:
                    from_shell(cell, choices=[f"{option}={choice}"])
                assert str(refused.value) == str(error)
                continue
            accepted += 1
            assert from_shell(cell, choices=[f"{option}={choice}"]).options == expected.options
            if choice == choices[-1]:  # one of a file is enough, as they cost
                table = f'[options]\n"{option}" = "{choice}"'
                assert from_file(tmp_path, which, table).options == expected.options
    assert accepted > 20
