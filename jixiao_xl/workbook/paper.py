"""The 打印表: the whole form as one continuous sheet, as the published paper, filled by formulas.

Nothing may clip without a macro. Prose is cut into printed lines by formula, so a row is one
line; indicator rows have the height of their length limit (or of what was filed, if longer);
rows left to the unit are closed up: the k-th printed row shows the k-th filled one. Printed
rows beyond those shown are hidden, spare instances too; should one of them be filled, a red line
says which rows to show.
"""

from __future__ import annotations

from jixiao_xl.forms.expr import Area, Cell, Expr, call
from jixiao_xl.forms.headings import label_runs
from jixiao_xl.forms.layout import LEFT
from jixiao_xl.forms.plan import BlockPlan, FormPlan, Line, Slot
from jixiao_xl.forms.spec import Fields, IndicatorTable, Narrative, Schedule
from jixiao_xl.workbook.canvas import NAME, Canvas, ref
from jixiao_xl.workbook.fill_sheets import COUNTER_WIDTH, FillSheets
from jixiao_xl.workbook.pages import Book
from jixiao_xl.workbook.paper_table import PaperTable
from jixiao_xl.workbook.text_width import LINE_PT, SIDE, UNIT_WIDTH, height_of, lines_of, units_for
from jixiao_xl.workbook.unseen import Unseen

BLANK_LINES = 20
"""Printed lines of prose shown in an empty form."""
SPARE_LINES = 6
"""Printed lines shown beyond what is filed."""
MAX_LINES = 120
LONG_TABLE = 30
"""A table of more lines starts on a page of its own, so that its heading is never torn."""


