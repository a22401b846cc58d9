"""A saved workbook that a button changed, as a new file: rebuilt from its facts, the file itself untouched."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from pathlib import Path

from jixiao_xl.desk.copying import instances_shown, whole
from jixiao_xl.desk.draft import Draft
from jixiao_xl.desk.opened import OpenForm
from jixiao_xl.desk.opening import save
from jixiao_xl.forms.layout import KEY_COLUMN, plan_form
from jixiao_xl.forms.placing import settled
from jixiao_xl.forms.plan import FormPlan
from jixiao_xl.model.facts import Unit
from jixiao_xl.workbook.areas import find_areas
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions

Hidden = Callable[[str], Container[int]]
"""The hidden rows (from 0) of a sheet as the file calls it."""


def save_copy(form: OpenForm, out: Path, hidden: Hidden) -> Path:
    """Write what was read of a file and of the cells put over it; sums and shares follow what was put.

    It is the same filing, of the same revision and issued to the same unit: work on it goes on. Spare rows are
    hidden as a person left them. An .xlsm keeps its buttons. Raises CannotRun where the copy would
    lose something, and for a file that exists.
    """
    spec, reading = form.spec, form.reading
    form.must_be_ours()
    whole(reading)
    draft = Draft(reading, from_workbook=True)
    filing = replace(draft.filing, unit=Unit(reading.issued_name, draft.filing.issued_to))
    repeats = instances_shown(spec, reading)
    plan = plan_form(spec, settled(spec, filing), repeats)
    options = BuildOptions(
        as_stated=True, repeats=repeats, found=draft.as_found(), hidden=_hidden_there(plan, form, hidden),
        macros=out.suffix.lower() == ".xlsm",
    )  # fmt: skip
    save(out, build_workbook(spec, filing, options))
    return out


def _hidden_there(plan: FormPlan, form: OpenForm, hidden: Hidden) -> dict[str, set[int]]:
    """The hidden rows by sheet and row of the copy: rows are the same by their keys, wherever a person moved
    them and whatever the sheet is called now; a row that the file has no longer is hidden as the form says."""
    hidden_by_key: dict[tuple[str, str], Iterator[bool]] = {}
    for area in find_areas(form.sheets, plan.spec)[0]:
        here: dict[str, list[bool]] = {}
        for row in range(area.key_row + 1, area.last_row + 1):
            here.setdefault(form.sheets.text(area.sheet, row, KEY_COLUMN).strip(), []).append(row in hidden(area.sheet))
        hidden_by_key |= {(area.name, key): iter(rows) for key, rows in here.items()}
    found: dict[str, set[int]] = {}
    for block in plan.blocks:
        for line in block.lines:
            if next(hidden_by_key.get((block.name, line.key), iter(())), line.hidden):
                found.setdefault(block.sheet, set()).add(line.row)
    return found
