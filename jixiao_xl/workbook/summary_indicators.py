"""指标汇总: one row an indicator, one column a unit, with total, spread and counts; above 200 units turned round.

Indicators that one unit wrote for itself are no row of a matrix: they stand in a list of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jixiao_xl.consolidate.indicator_spread import Spread, spread
from jixiao_xl.consolidate.outcomes import Outcome
from jixiao_xl.consolidate.summary import IndicatorLine, where_stated
from jixiao_xl.forms.outcome_words import spoken
from jixiao_xl.forms.spec import IndicatorTable
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.bulk_rows import MOST_LINKS
from jixiao_xl.workbook.pages import Content, Page, Rows
from jixiao_xl.workbook.summary_frame import MISSING, Frame, book_of

SHEET, OWN_SHEET = "指标汇总", "单位自设指标"
MOST_COLUMNS = 200
"""Units that get a column each; more of them get a row each."""
MOST_OWN = 200
"""Indicators of the units' own that are in the matrix, the most common ones; the rest is in the list."""
LIGHTS = "预警灯"
_FIGURES = (("合计", 13.0), ("最小", 10.0), ("中位数", 10.0), ("最大", 10.0), ("文字结果", 22.0), ("填报数", 8.0), ("空白数", 8.0), ("说明", 22.0))  # fmt: skip


def indicator_pages(frame: Frame) -> list[Page]:
    """The matrix, and the list of what is not in it, if there is any."""
    lines = frame.summary.indicators
    shared = sorted((line for line in lines if line.own and len(line.stated) > 1), key=lambda line: -len(line.stated))
    chosen = {id(line) for line in shared[:MOST_OWN]}
    inside = [line for line in lines if not line.own or id(line) in chosen]
    outside = [line for line in lines if line.own and id(line) not in chosen]
    turned = len(frame.summary.units) > MOST_COLUMNS
    return [_turned(frame, inside) if turned else _matrix(frame, inside), *([_list(frame, outside)] if outside else [])]


@dataclass(frozen=True)
class _Shown:
    """A row of the matrix: an indicator's target, or what was done of it; `values` by place, blanks as they look."""

    line: IndicatorLine
    what: str
    values: Sequence[Content]
    figures: list[tuple[Content, str]]


def _shown(frame: Frame, lines: Sequence[IndicatorLine], blank: str | None) -> Iterator[_Shown]:
    """Each indicator; below its target what became of it, where the form asks for that. `blank` is what stands where
    nobody expects a value: an empty cell with a frame, or none."""
    expected = _expected(frame)
    tables = {block.id: block for block in frame.summary.spec.block if isinstance(block, IndicatorTable)}
    light: list[tuple[Content, str]] = [("", "cell")] if _has_lights(lines) else []
    for line in lines:
        outcome, fill = line.outcome, blank if line.own else MISSING
        what = spoken(tables[line.block].main_column.label) if outcome else ""
        yield _Shown(line, what, [value or fill for value in line.values], _figures(spread(line, expected)) + light)
        if outcome is not None:
            done = replace(line, stated=outcome.done, own=False)
            values = [value or (MISSING if place in line.stated else blank) for place, value in enumerate(done.values)]
            said = "，".join(f"{word} {count}" for word, count in outcome.counted)
            counts: list[tuple[Content, str]] = [(said, "cell") for _ in light]
            yield _Shown(line, spoken(outcome.label), values, _figures(spread(done, len(line.stated))) + counts)


def _has_lights(lines: Sequence[IndicatorLine]) -> bool:
    return any(line.outcome and line.outcome.has_lights for line in lines)


def _expected(frame: Frame) -> int:
    """How many units' filings are counted: who has not filed at all leaves no blank."""
    return sum(unit.used is not None for unit in frame.summary.units)


def _block_titles(frame: Frame) -> dict[str, str]:
    return {block.id: frame.words.years(block.title).replace("{n}", "") for block in frame.summary.spec.block}


def _matrix(frame: Frame, lines: Sequence[IndicatorLine]) -> Page:
    units, depth = frame.summary.units, max((len(line.names) for line in lines), default=3)
    follows, figures = any(line.outcome for line in lines), _figure_heads(lines)
    heads = [
        ("表", 14.0), *((f"{n}级", 14.0) for n in "一二三四五"[: depth - 1]), ("指标名称", 26.0),
        *((("内容", 16.0),) if follows else ()), *figures, *((unit.name, 14.0) for unit in units),
    ]  # fmt: skip
    fixed = 1 + depth + follows
    page = frame.page(SHEET, "指标值", heads, fixed=fixed)
    said = "数量、金额在各单位比较符号和计量单位一致时相加；比率从不相加、不平均，只列最小、中位数、最大。单位自设的指标，没有填的留空。"
    page.put(1, 0, said, "hint", to=(1, fixed + len(figures) - 1))
    first_unit = fixed + len(figures)
    for place, unit in enumerate(units):
        if book := book_of(unit):
            page.external[2, first_unit + place] = frame.target(Where(book=book))
    names = Rows(3, 0, ("cell",) * fixed)
    values = Rows(3, first_unit, ("cell_center",) * len(units), looks={MISSING: "missing"})
    titles = _block_titles(frame)
    for n, row in enumerate(_shown(frame, lines, ""), 3):
        own = row.line.names
        middle = (*own[:-1], *("",) * (depth - len(own)))
        names.rows.append((titles[row.line.block], *middle, own[-1], *((row.what,) if follows else ())))
        values.rows.append(row.values)
        for column, (content, style) in enumerate(row.figures, fixed):
            page.put(n, column, content, style)
    page.tables += [names, values]
    page.filter = (2, 0, 2 + max(len(names.rows), 1), first_unit - 1)
    return page


