"""What a refusal takes: next to nothing before PyBaMM is imported, little after."""

import subprocess
import sys

import pytest

A = "NCM811_LPSCl_Si"
SCRIPT = """
import resource, sys
from ssb_model.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as stopped:
    code = stopped.code
used = resource.getrusage(resource.RUSAGE_SELF)
try:  # of this process alone; the system's other word begins with that of its parent
    told = open("/proc/self/status").read()
    most = 1024 * int(told.partition("VmHWM:")[2].split()[0])
except OSError:
    most = 0
print(code, used.ru_utime + used.ru_stime, most / 1e6, "pybamm" in sys.modules)
"""
EARLY = {
    "option": ["discharge", A, "--c-rate", "x"],
    "cell": ["cycle", "nothing"],
    "TOML": ["discharge", "broken.toml"],
    "data": ["discharge", A, "--data", "/proc/kmsg"],
    "record": ["read", "/proc/kmsg"],
    "half cell": ["half-cell", "nothing", "half.toml"],
    "JSON": ["cells", "--json", "thesis.docx"],
}
LATE = {
    "rate": ["discharge", A, "--c-rate", "1e-320"],
    "option of PyBaMM": ["sweep", A, "--over", "pressure=1,2", "--option", "SEI=constant"],
    "cases": ["validate", "--cases", "nothing"],
    "draws": ["discharge", A, "--samples", "20", "--measured", "Capacity [kg] at 1C = 1 +- 1"],
    "new": ["new", "thesis.docx"],
}


def taken(arguments, folder):
    """Seconds of processor, megabytes, and whether PyBaMM was there."""
    (folder / "broken.toml").write_text("= =")
    (folder / "thesis.docx").write_text("three years")
    command = [sys.executable, "-c", SCRIPT, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    code, seconds, megabytes, imported = done.stdout.split()
    assert code == "2"
    assert done.stderr.count("\n") == 1
    return float(seconds), float(megabytes), imported == "True"


@pytest.mark.parametrize("name", EARLY)
def test_early(name, tmp_path):
    seconds, megabytes, imported = taken(EARLY[name], tmp_path)
    assert not imported
    assert seconds < 1
    assert megabytes < 200


@pytest.mark.parametrize("name", LATE)
def test_late(name, tmp_path):
    seconds, megabytes, _ = taken(LATE[name], tmp_path)
    assert seconds < 6  # 3 s on a machine that does nothing else
    assert megabytes < 350
