"""The commands where the surroundings are odd: encodings, a window without width, names of other systems, no output."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PUBLISHED

ROOT = Path(__file__).parents[2]
FORM = "hubei.dept_overall"
COMMAND = (sys.executable, "-m", "jixiao_xl.hosts.cli")


def jixiao(*words: str | bytes | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    settings = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "HOME": str(cwd)} | environment
    return subprocess.run((*COMMAND, *words), capture_output=True, cwd=cwd, env=settings, timeout=120)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = tmp_path / "a.xlsx"
    assert jixiao("fill", FORM, PUBLISHED / "ezhou_2025.toml", "-o", made, cwd=tmp_path).returncode == 0
    return made


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_where_chinese_has_no_letters_it_is_written_as_utf_8(tmp_path: Path, encoding: str) -> None:
    done = jixiao("press", cwd=tmp_path, PYTHONIOENCODING=encoding)
    assert done.returncode == 0 and "校验" in done.stdout.decode()


def test_a_letter_that_gbk_has_not_ends_no_command(book: Path) -> None:
    shutil.copy(book, named := book.with_name("笑😀²㎡.xlsx"))
    done = jixiao("check", named, cwd=book.parent, PYTHONIOENCODING="gbk")
    assert done.returncode == 1 and "必须修改" in done.stdout.decode("gbk") and r"\U0001f600" in done.stdout.decode("gbk")
    told = jixiao("check", named, "--json", cwd=book.parent, PYTHONIOENCODING="gbk")
    assert json.loads(told.stdout.decode("gbk"))["files"][0]["book"] == named.name


@pytest.mark.skipif(sys.platform != "linux", reason="names are letters there")
def test_a_name_that_is_not_utf_8_is_checked_marked_and_answered(book: Path) -> None:
    named = os.fsencode(book.parent) + b"/\xb9\xa4\xbb\xe1.xlsx"
    shutil.copy(book, named)
    done = jixiao("check", named, "--mark", "m.xlsx", cwd=book.parent)
    assert done.returncode == 1 and b"SYS901" not in done.stderr and (book.parent / "m.xlsx").is_file()
    assert jixiao("press", "校验", named, cwd=book.parent).returncode == 0


@pytest.mark.parametrize("columns", ["0", "1"])
def test_a_window_without_width_gets_its_words(tmp_path: Path, columns: str) -> None:
    assert "重新计算" in jixiao("press", cwd=tmp_path, COLUMNS=columns).stdout.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full and a shell")
@pytest.mark.parametrize(("tail", "code", "said"), [(">&-", 0, ""), (">/dev/full", 2, "磁盘已满")])
def test_no_output_and_a_full_disk_behind_it_are_no_crash(tmp_path: Path, tail: str, code: int, said: str) -> None:
    settings = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    done = subprocess.run(["sh", "-c", f'"$@" {tail}', "sh", *COMMAND, "forms", "--json"], env=settings, capture_output=True,
                          timeout=60)  # fmt: skip
    assert done.returncode == code and said in done.stderr.decode() and "SYS901" not in done.stderr.decode()


@pytest.mark.parametrize("verb", ["check", "deposit"])
def test_a_folder_without_workbooks_is_said(tmp_path: Path, verb: str) -> None:
    (tmp_path / "空").mkdir()
    done = jixiao(verb, tmp_path / "空", cwd=tmp_path)
    assert done.returncode == 2 and "SYS906" in done.stderr.decode() and "里的工作簿" in done.stderr.decode()


def test_a_question_to_an_empty_file_leaves_it_empty(tmp_path: Path) -> None:
    (empty := tmp_path / "空.sqlite").touch()
    done = jixiao("archive", "ls", "--archive", empty, cwd=tmp_path)
    assert done.returncode == 2 and "是空文件" in done.stderr.decode() and not empty.stat().st_size


def test_a_name_that_begins_with_a_tilde_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "~$名单.xlsx").write_bytes(b"\x05user" + b"\0" * 160)
    done = jixiao("archive", "ls", "--archive", "~$名单.xlsx", cwd=tmp_path)
    assert done.returncode == 2 and "ARC102" in done.stderr.decode()


def test_an_evaluation_after_an_evaluation_is_refused_without_offering_it(book: Path) -> None:
    assert jixiao("follow", book, "-o", "e.xlsx", cwd=book.parent).returncode == 0
    done = jixiao("press", "生成自评表", "e.xlsx", cwd=book.parent)
    assert done.returncode == 2 and "后面没有接着的“自评”表" in done.stderr.decode() and "可用阶段" not in done.stderr.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="a folder in use cannot be deleted elsewhere")
def test_a_deleted_folder_and_one_that_cannot_be_made_are_said(tmp_path: Path) -> None:
    settings = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    (tmp_path / "file").touch()
    for words, code in (
        (("consolidate", tmp_path, "-o", "x.xlsx"), "SYS906"),
        (("demo", "--out", tmp_path / "file" / "d"), "SYS903"),
    ):
        line = f'mkdir "{tmp_path / "gone"}" && cd "{tmp_path / "gone"}" && rmdir "$PWD" && "$@"'
        done = subprocess.run(["sh", "-c", line, "sh", *COMMAND, *map(str, words)], env=settings, capture_output=True, timeout=60)
        assert done.returncode == 2 and code in done.stderr.decode(), done.stderr.decode()


@pytest.mark.skipif(shutil.which("setpriv") is None or os.geteuid() != 0, reason="root reads everything unless it gives that up")
def test_a_file_without_the_right_to_read_is_no_wrong_command(book: Path) -> None:
    book.chmod(0)
    command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--", *COMMAND, "check", str(book)]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, timeout=60)
    assert done.returncode == 2 and "没有权限" in done.stderr.decode() and "命令写法" not in done.stderr.decode()


def test_the_menu_names_forms_without_their_gaps(tmp_path: Path) -> None:
    (tmp_path / "r.xlsx").touch()
    settings = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "HOME": str(tmp_path)}
    done = subprocess.run([*COMMAND, "menu"], input=f"1\n{tmp_path / 'r.xlsx'}\n".encode(), env=settings, capture_output=True,
                          timeout=60)  # fmt: skip
    assert "绩效运行监控表" in done.stdout.decode() and "{" not in done.stdout.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="names are letters there")
def test_an_archive_refuses_a_name_that_is_not_utf_8_and_says_so(book: Path) -> None:
    named = os.fsencode(book.parent) + b"/\xb9\xa4.xlsx"
    shutil.copy(book, named)
    done = jixiao("deposit", named, "--archive", "d.sqlite", cwd=book.parent)
    assert done.returncode == 2 and "文件名不对" in done.stderr.decode() and "改名后再试" in done.stderr.decode()
