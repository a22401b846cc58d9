"""催报: who of the roster has not filed, or not filed again, and what is said to whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jixiao_xl.consolidate.roster import RosterRow, UnitStatus
from jixiao_xl.model.dates import days_past, read_date, spoken_date
from jixiao_xl.model.facts import STAGE_WORDS, Stage
from jixiao_xl.model.review import Review, ReviewState

WAITED_FOR: tuple[ReviewState, ...] = ("未报", "退回修改")
"""States in which it is the unit's turn."""
NO_OFFICE = "未写归口科室"


@dataclass(frozen=True)
class Waiting:
    """A unit whose filing is waited for. `deadline` is None where the roster has none that is a date."""

    row: RosterRow
    state: ReviewState
    deadline: dt.date | None
    days: int
    """Days past the deadline; 0 before it."""


def states_of(units: Iterable[UnitStatus], reviews: Mapping[str, Review]) -> dict[str, ReviewState]:
    """The state of each unit by key: its review, else whether there is a file. Nobody asks a unit that is left out."""
    found: dict[str, ReviewState] = {}
    for unit in units:
        review = reviews.get(unit.key, Review(unit.key))
        if unit.status != "不纳入" and review.included != "不纳入":
            found[unit.key] = review.state if review.state != "未报" else "已收" if unit.books else "未报"
    return found


def states_from(reviews: Mapping[str, Review], rows: Iterable[RosterRow]) -> dict[str, ReviewState]:
    """The state of each unit of the roster as its review has it; 未报 where nothing is known. Nobody asks
    a unit that a reviewer or the roster leaves out."""
    found: dict[str, ReviewState] = {}
    for row in rows:
        review = reviews.get(row.key, Review(row.key))
        if (review.included or row.included) != "不纳入":
            found[row.key] = review.state
    return found


def waited_for(rows: Sequence[RosterRow], states: Mapping[str, ReviewState], day: dt.date) -> list[Waiting]:
    """Whose turn it is, by 归口科室, the longest overdue first."""
    waiting = []
    for row in rows:
        state = states.get(row.key)
        if state in WAITED_FOR:
            deadline = read_date(row.deadline)
            waiting.append(Waiting(row, state, deadline, days_past(deadline, day) if deadline else 0))
    return sorted(waiting, key=lambda each: (each.row.office, -each.days, each.state, each.row.row))


def reminder_text(waiting: Sequence[Waiting], year: int, stage: Stage, day: dt.date, sender: str = "") -> str:
    """One paragraph for each 归口科室, ready to paste into a chat group: names, days and deadline, no contacts."""
    offices = dict.fromkeys(each.row.office for each in waiting)
    what = f"{year}年部门整体绩效目标{STAGE_WORDS[stage]}表"
    signed = f"（{sender}）" if sender else ""
    return "\n\n".join(
        _paragraph(office, [each for each in waiting if each.row.office == office], what, day) + signed for office in offices
    )


def _paragraph(office: str, waiting: Sequence[Waiting], what: str, day: dt.date) -> str:
    deadlines = {each.deadline for each in waiting}
    only = deadlines.pop() if len(deadlines) == 1 else None
    asked = f"报送截止日期是{spoken_date(only)}，" if only else ""
    parts = [f"【{office or NO_OFFICE}】各单位好！{asked}截至{spoken_date(day)}，"]
    missing = [each for each in waiting if each.state == "未报"]
    returned = [each for each in waiting if each.state == "退回修改"]
    said = []
    if missing:
        said.append(f"还有 {len(missing)} 个单位没有报送{what}：{_listed(missing, with_deadline=only is None)}")
    if returned:
        said.append(
            f"{'另有' if missing else '有'} {len(returned)} 个单位退回修改后还没有重报：{_listed(returned, with_deadline=only is None)}"
        )
    parts.append("；".join(said) + "。")
    late = any(each.days for each in waiting)
    parts.append(f"请{'尽快' if late else '按时'}报送，有困难的请及时说明；刚刚报送的请忽略。辛苦了，谢谢！")
    return "".join(parts)


def _listed(waiting: Sequence[Waiting], *, with_deadline: bool) -> str:
    return "、".join(f"{each.row.name}{_lateness(each, with_deadline)}" for each in waiting)


def _lateness(each: Waiting, with_deadline: bool) -> str:
    """`（逾期 5 天）`, with the deadline where units have different ones."""
    words = [f"截止 {each.deadline.isoformat()}"] if with_deadline and each.deadline else []
    words += [f"逾期 {each.days} 天"] if each.days else []
    return f"（{'，'.join(words)}）" if words else ""
