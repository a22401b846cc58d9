"""What a file is called after a unit whose name no file could have."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.desk.numbered import file_name
from jixiao_xl.hosts import excel_buttons
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.hosts.saved_book import SavedBook
from jixiao_xl.workbook.build import build_workbook
from tests.conftest import changed

SPEC = operations.form_named("hubei.dept_overall")
LONG = "示例市" + "某某" * 40 + "中心"


def test_reserved_signs_and_line_breaks_become_one_stroke() -> None:
    assert file_name('甲/"乙"\n局_2026年申报') == "甲_乙_局_2026年申报.xlsx"


def test_a_long_name_keeps_both_ends_and_is_no_other_s_name() -> None:
    one, other = file_name(f"{LONG}_2026年申报表"), file_name(f"{LONG.replace('某某中心', '某丁中心')}_2026年申报表")
    assert one.startswith("示例市某某") and one.endswith("中心_2026年申报表.xlsx") and one != other
    assert all(len(file_name(sign * 300, ".docx").encode()) < 220 for sign in "a某😀")


@pytest.mark.parametrize("name", ["甲/乙局", LONG])
def test_the_next_stage_s_file_is_beside_the_open_one_whatever_the_unit_is_called(name: str, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(build_workbook(SPEC, changed(sample_filing(SPEC, 1, 2026), {"cover.unit_name": name})))
    book = SavedBook(file, agreed=True)
    excel_buttons.make_monitoring(book)
    assert not book.failed
    made = [path for path in tmp_path.iterdir() if path != file]
    assert [path.name for path in made] == [file_name(f"{name}_2026年监控表")]


def test_a_unit_whose_name_is_too_long_stops_the_roster_before_anything_is_issued(tmp_path: Path) -> None:
    rows = [
        RosterRow(row=4 + n, division_code="429900", unit_code=f"S{n}", name=name) for n, name in enumerate(("甲局", "某" * 101))
    ]
    roster = operations.make_roster(tmp_path / "名单.xlsx", rows)
    with pytest.raises(operations.CannotRun) as refused:
        operations.issue(roster, "hubei.dept_overall", 2026, tmp_path / "下发")
    (one,) = refused.value.findings
    assert one.code == "ROS103" and "不超过100字" in one.params["advice"] and not (tmp_path / "下发").exists()
