"""Who must file (应报单位名单), and what became of each: 已收, 未报, 重复, 名单外, 待认领."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field, replace
from decimal import Decimal
from typing import Any, Literal, get_args

from jixiao_xl.model.content import content_digest
from jixiao_xl.model.dates import read_date
from jixiao_xl.model.facts import LONGEST_KEY, LONGEST_NAME, Filing
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised
from jixiao_xl.model.places import Where
from jixiao_xl.model.records import dataclass

Status = Literal["已收", "未报", "重复", "名单外", "待认领", "不纳入", "未读入"]
Level = Literal["本级", "所属", "部门汇总", ""]

COLUMNS: tuple[tuple[str, str], ...] = (
    ("division_code", "行政区划代码"),
    ("unit_code", "预算单位代码"),
    ("name", "单位名称"),
    ("supervisor", "主管部门"),
    ("level", "层级"),
    ("office", "归口科室"),
    ("former_codes", "曾用代码"),
    ("deadline", "截止日期"),
    ("received_on", "收到日期"),
    ("contact", "联系人"),
    ("phone", "电话"),
    ("included", "纳入/不纳入"),
    ("decided_by", "决定人"),
    ("decided_why", "理由"),
    ("used_book", "采用文件"),
)
"""Field and heading of each roster column, in order; the last four are the reviewer's."""
REQUIRED_COLUMNS = ("division_code", "unit_code", "name")


_ARROW = re.compile(r"->|→|＞|>")


@dataclass(frozen=True, kw_only=True)
class RosterRow:
    """One unit that must file, as the roster says it; `faults` tells what is wrong with that."""

    row: int
    division_code: str
    unit_code: str
    name: str
    supervisor: str = ""
    level: Level = ""
    office: str = ""
    former_codes: tuple[str, ...] = ()
    deadline: str = ""
    received_on: str = ""
    """The day the filing came, where the clerk knows better than the archive."""
    contact: str = ""
    phone: str = ""
    included: Literal["纳入", "不纳入", ""] = ""
    decided_by: str = ""
    decided_why: str = ""
    used_book: str = ""

    @property
    def faults(self) -> list[str]:
        """The fields that cannot be as they are."""
        is_code = self.division_code.isascii() and self.division_code.isdigit() and len(self.division_code) in (6, 9, 12)
        fine = {
            "division_code": is_code, "unit_code": bool(self.unit_code) and len(self.key) <= LONGEST_KEY,
            "name": 0 < len(self.name) <= LONGEST_NAME,
            "level": self.level in get_args(Level),
            "received_on": not self.received_on or read_date(self.received_on) is not None, "included": self.included in ("纳入", "不纳入", ""),
        }  # fmt: skip
        found = [field for field, is_fine in fine.items() if not is_fine]
        unsigned = self.included == "不纳入" and not (self.decided_by and self.decided_why)
        return found or (["decided_by"] if unsigned else [])

    def but(self, **columns: Any) -> RosterRow:
        """The row with other values in some columns."""
        return replace(self, **columns)

    @property
    def key(self) -> str:
        return f"{self.division_code}-{self.unit_code}"

    @property
    def all_keys(self) -> tuple[str, ...]:
        """The present key and the former ones (曾用代码, a full key or a unit code)."""
        return (self.key, *dict.fromkeys(old for old, _ in self.successions))

    @property
    def successions(self) -> tuple[tuple[str, str], ...]:
        """(former key, the key that took its place). `A→B` is one unit that was A, then B; several
        former codes apart are several units that were merged into this one."""
        found: list[tuple[str, str]] = []
        for entry in self.former_codes:
            line = [self._full(code) for part in _ARROW.split(entry) if (code := part.strip())]
            found += zip(line, [*line[1:], self.key], strict=True)
        return tuple(step for step in found if step[0] != step[1])

    def _full(self, code: str) -> str:
        return code if "-" in code else f"{self.division_code}-{code}"


@dataclass(frozen=True)
class Received:
    """One file that was read: its filing, where its values stand, and what was found in it."""

    filing: Filing
    book: str
    findings: tuple[Finding, ...] = ()
    places: dict[str, Where] = field(default_factory=dict)
    issued_name: str = ""
    digest: str = ""
    approved: Decimal | None = None
    """The unit's approved total in 万元, where the archive has the year's budget."""
    content: str = ""
    """Digest of all that was filed, also of what the summary does not look at."""
    before: str = ""
    """That digest as it was one revision earlier; empty for a first filing."""
    version: int = 0
    """Which version it is in the archive; 0 where it is in none."""

    @property
    def is_unclaimed(self) -> bool:
        """The identity says one unit, the cover another."""
        return any(f.code == "WBK110" for f in self.findings)

    @property
    def errors(self) -> int:
        return sum(f.severity == "error" for f in self.findings)


@dataclass(frozen=True)
class UnitStatus:
    """What became of one unit. `used` is the filing that counts, if any."""

    key: str
    name: str
    status: Status
    used: Received | None = None
    books: tuple[str, ...] = ()
    roster: RosterRow | None = None
    remark: str = ""
    instead: str = ""
    """What is counted in its place, so that no figure is counted twice; empty where it counts itself."""


