"""
A circuit fitted to a spectrum, with its errors
===============================================

Two arcs and a tail are fitted to a spectrum. Every number has its uncertainty.
"""

import matplotlib.pyplot as plt

import ssb_model as ssb

spectrum = ssb.impedance("NCM523_LPSCl_InLi", soc=0.5).spectra[0]
circuit = spectrum.fit(arcs=2, tail="constant phase")
print(circuit.table[["name", "value", "unit", "Sigma [%]"]].to_string(index=False))
times = spectrum.relaxation_times()
figure, axes = plt.subplots()
axes.semilogx(times.tau, times.gamma)
axes.set(xlabel="Relaxation time / s", ylabel="Distribution / Ω cm²")
