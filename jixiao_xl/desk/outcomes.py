"""What a verb answers, and how it stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from jixiao_xl.model.facts import Filing, Stage, Unit
from jixiao_xl.model.findings import Finding, Insufficient
from jixiao_xl.model.places import Where
from jixiao_xl.model.records import dataclass

if TYPE_CHECKING:
    from jixiao_xl.archive.store import Deposited
    from jixiao_xl.model.review import Review

Progress = Callable[[str, int, int], None]
"""Told (what, done, of how many); may raise `Cancelled` to stop between two files."""


def quiet(_what: str, _done: int, _total: int) -> None:
    """The progress that nobody watches."""


class Cancelled(Exception):
    """The user stopped a long verb; nothing half-written stays."""


class CannotRun(Exception):
    """The verb could not do its work at all; `findings` say why and what to do."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*findings)  # as given, so that it survives the way from another process
        self.findings = findings

    def __str__(self) -> str:
        return "; ".join(f.message() for f in self.findings)


def stop(code: str, **params: str) -> CannotRun:
    """The refusal that one error explains."""
    return CannotRun(Finding(code, "error", Where(book=params.get("file", "")), params))


@dataclass(frozen=True)
class Filled:
    """A written workbook and what had to be said while filling it."""

    path: Path
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Checked:
    """One judged file. `form` and `unit` are empty when the file is not ours."""

    book: str
    form: str
    unit: Unit
    findings: tuple[Finding, ...]
    insufficient: tuple[Insufficient, ...] = ()
    pack: str = ""
    """The rule pack that judged, with its version: `hubei 2026.1`."""

    def as_json(self) -> dict[str, object]:
        """The contract's JSON shape (decisions, contract 11)."""
        return {
            "book": self.book, "form": self.form, "unit": self.unit.key, "pack": self.pack,
            "findings": [f.as_json() for f in self.findings],
            "insufficient": [i.as_json() for i in self.insufficient],
        }  # fmt: skip


@dataclass(frozen=True)
class Receipt:
    """What became of one file at 接收登记."""

    book: str
    unit: Unit
    deposited: Deposited | None
    findings: tuple[Finding, ...]
    errors: int = 0
    """必须修改 found in the filing itself; it is archived all the same."""


@dataclass(frozen=True)
class BudgetTaken:
    """What a list of approved budgets gave: units written, project lines among them."""

    units: int
    projects: int


@dataclass(frozen=True)
class Exported:
    """The files that hold the archive now, and how many rows of facts and of reviews."""

    paths: tuple[Path, ...]
    facts: int
    reviews: int


