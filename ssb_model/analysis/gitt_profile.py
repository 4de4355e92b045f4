"""How far the parts of a pulse can be from their best values: profiles over what bends them.

A fit's slopes say how sure its resistances are only near its best relaxation and diffusion times.
Samples that begin after a relaxation, or noise as large as a part, leave other times almost as
good, with other resistances: those are sought here on a grid, which is refined once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, combinations

import numpy as np

COARSE = 10  # points along each axis, from whose best a fit begins
POINTS = (20, 24)  # of the grid, along the time of diffusion and that of the relaxation
SINGULAR = 1e-10  # of the largest product of sums of squares


def extremes(
    grid: Callable[[list[np.ndarray]], np.ndarray],
    limits: Sequence[tuple[float, float]],
    wanted: np.ndarray,
    targets: np.ndarray,
    allowed: Callable[[float], float],
) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest of each target, a sum of non-negative parts, that the data allow.

    ``grid`` gives the columns [axis 1, axis 2, ..., sample, part] at numbers along each axis
    within ``limits``; ``wanted`` the samples, columns and samples alike weighted. ``targets``
    has a row of shares of the parts each. Parts and axes are free as long as the sum of squares
    is within ``allowed`` of the least one. At every point of the grid that is an ellipsoid cut
    by what must not be negative, whose ends lie on one of its faces and are known exactly.
    """
    low, high = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)
    least = np.inf
    for _ in range(2):
        axes = [np.linspace(a, b, n) for (a, b), n in zip(limits, POINTS, strict=False)]
        shape = tuple(axis.size for axis in axes)
        columns = grid(axes).reshape(-1, wanted.size, targets.shape[1])
        faces = list(_faces(columns, wanted))
        sums = _least(faces)
        least = min(least, float(sums.min()))
        most = allowed(least)
        for which, best, inverse, total, _ in faces:
            for k, target in enumerate(targets[:, which]):
                ends = _ends(best, inverse, total, target, most)
                if ends.size:
                    low[k], high[k] = min(low[k], ends.min()), max(high[k], ends.max())
        taken = np.argwhere((sums <= most).reshape(shape))
        if taken.size == 0:
            taken = np.argwhere((sums == sums.min()).reshape(shape))
        limits = [
            (axis[max(first - 1, 0)], axis[min(last + 1, axis.size - 1)])
            for axis, first, last in zip(axes, taken.min(axis=0), taken.max(axis=0), strict=True)
        ]
    return low, high


def lowest(grid, limits: Sequence[tuple[float, float]], wanted: np.ndarray) -> np.ndarray:
    """Numbers along the axes of the least sum of squares on a coarse grid."""
    axes = [np.linspace(a, b, COARSE) for a, b in limits]
    columns = grid(axes)
    sums = _least(list(_faces(columns.reshape(-1, wanted.size, columns.shape[-1]), wanted)))
    at = np.unravel_index(np.argmin(sums), tuple(axis.size for axis in axes))
    return np.array([axis[k] for axis, k in zip(axes, at, strict=True)])


def _least(faces) -> np.ndarray:
    """Least sum of squares with no part negative, of every point of a grid."""
    return np.min([np.where(ok, total, np.inf) for _, _, _, total, ok in faces], axis=0)


def _faces(columns: np.ndarray, wanted: np.ndarray):
    """For each choice of parts: which, best values, inverse, sum of squares, none negative."""
    gram = np.einsum("gsi,gsj->gij", columns, columns)
    right = np.einsum("gsi,s->gi", columns, wanted)
    square = float(wanted @ wanted)
    count = columns.shape[2]
    every = chain.from_iterable(combinations(range(count), n) for n in range(1, count + 1))
    for which in map(list, every):
        part = gram[:, which][:, :, which]
        size = np.prod(np.diagonal(part, axis1=1, axis2=2), axis=1)
        good = np.linalg.det(part) > SINGULAR * size
        part = np.where(good[:, None, None], part, np.eye(len(which)))
        inverse = np.linalg.inv(part)
        best = np.einsum("gij,gj->gi", inverse, right[:, which])
        total = square - np.einsum("gi,gi->g", best, right[:, which])
        total = np.where(good, np.maximum(total, 0.0), np.inf)
        yield which, best, inverse, total, good & np.all(best >= 0, axis=1)


def _ends(best, inverse, total, target, most) -> np.ndarray:
    """Of a target along a face, at both ends of the ellipsoid, where no part is negative."""
    room = most - total
    inside = room >= 0
    best, inverse, room = best[inside], inverse[inside], room[inside]
    along = inverse @ target
    variance = np.maximum(along @ target, 0.0)
    step = np.sqrt(room / np.where(variance > 0, variance, np.inf))
    found = []
    for way in (-1, 1):
        point = best + way * step[:, None] * along
        kept = np.all(point >= -1e-12, axis=1)
        found.append(point[kept] @ target)
    return np.concatenate(found)
