"""The DFN of all-solid-state cells of the package ssb-model, as an entry of the zoo."""

from __future__ import annotations

import pybamm
import pybamm_model_zoo

import ssb_model
from ssb_model.models import SolidStateDFN as PackagedDFN

SLUG = "solid_state_dfn"
CELL = "NCM811_LPSCl_Si"


class SolidStateDFN(PackagedDFN):
    """DFN of a cell with a single-ion solid electrolyte and contact that remembers pressure.

    Without options it is the model of the packaged silicon cell, half charged, and its default
    parameter values are that cell's.
    """

    def __init__(self, options: dict | None = None, name: str = "Solid-state DFN model"):
        cell = ssb_model.load_cell(CELL)
        super().__init__({**cell.options, **(options or {})}, name=name)
        pybamm_model_zoo.register_citation(SLUG)

    @property
    def default_parameter_values(self) -> pybamm.ParameterValues:
        """Those of the packaged silicon cell, half charged."""
        values = ssb_model.load_cell(CELL).at_soc(0.5).parameter_values
        return pybamm.ParameterValues({**values})
