"""Where does each value sit? The only file that knows rows and column letters.

A sheet has a hidden key column (A); every block on it has a hidden key row above its first
line. Keys, not addresses, bind a cell to its path, so a moved block is still read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import ClassVar

from jixiao_xl.forms.measures import plan_measures
from jixiao_xl.forms.placing import FiledRow, Names, Placed, place_rows, rows_filed
from jixiao_xl.forms.plan import BlockPlan, ContentKind, FormPlan, Heading, Line, Slot
from jixiao_xl.forms.reasons import reason_lines, reasons_of
from jixiao_xl.forms.spec import (
    Block,
    Column,
    Fields,
    FieldSpec,
    FormSpec,
    Group,
    IndicatorTable,
    MoneyTable,
    Narrative,
    Row,
    Schedule,
)
from jixiao_xl.forms.wording import Wording, with_years
from jixiao_xl.model.facts import FactPath, Filing, bracket
from jixiao_xl.model.names import OPEN

KEY_COLUMN = 0
LEFT = 1
"""The first visible column."""
FIRST_ROW = 2
"""Below the sheet's title and its line of hints."""

PARAGRAPH_CHARS = 322
"""Seven printed lines of 46 characters: a long paragraph is parted at the end of a line."""
LIMITS: dict[str, int] = {"percent": 10, "count": 10, "money": 10, "grade": 16, "any": 20}
LEVEL_CHARS = 16
NAME_CHARS = 24
PROJECT_CHARS = 40
TEXT_CHARS = 20
FIELD_CHARS = 60
LONG_CHARS = 200
SPOTS_KEPT = 500
LINES_KEPT = 4000


NARROW: dict[ContentKind, int] = {"points": 5, "word": 5}
"""Columns that need less than their table's others, in full-width characters."""


def plan_form(spec: FormSpec, filing: Filing, repeats: dict[str, int] | None = None) -> FormPlan:
    """Lay the form out with room for all that is filed; `repeats` asks for more instances."""
    plan = _Planner(spec, filing, repeats or {}).plan()
    plan = replace(plan, measure=plan_measures(plan))
    lines = reason_lines(filing, plan.by_path) if reasons_of(filing) else ()
    return replace(plan, reasons=lines) if lines else plan


