"""Makers whose tables stand below headers or among settings: where each table begins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from ssb_model.errors import InputError
from ssb_model.measured.headings import FREQUENCY, Measurand
from ssb_model.measured.maker import Lines, Maker
from ssb_model.measured.sheet import Sheet, split

WORDS = {
    "~Time": "Test Time",
    "Ah": "Capacity",
    "Cyc-Count": "Cycle",
    "Line": "Step",
    "Temp": "Temperature",
}


class Basytec(Maker):
    """Headings on the last line that begins with a tilde; charge positive."""

    name = "Basytec"
    opening = ("~Resultfile from Basytec", "~Resultfile")
    columns = WORDS
    holds = "record"
    positive_on = "charge"
    step_types = ("Command",)
    charging, discharging = ("charge",), ("discharge",)

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """From the last line with a tilde on."""
        heads = [at for at, (_, line) in enumerate(lines) if line.startswith("~")]
        if "\t" not in lines[heads[-1]][1] and ";" not in lines[heads[-1]][1]:
            raise InputError(f"{source}: no table below the header; export the file again.")
        return lines[heads[-1] :]


DATA = re.compile(r"(time/s|freq/Hz)(\t|$)")

AVERAGED = re.compile(r"<([^<>/\t]+)/([^<>/\t]+)>")  # "<Ewe/V>" of some versions


class BioLogic(Maker):
    """Columns by tabs, below as many header lines as the file says."""

    name = "BioLogic"
    opening = ("EC-Lab ASCII FILE", "BT-Lab ASCII FILE")
    known_by = (("ox/red", "Ns changes", "counter inc.", "control/V/mA", "half cycle"),)
    positive_on = "charge"

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """The lines from the headings on, as the file counts them."""
        said = lines[1][1] if len(lines) > 1 else ""
        count = re.match(r"Nb header lines\s*:\s*(\d{1,9})", said)
        if count:
            body = [(number, line) for number, line in lines if number >= int(count[1])]
        else:
            start = (at for at, (_, line) in enumerate(lines) if DATA.search(line))
            body = list(lines[next(start, len(lines)) :])
        if not body or "\t" not in body[0][1]:
            raise InputError(
                f"{source}: no table below the header; export the file from EC-Lab again."
            )
        body = [(number, line.replace('"', "")) for number, line in body]
        (number, head), *rows = body
        return [(number, AVERAGED.sub(r"<\1>/\2", head)), *rows]


TABLE = re.compile(r"(Z?CURVE)\d*\tTABLE", re.IGNORECASE)

OF_GAMRY = {"T": "Time", "Vf": "Voltage", "Im": "Current"}


class Gamry(Maker):
    """Tables among settings, each with a row of headings and a row of units, indented."""

    name = "Gamry"
    opening = ("EXPLAIN",)
    columns = OF_GAMRY

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """The last table of impedance, or else of a curve in time, without what follows it."""
        wanted = "ZCURVE" if FREQUENCY in measurands else "CURVE"
        heads = [
            at
            for at, (_, line) in enumerate(lines)
            if (match := TABLE.match(line)) and match[1].upper() == wanted
        ]
        if not heads:
            heads = [at for at, (_, line) in enumerate(lines) if TABLE.match(line)]
        if not heads:
            raise InputError(f"{source}: no table CURVE or ZCURVE; export the file again.")
        below = lines[heads[-1] + 1 :]
        end = next((at for at, (_, line) in enumerate(below) if line[:1] != "\t"), len(below))
        if end < 3:
            raise InputError(f"{source}: the table at line {lines[heads[-1]][0]} holds no rows.")
        (number, names), (_, units), *rows = below[:end]
        pairs = zip(names.split("\t"), units.split("\t"), strict=False)
        head = "\t".join(cls._heading(name.strip(), unit.strip()) for name, unit in pairs)
        return [(number, head), *rows]

    @classmethod
    def table(cls, source: str, body: Lines) -> Sheet:
        """Rows may be shorter or longer than the headings."""
        (headings, *rows), (_, *places) = split(body, "\t")
        return Sheet(source, [one.strip() for one in headings], rows, places, decimal_comma=True)

    @staticmethod
    def _heading(name: str, unit: str) -> str:
        """ "Zreal (ohm)" of the two rows; "V vs. Ref." are volts, "#" nothing."""
        unit = re.sub(r"\s*vs\..*", "", unit)
        if name.casefold() == "zphz":
            unit = "deg"
        return f"{name} ({unit})" if unit and not unit.startswith("#") else name


class Novonix(Maker):
    """Summary and protocol in brackets above the table; hours; charge positive."""

    name = "Novonix"
    opening = ("[Summary]",)
    known_by = (("Run Time (h)",), ("Potential (V)",), ("Step position", "dVdt (V/h)"))
    positive_on = "charge"

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """Below the line [Data]."""
        start = next((at for at, (_, line) in enumerate(lines) if line.startswith("[Data]")), None)
        if start is None or start + 1 >= len(lines):
            raise InputError(f"{source}: no line [Data] with a table below it; export it again.")
        return lines[start + 1 :]


SEGMENT = re.compile(r"<Segment\d+>")


class Parstat(Maker):
    """Frequency is zero in the rows in time."""

    name = "Parstat"
    known_by = (("|Vac| (V)",), ("Frequency (Hz)",), ("Zre (ohms)",))
    swept = "Frequency (Hz)"


class VersaStudio(Maker):
    """Segments of rows, each below a line that defines its columns."""

    name = "VersaStudio"
    opening = ("<Application>", "<StartUp>")
    columns: ClassVar[Mapping[str, str]] = {"Z Real": "Z_re [Ohm]", "Z Imag": "Z_im [Ohm]"}
    positive_on = "charge"
    swept = "Frequency(Hz)"

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """The rows of all segments of the same columns as the last."""
        parts: dict[str, Lines] = {}
        inside, head = False, ""
        for number, line in lines:
            text = line.strip()
            if SEGMENT.fullmatch(text) or text.startswith("</"):
                inside, head = not text.startswith("</"), ""
            elif inside and text.startswith("Definition="):
                head = re.sub(r",\s*", ",", text.removeprefix("Definition="))
                parts.setdefault(head, [(number, head)])
            elif head and re.match(r"[-\d.]", text):
                parts[head].append((number, text))
        found = [part for part in parts.values() if len(part) > 1]
        if not found:
            raise InputError(f"{source}: no segment with rows; export it from VersaStudio as text.")
        return found[-1]


class ZView(Maker):
    """Headings in quotes or among comments, by blanks; rows by commas or tabs."""

    name = "ZView"
    opening = ("ZPLOT", '"ZPlot', '"Z60W', "Z60W", '"ZView', "ZView")
    holds = "spectrum"

    @classmethod
    def body(cls, source: str, lines: Lines, measurands: Sequence[Measurand]) -> Lines:
        """Headings as the rows are parted, then the rows."""
        heads = [
            at
            for at, (_, line) in enumerate(lines)
            if "Freq" in line and ("Z'" in line or "(a)" in line)
        ]
        if not heads:
            raise InputError(f"{source}: no line of headings as 'Freq(Hz) ... Z'(a) Z''(b)'.")
        number, line = lines[heads[-1]]
        rows = [one for one in lines[heads[-1] + 1 :] if one[1].strip()[:1] in "+-.0123456789"]
        if not rows:
            raise InputError(f"{source}: no rows below the headings at line {number}.")
        mark = "\t" if "\t" in rows[0][1] else ","
        names = line.replace('"', " ").replace("Freq (", "Freq(").split()
        return [(number, mark.join(names)), *rows]
