"""Is the wording of the texts clean: nothing twice, nothing foreign, no wrong brackets?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from jixiao_xl.forms.indicators import known_indicators
from jixiao_xl.forms.spec import CatalogRow, IndicatorTable
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.names import is_han, normalised
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.known import knowledge
from jixiao_xl.rules.passages import Passage, names, texts
from jixiao_xl.rules.registry import rule

_HAN = "\u4e00-\u9fff"
_TWICE = re.compile(r"(.)\1")
_OFFICE = re.compile(r"(.)\1([部科室处股])(?=[、，。；（(等]|\Z)")
_COUNTED = re.compile(r"[一二三四五六七八九十百千万每逐很越]")
_MARKS_MEET = re.compile(r"[，、；：]{2,}|[，、：]。|。[，；：]|。{2}(?!。)(?<!。。。)")
_TITLES = re.compile(r"《[^》]*》")
_ITEM = re.compile(r"(?:^|(?<=[。；;：:\s]))(?:[（(]?\d{1,2}[）).、．](?!\d)|[（(]?[一二三四五六七八九十]{1,3}[）)、．.]|[①-⑳])\s*")
_CLAUSE = re.compile(r"[，。；：,;:!?！？\n]+")
_AT_ONCE = 60
"""A phrase written twice in a row is not longer."""
_WHOLE_CLAUSE = 12
"""From this length a clause that comes back in the same item was copied, not chosen."""
_WHOLE_ITEM = 10


class _Words(NamedTuple):
    doubled: frozenset[str]
    ends: frozenset[str]
    begins: frozenset[str]
    may_meet: frozenset[str]
    within: frozenset[str]
    no_office: frozenset[str]
    foreign: re.Pattern[str]
    translated: dict[str, str]
    yearly: re.Pattern[str]
    many_years: tuple[str, ...]
    agentless: re.Pattern[str]


@cache
def _words() -> _Words:
    data = knowledge("wording")
    foreign = "|".join(data["foreign"])
    means = "|".join(data["yearly_mean"])
    units = "|".join(sorted(data["countable"], key=len, reverse=True))
    alone = "".join(sorted({word[0] for word in data["by_itself"]}))
    acts = "|".join(data["without_agent"])
    return _Words(
        frozenset(data["doubled"]), frozenset(data["ends_a_word"]), frozenset(data["begins_a_word"]), frozenset(data["may_meet"]), frozenset(data["within"]), frozenset(data["no_office"]),
        re.compile(rf"(?<=[{_HAN}])\s*(?i:({foreign})(?![A-Za-z]))\s*(?=[{_HAN}])"), data["foreign"],
        re.compile(rf"年均(?!{means})[^，。；、\n\d]{{0,12}}[≥≤>=＞≧约]*\d+(?:\.\d+)?万?(?:{units})"), tuple(data["many_years"]),
        re.compile(rf"(?<![{alone}])由({acts})(?=[，。；]|\Z)"),
    )  # fmt: skip


# ---- twice ---------------------------------------------------------------------------
@cache
def _known_names() -> frozenset[str]:
    return frozenset(normalised(name) for known in known_indicators() for name in (known.name, *known.aliases))


def _printed_names(case: Case) -> set[str]:
    return {
        normalised(line.source.levels[-1])
        for block, line in case.lines(IndicatorTable)
        if isinstance(line.source, CatalogRow) and not line.source.open
    }


def _doubled_particles(text: str) -> Iterator[str]:
    """及及, 的的 where neither the word before nor the word after owns one of the two."""
    words = _words()
    for found in _TWICE.finditer(text):
        at, char = found.start(), found[1]
        if char not in words.doubled:
            continue
        before = {text[max(at - n, 0) : at + 1] for n in (1, 2, 3)}
        after = {text[at + 1 : at + 1 + n] for n in (2, 3)}
        if not before & words.ends and not after & words.begins:
            yield char * 2


def _doubled_offices(text: str) -> Iterator[str]:
    """女职工工部: a character doubled right before the 部, 科, 室 of an office's name."""
    for found in _OFFICE.finditer(text):
        if is_han(found[1]) and found[1] + found[2] not in _words().no_office:
            yield found[1] * 2


