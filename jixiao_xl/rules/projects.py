"""Does every task and every project have its indicators, and is every project called by its name?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz import fuzz, process

from jixiao_xl.forms.plan import BlockPlan, Line, Slot
from jixiao_xl.forms.spec import Fields, IndicatorTable, MoneyTable
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.names import normalised
from jixiao_xl.model.places import address, row_and_column
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.goals import TASK, GoalText, fund_names, goal_texts, rows_for
from jixiao_xl.rules.quantities import Quantity, core, items_of, pairs_of, quantities_of, same_unit, words
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.restated import goals_listed_and_filed
from jixiao_xl.rules.rows import IndicatorRow, filled_rows

NEARLY = 75
"""Percent of likeness from which a misspelt reference still tells which project is meant."""
NEAREST = 50
"""Below this likeness no project is proposed."""
MANY = 3
"""Quantified tasks from which finding none of them among the indicators is no chance."""
LISTED = 8
"""Tasks quoted in one message."""
TOPIC = 4
"""Signs that a project's name must keep, fund words aside, to say what the project does."""
_BETWEEN = re.compile(r"[,，;；\n]+")


# ---- names of projects -----------------------------------------------------------------------
@dataclass(frozen=True)
class Reference:
    """The projects one indicator row names in its 对应项目, as written."""

    row: IndicatorRow
    slot: Slot | None
    """Its cell, where the row has one of its own."""
    column: str
    label: str
    stated: str
    names: tuple[str, ...]
    known: dict[str, Line]
    """The projects of the funds table by normalised name."""

    def project_of(self, name: str) -> Line | None:
        return self.known.get(normalised(name))

    def nearest(self, name: str, least: int) -> str | None:
        """The most similar project's name as the funds table writes it."""
        found = process.extractOne(normalised(name), list(self.known), scorer=fuzz.ratio, score_cutoff=least)
        return None if found is None else _project_name(self.known[found[0]])


def _project_name(line: Line) -> str:
    return line.filed.names[-1] if line.filed else ""


def _projects(case: Case, place: str) -> list[Line]:
    """The open rows that a unit listed under `block.group.row`."""
    block_id, group, row = place.split(".")
    key = f"{group}.{row}["
    return [
        line for block, line in case.lines(MoneyTable) if block.block.id == block_id and line.filed and line.key.startswith(key)
    ]


def _parts(text: str, known: dict[str, Line]) -> tuple[str, ...]:
    """Several names are joined by commas; a name may hold a comma or 、 itself, so whole names go first."""
    if normalised(text) in known:
        return (text,)
    found: list[str] = []
    for part in filter(None, map(str.strip, _BETWEEN.split(text))):
        pieces = [piece for piece in part.split("、") if piece]
        parted = normalised(part) not in known and all(normalised(piece) in known for piece in pieces)
        found += pieces if parted else [part]
    return tuple(found)


def _references(case: Case) -> Iterator[Reference]:
    for row in filled_rows(case):
        known_places = [(f"level{row.table.levels.index(level) + 1}", level, place) for level, place in row.table.level_refers_to]
        known_places += [(column.id, column.label, column.refers_to) for column in row.table.columns if column.refers_to]
        for column, label, place in known_places:
            known = {normalised(_project_name(line)): line for line in _projects(case, place)}
            if column.startswith("level") and not row.line.slot(column):
                stated = ""
            elif column.startswith("level"):
                stated = row.names[int(column[5:]) - 1]
            else:
                stated = row.text(column)
            stated = stated.strip()
            absent = stated in ("", "无", "/", "-", "—", "不适用") or case.pack.placeholder_in(stated) is not None
            yield Reference(row, row.line.slot(column), column, label, stated, () if absent else _parts(stated, known), known)


@rule("TXT109", "texts")
def project_is_called_by_its_name(case: Case) -> Iterator[Finding]:
    """“对应项目”写的必须是资金表里的项目名称，一字不差(全角半角、引号、空格不算)。

    为什么:名称对不上，这笔钱和这个指标就接不起来，汇总、监控、自评都取不到数。
    错:资金表“农村危房改造补助资金”，对应项目“农村危房改造补助经费”。对:两处写同一个名称；多个项目用逗号隔开。
    """
    for reference in _references(case):
        for name in reference.names if reference.known else ():
            if reference.project_of(name) is not None:
                continue
            nearest = reference.nearest(name, NEAREST)
            whole = reference.stated.replace(name, nearest) if nearest else None
            why = "资金表中没有这个项目" + (f"，最接近的是“{nearest}”" if nearest else "")
            advice = (
                f"两处写成同一个名称：以项目批复的名称为准，改这里或改资金表的“{nearest}”。"
                if nearest
                else "改成资金表所列项目的名称；资金表漏列的补列。"
            )
            found = case.finding(
                "TXT109", reference.slot or reference.row.main, suggested=whole, why=why, advice=advice,
                label=f"“{reference.row.name}”的{reference.label}", stated=name, expected=nearest or "none",
            )  # fmt: skip
            yield _at_name(case, reference, found)


