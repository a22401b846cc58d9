"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from jixiao_xl import operations
from jixiao_xl.archive.store import Archive
from jixiao_xl.model.findings import Finding

ENVIRONMENT = "JIXIAO_ARCHIVE"
Out = Annotated[Path, typer.Option("-o", "--out", help="写到哪个文件(已有的文件不覆盖)。")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
ArchiveAddress = Annotated[
    str, typer.Option("--archive", envvar=ENVIRONMENT, help="历年数据库:文件路径(SQLite)或 PostgreSQL 地址。")
]
ArchiveIfThere = Annotated[str, typer.Option("--archive", envvar=ENVIRONMENT, help="历年数据库;不写则用默认的(有的话)。")]
DEFAULT_ARCHIVE = str(Path.home() / "jixiao" / "archive.sqlite")


def archive_if_there(address: str) -> Archive | None:
    """The archive named, else the default one where it exists. A name on the command line that leads
    nowhere is refused; the environment may name an archive that the first deposit will make."""
    if address and (address != os.environ.get(ENVIRONMENT) or "://" in address or Path(address).expanduser().is_file()):
        return operations.open_archive(address, only_existing=True)
    if address:
        return None
    return operations.open_archive(DEFAULT_ARCHIVE) if Path(DEFAULT_ARCHIVE).is_file() else None


def exit_for(findings: list[Finding]) -> None:
    """Exit code 1 when an error is among the findings."""
    if any(f.severity == "error" for f in findings):
        raise typer.Exit(1)
