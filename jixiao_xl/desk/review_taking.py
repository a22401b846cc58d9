"""What one unit's rows of an 审核工作簿 change in the archive, and what has to be asked first.

A cell that is as it was when the book was made says nothing. A changed one is taken; where the archive
has moved on since, the later date wins, and where that is not clear a finding asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from jixiao_xl.archive.reviews import Change, Record, conclusion_change, inclusion_change, opinion_change, state_change
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.places import Where
from jixiao_xl.model.review import ASPECTS, Answer, Conclusion, Grade, Opinion
from jixiao_xl.rules.reviewing import review_words, step_refused
from jixiao_xl.workbook.review_pages import FREE, PROGRESS
from jixiao_xl.workbook.review_reading import ReviewLine

_BLANK = "（空白）"
_BY_GRADE = "审核结论为“"
"""How a reason begins that follows from a grade."""
_Speak = Callable[[Mapping[str, str]], str]


@dataclass
class Taking:
    """The rows of one unit against its record. Made anew for every attempt to write."""

    unit: str
    book: str
    record: Record
    by: str
    today: str
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    already: int = 0

    def take(self, lines: Iterable[ReviewLine]) -> list[Change]:
        for line in lines:
            if not (line.by or self.by):
                self._say("REV102", line, what=f"{line.place}有填写", need="审核人")
            elif line.sheet == PROGRESS:
                self._progress(line)
            else:
                self._opinion(line)
        return self.changes

    # ---- 审核进度 ----------------------------------------------------------------------
    def _progress(self, line: ReviewLine) -> None:
        overall: str = self.record.review.conclusion.overall
        if line.changed("overall", *ASPECTS):
            overall = self._conclude(line)
        if line.changed("included", "included_why"):
            self._include(line)
        if line.said["state"]:
            self._step(line, overall)

    def _conclude(self, line: ReviewLine) -> str:
        """The overall grade that stands afterwards."""
        said = {key: line.said[key] for key in ("overall", *ASPECTS)}
        aspects: dict[str, str] = {name: said[name] for name in ASPECTS}
        version = line.version or self.record.review.version
        concluded = Conclusion(cast(Grade, said["overall"]), aspects, self._who(line), self._when(line))
        change = conclusion_change(concluded, version)
        base = {key: line.given.get(key, "") for key in said}
        if not self._put(line, change, base, "结论", _graded):
            return self.record.review.conclusion.overall
        is_new = change in self.changes
        follows = self._follows(said["overall"]) if is_new else ""
        if follows and not line.changed("included", "included_why"):
            why = f"{_BY_GRADE}{said['overall']}”：{review_words().grades[said['overall']].consequence}"
            self.changes.append(inclusion_change(follows, why, self._who(line), self._when(line), version))
        return said["overall"]

    def _follows(self, overall: str) -> str:
        """纳入 or 不纳入 where the grade decides it: a poor one leaves out, a better one lets in again what
        an earlier grade left out. What a person decided stays."""
        review, grade = self.record.review, review_words().grades.get(overall)
        if grade is None or grade.included == review.included:
            return ""
        by_grade = review.included_why.startswith(_BY_GRADE)
        lets_in_again = grade.included == "纳入" and review.included == "不纳入" and by_grade
        leaves_out = grade.included == "不纳入" and (not review.included or by_grade)
        return grade.included if lets_in_again or leaves_out else ""

    def _include(self, line: ReviewLine) -> None:
        included, why = line.said["included"], line.said["included_why"]
        if included == "不纳入" and not why:
            self._say("REV102", line, what="定为“不纳入”", need="理由")
            return
        if not included and why:
            self._say("REV102", line, what=f"{line.place}写了理由“{why}”", need="纳入或不纳入")
            return
        change = inclusion_change(included, why, self._who(line), self._when(line), line.version)
        base = {"included": line.given.get("included", ""), "why": line.given.get("included_why", "")}
        self._put(line, change, base, "纳入/不纳入", _decided)

    def _step(self, line: ReviewLine, overall: str) -> None:
        review, wanted, why = self.record.review, line.said["state"], line.said["why"]
        change = state_change(wanted, why, self._who(line), self._when(line), review.version)
        if self.record.has(change, any_day=not line.on):
            self.already += 1
            return
        if review.version > line.version:
            self._say("REV109", line, version=str(review.version), wanted=wanted)
            return
        moved = review.state != line.given.get("was", "")
        if moved and not (line.on and line.on > review.on[:10]):
            self._ask(line, "状态", wanted, review.state, review.by, review.on)
            return
        refused = step_refused(self.unit, review.state, wanted, why, overall, self._where(line))
        if refused is not None:
            self.findings.append(refused)
            return
        if moved:
            self._ask(line, "状态", wanted, review.state, review.by, review.on, code="REV107")
        self.changes.append(change)

    # ---- 审核意见, 补充意见 --------------------------------------------------------------
    def _opinion(self, line: ReviewLine) -> None:
        said = {**line.given, **line.said}
        version = line.version or self.record.review.version
        if line.sheet == FREE and not line.given and not line.said["text"]:
            self._say("REV102", line, what=f"{line.place}写了位置", need="审核意见")
            return
        opinion = Opinion(
            said.get("path", ""), said["sheet"], said["cell"].upper().replace("$", ""), said["text"], self._who(line), self._when(line),
            said.get("code", ""), cast(Answer, said.get("answer", "")), version, line.key, said.get("about", ""),
        )  # fmt: skip
        base = {key: line.given.get(key, "") for key in ("text", "answer")}
        place = f"{opinion.sheet}!{opinion.cell}" if opinion.cell else opinion.sheet
        self._put(line, opinion_change(opinion), base, f"意见（{place or opinion.code or '全表'}）", _spoken)

    # ---- what several need -------------------------------------------------------------
    def _put(self, line: ReviewLine, change: Change, base: Mapping[str, str], what: str, speak: _Speak) -> bool:
        """Take the change, or say why not. Taken also when it stood there already."""
        current = self.record.latest(change.kind, change.about)
        now = {key: current.value.get(key, "") if current else "" for key in base}
        wanted = {key: change.value[key] for key in base}
        if now == wanted or self.record.has(change, any_day=not line.on):
            self.already += 1
            return now == wanted
        if now != dict(base) and current is not None:
            later = bool(line.on) and line.on > current.on[:10]
            code = "REV107" if later else "REV106"
            self._ask(line, what, speak(wanted), speak(now), current.by, current.on, code=code)
            if not later:
                return False
        self.changes.append(change)
        return True

    def _ask(self, line: ReviewLine, what: str, stated: str, kept: str, by: str, on: str, code: str = "REV106") -> None:
        self._say(code, line, what=what, stated=stated or _BLANK, kept=kept or _BLANK, kept_by=by, kept_on=on[:10],
                  by=self._who(line), on=line.on or "未写日期")  # fmt: skip

    def _say(self, code: str, line: ReviewLine, **params: str) -> None:
        severity: Severity = "hint" if code == "REV107" else "warning" if code in ("REV106", "REV109") else "error"
        self.findings.append(Finding(code, severity, self._where(line), {"unit": self.unit} | params))

    def _where(self, line: ReviewLine) -> Where:
        return Where(sheet=line.sheet, cell=f"C{line.row}", book=self.book)

    def _who(self, line: ReviewLine) -> str:
        return line.by or self.by

    def _when(self, line: ReviewLine) -> str:
        return line.on or self.today


def _graded(said: Mapping[str, str]) -> str:
    return "、".join(f"{name if name in ASPECTS else '结论'}{grade}" for name, grade in said.items() if grade)


def _decided(said: Mapping[str, str]) -> str:
    return "，".join(filter(None, (said["included"], said["why"])))


def _spoken(said: Mapping[str, str]) -> str:
    return "，".join(filter(None, (said["answer"], said["text"])))


def today() -> str:
    """The reviewer's own day, as ISO."""
    return dt.date.today().isoformat()
