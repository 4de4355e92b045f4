"""Hostile and clumsy inputs to the verbs that came later, from new cells to holders and draws."""

import os

import pytest

from ssb_model.parameters.library import data_folder
from tests.cli.test_hostile_inputs import (
    CELL,
    QUICK,
    RECORD,
    SPECTRUM,
    WRONG,
    A,
    folder,
    refused,
)

__all__ = ["folder"]  # a fixture
MATERIAL = (data_folder() / "materials" / "NCM811.toml").read_text(encoding="utf-8")
TWICE = ["--resistance", "20,50", "--capacitance", "300,200"]
NEW = [
    *("--composition", "NCM811=70,LPSCl=30", "--loading", "10", "--anode", "Li", "--area", "1"),
    *("--pressed", "400", "--pressure", "5", "--temperature", "25", "--lower", "2.5"),
    *("--upper", "4.2", "--against", "Li", "--one-c", "1.5", "--separator", "100"),
]
MATERIALS = {
    "not there": "nothing",
    "a path up": "../cells/NCM811_LPSCl_Si",
    "a folder": ".",
    "a device": "/dev/zero",
    "a pipe of the kernel": "/proc/kmsg",
    "no name": "",
    "control": "a\x1b[2J",
    "letters of no encoding": os.fsdecode(b"b\xff"),
    "long": "m" * 5000,
    "NUL": "a\0b",
    "somebody's letter": "thesis.docx",
}


def pressed(of="{}"):
    """A record with a gauge of the pressure, one value of it or each its own."""
    rows = (f"{36 * t},-5,{3.1 + t / 100},{of.format(20 + t / 50)}\n" for t in range(60))
    return "time/s,I/mA,Ecell/V,Pressure/MPa\n" + "".join(rows)


def changed(option, value, of=NEW):
    """The options with another value for one."""
    at = of.index(option) + 1
    return [*of[:at], value, *of[at + 1 :]]


