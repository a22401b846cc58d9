"""Put add-in and templates where this person's Excel trusts them, and take it all back.

Nothing needs administrator rights. The journal is written after every act, so that an installation
that broke off can be undone as well.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from jixiao_xl import __version__
from jixiao_xl.desk.outcomes import CannotRun
from jixiao_xl.hosts.install_steps import ANSI, Desk, MakeFolder, PlaceFile, Record, SetLine, Step, TrustFolder, digest, undo
from jixiao_xl.hosts.registry import registry_here
from jixiao_xl.hosts.settings import home, settings_folder
from jixiao_xl.hosts.shipped import shipped_books
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.home import from_home
from jixiao_xl.model.machine_errors import said_by_machine
from jixiao_xl.workbook.saving import WriteRefused, save_atomically

ADD_IN = ".xlam"
OFFICE = r"HKCU\Software\Microsoft\Office"
MENU = "绩效填报菜单.cmd"
NEWEST_OFFICE = "16.0"
Told = Callable[[str], None]


class Journal(BaseModel):
    """Everything an installation did, in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    version: str = __version__
    folder: str = ""
    """Where the templates were put."""
    records: tuple[Record, ...] = ()


@dataclass(frozen=True)
class Places:
    """Where things go on this machine."""

    add_ins: Path
    """XLSTART of this person: Excel loads and trusts what lies there."""
    templates: Path
    xlwings_conf: Path
    """The settings file of xlwings, where its VBA looks for the Python to run."""
    journal: Path
    python: str
    desk: Desk

    @property
    def offices(self) -> list[str]:
        """Versions of Office that this person has started Excel of."""
        registry = self.desk.registry
        found = registry.subkeys(OFFICE) if registry else []
        used = [v for v in found if re.fullmatch(r"\d+\.0", v) and registry and "Excel" in registry.subkeys(rf"{OFFICE}\{v}")]
        return used or [NEWEST_OFFICE]


@dataclass(frozen=True)
class State:
    """What is left of an installation, one name each; all empty where nothing was installed."""

    placed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Taken away since, or not shipped yet at that time."""
    changed: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    """Of an older program than this one."""
    version: str = ""

    @property
    def is_current(self) -> bool:
        return bool(self.placed) and not self.missing and not self.stale


def can_install() -> bool:
    """Only Excel on Windows has these folders; elsewhere the plan is only told."""
    return sys.platform == "win32"


def places_here(folder: Path | None = None) -> Places:
    """This machine's places; the ones of a Windows machine are only named elsewhere."""
    own = settings_folder()
    roaming = Path(os.environ.get("APPDATA") or "%APPDATA%")
    person = Path.home() if can_install() else Path("%USERPROFILE%")
    return Places(
        roaming / "Microsoft" / "Excel" / "XLSTART",
        from_home(folder).absolute() if folder else person / home().name / "表样",
        person / ".xlwings" / "xlwings.conf",
        own / "install.json",
        sys.executable,
        Desk(own / "保留", registry_here()),
    )


def as_installed(places: Places) -> Places:
    """The places of the last installation, which may have had a folder of its own for the templates."""
    folder = read_journal(places.journal).folder
    return replace(places, templates=Path(folder)) if folder else places


# ---- the plan ----------------------------------------------------------------------------
def plan(places: Places, books: Sequence[Path] | None = None) -> list[Step]:
    """Every act of an installation, in order."""
    books = shipped_books() if books is None else books
    folders = (places.templates.parent, places.templates, places.add_ins, places.xlwings_conf.parent)
    steps: list[Step] = [MakeFolder(folder) for folder in dict.fromkeys(folders)]
    for book in books:
        folder = places.add_ins if book.suffix == ADD_IN else places.templates
        steps.append(PlaceFile(folder / book.name, book.read_bytes()))
    steps.append(PlaceFile(places.templates / MENU, _menu_starter(places.python)))
    steps.append(SetLine(places.xlwings_conf, "INTERPRETER_WIN", places.python))
    steps += [TrustFolder(places.templates, version) for version in places.offices]
    return steps


