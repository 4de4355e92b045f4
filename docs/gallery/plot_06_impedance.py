"""
An impedance spectrum
=====================

The small-signal answer of a cell at rest, at two states of charge.
"""

import ssb_model as ssb

spectra = ssb.impedance("NCM523_LPSCl_InLi", soc=[0.2, 0.6])
print(spectra)
figure = spectra.plot()
