"""The tables of the archive, and the steps that bring an older one up to date.

A filing is one row, its facts hang on its id: filings of one year stand together, and the key
of a fact stays two columns wide. Amounts are kept as the exact text that was printed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    insert,
    inspect,
    select,
)

METADATA = MetaData()

STEP = Table(
    "schema_step", METADATA,
    Column("name", String(40), primary_key=True),
    Column("applied_at", String(32), nullable=False),
)  # fmt: skip

FILING = Table(
    "filing", METADATA,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("form", String(80), nullable=False),
    Column("unit_key", String(64), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("edition", String(16), nullable=False),
    Column("unit_name", String(200), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("book", String(300), nullable=False),
    Column("deposited_at", String(32), nullable=False),
    Column("came_on", String(10), nullable=False, server_default=""),
    UniqueConstraint("year", "form", "unit_key", "stage", "version"),
)  # fmt: skip
Index("filing_of_unit", FILING.c.unit_key, FILING.c.year)

FACT = Table(
    "fact", METADATA,
    Column("filing_id", Integer, ForeignKey("filing.id"), primary_key=True),
    Column("path", String(500), primary_key=True),
    Column("value", String, nullable=False),
    Column("sheet", String(64), nullable=False),
    Column("cell", String(16), nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip


BUDGET = Table(
    "budget", METADATA,
    Column("year", Integer, primary_key=True),
    Column("unit_key", String(64), primary_key=True),
    Column("project", String(200), primary_key=True),
    Column("amount", String(40), nullable=False),
    Column("source", String(300), nullable=False),
    Column("imported_at", String(32), nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip


EXECUTION = Table(
    "execution", METADATA,
    Column("year", Integer, primary_key=True),
    Column("unit_key", String(64), primary_key=True),
    Column("month", Integer, primary_key=True),
    Column("budget", String(40)),
    Column("adjusted", String(40)),
    Column("executed", String(40)),
    Column("source", String(300), nullable=False),
    Column("place", String(100), nullable=False),
    Column("imported_at", String(32), nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
"""执行数 up to the end of a month, with 年初预算 and 调整后预算, in 万元 as exact text; a null is not known. `place`
is the cell that it was read at."""


REVIEW = Table(
    "review", METADATA,
    Column("year", Integer, primary_key=True),
    Column("form", String(80), primary_key=True),
    Column("unit_key", String(64), primary_key=True),
    Column("stage", String(16), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("about", String(600), nullable=False),
    Column("value", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("by_whom", String(100), nullable=False),
    Column("on_date", String(32), nullable=False),
    Column("recorded_at", String(32), nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
"""审核, only ever added to: `kind` is state, opinion, conclusion or inclusion, `value` its words as JSON."""


RENAME = Table(
    "unit_rename", METADATA,
    Column("old_key", String(64), primary_key=True),
    Column("new_key", String(64), nullable=False),
    Column("old_name", String(200), nullable=False),
    Column("recorded_on", String(10), nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
"""曾用代码: the one code that took the place of an old one; several old ones of one code are a merger."""


READING = Table(
    "reading", METADATA,
    Column("digest", String(64), primary_key=True),
    Column("basis", String(200), nullable=False),
    Column("form", String(80), nullable=False),
    Column("edition", String(16), nullable=False),
    Column("year", Integer, nullable=False),
    Column("unit_key", String(64), nullable=False),
    Column("said", LargeBinary, nullable=False),
    Column("rest", LargeBinary, nullable=False),
)  # fmt: skip
"""What a file gave, by the digest of its bytes, so that it is read once. `basis` is what else decides: program,
definition, rule pack, approved budget."""

SEEN_FILE = Table(
    "seen_file", METADATA,
    Column("place", String(64), primary_key=True),
    Column("stamp", String(120), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("seen_at_ns", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
"""Which content a file had when it was last read: a hint that spares the reading of one that did not change."""


def _first_tables(connection: Connection) -> None:
    METADATA.create_all(connection, tables=[FILING, FACT])


def _approved_budget(connection: Connection) -> None:
    METADATA.create_all(connection, tables=[BUDGET])


def _review(connection: Connection) -> None:
    METADATA.create_all(connection, tables=[REVIEW])


def _unit_rename(connection: Connection) -> None:
    METADATA.create_all(connection, tables=[RENAME])


def _execution(connection: Connection) -> None:
    METADATA.create_all(connection, tables=[EXECUTION])


def _readings(connection: Connection) -> None:
    METADATA.create_all(connection, tables=[READING, SEEN_FILE])


def _day_of_the_file(connection: Connection) -> None:
    """`filing.came_on`: the day of the file, where it is earlier than its registration."""
    if "came_on" not in {column["name"] for column in inspect(connection).get_columns(FILING.name)}:
        connection.exec_driver_sql("ALTER TABLE filing ADD COLUMN came_on VARCHAR(10) NOT NULL DEFAULT ''")


STEPS: tuple[tuple[str, Callable[[Connection], None]], ...] = (
    ("2026-11 first tables", _first_tables),
    ("2026-11 approved budget", _approved_budget),
    ("2026-11 review", _review),
    ("2026-11 readings", _readings),
    ("2026-11 unit rename", _unit_rename),
    ("2026-11 day of the file", _day_of_the_file),
    ("2026-11 execution", _execution),
)


def pending(connection: Connection) -> list[str]:
    """The steps not yet applied. This is a read-only operation."""
    if not inspect(connection).has_table(STEP.name):
        return [name for name, _ in STEPS]
    done = set(connection.execute(select(STEP.c.name)).scalars())
    return [name for name, _ in STEPS if name not in done]


def bring_up_to_date(connection: Connection) -> None:
    """Apply what is pending, each step once, recorded."""
    waiting = pending(connection)
    if not waiting:
        return
    METADATA.create_all(connection, tables=[STEP])
    for name, step in STEPS:
        if name in waiting:
            step(connection)
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            connection.execute(insert(STEP).values(name=name, applied_at=now))
