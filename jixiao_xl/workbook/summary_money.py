"""资金汇总: every unit's amounts, totals and shares as live formulas; who is missing is named beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jixiao_xl.consolidate.departments import said_beside_totals
from jixiao_xl.consolidate.summary import MoneySummary
from jixiao_xl.consolidate.totals import LineTotal
from jixiao_xl.forms.expr import Area, Expr, call
from jixiao_xl.model.amounts import SUM_PLACES
from jixiao_xl.model.facts import FactPath
from jixiao_xl.model.places import Where
from jixiao_xl.model.ratios import RATE_PLACES, share
from jixiao_xl.workbook.money_blocks import MoneyCells, heads, name_units, sections
from jixiao_xl.workbook.pages import Alike, Content, Page, Rows
from jixiao_xl.workbook.summary_frame import MISSING, Frame, named, row_label
from jixiao_xl.workbook.summary_rates import rate_blocks


def money_page(frame: Frame, n: int, money: MoneySummary) -> tuple[Page, MoneyCells]:
    """The sheet of the n-th money table, and where its numbers stand."""
    page = frame.paper(frame.sheet_of_money(n))
    page.put(0, 0, f"{frame.title}：{money.table.title}（单位：{money.table.unit}）", "title", to=(0, 8))
    page.heights |= {0: 28, 1: 20}
    rates = "执行率" if money.rates else "占比"
    page.put(1, 0, f"合计为公式；缺数的单位不计入合计，合计旁注明。{rates}由合计重算，不取平均。", "hint", to=(1, 8))
    page.widths = {0: 20, 1: 30}
    cells = MoneyCells(page.name)
    row = 3
    needed = {line.column.id for rate in money.rates for line in (rate.budget, rate.executed)}
    for column_id in dict.fromkeys(line.column.id for line in money.lines):
        lines = [line for line in money.lines if line.column.id == column_id]
        row = _block(frame, page, cells, money, lines, row) + 2
        needed.discard(column_id)
        if money.rates and not needed:
            row, needed = rate_blocks(frame, page, cells, money, row), {""}
    page.freeze = (3, 2)
    page.repeat_rows = (0, 1)
    return page, cells


def _block(frame: Frame, page: Page, cells: MoneyCells, money: MoneySummary, lines: list[LineTotal], top: int) -> int:
    """One column of the form over all units; shares, where the form has them, in a block below."""
    year = frame.words.years(lines[0].column.label)
    first, total_row = heads(frame, page, f"{year}（{money.table.unit}）", sections(lines), top)
    columns = {line.path.text: 2 + i for i, line in enumerate(lines)}
    note = 2 + len(lines)
    cells.lines.update({path: (column, first, total_row) for path, column in columns.items()})
    page.tables.append(_units(frame, page, lines, first))
    for line in lines:
        _total(page, line, first, total_row, columns[line.path.text])
    said = "；".join(filter(None, (without(lines), said_beside_totals(frame.summary.statuses))))
    page.put(total_row, note, said, "total")
    if not any(c.share_of == lines[0].column.id for c in money.table.columns):
        return total_row + 1
    return _shares(frame, page, lines, columns, f"{year}占比", first, total_row)


def _shares(
    frame: Frame, page: Page, lines: list[LineTotal], columns: dict[str, int], title: str, first: int, total_row: int
) -> int:
    top, note = total_row + 2, 2 + len(lines)
    share_first, share_last = heads(frame, page, title, sections(lines), top)
    wholes = [FactPath(line.path.block, line.path.column, (line.group.id, "total")).text for line in lines]
    table = Rows(share_first, 0, ("cell", "shown_link", *("rate",) * len(lines)), looks={MISSING: "missing"})
    shares = []
    by_path = {line.path.text: line for line in lines}
    for across, (line, path) in enumerate(zip(lines, wholes, strict=True), 2):
        whole = by_path.get(path)
        shares.append(_shares_of(line, whole) if whole else [""] * (len(frame.summary.units)))
        if whole:
            table.formulas[across] = Alike(_share_formula(page, across, columns[path]), first - share_first)
            page.put(share_last, across, _share(page, total_row, across, columns[path]), "rate")
        else:
            page.put(share_last, across, "", "rate")
    name_units(frame, table, shares)
    page.tables.append(table)
    page.put(share_last, note, "由合计重算", "cell")
    page.widths[note] = 40
    return share_last + 1


def _shares_of(line: LineTotal, whole: LineTotal) -> list[Content]:
    """What `_share` gives for each unit."""
    return [
        MISSING if own.amount is None or all_.amount is None else share(own.amount, all_.amount)
        for own, all_ in zip(line.amounts, whole.amounts, strict=True)
    ]


def _share_formula(page: Page, column: int, whole: int) -> Callable[[int], Expr]:
    return lambda row: _share(page, row, column, whole)


def _share(page: Page, row: int, column: int, whole: int) -> Expr:
    """The line's share of its group's total, from the amounts of the same row; 缺 without either."""
    a, b = page.at(row, column), page.at(row, whole)
    rate = call("IF", b.eq(0), 0, call("ROUND", a / b, RATE_PLACES))
    return call("IF", call("COUNT", a, b).lt(2), MISSING, rate)


def _units(frame: Frame, page: Page, lines: list[LineTotal], first: int) -> Rows:
    """A row for each unit; an amount with something to say about it (尾差) carries a note, and all of it stands
    in the last column."""
    table = Rows(first, 0, ("cell", "shown_link", *("money",) * len(lines), "cell"), looks={MISSING: "missing"})
    columns: list[list[Content]] = []
    notes: dict[int, list[str]] = {}
    for column, line in enumerate(lines, 2):
        columns.append([MISSING if own.amount is None else own.amount for own in line.amounts])
        for place, own in enumerate(line.amounts):
            if not own.note:
                continue
            notes.setdefault(place, []).append(f"{line.group.label}{line.row.label}{own.note}")
            used = frame.summary.units[place].used
            if own.amount is not None and used is not None:
                where = used.places.get(line.path.text) or Where(book=used.book)
                page.put(first + place, column, own.amount, "money").note = f"{own.note}\n{where.book} {where.sheet}!{where.cell}"
    units = enumerate(frame.summary.units)
    said: list[Content] = [unit.status if unit.used is None else "；".join(notes.get(place, ())) for place, unit in units]
    name_units(frame, table, [*columns, said])
    return table


def _total(page: Page, line: LineTotal, first: int, total_row: int, column: int) -> None:
    if total_row == first or line.total is None:
        page.put(total_row, column, MISSING, "missing")
        return
    area = Area(page.name, first, column, total_row - 1, column)
    page.put(total_row, column, call("ROUND", call("SUM", area), SUM_PLACES), "money_total")


def without(lines: Sequence[LineTotal]) -> str:
    """Who is in no total of the block, and who lacks single lines only."""
    everywhere = set(lines[0].without).intersection(*(line.without for line in lines))
    said = [f"不含{named([name for name in lines[0].without if name in everywhere])}"] if everywhere else []
    for line in lines:
        if more := [name for name in line.without if name not in everywhere]:
            said.append(f"{row_label(line)}另不含{named(more)}")
    return "；".join(said)
