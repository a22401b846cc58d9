"""`jixiao execution`: the treasury's executed amounts in and out of the archive."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from jixiao_xl import operations
from jixiao_xl.hosts.arguments import amount_unit
from jixiao_xl.hosts.cli_options import DEFAULT_ARCHIVE, ArchiveAddress, Json, exit_for
from jixiao_xl.hosts.say import ERR, OUT, say_findings, say_json
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.execution import Execution
from jixiao_xl.model.ratios import show_percent

execution_app = typer.Typer(no_args_is_help=True, help="预算执行:导入国库支出数,查看各单位各月执行率。")
_NOT_APPLICABLE, _MISSING = "不适用", "缺"


@execution_app.command("put")
def execution_put(
    file: Annotated[Path, typer.Argument(help="国库导出的执行数,.xlsx 或 .csv:单位代码(或名称)、年初预算、调整后预算、执行数。")],
    year: Annotated[int, typer.Option(help="预算年度。", min=1990, max=2100)],
    month: Annotated[int | None, typer.Option(help="到几月底的累计数;表里有月份列的不用写。", min=1, max=12)] = None,
    unit: Annotated[str, typer.Option(help="金额单位:元 或 万元;表头写明的不用写。")] = "",
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
) -> None:
    """导入各单位到某月底的累计执行数;同一单位同一月再导入的,以后一次为准。"""
    done = operations.put_executions(file, year, month, operations.open_archive(archive), amount_unit(unit))
    say_findings(done.findings, ERR)
    OUT.print(
        f"已导入 {done.units} 个单位 {year} 年 {'、'.join(map(str, done.months))} 月的执行数，需要核对 {len(done.findings)} 处"
    )
    exit_for(list(done.findings))


@execution_app.command("show")
def execution_show(
    unit: Annotated[str, typer.Argument(help="单位代码或名称。")],
    year: Annotated[int | None, typer.Option(help="年度;不写则全部。", min=1990, max=2100)] = None,
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
    as_json: Json = False,
) -> None:
    """一个单位各月的年初预算、调整后预算、执行数和执行率(万元)。"""
    name, found = operations.shown_executions(operations.open_archive(archive, only_existing=True), unit, year)
    if as_json:
        say_json([_plain(year, each) for year, each in found])
        return
    OUT.print(name, style="bold")
    for year, each in found:
        OUT.print(
            f"{year}年{each.month}月　年初预算 {_said(each.budget)}　调整后预算 {_said(each.adjusted)}　"
            f"执行数 {_said(each.executed)}　执行率 {_rate(each)}"
        )


def _said(amount: Decimal | None) -> str:
    return _MISSING if amount is None else show_amount(amount)


def _rate(each: Execution) -> str:
    if each.rate is None:
        return _MISSING if each.executed is None or each.whole is None else _NOT_APPLICABLE
    return show_percent(each.rate)


def _plain(year: int, each: Execution) -> dict[str, object]:
    amounts = {name: None if value is None else show_amount(value) for name, value in each._asdict().items() if name != "month"}
    return {"year": year, "month": each.month, **amounts, "rate": None if each.rate is None else show_percent(each.rate)}
