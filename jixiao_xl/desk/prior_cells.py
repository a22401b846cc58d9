"""上年数 for a cell: the value that 提取上年数 would put at a path of this year's form."""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from jixiao_xl.archive.prior_year import loose_path, prior_year
from jixiao_xl.archive.renames import lineage_of
from jixiao_xl.archive.store import Archive
from jixiao_xl.desk.opening import all_forms
from jixiao_xl.desk.opening_archive import open_archive, using_archive
from jixiao_xl.forms.load import find_form
from jixiao_xl.forms.spec import FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.addresses import is_url
from jixiao_xl.model.amounts import is_plain_amount
from jixiao_xl.model.cell_blocks import Block, CellError, Content, aligned, is_blank, unusable
from jixiao_xl.model.facts import BadPath, Filing, Unit, parse_path
from jixiao_xl.model.home import from_home

FRESH_S = 10
"""Seconds for which a database's answer is used again; a file says itself when it has changed."""


def prior_cells(address: str, unit_key: Block, year: Block, path: Block) -> Block:
    """The prior-year value for each unit, year and path that meet; a number where it is a plain one.

    Raises CannotRun when the archive cannot be opened.
    """
    stamp = _stamp(address)
    return [[_value(address, stamp, *asked) for asked in row] for row in aligned(unit_key, year, path)]


def _stamp(address: str) -> tuple[int, int]:
    """Changes when the archive does."""
    if is_url(address):
        return int(time.monotonic() // FRESH_S), 0
    open_archive(address, only_existing=True)
    told = from_home(address).stat()
    return told.st_mtime_ns, told.st_size


def _value(address: str, stamp: tuple[int, int], unit_key: Content, year: Content, path: Content) -> Content:
    error = unusable(unit_key, year, path)
    if error is not None:
        return error
    if any(map(is_blank, (unit_key, year, path))):
        return None
    if not isinstance(unit_key, str) or not isinstance(path, str) or not isinstance(year, Decimal) or year != int(year):
        return CellError.VALUE
    try:
        wanted = loose_path(parse_path(path.strip()))
    except BadPath:
        return CellError.VALUE
    found = _known(address, stamp, unit_key.strip(), int(year)).get(wanted)
    if found is None:
        return CellError.NA
    return Decimal(found) if is_plain_amount(found) else found


@lru_cache(maxsize=256)
def _known(address: str, stamp: tuple[int, int], unit_key: str, year: int) -> dict[str, str]:
    """Path to value for one unit: at the columns that the form fills from the archive, and at this
    year's own column what stood in it last year."""
    archive = open_archive(address)
    known: dict[str, str] = {}
    with using_archive():
        for spec in _forms_of(archive, unit_key, year):
            filing = Filing(spec.form.id, spec.form.edition, year, next(iter(spec.form.stages)), Unit("", unit_key))
            prior = prior_year(archive, spec, filing)
            for value in prior.values:
                known.setdefault(loose_path(value.path), value.value)
                present = _present_column(spec, value.path.block, value.path.column)
                if present:
                    known.setdefault(loose_path(value.path.at(present)), value.value)
            for value in prior.stood:
                known.setdefault(loose_path(value.path), value.value)
    return known


def _forms_of(archive: Archive, unit_key: str, year: int) -> Iterator[FormSpec]:
    """The forms that the unit may fill in the year: those that follow what it filed before."""
    filed = {entry.form for entry in archive.entries(unit_keys=lineage_of(archive, (unit_key,)).keys) if entry.year < year}
    for form in all_forms():
        spec = find_form(form.form.id, year=year) if filed & {form.form.id, *form.form.follows} else None
        if spec is not None:
            yield spec


def _present_column(spec: FormSpec, block_id: str, column: str) -> str:
    """This year's column beside an archive-filled column of last year; empty where there is none."""
    block = next((b for b in spec.block if b.id == block_id), None)
    if not isinstance(block, MoneyTable | IndicatorTable):
        return ""
    last = next(c for c in block.columns if c.id == column)
    same = (c.id for c in block.columns if c.year == 0 and c.span == last.span and not c.derived)
    return next(same, "") if last.year == -1 else ""
