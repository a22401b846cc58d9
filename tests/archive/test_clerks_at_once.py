"""Several clerks write to one archive at the same moment: they queue up, and nobody loses anything."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import insert

from jixiao_xl import operations
from jixiao_xl.archive import store
from jixiao_xl.archive.approved import all_budgets
from jixiao_xl.archive.arrivals import arrivals
from jixiao_xl.archive.executed import executed_before, executed_years, executions
from jixiao_xl.archive.readings import StoredReading, count_readings, has_readings, keep_readings
from jixiao_xl.archive.renames import renames
from jixiao_xl.archive.reviews import reviews_for
from jixiao_xl.archive.schema import READING
from jixiao_xl.archive.store import Archive, ArchiveUnusable
from jixiao_xl.model.facts import Fact, Unit
from tests.conftest import published
from tests.consolidate.city import put_city, values
from tests.postgres import Postgres

PATIENCE = 120
EZHOU = "420700-S001"
READ = StoredReading("a" * 64, "basis", "hubei.dept_overall", "2025", 2025, "420700-S001", b"said", b"rest")


@pytest.fixture
def two_clerks() -> Iterator[ProcessPoolExecutor]:
    """Two processes, as two clerks at two machines."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as clerks:
        yield clerks


def _deposit_many(address: str, first: int) -> int:
    archive = Archive(address)
    for n in range(first, first + 12):
        filing = published("xinzhou_2020")
        archive.deposit(replace(filing, unit=Unit("同一单位", "420117-S009"), facts={"cover.filler": Fact("cover.filler", str(n))}))
        archive.deposit(replace(filing, unit=Unit(f"单位{n}", f"420117-{n}")))
    return os.getpid()


def test_two_clerks_depositing_at_once_lose_nothing(address: str, two_clerks: ProcessPoolExecutor) -> None:
    list(two_clerks.map(_deposit_many, [address] * 2, [0, 100], timeout=PATIENCE))
    entries = Archive(address).entries()
    assert len({e.unit.key for e in entries}) == 25
    assert sorted(e.version for e in entries if e.unit.key == "420117-S009") == list(range(1, 25))


def _consolidated(address: str, folder: Path, out: Path) -> dict[str, object]:
    return values(operations.consolidate(folder, out, archive=operations.open_archive(address)))


def test_two_clerks_consolidating_at_once_get_the_values_of_one(
    address: str, two_clerks: ProcessPoolExecutor, tmp_path: Path
) -> None:
    put_city(8, tmp_path / "报送")
    alone = values(operations.consolidate(tmp_path / "报送", tmp_path / "独.xlsx"))
    books = [tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"]
    assert list(two_clerks.map(_consolidated, [address] * 2, [tmp_path / "报送"] * 2, books, timeout=PATIENCE)) == [alone, alone]
    entries = Archive(address).entries()
    assert len(entries) == 8 and {e.version for e in entries} == {1}


def test_eight_clerks_may_open_an_archive_that_nobody_opened_before(address: str) -> None:
    with ThreadPoolExecutor(8) as clerks:
        assert list(clerks.map(lambda _: Archive(address).entries(), range(8), timeout=PATIENCE)) == [[]] * 8


def test_who_writes_what_another_is_writing_waits_and_then_sees_it(address: str) -> None:
    first, second = Archive(address), Archive(address)
    first.entries()
    with ThreadPoolExecutor(1) as other:
        with first.connected() as connection:
            connection.execute(insert(READING), vars(READ))
            late = other.submit(keep_readings, second, [READ], [])
            with pytest.raises(TimeoutError):
                late.result(0.5)
        late.result(PATIENCE)
    assert count_readings(first) == 1


def test_who_waits_too_long_on_postgresql_is_told(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "QUEUE_WAIT_S", 1)
    address = server.database()
    first, second = Archive(address), Archive(address)
    first.entries()
    with first.connected():
        assert second.entries() == [], "who only reads does not wait"
        with pytest.raises(ArchiveUnusable, match="别人正在写"):
            second.deposit(published("ezhou_2025"))
    assert second.deposit(published("ezhou_2025")).is_new


@pytest.mark.slow
@pytest.mark.parametrize("isolation", ["repeatable read", "serializable"])
def test_who_waited_sees_what_the_first_wrote_however_the_server_is_set(
    server: Postgres, two_clerks: ProcessPoolExecutor, isolation: str
) -> None:
    address = server.database()
    with Archive(address).connected() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {address.rsplit('/', 1)[1]} SET default_transaction_isolation = '{isolation}'")
    list(two_clerks.map(_deposit_many, [address] * 2, [0, 100], timeout=PATIENCE))
    versions = sorted(e.version for e in Archive(address).entries() if e.unit.key == "420117-S009")
    assert versions == list(range(1, 25))


@pytest.mark.slow
def test_who_waits_is_not_stopped_by_the_servers_limit_for_a_question(server: Postgres) -> None:
    address = server.database()
    first = Archive(address)
    with first.connected() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {address.rsplit('/', 1)[1]} SET statement_timeout = 200")
    with ThreadPoolExecutor(1) as other:
        with first.connected():
            late = other.submit(Archive(address).deposit, published("ezhou_2025"))
            with pytest.raises(TimeoutError):
                late.result(1)
        assert late.result(PATIENCE).is_new


@pytest.mark.slow
def test_a_connection_that_was_cut_while_nobody_asked_is_made_anew(server: Postgres) -> None:
    address = server.database()
    archive = Archive(address)
    assert archive.entries() == []
    with Archive(address).connected() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert archive.deposit(published("ezhou_2025")).is_new


@pytest.mark.slow
def test_a_network_that_is_gone_is_noticed_unless_the_address_says_how_long_to_wait(server: Postgres) -> None:
    with Archive(server.database() + "?connect_timeout=7").reading() as connection:
        said = connection.connection.driver_connection.info.get_parameters()  # type: ignore[union-attr]
    assert said["connect_timeout"] == "7"
    assert {name: said[name] for name in ("keepalives_idle", "keepalives_count")} == {
        "keepalives_idle": "30",
        "keepalives_count": "3",
    }


ASKED: dict[str, Callable[[Archive], object]] = {
    "filings": lambda archive: archive.entries(),
    "contents": lambda archive: archive.contents("hubei.dept_overall", 2025, "declaration"),
    "history": lambda archive: archive.history([EZHOU], "cover.filler"),
    "months": lambda archive: executions(archive, [EZHOU], 2025),
    "months of all": lambda archive: executed_before(archive, 2025),
    "years": lambda archive: executed_years(archive, [EZHOU]),
    "budgets": all_budgets,
    "renames": renames,
    "arrivals": lambda archive: arrivals(archive, "hubei.dept_overall", 2025, "declaration"),
    "reviews": lambda archive: reviews_for(archive, "hubei.dept_overall", 2025, "declaration"),
    "readings": has_readings,
}


@pytest.mark.parametrize("asked", ASKED)
def test_who_only_asks_waits_for_nobody(address: str, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "QUEUE_WAIT_S", 1)
    monkeypatch.setattr(store, "LOCK_WAIT_S", 1)
    Archive(address).entries()
    with Archive(address).connected():
        assert not ASKED[asked](Archive(address))
