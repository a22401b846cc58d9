"""The 打印表: the whole form as one continuous sheet, as the published paper, filled by formulas.

Nothing may clip without a macro. Prose is cut into printed lines by formula, so a row is one
line; indicator rows have the height of their length limit (or of what was filed, if longer);
rows left to the unit are closed up: the k-th printed row shows the k-th filled one. Printed
rows beyond those shown are hidden; should one of them be filled, a red line says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from jixiao_xl.forms.expr import Area, Cell, Expr, call
from jixiao_xl.forms.headings import head_cells, label_runs
from jixiao_xl.forms.plan import BlockPlan, FormPlan, Heading, Line, Slot
from jixiao_xl.forms.spec import CatalogRow, Fields, IndicatorTable, MoneyTable, Narrative, Schedule
from jixiao_xl.workbook.fill_sheets import COUNTER_WIDTH, PAPER_LINE_CHARS, FillSheets
from jixiao_xl.workbook.pages import Book, Page

NAME = "打印表"
UNITS = 27
UNIT_WIDTH = 2.72
"""24 pixels in Excel; a full-width character of 9 pt has 12."""
SIDE = 3
"""Units of the label at the far left of a block."""
FLAG = UNITS
"""Column of flags, off the paper: 1 where a printed row that may be hidden holds something."""
LINE_PT = 13.5
PAD_PT = 5.0
BLANK_LINES = 20
"""Printed lines of prose shown in an empty form."""
SPARE_LINES = 6
"""Printed lines shown beyond what is filed."""
MAX_LINES = 120
LONG_TABLE = 30
"""A table of more lines starts on a page of its own, so that its heading is never torn."""


def chars_in(units: int) -> int:
    """Full-width characters of 9 pt that fit on one line of a cell this many units wide."""
    return max(1, math.floor(units * 24 / 12 - 0.6))


def shares(weights: Sequence[int], total: int) -> list[int]:
    """Split `total` units in proportion to the weights, each at least two."""
    whole = sum(weights)
    given = [max(2, total * weight // whole) for weight in weights]
    while sum(given) < total:
        given[max(range(len(weights)), key=lambda i: weights[i] / given[i])] += 1
    while sum(given) > total:
        given[max(range(len(weights)), key=lambda i: given[i] / weights[i] if given[i] > 2 else 0)] -= 1
    return given


def shown(cell: Cell) -> Expr:
    """The cell's value; a blank stays blank instead of becoming 0."""
    return call("IF", cell.eq(""), "", cell)


def ref(slot: Slot) -> Expr:
    return shown(Cell(slot.sheet, slot.row, slot.column))


