"""Do the texts speak of the budget year, and the long-term goals of the years after it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from jixiao_xl.forms.plan import Slot
from jixiao_xl.forms.spec import Fields, IndicatorTable, Narrative
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.passages import Passage, names, texts
from jixiao_xl.rules.registry import rule

_CLAUSE = re.compile(r"[，。；：,;:!?！？\n]")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_PAPER = re.compile(r"[〔【\[（(〖［]\s*20\d\d\s*[〕】\]）)〗］]\s*第?\d{1,5}号")
_SPAN = re.compile(r"20\d\d年?\s*[—\-~～至到]+\s*(20\d\d)年?")
_OF_THE_PAST = re.compile(
    r"结转|结余|续建|尾款|欠|清算|补缴|补发|考核|评价|自评|审计|决算|总结|表彰|奖|届|级学生|验收|质保|跨年|比|较|同比|以来|水平|基数|基期|底数|成立|启动|实施以来|开始|起|印发|出台|批准|立项|通过|修订|年报|报表|核算|数据|统计|普查|年鉴"
)
_MONEY_OF = re.compile(r"(?:提前下达|下达|预拨|拨付|安排)[^，。；\d]{0,6}(20\d\d)年")
_GRANT_OF = re.compile(r"(20\d\d)年度?[^，。；]{0,30}(?:补助资金|专项资金|转移支付|补助经费|专项经费)")
_TASKS_OF = re.compile(
    r"(?:^|(?<=[。；\n]))\s*(?:[（(]?[\d一二三四五六七八九十]{1,3}[）)、．.]\s*)?(20\d\d)年(?:度)?(?:，|,|全年|将|要|计划|预计|重点|我[省市县区镇乡局部委校院办]|本|工作|(?=完成|开展|举办|组织|培训|新建|建设|改造|实施|发放|推进|继续))|完成(20\d\d)年(?:年)?度?(?:的)?(?:各项)?(?:工作)?(?:目标|任务|计划)"
)
_DAY_OF = re.compile(r"(?<![比较于以与同])(20\d\d)年(?:\d{1,2}月|底|末|内|年底|年内|全年)")
_PLAN = re.compile(r"“?(十[二三四五六])五”?(?:时期|期间|规划)?(?!以来|成果|成就|收官|基础|总结|评估|终期|末|建成|经验)")
_PLAN_ENDS = {"十二": 2015, "十三": 2020, "十四": 2025, "十五": 2030, "十六": 2035}
_UNTIL = re.compile(r"(?:到|至|截至|截止到?|截止)\s*20\d\d年?(?:底|末)?")
_FAR = 20
"""Years ahead that no long-term goal of a department reaches."""


class _Stale(NamedTuple):
    severity: Severity
    stated: str
    why: str
    advice: str


def _years(text: str) -> list[int]:
    return [int(year) for year in _YEAR.findall(_PAPER.sub("", text))]


def _bare(text: str, year: int) -> str:
    """The text without numbers of papers and without spans that reach the budget year."""
    return _SPAN.sub(lambda span: "" if int(span[1]) >= year else span[0], _PAPER.sub("", text))


def _clause_with(text: str, at: int) -> str:
    start = max((m.end() for m in _CLAUSE.finditer(text, 0, at)), default=0)
    following = _CLAUSE.search(text, at)
    return text[start : following.start() if following else len(text)]


def _stale_project(name: str, year: int) -> _Stale | None:
    """Last year's money in this year's project."""
    bare = _bare(name, year)
    kinds: tuple[tuple[re.Pattern[str], Severity], ...] = ((_MONEY_OF, "warning"), (_GRANT_OF, "hint"))
    for pattern, severity in kinds:
        found = pattern.search(bare)
        if found and int(found[1]) < year and not _OF_THE_PAST.search(bare) and str(year) not in bare:
            why = f"是以前年度的资金，预算年度是{year}年"
            advice = "是上年结转的，名称里写明“上年结转”；写错年份的改正；不属本年的删去。"
            return _Stale(severity, f"{found[1]}年", why, advice)
    return None


def _stale_text(text: str, year: int) -> _Stale | None:
    """What is promised for a year that is over, the budget year never named."""
    bare = _bare(text, year)
    if max(_years(text), default=year) >= year:
        return None
    found = _TASKS_OF.search(bare)
    if found is None or _OF_THE_PAST.search(_clause_with(bare, found.end() - 1)):
        return None
    stated = f"{found[1] or found[2]}年"
    return _Stale("hint", stated, f"全文没有写到预算年度{year}年", f"照抄上年的改为{year}年的目标。")


def _past_plan(text: str, year: int) -> _Stale | None:
    """A five-year plan that has ended, as the horizon of a goal."""
    ended = [m for m in _PLAN.finditer(text) if _PLAN_ENDS[m[1]] < year]
    running = any(_PLAN_ENDS[m[1]] >= year for m in _PLAN.finditer(text))
    if not ended or running or max(_years(text), default=0) >= year:
        return None
    plan = ended[0][1]
    return _Stale("hint", f"“{plan}五”", f"到{_PLAN_ENDS[plan]}年已经结束，预算年度是{year}年", "改写现行规划期的目标。")


def _stale(passage: Passage, year: int) -> _Stale | None:
    if passage.is_duties:
        return None
    if passage.kind == "project":
        return _stale_project(passage.stated, year)
    if passage.kind == "indicator":
        found = re.match(r"(20\d\d)年", passage.stated)
        if found and int(found[1]) < year and not _OF_THE_PAST.search(passage.stated) and not passage.is_long_term:
            return _Stale("hint", f"{found[1]}年", f"预算年度是{year}年", f"照抄上年的改为{year}年，名称里也可不写年份。")
        return None
    if passage.kind == "text":
        return _stale_text(passage.stated, year) or _past_plan(passage.stated, year)
    return None


def _horizon(case: Case, slot: Slot, label: str) -> Finding | None:
    """A long-term goal that ends with the budget year, or beyond all planning."""
    year, text = case.filing.year, case.text(slot)
    found = _YEAR.search(text)
    if found is None:
        return None
    until = int(found[1])
    if until <= year:
        why = f"预算年度是{year}年，长期目标要比本年长"
        return case.finding(
            "TXT107", slot, label=label, stated=f"截止{until}年", why=why, advice=f"改为{year}年以后的年份，一般写到{year + 2}年。"
        )
    if until > year + _FAR:
        why = f"离预算年度{year}年 {until - year} 年"
        return case.finding(
            "TXT107", slot, severity="hint", label=label, stated=f"截止{until}年", why=why, advice="核对年份，一般三到五年。"
        )
    return None


def _ends_this_year(case: Case, passage: Passage) -> Finding | None:
    """A long-term goal whose own words reach no farther than the budget year: 到2026年……."""
    year = case.filing.year
    found = _UNTIL.search(_PAPER.sub("", passage.stated))
    running = any(_PLAN_ENDS[m[1]] > year for m in _PLAN.finditer(passage.stated))
    if passage.kind != "text" or not passage.is_long_term or found is None or running or max(_years(passage.stated)) > year:
        return None
    why = f"预算年度是{year}年，长期目标要比本年长"
    return case.finding(
        "TXT107", passage.slot, label=passage.label, stated=found[0], why=why, advice=f"写到{year}年以后，一般写到{year + 2}年。"
    )


def _filled_on(case: Case, slot: Slot, label: str) -> Finding | None:
    """A date of filling far from the budget year."""
    found = _YEAR.search(case.text(slot))
    year = case.filing.year
    first = year - 1 if case.filing.stage in ("declaration", "approval") else year
    if found is None or first <= int(found[1]) <= first + 1:
        return None
    return case.finding(
        "TXT107",
        slot,
        label=label,
        stated=f"{found[1]}年填报",
        why=f"预算年度是{year}年",
        advice=f"改为{first}年或{first + 1}年的实际填报日期。",
    )


def _past_days(case: Case) -> Iterator[Finding]:
    """A target whose day is over before the budget year begins."""
    year = case.filing.year
    for block, line in case.lines(IndicatorTable):
        assert isinstance(block.block, IndicatorTable)
        for column in block.block.columns:
            slot = line.slot(column.id)
            text = case.text(slot) if slot is not None and column.value == "indicator" and (column.year or 0) >= 0 else ""
            found = _DAY_OF.search(text) if "20" in text else None
            if slot is not None and found and int(found[1]) < year and max(_years(text)) < year and not _OF_THE_PAST.search(text):
                yield case.finding(
                    "TXT107",
                    slot,
                    label=case.label(slot),
                    stated=found[0],
                    why=f"在预算年度{year}年之前",
                    advice=f"改为{year}年的时间。",
                )


@rule("TXT107", "texts")
def periods_fit_the_year(case: Case) -> Iterator[Finding]:
    """长期目标要比预算年度长,年度目标、项目和指标写的是预算年度的事。

    为什么:截止年份与预算年度相同,就不是长期目标;写着上年的年份,多半是照抄上年。
    结转、考核、审计、决算这类本来就讲上年的不算。
    错:2025 年的长期目标截止 2025 年;2023 年的项目“提前下达2022年……资金”。对:截止 2027 年。
    """
    for block in case.plan.blocks:
        for slot in block.slots if isinstance(block.block, Fields | Narrative) else ():
            if slot.content not in ("year", "date") or slot.path is None or not case.text(slot):
                continue
            if slot.content == "year" and "长期" in block.title:
                found = _horizon(case, slot, f"{block.title}·{slot.label}")
            elif slot.content == "date" and "填" in slot.label:
                found = _filled_on(case, slot, slot.label)
            else:
                continue
            if found is not None:
                yield found
    for passage in texts(case):
        ends = _ends_this_year(case, passage)
        if ends is not None:
            yield ends
    for passage in (*texts(case), *names(case)):
        stale = _stale(passage, case.filing.year)
        if stale is not None:
            yield case.finding(
                "TXT107",
                passage.slot,
                severity=stale.severity,
                label=passage.label,
                stated=stale.stated,
                why=stale.why,
                advice=stale.advice,
            )
    yield from _past_days(case)
