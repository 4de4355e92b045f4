"""PyBaMM reports its use to its makers only where the user has said so."""

from __future__ import annotations

import os
import re
from pathlib import Path

SWITCH = "PYBAMM_DISABLE_TELEMETRY"  # environment: whoever has set it keeps what is set
WANTED = re.compile(r"^\s*enable_telemetry\s*:\s*(true|yes|on)\s*$", re.IGNORECASE | re.MULTILINE)


def keep_telemetry_off() -> None:
    """Switch it off, with its question at the first import, unless the user turned it on."""
    if SWITCH not in os.environ and not _wanted():
        os.environ[SWITCH] = "true"


def _wanted() -> bool:
    """Whether PyBaMM's own settings of this user say yes."""
    try:
        from platformdirs import user_config_dir  # PyBaMM's own dependency

        return bool(WANTED.search((Path(user_config_dir("pybamm")) / "config.yml").read_text()))
    except (ImportError, OSError, ValueError):
        return False
