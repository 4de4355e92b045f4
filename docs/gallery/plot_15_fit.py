"""
A fit: what the data tell, and what not
=======================================

Capacities at three rates are made with a known film, and the film is found again. The misfit says
how sure it is.
"""

import ssb_model as ssb

cell = ssb.load_cell("NCM811_LPSCl_Si")
film = "Positive electrode film resistance [Ohm.m2]"
true = cell.with_values({film: 0.01})
rates = [0.1, 0.15, 0.2]
capacities = [ssb.discharge(true, c_rate=one).rows[0]["Capacity [mA.h.g-1]"] for one in rates]
data = [ssb.CapacityData(c_rate=rates, capacity=capacities, stack_pressure=5e6)]
fitted = ssb.fit(cell, data, {film: (0.002, 0.1)}, suggest=False)
print(fitted)
figure = fitted.plot()
