"""
Where a network connects: percolation
=====================================

The conducting share of a layer over the volume fraction, for powders finer and coarser than the
other one.
"""

import matplotlib.pyplot as plt
import numpy as np

from ssb_model.laws import transport as law

fraction = np.linspace(0.05, 0.8, 200)
figure, axes = plt.subplots()
for ratio in (0.1, 0.5, 1, 4):
    threshold = law.percolation_threshold(ratio, at_equal_size=0.186, halfway=0.873)
    share = law.uneven_percolation(fraction, threshold, exponent=2, tail=0.0825)
    axes.semilogy(fraction, share, label=f"{ratio:g}")
axes.set(xlabel="Volume fraction of the conductor", ylabel="Conducting share")
figure.legend(loc="outside right upper", title="its grain size\nover the other's")
