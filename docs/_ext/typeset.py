"""Docstrings as they are written, typeset: powers, indices, Greek letters, units.

The laws write their equations in plain letters, ``theta_max``, ``x**2``, ``[A m-2]``. Here these
become what a reader expects, and no letter of a docstring is taken for markup by accident.
"""

from __future__ import annotations

import inspect
import re
from functools import lru_cache
from importlib import import_module

GREEK = {
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eps": "ε"},
    **{"zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν"},
    **{"pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "dphi": "Δφ", "chi": "χ"},
    **{"psi": "ψ", "omega": "ω", "Phi": "Φ", "Omega": "Ω", "Ohm": "Ω"},
}
_LETTERS = re.compile(rf"(?<![A-Za-z])({'|'.join(GREEK)})(?![A-Za-z])")
_UNITS = {"m", "s", "Pa", "A", "V", "S", "Ω", "J", "mol", "K", "kg", "C", "F", "h", "cm", "g"}
_IN_UNIT = re.compile(r"(?<![\w])([A-Za-zΩ]+)(-?\d)\b")
_TOKEN = re.compile(
    r"(?P<bracket>\[[^\[\]\n]{1,40}\])"
    r"|\*\*(?P<power>-?\((?:[^()]|\([^()]*\))*\)|-?[\w.]+(?:/\d+)?)"
    r"|(?<![\w])(?P<base>[A-Za-zα-ωΦΩΔ]|Δφ|d[a-zα-ω])_(?P<index>[A-Za-z0-9]+)\b"
)


def markdown(text: str) -> str:
    """A docstring's text, or words of a registry, as Markdown."""

    def raised(inner):
        return f"<sup>{_no_markdown(_in_a_line(inner))}</sup>"

    def lowered(inner):
        return f"<sub>{_no_markdown(inner)}</sub>"

    def prose(words):
        return _typeset(words, _no_markdown, raised, lowered)

    return _each(text, prose, lambda code: f"`{code}`".replace("|", "\\|"))


def _no_markdown(text: str) -> str:
    """Letters that are no markup in Markdown."""
    return re.sub(r"([\\`*_\[\]<>|$#~{}])", r"\\\1", text)


def _in_a_line(power: str) -> str:
    """A power within a power."""
    return re.sub(r"\*\*\((\w+)\)|\*\*(-?\w+)", lambda one: f"^{one[1] or one[2]}", power)


def rst(text: str) -> str:
    """A docstring's text as reStructuredText."""
    return _each(text, _rst_of_prose, lambda code: f"``{code}``")


def _each(text: str, prose, code) -> str:
    parts = re.split(r"``(.+?)``", text, flags=re.S)
    return "".join(code(part) if odd % 2 else prose(part) for odd, part in enumerate(parts))


def _rst_of_prose(text: str) -> str:
    def raised(inner):
        return f"\\ :sup:`{_plain(_in_a_line(inner))}`\\ "

    def lowered(inner):
        return f"\\ :sub:`{_plain(inner)}`\\ "

    return _typeset(text, _plain, raised, lowered)


def _plain(text: str) -> str:
    """Letters that are no markup in reStructuredText."""
    return re.sub(r"([\\*_`|])", r"\\\1", text)


def _typeset(text: str, plain, raised, lowered) -> str:
    text = _LETTERS.sub(lambda found: GREEK[found[1]], text.replace("sqrt(", "√("))
    out, at = [], 0
    for found in _TOKEN.finditer(text):
        out.append(plain(text[at : found.start()]))
        at = found.end()
        if found["power"]:
            power = found["power"]
            out.append(raised(power[1:-1] if power.startswith("(") else power))
        elif found["base"]:
            out.append(plain(found["base"]) + lowered(found["index"]))
        else:
            inner = _unit(found["bracket"][1:-1], plain, raised, lowered)
            out.append(plain("[") + inner + plain("]"))
    return "".join([*out, plain(text[at:])])


def _unit(text: str, plain, raised, lowered) -> str:
    """What stands between brackets: powers of units, and formulas as elsewhere."""
    out, at = [], 0
    for found in _IN_UNIT.finditer(text):
        if found[1] in _UNITS:
            out.append(_typeset(text[at : found.start(2)], plain, raised, lowered))
            out.append(raised(found[2].replace("-", "−")))
            at = found.end()
    return "".join([*out, _typeset(text[at:], plain, raised, lowered)])


def _docstring(app, what, name, obj, options, lines):
    """Typeset a docstring, and add to a verb's function what its options say."""
    words = "\n".join(lines)
    if what in ("attribute", "property") and (not words or words.startswith("Alias for field")):
        words = comment_of(name)
    if ".. math::" not in words:  # a docstring with markup of its own
        lines[:] = rst(words).split("\n")
    if what == "function":
        lines += arguments(name)


@lru_cache
def _comments(owner: type) -> dict[str, str]:
    """What stands behind the fields of a class, in its own source."""
    source = inspect.getsource(owner)
    return dict(re.findall(r"^    (\w+): [^#\n]*#\s*(.+)$", source, re.M))


def comment_of(name: str) -> str:
    """The comment behind a field, by its name in full; none where there is none."""
    home, _, field = name.rpartition(".")
    module, _, owner = home.rpartition(".")
    try:
        found = getattr(import_module(module), owner)
        words = next((c[field] for c in map(_comments, found.__mro__[:-1]) if field in c), "")
    except (ImportError, AttributeError, OSError, TypeError):
        return ""
    return f"{words[:1].upper()}{words[1:].rstrip('.')}." if words else ""


def arguments(name: str) -> list[str]:
    """What the shell says of the arguments of a verb's function, as a list of fields."""
    from ssb_model.cli.arguments import arguments_of
    from ssb_model.verbs import VERBS

    verb = next((one for one in VERBS.values() if f"{one.home}.{one.attribute}" == name), None)
    if verb is None:
        return []
    function = getattr(import_module(verb.home), verb.attribute)
    takes = inspect.signature(function).parameters
    lines = [""]
    for one in arguments_of(verb):
        if one.name in takes and (words := one.option.words):
            words = words.replace("{default}", str(one.default)).replace("in degrees Celsius", "")
            words = re.sub(r" in [MkG]?Pa\b", "", _plain(words))
            words = re.sub(r"(?<![\w-])(--[\w-]+)", r"``\1``", words)
            lines.append(f":param {one.name}: {words.strip()}{_in_si(one.option.unit)}")
    return lines


def _in_si(unit: str) -> str:
    from ssb_model.quantities.units import known, si_unit

    si = si_unit(unit) if known(unit) else "1"
    return "" if si == "1" else f" [{_plain(si)}]"


def _signature(app, what, name, obj, options, signature, returns):
    """Submodels are built by the model: how is of no use to a reader."""
    return ("", None) if name.startswith("ssb_model.submodels.") else (signature, returns)


def setup(app):
    """Take every docstring that autodoc shows."""
    app.connect("autodoc-process-signature", _signature)
    app.connect("autodoc-process-docstring", _docstring)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
