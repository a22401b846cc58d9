"""Do the goal texts say the same as the indicators?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from jixiao_xl.forms.plan import BlockPlan, Slot
from jixiao_xl.forms.spec import Fields, Narrative
from jixiao_xl.model.chinese_numbers import read_number
from jixiao_xl.model.entries import Entry
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.indicator_value import IndicatorValue
from jixiao_xl.model.names import normalised
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.known import knowledge_of
from jixiao_xl.rules.quantities import SHORT, Likeness, Quantity, core, items_of, likeness, pairs_of, quantities_of, same_unit
from jixiao_xl.rules.quantities import words as measure_words
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.restated import AT_LEAST, goals_named_otherwise, staff_beyond_establishment, texts_that_differ
from jixiao_xl.rules.rows import IndicatorRow, filled_rows

GOAL, TASK, LONG, WHOLE = "目标", "任务", "长期", "整体"
QUOTED_CHARS = 40
LITTLE = Decimal("1.5")
"""Up to this multiple of its target a text may mean the plan, the indicator the floor."""
NEIGHBOURS = 3
"""Numbers of one unit in a row that one indicator may add up."""
_YEARS = re.compile(r"([三五35])年(?!级|来|前)")
_IN_A_YEAR = re.compile(r"年(?!均|度|初|底|末|内|轻|龄|产)")
_AGAINST_LAST = re.compile(r"同比|[较比](?:上年度?|去年|上一年)")
_NUMBER = re.compile(r"(?:目标|任务)?\s*\(?([0-9]{1,2}|[一二三四五六七八九十]{1,2})\)?[、.:)]")


class _FundNames(Entry):
    """The lists of `knowledge/fund_names.toml`."""

    endings: tuple[str, ...]
    verbs: tuple[str, ...]
    generic: tuple[str, ...]


@cache
def fund_names() -> _FundNames:
    """How the name of a sum of money looks, loaded when first asked for."""
    return knowledge_of(_FundNames, "fund_names")


@dataclass(frozen=True)
class GoalText:
    """One text with goals or tasks in it: 年度目标, 长期目标, 年度工作任务, a project's 绩效目标."""

    block: BlockPlan
    slot: Slot
    text: str

    @property
    def title(self) -> str:
        return self.block.title.lstrip("一二三四五六七八九十、")

    @property
    def is_long(self) -> bool:
        return LONG in self.title


def goal_texts(case: Case) -> list[GoalText]:
    """The filled texts that say what is to be reached or done; nothing where the form says what became of it."""
    found: list[GoalText] = []
    if case.spec.is_follow_up:
        return found
    for block in case.plan.blocks:
        if isinstance(block.block, Narrative) and case.is_present(block) and (GOAL in block.title or TASK in block.title):
            slot = next(slot for slot in block.slots if slot.key == "text" and slot.path is not None)
            if case.text(slot):
                found.append(GoalText(block, slot, case.text(slot)))
    return found


def _is_long(row: IndicatorRow) -> bool:
    return (row.table.main_column.year or 0) > 0


def rows_for(case: Case, text: GoalText, rows: list[IndicatorRow]) -> list[IndicatorRow]:
    """The indicators that a text is about: those of its own project, or of its own period."""
    if text.block.number:
        return [row for row in rows if row.block.instance == text.block.instance]
    return [row for row in rows if _is_long(row) == text.is_long and row.table.repeat not in _sheets(case)]


def _sheets(case: Case) -> set[str]:
    """The repetitions that have a sheet of their own each: projects."""
    return {name for name, repeat in case.spec.repeat.items() if repeat.as_ == "sheets"}


# ---- numbers ---------------------------------------------------------------------------
def _nearness(quantity: Quantity, name: str, unit: str) -> Likeness:
    if (quantity.unit == "%") != (unit == "%") or not same_unit(quantity.unit, unit):
        return ""
    found = {likeness(thing, name) for thing in quantity.objects}
    return "same" if "same" in found else "alike" if "alike" in found else ""


def _matches(quantity: Quantity, rows: list[IndicatorRow]) -> list[tuple[IndicatorRow, Likeness]]:
    """The rows that may be about the same thing; only those of the very name where there are any."""
    found: list[tuple[IndicatorRow, Likeness]] = []
    for row in rows:
        value = row.target
        if value.number is not None and not value.is_mixed and (near := _nearness(quantity, core(row.name), value.unit)):
            found.append((row, near))
    same = [pair for pair in found if pair[1] == "same"]
    return same or found


