"""Options of the shell, read from the signature of a verb's function as it stands in its file.

Nothing of what that file imports is needed, so help and mistakes cost next to nothing.
"""

from __future__ import annotations

import argparse
import ast
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ssb_model.errors import InputError, one_line
from ssb_model.quantities import typed
from ssb_model.verbs import Verb, options

FROM_SHELL = "from_shell"
REQUIRED = object()  # in place of a default
PLAIN = {kind.__name__: kind for kind in (bool, dict, float, int, list, str, tuple)}
NOT_GIVEN = argparse.SUPPRESS


@dataclass(frozen=True)
class Argument:
    """An argument of a verb that the shell knows, by its type, default and option."""

    name: str
    kind: type
    option: options.Option
    default: Any
    several: bool = False  # with commas between
    repeated: bool = False
    choices: tuple[str, ...] = ()


@lru_cache
def arguments_of(verb: Verb) -> tuple[Argument, ...]:
    """The options of a verb: those of ``from_shell``, and of its function where that hands on."""
    functions, constants = _read(verb)
    shell = functions.get(FROM_SHELL)
    read = [functions[verb.attribute]] if shell is None or shell.args.kwarg else []
    found = {}
    for function in [*read, *([] if shell is None else [shell])]:
        for argument in _arguments(function, constants):
            found[argument.name] = argument
    return tuple(found.values())


@lru_cache
def takes_cell(verb: Verb) -> bool:
    """Whether its first argument is a cell, which the shell can change before the run."""
    functions, _ = _read(verb)
    first = functions[verb.attribute].args.args[:1]
    known = {argument.name for argument in arguments_of(verb)}
    return bool(first) and first[0].arg == "cell" and "cell" not in known


