"""History follows a unit through its codes and a project through its name; nothing is taken by its place."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.archive.prior_year import PriorYear, prior_values, prior_year
from jixiao_xl.archive.renames import renames
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.desk.last_year import filed_last_year
from jixiao_xl.hosts.sample import sample_filing, unit_of
from jixiao_xl.model.facts import Fact, Filing, Unit
from jixiao_xl.workbook.build import build_workbook
from tests.conftest import changed, published, spec_of
from tests.hosts.test_cli import jixiao
from tests.postgres import Postgres

BOYE, FIRST, SECOND = "130637-711001", "13063723P004287100744", "13063723P00428710008F"
HUBEI = operations.form_named("hubei.dept_overall")
OLD, NEW, OTHER = unit_of(1).key, "429900-S099", unit_of(2).key
TOTAL = "funds.income.total.last"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(str(tmp_path / "a.sqlite"))


def boye_2024_without_the_first_project(numbered: bool = False) -> Filing:
    """Next year's filing; `numbered`, it says its projects by place, as a book does whose codes are blank or doubled."""
    old = published("boye_2023")
    facts = {f.path: f for f in old.facts.values() if FIRST not in f.path}
    if numbered:
        facts = {
            (path := f.path.replace(f"[{SECOND}]", "#1")): Fact(path, f.value)
            for f in facts.values()
            if not f.path.endswith("code")
        }
    return changed(replace(old, year=2024, facts=facts), {"cover.unit_name": old.unit.name})


def stood(archive: Archive, filing: Filing) -> dict[str, str]:
    return {v.path.text: v.value for v in prior_year(archive, spec_of(filing), filing).stood}


def test_when_boye_drops_its_first_project_the_second_keeps_its_own_history(archive: Archive) -> None:
    archive.deposit(published("boye_2023"))
    by_code = stood(archive, boye_2024_without_the_first_project())
    assert by_code[f"project[{SECOND}].budget"] == "4.68"
    assert not [path for path in by_code if FIRST in path], "a project that was dropped has no prior value"
    by_name = stood(archive, boye_2024_without_the_first_project(numbered=True))
    assert by_name["project#1.budget"] == "4.68", "not 10.09, which stood in the first place"


def test_a_project_whose_name_changed_is_known_by_its_code_and_a_new_one_has_no_past(archive: Archive) -> None:
    archive.deposit(published("boye_2023"))
    second, fresh = f"project[{SECOND}]", "project[13063724P00428710001A]"
    filing = changed(
        boye_2024_without_the_first_project(),
        {f"{second}.name": "困难职工及劳模帮扶救助", f"{fresh}.name": "新项目", f"{fresh}.budget": "1"},
    )
    found = stood(archive, filing)
    assert found[f"{second}.budget"] == "4.68" and f"{fresh}.budget" not in found


def test_a_workbook_of_2024_shows_last_years_amount_beside_each_project_and_overwrites_none(
    tmp_path: Path, archive: Archive
) -> None:
    archive.deposit(published("boye_2023"))
    filing = changed(boye_2024_without_the_first_project(), {f"project[{SECOND}].fiscal": "5", f"project[{SECOND}].budget": "5"})
    facts = "\n".join(f"{json.dumps(f.path)} = {json.dumps(f.value)}" for f in filing.facts.values())
    head = f'form="{filing.form}"\nedition="2023"\nyear=2024\nstage="declaration"\nunit={{name="{filing.unit.name}",key="{BOYE}"}}\n[facts]\n'
    (tmp_path / "b.toml").write_text(head + facts, "utf-8")
    operations.fill(filing.form, tmp_path / "b.toml", tmp_path / "b.xlsx")
    done = operations.pull_prior_year(tmp_path / "b.xlsx", tmp_path / "c.xlsx", archive)
    said = {f.where.path: f.params["expected"] for f in done.findings if f.code == "PRI106"}
    assert said[f"project[{SECOND}].budget"] == "4.68" and "10.09" not in said.values()
    back = operations.read(tmp_path / "c.xlsx").filing
    assert back is not None and back.value(f"project[{SECOND}].fiscal") == "5"
    cells = operations.prior_cells(archive.address, [[BOYE]], [[Decimal(2024)]], [[f"project[{SECOND}].budget"]])
    assert cells == [[Decimal("4.68")]]