def filing_statuses(received: Sequence[Received], roster: Sequence[RosterRow]) -> tuple[list[UnitStatus], list[Finding]]:
    """Match files to units. Without a roster every unit that filed is expected.

    A unit's file of the highest revision counts; two different ones of one revision are for the
    reviewer to choose (采用文件). Files whose identity and visible name differ count for nobody.
    """
    findings: list[Finding] = []
    statuses: list[UnitStatus] = []
    received = [doubt_settled(r) if r.is_unclaimed and any(vouches(row, r) for row in roster) else r for r in received]
    doubtful = [r for r in received if r.is_unclaimed]
    taken = {row.used_book for row in roster if row.used_book}
    unclaimed = [r for r in received if r.is_unclaimed and r.book not in taken]
    claimed = [r for r in received if not r.is_unclaimed]
    by_key: dict[str, list[Received]] = {}
    for each in claimed:
        by_key.setdefault(each.filing.unit.key or f"?{each.book}", []).append(each)
    for row in roster:
        own = [each for key in row.all_keys for each in by_key.pop(key, [])]
        # a file that names another unit counts for this one only when the reviewer says so
        own += [doubt_settled(each) for each in doubtful if claims(row, each)]
        statuses.append(_of_unit(row.key, row.name, own, row, findings))
    for key, own in by_key.items():
        name = own[0].filing.unit.name or own[0].book
        if roster:
            findings.append(Finding("CON103", "warning", Where(book=own[0].book), {"unit": name}))
            books = tuple(each.book for each in own)
            statuses.append(UnitStatus(key, name, "名单外", None, books))
        else:
            statuses.append(_of_unit(key, name, own, None, findings))
    for each in unclaimed:
        visible, issued = each.filing.unit.name, each.issued_name or each.filing.issued_to
        params = {"book": each.book, "issued": issued, "visible": visible}
        findings.append(Finding("CON105", "error", Where(book=each.book), params))
        status = UnitStatus(each.filing.unit.key, visible, "待认领", None, (each.book,), None, f"标识为{issued}")
        statuses.append(status)
    return statuses, findings


def claims(row: RosterRow, received: Received) -> bool:
    """The reviewer says that this file, whose cover names another unit, is the row's (采用文件)."""
    return received.is_unclaimed and received.book == row.used_book


def vouches(row: RosterRow, received: Received) -> bool:
    """The file was issued to the row's unit, and the name on its cover is no other unit's: the
    roster has that name (更名), or the reviewer claims the file."""
    filing = received.filing
    return filing.unit.key in row.all_keys and (claims(row, received) or same_name(row.name, filing.unit.name))


def doubt_settled(received: Received) -> Received:
    """The file without the doubt about its unit (WBK110)."""
    return replace(received, findings=tuple(f for f in received.findings if f.code != "WBK110"))


def _of_unit(key: str, name: str, own: list[Received], row: RosterRow | None, findings: list[Finding]) -> UnitStatus:
    books = tuple(each.book for each in own)
    if row is not None and row.included == "不纳入":
        why = {"unit": name, "key": key, "who": row.decided_by or "审核人", "why": row.decided_why or "未写理由"}
        findings.append(Finding("CON106", "warning", Where(book=books[0] if books else ""), why))
        return UnitStatus(key, name, "不纳入", None, books, row, f"{why['who']}：{why['why']}")
    if not own:
        findings.append(Finding("CON101", "warning", Where(), {"unit": name, "key": key}))
        return UnitStatus(key, name, "未报", None, (), row)
    used = _chosen(own, row.used_book if row else "")
    status: Status = "已收"
    remark = ""
    if used is None and row is not None and row.used_book:
        findings.append(Finding("CON109", "error", Where(book=row.used_book), {"unit": name, "book": row.used_book}))
        return UnitStatus(key, name, "重复", None, books, row, f"采用文件 {row.used_book} 不在文件夹")
    if len(own) > 1:
        status = "重复"
        said = used.book if used else "待定（内容不同、修订号相同，请在名单“采用文件”列选定）"
        remark = f"采用 {said}"
        params = {"unit": name, "count": str(len(own)), "used": said}
        findings.append(Finding("CON102", "warning", Where(book=own[0].book), params))
    if used is not None and used.errors:
        params = {"unit": name, "count": str(used.errors)}
        findings.append(Finding("CON104", "warning", Where(book=used.book), params))
    return UnitStatus(key, name, status, used, books, row, remark)


def _chosen(own: list[Received], wanted: str) -> Received | None:
    if wanted:
        return next((each for each in own if each.book == wanted), None)
    top = max(each.filing.revision for each in own)
    newest = [each for each in own if each.filing.revision == top]
    same = len({each.content or content_digest(each.filing) for each in newest}) == 1
    return min(newest, key=lambda each: each.book) if same else None


def same_name(one: str, other: str) -> bool:
    """Whether two written unit names are one, but for width, blanks and quotes."""
    return normalised(one) == normalised(other)
