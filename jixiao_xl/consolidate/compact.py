"""One judged file as a few kilobytes: what a reading process hands over, and what the archive keeps.

Two parts, because the summary of three thousand workbooks must not hold them whole: `said` is what the
summary looks at, `rest` the other facts, which only a deposit needs.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, cast

from jixiao_xl.consolidate.roster import Received
from jixiao_xl.forms.measures import BLOCK as QUANTITIES
from jixiao_xl.forms.outcome_words import outcome_columns
from jixiao_xl.forms.spec import Fields, FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.content import content_digest, digest_before
from jixiao_xl.model.facts import Fact, Filing, Unit
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where

_Row = tuple[str, str | None, str, str]
"""Path, value (None where it is blank), sheet, cell."""
_BLOCK = re.compile(r"[a-z][a-z0-9_]*")
LEVEL = 1
"""Of zlib: the readings are small and many, and most of their bulk is the same words again."""


@dataclass(frozen=True)
class Compact:
    """A judged file in bytes; `rest` is empty where nobody will deposit it."""

    said: bytes
    rest: bytes = b""


class Layout:
    """Where the values of a filing stand: one for all the filings that have the same rows."""

    __slots__ = ("index", "paths", "spots")

    def __init__(self, paths: tuple[str, ...], spots: tuple[tuple[str, str], ...]) -> None:
        self.paths, self.spots = paths, spots
        self.index = {path: n for n, path in enumerate(paths)}


class CompactFacts(Mapping[str, Fact]):
    """The facts of one filing, made when asked for: the values are its own, the rest is shared."""

    __slots__ = ("layout", "values_")

    def __init__(self, layout: Layout, values: tuple[str | None, ...]) -> None:
        self.layout, self.values_ = layout, values

    def __getitem__(self, path: str) -> Fact:
        n = self.layout.index[path]
        value = self.values_[n]
        if value is None:
            raise KeyError(path)
        return Fact(path, value, *self.layout.spots[n])

    # the mixin's own, by way of an exception, takes three times as long
    def get(self, path: str, default: Any = None) -> Any:
        n = self.layout.index.get(path)
        value = None if n is None else self.values_[n]
        return default if n is None or value is None else Fact(path, value, *self.layout.spots[n])

    def stated(self) -> Iterator[tuple[str, str | None]]:
        """Each path with what it says; None where it says nothing and is no fact."""
        return zip(self.layout.paths, self.values_, strict=True)

    def __contains__(self, path: object) -> bool:
        n = self.layout.index.get(cast(str, path))
        return n is not None and self.values_[n] is not None

    def __iter__(self) -> Iterator[str]:
        return (path for path, value in zip(self.layout.paths, self.values_, strict=True) if value is not None)

    def __len__(self) -> int:
        return sum(value is not None for value in self.values_)


class CompactPlaces(Mapping[str, Where]):
    """Where the values of one filing stand, blank amounts included."""

    __slots__ = ("book", "layout")

    def __init__(self, layout: Layout, book: str) -> None:
        self.layout, self.book = layout, book

    def __getitem__(self, path: str) -> Where:
        return Where(path, *self.layout.spots[self.layout.index[path]], self.book)

    def get(self, path: str, default: Any = None) -> Any:
        n = self.layout.index.get(path)
        return default if n is None else Where(path, *self.layout.spots[n], self.book)

    def __iter__(self) -> Iterator[str]:
        return iter(self.layout.paths)

    def __len__(self) -> int:
        return len(self.layout.paths)


# ---- into bytes --------------------------------------------------------------------
def pack(spec: FormSpec | None, received: Received, *, whole: bool) -> Compact:
    """The file as bytes; `whole` with the facts that no summary looks at. A file that gave no filing
    (`spec` is None) has its findings only."""
    filing = received.filing
    needed, other = _parted(spec, received) if spec is not None else ([], [])
    head = [
        filing.form, filing.edition, filing.year, filing.stage, filing.unit.name, filing.unit.key, filing.revision,
        filing.issued_to, received.issued_name, content_digest(filing) if spec is not None else "",
        None if received.approved is None else str(received.approved), digest_before(filing) if spec is not None else "",
    ]  # fmt: skip
    paths, values, sheets, cells = zip(*needed, strict=True) if needed else ((), (), (), ())
    findings = [_told(finding, received.book) for finding in received.findings]
    # where the values stand is a line of its own: the same for most filings, it is taken apart once
    said = _written([head, values, findings]) + b"\n" + _written([paths, sheets, cells])
    return Compact(zlib.compress(said, LEVEL), zlib.compress(_written(other), LEVEL) if whole else b"")


def _parted(spec: FormSpec, received: Received) -> tuple[list[_Row], list[_Row]]:
    """What a summary looks at, in the order of the filing, and the rest: money and quantities whole, of an
    indicator its value and the figures of what became of it, and what the cover says."""
    wanted: dict[str, tuple[str, ...]] = {QUANTITIES: ()}
    for block in spec.block:
        if isinstance(block, MoneyTable | Fields):
            wanted[block.id] = ()
        elif isinstance(block, IndicatorTable):
            outcome = outcome_columns(block)
            wanted[block.id] = tuple(f".{c}" for c in (outcome.needed if outcome else (block.main_column.id,)))
    needed: list[_Row] = []
    other: list[_Row] = []
    for fact in received.filing.facts.values():
        endings = wanted.get(_BLOCK.findall(fact.path)[0])
        looked_at = endings is not None and (not endings or fact.path.endswith(endings))
        (needed if looked_at else other).append((fact.path, fact.value, fact.sheet, fact.cell))
    blank = received.places.keys() - received.filing.facts.keys()
    money = tuple(f"{table.id}." for table in spec.money_tables())
    for path in sorted(path for path in blank if path.startswith(money)):
        where = received.places[path]
        needed.append((path, None, where.sheet, where.cell))
    return needed, other


def _told(finding: Finding, book: str) -> list[object]:
    where = finding.where
    params = {key: None if key == "book" and value == book else value for key, value in finding.params.items()}
    return [finding.code, finding.severity, where.path, where.sheet, where.cell, params, finding.suggested, finding.reason]


def _written(said: object) -> bytes:
    """As JSON on one line."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


