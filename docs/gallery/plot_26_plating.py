"""
The margin against lithium plating
==================================

Graphite plates lithium where its potential against the electrolyte falls below zero. The least
margin of a charge is what is left. In this cell a faster charge reaches the upper cut-off sooner,
with less lithium in the graphite, so that its margin is no smaller: read it beside the capacity.
"""

import matplotlib.pyplot as plt

import ssb_model as ssb

rates = [0.1, 0.2, 0.3, 0.5, 1.0]
charges = ssb.rate_test("NCM523_LPSCl_Graphite", rates, direction="charge")
print(charges.table[["C-rate", "Capacity [mA.h.g-1]", "Plating margin [mV]"]].round(1))
figure, axes = plt.subplots()
axes.plot(charges.table["Capacity [mA.h.g-1]"], charges.table["Plating margin [mV]"], "o-")
for rate, row in zip(rates, charges.rows, strict=True):
    place = (row["Capacity [mA.h.g-1]"], row["Plating margin [mV]"])
    axes.annotate(f"{rate:g}C", place, xytext=(4, 4), textcoords="offset points")
axes.margins(0.15)
axes.set(xlabel="Charged / mAh g⁻¹", ylabel="Least plating margin / mV")
