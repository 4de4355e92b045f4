"""Kinds of data a fit can use, each one class in one file; whoever imports this knows them all."""

from ssb_model.fitting.data.capacity import CapacityData
from ssb_model.fitting.data.load_cell import PressureData
from ssb_model.fitting.data.number import NumberData
from ssb_model.fitting.data.spectrum import SpectrumData
from ssb_model.fitting.data.titration import GittData
from ssb_model.fitting.data.voltage import VoltageData

__all__ = ["CapacityData", "GittData", "NumberData", "PressureData", "SpectrumData", "VoltageData"]
