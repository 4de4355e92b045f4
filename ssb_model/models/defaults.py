"""What the model stands on where a user says nothing: parameters, geometry, mesh, plots."""

from __future__ import annotations

import pybamm

# Points through layers and particles; a layer is one depth for the whole electrode. An odd
# number through the separator puts a node where a reference electrode is.
MESHES = {
    "fine": {"x_n": 46, "x_s": 7, "x_p": 63, "r_n": 20, "r_p": 60, "depth": 120},
    "coarse": {"x_n": 24, "x_s": 3, "x_p": 24, "r_n": 12, "r_p": 24, "depth": 36},
    "draft": {"x_n": 12, "x_s": 3, "x_p": 12, "r_n": 10, "r_p": 12, "depth": 36},
    "graded": {"x_n": 96, "x_s": 3, "x_p": 96, "r_n": 48, "r_p": 48, "depth": 240},
}
STRETCH = dict.fromkeys(MESHES, (1.7, 2.3)) | {"graded": (7.0, 8.0)}  # of layers, particles


class SolidStateDefaults(pybamm.lithium_ion.DFN):
    """Abstract: defaults of a cell with a solid electrolyte."""

    @property
    def default_parameter_values(self):
        names = {
            "composite": "NCM523_LPSCl_Graphite",
            "layer": "NCM811_LPSCl_Si",
            "foil": "NCM811_LPSCl_Li",
        }
        return pybamm.ParameterValues(names[self.options["negative electrode"]])

    @property
    def default_geometry(self):
        geometry = super().default_geometry
        if self.options["negative electrode"] == "layer":
            depth = pybamm.SpatialVariable("r_n", domain="negative particle", coord_sys="cartesian")
            geometry["negative particle"] = {depth: {"min": 0, "max": self.param.n.L}}
        return geometry

    @property
    def default_var_pts(self):
        points = dict(MESHES[self.options["mesh"]])
        depth = points.pop("depth")
        if self.options["negative electrode"] == "layer":
            points["r_n"] = depth
        return {**super().default_var_pts, **points}

    @property
    def default_submesh_types(self):
        layers, particles = STRETCH[self.options["mesh"]]

        def graded(side, stretch):
            return pybamm.MeshGenerator(
                pybamm.Exponential1DSubMesh, submesh_params={"side": side, "stretch": stretch}
            )

        return {
            **super().default_submesh_types,
            "negative electrode": graded("right", layers),
            "positive electrode": graded("left", layers),
            "negative particle": graded("right", particles),
            "positive particle": graded("right", particles),
        }

    @property
    def default_quick_plot_variables(self):
        surface = {
            "composite": "Negative particle surface stoichiometry",
            "layer": "Negative layer stoichiometry",
            "foil": "Negative electrode stoichiometry",
        }
        return [
            surface[self.options["negative electrode"]],
            "Positive particle surface stoichiometry",
            "Positive electrode contact fraction",
            "Electrolyte potential [V]",
            "Positive electrode potential [V]",
            "Current [A]",
            "Stack pressure [Pa]",
            "Voltage [V]",
        ]
