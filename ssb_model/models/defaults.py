"""What the model stands on where a user says nothing: parameters, geometry, mesh, plots."""

from __future__ import annotations

import pybamm

from ssb_model.laws.size_classes import CLASSES
from ssb_model.numerics.mesh import ClassSubMesh, SpectralSubMesh
from ssb_model.numerics.solver import SolidStateSolver
from ssb_model.numerics.spectral import Spectral
from ssb_model.submodels.anodes import anode
from ssb_model.submodels.blend import in_classes

LAYERED = ("negative electrode", "separator", "positive electrode", "positive particle")

# Points through layers and particles; a layer is one depth for the whole electrode. An odd
# number through the separator puts a node where a reference electrode is.
MESHES = {
    "medium": {"x_n": 20, "x_s": 3, "x_p": 12, "r_n": 8, "r_p": 14, "depth": 11},
    "fine": {"x_n": 24, "x_s": 3, "x_p": 20, "r_n": 10, "r_p": 16, "depth": 12},
    "coarse": {"x_n": 16, "x_s": 3, "x_p": 10, "r_n": 8, "r_p": 12, "depth": 10},
    "draft": {"x_n": 8, "x_s": 3, "x_p": 6, "r_n": 6, "r_p": 8, "depth": 8},
    "graded": {"x_n": 96, "x_s": 3, "x_p": 96, "r_n": 48, "r_p": 48, "depth": 240},
}
ALIKE = 3  # points through a positive layer's thickness, all of which see the same
FEWEST = 3
AS_ASKED = "as the cell asks"  # a cell says how many; a model without one takes medium
STRETCH = {"graded": (7.0, 8.0)}  # of layers, particles in finite volumes; others are polynomials


def mesh_points(mesh: str) -> dict[str, int] | None:
    """Points by name, of a mesh by name or of "12 8 6 10": layers, particles, negative first."""
    if mesh in MESHES or mesh == AS_ASKED:
        return dict(MESHES["medium" if mesh == AS_ASKED else mesh])
    counts = mesh.split() if isinstance(mesh, str) else []
    if len(counts) != 4 or not all(each.isdecimal() and int(each) >= FEWEST for each in counts):
        return None
    x_n, x_p, r_n, r_p = map(int, counts)
    return {"x_n": x_n, "x_s": 3, "x_p": x_p, "r_n": r_n, "r_p": r_p, "depth": r_n}


class SolidStateDefaults(pybamm.lithium_ion.DFN):
    """Abstract: defaults of a cell with a solid electrolyte."""

    @property
    def anode(self):
        """The kind of its negative electrode."""
        return anode(self.options["negative electrode"])

    @property
    def default_parameter_values(self):
        return pybamm.ParameterValues(self.anode.example)

    @property
    def default_geometry(self):
        geometry = super().default_geometry
        if self.anode.resolved:
            depth = pybamm.SpatialVariable("r_n", domain="negative particle", coord_sys="cartesian")
            geometry["negative particle"] = {depth: {"min": 0, "max": self.param.n.L}}
        if self.options.is_layer("positive"):
            depth = pybamm.SpatialVariable("r_p", domain="positive particle", coord_sys="cartesian")
            geometry["positive particle"] = {depth: {"min": 0, "max": self.param.p.L}}
        for domain in self._classed:
            axis = {f"R_{domain[0]}": {"min": 0, "max": CLASSES}}
            geometry[f"{domain} particle size"] = axis
        return geometry

    @property
    def _classed(self):
        """Electrodes whose particles are in classes."""
        return [domain for domain in self.options.porous if in_classes(domain, self.options)]

    @property
    def default_var_pts(self):
        points = mesh_points(self.options["mesh"])
        depth = points.pop("depth")
        if self.anode.resolved:
            points["r_n"] = depth
        if self.options.is_layer("positive"):
            points |= {"x_p": ALIKE, "r_p": depth}
        points |= {f"R_{domain[0]}": CLASSES for domain in self._classed}
        return {**super().default_var_pts, **points}

    @property
    def default_submesh_types(self):
        types = super().default_submesh_types
        for domain in self._classed:
            types[f"{domain} particle size"] = pybamm.MeshGenerator(ClassSubMesh)
        layer = self.anode.resolved
        if self.options["mesh"] not in STRETCH:
            polynomial = pybamm.MeshGenerator(SpectralSubMesh)
            sealed = pybamm.MeshGenerator(SpectralSubMesh, submesh_params={"sealed": True})
            types |= dict.fromkeys(LAYERED, polynomial)
            types["negative particle"] = sealed if layer else polynomial
            if self.options.is_layer("positive"):
                types["positive particle"] = sealed
            return types
        layers, particles = STRETCH[self.options["mesh"]]

        def graded(side, stretch):
            return pybamm.MeshGenerator(
                pybamm.Exponential1DSubMesh, submesh_params={"side": side, "stretch": stretch}
            )

        return {
            **types,
            "negative electrode": graded("right", layers),
            "positive electrode": graded("left", layers),
            "negative particle": graded("right", particles),
            "positive particle": graded("right", particles),
        }

    @property
    def default_spatial_methods(self):
        places = ("macroscale", "negative particle", "positive particle")
        return {**super().default_spatial_methods, **{place: Spectral() for place in places}}

    @property
    def default_solver(self):
        return SolidStateSolver()

    @property
    def default_quick_plot_variables(self):
        return [
            self.anode.surface,
            "Positive particle surface stoichiometry",
            "Positive electrode contact fraction",
            "Electrolyte potential [V]",
            "Positive electrode potential [V]",
            "Current [A]",
            "Stack pressure [Pa]",
            "Voltage [V]",
        ]
