"""增加指标行, 删除指标行: spare rows shown, and rows hidden once their values have moved up.

No row is inserted or taken out and nothing is unprotected: the sheet has its spare rows from the start.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from jixiao_xl.desk.cell_changes import CellWrite, Edit, RowChange, refused
from jixiao_xl.desk.ground import PROSE, Ground, Names, Row, Stand
from jixiao_xl.forms.spec import IndicatorTable, MoneyTable
from jixiao_xl.model.names import OPEN, normalised

NOT_HERE = "请先点中要增加（删除）的那一类里的一行：指标表、项目明细或成段填写的文字，再按这个按钮。"


def add_row(ground: Ground, sheet: str, row: int, hidden: Container[int]) -> Edit:
    """Show the next spare row of the place that the selected row belongs to.

    `hidden` are the sheet's hidden rows. Row numbers count from 0.
    """
    stand = ground.at(sheet, row)
    if stand is None or not stand.places:
        return refused(NOT_HERE)
    key = _place_of(stand, row)
    if key is None:
        return refused("这一行是表样印好的，它所在的类别不能自己加行。请点中写有“……”或自己填写名称的一行，再按“增加指标行”。")
    rows = stand.places[key]
    below = (r for r in rows if r.row > row and r.row in hidden)
    spare = next(below, None) or next((r for r in rows if r.row in hidden), None)
    if spare is None:
        return refused(_used_up(stand, key, rows))
    return Edit(rows=(RowChange(sheet, spare.row, spare.row, True),))


def remove_row(ground: Ground, sheet: str, row: int, hidden: Container[int]) -> Edit:
    """Empty the selected row by moving the rows below it up, and hide the row that becomes free.

    A row that holds something is asked about first. The last row shown of a place stays, emptied.
    """
    stand = ground.at(sheet, row)
    chosen = stand.row_at(row) if stand is not None else None
    if stand is None or chosen is None or not stand.places:
        return refused(NOT_HERE)
    if not chosen.is_open:
        return refused(_printed(stand))
    rows = stand.places[chosen.key]
    shown = [r for r in rows if r.row not in hidden]
    if chosen.is_blank and chosen.row in hidden:
        return refused("这一行是收起的备用行，本来就是空的，不用删除。")
    if chosen.is_blank and shown == [chosen]:
        return refused("这一类只剩这一行，而且是空的：不用的空行留着即可，不会打印。")
    last = max([r.row for r in shown] + [r.row for r in rows if not r.is_blank], default=row)
    moving = [r for r in rows if chosen.row <= r.row <= last]
    writes = tuple(_moved_up(sheet, moving))
    free = moving[-1].row
    changes = (RowChange(sheet, free, free, False),) if len(shown) > 1 and free not in hidden else ()
    question = "" if chosen.is_blank else f"第 {row + 1} 行填有内容：{chosen.said()}。删除后下面各行上移。确定删除吗？"
    return Edit(writes, changes, question=question)


def _place_of(stand: Stand, row: int) -> str | None:
    """The key of the place that a row adds to: its own, or that of the headings it stands under."""
    chosen = stand.row_at(row)
    if chosen is not None and chosen.is_open:
        return chosen.key
    block = stand.block
    if isinstance(block, IndicatorTable):
        under = chosen.printed[:-1] if chosen is not None else ()
        return _under(stand, under) if under else None
    if isinstance(block, MoneyTable):
        group = chosen.key.partition(".")[0] if chosen is not None else ""
        return next((key for key in stand.places if key.partition(".")[0] == group), None)
    return PROSE


def _under(stand: Stand, headings: Names) -> str | None:
    """The place whose printed headings are the most of these, one at least."""
    plain = tuple(map(normalised, headings))
    found = []
    for key, rows in stand.places.items():
        fixed = tuple(map(normalised, rows[0].printed))
        if fixed and fixed == plain[: len(fixed)]:
            found.append((len(fixed), key))
    return max(found, key=lambda one: one[0])[1] if found else None


def _moved_up(sheet: str, rows: Sequence[Row]) -> Iterator[CellWrite]:
    """Each row takes what the next one holds; the last one is left blank. Where the next one has no more than
    the proposal of a formula, the row goes by its own formula."""
    for here, below in zip(rows, [*rows[1:], None], strict=True):
        for column in here.cells:
            held = below.holds.get(column) if below is not None else None
            if held is None and column in here.starts:
                if column not in here.proposed:
                    yield CellWrite(sheet, here.row, column, here.starts[column])
                continue
            yield CellWrite(sheet, here.row, column, held)


def place_name(stand: Stand, key: str) -> str:
    """A place as it is said: `履职效能`, `产出指标/数量指标`, `项目明细`."""
    if key == PROSE:
        return stand.area.sheet
    printed = stand.places[key][0].printed
    return "/".join(printed) if printed else "所列项目" if isinstance(stand.block, MoneyTable) else stand.area.sheet


def _used_up(stand: Stand, key: str, rows: Sequence[Row]) -> str:
    blank = sum(r.is_blank for r in rows)
    have = f"“{place_name(stand, key)}”最多 {len(rows)} 行，已经全部显示。"
    if blank:
        return f"{have}其中还有 {blank} 行空着，请先填空行。"
    if key == PROSE:
        return f"{have}请把短的段落并到一行里写。"
    elsewhere = f"[{'/'.join([OPEN] * len(stand.block.levels))}]" if isinstance(stand.block, IndicatorTable) else ""
    if elsewhere in stand.places and elsewhere != key:
        return f"{have}其余的可以写在本表最下面各级名称都自己填的行里；还不够的，合并相近的指标，或请下发单位换一份行数更多的表样。"
    return f"{have}请合并相近的内容，或请下发单位换一份行数更多的表样。"


def _printed(stand: Stand) -> str:
    if isinstance(stand.block, IndicatorTable):
        return "这一行是表样印好的共性指标，不能删除；没有这项业务的，指标值填“不适用”。"
    return "这一行是表样印好的，不能删除；没有的填 0。"
