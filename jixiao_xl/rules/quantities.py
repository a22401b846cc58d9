"""What quantities does a goal text promise: 年均完成30个以上, 举办10场技能培训, 帮扶困难职工100人?

A small grammar: the text falls into items, items into clauses, a clause holds numbers with their
measure words, and what stands around a number is what it counts. What is not certain to be a whole
year's promise (每场50人, 上半年3次, 比上年增长5%) is marked, so that nobody compares it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from jixiao_xl.model.chinese_numbers import CHINESE, read_number
from jixiao_xl.model.entries import Entry
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.known import knowledge_of

Period = Literal["mean", "total", ""]
Likeness = Literal["same", "alike", ""]
Kind = Literal["whole", "part", "past", "change"]
"""A whole year's (or period's) promise; a part or a rate of one (每场50人); no promise but a fact; by how many percent more."""

_MARKUP = re.compile(r"<[^<>]{0,40}>")
_ITEM_END = re.compile(r"[\n;。!]")
_NUMBERING = re.compile(
    r"\s*(?:(?:目标|任务)?\s*(?:\(?[0-9]{1,2}\)|[0-9]{1,2}\s*(?:、|[.:](?![0-9]))|\(?[一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.:])\s*)+"
)
_WIDE_DOT = re.compile(r"(?m)((?:^|[\s；;。])[0-9]{1,2})．")
"""`1．2026年` is point one, not 1.2026."""
_INNER_NUMBERING = re.compile(r"(?<=[\s,:、])(?=[0-9]{1,2}(?:、|\.(?![0-9])))")
_CLAUSE_END = re.compile(r"(?<![0-9]),|,(?![0-9]{3}(?![0-9]))|[:()]")
_ASIDE = re.compile(r"\([^()0-9]{1,8}\)")
_DEADLINE = re.compile(r"(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?[底末初]?|年底|年末|月底)(?:以前|之前|前)?")
_QUOTED = re.compile(r"[\"“][^\"“”]{0,20}[\"”]|「[^」]{0,20}」|《[^》]{0,40}》")
_ARABIC = r"(?<![0-9][—~至])(?<![0-9A-Za-z.,第〔\[\-/])[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_YEAR = re.compile(r"(20[0-9]{2})\s*年?\s*[-—~至到]+\s*(20[0-9]{2})\s*年?|(20[0-9]{2})\s*年")
_ROUND = re.compile(r"[百千万亿]+\Z")
_BEHIND = re.compile(r"\s*(?:\((?:含|次|人)\))?\s*(?:及以上|以上|以下|以内|左右|之内|不等|多)?")
_PER_WHAT = re.compile(r"[^\W\d_]{0,4}")
SHORT = 4
"""Names of fewer signs (培训, 培训班) say too little to be sure that two of them are one thing."""
NEARLY = Decimal("0.7")
"""The shorter of two names is at least this part of the longer one."""


class _Words(Entry):
    """`knowledge/quantities.toml`; what each list is for is said there."""

    measures: tuple[str, ...]
    money: tuple[str, ...]
    time: tuple[str, ...]
    alike: tuple[tuple[str, ...], ...]
    mean: tuple[str, ...]
    total: tuple[str, ...]
    per: tuple[str, ...]
    partial: tuple[str, ...]
    no_span: tuple[str, ...]
    earlier: tuple[str, ...]
    change: tuple[str, ...]
    scope: tuple[str, ...]
    counting: tuple[str, ...]
    leading: tuple[str, ...]
    trailing: tuple[str, ...]
    counted: tuple[str, ...]
    weak: tuple[str, ...]
    narrowing: tuple[str, ...]
    standing: tuple[str, ...]
    flowing: tuple[str, ...]


@cache
def words() -> _Words:
    """The word lists, loaded when first asked for."""
    return knowledge_of(_Words, "quantities")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One promise of a text. `objects` are the readings of what is counted, the best first."""

    stated: str
    """The words about it, as written."""
    number: Decimal
    unit: str
    period: Period
    objects: tuple[str, ...]
    kind: Kind
    years: tuple[int, ...] = ()
    """The years that the item names."""

    @property
    def comparable(self) -> bool:
        """Whether it is a level to be reached by the end of the period, in whole."""
        return self.kind == "whole"

    @property
    def is_count(self) -> bool:
        """Things and persons, neither money nor percent."""
        return self.unit != "%" and self.unit not in words().money

    @property
    def written(self) -> str:
        tens = self.number / 10_000
        if self.number >= 10_000 and tens == tens.quantize(Decimal("0.01")):
            return f"{tens.normalize():f}万{self.unit}"
        return f"{self.number.normalize():f}{self.unit}"


