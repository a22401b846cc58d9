"""An edit onto the sheets: asked about where it must be, remembered for 撤销, whole or not at all."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from jixiao_xl.desk.cell_changes import Block, Edit, RowChange
from jixiao_xl.desk.opened import OpenForm
from jixiao_xl.desk.snapshot import Undo, snapshot
from jixiao_xl.hosts.port import Host
from jixiao_xl.workbook.saving import save_atomically

FOLDER = "jixiao-undo"
READ_ONLY = "这个文件是只读打开的，改了也存不住，没有改动。请先“另存为”到自己的文件夹，再点按钮。"
LOCKED = "要改的格是锁定的，没有改动。请不要改动工作表的保护，或换用原来的表样。"


def undo_file(form: OpenForm) -> Path:
    """Where the last change to this workbook is remembered: the person's own temporary folder."""
    name = hashlib.sha256(f"{form.key}|{form.filing.revision}".encode()).hexdigest()[:24]
    return Path(tempfile.gettempdir()) / FOLDER / f"{name}.json"


def apply(host: Host, form: OpenForm, verb: str, edit: Edit) -> bool:
    """Do the edit; False where the person said no, or it could not be done, which has then been said."""
    if edit.refusal:
        host.status("")
        host.tell(edit.refusal, verb)
        return False
    if edit.question and not host.ask(edit.question, verb):
        host.status("")
        return False
    if not edit.changes_anything:
        return True
    if host.is_read_only:
        host.status("")
        host.tell(READ_ONLY, verb)
        return False
    blocks, undo = snapshot(form.key, form.filing.revision, verb, edit, host.read, form.ground.blanks)
    if host.is_open:
        remember(form, undo)
    try:
        put(host, blocks, edit.rows, undo)
    except PermissionError:
        host.tell(LOCKED, verb, critical=True)
        return False
    return True


def remember(form: OpenForm, undo: Undo) -> None:
    """The way back, before the first cell changes."""
    path = undo_file(form)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    save_atomically(path, undo.text().encode(), replace=True)


def put(host: Host, blocks: list[Block], rows: tuple[RowChange, ...], undo: Undo) -> None:
    """Rows are shown before they are filled and hidden after they are emptied. What was already put goes
    back when a later block is refused (PermissionError)."""
    done = 0
    with host.editing():
        _rows(host, rows, shown=True)
        try:
            for block in blocks:
                host.write(block.sheet, block.area, block.values)
                done += 1
        except PermissionError:
            for changed in undo.cells[:done]:
                host.write(changed.sheet, changed.area, changed.before)
            raise
        _rows(host, rows, shown=False)


def _rows(host: Host, rows: tuple[RowChange, ...], *, shown: bool) -> None:
    for change in rows:
        if change.shown == shown:
            host.show_rows(change.sheet, change.first + 1, change.last + 1, shown=shown)
