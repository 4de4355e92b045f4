"""Energy per mass and volume of a cell as a product: layers, foils, pouch, holder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import pandas as pd

from ssb_model.cell.cell import Cell, load_cell
from ssb_model.errors import InputError, nearest
from ssb_model.parameters.entry import Entry
from ssb_model.quantities.checks import check_number, check_several
from ssb_model.quantities.typed import by_name
from ssb_model.quantities.units import convert, customary, in_columns, in_unit, named, split
from ssb_model.studies.packing import DENSITY, NONE, OF_THE_CELL, SPECIFIC, Packed, Packing
from ssb_model.studies.plan import planned
from ssb_model.studies.runs import Settings
from ssb_model.studies.workers import solved
from ssb_model.system.journals import PointJournal
from ssb_model.verbs import options as opt
from ssb_model.verbs.options import Option
from ssb_model.verbs.result import Tabled, text_table


def energy(
    cell: Cell | str | Path,
    layers: opt.Layers = 10,
    c_rate: Annotated[
        float | Sequence[float],
        Option(
            "of the discharge, {default} if left out",
            ("--rate", "--c-rate"),
            unit="C",
            default="0.1",
        ),
    ] = 0.1,
    stack_pressure: opt.StackPressures = None,
    holder: opt.HeldBy = "none",
    area: opt.PieceArea = None,
    own: opt.Own = None,
    price: Annotated[
        list[str] | None,
        Option(
            "of a material per kg in a currency of yours, as LPSCl=80; may be repeated; none is "
            "known of itself",
            metavar="NAME=VALUE",
        ),
    ] = None,
    charge_rate: opt.ChargeRate = None,
    temperature: opt.Temperature = None,
) -> EnergyResult:
    """Wh per kg and per litre of a cell packed as a product, under each stack pressure [Pa].

    So many ``layers`` lie on one another in a pouch, foils coated on both sides between them; the
    ``holder`` is as heavy as the pressure asks for. Energy is what the model delivers at a
    ``c_rate``, charged before at the same or at ``charge_rate``; mass and thickness follow from
    the recipe. Every number beside the recipe is assumed or literature, and replaced by ``own``:
    {"Pouch seal [mm]": 3}, or texts as the shell has them; ``price`` likewise, per kg.
    """
    cell = load_cell(cell)
    packing = Packing(layers, holder, area, by_name(own, "own"))
    over: dict[str, Any] = {"c_rate": check_several("C-rates", c_rate)}
    if stack_pressure is not None:
        over["stack_pressure"] = check_several("stack pressures", stack_pressure)
    held = {"c_rate": None, "stack_pressure": None, "temperature": temperature, "soc": 0.5}
    settings = Settings(charge_rate, packing=packing)
    plan, points = planned(cell, over, "discharge", held, settings)
    pressures = over.get("stack_pressure", [plan.conditions.get("stack_pressure")])
    packed = [packing.of(cell, p, plan.conditions["temperature"]) for p in pressures]
    for each in packed:  # what no holder holds is refused before the runs
        _ = each.holder
    prices = _priced(by_name(price, "price"), packed[0])
    with PointJournal(None, {}) as log:
        stopped = solved(plan, points, log, None, None)
        rows = [row for _, row in log.rows()]
    return EnergyResult(cell, packed, rows, prices, stopped)


def _priced(prices: Mapping[str, float], packed: Packed) -> dict[str, float]:
    """By the material's name as the parts have it."""
    known = {part.material.casefold(): part.material for part in packed.parts}
    found = {}
    for name, value in prices.items():
        if name.casefold() not in known:
            raise InputError(f"nothing of '{name}' is in it. {nearest(name, known.values())}")
        if check_number(f"the price of {name}", value) < 0:
            raise InputError(f"the price of {name} is not below 0.")
        found[known[name.casefold()]] = value
    return found


