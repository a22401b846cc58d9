"""Which kind of indicator does a heading ask for, and which names clearly belong to another kind?

The words are data (`knowledge/categories.toml`); what is not certain is not in them.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal

from jixiao_xl.model.entries import Entry
from jixiao_xl.model.findings import Severity
from jixiao_xl.model.names import normalised
from jixiao_xl.rules.known import knowledge_of

Part = Literal["output", "benefit", "satisfaction"]


class Foreign(Entry):
    """Words that speak for another kind: anywhere in the name, or at its end; `starts` narrows it down."""

    starts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    belongs: str
    why: str
    severity: Severity = "warning"
    always: bool = False
    """Holds even when the name has a word of the kind it stands under."""

    def fits(self, plain: str) -> bool:
        if self.starts and not plain.startswith(self.starts):
            return False
        return plain.endswith(self.ends) or any(word in plain for word in self.words)


class Category(Entry):
    """One kind of indicator: 数量, 质量 … 满意度."""

    id: str
    name: str
    part: Part
    labels: tuple[str, ...]
    own: tuple[str, ...]
    foreign: tuple[Foreign, ...] = ()

    def foreign_to(self, name: str) -> Foreign | None:
        """What makes the name one of another kind; None when it may belong here."""
        plain = normalised(name)
        at_home = any(word in plain for word in self.own)
        return next((f for f in self.foreign if (f.always or not at_home) and f.fits(plain)), None)


class Task(Entry):
    """A name that says what to do and counts nothing."""

    category: str
    starts: tuple[str, ...]
    counts: tuple[str, ...]
    belongs: str
    why: str

    def fits(self, name: str) -> bool:
        plain = normalised(name)
        return plain.startswith(self.starts) and not plain.endswith(self.counts)


class _Book(Entry):
    category: tuple[Category, ...]
    task: Task


@cache
def _book() -> _Book:
    return knowledge_of(_Book, "categories")


def task_words() -> Task:
    return _book().task


def categories() -> tuple[Category, ...]:
    """Every kind, in the order forms print them."""
    return _book().category


@cache
def _by_label() -> dict[str, Category]:
    return {normalised(label): category for category in categories() for label in category.labels}


@lru_cache(maxsize=4096)
def category_of_label(label: str) -> Category | None:
    """`数量指标`, `社会效益`, `联系部门满意度` → their kind; None for a heading of no kind."""
    plain = normalised(label).removesuffix("指标")
    known = _by_label().get(plain)
    if known is None and plain.endswith("满意度"):
        return _by_label()["满意度"]
    return known


def category_of(levels: tuple[str, ...]) -> tuple[Category, str] | None:
    """The kind that the headings above a name ask for, the innermost one that says it, as printed."""
    for label in reversed(levels):
        category = category_of_label(label)
        if category is not None:
            return category, label
    return None
