"""审核: where a unit's filing stands, what people say of it, and what they conclude.

A filing arrives by 接收登记, and its version says so; what a reviewer decides is a step. Both together,
in order, are the state: nothing is stored that follows from the filings that are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from types import MappingProxyType
from typing import Literal, NamedTuple, cast, get_args

from jixiao_xl.model.records import dataclass

ReviewState = Literal["未报", "已收", "退回修改", "重报", "审核通过", "已批复"]
STATES: tuple[ReviewState, ...] = get_args(ReviewState)
Grade = Literal["优", "良", "中", "差"]
GRADES: tuple[Grade, ...] = get_args(Grade)
Aspect = Literal["完整性", "相关性", "适当性", "可行性"]
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
Answer = Literal["采纳", "不采纳", "要求修改", ""]
"""What the reviewer says to a machine's finding and to the unit's reason for it."""
ANSWERS: tuple[Answer, ...] = ("采纳", "不采纳", "要求修改")
Included = Literal["纳入", "不纳入", ""]
INCLUDED: tuple[Included, ...] = ("纳入", "不纳入")

RECEIVER = "接收登记"
"""Who brings a filing in: the deposit itself."""


class Subject(NamedTuple):
    """What is reviewed: one unit's filing of one form, year and stage."""

    form: str
    year: int
    stage: str
    unit_key: str


@dataclass(frozen=True)
class Arrival:
    """A version of the filing in the archive; `on` is an ISO time."""

    version: int
    revision: int
    on: str


@dataclass(frozen=True)
class Step:
    """One change of state: who, when, why, and which version of the filing it was about."""

    state: ReviewState
    by: str
    on: str
    why: str = ""
    version: int = 0


@dataclass(frozen=True)
class Opinion:
    """审核意见 on one cell. With a `code` it stands beside that finding of the machine."""

    path: str
    sheet: str
    cell: str
    text: str
    by: str
    on: str
    code: str = ""
    answer: Answer = ""
    version: int = 0
    key: str = ""
    """What this opinion is called in the archive, however its text changes."""
    about: str = ""
    """The machine's sentence as it was, so that the opinion can be read when the finding is gone."""

    @property
    def is_withdrawn(self) -> bool:
        """Whether nothing is said any more."""
        return not (self.text or self.answer)


@dataclass(frozen=True)
class Conclusion:
    """The grades of the four aspects and the overall one, empty where not given yet."""

    overall: Grade | Literal[""] = ""
    aspects: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    on: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.overall and not any(self.aspects.values())


@dataclass(frozen=True)
class Review:
    """Where one unit's filing stands in the review."""

    unit_key: str
    state: ReviewState = "未报"
    by: str = ""
    on: str = ""
    opinions: tuple[Opinion, ...] = ()
    """What is said now; withdrawn opinions are in the archive's history only."""
    conclusion: Conclusion = Conclusion()
    included: Included = ""
    """纳入 or 不纳入 into the summary; empty where nobody decided."""
    included_by: str = ""
    included_why: str = ""
    included_on: str = ""
    history: tuple[Step, ...] = ()
    """Every change of state, oldest first."""
    version: int = 0
    """The current version of the filing; 0 without one."""

    @property
    def unseen(self) -> bool:
        """Whether a version came after it was passed (审核通过, 已批复), which nobody has reviewed."""
        return self.state in ("审核通过", "已批复") and bool(self.history) and self.version > self.history[-1].version

    @property
    def why(self) -> str:
        """The reason given for the present state."""
        return self.history[-1].why if self.history else ""


NO_REVIEWS: Mapping[str, Review] = MappingProxyType({})


def history_of(arrivals: Iterable[Arrival], steps: Sequence[Step]) -> tuple[tuple[Step, ...], int]:
    """Every change of state, oldest first, and the current version (0 without one).

    A version counts when it is of no lower revision than the current one; a step about version n
    was taken after n had come and before n + 1 was looked at. So 重报 follows by itself from a
    version that came after 退回修改, and no crash between the two writes can lose it.
    """
    history: list[Step] = []
    current: Arrival | None = None
    waiting = list(steps)
    for arrival in sorted(arrivals, key=lambda each: each.version):
        while waiting and waiting[0].version < arrival.version:
            history.append(waiting.pop(0))
        if current is not None and arrival.revision < current.revision:
            continue
        current = arrival
        state = history[-1].state if history else "未报"
        became = {"未报": "已收", "退回修改": "重报"}.get(state)
        if became:
            history.append(Step(cast(ReviewState, became), RECEIVER, arrival.on, "", arrival.version))
    return (*history, *waiting), current.version if current else 0