@dataclass(frozen=True, repr=False)
class EnergyResult(Tabled):
    """A row a stack pressure and C-rate; ``parts`` has one a part, ``numbers`` what was taken."""

    kind, index, rows_fail = "energy", "run", True
    told = tables = ("parts", "numbers")

    cell: Cell
    packed: list[Packed]  # one a pressure
    given: list[dict[str, Any]]  # by the runs
    prices: dict[str, float] = field(default_factory=dict)
    stopped: str = ""

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row a run, with the cost where there are prices."""
        return [row | self._cost(row) for row in self.given]

    def _cost(self, row: dict[str, Any]) -> dict[str, Any]:
        energy = row.get("Delivered energy [W.h]")
        if not self.prices or not energy:
            return {}
        packed = min(self.packed, key=lambda one: abs(_mpa(one) - row["Stack pressure [MPa]"]))
        cost = sum(self.prices.get(part.material, 0.0) * part.mass for part in packed.parts)
        return {"Cost per kWh": cost / convert(energy, "W.h", "kW.h")}

    @property
    def unpriced(self) -> list[str]:
        """Materials that cost nothing as nobody gave a price."""
        materials = dict.fromkeys(part.material for part in self.packed[0].parts)
        return [one for one in materials if one not in self.prices]

    @cached_property
    def parts(self) -> list[dict[str, Any]]:
        """Where the mass sits: one row a part, material and pressure."""
        rows = []
        for packed in self.packed:
            whole = sum(part.mass for part in packed.parts)
            rows += [
                {
                    **in_columns({"Stack pressure [MPa]": packed.pressure}),
                    "Part": part.name,
                    "Material": part.material,
                    **in_columns({"Mass [g]": part.mass}),
                    "Share of mass": part.mass / whole,
                }
                for part in packed.parts
            ]
        return rows

    @cached_property
    def numbers(self) -> list[dict[str, Any]]:
        """Every number beside the recipe: value, unit, class, source."""
        return [_number(entry) for entry in self.packed[0].how.entries.values()]

    @property
    def payload(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        return {**super().payload, "prices per kg": self.prices}

    def plot(self):
        """Where the mass sits, and energy per mass with and without the holder."""
        from ssb_model.figures.design import plot_energy

        return plot_energy(self.title, self.table, pd.DataFrame(self.parts), self.words)

    @property
    def words(self) -> str:
        """What is packed, for a reader."""
        how = self.packed[0].how
        width, height = (in_unit(one, "mm") for one in self.packed[0].size)
        held = "no holder counted" if how.holder == NONE else f"held by {how.holder}"
        plural = "layer" if how.layers == 1 else "layers"
        return f"{how.layers} {plural} of {width:.3g} x {height:.3g} mm in a pouch, {held}"

    @property
    def text(self) -> str:
        """What each run gives per mass and volume, and where the mass sits."""
        lines = self.head(f"Product    {self.words}")
        names = {"MPa": "Stack pressure [MPa]", "C-rate": "C-rate", "Wh": "Delivered energy [W.h]"}
        names |= {"Wh/kg": SPECIFIC, "Wh/L": DENSITY}
        if self.packed[0].how.holder != NONE:
            names |= {"bare Wh/kg": OF_THE_CELL[SPECIFIC], "bare Wh/L": OF_THE_CELL[DENSITY]}
        names |= {"g": "Mass [g]", "mm": "Cell thickness [mm]", "cost/kWh": "Cost per kWh"}
        names |= {"stopped by": "Stopped by"}
        if self.rows:
            lines += ["", text_table(self.rows, names)]
        first = [row for row in self.parts if row["Stack pressure [MPa]"] == _mpa(self.packed[0])]
        heads = {"part": "Part", "material": "Material", "g": "Mass [g]"}
        shown = [{h: row[k] for h, k in heads.items()} for row in first]
        for one, row in zip(shown, first, strict=True):
            one["% of mass"] = 100 * row["Share of mass"]
        lines += ["", f"At {_mpa(self.packed[0]):g} MPa", text_table(shown)]
        if self.prices:
            lines += ["", f"Without a price: {', '.join(self.unpriced) or 'nothing'}"]
        assumed = sum(row["class"] == "assumed" for row in self.numbers)
        lines += [
            "",
            f"Beside the recipe {len(self.numbers)} numbers, {assumed} of them assumed, in "
            f"{self.stem}.numbers.csv; --own puts yours in their place.",
        ]
        return "\n".join(lines)


def _mpa(packed: Packed) -> float:
    return in_unit(packed.pressure, "MPa")


def _number(entry: Entry) -> dict[str, Any]:
    base, of = split(entry.name)
    unit = {"kg.m-3": "g.cm-3", "kg.mol-1": "g.mol-1", "kg.m-2": "g.m-2"}.get(of, customary(of))
    limits = entry.range and [in_unit(one, unit) for one in entry.range]
    return {
        "number": named(base, unit),
        "value": in_unit(entry.value, unit),
        "class": entry.kind,
        "range": "" if not limits else "{:.4g} .. {:.4g}".format(*limits),
        "source": entry.source,
    }
