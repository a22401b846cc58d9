"""`jixiao approve`: all approvals at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao_xl import operations
from jixiao_xl.hosts.arguments import amount_unit
from jixiao_xl.hosts.cli_options import DEFAULT_ARCHIVE, ArchiveAddress, exit_for
from jixiao_xl.hosts.say import ERR, OUT, progress_bar, say_findings
from jixiao_xl.hosts.settings import setting


def approve(
    table: Annotated[
        Path, typer.Argument(metavar="TABLE", help="批复文号表,.xlsx 或 .csv:单位代码、批复文号、批复日期(可另有批复数)。")
    ],
    form: Annotated[str, typer.Option(help="表样。")],
    year: Annotated[int, typer.Option(help="预算年度。", min=1990, max=2100)],
    out: Annotated[Path, typer.Option("-o", "--out", help="批复件放到哪个文件夹。")],
    by: Annotated[str, typer.Option(help="批复人;不写则用设置里的科室名称(OFFICE),再没有就写表的文件名。")] = "",
    unit: Annotated[str, typer.Option(help="批复数的单位:元 或 万元;表头写明的不用写。")] = "",
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
) -> None:
    """批量批复:审核通过的报送件按文号表一次批复,各出一份批复件并登记,状态改为已批复。"""
    meant = amount_unit(unit)
    store = operations.open_archive(archive, only_existing=True)
    with progress_bar("批复") as told:
        done = operations.approve(table, store, form, year, out, by=by.strip() or setting("OFFICE"), unit=meant, progress=told)
    for one in done.done:
        OUT.print(f"{'已批复' if one.is_new else '已有'}　{one.unit.name}　{one.document}　{one.on.isoformat()}　{one.path.name}")
    say_findings(done.findings, ERR)
    new = sum(one.is_new for one in done.done)
    OUT.print(f"批复 {new} 家，原已批复 {len(done.done) - new} 家，批复件在 {out}")
    exit_for(list(done.findings))
