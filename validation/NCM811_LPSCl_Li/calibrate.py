"""Fit the exchange current of this oxide and the size of the coarse grains, which is not printed.

The exchange current is this cell's own: its charge transfer of 10 Ohm leaves no room for the film
that bare NCM811 has elsewhere. Diffusivity, losses, percolation and cover stay those of the
materials; the four capacities kept after 100 cycles are not used: the growth of the interphase is
the material's, found on the silicon cell.
"""

from pathlib import Path

from ssb_model.parameters.library import data_folder
from ssb_model.parameters.write_cell import write_fitted
from ssb_model.validation.case import read_case
from validation.calibration import Varied, calibrate

CELL = data_folder() / "cells" / "NCM811_LPSCl_Li.toml"
J0, SIZE = "Reference exchange-current density [A.m-2]", "Electrolyte grain size [m]"

if __name__ == "__main__":
    here = Path(__file__).parent
    coarse = here / "coarse.toml"
    found = calibrate(
        read_case(here, here.name),
        [
            Varied(f"positive: {J0}", CELL, J0, 2.0, 0.2, 10.0, "positive"),
            Varied(
                "positive: Electrolyte grain size [um]",
                coarse,
                SIZE,
                6.0,
                2.5,
                15.0,
                "positive",
                cell="coarse",
            ),
        ],
        lambda target: (
            target.use == "fit"
            and target.name.startswith(("charge", "active material in contact with", "first"))
        ),
    )
    print(found)
    note = "charge transfer, active material in contact and 0.1C capacities of both powders"
    found.write("Zhou2025", note)
    (j0, _), (interval, _) = found.values, found.intervals
    write_fitted(coarse, J0, j0, tuple(interval), "Zhou2025", "as with fine powder", "positive")
