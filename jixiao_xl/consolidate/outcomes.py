"""What became of one indicator in many units: done beside target, and the lights counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jixiao_xl.consolidate.roster import UnitStatus
from jixiao_xl.forms.outcome_words import OutcomeColumns, joined
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.lights import LIGHTS

Stated = Mapping[int, tuple[str, str]]
"""By the unit's place: what it stated, and the path of the fact."""


@dataclass(frozen=True)
class Outcome:
    """What the units did of an indicator, and the lights that their forms show, both by the unit's place."""

    label: str
    """What the form calls it: 截至本月完成值."""
    done: Stated
    lights: Mapping[int, str]
    has_lights: bool
    """Whether the form has lights at all."""

    @property
    def counted(self) -> tuple[tuple[str, int], ...]:
        """`(("红", 2), ("绿", 7))`."""
        return lights_counted(self.lights.values())


def lights_counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How often each light is on, in their order from 红 to 蓝; none that is not on at all."""
    counts = Counter(words)
    return tuple((word, counts[word]) for word in LIGHTS if counts[word])


def outcomes(columns: OutcomeColumns, targets: Stated, units: Sequence[UnitStatus]) -> tuple[Stated, Outcome]:
    """The targets, with sign and unit where these stand in columns of their own; and what became of them, read in
    the row of the target, whatever else is called the same."""
    whole: dict[int, tuple[str, str]] = {}
    done: dict[int, tuple[str, str]] = {}
    lights: dict[int, str] = {}
    for place, (text, path) in targets.items():
        used, row = units[place].used, path.rpartition(".")[0]
        assert used is not None
        parts = {part: _said(used.filing, f"{row}.{column}") for part, column in columns.parts.items()}
        whole[place] = joined(text, parts.get("operator", ""), parts.get("unit", "")), path
        reached = f"{row}.{columns.done.id}"
        if value := _said(used.filing, reached):
            done[place] = joined(value, "", parts.get("unit", "")), reached
        if columns.light is not None and (light := _said(used.filing, f"{row}.{columns.light.id}")):
            lights[place] = light
    return whole, Outcome(columns.done.label, done, lights, columns.light is not None)


def _said(filing: Filing, path: str) -> str:
    return (filing.value(path) or "").strip()
