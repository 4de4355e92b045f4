"""
Another recipe: separator and porosity
======================================

A thinner separator and more active material. What follows from the recipe is made anew: porosity,
tortuosity, capacity.
"""

import matplotlib.pyplot as plt

import ssb_model as ssb

cell = ssb.load_cell("NCM811_LPSCl_Si")
recipes = {
    "as published": cell,
    "separator of 50 µm": cell.with_recipe({"separator: Thickness [um]": 50}),
    "less porous cathode": cell.with_recipe({"positive: Porosity": 0.05}),
}
figure, axes = plt.subplots(figsize=(8, 4))
for name, one in recipes.items():
    run = ssb.discharge(one, c_rate=0.5)
    axes.plot(run.data["Capacity [mA.h.cm-2]"], run.data["Voltage [V]"], label=name)
axes.set(xlabel="Capacity / mAh cm⁻²", ylabel="Voltage / V")
figure.legend(loc="outside right upper")
