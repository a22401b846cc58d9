"""博野 is returned, comes back mended with one silent change, and then the old file arrives again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.hosts.sample import FORM, sample_filing
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.facts_file import facts_text
from tests.conftest import PUBLISHED, changed
from tests.hosts.test_cli import assert_refused, jixiao

BOYE = PUBLISHED / "boye_2023.toml"
FORM_OF_BOYE = "hebei.dept_budget"
ENDS = ("payment_plan[13063723P004287100744].dec", "payment_plan[13063723P00428710008F].dec")
"""The two plans without their 12月底."""


def filing_of(path: Path) -> Filing:
    filing = operations.read(path).filing
    assert filing is not None
    return filing


def third_project() -> str:
    return next(p.removesuffix(".fiscal") for p, f in filing_of(BOYE).facts.items() if p.endswith("].fiscal") and f.value == "8.83")


def typed(book: Path, out: Path, places: Mapping[str, Where], values: Mapping[str, float]) -> Path:
    """The returned copy with some cells typed in, saved by another program."""
    workbook = load_workbook(book)
    for path, value in values.items():
        workbook[places[path].sheet][places[path].cell].value = value
    workbook.save(out)
    return out


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """As filed (revision 0), as returned, as resubmitted (revision 1), and the first one once more."""
    folder = tmp_path_factory.mktemp("resubmission")
    filed, returned = folder / "博野县总工会.xlsx", folder / "退回" / "博野县总工会_退回.xlsx"
    assert jixiao("fill", FORM_OF_BOYE, BOYE, "-o", filed, "--as-stated").returncode == 0
    assert jixiao("check", filed, "--mark", returned).returncode == 1
    typing = {ENDS[0]: 1.0, ENDS[1]: 1.0, f"{third_project()}.fiscal": 8.38}
    again = typed(returned, folder / "博野县总工会_重报.xlsx", operations.read(returned).places, typing)
    shutil.copy(filed, folder / "博野县总工会(1).xlsx")
    return {"filed": filed, "returned": returned, "again": again, "old": folder / "博野县总工会(1).xlsx"}


def test_two_were_asked_two_are_mended_and_one_change_nobody_asked_for(files: dict[str, Path]) -> None:
    done = jixiao("compare", files["filed"], files["again"], "--only", "SCH103")
    assert done.returncode == 1
    assert "要求修改 2 处，已改 2 处，未改 0 处；新出现的问题 0 处；未要求而改动 1 处" in done.stdout
    assert "财政资金：8.83 → 8.38" in done.stdout and "随之变动 项目3!D6" in done.stdout
    told = json.loads(jixiao("compare", files["filed"], files["again"], "--only", "SCH103", "--json").stdout)
    assert told["counts"] == {"asked": 2, "mended": 2, "open": 0, "fresh": 0, "unasked": 1}
    assert [(d["path"], d["old"], d["new"], d["follows"]) for d in told["unasked"]] == [
        (f"{third_project()}.fiscal", "8.83", "8.38", False),
        (f"{third_project()}.budget", "8.83", "8.38", True),
    ]
    assert [(a["path"], a["state"], a["new"]) for a in told["asked"]] == [(path, "mended", "100%") for path in ENDS]


def test_without_saying_what_was_asked_every_error_was(files: dict[str, Path]) -> None:
    told = json.loads(jixiao("compare", files["filed"], files["again"], "--json").stdout)
    errors = sum(f.severity == "error" for f in operations.check(files["filed"]).findings)
    assert told["counts"] == {"asked": errors, "mended": 2, "open": errors - 2, "fresh": 0, "unasked": 1}


def test_a_resubmission_that_mends_what_was_asked_and_nothing_else_is_clean(files: dict[str, Path], tmp_path: Path) -> None:
    places = operations.read(files["returned"]).places
    good = typed(files["returned"], tmp_path / "b.xlsx", places, dict.fromkeys(ENDS, 1.0))
    done = jixiao("compare", files["filed"], good, "--only", "SCH103")
    assert done.returncode == 0 and "未要求而改动 0 处" in done.stdout
    fixed = tmp_path / "c.xlsx"
    assert jixiao("fix", files["filed"], "-o", fixed, "--only", "SCH103").returncode == 1, "other errors are left"
    assert jixiao("compare", good, fixed).returncode == 1 and "未要求而改动 0 处" in jixiao("compare", good, fixed).stdout


def test_the_old_file_that_arrives_again_is_called_old_and_changes_nothing(files: dict[str, Path], tmp_path: Path) -> None:
    archive = tmp_path / "a.sqlite"
    assert "第 1 版" in jixiao("deposit", files["filed"], "--archive", archive).stdout
    assert "ARC101" in jixiao("deposit", files["again"], "--archive", archive).stdout
    done = jixiao("deposit", files["old"], "--archive", archive)
    assert done.returncode == 0 and "ARC106" in done.stdout and "现行的仍是第 2 版（修订号 1）" in done.stdout
    key = filing_of(files["filed"]).unit.key
    shown = json.loads(jixiao("archive", "show", key, 2023, "--archive", archive, "--json").stdout)
    assert [(e["version"], e["facts"][f"{third_project()}.fiscal"]) for e in shown] == [(2, "8.38")]
    history = json.loads(jixiao("archive", "history", key, f"{third_project()}.fiscal", "--archive", archive, "--json").stdout)
    assert [(h["version"], h["value"]) for h in history] == [(2, "8.38"), (1, "8.83")]
    done = jixiao("compare", files["again"], files["old"])
    assert done.returncode == 1 and "WBK114" in done.stdout and "旧版：修订号 0" in done.stdout


def test_an_older_revision_with_other_content_is_history_from_the_start(files: dict[str, Path], tmp_path: Path) -> None:
    """旧版又改了一个数再报:收下,但不作现行版。"""
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    operations.deposit(files["again"], archive)
    other = typed(files["old"], tmp_path / "b.xlsx", operations.read(files["old"]).places, {f"{third_project()}.fiscal": 9.0})
    receipt = operations.deposit(other, archive)
    assert receipt.deposited is not None and (receipt.deposited.version, receipt.deposited.is_new) == (2, True)
    assert [f.code for f in receipt.findings] == ["ARC106"]
    key, path = filing_of(other).unit.key, f"{third_project()}.fiscal"
    (current,) = archive.entries(unit_keys=(key,), newest_only=True)
    assert archive.filing(current).value(path) == "8.38"
    assert [value for _, value in archive.history((key,), path)] == ["8.38", "9"], "the current one first, the other readable"


def test_the_summary_takes_the_higher_revision(files: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    for name in ("filed", "again", "old"):
        shutil.copy(files[name], folder / files[name].name)
    told = json.loads(jixiao("consolidate", folder, "-o", tmp_path / "s.xlsx", "--json").stdout)
    (unit,) = told["units"]
    assert (unit["used"], unit["revision"], unit["status"]) == ("博野县总工会_重报.xlsx", 1, "重复")


def test_a_paper_of_the_old_version_does_not_match_the_new_file(files: dict[str, Path]) -> None:
    told = json.loads(jixiao("code", files["filed"], "--json").stdout)
    paper = told["check_code"]
    assert paper in jixiao("code", files["filed"]).stdout and told["revision"] == 0
    assert jixiao("code", files["filed"], paper).returncode == 0
    wide = paper.translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    assert jixiao("code", files["old"], f" {wide} ").returncode == 0, "as somebody types it off the paper"
    done = jixiao("code", files["again"], paper)
    assert done.returncode == 1 and "WBK115" in done.stdout and paper in done.stdout
    assert jixiao("code", files["again"], paper, "--json").returncode == 1


def test_the_code_of_a_facts_file_is_that_of_the_workbook_it_fills(files: dict[str, Path]) -> None:
    assert operations.check_code(BOYE).code == operations.check_code(files["filed"]).code


def test_fix_on_the_command_line(tmp_path: Path) -> None:
    spec = operations.form_named(FORM)
    wrong = {"funds.income.fiscal.current": "５６５", "funds.expense.personnel.share": "55%"}
    book, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    facts = tmp_path / "a.toml"
    facts.write_text(facts_text(changed(sample_filing(spec, 1, 2026), wrong)), "utf-8")
    assert jixiao("fill", FORM, facts, "-o", book, "--as-stated").returncode == 0
    done = jixiao("fix", book, "-o", out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "已修改 CEL102 资金情况!D6　收入构成·财政拨款" in done.stdout and "５６５ → 565" in done.stdout
    assert "已修改 FND103" in done.stdout and "（恢复公式）" in done.stdout and f"已生成 {out}：修改 2 处" in done.stdout
    assert jixiao("check", out).returncode == 0
    told = json.loads(jixiao("fix", book, "-o", tmp_path / "c.xlsx", "--only", "FND103", "--json").stdout)
    assert [c["code"] for c in told["changes"]] == ["FND103"] and told["left"]["book"] == "c.xlsx"
    again = jixiao("fix", out, "-o", tmp_path / "d.xlsx")
    assert again.returncode == 0 and "FIX101" in again.stdout and not (tmp_path / "d.xlsx").exists()
    left = jixiao("fix", PUBLISHED / "yangxin_2024.toml", "-o", tmp_path / "e.xlsx")
    assert left.returncode == 1 and "FIX101" in left.stdout and not (tmp_path / "e.xlsx").exists()


def test_what_cannot_be_done_is_one_line_and_exit_2(files: dict[str, Path], tmp_path: Path) -> None:
    none, out = tmp_path / "none.xlsx", tmp_path / "out.xlsx"
    ours, roster = files["filed"], operations.make_roster(tmp_path / "r.xlsx")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(ours.read_bytes()[:3000])
    for bad, said in ((none, "SYS906"), (roster, "WBK121"), (broken, "WBK108"), (tmp_path, "SYS906")):
        assert_refused(jixiao("fix", bad, "-o", out), said)
        assert_refused(jixiao("code", bad), said)
        assert_refused(jixiao("compare", bad, ours), said)
        assert_refused(jixiao("compare", ours, bad), said)
    assert not out.exists()
    before = ours.read_bytes()
    for target in (ours, files["again"]):
        assert_refused(jixiao("fix", ours, "-o", target), "SYS904")
    assert ours.read_bytes() == before
    assert_refused(jixiao("fix", ours, "-o", "/proc/nothing/a.xlsx"), "SYS903")
    assert_refused(jixiao("fix", ours, "-o", out, "--only", "IND106"), "SYS908")
    assert_refused(jixiao("compare", ours, PUBLISHED / "ezhou_2025.toml"), "WBK113")
    assert_refused(jixiao("compare", ours, files["again"], "--only", "XYZ"), "SYS908")
    assert_refused(jixiao("code", ours, "12"), "SYS908")
    blank = operations.make_template(FORM, 2026, tmp_path / "blank.xlsx")
    assert_refused(jixiao("code", blank), "WBK116")
    assert not out.exists()
