"""Filings into the tables: which version each is, and whether it was there before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection, String, insert, select

from jixiao_xl.archive.schema import FACT, FILING
from jixiao_xl.model.content import content_digest, digest_before
from jixiao_xl.model.facts import Filing


@dataclass(frozen=True)
class Deposited:
    """What became of a deposit: the version it has, and whether it is new."""

    version: int
    is_new: bool
    newer: tuple[int, int] | None = None
    """Version and revision of the one that stays current, where this one is of a lower revision."""
    is_untouched: bool = False
    """It is the 退回 copy of that version as it went out: nothing was filed again."""


@dataclass
class _Versions:
    """What is archived of one unit, form, year and stage."""

    by_digest: dict[str, int]
    current: tuple[int, int] = (-1, 0)
    """Revision and version of the one that counts."""
    last: int = 0

    def add(self, digest: str, revision: int, version: int) -> None:
        self.by_digest.setdefault(digest, version)
        self.current = max(self.current, (revision, version))
        self.last = max(self.last, version)


def too_long(filing: Filing) -> tuple[str, str, int] | None:
    """What of the filing has no room in the tables: what it is, the text, and how many characters there may be.
    SQLite would take it; a server would refuse it together with every filing that is put away beside it."""
    stated = [("单位代码", filing.unit.key, FILING.c.unit_key), ("单位名称", filing.unit.name, FILING.c.unit_name)]
    stated += [("文件名", filing.book, FILING.c.book), *(("指标或项目名称", path, FACT.c.path) for path in filing.facts)]
    most = [(what, text, cast(String, column.type).length or len(text)) for what, text, column in stated]
    return next((each for each in most if len(each[1]) > each[2]), None)


def deposit_filings(connection: Connection, filings: Sequence[Filing], came: Mapping[str, dt.date]) -> list[Deposited]:
    """Put filings away, in this order, in the transaction that is open. `came` is the day of the file, by book."""
    known = _known(connection, filings)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    done, facts = [], []
    for filing in filings:
        digest = content_digest(filing)
        versions = known.setdefault(_place(filing), _Versions({}))
        revision, version = versions.current
        newer = (version, revision) if revision > filing.revision else None
        if (earlier := versions.by_digest.get(digest)) is not None:
            done.append(Deposited(earlier, False, newer))
            continue
        if (sent_back := versions.by_digest.get(digest_before(filing))) is not None:
            done.append(Deposited(sent_back, False, newer, is_untouched=True))
            continue
        result = connection.execute(insert(FILING), {
            "year": filing.year, "form": filing.form, "unit_key": filing.unit.key, "stage": filing.stage,
            "version": versions.last + 1, "edition": filing.edition, "unit_name": filing.unit.name,
            "revision": filing.revision, "digest": digest, "book": filing.book, "deposited_at": now,
            "came_on": came[filing.book].isoformat() if filing.book in came else "",
        })  # fmt: skip
        key = result.inserted_primary_key
        assert key is not None
        number = key[0]
        # by path, as the table keeps them
        facts += [(number, f.path, f.value, f.sheet, f.cell) for f in sorted(filing.facts.values(), key=lambda f: f.path)]
        versions.add(digest, filing.revision, versions.last + 1)
        done.append(Deposited(versions.last, True, newer))
    _insert_facts(connection, facts)
    return done


def _place(filing: Filing) -> tuple[int, str, str, str]:
    return filing.year, filing.form, filing.stage, filing.unit.key


def _known(connection: Connection, filings: Sequence[Filing]) -> dict[tuple[int, str, str, str], _Versions]:
    """What is archived of the units of these filings."""
    known: dict[tuple[int, str, str, str], _Versions] = {}
    for year, form, stage in dict.fromkeys(_place(filing)[:3] for filing in filings):
        keys = [filing.unit.key for filing in filings if _place(filing)[:3] == (year, form, stage)]
        query = select(FILING.c.unit_key, FILING.c.digest, FILING.c.revision, FILING.c.version).where(
            (FILING.c.year == year) & (FILING.c.form == form) & (FILING.c.stage == stage) & FILING.c.unit_key.in_(set(keys))
        )
        for row in connection.execute(query.order_by(FILING.c.version)):
            known.setdefault((year, form, stage, row.unit_key), _Versions({})).add(row.digest, row.revision, row.version)
    return known


def _insert_facts(connection: Connection, facts: list[tuple[int, str, str, str, str]]) -> None:
    if not facts:
        return
    statement = str(insert(FACT).compile(dialect=connection.dialect))
    if connection.dialect.positional:  # straight to the driver: a city files a million of them
        connection.exec_driver_sql(statement, facts)
    else:
        names = [column.name for column in FACT.c]
        connection.execute(insert(FACT), [dict(zip(names, fact, strict=True)) for fact in facts])
