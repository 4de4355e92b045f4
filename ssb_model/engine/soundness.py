"""What cannot be in a run that was solved: where it strayed, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import casadi
import numpy as np
import pybamm

from ssb_model.engine.outcome import STEEP, Segment, StoppedBy
from ssb_model.engine.reading import CURRENT, HELD_VOLTAGE, read_at, read_near_end, reader
from ssb_model.laws.interface import FARADAY
from ssb_model.laws.open_circuit import charge_per_rate
from ssb_model.numerics.mesh import SpectralSubMesh
from ssb_model.numerics.polynomials import last_terms
from ssb_model.quantities.units import convert, in_unit, said

if TYPE_CHECKING:
    from ssb_model.cell.cell import Cell

TOO_STEEP = 2.5  # per cent of capacity per per cent of rate
AT_REST = "Bulk open-circuit voltage [V]"
MOST = 99.0  # per cent said; beyond, nothing is left to lose
BACK = 0.03  # of the charge of a run, over which its slope at the end is taken
CUT_OFFS = (StoppedBy.LOWER_CUTOFF, StoppedBy.UPPER_CUTOFF)
NEAR_AN_END = -1e-5  # of stoichiometry; the usual tolerances tell full from over-full no closer
BEYOND_AN_END = 1e-5  # where tight tolerances end, LEAST_SHARE included
ABOVE_THE_WINDOW = 2e-2  # of its charge; temperature moves cut-offs against lithium contents
OF_THE_CONTACT = 1e-6
UNBALANCED = 5e-3  # of the capacity; charge of double layers, which is no lithium, is below half
SHORT = 1e-3  # of the step in time before; where the solver found that it had gone astray
JUMP, STEEPER = 2e-3, 20.0  # V, and times the slope before: what no constant current does
RISING = 1e-2  # of a capacity; alike cycles differ by 1e-3 at most
FINER = {"draft": "medium", "fine": None, "graded": None}  # of all others `fine`
# V of the electrolyte's potential in the last two terms of a layer's polynomial, beyond which more
# points are taken. At 0.5 mV on `medium` a voltage is 5 mV or a capacity 0.5 % from that on `fine`.
UNRESOLVED = {"draft": 20e-3, "coarse": 1.5e-3, "graded": np.inf}
OF_OTHERS = 0.5e-3
LAST = 2  # terms
FEWEST = 5  # nodes of a layer that has terms to spare
PLACES = ("negative electrode", "positive electrode")
DOUBTED = "not to be trusted, and no better on closer solving"
HOSTS = (
    "Negative particle contact stoichiometry",
    "Positive particle contact stoichiometry",
    "Negative electrode surface stoichiometry",
)
CONTACTS = tuple(f"{side} electrode contact fraction" for side in ("Negative", "Positive"))
AGAINST_THE_CURRENT = {  # ends that a current can only lead away from, by its sign
    1: (StoppedBy.UPPER_CUTOFF, StoppedBy.UPPER_CUTOFF_AT_ONCE),
    -1: (StoppedBy.LOWER_CUTOFF, StoppedBy.LOWER_CUTOFF_AT_ONCE),
}
WAYS = {1: "discharge", -1: "charge"}
BALANCE = ("Total lithium in positive electrode [mol]", "Discharge capacity [A.h]")


class Guard:
    """Watches what is solved of a built model: hosts near empty or full, layers unresolved.

    A host is closed at both ends by its potential, which falls there within less than the
    solver's usual tolerance: a step may pass it, and beyond it the model has another solution.
    """

    def __init__(
        self,
        model: pybamm.BaseModel,
        mesh: pybamm.Mesh,
        inputs: tuple[str, ...],
        hosts: bool = True,
    ):
        self.model, self.mesh, self.inputs = model, mesh, inputs
        known = HOSTS if hosts else HOSTS[:2]  # a foil is no host
        self.names = tuple(name for name in known if name in model.variables)
        self._line: tuple | None = None  # stoichiometries of the inputs last asked for

    @cached_property
    def _hosts(self) -> tuple[casadi.Function, casadi.Function | None]:
        """Stoichiometries of a state, and their slopes where these are the same everywhere."""
        whole = reader(self.model, self.names, self.inputs)
        t, y, p = (casadi.SX.sym(name, whole.size1_in(k)) for k, name in enumerate("typ"))
        values = casadi.vertcat(*whole.expand().call([t, y, p]))
        slopes = casadi.jacobian(values, y)
        linear = not casadi.depends_on(slopes, casadi.vertcat(t, y))
        return (
            casadi.Function("hosts", [t, y, p], [values]),
            casadi.Function("slopes", [p], [slopes]) if linear else None,
        )

    @cached_property
    def _contacts(self) -> casadi.Function:
        names = tuple(name for name in CONTACTS if name in self.model.variables)
        whole = reader(self.model, names, self.inputs)
        with suppress(RuntimeError):  # of what only CasADi's matrices know
            return whole.expand()
        return whole

    def stoichiometries(self, times: np.ndarray, states: np.ndarray, p: np.ndarray) -> np.ndarray:
        """Of every place in the hosts, at each of several instants of one run."""
        values, slopes = self._hosts
        if slopes is None:
            repeated = np.repeat(p[:, None], len(times), axis=1)
            return np.asarray(values(times[None, :], states, repeated))
        if self._line is None or not np.array_equal(self._line[0], p):
            offset = np.asarray(values(times[0], np.zeros(len(states)), p))
            self._line = p, offset, slopes(p).sparse()
        _, offset, rows = self._line
        return offset + rows @ states

    def beyond(self, solution: pybamm.Solution, inputs: Mapping[str, float]) -> float:
        """How far beyond empty or full any place came in a run; negative if none did."""
        if not self.names:
            return -np.inf
        p = np.array([inputs[name] for name in self.inputs])
        parts = zip(solution.all_ts, solution.all_ys, strict=True)
        found = [self.stoichiometries(np.asarray(t), np.asarray(y), p) for t, y in parts]
        return max(max(float(x.max()) - 1, -float(x.min())) for x in found)

    @cached_property
    def _tails(self) -> casadi.Function | None:
        """The last terms of the polynomials of the electrolyte's potential, one a layer."""
        rows = {}
        for place in PLACES:
            name = f"{place.split()[0].capitalize()} electrolyte potential [V]"
            submesh = self.mesh[place] if (place,) in self.mesh else None
            if isinstance(submesh, SpectralSubMesh) and submesh.npts >= FEWEST:
                rows[name] = last_terms(submesh.npts, LAST)
        rows = {name: matrix for name, matrix in rows.items() if name in self.model.variables}
        if not rows:
            return None
        whole = reader(self.model, tuple(rows), self.inputs)
        t, y, p = (casadi.MX.sym(name, whole.size1_in(k)) for k, name in enumerate("typ"))
        values = zip(rows.values(), whole.call([t, y, p]), strict=True)
        terms = [
            matrix @ value for matrix, value in values if value.size1() == matrix.shape[1]
        ]  # a foil has one value
        if not terms:
            return None
        function = casadi.Function("tails", [t, y, p], [casadi.vertcat(*terms)])
        with suppress(RuntimeError):
            return function.expand()
        return function

    def unresolved(self, solution: pybamm.Solution, inputs: Mapping[str, float]) -> float:
        """What a layer's polynomial has in its last terms from start to end [V].

        The embedded estimate of what a mesh leaves out: the same polynomial with fewer nodes
        would not have it.
        """
        if self._tails is None:
            return 0.0
        p = np.array([inputs[name] for name in self.inputs])
        t = np.concatenate([np.ravel(each) for each in solution.all_ts])
        y = np.hstack([np.asarray(each) for each in solution.all_ys])
        found = [
            self._tails(t[at], y[:, at], p)
            for at in {1, *(len(t) * k // 4 for k in (1, 2, 3)), len(t) - 1}
            if at < len(t)
        ]
        return max(float(np.abs(np.asarray(each)).max()) for each in found)

    def jump(self, solution: pybamm.Solution, inputs: Mapping[str, float]) -> float:
        """By how much the voltage jumps at an instant within a run [V], 0 if it does not.

        After a wide step the solver may take potentials for solved that are not, lithium being
        right; it finds so with the next step, which is tiny.
        """
        t = np.concatenate([np.ravel(each) for each in solution.all_ts])
        steps = np.diff(t)
        found = 1 + np.flatnonzero(steps[1:-1] < SHORT * steps[:-2])
        if not found.size:
            return 0.0
        y = np.hstack([np.asarray(each) for each in solution.all_ys])
        volts = reader(self.model, ("Voltage [V]",), self.inputs)
        p, worst = np.array([inputs[name] for name in self.inputs]), 0.0
        for k in found:
            before, here, after = (float(volts(t[at], y[:, at], p)) for at in (k - 1, k, k + 1))
            slopes = (here - before) / steps[k - 1], (after - here) / steps[k]
            if abs(slopes[1]) > STEEPER * abs(slopes[0]):
                worst = max(worst, abs(after - here))
        return worst if worst > JUMP else 0.0

    def unbalanced(self, solution: pybamm.Solution) -> float:
        """How far charge passed and lithium that came into the positive electrode differ [C]."""
        if not all(name in self.model.variables for name in BALANCE):
            return 0.0
        first, last = (read_at(solution, BALANCE, at) for at in (0, -1))
        lithium, charge = (float(last[name][0] - first[name][0]) for name in BALANCE)
        return abs(lithium * FARADAY - convert(charge, "A.h", "C"))

    def contact(self, solution: pybamm.Solution, inputs: Mapping[str, float]) -> str:
        """What is wrong with the contact fractions at the end of a run, if anything."""
        p = np.array([inputs[name] for name in self.inputs])
        last = np.asarray(solution.all_ys[-1])[:, -1]
        for values in self._contacts.call([solution.all_ts[-1][-1], last, p]):
            values = np.asarray(values)
            if not (values.min() > -OF_THE_CONTACT and values.max() < 1 + OF_THE_CONTACT):
                return f"a contact fraction left 0 to 1 ({values.min():g} to {values.max():g})"
        return ""


def against_the_current(segment: Segment, current: float) -> bool:
    """Whether a run ended at the cut-off that its current leads away from."""
    return segment.stopped_by in AGAINST_THE_CURRENT.get(int(np.sign(current)), ())


def doubts(
    cell: Cell, guard: Guard, segment: Segment, inputs: Mapping[str, float], beyond: float
) -> str:
    """What cannot be in a run that was solved with all care, or nothing."""
    said = []
    current = 0.0 if HELD_VOLTAGE in inputs else float(inputs[CURRENT])
    if against_the_current(segment, current):
        cut_off = str(segment.stopped_by).removesuffix(" at once")
        said.append(f"a {WAYS[int(np.sign(current))]} cannot end at the {cut_off}")
    if segment.solution is not None:
        if beyond > BEYOND_AN_END:
            said.append(f"an electrode is {beyond:.1g} of its lithium beyond full or empty")
        said.append(guard.contact(segment.solution, inputs))
        if jump := guard.jump(segment.solution, inputs):
            said.append(f"the voltage jumps by {in_unit(jump, 'mV'):.2g} mV within the run")
        share = guard.unbalanced(segment.solution) / _capacity(cell)
        if share > UNBALANCED:
            said.append(f"lithium and charge differ by {share:.1%} of the capacity")
        said.append(above_the_window(cell, segment, current))
    return "; ".join(filter(None, said))


def _capacity(cell: Cell) -> float:
    """What the positive electrode can hold [C]."""
    return cell.design.positive.theoretical_capacity * cell.design.area


def doubts_of_cycle(cell: Cell, gave: float, charged: float, before: Sequence[float]) -> str:
    """What cannot be in a cycle like those before it, or nothing; charges of one unit.

    A cell that ends each discharge as it ended the one before returns no more than it was given,
    and no more than in the cycle before: nothing in it mends but by heat. The first cycle begins
    elsewhere.
    """
    if not before or cell.model_options["thermal"] != "isothermal":
        return ""
    least = RISING * max(before[0], gave)
    if charged and gave > charged * (1 + RISING) + least * RISING:
        return f"{DOUBTED}: a discharge gave {gave / charged:.3f} of the charge before it"
    if len(before) > 1 and gave > before[-1] * (1 + RISING) + least * RISING:
        return f"{DOUBTED}: a cycle gave {gave / before[-1]:.3f} of the one before"
    return ""


def doubted(segment: Segment, doubt: str) -> Segment:
    """A run with a doubt of it, if there is one, among what is said of how it ended."""
    if not doubt:
        return segment
    detail = "; ".join(filter(None, (segment.detail, f"{DOUBTED}: {doubt}")))
    return replace(segment, detail=detail, doubt=doubt)


def said_of(run: Segment, before: Segment | None) -> str:
    """How a run ended, what is doubtful about the one before it, whether it hangs on its rate."""
    doubt = "" if before is None or not before.doubt else f"{DOUBTED}, before it: {before.doubt}"
    return "; ".join(filter(None, (run.detail, doubt, said_if_steep(run, before))))


def above_the_window(cell: Cell, segment: Segment, current: float) -> str:
    """Words where more charge passed one way than lies between the cut-offs at rest."""
    if cell.window is None:
        return ""
    passed, most = abs(current) * segment.duration / cell.design.area, cell.rest_charge
    if passed <= most * (1 + ABOVE_THE_WINDOW):
        return ""
    told = (said(charge, "mA.h.cm-2", ".3g") for charge in (passed, most))
    return "{} passed, {} lie between the cut-offs".format(*told)


def said_if_steep(run: Segment, before: Segment | None = None) -> str:
    """Words where a rate 1 % apart gives quite another charge, or nothing.

    Nothing is solved: what a run gives ends where it meets its cut-off, and begins where the one
    before it met its own, with a current that is 1 % more as well.
    """
    passed = _charge(run)
    if not passed:
        return ""
    ends = {str(one.stopped_by): _lost(one) for one in (run, before) if one is not None}
    percent = sum(ends.values()) / passed
    if percent < TOO_STEEP:
        return ""
    both = "" if before is None else ", before as well,"
    flat = max(ends, key=lambda end: ends[end])
    return (
        f"{STEEP}: 1 % more current or resistance{both} takes about {min(percent, MOST):.2g} % of "
        f"the capacity, as the voltage comes to the {flat} flat and far from rest"
    )


def _charge(run: Segment) -> float:
    """Passed at constant current since it began [C]; nothing if the current was not constant."""
    if run.solution is None or HELD_VOLTAGE in run.solution.all_inputs[-1]:
        return 0.0
    return abs(float(np.ravel(run.solution.all_inputs[-1][CURRENT])[0])) * run.duration


def _lost(run: Segment) -> float:
    """Charge per relative increase of current at its end [C]."""
    whole = _charge(run)
    if not whole or run.stopped_by not in CUT_OFFS:
        return 0.0
    t = np.ravel(run.solution.all_ts[-1])
    if len(t) < 2:
        return 0.0
    back = int(np.argmin(np.abs(t[:-1] - (t[-1] - BACK * run.duration))))
    charge = whole * float(t[-1] - t[back]) / run.duration
    if not charge or AT_REST not in run.solution.all_models[-1].variables:
        return 0.0
    voltage, at_rest = read_near_end(run.solution, ("Voltage [V]", AT_REST), [back, -1]).values()
    if voltage[0] == voltage[1]:
        return 0.0
    slope = (voltage[1] - voltage[0]) / charge
    return float(charge_per_rate(at_rest[1] - voltage[1], slope))
