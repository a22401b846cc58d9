"""接收登记 of a whole folder: what was summed is also put away, once, whatever is run again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from jixiao_xl.archive.readings import rests
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.compact import whole_filing
from jixiao_xl.consolidate.roster import Received, RosterRow, UnitStatus
from jixiao_xl.desk.arriving import days_of_files
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.desk.outcomes import Progress
from jixiao_xl.desk.receiving import refusal_of, untouched_copy
from jixiao_xl.desk.remembering import remember_codes
from jixiao_xl.model.findings import Finding

AT_ONCE = 50
"""Filings in one transaction: long enough to be quick, short enough for another clerk to wait for."""


def register(
    archive: Archive, folder: Path, own: Sequence[Received], statuses: Sequence[UnitStatus], progress: Progress
) -> tuple[list[Received], list[Finding]]:  # fmt: skip
    """The filings with the version each has in the archive, and why some are not there.

    Two different filings of one revision are both left out until the reviewer has chosen (采用文件): the
    archive would take the later one for the one that counts. Former codes (曾用代码) of the units that filed
    are remembered.
    """
    with using_archive():
        registered, refused = _register(archive, folder, own, _in_order(own, statuses), progress)
    taken = {each.book for each in registered if each.version}
    return registered, [*refused, *remember_codes(archive, _filed(statuses, taken))]


def _filed(statuses: Sequence[UnitStatus], taken: set[str]) -> Iterator[tuple[RosterRow, str]]:
    """The rows of the roster whose unit has a filing in the archive now, with the book of it."""
    for status in statuses:
        books = [book for book in status.books if book in taken]
        if status.roster is not None and books:
            yield status.roster, status.used.book if status.used and status.used.book in taken else books[0]


def _in_order(own: Sequence[Received], statuses: Sequence[UnitStatus]) -> list[Received]:
    """What is put away, of each unit the filing that counts last."""
    by_book = {each.book: each for each in own}
    wanted: list[Received] = []
    for status in statuses:
        books = [book for book in status.books if book in by_book]
        if status.status == "待认领" or (status.used is None and len(books) > 1):
            continue
        used = status.used.book if status.used else ""
        wanted += [by_book[book] for book in books if book != used]
        if status.used is not None and (status.roster is None or status.used.filing.unit.key in status.roster.all_keys):
            wanted.append(status.used)
    return wanted


def _register(
    archive: Archive, folder: Path, own: Sequence[Received], wanted: Sequence[Received], progress: Progress
) -> tuple[list[Received], list[Finding]]:  # fmt: skip
    refused: list[Finding] = []
    known: dict[tuple[str, str], int] = {}
    for form, year, stage in dict.fromkeys((each.filing.form, each.filing.year, each.filing.stage) for each in wanted):
        known |= archive.contents(form, year, stage)
    new = [each for each in wanted if (each.filing.unit.key, each.content) not in known]
    versions = {each.book: known.get((each.filing.unit.key, each.content), 0) for each in wanted}
    for at in range(0, len(new), AT_ONCE):
        progress("接收登记", at, len(new))
        some = new[at : at + AT_ONCE]
        rest = rests(archive, [each.digest for each in some])
        filings = []
        for each in some:
            filing = whole_filing(each, rest[each.digest])
            if why := refusal_of(filing, each.findings):
                refused += [f for f in why if f.code != "WBK110"]  # the summary names it already
            else:
                filings.append(filing)
        done = archive.deposit_all(filings, days_of_files(folder, filings))
        refused += [untouched_copy(filing, one) for filing, one in zip(filings, done, strict=True) if one.is_untouched]
        versions |= {filing.book: one.version for filing, one in zip(filings, done, strict=True)}
    return [replace(each, version=versions.get(each.book, 0)) for each in own], refused
