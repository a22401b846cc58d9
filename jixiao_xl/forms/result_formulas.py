"""Points, lights and grades of a form as expressions: what `derive` says follows, as a formula."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao_xl.forms.derive import Derived
from jixiao_xl.forms.expr import Area, Expr, Literal, call
from jixiao_xl.forms.plan import Slot
from jixiao_xl.forms.row_reading import WORD_OF, RowReading, is_empty, slot_cell
from jixiao_xl.forms.scored import INAPPLICABLE, NOT_BY_PACE, QUANTITY
from jixiao_xl.forms.scoring_formulas import (
    cap_formula,
    conclusion_formula,
    execution_light_formula,
    execution_points_formula,
    indicator_light_formula,
    points_formula,
    word_light_formula,
)
from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model.amounts import SUM_PLACES
from jixiao_xl.model.ratios import RATE_PLACES
from jixiao_xl.model.scoring import Band


def result_formula(derived: Derived) -> Expr:
    """The formula of a cell that shows points, a light, a grade or 完成比例."""
    thresholds, cells = thresholds_of(derived.pack), tuple(map(slot_cell, derived.inputs))
    if derived.op == "fixed":
        assert derived.constant is not None
        return Literal(derived.constant)
    if derived.op == "points":
        executed, budget, weight = cells
        return execution_points_formula(executed, budget, weight, thresholds.scoring, INAPPLICABLE)
    if derived.op == "total":
        return _total(derived)
    if derived.op == "grade":
        return conclusion_formula(cells[0], thresholds.scoring)
    if derived.op == "light":
        executed, budget = cells
        return execution_light_formula(executed, budget, _month(derived), thresholds.lights)
    assert derived.reading is not None, derived
    if derived.op == "done":
        return _done(derived.reading)
    return _score(derived, derived.reading) if derived.op == "score" else _row_light(derived, derived.reading)


def _month(derived: Derived) -> Expr:
    assert derived.by is not None, derived
    return slot_cell(derived.by)


def _done(reading: RowReading) -> Expr:
    target, done = reading.target_number, reading.done_number
    share = call("IF", target.eq(0), "", call("ROUND", done / target, RATE_PLACES))
    return call("IF", call("COUNT", target, done).lt(2), "", share)


def _score(derived: Derived, reading: RowReading) -> Expr:
    scoring, weight = thresholds_of(derived.pack).scoring, slot_cell(derived.inputs[2])
    numbers = reading.target_number, reading.done_number, weight, reading.goes_by
    earned = points_formula(*numbers, scoring)
    if scoring.unscored_deviation is not None:
        earned = call("IF", _named(derived, (QUANTITY,)), points_formula(*numbers, scoring, quantity=True), earned)
    is_best = call("OR", _met_in_words(reading), _is_band(reading, scoring.bands[0]))
    in_words = call("IF", call("AND", call("COUNT", weight).eq(1), weight.ge(0), is_best), weight, "")
    return call("IF", reading.goes_by.eq(WORD_OF["grade"]), in_words, earned)


def _row_light(derived: Derived, reading: RowReading) -> Expr:
    thresholds, month = thresholds_of(derived.pack), _month(derived)
    given = reading.goes_by, reading.target_number, reading.done_number, month, thresholds.lights
    slow, paced = (indicator_light_formula(*given, by_pace=by_pace) for by_pace in (False, True))
    numeric = call("IF", _named(derived, NOT_BY_PACE), slow, paced)
    best = thresholds.lights.by_grade[thresholds.scoring.bands[0].name]
    in_words = call(
        "IF", _met_in_words(reading), best, word_light_formula(slot_cell(reading.done), thresholds.scoring, thresholds.lights)
    )
    light = call("IF", reading.goes_by.eq(WORD_OF["grade"]), in_words, numeric)
    return call("IF", call("COUNT", month).eq(0), "", light)


def _met_in_words(reading: RowReading) -> Expr:
    target, done = slot_cell(reading.target), slot_cell(reading.done)
    return call("AND", call("NOT", is_empty(done)), call("EXACT", call("TRIM", done), call("TRIM", target)))


def _is_band(reading: RowReading, band: Band) -> Expr:
    done = call("TRIM", slot_cell(reading.done))
    return call("OR", *(done.eq(word) for word in (band.name, *band.words)))


def _named(derived: Derived, words: Sequence[str]) -> Expr:
    """Whether a level of the row has one of the words in its name."""
    names: Expr = Literal("")
    for name in derived.names:
        names = names & (slot_cell(name) if isinstance(name, Slot) else Literal(name))
    return call("OR", *(call("ISNUMBER", call("FIND", word, names)) for word in words))


def _total(derived: Derived) -> Expr:
    parts = _areas(derived.inputs)
    total: Expr = call("ROUND", call("SUM", *parts), SUM_PLACES)
    if derived.by is not None:
        total = call("MIN", total, cap_formula(slot_cell(derived.by), thresholds_of(derived.pack).scoring))
    return call("IF", call("COUNT", *parts).eq(0), "", total)


def _areas(slots: Sequence[Slot]) -> tuple[Expr, ...]:
    """The slots as arguments; what stands in one column without a gap is one area."""
    runs: list[list[Slot]] = []
    for slot in slots:
        last = runs[-1][-1] if runs else None
        if last and (last.sheet, last.column, last.row + 1) == (slot.sheet, slot.column, slot.row):
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return tuple(
        Area(run[0].sheet, run[0].row, run[0].column, run[-1].row, run[-1].column) if len(run) > 1 else slot_cell(run[0])
        for run in runs
    )
