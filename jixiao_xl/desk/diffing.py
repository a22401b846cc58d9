"""申报 against 批复, or any two stages and revisions of one unit, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

from jixiao_xl.desk.copying import is_facts
from jixiao_xl.desk.differences import Found, Side, differences, unlike_units, with_causes
from jixiao_xl.desk.opening import readable, save
from jixiao_xl.desk.outcomes import CannotRun
from jixiao_xl.forms.former_lines import former_lines
from jixiao_xl.forms.spec import Fields, FormSpec, IndicatorTable, MoneyTable, Narrative
from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.changed_lines import PERCENT_POINT, ChangedLine, ChangeWord, FilingDiff, LineKind
from jixiao_xl.model.facts import FactPath
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.places import Where
from jixiao_xl.model.ratios import read_percent
from jixiao_xl.workbook.diff_book import diff_bytes

_KINDS: dict[str, LineKind] = {
    "money": "金额", "rate": "比率", "percent": "比率", "indicator": "指标", "paragraph": "文字", "long_text": "文字",
}  # fmt: skip


def diff(old: Path, new: Path, out: Path | None = None) -> FilingDiff:
    """Where the two differ, `out` also as a workbook (对比). Of two forms only what both have is compared."""
    first, second = readable(old), readable(new)
    was, now = Side(first, from_workbook=not is_facts(old)), Side(second, from_workbook=not is_facts(new))
    what = unlike_units(was.filing, now.filing)
    if not what and was.filing.form != now.filing.form and not _keep_common(was, now):
        what = f"表样一是 {was.filing.form}，一是 {now.filing.form}，没有相同的表"
    if what:
        params = {"book": now.filing.book, "other": was.filing.book, "what": what}
        raise CannotRun(Finding("DIF101", "error", Where(book=now.filing.book), params))
    followed = list(with_causes(differences(was, now), was, now))
    lines = [line for found, causes in followed for line in _lines(found, was, now, follows=bool(causes))]
    told = FilingDiff(was.filing, now.filing, tuple(lines))
    if out is not None:
        save(out, diff_bytes(told))
    return told


# ---- two forms -------------------------------------------------------------------------
def _keep_common(was: Side, now: Side) -> bool:
    """Leave of each side what the other form has too; whether they share a table or a text."""
    here, there = _Form(was.spec), _Form(now.spec)
    for side in (was, now):
        side.values = {path: value for path, value in side.values.items() if here.has(path) and there.has(path)}
    return bool(here.tables & there.tables)


class _Form:
    """What a form asks for, by block and column, and its money lines under all the names they had."""

    def __init__(self, spec: FormSpec) -> None:
        self.columns: set[tuple[str, str]] = set()
        self.tables: set[tuple[str, str]] = set()
        self.lines: set[tuple[str, tuple[str, ...]]] = set()
        for block in spec.block:
            if isinstance(block, MoneyTable | IndicatorTable):
                self.tables |= {(block.id, column.id) for column in block.columns}
            if isinstance(block, MoneyTable):
                own = {(group.id, row.id) for group in block.group for row in group.rows}
                self.lines |= {(block.id, line) for line in own | former_lines(block).keys()}
            if isinstance(block, Fields | Narrative):
                self.columns |= {(block.id, field.id) for field in block.fields}
            if isinstance(block, Narrative):
                self.tables.add((block.id, "text"))
        self.columns |= self.tables

    def has(self, path: FactPath) -> bool:
        return (path.block, path.column) in self.columns and (not path.parts or (path.block, path.parts) in self.lines)


# ---- one difference --------------------------------------------------------------------
def _lines(found: Found, was: Side, now: Side, *, follows: bool) -> Iterator[ChangedLine]:
    """The difference as lines: of a text each paragraph that differs."""
    told = found.difference
    if found.is_whole:
        change: ChangeWord = "更名" if told.old and told.new else "新增" if told.new else "删去"
        yield ChangedLine("整行", change, told.where, told.label, told.old, told.new)
        return
    slots = now.labels.plan.by_path if told.new else was.labels.plan.by_path
    slot = slots.get(told.where.path)
    kind = _KINDS.get(slot.content, "其他") if slot else "其他"
    if kind == "文字":
        yield from _paragraphs(told.where, told.label, told.old, told.new)
        return
    numbers, unit = _numbers(kind, told.old, told.new)
    if kind == "金额" and slot and slot.counted:
        unit = ""
    yield ChangedLine(kind, _word(told.old, told.new), told.where, told.label, told.old, told.new, numbers, unit, follows)


def _word(old: str, new: str) -> ChangeWord:
    return "修改" if old and new else "新增" if new else "删去"


def _numbers(kind: LineKind, old: str, new: str) -> tuple[tuple[Decimal, Decimal] | None, str]:
    """Both values as numbers of one unit, and that unit; None where they cannot be subtracted."""
    if kind == "金额":
        a, b, unit = read_amount(old), read_amount(new), "万元"
    elif kind == "比率":
        a, b, unit = (_points(old), _points(new), PERCENT_POINT)
    elif kind == "指标":
        one, other = read_indicator_value(old), read_indicator_value(new)
        if (one.operator, one.unit) != (other.operator, other.unit) or one.is_mixed or other.is_mixed or one.high or other.high:
            return None, ""
        a, b, unit = one.number, other.number, PERCENT_POINT if one.is_percent else one.unit
    else:
        return None, ""
    return (None, "") if a is None or b is None else ((a, b), unit)


def _points(text: str) -> Decimal | None:
    """40.95 of 40.95%."""
    rate = read_percent(text)
    return None if rate is None else rate * 100


def _paragraphs(where: Where, label: str, old: str, new: str) -> Iterator[ChangedLine]:
    ours, theirs = ([line.strip() for line in text.splitlines() if line.strip()] for text in (old, new))
    several = max(len(ours), len(theirs)) > 1
    for word, first, last, start, end in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if word == "equal":
            continue
        for n, (a, b) in enumerate(zip_longest(ours[first:last], theirs[start:end], fillvalue="")):
            # counted in the filing that has it
            number = (start if b else first) + n + 1
            yield ChangedLine("文字", _word(a, b), where, f"{label} 第 {number} 段" if several else label, a, b)