def _at_name(case: Case, reference: Reference, finding: Finding) -> Finding:
    """A name's cell has no fact of its own: take the row of the real file and say which level it is."""
    row, slot = reference.row, reference.slot
    if slot is None or slot.path is not None or row.main.path is None:
        return finding
    real = case.where(row.main)
    cell = address(row_and_column(real.cell)[0], slot.column) if real.cell else ""
    return replace(finding, where=replace(real, path=row.main.path.at(reference.column).text, cell=cell))


# ---- tasks and projects without indicators -----------------------------------------------------
@rule("TXT110", "texts")
def tasks_and_projects_have_indicators(case: Case) -> Iterator[Finding]:
    """写了数量的任务、列了金额的项目，都要有对应的指标。

    为什么:没有指标，年底说不清任务完成没有、钱花得怎么样。
    错:任务写“新建示范点3个”，指标表里没有示范点。对:年度指标增加“新建示范点数量 ≥3个”。
    错:项目列了金额，没有一个指标对应它。对:每个项目至少一个指标，内容与项目名称相关。
    """
    rows = list(filled_rows(case))
    for text in goal_texts(case):
        if TASK in text.title:
            yield from _tasks(case, text, rows)
    yield from _projects_without_indicators(case)
    yield from _instances_without_indicators(case)
    yield from goals_listed_and_filed(case)


def _tasks(case: Case, text: GoalText, rows: list[IndicatorRow]) -> Iterator[Finding]:
    annual = rows_for(case, text, rows)
    this_year = case.filing.year
    stated = [
        q for q in quantities_of(text.text) if q.is_count and q.kind != "past" and max(q.years, default=this_year) >= this_year
    ]
    if not annual:
        return
    if not stated:
        yield from _tasks_without_numbers(case, text, annual)
        return
    missing = [q for q in stated if not any(_speaks_of(row, q) for row in annual)]
    if len(stated) < 2 or 2 * len(missing) <= len(stated):
        return
    none = len(missing) == len(stated)
    severity: Severity = "error" if none and len(stated) >= MANY else "warning" if len(stated) > MANY else "hint"
    listed = "；".join(q.stated for q in missing[:LISTED]) + (f"等 {len(missing)} 项" if len(missing) > LISTED else "")
    why = f"{len(stated)} 个数量没有一个进入绩效指标" if none else f"{len(stated)} 个数量有 {len(missing)} 个没有进入绩效指标"
    yield case.finding(
        "TXT110", text.slot, severity=severity, label=text.title, stated=listed, why=why,
        advice="主要任务都设成年度指标，数量与任务一致。",
    )  # fmt: skip


def _speaks_of(row: IndicatorRow, quantity: Quantity) -> bool:
    """The same number with a measure word that fits, or a name about the same thing."""
    if any(s.value.number == quantity.number and same_unit(s.value.unit, quantity.unit) for s in row.targets):
        return True
    name = core(row.name)
    return any(_is_about(thing, name) for thing in quantity.objects)


def _is_about(left: str, right: str) -> bool:
    """Half of what the shorter name says stands in the longer one."""
    pairs = sorted((pairs_of(left), pairs_of(right)), key=len)
    shared = len(pairs[0] & pairs[1])
    return shared > 0 and shared >= min(2, len(pairs[0])) and 2 * shared >= len(pairs[0])