def _figure_heads(lines: Sequence[IndicatorLine]) -> tuple[tuple[str, float], ...]:
    return (*_FIGURES, (LIGHTS, 14.0)) if _has_lights(lines) else _FIGURES


def _figures(of: Spread) -> list[tuple[Content, str]]:
    """The cells of `_FIGURES` with their styles; a percentage is a number shown as one."""
    style = "rate" if of.unit == "%" else "number_plain"
    grades = "，".join(f"{word} ×{count}" for word, count in of.grades[:6])
    more = f"等{len(of.grades)}种" if len(of.grades) > 6 else ""
    numbers: list[tuple[Content, str]] = [("" if n is None else n, style) for n in (of.low, of.middle, of.high)]
    measure = f"单位：{of.unit}" if of.unit not in ("", "%") and not of.total else ""
    remark = "；".join(filter(None, (measure, of.remark)))
    return [
        (of.total, "total_center"), *numbers, (grades + more, "cell"),
        (Decimal(of.stated), "count"), (Decimal(of.blanks), "count"), (remark, "cell"),
    ]  # fmt: skip


def _turned(frame: Frame, lines: Sequence[IndicatorLine]) -> Page:
    """Units in rows: a sheet is long, and 16,384 columns are few."""
    page = frame.paper(SHEET)
    page.put(0, 0, f"{frame.title}：指标值", "title", to=(0, 8))
    page.heights[0] = 28
    said = f"单位超过 {MOST_COLUMNS} 家，一行一个单位，一列一个指标。比率从不相加、不平均，只列最小、中位数、最大。"
    page.put(1, 0, said, "hint", to=(1, 8))
    follows = any(line.outcome for line in lines)
    labels = ["表", "所属", "指标名称", *(["内容"] if follows else []), *(name for name, _ in _figure_heads(lines))]
    for row, label in enumerate(labels, 2):
        page.put(row, 0, label, "head", to=(row, 1))
    first = 3 + len(labels)
    page.put(first - 1, 0, "单位代码", "head")
    page.put(first - 1, 1, "单位名称", "head")
    shown = list(_shown(frame, lines, None))
    page.widths = {0: 20, 1: 28} | dict.fromkeys(range(2, 2 + len(shown)), 16.0)
    titles = _block_titles(frame)
    for column, one in enumerate(shown, 2):
        over = (titles[one.line.block], " / ".join(one.line.names[:-1]), one.line.names[-1], *((one.what,) if follows else ()))
        for row, text in enumerate(over, 2):
            page.put(row, column, text, "head")
        for row, (content, style) in enumerate(one.figures, 2 + len(over)):
            page.put(row, column, content, style)
        page.put(first - 1, column, "·".join(filter(None, (one.line.names[-1], one.what))), "head")
    table = Rows(first, 0, ("cell", "shown_link", *("cell_center",) * len(shown)), looks={MISSING: "missing"})
    by_unit = zip(*(one.values for one in shown), strict=True) if shown else [()] * len(frame.summary.units)
    for place, (unit, values) in enumerate(zip(frame.summary.units, by_unit, strict=True)):
        # a blank of an own indicator is not even written: most of a wide sheet would be blanks
        table.rows.append((unit.key.lstrip("?"), unit.name, *values))
        if frame.files[place]:
            table.links[first + place, 1] = frame.files[place]
    page.tables.append(table)
    page.freeze, page.repeat_rows = (first, 2), (first - 1, first - 1)
    page.filter = (first - 1, 0, first - 1 + max(len(table.rows), 1), 1 + len(shown))
    return page


def _list(frame: Frame, lines: Sequence[IndicatorLine]) -> Page:
    """What single units set for themselves: unit, indicator, value, and the cell it stands in."""
    outcome = next((line.outcome for line in lines if line.outcome), None)
    after = ((spoken(outcome.label), 18.0), *(((LIGHTS, 9.0),) if outcome.has_lights else ())) if outcome else ()
    heads = (("单位名称", 26.0), ("表", 18.0), ("所属", 34.0), ("指标名称", 36.0), ("指标值", 18.0), *after, ("位置", 26.0))
    page = frame.page(OWN_SHEET, "单位自设的指标（只有个别单位有，不进指标汇总）", heads)
    titles, units = _block_titles(frame), frame.summary.units
    table = Rows(3, 0, ("cell", "cell", "cell", "cell", "cell_center", *("cell_center",) * len(after), "shown_link"))
    for place, line in sorted(((p, each) for each in lines for p in each.stated), key=lambda pair: pair[0]):
        value, fact_path = line.stated[place]
        used = units[place].used
        assert used is not None
        where = where_stated(used, fact_path)
        at = f"{where.sheet}!{where.cell}" if where.sheet and where.cell else where.book
        became = _became(line.outcome, place)[: len(after)] if line.outcome else [""] * len(after)
        table.rows.append((units[place].name, titles[line.block], " / ".join(line.names[:-1]), line.names[-1], value, *became, at))
        if where.book and len(table.rows) <= MOST_LINKS:
            table.links[2 + len(table.rows), 5 + len(after)] = frame.target(where)
    page.tables.append(table)
    page.filter = (2, 0, 2 + max(len(table.rows), 1), len(heads) - 1)
    return page


def _became(outcome: Outcome, place: int) -> list[str]:
    """What one unit did of an indicator, and its light."""
    return [outcome.done[place][0] if place in outcome.done else MISSING, outcome.lights.get(place, "")]
