"""Pseudo-2D model of all-solid-state cells on PyBaMM, from the recipe to the discharge."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ssb_model.analysis.circuit_fit import fit_circuit
    from ssb_model.analysis.contact_gauge import capacitance_of_arc, contact_gauge
    from ssb_model.analysis.gitt import gitt_analysis
    from ssb_model.analysis.relaxation_times import relaxation_times
    from ssb_model.analysis.spectrum_check import kramers_kronig
    from ssb_model.cell.cell import Cell, load_cell
    from ssb_model.fitting.capacity import CapacityData
    from ssb_model.fitting.fit import fit
    from ssb_model.fitting.number import NumberData
    from ssb_model.fitting.read import read_data_set
    from ssb_model.fitting.spectrum import SpectrumData
    from ssb_model.fitting.titration import GittData
    from ssb_model.fitting.voltage import VoltageData
    from ssb_model.measured.record import read_record
    from ssb_model.measured.spectrum import read_spectrum
    from ssb_model.models import SolidStateDFN
    from ssb_model.studies.minimum_pressure import minimum_stack_pressure
    from ssb_model.studies.sweep import sweep
    from ssb_model.validation.validate import validate
    from ssb_model.verbs.cycle import cycle
    from ssb_model.verbs.discharge import discharge
    from ssb_model.verbs.gitt import gitt
    from ssb_model.verbs.impedance import impedance
    from ssb_model.verbs.limits import limits
    from ssb_model.verbs.pressure_steps import pressure_steps
    from ssb_model.verbs.rate_test import rate_test
    from ssb_model.verbs.rest import rest

# PyBaMM is imported when one of these is first used, not before
_HOMES = {
    "capacitance_of_arc": "ssb_model.analysis.contact_gauge",
    "contact_gauge": "ssb_model.analysis.contact_gauge",
    "CapacityData": "ssb_model.fitting.capacity",
    "Cell": "ssb_model.cell.cell",
    "load_cell": "ssb_model.cell.cell",
    "SolidStateDFN": "ssb_model.models",
    "cycle": "ssb_model.verbs.cycle",
    "discharge": "ssb_model.verbs.discharge",
    "gitt": "ssb_model.verbs.gitt",
    "gitt_analysis": "ssb_model.analysis.gitt",
    "fit": "ssb_model.fitting.fit",
    "GittData": "ssb_model.fitting.titration",
    "NumberData": "ssb_model.fitting.number",
    "SpectrumData": "ssb_model.fitting.spectrum",
    "VoltageData": "ssb_model.fitting.voltage",
    "fit_circuit": "ssb_model.analysis.circuit_fit",
    "impedance": "ssb_model.verbs.impedance",
    "kramers_kronig": "ssb_model.analysis.spectrum_check",
    "limits": "ssb_model.verbs.limits",
    "read_data_set": "ssb_model.fitting.read",
    "read_record": "ssb_model.measured.record",
    "read_spectrum": "ssb_model.measured.spectrum",
    "relaxation_times": "ssb_model.analysis.relaxation_times",
    "pressure_steps": "ssb_model.verbs.pressure_steps",
    "rate_test": "ssb_model.verbs.rate_test",
    "rest": "ssb_model.verbs.rest",
    "minimum_stack_pressure": "ssb_model.studies.minimum_pressure",
    "sweep": "ssb_model.studies.sweep",
    "validate": "ssb_model.validation.validate",
}
__all__ = [
    "CapacityData",
    "Cell",
    "GittData",
    "NumberData",
    "SolidStateDFN",
    "SpectrumData",
    "VoltageData",
    "capacitance_of_arc",
    "contact_gauge",
    "cycle",
    "discharge",
    "fit",
    "fit_circuit",
    "gitt",
    "gitt_analysis",
    "impedance",
    "kramers_kronig",
    "limits",
    "load_cell",
    "minimum_stack_pressure",
    "pressure_steps",
    "rate_test",
    "read_data_set",
    "read_record",
    "read_spectrum",
    "relaxation_times",
    "rest",
    "sweep",
    "validate",
]


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module 'ssb_model' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__():
    return sorted([*globals(), *__all__])
