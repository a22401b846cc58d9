"""The words of 审核 and what follows from them: `knowledge/review.toml`, where each says its source."""

from __future__ import annotations

from functools import cache, cached_property

from jixiao_xl.model.entries import Entry
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.model.review import RECEIVER, Included
from jixiao_xl.rules.known import knowledge_of


class AspectWords(Entry):
    name: str
    asks: str
    source: str = ""


class GradeWords(Entry):
    name: str
    means: str
    consequence: str
    included: Included
    states: tuple[str, ...]
    source: str = ""


class StateWords(Entry):
    name: str
    means: str
    todo: str


class StepRule(Entry):
    from_: str
    to: str
    who: str
    why: bool = False
    inferred: bool = False
    source: str = ""


class ReviewWords(Entry):
    aspect: tuple[AspectWords, ...]
    grade: tuple[GradeWords, ...]
    state: tuple[StateWords, ...]
    step: tuple[StepRule, ...]

    @cached_property
    def grades(self) -> dict[str, GradeWords]:
        return {grade.name: grade for grade in self.grade}

    @cached_property
    def states(self) -> dict[str, StateWords]:
        return {state.name: state for state in self.state}

    def steps_from(self, state: str) -> tuple[StepRule, ...]:
        """The steps that a person may take from a state."""
        return tuple(step for step in self.step if step.from_ == state and step.who != RECEIVER)


@cache
def review_words() -> ReviewWords:
    return knowledge_of(ReviewWords, "review")


def step_refused(unit: str, now: str, wanted: str, why: str, overall: str = "", where: Where = Where()) -> Finding | None:
    """Why the unit's filing may not go from `now` to `wanted`, or None where it may.

    `overall` is the conclusion that stands; 中 and 差 do not pass.
    """
    words = review_words()
    steps = {step.to: step for step in words.steps_from(now)}
    if wanted not in steps:
        can = "可以改为：" + "、".join(steps) + "。" if steps else f"{words.states[now].todo}登记报送件后自动变为“已收”。"
        automatic = wanted in {step.to for step in words.step if step.who == RECEIVER}
        if steps and automatic:
            can = f"“{wanted}”由接收登记自动产生；{can}"
        return Finding("REV101", "error", where, {"unit": unit, "now": now, "wanted": wanted, "advice": can})
    if steps[wanted].why and not why:
        return Finding("REV102", "error", where, {"unit": unit, "what": f"改为“{wanted}”", "need": "理由"})
    if overall in words.grades and wanted not in words.grades[overall].states:
        grade = words.grades[overall]
        params = {"unit": unit, "grade": overall, "wanted": wanted, "consequence": grade.consequence}
        return Finding("REV103", "error", where, params)
    return None
