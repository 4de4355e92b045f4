"""
A map over stack pressure and grain size
========================================

The capacity over stack pressure and grain size. The line is the pressure that keeps 95 %.
"""

import ssb_model as ssb

axes = {"stack_pressure": [1e6, 2e6, 4e6, 8e6], "grain_size": [0.5e-6, 1e-6, 3e-6, 6e-6]}
if __name__ == "__main__":  # its worker processes import this file
    mapped = ssb.sweep("NCM811_LPSCl_Si", axes, c_rate=0.5)
    print(mapped.table[["Stack pressure [MPa]", "Grain size [um]", "Capacity [mA.h.g-1]"]])
    figure = mapped.plot()
