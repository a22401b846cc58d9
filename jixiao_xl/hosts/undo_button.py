"""撤销: what our last click changed in this workbook, as it was before."""

from __future__ import annotations

from jixiao_xl import operations
from jixiao_xl.desk.cell_changes import grouped
from jixiao_xl.desk.snapshot import Undo, read_back, undo_edit
from jixiao_xl.hosts.applying import LOCKED, put, undo_file
from jixiao_xl.hosts.clicking import spoken
from jixiao_xl.hosts.port import Host

TITLE = "撤销"
NOTHING = "没有可以撤销的改动：只能撤销上一次点按钮所作的改动，自己输入的请用 Ctrl+Z。"


ORIGINAL = "改动都写在另存的那一份里，原来的文件没有动过：不要另存的那一份，就是撤销。"


def undo(host: Host) -> None:
    """Put back what still is as we left it; name what somebody changed since, and leave that."""
    if not host.is_open:
        host.tell(ORIGINAL, TITLE)
        return
    form = operations.open_form(host, host.name, glance=True)
    path = undo_file(form)
    if not path.is_file():
        host.tell(NOTHING, TITLE)
        return
    last = read_back(path.read_text("utf-8", errors="replace"), form.key, form.filing.revision)
    if not isinstance(last, Undo):
        host.tell(spoken(last), TITLE)
        return
    edit = undo_edit(last, host.read, form.ground.filled)
    try:
        put(host, grouped(edit.writes, form.ground.blanks), edit.rows, Undo(last.book, last.revision, TITLE))
    except PermissionError:
        host.tell(LOCKED, TITLE, critical=True)
        return
    path.unlink(missing_ok=True)
    left = "".join(f"\n{spoken(finding)}" for finding in edit.findings)
    host.status("")
    host.tell(f"已撤销“{last.verb}”，恢复 {len(edit.writes)} 格。{left}", TITLE)
