"""Fit exchange currents and graphite's film to the three-electrode impedances of Fukunishi 2023.

One number a resistance: the cover, the surface and the share of contact are those of the recipe and
of pressing, and share its uncertainty (porosities are assumed; interfaces of one build scatter
eightfold between builds). Run after calibrate.py, whose coverage law this stands on.
"""

from pathlib import Path

from ssb_model.parameters.library import data_folder
from ssb_model.validation.case import read_case
from validation.calibration import Varied, calibrate

HERE = Path(__file__).parent
MATERIALS = data_folder() / "materials"
J0, FILM = "Reference exchange-current density [A.m-2]", "Film resistance [Ohm.m2]"


def fit(case: str, source: str, note: str, rows: tuple[str, ...], *varied: Varied) -> None:
    folder = HERE / case
    found = calibrate(
        read_case(folder, f"materials/{case}"), varied, lambda target: target.name in rows
    )
    print(found)
    found.write(source, note)


if __name__ == "__main__":
    fit(
        "interfaces_ncm523",
        "Fukunishi2023cathode",
        "R3 of 14 Ohm cm2 at SOC 100, 25 degC, with 20 % of pores assumed",
        ("R3, charge transfer at SOC 100",),
        Varied(f"NCM523: {J0}", MATERIALS / "NCM523.toml", J0, 60.0, 3.0, 3000.0),
    )
    fit(
        "interfaces_graphite",
        "Fukunishi2023graphite",
        "R_CT of 18 and R_X of 3.5 Ohm cm2 at 20 degC, in LPSI, with 15 % of pores assumed",
        ("R_CT, charge transfer, fresh", "R_X, decomposition layer, fresh"),
        Varied(f"graphite: {J0}", MATERIALS / "graphite.toml", J0, 150.0, 5.0, 5000.0),
        Varied(f"graphite: {FILM}", MATERIALS / "graphite.toml", FILM, 3e-5, 1e-7, 4e-3),
    )
