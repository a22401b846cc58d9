"""`jixiao budget`: the year's approved budget."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao_xl import operations
from jixiao_xl.hosts.arguments import amount_unit
from jixiao_xl.hosts.cli_options import DEFAULT_ARCHIVE, ArchiveAddress
from jixiao_xl.hosts.say import OUT

budget_app = typer.Typer(no_args_is_help=True, help="预算批复:导入批复数,校验时核对。")


@budget_app.command("import")
def budget_import(
    file: Annotated[Path, typer.Argument(help="单位、项目、批复数的清单,.xlsx 或 .csv。")],
    year: Annotated[int, typer.Option(help="预算年度。", min=1990, max=2100)],
    unit: Annotated[str, typer.Option(help="金额单位:元 或 万元;表头写明的不用写。")] = "",
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
) -> None:
    """导入当年预算批复数(或控制数);以后 check 会核对合计和项目。"""
    done = operations.import_budget(file, year, operations.open_archive(archive), amount_unit(unit))
    OUT.print(f"已导入 {done.units} 个单位的批复数，其中项目 {done.projects} 个")
