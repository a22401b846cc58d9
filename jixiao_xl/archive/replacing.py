"""Imported figures: what an import names is replaced whole, all else stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Table, and_, bindparam, delete, insert

from jixiao_xl.archive.store import Archive


def replace_rows(
    archive: Archive, table: Table, old: Sequence[Mapping[str, object]], new: Sequence[Mapping[str, object]]
) -> None:  # fmt: skip
    """Take out the rows with these values in these columns (the same ones in each), and put in the new ones."""
    with archive.connected() as connection:
        if old:
            same = and_(*(table.c[name] == bindparam(f"old_{name}") for name in old[0]))
            connection.execute(delete(table).where(same), [{f"old_{name}": value for name, value in each.items()} for each in old])
        if new:
            connection.execute(insert(table), list(new))
