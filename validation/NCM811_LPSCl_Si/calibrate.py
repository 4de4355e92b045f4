"""Fit the film on this cell's oxide to its capacities, then the growth of NCM811's interphase.

Two numbers. The film carries the loss at rate (diffusivity, losses of the first cycle and grain
sizes stay as declared): capacities at 0.1C and 0.2C hardly feel it and are met without; 1C stands
on a cliff and is met within its tolerance only. The growth is told by one number, what is kept
after 100 cycles; how fast breathing tears bonds stays assumed, so the two ways to fade are not
told apart.
"""

from pathlib import Path

from ssb_model.parameters.library import data_folder
from ssb_model.validation.case import read_case
from validation.calibration import Varied, calibrate

CELL = data_folder() / "cells" / "NCM811_LPSCl_Si.toml"
NCM811 = data_folder() / "materials" / "NCM811.toml"
FILM = "Film resistance [Ohm.m2]"

if __name__ == "__main__":
    here = Path(__file__).parent
    case = read_case(here, here.name)
    film = calibrate(
        case,
        [Varied(f"positive: {FILM}", CELL, FILM, 0.25, 0.05, 0.9, "positive")],
        lambda target: target.use == "fit" and target.kind == "number",
    )
    print(film)
    film.write("Chen2024", "0.1C at 5, 3 and 2 MPa, 0.2C and 1C at 5 MPa; 1C stands on a cliff")
    growth = calibrate(
        read_case(here, here.name),
        [
            Varied(
                "NCM811: Interphase growth constant [Ohm2.cm4.h-1]",
                NCM811,
                "Interphase growth constant [Ohm2.m4.s-1]",
                1e4,
                1e2,
                2e5,
            )
        ],
        lambda target: target.name == "kept after 100 cycles at 5 MPa",
    )
    print(growth)
    growth.write("Chen2024", "77.8 % kept after 100 cycles at 5 MPa, with breathing as assumed")
