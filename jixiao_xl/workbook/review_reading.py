"""A filled 审核工作簿 as lines: what each row stood at when it was written, and what it says now."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from jixiao_xl.model.facts import STAGES
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.machine_errors import said_by_machine
from jixiao_xl.model.places import Where, row_and_column
from jixiao_xl.model.records import dataclass
from jixiao_xl.model.review import ANSWERS, ASPECTS, GRADES, INCLUDED, STATES
from jixiao_xl.workbook.areas import REFERENCE
from jixiao_xl.workbook.file_sheets import FileSheets
from jixiao_xl.workbook.guard import Refused, parts_of
from jixiao_xl.workbook.raw import RawBook
from jixiao_xl.workbook.reason_sheet import keyed_rows
from jixiao_xl.workbook.review_pages import COLUMNS, FINDINGS, FREE, MAX_TEXT, NAMES, PROGRESS, SELF, SELF_FIELDS

_DATE = re.compile(r"(20[0-9]{2})[-年/.]([0-9]{1,2})[-月/.]([0-9]{1,2})日?(?:[ T].*)?\Z")
_CELL = re.compile(r"\$?[A-Z]{1,2}\$?[0-9]{1,5}\Z")
_WORDS: dict[str, tuple[str, ...]] = {
    "state": STATES,
    "answer": ANSWERS,
    "included": INCLUDED,
    "overall": GRADES,
    **dict.fromkeys(ASPECTS, GRADES),
}
_TEXTS = ("text", "why", "included_why")
_OPINION = frozenset(("path", "sheet", "cell", "text", "code", "answer", "about", "version"))
_GIVEN = {
    PROGRESS: frozenset(("unit", "was", "version", "included", "included_why", "overall", *ASPECTS)),
    FINDINGS: _OPINION,
    FREE: _OPINION,
}
"""What every row's `given` says."""
_CHANGED = "标题行、隐藏的行列或隐藏的表被删改"


@dataclass(frozen=True)
class ReviewLine:
    """One row of a book: `given` is what it stood at, `said` what it says now, both by column key.

    `on` is an ISO date, empty where none was written; `unit` is empty where the row does not say.
    """

    sheet: str
    row: int
    unit: str
    key: str
    given: Mapping[str, str]
    said: Mapping[str, str]
    by: str
    on: str

    @property
    def place(self) -> str:
        return f"“{self.sheet}”第 {self.row} 行"

    def changed(self, *keys: str) -> bool:
        """Whether any of these is no longer what it was."""
        return any(self.said.get(key, "") != self.given.get(key, "") for key in keys)

    @property
    def version(self) -> int:
        """The version of the filing that the row was written about; 0 without one."""
        stated = self.given.get("version", "")
        return int(stated) if stated else 0


