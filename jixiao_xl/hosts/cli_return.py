"""Commands about a file that went back and came again: fix, compare, code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from jixiao_xl import operations
from jixiao_xl.hosts.cli_options import Json, Out, exit_for
from jixiao_xl.hosts.say import OUT, say_findings, say_json, spoken_pair
from jixiao_xl.model.facts import STAGE_WORDS
from jixiao_xl.model.findings import Finding, spoken_counts
from jixiao_xl.model.places import Where

STATES = {"mended": ("已改", "green"), "explained": ("已说明", "cyan"), "open": ("未改", "red")}
Only = Annotated[list[str] | None, typer.Option("--only", metavar="代码", help="只管这些代码,如 --only FND103(可写几次)。")]


def fix(
    file: Annotated[Path, typer.Argument(help="工作簿或 FACTS.toml。")], out: Out, only: Only = None, as_json: Json = False
) -> None:
    """按建议修改:能算出正确值的另存一份改好,列出改了什么;其他一律不动。"""
    done = operations.fix(file, out, only or ())
    if as_json:
        say_json(done.as_json())
    else:
        for change in done.changes:
            _say_change("随分项更新" if change.follows else "已修改", change)
        say_findings(done.findings)
        if done.out:
            asked = sum(not change.follows for change in done.changes)
            OUT.print(f"已生成 {done.out}：修改 {asked} 处，随分项自动更新 {len(done.changes) - asked} 处")
        OUT.print(f"还有：{'　'.join(spoken_counts(done.left.findings))}")
    exit_for(list(done.left.findings))


def _say_change(word: str, change: operations.Change) -> None:
    line = Text(f"{word} {change.code} ")
    line.append(f"{change.where.spoken()}　", style="bold")
    line.append(f"{change.label}：{spoken_pair(change.old, change.new)}")
    line.append(f"（{change.note}）" if change.note else "", style="dim")
    OUT.print(line)


def compare(
    old: Annotated[Path, typer.Argument(help="退回的那份(工作簿或 FACTS.toml)。")],
    new: Annotated[Path, typer.Argument(help="重报的那份。")],
    only: Only = None,
    with_warnings: Annotated[bool, typer.Option("--with-warnings", help="没有说明的“需要说明”也算要求修改。")] = False,
    as_json: Json = False,
) -> None:
    """重报对照:要求改的改了没有,没有要求改的改了什么。"""
    found = operations.compare(old, new, only or (), with_warnings=with_warnings)
    if as_json:
        say_json(found.as_json())
    else:
        _say_comparison(found)
    if not found.is_clean:
        raise typer.Exit(1)


def _say_comparison(found: operations.Comparison) -> None:
    was, now = found.old, found.new
    OUT.print(Text(f"{now.unit.name}　{now.form}　{now.year}年{STAGE_WORDS[now.stage]}", style="bold"))
    OUT.print(f"原报 {was.book}（修订号 {was.revision}）　重报 {now.book}（修订号 {now.revision}）")
    OUT.print(
        f"要求修改 {len(found.asked)} 处，已改 {len(found.mended)} 处，未改 {len(found.open)} 处；"
        f"新出现的问题 {len(found.fresh)} 处；未要求而改动 {len(found.own_changes)} 处"
    )
    say_findings(found.findings)
    for asked in found.asked:
        word, colour = STATES[asked.state]
        line = Text(word, style=colour)
        line.append(f" {asked.finding.code} ")
        line.append(f"{asked.finding.where.spoken()}　", style="bold")
        line.append(asked.finding.message())
        line.append(f"　{spoken_pair(asked.old, asked.new)}" if asked.old != asked.new else "", style="dim")
        OUT.print(line)
    if found.fresh:
        OUT.print("新出现的问题：")
        say_findings(found.fresh)
    for each in found.unasked:
        line = Text("　随之变动" if each.follows else "未要求而改动", style="dim" if each.follows else "yellow")
        line.append(f" {each.where.spoken()}　", style="bold")
        line.append(f"{each.label}：{spoken_pair(each.old, each.new)}")
        OUT.print(line)


def code(
    file: Annotated[Path, typer.Argument(help="工作簿或 FACTS.toml。")],
    paper: Annotated[str, typer.Argument(metavar="[校验码]", help="纸质件上印的校验码;写上就核对。")] = "",
    as_json: Json = False,
) -> None:
    """显示文件的校验码,或核对纸质件与文件是否一致。"""
    found = operations.check_code(file, paper)
    if as_json:
        say_json({
            "book": found.book, "unit": {"name": found.unit.name, "key": found.unit.key}, "revision": found.revision,
            "check_code": found.code, "matches": found.matches,
        })  # fmt: skip
    elif found.matches is None:
        OUT.print(f"{found.code}　{found.book}　{found.unit.name}　修订号 {found.revision}")
    elif found.matches:
        OUT.print(f"相符：校验码 {found.code} 的纸质件就是 {found.book}（修订号 {found.revision}）。")
    else:
        params = {"stated": paper, "book": found.book, "expected": found.code}
        say_findings([Finding("WBK115", "error", Where(book=found.book), params)])
    if found.matches is False:
        raise typer.Exit(1)
