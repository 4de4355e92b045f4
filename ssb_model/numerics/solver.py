"""PyBaMM's solver for lists of runs: none holds up the others, and each costs less."""

from __future__ import annotations

import logging
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pybamm
from pybamm.codegen.compilation import aot_compile

from ssb_model.numerics.chain import chained_jacobian

FUNCTIONS = (
    "rhs_algebraic_eval",
    "jac_rhs_algebraic_eval",
    "algebraic_eval",
    "jac_algebraic_eval",
)
FLAGS = ("-O1", "-fPIC")  # the same numbers to the last bit as without a compiler
MOST_STATES = 2000  # of a model derived in parts; of more, parts cost more than they save
MOST_NUMBERS = 18  # operations on numbers in place of one on vectors that take as long as it
NO_PROGRESS = {"num_steps_no_progress": 1000, "t_no_progress": 1.0}  # s; a run this slow is stuck
ENDS_AS_IT_BEGINS = "non-positive at initial conditions"  # PyBaMM, of an event
OF_ONE = re.compile(r"input set (\d+)")  # of a list, the sundials' own words
NEWTON = {
    "max_nonlinear_iterations": 4,  # with one Jacobian; with more, an old one is kept too long
    "nonlinear_convergence_coefficient": 0.1,  # with PyBaMM's 0.33 fits see what Newton leaves
}


class ChainedFunctions(pybamm.BaseSolver):
    """Takes a model's derivatives by the chain rule; compiles what it evaluates, if asked."""

    compiled = False
    spoilt: pybamm.BaseModel | None = None  # whose functions are there, only the solver is not

    def set_up(self, model, inputs=None, t_eval=None, ics_only=False):
        again = self.spoilt is model and not model.calculate_sensitivities
        done = super().set_up(model, inputs, t_eval, ics_only or again)
        if ics_only or again or model.convert_to_format != "casadi":
            return done
        if model.len_rhs_and_alg <= MOST_STATES and model.y_slices is not None:  # of a file, none
            chained = chained_jacobian(model.rhs_algebraic_eval, places(model))
            model.jac_rhs_algebraic_eval = chained or model.jac_rhs_algebraic_eval
        if not self.compiled:
            _in_numbers(model)
        if self.compiled:
            functions = [getattr(model, name) for name in FUNCTIONS]
            functions = aot_compile(functions, flags=FLAGS, cache_dir=str(cache()))
            for name, function in zip(FUNCTIONS, functions, strict=True):
                setattr(model, name, function)
        return done


def _in_numbers(model: pybamm.BaseModel) -> None:
    """On a mesh of few points vectors are so short that operations on numbers are faster."""
    whole = model.rhs_algebraic_eval
    try:
        numbers = whole.expand()
    except RuntimeError:  # of a table
        return
    if numbers.n_instructions() < MOST_NUMBERS * whole.n_instructions():
        model.rhs_algebraic_eval = numbers
        model.jac_rhs_algebraic_eval = model.jac_rhs_algebraic_eval.expand()
        with suppress(RuntimeError):
            model.terminate_events_eval = [one.expand() for one in model.terminate_events_eval]


class SolidStateSolver(pybamm.IDAKLUSolver, ChainedFunctions):
    """PyBaMM's solver as this model wants it."""

    def __init__(self, rtol: float = 1e-4, atol: float = 1e-6, options: dict | None = None, **more):
        options = NEWTON | NO_PROGRESS | (options or {})
        super().__init__(rtol=rtol, atol=atol, options=options, **more)

    def _integrate(self, model, *args, **kwargs) -> list[pybamm.Solution]:
        """After a run that fails, IDAKLU fails whatever comes next: it is set up anew for that."""
        failed = True
        try:
            solutions = super()._integrate(model, *args, **kwargs)
            failed = any(solution.termination == "failure" for solution in solutions)
        except pybamm.SolverError as error:
            failed = ENDS_AS_IT_BEGINS not in str(error)
            raise
        finally:
            self.spoilt = model if failed and not model.calculate_sensitivities else None
            if failed:
                self._model_set_up = {}
        return solutions


class ListSolver(SolidStateSolver):
    """Keeps what a list gave where PyBaMM refuses all of it for one run that ends as it begins."""

    latest: list[pybamm.Solution] | None = None

    def __init__(
        self,
        threads: int,
        rtol: float,
        atol: float = 1e-6,
        compiled: bool = False,
        on_failure: str = "ignore",
    ):
        options = {"silence_sundials_errors": True, "num_threads": threads}
        super().__init__(rtol, atol, on_failure=on_failure, options=options)
        self.compiled = compiled

    def _integrate(self, *args, **kwargs) -> list[pybamm.Solution]:
        self.latest = super()._integrate(*args, **kwargs)
        return self.latest

    def _check_event_violation_post_solve(self, *_) -> None:
        pass

    def solved(
        self, model: pybamm.BaseModel, times: np.ndarray, inputs: list[dict]
    ) -> list[pybamm.Solution]:
        """A solution for each of ``inputs``, some perhaps of a single instant."""
        self.latest = None
        with _quiet():
            try:
                solutions = self.solve(model, times, inputs=inputs)
            except pybamm.SolverError:
                if self.latest is None:
                    raise
                return [self.get_termination_reason(each, model.events)[0] for each in self.latest]
        return solutions if isinstance(solutions, list) else [solutions]

    def refused_at_once(self, model: pybamm.BaseModel, solution: pybamm.Solution) -> str:
        """What PyBaMM says of a run that ends as it begins, nothing of others."""
        if len(solution.t) > 1:
            return ""
        try:
            inputs = solution.all_inputs[-1]
            self._check_event_violation(solution.t, model, solution.y[:, -1], inputs)
        except pybamm.SolverError as error:
            return str(error)
        return ""


def fault(error: pybamm.SolverError) -> int | None:
    """Which of a list it failed for, if it says."""
    found = OF_ONE.search(str(error))
    return int(found[1]) if found else None


def places(model: pybamm.BaseModel) -> int:
    """Of a built model, through all layers together."""
    sizes = [
        where.stop - where.start
        for variable, slices in model.y_slices.items()
        for where in slices
        if not any("particle" in name for names in variable.domains.values() for name in names)
    ]
    return max(sizes, default=0)


@contextmanager
def _quiet() -> Iterator[None]:
    """Of a run that fails PyBaMM logs a line for each variable; its outcome says it once.

    Other threads are heard.
    """
    here = threading.get_ident()

    def of_others(record: logging.LogRecord) -> bool:
        return record.thread != here

    pybamm.logger.addFilter(of_others)
    try:
        with np.errstate(invalid="ignore"):
            yield
    finally:
        pybamm.logger.removeFilter(of_others)


def can_compile() -> bool:
    """Whether there is a compiler, and a place for what it makes."""
    try:
        return shutil.which("gcc") is not None and os.access(cache(), os.W_OK)
    except OSError:
        return False


def cache() -> Path:
    """A folder of the user's own for what was compiled."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "ssb_model"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
