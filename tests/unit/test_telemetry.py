"""PyBaMM's telemetry is off unless the user turned it on."""

import os

import pytest

from ssb_model.system import telemetry


@pytest.mark.parametrize(
    ("set_to", "settings", "after"),
    [
        (None, None, "true"),
        (None, "pybamm:\n  enable_telemetry: false\n", "true"),
        (None, "pybamm:\n  enable_telemetry: true\n  uuid: x\n", None),
        ("false", None, "false"),
        ("true", "pybamm:\n  enable_telemetry: true\n", "true"),
    ],
)
def test_off_unless_turned_on(set_to, settings, after, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("platformdirs.user_config_dir", lambda name: str(tmp_path / name))
    monkeypatch.setenv(telemetry.SWITCH, set_to or "")
    if set_to is None:
        monkeypatch.delenv(telemetry.SWITCH)
    if settings is not None:
        (tmp_path / "pybamm").mkdir()
        (tmp_path / "pybamm" / "config.yml").write_text(settings)
    telemetry.keep_telemetry_off()
    assert os.environ.get(telemetry.SWITCH) == after
