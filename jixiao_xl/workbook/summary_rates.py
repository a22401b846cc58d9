"""执行率 and 预警灯 on 资金汇总: each line's rate, from the blocks of its amounts, and its light."""

from __future__ import annotations

from collections.abc import Iterable

from jixiao_xl.consolidate.summary import MoneySummary
from jixiao_xl.consolidate.totals import Rate, RateTotal
from jixiao_xl.consolidate.unit_results import light_of, month_of
from jixiao_xl.forms.expr import Area, Expr, Literal, call
from jixiao_xl.forms.outcome_words import Spending, spending_of, spoken
from jixiao_xl.forms.scored import INAPPLICABLE
from jixiao_xl.model.amounts import SUM_PLACES
from jixiao_xl.model.lights import OF_FUNDS
from jixiao_xl.model.ratios import RATE_PLACES
from jixiao_xl.workbook.lights_shown import light_up
from jixiao_xl.workbook.money_blocks import MoneyCells, heads, name_units, sections
from jixiao_xl.workbook.pages import Content, Page, Rows
from jixiao_xl.workbook.summary_frame import MISSING, Frame, named, row_label


def rate_blocks(frame: Frame, page: Page, cells: MoneyCells, money: MoneySummary, top: int) -> int:
    """The rates, and below them the lights, of a table that has them; the next free row."""
    spending = spending_of(money.table)
    if spending is None or not money.rates:
        return top
    top = _rates(frame, page, cells, money, spending, top) + 2
    return _lights(frame, page, money, spending, top) + 2 if spending.light is not None else top


def _rates(frame: Frame, page: Page, cells: MoneyCells, money: MoneySummary, spending: Spending, top: int) -> int:
    lines = [rate.executed for rate in money.rates]
    first, total_row = heads(frame, page, spoken(spending.rate.label), sections(lines), top)
    table, notes = Rows(first, 0, ("cell", "shown_link")), Rows(first, 2 + len(lines), ("cell",))
    name_units(frame, table, [])
    notes.rows += [(said,) for said in _why_not(frame)]
    page.tables += [table, notes]
    for column, rate in enumerate(money.rates, 2):
        (e_column, e_first, _), (b_column, b_first, _) = (cells.lines[own.path.text] for own in (rate.executed, rate.budget))
        for place in range(len(frame.summary.units)):
            executed, budget = page.at(e_first + place, e_column), page.at(b_first + place, b_column)
            page.put(first + place, column, rate_formula(executed, budget), "rate")
        total: Content = MISSING
        if rate.total is not None:
            last = len(frame.summary.units) - 1
            amounts = (Area(page.name, at, c, at + last, c) for at, c in ((e_first, e_column), (b_first, b_column)))
            total = rate_of_all(Area(page.name, first, column, first + last, column), *amounts)
        page.put(total_row, column, total, "rate_total")
        if frame.summary.units:
            page.area_marks.append(((first, column, total_row - 1, column), page.at(first, column).eq(MISSING), "lacking"))
        cells.rates[rate.path.text] = page.at(total_row, column)
    page.put(total_row, 2 + len(lines), _without(money.rates), "total")
    return total_row + 1


def _without(rates: Iterable[RateTotal]) -> str:
    """Who is in neither sum of a line."""
    said: dict[tuple[str, ...], list[str]] = {}
    for rate in rates:
        if rate.without:
            said.setdefault(rate.without, []).append(row_label(rate.executed))
    whole = "由执行数合计、预算数合计重算，不取平均"
    return "；".join([whole, *(f"{'、'.join(rows)}不含{named(names)}" for names, rows in said.items())])


def _why_not(frame: Frame) -> list[Content]:
    """What became of the units that are in no sum at all."""
    return [unit.status if unit.used is None else "" for unit in frame.summary.units]


def _lights(frame: Frame, page: Page, money: MoneySummary, spending: Spending, top: int) -> int:
    assert spending.light is not None
    lines = [rate.executed for rate in money.rates]
    first, total_row = heads(frame, page, spending.light.label, sections(lines), top)
    months = [month_of(spending, unit.used.filing if unit.used else None) for unit in frame.summary.units]
    pack, columns = frame.summary.spec.form.pack, list[list[Content]]()
    for column, rate in enumerate(money.rates, 2):
        amounts = zip(rate.executed.amounts, rate.budget.amounts, months, strict=True)
        columns.append([light_of(e.amount, b.amount, month, pack) or MISSING for e, b, month in amounts])
        area = Area(page.name, first, column, max(total_row - 1, first), column)
        page.put(total_row, column, counts_of(area, OF_FUNDS), "total_center")
        light_up(page, ((row, column) for row in range(first, total_row)))
    table = Rows(first, 0, ("cell", "shown_link", *("cell_center",) * len(lines), "cell"), looks={MISSING: "missing"})
    name_units(frame, table, [*columns, _why_not(frame)])
    page.tables.append(table)
    page.put(total_row, 2 + len(lines), "家数", "total")
    return total_row + 1


def rate_formula(executed: Expr, budget: Expr) -> Expr:
    """执行率 of two cells: 缺 without either, 不适用 over nothing."""
    rate = call("IF", budget.eq(0), INAPPLICABLE, call("ROUND", executed / budget, RATE_PLACES))
    return call("IF", call("COUNT", executed, budget).lt(2), MISSING, rate)


def rate_of_all(rates: Area, executed: Area, budget: Area) -> Expr:
    """The summed executed over the summed budget, of the units whose own rate is not 缺."""
    counts = f"<>{MISSING}"
    e, b = (call("ROUND", call("SUMIF", rates, counts, area), SUM_PLACES) for area in (executed, budget))
    return call("IF", b.eq(0), INAPPLICABLE, call("ROUND", e / b, RATE_PLACES))


def shown(rate: Rate) -> Content:
    """The rate in a cell."""
    return MISSING if rate is None else rate


def counts_of(area: Area, words: Iterable[str], before: str = "") -> Expr:
    """`红 2，黄 0，绿 7`, counted in the cells."""
    said: Expr = Literal(before)
    for n, word in enumerate(words):
        said = said & (f"，{word} " if n else f"{word} ") & call("COUNTIF", area, word)
    return said
