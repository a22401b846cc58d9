"""执行情况 or 自评结果: one row a unit, its money of the year and its light, or its points and its grade.

Budget and executed come from 资金汇总; rates, lights, points of the funds and grades follow by formula.
Points are never added or averaged: smallest, middle and largest stand below them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from jixiao_xl.consolidate.totals import LineTotal
from jixiao_xl.consolidate.unit_results import UnitResult, UnitResults, unit_results
from jixiao_xl.forms.expr import Area, Cell, Expr, call
from jixiao_xl.forms.outcome_words import spoken
from jixiao_xl.forms.scored import INAPPLICABLE
from jixiao_xl.forms.scoring_formulas import conclusion_formula, execution_light_formula, execution_points_formula
from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model.amounts import half_up
from jixiao_xl.model.lights import LIGHTS, OF_FUNDS
from jixiao_xl.model.ratios import RATE_PLACES, show_percent
from jixiao_xl.workbook.lights_shown import light_up
from jixiao_xl.workbook.money_blocks import MoneyCells
from jixiao_xl.workbook.pages import Alike, Chart, Content, Page, Rows, Series
from jixiao_xl.workbook.summary_frame import MISSING, Frame, named
from jixiao_xl.workbook.summary_rates import counts_of, rate_formula

EXECUTION, EVALUATION = "执行情况", "自评结果"
FIRST = 3
"""The first unit's row."""
LEFT = 2
"""Code and name stand before the columns."""
MOST_BARS, FEWEST_BARS = 40, 20
"""Units that all have a bar; of more, so many with the lowest rate."""
BAR_PX, FRAME_PX, ROW_PX = 22, 60, 20
WIDE_PX, BESIDE_PX = 900, 480
SPREADS = (("最低", "MIN"), ("中位数", "MEDIAN"), ("最高", "MAX"))
APART = (INAPPLICABLE, MISSING)
"""What is in no figure, and counted."""
PERCENT = "0.0%;;0%"
"""Of the figures at the bars."""
_LIGHT_KEYS = {f"light_{light}": light for light in LIGHTS}


def sheet_of(results: UnitResults) -> str:
    """The name of the page."""
    return EVALUATION if results.verdict else EXECUTION


def result_sheet(frame: Frame, money: Mapping[str, MoneyCells]) -> ResultSheet | None:
    """None for a form that says nothing of execution; `money` is where the amounts of each sheet stand."""
    results = unit_results(frame.summary)
    if results is None:
        return None
    n = next(n for n, one in enumerate(frame.summary.money) if one is results.money)
    return ResultSheet(frame, results, money[frame.sheet_of_money(n)])


@dataclass(frozen=True)
class _Column:
    """What the column says of a unit, and how: a formula, where it follows from columns before it. `spread`:
    smallest, middle and largest stand below."""

    label: str
    width: float
    style: str
    formula: Alike | None = None
    total: Content = ""
    spread: bool = False


