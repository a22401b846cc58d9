"""The function, the native formula and exact arithmetic give the same: on 10 000 pairs of cells, errors and texts included."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest
import xlsxwriter
from openpyxl import load_workbook
from xlsxwriter.worksheet import Worksheet

from jixiao_xl.forms.expr import Cell
from jixiao_xl.forms.function_calls import native_rate, native_target
from jixiao_xl.model.cell_blocks import RATES
from tests.office import Office
from tests.udfs.inputs import FAULTS, PAIRS, pairs, targets
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
