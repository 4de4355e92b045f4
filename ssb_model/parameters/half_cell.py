"""One electrode of a cell against lithium, as the text of a cell file of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from ssb_model.errors import InputError
from ssb_model.parameters import toml_text
from ssb_model.parameters.new_cell import ANODES, negative_lines
from ssb_model.quantities.declared import side as side_of
from ssb_model.quantities.units import in_unit, split

OTHER = {"positive": "negative", "negative": "positive"}
CUT_OFFS = ("lower voltage cut-off", "upper voltage cut-off", "against")
HOST_AS_CATHODE = {  # of a host that comes without lithium: a charge takes it out first
    "Pristine stoichiometry": (1.0, "so that a charge takes lithium out first"),
    "First-cycle loss": (0.0, "what its first cycle loses is lost before"),
}
WORKING = "positive"  # the section a half cell's electrode stands in


WAYS = ("n/p ratio", "loading", "thickness")  # how thick a dense layer is


def half_cell_text(
    text: str,
    side: str,
    counter: str,
    cut_offs: tuple[float, float],
    chemistry: str,
    thickness: float | None = None,
) -> str:
    """The file of a cell without one electrode, ``counter`` in its place; cut-offs against Li.

    A dense layer has its ``thickness`` [m], which may have followed from the other electrode.
    """
    low, high = cut_offs
    parts: dict[str, list[str]] = {name: [] for name in ("", "cell", "positive", "separator")}
    tables: dict[str, list[str]] = {"options": [], "changes": []}
    for table, key, statement in toml_text.statements(text):
        if not key or (not table and key in (*CUT_OFFS, "title", "chemistry")):
            continue
        if table in tables:
            tables[table] += _moved(table, key, statement, side)
            continue
        owner, dot, within = table.partition(".")
        kept = owner in ("", "cell", "separator", side)
        plain = split(key)[0].casefold()
        if owner == side and thickness is not None and plain in WAYS:
            continue
        if kept and plain not in _left_out(owner, side):
            name = f"{WORKING if owner == side else owner}{dot}{within}"
            parts.setdefault(name, []).append(statement)
    given = 'class = "derived", source = "the window of the whole cell"'
    parts["cell"] += [
        'against = "Li"  # what both cut-offs are against\n',
        f'"Lower voltage cut-off [V]" = {{ value = {low:.3f}, {given} }}\n',
        f'"Upper voltage cut-off [V]" = {{ value = {high:.3f}, {given} }}\n',
    ]
    if thickness is not None:
        as_it_is = given.replace("the window", "as it is")
        layer = f"{{ value = {in_unit(thickness, 'um'):.8g}, {as_it_is} }}"
        parts[WORKING].append(f'"Thickness [um]" = {layer}\n')
    hosts = [name for name in parts if name.partition(".")[0] == WORKING]
    for host in hosts if side == "negative" else ():
        parts[host] += [
            f'"{name}" = {{ value = {value}, class = "setting", source = "{source}" }}\n'
            for name, (value, source) in HOST_AS_CATHODE.items()
        ]
    lines = [
        f"title = {toml_text.quoted(f'{chemistry}, half cell')}\n",
        f"chemistry = {toml_text.quoted(chemistry)}\n",
        *parts.pop(""),
    ]
    for name, statements in [*parts.items(), *((n, s) for n, s in tables.items() if s)]:
        lines += [f"\n[{name}]\n", *statements]
    foil = negative_lines(ANODES[counter][0], "", 0.0)
    return "".join([*lines, "\n[negative]\n", *(f"{line}\n" for line in foil)])


def _left_out(table: str, side: str) -> tuple[str, ...]:
    """What of a table the half cell says otherwise."""
    if table == "cell":
        return CUT_OFFS
    if table == side == "negative":
        return tuple(name.casefold() for name in HOST_AS_CATHODE)
    return ()


def _moved(table: str, key: str, statement: str, side: str) -> Iterator[str]:
    """A choice or a change as the half cell has it; none of what is of the electrode left out."""
    given: Any = tomllib.loads(statement)[key]
    if table == "options":
        if isinstance(given, list):  # a pair, the negative electrode first
            given = given[("negative", "positive").index(side)]
        yield f"{toml_text.key(key)} = {toml_text.value(given, key)}\n"
        return
    owner = key.partition(":")[0].strip() if ":" in key else side_of(key)
    if owner == OTHER[side]:
        return
    renamed = key if not side_of(key) else _other_side(key, side)
    yield statement.replace(toml_text.key(key), toml_text.key(renamed), 1)


def _other_side(key: str, side: str) -> str:
    return key.replace(side, WORKING).replace(side.capitalize(), WORKING.capitalize())


def check_counter(counter: str) -> None:
    """Refuse what is no metal with a plateau."""
    known = [name for name, (_, *_, against) in ANODES.items() if against == "Li"]
    if counter not in known:
        raise InputError(f"no counter electrode '{counter}'. Known: {', '.join(known)}.")
