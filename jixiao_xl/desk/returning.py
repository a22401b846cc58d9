"""A judged file as a copy to send back (退回修改): its facts in a new workbook, what to mend marked."""

from __future__ import annotations

from pathlib import Path

from jixiao_xl.archive.store import Archive
from jixiao_xl.desk.copying import handed_back, instances_shown, is_facts, whole
from jixiao_xl.desk.judging import judged, known_for
from jixiao_xl.desk.opening import readable, save
from jixiao_xl.desk.outcomes import CannotRun, Checked
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.marking import Marking
from jixiao_xl.workbook.reading import Reading


def mark(path: Path, out: Path, archive: Archive | None = None) -> Checked:
    """Judge the file and write the marked copy, one revision on; the file itself stays as it is."""
    return marked(readable(path), out, archive, facts=is_facts(path))


def marked(reading: Reading, out: Path, archive: Archive | None = None, *, facts: bool = False) -> Checked:
    """The same of what was read, from a file or an open workbook; `facts` says it was a FACTS.toml."""
    spec, filing = reading.spec, reading.filing
    if spec is None or filing is None:
        raise CannotRun(*reading.findings)
    whole(reading)
    checked = judged(reading, known_for(reading, archive))
    marking = Marking(
        reading.book, checked.pack, checked.findings, reading.replaced, reading.text_amounts, reading.dates, filing.unit.key
    )  # fmt: skip
    options = BuildOptions(as_stated=True, repeats=instances_shown(spec, reading), marking=marking)
    save(out, build_workbook(spec, handed_back(filing, reading, facts=facts), options))
    return checked
