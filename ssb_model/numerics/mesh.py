"""Meshes with a polynomial through each layer or particle, and those whose size is a symbol."""

from __future__ import annotations

from typing import Any

import numpy as np
import pybamm

from ssb_model.errors import InputError
from ssb_model.numerics.polynomials import Points, points, slope_with_end


class SpectralSubMesh(pybamm.SubMesh1D):
    """Nodes of a Gauss rule, edges between the volumes that are its weights.

    ``sealed``: nothing passes the end at 0, about which all is even. ``symbolic``: points from
    0 to 1, of a length that may be an input.
    """

    def __init__(self, lims, npts, sealed=False, symbolic=False):
        variable, limits, _ = self.read_lims(lims)
        coordinates = "sealed" if sealed else variable.coord_sys
        self.points: Points = points(npts[variable.name], coordinates)
        begin, end = limits["min"], limits["max"]
        if symbolic:
            super().__init__(self.points.edges, variable.coord_sys)
            self.length, self.min = end - begin, begin
            self.span: Any = self.length
            move_nodes(self, self.points.nodes)
            return
        begin, end = (float(getattr(number, "value", number)) for number in (begin, end))
        self.span = end - begin
        edges = begin + self.span * self.points.edges
        edges[-1] = end  # to the last bit where the next layer begins
        super().__init__(edges, variable.coord_sys)
        move_nodes(self, begin + self.span * self.points.nodes)

    def to_json(self) -> dict:
        """As PyBaMM's file of a built model keeps it."""
        if hasattr(self, "length"):
            raise InputError("a mesh whose size is an input is kept in no file: build one cell.")
        return {**super().to_json(), "coordinates": self.points.coordinates}

    @classmethod
    def _from_json(cls, snippet: dict) -> SpectralSubMesh:
        submesh = cls.__new__(cls)
        edges = np.array(snippet["edges"])
        pybamm.SubMesh1D.__init__(submesh, edges, snippet["coord_sys"], snippet.get("tabs"))
        submesh.points = points(len(edges) - 1, snippet["coordinates"])
        submesh.span = edges[-1] - edges[0]
        move_nodes(submesh, edges[0] + submesh.span * submesh.points.nodes)
        return submesh

    def slope_by_face(self, side: str) -> tuple[np.ndarray, float]:
        """Slope at a face of the polynomial through nodes and face, for a unit length."""
        return slope_with_end(self.points.nodes, 0.0 if side == "left" else 1.0)


class ClassSubMesh(pybamm.Uniform1DSubMesh):
    """Classes of particles one beside the other, each 1 wide: no size of anything."""

    @classmethod
    def _from_json(cls, snippet: dict) -> ClassSubMesh:
        submesh = cls.__new__(cls)
        edges = np.array(snippet["edges"])
        pybamm.SubMesh1D.__init__(submesh, edges, snippet["coord_sys"], snippet.get("tabs"))
        return submesh


def move_nodes(submesh: pybamm.SubMesh1D, nodes: np.ndarray) -> None:
    """To where they are, if that is not in the middle between edges."""
    submesh.nodes = nodes
    submesh.d_nodes = np.diff(nodes)


class ScaledSubMesh(pybamm.SubMesh1D):
    """Points from 0 to 1, graded towards one side as ``Exponential1DSubMesh`` grades them."""

    def __init__(self, lims, npts, side="left", stretch=0.0):
        variable, limits, _ = self.read_lims(lims)
        count = npts[variable.name]
        share = np.arange(count + 1) / count
        exponent = stretch if side == "left" else -stretch
        edges = np.expm1(exponent * share) / np.expm1(exponent) if stretch else share
        super().__init__(edges, variable.coord_sys)
        self.length = limits["max"] - limits["min"]
        self.min = limits["min"]


def scaled(submesh_types: dict) -> dict:
    """The same meshes, of a size that is a symbol and can be an input.

    Points in the current collector stay.
    """
    types = {}
    for domain, given in submesh_types.items():
        generator = (
            given if isinstance(given, pybamm.MeshGenerator) else pybamm.MeshGenerator(given)
        )
        graded = generator.submesh_type is pybamm.Exponential1DSubMesh
        if graded or generator.submesh_type is pybamm.Uniform1DSubMesh:
            generator = pybamm.MeshGenerator(ScaledSubMesh, generator.submesh_params)
        elif generator.submesh_type is SpectralSubMesh:
            params = {**generator.submesh_params, "symbolic": True}
            generator = pybamm.MeshGenerator(SpectralSubMesh, params)
        types[domain] = generator
    return types
