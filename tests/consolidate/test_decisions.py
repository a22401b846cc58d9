"""What a reviewer decided follows the unit through its codes, and goes before the roster's own column."""

from __future__ import annotations

from jixiao_xl import operations
from jixiao_xl.consolidate.decisions import reviewed_statuses, under_present_keys
from jixiao_xl.consolidate.roster import Received, RosterRow
from jixiao_xl.hosts.sample import sample_filing, unit_of
from jixiao_xl.model.entries import believed
from jixiao_xl.model.review import Review

SPEC = operations.form_named("hubei.dept_overall")
RECEIVED = [Received(sample_filing(SPEC, 1, 2026), "1.xlsx")]
LEFT_OUT = Review(unit_of(1).key, "已收", included="不纳入", included_by="审核人甲", included_why="口径不符", version=1)
LET_IN = Review(unit_of(1).key, "已收", included="纳入", included_by="审核人乙", included_why="已更正", version=1)


def row(**more: object) -> RosterRow:
    return believed(RosterRow, {"row": 4, "division_code": "429900", "unit_code": "S001", "name": "示例单位01", **more})


def test_a_filing_under_a_former_code_is_left_out_by_its_review() -> None:
    renamed = row(unit_code="S099", former_codes=("S001",))
    reviews = under_present_keys({unit_of(1).key: LEFT_OUT}, [renamed])
    assert reviews["429900-S099"] == LEFT_OUT
    statuses, findings = reviewed_statuses(RECEIVED, [renamed], reviews)
    assert [(s.status, s.used, s.remark) for s in statuses] == [("不纳入", None, "审核人甲：口径不符")]
    assert [f.code for f in findings] == ["CON106"]


def test_the_review_is_the_later_word_than_the_rosters_column() -> None:
    excluded = row(included="不纳入", decided_by="科长", decided_why="年初定的")
    assert [s.status for s in reviewed_statuses(RECEIVED, [excluded], {})[0]] == ["不纳入"]
    assert [s.status for s in reviewed_statuses(RECEIVED, [excluded], {unit_of(1).key: LET_IN})[0]] == ["已收"]


def test_a_unit_that_did_not_file_stays_missing_whatever_was_decided() -> None:
    assert [s.status for s in reviewed_statuses([], [], {unit_of(1).key: LEFT_OUT})[0]] == []
    assert [s.status for s in reviewed_statuses([], [row()], {unit_of(1).key: LET_IN})[0]] == ["未报"]
