"""
Contact or chemistry?
=====================

An interface resists more than before. Resistance, capacitance and a slow capacity tell why.
"""

import ssb_model as ssb

found = ssb.diagnose(
    resistance=[20e-4, 45e-4],  # Ohm m2
    capacitance=[1.9, 1.05],  # F m-2
    capacity=[180, 171],  # mAh per g, slow
    cycles=[3, 100],
)
print(found)
figure = found.plot()
