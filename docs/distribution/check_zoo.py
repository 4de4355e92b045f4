"""Hold the entry for the model zoo to the zoo's own contract, and run its tests and example.

``nox -s zoo``, or ``python docs/distribution/check_zoo.py`` beside ``pybamm-model-zoo``.
The entry is taken in as if its folder lay in the zoo.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pybamm_model_zoo
import pytest
from pybamm_model_zoo.testing import contract

HOME = Path(__file__).resolve().parent / "model_zoo"
SLUG = "solid_state_dfn"


def main() -> int:
    """Every portable check of the contract, then the entry's own tests; gives the exit code."""
    pybamm_model_zoo.__path__.append(str(HOME))
    pybamm_model_zoo.refresh(external_paths=[HOME])
    entry = pybamm_model_zoo.info("SolidStateDFN")
    for check in contract.checks_in_scope(contract.MODEL):
        check.run(entry)
        print(f"{check.name}: holds")
    print("license: holds" if entry.license == contract.ZOO_LICENSE else "license: does not hold")
    runpy.run_path(str(HOME / SLUG / "examples" / f"run_{SLUG}.py"))
    return pytest.main(["-q", "-p", "no:cacheprovider", str(HOME / SLUG / "tests")])


if __name__ == "__main__":
    sys.exit(main())