def _by_the_end_of_its_name(quantity: Quantity, rows: list[IndicatorRow], stated: list[Quantity]) -> IndicatorRow | None:
    """无障碍改造650户 beside 困难重度残疾人家庭无障碍改造户数: the text says the end of one name, and of one only.

    Not where the text has more of the kind: 新建量水设施5座、改造量水设施10座 are one indicator together.
    """
    thing = next((name for name in quantity.objects if len(name) > SHORT), "")
    if not thing or quantity.unit in measure_words().money:
        return None
    near = [row for row in rows if thing in core(row.name)]
    if len(near) != 1 or near[0].target.number is None or near[0].target.unit != quantity.unit:
        return None
    others = (pairs_of(name) for q in stated if q is not quantity and q.unit == quantity.unit for name in q.objects)
    if any(len(pairs & pairs_of(thing)) > 1 for pairs in others):
        return None
    return near[0] if core(near[0].name).removesuffix(quantity.unit).endswith(thing) else None


def _holds(number: Decimal, value: IndicatorValue) -> bool:
    assert value.number is not None
    return value.number <= number <= value.high if value.high is not None else number == value.number


def span_of(case: Case, texts: list[GoalText]) -> int:
    """How many years the long-term goal covers: by its 截止年份, the year of its indicators, its own words."""
    for block in case.plan.blocks:
        if isinstance(block.block, Narrative) and LONG in block.title:
            for slot in block.slots:
                until = case.text(slot) if slot.content == "year" else ""
                if until.isascii() and until.isdigit():
                    return int(until) - case.filing.year + 1
    ahead = max((row.table.main_column.year or 0 for row in filled_rows(case)), default=0)
    return ahead + 1 if ahead else max((_span_in(case, text.text) for text in texts if text.is_long), default=1)


def _span_in(case: Case, text: str) -> int:
    """2026—2028年, 到2028年, 三年: the span as the text itself says it; 1 where it does not."""
    years = [year for quantity in quantities_of(text) for year in quantity.years]
    if years and max(years) > case.filing.year:
        first = max(min(years), case.filing.year) if len(set(years)) > 1 else case.filing.year
        return max(years) - first + 1
    stated = _YEARS.search(text)
    return int(read_number(stated[1]) or 1) if stated else 1


def _sure(near: Likeness, quantity: Quantity, value: IndicatorValue) -> Severity:
    """An error only where name and measure word are the very same, and the text does not just promise
    a little more than the indicator demands (300件 against ≥280件)."""
    assert value.number is not None
    if quantity.number < value.number and value.operator in ("≥", ">") and AT_LEAST.search(quantity.stated):
        return "hint"  # 不少于6000件 is kept by ≥6500件
    a_little_more = value.number < quantity.number < value.number * LITTLE and value.operator in ("≥", ">")
    return "error" if near == "same" and quantity.unit == value.unit and not a_little_more else "warning"


def _short(text: str) -> str:
    return text if len(text) <= QUOTED_CHARS else f"…{text[-QUOTED_CHARS:]}"


@rule("TXT103", "texts")
def goals_agree_with_indicators(case: Case) -> Iterator[Finding]:
    """目标文字里的数量与指标值一致；长期目标的“年均”“累计”与年度数对得上；目标写要做到什么，不写经费名称。

    两处文字的数量、编制与在编人数、整体目标与分目标也要对得上。
    为什么:文字与指标是同一个承诺的两种写法，数字不同就无法考核；把三年累计写成年均，等于目标放大三倍。
    错:长期目标“年均完成30个以上”，年度指标 ≥10件，截止后年(10×3=30)。对:“三年累计完成30个以上”。
    错:年度目标写“某某专项经费”。对:写这笔经费要做到什么。
    只比较名称和单位都对得上的；每场、人均、上半年、比上年增长等数量不比。
    """
    texts = goal_texts(case)
    yield from _fund_names_as_goals(case, texts)
    yield from goals_named_otherwise(case)
    yield from staff_beyond_establishment(case)
    rows = list(filled_rows(case))
    whole = [row for row in rows if row.table.repeat not in _sheets(case)]
    yield from texts_that_differ(case, lambda quantity: bool(_matches(quantity, whole)))
    if not any(quantities_of(text.text) for text in texts):
        return
    rows, span = list(filled_rows(case)), span_of(case, texts)
    for text in texts:
        about = rows_for(case, text, rows)
        spoken: set[Quantity] = set()
        if text.is_long and span > 1:
            for quantity, finding in _long_against_annual(case, text, texts, rows, span):
                spoken.add(quantity)
                yield finding
        yield from _text_against_rows(case, text, about, span if text.is_long else 1, spoken)


