"""Do the texts speak of this unit: its place, its level of government, its business?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.known import knowledge
from jixiao_xl.rules.passages import Passage, names, texts
from jixiao_xl.rules.registry import rule

COUNTY = 6
"""Digits of the code of a county; a prefecture has four, a province two."""
_CLAUSE = re.compile(r"[，。；：,;:!?！？\n]")
_ENUMERATED = re.compile(r"[省市州县区旗乡镇、（）()]{3,}|县区|区县|市县|县市|市区|城区|乡镇|镇乡|建成区|服务区")
"""县（市、区）, 县区, 市县: several levels at once, nobody's own."""


# ---- places ---------------------------------------------------------------------------
class _Place(NamedTuple):
    name: str
    code: str
    province: str


class _Atlas(NamedTuple):
    by_start: dict[str, tuple[str, ...]]
    """The names by their first two characters, the longest first: faster than one alternation."""
    places: dict[str, _Place]
    provinces: dict[str, str]
    outward: re.Pattern[str]
    departments: re.Pattern[str]
    organs: re.Pattern[str]


@cache
def _atlas() -> _Atlas:
    data = knowledge("places")
    ambiguous = set(data["ambiguous"])
    places: dict[str, _Place] = {}
    provinces: dict[str, str] = {}
    for province in data["province"]:
        name = province["name"]
        provinces[province["code"]] = name
        listed = [(province["code"], name), *(city.split() for key in ("cities", "counties") for city in province.get(key, ()))]
        for code, full in listed:
            bare = re.sub(r"(?:(?:壮族|回族|维吾尔)?自治区|地区|省|市|州|盟)\Z", "", full)
            place = _Place(full, code, name)
            places[full] = place
            if bare not in ambiguous and len(code) < COUNTY:
                places[bare] = place
    by_start: dict[str, list[str]] = {}
    for name in sorted(places, key=len, reverse=True):
        by_start.setdefault(name[:2], []).append(name)
    outward, organs = data["outward"]["words"], data["outward"]["organs"]
    return _Atlas(
        {start: tuple(found) for start, found in by_start.items()}, places, provinces, re.compile("|".join(map(re.escape, outward))),
        re.compile("|".join(map(re.escape, data["outward"]["departments"]))), re.compile(rf"(?:省|市|州|区)?(?:{'|'.join(organs)})"),
    )  # fmt: skip


class _Own(NamedTuple):
    """Where the unit is, as far as its key and its name tell."""

    code: str
    name: str
    kind: str
    """县, 区, 市 (a city within a prefecture), 旗; 地 for a prefecture, 省 for a province."""


@lru_cache(maxsize=64)
def _own(name: str, key: str) -> _Own | None:
    code = key[:6]
    if not (code.isascii() and code.isdigit() and len(code) == 6) or code[:2] not in _atlas().provinces:
        return None
    last = int(code[4:])
    if code[2:] == "0000":
        return _Own(code, name, "省")
    if last == 0:
        return _Own(code, name, "地")
    kind = "区" if last <= 20 or 51 <= last <= 70 else "县" if last <= 50 else "市" if last >= 81 else ""
    if code[2:4] == "90":  # cities and counties right under the province
        kind = "市" if last <= 20 else "县"
    if kind == "县" and "旗" in name and "县" not in name:
        kind = "旗"
    other = {"县": "区", "区": "县", "市": "县"}.get(kind, "")
    # a county made a district keeps its old code for a while: where code and name disagree, ask nobody
    if other and other in name and kind not in name:
        kind = ""
    return _Own(code, name, kind)


def _places_in(text: str) -> Iterator[tuple[str, int]]:
    """The places a text names, and where."""
    by_start = _atlas().by_start
    done = 0
    for at in range(len(text) - 1):
        listed = by_start.get(text[at : at + 2])
        if listed is not None and at >= done:
            name = next((name for name in listed if text.startswith(name, at)), None)
            if name is not None:
                done = at + len(name)
                yield name, at


