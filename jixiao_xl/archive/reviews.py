"""审核 in the archive: every step, opinion, conclusion and 纳入/不纳入, with who and when.

One table that is only ever added to: what counts now is the last entry of its kind, all before it are
the history. Where a unit stands follows from these entries and from the versions it filed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import Connection, insert, select

from jixiao_xl.archive.schema import FILING, REVIEW
from jixiao_xl.archive.store import Archive
from jixiao_xl.model.facts import Stage
from jixiao_xl.model.review import (
    ASPECTS,
    Answer,
    Arrival,
    Conclusion,
    Grade,
    Included,
    Opinion,
    Review,
    ReviewState,
    Step,
    Subject,
    history_of,
)

Kind = Literal["state", "opinion", "conclusion", "inclusion"]


@dataclass(frozen=True)
class Change:
    """One thing to put down. `value` holds the words, `about` which opinion it is."""

    kind: Kind
    value: Mapping[str, str]
    by: str
    on: str
    about: str = ""
    version: int = 0


@dataclass(frozen=True)
class Noted:
    """A change as it stands in the archive, `recorded_at` in UTC."""

    number: int
    change: Change
    recorded_at: str


@dataclass(frozen=True)
class Record:
    """All that is known of one unit's review at one moment."""

    review: Review
    noted: tuple[Noted, ...]

    def latest(self, kind: Kind, about: str = "") -> Change | None:
        """What counts now of that kind."""
        found = (each.change for each in reversed(self.noted) if (each.change.kind, each.change.about) == (kind, about))
        return next(found, None)

    def has(self, change: Change, *, any_day: bool = False) -> bool:
        """Whether this very change was put down before, by this person on this day, or on any."""
        return any(
            (c.kind, c.about, c.by) == (change.kind, change.about, change.by)
            and c.value == change.value
            and (any_day or c.on == change.on)
            for c in (each.change for each in self.noted)
        )


Decide = Callable[[Record], Iterable[Change]]


def amend(archive: Archive, subject: Subject, decide: Decide) -> Record:
    """Put down what `decide` answers to the record as it is at that moment; the record afterwards.

    Two reviewers at once queue up: who comes second decides on what the first has written.
    """
    with archive.connected() as connection:
        before = _records(connection, subject.form, subject.year, subject.stage, subject.unit_key)[subject.unit_key]
        first = before.noted[-1].number + 1 if before.noted else 1
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        rows = [_row(subject, number, change, now) for number, change in enumerate(decide(before), first)]
        if not rows:
            return before
        connection.execute(insert(REVIEW), rows)
        return _records(connection, subject.form, subject.year, subject.stage, subject.unit_key)[subject.unit_key]


def records_for(archive: Archive, form: str, year: int, stage: str) -> dict[str, Record]:
    """The records of every unit that filed or was reviewed, by unit key."""
    with archive.reading() as connection:
        return dict(_records(connection, form, year, stage))


def reviews_for(archive: Archive, form: str, year: int, stage: str) -> dict[str, Review]:
    """Where every unit that filed or was reviewed stands, by unit key."""
    return {key: record.review for key, record in records_for(archive, form, year, stage).items()}


def review_of(archive: Archive, subject: Subject) -> Review:
    """Where one unit stands; 未报 when nothing is known of it."""
    return record_of(archive, subject).review


def record_of(archive: Archive, subject: Subject) -> Record:
    """All that is known of one unit's review now."""
    with archive.reading() as connection:
        return _records(connection, subject.form, subject.year, subject.stage, subject.unit_key)[subject.unit_key]


def reviewed_kinds(archive: Archive, year: int | None = None) -> list[tuple[str, int, Stage]]:
    """The forms, years and stages of which the archive holds filings, newest year first."""
    query = select(FILING.c.form, FILING.c.year, FILING.c.stage).distinct().order_by(FILING.c.year.desc(), FILING.c.form)
    if year is not None:
        query = query.where(FILING.c.year == year)
    with archive.reading() as connection:
        return [(row.form, row.year, cast(Stage, row.stage)) for row in connection.execute(query)]


