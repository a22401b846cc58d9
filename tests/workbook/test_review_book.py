"""The 审核工作簿: what a reviewer writes comes back, once; nothing is lost, and what is unclear is asked."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.archive.reviews import reviews_for
from jixiao_xl.archive.store import Archive
from jixiao_xl.hosts.sample import roster_of_sample, sample_filing, unit_of
from jixiao_xl.model.review import Review
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import changed
from tests.office import Office
from tests.ooxml_lint import faults
from tests.recalculation import disagreements
from tests.workbook.review_desk import Reviewer, rows
from tests.workbook.test_templates import errors_of

SPEC = operations.form_named("hubei.dept_overall")
GOOD, BAD = sample_filing(SPEC, 1, 2026), changed(sample_filing(SPEC, 2, 2026), {"annual_goal.text": None})


class City:
    """Units 1 and 2 filed, 2 without its annual goal (CMP101); unit 3 did not file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.files, self.roster = folder, folder / "in", folder / "r.xlsx"
        self.archive = Archive(str(folder / "a.sqlite"))
        self.made = 0

    def collect(self) -> City:
        self.files.mkdir()
        for n, filing in enumerate((GOOD, BAD), 1):
            (self.files / f"{n}.xlsx").write_bytes(build_workbook(SPEC, filing, BuildOptions(as_stated=True)))
            self.archive.deposit(filing)
        operations.make_roster(self.roster, roster_of_sample()[1:4])
        return self

    def book(self) -> Path:
        self.made += 1
        out = self.folder / f"审核{self.made}.xlsx"
        operations.make_review(out, self.archive, folder=self.files, roster=self.roster)
        return out

    def read(self, book: Path, by: str = "审核人甲") -> operations.ReviewRead:
        return operations.read_review(book, self.archive, by)

    def review(self, n: int) -> Review:
        return reviews_for(self.archive, SPEC.form.id, 2026, "declaration")[unit_of(n).key]


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return City(tmp_path_factory.mktemp("city")).collect().folder


@pytest.fixture
def city(collected: Path, tmp_path: Path) -> City:
    return City(shutil.copytree(collected, tmp_path / "city"))


def codes(read: operations.ReviewRead) -> list[str]:
    return [finding.code for finding in read.findings]


def test_the_book_shows_every_unit_its_findings_and_a_link_to_the_cell(city: City) -> None:
    book = city.book()
    assert [(row["单位名称"], row["现在状态"]) for row in rows(book, "审核进度")] == [
        ("示例单位01", "已收"), ("示例单位02", "已收"), ("示例单位03", "未报"),
    ]  # fmt: skip
    found = next(row for row in rows(book, "审核意见") if row["代码"] == "CMP101")
    assert (found["单位名称"], found["级别"], found["位置"]) == ("示例单位02", "必须修改", "年度目标!C4")
    links = [cell.hyperlink for row in load_workbook(book)["审核意见"].iter_rows() for cell in row if cell.hyperlink]
    assert ("in\\2.xlsx", "'年度目标'!C4") in {(link.target, link.location) for link in links}


