"""
What the data tell, and what not
================================

Two capacities at 0.1C and 0.2C are made with a known film and found again. The misfit says how
sure they are.
"""

import ssb_model as ssb

cell = ssb.load_cell("NCM811_LPSCl_Si")
film = "Positive electrode film resistance [Ohm.m2]"
true = cell.with_values({film: 0.01})
capacities = {
    rate: ssb.discharge(true, c_rate=rate).rows[0]["Capacity [mA.h.g-1]"] for rate in (0.1, 0.2)
}
print(capacities)
data = [
    ssb.CapacityData(c_rate=rate, capacity=value, stack_pressure=5e6)
    for rate, value in capacities.items()
]
fitted = ssb.fit(cell, data, {film: (0.002, 0.1)}, suggest=False)
print(fitted)
figure = fitted.plot()
