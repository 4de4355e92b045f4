"""Impedance spectra read back from small synthetic files."""

import json

import numpy as np
import pytest

from ssb_model.errors import InputError
from ssb_model.measured.spectrum import read_spectrum

F = np.logspace(5, -1, 25)
Z = 20 + 100 / (1 + 2j * np.pi * F * 100 * 2e-5)  # an invented arc [Ohm]


def write(tmp_path, text, name="spectrum.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode("latin-1"))
    return path


def table(*columns, separator=","):
    return "\n".join(
        separator.join(map(repr, map(float, row))) for row in zip(*columns, strict=True)
    )


def refusal(path, **options):
    with pytest.raises(InputError) as error:
        read_spectrum(path, **options)
    assert "\n" not in str(error.value)
    assert str(path) in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("head", "sign"),
    [
        ("Frequency [Hz],Z_re [Ohm],Z_im [Ohm]", 1),
        ("freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm", -1),
        ("freq/Hz,Re(Z)/Ohm,Im(Z)/Ohm", 1),
        ("f (Hz),Z' (ohm),-Z'' (ohm)", -1),
        ("Frequency (Hz),Zre [Ohm],−Zim [Ohm]".replace("−", "-"), -1),
    ],
)
def test_names_and_signs(tmp_path, head, sign):
    path = write(tmp_path, f"# invented\n{head}\n{table(F, Z.real, sign * Z.imag)}")
    spectrum = read_spectrum(path)
    np.testing.assert_allclose(spectrum.frequency_Hz, F)
    np.testing.assert_allclose(spectrum.impedance_Ohm, Z)
    assert spectrum.impedance_Ohm_m2 is None
    assert not spectrum.per_area
    assert spectrum.notes == ()


def test_headings_without_units(tmp_path):
    spectrum = read_spectrum(write(tmp_path, f"Freq,Zreal,-Zimag\n{table(F, Z.real, -Z.imag)}"))
    np.testing.assert_allclose(spectrum.impedance_Ohm, Z)
    assert "column 'Freq' names no unit: taken as Hz" in spectrum.notes
    assert len(spectrum.notes) == 3


@pytest.mark.parametrize(("unit", "factor"), [("Ohm.cm2", 1e-4), ("Ohm cm^2", 1e-4), ("Ohm.m2", 1)])
def test_per_area(tmp_path, unit, factor):
    head = f"Frequency [kHz],Z_re [{unit}],Z_im [{unit}]"
    spectrum = read_spectrum(write(tmp_path, f"{head}\n{table(F / 1e3, Z.real, Z.imag)}"))
    assert spectrum.per_area
    assert spectrum.impedance_Ohm is None
    np.testing.assert_allclose(spectrum.frequency_Hz, F)
    np.testing.assert_allclose(spectrum.impedance_Ohm_m2, factor * Z)


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        ("Phase(Z)/deg", np.degrees(np.angle(Z))),
        ("-Phase(Z)/deg", -np.degrees(np.angle(Z))),
        ("theta [rad]", np.angle(Z)),
        ("Phase [°]", np.degrees(np.angle(Z))),
    ],
)
def test_modulus_and_phase(tmp_path, name, phase):
    spectrum = read_spectrum(write(tmp_path, f"freq/Hz,|Z|/Ohm,{name}\n{table(F, abs(Z), phase)}"))
    np.testing.assert_allclose(spectrum.impedance_Ohm, Z)


def test_plain_column_that_holds_the_negative(tmp_path):
    """Turned when most points are positive; a few inductive ones do not tip it."""
    text = f"Frequency [Hz],Z_re [Ohm],Z_im [Ohm]\n{table(F, Z.real, -Z.imag)}"
    spectrum = read_spectrum(write(tmp_path, text))
    np.testing.assert_allclose(spectrum.impedance_Ohm, Z)
    assert "positive at 100 % of the points: taken as its negative" in spectrum.notes[0]
    inductive = Z + 2j * np.pi * F * 1e-4
    text = f"Frequency [Hz],Z_re [Ohm],Z_im [Ohm]\n{table(F, Z.real, inductive.imag)}"
    spectrum = read_spectrum(write(tmp_path, text))
    np.testing.assert_allclose(spectrum.impedance_Ohm, inductive)
    assert (inductive.imag > 0).any()


def test_named_negative_is_left_as_named(tmp_path):
    path = write(tmp_path, f"freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n{table(F, Z.real, Z.imag)}")
    spectrum = read_spectrum(path)
    np.testing.assert_allclose(spectrum.impedance_Ohm, Z.conj())
    assert "says inductive" in spectrum.notes[0]


