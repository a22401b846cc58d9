"""What a person wrote on the command line, as the values that the verbs take."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao_xl import operations
from jixiao_xl.model.facts import STAGE_WORDS, STAGES, Stage
from jixiao_xl.model.findings import Finding
from jixiao_xl.workbook.buttons import BUTTONS, Button

if TYPE_CHECKING:
    from jixiao_xl.workbook.unit_table import AmountUnit

STAGE_CHOICES = "、".join(f"{stage} {word}" for stage, word in STAGE_WORDS.items())
"""What may be written after `--stage`."""


def stage_meant(text: str) -> Stage | None:
    """The stage named; None where none is: the form's own first one."""
    return stage_named(text) if text else None


def stage_named(text: str) -> Stage:
    found = next((s for s in STAGES if text in (s, STAGE_WORDS[s])), None)
    if found is None:
        raise operations.CannotRun(bad_argument("--stage", text, f"填 {STAGE_CHOICES}。"))
    return found


def functions_wanted(formulas: str) -> bool:
    """Whether `--formulas` asks for our own functions."""
    if formulas not in ("native", "udf"):
        raise operations.CannotRun(bad_argument("--formulas", formulas, "填 native(原生公式)或 udf(自定义函数)。"))
    return formulas == "udf"


def scheduler_meant(text: str) -> str:
    """The address of a Dask scheduler; empty where none is meant."""
    if text and not re.fullmatch(r"(?:tcp|tls)://(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}", text):
        raise operations.CannotRun(bad_argument("--scheduler", text, "写成 tcp://主机:8786 的样子，加密的写 tls://主机:8786。"))
    return text


def amount_unit(text: str) -> AmountUnit:
    """What `--unit` says of the amounts; empty when it says nothing."""
    if text not in ("", "元", "万元"):
        raise operations.CannotRun(bad_argument("--unit", text, "填 元 或 万元。"))
    return "元" if text == "元" else "万元" if text else ""


def button_meant(text: str) -> Button:
    """A button by its caption, or by the name of its function."""
    found = next((b for b in BUTTONS if text in (b.caption, b.function)), None)
    if found is None:
        raise operations.CannotRun(bad_argument("按钮", text, f"有这些按钮：{'、'.join(b.caption for b in BUTTONS)}。"))
    return found


def cell_meant(text: str) -> tuple[str, str]:
    """`资金情况!D10` as sheet and cell."""
    sheet, _, cell = text.replace("！", "!").rpartition("!")
    cell = unicodedata.normalize("NFKC", cell).replace("$", "").strip().upper()
    if not sheet or not re.fullmatch(r"[A-Z]{1,2}[1-9][0-9]{0,4}", cell):
        raise operations.CannotRun(bad_argument("--at", text, "写成 资金情况!D10 的样子。"))
    return sheet.strip().strip("'"), cell


def bad_argument(what: str, stated: str, advice: str) -> Finding:
    return Finding("SYS908", "error", params={"what": what, "stated": stated, "advice": advice})


def files_meant(paths: list[Path]) -> list[Path]:
    """The files meant: a folder stands for its workbooks, a pattern (as Windows hands it over) for
    what it matches; a path that is neither stays, and is reported as not found. Folders that hold none are refused."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in sorted(path.iterdir()) if p.suffix.lower() in operations.BOOKS and not p.name.startswith("~$"))
            found += inside
        elif "*" in path.name and not path.exists():
            found += sorted(path.parent.glob(path.name)) or [path]
        else:
            found.append(path)
    if not found:
        raise operations.CannotRun(Finding("SYS906", "error", params={"file": f"{paths[0]} 里的工作簿"}))
    return found


def repeats_asked(texts: list[str]) -> dict[str, int]:
    """`project=4` as {"project": 4}."""
    found = {}
    for text in texts:
        name, _, count = text.partition("=")
        if not (count.isascii() and count.isdigit() and len(count) < 6):
            raise operations.CannotRun(bad_argument("--repeat", text, "写成 project=4 的样子。"))
        found[name] = int(count)
    return found


def local_time(time: str) -> str:
    return dt.datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M")