def _at_once(text: str) -> Iterator[str]:
    """A phrase of two or more characters that follows itself: 财政财政."""
    words = _words()
    last: dict[str, int] = {}
    done = 0
    for at in range(len(text) - 1):
        pair = text[at : at + 2]
        before = last.get(pair)
        last[pair] = at
        if before is None or before < done or not 2 <= at - before <= _AT_ONCE:
            continue
        phrase = text[before:at]
        if not text.startswith(phrase, at) or not re.fullmatch(rf"[{_HAN}，、]+", phrase) or len(set(phrase)) < 2:
            continue
        done = at + len(phrase)
        # 项目|项目库 are two words; 绩效管理管理。 has no second one
        goes_on = done < len(text) and re.match(rf"[{_HAN}]", text[done]) is not None
        if len(phrase) == 2 and ((phrase in words.may_meet and goes_on) or phrase[::-1] in words.within or _COUNTED.search(phrase)):
            continue
        if len(phrase) <= 4 and _COUNTED.search(phrase):
            continue
        yield phrase.strip("，、")


def _comes_back(paragraphs: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """A whole clause that comes back inside one item, a whole item that comes back in the text."""
    items = [item.strip(" ；;。,，") for paragraph in paragraphs for item in _ITEM.split(paragraph) if item.strip()]
    for item, count in Counter(items).items():
        # the same figure may well be promised for two tasks, but not twice in a row
        in_a_row = any(this == following == item for this, following in pairwise(items))
        if count > 1 and len(item) >= _WHOLE_ITEM and (in_a_row or not re.search(r"\d", item)):
            yield item, count
    for item in dict.fromkeys(items):
        bare = _TITLES.sub("《》", item)
        clauses = dict.fromkeys(c.strip() for c in _CLAUSE.split(bare))
        found = [c for c in clauses if len(c) >= _WHOLE_CLAUSE and not re.search(r"\d", c) and bare.count(c) > 1]
        for clause in found:
            if not any(clause != other and clause in other for other in found):
                yield clause, bare.count(clause)


def _short(phrase: str) -> str:
    return phrase if len(phrase) <= 24 else f"{phrase[:20]}…"


def _repeats(passage: Passage) -> dict[str, int]:
    """What is written twice in the passage, and how often it stands there."""
    text = passage.stated
    found: dict[str, int] = {}
    for phrase in (*_doubled_particles(text), *_doubled_offices(text), *_at_once(text)):
        found.setdefault(phrase, max(text.count(phrase), 2) if len(phrase) > 2 else 2)
    for mark in _MARKS_MEET.findall(text):
        found.setdefault(mark, 2)
    if passage.kind == "text":
        for phrase, count in _comes_back(passage.paragraphs):
            if not any(phrase in other or other in phrase for other in found if len(other) > 3):
                found[phrase] = count
    return found


@rule("TXT105", "texts")
def nothing_is_said_twice(case: Case) -> Iterator[Finding]:
    """一个字、一个词、一句话不连写两遍。

    为什么:重复多是录入、粘贴时留下的,公开后显得草率。“工作作风”“重点项目项目库”这样两个词
    相接的不算;同一条里十二个字以上的整句再次出现,或两条完全相同,才算。
    错:提高财政财政资金使用效益。对:提高财政资金使用效益。
    """
    for passage in (*texts(case), *names(case)):
        for phrase, count in _repeats(passage).items():
            yield case.finding("TXT105", passage.slot, label=passage.label, stated=_short(phrase), count=str(count))
        right = _name_meant(case, passage) if passage.kind == "indicator" else None
        if right is not None:
            yield case.finding("TXT105", passage.slot, label=passage.label, stated=right, count="2")


def _name_meant(case: Case, passage: Passage) -> str | None:
    """The doubled character of a name that is a known name once one of the two is struck out."""
    for found in _TWICE.finditer(passage.stated):
        once = normalised(passage.stated[: found.start()] + passage.stated[found.start() + 1 :])
        twice = normalised(passage.stated)
        if once in _known_names() | _printed_names(case) and twice not in _known_names():
            return None if found[0] in _repeats(passage) else found[0]
    return None


# ---- wrong ------------------------------------------------------------------------------
_NUMBER_OF_PAPER = re.compile(rf"(?<=[{_HAN}])\s*([【\[［〖(（{{])\s*((?:19|20)\d\d)\s*([】\]］〗)）}}])\s*(第?\d{{1,5}}号)")


class _Slip(NamedTuple):
    stated: str
    why: str
    expected: str
    severity: Severity | None = None


def _foreign_words(text: str) -> Iterator[_Slip]:
    for found in _words().foreign.finditer(text):
        right = _words().translated[found[1].lower()]
        around = text[max(found.start() - 4, 0) : found.end() + 4]
        expected = text[max(found.start() - 4, 0) : found.start()] + right + text[found.end() : found.end() + 4]
        yield _Slip(around, f"中文里夹着英文 {found[1]}", expected)


def _papers(text: str) -> Iterator[_Slip]:
    for found in _NUMBER_OF_PAPER.finditer(text):
        right = f"〔{found[2]}〕{found[4]}"
        yield _Slip(found[0].strip(), "文号里的年份用六角括号", right)


def _without_agent(text: str) -> Iterator[_Slip]:
    for found in _words().agentless.finditer(text):
        yield _Slip(found[0], "“由”后面没有写由谁来做，疑为“有”", f"有{found[1]}")


def _yearly_mean(passage: Passage) -> Iterator[_Slip]:
    """年均 in what speaks of one year only."""
    if not passage.is_annual or "年均" not in passage.stated or passage.kind not in ("text", "indicator"):
        return
    for clause in re.split(r"[。；\n]", passage.stated):
        found = _words().yearly.search(clause)
        if found and not any(word in clause for word in _words().many_years):
            yield _Slip(found[0], "一个年度的数不说“年均”", found[0].replace("年均", "全年"), "warning")
            return


@rule("TXT106", "texts")
def words_and_brackets_are_right(case: Case) -> Iterator[Finding]:
    """中文里不夹英文虚词,文号用六角括号,年度目标不写“年均”,指标值的比较符只写一次。

    为什么:这些多是机器翻译、复制粘贴或照抄长期目标留下的。专名和缩写(App、PM2.5)不算。
    错:冀财行【2021】102号;预算执行 and 目标实现;年度目标“年均完成10件”;≥100人以上;95%%。
    对:冀财行〔2021〕102号;预算执行和目标实现;全年完成10件;≥100人;95%。
    """
    for passage in (*texts(case), *names(case)):
        text = passage.stated
        slips = [*_foreign_words(text), *_papers(text), *_yearly_mean(passage)]
        if "由" in text:
            slips += _without_agent(text)
        for slip in dict.fromkeys(slips):
            yield case.finding(
                "TXT106", passage.slot, severity=slip.severity, suggested=_mended(passage, slip), label=passage.label,
                stated=slip.stated, why=slip.why, expected=slip.expected,
            )  # fmt: skip
    yield from _values(case)


def _mended(passage: Passage, slip: _Slip) -> str | None:
    """The whole name with the slip mended, where the cell holds just that name."""
    if passage.kind == "project" and passage.slot.key == "name":
        return passage.stated.replace(slip.stated, slip.expected)
    return None


_COMPARED_TWICE = re.compile(r"([≥≤><=＞＜＝])\s*([^≥≤><=＞＜＝]*?)((?:[及(（含）)]{0,3})以[上下内]|之内|左右|上下)\s*\Z")
_SIGNS_MEET = re.compile(r"([≥≤=＝%％])\s*\1")
_MOST, _LEAST = ("以内", "以下", "之内"), ("以上",)
_SAYS = {"≥": _LEAST, ">": _LEAST, "＞": _LEAST, "≤": _MOST, "<": _MOST, "＜": _MOST}


def _compared_twice(text: str) -> Iterator[_Slip]:
    """≥100人以上, ≥≥95%, 95%%: the comparison or the percent sign is written twice, or against itself."""
    found = _COMPARED_TWICE.match(text)
    if found is not None:
        sign, value, words = found.groups()
        bare = words.lstrip("及含（）()")
        if bare in _SAYS.get(sign, ()):
            yield _Slip(text, f"“{sign}”和“{bare}”说了两遍", f"{sign}{value}")
        else:
            yield _Slip(text, f"“{sign}”和“{bare}”说的不一样", f"{sign}{value}”或“{value}{words}", "warning")
    elif (met := _SIGNS_MEET.search(text)) is not None:
        yield _Slip(text, f"“{met[0]}”多写了一个符号", text.replace(met[0], met[1]))


def _values(case: Case) -> Iterator[Finding]:
    """The same slips in indicator values, and comparisons written twice."""
    for _, line in case.lines(IndicatorTable):
        for slot in line.slots:
            text = case.text(slot) if slot.content == "indicator" and slot.role == "input" else ""
            slips = list(_compared_twice(text)) if text else []
            if "由" in text:
                slips += _without_agent(text)
            for slip in slips:
                right = text.replace(slip.stated, slip.expected) if slip.severity is None else None
                yield case.finding(
                    "TXT106", slot, severity=slip.severity, suggested=right, label=case.label(slot),
                    stated=slip.stated, why=slip.why, expected=slip.expected,
                )  # fmt: skip
