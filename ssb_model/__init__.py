"""Pseudo-2D model of all-solid-state cells on PyBaMM, from the recipe to the discharge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssb_model.system.telemetry import keep_telemetry_off
from ssb_model.verbs import VERBS

__version__ = "0.1.0"
keep_telemetry_off()

if TYPE_CHECKING:
    from ssb_model.analysis.circuit_fit import fit_circuit as fit_circuit
    from ssb_model.analysis.gitt import gitt_analysis as gitt_analysis
    from ssb_model.analysis.relaxation_times import relaxation_times as relaxation_times
    from ssb_model.analysis.spectrum import capacitance_of_arc as capacitance_of_arc
    from ssb_model.analysis.spectrum import contact_gauge as contact_gauge
    from ssb_model.analysis.spectrum_check import kramers_kronig as kramers_kronig
    from ssb_model.cell.cell import Cell as Cell
    from ssb_model.cell.cell import load_cell as load_cell
    from ssb_model.extensions import load_extension as load_extension
    from ssb_model.extensions import register as register
    from ssb_model.fitting.data import CapacityData as CapacityData
    from ssb_model.fitting.data import GittData as GittData
    from ssb_model.fitting.data import NumberData as NumberData
    from ssb_model.fitting.data import PressureData as PressureData
    from ssb_model.fitting.data import SpectrumData as SpectrumData
    from ssb_model.fitting.data import VoltageData as VoltageData
    from ssb_model.fitting.data.reading import read_data_set as read_data_set
    from ssb_model.measured.record import read_record as read_record
    from ssb_model.measured.spectrum import read_spectrum as read_spectrum
    from ssb_model.models import SolidStateDFN as SolidStateDFN
    from ssb_model.validation.validate import validate as validate
    from ssb_model.verbs.cycle import cycle as cycle
    from ssb_model.verbs.design import design as design
    from ssb_model.verbs.diagnose import diagnose as diagnose
    from ssb_model.verbs.discharge import discharge as discharge
    from ssb_model.verbs.discharge import rest as rest
    from ssb_model.verbs.energy import energy as energy
    from ssb_model.verbs.fit import fit as fit
    from ssb_model.verbs.gitt import gitt as gitt
    from ssb_model.verbs.half_cell import half_cell as half_cell
    from ssb_model.verbs.holder import holder as holder
    from ssb_model.verbs.impedance import impedance as impedance
    from ssb_model.verbs.layers import layers as layers
    from ssb_model.verbs.limits import limits as limits
    from ssb_model.verbs.materials import materials as materials
    from ssb_model.verbs.minimum_stack_pressure import (
        minimum_stack_pressure as minimum_stack_pressure,
    )
    from ssb_model.verbs.new import new as new
    from ssb_model.verbs.pressure_schedule import pressure_schedule as pressure_schedule
    from ssb_model.verbs.pressure_steps import pressure_steps as pressure_steps
    from ssb_model.verbs.pressure_window import pressure_window as pressure_window
    from ssb_model.verbs.rate_test import rate_test as rate_test
    from ssb_model.verbs.read import read as read
    from ssb_model.verbs.samples import samples as samples
    from ssb_model.verbs.sweep import sweep as sweep
    from ssb_model.verbs.uneven import uneven as uneven

# PyBaMM is imported when one of these is first used, not before
_HOMES = {
    **{verb.attribute: verb.home for verb in VERBS.values()},
    "CapacityData": "ssb_model.fitting.data",
    "Cell": "ssb_model.cell.cell",
    "GittData": "ssb_model.fitting.data",
    "NumberData": "ssb_model.fitting.data",
    "SolidStateDFN": "ssb_model.models",
    "PressureData": "ssb_model.fitting.data",
    "SpectrumData": "ssb_model.fitting.data",
    "VoltageData": "ssb_model.fitting.data",
    "capacitance_of_arc": "ssb_model.analysis.spectrum",
    "contact_gauge": "ssb_model.analysis.spectrum",
    "fit_circuit": "ssb_model.analysis.circuit_fit",
    "gitt_analysis": "ssb_model.analysis.gitt",
    "kramers_kronig": "ssb_model.analysis.spectrum_check",
    "load_cell": "ssb_model.cell.cell",
    "load_extension": "ssb_model.extensions",
    "read_data_set": "ssb_model.fitting.data.reading",
    "read_record": "ssb_model.measured.record",
    "read_spectrum": "ssb_model.measured.spectrum",
    "register": "ssb_model.extensions",
    "relaxation_times": "ssb_model.analysis.relaxation_times",
    "rest": "ssb_model.verbs.discharge",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module 'ssb_model' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__():
    return sorted([*globals(), *__all__])
