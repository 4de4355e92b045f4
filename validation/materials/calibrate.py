"""Fit the closure constants of each powder to its own table, and write them where they are read.

Run it from the checkout: ``python -m validation.materials.calibrate``. Starts and bounds are fixed;
residuals are logarithms, so that four decades count alike; intervals of 95 % come from the slopes
and the scatter of the residuals (Student's t).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import least_squares
from scipy.stats import t as student

from ssb_model.parameters.library import data_folder
from ssb_model.parameters.write_cell import write_fitted
from ssb_model.validation.runs import data_table, of_a_material
from validation import closures
from validation.calibration import covariance, write_correlations

HERE = Path(__file__).parent
MATERIALS = data_folder() / "materials"
Constant = tuple[float, float, float]  # start and bounds


def fitted(
    rows: pd.DataFrame,
    measured: str,
    law: Callable,
    constants: dict[str, Constant],
    together: str = "",
):
    """Value and interval of each constant, and the worst factor between law and table.

    The correlations of the constants are written under ``together``, if that is given.
    """
    start, low, high = np.array(list(constants.values()), float).T
    seen = rows[measured].to_numpy(float)

    def residual(x):
        return np.log(np.asarray(law(rows, *(x * size)), float) / seen)

    size = np.maximum(np.abs(start), 1e-30)
    found = least_squares(residual, start / size, bounds=(low / size, high / size), xtol=1e-14)
    free = len(seen) - len(start)
    value, interval = found.x * size, [None] * len(start)
    if free > 0:
        variance = np.sum(found.fun**2) / free
        spread = np.sqrt(variance * np.diag(covariance(found.jac)))
        if together:
            write_correlations(together, list(constants), covariance(found.jac))
        half = student.ppf(0.975, free) * spread * size
        interval = list(
            zip(np.maximum(value - half, low), np.minimum(value + half, high), strict=True)
        )
    worst = float(np.exp(np.max(np.abs(found.fun))))
    return dict(zip(constants, zip(value, interval, strict=True), strict=True)), worst


def write(path: Path, found: dict, source: str, note: str) -> None:
    for key, (value, interval) in found.items():
        write_fitted(path, key, float(value), interval, source, note)
        ends = "" if interval is None else f"  [{interval[0]:.4g}, {interval[1]:.4g}]"
        print(f"  {path.stem}: {key} = {value:.4g}{ends}")


def table(folder: str, name: str, where: dict | None = None) -> pd.DataFrame:
    return data_table(HERE / folder / name, where or {})


def fibre() -> None:
    """The network of carbon beside the oxide's, whose conductivity without carbon is printed."""
    rows = table("transport", "composites.csv", {"source": "Ketter2025"})
    alone = float(rows[rows.composition == "0.4 of solids"].sigma_e_mS_cm.iloc[0])
    found, worst = fitted(
        rows[rows.phi_fibre.between(0.001, 0.045)],
        "sigma_e_mS_cm",
        lambda rows, conductivity, threshold: closures.fibre_transport(
            rows, alone, conductivity, threshold, 1.5
        ),
        {
            "Fibre conductivity [S.m-1]": (1500.0, 100.0, 2e4),
            "Fibre percolation threshold": (0.01, 0.0, 0.013),
        },
    )
    note = (
        f"1, 2 and 3 wt% within a factor {worst:.2f}, exponent 1.5 kept; more fibre conducts less"
    )
    write(MATERIALS / "VGCF.toml", found, "Ketter2025", note)


def conductivity() -> None:
    rows = table("conductivity", "conductivity.csv")
    hardness = of_a_material("LPSCl: Contact hardness [MPa]", HERE, "hardness").value
    held = rows[(rows.source == "Cronau2021") & (rows.stack_MPa >= 20)]
    found, worst = fitted(
        held,
        "sigma_mS_cm",
        lambda rows, grains, pistons, exponent: closures.pressed_pellet(
            rows, grains, hardness, pistons, exponent
        ),
        {
            "Conductivity of grains [S.m-1]": (0.4, 0.1, 1.0),
            "Piston resistance [Ohm.m]": (0.25, 1e-3, 3.0),
            "Piston exponent": (1.0, 0.3, 1.6),
        },
    )
    note = f"{len(held)} points from 20 MPa up within a factor {worst:.2f}"
    write(HERE / "conductivity" / "LPSCl_Cronau.toml", found, "Cronau2021", note)
    found, worst = fitted(
        held,
        "sigma_mS_cm",
        lambda rows, grains: closures.released_pellet(rows, grains, hardness),
        {"Conductivity of grains without pistons [S.m-1]": (0.4, 0.1, 2.0)},
    )
    note = f"{len(held)} points from 20 MPa up within a factor {worst:.2f}, no contact of pistons"
    write(HERE / "conductivity" / "LPSCl_Cronau.toml", found, "Cronau2021", note)
    loaded = rows[(rows.source == "Miss2026") & (rows.stack_MPa >= 20)]
    found, worst = fitted(
        loaded,
        "sigma_mS_cm",
        lambda rows, grains: closures.pressed_pellet(rows, grains, hardness),
        {"Conductivity of grains [S.m-1]": (0.4, 0.1, 1.0)},
    )
    note = f"{len(loaded)} points from 20 MPa up within a factor {worst:.2f}"
    write(HERE / "conductivity" / "LPSCl_Miss.toml", found, "Miss2026", note)


