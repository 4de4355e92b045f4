"""An impedance spectrum, simulated or measured, what is read off it, and capacitance as a gauge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ssb_model.analysis.circuit_fit import CircuitFit, fit_circuit
from ssb_model.analysis.relaxation_times import RelaxationTimes, relaxation_times
from ssb_model.analysis.spectrum_check import FEWEST, KramersKronig, kramers_kronig
from ssb_model.cell.numbers import held_row, held_words
from ssb_model.engine.reading import gauge_row
from ssb_model.errors import InputError
from ssb_model.laws import circuit as law
from ssb_model.measured.spectrum import read_spectrum
from ssb_model.quantities.units import factor, in_unit

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell
    from ssb_model.cell.numbers import State


PART_SUFFIX = {"cell": "", "positive": "_positive", "negative": "_negative"}  # of column names
COMPLEX = (("re", "real"), ("im", "imag"))
REGULARISATION = 1e-3  # what 0.3 % of noise would allow; an exact spectrum would give needles
OHM_CM2 = factor("Ohm.m2", "Ohm.cm2")


@dataclass(frozen=True)
class Spectrum:
    """Impedance [Ohm cm2] of a cell from high frequency [Hz] to low.

    A simulated spectrum has the impedance of both electrodes beside that of the cell, the state
    it was taken at and the resistances the model has there.
    """

    label: str
    frequency: np.ndarray
    impedance: dict[str, np.ndarray]
    conditions: dict[str, Any] = field(default_factory=dict)
    gauges: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    exact: bool = False  # has no noise

    @classmethod
    def simulated(
        cls, cell: Cell, soc, held, drift, frequency, impedance, state: State
    ) -> Spectrum:
        """A spectrum of the model [Ohm m2] at a state that is ``held`` at [Pa, K]."""
        words = held_words(cell, held[0])
        conditions = {
            "State of charge": soc,
            "Held": words,
            **held_row(*held),
            "Drift [mV.h-1]": in_unit(drift, "mV.h-1"),
            "Voltage [V]": float(np.ravel(state.solution["Voltage [V]"].entries)[-1]),
        }
        per_area = {part: OHM_CM2 * Z for part, Z in impedance.items()}
        label = f"{'at rest' if soc is None else f'SOC {100 * soc:g} %'}, {words}"
        gauges = gauge_row(state, cell)
        return cls(label, frequency, per_area, conditions, gauges, exact=True)

    @classmethod
    def measured(cls, path: str | Path, cell: Cell) -> Spectrum:
        """A file's spectrum; of the cell's area where the file gives Ohm."""
        read = read_spectrum(path)
        if read.per_area:
            impedance, notes = OHM_CM2 * read.impedance_Ohm_m2, read.notes
        else:
            area = in_unit(cell.design.area, "cm2")
            impedance = read.impedance_Ohm * area
            notes = (*read.notes, f"Ohm times the cell's {area:g} cm2")
        order = np.argsort(-read.frequency_Hz, kind="stable")
        one = cls(
            Path(path).name, read.frequency_Hz[order], {"cell": impedance[order]}, notes=notes
        )
        if not one.long_enough:
            return one
        check = one.check()
        worst = f"Kramers-Kronig residual {100 * check.worst:.2g} % of |Z| at most"
        if not check.passed:
            worst += f", above {100 * check.limit:g} % at {len(check.exceeding)} frequencies"
        return replace(one, notes=(*notes, worst))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row per frequency."""
        return [self.conditions | row for row in spectrum_rows(self.frequency, self.impedance)]

    @property
    def long_enough(self) -> bool:
        """Whether it has the points that relaxation times and the check of it need."""
        return len(self.frequency) >= FEWEST

    def check(self) -> KramersKronig:
        """Whether the spectrum is that of a linear, steady system."""
        return kramers_kronig(self.frequency, self.impedance["cell"])

    def relaxation_times(self, **choices) -> RelaxationTimes:
        """Distribution of relaxation times; of an exact spectrum as sharp as of a measured one."""
        if self.exact:
            choices = {"regularisation": REGULARISATION, **choices}
        return relaxation_times(self.frequency, self.impedance["cell"], **choices)

    def fit(self, arcs: int = 2, **choices) -> CircuitFit:
        """A series resistance and arcs fitted to the cell's spectrum."""
        return fit_circuit(self.frequency, self.impedance["cell"], arcs, **choices)


