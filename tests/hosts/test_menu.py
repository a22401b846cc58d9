"""The menu as people use it: a real child process, answers typed line by line, once at a real terminal."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.hosts.answering import answered
from jixiao_xl.hosts.asking import path_in
from jixiao_xl.hosts.sample import FORM, roster_of_sample, sample_filing
from jixiao_xl.hosts.say import ERR, OUT
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import changed

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "jixiao_xl.hosts.cli", "menu"]


def environment(home: Path) -> dict[str, str]:
    own = dict.fromkeys(("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "APPDATA"), str(home))
    bare = {k: v for k, v in os.environ.items() if not k.startswith("JIXIAO_")}
    return bare | own | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def menu(home: Path, *lines: object) -> subprocess.CompletedProcess[bytes]:
    typed = "".join(f"{line}\n" for line in lines).encode()
    return subprocess.run(COMMAND, input=typed, capture_output=True, env=environment(home), cwd=home, timeout=120)


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    assert done.returncode == 0 and b"Traceback" not in done.stderr and b"SYS901" not in done.stderr, done.stderr.decode()
    return done.stdout.decode() + done.stderr.decode()


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two submissions (示例单位02's share is wrong) and the roster of both."""
    folder, spec = tmp_path_factory.mktemp("filed"), operations.form_named(FORM)
    (folder / "报送 件").mkdir()
    for n in (1, 2):
        filing = sample_filing(spec, n, 2026)
        if n == 2:
            filing = changed(filing, {"funds.expense.special_purpose.share": "99.99%"})
        (folder / "报送 件" / f"示例单位0{n}.xlsx").write_bytes(build_workbook(spec, filing, BuildOptions(as_stated=True)))
    operations.make_roster(folder / "名单.xlsx", roster_of_sample()[1:3])
    return folder


@pytest.fixture
def home(filed: Path, tmp_path: Path) -> Path:
    """A desk of one's own with these files, nothing set yet."""
    return Path(shutil.copytree(filed, tmp_path / "home"))


def test_the_whole_way_by_numbers(home: Path) -> None:
    inbox, out = home / "报送 件", home / "jixiao"
    told = said(menu(
        home,
        "２", f'"{inbox}"', home / "名单.xlsx",  # 接收登记; a full-width digit, a path dragged in
        3, "",  # 审核: the folder is remembered
        4, "", "", "",  # 汇总: so is the roster
        5, "", "",  # 退回
        1, "", 1, 2027, "",  # 下发, the first form of the list
        7, out / "2027下发" / "nobody.xlsx",
        6, inbox / "示例单位01.xlsx",
        0,
    ))  # fmt: skip
    assert told.count("已登记") == 2 and told.count("文件　必须修改　需要说明　供参考") == 2
    assert (out / "报送 件_汇总.xlsx").is_file()
    assert [p.name for p in (out / "退回").iterdir()] == ["示例单位02_退回修改.xlsx"]
    assert "已下发 2 份" in told and len(list((out / "2027下发").glob("*.xlsx"))) == 3
    assert told.count("SYS906") == 1 and told.rstrip().endswith(
        "SYS906 找不到 " + f"{out / '2027下发' / 'nobody.xlsx'}。 → 核对路径和文件名。"
    )
    issued = next(p for p in (out / "2027下发").glob("*.xlsx") if "示例单位01" in p.name)
    copy = home / "copy.xlsx"
    assert f"已生成 {copy}" in said(menu(home, 7, issued, copy, 0)) and copy.is_file()


