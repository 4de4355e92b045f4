"""
A warmer cell gives more
========================

Conductivity and reaction follow Arrhenius, so a warm cell gives more at a high rate.
"""

import matplotlib.pyplot as plt

import ssb_model as ssb

cell = ssb.load_cell("NCM811_LPSCl_Si")
figure, axes = plt.subplots()
for celsius in (0, 25, 45, 60):
    run = ssb.discharge(cell, c_rate=0.5, temperature=273.15 + celsius)
    axes.plot(run.data["Capacity [mA.h.cm-2]"], run.data["Voltage [V]"], label=f"{celsius} °C")
axes.set(xlabel="Capacity / mAh cm⁻²", ylabel="Voltage / V")
figure.legend(loc="outside right upper", title="temperature")