@dataclass(frozen=True)
class Issued:
    """What was issued: the files written, the 下发清单, and what was left alone."""

    files: tuple[Path, ...]
    list_path: Path
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ExecutionTaken:
    """Imported 执行数: of how many units, which months, and what is odd about them."""

    units: int
    months: tuple[int, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Approved:
    """One unit's approval: its document, day and file. `is_new` is false when all of it was there before."""

    unit: Unit
    document: str
    on: dt.date
    path: Path
    is_new: bool


@dataclass(frozen=True)
class Approvals:
    """批量批复: what was approved, and why the other rows of the table were not."""

    done: tuple[Approved, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Returned:
    """What one unit gets back: marked copy (None where the file cannot be copied whole) and 退回意见."""

    unit: str
    book: str
    copy: Path | None
    letter: Path
    errors: int
    asks: int
    """需要说明 without a 情况说明."""
    opinions: int


@dataclass(frozen=True)
class ReturnedAll:
    """退回 for many: what was written, and what could not be."""

    returned: tuple[Returned, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Reminded:
    """催报: the text, how many units it names, and the files; None where nobody is waited for."""

    text: str
    units: int
    text_path: Path | None
    phone_list: Path | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Submitted:
    """The file that is sent in, and the 校验码 of what it holds."""

    path: Path
    code: str


@dataclass(frozen=True)
class Change:
    """One cell that 按建议修改 changed. `code` names the finding that asked for it, several joined by 、."""

    code: str
    where: Where
    label: str
    old: str
    new: str
    follows: bool = False
    """随分项自动更新: a total or a share that goes with a changed amount; `code` is of that amount."""
    note: str = ""
    """What else became of the cell: 恢复公式, 文本改为数字."""

    def as_json(self) -> dict[str, object]:
        return {
            "code": self.code, "path": self.where.path, "sheet": self.where.sheet, "cell": self.where.cell,
            "label": self.label, "old": self.old, "new": self.new, "follows": self.follows, "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True)
class Fixed:
    """What 按建议修改 did. `out` is None when there was nothing to change and nothing was written."""

    book: str
    out: Path | None
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    """What was not done, and why."""
    left: Checked
    """The corrected copy judged; the file itself where none was written."""

    def as_json(self) -> dict[str, object]:
        return {
            "book": self.book, "out": str(self.out) if self.out else None,
            "changes": [c.as_json() for c in self.changes], "notices": [f.as_json() for f in self.findings],
            "left": self.left.as_json(),
        }  # fmt: skip


AskedState = Literal["mended", "explained", "open"]


@dataclass(frozen=True)
class Asked:
    """A finding of the earlier filing, and what the resubmission did about it."""

    finding: Finding
    state: AskedState
    old: str = ""
    new: str = ""
    """The values of its cell then and now."""

    def as_json(self) -> dict[str, object]:
        return self.finding.as_json() | {"state": self.state, "old": self.old, "new": self.new}


@dataclass(frozen=True)
class Difference:
    """A place where two filings differ. `follows`: a total or share that goes with a changed amount."""

    where: Where
    label: str
    old: str
    new: str
    follows: bool = False

    def as_json(self) -> dict[str, object]:
        return {
            "path": self.where.path, "sheet": self.where.sheet, "cell": self.where.cell, "label": self.label,
            "old": self.old, "new": self.new, "follows": self.follows,
        }  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """What became of a returned filing: asked and mended, not asked and changed."""

    old: Filing
    new: Filing
    asked: tuple[Asked, ...]
    fresh: tuple[Finding, ...]
    """Findings that the earlier filing did not have."""
    unasked: tuple[Difference, ...]
    """Changes that nobody asked for; the totals that follow from them are marked as such."""
    findings: tuple[Finding, ...] = ()
    """What has to be said of the two files themselves: the resubmission is the older one."""

    @property
    def mended(self) -> tuple[Asked, ...]:
        return tuple(a for a in self.asked if a.state != "open")

    @property
    def open(self) -> tuple[Asked, ...]:
        return tuple(a for a in self.asked if a.state == "open")

    @property
    def own_changes(self) -> tuple[Difference, ...]:
        """The unasked changes themselves, without what merely follows from them."""
        return tuple(d for d in self.unasked if not d.follows)

    @property
    def is_clean(self) -> bool:
        """All that was asked is mended, and nothing else happened."""
        return not (self.open or self.fresh or self.own_changes or self.findings)

    def as_json(self) -> dict[str, object]:
        def side(filing: Filing) -> dict[str, object]:
            return {"book": filing.book, "revision": filing.revision}

        return {
            "old": side(self.old), "new": side(self.new), "unit": self.new.unit.key,
            "counts": {"asked": len(self.asked), "mended": len(self.mended), "open": len(self.open),
                       "fresh": len(self.fresh), "unasked": len(self.own_changes)},
            "asked": [a.as_json() for a in self.asked], "fresh": [f.as_json() for f in self.fresh],
            "unasked": [d.as_json() for d in self.unasked], "findings": [f.as_json() for f in self.findings],
        }  # fmt: skip


@dataclass(frozen=True)
class Coded:
    """The 校验码 of a file; `matches` is None when no paper was held against it."""

    book: str
    unit: Unit
    revision: int
    code: str
    matches: bool | None = None


@dataclass(frozen=True)
class Standing:
    """Where one unit's filing stands in the review."""

    form: str
    year: int
    stage: Stage
    unit_name: str
    review: Review


@dataclass(frozen=True)
class ReviewMade:
    """A written 审核工作簿: its units, the machine's findings in it, and what had to be said."""

    path: Path
    units: int
    problems: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class ReviewRead:
    """What an 审核工作簿 gave: entries put into the archive, and those that stood there already."""

    book: str
    taken: int
    already: int
    findings: tuple[Finding, ...] = ()
