"""What is set once for buttons and commands alike: where the archive is, the roster, the usual form.

A value comes from the workbook's own `xlwings.conf` sheet, else the environment (`JIXIAO_ARCHIVE`),
else the person's file `jixiao.conf`, else the default. Imported on every click: nothing heavy here.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from jixiao_xl.desk.outcomes import CannotRun
from jixiao_xl.hosts.port import Host
from jixiao_xl.model.addresses import is_url, without_password
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.home import from_home
from jixiao_xl.model.machine_errors import said_by_machine
from jixiao_xl.model.records import dataclass
from jixiao_xl.workbook.saving import WriteRefused, save_atomically

PREFIX = "JIXIAO_"
"""What a setting's name begins with in the environment; in an `xlwings.conf` sheet it may."""
FILE = "jixiao.conf"
FIRST_YEAR, LAST_YEAR = 1990, 2100
HEADING = "# jixiao 的设置：一行一条，写成 名称 = 值。jixiao settings 查看全部名称。\n"
Kind = Literal["address", "file", "folder", "form", "year", "text"]
Source = Literal["workbook", "environment", "file", "default"]
SOURCE_WORDS: dict[Source, str] = {"workbook": "工作簿", "environment": "环境变量", "file": "设置文件", "default": "默认"}


def _budget_year() -> str:
    """From July on, forms are declared for the next year."""
    today = dt.date.today()
    return str(today.year + (today.month >= 7))


@dataclass(frozen=True)
class Setting:
    """One thing that can be set. `default` is asked each time: the home folder and the year may differ."""

    name: str
    kind: Kind
    meaning: str
    default: Callable[[], str] = str


SETTINGS: dict[str, Setting] = {
    each.name: each
    for each in (
        Setting("ARCHIVE", "address", "历年数据库：文件路径（SQLite）或 PostgreSQL 地址", lambda: str(home() / "archive.sqlite")),
        Setting("ROSTER", "file", "应报单位名单"),
        Setting("SUBMISSIONS", "folder", "放报送件的文件夹"),
        Setting("OUTPUT", "folder", "生成的文件（下发、退回、汇总）放在哪个文件夹", lambda: str(home())),
        Setting("FORM", "form", "常用的表样", lambda: "hubei.dept_overall"),
        Setting("YEAR", "year", "预算年度（默认：7 月起为下一年）", _budget_year),
        Setting("OFFICE", "text", "本科室名称，写在退回意见和催报上"),
        Setting("CONTACT", "text", "本科室联系人，写在退回意见上"),
        Setting("PHONE", "text", "本科室办公电话，写在退回意见上"),
    )
}
"""Everything that can be set; help, doctor and `jixiao settings` print this table."""


@dataclass(frozen=True)
class Held:
    """A setting's value and where it comes from."""

    setting: Setting
    value: str
    source: Source

    def shown(self) -> str:
        """The value as it may be printed: a database's address without the password."""
        return without_password(self.value)


def home() -> Path:
    """The folder of the program's own work, where nothing else was set."""
    return Path.home() / "jixiao"


def settings_folder() -> Path:
    """The per-user folder of settings, as each system has it."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "jixiao"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "jixiao"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "jixiao"


def user_file() -> Path:
    return settings_folder() / FILE


# ---- reading ---------------------------------------------------------------------------
def held(name: str, host: Host | None = None) -> Held:
    """The value in force; with a host, the open workbook's own comes first."""
    setting = SETTINGS[name]
    if host and (value := host.setting(name) or host.setting(PREFIX + name)):
        return Held(setting, value, "workbook")
    if value := os.environ.get(PREFIX + name, "").strip():
        return Held(setting, value, "environment")
    if value := user_settings().get(name, ""):
        return Held(setting, value, "file")
    return Held(setting, setting.default(), "default")


def setting(name: str, host: Host | None = None) -> str:
    """The value in force; raises CannotRun when the person's file cannot be read."""
    return held(name, host).value


def user_settings() -> dict[str, str]:
    """What the person's file sets; raises CannotRun with every line that is no setting."""
    found: dict[str, str] = {}
    wrong: list[Finding] = []
    for row, line in enumerate(_lines(), 1):
        name, value = _pair(line)
        if name in SETTINGS:
            found[name] = value
        elif line.strip() and not line.lstrip().startswith("#"):
            wrong.append(Finding("SYS910", "error", params={"file": str(user_file()), "row": str(row), "stated": line.strip()}))
    if wrong:
        raise CannotRun(*wrong)
    return found


def _pair(line: str) -> tuple[str, str]:
    """`ARCHIVE = "D:\\历年.sqlite"` as name and value; backslashes are just letters."""
    name, _, value = line.partition("=")
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return name.strip().upper().removeprefix(PREFIX), value


def _lines() -> list[str]:
    """The file's lines; Notepad may have saved it in the Chinese code page."""
    try:
        content = user_file().read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable(said_by_machine(error)) from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
    raise _unreadable("不是文本文件")


def _unreadable(why: str) -> CannotRun:
    return CannotRun(Finding("SYS911", "error", params={"file": str(user_file()), "why": why}))


# ---- writing ---------------------------------------------------------------------------
def remember(name: str, value: str) -> Held:
    """Set once in the person's file, an empty value takes it out; other lines stay as they are.

    A path is kept whole, so that it means the same from every folder.
    """
    user_settings()
    value = checked_value(name, value)
    kept = list(_other_lines(name)) or [HEADING.rstrip()]
    if value:
        kept.append(f"{name} = {value}")
    folder = settings_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # the address may hold a password
        save_atomically(user_file(), ("\n".join(kept) + "\n").encode(), replace=True)
    except WriteRefused as error:
        raise CannotRun(Finding(error.code, "error", params={"file": str(user_file()), "why": error.why})) from None
    except OSError as error:
        why = said_by_machine(error)
        raise CannotRun(Finding("SYS903", "error", params={"file": str(user_file()), "why": why})) from None
    return held(name)


def _other_lines(name: str) -> Iterator[str]:
    return (line for line in _lines() if _pair(line)[0] != name)


def checked_value(name: str, value: str) -> str:
    """The value as it is kept; raises CannotRun for one that cannot be meant."""
    setting, value = SETTINGS[name], value.strip()
    if any(ord(letter) < 32 for letter in value):
        raise _wrong(setting, value, "不要换行。")
    if setting.kind == "year" and value and not (value.isascii() and value.isdigit() and FIRST_YEAR <= int(value) <= LAST_YEAR):
        raise _wrong(setting, value, "写四位年份，如 2026。")
    if value and (setting.kind in ("file", "folder") or (setting.kind == "address" and not is_url(value))):
        return str(from_home(value).absolute())
    if setting.kind == "form" and value:
        from jixiao_xl import operations

        operations.form_named(value)
    return value


def _wrong(setting: Setting, value: str, advice: str) -> CannotRun:
    return CannotRun(Finding("SYS908", "error", params={"what": setting.name, "stated": value, "advice": advice}))
