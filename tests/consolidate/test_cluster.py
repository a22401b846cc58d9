"""汇总 with the reading on a real Dask cluster: the same values, whatever dies; and what stops it is said."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from distributed import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao_xl import operations
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.desk import reading_cluster, reading_pool
from jixiao_xl.desk.cluster_worker import program_here, read_shipped
from jixiao_xl.desk.gathering import gather
from jixiao_xl.desk.one_file import Task
from jixiao_xl.desk.reading_cluster import read_all_on
from jixiao_xl.hosts.arguments import scheduler_meant
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import row_and_column
from tests.benchmarks.city_books import book_of
from tests.consolidate.city import bad_files, unit_number, values
from tests.consolidate.poison import Poisonous
from tests.dask_cluster import ROOT, WITHOUT_US, Cluster, cluster
from tests.hosts.test_cli import jixiao

needs_kill = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A worker that dies is started again, and a task may cost one."""
    with cluster(tmp_path_factory.mktemp("dask"), allowed_failures=1) as started:
        started.add_workers(2)
        yield started


def tasks_of(folder: Path) -> list[Task]:
    return [Task(str(path), path.name) for path in sorted(folder.iterdir())]


def refused(scheduler: str, folder: Path) -> tuple[Finding, ...]:
    """Why nothing was read there."""
    with pytest.raises(operations.CannotRun) as stopped:
        list(read_all_on(scheduler, tasks_of(folder), {}))
    return stopped.value.findings


# ---- four ways to the same values ----------------------------------------------------------
def naive_totals(folder: Path) -> pd.DataFrame:
    """What anybody with pandas does: the same sheet of every file, number on number."""
    total: pd.DataFrame | None = None
    for path in folder.glob("*.xlsx"):
        sheet = pd.read_excel(path, sheet_name="资金情况", header=None, engine="openpyxl")
        exact = sheet.map(lambda value: Decimal(str(value)) if isinstance(value, int | float) and value == value else Decimal(0))
        total = exact if total is None else total + exact
    assert total is not None
    return total


def sum_under_names(order: Sequence[int], scheduler: str = "") -> tuple[Summary, pd.DataFrame]:
    """Four submissions that are called, and so handed out, in this order; and what pandas makes of them."""
    with TemporaryDirectory() as name:
        for place, n in enumerate(order):
            (Path(name) / f"{place}.xlsx").write_bytes(book_of(unit_number(n)))
        naive = naive_totals(Path(name))
        return operations.consolidate(Path(name), Path(name) / "汇总.xlsx", scheduler=scheduler), naive


@cache
def values_of_one_machine(few: int) -> dict[str, object]:
    """Of the same four: one after the other, or, above so few, in processes."""
    with pytest.MonkeyPatch.context() as smaller:
        smaller.setattr(reading_pool, "FEW", few)
        smaller.setattr(reading_pool, "CHUNK", 1)
        return values(sum_under_names(range(4))[0])


@settings(max_examples=3, deadline=None)
@given(order=st.permutations(range(4)))
def test_cluster_processes_sequence_and_pandas_agree_in_whatever_order(two_workers: Cluster, order: list[int]) -> None:
    with pytest.MonkeyPatch.context() as smaller:
        smaller.setattr(reading_cluster, "CHUNK", 1)
        on_cluster, naive = sum_under_names(order, two_workers.url)
    assert values(on_cluster) == values_of_one_machine(4) == values_of_one_machine(3)
    used = on_cluster.units[0].used
    assert used is not None
    lines = [line for money in on_cluster.money for line in money.lines]
    assert [naive.iat[row_and_column(used.places[line.path.text].cell)] for line in lines] == [line.total for line in lines]
    assert len(lines) == 24


def test_bad_files_are_named_as_they_are_on_one_machine(two_workers: Cluster, tmp_path: Path) -> None:
    for name, (content, _) in bad_files(book_of(unit_number(0))).items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "好的.xlsx").write_bytes(book_of(unit_number(0)))
    (tmp_path / "太大.xlsx").write_bytes(b"PK\3\4" + bytes(30_000_001))
    here = operations.consolidate(tmp_path, tmp_path.parent / "本机.xlsx")
    there = operations.consolidate(tmp_path, tmp_path.parent / "集群.xlsx", scheduler=two_workers.url)
    assert [f.message() for f in there.findings] == [f.message() for f in here.findings]
    assert len(there.units) == 1