# ---- and back ----------------------------------------------------------------------
class Unpacker:
    """Readings back from their bytes; what is the same in many of them is kept once."""

    def __init__(self) -> None:
        self._layouts: dict[bytes, Layout] = {}
        self._texts: dict[str, str] = {}
        self._spots: dict[tuple[str, str], tuple[str, str]] = {}

    def received(self, said: bytes, book: str, digest: str) -> Received:
        """What the summary needs of the file, which is now called `book`."""
        own, _, written = zlib.decompress(said).partition(b"\n")
        head, values, findings = json.loads(own)
        form, edition, year, stage, name, key, revision, issued_to, issued_name, content, approved, before = head
        layout = self._layouts.get(written) or self._layout(written)
        # words come again, amounts do not
        kept = tuple([None if value is None else value if value[-1:].isdigit() else self._kept(value) for value in values])
        filing = Filing(
            self._kept(form), self._kept(edition), year, self._kept(stage), Unit(name, key),
            cast("dict[str, Fact]", CompactFacts(layout, kept)), revision, book, issued_to,
        )  # fmt: skip
        return Received(
            filing, book, tuple(self._finding(told, book) for told in findings),
            cast("dict[str, Where]", CompactPlaces(layout, book)), issued_name, digest,
            None if approved is None else Decimal(approved), content, before,
        )  # fmt: skip

    def _layout(self, written: bytes) -> Layout:
        paths, sheets, cells = json.loads(written)
        spots = tuple(self._spots.setdefault(spot, spot) for spot in zip(sheets, cells, strict=True))
        layout = self._layouts[written] = Layout(tuple(map(self._kept, paths)), spots)
        return layout

    def _finding(self, told: list[Any], book: str) -> Finding:
        code, severity, path, sheet, cell, params, suggested, reason = told
        mended = {self._kept(key): book if value is None else self._kept(value) for key, value in params.items()}
        where = Where(self._kept(path), self._kept(sheet), self._kept(cell), book)
        return Finding(self._kept(code), self._kept(severity), where, mended, suggested, reason)

    def _kept(self, text: Any) -> Any:
        return self._texts.setdefault(text, text)


def whole_filing(received: Received, rest: bytes) -> Filing:
    """The filing with every fact, as it is deposited."""
    other = {path: Fact(path, value, sheet, cell) for path, value, sheet, cell in json.loads(zlib.decompress(rest))}
    return replace(received.filing, facts=dict(received.filing.facts) | other)
