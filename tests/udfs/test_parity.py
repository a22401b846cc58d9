"""The function, the native formula and exact arithmetic give the same: on 10 000 pairs of cells, errors and texts included."""

from __future__ import annotations

import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest
import xlsxwriter
from openpyxl import load_workbook
from xlsxwriter.worksheet import Worksheet

from jixiao_xl.forms.expr import Cell, call
from jixiao_xl.forms.function_calls import native_rate, native_target
from jixiao_xl.forms.scoring_formulas import actual_in, method_in, number_in, plain_text, points_formula
from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model.cell_blocks import RATES
from tests.office import Office
from tests.udfs.inputs import FAULTS, PAIRS, pairs, scored_lines, targets
from tests.udfs.windows import called

pytestmark = pytest.mark.slow


class _Sheet(Worksheet):
    """Takes formulas as they are: 40 000 of them are not searched for functions of newer Excels."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


@pytest.fixture(scope="module")
def native(office: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    """What LibreOffice calculates: four rates for each pair, three parts for each indicator value."""
    path = tmp_path_factory.mktemp("parity") / "batch.xlsx"
    with xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_numbers": False}) as book:
        rates = book.add_worksheet("rates", worksheet_class=_Sheet)
        for row, pair in enumerate(pairs()):
            for column, value in enumerate(pair):
                _put(rates, row, column, value)
            for column, name in enumerate(RATES, 2):
                formula = native_rate(name, Cell("rates", row, 0), Cell("rates", row, 1))
                rates.write_formula(row, column, f"={formula.excel('rates')}")
        parts = book.add_worksheet("targets", worksheet_class=_Sheet)
        for row, value in enumerate(targets()):
            _put(parts, row, 0, value)
            for column, formula in enumerate(native_target(Cell("targets", row, 0)), 1):
                parts.write_formula(row, column, f"={formula.excel('targets')}")
    again = load_workbook(office.converted([path], "xlsx")[0], data_only=True, read_only=True)
    return {
        sheet: [tuple("" if value is None else value for value in row[first:]) for row in again[sheet].iter_rows(values_only=True)]
        for sheet, first in (("rates", 2), ("targets", 1))
    }


def _put(sheet: Worksheet, row: int, column: int, value: float | str | None) -> None:
    if isinstance(value, str) and value in FAULTS:
        sheet.write_formula(row, column, f"={FAULTS[value]}")
    elif value is not None:
        sheet.write(row, column, value) if isinstance(value, float) else sheet.write_string(row, column, value)


def exact(name: str, first: object, second: object) -> object:
    """The definition of each rate in Decimal, written once more."""
    for cell in (first, second):
        if cell in FAULTS:
            return cell
    if first is None or second is None:
        return ""
    if isinstance(first, str) or isinstance(second, str):
        return "#VALUE!"
    if second == 0:
        return "#DIV/0!"
    above, below = Decimal(repr(first)), Decimal(repr(second))
    rate = (above - below) / abs(below) if name == "JX_CHANGE_RATE" else above / below
    return float(rate.quantize(Decimal("0.0001"), ROUND_HALF_UP))


@pytest.fixture(scope="module")
def native_scores(office: Office, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """What LibreOffice calculates: values read in four hidden cells, the method in one, the points in the last."""
    path = tmp_path_factory.mktemp("scores") / "scores.xlsx"
    scoring = thresholds_of("default").scoring
    with xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("scores", worksheet_class=_Sheet)
        for row, line in enumerate(scored_lines()):
            for column, value in enumerate(line):
                _put(sheet, row, column, METHODS.get(value, value) if isinstance(value, str) else value)
            cells = [Cell("scores", row, column) for column in range(10)]
            target, actual, weight, method, plain_target, plain_actual, goal, reached, way, _ = cells
            sign = call("IF", call("LEN", method).eq(0), method_in(target), method)
            formulas = (plain_text(target), plain_text(actual), number_in(plain_target), actual_in(plain_actual, plain_target), sign,
                        points_formula(goal, reached, weight, way, scoring))  # fmt: skip
            for column, formula in enumerate(formulas, 4):
                sheet.write_formula(row, column, f"={formula.excel('scores')}")
    again = load_workbook(office.converted([path], "xlsx")[0], data_only=True, read_only=True)["scores"]
    return [row[9] for row in again.iter_rows(values_only=True, max_col=10)]


METHODS = {"high": "正向"}
"""The sheet's own words; the function takes both."""


