"""Fit how the interphase of a bare oxide grows and how its particles crack, beside two anodes.

Two numbers of the interphase, from resistances up to cycle 100: how fast it grows in both cells,
and what there is of it in the fresh cell beside Li-In; beside LTO a fit leaves none. Then the
cracking, from what the cell with LTO keeps after 200 cycles. The loosening of contact is left as
found on cells of another laboratory; what comes after cycle 100 is predicted, and cycle 200 beside
Li-In must be.
"""

from pathlib import Path

from ssb_model.validation.case import read_case
from validation.calibration import Varied, calibrate

HERE = Path(__file__).parent
OXIDE, CELL = HERE / "NCA_bare.toml", HERE / "breathing.toml"
GROWTH, THERE = "Interphase growth constant [Ohm2.m4.s-1]", "Initial interphase resistance [Ohm.m2]"
CRACKING = "Diffusion length growth"
UP_TO_100 = ("cycle 1", "cycle 50", "cycle 100")


if __name__ == "__main__":
    case = read_case(HERE, HERE.name)
    fresh = "positive: Initial interphase resistance [Ohm.cm2]"
    growth = "NCA_bare: Interphase growth constant [Ohm2.cm4.h-1]"
    found = calibrate(
        case,
        [
            Varied(growth, OXIDE, GROWTH, 12.0, 1.0, 200.0),
            Varied(fresh, CELL, THERE, 60.0, 5.0, 300.0, "positive", cell=CELL.stem),
        ],
        lambda target: target.use == "fit" and target.name.endswith(UP_TO_100),
    )
    print(found)
    found.write("Kang2023", "interfaces of both cells, cycles 1, 50 and 100")
    found = calibrate(
        case,
        [Varied(f"NCA_bare: {CRACKING}", OXIDE, CRACKING, 0.07, 0.005, 0.7)],
        lambda target: target.name == "kept after 200 cycles beside LTO",
    )
    print(found)
    found.write("Kang2023", "75.6 % kept after 200 cycles beside LTO")
