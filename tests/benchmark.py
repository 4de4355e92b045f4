"""What things cost beside stock PyBaMM in the same run, at equal accuracy where both can.

``python -m tests.benchmark`` prints a table and keeps it as ``build/benchmark-VERSION.json``;
``--only equal`` picks rows, ``--quick`` shortens long ones. A row has medians of seconds on the
wall, the two taking turns; those of ``equal`` are the least seconds of the processor, which what
else the machine does does not spoil. Memory is that of a fresh process.

``equal``: a warm 1C discharge of ours, everything on, and of PyBaMM's DFN on the same parameters
(film, spots and memory it has none of; a half cell against Li and Li-In; it has no layer of
silicon), each on the cheapest of its meshes that stays within the error asked, from 1 s on,
against many points and tight tolerances of the same model. PyBaMM's are those of ``PEER``:
particles graded exponentially, as an even mesh needs three times the points. Other rows: stock
as it comes, on Chen2020 where it has no such electrode.

Tried and left out, as measurements did not support it:

- finite volumes with surfaces extrapolated by parabolas, or steeper grading: the same voltage
  error with 20 to 24 points in a particle as a polynomial has with 10 to 16, and up to 20 mV at
  the end of a discharge of NCM811 | Li
- looser tolerances (3e-4, 1e-3): a fifth fewer steps, errors up to 45 mV near the end
- algebraic states left out of the error test: a third fewer steps with silicon, none with
  graphite, errors of 4 mV with Li
- a derivative written in operations on numbers, or compiled: 118,000 of them, 20 s to compile;
  the chain rule takes half the time of either without a compiler
- residuals in operations on numbers on ``medium``: no faster than CasADi's vectors. On the draft
  one they take half (silicon) and three quarters (graphite) of the time, on the points a cell asks
  for 0.9 to 0.97, and are taken
- PyBaMM's ``compile``: 20 to 120 s once for a third of the time of a discharge; residuals alone
  take a second to compile and 0.6 to 0.8 of their time after
- the highest and the effective pressure as one number a layer: a tenth fewer states with graphite,
  no time
- states of contact left out where they cannot change: of a residual in numbers a fifth (silicon,
  draft mesh), of one in vectors nothing; derivatives keep all but 7 % of their entries
- other orders of the solver: within the noise. A looser test of Newton's convergence takes as long
  and leaves noise that fits see, a tighter one takes longer

What a discharge on the default mesh is made of, in about per cent (silicon; graphite): residuals
28; 33, derivatives 30; 16, factors and back substitution 8; 15, events 6; 7, Python around it 6; 2,
the rest Sundials.

Of a band of draws two thirds were Python in one thread: curves read of every state, tables nobody
saw, cells made. PyBaMM's solver keeps Python's lock while it works (a thread that only counts came
to 2 % of its speed beside it): what was solved is not told while others run, and two threads with
an engine each take as long as one. What is to run side by side goes in one list. That a run might
last longer moves no step of it, to the last bit. A second solver of a model cannot take over the
functions made for the first: it lacks what PyBaMM noted while it made them.

Spectra on polynomials (20 nodes through layers and particles, 16 of silicon) take 0.65 to 0.85 of
the time on ``graded``, building included, and differ by up to 0.4 % of |Z| near 3 Hz: it is left.

Points that follow the cell: an estimate of particles that are steady (a profile of constant flux
under a diffusivity that varies) was off by a hundred, as it has kinks; that of a flux just put on
is within a factor of two of what runs show, and is taken. A search of a draw by a cubic through
its runs needs as many as one by lines, with lines it is left.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import pybamm

import ssb_model as ssb
from ssb_model.engine.engine import Step
from ssb_model.engine.small_signal import SmallSignal
from ssb_model.numerics.solver import SolidStateSolver
from ssb_model.parameters.library import cell_names
from ssb_model.parameters.potentials import as_numbers

GRAPHITE, SILICON = "NCM523_LPSCl_Graphite", "NCM811_LPSCl_Si"
RATES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0]
LONGEST = 5400  # s of a discharge at 1C
ERRORS = (1, 2)  # mV
OURS = ("draft", "coarse", "medium", "fine")
PEER = ((10, 15), (10, 20), (20, 20), (20, 30), (30, 30), (30, 40), (40, 60))  # layer, particle
EXACT = (100, 100)


@dataclass(frozen=True)
class Line:
    """Seconds of ours and of stock, medians."""

    what: str
    ours: float
    stock: float
    beside: str

    def __str__(self) -> str:
        return (
            f"{self.what:44s} {self.ours * 1e3:9.1f} {self.stock * 1e3:9.1f} "
            f"{self.ours / self.stock:7.2f}  {self.beside}"
        )


def turns(repeats: int, *calls, clock=time.perf_counter, of=median) -> list[float]:
    """Median seconds of each, interleaved; the first round is not counted."""
    taken: list[list[float]] = [[] for _ in calls]
    for number in range(repeats + 1):
        for call, times in zip(calls, taken, strict=True):
            begun = clock()
            call()
            if number:
                times.append(clock() - begun)
    return [of(times) for times in taken]


def once(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def stock(name: str, **how) -> pybamm.Simulation:
    """PyBaMM's DFN as it comes: its mesh, its methods, its solver."""
    if name != GRAPHITE:
        values = pybamm.ParameterValues("Chen2020")
        return pybamm.Simulation(pybamm.lithium_ion.DFN(), parameter_values=values, **how)
    options = {"interface utilisation": "constant", "contact resistance": "true"}
    values = ssb.load_cell(GRAPHITE).parameter_values
    plain = pybamm.lithium_ion.DFN(options)
    return pybamm.Simulation(plain, parameter_values=values, **how)


