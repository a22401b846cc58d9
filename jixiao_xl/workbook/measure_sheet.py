"""The 测算表, both ways: numerator and denominator of every rate, entered once, and the rates they give.

Beside each rate stands what the form states, by reference, and whether the two agree.
"""

from __future__ import annotations

import math

from jixiao_xl.forms.expr import Cell, Expr, call
from jixiao_xl.forms.formulas import (
    AGREES,
    DIFFERS,
    UNCLEAR,
    agreement,
    bare_percent,
    measured_percent,
    measured_value,
    percent_number,
)
from jixiao_xl.forms.indicators import known_quantities
from jixiao_xl.forms.measures import (
    BLOCK,
    FIRST,
    HEAD_ROW,
    KEY_ROW,
    MONEY,
    NAME,
    SHEET,
    WORDS,
    MeasuredRate,
    MeasurePlan,
    measures_of,
)
from jixiao_xl.forms.plan import FormPlan, Slot
from jixiao_xl.forms.spec import Column, FormSpec
from jixiao_xl.model.facts import FactPath
from jixiao_xl.model.places import MAX_ROW, address, row_and_column
from jixiao_xl.workbook.areas import REFERENCE
from jixiao_xl.workbook.fill_sheets import COVER
from jixiao_xl.workbook.fitting import width_of
from jixiao_xl.workbook.pages import Book, Page, Rule
from jixiao_xl.workbook.sheets import Sheets
from jixiao_xl.workbook.values import cell_content

HINT = (
    "比率的分子、分母在这里每年填一次，指标值自动算出，与表中填报的自动核对。当年填预计数；没有这项业务的填0，不清楚的留空。"
    "本表不打印，随文件一起报送。"
)
HALF_YEAR = "上半年栏填上半年的累计数，分母是全年预算的仍填全年数。"
INFERRED = "口径为推断，按本地规定为准"
WIDTHS = {NAME: 31, WORDS: 42}
YEAR_WIDTH, MARK_WIDTH = 12, 9


