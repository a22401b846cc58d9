"""The archive out of our hands: facts and reviews as CSV, Parquet or one workbook."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from jixiao_xl.archive.export import ExportTable, facts_table, reviews_table
from jixiao_xl.archive.store import Archive
from jixiao_xl.desk.opening import save
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.desk.outcomes import Exported, stop

if TYPE_CHECKING:
    import pandas as pd

Format = Literal["csv", "parquet", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)
_SHEETS = {"facts": "数据", "reviews": "审核"}


def format_of(out: Path, wanted: str) -> Format:
    """The format asked for, else the one that the file's name says; raises CannotRun for any other."""
    said = (wanted or out.suffix.removeprefix(".") or "csv").lower()
    for known in FORMATS:
        if said == known:
            return known
    raise stop("SYS908", what="格式", stated=said, advice=f"填 {'、'.join(FORMATS)} 中的一个。")


def export(archive: Archive, out: Path, wanted: str = "") -> Exported:
    """Facts to `out` and reviews beside it (`…_审核`); an .xlsx holds both. No existing file is replaced."""
    kind = format_of(out, wanted)
    beside = out.with_name(f"{out.stem}_审核{out.suffix}")
    for path in (out,) if kind == "xlsx" else (out, beside):
        if path.exists():
            raise stop("SYS904", file=str(path))
    with using_archive():
        facts, reviews = facts_table(archive), reviews_table(archive)
        if kind == "xlsx":
            from jixiao_xl.workbook.export_book import Table, tables_bytes

            tables = [Table(_SHEETS[one.name], one.headings, one.rows, one.numbers) for one in (facts, reviews)]
            content, (n_facts, n_reviews) = tables_bytes(tables)
            save(out, content)
            return Exported((out,), n_facts, n_reviews)
        written = _csv if kind == "csv" else _parquet
        (first, n_facts), (second, n_reviews) = written(facts), written(reviews)
    save(beside, second)
    save(out, first)
    return Exported((out, beside), n_facts, n_reviews)


def _csv(table: ExportTable) -> tuple[bytes, int]:
    """UTF-8 with BOM, so that Excel opens it."""
    stream, count = io.StringIO(), 0
    writer = csv.writer(stream)
    writer.writerow(table.headings)
    for row in table.rows:
        writer.writerow(row)
        count += 1
    return ("\ufeff" + stream.getvalue()).encode(), count


def _parquet(table: ExportTable) -> tuple[bytes, int]:
    from jixiao_xl.consolidate.frames import NoParquet, parquet_bytes, tidy_frame

    frame = tidy_frame(table.headings, table.rows, table.numbers)
    try:
        return parquet_bytes(frame), len(frame)
    except NoParquet:
        raise stop("SYS914", what="pyarrow", format="parquet") from None


def facts_frame(archive: Archive) -> pd.DataFrame:
    """Every fact as a tidy pandas DataFrame: unit, year, stage, path, value, number, measure and where it stands."""
    from jixiao_xl.consolidate.frames import tidy_frame

    table = facts_table(archive)
    with using_archive():
        return tidy_frame(table.headings, table.rows, table.numbers)
