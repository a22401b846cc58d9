"""A follow-up form filled as far as it can be without the unit: weights that add up, and what a table says was reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

from rapidfuzz import fuzz, process

from jixiao_xl.desk.file_reading import unopened
from jixiao_xl.desk.outcomes import CannotRun, stop
from jixiao_xl.forms.spec import Column, Fields, FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.facts import Fact, FactPath, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised
from jixiao_xl.workbook.actuals_file import ActualLine, read_actuals_file

STEP = Decimal("0.1")
"""Points: weights are spread in steps of this."""
SPREAD_NOTE = "分值按指标个数平均分配，请按本单位的方案调整"
CLOSE = 70
"""Of 100: how like a name must be to be proposed."""


@dataclass
class Drafted:
    """Facts with weights and actuals, notes for the filled cells, and what the table said of nothing here."""

    facts: dict[str, Fact]
    notes: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def actual_lines(path: Path) -> list[ActualLine]:
    """The lines of a table of actuals; raises CannotRun with everything that is wrong with it."""
    if not path.is_file():
        raise stop("SYS906", file=str(path))
    try:
        found = read_actuals_file(path)
    except OSError as error:
        raise unopened(path.name, error) from None
    if found.findings:
        raise CannotRun(*found.findings)
    return found.lines


def drafted(spec: FormSpec, facts: dict[str, Fact], lines: Sequence[ActualLine] = ()) -> Drafted:
    """The facts of a follow-up form, drafted further. What is filled stays."""
    draft = Drafted(dict(facts))
    for table in spec.block:
        column = _column_of_actuals(table) if isinstance(table, IndicatorTable) else None
        if isinstance(table, IndicatorTable) and column is not None:
            rows = _rows(table, draft.facts)
            draft.findings += _take(table, column, rows, lines, draft.facts)
    _spread(spec, draft)
    return draft


def _column_of_actuals(table: IndicatorTable) -> Column | None:
    """实际完成值, else 截至本月完成值: the entry that is held against the target."""
    pairs = [pair[1] for c in table.columns for pair in (c.done_of, c.score_of) if pair]
    return next((c for c in table.columns if c.id in pairs), None)


def _rows(table: IndicatorTable, facts: dict[str, Fact]) -> list[FactPath]:
    """The rows that have a target, in order."""
    paths = (parse_path(path) for path, fact in facts.items() if fact.value.strip())
    return [path for path in paths if path.block == table.id and path.column == table.main_column.id and path.names]


# ---- what was reached ----------------------------------------------------------------------
def _take(
    table: IndicatorTable, column: Column, rows: Sequence[FactPath], lines: Sequence[ActualLine], facts: dict[str, Fact]
) -> Iterator[Finding]:
    """The lines of the table into their rows; a line that fits none, or several, is said."""
    by_name: dict[str, list[FactPath]] = defaultdict(list)
    for row in rows:
        by_name[normalised((row.names or ("",))[-1])].append(row)
    weight, cause = _weight_and_cause(table)
    taken: dict[str, ActualLine] = {}
    for line in lines:
        fitting = _fitting(by_name.get(normalised(line.indicator), []), line)
        if len(fitting) != 1:
            yield _unplaced(line, by_name, fitting)
            continue
        row = fitting[0]
        if (other := taken.setdefault(row.text, line)) is not line:
            params = {"book": line.where.book, "row": str(line.row), "other": str(other.row), "stated": line.indicator}
            yield Finding("ACT203", "error", line.where, params)
            continue
        for name, value in ((column.id, line.actual), (weight, line.weight), (cause, line.cause)):
            path = row.at(name).text
            if name and value and not (path in facts and facts[path].value.strip()):
                facts[path] = Fact(path, value)


def _fitting(rows: Sequence[FactPath], line: ActualLine) -> list[FactPath]:
    """Of rows of the same name, those whose levels the line does not contradict."""
    if len(rows) < 2 or not line.levels:
        return list(rows)
    wanted = {normalised(level) for level in line.levels}
    return [row for row in rows if wanted <= {normalised(name) for name in row.names or ()}]


def _unplaced(line: ActualLine, by_name: dict[str, list[FactPath]], fitting: Sequence[FactPath]) -> Finding:
    params = {"book": line.where.book, "row": str(line.row), "name": line.indicator}
    if fitting:
        return Finding("ACT207", "warning", line.where, params | {"count": str(len(fitting))})
    like = process.extractOne(normalised(line.indicator), list(by_name), scorer=fuzz.ratio, score_cutoff=CLOSE)
    names = by_name[like[0]][0].names if like else None
    hint = f"最接近的是“{names[-1]}”；" if names else ""
    return Finding("ACT206", "warning", line.where, params | {"hint": hint})


# ---- weights -------------------------------------------------------------------------------
def _weight_and_cause(table: IndicatorTable) -> tuple[str, str]:
    score = next((c for c in table.columns if c.weight_in), None)
    return (score.weight_in or "", score.cause_in or "") if score else ("", "")


def _spread(spec: FormSpec, draft: Drafted) -> None:
    """The points that are left, in equal parts, where no indicator has any yet."""
    for block in spec.block:
        for field_ in block.fields if isinstance(block, Fields) else ():
            names = [name.partition(".") for name in field_.adds]
            tables = {b.id: b for b in spec.block if isinstance(b, IndicatorTable)}
            own = [(tables[block_id], column) for block_id, _, column in names if block_id in tables]
            if field_.must_be is None or len(own) != 1:
                continue
            table, column = own[0]
            rows = [row.at(column).text for row in _rows(table, draft.facts)]
            if not rows or any(path in draft.facts for path in rows):
                continue
            fixed = (row.points for b in spec.block if isinstance(b, MoneyTable) for group in b.group for row in group.rows)
            left = field_.must_be - sum((points for points in fixed if points is not None), Decimal(0))
            for path, points in zip(rows, equal_parts(left, len(rows)), strict=True):
                draft.facts[path] = Fact(path, show_amount(points))
                draft.notes[path] = SPREAD_NOTE


def equal_parts(whole: Decimal, count: int) -> list[Decimal]:
    """Parts in steps of 0.1 that add up to the whole; the first ones get what is left over."""
    least = (whole / count).quantize(STEP, ROUND_DOWN)
    more = int((whole - least * count) / STEP)
    parts = [least + STEP if n < more else least for n in range(count)]
    parts[0] += whole - sum(parts)
    return parts