class MeasureSheet:
    """Draws the sheet into a book whose filling sheets are already drawn."""

    def __init__(self, plan: FormPlan, measure: MeasurePlan, book: Book, notes: dict[str, str]) -> None:
        self.plan, self.measure, self.book, self.notes = plan, measure, book, notes
        self.columns, self.results = measure.table.columns, measure.results
        self.stated, self.marks = measure.stated_at, measure.marks_at
        self.last = self.marks + len(self.results) - 1
        self.numbers = self.last + 1
        """Hidden: what is computed and what is stated as numbers."""
        self.page = Page(SHEET, tab="#F4D03F", numbers_as_text=True)

    def draw(self) -> None:
        page = self.page
        self.book.pages.append(page)
        mark = max(MARK_WIDTH, *(width_of(self._label(column)) + 2 for column in self.results))
        widths = [max(YEAR_WIDTH, mark)] * (len(self.columns) + len(self.results)) + [mark] * len(self.results)
        page.widths = {0: 4, **WIDTHS, **{FIRST + n: float(width) for n, width in enumerate(widths)}}
        page.hidden_columns = {0, *range(self.numbers, self.numbers + 3 * len(self.results))}
        page.print_columns = (NAME, self.last)
        page.landscape = True
        page.put(0, NAME, SHEET, "title", to=(0, self.last))
        halves = any(column.span == "half" for column in self.columns)
        page.put(1, NAME, HINT + HALF_YEAR if halves else HINT, "hint", to=(1, self.last))
        page.put(2, NAME, "返回封面", "link", link=f"'{COVER}'!A1")
        page.heights |= {0: 30, 1: 34}
        self._quantities()
        self._rates()
        page.freeze = (KEY_ROW + 1, FIRST)
        last = address(0, self.stated - 1)[:-1]
        self.book.names[f"jx.{BLOCK}"] = f"='{SHEET}'!$A${KEY_ROW + 1}:${last}${self.measure.block.last_row + 1}"

    def _label(self, column: Column) -> str:
        return self.plan.words.years(column.label)

    def _section(self, row: int, text: str) -> None:
        self.page.put(row, NAME, text, "section", to=(row, self.last))
        self.page.heights[row] = 24

    # ---- 基础数据 ---------------------------------------------------------------------------
    def _quantities(self) -> None:
        page = self.page
        self._section(HEAD_ROW - 1, "一、基础数据")
        for place, text in ((NAME, "名称"), (WORDS, "填写说明")):
            page.put(HEAD_ROW, place, text, "head")
        for column in self.columns:
            page.put(HEAD_ROW, self.measure.column_of(column.id), self._label(column), "head")
            page.put(KEY_ROW, self.measure.column_of(column.id), column.id, "key")
        page.put(HEAD_ROW, self.stated, "用于", "head", to=(HEAD_ROW, self.last))
        page.put(KEY_ROW, 0, BLOCK, "key")
        page.key_rows.add(KEY_ROW)
        page.heights[HEAD_ROW] = 24
        for line in self.measure.block.lines:
            quantity = known_quantities()[line.key]
            unit = self.plan.spec.form.unit if quantity.unit == MONEY else quantity.unit
            used = [rate.name for rate in self.measure.rates if line.key in (rate.ratio.of, rate.ratio.to)]
            page.put(line.row, 0, line.key, "key")
            page.put(line.row, NAME, f"{quantity.label}（{unit}）", "label")
            page.put(line.row, WORDS, quantity.help, "cell_small")
            page.put(line.row, self.stated, "；".join(used), "cell_small", to=(line.row, self.last))
            for column in self.columns:
                self._amount(line.row, line.key, column.id, unit, quantity.help)
            page.heights[line.row] = self._height(quantity.help, WORDS, WORDS)

    def _amount(self, row: int, quantity: str, column: str, unit: str, meaning: str) -> None:
        page, place = self.page, self.measure.column_of(column)
        taken = self.measure.taken.get((quantity, column))
        slot = self.measure.slots.get((quantity, column))
        if taken is not None:
            there = Cell(taken.sheet, taken.row, taken.column)
            planned = page.put(row, place, call("IF", there.eq(""), "", there), "derived_money")
            planned.note = f"取自“{taken.sheet}”，不用再填。"
        elif slot is None or slot.path is None:
            page.put(row, place, None, "shown_text")
        else:
            stated = self.plan.words.filing.value(slot.path.text)
            content, number_format = cell_content(stated, slot.content) if stated else (None, "")
            planned = page.put(row, place, content, "input_money", locked=False, number_format=number_format)
            planned.note = self.notes.get(slot.path.text, "")
            page.rules[row, place] = Rule(
                "decimal", low="0", high="99999999", title=slot.label, message=f"{meaning}。单位：{unit}，只填数字；没有的填0。",
                refusal="这里只能填0或正数，不写文字、单位、逗号。",
            )  # fmt: skip

    # ---- 测算结果 ---------------------------------------------------------------------------
    def _rates(self) -> None:
        page, top = self.page, self.measure.rates[0].row
        self._section(top - 3, "二、测算结果（自动计算）")
        page.breaks.append(top - 3)
        results = self.measure.column_of(self.results[0].id)
        for first, last, text in ((NAME, NAME, "指标"), (WORDS, results - 1, "计算公式")):
            page.put(top - 2, first, text, "head", to=(top - 1, last))
        for first, text in ((results, "测算值"), (self.stated, "表中填报"), (self.marks, "核对")):
            page.put(top - 2, first, text, "head", to=(top - 2, first + len(self.results) - 1))
            for n, year in enumerate(self.results):
                page.put(top - 1, first + n, self._label(year), "head")
        page.heights |= {top - 2: 22, top - 1: 22}
        for rate in self.measure.rates:
            words = f"{rate.ratio.words}\n{INFERRED}" if rate.indicator.inferred else rate.ratio.words
            page.put(rate.row, NAME, rate.name, "label")
            page.put(rate.row, WORDS, words, "cell_small", to=(rate.row, results - 1))
            page.heights[rate.row] = self._height(words, WORDS, results - 1)
            for n, year in enumerate(self.results):
                self._rate(rate, n, year)

    def _rate(self, rate: MeasuredRate, n: int, column: Column) -> None:
        page, row = self.page, rate.row
        inputs = self.measure.inputs(rate, column.id)
        stated = rate.stated.get(column.id)
        if inputs is None or stated is None:
            for place in (self.measure.column_of(column.id), self.stated + n, self.marks + n):
                page.put(row, place, None, "shown_text")
            return
        of, to = (self._cell(*key) for key in inputs)
        past = (column.year or 0) < 0
        computed, bare, number = (page.at(row, self.numbers + n + k * len(self.results)) for k in range(3))
        shown, mark = page.at(row, self.stated + n), self.measure.mark(rate, column.id)
        page.put(row, computed.column, measured_percent(rate.ratio.op, of, to), "counter")
        page.put(row, self.measure.column_of(column.id), measured_value(computed, "" if past else rate.operator), "shown_center")
        page.put(row, shown.column, _shown(stated), "shown_center")
        page.put(row, bare.column, bare_percent(shown), "counter")
        page.put(row, number.column, percent_number(bare), "counter")
        natural = "" if past else "≤" if rate.operator == "≤" else "≥"
        page.put(row, mark.column, agreement(computed, shown, number, natural), "result")
        for cell in (shown, mark):
            where = ((cell.row, cell.column),)
            page.marks.append((where, mark.eq(DIFFERS), "bad" if past else "ask"))
            page.marks.append((where, mark.eq(UNCLEAR), "see"))
        page.marks.append((((mark.row, mark.column),), mark.eq(AGREES), "good"))

    def _cell(self, quantity: str, column: str) -> Cell:
        line = next(line for line in self.measure.block.lines if line.key == quantity)
        return self.page.at(line.row, self.measure.column_of(column))

    def _height(self, text: str, first: int, last: int) -> float:
        room = sum(self.page.widths[column] for column in range(first, last + 1)) - 2
        lines = sum(max(1, math.ceil(width_of(part) * 0.86 / room)) for part in text.split("\n"))
        return max(22.0, lines * 13.0 + 6)