def test_everything_a_reviewer_fills_in_comes_back_and_stands_in_the_next_book(city: City) -> None:
    filled = (
        Reviewer(city.book())
        .progress("示例单位01", 改为="审核通过", 完整性="优", 相关性="优", 适当性="良", 可行性="优", 结论="优", 日期="2026-11-20")
        .progress("示例单位02", 改为="退回修改", 改状态的理由="缺年度目标", 结论="中", 审核人="审核人乙", 日期="2026年11月20日")
        .finding("示例单位02", "CMP101", 审核意见="补写年度目标，写明数量。", 采纳_不采纳="要求修改")
        .free(**{"单位（名称或代码）": "示例单位01", "工作表": "年度目标", "单元格": "c4", "审核意见": "场次与去年相同，请核对。"})
        .save(city.folder / "filled.xlsx")
    )
    done = city.read(filled)
    assert (codes(done), done.taken) == ([], 6)
    one, two = city.review(1), city.review(2)
    assert (one.state, one.by, one.on, one.conclusion.overall, one.conclusion.aspects["适当性"]) == (
        "审核通过", "审核人甲", "2026-11-20", "优", "良",
    )  # fmt: skip
    assert (two.state, two.by, two.on, two.why) == ("退回修改", "审核人乙", "2026-11-20", "缺年度目标")
    assert [(o.code, o.cell, o.text, o.answer, o.version) for o in two.opinions] == [
        ("CMP101", "C4", "补写年度目标，写明数量。", "要求修改", 1)
    ]
    assert [(o.sheet, o.cell, o.text) for o in one.opinions] == [("年度目标", "C4", "场次与去年相同，请核对。")]
    again = city.book()
    assert "补写年度目标，写明数量。" in [row["审核意见"] for row in rows(again, "审核意见")]
    assert "场次与去年相同，请核对。" in [row["审核意见"] for row in rows(again, "补充意见")]
    shown = rows(again, "审核进度")[1]
    assert (shown["现在状态"], shown["结论"]) == ("退回修改", "中") and "缺年度目标" in shown["已有记录"]


def test_reading_a_book_again_or_an_untouched_one_changes_nothing(city: City) -> None:
    filled = (
        Reviewer(city.book()).progress("示例单位01", 改为="审核通过", 结论="良").finding("示例单位02", "CMP101", 审核意见="补写。")
        .free(**{"单位（名称或代码）": unit_of(1).key, "审核意见": "整张表的意见。"}).save(city.folder / "filled.xlsx")
    )  # fmt: skip
    assert city.read(filled).taken == 4
    before = [city.review(n) for n in (1, 2)]
    again = city.read(filled)
    assert (again.taken, codes(again)) == (0, [])
    untouched = city.read(city.book())
    assert (untouched.taken, untouched.already, codes(untouched)) == (0, 0, [])
    assert [city.review(n) for n in (1, 2)] == before


def test_a_cleared_opinion_is_withdrawn_and_a_changed_one_stays_one_opinion(city: City) -> None:
    first = Reviewer(city.book()).finding("示例单位02", "CMP101", 审核意见="补写。")
    city.read(first.free(**{"单位（名称或代码）": "示例单位02", "审核意见": "意见一。"}).save(city.folder / "1.xlsx"))
    second = Reviewer(city.book()).finding("示例单位02", "CMP101", 审核意见="")
    city.read(second.changed_free("意见一。", 审核意见="意见一，改过。").save(city.folder / "2.xlsx"))
    assert [opinion.text for opinion in city.review(2).opinions] == ["意见一，改过。"]
    assert city.read(city.folder / "1.xlsx").taken == 0, "an old book read late does not bring the old words back"


def test_poor_means_left_out_and_returned_and_cannot_pass(city: City) -> None:
    passed = Reviewer(city.book()).progress("示例单位02", 改为="审核通过", 结论="差").save(city.folder / "1.xlsx")
    done = city.read(passed)
    assert codes(done) == ["REV103"] and "不得进入下一步预算安排" in done.findings[0].remedy()
    review = city.review(2)
    assert (review.state, review.included, review.included_by) == ("已收", "不纳入", "审核人甲")
    assert "审核结论为“差”" in review.included_why
    city.read(Reviewer(city.book()).progress("示例单位02", 结论="良").save(city.folder / "2.xlsx"))
    assert (city.review(2).included, city.review(2).conclusion.overall) == ("纳入", "良"), (
        "what a grade left out, a better one lets in"
    )
    decided = Reviewer(city.book()).progress("示例单位02", 结论="差", 纳入_不纳入="纳入", 纳入_不纳入的理由="上级要求")
    city.read(decided.save(city.folder / "3.xlsx"))
    assert (city.review(2).included, city.review(2).included_why) == ("纳入", "上级要求")


