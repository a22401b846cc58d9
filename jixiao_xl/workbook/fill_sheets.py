"""The sheets a clerk fills: one protected sheet per section of the form."""

from __future__ import annotations

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import field
from decimal import Decimal

from jixiao_xl.forms.derive import WORDS, Derived, derived_cells, evaluate, shown, starts
from jixiao_xl.forms.expr import Area, Cell, Expr, call
from jixiao_xl.forms.formulas import formula_of, started
from jixiao_xl.forms.headings import head_cells, label_runs
from jixiao_xl.forms.layout import KEY_COLUMN, LEFT, split_paragraphs
from jixiao_xl.forms.plan import BlockPlan, FormPlan, Line, Slot
from jixiao_xl.forms.spec import CatalogRow, Fields, IndicatorTable, MoneyTable, Narrative, Row
from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.facts import FactPath, Filing
from jixiao_xl.model.places import address
from jixiao_xl.model.ratios import read_percent
from jixiao_xl.model.records import dataclass
from jixiao_xl.workbook.as_found import AsFound
from jixiao_xl.workbook.entry_rules import JOIN_WORD, rule_for
from jixiao_xl.workbook.fitting import width_of
from jixiao_xl.workbook.lights_shown import is_light, light_up
from jixiao_xl.workbook.marking import Marking
from jixiao_xl.workbook.pages import Book, Content, Page
from jixiao_xl.workbook.text_width import LANDSCAPE, PORTRAIT
from jixiao_xl.workbook.values import cell_content

STYLE_OF = {"money": "money", "rate": "rate", "percent": "percent", "indicator": "indicator",
            "paragraph": "paragraph", "points": "points", "integer": "points",
            "word": "indicator"}  # fmt: skip
LINE_PT = 15.0
COUNTER_WIDTH = 1.0
"""The column of counters is narrow and shows nothing, but not hidden: Calc prints the ### of a
hidden number beside a print area."""
COVER = "封面"
LACKED = "—"
"""What stands where a line has no such column."""
FIELD_ROOM = 36
"""Characters of a short field its row shows whole; longer ones are rare, and whole on the 打印表."""
HINT = "黄色格填写，灰色格自动计算；带▼的格从下拉列表选。填完看“自检表”。"


@dataclass
class BuildOptions:
    """What the built workbook should carry beyond the facts."""

    as_stated: bool = False
    """Write a stated derived value that differs over the formula, as a clerk's paste would."""
    repeats: dict[str, int] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    """Path to a note on its cell (上年目标值，非实际值)."""
    marking: Marking | None = None
    """What a returned copy marks; None for any other workbook."""
    macros: bool = False
    """The macro-enabled variant: buttons, ribbon, 校验结果, 粘贴区."""
    document: str = ""
    """文号 and day of an approval, printed below the title; empty for any other workbook."""
    functions: bool = False
    """占比 and 执行率 by our own functions; only with macros, and never in a file that is submitted."""
    found: AsFound | None = None
    """What a plain copy keeps of the file it is made from, beyond its facts."""
    hidden: Mapping[str, Container[int]] | None = None
    """By sheet the rows (from 0) that a person left hidden; None for as many spare rows shown as the form says."""


