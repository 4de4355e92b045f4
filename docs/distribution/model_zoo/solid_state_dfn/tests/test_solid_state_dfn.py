"""Physical results that the entry stands for."""

import numpy as np
import pybamm
import pybamm_model_zoo as zoo

FARADAY = 96485.33212


def run(stack_pressure=5e6, seconds=1800):
    model = zoo.load("SolidStateDFN")()
    values = model.default_parameter_values
    values["Stack pressure [Pa]"] = stack_pressure
    simulation = pybamm.Simulation(model, parameter_values=values, C_rate=0.1)
    return simulation.solve([0, seconds]), values


def test_lithium_equals_charge():
    solution, _ = run()
    charge = solution["Discharge capacity [A.h]"].entries[-1] * 3600
    for side, sign in (("positive", 1), ("negative", -1)):
        lithium = solution[f"Total lithium in {side} electrode [mol]"].entries
        np.testing.assert_allclose(sign * (lithium[-1] - lithium[0]) * FARADAY, charge, rtol=1e-5)


def test_less_pressure_leaves_less_contact_and_voltage():
    (held, _), (loose, _) = run(5e6), run(1e6)
    contact = "X-averaged positive electrode contact fraction"
    ratio = held[contact].entries[-1] / loose[contact].entries[-1]
    # surfaces reopen elastically, as P**n with n between 0.5 and 2/3
    assert 5**0.5 < ratio < 5 ** (2 / 3)
    assert held["Voltage [V]"].entries[-1] > loose["Voltage [V]"].entries[-1]
