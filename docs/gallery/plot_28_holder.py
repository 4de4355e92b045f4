"""
The pressure in a holder of bolts
=================================

A cell breathes as it is charged. Between stiff bolts the pressure follows that by several MPa.
The answer says how stiff a holder may be at most to keep the swing small.
"""

import ssb_model as ssb

held = ssb.holder("NCM811_LPSCl_Si", cycles=3, bolt=6e-3)
print(held)
figure = held.plot()
