"""A map of the pressure over a cell, as a scanned pressure paper or a sensor gives it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np

from ssb_model.errors import InputError
from ssb_model.quantities.units import to_si
from ssb_model.system.user_files import read_bytes

PATCHES = 5  # of equal area, from the least pressed on
LEAST = 1e4  # Pa; what presses less hardly touches
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
MOST_PIXELS = 1_000_000  # of a picture that are looked at
SEPARATORS = re.compile(r"[;,\s]+")


def read_map(path: str | Path, scale: Sequence[float] | None = None) -> list[float]:
    """Mean pressures [Pa] of patches of equal area, out of a grid of numbers in MPa or a picture.

    A picture is of pressure paper, cut to the cell; ``scale`` has the pressures of white paper and
    of the fullest colour there can be [Pa], with the colour taken as linear between them.
    """
    if str(path).lower().endswith(PICTURES):
        found = _picture(path, scale)
    elif scale is not None:
        raise InputError("a grid of numbers has its pressures: leave out the scale of a picture.")
    else:
        found = _grid(path)
    found = np.sort(found[np.isfinite(found)])
    if len(found) < PATCHES or found[0] < 0:
        raise InputError(f"{path}: a map has {PATCHES} pressures or more, none below 0.")
    if found[-1] < LEAST:
        raise InputError(f"{path}: nothing presses anywhere: a map is in MPa.")
    return [float(max(part.mean(), LEAST)) for part in np.array_split(found, PATCHES)]


def _picture(path: str | Path, scale: Sequence[float] | None) -> np.ndarray:
    """Pressures of the pixels, by how much green the colour has taken from white."""
    if scale is None or len(scale) != 2 or not 0 <= scale[0] < scale[1]:
        raise InputError(
            "a picture of pressure paper needs two pressures, that of white and that of full "
            "colour: --map-scale 0.5,10."
        )
    from matplotlib.image import imread

    try:
        pixels = imread(BytesIO(read_bytes(path)), format=Path(path).suffix[1:].lower())
    except (OSError, ValueError, SyntaxError):
        raise InputError(f"{path} is no picture that can be read: save it as PNG.") from None
    most = 1.0 if pixels.dtype.kind == "f" else float(np.iinfo(pixels.dtype).max)
    green = pixels if pixels.ndim == 2 else pixels[..., min(1, pixels.shape[-1] - 1)]
    every = max(1, int(np.sqrt(green.size / MOST_PIXELS)))
    colour = 1 - green[::every, ::every].ravel().astype(float) / most
    return scale[0] + colour * (scale[1] - scale[0])


def _grid(path: str | Path) -> np.ndarray:
    """The numbers of a text file [Pa]."""
    text = read_bytes(path).decode("utf-8-sig", "replace")
    values = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = [part for part in SEPARATORS.split(line.strip()) if part]
        if not parts or parts[0].startswith("#"):
            continue
        try:
            values += [float(part) for part in parts]
        except ValueError:
            raise InputError(
                f"{path}, line {number}: a map is a grid of pressures in MPa, numbers alone; write "
                "words after a '#'."
            ) from None
    return to_si(1.0, "MPa") * np.array(values)
