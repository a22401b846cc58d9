"""What of a filing is prose: the texts, and the names the unit gave itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Literal, cast

from jixiao_xl.forms.plan import BlockPlan, Slot
from jixiao_xl.forms.spec import Fields, MoneyTable, Narrative
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.rows import indicator_rows

MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
Kind = Literal["text", "indicator", "project", "note"]


@dataclass(frozen=True)
class Passage:
    """A text of several paragraphs, or one name. `stated` is free of web markup."""

    slot: Slot
    label: str
    stated: str
    kind: Kind
    block: BlockPlan

    @cached_property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.stated.split("\n") if line.strip())

    @property
    def is_annual(self) -> bool:
        """Whether it speaks of the budget year alone."""
        return "年度" in self.block.title

    @property
    def is_long_term(self) -> bool:
        return "长期" in self.block.title

    @property
    def is_duties(self) -> bool:
        """Whether it says what the unit is there for, as opposed to what it plans."""
        return any(word in self.block.title for word in ("职能", "职责"))


def texts(case: Case) -> tuple[Passage, ...]:
    """The narratives and the long entries that say something."""
    held = case.memo.get("texts")
    if held is None:
        held = case.memo["texts"] = tuple(_read_texts(case))
    return cast("tuple[Passage, ...]", held)


def names(case: Case) -> tuple[Passage, ...]:
    """The names the unit gave, each once a table: of its indicators, of its projects and goals."""
    held = case.memo.get("names")
    if held is None:
        held = case.memo["names"] = tuple(_read_names(case))
    return cast("tuple[Passage, ...]", held)


def _read_texts(case: Case) -> Iterator[Passage]:
    for block in case.plan.blocks:
        if isinstance(block.block, Narrative | Fields):
            for slot in block.slots:
                if slot.path is None or slot.role != "input" or slot.content not in ("paragraph", "long_text"):
                    continue
                if case.is_carried(slot):
                    continue
                if text := case.text(slot):
                    label = block.title if slot.key == "text" else case.label(slot)
                    yield Passage(slot, label, MARKUP.sub("", text), "text", block)


def _read_names(case: Case) -> Iterator[Passage]:
    said: set[tuple[str, int, str]] = set()
    for row in indicator_rows(case):
        if row.line.filed is None:
            continue
        for level, (name, printed) in enumerate(zip(row.names, row.source.levels, strict=False)):
            if name and name != printed and (row.block.name, level, name) not in said:
                said.add((row.block.name, level, name))
                yield Passage(row.main, f"{row.table.levels[level]}“{name}”", name, "indicator", row.block)
        for column in row.table.columns:
            slot = row.line.slot(column.id) if column.value == "text" and not column.choices else None
            text = case.text(slot) if slot is not None else ""
            if slot is not None and text and text != row.name:
                yield Passage(slot, case.label(slot), text, "note", row.block)
    for block in case.plan.blocks:
        if isinstance(block.block, MoneyTable):
            for line in block.lines:
                if line.filed is not None and line.filed.names:
                    first = next(slot for slot in line.slots if slot.path is not None)
                    yield Passage(first, f"项目名称“{line.filed.names[-1]}”", line.filed.names[-1], "project", block)
        elif isinstance(block.block, Fields) and block.number:
            for slot in block.slots:
                if slot.key == "name" and slot.path is not None and (text := case.text(slot)):
                    yield Passage(slot, slot.label.rstrip("：:"), text, "project", block)
