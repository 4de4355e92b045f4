"""The quantities of a record, by the names cyclers and people give them."""

from __future__ import annotations

from ssb_model.measured.headings import (
    AMPERE_HOURS,
    AMPERES,
    COUNT,
    KELVINS,
    PASCALS,
    SECONDS,
    VOLTS,
    Quantity,
)

TIME = Quantity(
    "time",
    "Time [s]",
    (
        *("total time", "test time", "elapsed time", "run time", "time", "t"),
        *("relative time", "step time"),
    ),
    SECONDS,
)
VOLTAGE = Quantity(
    "voltage",
    "Voltage [V]",
    (
        *("voltage", "cell voltage", "terminal voltage", "ecell", "ewe-ece", "potential"),
        *("cell potential", "ewe", "u", "v", "e", "volt", "vol"),
    ),
    VOLTS,
)
CURRENT = Quantity(
    "current",
    "Current [mA]",
    ("current", "cell current", "i", "cur", "current density", "j"),
    AMPERES,
)
OTHERS = {  # column: quantity
    "stack_pressure": Quantity(
        "stack pressure", "Stack pressure [MPa]", ("stack pressure", "pressure"), PASCALS
    ),
    "temperature": Quantity(
        "temperature",
        "Temperature [degC]",
        ("temperature", "cell temperature", "temp", "t1", "t"),
        KELVINS,
    ),
    "cycle": Quantity(
        "cycle", "Cycle", ("cycle", "cycle number", "cycle index", "cycle id"), COUNT
    ),
    "step": Quantity("step", "Step", ("step", "step index", "step id", "step number", "ns"), COUNT),
    "capacity": Quantity(
        "capacity", "Capacity [mAh]", ("capacity", "(q-qo)", "discharge capacity"), AMPERE_HOURS
    ),
}
