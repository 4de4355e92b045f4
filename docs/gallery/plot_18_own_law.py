"""
A contact law of your own
=========================

A class with a name, its constants and one function. From then on it is a choice like the others.
"""

import matplotlib.pyplot as plt

import ssb_model as ssb
from ssb_model.submodels.contact_laws import Constant, PressureLaw


class Power(PressureLaw):
    """Contact that falls with a power of the pressure."""

    name = "gallery power"
    constants = (
        Constant(
            "Gallery contact power",
            "exponent",
            "How contact falls with pressure.",
            default=(0.4, "assumed", "mine", (0.2, 0.6)),
        ),
    )

    def relative_contact(self, pressure, highest, constants):
        return (pressure / highest) ** constants.exponent


ssb.register(Power)
cell = ssb.load_cell("NCM811_LPSCl_Si")
figure, axes = plt.subplots()
for law in ("memory", "gallery power"):
    run = ssb.discharge(cell.with_options({"contact": law}), c_rate=0.5)
    axes.plot(run.data["Capacity [mA.h.cm-2]"], run.data["Voltage [V]"], label=law)
axes.set(xlabel="Capacity / mAh cm⁻²", ylabel="Voltage / V")
figure.legend(loc="outside right upper", title="contact")
