"""A parameter to be found: what it is called, where it may lie, how it is scaled."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

from ssb_model.cell.cell import Cell
from ssb_model.errors import InputError, nearest
from ssb_model.parameters.catalogue import check_value
from ssb_model.parameters.declared import declared, full_name
from ssb_model.quantities.checks import check_number
from ssb_model.quantities.units import split
from ssb_model.studies.axes import Changed, Choice, Recipe, axis_of

BY_DEFAULT = 100.0  # times the value, either way, where no range is declared
DECADES_APART = 2.0  # high over low from which on a parameter is scaled by its logarithm
INSIDE = 0.01  # of the width between the bounds: no search starts nearer to one
TAIL = 1.645  # standard deviations: a declared range holds 90 %
SPEC = ("start", "low", "high", "scale", "prior", "own")
Spec = None | Sequence[float] | Mapping[str, Any]


@dataclass(frozen=True)
class Free:
    """A free parameter in SI; ``sample`` names the cell it belongs to alone, none if shared."""

    axis: Changed
    start: float
    low: float
    high: float
    logarithmic: bool
    prior: tuple[float, float] | None = None  # mean and standard deviation, scaled
    sample: str | None = None

    @property
    def name(self) -> str:
        return self.axis.name

    @property
    def label(self) -> str:
        return self.name if self.sample is None else f"{self.name} ({self.sample})"

    @property
    def unit(self) -> str:
        return "m" if self.name == "grain_size" else split(self.name)[1]

    def is_of(self, sample: str | None) -> bool:
        """Whether it belongs to the cell of a sample."""
        return self.sample is None or self.sample == sample

    def scaled(self, value: float) -> float:
        """The coordinate of a value."""
        return math.log(value) if self.logarithmic else value / (self.high - self.low)

    def value(self, x: float) -> float:
        """The value at a coordinate, within the bounds."""
        value = math.exp(x) if self.logarithmic else x * (self.high - self.low)
        return float(min(max(value, self.low), self.high))

    def spread(self, x: float, deviations: float) -> float:
        """The value so far from a coordinate, the bounds left aside."""
        moved = x + deviations
        if self.logarithmic:
            return math.exp(moved) if moved < 700 else math.inf
        return moved * (self.high - self.low)


def values_of(free: Sequence[Free], x: Sequence[float], sample: str | None) -> dict[Changed, float]:
    """What a point sets of the cell of a sample."""
    return {one.axis: one.value(at) for one, at in zip(free, x, strict=True) if one.is_of(sample)}


def free_parameters(
    cell: Cell, vary: Iterable[str] | Mapping[str, Spec], samples: Sequence[str] = ()
) -> tuple[Free, ...]:
    """What ``vary`` names; one for each of ``samples`` where a parameter is their own.

    Of a name a value may say (low, high), or more by the keys start, low, high, scale ("log" or
    "linear"), prior ("declared", or mean and standard deviation) and own (true or false).
    """
    if isinstance(vary, str):
        vary = [vary]
    if not isinstance(vary, Iterable):
        raise InputError(f"what to vary is a list of names, not {vary!r}.")
    vary = vary if isinstance(vary, Mapping) else list(vary)
    for name in vary:
        if not isinstance(name, str):
            raise InputError(f"what to vary has a name in quotes, not {name!r}.")
    specs = dict(vary) if isinstance(vary, Mapping) else dict.fromkeys(vary)
    if not specs:
        raise InputError("name at least one parameter to vary.")
    made: list[Free] = []
    taken: dict[str, str] = {}
    for name, spec in specs.items():
        one, own = _free(cell, name, spec)
        for target in one.axis.names(cell):
            if target in taken:
                raise InputError(
                    f"'{taken[target]}' and '{name}' vary the same '{target}': leave out one."
                )
            taken[target] = name
        if own and not samples:
            raise InputError(
                f"'{name}' is to be each sample's own, but no data set names its sample: give "
                'sample="cell 1" and so on.'
            )
        made += [replace(one, sample=sample) for sample in samples] if own else [one]
    return tuple(made)


def _free(cell: Cell, name: str, spec: Spec) -> tuple[Free, bool]:
    axis = axis_of(cell, name)
    if not isinstance(axis, Changed) or isinstance(axis, Choice):
        raise InputError(f"'{name}' is set by each data set or is no number: it cannot be varied.")
    if isinstance(axis, Recipe):
        full = full_name(declared(cell.design.file), name)
        if split(name)[1] not in ("1", split(full)[1]):
            raise InputError(f"vary '{name}' in SI, as '{full}': its bounds are then in SI too.")
        axis = Recipe(full, full)
    given = _given(name, spec)
    here, limits = _declared(cell, axis)
    start = check_number(f"the start of '{name}'", given.get("start", here))
    low, high = _bounds(name, start, limits, given)
    if "start" not in given and not low <= start <= high:
        start = math.sqrt(low * high) if low > 0 else (low + high) / 2
    if not low <= start <= high:
        raise InputError(
            f"'{name}' starts at {start:g}, outside its bounds {low:g} to {high:g}: give a start "
            "within them, or wider bounds."
        )
    axis.check(cell, start)
    for limit in (low, high):
        if limit:
            axis.check(cell, limit)
    logarithmic = _logarithmic(name, low, high, given.get("scale"))
    one = Free(axis, start, low, high, logarithmic)
    prior = _prior(one, given.get("prior"), here, limits)
    return replace(one, prior=prior), bool(given.get("own", False))


def _given(name: str, spec: Spec) -> dict[str, Any]:
    if spec is None:
        return {}
    if isinstance(spec, Mapping):
        for key in spec:
            if key not in SPEC:
                raise InputError(f"'{name}', {key}: unknown key. {nearest(key, SPEC)}")
        return dict(spec)
    if not isinstance(spec, Sequence) or isinstance(spec, str) or len(spec) != 2:
        raise InputError(f"'{name}': give its bounds as (low, high), not {spec!r}.")
    return {"low": spec[0], "high": spec[1]}


def _declared(cell: Cell, axis: Changed) -> tuple[float, tuple[float, float] | None]:
    """The number a parameter has, and the range its file declares."""
    name = axis.names(cell)[0]
    if name in cell.entries:
        value, limits = cell.describe(name), cell.entries[name].range
    else:
        entry = declared(cell.design.file)[name]
        value, limits = entry.value, entry.range
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(f"'{axis.name}' is no number: it cannot be varied.")
    return float(value), limits


def _bounds(name: str, start: float, limits, given: dict[str, Any]) -> tuple[float, float]:
    """Those given, else of the declared range, else far either way."""
    if limits is None and start <= 0 and not {"low", "high"} <= set(given):
        raise InputError(f"'{name}' declares no range and starts at {start:g}: give (low, high).")
    low, high = limits or (start / BY_DEFAULT, start * BY_DEFAULT)
    if limits is None:
        try:
            check_value(name, high)
        except InputError:  # a share
            high = 1.0
    low = check_number(f"the low bound of '{name}'", given.get("low", low))
    high = check_number(f"the high bound of '{name}'", given.get("high", high))
    if not low < high:
        raise InputError(f"'{name}': the low bound {low:g} is not below the high one {high:g}.")
    return low, high


def _logarithmic(name: str, low: float, high: float, scale: str | None) -> bool:
    if scale not in (None, "log", "linear"):
        raise InputError(f"'{name}': the scale is 'log' or 'linear', not {scale!r}.")
    if scale == "log" and low <= 0:
        raise InputError(f"'{name}': a logarithmic scale needs bounds above 0, not {low:g}.")
    return scale == "log" or (scale is None and low > 0 and high / low >= DECADES_APART)


def _prior(one: Free, prior: Any, here: float, limits) -> tuple[float, float] | None:
    if prior is None or prior == "flat":
        return None
    if prior == "declared":
        if limits is None:
            raise InputError(f"'{one.name}' declares no range to take a prior from.")
        low, high = (max(limit, one.low) for limit in limits)
        return one.scaled(here), (one.scaled(high) - one.scaled(low)) / (2 * TAIL)
    pair = isinstance(prior, Sequence) and not isinstance(prior, str) and len(prior) == 2
    if not pair or not prior[1] > 0 or (one.logarithmic and not prior[0] > 0):
        raise InputError(
            f"'{one.name}': a prior is 'declared', 'flat' or [mean, standard deviation]."
        )
    mean, deviation = prior
    width = deviation / mean if one.logarithmic else deviation / (one.high - one.low)
    return one.scaled(mean), width
