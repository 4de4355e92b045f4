"""One step of an engine, by current density, for tests of physics."""

from ssb_model.experiments.experiment import Held


def run(engine, density, pressure, temperature, **how):
    """A current density [A m-2], positive on discharge; ``how`` as in ``Step``."""
    held = Held(engine.cell, pressure, temperature)
    return engine.run([held.step(density * engine.cell.design.area, **how)])[0]


def at_rest(engine, pressure, temperature):
    """The engine's cell before anything was done to it."""
    return engine.at_rest(Held(engine.cell, pressure, temperature).step())
