"""
A discharge
===========

Charge a packaged cell at 0.5C under 5 MPa and discharge it. The capacity comes with the charge
before it.
"""

import ssb_model as ssb

cell = ssb.load_cell("NCM811_LPSCl_Si")
result = ssb.discharge(cell, c_rate=0.5, stack_pressure=5e6)  # SI: Pa
print(result)
figure = result.plot()
