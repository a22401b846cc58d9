"""审核问题 by rule and by unit, and 问题清单 with every single one; each leads on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao_xl.consolidate.common_findings import by_rule, by_unit
from jixiao_xl.model.findings import SEVERITY_WORDS, Finding, Severity
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.bulk_rows import MOST_LINKS
from jixiao_xl.workbook.pages import Page, Rows
from jixiao_xl.workbook.summary_frame import Frame

RULES, UNITS, LIST = "审核问题", "审核问题-按单位", "问题清单"
_RULE_COLUMNS = (
    ("级别", 11.0), ("代码", 10.0), ("问题（举例）", 60.0), ("单位数", 8.0), ("条数", 8.0), ("已说明", 8.0), ("待处理", 8.0),
    ("情况说明（最多的几种）", 46.0),
)  # fmt: skip
_UNIT_COLUMNS = (
    ("单位名称", 28.0), ("文件", 30.0), ("必须修改", 8.0), ("待说明", 8.0), ("已说明", 8.0), ("供参考", 8.0),
    ("最多的", 10.0), ("问题（举例）", 50.0),
    ("条数", 8.0), ("情况说明（最多的几种）", 40.0),
)  # fmt: skip
_UNIT_STYLES = ("shown_link", "shown_link", *("count",) * 4, "shown_link", "cell", "count", "cell")
_LIST_COLUMNS = (
    ("序号", 6.0), ("单位", 26.0), ("级别", 12.0), ("代码", 10.0), ("位置", 26.0), ("问题", 60.0), ("怎么改", 44.0), ("情况说明", 36.0),
)  # fmt: skip
_MARKED: tuple[tuple[Severity, str], ...] = (("error", "bad"), ("warning", "ask"))


def finding_pages(frame: Frame) -> list[Page]:
    page, rows = _list(frame)
    return [_by_rule(frame, rows), _by_unit(frame, rows), page]


def _by_rule(frame: Frame, rows: dict[tuple[str, str], int]) -> Page:
    found = by_rule(frame.summary)
    page = frame.page(RULES, "审核问题（按问题，单位最多的在前）", _RULE_COLUMNS)
    page.put(1, 0, "点代码到问题清单里的第一条；在问题清单按代码筛选，就是全部。已说明的不必再问。", "hint", to=(1, 7))
    for row, one in enumerate(found, 3):
        page.put(row, 0, SEVERITY_WORDS[one.severity], "cell_center")
        page.put(row, 1, one.code, "shown_link").link = f"'{LIST}'!A{rows['code', one.code] + 1}"
        page.put(row, 2, one.example.message(), "cell")
        for column, number in enumerate((one.units, one.count, one.explained, one.open), 3):
            page.put(row, column, Decimal(number), "count")
        page.put(row, 7, _said(one.reasons), "cell")
    _finish(page, len(found), 0, len(_RULE_COLUMNS))
    return page


def _by_unit(frame: Frame, rows: dict[tuple[str, str], int]) -> Page:
    found = by_unit(frame.summary)
    page = frame.page(UNITS, "审核问题（按单位，必须修改最多的在前）", _UNIT_COLUMNS, fixed=1)
    page.put(1, 0, "点“最多的”一列的代码，到问题清单里该单位的第一条。", "hint", to=(1, 7))
    table = Rows(3, 0, _UNIT_STYLES)
    for row, one in enumerate(found, 3):
        most = (one.most.code, one.most.message(), Decimal(one.times)) if one.most else ("", "没有问题", "")
        counts = (Decimal(count) for count in (one.errors, one.waiting, one.explained, one.hints))
        table.rows.append((one.name, one.book, *counts, *most, _said(one.reasons)))
        table.links[row, 0] = table.links[row, 1] = frame.target(Where(book=one.book))
        if one.most:
            table.links[row, 6] = f"#'{LIST}'!A{rows['book', one.book] + 1}"
    page.tables.append(table)
    page.filter = (2, 0, 2 + max(len(found), 1), len(_UNIT_COLUMNS) - 1)
    return page


def _list(frame: Frame) -> tuple[Page, dict[tuple[str, str], int]]:
    """Every finding, and the first row of each code and of each file."""
    summary = frame.summary
    page = frame.page(LIST, "全部问题", _LIST_COLUMNS)
    names = {book: status.name for status in summary.statuses for book in status.books}
    found: Sequence[Finding] = [*summary.findings, *summary.judged]
    table = Rows(3, 0, ("count", "cell", "cell_center", "cell_center", "shown_link", "cell", "cell", "cell"))
    first: dict[tuple[str, str], int] = {}
    for n, finding in enumerate(found):
        row, where = 3 + n, finding.where
        if n >= len(summary.findings):
            first.setdefault(("code", finding.code), row)
            first.setdefault(("book", where.book), row)
        table.rows.append((
            Decimal(n + 1), names.get(where.book, finding.params.get("unit", "")),
            SEVERITY_WORDS[finding.severity] + ("（已说明）" if finding.explained else ""), finding.code,
            where.spoken() or "—", finding.message(), finding.remedy(), finding.reason,
        ))  # fmt: skip
        if where.book and n < MOST_LINKS:
            table.links[row, 4] = frame.target(where)
    page.tables.append(table)
    _finish(page, len(found), 2, len(_LIST_COLUMNS))
    return page, first


def _finish(page: Page, count: int, severity: int, columns: int) -> None:
    """Filter, and the severities marked in their column."""
    page.filter = (2, 0, 2 + max(count, 1), columns - 1)
    for word, look in _MARKED:
        own = page.at(3, severity).eq(SEVERITY_WORDS[word])
        page.area_marks.append(((3, severity, 2 + max(count, 1), severity), own, look))


def _said(reasons: Sequence[tuple[str, int]]) -> str:
    return "\n".join(f"{text}（{count}）" if count > 1 else text for text, count in reasons)
