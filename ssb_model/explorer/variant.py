"""What is on the screen as a value: a cell with some numbers changed, in the page's address."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from ssb_model.errors import InputError
from ssb_model.explorer.controls import control

FIRST = "NCM811_LPSCl_Si"
OWN = "own:"  # before the digest of a visitor's own files
MOST_PINS = 8
LONGEST_OWN = 12_000  # letters of a visitor's own files in an address
LARGEST_OWN = 300_000  # bytes of them as they are
DRAWS = (20, 64, 200)  # of which a band can be
Files = Mapping[str, str]  # by name
Pairs = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Variant:
    """A cell by name, what its controls are set to, and other numbers of it that a fit found."""

    cell: str = FIRST
    values: Pairs = ()
    more: Pairs = ()

    def with_value(self, key: str, value: float | None) -> Variant:
        """With a control set; none takes the cell's own again."""
        values = {**dict(self.values), key: value}
        return replace(self, values=_pairs({k: v for k, v in values.items() if v is not None}))

    def get(self, key: str) -> float | None:
        """What a control is set to, if it is."""
        return dict(self.values).get(key)

    @property
    def query(self) -> list[tuple[str, str]]:
        """As pairs of an address."""
        pairs = [("cell", self.cell), *((key, f"{value:.6g}") for key, value in self.values)]
        return [*pairs, *(("set", f"{name}={value:.8g}") for name, value in self.more)]

    @classmethod
    def of_query(cls, pairs: list[tuple[str, str]]) -> Variant:
        """Out of an address; what is no control is refused."""
        cell, values, more = FIRST, {}, {}
        for key, text in pairs:
            if key == "cell":
                cell = text
            elif key == "set":
                name, equals, value = text.rpartition("=")
                if not equals:
                    raise InputError(f"the address sets '{text}': write it as set=NAME=VALUE.")
                more[name] = _number(name, value)
            else:
                values[key] = control(key).check(_number(key, text))
        return cls(cell, _pairs(values), _pairs(more))


@dataclass(frozen=True)
class Question:
    """A question of the least stack pressure: of which variant, and what with."""

    variant: Variant
    keep: float = 95.0  # % of what ``reference`` gives
    reference: float | None = None  # MPa; none: the variant's own pressure
    samples: int = 0  # draws for an interval

    @property
    def query(self) -> list[tuple[str, str]]:
        """As pairs of an address."""
        pairs = [("keep", f"{self.keep:.6g}"), ("interval", str(self.samples))]
        pairs += [("compared", f"{self.reference:.6g}")] if self.reference is not None else []
        return [*self.variant.query, *pairs]

    @classmethod
    def of_query(cls, pairs: list[tuple[str, str]]) -> Question:
        """Out of an address; its limits are those of the boxes of the page."""
        own = dict(pair for pair in pairs if pair[0] in ("keep", "interval", "compared"))
        variant = Variant.of_query([pair for pair in pairs if pair[0] not in own])
        keep = _number("keep", own.get("keep", "95"))
        if not 0 < keep <= 100:
            raise InputError(f"the address keeps {keep:g} %: write more than 0 and at most 100.")
        compared = own.get("compared")
        reference = (
            None if compared is None else control("pressure").check(_number("compared", compared))
        )
        return cls(variant, keep, reference, _draws("interval", own.get("interval", "0"), 0))


@dataclass(frozen=True)
class Screen:
    """All that an address says: the variant that moves, those pinned, files laid beside.

    ``bands`` is how many draws the band of the variant that moves is of, 0 without one.
    """

    now: Variant = Variant()
    pins: tuple[Variant, ...] = ()
    data: str = ""  # digest of a measured file that lies beside
    bands: int = 0
    least: Question | None = None  # the last that was asked
    own: Mapping[str, Files] = field(default_factory=dict)  # a visitor's files, by cell

    @property
    def variants(self) -> list[Variant]:
        """All that it needs the cells of."""
        asked = [self.least.variant] if self.least else []
        return list(dict.fromkeys([self.now, *self.pins, *asked]))

    @property
    def address(self) -> str:
        """What a link to this screen has behind its "?"."""
        pairs = list(self.now.query)
        pairs += [("pin", urlencode(pin.query)) for pin in self.pins]
        pairs += [("data", self.data)] if self.data else []
        pairs += [("bands", str(self.bands))] if self.bands else []
        pairs += [("least", urlencode(self.least.query))] if self.least else []
        packed = _packed(self.own) if self.own else ""
        pairs += [("own", packed)] if 0 < len(packed) <= LONGEST_OWN else []
        return urlencode(pairs)

    @classmethod
    def of_address(cls, query: str) -> Screen:
        """Out of what stands behind the "?" of an address."""
        of_now, pins, data, bands, least, own = [], [], "", 0, None, {}
        for key, text in parse_qsl(query, keep_blank_values=True, max_num_fields=200):
            if key == "pin":
                pins.append(Variant.of_query(parse_qsl(text)))
            elif key == "data":
                data = text
            elif key == "bands":
                bands = _draws(key, text)
            elif key == "least":
                least = Question.of_query(parse_qsl(text))
            elif key == "own":
                own = _unpacked(text)
            else:
                of_now.append((key, text))
        if len(pins) > MOST_PINS:
            raise InputError(f"an address holds {MOST_PINS} pins at most: take some out.")
        return cls(Variant.of_query(of_now), tuple(pins), data, bands, least, own)


def _pairs(values: Mapping[str, float]) -> Pairs:
    return tuple(sorted(values.items()))


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"the address has '{text}' for {name}: write a number.") from None


def _draws(name: str, text: str, *more: int) -> int:
    """A count of draws that the page offers."""
    offered = [str(count) for count in (*more, *DRAWS)]
    if text not in offered:
        raise InputError(f"the address has '{text[:20]}' for {name}: write {' or '.join(offered)}.")
    return int(text)


def _packed(own: Mapping[str, Files]) -> str:
    squeezed = zlib.compress(json.dumps({name: dict(one) for name, one in own.items()}).encode(), 9)
    return base64.urlsafe_b64encode(squeezed).decode().rstrip("=")


def _unpacked(text: str) -> dict[str, Files]:
    """Files by cell and name; more than cells take is refused before it is unpacked."""
    wrong = InputError("the cell in this address is damaged: drop its file on the page again.")
    if len(text) > LONGEST_OWN:
        raise wrong
    try:
        squeezed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unzip = zlib.decompressobj()
        data = unzip.decompress(squeezed, LARGEST_OWN)
        if unzip.unconsumed_tail:
            raise wrong
        own = json.loads(data)
    except (ValueError, zlib.error, RecursionError):
        raise wrong from None
    cells = own.values() if isinstance(own, dict) else [None]
    for files in cells:
        if not isinstance(files, dict) or not all(isinstance(one, str) for one in files.values()):
            raise wrong
    return own
