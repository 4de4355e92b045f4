"""What others add to the package: a contact law, a maker, a verb, a kind of data to fit, an anode.

Whatever can be added says of which kind it is (``extension``) and how it is called (``name``, or
``kind`` where a name is that of each object).
It comes from ``register``, from an entry point of another package, or from a user's own file.
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import os
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, TypeVar

from ssb_model.errors import InputError, SolidStateError

Thing = TypeVar("Thing")
PACKAGE = Path(__file__).resolve().parent
FILES = "SSB_MODEL_WITH"  # environment: files that worker processes and later runs load as well
GROUPS = ("ssb_model_laws", "ssb_model_extensions")  # entry points
_registered: dict[str, dict[str, Any]] = {}  # by kind and name
_loaded: dict[Path, Any] = {}  # modules of files
_done: set[str] = set()  # what is looked up once in a process


def register(thing: Thing) -> Thing:
    """Make a thing of yours known to everything that works with its kind; also as a decorator.

    A class is taken as what it makes without arguments, where its kind is one of objects.

    Examples
    --------
    >>> import ssb_model as ssb
    >>> from ssb_model.submodels.contact_laws import PressureLaw
    >>> class Elastic(PressureLaw):
    ...     name = "elastic"
    ...     def relative_contact(self, pressure, highest, constants):
    ...         return (pressure / highest) ** (2 / 3)
    >>> law = ssb.register(Elastic)
    """
    kind, names = getattr(thing, "extension", None), [getattr(thing, "name", None)]
    names.append(getattr(thing, "kind", None))
    name = next((each for each in names if isinstance(each, str)), "")
    if not isinstance(kind, str) or not name:
        raise InputError(
            f"{thing!r} cannot be registered: derive it from a class of the package that can be "
            "extended, as PressureLaw, and give it a name."
        )
    made = thing
    if inspect.isclass(thing) and getattr(thing, "of_objects", True):
        made = thing()
    known = _registered.setdefault(kind, {})
    if name in known and home(known[name]) != home(made):
        raise InputError(f"a {kind} '{name}' is there already: give yours another name.")
    if hasattr(made, "check_extension"):
        made.check_extension()
    known[name] = made
    _hand_on(home(made))
    return thing


def registered(kind: str) -> dict[str, Any]:
    """What was added of a kind, by name; the package's own is not among it."""
    _find()
    return dict(_registered.get(kind, {}))


def load_extension(path: str | Path) -> None:
    """Run a file that registers something; worker processes and resumed studies know it too."""
    path = Path(path).expanduser().resolve()
    if path in _loaded:
        return
    name = f"ssb_model_with_{path.stem}_{hashlib.sha256(os.fsencode(path)).hexdigest()[:8]}"
    if not path.is_file():
        where = f", which the environment's {FILES} names" if str(path) in _done else ""
        raise InputError(f"{path}{where}: no such file.")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path.name}: a file that adds something is Python, and ends in .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    before = _all()
    try:
        spec.loader.exec_module(module)
    except SolidStateError as error:
        del sys.modules[name]
        raise InputError(f"{path.name}: {error}") from None
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise InputError(
            f"{path.name}, line {_line(error, path)}: {type(error).__name__}: {error}"
        ) from None
    new = [thing for thing in _all() if not any(thing is old for old in before)]
    if not new:
        del sys.modules[name]
        raise InputError(f"{path.name} adds nothing: call ssb_model.register(...) in it.")
    _loaded[path] = module
    _hand_on(path)


def home(thing: Any) -> Path | None:
    """The file a thing was written in, none where it was typed."""
    kind = thing if inspect.isclass(thing) else type(thing)
    found = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return None if found is None else Path(found).resolve()


def text_digest(thing: Any) -> str:
    """What a thing's text is, in few letters: another text may give other numbers."""
    path = home(thing)
    return "" if path is None else hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _all() -> list[Any]:
    return [thing for known in _registered.values() for thing in known.values()]


def _find() -> None:
    """Load what entry points and the environment name, once in a process."""
    for path in filter(None, os.environ.get(FILES, "").split(os.pathsep)):
        if path not in _done:
            _done.add(path)
            load_extension(path)
    for group in GROUPS:
        if group in _done:
            continue
        _done.add(group)
        for entry in entry_points(group=group):
            try:
                found = entry.load()
            except Exception as error:
                raise InputError(
                    f"the entry point '{entry.name}' of {group} fails: {type(error).__name__}: "
                    f"{error}; mend or remove the package it comes from."
                ) from None
            if hasattr(found, "extension"):
                register(found)


def _hand_on(path: Path | None) -> None:
    """Let processes begun from here on load a file; a script that is run is read by them anyway."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    if path is None or PACKAGE in path.parents:  # a class of ours: load_extension knows where
        return
    if main is not None and path == Path(main).resolve():
        return
    _done.add(str(path))
    known = [each for each in os.environ.get(FILES, "").split(os.pathsep) if each]
    if str(path) not in known:
        os.environ[FILES] = os.pathsep.join([*known, str(path)])


def _line(error: BaseException, path: Path) -> int:
    """The last line of the file itself that an error passed through."""
    lines = [0]
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    trace = error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename) == path:
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return lines[-1]
