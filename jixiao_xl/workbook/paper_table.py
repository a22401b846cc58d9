"""One table on the 打印表: headings, lines, labels, and the rows left to the unit closed up."""

from __future__ import annotations

from jixiao_xl.forms.expr import Area, Cell, Expr, call
from jixiao_xl.forms.headings import head_cells, label_runs
from jixiao_xl.forms.plan import BlockPlan, Line, Slot
from jixiao_xl.forms.spec import CatalogRow, FormSpec, IndicatorTable, MoneyTable, Row
from jixiao_xl.workbook.canvas import Canvas, ref
from jixiao_xl.workbook.fill_sheets import LACKED, FillSheets
from jixiao_xl.workbook.lights_shown import is_light, light_up
from jixiao_xl.workbook.text_width import SIDE, Wanted, height_of, lines_of, shares

HEAD_PT = 18.0
LEAST_MONEY = 4
"""Units: 99999999.99 would show as #### in less, and numbers never wrap."""
LEAST = 3
LEAST_SHORT = 2
"""Three full-width characters: points, a light; on a form of many columns a choice too."""


class _Spot:
    """The rows that a unit may fill in one place of the table, in order, closed up on paper."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.filled = 0
        self.longest: dict[str, int] = {}
        self._positions: dict[int, int] = {}

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.filled += line.filed is not None
        self._positions[id(line)] = len(self.lines)

    def position(self, line: Line) -> int:
        return self._positions[id(line)]


class PaperTable:
    def __init__(self, canvas: Canvas, fills: FillSheets, spec: FormSpec, plan: BlockPlan) -> None:
        assert isinstance(plan.block, MoneyTable | IndicatorTable)
        self.canvas, self.fills, self.spec, self.plan, self.block = canvas, fills, spec, plan, plan.block
        self.places = {id(line): (plan.name, i) for i, line in enumerate(plan.lines)}
        self.headings = [h for h in plan.headings if h.printed]
        self.label_keys = [h.key for h in self.headings if h.key.startswith(("label", "level"))]
        self.two_labels = isinstance(plan.block, MoneyTable) and len(self.label_keys) == 2
        self.lines = [line for line in plan.lines if line.printed]
        self.spots: dict[str, _Spot] = {}
        for line in self.lines:
            if _is_open(line):
                self.spots.setdefault(line.key, _Spot()).add(line)
        self.edges = self._edges()
        self.lights: list[tuple[int, int]] = []
        self.columns = {h.key: (self.edges[i], self.edges[i + 1] - 1) for i, h in enumerate(self.headings)}

    def draw(self) -> None:
        top = self.canvas.top
        self._heads()
        first = self.canvas.top
        for line in self.lines:
            self._line(line)
        light_up(self.canvas.page, self.lights)
        self._labels(first)
        self.canvas.side(top, self.plan.title)

    # ---- columns -----------------------------------------------------------------------
    def _edges(self) -> list[int]:
        longest: dict[str, int] = {}
        for line in self.lines:
            for slot in line.slots:
                longest[self._key(slot)] = max(longest.get(self._key(slot), 1), self.canvas.limit(slot, self._room(slot)))
            for key, label in zip(self.label_keys, self._labels_of(line), strict=False):
                longest[key] = max(longest.get(key, 1), len(label))
        least = {slot.key: self._least(slot) for slot in self.plan.slots}
        wanted = [Wanted(longest.get(h.key, 1), least.get(h.key, LEAST), h.width_chars) for h in self.headings]
        edges = [SIDE]
        for units in shares(wanted, self.canvas.grid.units - SIDE):
            edges.append(edges[-1] + units)
        return edges

    def _least(self, slot: Slot) -> int:
        """Units that a column of such cells needs at least."""
        if slot.content == "money":
            return LEAST_MONEY
        is_short = slot.content in ("points", "word") or (self.canvas.page.landscape and slot.choices)
        return LEAST_SHORT if is_short and slot.role != "name" else LEAST

    def _key(self, slot: Slot) -> str:
        """The printed column of a slot; the name of a project stands in the last column of labels."""
        return self.label_keys[-1] if isinstance(self.block, MoneyTable) and slot.role == "name" else slot.key

    def _width(self, key: str) -> int:
        first, last = self.columns[key]
        return last - first + 1

    def _room(self, slot: Slot) -> int:
        """The longest text the cell is made for."""
        if slot.choices and slot.choices in self.spec.choices:
            choices = self.spec.choices[slot.choices]
            if choices.stop:
                return max(len(item) for item in choices.items)
        return slot.max_chars if slot.content in ("indicator", "text") else 1

    # ---- headings ----------------------------------------------------------------------
    def _heads(self) -> None:
        top = self.canvas.top
        depth = 1 + max(len(h.over) for h in self.headings)
        per_row = HEAD_PT
        for heading in self.headings:
            if not heading.key.startswith("label"):
                need = height_of(lines_of(len(heading.label), self._width(heading.key)))
                per_row = max(per_row, need / (depth - len(heading.over)))
        for _ in range(depth):
            self.canvas.row(per_row)
        for head in head_cells(self.headings):
            self.canvas.across(
                top + head.top,
                self.edges[head.first],
                self.edges[head.last + 1] - 1,
                head.text,
                "paper_head",
                to_row=top + head.bottom,
            )

    # ---- lines -------------------------------------------------------------------------
    def _line(self, line: Line) -> None:
        row = self.canvas.row(0)
        spot = self.spots[line.key] if _is_open(line) else None
        position = spot.position(line) if spot else 0
        longest = self._longest(spot) if spot else {}
        need = 1
        for slot in line.slots:
            key = self._key(slot)
            if key not in self.columns:
                continue
            content = self._kth(spot.lines, slot, position) if spot else ref(slot)
            self.canvas.across(row, *self.columns[key], content, self._style(slot))
            need = max(need, lines_of(longest.get(slot.key) or self.canvas.limit(slot, self._room(slot)), self._width(key)))
            if is_light(self.fills.derived.get(id(slot))):
                self.lights.append((row, self.columns[key][0]))
        for key in line.source.lacks if isinstance(line.source, Row) else ():
            self.canvas.across(row, *self.columns[key], LACKED, "paper_cell")
        if isinstance(self.block, IndicatorTable) and len(line.labels) == len(self.block.levels):
            need = max(need, lines_of(len(line.labels[-1]), self._width(self.label_keys[-1])))
        self.canvas.page.heights[row] = height_of(need)
        if spot:
            self._spot_row(row, line, spot, position)

    def _longest(self, spot: _Spot) -> dict[str, int]:
        """The longest text that any row of the spot is made for, by column key: each may be printed in any row."""
        if not spot.longest:
            for slot in (slot for line in spot.lines for slot in line.slots):
                spot.longest[slot.key] = max(spot.longest.get(slot.key, 0), self.canvas.limit(slot, self._room(slot)))
        return spot.longest

    def _spot_row(self, row: int, line: Line, spot: _Spot, position: int) -> None:
        source, group = line.source, line.group
        show = source.show if isinstance(source, CatalogRow) else group.open_rows.show if group and group.open_rows else 0
        own: Expr = call("IF", self._counter(spot.lines[-1]).lt(position), 0, 1)
        if position > max(spot.filled, show):
            self.canvas.page.hidden_rows.add(row)
        elif self.canvas.called is not None:
            own = self.canvas.called
        self.canvas.page.put(row, self.canvas.flag, own, "counter")
        if position == len(spot.lines):
            self.canvas.unseen.watch(row - position + 1, row)

    def _counter(self, line: Line) -> Cell:
        return self.fills.running[self.places[id(line)]]

    def _kth(self, spot: list[Line], slot: Slot, position: int) -> Expr:
        """The k-th filled row of the spot, this column; blank where there are fewer."""
        first, last = self._counter(spot[0]), self._counter(spot[-1])
        assert first.column == last.column
        counts = Area(first.sheet, first.row, first.column, last.row, first.column)
        column = Area(slot.sheet, spot[0].row, slot.column, spot[-1].row, slot.column)
        value = call("INDEX", column, call("MATCH", position, counts, 0))
        if slot.content in ("money", "rate"):
            return call("IFERROR", call("IF", value.eq(""), "", value), "")
        return call("IFERROR", value & "", "")

    def _style(self, slot: Slot) -> str:
        rate = "paper_rate" if isinstance(self.block, MoneyTable) else "paper_rate_center"
        return {"money": "paper_money", "rate": rate}.get(slot.content, "paper_cell")

    # ---- labels ------------------------------------------------------------------------
    def _labels_of(self, line: Line) -> tuple[str, ...]:
        return (line.labels[0], line.labels[2]) if self.two_labels else line.labels

    def _labels(self, first: int) -> None:
        columns = len(self.label_keys)
        lines = [Line(x.key, x.row, x.slots, labels=self._labels_of(x)) for x in self.lines]
        heights, hidden = self.canvas.page.heights, self.canvas.page.hidden_rows
        for run in label_runs(lines, columns, spread=isinstance(self.block, MoneyTable) and columns == 3):
            rows = range(first + run.first, first + run.last + 1)
            left, right = self.edges[run.column], self.edges[run.to_column + 1] - 1
            need = height_of(lines_of(len(run.text), right - left + 1))
            seen = [row for row in rows if row not in hidden]
            lacking = need - sum(heights[row] for row in seen)
            if seen and lacking > 0:
                heights[seen[-1]] += lacking
            self.canvas.label(rows, left, right, run.text)


def _is_open(line: Line) -> bool:
    return line.source is None or (isinstance(line.source, CatalogRow) and line.source.open)
