"""Files as cyclers and impedance analysers write them, made from public descriptions of formats.

All numbers are simulated: two cycles of an invented cell of about 3 mAh, and an invented spectrum.
``RECORDS`` and ``SPECTRA`` hold files that must be read right, ``REFUSED`` those that must not,
with the reason. Layouts follow the public documentation of each maker, of the Battery Data Format
and of readers that are published under free licences; no file of anybody's is copied.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

CURRENT, REST = 2e-3, 600.0  # A, s
EVERY = 60.0  # s between rows


@dataclass(frozen=True)
class Row:
    """One moment of the simulated test; current positive on discharge."""

    n: int
    cycle: int
    step: int
    kind: str
    time: float
    step_time: float
    current: float
    voltage: float
    charge: float  # Ah since the step began
    charged: float  # Ah since the cycle began, into the cell
    discharged: float
    temperature: float = 25.0
    pressure: float = 5.0  # MPa

    @property
    def day(self) -> str:
        seconds = int(self.time)
        day, rest = divmod(seconds + 9 * 3600, 86400)
        return f"2025-03-{17 + day:02d} {rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"


def simulated() -> list[Row]:
    """Two cycles of rest, charge, rest and discharge."""
    rows: list[Row] = []
    time, soc, capacity, step = 0.0, 0.1, 3e-3, 0
    for cycle in (1, 2):
        charged = discharged = 0.0
        for kind, way, seconds in (
            ("rest", 0, REST),
            ("charge", -1, 4200.0),
            ("rest", 0, REST),
            ("discharge", 1, 3900.0 - 300 * cycle),
        ):
            step += 1
            since = np.arange(0.0, seconds + EVERY / 2, EVERY)
            for moment in since:
                passed = abs(way) * CURRENT * moment / 3600
                here = soc - way * passed / capacity
                volts = 3.4 + 0.8 * here + 0.02 * np.tanh((here - 0.05) * 30) - 15.0 * way * CURRENT
                rows.append(
                    Row(
                        len(rows) + 1,
                        cycle,
                        step,
                        kind,
                        time + moment,
                        moment,
                        way * CURRENT,
                        round(float(volts), 6),
                        passed,
                        charged + (passed if way < 0 else 0.0),
                        discharged + (passed if way > 0 else 0.0),
                        25.0 + 0.1 * abs(way),
                        5.0 + 0.4 * here,
                    )
                )
            time, soc = time + seconds, soc - way * CURRENT * seconds / 3600 / capacity
            charged, discharged = rows[-1].charged, rows[-1].discharged
    return rows


ROWS = simulated()
F = np.logspace(5, -1, 31)
Z = 12 + 40 / (1 + 2j * np.pi * F * 40 * 1e-6) + 90 / (1 + (2j * np.pi * F * 90 * 1e-3) ** 0.9)


@dataclass(frozen=True)
class File:
    """A file by name and bytes, whose it is told to be, and what it has."""

    name: str
    maker: str
    data: bytes
    has: tuple[str, ...] = ("Cycle",)
    units: tuple[tuple[str, str], ...] = ()
    says: str = ""  # of a refusal


def clock(seconds: float, days: str = "") -> str:
    """h:mm:ss, with the days before where a text parts them."""
    whole = int(seconds)
    day, hours = (whole // 86400, whole // 3600 % 24) if days else (0, whole // 3600)
    front = f"{day}{days}" if days else ""
    return f"{front}{hours:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def text(
    head: str,
    cells: Callable[[Row], Iterable[object]],
    mark: str = ",",
    above: str = "",
    encoding: str = "utf-8",
    decimal: str = ".",
    end: str = "\n",
    rows: Iterable[Row] | None = None,
) -> bytes:
    """A table under a heading, cells parted by ``mark``."""
    lines = [mark.join(_cell(cell, decimal) for cell in cells(row)) for row in rows or ROWS]
    return (above + end.join([head, *lines]) + end).encode(encoding)


def _cell(value: object, decimal: str) -> str:
    return f"{value:.9g}".replace(".", decimal) if isinstance(value, float) else str(value)


def workbook(sheets: dict[str, list[tuple]]) -> bytes:
    """A workbook out of rows by sheet; nothing where its reader is not installed."""
    try:
        import openpyxl
    except ImportError:
        return b""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def words(row: Row, rest: str, charge: str, discharge: str) -> str:
    return {"rest": rest, "charge": charge, "discharge": discharge}[row.kind]


# Neware

EN = (
    "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,"
    "Current({i}),Voltage({u}),Capacity({q})"
)
ZH = "数据序号,循环号,工步号,工步类型,时间,总时间,电流({i}),电压({u}),容量({q})"


def neware(row: Row, milli: float = 1.0, chinese: bool = False) -> tuple:
    kinds = ("搁置", "恒流充电", "恒流放电") if chinese else ("Rest", "CC Chg", "CC DChg")
    return (
        *(row.n, row.cycle, row.step, words(row, *kinds)),
        *(clock(row.step_time), clock(row.time)),
        *(-row.current * milli, row.voltage, row.charge * milli),
    )


def neware_files() -> list[File]:
    a, ma = {"i": "A", "u": "V", "q": "Ah"}, {"i": "mA", "u": "V", "q": "mAh"}
    chinese = [
        File(f"neware_zh_{code}.csv", "Neware",
             text(ZH.format(**ma), lambda r: neware(r, 1e3, True), encoding=code),
             ("Cycle", "Step", "Capacity"))
        for code in ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16")
    ]  # fmt: skip
    return [
        *chinese,
        File("neware_en_A.csv", "Neware", text(EN.format(**a), neware), ("Cycle", "Step")),
        File("neware_en_mA.csv", "Neware", text(EN.format(**ma), lambda r: neware(r, 1e3))),
        File("neware_en_tabs.txt", "Neware", text(EN.format(**ma).replace(",", "\t"),
             lambda r: neware(r, 1e3), "\t")),
        File("neware_en_semicolons.csv", "Neware", text(EN.format(**ma).replace(",", ";"),
             lambda r: neware(r, 1e3), ";", decimal=",")),
        File("neware_old.csv", "Neware", text(
            "Record number,State,Jump,Cycle,Steps,Current(mA),Voltage(V),"
            "Relative Time(h:min:s.ms),Capacity(mAh)",
            lambda r: (r.n, words(r, "Rest", "CC_Chg", "CC_DChg"), r.step, r.cycle, r.step,
                       -r.current * 1e3, r.voltage, clock(r.step_time) + ".000", r.charge * 1e3))),
        File("neware_unsigned.csv", "Neware", text(EN.format(**ma), lambda r: (
            *neware(r)[:6], abs(r.current) * 1e3, r.voltage, r.charge * 1e3))),
        File("neware_layers.csv", "Neware", layered("Cycle Index", "Step Index,Step Type",
             "DataPoint,Time,Current(mA),Voltage(V)", ("Rest", "CC Chg", "CC DChg"), "utf-8")),
        File("neware_layers_zh.csv", "Neware", layered("循环号", "工步号,工步类型",
             "数据序号,时间,电流(mA),电压(V)", ("搁置", "恒流充电", "恒流放电"), "gbk")),
        File("neware.xlsx", "Neware", workbook({
            "unit": [("Start step", 1)], "test": [("Step Index", "Step Name"), (1, "Rest")],
            "record": [tuple(EN.format(**a).split(",")), *map(neware, ROWS)]})),
        File("neware_details.xlsx", "Neware", workbook({  # sheets of an old .xls
            "Info": [("Testing Information",), ("test.xls",)],
            "Cycle_14_1_3": [("Channel", "ToTal of Cycle", "Capacity of charge(mAh)",
                              "Capacity of discharge(mAh)", "Cycle Life(%)"), (3, 1, 0., 3.5, 100)],
            "Statis_14_1_3": [
                ("Channel", "CyCle", "Step", "Raw Step ID", "Status", "Start Voltage(V)",
                 "CapaCity(mAh)", "Relative Time(h:min:s.ms)", "Absolute Time",
                 "Discharge_Capacity(mAh)", "Charge_Capacity(mAh)", "Engy_Chg(mWh)"),
                (3, 1, 1, 1, "Rest", 2.33, 0.0, "0:55:00.000", 44336.98, 0.0, 0.0, 0.0)],
            "Detail_14_1_3": [
                ("Record Index", "Status", "JumpTo", "Cycle", "Step", "Cur(mA)", "Voltage(V)",
                 "CapaCity(mAh)", "Energy(mWh)", "Relative Time(h:min:s.ms)", "Absolute Time"),
                *((r.n, words(r, "Rest", "CCCV_Chg", "CCCV_DChg"), 1, r.cycle, r.step,
                   -r.current * 1e3, r.voltage, r.charge * 1e3, 0.0, clock(r.step_time) + ".000",
                   44336.98 + r.time / 86400) for r in ROWS)]}), ("Cycle", "Step", "Capacity")),
        File("neware_zh.xlsx", "Neware", workbook({
            "记录层": [tuple(ZH.format(**a).split(",")), *(neware(r, 1, True) for r in ROWS)]})),
    ]  # fmt: skip


def layered(cycle: str, step: str, record: str, kinds: tuple[str, ...], encoding: str) -> bytes:
    lines, before = [cycle, f",{step}", f",,{record}"], (0, 0)
    for row in ROWS:
        if row.cycle != before[0]:
            lines.append(f"{row.cycle}")
        if row.step != before[1]:
            lines.append(f",{row.step},{words(row, *kinds)}")
        before = row.cycle, row.step
        lines.append(f",,{row.n},{clock(row.step_time)},{-row.current * 1e3:.6g},{row.voltage}")
    return ("\n".join(lines) + "\n").encode(encoding)


# BioLogic

MPT = "mode\tox/red\terror\tcontrol changes\tNs changes\tcounter inc.\tNs\ttime/s\tcontrol/V/mA\t"


def mpt(head: str, cells, first: str = "EC-Lab ASCII FILE", decimal: str = ".") -> bytes:
    above = [first, "Nb header lines : 9                          ", "",
             "Galvanostatic Cycling with Potential Limitation", "", "Run on channel : 3 (SN 1234)",
             "Electrode surface area : 0,785 cm²", "Comments : simulated"]  # fmt: skip
    return text(head, cells, "\t", "\r\n".join(above) + "\r\n", "latin-1", decimal, "\r\n")


def biologic(row: Row) -> tuple:
    return (2, int(row.current > 0), 0, 0, 0, 0, row.step - 1, row.time, -row.current * 1e3)


def biologic_files() -> list[File]:
    gcpl = f"{MPT}Ewe/V\t<I>/mA\tdQ/mA.h\t(Q-Qo)/mA.h\thalf cycle\tcycle number\t"

    def plain(r: Row) -> tuple:
        net = (r.charged - r.discharged) * 1e3
        return (*biologic(r), r.voltage, -r.current * 1e3, 0.0, net, r.step, float(r.cycle), "")

    bare = gcpl.rstrip("\t")
    ecell = gcpl.replace("Ewe/V", "Ewe/V\tEce/V\tEcell/V").replace("Ewe/V", "Ewe/V", 1)
    return [
        File("gcpl.mpt", "BioLogic", mpt(gcpl, plain), ("Cycle", "Step", "Capacity")),
        File("gcpl_comma.mpt", "BioLogic", mpt(gcpl, plain, decimal=","), ("Cycle", "Step")),
        File("bt_lab.mpt", "BioLogic", mpt(gcpl.replace("<I>", "I").replace("Ewe", "Ecell"), plain,
                                           "BT-Lab ASCII FILE")),
        File("three_electrodes.mpt", "BioLogic", mpt(ecell, lambda r: (
            *biologic(r), r.voltage + 0.6, 0.6, *plain(r)[9:]))),
        File("no_header.mpt", "BioLogic", text(bare, lambda r: plain(r)[:-1], "\t")),
        File("no_header.txt", "BioLogic", text(bare, lambda r: plain(r)[:-1], "\t", decimal=",")),
        File("absolute_time.mpt", "BioLogic", mpt(gcpl, lambda r: (
            *biologic(r)[:7], r.time + 281672.4, *plain(r)[8:]))),
        File("dates.mpt", "BioLogic", mpt(gcpl, lambda r: (
            *biologic(r)[:7], f"{r.day[5:7]}/{r.day[8:10]}/{r.day[:4]} {r.day[11:]}.0000",
            *plain(r)[8:]))),
        File("with_impedance.mpt", "BioLogic", mpt(
            f"freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t{gcpl}", lambda r: (0.0, 0.0, 0.0, *plain(r)))),
    ]  # fmt: skip


# Arbin, Maccor, Landt, Basytec, PEC, Novonix, Digatron


def arbin(row: Row) -> tuple:
    return (row.n, row.day, row.time, row.step_time, row.cycle, row.step, -row.current,
            row.voltage, row.charged, row.discharged)  # fmt: skip


def arbin_files() -> list[File]:
    old = ("Data_Point,Date_Time,Test_Time(s),Step_Time(s),Cycle_Index,Step_Index,Current(A),"
           "Voltage(V),Charge_Capacity(Ah),Discharge_Capacity(Ah)")  # fmt: skip
    new = old.replace("_", " ").replace("(", " (")
    pressed = f"{new},Aux_Pressure_1 (MPa),Aux_Temperature_1 (C)"
    half = len(ROWS) // 2
    return [
        File("arbin_old.csv", "Arbin", text(old, arbin), ("Cycle", "Step")),
        File("arbin_new.csv", "Arbin", text(new, arbin, encoding="utf-8-sig"), ("Cycle", "Step")),
        File("arbin_aux.csv", "Arbin", text(pressed, lambda r: (
            *arbin(r), r.pressure, r.temperature)), ("Cycle", "Temperature", "Stack pressure")),
        File("arbin_base.csv", "Arbin", text(
            "Data_Point,Test_Time,DateTime,Step_Time,Step_Index,Cycle_Index,Current,Voltage,"
            "Charge_Capacity,Discharge_Capacity,Temperature", lambda r: (
                r.n, r.time, 1.7e9 + r.time, r.step_time, r.step, r.cycle, -r.current, r.voltage,
                r.charged, r.discharged, r.temperature)), ("Cycle", "Step", "Temperature")),
        File("arbin.xlsx", "Arbin", workbook({
            "Info": [("TEST REPORT",), ("Channel", 8)],
            "Channel_1-008": [tuple(old.split(",")), *map(arbin, ROWS)],
            "StatisticByCycle-Chan_8": [("Cycle_Index", "Vmax_On_Cycle(V)"), (1, 4.2)]})),
        File("arbin_two_sheets.xlsx", "Arbin", workbook({
            "Global_Info": [("TEST REPORT",)],
            "Channel_1_1": [tuple(new.split(",")), *map(arbin, ROWS[:half])],
            "Channel_1_2": [tuple(new.split(",")), *map(arbin, ROWS[half:])]})),
    ]  # fmt: skip


def maccor_files() -> list[File]:
    above = "Today's Date:\t14 March 2025\tDate of Test:\t11 March 2025\nFilename:\tsimulated\n\n"
    head = "Rec#\tCyc#\tStep\tTestTime\tStepTime\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time"

    def old(r: Row, milli: float = 1.0) -> tuple:
        days = [f"  {clock(t, 'd ')}.00" for t in (r.time, r.step_time)]
        return (r.n, r.cycle - 1, r.step, *days, r.charge * milli, 0.0, abs(r.current) * milli,
                r.voltage, words(r, "R", "C", "D"), 1, r.day)  # fmt: skip

    milli = head.replace("Amp-hr", "mAmp-hr").replace("Amps", "mAmps")
    new = "Rec,Cycle C,Step,Test Time (sec),Step Time (sec),Capacity,Energy,Current,Voltage,DPT"
    kit = ("Rec\tCycle P\tCycle C\tStep\tTestTime\tStepTime\tCap. [Ah]\tEner. [Wh]\tCurrent [A]\t"
           "Voltage [V]\tMd\tES\tDPT Time")  # fmt: skip
    return [
        File("maccor.txt", "Maccor", text(head, old, "\t", above), ("Cycle", "Step", "Capacity")),
        File("maccor_mA.txt", "Maccor", text(milli, lambda r: old(r, 1e3), "\t", above)),
        File("maccor.csv", "Maccor", text(new, lambda r: (
            r.n, r.cycle, r.step, r.time, r.step_time, r.charge, 0.0, -r.current, r.voltage, r.day),
            above="Today's Date ,28-Nov-23\nDate of Test:,23-Nov-23 3:56:08 PM\n")),
        File("maccor_minutes.txt", "Maccor", text(kit, lambda r: (
            r.n, 0, r.cycle, r.step, r.time / 60, r.step_time / 60, r.charge, 0.0, abs(r.current),
            r.voltage, words(r, "R", "C", "D"), 1, r.day), "\t",
            "Name:\tsimulated\nTester\tMaccor #4\n", decimal=",")),  # dates say it is minutes
        File("maccor.034", "Maccor", text(
            "Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\t"
            "DPt Time\tACImp/Ohms\tDCIR/Ohms\tWF Chg Cap", lambda r: (
                r.n, r.cycle, r.step, r.time, r.step_time, r.charge, 0.0, -r.current, r.voltage,
                words(r, "R", "C", "D"), 1, r.day, 0.0, 0.0, "N/A"), "\t",
            "Today's Date 09/01/2025  Date of Test:\t03/17/2025\t Filename:\tsimulated\n"),
            ("Cycle", "Step", "Capacity")),
        File("maccor_unit_beside.csv", "Maccor", text(
            "Rec,Cycle C,Step,Test Time (Hr),Current (mA),Voltage (mV),State", lambda r: (
                r.n, r.cycle, r.step, r.time / 3600, -r.current * 1e3, r.voltage * 1e3,
                words(r, "R", "C", "D")))),
    ]  # fmt: skip


def landt_files() -> list[File]:
    head = ("Record,Cycle-Index,Step-Index,TestTime/Sec,StepTime/Sec,Current/mA,Capacity/mAh,"
            "Voltage/V,SysTime")  # fmt: skip
    chinese = "记录序号,循环序号,工步序号,测试时间/Sec,步骤时间/Sec,电流/mA,容量/mAh,电压/V"
    snake = (
        "channel_index,cycle_index,step_index,date_time_iso_string,test_time_s,step_time_s,"
        "current_A,voltage_V,discharge_capacity_Ah,charge_capacity_Ah,Pressure_Psi,step_name,"
    )

    def plain(r: Row) -> tuple:
        return (r.n, r.cycle, r.step, r.time, r.step_time, -r.current * 1e3, r.charge * 1e3,
                r.voltage, r.day)  # fmt: skip

    table = [tuple(head.split(",")), *map(plain, ROWS)]
    return [
        File("landt.csv", "Landt", text(head, plain), ("Cycle", "Step", "Capacity")),
        File("landt_zh.csv", "Landt", text(chinese, lambda r: plain(r)[:-1], encoding="gbk"),
             ("Cycle", "Step")),
        File("landt_snake.csv", "Landt", text(snake.rstrip(","), lambda r: (
            1, r.cycle, r.step, r.day, r.time, r.step_time, -r.current, r.voltage, r.discharged,
            r.charged, r.pressure * 1e6 / 6894.757293168, r.kind, ""),
            above="cell model:,,,\ntest: ,,,\n"), ("Cycle", "Step", "Stack pressure")),
        File("landt.xlsx", "Landt", workbook({"Record List": table})),
        File("landt.txt", "Landt", text(
            "Rec#\tCyc#\tStep\tTest(Sec)\tStep(Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tDPt-Time",
            lambda r: (r.n, r.cycle, r.step, r.time, r.step_time, r.charge, 0.0, abs(r.current),
                       r.voltage, words(r, "R", "C", "D"), r.day), "\t")),
    ]  # fmt: skip


def other_files() -> list[File]:
    basytec = ("~Resultfile from Basytec Battery Test System\n~Name of Test: simulated\n"
               "~Testchannel: 14\n~\n")  # fmt: skip
    heads = "~Time[{t}]\tDataSet\tt-Step[s]\tLine\tCommand\tU[V]\tI[A]\tAh[Ah]\tT1[°C]\tCyc-Count"

    def by_basytec(r: Row, per: float = 1.0) -> tuple:
        return (r.time / per, r.n, r.step_time, r.step, words(r, "Pause", "Charge", "Discharge"),
                r.voltage, -r.current, r.charged - r.discharged, r.temperature,
                r.cycle)  # fmt: skip

    pec = "".join(f"{name}:,simulated\n" for name in ("Request Year", "Test", "Test Description",
                  "TestRegime Name", "Number Of Cells", "LotID", "Start Time"))  # fmt: skip
    pec += "#RESULTS CHECK\nReqYear,Test,CellNr,Type,Value,Reason,\n#END RESULTS CHECK\n"
    novonix = (
        "[Summary]\nNovonix UHPC data file\nNovonix\nCell: simulated\nCapacity (Ah): 0.003\n"
        '[End Summary]\n[Protocol]\n{"Version":"simulated"}\n[End Protocol]\n[Data]\n'
    )
    return [
        File("basytec.txt", "Basytec", text(heads.format(t="s"), by_basytec, "\t", basytec,
             "latin-1"), ("Cycle", "Step", "Temperature")),
        File("basytec_hours.txt", "Basytec", text(heads.format(t="h"), lambda r: by_basytec(
            r, 3600), "\t", basytec, "latin-1"), ("Cycle",)),
        File("pec.csv", "PEC", text(
            "Test,Cell,Rack,Step,Cycle,Total Time (Seconds),Load On Time (Seconds),"
            "Step Time (Seconds),Real Time,Voltage (mV),Current (mA),Charge Capacity (mAh),"
            "Discharge Capacity (mAh),ReasonCode",
            lambda r: (187, "C1", 1, r.step, r.cycle, r.time, r.time, r.step_time, r.day,
                       r.voltage * 1e3, -r.current * 1e3, r.charged * 1e3, r.discharged * 1e3, 30),
            above=pec), ("Cycle", "Step")),
        File("novonix.csv", "Novonix", text(
            "Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),"
            "Potential (V),Capacity (Ah),Temperature (°C),Step Number,Step position",
            lambda r: (r.day, r.cycle, 7, r.time / 3600, r.step_time / 3600, -r.current, r.voltage,
                       r.charge, r.temperature, r.step, 0), above=novonix),
             ("Cycle", "Step", "Temperature")),
        File("digatron.csv", "Digatron", text(
            "Step,Status,Program Duration#s,Step Duration#s,Cycle,Procedure,Voltage#V,Current#A,"
            "AhAccu#Ah,AhStep#Ah,T1#°C",
            lambda r: (r.step, words(r, "PAU", "CHA", "DCH"), r.time, r.step_time, r.cycle, "p",
                       r.voltage, -r.current, r.charged - r.discharged, r.charge, r.temperature)),
             ("Cycle", "Step")),
        File("admiral.csv", "CSV", text(
            "Step number,Elapsed Time (s),Current (A),Working Electrode (V),Temperature (C),Cycle",
            lambda r: (r.step, r.time, -r.current, r.voltage, r.temperature, r.cycle)),
             ("Cycle", "Step")),
        File("gamry_curve.DTA", "Gamry", gamry_curve(), ()),
    ]  # fmt: skip


def gamry_curve() -> bytes:
    head = ["EXPLAIN", "TAG\tPWR800", "TITLE\tLABEL\tsimulated", f"CURVE\tTABLE\t{len(ROWS)}",
            "\tPt\tT\tVf\tIm\tVu\tSig", "\t#\ts\tV vs. Ref.\tA\tV\tV"]  # fmt: skip
    rows = [f"\t{r.n}\t{r.time:g}\t{r.voltage}\t{-r.current:E}\t0\t0" for r in ROWS]
    return "\r\n".join([*head, *rows, ""]).encode("latin-1")


# BDF and anybody's


def bdf_files() -> list[File]:
    labels = "Test Time / s,Voltage / V,Current / A,Cycle Count / 1,Step ID"
    names = "test_time_second,voltage_volt,current_ampere,cycle_count,step_id"
    more = ("Test Time / s,Voltage / V,Current / A,Cycle Count / 1,Applied Pressure / Pa,"
            "Surface Pressure / Pa,Surface Temperature / degC")  # fmt: skip

    def plain(r: Row) -> tuple:
        return (r.time, r.voltage, -r.current, r.cycle, r.step)

    return [
        File("labels.bdf.csv", "BDF", text(labels, plain), ("Cycle", "Step")),
        File("names.bdf.csv", "BDF", text(names, plain), ("Cycle", "Step")),
        File("pressures.bdf.csv", "BDF", text(more, lambda r: (
            *plain(r)[:4], 5e6, r.pressure * 1e6, r.temperature)),
            ("Cycle", "Stack pressure", "Applied pressure", "Temperature")),
    ]  # fmt: skip


def own_files() -> list[File]:
    def plain(r: Row) -> tuple:
        return (r.time, r.current * 1e3, r.voltage)

    return [
        File("plain.csv", "CSV", text("Time [s],Current [mA],Voltage [V]", plain), ()),
        File("slashes.csv", "CSV", text("t / h;I / mA;U / V", lambda r: (
            r.time / 3600, r.current * 1e3, r.voltage), ";", decimal=","), ()),
        File("suffixes.csv", "CSV", text("time_s,current_mA,voltage_V,cycle", lambda r: (
            *plain(r), r.cycle)), ("Cycle",)),
        File("charge_positive.csv", "CSV", text("time (min)\tI (µA)\tE (mV)", lambda r: (
            r.time / 60, -r.current * 1e6, r.voltage * 1e3), "\t", encoding="latin-1"), ()),
        File("blanks.txt", "CSV", text("time/s   I/A        Ecell/V", lambda r: (
            r.time, r.current, r.voltage), "   "), ()),
        File("no_units.csv", "CSV", text("time,current,voltage", plain), (),
             (("time", "s"), ("current", "mA"), ("voltage", "V"))),
        File("pressure.csv", "CSV", text("Time [s],Current [mA],Voltage [V],Pressure [bar]",
             lambda r: (*plain(r), r.pressure * 10)), ("Stack pressure",)),
        File("dates.csv", "CSV", text("Timestamp,Current [mA],Voltage [V]", lambda r: (
            r.day, r.current * 1e3, r.voltage)), ()),
        File("plain.xlsx", "CSV", workbook({"Tabelle1": [
            ("Zelle 7, simulated",), ("Time [s]", "Current [mA]", "Voltage [V]"),
            *map(plain, ROWS)]}), ()),
    ]  # fmt: skip


RECORDS = [
    *neware_files(), *biologic_files(), *arbin_files(), *maccor_files(), *landt_files(),
    *other_files(), *bdf_files(), *own_files(),
]  # fmt: skip


# spectra


def spectrum(head: str, columns: Iterable[np.ndarray], mark: str = ",", above: str = "",
             decimal: str = ".", encoding: str = "utf-8") -> bytes:  # fmt: skip
    lines = [
        mark.join(f"{value:.9g}".replace(".", decimal) for value in row)
        for row in zip(*columns, strict=True)
    ]
    return (above + "\n".join([head, *lines]) + "\n").encode(encoding)


def gamry_spectrum() -> bytes:
    head = ["EXPLAIN", "TAG\tEISPOT", "TITLE\tLABEL\tsimulated", "OCVCURVE\tTABLE\t2",
            "\tPt\tT\tVf\tVm", "\t#\ts\tV vs. Ref.\tV", "\t0\t0.25\t3.7\t3.7", "\t1\t0.5\t3.7\t3.7",
            "EOC\tQUANT\t3.7\tOpen Circuit (V)", "ZCURVE\tTABLE",
            "\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\tIERange",
            "\t#\ts\tHz\tohm\tohm\tV\tohm\t°\tA\tV\t#"]  # fmt: skip
    rows = [
        f"\t{n}\t{n}\t{f:E}\t{z.real:.7E}\t{z.imag:.7E}\t1\t{abs(z):.7E}\t"
        f"{np.degrees(np.angle(z)):.5f}\t-5.9E-06\t3.7\t9"
        for n, (f, z) in enumerate(zip(F, Z, strict=True))
    ]
    return "\r\n".join([*head, *rows, "EXPERIMENTABORTED\tTOGGLE\tT\tAborted"]).encode("latin-1")


def zview(quoted: bool) -> bytes:
    names = "  Freq(Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range"
    rows = [(f, 0.01, 0.0, 1.0, z.real, z.imag, 0.0, 0, 3) for f, z in zip(F, Z, strict=True)]
    if quoted:
        above = ['"ZPlotW Data File: Version 3.2c"', '"Raw Data"', '"Sweep Frequency"',
                 "Date: 12-17-2019    Time: 16:24:35", "simulated", '"OCP (V):  0 "', '"Frequency"',
                 "0,3,0,1,300000,0.005", "31", f'"{names}"']  # fmt: skip
        mark = ", "
    else:
        above = ["ZPLOT2 ASCII", "  Measured Data, ZPlot:       3.2c", "  Data Points:   31",
                 "  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange",
                 "End Comments"]  # fmt: skip
        mark = "\t"
    lines = [mark.join(f"{value:.9g}" for value in row) for row in rows]
    return "\r\n".join([*above, *lines, ""]).encode()


MPT_Z = "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t|Z|/Ohm\tPhase(Z)/deg\ttime/s\t<Ewe>/V\t<I>/mA\t"
ANGLE = np.degrees(np.angle(Z))
PARTS, POLAR = (F, Z.real, -Z.imag), (F, abs(Z), ANGLE)
PEIS = "EC-Lab ASCII FILE\nNb header lines : 4\n\n"
CHI = ("Mar. 17, 2025   15:55:08\nA.C. Impedance\nInstrument Model:  CHI660E\nNote: simulated\n"
       "High Frequency (Hz) = 1e+5\nLow Frequency (Hz) = 0.1\n\n")  # fmt: skip
SPECTRA = [
    File("peis.mpt", "BioLogic", spectrum(MPT_Z, (*PARTS, *POLAR[1:], F, F, F), "\t", PEIS)),
    File("peis_comma.mpt", "BioLogic", spectrum(MPT_Z, (*PARTS, *POLAR[1:], F, F, F), "\t", PEIS,
                                                ",")),
    File("eis.DTA", "Gamry", gamry_spectrum()),
    File("quoted.z", "ZView", zview(True)),
    File("comments.z", "ZView", zview(False)),
    File("zahner.txt", "Zahner", spectrum("Frequency/Hz  Impedance/Ohm  Phase/deg", POLAR, "  ")),
    File("zahner.csv", "Zahner", spectrum("Frequency [Hz];Impedance [Ohm];Phase [°]", POLAR, ";",
                                          "", ",", "latin-1")),
    File("chi.txt", "CSV", spectrum("Freq/Hz, Z'/ohm, Z\"/ohm, Z/ohm, Phase/deg",
                                    (F, Z.real, Z.imag, abs(Z), ANGLE), ", ", CHI)),
    File("nova.txt", "CSV", spectrum("Frequency (Hz)\tZ' (Ω)\t-Z'' (Ω)\tZ (Ω)\t-Phase (°)",
                                     (*PARTS, abs(Z), -ANGLE), "\t")),
    File("versastudio.par", "VersaStudio", spectrum(
        "Definition=Segment #, Point #, E(V), I(A), Elapsed Time(s), Frequency(Hz), E Real, "
        "Z Real, Z Imag, E2(V)", (*[F * 0] * 4, F, F, F, Z.real, Z.imag, F * 0), ",",
        "<Application>\nName=VersaStudio\n</Application>\n<Segment1>\nType=2\nVersion=3\n")
        + b"</Segment1>\n<Graph1>\nYAxis=False\n</Graph1>\n"),
    File("parstat.txt", "Parstat", spectrum(
        "Potential (V)\tCurrent (A)\tElapsed Time (s)\tFrequency (Hz)\tZre (ohms)\tZim (ohms)\t"
        "|Vac| (V)\t|Iac| (A)\n3.7\t-0.1\t10\t0\t0\t0\t0\t0",
        (F * 0 + 3.7, F * 0, F * 0 + 20, F, Z.real, Z.imag, F * 0, F * 0), "\t")),
    File("palmsens.csv", "CSV", spectrum(
        "freq / Hz,neg. Phase / Degrees,Z / Ohm,Z' / Ohm,-Z'' / Ohm",
        (F, -ANGLE, abs(Z), Z.real, -Z.imag), encoding="utf-16")),
    File("solartron.csv", "CSV", spectrum(
        "Frequency (Hz),Z' (Ohm),Z'' (Ohm)", (F, Z.real, Z.imag))),
    File("powersuite.txt", "CSV", spectrum("Frequency\t Zre\t Zimg", (F, Z.real, Z.imag), "\t")),
    File("tool.csv", "CSV", spectrum("freq_Hz, ReZ_ohm, negImZ_ohm", PARTS, ", ")),
    File("labels.bdf.csv", "BDF", spectrum(
        "Frequency / Hz,Real Impedance / ohm,Imaginary Impedance / ohm", (F, Z.real, Z.imag))),
    File("names.bdf.csv", "BDF", spectrum(
        "frequency_hertz,real_impedance_ohm,imaginary_impedance_ohm", (F, Z.real, Z.imag))),
    File("spectrum.xlsx", "CSV", workbook({"EIS": [
        ("Frequency [Hz]", "Z_re [Ohm]", "Z_im [Ohm]"),
        *((float(f), float(z.real), float(z.imag)) for f, z in zip(F, Z, strict=True))]})),
]  # fmt: skip


# refused, each for its reason

REFUSED = [
    File("no_units.csv", "", text(
        "time,current,voltage", lambda r: (r.time, r.current, r.voltage)),
        says=r"column 'time' has no unit.*--unit \"time=s\""),
    File("no_current.csv", "", text("Time [s],Voltage [V]", lambda r: (r.time, r.voltage)),
         says="no column of current"),
    File("maccor_undated.txt", "", text(
        "Rec\tCycle C\tStep\tTestTime\tCurrent [A]\tVoltage [V]\tMd",
        lambda r: (r.n, r.cycle, r.step, r.time / 60, abs(r.current), r.voltage,
                   words(r, "R", "C", "D")), "\t"), says="column 'TestTime' has no unit"),
    File("peis_without_its_first_heading.mpt", "", spectrum(
        MPT_Z.removeprefix("freq/Hz\t"), (*PARTS, *POLAR[1:], F, F, F), "\t", PEIS),
        says="line 5 holds 8 values under 7 headings; a heading is missing or moved"),
    File("pack.csv", "", text("Time [s],Current [A],Voltage [V]", lambda r: (
        r.time, r.current, 8 * r.voltage)), says="outside the -1 to 6 V of one cell"),
    File("maccor_millivolts.txt", "", text(
        "Rec#\tCyc#\tStep\tTestTime\tAmps\tVolts\tState", lambda r: (
            r.n, r.cycle, r.step, clock(r.time, "d "), abs(r.current), r.voltage * 1e3,
            words(r, "R", "C", "D")), "\t"), says="looks like mV"),
    File("neware_steps_only.csv", "", "循环号\n,工步号,工步类型\n,,数据序号\n1\n,1,搁置\n".encode(),
         says="export the record layer"),
    File("novonix_cut.csv", "", b"[Summary]\nNovonix\n[End Summary]\n", says=r"no line \[Data\]"),
    File("gamry_empty.DTA", "", b"EXPLAIN\nTAG\tEISPOT\nZCURVE\tTABLE\n\tPt\tFreq\n\t#\tHz\n",
         says="holds no rows"),
    File("gamry_none.DTA", "", b"EXPLAIN\nTAG\tEISPOT\n", says="no table CURVE or ZCURVE"),
    File("biologic_none.mpt", "", b"EC-Lab ASCII FILE\nNb header lines : 40\n\nnothing\n",
         says="no table below the header"),
    File("two_tests.csv", "", text("Time [s],Current [mA],Voltage [V]", lambda r: (
        r.step_time, r.current * 1e3, r.voltage)), says="line 13.*time falls"),
    File("bdf_against.bdf.csv", "", text("Test Time / s,Voltage / V,Current / A", lambda r: (
        r.time, r.voltage, r.current)), says="BDF counts charge as positive, but the voltage fa"),
    File("thousands.csv", "", text("Time [s];Current [mA];Voltage [V]", lambda r: (
        f"{r.time:,.1f}", r.current * 1e3, r.voltage), ";"), says="line 20.*'1,020.0' is no num"),
    File("wrong_unit.csv", "", text("Time [s],Current [kA],Voltage [V]", lambda r: (
        r.time, r.current, r.voltage)), says="unknown unit 'kA'"),
    File("test.res", "", b"\x00\x01\x00\x00Standard Jet DB\x00", says="a binary file|mdb-export"),
    File("test.nda", "", b"NEWARE\x00\x00", says="a binary file|NewareNDA cannot read"),
    File("test.mpr", "", b"BIO-LOGIC MODULAR FILE\x1a\x00", says=r"export (it as text .*)?\.mpt"),
    File("renamed.xlsx", "", b"Time [s],Current [mA]\n0,1\n", says="no workbook, as its name says"),
    File("empty.xlsx", "", workbook({"Sheet1": [("hello", "world"), (1, 2)]}),
         says="no sheet of this workbook"),
]  # fmt: skip
