"""The commands as staff run them: exit codes, JSON, and one Chinese line for every mistake."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.forms.load import load_definition
from jixiao_xl.hosts.cli import app, archive_app
from jixiao_xl.hosts.sample import FORM, roster_of_sample, sample_filing
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import PUBLISHED, changed

ROOT = Path(__file__).parents[2]
EZHOU = PUBLISHED / "ezhou_2025.toml"


def jixiao(*words: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jixiao_xl.hosts.cli", *map(str, words)]
    settings = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | environment
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=settings, timeout=120)


def assert_refused(done: subprocess.CompletedProcess[str], code: str = "") -> None:
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr and "SYS901" not in done.stderr + done.stdout
    assert code in done.stderr + done.stdout


@pytest.mark.parametrize(
    "command", [c.name or c.callback.__name__ for c in (*app.registered_commands, *archive_app.registered_commands)]
)
def test_every_command_has_help_and_is_in_the_readme(command: str) -> None:
    found = next(
        c for c in (*app.registered_commands, *archive_app.registered_commands) if (c.name or c.callback.__name__) == command
    )
    assert found.callback.__doc__
    assert f"jixiao {command}" in (text := (ROOT / "README.md").read_text("utf-8")) or f"jixiao archive {command}" in text


def test_forms_as_json_follow_the_contract() -> None:
    told = json.loads(jixiao("forms", "--json").stdout)
    hubei = next(f for f in told if f["form"] == FORM)
    assert hubei["stages"] == ["declaration", "approval"]
    assert {"id": "funds", "kind": "money_table", "sheet": "资金情况"} in hubei["blocks"]


def test_fill_read_and_check_as_json(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    assert jixiao("fill", FORM, EZHOU, "-o", book, "--as-stated").returncode == 0
    told = json.loads(jixiao("read", book, "--json").stdout)
    assert told["unit"] == {"name": "鄂州市总工会", "key": "420700-S001"}
    assert {"path": "funds.expense.special_purpose.share", "value": "40.95%", "sheet": "资金情况", "cell": "E12"} in told["facts"]
    done = jixiao("check", book, EZHOU, "--json")
    assert done.returncode == 1
    first, second = json.loads(done.stdout)["files"]
    share = next(f for f in first["findings"] if f["code"] == "FND103")
    assert (share["rule"], share["severity"], share["cell"], share["suggested"]) == ("F04", "error", "E12", "40.59%")
    assert [f["code"] for f in second["findings"]] == [f["code"] for f in first["findings"]]
    assert jixiao("fill", FORM, EZHOU, "-o", book).returncode == 2, "a file that exists is not overwritten"


def test_a_sound_workbook_exits_with_zero(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    book.write_bytes(build_workbook(operations.form_named(FORM), sample_filing(operations.form_named(FORM), 1, 2026)))
    assert jixiao("check", book).returncode == 0


def bad_files(folder: Path) -> dict[str, Path]:
    good = (ROOT / "xlsx_templates" / "hubei.dept_overall.2025.xlsx").read_bytes()
    made = {
        "empty.xlsx": b"", "text.xlsx": "不是工作簿".encode(), "truncated.xlsx": good[: len(good) // 2],
        "encrypted.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    }  # fmt: skip
    for name, content in made.items():
        (folder / name).write_bytes(content)
    far, bomb, quoted = folder / "far.xlsx", folder / "doctype.xlsx", folder / "quoted.xlsx"
    for target, change in (
        (far, (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')),
        (quoted, (b"</sheetData>", b"<row r = '1048576'><c r = 'XFD1048576'><v>1</v></c></row></sheetData>")),
        (bomb, (b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet')),
    ):
        with (
            zipfile.ZipFile(ROOT / "xlsx_templates" / "hubei.dept_overall.2025.xlsx") as source,
            zipfile.ZipFile(target, "w") as copy,
        ):
            for part in source.namelist():
                data = source.read(part)
                copy.writestr(part, data.replace(*change, 1) if part.startswith("xl/worksheets/sheet2") else data)
    return {p.name: p for p in sorted(folder.iterdir())}


def test_a_file_that_is_no_filing_is_one_line_and_exit_2(tmp_path: Path) -> None:
    for path in bad_files(tmp_path).values():
        for verb in (["check"], ["read"]):
            assert_refused(jixiao(*verb, path), "WBK108")


def test_another_workbook_is_not_ours(tmp_path: Path) -> None:
    roster = operations.make_roster(tmp_path / "r.xlsx")
    assert_refused(jixiao("check", roster), "WBK121")


def test_text_in_an_amount_cell_is_a_finding(tmp_path: Path) -> None:
    facts = tmp_path / "f.toml"
    facts.write_text(
        EZHOU.read_text("utf-8").replace('"funds.income.own_funds.current" = "0"', '"funds.income.own_funds.current" = "见附表"'),
        "utf-8",
    )
    book = tmp_path / "a.xlsx"
    jixiao("fill", FORM, facts, "-o", book, "--as-stated")
    done = jixiao("check", book)
    assert done.returncode == 1 and "CEL101" in done.stdout and "见附表" in done.stdout


def test_wrong_words_are_one_line(tmp_path: Path) -> None:
    assert_refused(jixiao("check", tmp_path / "nothing.xlsx"), "SYS906")
    assert_refused(jixiao("template", "no.such.form", "--year", 2026), "SYS905")
    assert_refused(
        jixiao("template", "mof.dept_monitoring", "--year", 2026, "--stage", "approval", "-o", tmp_path / "a.xlsx"), "SYS907"
    )
    assert_refused(jixiao("template", FORM, "--year", 2026, "--repeat", "project=x", "-o", tmp_path / "a.xlsx"), "SYS908")
    assert_refused(jixiao("nonsense"))
    assert_refused(jixiao("consolidate", tmp_path, "-o", tmp_path / "s.xlsx"))
    assert_refused(jixiao("archive", "ls", "--archive", tmp_path / "a.sqlite"), "ARC102")
    assert not (tmp_path / "a.sqlite").exists(), "a question does not create an archive"
    operations.open_archive(str(tmp_path / "a.sqlite"))
    assert_refused(jixiao("archive", "history", "x", "not a path", "--archive", tmp_path / "a.sqlite"), "SYS908")
    assert not (tmp_path / "a.xlsx").exists() and not (tmp_path / "s.xlsx").exists()


def test_the_summary_never_takes_the_place_of_a_file_a_person_filled(tmp_path: Path) -> None:
    book, roster = tmp_path / "in" / "a.xlsx", tmp_path / "r.xlsx"
    jixiao("fill", FORM, EZHOU, "-o", book)
    operations.make_roster(roster, roster_of_sample())
    for target in (book, roster):
        before = target.read_bytes()
        assert_refused(jixiao("consolidate", tmp_path / "in", "-o", target, "--roster", roster), "SYS904")
        assert target.read_bytes() == before
    assert jixiao("consolidate", tmp_path / "in", "-o", tmp_path / "s.xlsx").returncode == 1
    assert jixiao("consolidate", tmp_path / "in", "-o", tmp_path / "s.xlsx").returncode == 1, "a summary is written again"


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    done = jixiao("check", EZHOU, tmp_path / "nothing.xlsx", "--json")
    assert done.returncode == 2
    assert [bool(f["form"]) for f in json.loads(done.stdout)["files"]] == [True, False]


def test_a_folder_stands_for_its_workbooks(tmp_path: Path) -> None:
    for name in ("a", "b"):
        jixiao("fill", FORM, EZHOU, "-o", tmp_path / "in" / f"{name}.xlsx")
    told = json.loads(jixiao("check", tmp_path / "in", "--json").stdout)
    assert [f["book"] for f in told["files"]] == ["a.xlsx", "b.xlsx"]
    assert [f["book"] for f in json.loads(jixiao("check", tmp_path / "in" / "*.xlsx", "--json").stdout)["files"]] == [
        "a.xlsx",
        "b.xlsx",
    ]


def test_names_that_look_like_markup_are_printed_as_they_are(tmp_path: Path) -> None:
    facts = tmp_path / "f.toml"
    text = 'form="hubei.dept_overall"\nyear=2026\nunit={name="[/red]甲",key="1-1"}\n[facts]\n"annual_indicators[[b/c/[/d\\\\]].target"="1"\n'
    facts.write_text("\ufeff" + text.replace("[[b/c/[/d\\\\]]", "[履职效能/[bold\\\\]/x]"), "utf-8")
    jixiao("fill", FORM, facts, "-o", tmp_path / "a.xlsx")
    done = jixiao("read", tmp_path / "a.xlsx")
    assert done.returncode == 0 and "[/red]甲" in done.stdout and "[履职效能/[bold\\]/x].target" in done.stdout


@pytest.mark.parametrize("value", ["1" * 5000, "1E+308", "0." + "3" * 60])
def test_a_number_beyond_all_measure_is_no_crash(value: str, tmp_path: Path) -> None:
    facts = tmp_path / "f.toml"
    facts.write_text(
        f'form="hubei.dept_overall"\nyear=2026\nunit={{name="甲",key="1-1"}}\n[facts]\n"funds.income.fiscal.current"="{value}"\n',
        "utf-8",
    )
    jixiao("fill", FORM, facts, "-o", tmp_path / "a.xlsx")
    done = jixiao("check", tmp_path / "a.xlsx", facts)
    assert done.returncode == 1 and done.stdout.count("CEL101") == 2


def test_a_roster_with_a_double_code_writes_nothing(tmp_path: Path) -> None:
    row = roster_of_sample()[1]
    operations.make_roster(tmp_path / "r.xlsx", [row, row])
    assert_refused(jixiao("issue", tmp_path / "r.xlsx", "--form", FORM, "--year", 2026, "-o", tmp_path / "out"), "ROS101")
    assert not (tmp_path / "out").exists()


def test_deposit_takes_a_renamed_units_file_by_the_roster(tmp_path: Path) -> None:
    spec, book, archive = operations.form_named(FORM), tmp_path / "a.xlsx", tmp_path / "a.sqlite"
    filing = changed(sample_filing(spec, 1, 2026), {"cover.unit_name": "示例新单位"})
    book.write_bytes(build_workbook(spec, filing, BuildOptions(as_stated=True)))
    roster = operations.make_roster(tmp_path / "r.xlsx", [roster_of_sample()[1].but(name="示例新单位")])
    refused = jixiao("deposit", book, "--archive", archive)
    assert refused.returncode == 1 and "WBK110" in refused.stderr
    taken = jixiao("deposit", book, "--archive", archive, "--roster", roster)
    assert taken.returncode == 0 and "已登记" in taken.stdout and "示例新单位" in taken.stdout
    assert_refused(jixiao("deposit", book, "--archive", archive, "--roster", tmp_path / "none.xlsx"), "SYS906")


def test_the_archive_commands(tmp_path: Path) -> None:
    book, archive = tmp_path / "a.xlsx", tmp_path / "a.sqlite"
    jixiao("fill", FORM, EZHOU, "-o", book, "--as-stated")
    assert "第 1 版" in jixiao("deposit", book, "--archive", archive).stdout
    assert "ARC104" in jixiao("deposit", book, JIXIAO_ARCHIVE=str(archive)).stdout
    assert json.loads(jixiao("archive", "ls", "--json", "--archive", archive).stdout)[0]["unit"] == "420700-S001"
    shown = json.loads(jixiao("archive", "show", "420700-S001", 2025, "--json", "--archive", archive).stdout)
    assert shown[0]["facts"]["funds.income.fiscal.current"] == "998.71"
    history = json.loads(
        jixiao("archive", "history", "420700-S001", "funds.income.fiscal.current", "--json", "--archive", archive).stdout
    )
    assert history[0]["value"] == "998.71"
    assert jixiao("archive", "export", "-o", tmp_path / "e.csv", "--archive", archive).returncode == 0
    assert (tmp_path / "e.csv").read_text("utf-8-sig").splitlines()[0].startswith("form,edition,year")


def test_a_sixth_form_is_one_toml_file_and_no_code(tmp_path: Path) -> None:
    definition = ROOT / "tests" / "forms" / "valid"
    facts = tmp_path / "f.toml"
    facts.write_text(
        'form="test.small"\nyear=2026\nunit={name="甲单位",key="429900-A1"}\n[facts]\n"cover.unit_name"="甲单位"\n'
        '"funds.income.local.current"="10.5"\n"funds.income.upper.current"="4.5"\n"funds.income.fiscal.current"="15"\n"funds.income.other.current"="5"\n'
        '"funds.income.total.current"="20"\n"funds.expense.project[路灯].current"="12"\n"funds.expense.project[路灯~2].current"="8"\n'
        '"funds.expense.project.current"="20"\n"funds.expense.total.current"="20"\n"story.text"="一段\\n二段"\n'
        '"task#1.name"="甲任务"\n"task_indicators#1[产出/完成率].target"="≥90%"\n"task_indicators#1[产出/a\\\\/b\\\\]c\\\\~].target"="3个"\n'
        '"task#2.name"="乙任务"\n"task_indicators#2[产出/完成率].target"="=100%"\n',
        "utf-8",
    )
    run = {"JIXIAO_FORMS": str(definition), "JIXIAO_ARCHIVE": str(tmp_path / "a.sqlite")}
    book = tmp_path / "in" / "a.xlsx"
    assert load_definition(definition / "sixth.toml").form.id == "test.small"
    assert jixiao("template", "test.small", "--year", 2026, "--repeat", "task=3", "-o", tmp_path / "t.xlsx", **run).returncode == 0
    assert jixiao("fill", "test.small", facts, "-o", book, "--as-stated", **run).returncode == 0
    told = {f["path"]: f["value"] for f in json.loads(jixiao("read", book, "--json", **run).stdout)["facts"]}
    assert told["funds.expense.project[路灯~2].current"] == "8"
    assert told["task_indicators#1[产出/a\\/b\\]c\\~].target"] == "3个"
    assert told["story.text"] == "一段\n二段"
    assert jixiao("check", book, **run).returncode == 0
    assert jixiao("deposit", book, **run).returncode == 0
    next_year = tmp_path / "n.xlsx"
    jixiao("template", "test.small", "--year", 2027, "--unit", "甲单位", "--unit-key", "429900-A1", "-o", next_year, **run)
    assert jixiao("prior", next_year, "-o", tmp_path / "p.xlsx", **run).returncode == 0
    pulled = {f["path"]: f["value"] for f in json.loads(jixiao("read", tmp_path / "p.xlsx", "--json", **run).stdout)["facts"]}
    assert pulled["funds.income.local.last"] == "10.5" and pulled["task_indicators#1[产出/完成率].last"] == "90%"
    done = jixiao("consolidate", tmp_path / "in", "-o", tmp_path / "s.xlsx", "--json", **run)
    totals = {t["path"]: t["total"] for t in json.loads(done.stdout)["totals"]}
    assert totals["funds.income.total.current"] == "20"


def test_a_crash_of_ours_is_one_sentence_with_a_log(tmp_path: Path) -> None:
    broken = tmp_path / "sitecustomize.py"
    broken.write_text("import jixiao_xl.operations as o\ndef f(*a): raise RuntimeError('deliberate')\no.forms = f\n", "utf-8")
    done = jixiao("forms", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert done.returncode == 2 and "SYS901" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_demo_runs_through_and_says_where_to_look(tmp_path: Path) -> None:
    done = jixiao("demo", "--out", tmp_path / "demo")
    assert done.returncode == 0, done.stderr
    for word in ("待认领", "重复", "未报", "CON107", "5_市级汇总.xlsx", "40.59%"):
        assert word in done.stdout
    assert len(list((tmp_path / "demo" / "3_下发").glob("*.xlsx"))) == 13


def test_check_marks_one_file_and_keeps_its_exit_code(tmp_path: Path) -> None:
    book, copy = tmp_path / "a.xlsx", tmp_path / "退回.xlsx"
    jixiao("fill", FORM, EZHOU, "-o", book, "--as-stated")
    plain, marked = jixiao("check", book), jixiao("check", book, "--mark", copy)
    assert (marked.returncode, copy.is_file()) == (plain.returncode, True) == (1, True)
    assert marked.stdout.startswith(plain.stdout.rstrip("\n")) and f"已生成 {copy}" in marked.stdout
    assert_refused(jixiao("check", book, "--mark", copy), "SYS904")
    assert_refused(jixiao("check", book, copy, "--mark", tmp_path / "b.xlsx"), "SYS908")
    told = json.loads(jixiao("check", copy, "--json").stdout)["files"][0]["findings"]
    assert all(f["reason"] == "" for f in told)
