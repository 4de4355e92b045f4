"""The command line says what the functions' signatures say, and costs next to nothing."""

import inspect
import subprocess
import sys
import typing
from importlib import import_module

import pytest

import ssb_model
from ssb_model.cli import main, parser
from ssb_model.cli.arguments import FROM_SHELL, REQUIRED, arguments_of
from ssb_model.verbs import VERBS
from ssb_model.verbs.options import Option

HEAVY = "print([m for m in ('pybamm', 'scipy', 'matplotlib', 'numpy') if m in sys.modules])"


def annotated(function):
    """Arguments with an option, as Python itself reads the signature."""
    hints = typing.get_type_hints(function, include_extras=True)
    given = inspect.signature(function).parameters
    return {
        name: given[name].default
        for name, hint in hints.items()
        if any(isinstance(one, Option) for one in getattr(hint, "__metadata__", ()))
    }


@pytest.mark.parametrize("verb", VERBS.values(), ids=lambda verb: verb.name)
def test_a_signature_read_from_its_file_is_the_one_python_reads(verb):
    module = import_module(verb.home)
    functions = [getattr(module, verb.attribute)]
    if hasattr(module, FROM_SHELL):
        shell = getattr(module, FROM_SHELL)
        handed_on = any(
            one.kind is one.VAR_KEYWORD for one in inspect.signature(shell).parameters.values()
        )
        functions = [*functions, shell] if handed_on else [shell]
    expected = {name: value for one in functions for name, value in annotated(one).items()}
    found = {
        one.name: inspect.Parameter.empty if one.default is REQUIRED else one.default
        for one in arguments_of(verb)
    }
    assert found == expected


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["nonsense"]]
    + [[name, *rest] for name in VERBS for rest in (["--help"], ["A", "--nonsense"])],
    ids=" ".join,
)
def test_help_and_mistakes_need_nothing_heavy(arguments):
    script = (
        "import sys\nfrom ssb_model.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n{HEAVY}"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb, capsys):
    with pytest.raises(SystemExit) as left:
        main([verb, "--help"])
    assert left.value.code == 0
    out = capsys.readouterr().out
    assert "{default}" not in out
    assert "--json" in out


@pytest.mark.parametrize(
    ("typed", "rate"), [("0.1", 0.1), ("C/10", 0.1), ("c / 3", 1 / 3), ("2C", 2.0)]
)
def test_rates_as_people_type_them(typed, rate):
    assert parser().parse_args(["discharge", "A", "--c-rate", typed]).c_rate == rate


def test_people_s_units_are_si_once(capsys):
    options = parser().parse_args(
        ["discharge", "A", "--pressure", "5", "--temperature", "60", "--grain-size", "1"]
    )
    assert options.stack_pressure == 5e6
    assert options.temperature == pytest.approx(333.15)
    assert options.grain_size == pytest.approx(1e-6)
    for wrong in ("C/0", "x", "C/x"):
        with pytest.raises(SystemExit):
            parser().parse_args(["discharge", "A", "--c-rate", wrong])
        assert "argument --c-rate: invalid float value" in capsys.readouterr().err


def test_version(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"ssb {ssb_model.__version__}\n"


def test_python_and_the_shell_know_the_same_verbs():
    for verb in VERBS.values():
        assert getattr(ssb_model, verb.attribute) is getattr(
            import_module(verb.home), verb.attribute
        )
        assert verb.attribute in ssb_model.__all__
