"""What changed an interface, as a table, a sentence and a figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ssb_model.analysis import diagnosis
from ssb_model.analysis.interface_states import State
from ssb_model.cell.cell import Cell
from ssb_model.verbs.result import Result, text_table

ALL = "all readings"
AREA = "area"  # contact and material together, beside interphase
WORDS = {
    "contact": "contact",
    "interphase": "interphase",
    "material": "material",
    AREA: "area (both)",
}
LOST = {  # part: as a reader has it, of a resistance that it raised
    "contact": "contact lost",
    "interphase": "interphase grown",
    "material": "material cut off",
}
HOW = {  # a further measurement: how it is done
    "capacitance": "the capacitance of the same arc at both, one circuit and one exponent",
    "slow capacity": "a discharge at C/20 or slower at both",
    "press, hold, spectrum": "press the aged cell, hold it as before, and take the spectrum again",
}


@dataclass(frozen=True, repr=False)
class DiagnosisResult(Result):
    """What changed from the first state to each later one."""

    kind = "diagnose"

    cell: Cell | None
    states: list[State]
    found: list[diagnosis.Diagnosis]
    notes: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The cell, where one was named."""
        return "Contact or chemistry?" if self.cell is None else self.cell.title

    @cached_property
    def by_reading(self) -> list[dict[str, diagnosis.Diagnosis]]:
        """Of each change what all readings say together, and each alone where they differ."""
        return [
            {
                ALL: one,
                **(
                    diagnosis.by_each_reading(one.change) if len(one.change.capacitance) > 1 else {}
                ),
            }
            for one in self.found
        ]

    @cached_property
    def further(self) -> list[dict[str, Any]]:
        """What a further measurement is expected to leave of the intervals of the last change."""
        last = self.found[-1]
        return [
            {
                "Measurement": name,
                "Expected width": expected.width,
                "Decides": expected.decides,
                "Detail": HOW[name],
            }
            for name, expected in diagnosis.further(last).items()
        ]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """A row per change, reading of the capacitance and part; area is contact and material."""
        return [
            {
                "From": self.states[0].label,
                "To": state.label,
                **_ratios(one),
                "Reading": reading,
                "Part": part,
                **_numbers(one, part),
            }
            for state, changes in zip(self.states[1:], self.by_reading, strict=True)
            for reading, one in changes.items()
            for part in (*diagnosis.PARTS, AREA)
        ]

    @property
    def data(self):
        """The rows as arrays."""
        return self.table.to_xarray()

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {
            "cell": None if self.cell is None else self.cell.name,
            "kind": self.kind,
            "stopped": self.stopped,
            "answers": [answer(one) for one in self.found],
            "further": self.further,
            "notes": self.notes,
            "rows": self.rows,
        }

    def plot(self):
        """Shares of each change, and their intervals; returns the figure."""
        from ssb_model.figures.resistances import plot_diagnosis

        return plot_diagnosis(self.title, self.rows, self.further, answer(self.found[-1]))

    @property
    def text(self) -> str:
        """What changed, the answer, the parts with intervals, what would tell more."""
        lines = self.head(*self.notes)
        for state, one, changes in zip(self.states[1:], self.found, self.by_reading, strict=True):
            lines += ["", f"From {self.states[0].label} to {state.label}: {_changed(one)}"]
            lines += [answer(one), ""]
            table = [_shown(reading, each) for reading, each in changes.items()]
            lines.append(text_table(table))
        lines += [
            "",
            "Shares of the change as mean and 90 % interval, factors on the resistance as median;",
            "area: contact and material together, beside interphase",
        ]
        width = 100 * self.found[-1].width
        lines += ["", f"What would tell more (intervals are {width:.0f} % wide on average now)"]
        lines += [
            f"  {one['Measurement']}: {100 * one['Expected width']:.0f} % wide, decides in "
            f"{100 * one['Decides']:.0f} % of its outcomes; {one['Detail']}"
            for one in self.further
        ] or ["  nothing more of what was thought of: all of it is given"]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, {len(self.rows)} rows>"