@lru_cache
def _read(verb: Verb) -> tuple[dict[str, ast.FunctionDef], dict[str, Any]]:
    """The functions of a verb's module, and its constants that are plain."""
    found = find_spec(verb.home)
    tree = ast.parse(Path(found.origin).read_text(encoding="utf-8"))
    functions, constants = {}, {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            functions[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                constants[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    if verb.attribute not in functions:
        raise InputError(f"{verb.name}: {found.origin} has no function '{verb.attribute}'.")
    return functions, constants


def _arguments(function: ast.FunctionDef, constants: dict[str, Any]) -> list[Argument]:
    given = function.args
    names = {**PLAIN, **vars(options), "opt": options, **constants}
    defaults = [None] * (len(given.args) - len(given.defaults)) + given.defaults
    pairs = [
        *zip(given.args, defaults, strict=True),
        *zip(given.kwonlyargs, given.kw_defaults, strict=True),
    ]
    found = []
    for argument, default in pairs:
        if not _has_option(argument.annotation):
            continue
        try:
            annotation = _value(argument.annotation, names)
            value = REQUIRED if default is None else _value(default, names)
        except Exception as error:
            raise InputError(
                f"{function.name}, {argument.arg}: {error}; an option names types of Python, what "
                "ssb_model.verbs.options holds and plain constants of its own module."
            ) from None
        found.append(_argument(argument.arg, annotation, value))
    return found


def _has_option(annotation: ast.expr | None) -> bool:
    """Whether it is written as ``Annotated[...]``, or is one of those that verbs share."""
    if isinstance(annotation, ast.Subscript):
        return isinstance(annotation.value, ast.Name) and annotation.value.id == "Annotated"
    named = getattr(annotation, "attr", None) or getattr(
        annotation, "id", ""
    )  # opt.Samples, Samples
    return typing.get_origin(getattr(options, named, None)) is typing.Annotated


def _value(node: ast.expr, names: dict[str, Any]) -> Any:
    """What an expression of a signature stands for."""
    return eval(compile(ast.Expression(node), "signature", "eval"), {"__builtins__": {}}, names)


def _argument(name: str, annotation: Any, default: Any) -> Argument:
    kind, option = annotation.__origin__, annotation.__metadata__[0]
    several = repeated = False
    parts = typing.get_args(kind) if _is_union(kind) else (kind,)
    parts = tuple(part for part in parts if part is not type(None))
    for part in parts:
        origin = typing.get_origin(part)
        several, repeated = several or origin is Sequence, repeated or origin is list
    last = parts[-1]
    if several or repeated:
        (last,) = typing.get_args(last)
    choices = option.choices
    if typing.get_origin(last) is typing.Literal:
        choices, last = typing.get_args(last), str
    return Argument(name, last, option, default, several, repeated, tuple(choices))


def _is_union(kind: Any) -> bool:
    return isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union


class OneLine(argparse.ArgumentParser):
    """Says what is wrong in one line, where others print the whole usage."""

    def error(self, message: str):
        wrong = one_line(message).rstrip(".")
        self.exit(2, f"ssb: {wrong}; '{self.prog} --help' shows what there is.\n")


class VerbParser(OneLine):
    """The parser of a verb, which gets its options when the verb is typed."""

    verb: Verb | None = None

    def parse_known_args(self, args=None, namespace=None):
        if self.verb is not None:
            verb, self.verb = self.verb, None
            add_options(self, verb)
        known, more = super().parse_known_args(args, namespace)
        if more:  # said here, where it is known whose options help
            self.error(f"unrecognized arguments: {' '.join(more)}")
        return known, more


def add_options(parser: argparse.ArgumentParser, verb: Verb) -> None:
    """What its signature declares, what is about its cell, and where its results go."""
    groups: dict[str, Any] = {}
    for argument in _grouped(arguments_of(verb)):
        _add(parser, argument, groups)
    if takes_cell(verb):
        _add_cell(parser)
    parser.set_defaults(verb=verb, json=None, out=None)
    add_files(parser)
    known = {argument.name for argument in arguments_of(verb)}
    if verb.saves and "out" not in known:
        parser.add_argument("--out", type=place, metavar="FOLDER", help="tables, JSON and figure")
    parser.add_argument(
        "--json", type=named, metavar="FILE", help="write JSON to a file, or - for the screen"
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="write over files of these names that this program did not write",
    )


def _grouped(arguments: Sequence[Argument]) -> list[Argument]:
    """What is required first; those that exclude one another side by side, as help needs it."""
    first: dict[str, int] = {}
    for number, argument in enumerate(arguments):
        first.setdefault(argument.option.group or argument.name, number)

    def order(one: Argument) -> tuple[bool, int]:
        required = one.default is REQUIRED and one.option.default is None
        return not required, first[one.option.group or one.name]

    return sorted(arguments, key=order)


def add_files(parser: argparse.ArgumentParser) -> None:
    """Files of the user's own that add to the package."""
    parser.add_argument(
        "--with",
        dest="files",
        action="append",
        default=[],
        type=place,
        metavar="FILE.py",
        help="a file of yours that registers a contact law, a maker, ...; may be repeated",
    )


def _add(parser: argparse.ArgumentParser, argument: Argument, groups: dict[str, Any]) -> None:
    """One option; with others of its group, and with the switch that sets none."""
    option = argument.option
    where = parser
    name = option.group or (argument.name if option.without else "")
    if name:
        where = groups.setdefault(name, None) or parser.add_mutually_exclusive_group()
        groups[name] = where
    form: dict[str, Any] = {"default": NOT_GIVEN, "help": _words(argument)}
    if option.positional:
        if argument.default is not REQUIRED:
            form["nargs"] = "?"
        where.add_argument(argument.name, type=_reader(argument), **form)
        return
    form["dest"] = argument.name
    names = option.names or (f"--{argument.name.replace('_', '-')}",)
    if argument.kind is bool or option.switch is not None:
        switch = True if option.switch is None else option.switch
        where.add_argument(*names, action="store_const", const=switch, **form)
        return
    if argument.repeated:
        form["action"] = "append"
    if argument.default is REQUIRED and option.default is None:
        form["required"] = True
    reader = _reader(argument)
    if option.default is not None:
        form["default"] = option.default
    if argument.choices:
        form["choices"] = list(argument.choices)
    else:
        form["metavar"] = _metavar(argument, names[0])
    where.add_argument(*names, type=reader, **form)
    if option.without:
        switch, words = option.without
        none = {"dest": argument.name, "default": NOT_GIVEN, "const": None}
        where.add_argument(switch, action="store_const", help=_percent(words), **none)


def _words(argument: Argument) -> str:
    default = argument.default
    if isinstance(default, tuple):
        default = ",".join(f"{one:g}" for one in default)
    elif isinstance(default, float):
        default = f"{default:g}"
    return _percent(argument.option.words.replace("{default}", str(default)))


def _percent(words: str) -> str:
    return words.replace("%", "%%")


def _metavar(argument: Argument, name: str) -> str:
    """As declared, else the unit; without one the option's own name."""
    option = argument.option
    if option.metavar is not None:
        return option.metavar
    if argument.several:
        return ",".join([option.unit] * 2 + ["..."])
    if option.unit in ("1", typed.RATE):
        return name.lstrip("-").replace("-", "_").upper()
    return option.unit


def _reader(argument: Argument) -> Callable[[str], Any]:
    """What makes of a typed text the argument's value, in SI."""
    option, kind = argument.option, argument.kind
    if option.read is not None:
        return option.read
    if argument.several:
        return lambda text: numbers(text, option.unit)
    if kind is float:
        return _named("float", lambda text: typed.number(text, option.unit))
    return {Path: place, int: int}.get(kind, str)


def _named(name: str, read: Callable[[str], Any]) -> Callable[[str], Any]:
    """A reader by the name argparse uses where it refuses: "invalid float value"."""
    read.__name__ = name
    return read


def _add_cell(parser: argparse.ArgumentParser) -> None:
    """The cell a verb works on, and what it may change about it."""
    parser.add_argument("cell", help="name of a cell, or path of your own TOML file")
    parser.add_argument(
        "--grain-size",
        type=_named("float", lambda text: typed.number(text, "um")),
        metavar="um",
        help="of the electrolyte, in every layer",
    )
    parser.add_argument(
        "--stack",
        choices=["isostatic", "spring", "rigid"],
        help="how the cell is held; as the cell file says if left out",
    )
    parser.add_argument(
        "--stiffness",
        type=_named("float", lambda text: typed.number(text, "MPa.um-1")),
        metavar="MPa/um",
        help="of spring or frame, in MPa per um; the cell's own if left out",
    )
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=CHOICE",
        help="a choice of the model, as contact=plastic or, negative first, film=constant,growing; "
        "may be repeated",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar='"NAME [UNIT]"=VALUE',
        help="any parameter of 'ssb show', in SI; may be repeated",
    )


def named(text: str) -> str:
    """A name a file or folder can have; argparse says which option was wrong."""
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a file or folder.")
    return text


def place(text: str) -> Path:
    """The path of a file or folder."""
    return Path(named(text))


def numbers(text: str, unit: str = "1") -> list[float]:
    """ "5,1,500" as numbers in SI; argparse says which option was wrong."""
    try:
        return typed.numbers(text, unit)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}': write numbers with commas between, as 5,1,5."
        ) from None
