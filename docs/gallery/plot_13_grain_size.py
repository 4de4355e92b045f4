"""
Grain size of the electrolyte
=============================

One axis: how much a cell gives with finer and coarser electrolyte.
"""

import ssb_model as ssb

sizes = {"grain_size": [0.5e-6, 1e-6, 2e-6, 4e-6, 8e-6]}
if __name__ == "__main__":  # its worker processes import this file
    line = ssb.sweep("NCM811_LPSCl_Li", sizes, c_rate=0.1)
    print(line.table[["Grain size [um]", "Capacity [mA.h.g-1]"]])
    figure = line.plot()