def test_goals_without_a_code_are_told_by_name(archive: Archive) -> None:
    old = published("xinzhou_2020")
    archive.deposit(old)
    spec, path = spec_of(old), "goal_indicators#1[产出指标/质量指标/符合要求].last"
    next_year = replace(old, year=2021, facts={"goal#1.name": Fact("goal#1.name", "劳模慰问")})
    found = {v.path.text: v.value for v in prior_values(archive, spec, next_year)}
    assert found[path] == "合格", "劳模慰问 was the third goal of 2020"
    assert "goal_indicators#1[产出指标/质量指标/被发放对象符合要求].last" not in found, "that is of 金秋助学"
    blank = {v.path.text: v.value for v in prior_values(archive, spec, replace(next_year, facts={}))}
    assert blank["goal#3.name"] == "劳模慰问", "in a blank form last year's values come with the names they belong to"


def test_in_a_blank_form_goals_of_two_years_are_joined_by_name(archive: Archive) -> None:
    facts = {"goal#1.name": "甲目标", "goal_indicators#1[产出指标/数量指标/数].target": "1次", "goal#2.name": "乙目标",
             "goal_indicators#2[产出指标/数量指标/数].target": "2次"}  # fmt: skip
    swapped = {path.replace("#1", "#0").replace("#2", "#1").replace("#0", "#2"): value for path, value in facts.items()}
    old = published("xinzhou_2020")
    for year, own in ((2019, swapped), (2020, facts)):
        archive.deposit(replace(old, year=year, facts={path: Fact(path, value) for path, value in own.items()}))
    found = {v.path.text: v.value for v in prior_values(archive, spec_of(old), replace(old, year=2021, facts={}))}
    rows = {column: found[f"goal_indicators#1[产出指标/数量指标/数].{column}"] for column in ("last", "before_last")}
    assert rows == {"last": "1次", "before_last": "1次"}, "甲目标 stood second in 2019"


def test_what_is_remembered_of_a_unit_is_forgotten_when_something_is_deposited(archive: Archive) -> None:
    deposited(archive, 1)
    operations.rename_unit(archive, OLD, NEW)
    before = amounts(asked_for(archive))
    assert before[TOTAL] == "666" and amounts(asked_for(archive)) == before
    filing = sample_filing(HUBEI, 1, 2025, "approval")
    other_clerk = Archive(archive.address)
    other_clerk.deposit(replace(changed(filing, {"funds.income.total.current": "700"}), revision=1))
    assert amounts(asked_for(archive))[TOTAL] == "700"
    operations.forget_rename(other_clerk, OLD)
    assert amounts(asked_for(archive)) == {}


# ---- unit codes ----------------------------------------------------------------------
def deposited(archive: Archive, *numbers: int, year: int = 2025) -> None:
    for n in numbers:
        archive.deposit(sample_filing(HUBEI, n, year, "approval"))


def asked_for(archive: Archive, *former: str, steps: tuple[tuple[str, str], ...] = ()) -> PriorYear:
    filing = Filing(HUBEI.form.id, HUBEI.form.edition, 2026, "declaration", Unit("新单位", NEW))
    return prior_year(archive, HUBEI, filing, (NEW, *former), steps)


def amounts(prior: PriorYear) -> dict[str, str]:
    return {v.path.text: v.value for v in prior.values}