def beside(name: str) -> str:
    return "DFN, same parameters" if name == GRAPHITE else "DFN, Chen2020"


def ours(name: str, mesh: str | None = None, **how) -> pybamm.Simulation:
    cell = ssb.load_cell(name)
    cell = cell.with_options({"mesh": mesh}) if mesh else cell
    return pybamm.Simulation(cell.model(), parameter_values=cell.parameter_values, **how)


def importing(quick: bool) -> Iterator[Line]:
    def fresh(line):
        return lambda: subprocess.run([sys.executable, "-c", line], check=True)

    repeats = 3 if quick else 7
    for what in ("import ssb_model", "import ssb_model; ssb_model.load_cell('NCM811_LPSCl_Si')"):
        yield Line(what[:44], *turns(repeats, fresh(what), fresh("import pybamm")), "import pybamm")


def equal(quick: bool) -> Iterator[Line]:
    tight = {"rtol": 1e-6, "atol": 1e-8}
    for name in cell_names():
        both = ours(name, C_rate=1), stock(name, C_rate=1)
        taken = least(5 if quick else 15, *both)
        yield Line(f"{name}: warm 1C, both as they come", *taken, beside(name))
        if name == SILICON:
            continue
        points = ours(name, "fine").model.default_var_pts
        many = {key: 2 * n for key, n in points.items() if key[0] in "xr"}
        exact = ours(name, C_rate=1, var_pts=many, solver=SolidStateSolver(**tight))
        best = peer(name, EXACT, solver=pybamm.IDAKLUSolver(**tight))
        exact, best = (one.solve([0, LONGEST]) for one in (exact, best))
        for most in ERRORS:
            one, said = cheapest(partial(ours, name, C_rate=1), OURS, exact, most)
            other, beside_it = cheapest(partial(peer, name), PEER, best, most)
            taken = least(5 if quick else 15, one, other)
            yield Line(f"{name}: within {most} mV", *taken, f"{said}; DFN {beside_it}")


def cheapest(make, meshes, exact: pybamm.Solution, most: float) -> tuple:
    """A simulation on the first mesh within an error [mV], else on the last, and words on it."""
    for mesh in meshes:
        simulation = make(mesh)
        error, _ = gap(simulation.solve([0, LONGEST]), exact)
        if error <= most:
            return simulation, f"{mesh} {error:.2f} mV"
    return simulation, f"{mesh} no closer than {error:.2f} mV"


