"""纳入/不纳入 as the reviewer decided it (审核), before the roster's own column: the review is the later word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from jixiao_xl.consolidate.roster import Received, RosterRow, UnitStatus, filing_statuses
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.model.review import Review


def under_present_keys(reviews: Mapping[str, Review], roster: Sequence[RosterRow]) -> dict[str, Review]:
    """The reviews by the unit's present key: one of a filing under a former code (曾用代码) is the unit's too."""
    found = dict(reviews)
    for row in roster:
        own = [reviews[key] for key in row.all_keys if key in reviews]
        if own:
            # the present key comes first, unless nothing was filed under it
            found[row.key] = max(own, key=lambda review: bool(review.version))
    return found


def reviewed_statuses(
    received: Sequence[Received], roster: Sequence[RosterRow], reviews: Mapping[str, Review]
) -> tuple[list[UnitStatus], list[Finding]]:
    """The units as `filing_statuses` has them, those left out or let in by a reviewer as decided there."""
    statuses, findings = filing_statuses(received, [_decided(row, reviews.get(row.key)) for row in roster])
    for place, status in enumerate(statuses):
        review = reviews.get(status.key)
        if status.roster is not None or review is None or review.included != "不纳入" or status.status not in ("已收", "重复"):
            continue
        why = {"unit": status.name, "who": review.included_by, "why": review.included_why}
        findings = [f for f in findings if f.code not in ("CON102", "CON104") or f.where.book not in status.books]
        findings.append(Finding("CON106", "warning", Where(book=status.books[0]), why))
        statuses[place] = replace(status, status="不纳入", used=None, remark=f"{review.included_by}：{review.included_why}")
    return statuses, findings


def _decided(row: RosterRow, review: Review | None) -> RosterRow:
    """The roster's line with the reviewer's decision in its own columns."""
    if review is None or not review.included:
        return row
    return row.but(included=review.included, decided_by=review.included_by, decided_why=review.included_why)
