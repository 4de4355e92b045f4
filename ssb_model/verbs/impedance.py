"""Impedance of a cell, at rest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import xarray as xr

from ssb_model.analysis.circuit_fit import CircuitFit, check_circuit
from ssb_model.analysis.spectrum import COMPLEX, PART_SUFFIX, Spectrum
from ssb_model.cell.cell import Cell, load_cell
from ssb_model.cell.numbers import State, held_at, pressures_of
from ssb_model.engine.small_signal import SmallSignal
from ssb_model.errors import InputError
from ssb_model.experiments import experiment
from ssb_model.experiments.experiment import Held, result
from ssb_model.quantities.checks import check_number, check_positive, check_several, check_whole
from ssb_model.quantities.units import in_unit
from ssb_model.studies.bands import Bands, banded
from ssb_model.studies.runs import Settings
from ssb_model.system.progress import progress
from ssb_model.system.saving import netcdf_bytes
from ssb_model.system.signals import BY_HAND
from ssb_model.verbs import options as opt
from ssb_model.verbs.drawn import Spectra, checked_conditions, no_runs
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Result, drawn_table, text_table

FREQUENCIES = (1e-3, 1e6)  # Hz
PER_DECADE = 7
MOST_A_DECADE = 1000
LATE = 0.05  # share of a rest over which the drift at its end is taken
REST = 8 * 3600.0  # s after a run
KEY = ("State of charge", "Stack pressure [MPa]", "Frequency [Hz]")  # what tells rows apart


def impedance(
    cell: Cell | str | Path,
    soc: Annotated[
        float | Sequence[float] | None,
        Option("states of charge, 0 to 1; 0.5 if left out", metavar="X,X,..."),
    ] = None,
    stack_pressure: opt.StackPressures = None,
    temperature: opt.Temperature = None,
    frequencies: Sequence[float] | None = None,
    rest: float = REST,
    samples: opt.Samples = 0,
    seed: opt.Seed = 0,
    measured: opt.Measured = None,
) -> ImpedanceResult:
    """Spectra of the cell and of each electrode against the middle of the separator.

    A fresh cell rests at each state of charge (by default half) and stack pressure [Pa]; one
    that has run is set to the pressure and left alone for ``rest`` seconds, and the drift of the
    potential at the end of it is told ("Drift [mV.h-1]"). ``frequencies`` in Hz, by default seven a
    decade from 1 MHz down to 1 mHz. The double layers, and a film that has a capacity, are
    constant-phase elements where their exponents say so ("Positive electrode double-layer
    exponent", "... film capacity [F.m-2]", "... film exponent"). A small signal moves hysteresis
    by the mean of both directions. ``samples``, ``seed`` and ``measured`` as in ``discharge``:
    bands of the whole cell's spectra.
    """
    cell = load_cell(cell)
    socs = _states_of_charge(cell, soc)
    pressures = pressures_of(cell, stack_pressure, temperature)
    f = _checked(frequencies)
    check_positive("the rest before an impedance", rest)
    places = [(s, held_at(cell, p, temperature)) for s in socs for p in pressures]
    weighed_by = checked_conditions(cell, samples, seed, measured, places[0][1], Settings())
    fresh = cell.state is None
    cell = cell.on_mesh("graded")
    spectra: list[Spectrum] = []
    stopped = ""
    try:
        steps = [(charge, pressure) for charge in socs for pressure in pressures]
        before = object()
        for charge, pressure in progress(steps, len(steps), "impedance"):
            if charge is not before:
                at = cell if charge is None else cell.at_soc(charge)
                small = SmallSignal(at, mesh=None if fresh else "graded")
                before = charge
            held = held_at(cell, pressure, temperature)
            state, drift = (None, 0.0) if fresh else _rested(cell, rest, held)
            settled = small.settled(Held(at, *held).step(start=state))
            Z = small.linearised(settled).impedance(f)
            spectra.append(Spectrum.simulated(cell, charge, held, drift, f, Z, settled))
    except KeyboardInterrupt:
        stopped = BY_HAND
    conditions = {
        "Mesh": cell.model_options["mesh"],
        "Area [cm2]": in_unit(cell.design.area, "cm2"),
        "Changes": cell.set_by_hand,
    }
    if not samples or stopped:
        return ImpedanceResult(cell, spectra, conditions, stopped)
    course = Spectra(no_runs, key=KEY, mesh="graded", at=places, frequencies=f)
    bands = banded(cell, course, samples, seed, weighed_by)
    return ImpedanceResult(cell, spectra, conditions, bands.stopped, bands=bands)


def _states_of_charge(cell: Cell, soc) -> list[float | None]:
    if cell.state is None and cell.window is not None:
        socs = [0.5] if soc is None else check_several("states of charge", soc)
        for one in socs:
            if not 0 <= check_number("the state of charge", one) <= 1:
                raise InputError(f"a state of charge lies between 0 and 1, not {one:g}.")
        return socs
    if soc is not None:
        raise InputError(
            "a state of charge is set before a cell runs or becomes symmetric: leave out soc, or "
            "use at_soc on the fresh cell."
        )
    return [None]


def between(ends: Sequence[float], per_decade: int) -> np.ndarray:
    """Frequencies [Hz] from the higher of two ends to the lower."""
    check_whole("the number of frequencies a decade", per_decade, most=MOST_A_DECADE)
    ends = [check_number("a frequency", end) for end in ends]
    if len(ends) != 2 or not 0 < min(ends) < max(ends):
        raise InputError("give a lowest and a highest frequency in Hz.")
    low, high = np.log10(min(ends)), np.log10(max(ends))
    return np.logspace(high, low, round((high - low) * per_decade) + 1)


def _checked(frequencies) -> np.ndarray:
    """From high to low."""
    if frequencies is None:
        return between(FREQUENCIES, PER_DECADE)
    given = check_several("frequencies", frequencies)
    return np.sort([check_positive("a frequency", one) for one in given])[::-1]


def _rested(cell: Cell, rest: float, held: tuple[float, float]) -> tuple[State, float]:
    """The state after a rest, and how fast its potential still moves [V s-1]."""
    rested = result(cell.state.engine, experiment.rest(Held(cell, *held), rest, cell.state))
    times, voltage = rested.solution.t, rested.solution["Voltage [V]"]
    late = times[-1] - rest * LATE
    drift = float(voltage(t=times[-1]) - voltage(t=late)) / (rest * LATE)
    return rested.state, drift


def from_shell(
    cell: Cell,
    soc: Sequence[float] | None = None,
    frequencies: Annotated[
        Sequence[float], Option("lowest and highest; 1e-3,1e6 if left out", metavar="Hz,Hz")
    ] = FREQUENCIES,
    per_decade: Annotated[int, Option("points a decade, {default}")] = PER_DECADE,
    symmetric: Annotated[
        Literal["positive", "negative"] | None,
        Option("two of this composite, at the state of charge, instead of the cell"),
    ] = None,
    fit: Annotated[
        int | None, Option("fit a series resistance and so many arcs", metavar="ARCS")
    ] = None,
    tail: Annotated[
        str,
        Option(
            "of the fit: 'warburg', 'constant phase', 'finite space warburg', ...; {default}",
            metavar="NAME",
        ),
    ] = "none",
    data: Annotated[list[Path], Option(opt.beside("a measured spectrum"), metavar="FILE")] = (),
    **arguments: Any,
) -> ImpedanceResult:
    """Spectra between two frequencies, measured ones beside them, a circuit of each."""
    measured = [Spectrum.measured(path, cell) for path in data]
    if fit is None and tail != "none":
        raise InputError(f"--tail '{tail}' is part of a fit: give --fit ARCS with it.")
    if symmetric is not None and soc is not None and len(soc) > 1:
        raise InputError("--symmetric takes one state of charge, as --soc 0.5.")
    f = between(frequencies, per_decade)
    if fit is not None:
        check_circuit(fit, tail, len(f))
    if symmetric is not None:
        (at,) = soc or (0.5,)
        cell, soc = cell.at_soc(at).symmetric(symmetric), None
    result = impedance(cell, soc, frequencies=f, **arguments).beside(*measured)
    return result if fit is None else result.fitted(fit, tail)


@dataclass(frozen=True, repr=False)
class ImpedanceResult(Result):
    """Spectra in the order they were made."""

    kind = "impedance"

    cell: Cell
    spectra: list[Spectrum]
    conditions: dict[str, Any]
    stopped: str = ""
    measured: list[Spectrum] = field(default_factory=list)
    circuits: dict[str, CircuitFit] = field(default_factory=dict)
    bands: Bands | None = None

    def read(self, measured: Spectrum | str | Path) -> list[Spectrum]:
        """A file's spectrum; what was read before as it is."""
        if isinstance(measured, Spectrum):
            return [measured]
        return [Spectrum.measured(measured, self.cell)]

    def fitted(self, arcs: int, tail: str = "none") -> ImpedanceResult:
        """With a circuit of so many ``arcs`` fitted to each spectrum."""
        circuits = {}
        for one in [*self.spectra, *self.measured]:
            try:
                circuits[one.label] = one.fit(arcs, tail=tail)
            except InputError as error:
                raise InputError(f"{one.label}: {error}") from None
        return replace(self, circuits=circuits)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row per frequency of each spectrum."""
        return self.with_bands([row for spectrum in self.spectra for row in spectrum.rows])

    @property
    def data(self) -> xr.Dataset:
        """Spectra by number, complex numbers as two variables."""
        if not self.spectra:
            return xr.Dataset()
        columns = {
            f"Z_{name}{ending} [Ohm.cm2]": (
                ("spectrum", "Frequency [Hz]"),
                np.array([getattr(s.impedance[part], attribute) for s in self.spectra]),
                {"units": "Ohm cm2"},
            )
            for part, ending in PART_SUFFIX.items()
            for name, attribute in COMPLEX
        }
        for key, unit in (
            ("Stack pressure [MPa]", "MPa"),
            ("Temperature [degC]", "degC"),
            ("State of charge", "1"),
        ):
            values = [s.conditions[key] for s in self.spectra]
            floats = np.array([np.nan if value is None else value for value in values])
            columns[key] = (("spectrum",), floats, {"units": unit})
        data = xr.Dataset(columns, coords={"Frequency [Hz]": self.spectra[0].frequency})
        data["Frequency [Hz]"].attrs["units"] = "Hz"
        return data.assign_attrs(
            cell=self.cell.name, changes=json.dumps(self.conditions["Changes"])
        )

    @property
    def summaries(self) -> list[dict[str, Any]]:
        """What a reader takes from each spectrum: its state, resistances and how sound it is."""
        return [
            {
                **s.conditions,
                "Z_re at highest frequency [Ohm.cm2]": float(s.impedance["cell"][0].real),
                "Z_re at lowest frequency [Ohm.cm2]": float(s.impedance["cell"][-1].real),
                **s.gauges,
                "Worst Kramers-Kronig residual": _residual(s),
            }
            for s in self.spectra
        ]

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {
            "cell": self.cell.name,
            "kind": self.kind,
            "conditions": self.conditions,
            "stopped": self.stopped,
            "spectra": self.summaries,
            "circuits": {label: fit.rows for label, fit in self.circuits.items()},
            "capacitances": {label: fit.capacitances for label, fit in self.circuits.items()},
            "rows": self.rows,
        }

    def plot(self):
        """Nyquist, Bode and relaxation times; returns the figure."""
        from ssb_model.figures.resistances import plot_impedance

        return plot_impedance(self.title, self.spectra, self.measured, self.circuits)

    @property
    def more(self) -> dict[str, bytes]:
        """Spectra as netCDF."""
        return {"impedance.nc": netcdf_bytes(self.data)}

    @property
    def text(self) -> str:
        """What each spectrum was taken at, its resistances, relaxation times and circuits."""
        return "\n".join(impedance_lines(self))


def _residual(spectrum: Spectrum) -> float | None:
    """Of the Kramers-Kronig check, nothing where there are too few frequencies for one."""
    try:
        return spectrum.check().worst
    except InputError:
        return None


COLUMNS = {  # heading: key
    "SOC": "State of charge",
    "held": "Held",
    "V": "Voltage [V]",
    "drift mV/h": "Drift [mV.h-1]",
    "Z' highest": "Z_re at highest frequency [Ohm.cm2]",
    "Z' lowest": "Z_re at lowest frequency [Ohm.cm2]",
    "R separator": "Separator ionic resistance [Ohm.cm2]",
    "R ions pos.": "Positive electrode ionic resistance [Ohm.cm2]",
    "R interface pos.": "Positive electrode interface resistance [Ohm.cm2]",
    "R interface neg.": "Negative electrode interface resistance [Ohm.cm2]",
    "KK worst": "Worst Kramers-Kronig residual",
}
DRAWN = {"Z' Ohm cm2": "Z_re [Ohm.cm2]", "Z'' Ohm cm2": "Z_im [Ohm.cm2]"}
PEAKS = {
    "s": "Time constant [s]",
    "Hz": "Frequency [Hz]",
    "Ohm cm2": "resistance",
    "decades wide": "Resolution [decades]",
    "note": "Flag",
}
CIRCUIT = {
    "parameter": "name",
    "value": "value",
    "unit": "unit",
    "+-": "sigma",
    "%": "Sigma [%]",
    "note": "Flag",
}
CAPACITANCE = {
    "arc": "Arc",
    "Brug": "Brug",
    "Hsu-Mansfeld": "Hsu-Mansfeld",
    "unit": "unit",
    "spread": "Spread",
    "note": "Flag",
}


def impedance_lines(result: Any) -> list[str]:
    """States and resistances, relaxation times, and circuits where there are some."""
    lines = result.head()
    if not result.spectra:
        return lines
    f = result.spectra[0].frequency
    lines += [
        f"Spectra    {f[0]:g} to {f[-1]:g} Hz at rest, {result.conditions['Area [cm2]']:g} cm2; "
        "Ohm cm2",
        "           R as the model has them: ions across separator and composite, all of an",
        "           interface in parallel; KK: Kramers-Kronig residual as a share of |Z|",
        "",
        text_table(result.summaries, COLUMNS),
    ]
    for one in [*result.spectra, *result.measured]:
        if one.long_enough:
            lines += ["", *_relaxation_lines(one)]
    for label, fit in result.circuits.items():
        lines += ["", f"Circuit, {label}: misfit {100 * fit.misfit:.2g} % of |Z|"]
        lines.append(text_table(fit.rows, CIRCUIT))
        if fit.capacitances:
            lines += ["Capacitance of each arc; which formula holds is not known"]
            lines.append(text_table(fit.capacitances, CAPACITANCE))
    return [*lines, *drawn_table(result, "Frequency [Hz]", DRAWN, 10)]


def _relaxation_lines(spectrum: Spectrum) -> list[str]:
    """Peaks of the relaxation times of a spectrum, and what is noted of it."""
    times = spectrum.relaxation_times()
    rule = times.rule + (f"; leads {times.inductance:.2g} Ohm cm2 s" if times.inductance else "")
    return [
        f"Relaxation times, {spectrum.label} (regularisation {times.regularisation:g}, {rule})",
        *(f"  {note}" for note in spectrum.notes),
        text_table(times.rows, PEAKS) if times.rows else "  none",
    ]