def _foreign_places(case: Case, own: _Own, passage: Passage) -> Iterator[tuple[str, str, int]]:
    """Places of other provinces, and offices of other prefectures: the place, why, how often."""
    atlas = _atlas()
    text = passage.stated
    away = atlas.departments.search(own.name) is not None
    counted: dict[str, int] = {}
    for name, at in _places_in(text):
        place, end = atlas.places[name], at + len(name)
        if place.code[:2] == own.code[:2] and (len(place.code) == 2 or own.code.startswith(place.code) or own.code[2:4] == "00"):
            continue
        if name in own.name or text[end : end + 1] in ("场", "道", "镇", "乡", "村", "路", "街"):
            continue
        is_office = atlas.organs.match(text, end) is not None
        beside = _is_beside(own, place, text[end : end + 1])
        if not is_office and (away or (place.code[:2] == own.code[:2] and not beside)):
            continue
        if beside and own.kind == "地":
            continue
        if atlas.outward.search(_clause_around(text, at)):
            continue
        counted[name] = counted.get(name, 0) + 1
    for name, count in counted.items():
        place = atlas.places[name]
        belongs = f"属{place.province}" if name not in place.province else "是外省"
        if place.code[:2] == own.code[:2]:
            belongs = "是另一个县（市、区）" if len(place.code) == COUNTY else "是本省另一个市州"
        yield name, f"{name}{belongs}，填报单位是{own.name}（{atlas.provinces[own.code[:2]]}）", count


def _is_beside(own: _Own, place: _Place, following: str) -> bool:
    """A county of the same province beside the unit's own; for a prefecture its own counties are no strangers."""
    if len(place.code) != COUNTY or place.code[:2] != own.code[:2] or following in ("域", "级", "间", "位"):
        return False
    return own.kind in ("县", "区", "市", "旗") or place.code[:4] == own.code[:4]


def _clause_around(text: str, at: int) -> str:
    start = max((m.end() for m in _CLAUSE.finditer(text, 0, at)), default=0)
    following = _CLAUSE.search(text, at)
    return text[start : following.start() if following else len(text)]


# ---- levels ----------------------------------------------------------------------------
class _Levels(NamedTuple):
    words: dict[str, list[str]]
    before: str
    foreign: dict[str, tuple[str, ...]]
    autonomous: tuple[str, ...]
    national: re.Pattern[str]


@cache
def _level_pattern(kind: str) -> re.Pattern[str]:
    """全区 and 我区 stand for themselves; 区委 only where no other word (社区, 园区) owns the 区."""
    words, before = _levels().words[kind], _levels().before
    free = [word for word in words if word[0] != kind]
    bound = [word for word in words if word[0] == kind]
    parts = [rf"(?<![安健完齐保周自基样成资根文]){word}(?![域别间块段位隔])" for word in free]
    parts += [rf"(?:(?<=[{re.escape(before)}])|(?<=^)){word}(?!员)" for word in bound]
    return re.compile("|".join(parts), re.M)


@cache
def _levels() -> _Levels:
    data = knowledge("levels")
    return _Levels(
        data["words"],
        data["reading"]["before"],
        {kind: tuple(others) for kind, others in data["foreign"].items()},
        tuple(data["reading"]["autonomous"]),
        re.compile(data["reading"]["national"]),
    )


def _kinds_not_own(own: _Own) -> Iterator[tuple[str, str]]:
    """The levels whose words do not belong into the unit's texts, each with the unit's own level."""
    levels = _levels()
    for foreign in levels.foreign.get(own.kind, ()):
        if not (foreign == "区" and own.code[:2] in levels.autonomous):
            yield foreign, own.kind
    town = re.search(r"(镇|(?<!城)乡|街道)(?:人民政府|党委|办事处|财政所)?\Z", own.name)
    if town and town[1] in "乡镇":
        yield ("镇" if town[1] == "乡" else "乡"), town[1]


