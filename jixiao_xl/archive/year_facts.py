"""Every unit's filing of one year at a glance: the facts of a few blocks, in one question to the archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, or_, select

from jixiao_xl.archive.schema import FACT, FILING
from jixiao_xl.archive.store import Archive, Entry
from jixiao_xl.forms.spec import ARCHIVE_ORDER
from jixiao_xl.model.facts import Fact, Filing


def filings_of_year(
    archive: Archive, forms: Sequence[str], year: int, blocks: Sequence[str], columns: Mapping[str, str] | None = None
) -> dict[str, Filing]:
    """By unit key, with the facts of these blocks only, and of the tables in `columns` that one column: the newest
    version of the stage nearest to what really was."""
    wanted = [FACT.c.path.startswith(f"{block}.", autoescape=True) for block in blocks]
    for block, column in (columns or {}).items():
        wanted.append(
            and_(FACT.c.path.startswith(f"{block}[", autoescape=True), FACT.c.path.endswith(f".{column}", autoescape=True))
        )
    rank = {stage: n for n, stage in enumerate(ARCHIVE_ORDER)}
    chosen: dict[str, Entry] = {}
    for entry in sorted(
        archive.entries(forms=forms, year=year, newest_only=True), key=lambda each: (rank[each.stage], forms.index(each.form))
    ):
        chosen.setdefault(entry.unit.key, entry)
    if not chosen or not wanted:
        return {}
    by_id: dict[int, dict[str, Fact]] = {entry.id: {} for entry in chosen.values()}
    query = (
        select(FACT.c.filing_id, FACT.c.path, FACT.c.value).join(FILING, FILING.c.id == FACT.c.filing_id)
        .where((FILING.c.year == year) & FILING.c.form.in_(forms) & or_(*wanted))
    )  # fmt: skip
    with archive.reading() as connection:
        for filing_id, path, value in connection.execute(query):
            if filing_id in by_id:
                by_id[filing_id][path] = Fact(path, value)
    return {key: Filing(e.form, e.edition, e.year, e.stage, e.unit, by_id[e.id], e.revision, e.book) for key, e in chosen.items()}
