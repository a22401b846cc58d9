"""Put a filing away, find it again. Old versions stay readable for ever."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Row, create_engine, event, func, insert, select
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from jixiao_xl.archive.schema import FACT, FILING, bring_up_to_date
from jixiao_xl.model.facts import Fact, Filing, Stage, Unit

LOCK_WAIT_S = 10
"""How long a locked SQLite file is waited for."""


class ArchiveUnusable(Exception):
    """The archive cannot be opened, read or written; `why` is the driver's own word."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(f"{address}: {why}")
        self.address, self.why = address, why


@dataclass(frozen=True)
class Deposited:
    """What became of a deposit: the version it has, and whether it is new."""

    version: int
    is_new: bool
    newer: tuple[int, int] | None = None
    """Version and revision of the one that stays current, where this one is of a lower revision."""


@dataclass(frozen=True)
class Entry:
    """One archived filing without its facts."""

    id: int
    form: str
    edition: str
    unit: Unit
    year: int
    stage: Stage
    version: int
    revision: int
    book: str
    deposited_at: str


def content_digest(filing: Filing) -> str:
    """What was filed, as 64 hex digits: the facts and the revision, not where they stood."""
    facts = sorted((fact.path, fact.value) for fact in filing.facts.values())
    told = json.dumps([filing.edition, filing.revision, filing.unit.name, facts], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


class Archive:
    """An archive at a path (SQLite) or a database URL (PostgreSQL)."""

    def __init__(self, address: str) -> None:
        self.address = address
        is_url = "://" in address
        try:
            if not is_url:
                Path(address).expanduser().absolute().parent.mkdir(parents=True, exist_ok=True)
            url = address if is_url else f"sqlite:///{Path(address).expanduser().absolute()}"
            if url.startswith(("postgres://", "postgresql://")):
                url = "postgresql+psycopg://" + url.partition("://")[2]
            self.engine = create_engine(url, connect_args={"timeout": LOCK_WAIT_S} if url.startswith("sqlite") else {})
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError, OSError) as error:
            raise ArchiveUnusable(address, str(error)) from error
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _sqlite_pragmas)
            event.listen(self.engine, "begin", _begin_immediate)

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A transaction on an up-to-date archive; raises ArchiveUnusable."""
        try:
            with self.engine.begin() as connection:
                bring_up_to_date(connection)
                yield connection
        except SQLAlchemyError as error:
            original = getattr(error, "orig", None) or error
            raise ArchiveUnusable(self.address, str(original).splitlines()[0]) from error

    # ---- writing -------------------------------------------------------------------
    def deposit(self, filing: Filing) -> Deposited:
        """Put a filing away. The same content twice changes nothing; other content is a new
        version. Raises ValueError without a unit key (the caller makes that a finding)."""
        if not filing.unit.key:
            raise ValueError("a deposit needs a unit key")
        for attempt in range(3):
            try:
                return self._deposit_once(filing)
            except ArchiveUnusable as error:
                # another clerk took the version number first: count again
                if attempt == 2 or not isinstance(error.__cause__, IntegrityError):
                    raise
        raise AssertionError("unreachable")

    def _deposit_once(self, filing: Filing) -> Deposited:
        digest = content_digest(filing)
        with self.connected() as connection:
            same_filing = (
                (FILING.c.year == filing.year) & (FILING.c.form == filing.form)
                & (FILING.c.unit_key == filing.unit.key) & (FILING.c.stage == filing.stage)
            )  # fmt: skip
            known = connection.execute(
                select(FILING.c.version).where(same_filing & (FILING.c.digest == digest))
            ).scalars().first()  # fmt: skip
            current = connection.execute(
                select(FILING.c.version, FILING.c.revision).where(same_filing)
                .order_by(FILING.c.revision.desc(), FILING.c.version.desc())
            ).first()  # fmt: skip
            newer = (current.version, current.revision) if current and current.revision > filing.revision else None
            if known is not None:
                return Deposited(known, False, newer)
            version = (connection.execute(select(func.max(FILING.c.version)).where(same_filing)).scalar() or 0) + 1
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            result = connection.execute(insert(FILING).values(
                year=filing.year, form=filing.form, unit_key=filing.unit.key, stage=filing.stage,
                version=version, edition=filing.edition, unit_name=filing.unit.name,
                revision=filing.revision, digest=digest, book=filing.book, deposited_at=now,
            ))  # fmt: skip
            key = result.inserted_primary_key
            assert key is not None
            rows = [
                {"filing_id": key[0], "path": f.path, "value": f.value, "sheet": f.sheet, "cell": f.cell}
                for f in filing.facts.values()
            ]
            if rows:
                connection.execute(insert(FACT), rows)
        return Deposited(version, True, newer)

    # ---- reading -------------------------------------------------------------------
    def entries(
        self, *, forms: Iterable[str] = (), unit_keys: Iterable[str] = (), year: int | None = None,
        stage: Stage | None = None, newest_only: bool = False,
    ) -> list[Entry]:  # fmt: skip
        """Archived filings, newest year and version first. The newest version is the one of the
        highest revision, then of the highest version."""
        query = select(FILING)
        if forms := tuple(forms):
            query = query.where(FILING.c.form.in_(forms))
        if unit_keys := tuple(unit_keys):
            query = query.where(FILING.c.unit_key.in_(unit_keys))
        if year is not None:
            query = query.where(FILING.c.year == year)
        if stage is not None:
            query = query.where(FILING.c.stage == stage)
        query = query.order_by(FILING.c.year.desc(), FILING.c.unit_key, FILING.c.form, FILING.c.stage,
                               FILING.c.revision.desc(), FILING.c.version.desc())  # fmt: skip
        with self.connected() as connection:
            found = [_entry(row) for row in connection.execute(query)]
        if newest_only:
            first: dict[tuple[object, ...], Entry] = {}
            for entry in found:
                first.setdefault((entry.year, entry.form, entry.unit.key, entry.stage), entry)
            return list(first.values())
        return found

    def filing(self, entry: Entry) -> Filing:
        """An archived filing with its facts."""
        query = select(FACT.c.path, FACT.c.value, FACT.c.sheet, FACT.c.cell).where(FACT.c.filing_id == entry.id)
        with self.connected() as connection:
            facts = {row.path: Fact(row.path, row.value, row.sheet, row.cell) for row in connection.execute(query)}
        return Filing(entry.form, entry.edition, entry.year, entry.stage, entry.unit, facts, entry.revision, entry.book)

    def history(self, unit_keys: Iterable[str], path: str) -> list[tuple[Entry, str]]:
        """Every value this unit ever stated for the path, newest first: of the highest revision, then version."""
        keys = tuple(unit_keys)
        query = (
            select(FILING, FACT.c.value).join(FACT, FACT.c.filing_id == FILING.c.id)
            .where(FILING.c.unit_key.in_(keys) & (FACT.c.path == path))
            .order_by(FILING.c.year.desc(), FILING.c.stage, FILING.c.revision.desc(), FILING.c.version.desc())
        )  # fmt: skip
        with self.connected() as connection:
            return [(_entry(row), row.value) for row in connection.execute(query)]


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        row.id, row.form, row.edition, Unit(row.unit_name, row.unit_key), row.year,
        cast(Stage, row.stage), row.version, row.revision, row.book, row.deposited_at,
    )  # fmt: skip


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin ourselves, so that two clerks queue up
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