def _foreign_levels(own: _Own, passage: Passage) -> Iterator[tuple[str, str, int]]:
    levels = _levels()
    kinds = [(foreign, home) for foreign, home in _kinds_not_own(own) if foreign in passage.stated]
    if not kinds and "交办" not in passage.stated:
        return
    text = _ENUMERATED.sub(lambda found: "\0" * len(found[0]), passage.stated)
    for foreign, home in kinds:
        counted: dict[str, int] = {}
        for word in _level_pattern(foreign).findall(text):
            counted[word] = counted.get(word, 0) + 1
        for word, count in counted.items():
            right = word.replace("党工委", "委").replace(foreign, home)
            yield word, f"填报单位在{home}一级，应为“{right}”", count
    if own.kind in ("县", "区", "市", "旗"):
        handed = levels.national.search(text)
        if handed:
            yield handed[0], "国家一级机关不向县级单位交办工作，应为上一级", 1


# ---- business ---------------------------------------------------------------------------
class _Business(NamedTuple):
    name: str
    names: tuple[str, ...]
    duties: tuple[str, ...]
    sole: tuple[str, ...]
    words: tuple[str, ...]


@cache
def _businesses() -> tuple[tuple[str, ...], tuple[_Business, ...]]:
    data = knowledge("businesses")
    return tuple(data["general"]), tuple(
        _Business(b["name"], *(tuple(b[part]) for part in ("names", "duties", "sole", "words"))) for b in data["business"]
    )


def _holds(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


@cache
def _either(words: tuple[str, ...]) -> re.Pattern[str]:
    """The first of the words in a text; made for the few businesses that a filing speaks of."""
    return re.compile("|".join(map(re.escape, words)))


def _foreign_business(case: Case, unit: str) -> Iterator[Finding]:
    """Indicators of another department's business, of which the unit's duties say nothing."""
    general, businesses = _businesses()
    duties = "\n".join(p.stated for p in texts(case) if p.is_duties)
    if not unit or not duties or _holds(unit, general):
        return
    named = [p for p in names(case) if p.kind == "indicator"]
    all_names = "\n".join(p.stated for p in named)
    for business in businesses:
        if not _holds(all_names, business.sole) and not _holds(all_names, business.words):
            continue
        if _holds(unit, business.names) or _holds(duties, business.duties):
            continue
        sole = [(p, found[0]) for p in named if (found := _either(business.sole).search(p.stated))]
        words = [(p, found[0]) for p in named if (found := _either(business.words).search(p.stated))]
        if len({word for _, word in (*sole, *words)}) < 2 and not sole:
            continue
        strict = {p.slot.cell + p.slot.sheet for p, _ in sole}
        told: set[str] = set()
        for passage, word in (*sole, *words):
            cell = passage.slot.cell + passage.slot.sheet
            if cell in told:
                continue
            told.add(cell)
            alone = cell in strict
            yield case.finding(
                "TXT102", passage.slot, severity=None if alone else "hint", label=passage.label, stated=word,
                why=f"是{business.name}业务，职能概述里没有",
            )  # fmt: skip


@rule("TXT102", "texts")
def text_is_about_this_unit(case: Case) -> Iterator[Finding]:
    """文字里的地名、层级、业务要与填报单位相符。

    为什么:照抄外地、外单位的表,最常见的痕迹就是外地地名,县里写着“区委、全区”,工会写着司法的
    指标。与外地的往来(对口支援、招商、交通、学习经验)不算。
    错:县总工会写“承担区委、区政府交办的事项”。对:承担县委、县政府交办的事项。
    """
    unit = case.filing.unit
    name = unit.name or next(
        (case.text(s) for b in case.plan.blocks for s in b.slots if s.identity == "unit_name" and s.path is not None), ""
    )
    own = _own(name, unit.key)
    if own is not None:
        for passage in (*texts(case), *names(case)):
            for stated, why, count in (*_foreign_places(case, own, passage), *_foreign_levels(own, passage)):
                often = f"{why}（{count} 处）" if count > 1 else why
                severity: Severity | None = "hint" if "交办" in stated else None
                yield case.finding("TXT102", passage.slot, severity=severity, label=passage.label, stated=stated, why=often)
    yield from _foreign_business(case, name)