def _tasks_without_numbers(case: Case, text: GoalText, annual: list[IndicatorRow]) -> Iterator[Finding]:
    """Only where a task names what an indicator counts, so that its number is known."""
    counted = [row for row in annual if row.is_own and row.target.number is not None and row.target.unit not in ("", "%")]
    tasks = [(item, core(item)) for item in items_of(text.text)]
    for row in counted:
        name = core(row.name)
        task = next(
            (item for item, plain in tasks if (len(plain) >= TOPIC and plain in name) or (len(name) >= TOPIC and name in plain)), ""
        )
        if task:
            yield case.finding(
                "TXT110", text.slot, severity="hint", label=text.title, stated=f"{len(tasks)} 项任务都没有写数量",
                why=f"而{row.block.title}有（如任务“{task[:LISTED * 3]}”，指标“{row.name}”为 {row.target.text}）",
                advice="把指标里的数量写进对应的任务。",
            )  # fmt: skip
            return


def _projects_without_indicators(case: Case) -> Iterator[Finding]:
    references = list(_references(case))
    for place in dict.fromkeys(place for block in case.plan.blocks for place in _places(block)):
        for line in _projects(case, place):
            name = _project_name(line)
            slot = next((s for s in reversed(line.slots) if s.role == "input" and case.amount(s)), None)
            if slot is None or case.pack.placeholder_in(name):
                continue
            rows = [r.row for r in references if _names(r, name)]
            where = case.say(*case.place_of(slot), slot).partition("（")[0]
            if not rows:
                yield case.finding(
                    "TXT110", slot, label=where, stated=f"列了 {case.text(slot)} 万元", why="没有任何指标对应这个项目",
                    advice="给这个项目至少设一个指标，“对应项目”写它的名称。",
                )  # fmt: skip
            elif len(rows) > 1 and not _shares_a_word(case, name, rows):
                listed = "、".join(row.name for row in rows[:LISTED])
                yield case.finding(
                    "TXT110", slot, severity="hint", label=where, stated=f"对应指标为{listed}",
                    why="从名称看与项目内容不相干", advice="核对指标是否归错项目；属实的在情况说明里写明关系。",
                )  # fmt: skip


def _places(block: BlockPlan) -> tuple[str, ...]:
    if not isinstance(block.block, IndicatorTable):
        return ()
    table = block.block
    return (*(place for _, place in table.level_refers_to), *(c.refers_to for c in table.columns if c.refers_to))


def _names(reference: Reference, project: str) -> bool:
    """Whether the row refers to the project, if only by a name with a slip (that is TXT109)."""
    for name in reference.names:
        line = reference.project_of(name)
        if (_project_name(line) if line else reference.nearest(name, NEARLY)) == project:
            return True
    return False


def _shares_a_word(case: Case, project: str, rows: list[IndicatorRow]) -> bool:
    """True too where the project's name only says whose money it is, so that it tells nothing."""
    topic = _topic(case, project)
    if sum(map(len, topic)) < TOPIC:
        return True
    said = normalised(" / ".join(text for row in rows for text in _own_words(row)))
    for weak in words().weak:
        said = said.replace(weak, " ")
    return any(sign in said for word in topic for sign in word)


def _own_words(row: IndicatorRow) -> Iterator[str]:
    """What the row says itself, the project's name left out."""
    referring = {level for level, _ in row.table.level_refers_to}
    yield from (name for level, name in zip(row.table.levels, row.names, strict=False) if level not in referring)
    yield row.text("description")


def _topic(case: Case, project: str) -> list[str]:
    """What is left of a project's name without words for money, level and source, and the unit's own name."""
    left, unit = normalised(project), normalised(case.filing.unit.name)
    for word in sorted(fund_names().generic, key=len, reverse=True):
        left = left.replace(word, " ")
    for pair in {unit[i : i + 2] for i in range(len(unit) - 1)}:
        left = left.replace(pair, " ")
    return [piece for piece in left.split() if len(piece) > 1]


def _instances_without_indicators(case: Case) -> Iterator[Finding]:
    """A project or a goal has a form of its own, filled in, and not one indicator in it."""
    for block in case.plan.blocks:
        if not isinstance(block.block, IndicatorTable) or not block.number:
            continue
        if any(case.text(slot) for slot in block.slots if slot.role == "input"):
            continue
        own = [b for b in case.plan.blocks if b.instance == block.instance and isinstance(b.block, Fields)]
        filled = [slot for b in own for slot in b.slots if slot.role == "input" and case.text(slot)]
        named = next((slot for slot in filled if slot.key == "name"), next(iter(filled), None))
        if named is not None:
            yield case.finding(
                "TXT110", named, severity="error", label=f"“{case.text(named)}”", stated="绩效指标一行也没有填",
                why="做到什么程度无从考核", advice="至少填写数量、质量、效益、满意度各一个指标。",
            )  # fmt: skip
