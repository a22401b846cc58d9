"""`jixiao archive rename` and `renames`: a unit's former codes, so that its history follows."""

from __future__ import annotations

from typing import Annotated

import typer

from jixiao_xl import operations
from jixiao_xl.hosts.cli_options import DEFAULT_ARCHIVE, ArchiveAddress, Json
from jixiao_xl.hosts.say import OUT, say_json


def rename(
    old: Annotated[str, typer.Argument(help="旧代码:行政区划代码-预算单位代码。")],
    new: Annotated[str, typer.Argument(help="新代码;取消(--forget)时不写。")] = "",
    name: Annotated[str, typer.Option(help="单位的旧名称。")] = "",
    forget: Annotated[bool, typer.Option("--forget", help="登记错了的,取消。")] = False,
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
) -> None:
    """更名、合并:旧代码的历年数据由新代码承接;几个旧代码承接到一个新代码就是合并。"""
    store = operations.open_archive(archive, only_existing=forget)
    if forget:
        OUT.print(f"已取消 {old} 的登记" if operations.forget_rename(store, old) else f"没有 {old} 的登记")
        return
    word = "已登记" if operations.rename_unit(store, old, new, name=name) else "已有"
    OUT.print(f"{word}　{old} → {new}")


def renames(archive: ArchiveAddress = DEFAULT_ARCHIVE, as_json: Json = False) -> None:
    """列出登记过的曾用代码。"""
    known = operations.unit_renames(operations.open_archive(archive, only_existing=True))
    if as_json:
        say_json([{"old": one.old, "new": one.new, "name": one.name, "on": one.on} for one in known])
        return
    for one in known:
        OUT.print(f"{one.old} → {one.new}　{one.name}　{one.on}")
    OUT.print(f"共 {len(known)} 条")
