"""An open workbook as the file that is sent in: no macros, nothing but the form as it was filled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jixiao_xl.desk.copying import instances_shown, whole
from jixiao_xl.desk.numbered import file_name, is_taken
from jixiao_xl.desk.opening import save
from jixiao_xl.desk.outcomes import CannotRun, Submitted
from jixiao_xl.model.facts import STAGE_WORDS, Unit
from jixiao_xl.workbook.as_found import AsFound
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.reading import Reading


def make_submission(reading: Reading, folder: Path) -> Submitted:
    """Write the submission into the folder; an earlier one stays, the new one is numbered.

    What stands in the workbook stands in the file, faults included: amounts held as text, formulas
    that were written over. The identity is that of the workbook.
    """
    spec, filing = reading.spec, reading.filing
    if spec is None or filing is None:
        raise CannotRun(*reading.findings)
    whole(reading)
    wanted = folder / file_name(f"{filing.unit.key}_{filing.unit.name}_{filing.year}年{STAGE_WORDS[filing.stage]}_报送")
    out, number = wanted, 1
    while is_taken(out):
        number += 1
        out = wanted.with_stem(f"{wanted.stem}（{number}）")
    # the later file is the later revision, so that the city need not choose between two
    sent = replace(filing, unit=Unit(reading.issued_name, filing.issued_to), revision=filing.revision + number - 1)
    found = AsFound(reading.replaced, reading.text_amounts, reading.dates.keys(), filing.unit.key)
    content = build_workbook(spec, sent, BuildOptions(as_stated=True, repeats=instances_shown(spec, reading), found=found))
    save(out, content)
    return Submitted(out, reading.check_code)
