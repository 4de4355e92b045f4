"""Files of before are rewritten with the names of now, and nothing else in them changes."""

import tomllib

from ssb_model.quantities.migrate import main, migrated

CASE = """# a comment on capacity_mAh_g
title = "One"

[runs.rates]
protocol = "rate test"
c_rates = [0.1, 1]
stack_pressure_MPa = [5, 20]  # two

[runs.law]
protocol = "closure"
closure = "Heckel porosity"

[[target]]
name = "at 1C"
model = { run = "rates", column = "capacity_mAh_g", where = { c_rate = 1.0, temperature_C = -20 } }

[[target]]
name = "of the law"
model = { run = "law", column = "model", where = { pressure_MPa = 5 } }

[[figure]]
x = "soc_percent"
y = ["R1_ohm_cm2", "R2_ohm_cm2"]
points = [{ x = 0.1, y = 160 }]
"""
FIT = """cell = "NCM811_LPSCl_Si"

[[data]]
quantity = "separator_resistance_Ohm_cm2"
value = 5
stack_pressure_MPa = 5
c_rate = 0.5
"""


def migrate(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert main([str(path)]) == 0
    return path.read_text(encoding="utf-8")


def test_a_case(tmp_path, capsys):
    text = migrate(tmp_path, "case.toml", CASE)
    case = tomllib.loads(text)
    assert case["runs"]["rates"]["Stack pressure [MPa]"] == [5, 20]
    assert case["target"][0]["model"] == {
        "run": "rates",
        "column": "Capacity [mA.h.g-1]",
        "where": {"C-rate": 1.0, "Temperature [degC]": -20},
    }
    assert case["target"][1] == tomllib.loads(CASE)["target"][1]
    assert case["figure"][0]["x"] == "State of charge [%]"
    assert case["figure"][0]["y"] == ["R1 [Ohm.cm2]", "R2 [Ohm.cm2]"]
    assert text.startswith("# a comment on capacity_mAh_g\n")
    assert "# two" in text
    said = capsys.readouterr().out
    assert "  capacity_mAh_g -> Capacity [mA.h.g-1]" in said
    assert migrated(tmp_path / "case.toml", text) == (text, {})


def test_a_fit_file(tmp_path):
    (data,) = tomllib.loads(migrate(tmp_path, "fit.toml", FIT))["data"]
    assert data == {
        "quantity": "Separator ionic resistance [Ohm.cm2]",
        "value": 5,
        "Stack pressure [MPa]": 5,
        "c_rate": 0.5,
    }


def test_a_table(tmp_path, capsys):
    text = "# what\nc_rate,capacity_mAh_g,own column\n0.1,160,3\n"
    assert migrate(tmp_path, "rates.csv", text) == (
        "# what\nC-rate,Capacity [mA.h.g-1],own column\n0.1,160,3\n"
    )
    main([str(tmp_path / "rates.csv"), "notes.txt"])
    said = capsys.readouterr().out
    assert "nothing to change" in said
    assert "neither .csv nor .toml" in said