class FillSheets:
    """Draws the filling sheets of one plan into a book, and remembers what the paper needs."""

    def __init__(self, plan: FormPlan, filing: Filing, options: BuildOptions, book: Book) -> None:
        self.plan, self.filing, self.options, self.book = plan, filing, options, book
        self.derived = {id(d.slot): d for d in derived_cells(plan)}
        self.starts = starts(plan)
        self.grid = LANDSCAPE if plan.spec.form.landscape else PORTRAIT
        """Of the 打印表: a filled row of prose takes LEN/line_chars printed lines."""
        self.running: dict[tuple[str, int], Cell] = {}
        """(block name, line index) to the cell that counts filled rows or printed lines so far."""

    def draw(self) -> None:
        for sheet in self.plan.sheets:
            page = Page(sheet, protected=True, tab="#F4D03F", numbers_as_text=True)
            self.book.pages.append(page)
            self._frame(page)
            for block in self.plan.on_sheet(sheet):
                self._block(page, block)
        for block in self.plan.blocks:
            last = LEFT + self.plan.widths[block.sheet] - 1
            name = block.sheet.replace("'", "''")
            self.book.names[f"jx.{block.name}"] = (
                f"='{name}'!${address(block.key_row, 0)[0]}${block.key_row + 1}:${address(0, last)[:-1]}${block.last_row + 1}"
            )

    # ---- the sheet ------------------------------------------------------------
    def _frame(self, page: Page) -> None:
        grid = self.plan.widths[page.name]
        blocks = list(self.plan.on_sheet(page.name))
        page.widths = {KEY_COLUMN: 4, **self._widths(page.name, blocks)}
        page.hidden_columns = {KEY_COLUMN}
        page.widths[LEFT + grid] = COUNTER_WIDTH
        title = blocks[0].title if blocks[0].title_row < 0 else page.name
        page.put(0, LEFT, title, "title", to=(0, LEFT + grid - 1))
        page.heights[0] = 30
        self._hint(page, HINT, blocks)
        page.heights[1] = 30
        page.landscape = sum(page.widths.values()) > 100
        page.print_columns = (LEFT, LEFT + grid - 1)
        if len(blocks) == 1 and not isinstance(blocks[0].block, Narrative | Fields):
            levels = len(blocks[0].block.levels) if isinstance(blocks[0].block, IndicatorTable) else 1
            page.freeze = (blocks[0].key_row + 1, LEFT + levels)
            page.repeat_rows = (blocks[0].head_row, blocks[0].key_row)
        else:
            page.freeze = (2, 0)

    def _hint(self, page: Page, hint: str, blocks: Sequence[BlockPlan]) -> None:
        """Under the title: the way back, how to fill, and the unit where there are amounts."""
        last = LEFT + self.plan.widths[page.name] - 1
        first = LEFT
        if page.name != COVER:
            page.put(1, LEFT, "返回封面", "link", link=f"'{COVER}'!A1")
            first += 1
        if any(slot.content == "money" for block in blocks for slot in block.slots):
            page.put(1, last, f"单位：{self.plan.spec.form.unit}", "unit")
            last -= 1
        page.put(1, first, hint, "hint", to=(1, last))

    def _widths(self, sheet: str, blocks: list[BlockPlan]) -> dict[int, float]:
        grid = self.plan.widths[sheet]
        tables = [b for b in blocks if b.headings]
        if tables:
            table = max(tables, key=lambda b: len(b.headings))
            widths = {LEFT + i: h.width_chars * 2.0 + 3 for i, h in enumerate(table.headings)}
            return widths | {LEFT + i: 16.0 for i in range(len(table.headings), grid)}
        if any(isinstance(b.block, Narrative) for b in blocks):
            return {LEFT: 12.0, LEFT + 1: 92.0, LEFT + 2: 9.0}
        if grid == 3:
            return {LEFT: 12.0, LEFT + 1: 14.0, LEFT + 2: 90.0}
        wide = 64.0 if grid == 2 else 32.0
        return {LEFT + i: 18.0 if i % 2 == 0 else wide for i in range(grid)}

    # ---- a block ---------------------------------------------------------------
    def _block(self, page: Page, plan: BlockPlan) -> None:
        grid = self.plan.widths[plan.sheet]
        hidden = () if plan.shown else range(plan.title_row if plan.title_row >= 0 else plan.head_row, plan.last_row + 1)
        page.hidden_rows.update(hidden)
        if plan.title_row >= 0:
            caption = self.plan.words.filled(plan.block.caption, plan.instance)
            title = f"{plan.title}（{caption}）" if caption.strip() else plan.title
            page.put(plan.title_row, LEFT, title, "block_title", to=(plan.title_row, LEFT + grid - 1))
            room = sum(page.widths.get(column, 9.0) for column in range(LEFT, LEFT + grid))
            page.heights[plan.title_row] = math.ceil(width_of(title) * 1.15 / room) * 17 + 7
        self._heads(page, plan)
        page.key_rows.add(plan.key_row)
        page.put(plan.key_row, KEY_COLUMN, f"jx.{plan.name}", "key")
        if not isinstance(plan.block, Fields):
            for slot in {slot.key: slot for slot in plan.slots}.values():
                page.put(plan.key_row, slot.column, slot.key, "key")
        self._labels(page, plan)
        self._rows(page, plan)
        for offset, note in enumerate(plan.block.notes, 1):
            page.put(plan.last_row + offset, LEFT, note, "hint", to=(plan.last_row + offset, LEFT + grid - 1))

    def _heads(self, page: Page, plan: BlockPlan) -> None:
        for head in head_cells(plan.headings):
            page.put(
                plan.head_row + head.top, LEFT + head.first, head.text, "head",
                to=(plan.head_row + head.bottom, LEFT + head.last),
            )  # fmt: skip
        for row in range(plan.head_row, plan.head_row + plan.head_rows):
            page.heights[row] = 24
        for column, heading in enumerate(plan.headings, LEFT):
            if not heading.over and not heading.key.startswith("label"):  # a long word over a narrow column
                lines = math.ceil(width_of(heading.label) * 1.1 / (page.widths.get(column, 9) - 1))
                last = plan.head_row + plan.head_rows - 1
                page.heights[last] = max(page.heights[last], lines * LINE_PT + 6 - 24 * (plan.head_rows - 1))

    def _labels(self, page: Page, plan: BlockPlan) -> None:
        block = plan.block
        if isinstance(block, Narrative):
            return self._narrative_labels(page, plan)
        if isinstance(block, Fields):
            columns, lines = (1, [line if line.labels != ("",) else Line(line.key, line.row, line.slots) for line in plan.lines])
        elif isinstance(block, IndicatorTable):
            columns, lines = len(block.levels), list(plan.lines)
        else:
            columns, lines = max(len(line.labels) for line in plan.lines), list(plan.lines)
        nested = isinstance(block, MoneyTable) and sum(h.key.startswith("label") for h in plan.headings) == 3
        if isinstance(block, MoneyTable) and not nested:
            columns, lines = 2, [_two_labels(line) for line in lines]
        for run in label_runs(lines, columns, spread=nested):
            first, last = plan.lines[run.first].row, plan.lines[run.last].row
            page.put(first, LEFT + run.column, run.text, "label" if isinstance(block, IndicatorTable) else "side",
                     to=(last, LEFT + run.to_column))  # fmt: skip
        return None

    def _narrative_labels(self, page: Page, plan: BlockPlan) -> None:
        block = plan.block
        assert isinstance(block, Narrative)
        if block.help:
            self._hint(page, f"{block.help}{HINT}", [plan]) if plan.title_row < 0 else None
        for line in plan.lines:
            text = line.slot("text")
            if text is not None:
                page.put(line.row, LEFT, f"第{line.labels[0]}段", "number", to=(line.row, text.column - 1))

    def _rows(self, page: Page, plan: BlockPlan) -> None:
        paragraphs = self._paragraphs(plan)
        for index, line in enumerate(plan.lines):
            page.put(line.row, KEY_COLUMN, line.key, "key")
            if self._is_hidden(page, line, is_blank=line.filed is None and index >= len(paragraphs)):
                page.hidden_rows.add(line.row)
            for slot in line.slots:
                self._slot(page, plan, line, slot, paragraphs)
            self._height(page, plan, line)
            self._count(page, plan, index, line)
            self._readings(page, line)
            self._lacked(page, plan, line)
        light_up(page, ((s.row, s.column) for s in plan.slots if is_light(self.derived.get(id(s)))))

    def _is_hidden(self, page: Page, line: Line, *, is_blank: bool) -> bool:
        """A spare row is hidden as the form says, or as a person left it."""
        if self.options.hidden is None or not (_is_open(line) and is_blank):
            return line.hidden
        return line.row in self.options.hidden.get(page.name, ())

    @staticmethod
    def _lacked(page: Page, plan: BlockPlan, line: Line) -> None:
        """A line without such a column has a dash there."""
        lacks = line.source.lacks if isinstance(line.source, Row) else ()
        for offset, heading in enumerate(plan.headings):
            if heading.key in lacks:
                page.put(line.row, LEFT + offset, LACKED, "shown_center")

    def _paragraphs(self, plan: BlockPlan) -> list[tuple[str, bool]]:
        if not isinstance(plan.block, Narrative):
            return []
        path = FactPath(plan.block.id, "text", instance=plan.instance)
        return split_paragraphs(self.filing.value(path.text) or "")

    def printed_lines(self, plan: BlockPlan) -> int:
        """Lines the prose that was filed takes on the 打印表."""
        return sum(math.ceil(len(text) / self.grid.line_chars) for text, _ in self._paragraphs(plan))

    def _slot(self, page: Page, plan: BlockPlan, line: Line, slot: Slot, paragraphs: Sequence[tuple[str, bool]]) -> None:
        if isinstance(plan.block, Fields) or (isinstance(plan.block, Narrative) and slot.key not in ("text", "join")):
            page.put(slot.row, slot.column - 1, slot.label, "label")
        content, number_format, locked = self._content(plan, line, slot, paragraphs)
        role = "derived" if locked else "input"
        look = STYLE_OF.get(slot.content, "text")
        style = f"{role}_{look}" if not (locked and look in ("text", "indicator", "percent")) else "shown_text"
        style = "shown_center" if locked and slot.content == "word" else style
        to = (slot.row, slot.to_column) if slot.to_column > slot.column else None
        planned = page.put(slot.row, slot.column, content, style, to=to, locked=locked, number_format=number_format)
        if slot.path is not None:
            planned.note = self.options.notes.get(slot.path.text, "")
        if not locked:
            rule = rule_for(self.plan, plan, slot)
            if rule is not None:
                page.rules[slot.row, slot.column] = rule

    def _content(
        self, plan: BlockPlan, line: Line, slot: Slot, paragraphs: Sequence[tuple[str, bool]]
    ) -> tuple[Content, str, bool]:
        """Content, number format, locked."""
        if slot.content == "paragraph" or slot.role == "join":
            number = int(line.key[1:]) - 1
            text, joined = paragraphs[number] if number < len(paragraphs) else ("", False)
            return (text if slot.content == "paragraph" else JOIN_WORD if joined else ""), "", False
        if slot.role == "name":
            place = int(slot.key[5:]) - 1
            names = line.filed.names if line.filed else ()
            return (names[place] if place < len(names) else names[-1] if names else ""), "", False
        stated = self.filing.value(slot.path.text) if slot.path else None
        derived = self.derived.get(id(slot))
        if derived is not None:
            if stated is not None and self.options.as_stated and self._differs(derived, stated):
                content, number_format = cell_content(stated, slot.content)
                return content, number_format, True
            return formula_of(derived, functions=self.options.functions), "", True
        if slot.identity == "unit_name" and stated is None:
            stated = self.filing.unit.name
        start = self.starts.get(id(slot))
        if start is not None and (not stated or stated == shown(start, self)):
            return started(start.slot), "", False
        if not stated:
            return None, "", False
        content, number_format = cell_content(stated, slot.content)
        return content, number_format, False

    def _differs(self, derived: Derived, stated: str) -> bool:
        if derived.op in WORDS:
            return shown(derived, self) != stated
        expected = evaluate(derived, self)
        claimed = read_percent(stated) if derived.slot.content == "rate" else read_amount(stated)
        return shown(derived, self) != stated if claimed is None or expected is None else claimed != expected

    def text(self, slot: Slot) -> str:
        """The value of a slot as filed."""
        return (self.filing.value(slot.path.text) if slot.path else None) or ""

    def number(self, slot: Slot) -> Decimal | None:
        """The number that a slot will show: an input as filed, a derived one as stated or computed."""
        stated = self.filing.value(slot.path.text) if slot.path else None
        derived = self.derived.get(id(slot)) or (None if stated else self.starts.get(id(slot)))
        if derived is not None:
            own = evaluate(derived, self)
            if stated is None or not self.options.as_stated:
                return own
        if stated is None:
            return None
        return read_percent(stated) if slot.content in ("rate", "percent") else read_amount(stated)

    # ---- heights and counting ------------------------------------------------------
    def _height(self, page: Page, plan: BlockPlan, line: Line) -> None:
        """Fields have fixed heights (merged cells never fit themselves); rows of tables and prose
        fit what is written and grow when a person types."""
        lines, merged = 1, isinstance(plan.block, Fields)
        for slot in line.slots:
            last = max(slot.to_column, slot.column)
            width = sum(page.widths.get(c, 9) for c in range(slot.column, last + 1))
            planned = page.cells[slot.row, slot.column].content
            text = planned if isinstance(planned, str) else ""
            room = slot.max_chars if slot.content == "long_text" else min(slot.max_chars, FIELD_ROOM) if merged else 0
            lines = max(lines, math.ceil(max(room, len(text)) * 2 / (width - 2)))
        if merged:
            page.heights[line.row] = max(26.0, lines * LINE_PT + 6)
        else:
            page.loose_heights[line.row] = max(20.0, lines * LINE_PT + 5)

    def _count(self, page: Page, plan: BlockPlan, index: int, line: Line) -> None:
        """The column of counters that lets the paper close up spare rows."""
        column = LEFT + self.plan.widths[plan.sheet]
        before = self.running.get((plan.name, index - 1))
        own: Expr
        if isinstance(plan.block, Narrative):
            text = line.slot("text")
            if text is None:
                return
            previous = plan.lines[index - 1].slot("text") if index else None
            start: Expr = Cell(page.name, before.row, before.column) if before else call("N", 1)
            lines = (
                call("ROUNDUP", call("LEN", Cell(page.name, previous.row, previous.column)) / self.grid.line_chars, 0)
                if previous
                else call("N", 0)
            )
            own = start + lines
        elif _is_open(line) and any(slot.role != "derived" for slot in line.slots):
            cells = Area(page.name, line.row, line.slots[0].column, line.row, line.slots[-1].column)
            filled = call("IF", _row_text(line).eq(""), 0, 1)
            same = index > 0 and _is_open(plan.lines[index - 1]) and plan.lines[index - 1].key == line.key
            own = (Cell(page.name, before.row, before.column) + filled) if before and same else filled
            assert cells
        else:
            return
        page.put(line.row, column, own, "counter")
        self.running[plan.name, index] = Cell(page.name, line.row, column)

    def _readings(self, page: Page, line: Line) -> None:
        """The hidden cells in which the texts of the row are read for its formulas."""
        found = (self.derived[id(slot)].reading for slot in line.slots if id(slot) in self.derived)
        reading = next((each for each in found if each is not None), None)
        for column, formula in reading.cells().items() if reading is not None else ():
            page.put(line.row, column, formula, "key")
            page.hidden_columns.add(column)


def _row_text(line: Line) -> Expr:
    """All that a row holds, as one text."""
    parts = [Cell(s.sheet, s.row, s.column) for s in line.slots if s.role in ("name", "input")]
    joined: Expr = parts[0] & ""
    for part in parts[1:]:
        joined = joined & part
    return joined


def _is_open(line: Line) -> bool:
    return line.source is None or (isinstance(line.source, CatalogRow) and line.source.open)


def _two_labels(line: Line) -> Line:
    return Line(line.key, line.row, line.slots, labels=(line.labels[0], line.labels[2]))
