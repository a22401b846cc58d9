"""The hidden cells beside an indicator row in which its target and what was done are read.

To read an indicator value takes a long formula, so each is read once, and all that follows from the row
(完成比例, 参考得分, 预警灯) takes the numbers from here.
"""

from __future__ import annotations

from jixiao_xl.forms.expr import Cell, Expr, call
from jixiao_xl.forms.plan import Slot
from jixiao_xl.forms.scoring_formulas import actual_in, method_in, number_in, plain_text
from jixiao_xl.model.records import dataclass
from jixiao_xl.model.scoring import METHOD_WORDS, Method

WORD_OF: dict[Method, str] = {method: word for word, method in METHOD_WORDS.items()}


@dataclass(frozen=True)
class RowReading:
    """Five cells from `column` on: text and number of the target, the same of what was done, 计分方式."""

    target: Slot
    done: Slot
    method: Slot | None
    unit: Slot | None
    """Where the unit of the target stands apart; a bare number that was done is of that unit too."""
    column: int

    def _cell(self, offset: int) -> Cell:
        return Cell(self.target.sheet, self.target.row, self.column + offset)

    @property
    def target_number(self) -> Cell:
        return self._cell(1)

    @property
    def done_number(self) -> Cell:
        """Blank too where it does not count what the target counts."""
        return self._cell(3)

    @property
    def goes_by(self) -> Cell:
        """正向, 反向, 等于 or 定性: as chosen, else by the sign of the target; blank where nobody knows."""
        return self._cell(4)

    def cells(self) -> dict[int, Expr]:
        """What stands in each, by column."""
        target, done = slot_cell(self.target), slot_cell(self.done)
        is_number = call("ISNUMBER", self.target_number)
        by_sign = call("IF", is_number, method_in(target), call("IF", is_empty(target), "", WORD_OF["grade"]))
        chosen = slot_cell(self.method) if self.method else None
        of_target: Expr = target
        of_done: Expr = done
        if self.unit is not None:
            unit = slot_cell(self.unit)
            last = call("RIGHT", call("TRIM", done), 1)
            is_bare = call("AND", call("NOT", is_empty(done)), call("ISNUMBER", call("FIND", last, DIGITS)))
            of_target, of_done = target & unit, call("IF", is_bare, done & unit, done)
        read = (
            plain_text(of_target), number_in(self._cell(0)), plain_text(of_done), actual_in(self._cell(2), self._cell(0)),
            by_sign if chosen is None else call("IF", is_empty(chosen), by_sign, _as_word(chosen)),
        )  # fmt: skip
        return {self.column + n: formula for n, formula in enumerate(read)}


DIGITS = "0123456789０１２３４５６７８９"


def _as_word(chosen: Expr) -> Expr:
    """计分方式 as a word; some forms have the sign for it in a column of its own."""
    word = method_in(chosen)
    return call("IF", call("LEN", word).eq(0), call("TRIM", chosen), word)


def slot_cell(slot: Slot) -> Cell:
    """The slot as part of a formula."""
    return Cell(slot.sheet, slot.row, slot.column)


def is_empty(text: Expr) -> Expr:
    """Whether nothing but blanks stands there."""
    return call("LEN", call("TRIM", text)).eq(0)
