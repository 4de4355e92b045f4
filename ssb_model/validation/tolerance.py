"""How far a model may be from a measurement, and how far measurements are from each other."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from ssb_model.errors import InputError

PATTERN = re.compile(r"(factor\s+)?([0-9.]+(?:e-?\d+)?)\s*(\S.*)?")


@dataclass(frozen=True)
class Tolerance:
    """ "10 mAh/g" either way, "35 %" of the measured value, or "factor 2" up or down.

    A target in per cent takes "15 points" either way.
    """

    text: str
    amount: float
    kind: str  # "absolute", "relative" or "factor"

    @classmethod
    def read(cls, text: str, unit: str, where: str) -> Tolerance:
        """From what a case says; an absolute one carries the unit of its target."""
        found = PATTERN.fullmatch(text.strip()) if isinstance(text, str) else None
        if found is None:
            raise InputError(f'{where}: write "35 %", "factor 2" or "10 {unit}", not {text!r}.')
        factor, number, rest = found.groups()
        amount = float(number)
        if factor and not rest and amount > 1:
            return cls(text, amount, "factor")
        if not factor and rest == "%":
            return cls(text, amount / 100, "relative")
        if not factor and (rest or "") == ("points" if unit == "%" else unit):
            return cls(text, amount, "absolute")
        raise InputError(f'{where}: write "35 %", "factor 2" or "10 {unit}", not "{text}".')

    def holds(self, model: float, measured: float) -> bool:
        """Whether the model is as near as that."""
        rounding = 1 + 1e-12
        if self.kind == "absolute":
            return abs(model - measured) <= self.amount * rounding
        if self.kind == "relative":
            return abs(model - measured) <= self.amount * abs(measured) * rounding
        if model * measured <= 0:
            return False
        return abs(math.log(model / measured)) <= math.log(self.amount) * rounding


def error_words(model: float, measured: float, tolerance: Tolerance, unit: str) -> str:
    """The error, told as the tolerance is."""
    if tolerance.kind == "absolute" or measured == 0:
        return f"{model - measured:+.3g} {'points' if unit == '%' else unit}".rstrip()
    if tolerance.kind == "factor" and model / measured > 0:
        return f"× {model / measured:.3g}"
    return f"{100 * (model / measured - 1):+.3g} %"