def items_of(text: str) -> list[str]:
    """The sentences or numbered points of a text, without markup and numbering."""
    plain = unicodedata.normalize("NFKC", _WIDE_DOT.sub(r"\1、", _MARKUP.sub("\n", text)))
    pieces = [piece for part in _ITEM_END.split(plain) for piece in _INNER_NUMBERING.split(part)]
    found = (_NUMBERING.sub("", piece, count=1).strip() if _NUMBERING.match(piece) else piece.strip() for piece in pieces)
    return [piece for piece in found if piece]


@lru_cache(maxsize=512)
def quantities_of(text: str) -> tuple[Quantity, ...]:
    """Every number with a measure word, in the order of the text."""
    return tuple(quantity for item in items_of(text) for quantity in _of_item(item))


def _of_item(item: str) -> Iterator[Quantity]:
    years = tuple(int(y) for match in _YEAR.finditer(item) for y in match.groups() if y)
    period: Period = ""
    for clause in _CLAUSE_END.split(_ASIDE.sub("", item)):
        if not clause:
            continue
        period = _period(clause) or period
        yield from _of_clause(clause, period, years)


def _period(clause: str) -> Period:
    if any(word in clause for word in words().mean):
        return "mean"
    return "total" if _several_years().search(clause) else ""


@cache
def _several_years() -> re.Pattern[str]:
    """累计, 三年; but neither 2025年, nor 学前三年毛入园率, nor 三年行动计划."""
    spans = [re.escape(word) for word in words().total if word[0] in "0123456789一二三四五六七八九十"]
    plain = [re.escape(word) for word in words().total if re.escape(word) not in spans]
    other = "|".join(map(re.escape, words().no_span))
    return re.compile(rf"{'|'.join(plain)}|(?<![0-9.前一二三四五六七八九十第近])(?:{'|'.join(spans)})(?!{other})")
    return ""


@cache
def _number_and_unit() -> re.Pattern[str]:
    units = sorted((*words().measures, *words().time), key=lambda unit: -len(unit))
    unit = "|".join(map(re.escape, units))
    return re.compile(rf"(?P<number>{_ARABIC}\s*[万亿]?|[{CHINESE}]+)\s*[余多]?\s*(?P<unit>{unit})(?P<rate>/?)")


def _of_clause(clause: str, period: Period, years: tuple[int, ...]) -> Iterator[Quantity]:
    quoted = [match.span() for match in _QUOTED.finditer(clause)]
    found = [
        match
        for match in _number_and_unit().finditer(clause)
        if match["unit"] not in words().time and not any(a < match.start() < b for a, b in quoted) and _counts(clause, match)
    ]
    for index, match in enumerate(found):
        number = read_number(match["number"].replace(" ", ""))
        assert number is not None
        start = _BEHIND.match(clause, found[index - 1].end()).end() if index else 0  # type: ignore[union-attr]
        after = _BEHIND.match(clause, match.end())
        end = found[index + 1].start() if index + 1 < len(found) else len(clause)
        assert after is not None
        before, behind = clause[start : match.start()], clause[after.end() : end]
        shown = _PER_WHAT.match(clause, match.end()) if match["rate"] else None  # 4.5批次/千人
        yield Quantity(
            clause[start : (shown or after).end() if len(core(before)) > 1 else end].strip("、和及 "), number, match["unit"], period, _objects(before, behind),
            "part" if match["rate"] else _kind(clause[: match.start()], before, match["unit"]), years,
        )  # fmt: skip