def test_what_is_filled_in_wrongly_is_named_and_the_rest_is_taken(city: City) -> None:
    filled = (
        Reviewer(city.book())
        .progress("示例单位01", 改为="退回修改", 结论="优", 日期="昨天")
        .progress("示例单位02", 改为="退回修改", 纳入_不纳入="不纳入")
        .progress("示例单位03", 纳入_不纳入="不纳入", 纳入_不纳入的理由="单位已撤并")
        .finding("示例单位02", "CMP101", 采纳_不采纳="同意")
        .free(**{"单位（名称或代码）": "没有这个单位", "审核意见": "意见。"})
        .save(city.folder / "filled.xlsx")
    )
    done = city.read(filled)
    told = {(finding.code, finding.where.sheet): finding.message() for finding in done.findings}
    assert set(told) == {("REV110", "审核进度"), ("REV110", "审核意见"), ("REV102", "审核进度"), ("REV112", "补充意见")}
    assert codes(done).count("REV102") == 2, "退回 and 不纳入, each without its reason"
    assert city.review(1).state == city.review(2).state == "已收"
    assert (city.review(3).included, city.review(3).included_why) == ("不纳入", "单位已撤并")


def test_without_a_name_anywhere_nothing_is_taken(city: City) -> None:
    filled = Reviewer(city.book()).progress("示例单位01", 结论="优").save(city.folder / "filled.xlsx")
    assert codes(city.read(filled, by="")) == ["REV102"]
    assert city.review(1).conclusion.is_empty


def test_of_two_reviewers_the_later_date_wins_and_without_one_the_program_asks(city: City) -> None:
    blank = city.book()
    early = Reviewer(blank).progress("示例单位01", 结论="良", 审核人="审核人甲", 日期="2026-11-18").save(city.folder / "early.xlsx")
    late = Reviewer(blank).progress("示例单位01", 结论="优", 审核人="审核人乙", 日期="2026-11-19").save(city.folder / "late.xlsx")
    undated = Reviewer(blank).progress("示例单位01", 结论="中", 审核人="审核人丙").save(city.folder / "undated.xlsx")
    assert codes(city.read(early)) == []
    replaced = city.read(late)
    assert codes(replaced) == ["REV107"] and "审核人甲 2026-11-18" in replaced.findings[0].message()
    asked = city.read(undated)
    assert (codes(asked), asked.taken) == (["REV106"], 0)
    assert "结论中" in asked.findings[0].message() and "结论优" in asked.findings[0].message()
    assert city.read(early).taken == 0
    assert (city.review(1).conclusion.overall, city.review(1).conclusion.by) == ("优", "审核人乙")


def test_a_version_that_came_after_the_book_is_not_passed_unseen(city: City) -> None:
    filled = (
        Reviewer(city.book()).progress("示例单位02", 改为="审核通过").finding("示例单位02", "CMP101", 审核意见="补写。")
        .save(city.folder / "filled.xlsx")
    )  # fmt: skip
    city.archive.deposit(replace(changed(BAD, {"annual_goal.text": "已补写。"}), revision=1))
    done = city.read(filled)
    assert codes(done) == ["REV109", "REV111"]
    assert city.review(2).state == "已收" and [o.version for o in city.review(2).opinions] == [1]
    operations.make_review(city.folder / "new.xlsx", city.archive)
    gone = next(row for row in rows(city.folder / "new.xlsx", "审核意见") if row["审核意见"] == "补写。")
    assert (gone["级别"], gone["代码"], gone["问题"]) == ("已消除", "CMP101", "年度目标为空。")


def test_an_opinion_on_what_only_the_file_shows_is_not_called_settled_without_the_file(city: City) -> None:
    overwritten = changed(GOOD, {"funds.expense.total.current": "99"})
    (city.files / "1.xlsx").write_bytes(build_workbook(SPEC, replace(overwritten, revision=1), BuildOptions(as_stated=True)))
    city.read(Reviewer(city.book()).finding("示例单位01", "WBK105", 审核意见="恢复公式。").save(city.folder / "1.xlsx"))
    operations.make_review(city.folder / "2.xlsx", city.archive)
    shown = next(row for row in rows(city.folder / "2.xlsx", "审核意见") if row["审核意见"] == "恢复公式。")
    assert (shown["代码"], shown["级别"]) == ("WBK105", "见文件")


