"""`Derived` and relations as expressions: the only file that says what a formula is."""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao_xl.forms.derive import Derived
from jixiao_xl.forms.expr import Area, Cell, Expr, Literal, call
from jixiao_xl.forms.function_calls import FunctionCall
from jixiao_xl.forms.measures import INAPPLICABLE
from jixiao_xl.forms.plan import Slot
from jixiao_xl.forms.relations import AtMost, Balance, ShareSum, Steps
from jixiao_xl.forms.result_formulas import result_formula
from jixiao_xl.model.amounts import HALF_UNIT, SUM_PLACES
from jixiao_xl.model.ratios import RATE_PLACES, SHARE_STEP, SHARE_SUM_STEP

CRUMB = Decimal("0.000001")
"""Binary cells may miss a decimal comparison by this much; far below any tolerance."""


def cell(slot: Slot) -> Cell:
    return Cell(slot.sheet, slot.row, slot.column)


def cells_of(slots: tuple[Slot, ...]) -> tuple[Expr, ...]:
    """The slots as arguments; a run of one column becomes one area."""
    column = {slot.column for slot in slots}
    rows = [slot.row for slot in slots]
    if len(slots) > 2 and len(column) == 1 and rows == list(range(rows[0], rows[0] + len(rows))):
        return (Area(slots[0].sheet, rows[0], slots[0].column, rows[-1], slots[0].column),)
    return tuple(cell(slot) for slot in slots)


FUNCTION_OF = {"share": "JX_SHARE", "rate": "JX_EXEC_RATE"}


def formula_of(derived: Derived, *, functions: bool = False) -> Expr:
    """The cell's formula. Blank inputs give a blank result, not 0.00. With `functions`, our own function
    divides and rounds; what a form prints for blanks and over nothing is the form's either way."""
    if derived.op not in ("sum", "share", "rate"):
        return result_formula(derived)
    inputs = cells_of(derived.inputs)
    if derived.op == "sum":
        return call("IF", call("COUNT", *inputs).eq(0), "", call("ROUND", call("SUM", *inputs), SUM_PLACES))
    part, whole = inputs
    nothing: str | int = 0 if derived.op == "share" else INAPPLICABLE
    quotient: Expr = call("ROUND", part / whole, RATE_PLACES)
    if functions:
        quotient = FunctionCall(FUNCTION_OF[derived.op], (part, whole))
    rate = call("IF", whole.eq(0), nothing, quotient)
    return call("IF", call("COUNT", part, whole).lt(2), "", rate)


def started(slot: Slot) -> Expr:
    """What an entry shows until a person writes another: the cell that it starts as."""
    return started_as(cell(slot))


def started_as(source: Cell) -> Expr:
    """The same, of the cell itself."""
    return call("IF", call("LEN", source).eq(0), "", source)


_FUNCTION = re.compile(r"([A-Z]{2,})\(")


def is_started(formula: str | None) -> bool:
    """Whether the formula of a cell that starts as another is still the form's own; a shared one has no text."""
    return formula is not None and (not formula or _FUNCTION.findall(formula) == ["IF", "LEN"])


def is_blank(slot: Slot) -> Expr:
    return call("LEN", call("TRIM", cell(slot))).eq(0)


def sum_is_off(derived: Derived) -> Expr:
    """Whether a total shows another value than its parts give, beyond the tolerance."""
    inputs, own = cells_of(derived.inputs), cell(derived.slot)
    gap = call("ABS", call("N", own) - call("SUM", *inputs))
    allowed = HALF_UNIT * len(derived.inputs) + CRUMB
    return call("AND", call("COUNT", own, *inputs).gt(0), gap.gt(allowed))


def rate_is_off(derived: Derived) -> Expr:
    """Whether a share or rate shows another value than its two amounts give."""
    own = cell(derived.slot)
    expected = call("IFERROR", call("N", cell(derived.inputs[0])) / call("N", cell(derived.inputs[1])), 0)
    known = call("COUNT", own, *cells_of(derived.inputs)).eq(3)
    return call("AND", known, call("ABS", call("N", own) - expected).gt(SHARE_STEP + CRUMB))


def shares_miss_whole(relation: ShareSum) -> Expr:
    inputs = cells_of(relation.shares)
    total = call("SUM", *inputs)
    return call("AND", total.ne(0), call("ABS", total - 1).gt(SHARE_SUM_STEP + CRUMB))


def balance_is_off(relation: Balance) -> Expr:
    left, right = cells_of(relation.left), cells_of(relation.right)
    gap = call("ABS", call("SUM", *left) - call("SUM", *right))
    both = call("AND", call("COUNT", *left).gt(0), call("COUNT", *right).gt(0))
    return call("AND", both, gap.gt(HALF_UNIT * 2 + CRUMB))


def exceeds(relation: AtMost) -> Expr:
    small, large = cell(relation.small), cell(relation.large)
    return call("AND", call("COUNT", small, large).eq(2), small.gt(large))


