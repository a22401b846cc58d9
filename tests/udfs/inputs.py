"""What people put into cells, at random but always the same: 10 000 pairs for the functions of two amounts."""

from __future__ import annotations

import random

PAIRS = 10_000
SEED = 20260401
FAULTS = {"#N/A": "NA()", "#DIV/0!": "1/0", "#VALUE!": 'VALUE("x")', "#REF!": "#REF!"}
"""Error values, and a formula that gives each."""
WORDS = ("不适用", "无", "/", "-", "12.5", "１２", "95%", " ", "abc", "1e3", "2026-1-1")
Cell = float | str | None


def _amount(dice: random.Random) -> float:
    return dice.choice((
        lambda: round(dice.uniform(0, 10_000), 2), lambda: float(dice.randrange(0, 3000)), lambda: round(dice.uniform(-500, 500), 1),
        lambda: dice.randrange(1, 40_000, 2) / 20_000, lambda: round(dice.uniform(0, 5e7), 6),
    ))()  # fmt: skip


def _cell(dice: random.Random) -> Cell:
    """A number nine times in ten; else zero, nothing, a text or an error. No truths: Calc counts them as
    numbers, Excel does not."""
    kind = dice.randrange(100)
    if kind < 90:
        return _amount(dice)
    if kind < 93:
        return 0.0
    if kind < 96:
        return None
    return dice.choice(WORDS if kind < 98 else tuple(FAULTS))


def pairs() -> list[tuple[Cell, Cell]]:
    dice = random.Random(SEED)
    found = [(_cell(dice), _cell(dice)) for _ in range(PAIRS)]
    for n, (first, second) in enumerate(found):
        if first in FAULTS and second in FAULTS:  # which of two errors is passed on differs between programs
            found[n] = (first, 1.0)
    for n in range(0, PAIRS, 20):  # exactly half of the last place: the rounding of binary numbers shows here
        found[n] = (dice.randrange(1, 40_000, 2) / 20_000, 1.0)
    return found


def _stated(dice: random.Random) -> Cell:
    """An indicator value: plainly written or no value at all; three in ten are bare numbers."""
    kind = dice.randrange(100)
    if kind < 30:
        return dice.choice((0.0, float(dice.randrange(-20, 200)), round(dice.uniform(0, 150), 2)))
    if kind < 90:
        digits = dice.choice((str(dice.randrange(200)), f"{dice.uniform(-20, 150):.2f}", "0", "1,234.5", "９５"))
        return dice.choice(("≥", "≤", "=", ">", "＜", "")) + digits + dice.choice(("%", "％", "次", "次", "", "", "", "万元", "元"))
    return None if kind < 93 else dice.choice(WORDS) if kind < 97 else dice.choice(tuple(FAULTS))


def scored_lines() -> list[tuple[Cell, Cell, Cell, Cell]]:
    """Target, result, weight and method; every fourth line is met exactly, or scored by a half of the last place."""
    dice = random.Random(SEED)
    found: list[tuple[Cell, Cell, Cell, Cell]] = []
    for n in range(PAIRS):
        target, weight = _stated(dice), dice.choice((10.0, 5.0, 3.0, 0.0, round(dice.uniform(0, 30), 1), -1.0, None, "十"))
        actual = target if n % 8 == 0 else _stated(dice)
        method = dice.choice(("正向", "反向", "等于", "定性", "high", None, None, "好"))
        if n % 8 == 1:
            target, actual, weight, method = 1000.0, dice.randrange(1, 1000, 2) / 2, 10.0, dice.choice(("正向", "反向"))
        found.append(
            (target, actual, weight, method)
            if sum(one in FAULTS for one in (target, actual)) < 2
            else (target, 1.0, weight, method)
        )
    return found


def targets() -> list[str | None]:
    """Indicator values written plainly: the kind that native formulas can take apart."""
    dice = random.Random(SEED)
    found: list[str | None] = [None, "95%", "≥0%", "-4.67%", "=3人", "12"]
    for _ in range(294):
        digits = dice.choice((str(dice.randrange(500)), f"{dice.uniform(-50, 200):.2f}", f"{dice.randrange(2000) / 10}"))
        found.append(f"{dice.choice(('≥', '≤', '=', '>', '<', ''))}{digits}{dice.choice(('%', '人', '次', '家', ''))}")
    return found
