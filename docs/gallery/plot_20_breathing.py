"""
A cell that breathes: pressure in a rigid frame
===============================================

Silicon grows as it takes lithium. A fluid keeps the stack pressure, a spring and a rigid frame
let it rise and fall.
"""

import matplotlib.pyplot as plt

import ssb_model as ssb

cell = ssb.load_cell("NCM811_LPSCl_Si")
figure, axes = plt.subplots()
for stack in ("isostatic", "spring", "rigid"):
    run = ssb.discharge(cell.with_options({"stack": stack}), c_rate=0.2)
    data = run.data
    axes.plot(data["Time [s]"] / 3600, data["Stack pressure [MPa]"], label=stack)
axes.set(xlabel="Time / h", ylabel="Stack pressure / MPa")
figure.legend(loc="outside right upper", title="held")
