"""
The cell in plain PyBaMM
========================

The model and the numbers of a cell are PyBaMM's own kinds of object, so an experiment in words
works.
"""

import matplotlib.pyplot as plt
import pybamm

import ssb_model as ssb

cell = ssb.load_cell("NCM811_LPSCl_Si").at_soc(0.9)
experiment = pybamm.Experiment(
    [("Discharge at 0.2C for 1 hour", "Rest for 30 minutes", "Charge at 0.1C for 1 hour")]
)
simulation = pybamm.Simulation(
    cell.model(), parameter_values=cell.parameter_values, experiment=experiment
)
solution = simulation.solve()
figure, axes = plt.subplots()
axes.plot(solution["Time [h]"].entries, solution["Voltage [V]"].entries)
axes.set(xlabel="Time / h", ylabel="Voltage / V")