def spectrum_rows(
    frequency: np.ndarray, impedance: dict[str, np.ndarray]
) -> list[dict[str, float]]:
    """One row per frequency [Hz] of impedances [Ohm cm2] by part."""
    return [
        {
            "Frequency [Hz]": float(f),
            **{
                f"Z_{name}{suffix} [Ohm.cm2]": float(getattr(impedance[part][k], attribute))
                for part, suffix in PART_SUFFIX.items()
                if part in impedance
                for name, attribute in COMPLEX
            },
        }
        for k, f in enumerate(frequency)
    ]


SEPARATION = 2e-9  # m, between the charges (Kawaguchi et al. 2026)
PERMITTIVITY = {"LPSCl": 12.0, "NCM523": 15.0, "LiNbO3": 30.0}  # Kawaguchi et al. 2026


@dataclass(frozen=True)
class ContactGauge:
    """Contact fraction by each formula and permittivity; above 1 is flagged, not clipped."""

    rows: list[dict[str, Any]]

    @property
    def table(self) -> pd.DataFrame:
        """One row a choice of formula and permittivity."""
        return pd.DataFrame(self.rows)

    @property
    def spread(self) -> tuple[float, float]:
        """Least and largest contact fraction over all choices."""
        shares = [row["contact_fraction"] for row in self.rows]
        return min(shares), max(shares)


def contact_gauge(
    capacitance: float | Mapping[str, float],
    particle_surface: float,
    permittivities: Mapping[str, float] = PERMITTIVITY,
    separation: float = SEPARATION,
    other_capacitance: float = 0.0,
) -> ContactGauge:
    """Contact fraction from a capacitance, theta = (C - C_other) d / (eps_0 eps_r S).

    ``capacitance`` [F] of an electrode, or several by the name of the formula they come from
    (``capacitance_of_arc``); ``particle_surface`` [m2] of the same electrode; ``separation`` of
    the charges [m]; ``other_capacitance`` [F] of carbon and collectors, measured without active
    material. Per electrode area both ways works as well: F m-2 and m2 of particles per m2.
    Which permittivity rules is not known, so each one given is a row: their spread is the
    least uncertainty of the gauge.
    """
    named = capacitance if isinstance(capacitance, Mapping) else {"as given": capacitance}
    numbers = [*named.values(), particle_surface, separation, *permittivities.values()]
    if not all(number > 0 for number in numbers) or other_capacitance < 0:
        raise InputError("capacitance, surface, separation and permittivities are positive.")
    rows = []
    for formula, C in named.items():
        for material, permittivity in permittivities.items():
            share = law.contact_share(
                C, particle_surface, permittivity, separation, other_capacitance
            )
            flag = ""
            if share > 1:
                flag = "above 1: more surface, another permittivity or another arc"
            elif share <= 0:
                flag = "none left after the other capacitance"
            rows.append(
                {
                    "formula": formula,
                    "permittivity_of": material,
                    "permittivity": permittivity,
                    "capacitance": C,
                    "contact_fraction": float(share),
                    "Flag": flag,
                }
            )
    return ContactGauge(rows)


def capacitance_of_arc(
    Q: float, alpha: float, series_resistance: float, transfer_resistance: float
) -> dict[str, float]:
    """Capacitances of a constant-phase element by both formulas in use.

    ``Q`` [F s**(alpha-1)], resistances [Ohm], of one electrode or all per area. They differ by
    (1 + R_ct/R_s)**((1-alpha)/alpha); which one holds depends on what spreads the time constants.
    """
    if not 0 < alpha <= 1:
        raise InputError(f"alpha lies between 0 and 1, not {alpha:g}.")
    if min(Q, series_resistance, transfer_resistance) <= 0:
        raise InputError("Q and both resistances are positive.")
    return {
        "Brug": law.brug(Q, alpha, series_resistance, transfer_resistance),
        "Hsu-Mansfeld": law.hsu_mansfeld(Q, alpha, transfer_resistance),
    }
