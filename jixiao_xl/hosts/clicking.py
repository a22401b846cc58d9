"""What every click has in common: the workbook, the screen at rest, one closing message, no traceback."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable

from jixiao_xl.hosts.crash import write_log
from jixiao_xl.hosts.live_book import LiveBook
from jixiao_xl.hosts.port import EditingCell, Host, NothingChosen
from jixiao_xl.model.findings import Finding
from jixiao_xl.operations import Cancelled, CannotRun

Handler = Callable[[Host], None]
EDITING = "请先结束单元格编辑（按回车或 Esc），再点一次按钮。"
CANCELLED = "已取消，没有写出半截文件。"
NOTHING_CHOSEN = "没有选定文件或文件夹，没有改动。"


def click(handler: Handler, title: str, host: Host | None = None) -> None:
    """Run a handler on the workbook whose button was pressed, or on the one given."""
    if host is None:
        try:
            host = LiveBook.caller()
        except EditingCell:
            sys.exit(EDITING)  # no workbook to speak through: RunPython shows what a failed command wrote
    clicked(handler, title, host)


def clicked(handler: Handler, title: str, host: Host) -> None:
    """Run a handler; what a person did wrong is said in one message, a crash is SYS901 with a log."""
    try:
        handler(host)
    except CannotRun as refused:
        _say(host, title, "\n".join(spoken(f) for f in refused.findings))
    except EditingCell:
        host.tell(EDITING, title, critical=True)  # the status bar would be refused too
    except Cancelled:
        _say(host, title, CANCELLED)
    except NothingChosen:
        host.status(NOTHING_CHOSEN)
    except Exception:
        log = write_log(traceback.format_exc())
        _say(host, title, spoken(Finding("SYS901", "error", params={"log": str(log)})))


def _say(host: Host, title: str, text: str) -> None:
    host.tell(text, title, critical=True)
    host.status("")


def spoken(finding: Finding) -> str:
    """A finding in one line: what is wrong, and what to do."""
    return f"{finding.message()} → {finding.remedy()}"
