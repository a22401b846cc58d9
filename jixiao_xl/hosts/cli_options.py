"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jixiao_xl import operations
from jixiao_xl.desk.archive_file import may_be_there
from jixiao_xl.hosts.arguments import STAGE_CHOICES
from jixiao_xl.hosts.settings import setting
from jixiao_xl.model.findings import Finding

if TYPE_CHECKING:
    from jixiao_xl.archive.store import Archive

DEFAULT_ARCHIVE = ""
"""No archive named on the command line: the one that the settings name."""


def _archive_meant(address: str) -> str:
    return address or setting("ARCHIVE")


StageMeant = Annotated[str, typer.Option(help=f"阶段:{STAGE_CHOICES};不写则是表样的第一个阶段。")]
Out = Annotated[Path, typer.Option("-o", "--out", help="写到哪个文件(已有的文件不覆盖)。")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
ArchiveAddress = Annotated[
    str,
    typer.Option(
        "--archive",
        callback=_archive_meant,
        help="历年数据库:文件路径(SQLite)或 PostgreSQL 地址;不写则用设置里的(jixiao settings ARCHIVE)。",
    ),
]
ArchiveIfThere = Annotated[str, typer.Option("--archive", help="历年数据库;不写则用设置里的(有的话)。")]

Scheduler = Annotated[
    str, typer.Option("--scheduler", metavar="tcp://HOST:8786", help="在这个 Dask 集群上读文件;登记和汇总仍在本机。")
]


def archive_if_there(address: str) -> Archive | None:
    """The archive named, else the one of the settings where it exists. A name on the command line that
    leads nowhere is refused; the settings may name an archive that the first deposit will make."""
    if address:
        return operations.open_archive(address, only_existing=True)
    address = setting("ARCHIVE")
    return operations.open_archive(address, only_existing=True) if may_be_there(address) else None


def exit_for(findings: list[Finding]) -> None:
    """Exit code 1 when an error is among the findings."""
    if any(f.severity == "error" for f in findings):
        raise typer.Exit(1)
