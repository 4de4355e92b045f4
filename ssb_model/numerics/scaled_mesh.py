"""Meshes of layers and particles whose size is a symbol, so that it can be an input."""

from __future__ import annotations

import numpy as np
import pybamm

from ssb_model.numerics.mesh import SpectralSubMesh


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
    """The same meshes, of a size that is a symbol; points in the current collector stay."""
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
