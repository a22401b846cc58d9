"""One filing before the judge: its facts, its plan, and what every rule asks of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal

from jixiao_xl.forms.derive import NUMBERS, Derived, derived_cells, evaluate, shown, starts
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.plan import BlockPlan, FormPlan, Line, Slot
from jixiao_xl.forms.relations import Relation, relations
from jixiao_xl.forms.spec import Fields, FormSpec, IndicatorTable, MoneyTable, Narrative
from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.budget import Budget
from jixiao_xl.model.facts import Fact, FactPath, Filing
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.kept import kept
from jixiao_xl.model.places import Where
from jixiao_xl.model.ratios import read_percent
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.pack import Pack


@dataclass(frozen=True)
class Evidence:
    """What is known beside the facts: how the file held them, and what others know of the unit."""

    places: Mapping[str, Where] = field(default_factory=dict)
    """The cells of a real file, by path; without them the plan's own cells are named."""
    replaced: Mapping[str, str] = field(default_factory=dict)
    """Paths whose formula was overwritten, with the value found there."""
    text_amounts: Collection[str] = ()
    """Paths of amounts that the file holds as text."""
    dates: Mapping[str, str] = field(default_factory=dict)
    """Paths whose cell became a date, with what was probably typed."""
    already: Sequence[Finding] = ()
    """What the file's reader found; reasons may answer that too."""
    plan: FormPlan | None = None
    """The filing laid out, where its reader has done so."""
    in_cells: bool = False
    """Whether cells with formats of their own show the values (a workbook), not the text as typed."""
    budget: Budget | None = None
    """What was approved for the unit and year, where that was imported."""
    declared: Filing | None = None
    """For a form of a later stage: the unit's approval of the same year, else its declaration."""
    monitored: Sequence[Filing] = ()
    """The unit's other filings of the same 监控表 and year."""


@dataclass
class Case:
    """Facts with structure, as the rules see them."""

    spec: FormSpec
    filing: Filing
    pack: Pack
    evidence: Evidence = field(default_factory=Evidence)
    spoiled: set[str] = field(default_factory=set)
    """Paths with a CEL101: an unreadable amount is not judged again."""
    blank_tables: set[str] = field(default_factory=set)
    """Money tables with FND301: their blank cells need no further word."""
    not_judged: dict[str, str] = field(default_factory=dict)
    """By code: why a rule had nothing to go by. Not enough data is not a pass."""
    memo: dict[str, object] = field(default_factory=dict)
    """What several rules need and one has worked out."""

    @kept
    def plan(self) -> FormPlan:
        return self.evidence.plan or plan_form(self.spec, self.filing)

    @kept
    def derived(self) -> tuple[Derived, ...]:
        return tuple(d for d in derived_cells(self.plan) if d.slot.printed)

    @kept
    def relations(self) -> tuple[Relation, ...]:
        return tuple(relations(self.plan))

    @kept
    def _derived_by_slot(self) -> dict[int, Derived]:
        return {id(d.slot): d for d in derived_cells(self.plan)}

    # ---- what is stated --------------------------------------------------------
    def text(self, slot: Slot) -> str:
        """The value as printed, blank when missing."""
        return self._stated.get(slot.path.text, "") if slot.path else ""

    @kept
    def _stated(self) -> dict[str, str]:
        return {path: fact.value.strip() for path, fact in self.filing.facts.items()}

    def amount(self, slot: Slot) -> Decimal | None:
        """The stated number: 万元, or a fraction for percents; None when blank or unreadable."""
        text = self.text(slot)
        if not text:
            return None
        if slot.content in ("rate", "percent") and not text.endswith(("%", "％")):
            bare = read_amount(text)  # under the heading 占比 a bare 40.59 is a percentage
            return None if bare is None else bare / 100
        return read_percent(text) if slot.content in ("rate", "percent") else read_amount(text)

    def number(self, slot: Slot) -> Decimal | None:
        """The stated number, or what follows where a derived cell states nothing."""
        stated = self.amount(slot)
        follows = self._derived_by_slot.get(id(slot)) or starts(self.plan).get(id(slot))
        return stated if stated is not None or follows is None or self.text(slot) else evaluate(follows, self)

    def follows(self, slot: Slot) -> str | None:
        """What the formula of a derived cell gives, as printed; None where a part is missing or unreadable."""
        derived = self._derived_by_slot.get(id(slot))
        if derived is None:
            return None
        amounts = (part for part in derived.inputs if part.path is not None and part.content in NUMBERS)
        return None if any(self.number(part) is None for part in amounts) else shown(derived, self)

    def lacking(self, code: str, why: str) -> None:
        """Say that rule `code` could not judge this filing, and why; the first reason stands."""
        self.not_judged.setdefault(code, why)

    def is_carried(self, slot: Slot) -> bool:
        """Whether an earlier stage filled the cell, so that the unit did not write what stands there."""
        block = self.place_of(slot)[0].block
        if isinstance(block, Narrative):
            return bool(block.carries)
        if not isinstance(block, MoneyTable | IndicatorTable):
            return False
        return any(column.id == slot.key and column.fill == "carried" for column in block.columns)

    def is_spoiled(self, *slots: Slot) -> bool:
        return any(slot.path is not None and slot.path.text in self.spoiled for slot in slots)

    def parts_of(self, slot: Slot) -> tuple[Slot, ...]:
        """The cells a derived cell follows from; nothing for an entered one."""
        derived = self._derived_by_slot.get(id(slot))
        return derived.inputs if derived is not None else ()

    # ---- where it is -------------------------------------------------------------
    def where(self, slot: Slot) -> Where:
        path = slot.path.text if slot.path else ""
        return self.evidence.places.get(path) or Where(path, slot.sheet, slot.cell, self.filing.book)

    def finding(
        self, code: str, slot: Slot, *, severity: Severity | None = None, suggested: str | None = None,
        **params: str,
    ) -> Finding:  # fmt: skip
        chosen = severity or self.pack.severity_of(code)
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
        return (block.block.repeat, block.instance) in self._present or (block.number == 1 and not self._instances_filed(block))

    @kept
    def _present(self) -> set[tuple[str | None, str]]:
        """Repetition and instance of whatever was filed: a project with a name and no goal lacks its goal."""
        repeats = {b.id: b.repeat for b in self.spec.block}
        return {(repeats.get(p.block), p.instance) for p, _ in self._paths}

    @kept
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
        return self._homes[slot.sheet, slot.row]

    @kept
    def _homes(self) -> dict[tuple[str, int], tuple[BlockPlan, Line]]:
        return {(block.sheet, line.row): (block, line) for block in self.plan.entered for line in block.lines}

    def label(self, slot: Slot) -> str:
        return self.say(*self.place_of(slot), slot)
