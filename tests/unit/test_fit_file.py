"""A fit in one file: what it says comes out, and each mistake is one line with its place."""

import pytest

from ssb_model.errors import InputError, SolidStateError
from ssb_model.fitting.data import (
    CapacityData,
    GittData,
    NumberData,
    SpectrumData,
    VoltageData,
)
from ssb_model.fitting.data.reading import held_otherwise
from ssb_model.fitting.estimates import held_out, parted
from ssb_model.fitting.fit_file import is_fit_file, read_fit_file
from ssb_model.parameters.library import cell_path

A = "NCM811_LPSCl_Si"
FILM = "Positive electrode film resistance [Ohm.m2]"
J0 = "Positive electrode reference exchange-current density [A.m-2]"
VARY = f'[vary]\n"{J0}" = {{}}\n'
DATA = '[[data]]\nquantity = "Positive electrode interface capacitance [uF.cm-2]"\nvalue = 310\n'
FILES = {
    "rates.csv": "C-rate,Capacity [mAh/g]\n0.1,160\n1,120\n",
    "eis.csv": "Frequency [Hz],Z_re [Ohm cm2],Z_im [Ohm cm2]\n100,18,-1\n10,20,-3\n1,25,-8\n",
    "record.csv": "Time [s],Voltage [V],Current [mA]\n0,4.1,1\n10,4.0,1\n20,3.9,1\n",
    "gitt.csv": "SOC [%],R1 [Ohm cm2],R2 [Ohm cm2]\n20,10,20\n80,11,25\n",
    "notes.csv": "Day,Weather\n1,rain\n",
}
WHOLE = f"""
cell = "{A}"
engine = "scipy"
starts = 3
seed = 4
suggest = true
[options]
contact = "plastic"
[set]
"Negative electrode roughness" = 2.0
"positive: Porosity [%]" = 12
[vary]
"{J0}" = {{ prior = "declared", own = true }}
"{FILM}" = {{ low = 0.01, high = 2, start = 0.3, scale = "log" }}
[[data]]
file = "record.csv"
stack_pressure_MPa = 5
temperature_C = 30
noise = 2
weight = 0.5
sample = "cell 1"
soc = 0.9
[[data]]
file = "eis.csv"
noise = 2
soc = 0.25
electrode = "positive"
sample = "cell 2"
[[data]]
file = "rates.csv"
from_full = true
[[data]]
file = "gitt.csv"
c_rate = 0.5
t1_s = 0.1
t2_s = 5
pulse_s = 60
[[data]]
capacity_mAh_g = 149.7
c_rate = "C/5"
charge_rate = 0.1
[[data]]
quantity = "positive_contact_fraction"
value = 0.4
noise = 10
soc = 0.1
"""


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def written(folder, text):
    path = folder / "fit.toml"
    path.write_text(text)
    return path


def test_a_whole_file(folder):
    request = read_fit_file(written(folder, WHOLE))
    assert request.choices == {"engine": "scipy", "starts": 3, "seed": 4, "suggest": True}
    assert request.cell.options["contact"] == "plastic"
    assert request.cell.entries["Negative electrode roughness"].value == 2
    assert request.cell.recipe["positive: Porosity"] == pytest.approx(0.12)
    assert request.vary[FILM] == {"low": 0.01, "high": 2, "start": 0.3, "scale": "log"}
    record, spectrum, rates, gitt, capacity, number = request.data
    kinds = (VoltageData, SpectrumData, CapacityData, GittData, CapacityData, NumberData)
    assert all(isinstance(*pair) for pair in zip(request.data, kinds, strict=True))
    assert record.stack_pressure == 5e6
    assert record.temperature == pytest.approx(303.15)
    assert record.noise == pytest.approx(2e-3)
    assert (record.weight, record.sample, record.soc) == (0.5, "cell 1", 0.9)
    assert spectrum.noise == pytest.approx(0.02)
    assert (spectrum.soc, spectrum.electrode, spectrum.sample) == (0.25, "positive", "cell 2")
    assert spectrum.stack_pressure is None
    assert rates.from_full
    assert rates.capacity.tolist() == [160, 120]
    assert (gitt.c_rate, gitt.t1, gitt.t2, gitt.pulse) == (0.5, 0.1, 5, 60)
    assert (capacity.capacity[0], capacity.c_rate[0], capacity.charge_rate) == (149.7, 0.2, 0.1)
    assert capacity.label == "0.2C"
    assert (number.value, number.soc, number.noise) == (0.4, 0.1, pytest.approx(0.1))


