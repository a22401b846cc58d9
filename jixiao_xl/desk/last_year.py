"""What the archive has of last year, for the 同比 of a summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jixiao_xl.archive.renames import Lineage, renames
from jixiao_xl.archive.store import Archive
from jixiao_xl.archive.year_facts import filings_of_year
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.consolidate.target_changes import yearly_targets
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import Filing


def filed_last_year(archive: Archive | None, spec: FormSpec, year: int, rows: Sequence[RosterRow]) -> dict[str, Filing]:
    """Last year's amounts and targets by present unit key, under the former code where the roster or the archive knows it.
    A unit that was merged from several has no single filing of last year and is left out. A form of a later stage
    is held against the same form of last year: what follows it says other things under the same names."""
    if archive is None:
        return {}
    blocks = [table.id for table in spec.money_tables()]
    forms = (spec.form.id,) if spec.is_follow_up else (spec.form.id, *spec.form.follows)
    lights = [c.month.partition(".")[0] for table in spec.money_tables() for c in table.columns if c.month]
    with using_archive():
        steps = [(one.old, one.new) for one in renames(archive)]
        filed = filings_of_year(archive, forms, year - 1, [*blocks, *lights], yearly_targets(spec))
    known = {row.key: row.successions for row in rows if row.successions}
    found = dict(filed)
    for key in (*known, *(new for _, new in steps if new not in known)):
        if (step := _who_filed(Lineage(key, [*known.get(key, ()), *steps]), filed)) is None:
            found.pop(key, None)
        else:
            found[key] = filed[step]
    return found


def _who_filed(lineage: Lineage, filed: Mapping[str, Filing]) -> str | None:
    """The one code under which the unit filed; None where it is no single unit's, or nobody filed."""
    step = lineage.key
    while step not in filed:
        if len(before := lineage.before[step]) != 1:
            return None
        step = before[0]
    # others that came to it since are not in its own figures
    return step if not any(old in filed for old in lineage.keys if old != step) else None