def _counts(clause: str, match: re.Match[str]) -> bool:
    """Chinese numerals count from ten on, small ones behind a verb only: 三项制度 is a name."""
    text = match["number"]
    if text[0] not in CHINESE:
        return True
    before = clause[: match.start()].rstrip()
    number = read_number(text)
    if number is None or _ROUND.match(text) or before.endswith(("第", "之", "每")):
        return False
    return number >= 10 or before.endswith(words().counting)


def _kind(head: str, before: str, unit: str) -> Kind:
    known = words()
    plain = before.rstrip("约近超了共 ")
    if unit == "%" and plain.endswith(known.change) and not any(w in head for w in known.earlier if not w.startswith(("比", "较"))):
        return "change"
    if any(word in head for word in known.earlier) or plain.endswith((*known.change, *known.scope)):
        return "past"
    if any(word in head for word in (*known.per, *known.partial) if word != "各") or plain.endswith("各"):
        return "part"
    return "whole"


def _objects(before: str, behind: str) -> tuple[str, ...]:
    """What may be counted: the words around the number, before it, behind it."""
    found = (core(before + behind), core(before), core(behind))
    return tuple(dict.fromkeys(name for name in found if len(name) > 1 and name not in words().leading))


@lru_cache(maxsize=8192)
def core(name: str) -> str:
    """A name without the words that do not say what it is about: 全年开展法律援助案件数 → 法律援助案件."""
    plain = unicodedata.normalize("NFKC", name)
    plain = _YEAR.sub("", re.sub(r"[\s\"'“”‘’「」《》、·≥≤<>=]|\([^()]{0,3}\)", "", plain))
    known = words()
    before = ""
    while before != plain:
        before = plain
        plain = _without_end(_without_end(plain, known.trailing), known.counted)
        deadline = _DEADLINE.match(plain)
        plain = plain[deadline.end() :] if deadline else plain
        plain = next((plain[len(w) :] for w in _leading() if plain.startswith(w) and len(plain) > len(w) + 1), plain)
    return plain


@cache
def _leading() -> tuple[str, ...]:
    known = words()
    return tuple(sorted((*known.leading, *known.mean, *known.total), key=len, reverse=True))


def _without_end(text: str, endings: tuple[str, ...]) -> str:
    return next((text[: -len(w)] for w in sorted(endings, key=len, reverse=True) if text.endswith(w)), text)


@lru_cache(maxsize=8192)
def likeness(left: str, right: str) -> Likeness:
    """Whether two cores name one thing. `alike`: one says more than the other, or another order."""
    if left == right:
        return "same" if len(left) >= SHORT else "alike" if len(left) == SHORT - 1 else ""
    short, long = sorted((left, right), key=len)
    if len(short) < SHORT or len(short) < NEARLY * len(long):
        return ""
    if sorted(short) == sorted(long):
        return "alike"
    rest = _rest_of(short, long)
    if rest is None or any(word in rest for word in words().narrowing):
        return ""
    return "alike"


def _rest_of(short: str, long: str) -> str | None:
    """What `long` has more than `short`; None when `short` does not run through it in order."""
    rest, at = "", 0
    for char in long:
        if at < len(short) and char == short[at]:
            at += 1
        else:
            rest += char
    return rest if at == len(short) else None


@lru_cache(maxsize=512)
def same_unit(left: str, right: str) -> bool:
    """Whether two measure words may count the same things; a missing one says nothing against it."""
    left, right = left.partition("(")[0], right.partition("(")[0]  # 卷(件)
    if not left or not right or left == right:
        return True
    return any(left in group and right in group for group in words().alike)


def pairs_of(name: str) -> set[str]:
    """The two-sign pieces of a name that say what it is about."""
    for weak in words().weak:
        name = name.replace(weak, " ")
    return {name[i : i + 2] for i in range(len(name) - 1) if " " not in name[i : i + 2]}