def least(repeats: int, *simulations) -> list[float]:
    """Least seconds of the processor of each."""
    calls = [partial(each.solve, [0, LONGEST]) for each in simulations]
    return turns(repeats, *calls, clock=time.process_time, of=min)


def peer(name: str, mesh: tuple[int, int], **how) -> pybamm.Simulation:
    """PyBaMM's DFN on a cell's own parameters, particles graded towards their surface."""
    values = ssb.load_cell(name).parameter_values
    options = {"interface utilisation": "constant", "contact resistance": "true"}
    if name != GRAPHITE:
        options["working electrode"] = "positive"
        lithium = pybamm.ParameterValues("Xu2019")
        missing = {n: lithium[n] for n in lithium.keys() if n not in values.keys()}  # noqa: SIM118
        values.update(missing, check_already_exists=False)
        above = as_numbers(values["Negative electrode OCP [V]"])(0.5)  # stock's is of Li
        for cut_off in ("Lower voltage cut-off [V]", "Upper voltage cut-off [V]"):
            values[cut_off] += above
    model = pybamm.lithium_ion.DFN(options)
    graded = {"side": "right", "stretch": 2.3}
    graded = pybamm.MeshGenerator(pybamm.Exponential1DSubMesh, submesh_params=graded)
    particles = [f"{side} particle" for side in ("negative", "positive")]
    types = model.default_submesh_types | dict.fromkeys(particles, graded)
    points = dict.fromkeys(("x_n", "x_s", "x_p"), mesh[0]) | dict.fromkeys(("r_n", "r_p"), mesh[1])
    points = model.default_var_pts | points
    how |= {"submesh_types": types, "var_pts": points}
    return pybamm.Simulation(model, parameter_values=values, C_rate=1, **how)


def bands(quick: bool) -> Iterator[Line]:
    for name in (SILICON, GRAPHITE):
        for what, verb, draws in (
            ("seven rates", partial(ssb.rate_test, name, RATES), 20 if quick else 64),
            (
                "a minimum pressure",
                partial(ssb.minimum_stack_pressure, name),
                200 // (1 + 9 * quick),
            ),
        ):
            taken = once(partial(verb, samples=draws)), once(verb)
            yield Line(f"{name}: {draws} draws of {what}", *taken, "the cell itself")


def rate_test(quick: bool) -> Iterator[Line]:
    steps = [(f"Charge at {r}C until 4.2 V", f"Discharge at {r}C until 2.5 V") for r in RATES]
    for name in (SILICON, GRAPHITE):
        simulation = stock(SILICON, experiment=pybamm.Experiment(steps))
        taken = turns(2 if quick else 5, lambda n=name: ssb.rate_test(n, RATES), simulation.solve)
        yield Line(f"{name}: seven rates, from loading", *taken, "experiment, built")


def gitt(quick: bool) -> Iterator[Line]:
    pulse, cell = (720 if quick else 72), ssb.load_cell("NCM523_LPSCl_InLi")

    def run():
        return ssb.gitt(cell, pulse=pulse, rest=5000, t1=1e-3, t2=5)

    count = len(run().table)
    step = (f"Discharge at C/2 for {pulse} seconds", "Rest for 5000 seconds")
    simulation = stock(SILICON, experiment=pybamm.Experiment([step] * count))
    taken = turns(1 if quick else 3, run, simulation.solve)
    yield Line(f"NCM523_LPSCl_InLi: {count} pulses, fitted", *taken, "experiment, built")


def impedance(quick: bool) -> Iterator[Line]:
    f = np.geomspace(1e-3, 1e6, 60)
    for name in (SILICON, GRAPHITE):
        cell = ssb.load_cell(name).at_soc(0.5).with_options({"mesh": "graded"})
        model = cell.model({"surface form": "differential"})
        simulation = pybamm.EISSimulation(model, parameter_values=cell.parameter_values)
        held = (cell.evaluate("Stack pressure [Pa]"), cell.evaluate("Ambient temperature [K]"))
        small = SmallSignal(cell)
        taken = turns(
            1 if quick else 5,
            lambda s=small, h=held: s.linearised(s.settled(Step(*h))).impedance(f),
            lambda s=simulation: s.solve(f),
        )
        yield Line(f"{name}: 60 frequencies", *taken, "EISSimulation, same model")


