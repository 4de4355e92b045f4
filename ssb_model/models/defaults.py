"""What the model stands on where a user says nothing: parameters, geometry, mesh, plots."""

from __future__ import annotations

import pybamm


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
        # a layer is one depth for the whole electrode, a particle one for every x
        depth = 120 if self.options["negative electrode"] == "layer" else 20
        points = {"x_n": 46, "x_s": 6, "x_p": 63, "r_n": depth, "r_p": 60}
        return {**super().default_var_pts, **points}

    @property
    def default_submesh_types(self):
        def graded(side, stretch):
            return pybamm.MeshGenerator(
                pybamm.Exponential1DSubMesh, submesh_params={"side": side, "stretch": stretch}
            )

        return {
            **super().default_submesh_types,
            "negative electrode": graded("right", 1.7),
            "positive electrode": graded("left", 1.7),
            "negative particle": graded("right", 2.3),
            "positive particle": graded("right", 2.3),
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
