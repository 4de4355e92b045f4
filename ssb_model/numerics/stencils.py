"""Rows and matrices of neighbouring layers, each with its polynomial."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack

from ssb_model.numerics.mesh import SpectralSubMesh


@dataclass(frozen=True)
class Stencil:
    """A matrix for layers of unit length, and what each of its rows is to be times."""

    matrix: csr_matrix
    scale: list[Any]  # numbers, or symbols where a length is an input

    def with_end(self, row: Stencil, side: str) -> Stencil:
        parts = [row, self] if side == "left" else [self, row]
        return Stencil(
            csr_matrix(vstack([part.matrix for part in parts])),
            [each for part in parts for each in part.scale],
        )


def placed(row: np.ndarray, which: int, layers: list[SpectralSubMesh]) -> csr_matrix:
    """A row of the first (0) or last (-1) layer among the nodes of all."""
    others = np.zeros(sum(layer.npts for layer in layers) - len(row))
    parts = [row, others] if which == 0 else [others, row]
    return csr_matrix(np.concatenate(parts)[None, :])


def at_outer_end(layers: list[SpectralSubMesh], side: str) -> tuple[Stencil, Any]:
    """Slope where the value at an end is given: a row of the nodes, and what is times the value."""
    which = 0 if side == "left" else -1
    of_nodes, of_end = layers[which].slope_by_face(side)
    scale = 1 / layers[which].span
    return Stencil(placed(of_nodes, which, layers), [scale]), of_end * scale


def across_face(left: SpectralSubMesh, right: SpectralSubMesh) -> tuple[np.ndarray, Any]:
    """Slope at a face where both layers conduct alike: a row, and what it is to be times.

    With slopes g y + h y_face of the polynomial on either side and conductivities k, the value
    at the face follows from

    .. math:: k_L (g_L y + h_L y_{face}) = k_R (g_R y + h_R y_{face})

    and leaves the product of this slope and a weighted harmonic mean of k_L and k_R.
    """
    g_left, h_left = left.slope_by_face("right")
    g_right, h_right = right.slope_by_face("left")
    row = np.concatenate([-h_right * g_left, h_left * g_right])
    return row, 1 / (h_left * right.span - h_right * left.span)


def inner_slopes(layers: list[SpectralSubMesh]) -> Stencil:
    """Slopes at all edges but the outer two."""
    size = sum(layer.npts for layer in layers)
    rows, scale, before = [], [], 0
    for number, layer in enumerate(layers):
        inner = layer.points.gradient[1:-1]
        rows.append(np.pad(inner, ((0, 0), (before, size - before - layer.npts))))
        here = 1 / layer.span
        scale += [here] * len(inner)
        if number + 1 < len(layers):
            row, factor = across_face(layer, layers[number + 1])
            rows.append(np.pad(row, (before, size - before - len(row)))[None, :])
            scale.append(factor)
        before += layer.npts
    return Stencil(csr_matrix(np.vstack(rows)), scale)


def with_shared_edges(blocks: list[np.ndarray]) -> csr_matrix:
    """Blocks of the layers, whose columns are edges: a face is an edge of both."""
    matrix = np.zeros((sum(len(b) for b in blocks), sum(b.shape[1] - 1 for b in blocks) + 1))
    row = column = 0
    for block in blocks:
        matrix[row : row + len(block), column : column + block.shape[1]] = block
        row, column = row + len(block), column + block.shape[1] - 1
    return csr_matrix(matrix)


def edges_in_row(layers: list[SpectralSubMesh]) -> np.ndarray:
    """The number, among the edges of all, of each edge of each layer."""
    starts = np.cumsum([0, *(layer.npts for layer in layers)])
    return np.concatenate([np.arange(first, last + 1) for first, last in pairwise(starts)])
