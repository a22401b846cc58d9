"""Back to the units, from the command line: marked copies with letters, reminders, the leader's report."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.archive.reviews import amend, conclusion_change, opinion_change, state_change
from jixiao_xl.consolidate.reminders import reminder_text, states_from, waited_for
from jixiao_xl.consolidate.report_figures import report_figures
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.hosts.cli_letters import wanted
from jixiao_xl.hosts.sample import FORM, sample_filing, unit_of
from jixiao_xl.model.review import Conclusion, Opinion, Review, Step, Subject
from jixiao_xl.workbook import report_pictures
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.report_docx import report_bytes
from tests.conftest import changed
from tests.hosts.test_cli import assert_refused, jixiao
from tests.office import Office
from tests.workbook.test_letters import pages, texts
from tests.workbook.test_templates import errors_of

SPEC = operations.form_named(FORM)
DAY = dt.date(2025, 12, 10)
PHONE = "0710-0000001"


def row(n: int, office: str = "社保科", deadline: str = "2025-11-30") -> RosterRow:
    return RosterRow(row=3 + n, division_code="429900", unit_code=f"S{n:03d}", name=unit_of(n).name, office=office,
                     deadline=deadline, contact="示例", phone=PHONE)  # fmt: skip


def put(folder: Path, n: int, **changes: str) -> Path:
    """The filing of unit n as a workbook; `share` is what it states as the share of 财政拨款."""
    folder.mkdir(parents=True, exist_ok=True)
    filing = changed(sample_filing(SPEC, n, 2026), {path.replace("__", "."): value for path, value in changes.items()})
    path = folder / f"{n}.xlsx"
    path.write_bytes(build_workbook(SPEC, filing, BuildOptions(as_stated=True)))
    return path


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """Unit 1 is sound, 2 states a wrong share, 3 is missing; the folder and its summary."""
    folder = tmp_path_factory.mktemp("city")
    put(folder / "in", 1)
    put(folder / "in", 2, funds__income__fiscal__share="12.34%")
    operations.make_roster(folder / "名单.xlsx", [row(1), row(2), row(3)])
    return folder, operations.consolidate(folder / "in", folder / "汇总.xlsx", roster=folder / "名单.xlsx")


def test_only_the_unit_with_errors_gets_copy_and_letter(city: tuple[Path, Summary], tmp_path: Path) -> None:
    folder, summary = city
    done = operations.return_all(summary, folder / "in", tmp_path, office="绩效科", due=dt.date(2025, 12, 20), day=DAY)
    assert [one.unit for one in done.returned] == ["示例单位02"] and done.findings == ()
    one = done.returned[0]
    assert one.copy is not None and {one.copy.name, one.letter.name} == {p.name for p in tmp_path.iterdir()}
    code = operations.read(folder / "in" / "2.xlsx").check_code
    told = texts(one.letter.read_bytes())
    assert code in told and "2025年12月20日" in told and "绩效科" in told and "12.34%" in told and one.copy.name in told
    again = operations.read(one.copy).filing
    assert again is not None and again.revision == 1, "the unit fills in the copy and files it"


def test_a_second_round_is_numbered_and_the_first_left_alone(city: tuple[Path, Summary], tmp_path: Path) -> None:
    folder, summary = city
    first = operations.return_all(summary, folder / "in", tmp_path, day=DAY).returned[0]
    kept = first.letter.read_bytes()
    second = operations.return_all(summary, folder / "in", tmp_path, day=DAY, office="绩效科").returned[0]
    assert second.letter.stem.endswith("(2)") and second.copy is not None and second.copy.stem.endswith("(2)")
    assert first.letter.read_bytes() == kept and len(list(tmp_path.iterdir())) == 4


def test_a_reviewer_sends_a_sound_filing_back_and_lets_a_faulty_one_pass(city: tuple[Path, Summary], tmp_path: Path) -> None:
    folder, summary = city
    back = Step("退回修改", "审核人甲", "2025-12-01T09:00:00", "依据不足", 1)
    passed = Step("审核通过", "审核人甲", "2025-12-01T09:00:00", "", 1)
    opinion = Opinion("", "资金情况", "C9", "请补充测算依据。", "审核人甲", "2025-12-01")
    one, two = unit_of(1).key, unit_of(2).key
    reviews = {
        one: Review(one, "退回修改", opinions=(opinion,), history=(back,), version=1),
        two: Review(two, "审核通过", history=(passed,), version=1),
    }
    done = operations.return_all(replace(summary, reviews=reviews), folder / "in", tmp_path, day=DAY)
    assert [(r.unit, r.errors, r.opinions) for r in done.returned] == [("示例单位01", 0, 1)]
    told = texts(done.returned[0].letter.read_bytes())
    assert "退回理由：依据不足。" in told and "请补充测算依据。" in told and "资金情况!C9" in told


def test_what_the_archive_knows_of_the_review_goes_into_letter_and_report(tmp_path: Path) -> None:
    put(tmp_path / "in", 1)
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    operations.deposit(tmp_path / "in" / "1.xlsx", archive)
    opinion = Opinion("funds.income.fiscal.current", "资金情况", "D9", "与批复核对。", "审核人甲", "2025-12-01", version=1, key="1")
    changes = [
        state_change("退回修改", "口径不符", "审核人甲", "2025-12-01", 1), opinion_change(opinion),
        conclusion_change(Conclusion("良"), 1),
    ]  # fmt: skip
    amend(archive, Subject(FORM, 2026, "declaration", unit_of(1).key), lambda _record: changes)
    summary = operations.summary_of(tmp_path / "in", archive=archive)
    done = operations.return_all(summary, tmp_path / "in", tmp_path / "back", archive=archive, day=DAY)
    told = texts(done.returned[0].letter.read_bytes())
    assert "退回理由：口径不符。" in told and "与批复核对。" in told and "资金情况!D9" in told
    figures = report_figures(summary, DAY)
    assert dict(figures.conclusions)["良"] == 1 and figures.first_pass.part == 0, "it was sent back"
    assert operations.remind(operations.make_roster(tmp_path / "r.xlsx", [row(1)]), tmp_path, form=FORM, year=2026,
                             archive=archive, day=DAY).text.count("退回修改后还没有重报：示例单位01") == 1  # fmt: skip


def test_a_file_that_cannot_be_copied_whole_gets_the_letter_only(tmp_path: Path) -> None:
    path = put(tmp_path / "in", 2, funds__income__fiscal__share="12.34%")
    book = load_workbook(path)
    book["资金情况"]["A10"].value = None  # the hidden key of a row
    book.save(path)
    summary = operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx")
    done = operations.return_all(summary, tmp_path / "in", tmp_path / "back", day=DAY)
    assert [(one.copy, one.letter.exists()) for one in done.returned] == [(None, True)]
    assert "FIX102" in {finding.code for finding in done.findings}
    assert "没有另附标注文件" in texts(done.returned[0].letter.read_bytes())


def test_cancelling_leaves_whole_files_only(city: tuple[Path, Summary], tmp_path: Path) -> None:
    folder, summary = city

    def stop(_what: str, done: int, total: int) -> None:
        if done == total:
            raise operations.Cancelled

    with pytest.raises(operations.Cancelled):
        operations.return_all(summary, folder / "in", tmp_path, day=DAY, progress=stop)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".docx", ".xlsx"]


def test_the_command_returns_and_reports_in_one_go(city: tuple[Path, Summary], tmp_path: Path) -> None:
    folder, _ = city
    words = ("consolidate", folder / "in", "-o", tmp_path / "s.xlsx", "--roster", folder / "名单.xlsx", "--return", tmp_path / "退回",
             "--due", "2025-12-20", "--report", tmp_path / "报告.docx", "--json")  # fmt: skip
    done = jixiao(*words, HOME=str(tmp_path), JIXIAO_OFFICE="示例市绩效科", JIXIAO_PHONE=PHONE)
    told = json.loads(done.stdout)
    assert done.returncode == 1 and [one["unit"] for one in told["returned"]] == ["示例单位02"]
    letter = texts(Path(told["returned"][0]["letter"]).read_bytes())
    assert f"报送至：示例市绩效科　　联系人：　　　　　　　电话：{PHONE}" in letter
    assert "应报单位" in texts((tmp_path / "报告.docx").read_bytes())


@pytest.mark.parametrize(
    ("return_to", "due", "report", "code"),
    [
        ("in/退回", "", None, "SYS908"),
        ("退回", "下周", None, "SYS908"),
        (None, "", "in/a.docx", "SYS908"),
        (None, "", "写过的.docx", "SYS904"),
    ],
    ids=["copies among the submissions", "no date", "a report among the submissions", "a report somebody wrote on"],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, return_to: str | None, due: str, report: str | None, code: str) -> None:
    docx.Document().save(str(tmp_path / "写过的.docx"))
    with pytest.raises(operations.CannotRun) as refused:
        wanted(tmp_path / "in", tmp_path / return_to if return_to else None, due, tmp_path / report if report else None)
    assert [finding.code for finding in refused.value.findings] == [code]


def test_a_refusal_comes_before_the_reading(tmp_path: Path) -> None:
    put(tmp_path / "in", 1)
    assert_refused(jixiao("consolidate", "in", "-o", "s.xlsx", "--return", "in/退回", cwd=tmp_path, HOME=str(tmp_path)), "SYS908")
    assert not (tmp_path / "s.xlsx").exists()


# ---- 催报 -------------------------------------------------------------------------------
def test_a_reminder_is_one_polite_paragraph_for_each_office() -> None:
    rows = [row(1, "社保科"), row(2, "教科文科"), row(3, "社保科", "2025-12-20"), row(4, "社保科")]
    keys = {unit_of(n).key: Review(unit_of(n).key, state) for n, state in ((2, "退回修改"), (4, "已收"))}  # type: ignore[arg-type]
    rows.append(row(5))
    keys[unit_of(5).key] = Review(unit_of(5).key, included="不纳入")
    text = reminder_text(waited_for(rows, states_from(keys, rows), DAY), 2026, "declaration", DAY, "示例市绩效科")
    first, second = sorted(text.split("\n\n"))
    assert first == (
        "【教科文科】各单位好！报送截止日期是2025年11月30日，截至2025年12月10日，有 1 个单位退回修改后还没有重报：示例单位02（逾期 10 天）。"
        "请尽快报送，有困难的请及时说明；刚刚报送的请忽略。辛苦了，谢谢！（示例市绩效科）"
    )
    assert (
        "还有 2 个单位没有报送2026年部门整体绩效目标申报表：示例单位01（截止 2025-11-30，逾期 10 天）、示例单位03（截止 2025-12-20）。"
        in second
    )
    assert "示例单位04" not in text and "示例单位05" not in text


def test_the_command_writes_the_text_without_phones_and_the_list_with_them(city: tuple[Path, Summary], tmp_path: Path) -> None:
    folder, _ = city
    words = ("remind", folder / "名单.xlsx", folder / "in", "-o", tmp_path, "--form", FORM, "--year", "2026")
    assert jixiao(*words, HOME=str(tmp_path / "home")).returncode == 0
    text = next(tmp_path.glob("催报_*.txt")).read_bytes().decode("utf-8-sig")
    assert "示例单位03" in text and "示例单位01" not in text and PHONE not in text
    sheet = load_workbook(next(tmp_path.glob("催报电话_内部_*.xlsx"))).active
    cells = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=4)]
    assert [line[1:8] for line in cells] == [["社保科", unit_of(3).key, "示例单位03", "示例", PHONE, "未报", "2025-11-30"]]
    operations.remind(folder / "名单.xlsx", tmp_path, form=FORM, year=2026, folder=folder / "in")
    assert len(list(tmp_path.glob("催报*"))) == 4, "the first text may be in use"


def test_without_a_folder_the_archive_says_who_has_filed(city: tuple[Path, Summary], tmp_path: Path) -> None:
    folder, _ = city
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    operations.deposit(folder / "in" / "1.xlsx", archive)
    done = operations.remind(folder / "名单.xlsx", tmp_path, form=FORM, year=2026, archive=archive, day=DAY)
    assert done.units == 2 and re.findall(r"示例单位\d\d", done.text) == ["示例单位02", "示例单位03"]
    with pytest.raises(operations.CannotRun, match="报送文件夹"):
        operations.remind(folder / "名单.xlsx", tmp_path, form=FORM, year=2026, day=DAY)


def test_on_the_first_day_everybody_is_asked_and_a_broken_file_is_named(city: tuple[Path, Summary], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "坏.xlsx").write_bytes(b"PK nothing")
    done = operations.remind(
        city[0] / "名单.xlsx", tmp_path, form=FORM, year=2026, folder=tmp_path / "in", day=dt.date(2025, 11, 20)
    )
    assert done.units == 3 and "逾期" not in done.text and "请按时报送" in done.text
    assert [finding.where.book for finding in done.findings] == ["坏.xlsx"]


def test_a_deadline_that_is_no_date_is_named(city: tuple[Path, Summary], tmp_path: Path) -> None:
    folder, _ = city
    roster = operations.make_roster(tmp_path / "r.xlsx", [row(3, deadline="11月底")])
    done = operations.remind(roster, tmp_path, form=FORM, year=2026, folder=folder / "in", day=DAY)
    assert [f.params["stated"] for f in done.findings] == ["11月底"] and "逾期" not in done.text


# ---- the report -------------------------------------------------------------------------
def test_the_report_says_the_figures_and_has_a_picture(city: tuple[Path, Summary]) -> None:
    _, summary = city
    content = report_bytes(summary, report_figures(summary, DAY), "示例市绩效科")
    told = texts(content)
    for word in ("截至 2025年12月10日", "66.67%（2/3）", "50%（1/2）", "名单没有收齐，以下数字不完整，不含：示例单位03", "1,362.00",
                 "人员类项目支出", "定量指标占比", "常见问题", "五、逾期名单", "示例市绩效科"):  # fmt: skip
        assert word in told
    assert len(docx.Document(io.BytesIO(content)).inline_shapes) == 1
    assert content == report_bytes(summary, report_figures(summary, DAY), "示例市绩效科"), "same figures, same bytes"


@pytest.mark.parametrize(("why", "missing"), [(report_pictures.NO_LIBRARY, "library"), (report_pictures.NO_FONT, "font")])
def test_without_library_or_font_the_report_has_its_tables_and_says_why(
    city: tuple[Path, Summary], monkeypatch: pytest.MonkeyPatch, why: str, missing: str
) -> None:
    if missing == "library":
        monkeypatch.setitem(sys.modules, "matplotlib", None)
    else:
        monkeypatch.setattr(report_pictures, "FONTS", ())
    content = report_bytes(city[1], report_figures(city[1], DAY))
    assert why in texts(content) and "人员类项目支出" in texts(content)
    assert len(docx.Document(io.BytesIO(content)).inline_shapes) == 0


def test_the_report_replaces_its_own_and_keeps_what_was_edited(city: tuple[Path, Summary], tmp_path: Path) -> None:
    folder, summary = city
    out = tmp_path / "报告.docx"
    words = ("report", folder / "in", "-o", out, "--roster", folder / "名单.xlsx")
    assert jixiao(*words, HOME=str(tmp_path)).returncode == 0
    operations.write_report(summary, out, day=DAY, office="示例市绩效科")
    assert "示例市绩效科" in texts(out.read_bytes())
    document = docx.Document(str(out))
    document.core_properties.last_modified_by = "某人"
    document.save(str(out))
    with pytest.raises(operations.CannotRun):
        operations.write_report(summary, out, day=DAY)


@pytest.mark.slow
def test_the_report_of_a_full_house_is_no_longer_than_three_pages(
    city: tuple[Path, Summary], office: Office, tmp_path: Path
) -> None:
    _, summary = city
    figures = report_figures(summary, DAY)
    late = [replace(figures.overdue[0], name=f"名称比较长的示例市直属事业单位第{n}号") for n in range(200)]
    busy = replace(
        figures, overdue=tuple(late), problems=figures.problems[:1] * 10, structure=figures.structure * 8, top=figures.top[:1] * 10,
        undated=tuple(each.name for each in late), conclusions=(("优", 1), ("良", 2), ("中", 0), ("差", 0)),
    )  # fmt: skip
    made = [tmp_path / "busy.docx", tmp_path / "plain.docx"]
    for path, own in zip(made, (busy, figures), strict=True):
        path.write_bytes(report_bytes(summary, own, "示例市绩效科"))
    assert errors_of(made[0]) == []
    assert all(1 <= pages(pdf) <= 3 for pdf in office.converted(made, "pdf"))