def falls(relation: Steps) -> Expr:
    """Whether a cumulative plan falls anywhere, or misses a mark that is filled in."""
    tests: list[Expr] = []
    for earlier, later in zip(relation.points, relation.points[1:], strict=False):
        a, b = cell(earlier), cell(later)
        tests.append(call("AND", call("COUNT", a, b).eq(2), a.gt(b)))
    for slot, mark in relation.marks:
        filled = call("COUNT", cell(slot)).gt(0)
        tests.append(call("AND", filled, call("ABS", call("N", cell(slot)) - mark).gt(CRUMB)))
    return call("OR", *tests)


def too_fine(slot: Slot, decimals: int) -> Expr:
    """Whether an amount has more decimals than the form takes."""
    own = call("N", cell(slot))
    return call("ABS", own - call("ROUND", own, decimals)).gt(CRUMB)


def negative(slot: Slot) -> Expr:
    return call("N", cell(slot)).lt(0)


def is_words(slot: Slot) -> Expr:
    """Whether an amount cell holds text."""
    return call("AND", call("ISTEXT", cell(slot)), call("LEN", cell(slot)).gt(0))


_OPERATORS = "≥≤=＝><＞＜"


def lacks_operator(slot: Slot) -> Expr:
    """Whether a value that ends in a number, % or unit starts with no comparison sign."""
    own = call("TRIM", cell(slot))
    first = call("LEFT", own, 1)
    digit = call("ISNUMBER", call("FIND", first, Literal("0123456789-")))
    return call("AND", call("LEN", own).gt(0), digit)


def too_long(slot: Slot) -> Expr:
    return call("LEN", cell(slot)).gt(slot.max_chars)


# ---- 测算表 ------------------------------------------------------------------------------------
PERCENT_STEP = SHARE_STEP * 100
AGREES, DIFFERS, UNCLEAR = "一致", "不一致", "请核对"


def measured_percent(op: str, of: Expr, to: Expr) -> Expr:
    """A rate in percent, at most two decimals; blank while an amount is missing, 不适用 over nothing.

    A difference is rounded before it is divided: 1.00795 - 1 is a hair less than 0.00795 in binary.
    """
    rate = call("ROUND", of - to, SUM_PLACES) / call("ABS", to) if op == "change" else of / to
    percent = call("ROUND", call("ROUND", rate, RATE_PLACES) * 100, RATE_PLACES - 2)
    return call("IF", call("COUNT", of, to).lt(2), "", call("IF", to.eq(0), INAPPLICABLE, percent))


def measured_value(percent: Cell, operator: str) -> Expr:
    """The same in the form of an indicator value: `98.5%`, `≤100%`."""
    shown = (f"{operator}" & percent) & "%" if operator else percent & "%"
    return call("IF", call("ISNUMBER", percent), shown, percent)


def bare_percent(stated: Cell) -> Expr:
    """A stated percentage without its sign of comparison and its %; blank for anything else."""
    plain: Expr = call("SUBSTITUTE", call("TRIM", stated), "％", "%")
    bare: Expr = call("SUBSTITUTE", plain, "%", "")
    for sign in _OPERATORS:
        bare = call("SUBSTITUTE", bare, sign, "")
    return call("IF", call("RIGHT", plain, 1).eq("%"), bare, "")


def percent_number(bare: Cell) -> Expr:
    """Its number; blank where it is none. VALUE alone reads 1-5 as a day, 1:30 as a time, 1e2 as 100, (5) as -5."""
    places = [call("FIND", "-", call("MID", bare, 2, 20)), *(call("FIND", mark, bare) for mark in "/:eE(,$¥")]
    strange = call("OR", *(call("ISNUMBER", place) for place in places))
    return call("IF", strange, "", call("IFERROR", call("VALUE", bare), ""))


def agreement(percent: Cell, stated: Cell, number: Cell, natural: str) -> Expr:
    """Whether what is stated holds for what is computed. `natural` is how a target without a sign is
    meant; empty for an earlier year, whose value has to be the computed one."""
    first = call("LEFT", call("TRIM", stated), 1)
    tolerance = PERCENT_STEP + CRUMB
    above, below = (percent - number).gt(tolerance), (number - percent).gt(tolerance)
    bare = {"≤": above, "≥": below}.get(natural, call("OR", above, below))
    differs = call("IF", call("ISNUMBER", call("FIND", first, "≤<＜")), above,
                   call("IF", call("ISNUMBER", call("FIND", first, "≥>＞")), below,
                        call("IF", call("ISNUMBER", call("FIND", first, "=＝")), call("OR", above, below), bare)))  # fmt: skip
    unclear = call("IF", call("EXACT", call("TRIM", stated), percent), AGREES, UNCLEAR)
    judged = call("IF", call("COUNT", percent, number).lt(2), unclear, call("IF", differs, DIFFERS, AGREES))
    return call("IF", call("OR", percent.eq(""), stated.eq("")), "", judged)
