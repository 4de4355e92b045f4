"""Fit what two powders tell: exchange current, size of the coarse grains, and how cells fade.

The exchange current is that of NCM811, beside the film and the diffusivity that all laboratories
have. The size of the coarse grains is not printed. What four cells keep after 100 cycles gives the
loosening of contact; both cells at 2 MPa
are not fitted to, though the weak exponent of pressure in loosening was chosen with them in sight.
An interphase that grows is not told from it by these numbers and is left out.
"""

from pathlib import Path

from ssb_model.parameters.library import data_folder
from ssb_model.validation.case import read_case
from validation.calibration import Varied, calibrate

NCM811 = data_folder() / "materials" / "NCM811.toml"
J0, SIZE = "Reference exchange-current density [A.m-2]", "Electrolyte grain size [m]"
LOOSENING = "Loosening per strain"

if __name__ == "__main__":
    here = Path(__file__).parent
    coarse = here / "coarse.toml"
    found = calibrate(
        read_case(here, here.name),
        [
            Varied(f"NCM811: {J0}", NCM811, J0, 12.0, 1.0, 100.0),
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
    loosening = calibrate(
        read_case(here, here.name),
        [Varied(f"NCM811: {LOOSENING}", NCM811, LOOSENING, 0.027, 0.002, 0.1)],
        lambda target: target.use == "fit" and target.name.startswith("kept"),
    )
    print(loosening)
    loosening.write("Zhou2025", "kept after 100 cycles at 30 and 10 MPa, both powders")
