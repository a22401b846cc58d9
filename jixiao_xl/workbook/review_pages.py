"""What the 审核工作簿 consists of: its sheets, their columns, and what a row says of itself.

Whatever a person may change is written beside what stood there when the book was made (`given`), so
that reading it back sees who changed what, and two reviewers' books can be told apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from jixiao_xl.model.findings import Finding
from jixiao_xl.model.records import dataclass
from jixiao_xl.model.review import ASPECTS, Opinion, Review

ABOUT, PROGRESS, FINDINGS, FREE, SELF = "填写说明", "审核进度", "审核意见", "补充意见", "_jixiao_review"
MAX_TEXT = 500
"""Characters of one opinion."""
FREE_ROWS = 100
MAX_FINDINGS = 15_000
"""Rows of findings in one book, so that it can be read back; above it first 供参考, then 需要说明, then the last
of the rest are left to the files themselves."""
SEEN_IN_FILES = ("WBK", "CEL")
"""Findings about cells as a file holds them; the archive, which keeps facts, cannot find them again."""
SELF_FIELDS = ("form", "year", "stage", "made_on")
NAMES = {PROGRESS: "jx.review.units", FINDINGS: "jx.review.findings", FREE: "jx.review.free"}


class Column(NamedTuple):
    """A column of a sheet. One with `key` is read back; an `input` is the reviewer's."""

    heading: str
    width: float
    key: str = ""
    input: bool = False
    hidden: bool = False


UNIT_COLUMNS = (
    Column("unit", 4, "unit", hidden=True),
    Column("given", 4, "given", hidden=True),
    Column("单位名称", 22),
    Column("单位代码", 14),
    Column("报送件", 12),
    Column("现在状态", 10),
    Column("版本", 6),
    Column("必须修改", 7),
    Column("待说明", 7),
    Column("改为", 11, "state", input=True),
    Column("改状态的理由", 20, "why", input=True),
    *(Column(name, 7.5, name, input=True) for name in ASPECTS),
    Column("结论", 6, "overall", input=True),
    Column("结论的后果", 18),
    Column("纳入/不纳入", 10, "included", input=True),
    Column("纳入/不纳入的理由", 20, "included_why", input=True),
    Column("审核人", 10, "by", input=True),
    Column("日期", 12, "on", input=True),
    Column("已有记录", 30),
)
FINDING_COLUMNS = (
    Column("unit", 4, "unit", hidden=True),
    Column("key", 4, "key", hidden=True),
    Column("given", 4, "given", hidden=True),
    Column("单位名称", 18),
    Column("级别", 9),
    Column("代码", 9),
    Column("位置", 20),
    Column("问题", 44),
    Column("单位的情况说明", 28),
    Column("审核意见", 36, "text", input=True),
    Column("采纳/不采纳", 11, "answer", input=True),
    Column("审核人", 10, "by", input=True),
    Column("日期", 12, "on", input=True),
    Column("意见来自", 20),
)
FREE_COLUMNS = (
    Column("unit", 4, "unit", hidden=True),
    Column("key", 4, "key", hidden=True),
    Column("given", 4, "given", hidden=True),
    Column("单位（名称或代码）", 26, "who", input=True),
    Column("工作表", 16, "sheet", input=True),
    Column("单元格", 10, "cell", input=True),
    Column("审核意见", 60, "text", input=True),
    Column("审核人", 10, "by", input=True),
    Column("日期", 12, "on", input=True),
    Column("意见来自", 20),
)
COLUMNS: Mapping[str, Sequence[Column]] = {PROGRESS: UNIT_COLUMNS, FINDINGS: FINDING_COLUMNS, FREE: FREE_COLUMNS}


@dataclass(frozen=True)
class UnderReview:
    """One unit as the book shows it. `book` is what its file is called, empty where it has none; `file`
    leads there from the 审核工作簿, empty where the file is not at hand."""

    key: str
    name: str
    review: Review
    findings: tuple[Finding, ...] = ()
    book: str = ""
    file: str = ""
    remark: str = ""
    version: int = 0
    """Which version of the filing the findings are of; 0 where it is in no archive."""


@dataclass(frozen=True)
class ReviewBook:
    """All that a book is about."""

    form: str
    year: int
    stage: str
    title: str
    made_on: str
    units: tuple[UnderReview, ...]


def opinion_key(code: str, about: str, nth: int = 1) -> str:
    """What the opinion on a machine's finding is called: code and place, `~2` for a second such finding."""
    return f"{code}|{about}" + (f"~{nth}" if nth > 1 else "")


def about_of(finding: Finding) -> str:
    """The place by which a finding is known, as 情况说明 knows it."""
    return finding.where.path or finding.where.spoken()


def keyed(findings: Sequence[Finding]) -> list[tuple[str, Finding]]:
    """The findings with the keys of their opinions."""
    seen: dict[str, int] = {}
    found = []
    for finding in findings:
        plain = opinion_key(finding.code, about_of(finding))
        seen[plain] = seen.get(plain, 0) + 1
        found.append((opinion_key(finding.code, about_of(finding), seen[plain]), finding))
    return found


def unit_given(unit: UnderReview) -> dict[str, str]:
    """What a row of 审核进度 stood at; the version is the one that the reviewer sees."""
    review = unit.review
    aspects = {name: review.conclusion.aspects.get(name, "") for name in ASPECTS}
    own = {"unit": unit.key, "was": review.state, "version": str(unit.version), "overall": review.conclusion.overall}
    return own | aspects | {"included": review.included, "included_why": review.included_why}


def opinion_given(opinion: Opinion) -> dict[str, str]:
    """What a row of 审核意见 or 补充意见 stood at, and what it is about."""
    words = ("path", "sheet", "cell", "text", "code", "answer", "about")
    return {word: getattr(opinion, word) for word in words} | {"version": str(opinion.version)}


def written(given: Mapping[str, str]) -> str:
    return json.dumps(dict(given), ensure_ascii=False, separators=(",", ":"))
