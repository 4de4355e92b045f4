"""
What limits a cell
==================

The difference between a discharge and the voltage at rest, split into its parts. The widest band
is what to work on first.
"""

import ssb_model as ssb

losses = ssb.limits("NCM811_LPSCl_Si", 0.5)
print(losses)
figure = losses.plot()
