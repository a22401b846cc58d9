"""`jixiao follow`: the next stage of the same year from a filled workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao_xl import operations
from jixiao_xl.hosts.arguments import stage_named
from jixiao_xl.hosts.cli_options import ArchiveIfThere, Out, archive_if_there, exit_for
from jixiao_xl.hosts.say import OUT, say_findings

Actuals = Annotated[
    Path | None, typer.Option("--actuals", help="实际完成值表,.xlsx 或 .csv:指标名称、实际完成值(可另有单位代码、分值、偏差原因)。")
]


def follow(
    file: Annotated[Path, typer.Argument(help="填好的申报表、批复或监控表。")],
    out: Out,
    stage: Annotated[str, typer.Option(help="生成哪个阶段的表:monitoring 监控,evaluation 自评。")] = "evaluation",
    form: Annotated[str, typer.Option(help="表样;不写则用同一地方的,没有的用通用的。")] = "",
    actuals: Actuals = None,
    archive: ArchiveIfThere = "",
) -> None:
    """生成监控表、自评表:带出目标、资金和实际完成值,得分先按计分方式算出。"""
    wanted = form or stage_named(stage)
    done = operations.follow(operations.read(file), wanted, out, archive=archive_if_there(archive), actuals=actuals)
    say_findings(done.findings)
    OUT.print(f"已生成 {done.path}")
    exit_for(list(done.findings))
