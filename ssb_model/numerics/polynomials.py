"""Points of a polynomial through a layer or a particle, and its slopes: numpy alone.

The nodes are those of a Gauss rule. Its weights are the volumes around them, so that sums over
volumes integrate as the rule does; fluxes stand on the edges between these volumes. Within a
sphere, or a layer sealed at 0, the polynomial is even: one in the square of the coordinate.
The divergence of a flux integrates to what leaves, to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import roots_jacobi

DIMENSION = {"cartesian": 1, "sealed": 1, "spherical polar": 3}


@dataclass(frozen=True, eq=False)
class Points:
    """Nodes and edges from 0 to 1, and matrices between values on them."""

    coordinates: str
    nodes: np.ndarray
    edges: np.ndarray
    to_edges: np.ndarray  # of values at the nodes
    gradient: np.ndarray  # at the edges, of values at the nodes
    divergence: np.ndarray  # at the nodes, of fluxes at the edges
    to_nodes: np.ndarray  # of fluxes at the edges

    def at(self, targets: np.ndarray) -> np.ndarray:
        """Values elsewhere, of values at the nodes."""
        if self.coordinates == "cartesian":
            return interpolation(self.nodes, targets)
        return interpolation(self.nodes**2, targets**2)

    def below(self, ends: np.ndarray) -> np.ndarray:
        """Integrals from 0 to ``ends`` over the coordinate to the power of its dimension."""
        dimension = DIMENSION[self.coordinates]
        x, weights = np.polynomial.legendre.leggauss(2 * len(self.nodes))
        places = np.outer(ends, (1 + x) / 2)
        measure = dimension * places ** (dimension - 1) * weights / 2 * ends[:, None]
        values = self.at(places.ravel()).reshape(*places.shape, -1)
        return np.einsum("ek,ekn->en", measure, values)


@lru_cache(maxsize=64)
def points(count: int, coordinates: str) -> Points:
    """Of a "cartesian" layer, of one "sealed" at 0, or of a "spherical polar" particle."""
    if coordinates == "cartesian":
        x, weights = roots_jacobi(count, 0, 0)
        nodes, edges = (1 + x) / 2, _edges(weights)
        return Points(
            coordinates,
            nodes,
            edges,
            interpolation(nodes, edges),
            slopes(nodes, edges),
            slopes(edges, nodes),
            interpolation(edges, nodes),
        )
    dimension = DIMENSION[coordinates]
    x, weights = roots_jacobi(count, 0, dimension / 2 - 1)
    square, edges = (1 + x) / 2, _edges(weights) ** (1 / dimension)
    nodes = np.sqrt(square)
    # a flux is odd: the coordinate times an even polynomial, through all edges but that at 0
    outer = edges[1:]
    even, steep = interpolation(outer**2, square) / outer, slopes(outer**2, square) / outer
    at_centre = np.zeros((count, 1))
    return Points(
        coordinates,
        nodes,
        edges,
        interpolation(square, edges**2),
        slopes(square, edges**2) * 2 * edges[:, None],
        np.hstack([at_centre, dimension * even + 2 * square[:, None] * steep]),
        np.hstack([at_centre, nodes[:, None] * even]),
    )


def _edges(weights: np.ndarray) -> np.ndarray:
    edges = np.append(0, np.cumsum(weights)) / weights.sum()
    edges[-1] = 1
    return edges


def interpolation(places: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Values at ``targets`` of the polynomial through ``places``, a matrix."""
    gaps = targets[:, None] - places
    at_place = gaps == 0
    terms = _barycentric(places) / np.where(at_place, 1, gaps)
    matrix = terms / terms.sum(axis=1, keepdims=True)
    return np.where(at_place.any(axis=1, keepdims=True), at_place, matrix)


def slopes(places: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Derivatives at ``targets``, none of them a place, of the polynomial through ``places``."""
    inverse = 1 / (targets[:, None] - places)
    return interpolation(places, targets) * (inverse.sum(axis=1, keepdims=True) - inverse)


def integrals(places: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Integrals from 0 to ``ends`` of the polynomial through ``places``."""
    x, weights = np.polynomial.legendre.leggauss(len(places))
    targets = np.outer(ends, (1 + x) / 2)
    values = interpolation(places, targets.ravel()).reshape(*targets.shape, -1)
    return np.einsum("ek,ekn->en", weights / 2 * ends[:, None], values)


def last_terms(count: int, terms: int) -> np.ndarray:
    """The last of the Legendre series of the polynomial through ``count`` Gauss nodes.

    A matrix for the values at the nodes.
    """
    x, weights = np.polynomial.legendre.leggauss(count)
    series = np.polynomial.legendre.legvander(x, count - 1).T * weights
    return (series * (np.arange(count)[:, None] + 0.5))[-terms:]


def slope_with_end(nodes: np.ndarray, end: float) -> tuple[np.ndarray, float]:
    """Slope at an end of the polynomial through nodes and the value at that end.

    Weights of the nodes' values, and that of the end's.
    """
    weights = _barycentric(np.append(nodes, end))
    of_nodes = weights[:-1] / weights[-1] / (end - nodes)
    return of_nodes, float(-of_nodes.sum())


def _barycentric(places: np.ndarray) -> np.ndarray:
    gaps = 4 * (places[:, None] - places)  # four: products of many stay of order one
    np.fill_diagonal(gaps, 1)
    return 1 / gaps.prod(axis=1)
