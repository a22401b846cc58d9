"""What the archive knows of the reviews, for whoever sums or writes to the units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jixiao_xl.archive.reviews import reviews_for
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.decisions import under_present_keys
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.model.review import NO_REVIEWS, Review


def reviews_known(archive: Archive | None, kind: tuple[str, int, str], rows: Sequence[RosterRow]) -> Mapping[str, Review]:
    """Where every unit stands, by its present key; nothing without an archive."""
    if archive is None:
        return NO_REVIEWS
    with using_archive():
        return under_present_keys(reviews_for(archive, *kind), rows)