def cycling(quick: bool) -> Iterator[Line]:
    count = 10 if quick else 100
    steps = (
        "Charge at C/5 until 4.2 V",
        "Hold at 4.2 V until C/20",
        "Discharge at C/5 until 2.5 V",
    )
    simulation = stock(SILICON, experiment=pybamm.Experiment([steps] * count))
    run = once(lambda: ssb.cycle(SILICON, count, c_rate=0.2, cv_until=0.05))
    yield Line(f"{SILICON}: {count} cycles", run, once(simulation.solve), "experiment, Chen2020")


def studies(quick: bool) -> Iterator[Line]:
    one = stock(SILICON, C_rate=0.5)
    discharge = lambda: one.solve([0, 2 * LONGEST])  # noqa: E731
    steps = 4 if quick else 10
    over = {
        "stack_pressure": list(np.geomspace(1e6, 20e6, steps)),
        "grain_size": list(np.geomspace(5e-7, 6e-6, steps)),
        "c_rate": list(np.geomspace(0.1, 1, steps)),
    }
    for how in ("from full", "discharge"):
        run = once(lambda h=how: ssb.sweep(SILICON, over, run=h))
        points = steps**3
        loop = points * turns(20, discharge)[0]
        yield Line(f"{SILICON}: sweep of {points}, {how}", run, loop, f"{points} discharges")


def memory(quick: bool) -> Iterator[str]:
    lines = {
        "imports alone": "pass",
        "stock DFN, 1C": f"{stock.__name__}({SILICON!r}, C_rate=1).solve([0, {LONGEST}])",
        **{
            f"{name}, 1C": f"{ours.__name__}({name!r}, C_rate=1).solve([0, {LONGEST}])"
            for name in cell_names()
        },
    }
    told = "print(most_memory())"
    for what, line in lines.items():
        done = subprocess.run(
            [sys.executable, "-c", f"from tests.benchmark import *; {line}; {told}"],
            check=True,
            capture_output=True,
            text=True,
        )
        yield f"{what:44s} {float(done.stdout.split()[-1]):9.0f} MB"
    yield f"{'this run':44s} {most_memory():9.0f} MB"


def most_memory() -> float:
    """Of this process so far [MB]; Linux's other count begins with that of its parent."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def gap(one: pybamm.Solution, other: pybamm.Solution) -> tuple[float, float]:
    """Largest difference in voltage from 1 s on [mV], over the time both last, and when [s]."""
    end = min(one.t[-1], other.t[-1]) * (1 - 1e-3)
    times = np.union1d(np.geomspace(1, end, 300), np.linspace(1, end, 900))
    apart = np.abs(one["Voltage [V]"](times) - other["Voltage [V]"](times))
    return 1e3 * float(apart.max()), float(times[apart.argmax()])


TIMED = (equal, importing, rate_test, bands, gitt, impedance, cycling, studies)
TOLD = (memory,)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [part.__name__ for part in (*TIMED, *TOLD)]
    parser.add_argument("--only", action="append", choices=names, help="may be repeated")
    parser.add_argument("--quick", action="store_true", help="shorter runs, fewer repeats")
    kept = f"build/benchmark-{ssb.__version__}.json"
    parser.add_argument("--json", default=kept, help="the timed rows, to a file")
    options = parser.parse_args(arguments)
    chosen = options.only or names
    pybamm.set_logging_level("ERROR")  # the last pulse ends at the cut-off
    print(f"{'':44s} {'ours ms':>9s} {'stock ms':>9s} {'ratio':>7s}  beside")
    lines = []
    for part in TIMED:
        if part.__name__ in chosen:
            for line in part(options.quick):
                lines.append(line)
                print(line, flush=True)
    for part in TOLD:
        if part.__name__ in chosen:
            print(f"\n{part.__name__}")
            for line in part(options.quick):
                print(line, flush=True)
    if lines:
        Path(options.json).parent.mkdir(parents=True, exist_ok=True)
        Path(options.json).write_text(json.dumps([vars(line) for line in lines], indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
