"""Fit how far lithium diffuses in this cell's NCM811 and from how wide spots, then loosening.

Three numbers. The size of the particles is not reported; diffusivity is that of all laboratories.
By the radius of the contact spots contact, and so pressure, tells on diffusion: capacities at 5, 3
and 2 MPa that are alike ask for narrow ones, as far from what is declared for all cells as its
range makes likely. Grain sizes, losses of the first cycle, contact and
exchange current stay as declared. 1C stands on a cliff and is left to be checked, as is all at
2 MPa but 0.1C.
"""

from pathlib import Path

from ssb_model.parameters.library import data_folder
from ssb_model.validation.case import read_case
from validation.calibration import Varied, calibrate

CELL = data_folder() / "cells" / "NCM811_LPSCl_Si.toml"
LENGTH = "Diffusion length [m]"
SPOT = "Contact spot radius [m]"
LOOSENING = "Loosening per strain"

if __name__ == "__main__":
    here = Path(__file__).parent
    found = calibrate(
        read_case(here, here.name),
        [
            Varied("positive: Diffusion length [um]", CELL, LENGTH, 3.2, 1.2, 4.0, "positive"),
            Varied(
                "positive: Contact spot radius [um]",
                CELL,
                SPOT,
                0.03,
                0.02,
                0.5,
                "positive",
                usual=0.05,
            ),
        ],
        lambda target: (
            target.use == "fit" and target.kind != "ordering" and "discharge" in target.name
        ),
    )
    print(found)
    found.write("Chen2024", "0.1C at 5, 3 and 2 MPa and 0.2C at 5 MPa")
    found = calibrate(
        read_case(here, here.name),
        [Varied(f"positive: {LOOSENING}", CELL, LOOSENING, 0.03, 0.005, 0.1, "positive")],
        lambda target: target.name == "kept after 100 cycles at 5 MPa",
    )
    print(found)
    found.write("Chen2024", "77.8 % kept after 100 cycles at 5 MPa")