def test_letters_report_reminder_and_levels_by_numbers(home: Path) -> None:
    inbox, out = home / "报送 件", home / "jixiao"
    told = said(menu(
        home,
        11, inbox, home / "名单.xlsx", "", "2026-12-05",  # 成批退回
        12, "", "", "",  # 情况报告
        13, "", "", 1, 2026, "",  # 催报: the first form of the list, of which nobody filed here
        14, "", "", "", "",  # 逐级汇总
        11, "", "", "", "年底",  # a day that is none
        0,
    ))  # fmt: skip
    assert "退回 1 个单位：标注文件 1 份，退回意见 1 份" in told
    assert sorted(p.suffix for p in (out / "退回意见").iterdir()) == [".docx", ".xlsx"]
    assert (out / "报送 件_情况报告.docx").is_file() and (out / "报送 件_汇总.xlsx").is_file()
    assert list((out / "报送 件_逐级汇总").glob("*汇总.xlsx")) and list(out.glob("*催报/*.xlsx"))
    assert told.count("SYS908 --due不对：年底") == 1


def test_a_button_on_a_saved_file_by_number(home: Path) -> None:
    """The clerk with WPS: 增加指标行 on a cell, then 生成报送文件 of the copy."""
    file = home / "报送 件" / "示例单位01.xlsx"
    copy = file.with_name("示例单位01_增加指标行.xlsx")
    told = said(menu(home, 18, file, 4, "年度绩效指标!G39", 18, copy, 10, 18, file, 8, "无", 0))
    assert "已显示第 43 行，请填写。" in told and f"已生成 {copy}，原文件没有动。" in told
    assert "校验码" in told and len(list(file.parent.glob("*_报送.xlsx"))) == 1
    assert "所选的格（封面!" in told


def test_every_mistake_is_one_line_and_back_to_the_menu(home: Path) -> None:
    done = menu(
        home,
        19, "x", "",  # no such item; Enter alone shows the menu again
        6, home / "none.xlsx",
        6, home / "名单.xlsx",
        1, home / "名单.xlsx", 77,
        1, "", "no.such",
        1, "", "", "今年",
        6, 0,  # back
        "0",
    )  # fmt: skip
    told = said(done)
    for line in (
        "没有这一项：19。",
        "没有这一项：x。",
        "SYS906",
        "WBK121",
        "SYS908 表样不对：77",
        "SYS905",
        "SYS908 YEAR不对：今年",
        "回到菜单。",
    ):
        assert told.count(line) == 1, line
    assert done.stdout.decode().rstrip().endswith("再见。")
    assert [p.name for p in (home / "jixiao").iterdir()] == ["jixiao.conf"], "nothing but the sound answers was kept"


@pytest.mark.parametrize("typed", [b"", b"6\n", b"1\n\xff\xfe\xb4\n", b'6\n"\n'])
def test_the_end_of_input_leaves_quietly(tmp_path: Path, typed: bytes) -> None:
    done = subprocess.run(COMMAND, input=typed, capture_output=True, env=environment(tmp_path), cwd=tmp_path, timeout=60)
    assert "再见。" in said(done)


def test_settings_that_cannot_be_read_do_not_shut_the_menu(home: Path) -> None:
    (home / "jixiao").mkdir()
    (home / "jixiao" / "jixiao.conf").write_text("nonsense\n", "utf-8")
    told = said(menu(home, 3, home / "报送 件", 6, home / "报送 件" / "示例单位01.xlsx", 0))
    assert "SYS910" in told and "再见。" in told


@pytest.mark.parametrize("typed", ["{}", '"{}"', "'{}'", "& '{}'", "“{}”", "file://{}"])
def test_a_path_is_understood_however_it_came(typed: str, tmp_path: Path) -> None:
    book = tmp_path / "a b（1）.xlsx"
    book.touch()
    assert path_in(typed.format(book)) == book
    if os.name != "nt":
        assert path_in(str(book).replace(" ", "\\ ").replace("（", "\\（")) == book


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
def test_at_a_terminal_ctrl_c_goes_back_and_ctrl_d_leaves(home: Path, request: pytest.FixtureRequest) -> None:
    import pty

    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        COMMAND, stdin=theirs, stdout=theirs, stderr=theirs, cwd=home, env=environment(home) | {"TERM": "xterm"}, start_new_session=True,
        preexec_fn=take_terminal,
    )  # fmt: skip
    os.close(theirs)
    request.addfinalizer(child.kill)
    screen = Screen(ours)
    screen.wait_for("请输入数字：")
    for _ in range(20):  # once it was lost, between the question and the reading
        screen.type("4\n")
        screen.wait_for("放报送件的文件夹")
        screen.type("\x03")
        screen.wait_for("回到菜单。")
        screen.wait_for("请输入数字：")
    screen.type(f"3\n'{home / '报送 件'}'\n")
    screen.wait_for("校验 ")  # the bar
    screen.wait_for("示例单位02.xlsx　2")
    screen.wait_for("请输入数字：")
    screen.type("\x04")
    screen.wait_for("再见。")
    assert child.wait(30) == 0
    os.close(ours)


