"""Stack pressure: how the cell is held."""

from __future__ import annotations

import pybamm


class IsostaticStack(pybamm.BaseSubModel):
    """A fluid holds the cell: the pressure is what the user sets."""

    def get_fundamental_variables(self):
        return {"Stack pressure [Pa]": pybamm.Parameter("Stack pressure [Pa]")}