@dataclass
class ReadBook:
    """What a file gave. Without a `form` it is no book of ours, and `findings` say why."""

    book: str
    form: str = ""
    year: int = 0
    stage: str = ""
    made_on: str = ""
    lines: list[ReviewLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_review(path: Path, name: str = "") -> ReadBook:
    """Every row of the book that says something; what cannot be understood is a finding, and only
    that row is passed over."""
    read = ReadBook(name or path.name)
    try:
        content = path.read_bytes()
        sheets = FileSheets(content, RawBook(parts_of(content)))
        _read_into(read, sheets)
    except Refused as refusal:
        _not_ours(read, refusal.why)
    except OSError as error:
        _not_ours(read, said_by_machine(error))
    return read


def _not_ours(read: ReadBook, why: str) -> None:
    read.form, read.lines = "", []
    read.findings = [Finding("REV108", "error", Where(book=read.book), {"book": read.book, "why": why})]


def _read_into(read: ReadBook, sheets: FileSheets) -> None:
    if SELF not in sheets.names:
        return _not_ours(read, "不是审核工作簿")
    own = {sheets.text(SELF, row, 0): sheets.text(SELF, row, 1) for row in range(len(SELF_FIELDS))}
    if not (own.get("form") and own.get("year", "").isdigit() and own.get("stage") in STAGES):
        return _not_ours(read, _CHANGED)
    read.form, read.year, read.stage, read.made_on = own["form"], int(own["year"]), own["stage"], own.get("made_on", "")
    by, on = _named(sheets, "jx.review.by"), _named(sheets, "jx.review.on")
    for sheet, area in NAMES.items():
        keys = [column.key for column in COLUMNS[sheet] if column.key]
        rows = list(keyed_rows(sheets, area, keys))
        if not rows and sheet != FINDINGS:  # a book in which nothing was found has no such rows
            return _not_ours(read, f"“{sheet}”的{_CHANGED}")
        for row in rows:
            texts = {key: cell.value for key, cell in row.items()}
            number = row_and_column(row["given"].cell)[0] + 1
            _line(read, sheet, number, texts, (by, on))
    return None


def _named(sheets: FileSheets, name: str) -> str:
    """What the one cell of that name shows; empty where the name is gone."""
    place = REFERENCE.match(sheets.defined_names.get(name, ""))
    if place is None:
        return ""
    row, column = row_and_column(f"{place[3]}{place[4]}")
    sheet = place[1] or place[2]
    return sheets.text(sheet, row, column).strip() if sheet in sheets.names else ""


def _line(read: ReadBook, sheet: str, row: int, texts: dict[str, str], whole: tuple[str, str]) -> None:
    """One row into the book's lines, or the findings that say why not."""
    given = _given(sheet, texts)
    inputs = {column.key: texts[column.key] for column in COLUMNS[sheet] if column.input}
    by, on = inputs.pop("by"), inputs.pop("on")
    said = {key: text for key, text in inputs.items() if key != "who"}
    if sheet == FREE and not texts["given"]:
        if not any(said.values()):
            return
        given = {}
    line = ReviewLine(
        sheet, row, texts["unit"] or texts.get("who", ""), texts.get("key", ""), given or {}, said, by or whole[0], ""
    )
    if given is None or not line.unit or (sheet != PROGRESS and texts["given"] and not line.key):
        if any(said.values()):
            params = {"sheet": sheet, "row": str(row)}
            read.findings.append(Finding("REV112", "error", _at(read, line), params))
        return
    keys = tuple(key for key in said if key not in ("sheet", "cell") or not given)
    if not line.changed(*keys):
        return
    troubles = [trouble for key in keys if (trouble := _trouble(read, line, key))]
    date = iso_date(on or whole[1])
    if date is None:
        troubles.append(_bad(read, line, "日期", on or whole[1], "写成 2026-11-21 的样子，或清空。"))
    read.findings += troubles
    if not troubles:
        read.lines.append(ReviewLine(sheet, row, line.unit, line.key, line.given, said, line.by, date or ""))


def _given(sheet: str, texts: Mapping[str, str]) -> dict[str, str] | None:
    """What a row stood at; None where somebody changed a hidden cell."""
    try:
        found = json.loads(texts["given"])
    except ValueError:
        return None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        return None
    whole = _GIVEN[sheet] <= found.keys() and found["version"].isdecimal()
    return found if whole and found.get("unit", texts["unit"]) == texts["unit"] else None


def iso_date(text: str) -> str | None:
    """`2026年11月3日`, `2026-11-3` as 2026-11-03; empty for nothing, None for what is no date."""
    if not text:
        return ""
    found = _DATE.match(text)
    if found is None or not (1 <= int(found[2]) <= 12 and 1 <= int(found[3]) <= 31):
        return None
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"


def _trouble(read: ReadBook, line: ReviewLine, key: str) -> Finding | None:
    """What is wrong with one filled cell."""
    stated = line.said[key]
    heading = next(column.heading for column in COLUMNS[line.sheet] if column.key == key)
    if key in _WORDS and stated and stated not in _WORDS[key]:
        return _bad(read, line, heading, stated, "从下拉列表选择：" + "、".join(_WORDS[key]) + "。")
    if key in _TEXTS and len(stated) > MAX_TEXT:
        return _bad(read, line, heading, f"{stated[:20]}……（{len(stated)} 字）", f"最多{MAX_TEXT}字，请写短一些。")
    if key == "cell" and stated and not _CELL.match(stated.upper()):
        return _bad(read, line, heading, stated, "写单元格，如 D10；说整张表的不填。")
    return None


def _bad(read: ReadBook, line: ReviewLine, heading: str, stated: str, advice: str) -> Finding:
    params = {"sheet": line.sheet, "row": str(line.row), "column": heading, "stated": stated, "advice": advice}
    return Finding("REV110", "error", _at(read, line), params)


def _at(read: ReadBook, line: ReviewLine) -> Where:
    return Where(sheet=line.sheet, cell=f"C{line.row}", book=read.book)
