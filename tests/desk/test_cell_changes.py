"""Cells to be written go to Excel in few rectangles, and no cell that must not change is in one."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from jixiao_xl.desk.cell_changes import Block, CellWrite, RowChange, Spot, Value, grouped, joined_rows

SPOTS = st.tuples(st.sampled_from("甲乙"), st.integers(0, 9), st.integers(0, 5))
VALUES = st.sampled_from(["≥95%", "12", Decimal("1.5"), None])


def put(blocks: list[Block]) -> list[tuple[Spot, Value]]:
    return [
        ((b.sheet, b.row + r, b.column + c), value)
        for b in blocks for r, row in enumerate(b.values) for c, value in enumerate(row)
    ]  # fmt: skip


@given(st.dictionaries(SPOTS, VALUES), st.dictionaries(SPOTS, VALUES))
def test_every_write_is_put_and_nothing_else_but_cells_that_keep_what_they_hold(
    wanted: dict[Spot, Value], holds: dict[Spot, Value]
) -> None:
    done = put(grouped([CellWrite(*spot, value) for spot, value in wanted.items()], holds))
    assert all(dict(done)[spot] == value for spot, value in done), "a cell in two blocks is given one value"
    assert wanted.items() <= dict(done).items()
    assert {spot: value for spot, value in done if spot not in wanted}.items() <= holds.items()


def test_a_filled_table_is_one_block_per_sheet_and_a_column_between_parts_it() -> None:
    table = [CellWrite("表", row, column, "x") for row in range(5, 505) for column in range(2, 7)]
    assert [b.area for b in grouped(table)] == ["C6:G505"]
    assert [b.area for b in grouped(w for w in table if w.column != 4)] == ["C6:D505", "F6:G505"]
    assert [b.area for b in grouped(w for w in table if w.row != 100)] == ["C6:G100", "C102:G505"]


def test_blank_rows_between_are_joined_when_they_may_be_given_nothing() -> None:
    writes = [CellWrite("表", row, 3, "33人") for row in (4, 5, 9)]
    blank: dict[Spot, Value] = {("表", row, 3): None for row in (6, 7, 8)}
    assert [(b.area, len(b.values)) for b in grouped(writes, blank)] == [("D5:D10", 6)]
    assert [b.area for b in grouped(writes)] == ["D5:D6", "D10"]


def test_of_two_writes_to_one_cell_the_later_counts() -> None:
    assert grouped([CellWrite("表", 0, 0, "旧"), CellWrite("表", 0, 0, "新")]) == [Block("表", 0, 0, (("新",),))]


def test_neighbouring_rows_are_shown_together() -> None:
    rows = [RowChange("表", 7, 7, True), RowChange("表", 6, 6, True), RowChange("表", 9, 9, True), RowChange("表", 8, 8, False)]
    joined = (RowChange("表", 8, 8, False), RowChange("表", 6, 7, True), RowChange("表", 9, 9, True))
    assert joined_rows(rows) == joined
