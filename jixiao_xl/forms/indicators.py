"""What is known of an indicator by its name: kind, direction, range, formula, grade words.

The dictionary (`dictionary/indicators.toml`) is asked first; for a name it lacks, the ending of
the name tells the kind (`dictionary/names.toml`). Nothing is merged: a name that is nearly one of
the dictionary's is only proposed (`nearest`).
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

from jixiao_xl.model.entries import Entry, Made, believed
from jixiao_xl.model.names import is_cut_form_of, normalised

_UNIT_BEHIND = re.compile(r"\([^()]{1,6}\)\Z")
"""合格率(%), 培训人数(人): the unit behind a name says nothing of its ending."""
IndicatorKind = Literal["rate", "grade", "count"]
Better = Literal["high", "low", "equal", ""]


class Quantity(Entry):
    """A number that rates are computed from, entered once per year (`dictionary/quantities.toml`)."""

    id: str
    label: str
    unit: str
    help: str = ""


class Ratio(Entry):
    """How a rate follows from quantities: `of` over `to`, or the change of `of` against the year before."""

    op: Literal["share", "change"]
    of: str
    to: str = ""

    def __post_init__(self) -> None:
        """Its quantities are known."""
        known = known_quantities()
        if self.of not in known or (self.op == "share") != (self.to in known):
            raise ValueError(f"quantities.toml 没有 {self.of} 或 {self.to}")

    @property
    def words(self) -> str:
        """The formula as it is said: `实际支出公用经费 ÷ 预算安排公用经费 × 100%`."""
        of = known_quantities()[self.of].label
        if self.op == "change":
            return f"（本年{of} － 上年{of}）÷ 上年{of} × 100%"
        return f"{of} ÷ {known_quantities()[self.to].label} × 100%"


class Indicator(Entry):
    """One indicator. `low` and `high` bound its natural range in percent (rates) or units."""

    name: str
    aliases: tuple[str, ...] = ()
    kind: IndicatorKind
    levels: tuple[tuple[str, str], ...] = ()
    """The (level 1, level 2) under which forms print it; empty for a unit's own indicator."""
    formula: str = ""
    numerator: str = ""
    denominator: str = ""
    ratio: Ratio | None = None
    """Its formula over quantities; None where numerator and denominator differ from unit to unit."""
    better: Better = ""
    low: Decimal | None = None
    high: Decimal | None = None
    standard: str = ""
    """How the target is usually written: `≤100%`, `≥N人`."""
    units: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    """The grade words, best first."""
    check: str = ""
    better_name: str = ""
    measurable: bool = True
    source: str = ""
    inferred: bool = False
    """No official wording was found; `source` says what stands in for it."""
    firm: bool = True
    """Whether direction and range follow from what the name says; else they are only usual."""
    guessed: bool = False
    """Not in the dictionary: only the ending of the name was read."""

    @property
    def is_satisfaction(self) -> bool:
        return "满意" in self.name

    @property
    def capped(self) -> bool:
        """Whether it cannot exceed 100 %."""
        return self.kind == "rate" and self.high == 100


class _Ending(Entry):
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()
    """Longer endings that are something else (指数 is no 数)."""
    kind: IndicatorKind
    better: Better = ""
    low: Decimal | None = None
    high: Decimal | None = None
    standard: str = ""
    units: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    measurable: bool = True
    firm: bool = True


def _table(kind: type[Made], name: str) -> list[Made]:
    text = (resources.files("jixiao_xl.forms.dictionary") / f"{name}.toml").read_text("utf-8")
    return [believed(kind, row) for row in next(iter(tomllib.loads(text).values()))]


@cache
def known_quantities() -> dict[str, Quantity]:
    """What rates are computed from, by id, in the order of the 测算表."""
    return {quantity.id: quantity for quantity in _table(Quantity, "quantities")}


@cache
def known_indicators() -> tuple[Indicator, ...]:
    """The dictionary, in its own order."""
    return tuple(_table(Indicator, "indicators"))


@cache
def _by_name() -> dict[str, Indicator]:
    found: dict[str, Indicator] = {}
    for indicator in known_indicators():
        for name in (indicator.name, *indicator.aliases):
            found.setdefault(normalised(name), indicator)
    return found


@cache
def _endings() -> tuple[tuple[str, _Ending], ...]:
    pairs = [(normalised(word), ending) for ending in _table(_Ending, "names") for word in ending.words]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def indicator_named(name: str) -> Indicator | None:
    """The dictionary's entry for a name or one of its aliases, width, quotes and blanks aside."""
    return _by_name().get(normalised(name))


@lru_cache(maxsize=8192)
def indicator_like(name: str) -> Indicator | None:
    """The dictionary's entry, or one guessed from the name's ending; None when neither tells."""
    known = indicator_named(name)
    if known is not None:
        return known
    plain = _UNIT_BEHIND.sub("", normalised(name)) or normalised(name)
    for word, ending in _endings():
        if plain.endswith(word) and not (ending.unless and plain.endswith(ending.unless)):
            facts = {key: value for key, value in vars(ending).items() if key not in ("words", "unless")}
            return Indicator(name=name, guessed=True, inferred=True, **facts)
    return None


@lru_cache(maxsize=8192)
def whole_name(name: str) -> str | None:
    """The dictionary's name that `name` is the cut-off beginning of, to be proposed."""
    if indicator_named(name) is not None:
        return None
    whole = [known.name for known in known_indicators() if is_cut_form_of(name, known.name)]
    return whole[0] if len(whole) == 1 else None
