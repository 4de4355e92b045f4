"""Impedance spectra at rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ssb_model.cell.cell import Cell
from ssb_model.engine.small_signal import ELECTRODES
from ssb_model.errors import InputError
from ssb_model.fitting.data.data_set import CHARGES, Candidate, DataSet, Key, Way, array, rms
from ssb_model.measured.spectrum import read_spectrum
from ssb_model.quantities.units import factor, said

LEADS = 1e-6  # H, of the leads of a cell: a standard deviation
FLATTER = 0.05  # of the exponent of a tail: the same
FLATTEST = 0.5  # of that exponent: all there is of it
ASKS = 2.0  # standard deviations from which on the data ask for more room
SEEN = (1e-8, 0.01)  # H, and of an exponent: less is not told
RISES = 1.3  # times its least value -Z'' rises to where there is a tail
FREQUENCIES = np.logspace(6, -3, 37)  # Hz, of a spectrum that could be measured


@dataclass(frozen=True, kw_only=True)
class SpectrumData(DataSet):
    """Complex impedance over frequency [Hz] of a cell at rest at a state of charge.

    In Ohm m2, or in Ohm of the whole cell with ``per_area`` false. Of the cell, or of its
    "positive" or "negative" electrode against a reference in the separator. Noise is a share of
    the modulus, the same in both parts.
    """

    frequency: np.ndarray
    impedance: np.ndarray
    soc: float | None = 0.5  # none for a symmetric cell
    per_area: bool = True
    electrode: str = "cell"
    leads: float = LEADS
    flatter: float = FLATTER

    kind = "spectrum"
    usual_noise = 0.01
    too_far = 0.1
    panel = "SPECTRA"
    keys = (Key("electrode", str), Key("sweep", int))
    ways = (Way("spectrum", ("file", "soc", "electrode", "sweep")),)

    def __post_init__(self):
        super().__post_init__()
        frequency = array(f"{self.name}: frequency", self.frequency)
        impedance = np.asarray(self.impedance, complex).ravel()
        if len(frequency) != len(impedance):
            raise InputError(f"{self.name}: frequencies and impedances are not equally many.")
        array(f"{self.name}: impedance", np.concatenate([impedance.real, impedance.imag]))
        if (frequency <= 0).any():
            raise InputError(f"{self.name}: frequencies are positive numbers of Hz.")
        if self.electrode not in ELECTRODES:
            raise InputError(
                f"{self.name}: the electrode is one of {', '.join(ELECTRODES)}, "
                f"not '{self.electrode}'."
            )
        order = np.argsort(-frequency, kind="stable")
        object.__setattr__(self, "frequency", frequency[order])
        object.__setattr__(self, "impedance", impedance[order])

    @classmethod
    def read(cls, path: str | Path, sweep: int | None = None, **conditions) -> SpectrumData:
        """Out of a file with frequency and impedance."""
        spectrum = read_spectrum(path, sweep)
        values = spectrum.impedance_Ohm_m2 if spectrum.per_area else spectrum.impedance_Ohm
        given = {"label": Path(path).name, "per_area": spectrum.per_area, **conditions}
        return cls(frequency=spectrum.frequency_Hz, impedance=values, **given)

    def conditions(self, cell: Cell) -> dict[str, float]:
        held = super().conditions(cell)
        return held if self.soc is None else {**held, "State of charge": self.soc}

    def resting(self, cell: Cell) -> Cell:
        """The cell at the state of charge."""
        return cell if self.soc is None else cell.at_soc(self.soc)

    def _areal(self, cell: Cell) -> np.ndarray:
        return self.impedance if self.per_area else self.impedance * cell.design.area

    def measured(self, cell: Cell) -> np.ndarray:
        return parts(self._areal(cell))

    def sigma(self, cell: Cell) -> np.ndarray:
        modulus = np.abs(self._areal(cell))
        return self.deviation * np.concatenate([modulus, modulus])

    def shared(self, cell: Cell) -> np.ndarray:
        r"""The leads' inductance, and a tail that is flatter or steeper than the model's.

        .. math:: \Delta Z = i \omega L, \qquad
                  \Delta Z = |Z''| \Delta a \ln(f_v / f) \; \text{below the valley } f_v

        the first order of an exponent a of the tail, in real and imaginary part by itself.
        """
        zero = np.zeros(len(self.frequency))
        columns = [np.append(zero, self.leads * cell.design.area * 2 * np.pi * self.frequency)]
        valley = self.valley
        if valley is not None:
            below = np.maximum(np.log(self.frequency[valley] / self.frequency), 0.0)
            bent = self.flatter * np.abs(self._areal(cell).imag) * below
            columns += [np.append(bent, zero), np.append(zero, bent)]
        return np.column_stack(columns)

    def settled(self, common: np.ndarray) -> SpectrumData:
        """With more room for leads and tail where the data ask for more than is usual."""
        asked = np.abs(common)
        leads = self.leads * (asked[0] if asked[0] > ASKS else 1.0)
        tail = asked[1:].max(initial=0.0)
        flatter = min(self.flatter * (tail if tail > ASKS else 1.0), FLATTEST)
        if (leads, flatter) == (self.leads, self.flatter):
            return self
        return replace(self, leads=leads, flatter=flatter)

    def sharing(self, common: np.ndarray) -> str:
        found = []
        if abs(common[0]) * self.leads > SEEN[0]:
            found.append(f"leads of {common[0] * self.leads:.2g} H")
        if len(common) > 1 and np.abs(common[1:]).max() * self.flatter > SEEN[1]:
            real, imaginary = common[1:] * self.flatter
            word = "flatter" if real > imaginary else "steeper"
            found.append(
                f"a tail {word} than the model's below {self.frequency[self.valley]:.2g} Hz, by a "
                f"power of {real:+.2g} in the real and {imaginary:+.2g} in the imaginary part"
            )
        return " and ".join(found)

    @property
    def valley(self) -> int | None:
        """Where the tail of diffusion begins: the last least of -Z''; none without a tail."""
        falls = -self.impedance.imag
        half = len(falls) // 2
        if half < 4:
            return None
        least = half + int(np.argmin(falls[half:]))
        return least if len(falls) - least > 2 and falls[-1] > RISES * falls[least] else None

    def neighbours(self, cell: Cell) -> list[np.ndarray]:
        return np.split(np.arange(2 * len(self.frequency)), 2)

    def seen(self, predicted: np.ndarray) -> SpectrumData:
        """The same with other numbers."""
        real, imaginary = np.split(predicted, 2)
        return replace(self, impedance=real + 1j * imaginary, per_area=True)

    def table(self, cell: Cell, predicted: np.ndarray, sigma: np.ndarray) -> pd.DataFrame:
        per_cm2 = factor("Ohm.m2", "Ohm.cm2")
        measured, model = (np.split(each, 2) for each in (self.measured(cell), predicted))
        return pd.DataFrame(
            {
                "Frequency [Hz]": self.frequency,
                "Z_re [Ohm.cm2]": per_cm2 * measured[0],
                "Z_im [Ohm.cm2]": per_cm2 * measured[1],
                "Model Z_re [Ohm.cm2]": per_cm2 * model[0],
                "Model Z_im [Ohm.cm2]": per_cm2 * model[1],
                "Sigma [Ohm.cm2]": per_cm2 * np.split(sigma, 2)[0],
            }
        )

    @classmethod
    def misfit(cls, table: pd.DataFrame) -> tuple[str, float, int]:
        real = table["Z_re [Ohm.cm2]"] - table["Model Z_re [Ohm.cm2]"]
        imaginary = table["Z_im [Ohm.cm2]"] - table["Model Z_im [Ohm.cm2]"]
        off = np.hypot(real, imaginary)
        modulus = np.hypot(table["Z_re [Ohm.cm2]"], table["Z_im [Ohm.cm2]"])
        over_noise = rms(off / table["Sigma [Ohm.cm2]"]) / np.sqrt(2)  # of either part
        return f"{100 * rms(off / modulus):.3g} % of |Z|", over_noise, len(off)

    @classmethod
    def suggested(cls, cell: Cell, held: dict[str, Any], own: bool) -> list[Candidate]:
        where = f"at {said(held['stack_pressure'], 'MPa', '.3g')}"
        flat = np.ones(len(FREQUENCIES))
        return [
            Candidate(
                f"impedance at SOC {soc:g} {where}",
                lambda seen: seen,
                cls(frequency=FREQUENCIES, impedance=flat, soc=soc, **held),
            )
            for soc in CHARGES
        ]


def parts(impedance: np.ndarray) -> np.ndarray:
    """Real parts, then imaginary parts; along the last axis."""
    return np.concatenate([impedance.real, impedance.imag], axis=-1)
