"""Pages on what one calls: verbs of the shell, names of Python, makers of cyclers, errors."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from importlib import import_module

from words import code, flag, heading, lines_of, page, sentence, table, text

import ssb_model
from ssb_model.cli import parser as shell
from ssb_model.cli.arguments import add_options
from ssb_model.measured.maker import makers
from ssb_model.verbs import VERBS
from ssb_model.verbs.result import Result


def verbs() -> Mapping[str, argparse.ArgumentParser]:
    """The parser of each verb of the shell, with its options."""
    known = next(
        action for action in shell()._actions if isinstance(action, argparse._SubParsersAction)
    )
    for one in known.choices.values():
        if one.verb is not None:
            verb, one.verb = one.verb, None
            add_options(one, verb)
    return known.choices


def shell_page() -> str:
    """Every verb of the shell with all its options."""
    out = [
        heading("The shell, option by option"),
        "Made from the signatures of the functions; `ssb COMMAND --help` shows the same. How "
        "commands work together is on the page [The shell](../shell.md).",
    ]
    for name, one in verbs().items():
        verb = VERBS[name]
        rows = []
        for action in one._actions:
            if isinstance(action, argparse._HelpAction):
                continue
            takes = action.metavar or ""
            if action.choices:
                takes = ", ".join(map(str, action.choices))
            called = ", ".join(map(flag, action.option_strings)) or code(action.dest)
            help_ = (action.help or "").replace("%%", "%")
            must = "<br>*needed*" if action.required and action.nargs != "?" else ""
            rows.append([called + must, code(str(takes)) if takes else "", text(sentence(help_))])
        out += [
            heading(f"`ssb {name}`", 2),
            text(sentence(verb.description or verb.summary)),
            f"In Python: {{py:func}}`~{verb.home}.{verb.attribute}`.",
            table(["option", "takes", "meaning"], rows),
        ]
    return page(*out)


def api_page() -> str:
    """Every public name of the package, by its docstring."""
    verbs_, others = [], []
    of_verbs = {verb.attribute for verb in VERBS.values()}
    for name in ssb_model.__all__:
        one = getattr(ssb_model, name)
        if isinstance(one, type):
            others.append(_auto("autoclass", one, "   :members:"))
        else:
            (verbs_ if name in of_verbs else others).append(_auto("autofunction", one))
    results = [
        _auto("autoclass", one, "   :members:", "   :show-inheritance:") for one in _results()
    ]
    return page(
        heading("Python, name by name"),
        "Everything here is an attribute of the package: `import ssb_model as ssb`, then "
        "`ssb.discharge(...)`. Numbers are in SI. How they work together is on the page "
        "[Python](../python.md).",
        heading("Verbs", 2),
        *verbs_,
        heading("Cells, files, data and analysis", 2),
        *others,
        heading("Results", 2),
        "What a verb gives. All of them have what `Result` has.",
        *results,
    )


def _results() -> list[type]:
    """The classes of results, those others derive from first."""
    for verb in VERBS.values():
        import_module(verb.home)
    found, waiting = [], [Result]
    while waiting:
        one = waiting.pop(0)
        found.append(one)
        waiting += [sub for sub in one.__subclasses__() if sub.__module__.startswith("ssb_model.")]
    return list(dict.fromkeys(found))


def _auto(directive: str, one: object, *options: str) -> str:
    inner = [f".. {directive}:: {one.__module__}.{one.__qualname__}", *options]
    return "\n".join(["```{eval-rst}", *inner, "```"])


def makers_page() -> str:
    """Whose files are read."""
    rows = [[text(one.name), text(lines_of(one.__doc__))] for one in makers()]
    return page(
        heading("Makers of cyclers"),
        "Whose files are read, beside any table with units in its headings. How to look at a "
        "file is on the page [Measurements beside the model](../howto/measured-data.md).",
        table(["maker", "what is particular"], rows),
    )


def errors_page() -> str:
    """What can be raised."""
    return page(
        heading("Errors"),
        "Every message is one line that names the cure. In the shell a mistake ends with the "
        "exit code 2, a run that failed with 1, one that was stopped by hand with 130.",
        "```{eval-rst}\n.. automodule:: ssb_model.errors\n   :members:\n   :show-inheritance:\n```",
    )
