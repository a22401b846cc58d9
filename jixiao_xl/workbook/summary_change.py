"""同比: this year against last year, by line and unit; a threshold in one cell, which a person may change."""

from __future__ import annotations

from decimal import Decimal

from jixiao_xl.consolidate.summary import MoneySummary
from jixiao_xl.consolidate.year_on_year import Change, LineChange, line_changes
from jixiao_xl.forms.expr import Cell, Expr, call
from jixiao_xl.forms.outcome_words import spoken
from jixiao_xl.model.amounts import SUM_PLACES, half_up
from jixiao_xl.model.ratios import RATE_PLACES
from jixiao_xl.rules.pack import load_pack
from jixiao_xl.workbook.bulk_rows import MOST_LINKS
from jixiao_xl.workbook.pages import Alike, Content, Page, Rows, Rule
from jixiao_xl.workbook.summary_frame import MISSING, Frame, row_label

SHEET = "同比"
THRESHOLD, FLOOR = (1, 3), (1, 6)
_COLUMNS = (
    ("项目", 34.0), ("单位名称", 30.0), ("本年数", 14.0), ("上年数", 14.0), ("增减额", 14.0), ("变动率", 11.0),
    ("上年数来源", 16.0), ("说明", 34.0),
)  # fmt: skip
THIS, LAST, GAP, RATE = 2, 3, 4, 5
ALL = "合计（两年都有数的单位）"


def change_page(frame: Frame) -> Page | None:
    """None where nothing is known of any last year."""
    tables = [(money, line_changes(frame.summary, money)) for money in frame.summary.money]
    if not any(changes for _, changes in tables):
        return None
    threshold, floor = thresholds(frame)
    page = frame.page(SHEET, "与上年相比", _COLUMNS)
    page.put(1, 0, "变动率超过阈值的标色（阈值可改，单位小额不标）", "hint", to=(1, 1))
    page.put(1, 2, "阈值", "hint_right")
    page.put(*THRESHOLD, threshold, "input_percent")
    page.put(1, 4, "不标的小额", "hint_right", to=(1, 5))
    page.put(*FLOOR, floor, "input_money")
    page.put(1, 7, "万元以内", "hint")
    page.rules[THRESHOLD] = Rule("decimal", low="0", high="10", title="变动阈值", refusal="请填 0 到 10 之间的比例，如 20%。")
    row = 3
    for money, changes in tables:
        for change in changes:
            row = _line(frame, page, money, change, row)
    _marks(page, row - 1)
    page.filter = (2, 0, row - 1, len(_COLUMNS) - 1)
    return page


def thresholds(frame: Frame) -> tuple[Decimal, Decimal]:
    """The share of change, and the amount in 万元 below which it is no matter, both of the rule pack."""
    pack = load_pack(frame.summary.spec.form.pack)
    return pack.threshold["year_on_year"], pack.threshold["year_on_year_floor"]


def _line(frame: Frame, page: Page, money: MoneySummary, change: LineChange, row: int) -> int:
    """The sum of the comparable units, then the units, the largest changes first; the next free row."""
    what = f"{change.line.group.label}·{row_label(change.line)}"
    if money.rates:  # budget and executed are both compared
        what = "·".join((row_label(change.line), spoken(change.line.column.label)))
        what = what if len(money.table.group) == 1 else f"{change.line.group.label}·{what}"
    this, last = change.sums
    both = len(change.comparable)
    for column, (content, style) in enumerate((
        (what, "total"), (ALL, "total"), (this if both else MISSING, "money_total"), (last if both else MISSING, "money_total"),
        (_gap(page, row), "money_total"), (_rate(page, row), "rate_total"), ("", "total"),
        (f"{both} 家可比", "total"),
    )):  # fmt: skip
        page.put(row, column, content, style)
    shown = [c for c in change.units if c.this is not None or c.last is not None]
    shown.sort(key=lambda c: (c.rate is None, -abs(c.rate or Decimal(0)), c.place))
    styles = ("cell", "shown_link", "money", "money", "money", "rate", "cell_center", "cell")
    formulas = {GAP: Alike(lambda n: _gap(page, n)), RATE: Alike(lambda n: _rate(page, n))}
    table = Rows(row + 1, 0, styles, looks={MISSING: "missing"}, formulas=formulas)
    links = sum(len(one.links) for one in page.tables)
    for n, one in enumerate(shown, row + 1):
        unit = frame.summary.units[one.place]
        table.rows.append((
            what, unit.name, _amount(one.this), _amount(one.last), *_gap_and_rate(one), one.source, one.remark,
        ))  # fmt: skip
        if (file := frame.files[one.place]) and links + len(table.links) < MOST_LINKS:
            table.links[n, 1] = file
    page.tables.append(table)
    return row + 1 + len(shown)


def _amount(amount: Decimal | None) -> Content:
    return MISSING if amount is None else amount


def _gap_and_rate(one: Change) -> tuple[Content, Content]:
    """What `_gap` and `_rate` give for the unit."""
    if one.this is None or one.last is None:
        return "", ""
    return half_up(one.this - one.last, SUM_PLACES), "—" if one.rate is None else one.rate


def _gap(page: Page, row: int) -> Expr:
    a, b = page.at(row, THIS), page.at(row, LAST)
    return call("IF", call("COUNT", a, b).lt(2), "", call("ROUND", a - b, SUM_PLACES))


def _rate(page: Page, row: int) -> Expr:
    a, b = page.at(row, THIS), page.at(row, LAST)
    rate = call("IF", b.eq(0), "—", call("ROUND", (a - b) / call("ABS", b), RATE_PLACES))
    return call("IF", call("COUNT", a, b).lt(2), "", rate)


def _marks(page: Page, last: int) -> None:
    rate, gap = page.at(3, RATE), page.at(3, GAP)
    threshold, floor = (Cell(page.name, *place, absolute=True) for place in (THRESHOLD, FLOOR))
    matters = call("AND", call("ABS", rate).gt(threshold), call("NOT", call("ABS", gap).lt(floor)))
    page.area_marks.append(((3, RATE, last, RATE), call("IF", call("ISNUMBER", rate), matters, 0), "ask"))