def test_a_book_read_into_another_archive_names_its_units(city: City, tmp_path: Path) -> None:
    filled = Reviewer(city.book()).progress("示例单位01", 结论="优").save(city.folder / "filled.xlsx")
    done = operations.read_review(filled, Archive(str(tmp_path / "other.sqlite")), "审核人甲")
    assert (codes(done), done.taken) == (["REV104"], 0)


def test_a_damaged_or_foreign_book_is_a_finding(city: City) -> None:
    book = city.book()
    broken, foreign, stripped = (city.folder / f"{name}.xlsx" for name in ("broken", "foreign", "stripped"))
    broken.write_bytes(book.read_bytes()[:3000])
    shutil.copy(city.files / "1.xlsx", foreign)
    keyless = load_workbook(book)
    keyless["审核进度"].delete_rows(5)
    keyless.save(stripped)
    for path in (broken, foreign, stripped):
        with pytest.raises(operations.CannotRun) as refused:
            city.read(path)
        assert [f.code for f in refused.value.findings] == ["REV108"], path.name
    moved = load_workbook(book)
    moved["审核进度"]["B6"].value = "{"
    moved["审核进度"]["P6"].value = "优"
    moved.save(city.folder / "moved.xlsx")
    assert codes(city.read(city.folder / "moved.xlsx")) == ["REV112"]


def test_a_filled_book_is_never_written_over(city: City) -> None:
    book = city.book()
    before = book.read_bytes()
    with pytest.raises(operations.CannotRun) as refused:
        operations.make_review(book, city.archive)
    assert refused.value.findings[0].code == "SYS904" and book.read_bytes() == before


@pytest.mark.slow
def test_the_book_is_sound_for_excel_and_a_reviewer_fills_it_in_calc(city: City, office: Office) -> None:
    book = city.book()
    assert errors_of(book) == [] and faults(book) == []
    person, out = Reviewer(book), city.folder / "calc.xlsx"
    grade, state = (person.place("审核进度", heading, 单位名称="示例单位02") for heading in ("结论", "改为"))
    why, name = (person.place("审核进度", heading, 单位名称="示例单位02") for heading in ("改状态的理由", "单位名称"))
    text = person.place("审核意见", "审核意见", 单位名称="示例单位02", 代码="CMP101")
    after = person.place("审核进度", "结论的后果", 单位名称="示例单位02")
    said = office.at_the_desk(
        book, f"type:审核进度!{grade}=差", f"type:审核进度!{state}=退回修改", f"type:审核进度!{why}=目标不成立",
        f"type:审核进度!{name}=别的单位", f"type:审核意见!{text}=重写年度目标。", "type:审核进度!U3=2026-11-20",
        f"get:审核进度!{after}", f"get:审核进度!{name}", f"save:{out}",
    )  # fmt: skip
    assert said == ["不得进入下一步预算安排：不纳入，退回。", "示例单位02"], "the consequence follows, the name is locked"
    done = city.read(out)
    assert codes(done) == []
    review = city.review(2)
    assert (review.state, review.why, review.included, review.on) == ("退回修改", "目标不成立", "不纳入", "2026-11-20")
    assert [o.text for o in review.opinions] == ["重写年度目标。"]
    count, bad = disagreements(book, office.converted([book], "xlsx")[0])
    assert count >= 3 and bad == []


def test_hidden_sheets_and_protection_are_in_the_file(city: City) -> None:
    book = load_workbook(city.book())
    assert book["_jixiao_review"].sheet_state == "veryHidden"
    assert all(book[name].protection.sheet for name in ("审核进度", "审核意见", "补充意见"))
    with zipfile.ZipFile(city.folder / "审核1.xlsx") as parts:
        assert max(parts.read(name).count(b"<dataValidation ") for name in parts.namelist()) < 50