# ---- one unit from its rows ----------------------------------------------------------
def _records(connection: Connection, form: str, year: int, stage: str, unit_key: str = "") -> Mapping[str, Record]:
    """By unit key; asked for one unit, that unit is always there."""
    of_kind = (FILING.c.form == form) & (FILING.c.year == year) & (FILING.c.stage == stage)
    noted_of = (REVIEW.c.form == form) & (REVIEW.c.year == year) & (REVIEW.c.stage == stage)
    if unit_key:
        of_kind &= FILING.c.unit_key == unit_key
        noted_of &= REVIEW.c.unit_key == unit_key
    arrivals: dict[str, list[Arrival]] = defaultdict(list)
    columns = (FILING.c.unit_key, FILING.c.version, FILING.c.revision, FILING.c.deposited_at)
    for row in connection.execute(select(*columns).where(of_kind)):
        arrivals[row.unit_key].append(Arrival(row.version, row.revision, row.deposited_at))
    noted: dict[str, list[Noted]] = defaultdict(list)
    for row in connection.execute(select(REVIEW).where(noted_of).order_by(REVIEW.c.unit_key, REVIEW.c.number)):
        noted[row.unit_key].append(_noted(row))
    keys = {*arrivals, *noted, *([unit_key] if unit_key else [])}
    return {key: Record(_review(key, arrivals[key], noted[key]), tuple(noted[key])) for key in sorted(keys)}


def _review(unit_key: str, arrivals: Sequence[Arrival], noted: Sequence[Noted]) -> Review:
    steps: list[Step] = []
    last: dict[tuple[Kind, str], Change] = {}
    for change in (each.change for each in noted):
        last[change.kind, change.about] = change
        if change.kind == "state":
            steps.append(_step(change))
    history, version = history_of(arrivals, steps)
    opinions = tuple(_opinion(change) for (kind, _), change in last.items() if kind == "opinion")
    concluded, decided = last.get(("conclusion", "")), last.get(("inclusion", ""))
    at = history[-1] if history else Step("未报", "", "")
    return Review(
        unit_key, at.state, at.by, at.on, tuple(o for o in opinions if not o.is_withdrawn),
        _conclusion(concluded) if concluded else Conclusion(),
        cast(Included, decided.value["included"]) if decided else "",
        decided.by if decided else "", decided.value["why"] if decided else "", decided.on if decided else "",
        history, version,
    )  # fmt: skip


def _step(change: Change) -> Step:
    return Step(cast(ReviewState, change.value["state"]), change.by, change.on, change.value["why"], change.version)


def _opinion(change: Change) -> Opinion:
    said = change.value
    return Opinion(
        said["path"], said["sheet"], said["cell"], said["text"], change.by, change.on, said["code"],
        cast(Answer, said["answer"]), change.version, change.about, said["about"],
    )  # fmt: skip


def _conclusion(change: Change) -> Conclusion:
    said = change.value
    return Conclusion(cast(Grade, said["overall"]), {name: said[name] for name in ASPECTS}, change.by, change.on)


# ---- changes and their words ---------------------------------------------------------
def state_change(state: str, why: str, by: str, on: str, version: int) -> Change:
    return Change("state", {"state": state, "why": why}, by, on, "", version)


def opinion_change(opinion: Opinion) -> Change:
    """An opinion without text and answer withdraws what stood there."""
    words = ("path", "sheet", "cell", "text", "code", "answer", "about")
    return Change("opinion", {word: getattr(opinion, word) for word in words}, opinion.by, opinion.on, opinion.key, opinion.version)


def conclusion_change(conclusion: Conclusion, version: int) -> Change:
    said = {"overall": conclusion.overall} | {name: conclusion.aspects.get(name, "") for name in ASPECTS}
    return Change("conclusion", said, conclusion.by, conclusion.on, "", version)


def inclusion_change(included: str, why: str, by: str, on: str, version: int) -> Change:
    return Change("inclusion", {"included": included, "why": why}, by, on, "", version)


def _row(subject: Subject, number: int, change: Change, now: str) -> dict[str, object]:
    return {
        **subject._asdict(), "number": number, "kind": change.kind, "about": change.about,
        "value": json.dumps(dict(change.value), ensure_ascii=False, sort_keys=True),
        "version": change.version, "by_whom": change.by, "on_date": change.on, "recorded_at": now,
    }  # fmt: skip


def _noted(row: Any) -> Noted:
    change = Change(cast(Kind, row.kind), json.loads(row.value), row.by_whom, row.on_date, row.about, row.version)
    return Noted(row.number, change, row.recorded_at)