def densification() -> None:
    for series, path, source in (
        ("LPSCl porosity after release to 0.11 MPa", MATERIALS / "LPSCl.toml", "Miss2026"),
        ("LPSCl porosity under load", HERE / "densification/LPSCl_Miss_loaded.toml", "Miss2026"),
        ("NMC622 porosity under load", HERE / "densification/NMC622_Miss.toml", "Miss2026"),
        ("Sakka2022 LGPS separator porosity", HERE / "densification/LGPS_Sakka.toml", "Sakka2022"),
        (
            "Sakka2022 NCM111/LGPS composite porosity",
            HERE / "densification/NCM111_LGPS_Sakka.toml",
            "Sakka2022",
        ),
    ):
        rows = table("densification", "densification.csv", {"series": series})
        found, worst = fitted(
            rows,
            "value",
            closures.Heckel_porosity,
            {"Heckel intercept": (1.0, 0.1, 3.0), "Heckel slope [Pa-1]": (4e-9, 1e-10, 1e-7)},
        )
        write(path, found, source, f"{len(rows)} pressures within a factor {worst:.2f}")


def oxide_conductivity() -> None:
    rows = table("oxide_conductivity", "conductivity.csv")
    found, worst = fitted(
        rows,
        "NMC532_mS_cm",
        lambda rows, empty, slope, fall: closures.oxide_conductivity(
            rows, empty, slope, fall, 15.0
        ),
        {
            "Active material conductivity [S.m-1]": (0.9, 0.05, 20.0),
            "Conductivity slope": (1.7, 0.0, 5.0),
            "Conductivity fall when full": (2.0, 0.0, 5.0),
        },
    )
    note = f"NMC532 at 30 degC; five compositions within a factor {worst:.2f}, exponent 15 set"
    write(MATERIALS / "NCM523.toml", found, "Amin2016", note)


def coverage() -> None:
    rows = table("coverage", "coverage.csv")
    pairs = rows.measured_ratio.notna()
    rows = rows.assign(seen=rows.coverage.fillna(rows.measured_ratio), porosity=rows.porosity)
    paths = [
        of_a_material(f"LPSCl: Ionic {name}", HERE, name).value
        for name in (
            "percolation threshold at equal size",
            "percolation halfway size ratio",
            "percolation tail",
            "connection scale",
            "connection exponent",
        )
    ]

    def law(rows, factor, exponent, limit, void_exponent):
        voids = closures.coverage(rows.fillna(0.0), factor, exponent, limit, void_exponent)
        grains = closures.coverage_ratio(rows.fillna(1.0), factor, exponent, *paths)
        return np.where(pairs, grains, voids)

    found, worst = fitted(
        rows,
        "seen",
        law,
        {
            "Coverage factor": (1.0, 0.1, 3.0),
            "Coverage surface exponent": (0.5, 0.1, 1.0),
            "Coverage void limit": (0.32, 0.301, 0.4),
            "Coverage void exponent": (1.8, 0.5, 4.0),
        },
        together="cover",
    )
    voids = {key: found.pop(key) for key in ("Coverage void limit", "Coverage void exponent")}
    note = f"nine composites and eight pairs within a factor {worst:.2f}"
    write(MATERIALS / "LPSCl.toml", found, "Yanev2024", note)
    write(MATERIALS / "LPSCl.toml", voids, "Bielefeld2019", note)


def grain_size() -> None:
    rows = table("grain_size", "anode.csv")
    both = pd.concat(
        [rows.assign(R=rows.R_s_ohm, of_faces=1.0), rows.assign(R=rows.R_ion_ohm, of_faces=0.0)]
    )

    def law(rows, faces, ions, boundary):
        resistance = np.where(rows.of_faces == 1, faces, ions)
        return closures.grain_resistance(rows, resistance, 5.3e-6, boundary)

    found, worst = fitted(
        both,
        "R",
        law,
        {
            "Face resistance of coarse grains [Ohm]": (150.0, 10.0, 1e3),
            "Ionic resistance of coarse grains [Ohm]": (170.0, 10.0, 1e3),
            "Grain boundary length [m]": (0.6e-6, 0.0, 1e-5),
        },
    )
    note = f"R_s and R_ion of graphite composites at three sizes within a factor {worst:.2f}"
    boundary = {"Grain boundary length [m]": found.pop("Grain boundary length [m]")}
    write(MATERIALS / "LPSBH.toml", boundary, "Kawaguchi2026", note)
    write(HERE / "grain_size" / "LPSBH_Kawaguchi.toml", found, "Kawaguchi2026", note)


if __name__ == "__main__":
    begun = time.perf_counter()
    for part in (fibre, conductivity, densification, oxide_conductivity, coverage, grain_size):
        print(part.__name__.replace("_", " "))
        part()
    print(f"took {time.perf_counter() - begun:.1f} s")
