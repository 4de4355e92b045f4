"""
Pressure steps
==============

The stack goes from 5 to 1 MPa and back, then the cell is pressed at 500 MPa again. Resistances
and contact follow.
"""

import ssb_model as ssb

steps = ssb.pressure_steps("NCM811_LPSCl_Si", [5e6, 1e6, 5e6, 500e6, 5e6])
print(steps)
figure = steps.plot()
