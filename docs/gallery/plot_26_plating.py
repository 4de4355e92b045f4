"""
The margin against plating
==========================

Graphite plates lithium where its potential against the electrolyte falls below zero. The margin
is what is left on a charge.
"""

import matplotlib.pyplot as plt

import ssb_model as ssb

rates = [0.1, 0.3, 1.0, 2.0]
charges = ssb.rate_test("NCM523_LPSCl_Graphite", rates, direction="charge")
print(charges.table[["C-rate", "Plating margin [mV]"]])
figure, axes = plt.subplots()
axes.plot(rates, charges.table["Plating margin [mV]"], "o-")
axes.axhline(0, color="0.6", lw=1)
axes.set(xlabel="C-rate of the charge", ylabel="plating margin / mV")