def answer(of: diagnosis.Diagnosis) -> str:
    """The sentence a reader takes with them."""
    change = of.change
    if change.capacity is not None and change.capacity < -3 * change.error("capacity"):
        return (
            "The slow capacity rose, and material that is cut off does not come back: compare "
            "with a state after the forming cycles."
        )
    if of.contradicts:
        return (
            f"These numbers contradict one another by {of.contradiction:.1f} standard deviations "
            "whatever the mixture: see that they are of one arc, one state of charge and one "
            "temperature."
        )
    if not of.is_change:
        return "Nothing changed beyond the errors."
    part = max(of.most, key=of.most.get)
    if of.decided:
        low, high = (100 * end for end in diagnosis.interval(of.shares[part]))
        return f"{_way(of, part).capitalize()}: {low:.0f} to {high:.0f} % of the change."
    chemistry = float(np.mean(of.area < 0.5))
    sure = max(chemistry, 1 - chemistry)
    gained = np.median(of.parts["contact"] + of.parts["material"]) < 0
    area = "area gained" if gained else "area lost, contact or material"
    kind = "interphase" if chemistry > 0.5 else area
    alone = not change.capacitance and change.pressed is None and change.aged
    if not alone and sure >= diagnosis.LIKELY:
        most = of.area if chemistry < 0.5 else 1 - of.area
        low, high = (100 * end for end in diagnosis.interval(most))
        first = kind.capitalize() if sure >= diagnosis.DECIDED else f"Probably {kind}"
        also = ""
        if change.capacity is None and chemistry < 0.5 and not gained:
            also = "; which of the two, a slow capacity would tell"
        return f"{first}: {low:.0f} to {high:.0f} % of the change{also}."
    by = " by a resistance without its capacitance" if alone else ""
    return f"Contact and chemistry cannot be told apart{by}."


def _way(of: diagnosis.Diagnosis, part: str) -> str:
    """ "contact lost", or gained: the only one that goes both ways."""
    return LOST[part] if np.median(of.parts[part]) >= 0 else "contact gained"


def _ratios(of: diagnosis.Diagnosis) -> dict[str, float | None]:
    """What changed, as ratios of after to before."""
    change = of.change
    seen = list(change.capacitance.values())
    return {
        "Resistance ratio": float(np.exp(change.resistance)),
        "Capacitance ratio": float(np.exp(-np.mean(seen))) if seen else None,
        "Slow capacity ratio": None if change.capacity is None else float(np.exp(-change.capacity)),
    }


def _numbers(of: diagnosis.Diagnosis, part: str) -> dict[str, float]:
    if part == AREA:
        shares, factors = of.area, np.exp(of.parts["contact"] + of.parts["material"])
    else:
        shares, factors = of.shares[part], np.exp(of.parts[part])
    low, high = diagnosis.interval(shares)
    least, most = diagnosis.interval(factors)
    return {
        "Share": float(shares.mean()),
        "Share low": low,
        "Share high": high,
        "Factor": float(np.median(factors)),
        "Factor low": least,
        "Factor high": most,
        "Most of the change": float(np.mean(shares > 0.5)),
    }


def _changed(of: diagnosis.Diagnosis) -> str:
    """ "R x2.61; C x0.70 (Hsu-Mansfeld), x0.50 (Brug)"."""
    change = of.change
    words = [f"R x{np.exp(change.resistance):.3g}"]
    if change.capacitance:
        named = len(change.capacitance) > 1
        seen = [
            f"x{np.exp(-value):.3g}" + (f" ({name})" if named else "")
            for name, value in change.capacitance.items()
        ]
        words.append(f"C {', '.join(seen)}")
    if change.capacity is not None:
        words.append(f"slow capacity x{np.exp(-change.capacity):.3g}")
    if change.pressed is not None:
        words.append(f"R x{np.exp(-change.pressed):.3g} by pressing")
    return "; ".join(words)


def _shown(reading: str, of: diagnosis.Diagnosis) -> dict[str, str]:
    """A line of the table: each part's share and factor."""
    line = {"capacitance by": reading if of.change.capacitance else "none read"}
    for part in (*diagnosis.PARTS, AREA):
        n = _numbers(of, part)
        ends = f"{100 * n['Share low']:.0f} to {100 * n['Share high']:.0f}"
        line[WORDS[part]] = f"{100 * n['Share']:.0f} % ({ends}), x{n['Factor']:.2f}"
    return line
