"""The same cell under three stack pressures."""

import pybamm
import pybamm_model_zoo as zoo

model = zoo.load("SolidStateDFN")()
for megapascal in (5, 2, 1):
    values = model.default_parameter_values
    values["Stack pressure [Pa]"] = megapascal * 1e6
    solution = pybamm.Simulation(model, parameter_values=values, C_rate=0.1).solve([0, 600])
    contact = solution["X-averaged positive electrode contact fraction"].entries[-1]
    print(f"{megapascal} MPa: {solution['Voltage [V]'].entries[-1]:.3f} V, contact {contact:.4f}")