PRESSED_BEFORE_THE_READING = """
import ctypes
import signal
from jixiao_xl.hosts.asking import line_typed
signal.signal(signal.SIGINT, signal.default_int_handler)
called_before_the_reading = ctypes.c_void_p.in_dll(ctypes.pythonapi, "PyOS_InputHook")
called_before_the_reading.value = ctypes.cast(ctypes.pythonapi.PyErr_SetInterrupt, ctypes.c_void_p).value
try:
    line_typed()
except KeyboardInterrupt:
    print("noticed")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
def test_ctrl_c_between_a_question_and_the_reading_is_not_lost(home: Path, request: pytest.FixtureRequest) -> None:
    import pty

    ours, theirs = pty.openpty()
    child = subprocess.Popen([sys.executable, "-c", PRESSED_BEFORE_THE_READING], stdin=theirs, stdout=theirs, env=environment(home))
    os.close(theirs)
    request.addfinalizer(child.kill)
    Screen(ours).wait_for("noticed")
    os.close(ours)


def test_after_ctrl_c_in_the_middle_of_printing_words_are_shown_again(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> None:
        for console in (OUT, ERR):
            console.__enter__()  # what an interruption between here and __exit__ leaves behind
        raise KeyboardInterrupt

    answered(interrupted)
    OUT.print("回到菜单。")
    assert capsys.readouterr() == ("回到菜单。\n", "已取消，没有写出半截文件。\n")


def take_terminal() -> None:
    """Make the pseudo-terminal the child's own, so that Ctrl+C reaches it, also from tests that run in the background."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


class Screen:
    """What stands on the terminal; `wait_for` forgets what came before the words it found."""

    def __init__(self, handle: int) -> None:
        self.handle, self.text = handle, b""

    def type(self, keys: str) -> None:
        os.write(self.handle, keys.encode())

    def wait_for(self, words: str) -> None:
        until = time.monotonic() + 20
        while words.encode() not in self.text:
            ready = select.select([self.handle], [], [], max(until - time.monotonic(), 0))[0]
            assert ready, f"{words} never came:\n{self.text.decode(errors='replace')}"
            self.text += os.read(self.handle, 4096)
        self.text = self.text.partition(words.encode())[2]


def test_a_self_evaluation_comes_from_a_filled_form_by_number(home: Path) -> None:
    book = home / "报送 件" / "示例单位01.xlsx"
    told = said(menu(home, 17, book, 1, "无", home / "监控.xlsx", 17, book, 2, "无", home / "自评.xlsx", 0))
    assert "已生成" in told
    kinds = [operations.read(home / name).filing for name in ("监控.xlsx", "自评.xlsx")]
    assert [each and each.stage for each in kinds] == ["monitoring", "evaluation"]


def test_the_treasury_s_table_is_taken_by_number(home: Path) -> None:
    said(menu(home, 2, home / "报送 件", home / "名单.xlsx", 0))
    table = home / "6月.csv"
    key = operations.read(home / "报送 件" / "示例单位01.xlsx").filing
    assert key is not None
    table.write_text(f"单位代码,年初预算（万元）,累计执行数\n{key.unit.key},100,50\n", "utf-8")
    assert "已导入 1 个单位 2026 年 6 月的执行数" in said(menu(home, 16, table, 2026, 6, 0))
