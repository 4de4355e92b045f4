"""Fit faces, coating and ionic paths of the sheet cell to its symmetric cells against temperature.

Five numbers: the face resistance and its activation energy (R_s), the resistance of the film on
the oxide and its activation energy (R_m), and the ionic transport efficiency of the cathode (the
exponent of that arc: ions on their way into the depth flatten it). The activation energy of LPSCl
is that of literature, the capacity of the film is assumed. Exchange currents and diffusivities
stay as declared: symmetric cells as assembled do not feel them. Resistances count by factors:
those measured lie on no straight line of Arrhenius, and shares of them would favour the low ones.
"""

from dataclasses import replace
from pathlib import Path

from ssb_model.parameters.library import data_folder
from ssb_model.parameters.write_cell import write_fitted
from ssb_model.validation.case import read_case
from validation.calibration import Varied, by_factor, calibrate

CELL = data_folder() / "cells" / "NCM523_LPSCl_Graphite.toml"


def varied(
    key: str, unit: tuple[str, str], start: float, low: float, high: float, table: str = "positive"
) -> Varied:
    """A number of the cell's file: people's unit in the name, SI in the file."""
    people, si = unit
    return Varied(f"{table}: {key}{people}", CELL, f"{key}{si}", start, low, high, table)


OHM, ENERGY = (" [Ohm.cm2]", " [Ohm.m2]"), (" [kJ.mol-1]", " [J.mol-1]")

if __name__ == "__main__":
    here = Path(__file__).parent
    case = read_case(here, here.name)
    found = calibrate(
        replace(case, targets=[by_factor(target) for target in case.targets]),
        [
            varied("Face resistance", OHM, 42.0, 5.0, 200.0),
            varied("Face resistance activation energy", ENERGY, 38.0, 20.0, 60.0, "cell"),
            varied("Film resistance", OHM, 250.0, 10.0, 10000.0),
            varied("Film activation energy", ENERGY, 32.9, 15.0, 60.0),
            varied("Ionic transport efficiency", ("", ""), 0.085, 0.003, 0.5),
        ],
        lambda target: target.use == "fit",
    )
    print(found)
    note = "R_s, R_m and the exponent of its arc of symmetric cathodes, -20 to 60 degC"
    found.write("Kawaguchi2026", note)
    face = found.values[0] * 1e-4
    interval = tuple(1e-4 * found.intervals[0])
    note = "that of the cathode's side; the anodes' R_s are not used"
    write_fitted(
        CELL, "Face resistance [Ohm.m2]", face, interval, "Kawaguchi2026", note, "negative"
    )
