"""What a folder of submissions holds: readings of ours, and findings about the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.compact import Unpacker
from jixiao_xl.consolidate.copies import without_untouched
from jixiao_xl.consolidate.roster import Received
from jixiao_xl.desk.one_file import Budgets, Done, Task
from jixiao_xl.desk.outcomes import CannotRun, Progress, stop
from jixiao_xl.desk.reading_pool import read_all
from jixiao_xl.desk.shelf import Shelf
from jixiao_xl.forms.load import find_form
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import STAGE_WORDS, Filing, Stage
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.own_books import is_own_document
from jixiao_xl.workbook.reading import BOOKS

NOT_BOOKS = (".et", ".ett", ".wps", ".ods", ".csv", ".doc", ".docx", ".pdf", ".zip", ".rar", ".7z")
"""What units send instead of a workbook; each is named, none is passed over."""


NAMED = 6
"""So many files of another stage are named, more are counted."""


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
    """What a folder gave: `files` workbooks were found, `read` of them had to be read, and `specs` define
    the kinds received."""

    folder: Path
    files: int = 0
    read: int = 0
    received: list[Received] = field(default_factory=list)
    trouble: list[Finding] = field(default_factory=list)
    specs: dict[Kind, FormSpec] = field(default_factory=dict)


def gather(
    folder: Path, skip: set[Path], progress: Progress, archive: Archive | None = None, processes: int | None = None,
    scheduler: str = "",
) -> Pile:  # fmt: skip
    """Every workbook of the folder read and judged; a bad file is named, never fatal. What the archive has
    read before is taken from there.

    `skip` are resolved paths that are no submissions: the summary itself, the roster. `processes` is for
    those who know better than the number of files does. With a `scheduler` a Dask cluster reads.
    """
    if not folder.is_dir():
        raise stop("SYS906", file=str(folder))
    names = {each.name.casefold() for each in skip}  # looked at closely is only what may be one of them
    books = [p for p in _inside(folder, BOOKS) if not ((p.name.casefold() in names or p.is_symlink()) and p.resolve() in skip)]
    pile, unpacker = Pile(folder, len(books)), Unpacker()
    paths = {str(path.relative_to(folder)): path for path in books}
    progress("核对文件", 0, pile.files)
    shelf = Shelf(archive, unpacker) if archive is not None else None
    outcome: dict[str, Received | tuple[Finding, ...]] = dict(shelf.known(paths)) if shelf else {}
    tasks = [Task(str(path), name, shelf is not None) for name, path in paths.items() if name not in outcome]
    reading = _on_cluster(scheduler) if scheduler else partial(read_all, processes=processes)
    for done in _told(reading(tasks, shelf.budgets if shelf else {}), tasks, pile, progress):
        if done.is_fatal:
            raise CannotRun(*done.refused)
        if done.compact is None:
            outcome[done.name] = done.refused
            continue
        outcome[done.name] = unpacker.received(done.compact.said, done.name, done.digest)
        if shelf:
            shelf.put(done, paths[done.name])
    if shelf:
        shelf.close()
    for name in paths:
        _receive(name, outcome[name], pile)
    pile.received, copies = without_untouched(pile.received)
    pile.trouble += copies
    for path in _inside(folder, NOT_BOOKS):
        if not path.name.startswith(".") and not (path.suffix.lower() == ".docx" and is_own_document(path)):
            why = {"book": str(path.relative_to(folder)), "why": "不是 .xlsx 工作簿；请单位用 Excel 或 WPS 另存为 .xlsx 后重报"}
            pile.trouble.append(Finding("CON107", "error", Where(book=why["book"]), why))
    return pile


def _on_cluster(scheduler: str) -> Callable[[Sequence[Task], Budgets], Generator[Done]]:
    from jixiao_xl.desk.reading_cluster import read_all_on  # loaded by who has one

    return partial(read_all_on, scheduler)


def _told(reading: Generator[Done], tasks: Sequence[Task], pile: Pile, progress: Progress) -> Iterator[Done]:
    """The files as they are read, each told; whoever cancels stops the reading."""
    before = pile.files - len(tasks)
    with closing(reading):
        if tasks:
            progress(Path(tasks[0].name).name, before, pile.files)
        for done in reading:
            pile.read += 1
            yield done
            progress(Path(done.name).name, before + pile.read, pile.files)


def _inside(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Files of the folder and its subfolders by name; `~$` files are Excel's own locks."""
    return (p for p in sorted(folder.rglob("*")) if p.suffix.lower() in endings and not p.name.startswith("~$"))


def _receive(name: str, outcome: Received | tuple[Finding, ...], pile: Pile) -> None:
    """The file among those received, or named in the pile's trouble."""
    if isinstance(outcome, Received) and outcome.filing.form:
        pile.received.append(outcome)
        kind = Kind.of(outcome.filing)
        if kind not in pile.specs and (spec := find_form(kind.form, kind.edition)) is not None:
            pile.specs[kind] = spec
        return
    for finding in outcome.findings if isinstance(outcome, Received) else outcome:
        if finding.code.startswith("DEF"):  # not the file's fault, and said as it is
            pile.trouble.append(finding)
            continue
        if finding.code == "WBK121":  # a book of ours: named where there is something to do with it
            pile.trouble += [finding] if finding.params["advice"] else []
            continue
        why = finding.params.get("why") or finding.message().removeprefix(name).strip("， 。")
        params = {"book": name, "why": f"{why}；{finding.remedy().rstrip('。')}"}
        pile.trouble.append(Finding("CON107", "error", Where(book=name), params))


def wanted_kind(pile: Pile, form: str = "", year: int | None = None, stage: Stage | None = None) -> Kind:
    """The kind that was asked for; where that leaves several, the one most units filed."""
    kinds = Counter(
        kind for kind in (Kind.of(each.filing) for each in pile.received)
        if (not form or form in (kind.form, f"{kind.form}.{kind.edition}"))
        and year in (None, kind.year) and stage in (None, kind.stage)
    )  # fmt: skip
    if not kinds:
        nothing = [] if any(f.severity == "error" for f in pile.trouble) else [
            Finding("SYS906", "error", Where(), {"file": f"{pile.folder} 中可汇总的报送件"})
        ]  # fmt: skip
        raise CannotRun(*nothing, *pile.trouble)
    return min(kinds, key=lambda kind: (-kinds[kind], kind))


def of_kind(pile: Pile, wanted: Kind) -> list[Received]:
    """The filings of the wanted kind. Of the others the pile's trouble says which they are: another stage of a unit
    that filed this one too is only left out (CON115), anything else is no filing for this summary (WBK107)."""
    own = [each for each in pile.received if Kind.of(each.filing) == wanted]
    units = {each.filing.unit.key for each in own if each.filing.unit.key}
    apart: dict[Kind, list[str]] = {}
    for each in pile.received:
        found = Kind.of(each.filing)
        if found == wanted:
            continue
        if (found.year, each.filing.unit.key in units) == (wanted.year, True) and found.stage != wanted.stage:
            apart.setdefault(found, []).append(each.book)
            continue
        params = {"book": each.book, "found": found.spoken(), "wanted": wanted.spoken()}
        pile.trouble.append(Finding("WBK107", "error", Where(book=each.book), params))
    for found, books in sorted(apart.items()):
        more = f"等 {len(books)} 份" if len(books) > NAMED else ""
        params = {"books": "、".join(books[:NAMED]) + more, "found": found.spoken(), "wanted": wanted.spoken()}
        pile.trouble.append(Finding("CON115", "hint", Where(), params))
    return own
