"""Is this machine fit for the work? One check, one function, one value; the sentences are said at the edge."""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from jixiao_xl import __version__, operations
from jixiao_xl.desk.archive_file import may_be_there
from jixiao_xl.hosts.excel_install import Places, places_here, state
from jixiao_xl.hosts.install_steps import line_of
from jixiao_xl.hosts.settings import SETTINGS, held, setting
from jixiao_xl.hosts.shipped import macros_xlwings
from jixiao_xl.model.addresses import without_password
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.home import from_home
from jixiao_xl.model.machine_errors import said_by_machine
from jixiao_xl.model.pack_files import PackError
from jixiao_xl.rules.pack import load_pack

OLDEST_PYTHON = (3, 11)
APP_PATHS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths"


def _installed_xlwings() -> str:
    """Asked of the package's own record: importing it would start looking for Excel."""
    try:
        return metadata.version("xlwings")
    except metadata.PackageNotFoundError:
        return ""


@dataclass(frozen=True)
class Machine:
    """What the checks ask of a machine besides files; the defaults are this one."""

    system: str = field(default_factory=platform.system)
    """Windows, Darwin or Linux."""
    python: Path = Path(sys.executable)
    version: tuple[int, ...] = sys.version_info[:3]
    xlwings: str = field(default_factory=_installed_xlwings)
    """The version that is installed, empty without it."""
    places: Places = field(default_factory=places_here)
    which: Callable[[str], str | None] = shutil.which
    applications: Path = Path("/Applications")

    @property
    def is_windows(self) -> bool:
        return self.system == "Windows"


class Seen(NamedTuple):
    """What a check saw: a few words, and what has to be said about it."""

    words: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Checkup:
    """One check done. A hint is no problem."""

    id: str
    title: str
    words: str
    findings: tuple[Finding, ...]

    @property
    def is_fine(self) -> bool:
        return all(f.severity == "hint" for f in self.findings)

    def as_json(self) -> dict[str, object]:
        return {
            "check": self.id, "title": self.title, "ok": self.is_fine, "found": self.words,
            "findings": [f.as_json() for f in self.findings],
        }  # fmt: skip


def examine(machine: Machine | None = None) -> list[Checkup]:
    """Every check, in order; one that cannot be made is a problem of its own and hides no other."""
    here = machine or Machine()
    done = []
    for name, (title, check) in CHECKS.items():
        try:
            seen = check(here)
        except operations.CannotRun as refused:
            seen = Seen("", refused.findings)
        done.append(Checkup(name, title, *seen))
    return done


def _said(code: str, severity: Severity = "error", **params: str) -> Finding:
    return Finding(code, severity, params=params)


# ---- the program -------------------------------------------------------------------------
def check_python(machine: Machine) -> Seen:
    found, wanted = (".".join(map(str, v)) for v in (machine.version, OLDEST_PYTHON))
    wrong = () if machine.version >= OLDEST_PYTHON else (_said("DOC101", found=found, wanted=wanted),)
    return Seen(f"{found}　{machine.python}　jixiao {__version__}", wrong)


def check_xlwings(machine: Machine) -> Seen:
    """Only buttons need it: where there can be none, its absence is worth a hint."""
    wanted = macros_xlwings()
    if not machine.xlwings:
        return Seen("没有", (_said("DOC102", "error" if machine.is_windows else "hint", wanted=wanted),))
    if wanted and machine.xlwings != wanted:
        return Seen(machine.xlwings, (_said("DOC103", found=machine.xlwings, wanted=wanted),))
    return Seen(machine.xlwings, tuple(_missing_dlls(machine, wanted)) if machine.is_windows else ())


def _missing_dlls(machine: Machine, wanted: str) -> list[Finding]:
    """xlwings' VBA looks for its library beside the Python, then one folder up (a virtual environment).
    Which of the two Excel needs is Excel's own bitness; both come with xlwings."""
    folders = (machine.python.parent, machine.python.parent.parent)
    names = [f"xlwings{bits}-{wanted}.dll" for bits in (32, 64)]
    gone = [name for name in names if not any((folder / name).is_file() for folder in folders)]
    return [_said("DOC104", file=name, wanted=wanted) for name in gone]