def _menu_starter(python: str) -> bytes:
    """A file to double-click, for people who will not type commands."""
    text = f'@echo off\r\n"{python}" -m jixiao_xl.hosts.cli menu\r\nif errorlevel 1 pause\r\n'
    return _in_code_page(text, python)


def _in_code_page(text: str, python: str) -> bytes:
    try:
        return text.encode(ANSI)
    except UnicodeEncodeError:
        advice = "路径里有本机代码页写不出的字，Excel 找不到它；把 Python 装到全英文路径再试。"
        raise CannotRun(Finding("SYS908", "error", params={"what": "Python 的路径", "stated": python, "advice": advice})) from None


# ---- doing and undoing --------------------------------------------------------------------
def install(places: Places, steps: Sequence[Step], tell: Told) -> Journal:
    """Do every step; the journal is true at every moment. Raises CannotRun where the machine refuses one."""
    journal = read_journal(places.journal)
    for step in steps:
        last = next((r for r in journal.records if r.key == step.key()), None)
        try:
            record = step.do(places.desk, last)
        except OSError as error:
            raise _refused(step.key()[1], error) from None
        if record != last:
            kept = [r for r in journal.records if r is not last]
            journal = Journal(folder=str(places.templates), records=(*kept, record) if record else tuple(kept))
            _write_journal(places.journal, journal)
        tell(_told(step, record, last))
    return journal


def _told(step: Step, record: Record | None, last: Record | None) -> str:
    if record is None or record == last:
        return f"已是这样　{step.says()}"
    moved = record.before if record.kind == "file" and record.before != (last.before if last else None) else None
    return f"已完成　{step.says()}" + (f"；原有的文件移到 {moved}" if moved else "")


def uninstall(places: Places, tell: Told) -> tuple[Finding, ...]:
    """Undo what the journal holds, last first. What the machine refuses stays in the journal and is said."""
    journal = read_journal(places.journal)
    left: list[Record] = []
    refused: list[Finding] = []
    for n in range(len(journal.records) - 1, -1, -1):
        record = journal.records[n]
        try:
            tell(undo(record, places.desk))
        except OSError as error:
            left.insert(0, record)
            refused += _refused(record.target, error).findings
        _write_journal(places.journal, journal.model_copy(update={"records": (*journal.records[:n], *left)}))
    return tuple(refused)


def _refused(target: str, error: OSError) -> CannotRun:
    why = error.why if isinstance(error, WriteRefused) else said_by_machine(error)
    if "被别的程序打开" in why:
        why += "（Excel 开着时会占用文件，先退出 Excel）"
    return CannotRun(Finding("SYS903", "error", params={"file": target, "why": why}))


# ---- what is there ------------------------------------------------------------------------
def state(places: Places, books: Sequence[Path] | None = None) -> State:
    """What the last installation left, compared with what it placed and with what we would place now."""
    journal = read_journal(places.journal)
    files = {record.key: record for record in journal.records if record.kind == "file"}
    if not files:
        return State()
    now = {s.key(): digest(s.content) for s in plan(as_installed(places), books) if isinstance(s, PlaceFile)}
    there = {key: digest(Path(key[1]).read_bytes()) for key in {**files, **now} if Path(key[1]).is_file()}
    changed = [key for key, record in files.items() if key in there and there[key] != record.ours]
    return State(
        placed=tuple(r.target for r in files.values()),
        missing=tuple(key[1] for key in {**files, **now} if key not in there),
        changed=tuple(key[1] for key in changed),
        stale=tuple(k[1] for k, r in files.items() if k in there and k not in changed and now.get(k, r.ours) != r.ours),
        version=journal.version,
    )


def read_journal(path: Path) -> Journal:
    """The journal, empty where there is none; raises CannotRun for one that cannot be read."""
    try:
        return Journal.model_validate_json(path.read_text("utf-8"))
    except FileNotFoundError:
        return Journal()
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise CannotRun(Finding("SYS911", "error", params={"file": str(path), "why": type(error).__name__})) from None


def _write_journal(path: Path, journal: Journal) -> None:
    """An empty journal is no journal."""
    if journal.records:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = json.dumps(journal.model_dump(), ensure_ascii=False, indent=1)
        save_atomically(path, text.encode(), replace=True)
    else:
        path.unlink(missing_ok=True)
