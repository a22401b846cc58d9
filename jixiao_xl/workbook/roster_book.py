"""The roster (应报单位名单) as a workbook, both ways, and the list of what was issued."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jixiao_xl.consolidate.departments import circles
from jixiao_xl.consolidate.roster import COLUMNS, REQUIRED_COLUMNS, RosterRow
from jixiao_xl.model.facts import LONGEST_KEY, LONGEST_NAME
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.machine_errors import said_by_machine
from jixiao_xl.model.names import as_shown
from jixiao_xl.model.places import Where, address
from jixiao_xl.workbook.file_sheets import FileSheets
from jixiao_xl.workbook.fitting import fit_rows
from jixiao_xl.workbook.guard import Refused, parts_of
from jixiao_xl.workbook.pages import Book, Page, Rule
from jixiao_xl.workbook.raw import RawBook
from jixiao_xl.workbook.reading import unreadable
from jixiao_xl.workbook.write import book_bytes

SHEET = "应报单位名单"
ISSUED = "下发清单"
ROWS = 200
_BETWEEN = re.compile(r"[,，、;；\n]")
_BLANK = re.compile(r"\s+")
_CHOICES = {"level": ("本级", "所属", "部门汇总"), "included": ("纳入", "不纳入")}
_ADVICE = {
    "division_code": "行政区划代码填6位数字。",
    "unit_code": f"填预算单位代码，连行政区划代码不超过{LONGEST_KEY}字。",
    "name": f"填单位名称，不超过{LONGEST_NAME}字。",
    "level": "填 本级、所属 或 部门汇总。",
    "received_on": "写成 2026-11-30；不知道的留空。",
    "included": "填 纳入 或 不纳入。",
    "decided_by": "不纳入的，要写明决定人和理由。",
}
_WIDTHS = {"name": 30, "supervisor": 22, "former_codes": 22, "decided_why": 26, "used_book": 30}


def empty_roster(rows: Sequence[RosterRow] = ()) -> bytes:
    """A roster to fill in, or the given rows written into one."""
    page = Page(SHEET, protected=False, landscape=True, numbers_as_text=True)
    page.put(0, 0, "应报单位名单", "title", to=(0, 6))
    page.put(
        1,
        0,
        "每个单位一行；代码按文本填写。层级填了部门汇总的，其本级、所属单位在主管部门列写它的名称或代码，汇总时只计一级。曾用代码：由几个单位合并来的用逗号分开，先后换过的写成 旧→新。收到日期：与登记的不同、以这里为准的才填，如 2026-11-30。后四列由审核人填写：是否纳入汇总、谁决定、理由；一家报了几份时写明采用哪个文件。",
        "hint",
        to=(1, 12),
    )
    page.heights[1] = 48
    for column, (field, heading) in enumerate(COLUMNS):
        page.put(2, column, heading, "head")
        page.widths[column] = _WIDTHS.get(field, 14)
    for n in range(max(ROWS, len(rows))):
        values = _texts(rows[n]) if n < len(rows) else {}
        for column, (field, heading) in enumerate(COLUMNS):
            page.put(3 + n, column, values.get(field) or None, "input_text", locked=False)
            if field in _CHOICES:
                page.rules[3 + n, column] = Rule(
                    "list", _CHOICES[field], title=heading, message="从下拉列表选择。", refusal="请从下拉列表选择。"
                )
    page.freeze = (3, 3)
    page.repeat_rows = (2, 2)
    return book_bytes(Book([page], title=SHEET))


def _texts(row: RosterRow) -> dict[str, str]:
    return {field: "、".join(value) if isinstance(value := getattr(row, field), tuple) else str(value) for field, _ in COLUMNS}


def read_roster(path: Path) -> tuple[list[RosterRow], list[Finding]]:
    """The rows of a roster; what is wrong with it comes back as ROS and WBK findings."""
    try:
        content = path.read_bytes()
        sheets = FileSheets(content, RawBook(parts_of(content)))
        sheet = SHEET if SHEET in sheets.names else next(iter(sheets.book.sheet_names), "")
        rows = sheets.rows(sheet)
    except Refused as refusal:
        return [], [unreadable(path.name, refusal.why, refusal.advice)]
    except OSError as error:
        return [], [unreadable(path.name, said_by_machine(error), "关闭正在打开的文件，检查权限后再试。")]
    return _parsed(path.name, sheet, [[_text(value) for value in row] for row in rows])


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return as_shown(str(value)).strip()


def _parsed(book: str, sheet: str, grid: list[list[str]]) -> tuple[list[RosterRow], list[Finding]]:
    fields = {heading: field for field, heading in COLUMNS}
    tidied = [[_BLANK.sub("", text) for text in row] for row in grid[:20]]
    head = next((n for n, row in enumerate(tidied) if "单位名称" in row), None)
    columns: dict[str, int] = {}
    for column, heading in enumerate(tidied[head] if head is not None else ()):
        if heading in fields:
            columns.setdefault(fields[heading], column)
    lacking = [field for field in REQUIRED_COLUMNS if field not in columns]
    if lacking or head is None:
        return [], [Finding("ROS102", "error", Where(sheet=sheet, book=book), {"column": dict(COLUMNS)[f]}) for f in lacking]
    findings: list[Finding] = []
    rows: list[RosterRow] = []
    for n, line in enumerate(grid[head + 1 :], head + 2):
        values: dict[str, Any] = {field: line[c] if c < len(line) else "" for field, c in columns.items()}
        if not any(values.values()):
            continue
        former = tuple(c.strip() for c in _BETWEEN.split(values.pop("former_codes", "")) if c.strip())
        row = RosterRow(row=n, former_codes=former, **values)  # what is wrong with it, `faults` says
        findings += [_bad_cell(book, sheet, n, columns, values, field) for field in row.faults]
        if not row.faults:
            rows.append(row)
    rows, doubled = _without_doubles(rows)
    for code, field, row, params in (*doubled, *(("ROS106", "supervisor", r, {"stated": r.supervisor}) for r in circles(rows))):
        where = Where(sheet=sheet, cell=address(row.row - 1, columns[field]), book=book)
        findings.append(Finding(code, "error", where, {"row": str(row.row), **params}))
    return rows, findings


_Fault = tuple[str, str, RosterRow, dict[str, str]]
"""Code, field, row and what else there is to say of it."""


def _without_doubles(rows: list[RosterRow]) -> tuple[list[RosterRow], list[_Fault]]:
    """The rows whose codes no earlier row has, and the others: ROS105 where both only say it was theirs."""
    seen: dict[str, int] = {}
    present = {row.key for row in rows}
    kept: list[RosterRow] = []
    faults: list[_Fault] = []
    for row in rows:
        doubled = next((key for key in row.all_keys if key in seen), None)
        if doubled is None:
            seen |= dict.fromkeys(row.all_keys, row.row)
            kept.append(row)
            continue
        params = {"other": str(seen[doubled]), "key": doubled}
        faults.append(("ROS101", "unit_code", row, params) if doubled in present else ("ROS105", "former_codes", row, params))
    return kept, faults


def _bad_cell(book: str, sheet: str, n: int, columns: dict[str, int], values: dict[str, str], field: str) -> Finding:
    cell = address(n - 1, columns.get(field, 0))
    params = {
        "row": str(n),
        "column": dict(COLUMNS).get(field, field),
        "stated": values.get(field, ""),
        "advice": _ADVICE.get(field, "改正后再试。"),
    }
    return Finding("ROS103", "error", Where(sheet=sheet, cell=cell, book=book), params)


def issued_list(title: str, rows: Sequence[tuple[str, str, str, str]]) -> bytes:
    """The 下发清单: (单位代码, 单位名称, 文件, 带出情况) lines, each with a link to its file."""
    page = Page(ISSUED, protected=False)
    page.put(0, 0, title, "title", to=(0, 4))
    for column, (heading, width) in enumerate(
        (("序号", 6), ("单位代码", 18), ("单位名称", 32), ("文件", 46), ("上年数带出情况", 40))
    ):
        page.put(1, column, heading, "head")
        page.widths[column] = width
    for n, row in enumerate(rows, 1):
        page.put(1 + n, 0, str(n), "cell_center")
        for column, text in enumerate(row, 1):
            page.put(1 + n, column, text, "cell")
        page.external[1 + n, 3] = row[2]
    page.freeze = (2, 0)
    fit_rows(page)
    return book_bytes(Book([page], title=title))
