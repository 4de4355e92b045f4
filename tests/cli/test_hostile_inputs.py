"""Hostile and clumsy inputs to every verb: code 2, one line, nothing written, nothing lost."""

import os
import time

import pytest

from ssb_model.cli import main
from ssb_model.parameters.library import data_folder

A = "NCM811_LPSCl_Si"
CELL = (data_folder() / "cells" / f"{A}.toml").read_text(encoding="utf-8")
FILM = "Positive electrode film resistance [Ohm.m2]"
QUICK = ["--option", "mesh=draft"]
NUMBER = "quantity=positive_capacitance_uF_cm2,value=310"
RECORD = "time/s,I/mA,Ecell/V\n" + "".join(f"{36 * t},5,{4.1 - t / 100}\n" for t in range(60))
HERTZ = [10 ** (5 - k / 5) for k in range(30)]
SPECTRUM = "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n" + "".join(
    f"{f},{10 + k},5\n" for k, f in enumerate(HERTZ)
)
CASE = """title = "t"
source = "s"
cell = "NCM811_LPSCl_Si"
[runs.a]
protocol = "at rest"
soc = 0.5
[[target]]
name = "n"
use = "check"
kind = "number"
value = 1
unit = "%"
tolerance = "10 %"
model = { run = "a", column = "State of charge" }
[[series]]
run = "a"
name = "s"
measured = "State of charge"
model = "State of charge"
use = "report"
[[figure]]
title = "f"
runs = ["a"]
x = "State of charge"
y = "Voltage [V]"
"""
FIT = f"""cell = "{A}"
[vary]
"{FILM}" = {{}}
[[data]]
quantity = "positive_capacitance_uF_cm2"
value = 310
"""
VERBS = {
    "show": [],
    "discharge": [],
    "rate-test": [],
    "gitt": [],
    "impedance": [],
    "limits": [],
    "cycle": [],
    "pressure-steps": [],
    "min-pressure": [],
    "sweep": ["--over", "pressure=1,2"],
    "fit": ["--data", NUMBER, "--vary", FILM],
}
WRONG = {  # of TOML
    "number": "5",
    "huge": "1e400",
    "nan": "nan",
    "true": "true",
    "list": "[]",
    "words": '"x"',
    "table": "{ a = 1 }",
    "lists": '[["a"], 1]',
    "date": "2020-01-01",
}
POTENTIALS = {
    "number": '{ set = "Chen2020", parameter = "Nominal cell capacity [A.h]" }',
    "two": '{ set = "Ecker2015", parameter = "Positive particle diffusivity [m2.s-1]" }',
    "four": '{ set = "Chen2020", parameter = '
    '"Positive electrode exchange-current density [A.m-2]" }',
    "parameters": '{ set = "Ai2020", parameter = "Positive electrode volume change" }',
    "nothing": '{ set = "Chen2020", parameter = "x" }',
    "no set": '{ set = "../x", parameter = "x" }',
    "lists": '{ set = ["Chen2020"], parameter = ["x"] }',
    "numbers": "{ set = 1, parameter = 2 }",
    "one key": '{ set = "Chen2020" }',
    "words": '"Chen2020"',
    "list": "[]",
}
HONOURED = [
    *("particle size=distribution", "particle phases=2", "particle shape=no particles"),
    *("working electrode=positive", "working electrode=negative", "working electrode=both"),
    *("operating mode=power", "operating mode=CCCV", "operating mode=explicit power"),
    *("SEI=constant", "SEI=reaction limited", "SEI on cracks=true", "SEI porosity change=true"),
    *(
        "SEI film resistance=distributed",
        "lithium plating=reversible",
        "convection=full transverse",
    ),
    *("lithium plating porosity change=true", "lithium plating=partially reversible"),
    *("current collector=potential pair", "dimensionality=1", "cell geometry=pouch"),
    *("cell geometry=cylindrical", "thermal=x-full", "thermal=x-lumped", "surface form=algebraic"),
    *(
        "surface temperature=lumped",
        "use lumped thermal capacity=true",
        "convection=full transverse",
    ),
    *("open-circuit potential=MSMR", "open-circuit potential=current sigmoid"),
    *("open-circuit potential=one-state hysteresis", "intercalation kinetics=Marcus"),
    *("intercalation kinetics=MSMR", "particle=MSMR", "number of MSMR reactions=2"),
    *("diffusivity=current sigmoid", "exchange-current density=current sigmoid"),
    *("electrolyte conductivity=integrated", "transport efficiency=ordered packing"),
    *("interface utilisation=constant", "loss of active material=stress-driven"),
    *("particle mechanics=swelling only", "stress-induced diffusion=true"),
    *("x-average side reactions=true", "total interfacial current density as a state=true"),
    *("nonsense=1", "contact=", "contact=a,b,c", "mesh=fine,fine", "=", "thermal=1"),
]
NUMBERS = [
    *(["discharge", A, "--c-rate", one] for one in ("1e-320", "1e308", "0", "-1", "1e5", "C/0")),
    *(["discharge", A, "--cv-until", one] for one in ("1e-50", "0", "nan", "-0.1", "1e9")),
    *(["discharge", A, "--pressure", one] for one in ("1e-9", "1e9", "-5", "0", "inf")),
    *(["discharge", A, "--temperature", one] for one in ("-300", "1e6", "nan", "300")),
    *(["discharge", A, "--grain-size", one] for one in ("0", "-1", "nan", "1e5")),
    *(["discharge", A, "--set", f"{FILM}={one}"] for one in ("-1", "nan", "inf", "x", "")),
    *(["rate-test", A, "--c-rates", one] for one in ("1e-320", "1,nan", "a", "1,,2")),
    *(["gitt", A, "--c-rate", one] for one in ("1e-320", "0", "nan")),
    *(["gitt", A, "--pulse", one] for one in ("0", "nan", "-1")),
    *(["impedance", A, "--soc", one] for one in ("-1", "2", "nan", "a")),
    *(["impedance", A, "--frequencies", one] for one in ("0,1", "-1", "nan", "1")),
    *(["limits", A, "--c-rates", one] for one in ("1e-320", "0", "inf")),
    *(["cycle", A, "--cycles", one] for one in ("-1", "1e3", "x", "99999999999")),
    *(["cycle", A, "--c-rate", one] for one in ("1e-320", "0")),
    *(["pressure-steps", A, "--steps", one] for one in ("0", "-1", "nan", "1e9")),
    *(["min-pressure", A, "--keep", one] for one in ("0", "-1", "2", "nan")),
    *(["sweep", A, "--over", f"c-rate={one}"] for one in ("1e-320", "0", "nan", "2:1:0", "x")),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a file of somebody else's in it, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "thesis.docx").write_bytes(b"three years")
    return tmp_path


def snapshot(folder):
    """Every file below a folder with its bytes, and where links lead."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = os.fsencode(path.relative_to(folder))
        if path.is_symlink():
            found[name] = os.readlink(path)
        elif path.is_file():
            found[name] = path.read_bytes()
        elif path.is_dir():
            found[name] = "folder"
    return found


def refused(arguments, folder, capsys):
    """Code 2, one line, and the folder as it was; gives the line."""
    before, began = snapshot(folder), time.perf_counter()
    try:
        code = main([str(one) for one in arguments])
    except SystemExit as stopped:
        code = stopped.code
    out, err = capsys.readouterr()
    assert (code, err.count("\n"), out) == (2, 1, ""), (code, err, out[:200])
    assert err.startswith("ssb: ")
    assert err[:-1].isprintable()
    assert snapshot(folder) == before
    assert time.perf_counter() - began < 20  # of a machine that others use; 1 s alone
    return err


def with_entry(entry, section="positive"):
    return CELL.replace(f"[{section}]\n", f"[{section}]\n{entry}\n", 1)


CELLS = {
    **{
        f"potential {name}": with_entry(
            f'"Open-circuit potential [V]" = {{ pybamm = {one}, class = "measured", source = "x" }}'
        )
        for name, one in POTENTIALS.items()
    },
    **{f"key {name}": f"nonsense = {one}\n{CELL}" for name, one in WRONG.items()},
    **{f"held {name}": f"held = {one}\n{CELL}" for name, one in WRONG.items()},
    **{f"entry {name}": with_entry(f'"Volume change" = {one}') for name, one in WRONG.items()},
    **{
        f"value {name}": with_entry(
            f'"Particle diffusivity [m2.s-1]" = {{ value = {one}, class = "measured", '
            'source = "x" }'
        )
        for name, one in WRONG.items()
    },
    **{
        f"{table} {name}": CELL.replace("[cell]\n", f"[{table}]\nx = {one}\n[cell]\n", 1)
        for table in ("options", "changes", "ageing")
        for name, one in WRONG.items()
    },
}


@pytest.mark.parametrize("name", CELLS)
def test_cells(name, folder, capsys):
    (folder / "mine.toml").write_text(CELLS[name], encoding="utf-8")
    verb = list(VERBS)[len(name) % len(VERBS)]
    refused([verb, "mine.toml", *VERBS[verb]], folder, capsys)


@pytest.mark.parametrize("option", HONOURED)
def test_options(option, folder, capsys):
    verb = [verb for verb in VERBS if verb != "show"][len(option) % (len(VERBS) - 1)]
    name, _, value = option.partition("=")
    told = refused([verb, A, *VERBS[verb], "--option", option], folder, capsys)
    assert name in told
    if name:
        (folder / "mine.toml").write_text(f'{CELL}\n[options]\n"{name}" = "{value}"\n')
        refused(["sweep", "mine.toml", "--over", "pressure=1,2"], folder, capsys)


@pytest.mark.parametrize("arguments", NUMBERS, ids=lambda one: " ".join(one))
def test_numbers(arguments, folder, capsys):
    refused(arguments, folder, capsys)


PROFILES = {
    "exchanged": "MPa,h\n0,5\n1,6\n",
    "words exchanged": "Pressure,Time\n0,5\n1,6\n",
    "seconds": "h,MPa\n0,5\n3600,6e6\n",
    "kelvin": "h,K\n0,300\n1,310\n",
    "nan": "h,MPa\n0,nan\n1,6\n",
    "falls": "h,MPa\n1,5\n0,6\n",
    "one": "h,MPa\n0,5\n",
    "three": "h,MPa,x\n0,5,1\n1,6,1\n",
    "no heading": "0,5\n1,6\n",
    "negative": "h,MPa\n0,-5\n1,6\n",
    "huge": "h,MPa\n0,5\n1e308,6\n",
    "empty": "",
}


@pytest.mark.parametrize("name", PROFILES)
def test_profiles(name, folder, capsys):
    (folder / "p.csv").write_text(PROFILES[name])
    refused(["discharge", A, "--profile", "p.csv"], folder, capsys)


def row_changed(column, value, text=RECORD, line=30):
    lines = text.splitlines()
    parts = lines[line].split(",")
    parts[column] = value
    return "\n".join([*lines[:line], ",".join(parts), *lines[line + 1 :]]) + "\n"


RECORDS = {
    **{
        f"{value} in {column}": row_changed(column, value)
        for column in range(3)
        for value in ("NaN", "inf", "-inf", "", "1e999", "x", "1e30")
    },
    "amperes as milli": RECORD.replace("I/mA", "I/A"),
    "a thousandth": RECORD.replace(",5,", ",0.005,"),
    "exchanged": RECORD.replace("I/mA,Ecell/V", "Ecell/V,I/mA"),
    "only headings": "time/s,I/mA,Ecell/V\n",
    "no unit": RECORD.replace("I/mA", "I"),
    "two currents": RECORD.replace("time/s,I/mA", "I/A,I/mA"),
    "backwards": RECORD + "0,5,4\n",
}


@pytest.mark.parametrize("verb", ["discharge", "cycle"])
@pytest.mark.parametrize("name", RECORDS)
def test_records(name, verb, folder, capsys):
    (folder / "r.csv").write_text(RECORDS[name])
    refused([verb, A, *QUICK, "--data", "r.csv", "--out", "new"], folder, capsys)


SPECTRA = {
    **{
        f"{value} in {column}": row_changed(column, value, SPECTRUM, 9)
        for column in range(3)
        for value in ("NaN", "inf", "1e300", "1e999", "", "x")
    },
    "all huge": SPECTRUM.replace(",5\n", ",5e300\n"),
    "nothing": "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n" + "".join(f"{f},0,0\n" for f in HERTZ),
    "a frequency below 0": row_changed(0, "-1", SPECTRUM, 9),
    "one": "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1,1,1\n",
}


@pytest.mark.parametrize("name", SPECTRA)
def test_spectra(name, folder, capsys):
    (folder / "z.csv").write_text(SPECTRA[name])
    refused(["impedance", A, *QUICK, "--data", "z.csv"], folder, capsys)


CASES = {
    **{
        f"{place} {name}": change(one)
        for place, change in {
            "title": lambda one: CASE.replace('"t"', one, 1),
            "cell": lambda one: CASE.replace(f'"{A}"', one, 1),
            "runs": lambda one: f"runs = {one}\n" + CASE.replace("[runs.a]", "[other]"),
            "a run": lambda one: CASE.replace(
                '[runs.a]\nprotocol = "at rest"\nsoc = 0.5', f"[runs]\na = {one}"
            ),
            "protocol": lambda one: CASE.replace('"at rest"', one, 1),
            "soc": lambda one: CASE.replace("soc = 0.5", f"soc = {one}", 1),
            "target": lambda one: f"target = {one}\n" + CASE.replace("[[target]]", "[[x]]"),
            "value": lambda one: CASE.replace("value = 1", f"value = {one}", 1),
            "tolerance": lambda one: CASE.replace('"10 %"', one, 1),
            "model": lambda one: CASE.replace(
                'model = { run = "a", column = "State of charge" }', f"model = {one}", 1
            ),
            "series run": lambda one: CASE.replace('run = "a"\nname', f"run = {one}\nname", 1),
            "figure runs": lambda one: CASE.replace('runs = ["a"]', f"runs = {one}", 1),
            "figure x": lambda one: CASE.replace('x = "State of charge"', f"x = {one}", 1),
            "points": lambda one: f"{CASE}points = {one}\n",
        }.items()
        for name, one in WRONG.items()
        if (place, name)
        not in {
            *(("value", "number"), ("points", "list"), ("title", "words")),
            *(("soc", "number"), ("soc", "true"), ("soc", "words")),  # runs that fail, reported
        }
    },
}


@pytest.mark.parametrize("name", CASES)
def test_cases(name, folder, capsys):
    (folder / "cases" / "one").mkdir(parents=True)
    (folder / "cases" / "one" / "case.toml").write_text(CASES[name])
    refused(["validate", "--cases", "cases", "--workers", "1"], folder, capsys)


FITS = {
    f"{place} {name}": change(one)
    for place, change in {
        "cell": lambda one: FIT.replace(f'"{A}"', one, 1),
        "vary": lambda one: f"vary = {one}\n" + FIT.replace("[vary]", "[options]", 1),
        "spec": lambda one: FIT.replace("{}", one, 1),
        "low": lambda one: FIT.replace("{}", f"{{ low = {one} }}", 1),
        "prior": lambda one: FIT.replace("{}", f"{{ prior = {one} }}", 1),
        "data": lambda one: f"data = {one}\n" + FIT.partition("[[data]]")[0],
        "quantity": lambda one: FIT.replace('"positive_capacitance_uF_cm2"', one, 1),
        "weight": lambda one: f"{FIT}weight = {one}\n",
        "options": lambda one: f"options = {one}\n{FIT}",
        "set": lambda one: f"set = {one}\n{FIT}",
        "starts": lambda one: f"starts = {one}\n{FIT}",
    }.items()
    for name, one in WRONG.items()
    if (place, name) not in {("weight", "number"), ("starts", "number"), ("low", "nan")}
}


@pytest.mark.parametrize("name", FITS)
def test_fit_files(name, folder, capsys):
    (folder / "fit.toml").write_text(FITS[name])
    refused(["fit", "fit.toml"], folder, capsys)