class Paper:
    """Draws the 打印表 from a plan whose filling sheets are already drawn."""

    def __init__(self, plan: FormPlan, fills: FillSheets, book: Book, check_code: Cell) -> None:
        self.plan, self.fills, self.book, self.check_code = plan, fills, book, check_code
        self.page = Page(NAME, tab="#5D6D7E")
        self.top = 0
        self.overflow: list[Expr] = []
        self.edges: list[int] = []
        self.homes = {id(line): (block.name, i) for block in plan.blocks for i, line in enumerate(block.lines)}

    def draw(self) -> None:
        page = self.page
        self.book.pages.append(page)
        page.widths = dict.fromkeys(range(UNITS), UNIT_WIDTH)
        page.widths |= {FLAG: COUNTER_WIDTH, FLAG + 1: COUNTER_WIDTH}
        page.centred = True
        page.print_columns = (0, UNITS - 1)
        warn_row = self._header()
        for block in self.plan.blocks:
            if not block.shown:
                continue
            self._block(block)
        self._closing()
        flags = Area(NAME, 0, FLAG, self.top, FLAG)
        lost = call("SUM", flags) - call("SUBTOTAL", 109, flags)
        for extra in self.overflow:
            lost = lost + extra
        page.put(warn_row, 0, call("IF", lost.eq(0), "", call("TEXT", lost, "0") & "行已填但被隐藏：请选中全表，右键“取消隐藏”行后再打印。"),
                 "paper_warn", to=(warn_row, UNITS - 1))  # fmt: skip
        page.heights[warn_row] = 14

    def _row(self, height: float) -> int:
        row = self.top
        self.page.heights[row] = height
        self.top += 1
        return row

    def _across(
        self, row: int, first: int, last: int, content: Expr | Decimal | str | None, style: str, *, to_row: int = -1
    ) -> None:
        self.page.put(row, first, content, style, to=(max(row, to_row), last))

    # ---- header and closing ------------------------------------------------------
    def _header(self) -> int:
        head, words = self.plan.spec.form, self.plan.words
        first = self.top
        for line in head.heading:
            self._across(self._row(16), 0, UNITS - 1, line, "paper_left")
        self._across(self._row(30), 0, UNITS - 1, words.form_title, "paper_title")
        if head.subtitle:
            self._across(self._row(18), 0, UNITS - 1, words.years(head.subtitle), "paper_center")
        row = self._row(16)
        self._across(row, 0, 11, self._unit_line(), "paper_left")
        self._across(row, 12, 19, call("IF", self.check_code.eq(""), "", "校验码 " & self.check_code), "paper_center")
        self._across(row, 20, UNITS - 1, f"单位：{head.unit}", "paper_right")
        self.page.repeat_rows = (first, row)
        return self._row(14)

    def _unit_line(self) -> Expr | str:
        for block in self.plan.blocks:
            for slot in block.slots:
                if slot.identity == "unit_name":
                    return call("IF", ref(slot).eq(""), "", f"{slot.label}：" & Cell(slot.sheet, slot.row, slot.column))
        return self.plan.words.filing.unit.name

    def _closing(self) -> None:
        for n, note in enumerate(self.plan.spec.form.notes, 1):
            text = f"备注：{n}. {note}" if n == 1 else f"{n}. {note}"
            lines = math.ceil(len(text) / chars_in(UNITS))
            self._across(self._row(lines * LINE_PT + 2), 0, UNITS - 1, text, "paper_left")
        self._row(10)
        row = self._row(24)
        signatures = self.plan.spec.form.signatures
        for i, who in enumerate(signatures):
            first, last = UNITS * i // len(signatures), UNITS * (i + 1) // len(signatures) - 1
            self._across(row, first, last, f"{who}：", "paper_sign")

    # ---- blocks --------------------------------------------------------------------
    def _block(self, plan: BlockPlan) -> None:
        block = plan.block
        if block.repeat and self.plan.spec.repeat[block.repeat].as_ == "sheets" and self._opens_instance(plan):
            self.page.breaks.append(self.top)
            self._across(self._row(22), 0, UNITS - 1, plan.title, "paper_title")
            caption = self.plan.words.filled(block.caption, plan.instance)
            self._across(self._row(16), 0, UNITS - 1, caption, "paper_left")
        if isinstance(block, Fields):
            self._fields(plan)
        elif isinstance(block, Narrative):
            self._narrative(plan, block)
        elif isinstance(block, Schedule):
            self._schedule(plan)
        else:
            if not block.repeat and isinstance(block, IndicatorTable) and len(plan.lines) > LONG_TABLE:
                self.page.breaks.append(self.top)
            self._table(plan, block)

    def _opens_instance(self, plan: BlockPlan) -> bool:
        return next(b for b in self.plan.blocks if b.block.repeat == plan.block.repeat and b.number == plan.number) is plan

    def _fields(self, plan: BlockPlan) -> None:
        start = self.top
        for line in plan.lines:
            side = SIDE if line.labels[0] else 0
            units = UNITS - side
            edges = [side + units * i // len(line.slots) for i in range(len(line.slots) + 1)]
            row, need = self._row(0), 1
            for slot, first, end in zip(line.slots, edges, edges[1:], strict=False):
                label = max(3, min(6, (end - first) // 3))
                self._across(row, first, first + label - 1, slot.label, "paper_label")
                style = {"money": "paper_money", "long_text": "paper_text"}.get(slot.content, "paper_cell")
                self._across(row, first + label, end - 1, ref(slot), style)
                limit = self._limit(slot, slot.max_chars)
                need = max(need, math.ceil(limit / chars_in(end - first - label)), math.ceil(len(slot.label) / chars_in(label)))
            self.page.heights[row] = need * LINE_PT + PAD_PT
        for run in label_runs(plan.lines, 1, spread=False):
            if run.text:
                self._across(start + run.first, 0, SIDE - 1, run.text, "paper_label", to_row=start + run.last)

    def _narrative(self, plan: BlockPlan, block: Narrative) -> None:
        texts = [line for line in plan.lines if line.slot("text")]
        first_index = plan.lines.index(texts[0])
        column = _slot(texts[0], "text").column
        starts = self.fills.running[plan.name, first_index]
        start_area = Area(plan.sheet, texts[0].row, starts.column, texts[-1].row, starts.column)
        text_area = Area(plan.sheet, texts[0].row, column, texts[-1].row, column)
        last = texts[-1].row
        total = (
            Cell(plan.sheet, last, starts.column)
            + call("ROUNDUP", call("LEN", Cell(plan.sheet, last, column)) / PAPER_LINE_CHARS, 0)
            - 1
        )
        paragraphs = self.fills._paragraphs(plan)
        needed = sum(math.ceil(len(text) / PAPER_LINE_CHARS) for text, _ in paragraphs)
        capacity = max(MAX_LINES, needed + 40)
        visible = needed + SPARE_LINES if needed else (BLANK_LINES if block.show > 5 else BLANK_LINES // 2)
        top = self.top
        total_cell = Cell(NAME, top, FLAG + 1)
        self.page.put(top, FLAG + 1, total, "counter")
        self.overflow.append(call("MAX", 0, total_cell - capacity))
        for n in range(1, capacity + 1):
            row = self._row(LINE_PT)
            place = call("MATCH", n, start_area, 1)
            at = (call("N", n) - call("INDEX", start_area, place)) * PAPER_LINE_CHARS + 1
            text = call("IF", total_cell.lt(n), "", call("MID", call("INDEX", text_area, place), at, PAPER_LINE_CHARS))
            style = "paper_line_top" if n == 1 else "paper_line_bottom" if n == visible else "paper_line"
            if style != "paper_line":
                for unit in range(SIDE + 1, UNITS - 1):
                    self.page.put(row, unit, None, style)
            self.page.put(row, SIDE, text, style)
            self.page.put(row, UNITS - 1, None, f"{style}_end")
            if n > visible:
                self.page.hidden_rows.add(row)
            self.page.put(row, FLAG, call("IF", total_cell.lt(n), 0, 1), "counter")
        self._across(top, 0, SIDE - 1, self._narrative_label(plan, block), "paper_label", to_row=self.top - 1)

    def _narrative_label(self, plan: BlockPlan, block: Narrative) -> Expr | str:
        for field in block.fields:
            if field.said:
                slot = next(s for s in plan.slots if s.key == field.id)
                before, _, after = field.said.partition("{}")
                said = (f"{plan.title}（{before}" & Cell(slot.sheet, slot.row, slot.column)) & f"{after}）"
                return call("IF", ref(slot).eq(""), plan.title, said)
        return plan.title

    def _schedule(self, plan: BlockPlan) -> None:
        units = [SIDE, *shares([1] * len(plan.slots), UNITS - SIDE)]
        head, row = self._row(18), self._row(18)
        self._across(head, 0, SIDE - 1, plan.title, "paper_label", to_row=row)
        self.page.heights[row] = max(18.0, math.ceil(len(plan.title) / chars_in(SIDE)) * LINE_PT + PAD_PT - 18)
        left = SIDE
        for slot, width in zip(plan.slots, units[1:], strict=True):
            self._across(head, left, left + width - 1, slot.label, "paper_head")
            self._across(row, left, left + width - 1, ref(slot), "paper_percent")
            left += width

    # ---- tables ----------------------------------------------------------------------
    def _table(self, plan: BlockPlan, block: MoneyTable | IndicatorTable) -> None:
        headings = [h for h in plan.headings if h.printed]
        units = shares([h.width_chars for h in headings], UNITS - SIDE)
        edges = [SIDE]
        for width in units:
            edges.append(edges[-1] + width)
        self.edges = edges
        top = self.top
        self._heads(headings, edges)
        lines = [line for line in plan.lines if line.printed]
        first = self.top
        for index, line in enumerate(lines):
            self._line(plan, block, lines, index, line, headings)
        self._labels(block, lines, first, edges, headings)
        self._across(top, 0, SIDE - 1, plan.title, "paper_label", to_row=self.top - 1)

    def _heads(self, headings: Sequence[Heading], edges: Sequence[int]) -> None:
        top = self.top
        depth = 1 + max(len(h.over) for h in headings)
        per_row = 18.0
        for i, heading in enumerate(headings):
            if not heading.key.startswith("label"):
                need = math.ceil(len(heading.label) / chars_in(edges[i + 1] - edges[i])) * LINE_PT + PAD_PT
                per_row = max(per_row, need / (depth - len(heading.over)))
        for _ in range(depth):
            self._row(per_row)
        for head in head_cells(headings):
            self._across(
                top + head.top, edges[head.first], edges[head.last + 1] - 1, head.text, "paper_head", to_row=top + head.bottom
            )

    def _line(
        self, plan: BlockPlan, block: MoneyTable | IndicatorTable, lines: list[Line], index: int,
        line: Line, headings: Sequence[Heading],
    ) -> None:  # fmt: skip
        row = self._row(20)
        spot = [other for other in lines if other.key == line.key] if self._is_open(line) else []
        position = spot.index(line) + 1 if spot else 0
        widths = {h.key: self.edges[i + 1] - self.edges[i] for i, h in enumerate(headings)}
        lefts = {h.key: self.edges[i] for i, h in enumerate(headings)}
        names = _label_keys(headings)
        need = 1
        for slot in line.slots:
            key = slot.key
            if isinstance(block, MoneyTable) and slot.role == "name":
                first, last = lefts[names[-1]], lefts[names[-1]] + widths[names[-1]] - 1
            elif key in lefts:
                first, last = lefts[key], lefts[key] + widths[key] - 1
            else:
                continue
            content = self._kth(spot, slot, position) if spot else ref(slot)
            self._across(row, first, last, content, _paper_style(slot))
            limit = max(self._limit(s, self._room(s)) for other in (spot or [line]) for s in other.slots if s.key == key)
            need = max(need, math.ceil(limit / chars_in(last - first + 1)))
        for i, name in enumerate(line.labels):
            key = names[i] if i < len(names) else names[-1]
            if isinstance(block, IndicatorTable) and i == len(block.levels) - 1:
                need = max(need, math.ceil(len(name) / chars_in(widths[key])))
        self.page.heights[row] = need * LINE_PT + PAD_PT
        if spot:
            self._spot_row(row, line, spot, position)

    def _spot_row(self, row: int, line: Line, spot: list[Line], position: int) -> None:
        filled = sum(other.filed is not None for other in spot)
        source, group = line.source, line.group
        show = source.show if isinstance(source, CatalogRow) else group.open_rows.show if group and group.open_rows else 0
        if position > max(filled, show):
            self.page.hidden_rows.add(row)
        first, last = self.fills.running[self._running_key(spot[0])], self.fills.running[self._running_key(spot[-1])]
        counter = Cell(last.sheet, last.row, last.column)
        assert first.column == last.column
        self.page.put(row, FLAG, call("IF", counter.lt(position), 0, 1), "counter")

    def _running_key(self, line: Line) -> tuple[str, int]:
        return self.homes[id(line)]

    def _kth(self, spot: list[Line], slot: Slot, position: int) -> Expr:
        """The k-th filled row of the spot, this column; blank where there are fewer."""
        first, last = (self.fills.running[self._running_key(line)] for line in (spot[0], spot[-1]))
        counts = Area(first.sheet, first.row, first.column, last.row, first.column)
        column = Area(slot.sheet, spot[0].row, slot.column, spot[-1].row, slot.column)
        value = call("INDEX", column, call("MATCH", position, counts, 0))
        if slot.content in ("money", "rate"):
            return call("IFERROR", call("IF", value.eq(""), "", value), "")
        return call("IFERROR", value & "", "")

    def _room(self, slot: Slot) -> int:
        """The longest text the cell is made for."""
        if slot.choices and slot.choices in self.plan.spec.choices:
            choices = self.plan.spec.choices[slot.choices]
            if choices.stop:
                return max(len(item) for item in choices.items)
        return slot.max_chars if slot.content in ("indicator", "text") else 1

    def _limit(self, slot: Slot, room: int) -> int:
        content = self.book.page(slot.sheet).cells[slot.row, slot.column].content
        return max(room, len(content) if isinstance(content, str) else 0)

    @staticmethod
    def _is_open(line: Line) -> bool:
        return line.source is None or (isinstance(line.source, CatalogRow) and line.source.open)

    def _labels(
        self, block: MoneyTable | IndicatorTable, lines: list[Line], first: int, edges: Sequence[int],
        headings: Sequence[Heading],
    ) -> None:  # fmt: skip
        keys = _label_keys(headings)
        columns = len(keys)
        if isinstance(block, MoneyTable) and columns == 2:
            lines = [Line(x.key, x.row, x.slots, labels=(x.labels[0], x.labels[2])) for x in lines]
        for run in label_runs(lines, columns, spread=isinstance(block, MoneyTable) and columns == 3):
            rows = range(first + run.first, first + run.last + 1)
            width = edges[run.to_column + 1] - edges[run.column]
            self._across(rows[0], edges[run.column], edges[run.to_column + 1] - 1, run.text, "paper_label", to_row=rows[-1])
            need = math.ceil(len(run.text) / chars_in(width)) * LINE_PT + PAD_PT
            seen = [row for row in rows if row not in self.page.hidden_rows]
            lacking = need - sum(self.page.heights[row] for row in seen)
            if seen and lacking > 0:
                self.page.heights[seen[-1]] += lacking


def _label_keys(headings: Sequence[Heading]) -> list[str]:
    return [h.key for h in headings if h.key.startswith(("label", "level"))]


def _paper_style(slot: Slot) -> str:
    return {"money": "paper_money", "rate": "paper_rate"}.get(slot.content, "paper_cell")


def _slot(line: Line, key: str) -> Slot:
    slot = line.slot(key)
    assert slot is not None
    return slot