def test_a_unit_whose_code_changed_keeps_its_history_without_a_roster(archive: Archive) -> None:
    deposited(archive, 1)
    assert amounts(asked_for(archive)) == {}
    assert operations.rename_unit(archive, OLD, NEW, name=unit_of(1).name)
    assert amounts(asked_for(archive))[TOTAL] == "666"
    assert [stated.value for stated in operations.archive_history(archive, NEW, "funds.income.total.current")] == ["666"]
    assert not operations.rename_unit(archive, OLD, NEW), "twice changes nothing"
    assert operations.forget_rename(archive, OLD) and renames(archive) == []


def test_an_old_code_has_one_heir_and_nobody_inherits_from_himself(archive: Archive) -> None:
    operations.rename_unit(archive, OLD, NEW)
    for old, new in ((OLD, OTHER), (NEW, OLD), (NEW, NEW), ("旧代码", NEW)):
        with pytest.raises(operations.CannotRun):
            operations.rename_unit(archive, old, new)
    assert [(one.old, one.new) for one in renames(archive)] == [(OLD, NEW)]


def test_the_money_of_merged_units_is_added_and_says_so_and_nothing_else_is_guessed(archive: Archive) -> None:
    deposited(archive, 1, 2)
    prior = asked_for(archive, OLD, OTHER)
    total = next(v for v in prior.values if v.path.text == TOTAL)
    assert (total.value, total.note) == ("1338", "合并前各单位之和"), "666 + 672"
    assert "示例单位01、示例单位02合计" in total.source
    assert not [v for v in prior.values if v.path.block == "annual_indicators"]
    (kept,) = prior.unmerged
    assert kept.units == (f"示例单位01（{OLD}）", f"示例单位02（{OTHER}）") and kept.left_out > 0


def test_a_merger_with_a_part_missing_gives_no_half_sum(archive: Archive) -> None:
    deposited(archive, 1)
    prior = asked_for(archive, OLD, OTHER)
    assert prior.values == () and [kept.missing for kept in prior.unmerged] == [(OTHER,)]


def test_a_unit_that_was_renamed_twice_is_no_merger(archive: Archive) -> None:
    deposited(archive, 1)
    assert amounts(asked_for(archive, OTHER, OLD, steps=((OTHER, OLD), (OLD, NEW))))[TOTAL] == "666"
    row = RosterRow(row=4, division_code="429900", unit_code="S099", name="新单位", former_codes=("S002→S001",))
    assert row.successions == ((OTHER, OLD), (OLD, NEW)) and row.all_keys == (NEW, OTHER, OLD)


def test_a_unit_that_took_another_in_gets_the_sum_of_both(archive: Archive) -> None:
    deposited(archive, 1, 2)
    filing = Filing(HUBEI.form.id, HUBEI.form.edition, 2026, "declaration", unit_of(1))
    prior = prior_year(archive, HUBEI, filing, (OLD, OTHER))
    assert amounts(prior)[TOTAL] == "1338"


def test_issuing_and_depositing_by_the_roster_follow_the_former_code(tmp_path: Path, archive: Archive) -> None:
    deposited(archive, 1)
    row = RosterRow(row=4, division_code="429900", unit_code="S099", name="新单位", former_codes=("S001",))
    roster = operations.make_roster(tmp_path / "r.xlsx", [row])
    book = operations.issue(roster, HUBEI.form.id, 2026, tmp_path / "out", archive=archive).files[0]
    filing = operations.read(book).filing
    assert filing is not None and filing.value("funds.income.fiscal.last") == "555"
    assert renames(archive) == [], "issuing only reads"
    assert operations.deposit(book, archive, roster=roster).deposited is not None
    assert [(one.old, one.new) for one in renames(archive)] == [(OLD, NEW)], "from now on Excel needs no roster"
    empty = operations.make_template(HUBEI.form.id, 2027, tmp_path / "e.xlsx", unit=Unit("新单位", NEW))
    done = operations.pull_prior_year(empty, tmp_path / "f.xlsx", archive)
    pulled = operations.read(done.path).filing
    assert pulled is not None and pulled.value("funds.income.fiscal.before_last") == "555"


