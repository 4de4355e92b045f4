"""Entry points of the package: its model, and each cell of ``parameter_sets`` under its name.

Read by hatchling, as pyproject.toml says, when the package is built; nothing here imports it.
"""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class EntryPoints(MetadataHookInterface):
    def update(self, metadata):
        cells = sorted((Path(self.root) / "parameter_sets" / "cells").glob("*.toml"))
        metadata["entry-points"] = {
            "pybamm_models": {"SolidStateDFN": "ssb_model.models:SolidStateDFN"},
            "pybamm_parameter_sets": {
                path.stem: f"ssb_model.cell.pybamm_sets:{path.stem}" for path in cells
            },
        }
