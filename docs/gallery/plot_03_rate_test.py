"""
A rate test: capacity against C-rate
====================================

One fresh cell at each stack pressure goes through all rates in order.
"""

import ssb_model as ssb

rates = ssb.rate_test("NCM811_LPSCl_Si", [0.1, 0.2, 0.5, 1.0], stack_pressure=[5e6, 2e6])
print(rates.table[["Stack pressure [MPa]", "C-rate", "Capacity [mA.h.g-1]", "Stopped by"]])
figure = rates.plot()