def _text_against_rows(
    case: Case, text: GoalText, rows: list[IndicatorRow], span: int, spoken: set[Quantity]
) -> Iterator[Finding]:  # fmt: skip
    yield from _changes_against_rows(case, text, rows)
    stated = [q for q in quantities_of(text.text) if q.comparable and q not in spoken and _is_of_these_years(case, text, q)]
    matched = [(q, _matches(q, rows)) for q in stated]
    taken = {id(row.line) for _, found in matched for row, _ in found}
    for quantity, found in matched:
        row = None if found or text.is_long else _by_the_end_of_its_name(quantity, rows, stated)
        if row is not None and id(row.line) not in taken and not _agrees(quantity, row, span, text.is_long):
            yield _disagreement(case, text, quantity, row, "hint")
        if len(found) != 1:
            continue
        row, near = found[0]
        rivals = [q for q, other in matched if other and other[0][0] is row]
        if any(_agrees(q, row, span, text.is_long) for q in (quantity, *rivals)):
            continue
        if len(rivals) > 1 and _holds(sum((q.number for q in rivals), Decimal(0)), row.target):
            continue
        if any(_holds(total, row.target) for total in _sums_around(quantity, stated)):
            continue  # 新建公厕5座、改造公厕10座 is 新建改造公厕 15座
        if quantity.period == "total" and not text.is_long:
            continue  # 累计 may count from the first year of a plan
        if text.is_long and _IN_A_YEAR.match(quantity.stated):
            continue  # 年培训规模达到2万人次: what the last year reaches, not what all years add to
        unsure = text.is_long or TASK in text.title or len(rivals) > 1
        severity: Severity = "warning" if unsure else _sure(near, quantity, row.target)
        yield _disagreement(case, text, quantity, row, severity)


def _sums_around(quantity: Quantity, stated: list[Quantity]) -> Iterator[Decimal]:
    """The sums of the quantity with its neighbours of the same unit."""
    same = [q for q in stated if q.unit == quantity.unit]
    at = same.index(quantity)
    for first in range(max(0, at - NEIGHBOURS), at + 1):
        for last in range(at + 1, min(len(same), at + NEIGHBOURS) + 1):
            if last - first > 1:
                yield sum((q.number for q in same[first:last]), Decimal(0))


def _changes_against_rows(case: Case, text: GoalText, rows: list[IndicatorRow]) -> Iterator[Finding]:
    """人均收入增长7%以上 beside 人均收入增长率 ≥8%: only where the name is the very same, and the sign as well."""
    for quantity in quantities_of(text.text) if not text.is_long else ():
        if quantity.kind != "change" or not _is_of_these_years(case, text, quantity):
            continue
        thing = _changed_thing(quantity.stated)
        same = [row for row in rows if row.target.is_percent and len(thing) > SHORT and _changed_thing(row.name) == thing]
        if len(same) == 1 and same[0].target.number is not None and not _holds(quantity.number, same[0].target):
            severity: Severity = "hint" if TASK in text.title else "warning"
            yield _disagreement(case, text, quantity, same[0], severity)


def _changed_thing(said: str) -> str:
    """农村居民人均可支配收入增长率, …同比增长7%以上: what grows, and which way it goes."""
    plain = re.split(r"[0-9]", _AGAINST_LAST.sub("", normalised(said)))[0]
    return core(plain.removesuffix("率").removesuffix("幅度").removesuffix("速度"))


def _is_of_these_years(case: Case, text: GoalText, quantity: Quantity) -> bool:
    return text.is_long or all(year == case.filing.year for year in quantity.years)


def _agrees(quantity: Quantity, row: IndicatorRow, span: int, is_long: bool) -> bool:
    """Equal to a target of the row; over several years also yearly against in all."""
    for stated in row.targets:
        value = stated.value
        if value.number is None:
            continue
        if _holds(quantity.number, value):
            return True
        if is_long and span > 1 and quantity.is_count and quantity.period != "total" and quantity.number * span == value.number:
            return True
        if is_long and span > 1 and quantity.is_count and quantity.period != "mean" and value.number * span == quantity.number:
            return True
    return False


def _disagreement(case: Case, text: GoalText, quantity: Quantity, row: IndicatorRow, severity: Severity) -> Finding:
    right = f"{row.block.title}“{row.name}”"
    return case.finding(
        "TXT103", text.slot, severity=severity, label=text.title, stated=_short(quantity.stated), right=right,
        why=f"{right}为 {row.target.text}，两处数量不一致", advice="文字与指标值写成一致。",
    )  # fmt: skip


