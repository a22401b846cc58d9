"""The README's table and the ten-minute checklist speak of everything that the Excel side has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jixiao_xl.hosts.cli import app
from jixiao_xl.model.functions import FUNCTIONS
from jixiao_xl.workbook.buttons import BUTTONS

ROOT = Path(__file__).parents[2]
README, DESK = ((ROOT / name).read_text("utf-8") for name in ("README.md", "tests/excel_desk.md"))
EXCEL_SIDE = README.partition("| feature | real Excel |")[2].partition("\n\n")[0]


@pytest.mark.parametrize("word", [*(b.caption for b in BUTTONS), *(f.name for f in FUNCTIONS)])
def test_every_button_and_function_is_in_the_table_and_on_the_checklist(word: str) -> None:
    assert word in EXCEL_SIDE and word in DESK


def test_the_checklist_counts_as_many_buttons_as_there_are() -> None:
    assert f"两组共 {len(BUTTONS)} 个按钮" in DESK


def test_the_steps_that_the_table_names_exist() -> None:
    steps = {int(n) for n in re.findall(r"^\| (\d+) \|", DESK, re.M)}
    named = {int(n) for row in EXCEL_SIDE.splitlines()[2:] for n in re.findall(r"\d+", row.split("|")[-2])}
    assert named and named <= steps and steps == set(range(1, len(steps) + 1))


def test_every_command_of_the_checklist_is_a_command() -> None:
    commands = {c.name or getattr(c.callback, "__name__", "") for c in app.registered_commands} | {
        g.name for g in app.registered_groups
    }
    used = set(re.findall(r"\bjixiao ([a-z]+)", DESK))
    assert {"doctor", "excel", "template", "settings", "demo"} <= used <= commands
