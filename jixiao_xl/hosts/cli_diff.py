"""`jixiao diff`: two filings of one unit, line by line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from jixiao_xl import operations
from jixiao_xl.hosts.cli_options import Json
from jixiao_xl.hosts.say import OUT, say_json, spoken_pair
from jixiao_xl.model.changed_lines import ChangedLine, FilingDiff, said_as
from jixiao_xl.model.ratios import show_percent

_COLOURS = {"新增": "green", "删去": "red", "修改": "yellow", "更名": "cyan"}


def diff(
    old: Annotated[Path, typer.Argument(help="前一份(如申报),工作簿或 FACTS.toml。")],
    new: Annotated[Path, typer.Argument(help="后一份(如批复)。")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="另存一张对比表 .xlsx(已有的文件不覆盖)。")] = None,
    as_json: Json = False,
) -> None:
    """对比:同一单位的申报和批复(或任何两个阶段、两版)逐行比,金额差多少、指标和文字改了什么。"""
    told = operations.diff(old, new, out)
    if as_json:
        say_json(told.as_json())
    else:
        _say(told)
        if out is not None:
            OUT.print(f"已生成 {out}")


def _say(told: FilingDiff) -> None:
    from jixiao_xl.workbook.diff_book import summed_up

    OUT.print(Text(f"{told.new.unit.name}　{said_as(told.old)} → {said_as(told.new)}", style="bold"))
    OUT.print(f"前 {told.old.book}　后 {told.new.book}")
    for line in told.lines:
        OUT.print(_spoken(line))
    OUT.print(summed_up(told))


def _spoken(line: ChangedLine) -> Text:
    from jixiao_xl.workbook.diff_book import FOLLOWS

    said = Text(f"　{FOLLOWS}" if line.follows else line.change, style="dim" if line.follows else _COLOURS[line.change])
    said.append(f" {line.kind} ")
    said.append(f"{line.where.spoken()}　", style="bold")
    said.append(f"{line.label}：{spoken_pair(line.old, line.new)}")
    rate = "" if line.rate is None else show_percent(line.rate)
    if gap := "，".join(filter(None, (line.spoken_difference, rate))):
        said.append(f"（{gap}）", style="dim")
    return said
