"""
Flattened arcs: constant-phase elements
=======================================

Real double layers are constant-phase elements. An exponent below 1 flattens the arc and leaves
its width alone.
"""

import matplotlib.pyplot as plt

import ssb_model as ssb

cell = ssb.load_cell("NCM523_LPSCl_InLi")
figure, axes = plt.subplots()
for exponent in (1.0, 0.8):
    flat = cell.with_values({"Positive electrode double-layer exponent": exponent})
    spectrum = ssb.impedance(flat, soc=0.5).table
    axes.plot(spectrum["Z_re [Ohm.cm2]"], -spectrum["Z_im [Ohm.cm2]"], label=f"{exponent:g}")
axes.set(xlabel="Z′ / Ω cm²", ylabel="−Z″ / Ω cm²", aspect="equal", xlim=(0, 60), ylim=(0, 30))
figure.legend(loc="outside right upper", title="exponent")
