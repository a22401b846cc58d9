"""What a folder of submissions holds: readings of ours, and findings about the rest."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.roster import Received
from jixiao_xl.desk.judging import approved_for, judged
from jixiao_xl.desk.opening import read
from jixiao_xl.desk.outcomes import CannotRun, Progress, stop
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import STAGE_WORDS, Filing, Stage
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.reading import BOOKS

NOT_BOOKS = (".et", ".ett", ".wps", ".ods", ".csv", ".doc", ".docx", ".pdf", ".zip", ".rar", ".7z")
"""What units send instead of a workbook; each is named, none is passed over."""


class Kind(NamedTuple):
    """What a filing is a filing of; only filings of one kind can be added."""

    form: str
    edition: str
    year: int
    stage: Stage

    @classmethod
    def of(cls, filing: Filing) -> Kind:
        return cls(filing.form, filing.edition, filing.year, filing.stage)

    def spoken(self) -> str:
        return f"{self.form} {self.year}年{STAGE_WORDS[self.stage]}"


@dataclass
class Pile:
    """What a folder gave: `files` workbooks were found, and `specs` define the kinds received."""

    folder: Path
    files: int = 0
    received: list[Received] = field(default_factory=list)
    trouble: list[Finding] = field(default_factory=list)
    specs: dict[Kind, FormSpec] = field(default_factory=dict)


def gather(folder: Path, skip: set[Path], progress: Progress, archive: Archive | None = None) -> Pile:
    """Every workbook of the folder read and judged; a bad file is named, never fatal.

    `skip` are resolved paths that are no submissions: the summary itself, the roster.
    """
    if not folder.is_dir():
        raise stop("SYS906", file=str(folder))
    books = [p for p in _inside(folder, BOOKS) if not p.name.startswith("下发清单") and p.resolve() not in skip]
    pile = Pile(folder, len(books))
    for n, path in enumerate(books):
        progress(path.name, n, len(books))
        _receive(path, str(path.relative_to(folder)), pile, archive)
    for path in _inside(folder, NOT_BOOKS):
        if not path.name.startswith("."):
            why = {"book": str(path.relative_to(folder)), "why": "不是 .xlsx 工作簿；请单位用 Excel 或 WPS 另存为 .xlsx 后重报"}
            pile.trouble.append(Finding("CON107", "error", Where(book=why["book"]), why))
    return pile


def _inside(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Files of the folder and its subfolders by name; `~$` files are Excel's own locks."""
    return (p for p in sorted(folder.rglob("*")) if p.suffix.lower() in endings and not p.name.startswith("~$"))


def _receive(path: Path, name: str, pile: Pile, archive: Archive | None) -> None:
    try:
        reading = read(path, name)
    except CannotRun as refused:
        pile.trouble += refused.findings
        return
    if reading.filing is None or reading.spec is None:
        for finding in reading.findings:
            why = finding.params.get("why") or finding.message().removeprefix(name).strip("， 。")
            params = {"book": name, "why": f"{why}；{finding.remedy().rstrip('。')}"}
            pile.trouble.append(Finding("CON107", "error", Where(book=name), params))
        return
    budget = approved_for(reading, archive)
    checked = judged(reading, budget)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    pile.received.append(Received(
        reading.filing, name, checked.findings, reading.places, reading.issued_name, digest,
        budget.total.amount if budget and budget.total else None,
    ))  # fmt: skip
    pile.specs.setdefault(Kind.of(reading.filing), reading.spec)


def wanted_kind(pile: Pile, form: str = "", year: int | None = None, stage: Stage | None = None) -> Kind:
    """The kind that was asked for; where that leaves several, the one most units filed."""
    kinds = Counter(
        kind for kind in (Kind.of(each.filing) for each in pile.received)
        if (not form or form in (kind.form, f"{kind.form}.{kind.edition}"))
        and year in (None, kind.year) and stage in (None, kind.stage)
    )  # fmt: skip
    if not kinds:
        raise CannotRun(*(pile.trouble or [Finding("SYS906", "error", Where(), {"file": f"{pile.folder} 中可汇总的报送件"})]))
    return min(kinds, key=lambda kind: (-kinds[kind], kind))


def of_kind(pile: Pile, wanted: Kind) -> list[Received]:
    """The filings of the wanted kind; the others are named in the pile's trouble (WBK107)."""
    own = []
    for each in pile.received:
        if (found := Kind.of(each.filing)) == wanted:
            own.append(each)
        else:
            params = {"book": each.book, "found": found.spoken(), "wanted": wanted.spoken()}
            pile.trouble.append(Finding("WBK107", "error", Where(book=each.book), params))
    return own