def mpt(rows):
    head = "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t|Z|/Ohm\tPhase(Z)/deg\ttime/s\t<Ewe>/V\t<I>/mA\t"
    return f"EC-Lab ASCII FILE\r\nNb header lines : 3   \r\n{head}\r\n{rows.replace('.', ',')}\r\n"


def test_biologic(tmp_path):
    angle = np.degrees(np.angle(Z))
    columns = (F, Z.real, -Z.imag, abs(Z), angle, F, F, F)
    cycling = table(*([0.0] * 3 for _ in columns), separator="\t")
    rows = table(*columns, separator="\t")
    for text in (mpt(rows), mpt(f"{cycling}\r\n{rows}")):
        spectrum = read_spectrum(write(tmp_path, text, "spectrum.mpt"))
        np.testing.assert_allclose(spectrum.impedance_Ohm, Z)


def test_own_json_and_csv(tmp_path):
    names = ("Frequency [Hz]", "Z_re [Ohm.cm2]", "Z_im [Ohm.cm2]")
    rows = [
        dict(zip(names, map(float, row), strict=True))
        for row in zip(F, Z.real, Z.imag, strict=True)
    ]
    whole = {"cell": "invented", "kind": "impedance", "rows": rows}
    text = f"{','.join(names)}\n{table(F, Z.real, Z.imag)}"
    for path in (
        write(tmp_path, json.dumps(whole, indent=2), "spectrum.json"),
        write(tmp_path, text),
    ):
        spectrum = read_spectrum(path)
        np.testing.assert_allclose(spectrum.frequency_Hz, F)
        np.testing.assert_allclose(spectrum.impedance_Ohm_m2, 1e-4 * Z)
        assert spectrum.notes == ()
    rows[4]["Z_re [Ohm.cm2]"] = None
    path = write(tmp_path, json.dumps(whole), "spectrum.json")
    assert "row 5, column 'Z_re [Ohm.cm2]': blank" in refusal(path)


@pytest.mark.parametrize("text", ["{", "{}", '{"rows": []}', "[1]", '{"rows": [1]}'])
def test_json_without_a_spectrum(tmp_path, text):
    assert "no spectrum in JSON" in refusal(write(tmp_path, text, "spectrum.json"))


def test_several_sweeps(tmp_path):
    rows = table(
        np.tile(F, 3), np.tile(Z.real, 3), np.repeat([1, 2, 3], len(F)) * np.tile(Z.imag, 3)
    )
    path = write(tmp_path, f"Frequency [Hz],Z_re [Ohm],Z_im [Ohm]\n{rows}")
    assert "3 sweeps stand in one file; give sweep=1 to 3" in refusal(path)
    assert "no sweep 4; the file holds 3" in refusal(path, sweep=4)
    np.testing.assert_allclose(read_spectrum(path, sweep=2).impedance_Ohm.imag, 2 * Z.imag)


HEAD = "Frequency [Hz],Z_re [Ohm],Z_im [Ohm]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file is empty"),
        (
            "Z_re [Ohm],Z_im [Ohm]\n1,-1\n",
            "no column of frequency, named as 'Frequency [Hz]'. Found",
        ),
        ("Frequency [Hz],Z_im [Ohm]\n1,-1\n", "no column of real part"),
        ("Frequency [Hz],Z_re [Ohm]\n1,1\n", "no column of imaginary part"),
        (
            "Frequency [Hz],Z_re [Ohm],Z_im [Ohm.cm2]\n3,1,-1\n2,1,-1\n1,1,-1",
            "are not both per area",
        ),
        ("Frequency [Hz],Z_re [S],Z_im [S]\n3,1,-1\n", "unknown unit 'S'"),
        ("Frequency [Hz],|Z| [Ohm],Phase\n3,1,-1\n", "column 'Phase' has no unit"),
        (f"{HEAD}\n3,1,-1\n0,1,-1\n1,1,-1", "line 3: a frequency is positive"),
        (f"{HEAD}\n3,1,-1\n2,x,-1\n1,1,-1", "line 3, column 'Z_re [Ohm]': 'x' is no number"),
        (f"{HEAD}\n3,1,-1\n2,1,-1\n", "2 points; a spectrum has 3 or more"),
        (f"{HEAD}\n3,-1,1\n2,-1,1\n1,-1,1", "real and imaginary part are swapped"),
        ("3,1,-1\n2,1,-1\n", "the first line names the columns, as 'Frequency [Hz]'"),
    ],
)
def test_refused_in_one_line(tmp_path, text, expected):
    assert expected in refusal(write(tmp_path, text))
