"""粘贴导入: the table on the paste area, or of a file, to the rows where its names belong."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao_xl import operations
from jixiao_xl.desk.cell_changes import Edit
from jixiao_xl.desk.opened import OpenForm
from jixiao_xl.desk.pasted_table import Unplaced
from jixiao_xl.desk.pasting import block_meant, place_pasted
from jixiao_xl.forms.spec import IndicatorTable
from jixiao_xl.hosts.applying import apply
from jixiao_xl.hosts.port import CellValue, Host
from jixiao_xl.hosts.showing import as_text, has_buttons_sheets
from jixiao_xl.model.places import row_and_column
from jixiao_xl.workbook.macro_names import CLIPBOARD_NAME, UNPLACED_NAME

TITLE = "粘贴导入"
EMPTY = "“粘贴区”是空的。请把 Word 或网页里的指标表（连同表头）粘贴到“粘贴区”的黄色格里，再点“粘贴导入”。"
NO_ROWS = "没有要导入的内容。请选择一个有指标表（连同表头）的文件：Word 文档（.docx）、.xlsx 或 .csv。"
SHOWN = 12
"""Lines of the list in the closing message."""
WHICH = "导入到“{table}”吗？\n选“否”换下一张表。"
NO_TABLE = "没有选定要导入的表，没有改动。"


def paste_import(host: Host) -> None:
    """Place what has a certain place, list the rest with its reason beside the paste area."""
    form = operations.open_form(host, host.name)
    form.must_be_ours()
    rows = _rows(host, form)
    if not any(cell not in (None, "") for row in rows for cell in row):
        host.tell(EMPTY if CLIPBOARD_NAME in form.sheets.places else NO_ROWS, TITLE)
        return
    sheet, cell = host.selection()
    block = block_meant(form.reading, form.ground, rows, sheet, row_and_column(cell)[0]) or _asked(host, form)
    if not block:
        host.tell(NO_TABLE, TITLE)
        return
    pasted = place_pasted(form.reading, form.ground, rows, block)
    if not apply(host, form, TITLE, Edit(pasted.writes, pasted.row_changes)):
        return
    where = _listed(host, form, pasted.unplaced)
    left = f"有 {len(pasted.unplaced)} 行没有放进去，{where}" if pasted.unplaced else "全部放进去了。"
    host.status("")
    host.tell(f"{_title(form, block)}：放入 {pasted.placed} 行，填了 {len(pasted.writes)} 格。{left}", TITLE)


def _rows(host: Host, form: OpenForm) -> Sequence[Sequence[object]]:
    """What is on the paste area; where there is none, or the workbook is a saved file, of a file that the person has."""
    place = form.sheets.places.get(CLIPBOARD_NAME)
    on_area = host.read(place.sheet, place.area) if place else []
    if place and host.is_open:
        return on_area
    from jixiao_xl.desk.pasted_source import KINDS, pasted_rows  # what opens files, loaded only here

    chosen = host.choose_file("选择要导入的指标表", KINDS)
    return pasted_rows(chosen) if chosen is not None else on_area


def _asked(host: Host, form: OpenForm) -> str:
    """The table that the person names when nothing tells which is meant."""
    tables = [stand for stand in form.ground.stands if isinstance(stand.area.block, IndicatorTable)]
    return next((stand.name for stand in tables if host.ask(WHICH.format(table=stand.area.sheet), TITLE)), "")


def _title(form: OpenForm, block: str) -> str:
    stand = form.ground.named(block)
    return stand.area.sheet if stand is not None else block


def _listed(host: Host, form: OpenForm, unplaced: tuple[Unplaced, ...]) -> str:
    """Keep the list where the person will look for it; says where."""
    if has_buttons_sheets(host, form):
        _beside_the_paste_area(host, form, unplaced)
        return "原因列在“粘贴区”右边，请照着自己填。"
    if not unplaced:
        return ""
    from jixiao_xl.desk.pasted_source import keep_unplaced, said_unplaced

    first = said_unplaced(sorted(unplaced, key=lambda one: not one.is_meant)[:SHOWN])
    if host.path is None or not host.path.parent.is_dir():
        return "\n".join(["请照着自己填：", *first])
    kept = keep_unplaced(unplaced, host.path.parent, host.name)
    return "\n".join([f"请照着自己填，清单在 {kept}：", *first])


def _beside_the_paste_area(host: Host, form: OpenForm, unplaced: tuple[Unplaced, ...]) -> None:
    """The whole list in one write, what stood there before gone."""
    place = form.place(UNPLACED_NAME)
    room, width = place.bottom - place.top + 1, place.right - place.left + 1
    rows: list[list[CellValue]] = [[float(one.row), as_text(one.text), as_text(one.why)] for one in unplaced]
    if len(rows) > room:
        rows[room - 1 :] = [[None, f"……还有 {len(rows) - room + 1} 行没有放进去", "先处理上面的，再点一次“粘贴导入”。"]]
    with host.editing():
        host.write(place.sheet, place.area, rows + [[None] * width for _ in range(room - len(rows))])
