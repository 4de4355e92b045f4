"""
Less stack pressure, less capacity
==================================

The same cell at three stack pressures. Less pressure means less contact, and the voltage falls
sooner.
"""

import matplotlib.pyplot as plt

import ssb_model as ssb

cell = ssb.load_cell("NCM811_LPSCl_Si")
figure, axes = plt.subplots()
for pressure in (5e6, 2e6, 1e6):  # Pa
    run = ssb.discharge(cell, c_rate=0.1, stack_pressure=pressure)
    print(f"{pressure / 1e6:g} MPa: {run.rows[0]['Capacity [mA.h.g-1]']:.0f} mAh/g")
    data = run.data
    axes.plot(data["Capacity [mA.h.cm-2]"], data["Voltage [V]"], label=f"{pressure / 1e6:g} MPa")
axes.set(xlabel="Capacity / mAh cm⁻²", ylabel="Voltage / V")
figure.legend(loc="outside right upper", title="stack pressure")
