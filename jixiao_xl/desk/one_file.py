"""One submission read, judged and packed: what a reading process does all day.

Loads neither database nor spreadsheet writer, and never raises for what is in a file.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jixiao_xl import __version__
from jixiao_xl.consolidate.compact import Compact, pack
from jixiao_xl.consolidate.roster import Received
from jixiao_xl.desk.file_reading import read, unopened
from jixiao_xl.desk.judging import Known, judged
from jixiao_xl.desk.outcomes import CannotRun
from jixiao_xl.forms.load import OWN_FORMS
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.budget import Budget
from jixiao_xl.model.entries import Entry, plain
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.findings import Finding
from jixiao_xl.rules.pack import load_pack
from jixiao_xl.workbook.reading import Reading, unreadable

Budgets = Mapping[tuple[int, str], Budget]
"""Approved budgets by year and unit key."""

UNEXPECTED = (ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError)
"""A defect of ours that one file brings to light: it is named with that file, the others are summed."""


@dataclass(frozen=True)
class Task:
    """One file to be read; `whole` when it will be deposited."""

    path: str
    name: str
    whole: bool = False


@dataclass(frozen=True)
class Taken:
    """The bytes of a file, and what its directory entry said when they were taken."""

    task: Task
    stamp: str
    content: bytes
    at_ns: int


@dataclass(frozen=True)
class Done:
    """What became of one file. `compact` is None when nothing could be read; `refused` says why."""

    name: str
    stamp: str = ""
    digest: str = ""
    basis: str = ""
    compact: Compact | None = None
    form: str = ""
    edition: str = ""
    year: int = 0
    unit_key: str = ""
    read_at_ns: int = 0
    refused: tuple[Finding, ...] = ()
    is_fatal: bool = False
    """It is not this file that is at fault: the verb cannot run."""


def stamp_of(found: os.stat_result) -> str:
    """What changes when a file changes, as far as its directory entry knows."""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def read_one(task: Task, budgets: Budgets) -> Done:
    """The file read and judged, or why not."""
    taken = take(task)
    return taken if isinstance(taken, Done) else read_taken(taken, budgets)


def take(task: Task) -> Taken | Done:
    """The bytes of the file, or why it cannot be opened."""
    began = time.time_ns()
    try:
        with Path(task.path).open("rb") as stream:
            return Taken(task, stamp_of(os.fstat(stream.fileno())), stream.read(), began)
    except OSError as error:
        return Done(task.name, refused=unopened(task.name, error).findings)


def read_taken(taken: Taken, budgets: Budgets) -> Done:
    """The bytes read and judged, on whatever machine they are now."""
    task = taken.task
    try:
        reading = read(Path(task.path), task.name, taken.content)
    except CannotRun as refused:
        return Done(task.name, refused=refused.findings)
    except UNEXPECTED as error:
        return defective(task.name, f"{type(error).__name__}: {error}")
    budget = budgets.get((reading.filing.year, reading.filing.unit.key)) if reading.filing else None
    try:
        received = _received(reading, budget)
    except CannotRun as stopped:
        return Done(task.name, refused=stopped.findings, is_fatal=True)
    except UNEXPECTED as error:
        return defective(task.name, f"{type(error).__name__}: {error}")
    spec = reading.spec if reading.filing else None
    filing = received.filing
    return Done(
        task.name, taken.stamp, hashlib.sha256(taken.content).hexdigest(), basis_of(spec, budget),
        pack(spec, received, whole=task.whole), filing.form, filing.edition, filing.year, filing.unit.key, taken.at_ns,
    )  # fmt: skip


def _received(reading: Reading, budget: Budget | None) -> Received:
    if reading.filing is None or reading.spec is None:
        return Received(Filing("", "", 0, "declaration", book=reading.book), reading.book, tuple(reading.findings))
    checked = judged(reading, Known(budget))
    return Received(
        reading.filing, reading.book, checked.findings, reading.places, reading.issued_name,
        approved=budget.total.amount if budget and budget.total else None,
    )  # fmt: skip


def killing(name: str) -> Done:
    """The file ends every process that reads it."""
    why = "读取时占用的程序被它弄停了"
    return Done(name, refused=(unreadable(name, why, "不要打开；请单位在 Excel 中另存为 .xlsx 后重报。"),))


def defective(name: str, what: str) -> Done:
    """The program failed on this file; that is said, and the other files are read."""
    why = f"读取时程序出错（{what}）"
    return Done(name, refused=(unreadable(name, why, "请单位另存为 .xlsx 后重发；仍不行的，把文件交给软件维护人员。"),))


READING = 6
"""What a stored reading holds; one more whenever that changes, so that older ones are read anew."""


# ---- what a judgement rests on ---------------------------------------------------------
def basis_of(spec: FormSpec | None, budget: Budget | None) -> str:
    """What besides the bytes decides how a file is read and judged: program, definition, rule pack and
    approved budget. A reading of another basis is not used again."""
    if spec is None:
        return f"{__version__} {READING} {_own_definitions()}"
    rules = load_pack(spec.form.pack)
    approved = hashlib.sha256(repr(budget).encode()).hexdigest()[:16] if budget else "-"
    return f"{__version__} {READING} {_digest(spec)} {rules.name} {_digest(rules)} {approved}"


_DIGESTS: dict[int, tuple[Entry, str]] = {}
"""By identity: definitions and packs are loaded once, and comparing them takes longer than this."""


def _digest(entry: Entry) -> str:
    known = _DIGESTS.get(id(entry))
    if known is None or known[0] is not entry:
        said = json.dumps(plain(entry), ensure_ascii=False, default=str)
        known = _DIGESTS[id(entry)] = entry, hashlib.sha256(said.encode()).hexdigest()[:16]
    return known[1]


def _own_definitions() -> str:
    """A file that is no form we know may be one tomorrow: when the folder of one's own forms changes."""
    folder = os.environ.get(OWN_FORMS, "")
    files = sorted(Path(folder).glob("*.toml")) if folder else []
    said = b"\n".join(f.name.encode() + b"\n" + f.read_bytes() for f in files)
    return hashlib.sha256(said).hexdigest()[:16]
