"""
Thirty cycles: how a cell ages
==============================

Breathing loosens contact and an interphase grows, as the file of the cell declares.
"""

import ssb_model as ssb

aged = ssb.cycle("NCM811_LPSCl_Si", 30)
print(aged)
figure = aged.plot()
