"""
The packaged cells side by side
===============================

Every cell that comes along, discharged at 0.1C under its own stack pressure. Voltages are those
of the whole cell, so a cell against lithium–indium lies 0.62 V lower.
"""

import matplotlib.pyplot as plt

import ssb_model as ssb

figure, axes = plt.subplots(figsize=(8, 4))
for name in [row["Name"] for row in ssb.cells().rows]:
    run = ssb.discharge(name, c_rate=0.1)
    axes.plot(run.data["Capacity [mA.h.cm-2]"], run.data["Voltage [V]"], label=name)
axes.set(xlabel="Capacity / mAh cm⁻²", ylabel="Voltage / V")
figure.legend(loc="outside right upper")
