"""What a study runs at each of its points, by name: many at once, one row of numbers each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ssb_model.cell.cell import Cell
from ssb_model.engine.engine import Engine
from ssb_model.engine.outcome import Segment, StoppedBy
from ssb_model.engine.reading import charge_passed, lowest, read_at, read_last
from ssb_model.engine.soundness import doubts_of_cycle, said_of
from ssb_model.errors import InputError, nearest
from ssb_model.experiments import experiment, pulses
from ssb_model.experiments.experiment import Experiment, Held, together, whole
from ssb_model.experiments.schedule import FORMATION_CYCLES, Schedule
from ssb_model.quantities.checks import check_positive, check_rate, check_whole
from ssb_model.quantities.units import convert, in_columns, in_unit
from ssb_model.studies.packing import Packing

CONTACT = {
    f"{domain.capitalize()} electrode contact fraction": (
        f"X-averaged {domain} electrode contact fraction"
    )
    for domain in ("positive", "negative")
}
DELIVERED = ("Capacity [mA.h.g-1]", "Capacity [mA.h.cm-2]", "Energy [mW.h.cm-2]")
ENERGY = "Discharge energy [W.h]"
PLATING = "Minimum lithium plating margin [V]"
Row = dict[str, Any]


@dataclass(frozen=True)
class Stand:
    """A point of a study: a cell, its C-rate and how it is held [Pa, K]."""

    cell: Cell
    c_rate: float
    stack_pressure: float
    temperature: float
    soc: float = 0.5  # where a pulse starts
    formation_pressure: float = 0.0  # of the first cycles; 0: as all others
    formation_cycles: int = FORMATION_CYCLES
    repress_pressure: float = 0.0
    repress_every: int = 0  # cycles; 0: never

    @property
    def schedule(self) -> Schedule:
        """Of the stack pressure through many cycles."""
        return Schedule(
            self.stack_pressure,
            self.formation_pressure or None,
            self.formation_cycles,
            self.repress_pressure or None,
            self.repress_every or None,
        )

    def at(self, soc: float) -> Held:
        """The cell as it rests at a state of charge."""
        resting = self.cell.at_soc(soc)
        resting.__dict__["rest_charge"] = self.cell.rest_charge  # worked out once, at any pressure
        return Held(resting, self.stack_pressure, self.temperature)


@dataclass(frozen=True)
class Settings:
    """What a run takes beside the conditions of its point."""

    charge_rate: float | None = None  # as the discharge if not given
    cycles: int = 100
    seconds: float = 10.0  # of a pulse
    cv_until: float | None = None  # C-rate that ends a hold at the upper cut-off
    packing: Packing | None = None  # what a discharge is of, where that counts

    def __post_init__(self):
        if self.charge_rate is not None:
            check_rate("the charge rate", self.charge_rate)
        check_whole("the number of cycles", self.cycles, least=2)
        check_positive("the length of a pulse in seconds", self.seconds)
        if self.cv_until is not None:
            check_rate("cv_until", self.cv_until)

    @property
    def shown(self) -> Row:
        """By name, as results and journals keep them."""
        shown = asdict(self)
        for name in ("cv_until", "packing"):  # as before there was a choice
            if shown[name] is None:
                shown.pop(name)
        return shown


def discharge(stand: Stand, settings: Settings) -> Experiment[Row]:
    """Charged from rest at 0 %, then discharged."""
    rates = (stand.c_rate, settings.charge_rate, settings.cv_until)
    both = yield from experiment.pair(stand.at(0.0), "discharge", *rates)
    row = _told(stand, both.run, both.before)
    if settings.packing is not None:
        at = (stand.cell, stand.stack_pressure, stand.temperature)
        row |= settings.packing.row(*at, row["Energy [mW.h.cm-2]"])
    return {**row, "Charge capacity [mA.h.cm-2]": _areal(both.before, stand)}


def from_full(stand: Stand, settings: Settings) -> Experiment[Row]:
    """Discharged from rest at 100 %."""
    return _told(stand, (yield from experiment.discharge(stand.at(1.0), stand.c_rate)))


def charge(stand: Stand, settings: Settings) -> Experiment[Row]:
    """Charged from rest at 0 %; with the least margin against lithium plating."""
    run = yield from experiment.charge(stand.at(0.0), stand.c_rate, cv_until=settings.cv_until)
    row = _told(stand, run)
    if "negative" in stand.cell.model_options.porous:
        margin = None if run.solution is None else lowest(run.solution, PLATING)
        row["Plating margin [mV]"] = in_unit(margin, "mV")
    return row


def pulse(stand: Stand, settings: Settings) -> Experiment[Row]:
    """A short discharge from rest at a state of charge: voltage lost over current."""
    held = stand.at(stand.soc)
    still = yield from pulses.quasi_rest(held, stand.c_rate)
    run = yield held.flow(stand.c_rate, longest=settings.seconds)
    row: Row = {"Resistance [Ohm.cm2]": None, **_ended(run)}
    if still.sound and run.sound and run.stopped_by is StoppedBy.TIME:
        rest, loaded = (float(_after(one, ["Voltage [V]"])[0]) for one in (still, run))
        lost = (rest - loaded) / held.current(stand.c_rate) * stand.cell.design.area
        row["Resistance [Ohm.cm2]"] = in_unit(lost, "Ohm.cm2")
    return row


def cycles(stand: Stand, settings: Settings) -> Experiment[Row]:
    """Charged and discharged many times in use, after those of formation; retention of use."""
    rates = (stand.c_rate, settings.charge_rate, settings.cv_until)
    schedule = stand.schedule
    count = schedule.forming + settings.cycles
    many = experiment.cycles(stand.at(0.0), count, *rates, schedule=schedule)

    gave: list[float] = []
    doubts: list[str] = []

    def kept(cycle: experiment.Cycle) -> tuple[bool, Row]:
        last = cycle.last
        if not cycle.failed:
            passed = [charge_passed(run.solution) for run in (last, cycle.charge)]
            doubts.append(doubts_of_cycle(stand.cell, *passed, gave))
            gave.append(passed[0])
        return last.failed, _ended(last)

    *_, (failed, ended) = yield from whole(many, kept)
    ended["Detail"] = "; ".join(filter(None, (ended["Detail"], *dict.fromkeys(doubts))))
    left = gave[-1] if len(gave) == count else 0.0
    mass = stand.cell.design.positive.mass_of_active * stand.cell.design.area
    first = gave[min(schedule.forming, len(gave) - 1)] if gave else 0.0
    return {
        "Retention": None if failed else left / first if first else 0.0,
        "Capacity [mA.h.g-1]": in_unit(first / mass, "mA.h.g-1"),
        "Last capacity [mA.h.g-1]": None if failed else in_unit(left / mass, "mA.h.g-1"),
        **in_columns({"Mean stack pressure [MPa]": schedule.mean(count)}),
        "Whole cycles": len(gave),
        **ended,
    }


def _areal(run: Segment, stand: Stand) -> float:
    passed = 0.0 if run.solution is None else charge_passed(run.solution)
    return in_unit(passed / stand.cell.design.area, "mA.h.cm-2")


def _after(run: Segment, names: Sequence[str]) -> list[float]:
    """Variables at the end."""
    return [float(value[0]) for value in read_last(run.solution, names).values()]


def _told(stand: Stand, run: Segment | None, before: Segment | None = None) -> Row:
    """What one run delivered; nothing at all after a charge ``before`` it that never began."""
    if run is None:
        zero = dict.fromkeys(DELIVERED, None if before.failed else 0.0)
        return {**zero, "Mean voltage [V]": None, **_ended(before, "the charge ")}
    design = stand.cell.design
    areal = _areal(run, stand)
    energy, contact = 0.0, []
    if run.solution is not None:
        delivered, *contact = _after(run, (ENERGY, *CONTACT.values()))
        at_first = float(read_at(run.solution, [ENERGY], 0)[ENERGY][0])
        energy = convert(abs(delivered - at_first) / design.area, "W.h.m-2", "mW.h.cm-2")
    row = {
        "Capacity [mA.h.g-1]": areal / design.positive.grams,
        "Capacity [mA.h.cm-2]": areal,
        "Energy [mW.h.cm-2]": energy,
        "Mean voltage [V]": energy / areal if areal else None,
    }
    if run.failed:
        row = dict.fromkeys(row)
    return {**row, **dict(zip(CONTACT, contact, strict=False)), **_ended(run, before=before)}


def _ended(run: Segment, what: str = "", before: Segment | None = None) -> Row:
    return {"Stopped by": f"{what}{run.ended}", "Detail": said_of(run, before)}


RUNS: dict[str, Callable[[Stand, Settings], Experiment[Row]]] = {
    "discharge": discharge,
    "from full": from_full,
    "charge": charge,
    "pulse": pulse,
    "cycles": cycles,
}


def rows_of(run: str, engine: Engine, stands: Sequence[Stand], settings: Settings) -> list[Row]:
    """A row of each point, all side by side; who is charged alike is charged once."""
    return together(engine, [RUNS[run](stand, settings) for stand in stands])


PASSED = (*DELIVERED, "Mean voltage [V]", *CONTACT)
OUTPUTS = {  # of each run; the first is what a map shows unless told
    "discharge": (*PASSED, "Charge capacity [mA.h.cm-2]"),
    "from full": PASSED,
    "charge": (*PASSED, "Plating margin [mV]"),
    "pulse": ("Resistance [Ohm.cm2]",),
    "cycles": ("Retention", "Capacity [mA.h.g-1]", "Last capacity [mA.h.g-1]", "Whole cycles"),
}


def check_run(run: Any) -> Any:
    """A name among RUNS, or a function of the user's."""
    if not callable(run) and run not in RUNS:
        raise InputError(f"no run '{run}' for a study. {nearest(str(run), RUNS)}")
    return run


def check_output(run: Any, output: str | None) -> str | None:
    """One of a run's outputs, its first if none is named; a user's own run may have any."""
    if callable(run):
        return output
    if output is not None and output not in OUTPUTS[run]:
        raise InputError(
            f"no output '{output}' of the run '{run}'. {nearest(output, OUTPUTS[run])}"
        )
    return output or OUTPUTS[run][0]
