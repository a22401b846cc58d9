"""One filing before the judge: its facts, its plan, and what every rule asks of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from jixiao_xl.forms.derive import Derived, Relation, derived_cells, evaluate, relations
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.plan import BlockPlan, FormPlan, Line, Slot
from jixiao_xl.forms.spec import Fields, FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.facts import Fact, FactPath, Filing
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.places import Where
from jixiao_xl.model.ratios import read_percent
from jixiao_xl.rules.pack import Pack


@dataclass
class Case:
    """Facts with structure. `places` overrides the plan's cells with those of a real file."""

    spec: FormSpec
    filing: Filing
    pack: Pack
    places: Mapping[str, Where] = field(default_factory=dict)
    text_amounts: Collection[str] = ()
    """Paths of amounts that the file holds as text."""
    spoiled: set[str] = field(default_factory=set)
    """Paths with a CEL101: an unreadable amount is not judged again."""
    blank_tables: set[str] = field(default_factory=set)
    """Money tables with FND301: their blank cells need no further word."""

    @cached_property
    def plan(self) -> FormPlan:
        return plan_form(self.spec, self.filing)

    @cached_property
    def derived(self) -> tuple[Derived, ...]:
        return tuple(d for d in derived_cells(self.plan) if d.slot.printed)

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        return tuple(relations(self.plan))

    @cached_property
    def _derived_by_slot(self) -> dict[int, Derived]:
        return {id(d.slot): d for d in derived_cells(self.plan)}

    # ---- what is stated --------------------------------------------------------
    def text(self, slot: Slot) -> str:
        """The value as printed, blank when missing."""
        return (self.filing.value(slot.path.text) or "").strip() if slot.path else ""

    def amount(self, slot: Slot) -> Decimal | None:
        """The stated number: 万元, or a fraction for percents; None when blank or unreadable."""
        text = self.text(slot)
        if not text:
            return None
        return read_percent(text) if slot.content in ("rate", "percent") else read_amount(text)

    def known(self, slot: Slot) -> Decimal | None:
        """The stated number, or what follows where a derived cell states nothing."""
        stated = self.amount(slot)
        if stated is None and id(slot) in self._derived_by_slot and not self.text(slot):
            return evaluate(self._derived_by_slot[id(slot)], self.known)
        return stated

    def is_spoiled(self, *slots: Slot) -> bool:
        return any(slot.path is not None and slot.path.text in self.spoiled for slot in slots)

    # ---- where it is -------------------------------------------------------------
    def where(self, slot: Slot) -> Where:
        path = slot.path.text if slot.path else ""
        return self.places.get(path) or Where(path, slot.sheet, slot.cell, self.filing.book)

    def finding(
        self, code: str, slot: Slot, *, severity: Severity | None = None, suggested: str | None = None,
        **params: str,
    ) -> Finding:  # fmt: skip
        chosen = severity or self.pack.severity[code]
        return Finding(code, chosen, self.where(slot), params, suggested)

    # ---- walking ------------------------------------------------------------------
    def lines(self, kind: type[Fields] | type[MoneyTable] | type[IndicatorTable]) -> Iterator[tuple[BlockPlan, Line]]:
        for block in self.plan.blocks:
            if isinstance(block.block, kind) and self.is_present(block):
                yield from ((block, line) for line in block.lines)

    def is_present(self, block: BlockPlan) -> bool:
        """A spare instance of a repeated block is present only when something was filed in it."""
        if not block.number:
            return True
        return any(p.block == block.block.id and p.instance == block.instance for p, _ in self._paths) or (
            block.number == 1 and not self._instances_filed(block)
        )

    @cached_property
    def _paths(self) -> tuple[tuple[FactPath, Fact], ...]:
        return tuple(self.filing.paths())

    def _instances_filed(self, block: BlockPlan) -> bool:
        same = {b.id for b in self.spec.block if b.repeat == block.block.repeat}
        return any(p.block in same for p, _ in self._paths)

    def say(self, block: BlockPlan, line: Line, slot: Slot) -> str:
        """The cell in the words of the form: `支出构成·合计（2023年）`."""
        column = slot.label.rpartition("·")[2]
        if isinstance(block.block, MoneyTable):
            name = line.filed.names[-1] if line.filed else line.labels[-1]
            nested = f"{line.labels[1]}{name}" if name == "小计" else name
            return f"{line.labels[0]}·{nested}（{column}）"
        if isinstance(block.block, IndicatorTable):
            return f"{self.row_name(line)}（{column}）"
        return f"{block.title}·{slot.label}" if block.number else slot.label

    @staticmethod
    def row_name(line: Line) -> str:
        names = line.filed.names if line.filed else line.labels
        return next((name for name in reversed(names) if name), "自填行")

    def place_of(self, slot: Slot) -> tuple[BlockPlan, Line]:
        """The block and line a slot belongs to."""
        return self._homes[id(slot)]

    @cached_property
    def _homes(self) -> dict[int, tuple[BlockPlan, Line]]:
        return {id(s): (block, line) for block in self.plan.blocks for line in block.lines for s in line.slots}

    def label(self, slot: Slot) -> str:
        return self.say(*self.place_of(slot), slot)
