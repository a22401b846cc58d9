"""A read file as the filing of a copy made from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jixiao_xl.desk.outcomes import CannotRun
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import Filing, Unit, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.reading import Reading

NOT_READ = ("WBK104", "WBK109", "WBK112")
"""Something of the file is in no fact, so that a copy would lose it."""


def whole(reading: Reading) -> None:
    """Raises CannotRun for a file of which a copy would lose something, with what was not read."""
    if unread := [f for f in reading.findings if f.code in NOT_READ]:
        raise CannotRun(Finding("FIX102", "error", Where(book=reading.book), {"book": reading.book}), *unread)


def handed_back(filing: Filing, reading: Reading, *, facts: bool) -> Filing:
    """The filing one revision on, under the unit it was issued to: a copy must not settle a doubt about
    that (WBK110), nor turn a code that a person typed into an identity."""
    unit = filing.unit if facts else Unit(reading.issued_name, filing.issued_to)
    return replace(filing, revision=filing.revision + 1, unit=unit)


def is_facts(path: Path) -> bool:
    """Whether the file is a FACTS.toml, not a workbook."""
    return path.suffix.lower() == ".toml"


def instances_shown(spec: FormSpec, reading: Reading) -> dict[str, int]:
    """How many of each repeated section the file shows; those kept spare are not counted."""
    counts = {}
    for repeat, rule in spec.repeat.items():
        blocks = {block.id for block in spec.block if block.repeat == repeat}
        found = {p.instance for p in map(parse_path, reading.places) if p.block in blocks}
        counts[repeat] = max(len(found) - rule.spare, 1)
    return counts