def test_paths_count_from_the_file(folder, monkeypatch):
    """The cell's as well; a name of the package's own comes first."""
    monkeypatch.chdir("/")
    text = cell_path(A).read_text(encoding="utf-8")
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    request = read_fit_file(written(folder, f'cell = "mine.toml"\n{VARY}{DATA}'))
    assert request.cell.name == "mine"


def test_conditions_of_data_that_name_none(folder):
    record, spectrum, *_ = read_fit_file(written(folder, WHOLE)).data
    assert held_otherwise(record, 1e6, 320.0).stack_pressure == 5e6
    assert held_otherwise(record, 1e6, 320.0).temperature == pytest.approx(303.15)
    assert held_otherwise(spectrum, 1e6, None).stack_pressure == 1e6
    assert held_otherwise(spectrum, 1e6, None).temperature is None


def test_which_files_are_fits(folder):
    assert is_fit_file(written(folder, VARY))
    assert is_fit_file(written(folder, DATA))
    assert not is_fit_file(cell_path(A))
    assert not is_fit_file(A)
    assert not is_fit_file(folder / "rates.csv")
    assert not is_fit_file(folder / "nowhere.toml")


CELL = f'cell = "{A}"\n'
DATA_2 = CELL + VARY + DATA + "[[data]]\n"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (VARY + DATA, "cell", "name one"),
        ("cell = 3\n" + VARY + DATA, "cell", "name one"),
        ('cell = "NCM811_LPSCl_Sn"\n' + VARY + DATA, "cell", f"Nearest: {A}"),
        (CELL + DATA, "vary", "at least one parameter"),
        (CELL + VARY, "data", "[[data]]"),
        (CELL + VARY + DATA.replace("[[data]]", "[data]"), "data", "two brackets"),
        ("engin = 1\n" + CELL + VARY + DATA, "unknown key 'engin'", "Nearest: engine"),
        ('engine = "scypi"\n' + CELL + VARY + DATA, "no engine 'scypi'", "Nearest: scipy"),
        ('starts = "3"\n' + CELL + VARY + DATA, "starts", "a whole number"),
        ("starts = true\n" + CELL + VARY + DATA, "starts", "a whole number"),
        ("draws = -1\n" + CELL + VARY + DATA, "draws", "0 or more"),
        ("profile = 1\n" + CELL + VARY + DATA, "profile", "true or false"),
        ('method = "CMAES"\n' + CELL + VARY + DATA, "method", 'engine = "pybop"'),
        ('engine = "pybop"\nstarts = 2\n' + CELL + VARY + DATA, "PyBOP", "leave out starts"),
        ("options = 3\n" + CELL + VARY + DATA, "options", "[options]"),
        (CELL + '[options]\ncontact = "plastik"\n' + VARY + DATA, "options", "plastic"),
        (CELL + '[options]\ncontcat = "plastic"\n' + VARY + DATA, "options", "contact"),
        (
            CELL + '[set]\n"Negative electrode roughnes" = 2\n' + VARY + DATA,
            "set",
            "Negative electrode roughness",
        ),
        (CELL + '[set]\n"positive: Porosty" = 2\n' + VARY + DATA, "set", "positive: Porosity"),
        (CELL + "[set]\nstack_pressure = 2\n" + VARY + DATA, "set", "Stack pressure [Pa]"),
        (CELL + f'[set]\n"{FILM}" = "big"\n' + VARY + DATA, "set", "must be a number"),
        (CELL + f'[vary]\n"{FILM[:-6]}cm2]" = {{}}\n' + DATA, "vary", FILM),
        (CELL + f'[vary]\n"{FILM}" = 3\n' + DATA, f"vary: '{FILM}'", "low = ..."),
        (CELL + f'[vary]\n"{FILM}" = {{ lowest = 3 }}\n' + DATA, "lowest", "Nearest: low"),
        (CELL + f'[vary]\n"{FILM}" = {{ low = 3, high = 1 }}\n' + DATA, "vary", "not below"),
        (CELL + f'[vary]\n"{FILM}" = {{ low = "a", high = 1 }}\n' + DATA, "vary", "low bound"),
        (CELL + f'[vary]\n"{J0}" = {{ start = 1e9 }}\n' + DATA, "vary", "outside its bounds"),
        (CELL + f'[vary]\n"{J0}" = {{ own = "yes" }}\n' + DATA, "own", "true or false"),
        (CELL + f'[vary]\n"{J0}" = {{ own = true }}\n' + DATA, "own", "names its sample"),
        (CELL + f'[vary]\n"{J0}" = {{ prior = 3 }}\n' + DATA, "prior", '"declared"'),
        (CELL + f'[vary]\n"{J0}" = {{ prior = [1, "a"] }}\n' + DATA, "prior", '"declared"'),
        (CELL + "[vary]\nstack_pressure = {}\n" + DATA, "vary", "set by each data set"),
        (DATA_2 + "soc = 0.5", "data 2", "give one of file"),
        (DATA_2 + 'file = "eis.csv"\nquantity = "x"', "data 2", "file and quantity"),
        (DATA_2 + 'file = "nowhere.csv"', "data 2", "nowhere.csv"),
        (DATA_2 + 'file = "notes.csv"', "data 2", "no kind of data"),
        (DATA_2 + "file = 3", "data 2", "words in quotes"),
        (DATA_2 + 'file = "eis.csv"\nsoc = 50', "data 2", "between 0 and 1"),
        (DATA_2 + 'file = "eis.csv"\npressure_MPa = 5', "data 2", "Nearest: Stack pressure [MPa]"),
        (
            DATA_2 + 'file = "eis.csv"\n"Stack pressure [MPa]" = -5',
            "data 2",
            "Stack pressure [MPa]",
        ),
        (DATA_2 + 'file = "eis.csv"\n"Stack pressure [MPa]" = 1e-6', "data 2", "pressure"),
        (DATA_2 + 'file = "eis.csv"\n"Temperature [degC]" = 3000', "data 2", "temperature"),
        (DATA_2 + 'file = "eis.csv"\ncharge_rate = 1', "data 2", "no use for 'charge_rate'"),
        (DATA_2 + 'file = "eis.csv"\nelectrode = "postive"', "data 2", "positive"),
        (DATA_2 + 'file = "eis.csv"\nsweep = 1.5', "data 2", "whole number"),
        (DATA_2 + 'file = "eis.csv"\nnoise = 0', "data 2", "noise"),
        (DATA_2 + 'file = "rates.csv"\nfrom_full = 1', "data 2", "true or false"),
        (DATA_2 + 'file = "rates.csv"\nsoc = 1', "data 2", "no use for 'soc'"),
        (DATA_2 + 'file = "record.csv"\ncurrent_sign = "up"', "data 2", "current"),
        (DATA_2 + 'file = "gitt.csv"\nc_rate = 0.5', "data 2", "t1 [s] and t2 [s] must be given"),
        (
            DATA_2 + 'quantity = "Positive electrode interface capacitance [uF.cm-2]"',
            "data 2",
            "value must be given",
        ),
        (
            DATA_2 + 'quantity = "capacitance"\nvalue = 1',
            "data 2",
            "Nearest: Positive electrode interface capacitance",
        ),
        (DATA_2 + '"Capacity [mA.h.g-1]" = 150', "data 2", "c_rate must be given"),
        ("data = [3]\n" + CELL + VARY, "data 1", "[[data]]"),
        (CELL + "[vary]\n" + f"{FILM} = {{}}\n" + DATA, "not valid TOML", "line 3"),
    ],
)
def test_mistakes(folder, text, place, said):
    with pytest.raises(SolidStateError) as error:
        read_fit_file(written(folder, text))
    message = str(error.value)
    assert message.startswith("fit.toml")
    assert place in message
    assert said in message
    assert "\n" not in message


def test_no_file(tmp_path):
    with pytest.raises(SolidStateError, match=r"no fit file at .*gone\.toml"):
        read_fit_file(tmp_path / "gone.toml")


def test_data_are_held_out_by_file_or_label(folder):
    request = read_fit_file(written(folder, WHOLE))
    names = [one.name for one in request.data]
    kept, out = parted(held_out(request.data, [f"somewhere/{names[0]}"]))
    assert [one.name for one in out] == names[:1]
    assert [one.name for one in kept] == names[1:]
    with pytest.raises(InputError, match="no data 'other.csv' to hold out"):
        held_out(request.data, ["other.csv"])
    with pytest.raises(InputError, match="leave at least one"):
        parted(held_out(request.data, names))
