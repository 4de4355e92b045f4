"""What a study runs at each of its points, by name: many at once, one row of numbers each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ssb_model.engine.outcome import StoppedBy
from ssb_model.engine.rack import Rack
from ssb_model.errors import InputError, nearest
from ssb_model.quantities.checks import check_positive, check_whole
from ssb_model.studies.stand import ENERGY, Stand, Stretch, stretches

CONTACT = {
    f"contact_{domain}": f"X-averaged {domain} electrode contact fraction"
    for domain in ("positive", "negative")
}
DELIVERED = ("capacity_mAh_g", "capacity_mAh_cm2", "energy_mWh_cm2")
PLATING = "Minimum lithium plating margin [V]"
NEXT_TO_NOTHING = 1e-6  # of a current: at rest, and solved
Row = dict[str, Any]


@dataclass(frozen=True)
class Settings:
    """What a run takes beside the conditions of its point."""

    charge_rate: float | None = None  # as the discharge if not given
    cycles: int = 100
    seconds: float = 10.0  # of a pulse

    def __post_init__(self):
        if self.charge_rate is not None:
            check_positive("the charge rate", self.charge_rate)
        check_whole("the number of cycles", self.cycles, least=2)
        check_positive("the length of a pulse in seconds", self.seconds)

    def charge(self, stand: Stand) -> float:
        """C-rate of the charge before a discharge."""
        return stand.c_rate if self.charge_rate is None else self.charge_rate


def discharge(rack: Rack, stands: Sequence[Stand], settings: Settings) -> list[Row]:
    """Charged from rest at 0 %, then discharged; who is charged alike is charged once."""
    kinds = {_charged(stand, settings): stand for stand in stands}
    slots = [stand.slot(rack, -settings.charge(stand)) for stand in kinds.values()]
    done = dict(zip(kinds, stretches(rack, slots), strict=True))
    charges = [done[_charged(stand, settings)] for stand in stands]
    runs = _after(rack, stands, charges)
    return [
        {**_told(stand, run, never=before), "charge_capacity_mAh_cm2": _areal(before, stand)}
        for stand, before, run in zip(stands, charges, runs, strict=True)
    ]


def from_full(rack: Rack, stands: Sequence[Stand], settings: Settings) -> list[Row]:
    """Discharged from rest at 100 %."""
    runs = stretches(rack, [stand.slot(rack, stand.c_rate, soc=1.0) for stand in stands])
    return [_told(stand, run) for stand, run in zip(stands, runs, strict=True)]


def charge(rack: Rack, stands: Sequence[Stand], settings: Settings) -> list[Row]:
    """Charged from rest at 0 %; with the least margin against lithium plating."""
    runs = stretches(rack, [stand.slot(rack, -stand.c_rate) for stand in stands])
    rows = []
    for stand, run in zip(stands, runs, strict=True):
        row = _told(stand, run)
        if "negative" in stand.cell.model_options.porous:
            row["plating_margin_mV"] = 1e3 * run.least(PLATING) if run.began else None
        rows.append(row)
    return rows


def pulse(rack: Rack, stands: Sequence[Stand], settings: Settings) -> list[Row]:
    """A short discharge from rest at a state of charge: voltage lost over current."""
    slots = [
        stand.slot(rack, stand.c_rate, soc=stand.soc, longest=settings.seconds) for stand in stands
    ]
    rests = [slot._replace(current=NEXT_TO_NOTHING * slot.current, longest=1e-3) for slot in slots]
    rows = []
    pairs = zip(stands, stretches(rack, rests), stretches(rack, slots), strict=True)
    for stand, rest, run in pairs:
        row: Row = {"resistance_Ohm_cm2": None, **_ended(run)}
        if rest.sound and run.sound and run.segment.stopped_by is StoppedBy.TIME:
            lost = rest.after(["Voltage [V]"])[0] - run.after(["Voltage [V]"])[0]
            area = 1e4 * stand.cell.design.area
            row["resistance_Ohm_cm2"] = float(lost / run.slot.current * area)
        rows.append(row)
    return rows


def cycles(rack: Rack, stands: Sequence[Stand], settings: Settings) -> list[Row]:
    """Charged and discharged many times at constant current; retention against the first."""
    given: list[list[float]] = [[] for _ in stands]
    last: list[Stretch | None] = [None] * len(stands)
    state: dict[int, Any] = dict.fromkeys(range(len(stands)))
    for _ in range(settings.cycles):
        for sign in (-1, 1):
            slots = [
                stands[k].slot(rack, sign * _rate(sign, stands[k], settings), start=start)
                for k, start in state.items()
            ]
            runs = dict(zip(state, stretches(rack, slots), strict=True))
            last = [runs.get(k, before) for k, before in enumerate(last)]
            state = {k: run.state for k, run in runs.items() if run.sound}
        for k in state:
            given[k].append(last[k].charge)
    rows = []
    for stand, charges, run in zip(stands, given, last, strict=True):
        left = charges[-1] if len(charges) == settings.cycles else 0.0
        grams = 0.1 * stand.cell.design.positive.mass_of_active * stand.cell.design.area * 1e4
        rows.append(
            {
                "retention": None if run.failed else left / charges[0] if charges else 0.0,
                "capacity_mAh_g": charges[0] / 3.6 / grams if charges else 0.0,
                "whole_cycles": len(charges),
                **_ended(run),
            }
        )
    return rows


def _charged(stand: Stand, settings: Settings) -> tuple:
    """What a charge follows from."""
    return id(stand.cell), settings.charge(stand), stand.stack_pressure, stand.temperature


def _rate(sign: int, stand: Stand, settings: Settings) -> float:
    return stand.c_rate if sign > 0 else settings.charge(stand)


def _after(rack: Rack, stands: Sequence[Stand], befores: Sequence[Stretch]) -> list[Stretch | None]:
    """Discharges from where charges ended, none where a charge never began."""
    which = [k for k, before in enumerate(befores) if before.sound]
    slots = [stands[k].slot(rack, stands[k].c_rate, start=befores[k].state) for k in which]
    runs = dict(zip(which, stretches(rack, slots), strict=True))
    return [runs.get(k) for k in range(len(stands))]


def _areal(run: Stretch, stand: Stand) -> float:
    return run.charge / stand.cell.design.area / 3.6e4


def _told(stand: Stand, run: Stretch | None, never: Stretch | None = None) -> Row:
    """What one stretch delivered; nothing at all after a charge that never began."""
    if run is None:
        zero = dict.fromkeys(DELIVERED, None if never.failed else 0.0)
        return {**zero, "mean_voltage_V": None, **_ended(never, "the charge ")}
    design = stand.cell.design
    areal = _areal(run, stand)
    energy, contact = 0.0, []
    if run.began:
        delivered, *contact = run.after((ENERGY, *CONTACT.values()))
        energy = abs(delivered - run.energy_before) / design.area / 10
    row = {
        "capacity_mAh_g": areal / (0.1 * design.positive.mass_of_active),
        "capacity_mAh_cm2": areal,
        "energy_mWh_cm2": energy,
        "mean_voltage_V": energy / areal if areal else None,
    }
    if run.failed:
        row = dict.fromkeys(row)
    return {**row, **dict(zip(CONTACT, contact, strict=False)), **_ended(run)}


def _ended(run: Stretch, what: str = "") -> Row:
    stopped = str(run.segment.stopped_by)
    if not run.began:
        stopped = f"{what}never began: {stopped}"
    return {"stopped_by": stopped, "detail": run.segment.detail}


RUNS: dict[str, Callable[[Rack, Sequence[Stand], Settings], list[Row]]] = {
    "discharge": discharge,
    "from full": from_full,
    "charge": charge,
    "pulse": pulse,
    "cycles": cycles,
}
PASSED = (*DELIVERED, "mean_voltage_V", *CONTACT)
OUTPUTS = {  # of each run; the first is what a map shows unless told
    "discharge": (*PASSED, "charge_capacity_mAh_cm2"),
    "from full": PASSED,
    "charge": (*PASSED, "plating_margin_mV"),
    "pulse": ("resistance_Ohm_cm2",),
    "cycles": ("retention", "capacity_mAh_g", "whole_cycles"),
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