class _Planner:
    def __init__(self, spec: FormSpec, filing: Filing, repeats: dict[str, int]) -> None:
        self.spec, self.filing = spec, filing
        self.words = Wording(spec, filing)
        self.filed: dict[tuple[str, str], list[FactPath]] = {}
        for path, _ in filing.paths():
            self.filed.setdefault((path.block, path.instance), []).append(path)
        self.instances = {name: self._instances(name, repeats.get(name, 0)) for name in spec.repeat}
        self.next_row: dict[str, int] = {}
        self.grid: dict[str, int] = {}

    def _instances(self, repeat: str, wanted: int) -> list[tuple[str, bool]]:
        """(instance, shown) for each: those filed, then blank ones up to what is asked for."""
        rule = self.spec.repeat[repeat]
        blocks = {block.id for block in self.spec.block if block.repeat == repeat}
        used = list(dict.fromkeys(inst for (block, inst) in self.filed if block in blocks))
        if not rule.code:
            last = max((int(i[1:]) for i in used if i[1:].isdigit()), default=0)
            used = [f"#{n}" for n in range(1, last + 1)]
        shown = max(len(used), wanted or (0 if used else rule.start))
        total = max(shown, min(shown + rule.spare, rule.max))
        for n in range(1, total + 1):
            if len(used) < total and f"#{n}" not in used:
                used.append(f"#{n}")
        return [(instance, n < shown) for n, instance in enumerate(used)]

    def plan(self) -> FormPlan:
        jobs: list[tuple[Block, int, str, bool]] = []
        done: set[str] = set()
        for block in self.spec.block:
            if block.repeat is None:
                jobs.append((block, 0, "", True))
            elif block.repeat not in done:
                done.add(block.repeat)
                group = [b for b in self.spec.block if b.repeat == block.repeat]
                for n, (instance, shown) in enumerate(self.instances[block.repeat], 1):
                    jobs += [(b, n, instance, shown) for b in group]
        for block, n, _, _ in jobs:
            sheet = self.words.sheet(block, n)
            self.grid[sheet] = max(self.grid.get(sheet, 2), self._columns_needed(block))
        plans = tuple(self._block(*job) for job in jobs)
        beside = {sheet: LEFT + columns + 1 for sheet, columns in self.grid.items()}
        return FormPlan(self.spec, self.words, plans, self.grid, beside)

    def _columns_needed(self, block: Block) -> int:
        if isinstance(block, Fields):
            return max(bool(line.side) + 2 * len(line.fields) for line in block.lines)
        if isinstance(block, MoneyTable):
            return self._money_labels(block) + len(block.columns)
        if isinstance(block, IndicatorTable):
            return len(block.levels) + len(block.columns)
        if isinstance(block, Schedule):
            return 1 + len(block.points)
        return 3

    @staticmethod
    def _money_labels(table: MoneyTable) -> int:
        nested = any(row.under for group in table.group for row in group.rows)
        return 3 if nested or any(group.open_rows for group in table.group) else 2

    def _block(self, block: Block, n: int, instance: str, shown: bool) -> BlockPlan:
        sheet = self.words.sheet(block, n)
        top = self.next_row.get(sheet, FIRST_ROW)
        alone = n == 0 and sum(b.sheet == block.sheet for b in self.spec.block) == 1
        title_row = -1 if alone else top
        head_row = top if alone else top + 1
        headings = self._headings(block)
        head_rows = 0 if isinstance(block, Fields | Narrative) else 1 + max(len(h.over) for h in headings)
        draft = BlockPlan(
            block, n, instance, sheet, self.words.title(block, n, instance), title_row,
            head_row, head_rows, head_row + head_rows, (), headings, shown,
        )  # fmt: skip
        lines = tuple(self._lines(draft))
        self.next_row[sheet] = (lines[-1].row if lines else draft.key_row) + 2 + len(block.notes)
        if not shown:
            lines = tuple(replace(line, hidden=True) for line in lines)
        return replace(draft, lines=lines)

    def _headings(self, block: Block) -> tuple[Heading, ...]:
        if isinstance(block, MoneyTable):
            labels = self._money_labels(block)
            left = [Heading(f"label{i}", block.corner, width_chars=9 if i else 6) for i in range(labels)]
            return (*left, *(self._column_heading(c, NARROW.get(_content(c), 9)) for c in block.columns))
        if isinstance(block, IndicatorTable):
            last = len(block.levels)
            left = [
                Heading(f"level{i}", name, width_chars=4 if i == 1 else 10 if i == last else 7)
                for i, name in enumerate(block.levels, 1)
            ]
            return (
                *left,
                *(self._column_heading(c, NARROW.get(_content(c), 10 if c.value == "indicator" else 6)) for c in block.columns),
            )
        if isinstance(block, Schedule):
            points = (Heading(p.id, p.label, width_chars=8) for p in block.points)
            return (Heading("label", "时间", width_chars=10), *points)
        return ()

    def _column_heading(self, column: Column, width: int) -> Heading:
        if column.max_chars and column.max_chars > LIMITS["any"]:
            width = 15
        over = tuple(self.words.years(text) for text in column.over)
        return Heading(column.id, self.words.years(column.label), over, width, column.printed)

    def _lines(self, plan: BlockPlan) -> Iterator[Line]:
        block = plan.block
        if isinstance(block, Fields):
            yield from self._field_lines(plan, [(line.side, line.fields) for line in block.lines])
        elif isinstance(block, Narrative):
            yield from self._narrative_lines(plan, block)
        elif isinstance(block, MoneyTable):
            yield from self._money_lines(plan, block)
        elif isinstance(block, IndicatorTable):
            yield from self._indicator_lines(plan, block)
        else:
            yield self._schedule_line(plan, block)

    # ---- fields --------------------------------------------------------------
    def _field_lines(self, plan: BlockPlan, lines: list[tuple[str, tuple[FieldSpec, ...]]]) -> Iterator[Line]:
        grid = self.grid[plan.sheet]
        for offset, (side, fields) in enumerate(lines, 1):
            row = plan.key_row + offset
            left = LEFT + bool(side)
            width = LEFT + grid - left
            edges = [left + width * i // len(fields) for i in range(len(fields) + 1)]
            slots = tuple(self._field_slot(plan, f, row, edges[i] + 1, edges[i + 1] - 1) for i, f in enumerate(fields))
            key = ";".join(f"c{slot.column}={slot.key}" for slot in slots)
            labels = (self.words.numbered(side, plan.number),)
            yield Line(key, row, slots, labels=labels)

    def _field_slot(self, plan: BlockPlan, f: FieldSpec, row: int, first: int, last: int) -> Slot:
        content: ContentKind = f.value
        demanded = f.required and (not f.stages or self.filing.stage in f.stages)
        limit = f.max_chars or {"long_text": LONG_CHARS, "year": 4, "date": 20, "money": 12, "integer": 12, "percent": 12}.get(
            f.value, FIELD_CHARS
        )
        return Slot(
            plan.sheet, row, first, "derived" if f.derived else "input", content, f.id,
            self.words.numbered(f.label, plan.number).rstrip("：:"),
            FactPath(plan.block.id, f.id, instance=plan.instance), demanded, limit,
            f.choices or "", last if last > first else -1, f.pattern or "",
            self.words.years(f.hint), f.identity,
        )  # fmt: skip

    # ---- narrative -----------------------------------------------------------
    def _narrative_lines(self, plan: BlockPlan, block: Narrative) -> Iterator[Line]:
        row = plan.key_row
        if block.fields:
            for line in self._field_lines(plan, [("", (f,)) for f in block.fields]):
                row = line.row
                yield line
        filed = self.filing.value(FactPath(block.id, "text", instance=plan.instance).text) or ""
        used = len(split_paragraphs(filed)) if filed else 0
        shown = max(block.show, used + 1 if used else 0)
        # the widest column of the grid takes the text, unmerged, so that paragraphs can be pasted
        text_column = LEFT + 1 if self.grid[plan.sheet] <= 3 else LEFT + self._widest(plan.sheet)
        for n in range(1, shown + block.spare + 1):
            path = FactPath(block.id, "text", instance=plan.instance) if n == 1 else None
            yield _paragraph_line(plan.sheet, n, row + n, text_column, path, block.required and n == 1, n > shown)

    def _widest(self, sheet: str) -> int:
        """Offset of the grid column that is widest on the sheet."""
        headings = next(
            (self._headings(b) for b in self.spec.block
             if isinstance(b, IndicatorTable) and b.repeat and self.words.sheet(b, 1).rstrip("1") == sheet.rstrip("0123456789")),
            (),
        )  # fmt: skip
        widths = [h.width_chars for h in headings] or [1, 2]
        return widths.index(max(widths))

    # ---- money ---------------------------------------------------------------
    def _money_lines(self, plan: BlockPlan, table: MoneyTable) -> Iterator[Line]:
        row = plan.key_row
        for group in table.group:
            for spec_row in group.rows:
                row += 1
                key = f"{group.id}.{spec_row.id}"
                base = FactPath(table.id, "", (group.id, spec_row.id), instance=plan.instance)
                slots = tuple(self._money_slots(plan, table, group, spec_row, base, row))
                labels = (group.label, spec_row.under, spec_row.label)
                yield Line(key, row, slots, labels=labels, source=spec_row, group=group,
                           printed=spec_row.printed)  # fmt: skip
                if group.open_rows and group.open_rows.under == spec_row.id:
                    for line in self._open_money_lines(plan, table, group, row):
                        row = line.row
                        yield line

    def _open_money_lines(self, plan: BlockPlan, table: MoneyTable, group: Group, row: int) -> Iterator[Line]:
        rule = group.open_rows
        assert rule is not None
        parts = (group.id, rule.under)
        paths = self.filed.get((table.id, plan.instance), [])
        filed: list[FiledRow | None] = [*rows_filed(p for p in paths if p.parts == parts)]
        shown = max(rule.show, len(filed) + 1 if filed else 0)
        filed += [None] * (max(shown, len(filed)) + rule.spare - len(filed))
        for n, one in enumerate(filed, 1):
            base = None if one is None else FactPath(table.id, "", parts, one.names, one.nth, plan.instance)
            name = Slot(
                plan.sheet, row + n, LEFT + 2, "name", "text", "level1", "项目名称",
                max_chars=PROJECT_CHARS,
            )  # fmt: skip
            values = self._money_slots(plan, table, group, None, base, row + n)
            yield Line(
                f"{group.id}.{rule.under}{bracket((OPEN,))}", row + n, (name, *values),
                hidden=n > shown, labels=(group.label, "所列项目", ""), group=group, filed=one,
            )  # fmt: skip

    def _money_slots(
        self, plan: BlockPlan, table: MoneyTable, group: Group, spec_row: Row | None,
        base: FactPath | None, row: int,
    ) -> Iterator[Slot]:  # fmt: skip
        left = LEFT + self._money_labels(table)
        for offset, column in enumerate(table.columns):
            if (group.only and column.id not in group.only) or (spec_row and column.id in spec_row.lacks):
                continue
            content = _content(column)
            content = "money" if content == "indicator" else content
            summed = bool(spec_row and spec_row.derived) and content in ("money", "points")
            given = bool(spec_row and spec_row.points is not None) and content == "points"
            derived = column.derived or summed or given
            label = f"{spec_row.label if spec_row else '项目'}·{self.words.years(column.label)}"
            yield Slot(
                plan.sheet, row, left + offset, "derived" if derived else "input",
                content, column.id, label,
                None if base is None else base.at(column.id),
                column.required and not derived,
                column.max_chars or FIELD_CHARS, column.choices or "", starts_as=column.starts_as or "",
                printed=column.printed and (spec_row is None or spec_row.printed),
                archive=column.fill == "archive", signed=column.signed,
            )  # fmt: skip

    # ---- indicators ----------------------------------------------------------
    def _indicator_lines(self, plan: BlockPlan, table: IndicatorTable) -> Iterator[Line]:
        filed = rows_filed(self.filed.get((table.id, plan.instance), []))
        spot = _TableSpot.of(table, plan.sheet, plan.instance, self.filing.year)
        for n, placed in enumerate(place_rows(self.spec, table, filed), 1):
            yield spot.line(placed, plan.key_row + n)

    def _schedule_line(self, plan: BlockPlan, block: Schedule) -> Line:
        row = plan.key_row + 1
        slots = tuple(
            Slot(plan.sheet, row, LEFT + i, "input", "percent", p.id, p.label,
                 FactPath(block.id, p.id, instance=plan.instance), True)
            for i, p in enumerate(block.points, 1)
        )  # fmt: skip
        return Line("plan", row, slots, labels=("累计数",))


def _content(column: Column) -> ContentKind:
    """What a column holds: what it shows where its cells follow, else what is entered."""
    return column.shows or column.value


class _TableSpot:
    """An indicator table on its sheet. Its lines are kept: most units file most rows under the same
    names in the same places, and laying a row out costs more than all else of the plan."""

    _known: ClassVar[dict[tuple[int, str, str, int], _TableSpot]] = {}

    def __init__(self, table: IndicatorTable, sheet: str, instance: str, year: int) -> None:
        self.table, self.sheet, self.instance = table, sheet, instance
        self.labels = [with_years(column.label, year) for column in table.columns]
        self.lines: dict[tuple[Names, FiledRow | None, bool, int], Line] = {}

    @classmethod
    def of(cls, table: IndicatorTable, sheet: str, instance: str, year: int) -> _TableSpot:
        key = id(table), sheet, instance, year
        known = cls._known.get(key)
        if known is None or known.table is not table:
            if len(cls._known) > SPOTS_KEPT:
                cls._known.clear()
            known = cls._known[key] = cls(table, sheet, instance, year)
        return known

    def line(self, placed: Placed, row: int) -> Line:
        key = placed.line.levels, placed.filed, placed.shown, row
        known = self.lines.get(key)
        if known is None or known.source is not placed.line:
            if len(self.lines) > LINES_KEPT:
                self.lines.clear()
            known = self.lines[key] = self._line(placed, row)
        return known

    def _line(self, placed: Placed, row: int) -> Line:
        table, line = self.table, placed.line
        filed = placed.filed if line.open else FiledRow(line.levels)
        path = None if filed is None else FactPath(table.id, "", (), filed.names, filed.nth, self.instance)
        drop = dict(table.choices)
        refers = {label for label, _ in table.level_refers_to}
        slots = [
            Slot(
                self.sheet, row, LEFT + i, "name", "text", f"level{i + 1}", table.levels[i],
                max_chars=PROJECT_CHARS if table.levels[i] in refers
                else NAME_CHARS if i == len(table.levels) - 1 else LEVEL_CHARS,
                choices=drop.get(table.levels[i], ""),
            )
            for i in range(len(line.fixed_levels), len(table.levels))
        ]  # fmt: skip
        for offset, (column, label) in enumerate(zip(table.columns, self.labels, strict=True)):
            content = _content(column)
            limit = column.max_chars or (LIMITS[line.value] if content == "indicator" else TEXT_CHARS)
            slots.append(Slot(
                self.sheet, row, LEFT + len(table.levels) + offset, "derived" if column.derived else "input",
                content, column.id, label, path and path.at(column.id), column.required, limit,
                column.choices or "", printed=column.printed, archive=column.fill == "archive",
                starts_as=column.starts_as or "",
            ))  # fmt: skip
        return Line(
            bracket(line.levels), row, tuple(slots), hidden=not placed.shown,
            labels=line.fixed_levels, source=line, filed=placed.filed,
        )  # fmt: skip


@lru_cache(maxsize=LINES_KEPT)
def _paragraph_line(
    sheet: str, n: int, row: int, column: int, path: FactPath | None, required: bool, hidden: bool
) -> Line:  # fmt: skip
    """One row of prose: the same for every unit, and most of the cells of a form."""
    text = Slot(sheet, row, column, "input", "paragraph", "text", f"第{n}段", path, required, PARAGRAPH_CHARS)
    join = Slot(sheet, row, column + 1, "join", "text", "join", "接上段", max_chars=3, choices="_join")
    return Line(f"p{n}", row, (text, join), hidden=hidden, labels=(str(n),))


def split_paragraphs(text: str) -> list[tuple[str, bool]]:
    """A text as rows of at most PARAGRAPH_CHARS, each with whether it goes on from the row above."""
    rows: list[tuple[str, bool]] = []
    for paragraph in text.split("\n"):
        if not paragraph:
            continue
        pieces = [paragraph[i : i + PARAGRAPH_CHARS] for i in range(0, len(paragraph), PARAGRAPH_CHARS)]
        rows += [(piece, n > 0) for n, piece in enumerate(pieces)]
    return rows
