"""The archive, on SQLite and on a real PostgreSQL: put away, revised, found again, asked for last year."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.archive.prior_year import TARGET_NOTE, prior_values
from jixiao_xl.archive.store import Archive
from jixiao_xl.hosts.sample import roster_of_sample, sample_filing, unit_of
from jixiao_xl.model.facts import Filing, Unit
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import changed, published, spec_of

EZHOU = "420700-S001"


def test_depositing_twice_changes_nothing(address: str) -> None:
    archive, filing = Archive(address), published("ezhou_2025")
    first, second = archive.deposit(filing), archive.deposit(filing)
    assert (first.version, first.is_new) == (1, True)
    assert (second.version, second.is_new) == (1, False)
    assert len(archive.entries()) == 1


def test_a_revised_filing_is_a_new_version_and_the_old_one_stays(address: str) -> None:
    archive, old = Archive(address), published("ezhou_2025")
    new = replace(changed(old, {"funds.expense.special_purpose.share": "40.59%"}), revision=1)
    archive.deposit(old)
    assert archive.deposit(new).version == 2
    newest, oldest = archive.entries(unit_keys=(EZHOU,))
    assert archive.filing(newest).value("funds.expense.special_purpose.share") == "40.59%"
    assert archive.filing(oldest).value("funds.expense.special_purpose.share") == "40.95%"
    assert [v for _, v in archive.history((EZHOU,), "funds.expense.special_purpose.share")] == ["40.59%", "40.95%"]


def test_an_older_revision_that_arrives_late_is_kept_as_history_only(address: str) -> None:
    archive, first = Archive(address), published("ezhou_2025")
    path = "funds.expense.special_purpose.share"
    archive.deposit(first)
    archive.deposit(replace(changed(first, {path: "40.59%"}), revision=1))
    again, late = archive.deposit(first), archive.deposit(changed(first, {path: "41%"}))
    assert (again.version, again.is_new, again.newer) == (1, False, (2, 1))
    assert (late.version, late.is_new, late.newer) == (3, True, (2, 1))
    (current,) = archive.entries(unit_keys=(EZHOU,), newest_only=True)
    assert (current.version, archive.filing(current).value(path)) == (2, "40.59%")
    assert [v for _, v in archive.history((EZHOU,), path)] == ["40.59%", "41%", "40.95%"]


def test_every_fact_comes_back_with_its_place(address: str) -> None:
    archive, filing = Archive(address), published("boye_2023")
    archive.deposit(filing)
    back = archive.filing(archive.entries()[0])
    assert back.facts == filing.facts and back.unit == filing.unit


def test_the_next_years_form_gets_last_years_targets_without_their_operator(address: str) -> None:
    archive, old = Archive(address), published("ezhou_2025")
    archive.deposit(old)
    spec = spec_of(old)
    this_year = Filing(spec.form.id, spec.form.edition, 2026, "declaration", Unit("鄂州市总工会", EZHOU))
    found = {v.path.text: v for v in prior_values(archive, spec, this_year)}
    own = "annual_indicators[履职效能/劳模帮扶/{}].last"
    wanted = {"市级生活困难劳模帮扶人数": "23人", "特殊困难劳模帮扶人数": "74人", "发放离退休劳模荣誉津贴补助人数": "250人",
              "省级生活困难劳模帮扶人数": "13人", "省级特殊困难劳模帮扶人数": "33人"}  # fmt: skip
    for name, value in wanted.items():
        assert found[own.format(name)].value == value
        assert found[own.format(name)].note == TARGET_NOTE
    assert found["funds.income.total.last"].value == "998.71"
    assert found["funds.expense.total.before_last"].value == "983.71", "what last year's form said of the year before"


def test_a_renamed_line_is_followed_by_data(address: str) -> None:
    archive, old = Archive(address), published("ezhou_2025")
    archive.deposit(old)
    spec = spec_of(old)
    funds = next(spec.money_tables())
    income = funds.group[0]
    called = {"fiscal": "budget_funds"}
    rows = tuple(
        replace(row, id=called.get(row.id, row.id), was=("income.fiscal",) if row.id == "fiscal" else row.was,
                sum_of=tuple(called.get(part, part) for part in row.sum_of))
        for row in income.rows
    )  # fmt: skip
    table = replace(funds, group=(replace(income, rows=rows), funds.group[1]))
    renamed = replace(spec, block=tuple(table if b.id == "funds" else b for b in spec.block))
    this_year = Filing(spec.form.id, spec.form.edition, 2026, "declaration", Unit("鄂州市总工会", EZHOU))
    found = {v.path.text: v.value for v in prior_values(archive, renamed, this_year)}
    assert found["funds.income.budget_funds.last"] == "998.71"


def test_a_filing_without_a_unit_key_is_refused_with_a_finding(address: str, tmp_path: Path) -> None:
    book = operations.make_template("wuhan.dept_overall", 2026, tmp_path / "a.xlsx")
    receipt = operations.deposit(book, operations.open_archive(address))
    assert receipt.deposited is None and [f.code for f in receipt.findings] == ["ARC103"]


def test_an_issued_form_that_nobody_filled_does_not_take_the_place_of_a_filing(address: str, tmp_path: Path) -> None:
    archive = operations.open_archive(address)
    archive.deposit(replace(published("ezhou_2025"), year=2026))
    blank = operations.make_template(
        "hubei.dept_overall", 2026, tmp_path / "a.xlsx", unit=Unit("鄂州市总工会", EZHOU), stage="approval"
    )
    receipt = operations.deposit(blank, archive)
    assert receipt.deposited is None and [f.code for f in receipt.findings] == ["ARC105"]
    assert len(archive.entries()) == 1


def test_a_renamed_units_file_is_taken_when_the_roster_knows_the_new_name(address: str, tmp_path: Path) -> None:
    archive, key = operations.open_archive(address), unit_of(1).key
    spec = operations.form_named("hubei.dept_overall")
    book = tmp_path / "a.xlsx"
    # issued under the old name; the cover shows the new one
    renamed = changed(sample_filing(spec, 1, 2026), {"cover.unit_name": "示例新单位"})
    book.write_bytes(build_workbook(spec, renamed, BuildOptions(as_stated=True)))

    def receipt(n: int, **row: object) -> operations.Receipt:
        rows = [roster_of_sample()[1].but(**row)]
        return operations.deposit(book, archive, roster=operations.make_roster(tmp_path / f"r{n}.xlsx", rows))

    refused = [
        operations.deposit(book, archive),
        receipt(1),
        receipt(2, unit_code="S002", name="示例新单位"),
        receipt(3, unit_code="S002", used_book="a.xlsx"),
    ]
    assert [[f.code for f in one.findings] for one in refused] == [["WBK110"]] * 4, "the old name, or another unit's row"
    assert archive.entries() == []
    taken = receipt(4, name="示例 新单位")
    assert taken.deposited is not None and taken.findings == () and taken.errors == 0
    assert [(e.unit.key, e.unit.name) for e in archive.entries()] == [(key, "示例新单位")]
    for again in (receipt(5, unit_code="S099", name="示例新单位", former_codes=("S001",)), receipt(6, used_book="a.xlsx")):
        assert [f.code for f in again.findings] == ["ARC104"], "a former code, or the reviewer's word"


def test_issuing_again_keeps_what_the_list_said_of_the_prior_values(tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    archive.deposit(sample_filing(operations.form_named("hubei.dept_overall"), 1, 2025, "approval"))
    roster = operations.make_roster(tmp_path / "r.xlsx", roster_of_sample()[1:3])

    def said() -> list[str]:
        done = operations.issue(roster, "hubei.dept_overall", 2026, tmp_path / "out", archive=archive)
        sheet = load_workbook(done.list_path).active
        assert sheet is not None
        return [str(row[4]) for row in sheet.iter_rows(min_row=3, values_only=True)]

    first = said()
    assert re.fullmatch(r"带出 \d+ 个上年数", first[0]) and first[1] == "历年数据库没有该单位的上年数"
    assert said() == [f"{text}；原件保留，没有覆盖" for text in first]


def test_a_filled_cell_is_never_overwritten_and_a_difference_is_said(tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    archive.deposit(published("ezhou_2025"))
    book, out = tmp_path / "this_year.xlsx", tmp_path / "with_prior.xlsx"
    operations.make_template("hubei.dept_overall", 2026, book, unit=Unit("鄂州市总工会", EZHOU))
    operations.pull_prior_year(book, out, archive)
    filled = operations.read(out).filing
    assert filled is not None and filled.value("funds.income.fiscal.last") == "998.71"
    stated = tmp_path / "facts.toml"
    stated.write_text(
        'form="hubei.dept_overall"\nyear=2026\nunit={name="鄂州市总工会",key="420700-S001"}\n[facts]\n"funds.income.fiscal.last"="900"\n',
        "utf-8",
    )
    operations.fill("hubei.dept_overall", stated, tmp_path / "b.xlsx")
    done = operations.pull_prior_year(tmp_path / "b.xlsx", tmp_path / "c.xlsx", archive)
    assert [(f.code, f.params["stated"], f.suggested) for f in done.findings] == [("PRI101", "900", "998.71")]
    kept = operations.read(tmp_path / "c.xlsx").filing
    assert kept is not None and kept.value("funds.income.fiscal.last") == "900"


@pytest.mark.parametrize("address", ["postgresql://nobody@127.0.0.1:1/none", "nosuch://x", "/proc/nothing/a.sqlite"])
def test_an_archive_that_cannot_be_opened_is_one_sentence(address: str) -> None:
    with pytest.raises(operations.CannotRun) as refused:
        operations.open_archive(address)
    assert [f.code for f in refused.value.findings] == ["ARC102"]


def test_who_reads_waits_for_no_writer_and_a_writer_begins_beside_a_reader(tmp_path: Path) -> None:
    address = str(tmp_path / "a.sqlite")
    Archive(address).deposit(published("ezhou_2025"))
    writer, reader = Archive(address), Archive(address)
    for one in (writer, reader):
        one.engine.dispose()
    with writer.connected() as writing:
        writing.exec_driver_sql("UPDATE filing SET book = 'b.xlsx'")
        assert [e.book for e in reader.entries()] == [published("ezhou_2025").book], "what was there before, at once"
    with ExitStack() as begun, reader.reading() as asking:
        assert asking.exec_driver_sql("SELECT book FROM filing").scalars().all() == ["b.xlsx"]
        begun.enter_context(writer.connected()).exec_driver_sql("UPDATE filing SET book = 'c.xlsx'")
    assert [e.book for e in reader.entries()] == ["c.xlsx"]
