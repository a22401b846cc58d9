"""The unit's other filings of the year, which a form of a later stage is held against."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao_xl.archive.current import current_filings
from jixiao_xl.archive.earlier_stages import TARGETS
from jixiao_xl.archive.store import Archive
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import Filing


@dataclass(frozen=True)
class SameYear:
    """What the archive has; nothing for a form that sets targets itself."""

    declared: Filing | None = None
    """The approval, else the declaration. Not of units that were merged: their targets do not add up to one."""
    monitored: tuple[Filing, ...] = ()
    """Every version of the same form in the same stage, the newest first: each month is a version."""


def same_year(archive: Archive, spec: FormSpec, filing: Filing) -> SameYear:
    """The filings of the unit, under any of its codes, in the filing's year. Raises ArchiveUnusable."""
    if not spec.is_follow_up or not filing.unit.key:
        return SameYear()
    current = current_filings(archive, spec.form.follows, (filing.unit.key,), (), filing.year, filing.year)
    setting = [entry for stage in TARGETS for entry in current.entries if entry.stage == stage]
    is_one = len({entry.unit.key for entry in setting}) == 1
    declared = archive.filing(setting[0]) if is_one else None
    if filing.stage != "monitoring":
        return SameYear(declared)
    months = archive.entries(forms=(spec.form.id,), unit_keys=current.lineage.keys, year=filing.year, stage=filing.stage)
    return SameYear(declared, tuple(archive.filing(entry) for entry in months))
