"""The formulas of the funds line, caps, grades and lights, recalculated by LibreOffice: the same as Decimal, row by row."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
import xlsxwriter
from openpyxl import load_workbook

from jixiao_xl.forms import scoring_formulas as made
from jixiao_xl.forms.expr import Cell
from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model import lights as lit
from jixiao_xl.model import scoring as scored
from tests.office import Office

pytestmark = pytest.mark.slow
ROWS = 3000
SICHUAN = thresholds_of("sichuan")
SCORING, LIGHTS = SICHUAN.scoring, SICHUAN.lights
METHODS: tuple[scored.Method, ...] = ("high", "low", "equal")
Line = tuple[Decimal | None, Decimal | None, Decimal, int, scored.Method, str]


def lines() -> list[Line]:
    """Whole, done, weight, month, method and a word; whole and done meet thresholds exactly every third line."""
    dice = random.Random(6)
    words = [word for band in SCORING.bands for word in (band.name, *band.words)] + ["健全", ""]

    def amount() -> Decimal | None:
        kind = dice.randrange(20)
        return None if kind == 0 else Decimal(0) if kind == 1 else Decimal(dice.randrange(-5_000, 500_000)) / 100

    found: list[Line] = []
    for n in range(ROWS):
        whole, done, month = amount(), amount(), dice.randrange(0, 14)
        if n % 3 == 0 and whole is not None:
            done = whole * dice.choice((30, 40, 50, 60, 70, 80, 90, 100, 120, 130)) / 100
        found.append((whole, done, Decimal(dice.choice((10, 20, 5, 3))), month, dice.choice(METHODS), dice.choice(words)))
    return found


def decimal(line: Line) -> list[object]:
    whole, done, weight, month, method, word = line
    points = scored.execution_points(done, whole, weight, SCORING)
    return [
        points if points is not None or done is None or whole is None else "不适用",
        scored.most_points(done, SCORING),
        scored.conclusion(whole, SCORING),
        lit.execution_light(done, whole, month, LIGHTS),
        lit.indicator_light(method, whole, done, month, LIGHTS, by_pace=True),
        lit.indicator_light(method, whole, done, month, LIGHTS, by_pace=False),
        lit.word_light(word, SCORING, LIGHTS),
        scored.points(method, whole, done, weight, SCORING, quantity=True),
    ]


def test_calc_shows_what_decimal_gives(office: Office, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("scoring") / "scoring.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("s")
        for row, line in enumerate(lines()):
            said = {method: word for word, method in scored.METHOD_WORDS.items()}[line[4]]
            for column, value in enumerate((*line[:4], said, line[5])):
                if value is not None:
                    sheet.write(row, column, float(value) if isinstance(value, Decimal) else value)
            whole, done, weight, month, method, word = (Cell("s", row, column) for column in range(6))
            formulas = (
                made.execution_points_formula(done, whole, weight, SCORING), made.cap_formula(done, SCORING),
                made.conclusion_formula(whole, SCORING), made.execution_light_formula(done, whole, month, LIGHTS),
                made.indicator_light_formula(method, whole, done, month, LIGHTS, by_pace=True),
                made.indicator_light_formula(method, whole, done, month, LIGHTS, by_pace=False),
                made.word_light_formula(word, SCORING, LIGHTS), made.points_formula(whole, done, weight, method, SCORING, quantity=True),
            )  # fmt: skip
            for column, formula in enumerate(formulas, 6):
                sheet.write_formula(row, column, f"={formula.excel('s')}")
    again = load_workbook(office.converted([path], "xlsx")[0], data_only=True, read_only=True)["s"]
    shown = [
        [None if value in (None, "") else value for value in row[6:14]]
        for row in again.iter_rows(values_only=True, max_col=14, max_row=ROWS)
    ]
    expected = [[float(each) if isinstance(each, Decimal) else each for each in decimal(line)] for line in lines()]
    assert len(shown) == ROWS
    assert [(line, a, b) for line, a, b in zip(lines(), shown, expected, strict=True) if a != b] == []
    assert {"红", "黄", "绿", "蓝"} == {row[4] for row in shown} - {None} and {row[2] for row in shown} >= set("优良中差")
