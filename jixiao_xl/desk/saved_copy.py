"""A saved workbook that a button changed, as a new file: rebuilt from its facts, the file itself untouched."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from pathlib import Path

from jixiao_xl.desk.copying import instances_shown, whole
from jixiao_xl.desk.draft import Draft
from jixiao_xl.desk.opening import save
from jixiao_xl.desk.outcomes import CannotRun
from jixiao_xl.model.facts import Unit
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.reading import Reading


def save_copy(reading: Reading, out: Path, hidden: Mapping[str, Container[int]]) -> Path:
    """Write what was read of a file and of the cells put over it; sums and shares follow what was put.

    It is the same filing, of the same revision and issued to the same unit: work on it goes on. `hidden`
    are the rows (from 0) that a person left hidden, by sheet. An .xlsm keeps its buttons. Raises CannotRun where the copy would
    lose something, and for a file that exists.
    """
    if reading.spec is None or reading.filing is None:
        raise CannotRun(*reading.findings)
    whole(reading)
    draft = Draft(reading, from_workbook=True)
    filing = replace(draft.filing, unit=Unit(reading.issued_name, draft.filing.issued_to))
    options = BuildOptions(
        as_stated=True, repeats=instances_shown(reading.spec, reading), found=draft.as_found(), hidden=hidden,
        macros=out.suffix.lower() == ".xlsm",
    )  # fmt: skip
    save(out, build_workbook(reading.spec, filing, options))
    return out
