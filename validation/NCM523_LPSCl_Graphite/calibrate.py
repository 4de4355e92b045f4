"""Fit faces and ionic paths of the sheet cell to its symmetric cells against temperature.

Three numbers: the face resistance and its activation energy (R_s), and the ionic percolation
threshold of the cathode (R_m). The activation energy of LPSCl is that of literature. Film, exchange
currents and diffusivities stay as declared: symmetric cells as assembled do not feel them.
"""

from pathlib import Path

from ssb_model.parameters.library import data_folder
from ssb_model.parameters.write_cell import write_fitted
from ssb_model.validation.case import read_case
from validation.calibration import Varied, calibrate

CELL = data_folder() / "cells" / "NCM523_LPSCl_Graphite.toml"

if __name__ == "__main__":
    here = Path(__file__).parent
    found = calibrate(
        read_case(here, here.name),
        [
            Varied(
                "positive: Face resistance [Ohm.cm2]",
                CELL,
                "Face resistance [Ohm.m2]",
                45.0,
                5.0,
                200.0,
                "positive",
            ),
            Varied(
                "cell: Face resistance activation energy [kJ.mol-1]",
                CELL,
                "Face resistance activation energy [J.mol-1]",
                38.0,
                20.0,
                60.0,
                "cell",
            ),
            Varied(
                "positive: Ionic percolation threshold",
                CELL,
                "Ionic percolation threshold",
                0.10,
                0.02,
                0.22,
                "positive",
            ),
        ],
        lambda target: target.use == "fit",
    )
    print(found)
    found.write("Kawaguchi2026", "R_s and R_m of symmetric cathodes, -20 to 60 degC")
    face = found.values[0] * 1e-4
    interval = tuple(1e-4 * found.intervals[0])
    note = "that of the cathode's side; the anodes' R_s are not used"
    write_fitted(
        CELL, "Face resistance [Ohm.m2]", face, interval, "Kawaguchi2026", note, "negative"
    )