def test_summing_by_the_roster_remembers_former_codes_of_who_filed_and_says_which_are_taken(
    tmp_path: Path, archive: Archive
) -> None:
    operations.rename_unit(archive, unit_of(5).key, OTHER)
    rows = [
        RosterRow(row=4, division_code="429900", unit_code="S001", name="示例单位01", former_codes=("S091→S092",)),
        RosterRow(row=5, division_code="429900", unit_code="S003", name="示例单位03", former_codes=("S005", "S093")),
        RosterRow(row=6, division_code="429900", unit_code="S004", name="未报的", former_codes=("S094",)),
    ]
    roster = operations.make_roster(tmp_path / "r.xlsx", rows)
    folder = tmp_path / "in"
    folder.mkdir()
    for n in (1, 3):
        (folder / f"in{n}.xlsx").write_bytes(build_workbook(HUBEI, sample_filing(HUBEI, n, 2026)))
    before = [(unit_of(5).key, OTHER)]
    for _ in range(2):
        summary = operations.consolidate(folder, tmp_path / "s.xlsx", roster=roster, archive=archive)
        told = [(f.where.book, f.params["old"], f.params["other"]) for f in summary.findings if f.code == "ARC107"]
        assert told == [("in3.xlsx", unit_of(5).key, OTHER)], "and nothing else of that line is recorded"
        known = [(one.old, one.new) for one in renames(archive)]
        assert sorted(known) == sorted([*before, ("429900-S091", "429900-S092"), ("429900-S092", OLD)])


def test_rename_and_history_on_the_command_line(tmp_path: Path, archive: Archive) -> None:
    deposited(archive, 1)
    where = ("--archive", archive.address)
    assert jixiao("archive", "rename", OLD, NEW, "--name", "旧名", *where).returncode == 0
    history = json.loads(jixiao("archive", "history", NEW, "funds.income.total.current", "--json", *where).stdout)
    assert [(h["unit"], h["value"]) for h in history] == [(OLD, "666")]
    listed = jixiao("archive", "renames", *where).stdout
    assert OLD in listed and NEW in listed and "旧名" in listed
    again = jixiao("archive", "rename", OLD, OTHER, *where)
    assert again.returncode == 2 and "ARC107" in again.stderr


def test_the_year_on_year_of_a_summary_follows_a_rename_and_compares_no_half_of_a_merger(archive: Archive) -> None:
    deposited(archive, 1, 3)
    assert set(filed_last_year(archive, HUBEI, 2026, ())) == {OLD, unit_of(3).key}
    operations.rename_unit(archive, OLD, NEW)
    assert filed_last_year(archive, HUBEI, 2026, ())[NEW].value("funds.income.total.current") == "666"
    operations.rename_unit(archive, OTHER, NEW)
    assert NEW not in filed_last_year(archive, HUBEI, 2026, ()), "the other half did not file"
    row = RosterRow(row=4, division_code="429900", unit_code="S003", name="承接单位", former_codes=("S001",))
    assert row.key not in filed_last_year(archive, HUBEI, 2026, [row]), "it took another in"


@pytest.mark.slow
def test_renames_mergers_and_circles_are_the_same_on_postgresql(server: Postgres) -> None:
    archive = Archive(server.database())
    deposited(archive, 1, 2)
    assert operations.rename_unit(archive, OLD, NEW) and operations.rename_unit(archive, OTHER, NEW)
    assert not operations.rename_unit(archive, OTHER, NEW)
    with pytest.raises(operations.CannotRun):
        operations.rename_unit(archive, NEW, OLD)
    assert amounts(asked_for(archive))[TOTAL] == "1338"
    archive.deposit(published("boye_2023"))
    assert stood(archive, boye_2024_without_the_first_project(numbered=True))["project#1.budget"] == "4.68"