class ResultSheet:
    """The page of one summary."""

    def __init__(self, frame: Frame, results: UnitResults, money: MoneyCells) -> None:
        self.frame, self.results, self.money = frame, results, money
        self.name, self.units = sheet_of(results), frame.summary.units
        self.at = {key: LEFT + n for n, key in enumerate(self._keys())}
        self.thresholds = thresholds_of(frame.summary.spec.form.pack)

    def _keys(self) -> Iterator[str]:
        """The columns that this form has, from left to right."""
        has_light = self.results.spending.light is not None
        yield from ("month",) if has_light else ()
        yield from ("budget", "executed", "rate")
        yield from ("light",) if has_light else ()
        yield from ("last_rate", "turn") if any(one.last_rate is not None for one in self.results.units) else ()
        yield from ("points",) if self.results.weight is not None else ()
        yield from ("total", "grade") if self.results.verdict else ()
        yield from _LIGHT_KEYS if any(one.lights for one in self.results.units) else ()
        yield "note"

    def page(self) -> Page:
        """The sheet itself."""
        columns = {key: self._column(key) for key in self.at}
        heads = [("单位代码", 17.0), ("单位名称", 26.0), *((one.label, one.width) for one in columns.values())]
        what = "各单位预算执行和自评结果" if self.results.verdict else "各单位预算执行情况"
        page = self.frame.page(self.name, what, heads)
        table = Rows(FIRST, 0, ("cell", "shown_link", *(one.style for one in columns.values())), looks={MISSING: "missing"})
        for place, (unit, result) in enumerate(zip(self.units, self.results.units, strict=True)):
            table.rows.append((unit.key.lstrip("?"), unit.name, *(self._of(key, result) for key in self.at)))
            if self.frame.files[place]:
                table.links[FIRST + place, 1] = self.frame.files[place]
        table.formulas |= {self.at[key]: one.formula for key, one in columns.items() if one.formula is not None}
        page.tables.append(table)
        self._below(page, columns)
        self._light_up(page)
        for key, one in columns.items():
            if one.formula is not None and self.units:
                own = page.at(FIRST, self.at[key])
                page.area_marks.append(((FIRST, own.column, self._last, own.column), own.eq(MISSING), "lacking"))
        page.put(1, 0, self._counted(), "figure", to=(1, max(self.at.values())))
        page.filter = (2, 0, max(self._last, FIRST), max(self.at.values()))
        self._chart(page)
        return page

    @property
    def _last(self) -> int:
        """The last unit's row."""
        return FIRST + len(self.units) - 1

    def _area(self, key: str) -> Area:
        return Area(self.name, FIRST, self.at[key], max(self._last, FIRST), self.at[key])

    def _cell(self, row: int, key: str) -> Cell:
        return Cell(self.name, row, self.at[key])

    def lowest(self, most: int) -> list[tuple[Cell, Cell]]:
        """Name and rate of the units with the lowest rates, as they stand on the page."""
        rows = [FIRST + one.place for one in self.results.slowest[:most]]
        return [(Cell(self.name, row, 1), self._cell(row, "rate")) for row in rows]

    def said(self) -> str:
        """`执行 4,424.65 万元，执行率 71.25%；预警灯：红 1 家，黄 0 家，绿 8 家；执行率最低的是示例单位03（50%）。`"""
        rate, results = self.results.rate, self.results
        shown = show_percent(rate.total) if isinstance(rate.total, Decimal) else rate.total or MISSING
        done = "" if rate.executed.total is None else f"执行 {half_up(rate.executed.total, 2):,} {results.money.table.unit}，"
        others = f"（不含{named(rate.without)}）" if rate.without else ""
        pieces = [f"{done}执行率 {shown}{others}"]
        counts = results.graded if results.verdict else results.lights
        title = "自评等级" if results.verdict else self._column("light").label if "light" in self.at else ""
        pieces += [f"{title}：" + "，".join(f"{word} {count} 家" for word, count in counts)] if counts else []
        if results.slowest:
            last = results.slowest[0]
            assert isinstance(last.rate, Decimal)
            pieces.append(f"执行率最低的是{self.units[last.place].name}（{show_percent(last.rate)}）")
        return "；".join(pieces) + "。"

    # ---- columns -----------------------------------------------------------------------
    def _column(self, key: str) -> _Column:
        spending, unit = self.results.spending, self.results.money.table.unit
        if key in ("budget", "executed"):
            line = self.results.rate.budget if key == "budget" else self.results.rate.executed
            return _Column(f"{spoken(line.column.label)}（{unit}）", 16, "money", self._amount(line), self.money.total(line))
        if key == "points":
            return _Column(f"执行率得分（{self.results.weight} 分）", 10, "points", Alike(self._points), spread=True)
        if key in _LIGHT_KEYS:
            return _Column(f"指标{_LIGHT_KEYS[key]}灯", 7, "count")
        known = {
            "month": _Column("截至月份", 7, "count"),
            "rate": _Column(
                spoken(spending.rate.label),
                12,
                "rate",
                Alike(self._rate),
                self.money.rates[self.results.rate.path.text],
                spread=True,
            ),
            "light": _Column(spending.light.label if spending.light else "", 9, "cell_center", Alike(self._light)),
            "last_rate": _Column("上年同期执行率", 11, "rate"),
            "turn": _Column("增减（百分点）", 12, "points", Alike(self._turn)),
            "total": _Column("总分", 10, "points", spread=True),
            "grade": _Column("等级", 8, "cell_center", Alike(self._grade)),
            "note": _Column("说明", 38, "cell"),
        }
        return known[key]

    def _of(self, key: str, one: UnitResult) -> Content:
        """What the column shows of the unit."""
        if key in _LIGHT_KEYS:
            return "" if one.budget is None and not one.lights else Decimal(dict(one.lights).get(_LIGHT_KEYS[key], 0))
        if key in ("note", "last_rate"):
            return one.note if key == "note" else "" if one.last_rate is None else one.last_rate
        if key == "turn":
            known = isinstance(one.rate, Decimal) and one.last_rate is not None
            return (one.rate - one.last_rate) * 100 if known else ""  # type: ignore[operator]
        content: Content = getattr(one, key)
        return MISSING if content is None or content == "" else content

    # ---- formulas, each of one row --------------------------------------------------------
    def _amount(self, line: LineTotal) -> Alike:
        column, first, _ = self.money.lines[line.path.text]
        return Alike(lambda row: Cell(self.money.sheet, row, column), first - FIRST)

    def _rate(self, row: int) -> Expr:
        return rate_formula(self._cell(row, "executed"), self._cell(row, "budget"))

    def _points(self, row: int) -> Expr:
        executed, budget = self._cell(row, "executed"), self._cell(row, "budget")
        assert self.results.weight is not None
        points = execution_points_formula(executed, budget, self.results.weight, self.thresholds.scoring, INAPPLICABLE)
        return call("IF", call("COUNT", executed, budget).lt(2), MISSING, points)

    def _light(self, row: int) -> Expr:
        executed, budget, month = (self._cell(row, key) for key in ("executed", "budget", "month"))
        light = execution_light_formula(executed, budget, month, self.thresholds.lights)
        known = call("IF", call("COUNT", month).eq(0), MISSING, light)
        known = call("IF", budget.le(0), INAPPLICABLE, known)
        return call("IF", call("COUNT", executed, budget).lt(2), MISSING, known)

    def _grade(self, row: int) -> Expr:
        total = self._cell(row, "total")
        grade = call("IF", total.lt(0), MISSING, conclusion_formula(total, self.thresholds.scoring))
        return call("IF", call("COUNT", total).eq(0), MISSING, grade)

    def _turn(self, row: int) -> Expr:
        now, then = self._cell(row, "rate"), self._cell(row, "last_rate")
        return call("IF", call("COUNT", now, then).lt(2), "", call("ROUND", (now - then) * 100, RATE_PLACES - 2))

    # ---- below and above --------------------------------------------------------------------
    def _below(self, page: Page, columns: dict[str, _Column]) -> None:
        """What all units come to, how far their rates and points are apart, and how many have none."""
        row = self._last + 1
        page.put(row, 0, "合计", "total", to=(row, 1))
        for key, one in columns.items():
            style = {"money": "money_total", "rate": "rate_total"}.get(one.style, "total")
            page.put(row, self.at[key], one.total, style)
        for n, (label, function) in enumerate(SPREADS, row + 1):
            page.put(n, 0, label, "total", to=(n, 1))
            for key, one in columns.items():
                area = self._area(key)
                known = call("IF", call("COUNT", area).eq(0), "", call(function, area))
                style = {"rate": "rate_total", "points": "points_total"}.get(one.style, "total")
                page.put(n, self.at[key], known if one.spread else "", style)
        for n, word in enumerate(APART, row + 1 + len(SPREADS)):
            page.put(n, 0, f"{word}（家）", "total", to=(n, 1))
            for key, one in columns.items():
                count = call("COUNTIF", self._area(key), word)
                page.put(n, self.at[key], count if one.spread else "", "count_total" if one.spread else "total")

    def _light_up(self, page: Page) -> None:
        if "light" in self.at:
            light_up(page, ((row, self.at["light"]) for row in range(FIRST, self._last + 1)))

    def _counted(self) -> Expr:
        """`预警灯（家）：红 1，黄 2，绿 8，不适用 0，缺 2`, counted in the cells."""
        key, words = ("grade", self.results.grades) if self.results.verdict else ("light", OF_FUNDS)
        if key not in self.at:
            return call("TRIM", "各单位执行率由执行数和预算数算出。")
        title = "自评等级（家）：" if self.results.verdict else f"{self._column('light').label}（家）："
        others = (MISSING,) if self.results.verdict else (INAPPLICABLE, MISSING)
        return counts_of(self._area(key), (*words, *others), title)

    def _chart(self, page: Page) -> None:
        """A bar for each unit, below the list; of very many units those with the lowest rates, beside it."""
        if not self.results.slowest:
            return
        title, rows = spoken(self.results.spending.rate.label), len(self.units)
        labels, rates = Area(self.name, FIRST, 1, self._last, 1), self._area("rate")
        row, column, width = self._last + len(SPREADS) + len(APART) + 3, 0, WIDE_PX
        if rows > MOST_BARS:
            rows = min(len(self.results.slowest), FEWEST_BARS)
            row, column, width, title = FIRST - 1, max(self.at.values()) + 2, BESIDE_PX, f"{title}最低的 {rows} 家"
            labels, rates = self._lowest(page, rows, row + 4 + (FRAME_PX + rows * BAR_PX) // ROW_PX, column)
            page.print_columns = (0, column - 2)
        series = Series(title, labels, rates)
        page.charts.append(Chart("bar", title, (series,), row, column, width, FRAME_PX + rows * BAR_PX, number_format=PERCENT))

    def _lowest(self, page: Page, most: int, top: int, column: int) -> tuple[Area, Area]:
        page.put(top - 1, column, "图中的单位（执行率从低到高）", "head", to=(top - 1, column + 1))
        page.widths |= {column: 26.0, column + 1: 12.0}
        for n, (name, rate) in enumerate(self.lowest(most), top):
            page.put(n, column, name, "cell")
            page.put(n, column + 1, rate, "rate")
        last = top + most - 1
        return Area(self.name, top, column, last, column), Area(self.name, top, column + 1, last, column + 1)
