"""Put a filing away, find it again. Old versions stay readable for ever."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, Row, create_engine, event, insert, make_url, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from jixiao_xl.archive.depositing import Deposited as Deposited
from jixiao_xl.archive.depositing import deposit_filings
from jixiao_xl.archive.refusals import refusal_of
from jixiao_xl.archive.schema import FACT, FILING, STEP, bring_up_to_date, pending
from jixiao_xl.model.addresses import is_url, without_password
from jixiao_xl.model.content import content_digest as content_digest
from jixiao_xl.model.facts import Fact, Filing, Stage, Unit
from jixiao_xl.model.home import from_home

NO_DAYS: Mapping[str, dt.date] = MappingProxyType({})
READS = "jixiao_reads"
"""The option of a connection that will not write."""
LOCK_WAIT_S = 10
"""How long a locked SQLite file is waited for."""
ANSWER_WAIT_S = 30
"""How long a server is waited for that does not answer at all."""
PATIENCE = MappingProxyType({
    "connect_timeout": ANSWER_WAIT_S, "keepalives_idle": ANSWER_WAIT_S, "keepalives_interval": 10, "keepalives_count": 3,
    "tcp_user_timeout": 1000 * (ANSWER_WAIT_S + 3 * 10),
})  # fmt: skip
"""So that a network that is gone is noticed within a minute, not after hours; what the address says itself goes first."""
QUEUE_WAIT_S = 60
"""How long a clerk waits for those who write to PostgreSQL before."""
WRITER = 0x6A69_7869_616F
"""The advisory lock of the one who writes to PostgreSQL: `jixiao` as a number."""

for _library in ("psycopg", "sqlalchemy"):  # what they mutter about a lost connection is said by us
    logging.getLogger(_library).addHandler(logging.NullHandler())


class ArchiveUnusable(Exception):
    """The archive cannot be opened, read or written; `why` and `advice` are for the one who wanted it."""

    def __init__(self, address: str, why: str, advice: str) -> None:
        super().__init__(address, why, advice)  # as given, so that it survives the way from another process
        self.address, self.why, self.advice = address, why, advice

    def __str__(self) -> str:
        return f"{without_password(self.address)}: {self.why}"


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


class Archive:
    """An archive at a path (SQLite) or a database URL (PostgreSQL)."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._is_current = False
        try:
            self.engine = _engine(address)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError, OSError) as error:
            raise ArchiveUnusable(address, *refusal_of(error)) from error
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _sqlite_pragmas)
            event.listen(self.engine, "begin", _begin)
        elif self.engine.dialect.name == "postgresql":
            event.listen(self.engine, "begin", _queue_up)

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A transaction on an up-to-date archive. Who writes is alone with it: others wait for their turn, so
        that what one has looked up stays so until it is written. Raises ArchiveUnusable."""
        try:
            with self.engine.begin() as connection:
                if not self._is_current:
                    bring_up_to_date(connection)
                yield connection
            self._is_current = True
        except SQLAlchemyError as error:
            raise self._unusable(error) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only asks, on an up-to-date archive: beside a writer, but for the moment in which that one
        commits. Keep it short. Raises ArchiveUnusable."""
        try:
            with self._asking() as connection:
                if not self._is_current:
                    self._is_current = not pending(connection)
                if self._is_current:
                    yield connection
                    return
            with self.connected():
                pass  # brings it up to date
            with self._asking() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise self._unusable(error) from error

    @contextmanager
    def _asking(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            connection = connection.execution_options(**{READS: True})
            with connection.begin():
                yield connection

    def _unusable(self, error: SQLAlchemyError) -> ArchiveUnusable:
        return ArchiveUnusable(self.address, *refusal_of(error))

    def try_writing(self) -> None:
        """Raises ArchiveUnusable where nothing can be written; leaves nothing behind."""
        with self.connected() as connection:
            attempt = connection.begin_nested()
            connection.execute(insert(STEP).values(name="?", applied_at=""))
            attempt.rollback()

    # ---- writing -------------------------------------------------------------------
    def deposit(self, filing: Filing, came: Mapping[str, dt.date] = NO_DAYS) -> Deposited:
        """Put a filing away. The same content twice changes nothing; other content is a new
        version. Raises ValueError without a unit key (the caller makes that a finding)."""
        return self.deposit_all((filing,), came)[0]

    def deposit_all(self, filings: Sequence[Filing], came: Mapping[str, dt.date] = NO_DAYS) -> list[Deposited]:
        """Several filings in one transaction, each as `deposit` does it: all of them or none. `came` is the day
        of each file by book, where that is earlier than today."""
        if not all(filing.unit.key for filing in filings):
            raise ValueError("a deposit needs a unit key")
        with self.connected() as connection:
            return deposit_filings(connection, filings, came)

    def contents(self, form: str, year: int, stage: Stage) -> dict[tuple[str, str], int]:
        """The versions archived of one form, year and stage, by unit key and content digest."""
        query = select(FILING.c.unit_key, FILING.c.digest, FILING.c.version).where(
            (FILING.c.form == form) & (FILING.c.year == year) & (FILING.c.stage == stage)
        )
        with self.reading() as connection:
            return {(row.unit_key, row.digest): row.version for row in connection.execute(query)}

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
        with self.reading() as connection:
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
        with self.reading() as connection:
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
        with self.reading() as connection:
            return [(_entry(row), row.value) for row in connection.execute(query)]


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        row.id, row.form, row.edition, Unit(row.unit_name, row.unit_key), row.year,
        cast(Stage, row.stage), row.version, row.revision, row.book, row.deposited_at,
    )  # fmt: skip


def _engine(address: str) -> Engine:
    """The database that is meant; a file's folder is made. Nothing is asked of it yet."""
    if not is_url(address):
        path = from_home(address).absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        return create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": LOCK_WAIT_S})
    if not address.startswith(("postgres://", "postgresql://", "postgresql+psycopg://")):
        return create_engine(address, connect_args={"timeout": LOCK_WAIT_S} if address.startswith("sqlite") else {})
    url = make_url("postgresql+psycopg://" + address.partition("://")[2])
    return create_engine(
        url,
        pool_pre_ping=True,  # a connection that was cut while files were read is made anew
        isolation_level="READ COMMITTED",  # else who waited for a writer does not see what that one wrote
        connect_args={"client_encoding": "utf8"} | {name: value for name, value in PATIENCE.items() if name not in url.query},
    )


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin ourselves, so that two clerks queue up
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Connection) -> None:
    """Who writes takes the archive at once, so that two clerks queue up; who reads takes nothing that a writer wants."""
    connection.exec_driver_sql("BEGIN" if _only_reads(connection) else "BEGIN IMMEDIATE")


def _queue_up(connection: Connection) -> None:
    """The same on PostgreSQL, where two writers of the same row would else fail or wait for each other for ever."""
    if not _only_reads(connection):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{QUEUE_WAIT_S}s'")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # to wait is no slow question
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER})")
        connection.exec_driver_sql("SET LOCAL statement_timeout TO DEFAULT")


def _only_reads(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(READS, False))
