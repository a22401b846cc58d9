"""退回 copies that lie among the submissions as they went out: nobody filed them, so nobody is shown as having filed again."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao_xl.consolidate.roster import Received
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where


def without_untouched(received: Sequence[Received]) -> tuple[list[Received], list[Finding]]:
    """The filings without the copies of them that nobody has touched (CON114). A copy in which one value or reason
    was changed is a resubmission, and so is one that goes back to what was filed before the last."""
    by_content = {
        (each.filing.form, each.filing.year, each.filing.stage, each.filing.unit.key, each.content): each for each in received
    }
    kept: list[Received] = []
    found: list[Finding] = []
    for each in received:
        filing = each.filing
        original = by_content.get((filing.form, filing.year, filing.stage, filing.unit.key, each.before)) if each.before else None
        if original is None:
            kept.append(each)
        else:
            found.append(Finding("CON114", "hint", Where(book=each.book), {"book": each.book, "other": original.book}))
    return kept, found