def _long_against_annual(
    case: Case, text: GoalText, texts: list[GoalText], rows: list[IndicatorRow], span: int
) -> Iterator[tuple[Quantity, Finding]]:  # fmt: skip
    """年均 that is the sum of the years; 累计 that is less than one year of them."""
    for quantity in quantities_of(text.text):
        if not (quantity.period and quantity.comparable and quantity.is_count):
            continue
        mean, unit, year = quantity.period == "mean", quantity.unit, case.filing.year
        said = (a for a in _annual_numbers(case, quantity, texts, rows) if a[0])
        clash = next((a for a in said if (quantity.number == a[0] * span if mean else quantity.number < a[0])), None)
        if clash is None:
            continue
        number, right, sure = clash
        years = f"{year}—{year + span - 1}年"
        if mean:
            why = f"而{right}，{number:f}×{span}年（{years}）={quantity.number:f}，是累计数，不是年均数"
            advice = f"改为“{span}年累计{quantity.written}”，或把年均改为 {number:f}{unit}。"
        else:
            why = f"而{right}，{span}年（{years}）的累计数还不到一年的数"
            advice = "核对两处的数量和“累计”“年均”的写法，写成一致。"
            sure = False
        yield quantity, case.finding(
            "TXT103", text.slot, severity="error" if sure else "warning", label=text.title, stated=_short(quantity.stated),
            right=right, why=why, advice=advice,
        )  # fmt: skip


def _annual_numbers(
    case: Case, quantity: Quantity, texts: list[GoalText], rows: list[IndicatorRow]
) -> Iterator[tuple[Decimal, str, bool]]:  # fmt: skip
    """What the annual goal, then the annual indicators, say of the same thing, and whether that is sure."""
    for text in texts:
        if text.is_long or text.block.number or GOAL not in text.title:
            continue
        same = [
            q for q in quantities_of(text.text)
            if q.comparable and q.period != "total" and q.unit == quantity.unit and _is_of_these_years(case, text, q)
            and any(likeness(a, b) == "same" for a in q.objects for b in quantity.objects)
        ]  # fmt: skip
        if len({q.number for q in same}) == 1:
            yield same[0].number, f"{text.title}写“{_short(same[0].stated)}”", True
    found = _matches(quantity, [row for row in rows if not _is_long(row)])
    if len(found) != 1:
        return
    row, near = found[0]
    value = row.target
    if value.number is None or value.high is not None:
        return
    # the product of name, unit and the number of years is no chance where the names are long
    sure = near == "same" or min(len(core(row.name)), *(len(o) for o in quantity.objects)) > SHORT
    yield value.number, f"{row.block.title}“{row.name}”为 {value.text}", sure


# ---- a fund's name where a goal belongs ------------------------------------------------------
def is_fund_name(text: str) -> bool:
    """党建专项经费 is a fund; 足额发放救助资金 is something to do."""
    plain = normalised(text).rstrip("。;；.")
    known = fund_names()
    return 2 < len(plain) <= 30 and plain.endswith(known.endings) and not any(verb in plain for verb in known.verbs)


def _fund_names_as_goals(case: Case, texts: list[GoalText]) -> Iterator[Finding]:
    for block in case.plan.blocks:
        if isinstance(block.block, Fields) and case.is_present(block):
            for slot in block.slots:
                if slot.role == "input" and GOAL in slot.label and is_fund_name(case.text(slot)):
                    other = _numbered(texts, block.number)
                    why = "是经费的名称，没有说要做到什么"
                    if other:
                        why += f"（{other[0]}第{block.number}条为“{other[1]}”）"
                    yield case.finding(
                        "TXT103", slot, severity="warning", suggested=other[1] if other else None, label=slot.label,
                        stated=case.text(slot), right="目标", why=why, advice=_advice(other),
                    )  # fmt: skip
    for text in texts:
        for item in items_of(text.text) if GOAL in text.title else ():
            if is_fund_name(item):
                yield case.finding(
                    "TXT103", text.slot, severity="warning", label=text.title, stated=item, right="目标",
                    why="是经费的名称，没有说要做到什么", advice=_advice(None),
                )  # fmt: skip


def _advice(other: tuple[str, str] | None) -> str:
    return f"改为“{other[1]}”一类的目标。" if other else "写明用这笔经费做什么、做到什么程度。"


def _numbered(texts: list[GoalText], number: int) -> tuple[str, str] | None:
    """The point of that number in a goal text (整体绩效目标 → 目标4：……), unless it too names a fund."""
    near = [text for text in texts if GOAL in text.title and not text.is_long and not text.block.number]
    for text in sorted(near, key=lambda text: WHOLE not in text.title):
        for line in unicodedata.normalize("NFKC", text.text).split("\n"):
            match = _NUMBER.match(line.strip())
            if number and match and match[1] == str(number):
                content = line.strip()[match.end() :].strip(" 。;")
                if content and not is_fund_name(content):
                    return text.title, content.replace(",", "，")
    return None
