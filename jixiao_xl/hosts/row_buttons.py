"""增加指标行 and 删除指标行 on the selected row."""

from __future__ import annotations

from collections.abc import Container

from jixiao_xl import operations
from jixiao_xl.desk.ground import Row, Stand
from jixiao_xl.desk.opened import OpenForm
from jixiao_xl.desk.row_buttons import add_row as row_added
from jixiao_xl.desk.row_buttons import remove_row as row_removed
from jixiao_xl.hosts.applying import apply
from jixiao_xl.hosts.port import Host
from jixiao_xl.model.places import address, row_and_column

ADD, REMOVE = "增加指标行", "删除指标行"


class HiddenRows(Container[int]):
    """The hidden rows of the spare ones of a block; asked for in runs, since rows are hidden in runs."""

    def __init__(self, host: Host, sheet: str, stand: Stand | None) -> None:
        self.host, self.sheet = host, sheet
        self._known: dict[int, bool] = {}
        self._runs = [_run(rows) for rows in stand.places.values()] if stand is not None else []

    def __contains__(self, row: object) -> bool:
        assert isinstance(row, int)
        if row not in self._known:
            first, last = next(((a, b) for a, b in self._runs if a <= row <= b), (row, row))
            self._ask(first, last)
        return self._known[row]

    def _ask(self, first: int, last: int) -> None:
        """Rows count from 0 here, from 1 in the program. Halves only where some are hidden and some not."""
        hidden = self.host.rows_hidden(self.sheet, first + 1, last + 1)
        if hidden is not None:
            self._known |= dict.fromkeys(range(first, last + 1), hidden)
            return
        middle = (first + last) // 2
        self._ask(first, middle)
        self._ask(middle + 1, last)


def _run(rows: tuple[Row, ...]) -> tuple[int, int]:
    return rows[0].row, rows[-1].row


def add_row(host: Host) -> None:
    """Show the next spare row of the selected place, and go there."""
    form, sheet, row = _selected(host)
    edit = row_added(form.ground, sheet, row, _hidden(host, form, sheet, row))
    if apply(host, form, ADD, edit) and edit.rows:
        stand = form.ground.at(sheet, edit.rows[0].first)
        shown = stand.row_at(edit.rows[0].first) if stand is not None else None
        if shown is not None and shown.cells:
            host.go_to(sheet, address(shown.row, shown.cells[0]))
        host.status(f"已显示第 {edit.rows[0].first + 1} 行，请填写。")


def remove_row(host: Host) -> None:
    """Empty the selected own row, the rows below moving up, and hide the one that becomes free."""
    form, sheet, row = _selected(host)
    edit = row_removed(form.ground, sheet, row, _hidden(host, form, sheet, row))
    if apply(host, form, REMOVE, edit) and edit.changes_anything:
        host.status(f"第 {row + 1} 行已删除；删错了点“撤销”。")


def _selected(host: Host) -> tuple[OpenForm, str, int]:
    sheet, cell = host.selection()
    return operations.open_form(host, host.name, glance=True), sheet, row_and_column(cell)[0]


def _hidden(host: Host, form: OpenForm, sheet: str, row: int) -> HiddenRows:
    return HiddenRows(host, sheet, form.ground.at(sheet, row))
