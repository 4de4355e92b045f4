"""Hostile and clumsy records of a pressure, and second active materials: one line, code 2."""

import pytest

from tests.cli.test_hostile_inputs import CELL, RECORD, WRONG, A, folder, refused
from tests.cli.test_hostile_newer_verbs import pressed

__all__ = ["folder"]  # a fixture
GAUGES = {
    **dict.fromkeys(("nan", "-5", "20", "0", "1e300", "x")),
    "in pascals": pressed().replace("/MPa", "/Pa"),
    "in stones": pressed().replace("/MPa", "/stone"),
    "at rest": pressed().replace(",-5,", ",0,"),
    "of two rows": "\n".join(pressed().splitlines()[:3]),
    "without pressure": RECORD,
}


@pytest.mark.parametrize("name", GAUGES)
def test_a_holder_of_a_record(name, folder, capsys):
    (folder / "p.csv").write_text(GAUGES[name] or pressed(name))
    refused(["holder", A, "--record", "p.csv"], folder, capsys)


SHARE, SIZE = (
    f'"{key}" = {{ value = {value}, class = "measured", source = "x" }}\n'
    for key, value in (("Share of active material [%]", 30), ("Active material diameter [um]", 9))
)
SECONDS = {
    **{f"a table that is {name}": f"second = {one}" for name, one in WRONG.items()},
    "no share": f"[positive.second]\n{SIZE}",
    "of nothing": "[positive.second]\n",
    "twice": f"[[positive.second]]\n{SHARE}{SIZE}",
    "a third": f"[positive.third]\n{SHARE}{SIZE}",
    "within itself": f"[positive.second]\n{SHARE}{SIZE}[positive.second.second]\n{SHARE}",
    "an electrolyte": f'[positive.second]\nactive_material = "LPSCl"\n{SHARE}',
    "a path": f'[positive.second]\nactive_material = "../cells/x"\n{SHARE}',
    **{
        f"{key} {one}": f"[positive.second]\n{SHARE}{SIZE}".replace(value, f"= {one},")
        for key, value, wrong in (
            ("share", "= 30,", ("0", "100", "150", "-5", "nan", "true", "[1]")),
            ("size", "= 9,", ("0", "-1", "nan", "900", "1e-9")),
        )
        for one in wrong
    },
}


@pytest.mark.parametrize("name", SECONDS)
def test_a_second_active_material(name, folder, capsys):
    text = SECONDS[name]
    before = "[positive]\n{}\n" if text.startswith("second") else "{}\n[separator]\n"
    at = before.replace("{}\n", "")
    (folder / "mine.toml").write_text(CELL.replace(at, before.format(text), 1), encoding="utf-8")
    refused(["show", "mine.toml"], folder, capsys)
