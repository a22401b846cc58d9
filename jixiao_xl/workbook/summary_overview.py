"""概览: the key figures in words, four native charts, and the cells they are drawn from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Literal

from jixiao_xl.consolidate.common_findings import by_rule
from jixiao_xl.consolidate.filing_progress import filing_progress
from jixiao_xl.consolidate.key_figures import TOP, Structure, large_changes, structures
from jixiao_xl.consolidate.peers import Oddity
from jixiao_xl.forms.expr import Area, Cell, Expr, call
from jixiao_xl.forms.outcome_words import spoken
from jixiao_xl.model.amounts import half_up, show_amount
from jixiao_xl.model.findings import counted, open_and_explained
from jixiao_xl.model.ratios import share, show_percent
from jixiao_xl.workbook.fitting import width_of
from jixiao_xl.workbook.money_blocks import MoneyCells
from jixiao_xl.workbook.pages import Chart, Page, Series
from jixiao_xl.workbook.summary_change import SHEET as CHANGES
from jixiao_xl.workbook.summary_change import thresholds
from jixiao_xl.workbook.summary_findings import RULES
from jixiao_xl.workbook.summary_frame import Frame, named, row_label
from jixiao_xl.workbook.summary_peers import SHEET as PEERS
from jixiao_xl.workbook.summary_results import PERCENT, ResultSheet
from jixiao_xl.workbook.summary_status import FIRST, STATE, verdict
from jixiao_xl.workbook.summary_status import SHEET as STATUS

SHEET = "概览"
LABEL, NUMBER = 24.0, 15.0
LAST = 7
"""The last of the columns: four pairs of a label and a number, two pairs below each chart."""
WIDE, HIGH = 632, 288
"""Size of a chart in pixels; four of them and the figures in words fill one page across."""
CHART_ROWS = 15
"""Rows of 20 px that a chart covers, the gap below it included."""
LINE = 142
"""Half-width characters on a line of the words."""
CHART_ROW_PT = 15.0


def overview_page(frame: Frame, money: Mapping[str, MoneyCells], odd: list[Oddity], results: ResultSheet | None = None) -> Page:
    """The first sheet; `results` is what a form of a later stage has besides."""
    page = frame.paper(SHEET)
    page.widths = {column: NUMBER if column % 2 else LABEL for column in range(LAST + 1)}
    page.put(0, 0, f"{frame.title}：概览", "title", to=(0, LAST))
    page.heights[0] = 28
    page.put(1, 0, verdict(frame), "count_big" if frame.summary.is_complete else "count_open", to=(1, LAST))
    page.heights[1] = 24 if width_of(verdict(frame)) < 110 else 44
    row = 2
    for text, sheet in _sentences(frame, odd, results):
        page.put(row, 0, text, "figure", to=(row, LAST - 1))
        page.put(row, LAST, "看明细", "bare_link").link = f"'{sheet}'!A1"
        page.heights[row] = 18.0 * math.ceil(width_of(text) / LINE)
        row += 1
    _charts(frame, page, money, row + 1, results)
    page.freeze = (2, 0)
    page.repeat_rows = (0, 1)
    return page


def _sentences(frame: Frame, odd: list[Oddity], results: ResultSheet | None) -> Iterator[tuple[str, str]]:
    """Each figure in words, and the sheet that has the details."""
    summary = frame.summary
    progress = filing_progress(summary)
    states = "，".join(f"{state} {count}" for state, count in progress.states)
    late = f"。逾期 {len(progress.late)} 家：{named(progress.late)}" if progress.late else ""
    yield f"报送：{states}{late}。", STATUS
    unit = summary.money[0].table.unit if summary.money else ""
    for one in structures(summary):
        which = f"（{spoken(one.total.column.label)}）" if results else ""
        yield f"{one.label}{which}：{_said(one, unit)}", frame.money_sheet
    if results is not None:
        yield f"{results.name}：{results.said()}", results.name
    if summary.money and summary.money[0].lines:
        threshold, floor = thresholds(frame)
        large = large_changes(summary, summary.money[0], threshold, floor)
        if any(one.change for one in structures(summary)):
            yield f"同比：{large} 处变动超过 {show_percent(threshold)}（{show_amount(floor)} {unit}以内的不计）。", CHANGES
    count, (waiting, explained) = counted(summary.judged), open_and_explained(summary.judged)
    common = sorted((one for one in by_rule(summary) if one.severity != "hint" and one.open), key=lambda one: -one.units)
    most = "".join(f"如“{shortened(one.example.message())}”等 {one.code}，{one.units} 家。" for one in common[:1])
    yield f"问题：必须修改 {count['error']} 条，待说明 {waiting} 条，已说明 {explained} 条。{most}", RULES
    yield f"同类单位差异：{len(odd)} 处明显偏离（仅供参考）。" if odd else "同类单位差异：没有明显偏离的单位。", PEERS


def shortened(text: str, most: int = 34) -> str:
    """The beginning of a sentence that is too long for a line."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _said(one: Structure, unit: str) -> str:
    total = one.total.total
    assert total is not None
    parts = sorted(one.parts, key=lambda line: -(line.total or 0))
    shares = "，".join(f"{row_label(p)}占 {show_percent(share(p.total, total), 1)}" for p in parts[:3] if p.total is not None)
    change = one.change_rate
    turn = "" if change is None else f"，比上年{'增' if change >= 0 else '减'} {show_percent(abs(change), 1)}"
    without = f"（不含{named(one.total.without)}）" if one.total.without else ""
    return f"合计 {half_up(total, 2):,} {unit}{turn}{without}；{shares}。"


