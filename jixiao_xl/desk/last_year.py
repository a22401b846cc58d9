"""What the archive has of last year, for the 同比 of a summary."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao_xl.archive.store import Archive, ArchiveUnusable
from jixiao_xl.archive.year_facts import filings_of_year
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.desk.opening import archive_trouble
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import Filing


def filed_last_year(archive: Archive | None, spec: FormSpec, year: int, rows: Sequence[RosterRow]) -> dict[str, Filing]:
    """Last year's amounts by present unit key. A unit that was one of several merged into another's key
    (several former codes) has no single filing of last year and is left out."""
    if archive is None:
        return {}
    blocks = [table.id for table in spec.money_tables()]
    try:
        filed = filings_of_year(archive, (spec.form.id, *spec.form.follows), year - 1, blocks)
    except ArchiveUnusable as error:
        raise archive_trouble(error) from None
    for row in rows:
        former = [key for key in row.all_keys[1:] if key in filed]
        if row.key not in filed and len(former) == 1:
            filed[row.key] = filed[former[0]]
    return filed