COMMANDS = {
    **{f"materials: {name}": ["materials", one] for name, one in MATERIALS.items()},
    **{f"half-cell: {name}": ["half-cell", one, "h.toml"] for name, one in MATERIALS.items()},
    **{f"read: {name}": ["read", one] for name, one in MATERIALS.items()},
    **{
        f"explore: {name}": ["explore", one, "--no-browser"]
        for name, one in MATERIALS.items()
        if one
    },
    **{
        f"explore port {one}": ["explore", "--no-browser", "--port", one]
        for one in ("-1", "65536", "x", "1e3", "nan", "")
    },
    **{
        f"samples to {one!r}": ["samples", "--to", one]
        for one in ("thesis.docx", "thesis.docx/new", "/dev/null", "/proc", "a\0b", "link")
    },
    **{
        f"half-cell of {name}": ["half-cell", A, *more]
        for name, more in {
            "no counter": ["h.toml", "--counter", "x"],
            "no electrode": ["h.toml", "--electrode", "both"],
            "over the letter": ["thesis.docx"],
            "a folder": ["."],
            "no folder": ["no/such/h.toml"],
            "a device": ["/dev/null"],
            "no name": [""],
        }.items()
    },
    **{
        f"new: composition {one!r}": ["new", "n.toml", *changed("--composition", one)]
        for one in (
            "NCM811=170,LPSCl=-70",
            "NCM811=nan,LPSCl=30",
            "NCM811=70",
            "x=70,y=30",
            "NCM811",
            "=5",
            "NCM811=70,NCM811=30",
            "LPSCl=70,NCM811=10",
            "NCM811=70;LPSCl=30",
            "graphite=70,LPSCl=30",
            "../NCM811=70,LPSCl=30",
            "NCM811=1e400,LPSCl=30",
            "NCM811=0,LPSCl=100",
        )
    },
    **{
        f"new: {option[2:]} {one!r}": ["new", "n.toml", *changed(option, one)]
        for option in ("--loading", "--area", "--pressed", "--pressure", "--one-c", "--separator")
        for one in ("0", "-1", "nan", "x")
    },
    **{
        f"new: {name}": ["new", "n.toml", *more]
        for name, more in {
            "an anode": changed("--anode", "Mg"),
            "cold": changed("--temperature", "-300"),
            "hot": changed("--temperature", "1e5"),
            "cut-offs exchanged": changed("--lower", "4.3"),
            "no reference": changed("--against", "SHE"),
            "volts of a grid": changed("--upper", "230"),
            "an electrolyte": [*NEW, "--separator-electrolyte", "NCM811"],
        }.items()
    },
    **{
        f"new over {name}": ["new", one, *NEW]
        for name, one in {
            "the letter": "thesis.docx",
            "a device": "/dev/null",
            "a folder": ".",
            "no folder": "no/such/n.toml",
            "a folder that is a file": "thesis.docx/n.toml",
        }.items()
    },
    **{
        f"diagnose {name}": ["diagnose", *more]
        for name, more in {
            "nothing": [],
            "one state": ["--resistance", "20", "--capacitance", "300"],
            "three against two": ["--resistance", "20,50,60", "--capacitance", "300,200"],
            "below zero": ["--resistance", "20,-50", "--capacitance", "300,200"],
            "nan": ["--resistance", "20,nan", "--capacitance", "300,200"],
            "infinite": ["--resistance", "20,inf", "--capacitance", "300,200"],
            "words": ["--resistance", "a,b", "--capacitance", "300,200"],
            "exponent above 1": [*TWICE[:2], "--magnitude", "300,200", "--exponent", "1.5,0.9"],
            "exponent 0": [*TWICE[:2], "--magnitude", "300,200", "--exponent", "0,0.9"],
            "both": [*TWICE, "--magnitude", "300,200"],
            "cycles below zero": [*TWICE, "--cycles", "-1,5"],
            "pressure 0": [*TWICE, "--pressure", "0,5"],
            "pressure in Pa": [*TWICE, "--pressure", "5e6,1e6"],
            "an error of 0": [*TWICE, "--error", "0"],
            "an error below 0": [*TWICE, "--error", "-5"],
            "an error of nan": [*TWICE, "--error", "nan"],
            "pressed anew below 0": [*TWICE, "--pressed", "-1"],
            "more than all": [*TWICE, "--other-capacitance", "1e9"],
            "one spectrum": ["--spectrum", "z.csv"],
            "a record for a spectrum": ["--spectrum", "r.csv", "--spectrum", "r.csv"],
            "no arcs": ["--spectrum", "z.csv", "--spectrum", "z.csv", "--arcs", "0"],
            "a hundred arcs": ["--spectrum", "z.csv", "--spectrum", "z.csv", "--arcs", "100"],
            "an arc of none": ["--spectrum", "z.csv", "--spectrum", "z.csv", "--arc", "7"],
            "a tail": ["--spectrum", "z.csv", "--spectrum", "z.csv", "--tail", "x"],
            "a resistance of nothing": ["--resistance", "1e300,1e-300", "--capacitance", "3,2"],
            "ten thousand states": ["--table", "long.csv"],
            "no table": ["--table", "thesis.docx"],
            "a table of others": ["--table", "r.csv"],
            "a table of a device": ["--table", "/dev/zero"],
            "table and numbers": ["--table", "r.csv", *TWICE],
        }.items()
    },
    **{
        f"read {name}": ["read", "r.csv", *more]
        for name, more in {
            "over itself": ["--to", "r.csv"],
            "over itself by another name": ["--to", "./r.csv"],
            "over the letter": ["--to", "thesis.docx"],
            "to a device": ["--to", "/dev/null"],
            "to no folder": ["--to", "no/such.csv"],
            "a unit of nothing": ["--unit", "I=kg"],
            "a unit of no column": ["--unit", "nothing=mA"],
            "no unit": ["--unit", "I"],
            "area 0": ["--area", "0"],
            "area nan": ["--area", "nan"],
            "1C of 0": ["--one-c", "0"],
            "1C below zero": ["--one-c", "-1"],
            "no cell": ["--cell", "nothing"],
            "a sweep of none": ["--sweep", "3"],
            "over a table": ["--json", "r.csv"],
        }.items()
    },
    **{
        f"{verb} {name}": [verb, A, *QUICK, *more]
        for verb, name, more in [
            *(
                ("discharge", f"samples {one}", ["--samples", one])
                for one in ("-1", "1", "nan", "x", "1e9", "0.5")
            ),
            *(
                ("rate-test", f"seed {one}", ["--samples", "4", "--seed", one])
                for one in ("-1", "x", "1.5")
            ),
            *(
                ("discharge", f"measured {one!r}", ["--samples", "20", "--measured", one])
                for one in (
                    "",
                    "155",
                    "Capacity [mAh/g] at 0.1C",
                    "Capacity [mAh/g] at 0.1C = 155",
                    "Capacity [mAh/g] at 0.1C = 155 +- 0",
                    "Capacity [mAh/g] at 0.1C = 155 +- -3",
                    "Capacity [mAh/g] at 0C = 155 +- 3",
                    "Capacity [mAh/g] at nanC = 155 +- 3",
                    "Colour [mAh/g] at 0.1C = 155 +- 3",
                    "Capacity [kg] at 0.1C = 155 +- 3",
                    "Capacity [mAh/g] at 0.1C, 0 MPa = 155 +- 3",
                    "Capacity [mAh/g] at 0.1C = 1e400 +- 3",
                    "Capacity [mAh/g] at 0.1C = 155 +- 1e400",
                )
            ),
            (
                "discharge",
                "measured without samples",
                ["--measured", "Capacity [mAh/g] at 0.1C = 155 +- 3"],
            ),
            ("discharge", "first charge from full", ["--first-charge", "--from-full"]),
            ("gitt", "first charge", ["--first-charge"]),
        ]
    },
    **{
        f"{verb} {option} {one!r}": [verb, A, *QUICK, *more, option, one]
        for verb, more, options in (
            (
                "pressure-window",
                [],
                {
                    "--hours": ("0", "inf", "1e-320"),
                    "--between": ("5", "5,1", "0,5", "nan,5", "1,inf"),
                    "--keep": ("0", "1.5"),
                    "--limit": ("0", "nan"),
                    "--c-rate": ("", "0.1,0", "1e-320"),
                    "--samples": ("1", "1e9"),
                },
            ),
            (
                "holder",
                ["--spring", "100"],
                {
                    "--springs": ("0", "1.5"),
                    "--rubber": ("0", "1e9"),
                    "--rubber-modulus": ("6",),
                    "--bolt-length": ("70",),
                    "--span": ("70",),
                    "--expansion": ("nan", "-1", "1"),
                    "--warming": ("50",),
                    "--window": ("5", "5,1", "0,5"),
                    "--cycles": ("0", "99999999"),
                    "--record": ("p.csv", "/proc/kmsg", "pipe"),
                },
            ),
            ("holder", [], {"--spring": ("1e-320", "inf"), "--springs": ("2",)}),
            (
                "holder",
                ["--record", "p.csv"],
                {
                    "--creep": ("0.1",),
                    "--pressure": ("5",),
                    "--cycles": ("5",),
                    "--json": ("p.csv", "./link.csv"),
                },
            ),
            ("uneven", ["--patches", "2,5"], {"--shares": ("1", "0,0", "nan,1", "1e-320,1")}),
            ("uneven", [], {"--patches": ("0,5", "5,nan", "5e6,2e6", ",".join(["5,6"] * 99))}),
            ("uneven", [], {"--map": ("zero.map", "thesis.docx", "/dev/zero", "z.csv", "pipe")}),
            (
                "sweep",
                ["--over", "pressure=1,2"],
                {"--draws": ("-1", "1", "nan", "1e9", "99999999")},
            ),
            (
                "sweep",
                ["--over", "pressure=1,2", "--draws", "20"],
                {
                    "--samples": ("5",),
                    "--seed": ("-1",),
                    "--scheduler": ("x",),
                    "--workers": ("0",),
                },
            ),
        )
        for option, values in options.items()
        for one in values
    },
    **{
        f"explore with {one}": ["explore", "--no-browser", "--with", one]
        for one in ("exit.py", "bad.py", "thesis.docx", "nothing.py", "/dev/zero", "pipe")
    },
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands(name, folder, capsys):
    (folder / "r.csv").write_text(RECORD)
    (folder / "z.csv").write_text(SPECTRUM)
    (folder / "p.csv").write_text(pressed())
    (folder / "zero.map").write_text("0,0,0\n0,0,0\n")
    (folder / "long.csv").write_text("R [Ohm.cm2],C [uF.cm-2]\n" + "20,300\n" * 10_000)
    (folder / "exit.py").write_text("import sys; sys.exit(0)")
    (folder / "bad.py").write_text("raise ValueError('a\\nb')")
    (folder / "link").symlink_to(folder / "thesis.docx")
    (folder / "link.csv").symlink_to(folder / "p.csv")
    os.mkfifo(folder / "pipe")
    refused(COMMANDS[name], folder, capsys)


FILES = {
    **{f"a material that is {name}": f"x = {one}\n" for name, one in WRONG.items()},
    **{
        f"a value that is {name}": MATERIAL.replace("value = ", f"value = {one} #", 1)
        for name, one in WRONG.items()
        if name != "number"
    },
    "of nothing": "",
    "no table": "= =",
    "itself": 'like = "mine"\n' + MATERIAL,
    "another that is not": 'like = "nothing"\n' + MATERIAL,
    "a path": 'like = "../cells/x"\n' + MATERIAL,
}


@pytest.mark.parametrize("name", FILES)
def test_material_files(name, folder, capsys):
    (folder / "mine.toml").write_text(FILES[name], encoding="utf-8")
    refused(["materials", "mine.toml"], folder, capsys)


LAYERS = {
    "no such": '"electrolyte" = "nothing"',
    "a number": '"electrolyte" = 5',
    "an oxide": '"electrolyte" = "NCM811"',
    "a path": '"electrolyte" = "../x"',
    "a list": '"electrolyte" = ["LPSCl", "LGPS"]',
}


@pytest.mark.parametrize("section", ["positive", "separator"])
@pytest.mark.parametrize("name", LAYERS)
def test_an_electrolyte_of_a_layer(name, section, folder, capsys):
    (folder / "mine.toml").write_text(
        CELL.replace(f"[{section}]\n", f"[{section}]\n{LAYERS[name]}\n", 1), encoding="utf-8"
    )
    refused(["half-cell", "mine.toml", "h.toml"], folder, capsys)


def test_samples_over_a_file_of_the_users(folder, capsys):
    (folder / "spectrum.csv").write_text("mine")
    refused(["samples", "--to", "."], folder, capsys)