def _charts(frame: Frame, page: Page, money: Mapping[str, MoneyCells], top: int, results: ResultSheet | None) -> None:
    """Two by two; below them the cells they show, so that every bar can be traced."""
    found = structures(frame.summary)
    data = top + 2 * CHART_ROWS + 2
    for row in range(top - 1, data - 1):
        page.heights[row] = CHART_ROW_PT
    page.put(data - 1, 0, "以上各图所用的数（公式，随各表变动；缺数的单位和项目不画）", "section", to=(data - 1, LAST))
    places = iter(((top, 0), (top, 4), (top + CHART_ROWS, 0), (top + CHART_ROWS, 4)))
    left = 0
    cells = money.get(frame.money_sheet)
    for one in found[:2] if cells else ():
        assert cells is not None
        numbers: list[tuple[str | Expr, Expr]] = [(row_label(line), cells.total(line)) for line in one.parts]
        left = _drawn(page, "doughnut", f"{one.label}（{frame.summary.money[0].table.unit}）", numbers, data, left, next(places))
    left = _progress(frame, page, data, left, next(places))
    if found and cells:
        last = found[-1]
        largest: list[tuple[str | Expr, Expr]] = [
            (cells.unit(last.total, place), cells.amount(last.total, place)) for place in last.top
        ]
        title = f"{last.label}合计前十位（{frame.summary.money[0].table.unit}）"
        left = _drawn(page, "bar", title, largest, data, left, next(places))
    if results is not None and len(found) < 2:
        lowest: list[tuple[str | Expr, Expr]] = [*results.lowest(TOP)]
        _drawn(page, "bar", f"执行率最低的 {len(lowest)} 家", lowest, data, left, next(places), "rate", PERCENT)
    page.breaks = [data - 1]


def _progress(frame: Frame, page: Page, data: int, left: int, place: tuple[int, int]) -> int:
    """Units by state, counted in 报送情况 itself."""
    statuses = frame.summary.statuses
    states = list(dict.fromkeys(state for state, _ in filing_progress(frame.summary).states))
    area = Area(STATUS, FIRST, STATE, FIRST + max(len(statuses), 1) - 1, STATE)
    numbers: list[tuple[str | Expr, Expr]] = [(state, call("COUNTIF", area, state)) for state in states]
    return _drawn(page, "bar", "报送进度（家）", numbers, data, left, place)


def _drawn(
    page: Page,
    kind: Literal["doughnut", "bar"],
    title: str,
    numbers: list[tuple[str | Expr, Expr]],
    data: int,
    left: int,
    place: tuple[int, int],
    style: str = "money",
    number_format: str = "",
) -> int:
    """Labels and numbers in two columns of the data area and the chart over them; the next free column."""
    if not numbers:
        return left
    page.put(data, left, title, "head", to=(data, left + 1))
    for n, (label, number) in enumerate(numbers, data + 1):
        page.put(n, left, label, "cell")
        page.put(n, left + 1, number, style if isinstance(number, Cell) else "count")
    labels = Area(page.name, data + 1, left, data + len(numbers), left)
    values = Area(page.name, data + 1, left + 1, data + len(numbers), left + 1)
    series = Series(title, labels, values)
    row, column = place
    page.charts.append(Chart(kind, title, (series,), row, column, WIDE, HIGH, number_format=number_format))
    return left + 2
