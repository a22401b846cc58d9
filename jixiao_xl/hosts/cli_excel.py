"""`jixiao excel`: add-in and templates into this person's Excel, and out again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jixiao_xl import operations
from jixiao_xl.hosts.say import OUT, say_findings
from jixiao_xl.hosts.shipped import shipped_books
from jixiao_xl.model.findings import Finding

if TYPE_CHECKING:
    from jixiao_xl.hosts.excel_install import State

excel_app = typer.Typer(no_args_is_help=True, help="把按钮装进本人的 Excel(Windows),查看,卸载;不需要管理员权限。")
Folder = Annotated[Path | None, typer.Option("--folder", help="带宏的表样放在哪个文件夹(默认 ~/jixiao/表样)。")]
TRUSTED = "只有这个文件夹里的宏不再询问；别把来路不明的文件放进去。"
ELSEWHERE = "本机不是 Windows：只说明会做什么，什么也没有改。"


@excel_app.command("install")
def excel_install(
    folder: Folder = None, dry_run: Annotated[bool, typer.Option("--dry-run", help="只说会做什么,不动手。")] = False
) -> None:
    """放入加载项和带宏的表样,登记受信任位置,告诉 Excel 用哪个 Python。"""
    from jixiao_xl.hosts.excel_install import as_installed, can_install, install, places_here, plan

    if not shipped_books():
        raise operations.CannotRun(Finding("SYS906", "error", params={"file": "xlsx_templates 里的 .xlsm 和 .xlam"}))
    places = places_here(folder) if folder else as_installed(places_here())
    steps = plan(places)
    if dry_run or not can_install():
        OUT.print(ELSEWHERE if not can_install() else "只说明会做什么，什么也没有改。")
        for n, step in enumerate(steps, 1):
            OUT.print(f"{n}. {step.says()}")
        OUT.print("卸载（jixiao excel uninstall）按记录逐条撤销，改过的文件只移开，不删除。")
        return
    install(places, steps, OUT.print)
    OUT.print(f"装好了。重新打开 Excel，功能区有“绩效填报”；表样在 {places.templates}。{TRUSTED}")


@excel_app.command("uninstall")
def excel_uninstall() -> None:
    """按安装记录逐条撤销:恢复原来的设置,改过的文件移开,不删除。"""
    from jixiao_xl.hosts.excel_install import places_here, read_journal, uninstall

    places = places_here()
    if not read_journal(places.journal).records:
        OUT.print("没有安装记录，没有要撤销的。")
        return
    refused = uninstall(places, OUT.print)
    if refused:
        say_findings(refused)
        raise typer.Exit(2)
    OUT.print("已全部撤销。")


@excel_app.command("status")
def excel_status() -> None:
    """装了没有,是不是现在这一版;有缺的、旧的,退出码是 1。"""
    from jixiao_xl.hosts.excel_install import can_install, places_here, state

    found = state(places_here())
    if not found.placed:
        OUT.print("没有安装。" if can_install() else "没有安装（本机不是 Windows）。")
        return
    _say_state(found)
    if not found.is_current:
        raise typer.Exit(1)


def _say_state(found: State) -> None:
    OUT.print(f"由 jixiao {found.version} 安装")
    words = {"没有": found.missing, "旧版": found.stale, "改过": found.changed}
    for target in dict.fromkeys((*found.placed, *found.missing)):
        word = next((word for word, targets in words.items() if target in targets), "正常")
        OUT.print(f"{word}　{target}")
    if not found.is_current:
        OUT.print("退出 Excel，再执行一次 jixiao excel install。")
