"""`jixiao archive`: what the archive holds."""

from __future__ import annotations

from typing import Annotated

import typer

from jixiao_xl import operations
from jixiao_xl.hosts import cli_renames
from jixiao_xl.hosts.cli_options import DEFAULT_ARCHIVE, ArchiveAddress, Json, Out
from jixiao_xl.hosts.say import OUT, say_json
from jixiao_xl.model.facts import STAGE_WORDS
from jixiao_xl.model.findings import Finding

archive_app = typer.Typer(no_args_is_help=True, help="历年数据库:查看、历史、更名、导出。")
archive_app.command("rename")(cli_renames.rename)
archive_app.command("renames")(cli_renames.renames)


@archive_app.command("ls")
def archive_ls(
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
    year: Annotated[int | None, typer.Option(help="年度。", min=1990, max=2100)] = None,
    as_json: Json = False,
) -> None:
    """列出已登记的报送件。"""
    from jixiao_xl.desk.opening_archive import using_archive

    with using_archive():
        entries = operations.open_archive(archive, only_existing=True).entries(year=year)
    if as_json:
        say_json([
            {"form": e.form, "edition": e.edition, "unit": e.unit.key, "name": e.unit.name, "year": e.year, "stage": e.stage,
             "version": e.version, "revision": e.revision, "book": e.book, "deposited_at": e.deposited_at}
            for e in entries
        ])  # fmt: skip
        return
    for e in entries:
        OUT.print(
            f"{e.year}　{STAGE_WORDS[e.stage]}　{e.unit.key}　{e.unit.name}　{e.form}　第 {e.version} 版　{e.book}　{e.deposited_at}"
        )
    OUT.print(f"共 {len(entries)} 份")


@archive_app.command("show")
def archive_show(
    unit_key: Annotated[str, typer.Argument(help="单位代码。")],
    year: Annotated[int, typer.Argument(help="年度。", min=1990, max=2100)],
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
    version: Annotated[int | None, typer.Option(help="第几版;不写为最新版。")] = None,
    as_json: Json = False,
) -> None:
    """显示一份已登记报送件的全部数据。"""
    from jixiao_xl.desk.opening_archive import using_archive

    store = operations.open_archive(archive, only_existing=True)
    with using_archive():
        found = store.entries(unit_keys=(unit_key,), year=year, newest_only=version is None)
    entries = [e for e in found if version in (None, e.version)]
    if not entries:
        raise operations.CannotRun(Finding("PRI102", "error", params={"unit": unit_key, "year": str(year)}))
    with using_archive():
        shown = [(e, store.filing(e)) for e in entries]
    if as_json:
        say_json([
            {"form": e.form, "year": e.year, "stage": e.stage, "version": e.version, "unit": {"name": e.unit.name, "key": e.unit.key},
             "facts": {f.path: f.value for f in filing.facts.values()}}
            for e, filing in shown
        ])  # fmt: skip
        return
    for e, filing in shown:
        OUT.print(f"{e.form}　{e.year}年{STAGE_WORDS[e.stage]}　{e.unit.name}　第 {e.version} 版")
        for fact in filing.facts.values():
            OUT.print(f"{fact.path} = {fact.value}")


@archive_app.command("history")
def archive_history(
    unit_key: Annotated[str, typer.Argument(help="单位代码。")],
    path: Annotated[str, typer.Argument(help="事实路径,如 funds.income.fiscal.current。")],
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
    as_json: Json = False,
) -> None:
    """一个单位的一个数,历年申报、批复、监控、自评各是多少,实际完成多少;表样不同、换过代码的接着查。"""
    found = operations.archive_history(operations.open_archive(archive, only_existing=True), unit_key, path)
    if as_json:
        say_json([
            {"unit": s.entry.unit.key, "year": s.entry.year, "stage": s.entry.stage, "version": s.entry.version,
             "form": s.entry.form, "path": s.path, "value": s.value, "actual": s.actual}
            for s in found
        ])  # fmt: skip
        return
    if not found:
        OUT.print("历年数据库里没有这个数。")
    for stated in found:
        e = stated.entry
        value = (stated.value or "（空）") + (f"　实际 {stated.actual}" if stated.actual else "")
        former = "" if e.unit.key == unit_key else f"　（曾用代码 {e.unit.key} {e.unit.name}）"
        OUT.print(f"{e.year}　{STAGE_WORDS[e.stage]}　第 {e.version} 版　{value}{former}")


@archive_app.command("export")
def archive_export(
    out: Out,
    wanted: Annotated[str, typer.Option("--format", help="csv、parquet 或 xlsx;不写则看文件名的后缀。")] = "",
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
) -> None:
    """把历年数据库导出:数据和审核两张表;csv、parquet 各一个文件,xlsx 两张工作表。"""
    done = operations.export_archive(operations.open_archive(archive, only_existing=True), out, wanted)
    OUT.print(f"已导出数据 {done.facts} 行、审核 {done.reviews} 行到 {'、'.join(map(str, done.paths))}")
