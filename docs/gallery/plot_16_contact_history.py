"""
Contact on pressing, release and pressing again
===============================================

The law of contact alone: a powder is pressed at 500 MPa, released to 1 MPa and pressed again.
Less is left than the highest pressure formed, and it comes back late because of friction.
"""

import matplotlib.pyplot as plt
import numpy as np

from ssb_model.laws import micro_contact as law

constants = law.Constants(
    hardness=800e6,
    exponent=0.57,
    bonded_share=0.02,
    release_pressure=1.2e6,
    release_spread=0.4,
    friction=4.0,
    renewal=100.0,
    adhesion=0.05e6,
    flow_pressure=340e6,
)
ways = {
    "first loading": np.geomspace(1e6, 500e6, 60),
    "release": np.geomspace(500e6, 1e6, 60),
    "pressed again": np.geomspace(1e6, 500e6, 60),
}
history = law.NEVER_PRESSED
figure, axes = plt.subplots()
for name, pressures in ways.items():
    contact = []
    for pressure in pressures:
        history = law.after(history, pressure, constants)
        contact.append(law.contact(history))
    axes.loglog(pressures / 1e6, contact, label=name)
axes.set(xlabel="Stack pressure / MPa", ylabel="Relative contact")
figure.legend(loc="outside right upper")
