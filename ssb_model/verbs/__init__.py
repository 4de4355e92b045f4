"""What one can do with a cell, one file per verb: its function, its result, its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Verb:
    """A verb as the shell lists it; its options stand in the signature of its function.

    A module may hold a function ``from_shell`` beside it, for what the shell takes and Python
    does otherwise: options of its own, and the rest as ``**arguments`` to hand on. What either
    calls ``journal`` is the path of one in the folder of --out. A ``from_shell`` that asks for
    ``change`` gets ``cell`` as it was typed, and with ``change(cell)`` what --option, --set and
    the like make of a cell; what it calls ``typed_on_cell`` are the names of what they change.
    One that reads files its command does not name asks for ``reserve`` and calls it before the
    run: what is read is not written over. ``default_folder``, given the arguments, is where
    results go that have no --out.

    A verb of your own is ``ssb_model.register(Verb("name", "what it does", __name__))`` in a
    file that --with names.
    """

    extension: ClassVar[str] = "verb"

    name: str  # in the shell
    summary: str
    module: str = ""  # in this folder and named as the verb, if left out
    function: str = ""
    description: str = ""  # above the options, where the summary does not say it
    saves: bool = True  # has --out

    stem: str = field(init=False)  # "rate_test" of "rate-test": how its files are named
    home: str = field(init=False)  # the module with its function, in full
    attribute: str = field(init=False)  # the name of its function

    def __post_init__(self):
        stem = self.name.replace("-", "_")
        object.__setattr__(self, "stem", stem)
        object.__setattr__(self, "home", self.module or f"{__name__}.{stem}")
        object.__setattr__(self, "attribute", self.function or stem)


_LISTED = (  # in the order the shell lists them; one more is its file and a line here
    Verb("cells", "list the cells that come with the package", f"{__name__}.show", saves=False),
    Verb("show", "every parameter of a cell, where it is from", saves=False),
    Verb("materials", "list the materials, or every number of one", saves=False),
    Verb("samples", "simulated files of every kind to try things on", saves=False),
    Verb(
        "new",
        "write a cell file of your own, commented; asks for what no option says",
        saves=False,
    ),
    Verb(
        "half-cell",
        "write the half cell of one electrode, against lithium or lithium-indium",
        saves=False,
    ),
    Verb("read", "what a measured file is understood to hold; tidy CSV or BDF of it", saves=False),
    Verb("discharge", "charge a cell, discharge it, say what it gave"),
    Verb("rate-test", "charge and discharge a cell at one rate after another"),
    Verb("gitt", "pulses and rests; resistances and diffusivity over the state of charge"),
    Verb("impedance", "spectra of a cell at rest, their relaxation times and a circuit"),
    Verb(
        "diagnose",
        "contact or chemistry: what changed an interface between two states",
        description="Contact or chemistry: from resistance and capacitance of an interface at two "
        "times or pressures, how much of the change is contact, interphase grown and material cut "
        "off, with intervals, and which further measurement would decide.",
    ),
    Verb("limits", "what limits a cell: where its voltage is lost"),
    Verb("cycle", "charge and discharge a cell many times; goes on where it was cut off"),
    Verb("pressure-steps", "age a cell, step its stack pressure, read resistances and contact"),
    Verb(
        "min-pressure",
        "the lowest stack pressure that still does the job, and how sure",
        f"{__name__}.minimum_stack_pressure",
        "minimum_stack_pressure",
    ),
    Verb(
        "pressure-window",
        "how little stack pressure is enough and how much is too much, rate by rate",
    ),
    Verb(
        "pressure-schedule",
        "pressing in formation, less in use, again now and then: what keeps most at least pressure",
    ),
    Verb("holder", "the pressure a holder gives as a cell breathes, and which spring to take"),
    Verb("uneven", "what an uneven stack pressure costs: a cell as patches in parallel"),
    Verb("energy", "Wh per kg and per litre of a cell as a product, its holder with it"),
    Verb("sweep", "map a cell over pressure, rate, grain size, anything; goes on where cut off"),
    Verb("layers", "many layers in one pouch: in parallel, heat through them in series"),
    Verb("design", "the best a cell can be within limits: goals against each other"),
    Verb(
        "fit",
        "fit parameters of a cell to measurements, and say how sure they are",
        description="Fit parameters of a cell to measurements. In place of a cell, --data and "
        "--vary stands a fit file: TOML with cell, [[data]], [vary], [options] and [set].",
    ),
    Verb(
        "explore",
        "a page in the browser: move the numbers of a cell, see what the model says",
        "ssb_model.explorer.explore",
        saves=False,
    ),
    Verb(
        "validate",
        "published measurements beside the model: what it fits, what it predicts",
        "ssb_model.validation.validate",
    ),
)
VERBS = {verb.name: verb for verb in _LISTED}
