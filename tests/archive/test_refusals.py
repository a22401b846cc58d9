"""An archive that refuses says why in Chinese, and what to do; the driver's English is for nobody."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from jixiao_xl import operations
from jixiao_xl.archive import store
from jixiao_xl.archive.refusals import refusal_of
from jixiao_xl.archive.store import Archive, ArchiveUnusable, Entry
from jixiao_xl.desk.archive_file import may_be_there
from jixiao_xl.hosts.cli_archive import archive_show
from jixiao_xl.model.facts import Filing, Unit
from tests.conftest import published
from tests.postgres import Postgres

FILING = published("ezhou_2025")


def refused(address: object) -> str:
    """What a clerk is told who deposits there."""
    with pytest.raises(operations.CannotRun) as stopped:
        archive = operations.open_archive(str(address), only_existing=True, try_writing=True)
        archive.deposit(FILING)
    (finding,) = stopped.value.findings
    assert finding.code == "ARC102"
    return finding.message() + finding.remedy()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    Archive(str(tmp_path / "a.sqlite")).deposit(FILING)
    return tmp_path / "a.sqlite"


# ---- SQLite ----------------------------------------------------------------------------
def test_a_colleague_who_writes_for_too_long(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LOCK_WAIT_S", 0.1)
    with sqlite3.connect(file) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "别人正在写" in refused(file) and "稍等" in refused(file)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_text("no database, and longer than a header of one" * 3)
    assert "不是数据库" in refused(tmp_path / "a.sqlite")


def test_a_damaged_file(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"\x07" * (len(whole) - 100))
    assert "已损坏" in refused(file) and "备份" in refused(file)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnusable, match="打不开这个文件"):
        Archive(str(tmp_path)).entries()


def test_a_disk_that_is_full(file: Path) -> None:
    archive = Archive(str(file))
    with archive.connected() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {connection.exec_driver_sql('PRAGMA page_count').scalar()}")
    with pytest.raises(ArchiveUnusable, match="磁盘已满"):
        archive.deposit(published("yangxin_2024"))


def test_one_that_may_only_be_read(file: Path) -> None:
    archive = Archive(str(file))
    with archive.reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only = 1")
    assert archive.entries()
    with pytest.raises(ArchiveUnusable, match="不能写"):
        archive.try_writing()


LATER = {
    "a column is called otherwise": "ALTER TABLE filing RENAME COLUMN digest TO content",
    "a column is gone": "ALTER TABLE filing DROP COLUMN book",
}


@pytest.mark.parametrize("change", LATER.values(), ids=LATER)
def test_an_archive_of_a_later_release_whose_tables_are_others(address: str, change: str) -> None:
    with Archive(address).connected() as connection:
        connection.exec_driver_sql(change)
    assert "和本程序用的不一样" in refused(address) and "升级" in refused(address)


def test_an_archive_of_a_later_release_that_wants_more(address: str) -> None:
    archive = Archive(address)
    with archive.connected() as connection:
        connection.exec_driver_sql("DROP TABLE fact")
        connection.exec_driver_sql(
            "CREATE TABLE fact (filing_id INTEGER, path TEXT, value TEXT, sheet TEXT, cell TEXT, seal TEXT NOT NULL)"
        )
    with pytest.raises(ArchiveUnusable, match="和本程序用的不一样"):
        archive.deposit(FILING)
    assert archive.entries() == []


@pytest.mark.parametrize("name", ["100%25.sqlite", "哪年?x=1.sqlite", "a#b.sqlite"])
def test_a_name_with_signs_that_mean_something_in_a_url_is_the_name_of_the_file(tmp_path: Path, name: str) -> None:
    assert Archive(str(tmp_path / name)).deposit(FILING).is_new
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_no_table_knows_is_said_in_chinese_around_the_words_of_the_driver() -> None:
    said = refusal_of(OperationalError("", {}, sqlite3.OperationalError("odd thing\nmore")))
    assert said.why == "数据库不接受这次读写（odd thing）" and "告诉管理员" in said.advice
    assert "OperationalError" in refusal_of(OperationalError("", {}, sqlite3.OperationalError())).why


def test_an_archive_that_goes_while_it_is_asked(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(Archive):
        def filing(self, entry: Entry) -> Filing:
            file.write_text("no database, and longer than a header of one" * 3)
            self.engine.dispose()
            return super().filing(entry)

    monkeypatch.setattr(operations, "open_archive", lambda address, **_: Gone(address))
    for asked in (lambda: operations.facts_frame(Gone(str(file))), lambda: archive_show("422801-101001", 2025, str(file))):
        file.unlink(missing_ok=True)
        Archive(str(file)).deposit(replace(FILING, unit=Unit("单位", "422801-101001")))
        with pytest.raises(operations.CannotRun) as stopped:
            asked()
        assert "不是数据库" in stopped.value.findings[0].message()


# ---- PostgreSQL ------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["postgresql://nobody@127.0.0.1:1/none", "postgresql://nobody@no.such.host/none"])
def test_no_server(address: str) -> None:
    assert "连不上数据库服务器" in refused(address) and "端口" in refused(address)


@pytest.mark.slow
def test_no_such_database_there(server: Postgres) -> None:
    assert "连不上数据库服务器" in refused(server.database() + "no")


@pytest.mark.slow
def test_a_database_that_cannot_keep_chinese(server: Postgres) -> None:
    archive = Archive(server.database("-E", "LATIN1", "-T", "template0", "--locale=C"))
    with pytest.raises(ArchiveUnusable, match="存不了汉字"):
        archive.deposit(FILING)


@pytest.mark.slow
def test_a_database_that_knows_no_encoding_keeps_chinese_all_the_same(server: Postgres) -> None:
    archive = Archive(server.database("-E", "SQL_ASCII", "-T", "template0", "--locale=C"))
    assert archive.deposit(FILING).is_new
    (entry,) = archive.entries()
    assert entry.unit == FILING.unit and archive.filing(entry).facts == FILING.facts


@pytest.mark.slow
def test_a_text_that_is_too_long_for_the_server(server: Postgres) -> None:
    archive = Archive(server.database())
    with pytest.raises(ArchiveUnusable, match="太长"):
        archive.deposit(replace(FILING, unit=Unit("长" * 300, FILING.unit.key)))


@pytest.mark.slow
def test_a_server_that_allows_no_long_question(server: Postgres) -> None:
    archive = Archive(server.database())
    with pytest.raises(ArchiveUnusable, match="允许的时间"), archive.connected() as connection:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 100")
        connection.exec_driver_sql("SELECT pg_sleep(5)")


@pytest.mark.slow
def test_a_server_that_only_answers_questions(server: Postgres) -> None:
    address = server.database()
    archive = Archive(address)
    archive.deposit(FILING)
    with archive.connected() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {address.rsplit('/', 1)[1]} SET default_transaction_read_only = on")
    assert len(operations.open_archive(address).entries()) == 1
    assert "只能看，不能写" in refused(address)


@pytest.mark.slow
def test_a_user_without_rights(server: Postgres) -> None:
    address = server.database()
    with Archive(address).connected() as connection:
        connection.exec_driver_sql("CREATE ROLE guest LOGIN")
    assert "没有权限" in refused(address.replace("jixiao@", "guest@"))


# ---- addresses -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("nosuch://x", "没有这种数据库"),
        ("postgresql://h:port/x", "地址写得不对"),
        ("/proc/none/a.sqlite", "没有这个"),
        ("长" * 300, "打不开"),
    ],
)
def test_an_address_that_cannot_be_meant(address: str, why: str) -> None:
    with pytest.raises(operations.CannotRun) as stopped:
        operations.open_archive(address)
    assert why in stopped.value.findings[0].message()


def test_trying_leaves_nothing_behind(address: str) -> None:
    archive = Archive(address)
    archive.deposit(FILING)
    archive.try_writing()
    with archive.reading() as connection:
        assert "?" not in connection.exec_driver_sql("SELECT name FROM schema_step").scalars().all()


def test_a_path_that_cannot_be_looked_at_is_left_to_who_opens_it(tmp_path: Path) -> None:
    assert may_be_there(str(tmp_path / ("长" * 300)))
    assert not may_be_there(str(tmp_path / "none")) and not may_be_there("~nobody-of-this-name/a.sqlite")
