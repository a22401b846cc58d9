"""The engine of 汇总: however the files are read, in whatever order, beside whatever bad file, the sums are the same."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao_xl import operations
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.desk import reading_pool
from jixiao_xl.desk.one_file import Task
from jixiao_xl.desk.reading_pool import read_all
from jixiao_xl.model.places import row_and_column
from tests.benchmarks.city_books import book_of
from tests.consolidate.city import bad_files, put_city, unit_number, values
from tests.consolidate.poison import Poisonous


# ---- one process, several, pandas ------------------------------------------------------
def test_several_processes_give_the_values_of_one(
    city: Path, sequential: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_pool, "FEW", 3)
    monkeypatch.setattr(reading_pool, "CHUNK", 2)
    parallel = operations.consolidate(city, tmp_path / "汇总.xlsx")
    assert values(parallel) == values(sequential)
    assert len(parallel.units) == 12


def test_pandas_reads_the_same_amounts_from_the_cells_that_the_summary_names(city: Path, sequential: Summary) -> None:
    import pandas as pd

    sheets = {path.name: pd.read_excel(path, sheet_name="资金情况", header=None, engine="openpyxl") for path in city.iterdir()}
    seen = 0
    for line in (line for money in sequential.money for line in money.lines):
        total = Decimal(0)
        for unit, own in zip(sequential.units, line.amounts, strict=True):
            assert unit.used is not None
            where = unit.used.places[line.path.text]
            assert where.sheet == "资金情况"
            cell = sheets[where.book].iat[row_and_column(where.cell)]
            assert Decimal(str(cell)) == own.amount, (where, cell)
            total, seen = total + Decimal(str(cell)), seen + 1
        assert total == line.total
    assert seen == 24 * 12


# ---- the order of the files -----------------------------------------------------------
def _summed_under_names(order: Sequence[int]) -> dict[str, object]:
    """The values of four submissions that are called, and so read, in this order."""
    with TemporaryDirectory() as name:
        for place, n in enumerate(order):
            (Path(name) / f"{place}.xlsx").write_bytes(book_of(unit_number(n)))
        return values(operations.consolidate(Path(name), Path(name) / "汇总.xlsx"))


_in_order = cache(lambda: _summed_under_names(range(4)))


@settings(max_examples=5, deadline=None)
@given(order=st.permutations(range(4)))
def test_what_the_files_are_called_and_which_is_read_first_changes_nothing(order: list[int]) -> None:
    assert _summed_under_names(order) == _in_order()


# ---- a hundred files on the last day ----------------------------------------------------
def test_of_a_hundred_files_the_good_ones_are_summed_and_each_bad_one_is_named(tmp_path: Path) -> None:
    bad = bad_files(book_of(unit_number(0)))
    good = put_city(100 - len(bad), tmp_path / "in")
    for name, (content, _) in bad.items():
        (tmp_path / "in" / name).write_bytes(content)
    summary = operations.consolidate(tmp_path / "in", tmp_path / "汇总.xlsx")
    assert {u.used.book for u in summary.units if u.used} == {path.name for path in good}
    said = {f.where.book: f.message() for f in summary.findings if f.severity == "error"}
    assert set(said) == set(bad)
    assert [name for name, (_, words) in bad.items() if words not in said[name]] == []


# ---- processes that die -----------------------------------------------------------------
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_file_that_kills_its_reader_costs_only_itself(city: Path) -> None:
    tasks = [Task(str(path), path.name) for path in sorted(city.iterdir())]
    killer = f"429900-S{unit_number(5):03d}"
    done = {d.name: d for d in read_all(tasks, Poisonous(killer), processes=2)}
    assert len(done) == 12
    (lost,) = [d for d in done.values() if d.compact is None]
    assert lost.name == "005.xlsx" and "弄停" in lost.refused[0].message()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
@pytest.mark.parametrize("noticed_after_s", [0, 0.5])
def test_a_reader_that_somebody_kills_loses_nothing(city: Path, monkeypatch: pytest.MonkeyPatch, noticed_after_s: float) -> None:
    monkeypatch.setattr(reading_pool, "CHUNK", 1)
    tasks = [Task(str(path), path.name) for path in sorted(city.iterdir())]
    found = []
    for done in read_all(tasks, {}, processes=2):
        if not found:
            victim = multiprocessing.active_children()[0]
            assert victim.pid is not None
            os.kill(victim.pid, signal.SIGKILL)
            time.sleep(noticed_after_s)
        found.append(done)
    assert sorted(d.name for d in found) == [task.name for task in tasks]
    assert all(d.compact is not None for d in found)


def test_cancelling_between_two_files_leaves_the_old_summary_and_ends_the_readers(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_pool, "FEW", 3)
    monkeypatch.setattr(reading_pool, "CHUNK", 1)
    out = tmp_path / "汇总.xlsx"
    operations.consolidate(city, out)
    old = out.read_bytes()

    def impatient(_what: str, done: int, _total: int) -> None:
        if done == 4:
            raise operations.Cancelled

    with pytest.raises(operations.Cancelled):
        operations.consolidate(city, out, progress=impatient)
    assert out.read_bytes() == old
    assert multiprocessing.active_children() == []


# ---- kill -9 at any moment --------------------------------------------------------------
def _consolidated(folder: str, out: str, archive: str) -> None:
    operations.consolidate(Path(folder), Path(out), archive=operations.open_archive(archive))


def _is_whole(archive: Path, facts_of: Mapping[str, int]) -> bool:
    """The database is sound, and every filing in it has all its facts."""
    with sqlite3.connect(archive) as base:
        sound = base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'filing'").fetchone():
            return sound
        counted = "SELECT unit_key, (SELECT count(*) FROM fact WHERE filing_id = filing.id) FROM filing"
        filed = base.execute(counted).fetchall()
    return sound and all(facts_of[key] == count for key, count in filed) and len({key for key, _ in filed}) == len(filed)


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="needs fork and kill -9")
def test_killed_at_ten_random_moments_archive_and_old_summary_are_whole_and_the_next_run_is_right(
    city: Path, sequential: Summary, tmp_path: Path
) -> None:
    fork = multiprocessing.get_context("fork")
    out = tmp_path / "汇总.xlsx"
    began = time.perf_counter()
    operations.consolidate(city, out, archive=operations.open_archive(str(tmp_path / "first.sqlite")))
    took, old = time.perf_counter() - began, out.read_bytes()
    with sqlite3.connect(tmp_path / "first.sqlite") as base:
        facts_of = dict(base.execute("SELECT unit_key, count(*) FROM filing JOIN fact ON filing_id = id GROUP BY id"))
    moments, killed = random.Random(5), 0
    for n in range(10):
        archive = tmp_path / f"archive{n // 3}.sqlite"  # three in a row meet what the one before left
        child = fork.Process(target=_consolidated, args=(str(city), str(out), str(archive)))
        child.start()
        time.sleep(moments.uniform(0.01, 0.5 * took))  # what the one before left makes a run shorter
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        killed += child.exitcode == -signal.SIGKILL
        assert not archive.exists() or _is_whole(archive, facts_of)
        assert out.read_bytes() == old, "the old summary, or the same one written anew"
    assert killed >= 5, "most were killed at work"
    for n in range(4):
        store = operations.open_archive(str(tmp_path / f"archive{n}.sqlite"))
        assert values(operations.consolidate(city, out, archive=store)) == values(sequential)
        assert _is_whole(tmp_path / f"archive{n}.sqlite", facts_of) and len(store.entries()) == 12
