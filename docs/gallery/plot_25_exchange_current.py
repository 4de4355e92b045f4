"""
The exchange current over the filling
=====================================

The root of lithium and room alone does not block a full oxide. The decades it loses as it fills
do.
"""

import matplotlib.pyplot as plt
import numpy as np

from ssb_model.laws import interface as law

filling = np.linspace(0.02, 0.995, 200)
figure, axes = plt.subplots()
for decades in (0, 2, 4):
    current = law.exchange_current_density(filling, 1.0, 1.0, decades=decades, exponent=6)
    axes.semilogy(filling, current, label=f"{decades}")
axes.set(xlabel="Lithium per site", ylabel="Exchange current over its value half full")
figure.legend(loc="outside right upper", title="decades lost")
