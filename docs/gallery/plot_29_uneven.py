"""
What an uneven pressure costs
=============================

Three patches of one cell lie under 2, 5 and 8 MPa. They share one voltage, so the patch that is
pressed most takes the most current.
"""

import ssb_model as ssb

uneven = ssb.uneven("NCM811_LPSCl_Si", [2e6, 5e6, 8e6], c_rate=0.5)
print(uneven)
figure = uneven.plot()