def check_programs(machine: Machine) -> Seen:
    excel = _program(machine, "excel.exe", (), "Microsoft Excel.app")
    wps = _program(machine, "et.exe", ("et", "wps"), "wpsoffice.app")
    office = _program(machine, "soffice.exe", ("soffice", "libreoffice"), "LibreOffice.app")
    names = {"Excel": excel, "WPS": wps, "LibreOffice": office}
    said = [] if excel else [_said("DOC105", "warning" if machine.is_windows and not wps else "hint")]
    said += [_said("DOC106", "hint")] if wps else []
    return Seen("　".join(f"{name} {where}" for name, where in names.items() if where) or "都没有", tuple(said))


def _program(machine: Machine, exe: str, commands: tuple[str, ...], bundle: str) -> str:
    """Where a program is, as its system registers programs; empty where it is not."""
    if registry := machine.places.desk.registry:
        for root in ("HKCU", "HKLM"):
            path = str((registry.values(rf"{root}\{APP_PATHS}\{exe}") or {}).get("", "")).strip('"')
            if path and Path(path).is_file():
                return path
        return ""
    if (machine.applications / bundle).exists():
        return str(machine.applications / bundle)
    return next(filter(None, map(machine.which, commands)), "")


def check_add_in(machine: Machine) -> Seen:
    """What `jixiao excel install` left, and whether the Python that it named is still there."""
    if not machine.is_windows:
        return Seen("本机不是 Windows，不用装")
    places = machine.places
    found = state(places)
    if not found.placed:
        return Seen("没有装", (_said("DOC107", "hint"),))
    wrong = [_said("DOC108", files="、".join(Path(p).name for p in (*found.missing, *found.stale)))] if not found.is_current else []
    python = line_of(places.xlwings_conf, "INTERPRETER_WIN")
    if python and not Path(python).is_file():
        wrong.append(_said("DOC109", found=python, wanted=places.python))
    return Seen(f"由 jixiao {found.version} 安装，{len(found.placed)} 个文件", tuple(wrong))


# ---- the work ----------------------------------------------------------------------------
def check_settings(_machine: Machine) -> Seen:
    """The file can be read, and what it names exists."""
    found = [held(name) for name in SETTINGS]
    wrong = []
    for each in found:
        path = from_home(each.value)
        is_there = {"file": path.is_file, "folder": path.is_dir}.get(each.setting.kind, lambda: True)
        if each.source != "default" and not is_there():
            wrong.append(_said("DOC111", "warning", name=each.setting.name, stated=each.value))
    operations.form_named(setting("FORM"))
    own = [each.setting.name for each in found if each.source != "default"]
    return Seen(f"自己设的：{'、'.join(own)}" if own else "全部默认", tuple(wrong))


def check_archive(_machine: Machine) -> Seen:
    """Whether it can be written. One that is not there yet is not made; its folder must take files."""
    address = setting("ARCHIVE")
    shown, path = without_password(address), from_home(address)
    shared = (_said("DOC110", "warning", archive=address),) if address.startswith(("\\\\", "//")) else ()
    if may_be_there(address) or path.exists():
        operations.open_archive(address, only_existing=True, try_writing=True)
        return Seen(shown, shared)
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Seen(f"{shown}（还没有，第一次接收登记时建立）", shared)
    except OSError as error:
        return Seen(shown, (_said("ARC102", archive=shown, why=said_by_machine(error), advice="检查文件夹和它的权限。"), *shared))


def check_forms(_machine: Machine) -> Seen:
    """Every definition, and the rule pack that each names."""
    specs = operations.forms()
    wrong = []
    for pack in dict.fromkeys(spec.form.pack for spec in specs):
        try:
            load_pack(pack)
        except PackError as error:
            wrong.append(_said("SYS909", what=str(error)))
    return Seen(f"{len(specs)} 份", tuple(wrong))


CHECKS: dict[str, tuple[str, Callable[[Machine], Seen]]] = {
    "python": ("Python", check_python),
    "xlwings": ("xlwings", check_xlwings),
    "programs": ("表格软件", check_programs),
    "add_in": ("加载项", check_add_in),
    "settings": ("设置", check_settings),
    "archive": ("历年数据库", check_archive),
    "forms": ("表样", check_forms),
}
"""Id (in --json), what it is called on the screen, and the check."""