def exact_score(target: object, actual: object, weight: object, method: object) -> object:
    """form_rules section 5 in Decimal, written once more; "" where there are no points."""
    ways = {"≥": "正向", ">": "正向", "≤": "反向", "＜": "反向", "=": "等于"}
    way = method or (ways.get(str(target)[:1]) if isinstance(target, str) else None)
    goal, reached = _amount_and_unit(target), _amount_and_unit(actual)
    if goal is None or reached is None or not isinstance(weight, float) or weight < 0:
        return ""
    (t, unit), (a, other) = goal, reached
    if unit != other and (
        (unit and other and {unit, other} != {"万元", "元"}) or ({unit, other} & {"%", "万元"} and "" in (unit, other))
    ):
        return ""
    w = Decimal(repr(weight))
    t, a = (n * 10_000 if u == "万元" else n for n, u in ((t, unit), (a, other)))
    met: bool | None = {
        "正向": a >= t,
        "high": a >= t,
        "等于": a <= 0 if t == 0 else a >= t if t > 0 else a == t,
        "反向": a <= t,
    }.get(str(way))
    if met is None or (way == "等于" and t < 0 and not met):
        return ""
    share = w if met else Decimal(0) if t <= 0 else w * (1 - (a - t) / t) if way == "反向" else w * a / t
    return float(
        share
        if met
        else max(share.quantize(Decimal("0.000000001"), ROUND_HALF_UP).quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal(0))
    )


def _amount_and_unit(stated: object) -> tuple[Decimal, str] | None:
    if isinstance(stated, float):
        return Decimal(repr(stated)), ""
    text = "" if stated is None else str(stated).lstrip("≥≤=>＜")
    found = re.fullmatch(
        r"(-?[0-9]+(?:\.[0-9]+)?)(%|次|万元|元|)",
        text.replace("９５", "95").replace("１２", "12").replace("％", "%").replace("1,234", "1234"),
    )
    return (Decimal(found[1]), found[2]) if found else None


def test_points_of_the_function_the_native_formula_and_decimal_agree_on_ten_thousand_lines(native_scores: list[object]) -> None:
    asked = scored_lines()
    answered = [row[0] for row in called("JX_SCORE", *(tuple((line[n],) for line in asked) for n in range(4)))]
    assert len(answered) == PAIRS == len(native_scores)
    differ = []
    for line, ours, theirs in zip(asked, answered, native_scores, strict=True):
        points = ours if isinstance(ours, float) else ""  # the function says why there are none, the formula shows nothing
        if not points == ("" if theirs is None else theirs) == exact_score(*line):
            differ.append((line, ours, theirs, exact_score(*line)))
    assert differ == []
    kinds = Counter(ours if isinstance(ours, str) else "number" for ours in answered)
    assert kinds["number"] > 2000 and {"", "#NUM!", "#VALUE!", "#N/A", "#DIV/0!"} < set(kinds), kinds


@pytest.mark.parametrize("place, name", list(enumerate(RATES)))
def test_function_native_formula_and_decimal_agree_on_ten_thousand_pairs(
    place: int, name: str, native: dict[str, list[tuple[object, ...]]]
) -> None:
    asked = pairs()
    answered = [row[0] for row in called(name, tuple((a,) for a, _ in asked), tuple((b,) for _, b in asked))]
    assert len(answered) == PAIRS == len(native["rates"])
    differ = [
        (pair, ours, theirs[place], exact(name, *pair))
        for pair, ours, theirs in zip(asked, answered, native["rates"], strict=True)
        if not ours == theirs[place] == exact(name, *pair)
    ]
    assert differ == []
    kinds = Counter(ours if isinstance(ours, str) else "number" for ours in answered)
    assert kinds["number"] > 8000 and {"", "#DIV/0!", "#VALUE!", "#N/A", "#REF!"} < set(kinds), kinds


def test_the_parts_of_a_plainly_written_value_are_those_of_the_native_formulas(native: dict[str, list[tuple[object, ...]]]) -> None:
    answered = called("JX_TARGET", tuple((value,) for value in targets()))
    theirs = [(*row, "", "", "")[:3] for row in native["targets"]]
    assert len(theirs) == 300
    assert [(v, o, t) for v, o, t in zip(targets(), map(tuple, answered), theirs, strict=True) if o != t] == []
