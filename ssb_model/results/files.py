"""Results as files."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def save_json(path: Path, payload: dict[str, Any]) -> Path:
    """Plain data, in a folder that is made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(payload, indent=2) + "\n", encoding="utf-8")
    return path


def finite(data: Any) -> Any:
    """Plain data whose numbers JSON knows: none for what is not a number or has no end."""
    if isinstance(data, dict):
        return {key: finite(value) for key, value in data.items()}
    if isinstance(data, list):
        return [finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def forget(folder: Path, *names: str) -> None:
    """What an earlier result left in a folder and this one has not."""
    for name in names:
        (folder / name).unlink(missing_ok=True)


def save_figure(path: Path, figure: Figure) -> list[Path]:
    """For the screen and for print."""
    paths = [path.with_suffix(ending) for ending in (".png", ".svg")]
    for each in paths:
        figure.savefig(each, dpi=200)
    return paths
