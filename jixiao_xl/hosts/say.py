"""Findings and results as a person reads them on a terminal."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from jixiao_xl.model.findings import SEVERITY_WORDS, Finding, counted, open_and_explained, spoken_counts
from jixiao_xl.operations import Checked
from jixiao_xl.operations import Progress as Told

_NO_WIDTH = ("0", "1")
"""What COLUMNS says where there is no window; rich takes it at its word and prints nothing."""
_WIDTH = 80 if os.environ.get("COLUMNS") in _NO_WIDTH else None

OUT = Console(soft_wrap=True, highlight=False, markup=False, width=_WIDTH)
ERR = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, width=_WIDTH)
"""Markup off: an indicator may be called `[/red]`."""
LONGEST = 40
"""Characters of a value on the terminal; --json has all of it."""
_COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}


def speak_again() -> None:
    """To be called after Ctrl+C: rich counts how deep it is in its own printing, an interruption may leave the count
    behind, and from then on every word would be kept back (seen as a menu that says nothing any more)."""
    for console in (OUT, ERR):
        console._buffer_index = 0


def finding_line(finding: Finding) -> Text:
    """`必须修改 FND103 资金情况!D10 …句子… → 怎么改`."""
    line = Text()
    line.append(SEVERITY_WORDS[finding.severity], style=_COLOURS[finding.severity])
    line.append(f" {finding.code} ")
    if place := finding.where.spoken():
        line.append(f"{place}　", style="bold")
    line.append(finding.message())
    line.append(f" → {finding.remedy()}" if not finding.explained else f" → 已说明：{finding.reason}", style="dim")
    return line


def say_findings(findings: Iterable[Finding], console: Console = OUT) -> None:
    for finding in findings:
        console.print(finding_line(finding))


def say_checked(checked: Checked) -> None:
    """One judged file: a heading, the findings, the counts."""
    OUT.print(Text(f"{checked.book}　{checked.unit.name}　{checked.form}", style="bold"))
    say_findings(checked.findings)
    for item in checked.insufficient:
        OUT.print(f"未能核对 {item.code}：{item.why}")
    OUT.print("　".join(spoken_counts(checked.findings))
              + (f"　规则包 {checked.pack}" if checked.pack else "") + "\n")  # fmt: skip


def say_overview(checked: Iterable[Checked]) -> None:
    """One line a file, for the reviewer of many."""
    OUT.print("文件　必须修改　需要说明　供参考", style="bold")
    for one in checked:
        numbers = {severity: str(n) for severity, n in counted(one.findings).items()}
        if explained := open_and_explained(one.findings)[1]:
            numbers["warning"] += f"（已说明 {explained}）"
        OUT.print("　".join([one.book, *numbers.values()]))


def spoken_pair(old: str, new: str) -> str:
    """`8.83 → 8.38`; of two long texts the part in which they differ."""
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(start - 5, 0) if max(len(old), len(new)) > LONGEST else 0
    return " → ".join(_short(text, start) for text in (old, new))


def _short(text: str, start: int) -> str:
    if not text:
        return "（空）"
    shown = text[start : start + LONGEST].replace("\n", " ")
    return f"{'…' if start else ''}{shown}{'…' if len(text) > start + LONGEST else ''}"


def say_json(value: object) -> None:
    """JSON on standard output, Chinese as it is, nothing else on the line."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    if not _holds(text, getattr(sys.stdout, "encoding", None)):
        text = json.dumps(value, indent=1)
    print(text)  # which says nothing where there is no output at all


def ready_streams() -> None:
    """Chinese can be written wherever the words go; a letter that the place has not is written as `\\u...`, and ends nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = None if _holds("校验", stream.encoding) else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace" if stream.errors == "strict" else stream.errors)


def _holds(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def progress_bar(what: str, *, quiet: bool = False) -> Iterator[Told]:
    """A bar on standard error; Ctrl+C ends the verb between two files."""
    if quiet or not ERR.is_terminal:
        yield lambda _what, _done, _total: None
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=ERR, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda name, done, total: bar.update(task, description=name, completed=done, total=total)