def test_what_a_cluster_has_read_is_in_the_archive_and_not_read_again(two_workers: Cluster, city: Path, tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    operations.consolidate(city, tmp_path / "汇总.xlsx", archive=archive, scheduler=two_workers.url)
    assert len(archive.entries()) == 12
    assert gather(city, set(), operations.quiet, archive).read == 0


def test_definitions_and_packs_of_ones_own_go_with_the_files(
    two_workers: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hubei.toml").write_text(
        'extends = "hubei"\nid = "hubei"\nversion = "2027.9"\nsource = "试"\n[severity]\nFND201 = "off"\n', "utf-8"
    )
    shipped = ROOT / "jixiao_xl" / "forms" / "definitions" / "hubei.dept_overall.2025.toml"
    (tmp_path / "forms").mkdir()
    own_form = shipped.read_text("utf-8").replace('edition   = "2025"', 'edition   = "2031"')
    (tmp_path / "forms" / "own.toml").write_text(own_form, "utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.xlsx").write_bytes(book_of(5))
    assert "FND201" in {f.code for f in operations.check(tmp_path / "in" / "1.xlsx").findings}
    monkeypatch.setenv("JIXIAO_PACKS", str(tmp_path))
    monkeypatch.setenv("JIXIAO_FORMS", str(tmp_path / "forms"))
    operations.make_template("hubei.dept_overall.2031", 2031, tmp_path / "in" / "2.xlsx", stage="declaration")
    (tmp_path / "in" / "3.xlsx").write_bytes(b"no form that anybody knows")
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    pile = gather(tmp_path / "in", set(), operations.quiet, archive, scheduler=two_workers.url)
    assert [(r.filing.edition, r.book) for r in pile.received] == [("2025", "1.xlsx"), ("2031", "2.xlsx")]
    assert "FND201" not in {f.code for r in pile.received for f in r.findings}
    assert gather(tmp_path / "in", set(), operations.quiet, archive).read == 0, "read on the basis of this machine"


# ---- what dies ---------------------------------------------------------------------------
@needs_kill
def test_a_worker_killed_in_the_middle_loses_nothing(
    two_workers: Cluster, city: Path, sequential: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_cluster, "CHUNK", 2)
    killed: list[int] = []

    def kill_one(_what: str, done: int, _total: int) -> None:
        if done == 2 and not killed:
            with Client(two_workers.url, set_as_default=False) as client:
                killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    summary = operations.consolidate(city, tmp_path / "汇总.xlsx", scheduler=two_workers.url, progress=kill_one)
    assert killed and values(summary) == values(sequential)
    assert summary.findings == sequential.findings


@needs_kill
def test_a_file_that_kills_every_worker_costs_only_itself(two_workers: Cluster, city: Path) -> None:
    killer = f"429900-S{unit_number(5):03d}"
    done = {d.name: d for d in read_all_on(two_workers.url, tasks_of(city), Poisonous(killer))}
    assert len(done) == 12
    (lost,) = [d for d in done.values() if d.compact is None]
    assert lost.name == "005.xlsx" and "弄停" in lost.refused[0].message()


def test_cancelling_takes_the_files_back_from_the_cluster_and_leaves_the_old_summary(
    two_workers: Cluster, city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_cluster, "CHUNK", 1)
    out = tmp_path / "汇总.xlsx"
    operations.consolidate(city, out, scheduler=two_workers.url)
    old = out.read_bytes()

    def impatient(_what: str, done: int, _total: int) -> None:
        if done == 4:
            raise operations.Cancelled

    with pytest.raises(operations.Cancelled):
        operations.consolidate(city, out, scheduler=two_workers.url, progress=impatient)
    assert out.read_bytes() == old
    with Client(two_workers.url, set_as_default=False) as client:
        assert client.run_on_scheduler(lambda dask_scheduler: sum(bool(t.who_wants) for t in dask_scheduler.tasks.values())) == 0


# ---- what stops it -----------------------------------------------------------------------
def test_a_scheduler_that_is_not_there_or_has_no_workers_or_goes_away_is_said(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_cluster, "CONNECT_S", 2)
    monkeypatch.setattr(reading_cluster, "PATIENCE_S", 1)
    monkeypatch.setattr(reading_cluster, "CHUNK", 1)
    with cluster(tmp_path) as alone:
        (nobody,) = refused(alone.url, city)
        assert nobody.code == "SYS912" and "没有工作进程" in nobody.message()
        alone.add_workers(nanny=False)
        monkeypatch.setattr(reading_cluster, "PATIENCE_S", 30)
        reading = read_all_on(alone.url, tasks_of(city), {})
        assert next(reading).compact is not None
        alone.end_scheduler()
        with pytest.raises(operations.CannotRun) as stopped:
            list(reading)
        assert stopped.value.findings[0].code == "SYS912" and "连接断了" in stopped.value.findings[0].message()
    (gone,) = refused(alone.url, city)
    assert gone.code == "SYS912" and "连不上" in gone.message() and "dask scheduler" in gone.remedy()


def test_workers_with_another_program_or_none_read_nothing_even_when_they_come_later(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    shutil.copytree(ROOT / "jixiao_xl", other / "jixiao_xl", ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "jixiao_xl" / "rules" / "packs" / "hubei.toml").open("a", encoding="utf-8") as pack:
        pack.write("# another threshold\n")
    monkeypatch.setattr(reading_cluster, "CHUNK", 1)
    monkeypatch.setattr(reading_cluster, "LOOK_S", 0)
    with cluster(tmp_path) as mixed:
        mixed.add_workers(nanny=False)
        reading = read_all_on(mixed.url, tasks_of(city), {})
        assert next(reading).compact is not None
        mixed.add_workers(nanny=False, before=WITHOUT_US)
        mixed.wait_for(2)
        with pytest.raises(operations.CannotRun) as late:
            list(reading)
        assert late.value.findings[0].code == "SYS913" and "后加入的工作进程 没有装本程序" in late.value.findings[0].message()
        mixed.add_workers(nanny=False, given={"PYTHONPATH": str(other)})
        mixed.wait_for(3)
        found = [f.message() for f in refused(mixed.url, city)]
    assert len(found) == 2 and any("装的是 " in said for said in found) and any("没有装本程序" in said for said in found)


def test_a_worker_asked_by_another_program_answers_with_its_own() -> None:
    assert read_shipped(("0.0.9", "another digest"), b"not unpacked", b"neither") == program_here()


def test_without_the_extra_it_is_said_what_to_install(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    (lacking,) = refused("tcp://127.0.0.1:1", city)
    assert lacking.code == "SYS912" and "pip install '.[cluster]'" in lacking.remedy()


def test_an_encrypted_address_needs_certificates_here(city: Path) -> None:
    (lacking,) = refused("tls://127.0.0.1:8786", city)
    assert lacking.code == "SYS912" and "证书" in lacking.message()


def test_the_option_on_the_command_line(two_workers: Cluster, city: Path, tmp_path: Path) -> None:
    done = jixiao("consolidate", city, "-o", tmp_path / "汇总.xlsx", "--scheduler", two_workers.url)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "汇总.xlsx").exists()


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "http://dask:8786", "tcp://dask", "tcp://dask:port"])
def test_an_address_that_is_none_is_refused_before_anything_is_read(address: str) -> None:
    with pytest.raises(operations.CannotRun) as stopped:
        scheduler_meant(address)
    assert stopped.value.findings[0].code == "SYS908" and address in stopped.value.findings[0].message()
    assert [scheduler_meant(good) for good in ("", "tcp://dask:8786", "tls://10.1.2.3:8786")] == [
        "",
        "tcp://dask:8786",
        "tls://10.1.2.3:8786",
    ]