def _shown(stated: Slot) -> Expr:
    there = Cell(stated.sheet, stated.row, stated.column)
    return call("IF", there.eq(""), "", there)


def draw_measures(plan: FormPlan, book: Book, notes: dict[str, str]) -> None:
    """The sheet, where the form has rates to measure."""
    if plan.measure is not None:
        MeasureSheet(plan, plan.measure, book, notes).draw()


# ---- back from a file ----------------------------------------------------------------------------
def measure_cells(sheets: Sheets, spec: FormSpec) -> tuple[dict[FactPath, tuple[int, int]], list[str]]:
    """The cell of every quantity asked for, by path, and the names of those whose keys are gone.

    Nothing where the file has no such sheet, as an older one.
    """
    asked = measures_of(spec).asked
    place = REFERENCE.match(sheets.defined_names.get(f"jx.{BLOCK}", ""))
    if not asked or place is None or place[5] is None or SHEET not in sheets.names or int(place[6]) > MAX_ROW:
        return {}, []
    top, last_column = int(place[4]) - 1, row_and_column(f"{place[5]}1")[1]
    columns = {sheets.text(SHEET, top, column).strip(): column for column in range(1, last_column + 1)}
    rows = {sheets.text(SHEET, row, 0).strip(): row for row in range(top + 1, int(place[6]))}
    found: dict[FactPath, tuple[int, int]] = {}
    lost = dict[str, None]()
    for quantity, wanted in asked.items():
        for column in wanted:
            if quantity in rows and column.id in columns:
                found[FactPath(BLOCK, column.id, (quantity,))] = rows[quantity], columns[column.id]
            else:
                lost[quantity if quantity not in rows else column.id] = None
    return found, list(lost)
