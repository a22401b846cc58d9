"""Summary and archive as tidy pandas tables, for analysts. Imported by nobody on a clerk's or reviewer's path."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from jixiao_xl.consolidate.summary import Summary


class NoParquet(ImportError):
    """pandas finds no library that writes Parquet."""


def funds_frame(summary: Summary) -> pd.DataFrame:
    """The money lines as a tidy table: unit, path, amount (万元, None where missing), note."""
    rows = [
        {"unit_key": unit.key, "unit": unit.name, "path": line.path.text, "amount": own.amount, "note": own.note}
        for table in summary.money for line in table.lines
        for unit, own in zip(summary.units, line.amounts, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["unit_key", "unit", "path", "amount", "note"])


def tidy_frame(headings: Sequence[str], rows: Iterable[tuple[str, ...]], numbers: Collection[str]) -> pd.DataFrame:
    """The rows as text, the `numbers` as floating point: blank is NaN, never 0."""
    frame = pd.DataFrame.from_records(list(rows), columns=list(headings))
    for heading in frame.columns:
        frame[heading] = pd.to_numeric(frame[heading]).astype("float64") if heading in numbers else frame[heading].astype("string")
    return frame


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """The frame as a Parquet file; raises NoParquet."""
    stream = io.BytesIO()
    try:
        frame.to_parquet(stream, engine="pyarrow", index=False)
    except ImportError as error:
        raise NoParquet(str(error)) from error
    return stream.getvalue()
