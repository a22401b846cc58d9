"""Questions to a person at a terminal: one line each, an earlier answer offered, 0 goes back."""

from __future__ import annotations

import io
import os
import re
import signal
import sys
import unicodedata
from pathlib import Path
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

from jixiao_xl import operations
from jixiao_xl.hosts.arguments import bad_argument
from jixiao_xl.hosts.say import ERR, OUT, say_findings
from jixiao_xl.hosts.settings import checked_value, remember, setting
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.home import from_home

NONE = ("无", "没有")
"""What a person writes to do without a file that was offered."""
_LOOKS_UP_S = 0.2
"""Seconds."""


class Back(Exception):
    """The person thought better of it."""


def ask(what: str, offered: str = "") -> str:
    """One line from the person; Enter takes what is offered, 0 goes back. Raises EOFError at the end of input."""
    OUT.print(f"{what}{f'［{offered}］' if offered else ''}：", end="")
    text = line_typed().strip()
    if unicodedata.normalize("NFKC", text) == "0" or not (text or offered):
        raise Back
    return text or offered


def line_typed() -> str:
    """A line from the terminal; a byte that is no letter is a wrong answer, not a crash. Raises EOFError where nobody
    can answer, at the end of input or where there is no input at all.

    Ctrl+C pressed just before the reading in C begins would be noticed only with the next Enter; so an alarm has it look
    up every so often. Windows has no such alarm.
    """
    if sys.stdin is None:
        raise EOFError
    if isinstance(sys.stdin, io.TextIOWrapper) and sys.stdin.errors != "replace":
        sys.stdin.reconfigure(errors="replace")
    if sys.platform == "win32":
        return input()
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    try:
        signal.setitimer(signal.ITIMER_REAL, _LOOKS_UP_S, _LOOKS_UP_S)
        return input()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def ask_number(what: str, offered: str, least: int, most: int) -> int | None:
    """A number between the two; None for 无."""
    text = unicodedata.normalize("NFKC", ask(what, offered))
    if text in NONE:
        return None
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise operations.CannotRun(bad_argument(what.partition("（")[0], text, f"填 {least} 到 {most} 的数字。"))
    return int(text)


def ask_setting(what: str, name: str) -> str:
    """An answer that holds next time too."""
    value = checked_value(name, ask(what, setting(name)))
    keep(name, value)
    return value


def keep(name: str, value: str) -> None:
    """Remember an answer; settings that cannot be written are said and stop nothing."""
    try:
        if value != setting(name):
            remember(name, value)
    except operations.CannotRun as refused:
        say_findings(refused.findings, ERR)


def ask_path(what: str, offered: str = "", name: str = "") -> Path:
    """A file or folder that exists; `name` is the setting that remembers it."""
    path = path_in(ask(what, offered or (setting(name) if name else "")))
    if not path.exists():
        raise operations.CannotRun(Finding("SYS906", "error", params={"file": str(path)}))
    if name:
        keep(name, str(path))
    return path


def ask_roster() -> Path | None:
    """The roster where there is one."""
    offered = setting("ROSTER")
    text = ask("应报单位名单（没有的写“无”）", offered or "无")
    if text in NONE:
        return None
    path = path_in(text)
    if not path.is_file():
        raise operations.CannotRun(Finding("SYS906", "error", params={"file": str(path)}))
    keep("ROSTER", str(path))
    return path


def ask_place(what: str, name: str) -> Path:
    """Where something new goes: in the folder for what the program makes; another one is remembered."""
    offered = from_home(setting("OUTPUT")) / name
    path = path_in(ask(what, str(offered)))
    if path.parent != offered.parent:
        keep("OUTPUT", str(path.parent))
    return path


def path_in(text: str) -> Path:
    """The path that a person typed, pasted or dragged into the window: in quotes, after PowerShell's `&`,
    as a file:// address, or with the blanks escaped."""
    text = text.removeprefix("& ").strip()
    if len(text) > 1 and (text[0], text[-1]) in (('"', '"'), ("'", "'"), ("“", "”")):
        text = text[1:-1]
    if text.startswith("file://"):
        text = url2pathname(unquote(urlparse(text).path))
    path = from_home(text)
    if os.name != "nt" and "\\" in text and not path.exists():
        path = from_home(re.sub(r"\\(.)", r"\1", text))
    return path.absolute()


def ask_form() -> str:
    """One of the forms, by number or by id."""
    names = [f"{spec.form.id}.{spec.form.edition}" for spec in operations.forms()]
    for n, (name, spec) in enumerate(zip(names, operations.forms(), strict=True), 1):
        title = re.sub(r"^\{year\}年度?|\{\w+\}", "", spec.form.title)
        OUT.print(f"  {n} {name}　{title}")
    text = ask("表样（数字或名称）", setting("FORM"))
    number = unicodedata.normalize("NFKC", text)
    if number.isascii() and number.isdigit():
        if not 1 <= int(number) <= len(names):
            raise operations.CannotRun(bad_argument("表样", text, f"填 1 到 {len(names)} 的数字。"))
        text = names[int(number) - 1]
    value = checked_value("FORM", text)
    keep("FORM", value)
    return value
