"""Text written by Neware's data analyser: flat, or cycles, steps and records under one another."""

from __future__ import annotations

from collections.abc import Sequence

from ssb_model.errors import InputError
from ssb_model.measured.headings import Measurand, canonical, translated
from ssb_model.measured.maker import Lines, Maker
from ssb_model.measured.sheet import Sheet, separator_of, split

OURS = {  # in Chinese
    "循环号": "Cycle Index",
    "循环序号": "Cycle Index",
    "工步号": "Step Index",
    "工步序号": "Step Index",
    "工步类型": "Step Type",
    "工步名称": "Step Type",
    "状态": "State",
    "数据序号": "DataPoint",
    "记录序号": "Record ID",
    "时间": "Time",
    "相对时间": "Relative Time",
    "测试时间": "Test Time",
    "总时间": "Total Time",
    "累计时间": "Total Time",
    "电压": "Voltage",
    "电流": "Current",
    "容量": "Capacity",
    "温度": "Temperature",
    "压力": "Pressure",
}
CYCLES = ("cycle id", "cycle index", "cycle")
STEPS = ("step id", "step index", "steps", "step")
RECORDS = ("record id", "datapoint", "record index", "record number")
TYPES = ("step type", "step name", "status", "state")
LAYERS = (CYCLES, STEPS, RECORDS)


class Neware(Maker):
    """Step types beside currents of either sign; clock times that start anew with every step."""

    name = "Neware"
    known_by = (
        ("step type", "record id", "datapoint", "record number", "record index"),
        ("step type", *CYCLES, *STEPS),
    )
    holds = "record"
    columns = OURS
    positive_on = "charge"
    step_types = TYPES
    charging = ("chg", "charge", "充电", "c")
    discharging = ("dchg", "disch", "放电", "d")
    anew_with = (*CYCLES, *STEPS, *TYPES)

    @classmethod
    def opens(cls, lines: Lines) -> bool:
        """Whether cycles, steps and records stand indented under one another."""
        if len(lines) < 3:
            return False
        heads, _ = split(lines[:3], separator_of(lines[1][1]))
        return all(
            len(head) > depth
            and not any(cell.strip() for cell in head[:depth])
            and canonical(translated(head[depth], cls.words())) in LAYERS[depth]
            for depth, head in enumerate(heads)
        )

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """All of a layered export."""
        return lines

    @classmethod
    def table(cls, source: str, body: Lines) -> Sheet:
        """Records of a layered export, flat, with cycle, step and step type before them."""
        separator = separator_of(body[1][1])
        rows, places = split(body, separator)
        rows = [[cell.strip() for cell in row] for row in rows]
        heads = rows[:3]
        step_head, record_head = map(cls.names, heads[1:])
        types = [at for at, name in enumerate(step_head) if canonical(name) in TYPES]
        flat, kept = [], []
        cycle = step = kind = ""
        for row, place in zip(rows[3:], places[3:], strict=True):
            if row in heads:
                continue
            if row[0]:
                cycle = row[0]
            elif len(row) > 1 and row[1]:
                step = row[1]
                kind = row[types[0]] if types and len(row) > types[0] else ""
            else:
                flat.append([cycle, step, kind, *row[2:]])
                kept.append(place)
        if not flat:
            raise InputError(
                f"{source}: no records under the cycles; export the record layer as well."
            )
        headings = ["Cycle Index", "Step Index", "Step Type", *record_head[2:]]
        return Sheet(source, headings, flat, kept, separator != ",")
