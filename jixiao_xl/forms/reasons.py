"""情况说明: what a unit says for a warning, as facts, and where they stand on their sheet.

A reason is addressed by the code and the fact path of the finding it answers:
`reasons[FND201/funds.expense.total.current].text`. What a person wrote as the place and nobody can
find (`资金情况!Z99`) stays as the second name, so that nothing that was written is lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from jixiao_xl.forms.plan import ReasonLine, Slot
from jixiao_xl.model.facts import Fact, FactPath, Filing, parse_path
from jixiao_xl.model.places import address
from jixiao_xl.model.records import dataclass

BLOCK = "reasons"
SHEET = "情况说明"
CODE, PLACE, TEXT = 1, 2, 3
"""Columns of the sheet."""
KEY_ROW = 4
FIRST_ROW = KEY_ROW + 1
SHOWN, SPARE = 20, 40
MAX_CHARS = 200
_CELL = re.compile(r"'?([^'!]+)'?!\$?([A-Z]{1,2})\$?([0-9]{1,5})")
Key = tuple[str, str]
"""The code of a finding, and its fact path (or its place, where it has no path)."""


@dataclass(frozen=True)
class Reason:
    """One reason as filed. `path` is the address of the fact, `about` what it answers."""

    path: str
    about: Key
    text: str


def reason_path(code: str, about: str) -> str:
    return FactPath(BLOCK, "text", names=(code, about)).text


def is_reason(path: FactPath) -> bool:
    """Whether the path is the address of a reason, wholly written."""
    return path == FactPath(BLOCK, "text", names=path.names) and len(path.names or ()) == 2


def reasons_of(filing: Filing) -> list[Reason]:
    """Every reason of the filing, in the order given."""
    found = []
    for fact in filing.facts.values():
        if fact.path.startswith(f"{BLOCK}[") and is_reason(path := parse_path(fact.path)):
            assert path.names is not None
            found.append(Reason(fact.path, (path.names[0], path.names[1]), fact.value.strip()))
    return found


def paths_by_cell(cells: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Fact paths by cell, from (path, sheet, cell), as `with_found_places` looks them up."""
    return {spoken_cell(f"{sheet}!{cell}"): path for path, sheet, cell in cells}


def spoken_cell(text: str) -> str:
    """`'资金情况'!$d$6`, `资金情况！Ｄ6` or `资金情况!D6` as `资金情况!D6`; empty when it names no cell."""
    plain = unicodedata.normalize("NFKC", text).strip()
    sheet, _, cell = plain.rpartition("!")
    found = _CELL.fullmatch(f"{sheet.strip()}!{cell.strip().upper()}")
    return f"{found[1]}!{found[2]}{found[3]}" if found else ""


def with_found_places(facts: Iterable[Fact], paths: Mapping[str, str]) -> dict[str, Fact]:
    """The facts by path, reasons addressed by the fact path of the cell they name.

    `paths` gives the fact path of a cell (`资金情况!D6`) or of a path written otherwise. Two reasons
    for one thing become one.
    """
    settled: dict[str, Fact] = {}
    for fact in facts:
        path = parse_path(fact.path) if fact.path.startswith(f"{BLOCK}[") else None
        if path is None or not is_reason(path):
            settled[fact.path] = fact
            continue
        assert path.names is not None
        if not fact.value.strip():
            continue
        code, about = unicodedata.normalize("NFKC", path.names[0]).strip().upper(), path.names[1].strip()
        text = reason_path(code, paths.get(spoken_cell(about)) or paths.get(about, about))
        before = settled.get(text)
        value = fact.value if before is None or before.value == fact.value else f"{before.value}；{fact.value}"
        settled[text] = Fact(text, value, fact.sheet, fact.cell)
    return settled


def reason_lines(filing: Filing, places: Mapping[str, Slot]) -> tuple[ReasonLine, ...]:
    """The filled rows of the sheet; `places` are the cells of the form by path."""
    lines = []
    for n, reason in enumerate(reasons_of(filing)):
        code, about = reason.about
        where = f"{places[about].sheet}!{places[about].cell}" if about in places else about
        slot = Slot(SHEET, FIRST_ROW + n, TEXT, "input", "text", "text", SHEET, parse_path(reason.path), max_chars=MAX_CHARS)
        lines.append(ReasonLine(code, where, slot))
    return tuple(lines)


def cell_of(line: ReasonLine) -> str:
    return address(line.slot.row, line.slot.column)
