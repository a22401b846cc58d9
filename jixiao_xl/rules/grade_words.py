"""Is a text a grade word, and is it a word of this indicator's ladder?

A grade word is made of words that the language shares by all departments: how much (基本, 显著),
what state (健全, 规范) or what change (提升), and perhaps the indicator's own words. A text that
is not made of these alone is a sentence. The words are data: `knowledge/grades.toml`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, Literal

from jixiao_xl.model.names import normalised
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.known import knowledge

LONGEST = 16
"""Characters of a grade word with the indicator's own words in it; anything longer is a sentence."""
PHRASE = 10
"""Characters of a phrase that may hold nouns beside its grade word."""
_EFFECT, _CHANGE, _LASTING = "效果", "变化", "长期"
_ENDS = "。.；;!"
_PREFIXES = ("完全", "较为", "较", "基本", "部分", "略有", "显著", "不够", "不", "未", "有")

Reading = Literal["grade", "other", "general", "bare change", "sentence"]
"""`other` is a word of another ladder; `general` says done or good without saying which step;
`bare change` says only the direction."""


@dataclass(frozen=True)
class Words:
    """The vocabulary, each word with the families it is of."""

    families: dict[str, frozenset[str]]
    near: dict[str, frozenset[str]]
    """The families whose words are used for one another."""
    degree: frozenset[str]
    scale: frozenset[str]
    done: frozenset[str]
    passed: frozenset[str]
    satisfied: frozenset[str]
    plain: frozenset[str]
    longest: int

    def __contains__(self, word: str) -> bool:
        return word in self.families or any(word in s for s in (self.degree, self.scale, self.done, self.passed, self.plain))


@cache
def _given() -> dict[str, Any]:
    return knowledge("grades")


@cache
def grade_words() -> Words:
    """The vocabulary of the data file."""
    given = _given()
    families: dict[str, frozenset[str]] = {}
    for family in given["family"]:
        for word in family["words"]:
            families[word] = families.get(word, frozenset()) | {family["name"]}
    sets = {key: frozenset(normalised(w) for w in words) for key, words in given["word"].items()}
    longest = max(len(w) for w in (*families, *(w for words in sets.values() for w in words)))
    near = {family["name"]: frozenset(family.get("near", ())) for family in given["family"]}
    return Words(families=families, near=near, longest=longest, **sets)


@cache
def names_that(kind: str) -> tuple[str, ...]:
    """The words by which a name says something of its values: `question`, `countable` …"""
    return tuple(_given()["name"][kind])


@lru_cache(maxsize=4096)
def allowed_families(name: str, grades: tuple[str, ...]) -> frozenset[str]:
    """The families whose words are right for the indicator: those of its ladder, and those that
    its own name speaks of (长效机制: 长期有效). None when there is no ladder."""
    known, plain = grade_words().families, normalised(name)
    found: set[str] = set()
    for grade in grades:
        stems = [grade, *(grade.removeprefix(p) for p in _PREFIXES if grade.startswith(p))]
        found.update(*(known.get(stem, ()) for stem in stems))
    if found & {_EFFECT, _CHANGE} or (found and plain.endswith(names_that("open"))):
        found |= {_EFFECT, _CHANGE, _LASTING}
    found.update(*(grade_words().near[family] for family in tuple(found)))
    if found:
        named = (of for word, of in known.items() if len(word) > 1 and word in plain)
        found.update(*(of - {_EFFECT, _CHANGE} for of in named))
    return frozenset(found)


@lru_cache(maxsize=8192)
def parts_of(text: str, name: str) -> tuple[str, ...] | None:
    """The text cut into words of the vocabulary (own words of the name are left out); None when
    something remains that is neither."""
    plain, own = normalised(text).rstrip(_ENDS), normalised(name)
    if not 0 < len(plain) <= LONGEST:
        return None
    words = grade_words()
    rest: list[tuple[str, ...] | None] = [None] * len(plain) + [()]
    for start in range(len(plain) - 1, -1, -1):
        ends = range(min(len(plain), start + words.longest), start, -1)
        for end in ends:
            behind = rest[end]
            if behind is not None and plain[start:end] in words:
                rest[start] = (plain[start:end], *behind)
                break
        else:
            # the shortest word of the name first, lest 立项规范 of 立项规范性 swallow the grade in it
            mine = (end for end in range(start + 2, len(plain) + 1) if plain[start:end] in own)
            rest[start] = next((rest[end] for end in mine if rest[end] is not None), None)
    return rest[0]


@lru_cache(maxsize=8192)
def read_grade(text: str, name: str, grades: tuple[str, ...]) -> Reading:
    """What the text is on the ladder of the indicator `name`."""
    if normalised(text).rstrip(_ENDS) in {normalised(g) for g in grades}:
        return "grade"
    parts, words, allowed = parts_of(text, name), grade_words(), allowed_families(name, grades)
    if parts is None:
        return "grade" if _has_one_of(text, allowed) else "sentence"
    found = [words.families.get(part, frozenset()) for part in parts]
    states, changes = [of - {_CHANGE} for of in found if of - {_CHANGE}], [of for of in found if _CHANGE in of]
    if any(of & allowed or not allowed for of in states):
        return "grade"
    if changes and (_CHANGE in allowed or not allowed):
        return "grade" if any(part in words.degree or part in words.scale for part in parts) else "bare change"
    if states and not any(of & {_EFFECT, _LASTING} for of in states):
        return "other"
    if not allowed and any(part in words.scale for part in parts):
        return "grade"
    says_something = states or changes or any(part in words.done or part not in words.plain for part in parts)
    return "general" if says_something else "sentence"


def _has_one_of(text: str, allowed: frozenset[str]) -> bool:
    """Whether a short phrase has a right word beside a noun of its own: 结构合理, 与职能相符."""
    plain = normalised(text)
    if len(plain) > PHRASE or any(sign in plain for sign in ",;。"):
        return False
    return any(len(word) > 1 and word in plain and of & allowed for word, of in grade_words().families.items())


def is_passed(text: str) -> bool:
    """Whether the text only says that something meets its requirement."""
    return normalised(text).rstrip(_ENDS) in grade_words().passed


def is_satisfied(text: str) -> bool:
    """Whether the text is an answer to the question how satisfied somebody is."""
    return normalised(text).rstrip(_ENDS) in grade_words().satisfied


def only_says_done(text: str, name: str) -> bool:
    """完成, 合格: whether the text says that it is done and not how well."""
    words = grade_words()
    return all(part in words.done or part in words.passed or part in words.plain for part in parts_of(text, name) or ())


@lru_cache(maxsize=8192)
def says_a_grade(text: str) -> bool:
    """Whether any grade word occurs in the text at all."""
    plain, words = normalised(text), grade_words()
    return any(word in plain for word in (*words.families, *words.scale, *words.done, *words.passed) if len(word) > 1)


@lru_cache(maxsize=8192)
def names_an_amount(name: str) -> bool:
    """Whether the name speaks of an amount that changes: 减少经济损失, 农民收入增加."""
    plain = normalised(name)
    change, between = names_that("change"), names_that("between")
    for amount in names_that("amount"):
        at = plain.find(amount)
        if at < 0:
            continue
        before, behind = plain[:at], plain[at + len(amount) :]
        for word in between:
            behind = behind.replace(word, "")
        if behind in change or (not behind and before.startswith(change)):
            return True
    return False
