"""Run a verb for a person at a terminal: a mistake is one Chinese line, a crash is SYS901 with a log."""

from __future__ import annotations

import errno
import re
import traceback
from collections.abc import Callable

import typer

from jixiao_xl import operations
from jixiao_xl.hosts.crash import write_log
from jixiao_xl.hosts.say import ERR, say_findings, speak_again
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.machine_errors import said_by_machine
from jixiao_xl.workbook.reading import unreadable

USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]
"""Every wrongly written command; typer has its own copy of click and gives this class no name."""
_USAGE = {
    "MissingParameter": "缺少参数",
    "BadParameter": "参数取值不对",
    "NoSuchOption": "没有这个选项",
    "BadOptionUsage": "选项写法不对",
}
INTERRUPTED = 130
"""What typer answers when the user pressed Ctrl+C."""
COULD_NOT_RUN = 2
NO_RIGHT = said_by_machine(PermissionError(errno.EACCES, ""))


def answered(work: Callable[[], object]) -> int:
    """The exit code of the work: 0 no errors, 1 errors found, 2 could not run, which is then said."""
    try:
        code = work()
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        return code if isinstance(code, int) else 0
    except operations.CannotRun as refused:
        say_findings(refused.findings, ERR)
    except (KeyboardInterrupt, typer.Abort, operations.Cancelled):
        speak_again()
        ERR.print("已取消，没有写出半截文件。")
    except typer.Exit as done:
        return done.exit_code
    except USAGE_ERROR as error:
        if found := re.search(r"'([^']*)' is not readable", str(error)):
            say_findings([unreadable(found[1], NO_RIGHT, "检查权限后再试。")], ERR)
        else:
            ERR.print(f"命令写法不对：{_usage(error)}。用 jixiao --help 查看写法。")
    except Exception as error:
        say_findings([_stopped(error)], ERR)
    return COULD_NOT_RUN


def _stopped(error: Exception) -> Finding:
    """Words that found no room, where they were sent into a file on a full disk; a folder that was deleted while one stood
    in it; a file name of bytes that are no letters; else a crash, with its log."""
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        stated = error.object[error.start : error.end]
        params = {"what": "文件名", "stated": stated, "advice": "有认不出的字；只用汉字、字母、数字，改名后再试。"}
        return Finding("SYS908", "error", params=params)
    if isinstance(error, FileNotFoundError) and error.filename is None:
        return Finding("SYS906", "error", params={"file": "当前文件夹（可能已被删除）"})
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT) and error.filename is None:
        return Finding("SYS903", "error", params={"file": "程序的输出", "why": said_by_machine(error)})
    return Finding("SYS901", "error", params={"log": str(write_log(traceback.format_exc()))})


def _usage(error: Exception) -> str:
    """A wrongly written command in Chinese, by the kind of the library's error."""
    told = _USAGE.get(type(error).__name__, "没有这个命令或参数")
    parameter = getattr(error, "param", None)
    named = getattr(error, "option_name", "") or getattr(parameter, "name", "") or ""
    quoted = re.search(r"'([^']*)'", str(error))
    return f"{told}（{named or (quoted[1] if quoted else '')}）" if named or quoted else told
