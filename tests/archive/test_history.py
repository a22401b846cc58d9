"""One value of 鄂州 through its year: declared, approved, monitored, evaluated, with what became of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.archive.earlier_stages import carried_values
from jixiao_xl.archive.store import Archive
from jixiao_xl.model.facts import Fact, Filing, Stage
from tests.conftest import changed, published
from tests.hosts.test_cli import jixiao

APPROVED = published("ezhou_2025")
KEY = APPROVED.unit.key
TARGET = "annual_indicators[履职效能/劳模帮扶/市级生活困难劳模帮扶人数].target"
TOTAL = "funds.expense.total.current"


def followed(archive: Archive, form: str, stage: Stage, changes: dict[str, str]) -> Filing:
    """The stage's filing as 生成监控表 or 生成自评表 begins it, with these values filled in."""
    spec = operations.form_named(form)
    empty = Filing(spec.form.id, spec.form.edition, 2025, stage, APPROVED.unit)
    carried = {each.path: Fact(each.path, each.value) for each in carried_values(archive, spec, empty)}
    return changed(empty.with_facts(carried), changes)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """2024 declared under a former code; 2025 declared, approved, monitored and evaluated."""
    store = operations.open_archive(str(tmp_path / "a.sqlite"))
    store.deposit(
        replace(changed(APPROVED, {TARGET: "≥20人"}), year=2024, stage="declaration", unit=replace(APPROVED.unit, key="420700-OLD"))
    )
    operations.rename_unit(store, "420700-OLD", KEY)
    store.deposit(replace(changed(APPROVED, {TARGET: "≥25人"}), stage="declaration"))
    store.deposit(APPROVED)
    row = TARGET.rpartition(".")[0]
    store.deposit(followed(store, "mof.dept_monitoring", "monitoring", {f"{row}.expected": "22人"}))
    money = {"funds.all.total.initial": "983.71", "funds.all.total.executed": "950.5"}
    store.deposit(followed(store, "mof.dept_evaluation", "evaluation", {f"{row}.actual": "21人"} | money))
    return store


def told(archive: Archive, path: str) -> list[tuple[int, str, str, str]]:
    found = operations.archive_history(archive, KEY, path)
    return [(stated.entry.year, stated.entry.stage, stated.value, stated.actual) for stated in found]


def test_a_target_through_the_stages_with_the_actual_beside_it(archive: Archive) -> None:
    assert told(archive, TARGET) == [
        (2025, "declaration", "≥25人", ""),
        (2025, "approval", APPROVED.facts[TARGET].value, ""),
        (2025, "monitoring", APPROVED.facts[TARGET].value, "22人"),
        (2025, "evaluation", APPROVED.facts[TARGET].value, "21人"),
        (2024, "declaration", "≥20人", ""),
    ]


def test_a_budget_is_found_in_the_line_that_took_it_over_with_what_was_executed(archive: Archive) -> None:
    assert told(archive, TOTAL)[:2] == [(2025, "declaration", "983.71", ""), (2025, "approval", "983.71", "")]
    assert (2025, "evaluation", "983.71", "950.5") in told(archive, TOTAL)
    found = next(each for each in operations.archive_history(archive, KEY, TOTAL) if each.entry.stage == "evaluation")
    assert found.path == "funds.all.total.initial"


def test_a_name_typed_otherwise_is_the_same_row_and_a_later_version_stands_first(archive: Archive) -> None:
    archive.deposit(replace(changed(APPROVED, {TARGET: "≥24人"}), revision=1))
    assert [each[2] for each in told(archive, TARGET.replace("/", " /")) if each[1] == "approval"] == [
        "≥24人",
        APPROVED.facts[TARGET].value,
    ]


def test_an_evaluation_alone_says_target_and_actual(tmp_path: Path) -> None:
    store = operations.open_archive(str(tmp_path / "b.sqlite"))
    store.deposit(APPROVED)
    alone = followed(store, "hubei.dept_evaluation", "evaluation", {f"{TARGET.rpartition('.')[0]}.actual": "21人"})
    other = operations.open_archive(str(tmp_path / "c.sqlite"))
    other.deposit(alone)
    assert told(other, TARGET) == [(2025, "evaluation", APPROVED.facts[TARGET].value, "21人")]


def test_the_command_says_the_same(archive: Archive) -> None:
    where = ("--archive", archive.address)
    shown = jixiao("archive", "history", KEY, TARGET, *where).stdout
    assert "2025　自评　第 1 版　≥23人　实际 21人" in shown or ("实际 21人" in shown and "曾用代码 420700-OLD" in shown)
    lines = json.loads(jixiao("archive", "history", KEY, TARGET, "--json", *where).stdout)
    assert [(line["form"], line["actual"]) for line in lines][3] == ("mof.dept_evaluation", "21人")
