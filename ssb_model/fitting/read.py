"""Data sets out of files, by what the files hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ssb_model.errors import InputError
from ssb_model.fitting.capacity import CapacityData
from ssb_model.fitting.data_set import DataSet
from ssb_model.fitting.spectrum import SpectrumData
from ssb_model.fitting.titration import GittData
from ssb_model.fitting.voltage import VoltageData
from ssb_model.measured.kinds import kind_of

READERS = {
    "record": VoltageData,
    "spectrum": SpectrumData,
    "capacities": CapacityData,
    "resistances": GittData,
}


def read_data_set(path: str | Path, **conditions: Any) -> DataSet:
    """A data set of the kind a file's headings name; ``conditions`` as that kind takes them."""
    kind = kind_of(path)
    try:
        return READERS[kind].read(path, **conditions)
    except TypeError as error:
        if "unexpected keyword" not in str(error):
            raise
        word = str(error).rpartition("argument ")[2]
        raise InputError(f"{path}: {kind} take no {word}.") from None
