"""What tests share: one step of an engine by current density, and a cell saved."""

from ssb_model.cell.saving import cell_files
from ssb_model.experiments.experiment import Held


def run(engine, density, pressure, temperature, **how):
    """A current density [A m-2], positive on discharge; ``how`` as in ``Step``."""
    held = Held(engine.cell, pressure, temperature)
    return engine.run([held.step(density * engine.cell.design.area, **how)])[0]


def at_rest(engine, pressure, temperature):
    """The engine's cell before anything was done to it."""
    return engine.at_rest(Held(engine.cell, pressure, temperature).step())


def save_cell(cell, path, changes, title=None):
    """A cell's files written where they belong; their paths."""
    files = cell_files(cell, path, changes, title)
    for each, content in files.items():
        each.parent.mkdir(parents=True, exist_ok=True)
        each.write_bytes(content)
    return list(files)