class Paper:
    """Draws the 打印表 from a plan whose filling sheets are already drawn."""

    def __init__(self, plan: FormPlan, fills: FillSheets, book: Book, check_code: Cell) -> None:
        self.plan, self.fills, self.check_code = plan, fills, check_code
        self.canvas, self.grid = Canvas(book, fills.grid), fills.grid
        self.page = self.canvas.page

    def draw(self) -> None:
        page = self.page
        self.canvas.book.pages.append(page)
        page.widths = dict.fromkeys(range(self.grid.units), UNIT_WIDTH)
        page.widths |= dict.fromkeys(range(self.canvas.flag, self.canvas.flag + Unseen.COLUMNS), COUNTER_WIDTH)
        page.centred = True
        page.print_columns = (0, self.grid.last)
        warn_row = self._header()
        for block in self.plan.blocks:
            self._block(block) if block.shown else self._spare(block)
        self._closing()
        self.canvas.across(warn_row, 0, self.grid.last, self.canvas.unseen.line(), "paper_warn")

    # ---- header and closing ------------------------------------------------------
    def _header(self) -> int:
        head, words, canvas = self.plan.spec.form, self.plan.words, self.canvas
        first = canvas.top
        for line in head.heading:
            canvas.across(canvas.row(16), 0, self.grid.last, line, "paper_left")
        canvas.title(words.form_title, "paper_title", 20)
        if head.subtitle:
            canvas.across(canvas.row(18), 0, self.grid.last, words.years(head.subtitle), "paper_center")
        if self.fills.options.document:
            canvas.across(canvas.row(18), 0, self.grid.last, self.fills.options.document, "paper_center")
        row = canvas.row(16)
        left = self.grid.units - 11
        canvas.across(row, 0, left - 1, self._unit_line(), "paper_shrunk")
        canvas.across(row, left, left + 5, call("IF", self.check_code.eq(""), "", "校验码 " & self.check_code), "paper_center")
        canvas.across(row, left + 6, self.grid.last, f"单位：{head.unit}", "paper_right")
        self.page.repeat_rows = (first, row)
        return canvas.row(2 * LINE_PT)

    def _unit_line(self) -> Expr | str:
        for block in self.plan.blocks:
            for slot in block.slots:
                if slot.identity == "unit_name":
                    return call("IF", ref(slot).eq(""), "", f"{slot.label}：" & Cell(slot.sheet, slot.row, slot.column))
        return self.plan.words.filing.unit.name

    def _closing(self) -> None:
        canvas = self.canvas
        for n, note in enumerate(self.plan.spec.form.notes, 1):
            text = f"备注：{n}. {note}" if n == 1 else f"{n}. {note}"
            canvas.across(canvas.row(lines_of(len(text), self.grid.units) * LINE_PT + 2), 0, self.grid.last, text, "paper_left")
        canvas.row(10)
        row = canvas.row(24)
        signatures = self.plan.spec.form.signatures
        for i, who in enumerate(signatures):
            first, last = self.grid.units * i // len(signatures), self.grid.units * (i + 1) // len(signatures) - 1
            canvas.across(row, first, last, f"{who}：", "paper_sign")

    # ---- blocks --------------------------------------------------------------------
    def _block(self, plan: BlockPlan) -> None:
        block, canvas = plan.block, self.canvas
        if block.repeat and self.plan.spec.repeat[block.repeat].as_ == "sheets" and self._instance(plan)[0] is plan:
            self.page.breaks.append(canvas.top)
            canvas.title(plan.title, "paper_subtitle", 16)
            caption = self.plan.words.filled(block.caption, plan.instance)
            canvas.across(
                canvas.row(lines_of(len(caption), self.grid.units) * LINE_PT + 3), 0, self.grid.last, caption, "paper_left"
            )
        if isinstance(block, Fields):
            self._fields(plan)
        elif isinstance(block, Narrative):
            self._narrative(plan, block)
        elif isinstance(block, Schedule):
            self._schedule(plan)
        else:
            if not block.repeat and isinstance(block, IndicatorTable) and len(plan.lines) > LONG_TABLE:
                self.page.breaks.append(canvas.top)
            PaperTable(canvas, self.fills, self.plan.spec, plan).draw()

    def _instance(self, plan: BlockPlan) -> list[BlockPlan]:
        """The blocks that repeat together with this one."""
        return [b for b in self.plan.blocks if b.block.repeat == plan.block.repeat and b.number == plan.number]

    def _spare(self, plan: BlockPlan) -> None:
        """A block of an instance kept in reserve: all its rows are hidden, and missed once it is filled."""
        canvas, top, together = self.canvas, self.canvas.top, self._instance(plan)
        counter = LEFT + self.plan.widths[plan.sheet]
        counters = Area(plan.sheet, together[0].key_row + 1, counter, together[-1].last_row, counter)
        filled = call("IF", call("SUM", counters).eq(0), 0, 1)
        canvas.called = filled
        self._block(plan)
        canvas.called = None
        for row in range(top, canvas.top):
            if (row, self.canvas.flag) not in self.page.cells:
                self.page.put(row, self.canvas.flag, filled, "counter")
                canvas.unseen.watch(row, row)
            self.page.hidden_rows.add(row)

    def _fields(self, plan: BlockPlan) -> None:
        start, canvas = self.canvas.top, self.canvas
        labels: dict[int, int] = {}
        """Place in the line to units of the label, the same all down the block."""
        for line in plan.lines:
            for i, slot in enumerate(line.slots):
                least = SIDE if i == 0 and not line.labels[0] else 3
                labels[i] = max(labels.get(i, least), min(6, units_for(len(slot.label))))
        for line in plan.lines:
            side = SIDE if line.labels[0] else 0
            units = self.grid.units - side
            edges = [side + units * i // len(line.slots) for i in range(len(line.slots) + 1)]
            row, need = canvas.row(0), 1
            for i, slot in enumerate(line.slots):
                first, end = edges[i], edges[i + 1]
                label = min(labels[i], (end - first) // 2)
                canvas.across(row, first, first + label - 1, slot.label, "paper_label")
                style = {"money": "paper_money", "long_text": "paper_text"}.get(slot.content, "paper_cell")
                canvas.across(row, first + label, end - 1, ref(slot), style)
                limit = canvas.limit(slot, slot.max_chars)
                need = max(need, lines_of(limit, end - first - label), lines_of(len(slot.label), label))
            self.page.heights[row] = height_of(need)
        for run in label_runs(plan.lines, 1, spread=False):
            if run.text:
                canvas.label(range(start + run.first, start + run.last + 1), 0, SIDE - 1, run.text)

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
            + call("ROUNDUP", call("LEN", Cell(plan.sheet, last, column)) / self.grid.line_chars, 0)
            - 1
        )
        needed = self.fills.printed_lines(plan)
        capacity = max(MAX_LINES, needed + 40)
        visible = needed + SPARE_LINES if needed else (BLANK_LINES if block.show > 5 else BLANK_LINES // 2)
        page, top = self.page, self.canvas.top
        total_cell = Cell(NAME, top, self.canvas.flag + 1)
        page.put(top, self.canvas.flag + 1, total, "counter")
        for n in range(1, capacity + 1):
            row = self.canvas.row(LINE_PT)
            place = call("MATCH", n, start_area, 1)
            at = (call("N", n) - call("INDEX", start_area, place)) * self.grid.line_chars + 1
            text = call("IF", total_cell.lt(n), "", call("MID", call("INDEX", text_area, place), at, self.grid.line_chars))
            style = "paper_line_top" if n == 1 else "paper_line_bottom" if n == visible else "paper_line"
            if style != "paper_line":
                for unit in range(SIDE + 1, self.grid.last):
                    page.put(row, unit, None, style)
            page.put(row, SIDE, text, style)
            page.put(row, self.grid.last, None, f"{style}_end")
            if n > visible:
                page.hidden_rows.add(row)
            page.put(row, self.canvas.flag, call("IF", total_cell.lt(n), 0, 1), "counter")
        self.canvas.unseen.watch_text(top, self.canvas.top - 1, total_cell)
        self.canvas.side(top, self._narrative_label(plan, block))

    def _narrative_label(self, plan: BlockPlan, block: Narrative) -> Expr | str:
        for field in block.fields:
            if field.said:
                slot = next(s for s in plan.slots if s.key == field.id)
                before, _, after = field.said.partition("{}")
                said = (f"{plan.title}（{before}" & Cell(slot.sheet, slot.row, slot.column)) & f"{after}）"
                return call("IF", ref(slot).eq(""), plan.title, said)
        return plan.title

    def _schedule(self, plan: BlockPlan) -> None:
        canvas, top, count = self.canvas, self.canvas.top, len(plan.slots)
        lines = lines_of(len(plan.title), SIDE)
        head, row = canvas.row(18), canvas.row(max(18.0, height_of(lines) - 18))
        for i, slot in enumerate(plan.slots):
            first, last = (SIDE + (self.grid.units - SIDE) * place // count for place in (i, i + 1))
            canvas.across(head, first, last - 1, slot.label, "paper_head")
            canvas.across(row, first, last - 1, ref(slot), "paper_percent")
        canvas.side(top, plan.title)


def _slot(line: Line, key: str) -> Slot:
    slot = line.slot(key)
    assert slot is not None
    return slot
