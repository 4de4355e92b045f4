"""Derivatives of polynomials through layers and particles, in PyBaMM's discretisation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pybamm
from scipy.sparse import block_diag, csr_matrix, eye, vstack

from ssb_model.numerics.mesh import SpectralSubMesh, move_nodes
from ssb_model.numerics.polynomials import integrals
from ssb_model.numerics.stencils import (
    Stencil,
    across_face,
    at_outer_end,
    edges_in_row,
    inner_slopes,
    placed,
    with_shared_edges,
)

WHOLE = ("negative electrode", "separator", "positive electrode")


class Spectral(pybamm.FiniteVolume):
    """One polynomial a layer where the mesh is a ``SpectralSubMesh``, else finite volumes.

    What flows out of one layer flows into the next, and the value at their face is that of both
    (``stencils.across_face``). The coefficient of a gradient is carried to the edges by its
    logarithm: it may change by decades from node to node and stays of one sign.
    """

    def build(self, mesh):
        super().build(mesh)
        for domains in (WHOLE, WHOLE[1:]):
            if not all(d in mesh.base_domains for d in domains):
                continue
            layers = self._layers(domains)
            if layers and not any(hasattr(layer, "length") for layer in layers):
                move_nodes(mesh[domains], np.concatenate([layer.nodes for layer in layers]))

    def _layers(self, domains: Sequence[str]) -> list[SpectralSubMesh]:
        """The layers of a domain, none unless each has its polynomial."""
        layers = [self.mesh[domain] for domain in domains]
        return layers if all(isinstance(each, SpectralSubMesh) for each in layers) else []

    def _repeated(self, matrix, domains) -> pybamm.Matrix:
        repeats = self._get_auxiliary_domain_repeats(domains)
        return pybamm.Matrix(csr_matrix(self._block_diagonal(csr_matrix(matrix), repeats)))

    def _column(self, entries: list, domains) -> pybamm.Symbol:
        """Numbers, or symbols that are numbers, one below the other, for each place."""
        repeats = self._get_auxiliary_domain_repeats(domains)
        if all(isinstance(entry, float | int) for entry in entries):
            return self._repeat_vector(pybamm.Vector(np.array(entries, float)), repeats)
        rows: dict[int, np.ndarray] = {}
        for row, entry in enumerate(entries):
            rows.setdefault(id(entry), np.zeros(len(entries)))[row] = 1
        by_id = {id(entry): entry for entry in entries}
        column = sum(pybamm.Vector(where) * by_id[key] for key, where in rows.items())
        return self._repeat_vector(column, repeats)

    def _applied(self, stencil: Stencil, symbol: pybamm.Symbol, domains) -> pybamm.Symbol:
        rows = self._column(stencil.scale, domains)
        matrix = self._scaled_matrix(self._repeated(stencil.matrix, domains), rows)
        return self._apply_matrix(matrix, symbol)

    # slopes and fluxes

    def gradient(self, symbol, discretised_symbol, boundary_conditions):
        layers = self._layers(symbol.domain)
        if not layers:
            return super().gradient(symbol, discretised_symbol, boundary_conditions)
        stencil = inner_slopes(layers)
        bcs = boundary_conditions.get(symbol, {})
        fixed = [side for side in ("left", "right") if bcs.get(side, ("", ""))[1] == "Dirichlet"]
        domain = list(symbol.domain)
        for side in fixed:
            stencil = stencil.with_end(at_outer_end(layers, side)[0], side)
            ghost = f"{symbol.domain[0 if side == 'left' else -1]}_{side} ghost cell"
            domain.insert(0 if side == "left" else len(domain), ghost)
        out = self._applied(stencil, discretised_symbol, symbol.domains)
        rows = len(stencil.scale)
        repeats = self._get_auxiliary_domain_repeats(symbol.domains)
        for side in fixed:
            row, value = (0 if side == "left" else rows - 1), bcs[side][0]
            if value.evaluates_to_number():
                value = value * pybamm.Vector(np.ones(repeats))
            place = csr_matrix(([1.0], ([row], [0])), shape=(rows, 1))
            at_end = self._repeated(place, symbol.domains) @ value
            out = out + (at_outer_end(layers, side)[1] * at_end).with_domains(out)
        if any(kind == "Neumann" for _, kind in bcs.values()):
            out = self.add_neumann_values(symbol, out, bcs, domain)
        return out

    def divergence(self, symbol, discretised_symbol, boundary_conditions):
        layers = self._layers(symbol.domain)
        if not layers:
            return super().divergence(symbol, discretised_symbol, boundary_conditions)
        scale = [1 / layer.span for layer in layers]
        stencil = Stencil(
            with_shared_edges([layer.points.divergence for layer in layers]),
            [each for each, layer in zip(scale, layers, strict=True) for _ in layer.nodes],
        )
        return self._applied(stencil, discretised_symbol, symbol.domains)

    def internal_neumann_condition(
        self, left_symbol_disc, right_symbol_disc, left_mesh, right_mesh
    ):
        sides = (left_symbol_disc, right_symbol_disc)
        layers = self._layers([side.domain[0] for side in sides])
        if not layers or any(len(side.domain) > 1 for side in sides):
            return super().internal_neumann_condition(*sides, left_mesh, right_mesh)
        row, scale = across_face(*layers)
        parts = np.split(row, [layers[0].npts])
        return sum(
            (scale * (self._repeated(part[None, :], side.domains) @ side)).without_domains()
            for part, side in zip(parts, sides, strict=True)
        )

    def indefinite_integral(self, child, discretised_child, direction):
        layers = self._layers(child.domain)
        if len(layers) != 1 or layers[0].points.coordinates != "cartesian":
            return super().indefinite_integral(child, discretised_child, direction)
        points = layers[0].points
        on_edges = child.evaluates_on_edges("primary")
        places, ends = points.edges, points.nodes
        if not on_edges:
            places, ends = ends, places
        matrix = integrals(places, ends)
        if direction == "backward":
            matrix = integrals(places, np.ones(1)) - matrix
        whole = self._repeated(matrix, child.domains) @ discretised_child
        return (layers[0].span * whole).with_domains(child)

    # values elsewhere

    def boundary_value_or_flux(self, symbol, discretised_child, bcs=None):
        layers = self._layers(discretised_child.domain)
        if not layers or isinstance(symbol, pybamm.BoundaryMeshSize):
            return super().boundary_value_or_flux(symbol, discretised_child, bcs)
        which = 0 if symbol.side == "left" else -1
        layer = layers[which]
        if isinstance(symbol, pybamm.BoundaryValue):
            row, scale = layer.points.to_edges[which], 1
        else:
            row, scale = layer.points.gradient[which], 1 / layer.span
        matrix = self._repeated(placed(row, which, layers), discretised_child.domains)
        return (scale * (matrix @ discretised_child)).with_domains(symbol)

    def shift(self, discretised_symbol, shift_key, method):
        layers = self._layers(discretised_symbol.domain) if discretised_symbol.size > 1 else []
        if not layers:
            return super().shift(discretised_symbol, shift_key, method)
        domains = discretised_symbol.domains
        if shift_key == "edge to node":
            matrix = with_shared_edges([layer.points.to_nodes for layer in layers])
            return self._repeated(matrix, domains) @ discretised_symbol
        values = csr_matrix(block_diag([layer.points.to_edges for layer in layers]))
        if method == "harmonic":
            return self._carried(discretised_symbol, layers, values)
        edge = edges_in_row(layers)
        shares = 1 / np.bincount(edge)[edge]
        mean = csr_matrix((shares, (edge, np.arange(len(edge)))))
        return self._repeated(mean @ values, domains) @ discretised_symbol

    def _carried(self, coefficient, layers, values) -> pybamm.Symbol:
        """A coefficient of a gradient on the edges: by its logarithm, harmonic at faces.

        At the outer ends, where fluxes are given, as ``boundary_value_or_flux`` has it.
        """
        domains = coefficient.domains
        edge, size = edges_in_row(layers), values.shape[1]
        rows = np.arange(1, len(edge) - 1)  # all but the outer ends; both sides of a face
        inner = edge[-1] - 1
        logarithm = pybamm.log(pybamm.AbsoluteValue(coefficient))
        shares = self._column(harmonic_shares(layers)[1:-1], domains)
        sides = shares * pybamm.exp(-(self._repeated(values[rows], domains) @ logarithm))
        summing = csr_matrix((np.ones(len(rows)), (edge[rows] - 1, rows - 1)))
        first = csr_matrix((np.ones(inner), (np.arange(inner), np.zeros(inner))), (inner, size))
        sign = self._repeated(first, domains) @ pybamm.Sign(coefficient)
        within = sign / (self._repeated(summing, domains) @ sides)
        padding = vstack([csr_matrix((1, inner)), eye(inner), csr_matrix((1, inner))])
        outer = vstack([values[0], csr_matrix((inner, size)), values[-1]])
        return (
            self._repeated(padding, domains) @ within + self._repeated(outer, domains) @ coefficient
        )


def harmonic_shares(layers: list[SpectralSubMesh]) -> list:
    """What each edge of each layer gives to the inverse of the mean at the edge it is part of."""
    shares: list = [1.0] * (sum(layer.npts for layer in layers) + len(layers))
    row = -1
    for left, right in pairwise(layers):
        row += left.npts + 1
        slope_left, slope_right = left.slope_by_face("right")[1], right.slope_by_face("left")[1]
        whole = slope_left * right.span - slope_right * left.span
        shares[row] = -slope_right * left.span / whole
        shares[row + 1] = slope_left * right.span / whole
    return shares
