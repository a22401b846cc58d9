"""One value through the years: declared, approved, monitored, evaluated, whatever form and code it was filed under."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao_xl.archive.earlier_stages import TARGETS
from jixiao_xl.archive.prior_year import loose_path
from jixiao_xl.archive.renames import lineage_of
from jixiao_xl.archive.store import Archive, Entry
from jixiao_xl.forms.carrying import row_pairs
from jixiao_xl.forms.former_lines import former_lines
from jixiao_xl.forms.load import find_form
from jixiao_xl.forms.spec import FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.facts import STAGES, FactPath, Filing

Filed = Sequence[tuple[Entry, Filing]]


@dataclass(frozen=True)
class Stated:
    """What one filing says. `path` is where it stands in that form."""

    entry: Entry
    path: str
    value: str
    """As printed; empty where the filing only says what became of it."""
    actual: str = ""
    """实际完成值 of a target, 执行数 of a budget, in a stage that says so."""


def history(archive: Archive, unit_keys: Sequence[str], path: FactPath) -> list[Stated]:
    """Every value under any of the unit's codes: newest year first, within it in the order of the stages, of each the
    version that counts first. A follow-up form is asked for the row that took the path over."""
    keys = lineage_of(archive, unit_keys).keys
    filed = [(entry, archive.filing(entry)) for entry in archive.entries(unit_keys=keys)]
    found = [told for entry, filing in filed if (told := _stated(entry, filing, path, filed)) is not None]
    return sorted(found, key=lambda told: (-told.entry.year, STAGES.index(told.entry.stage)))


def _stated(entry: Entry, filing: Filing, wanted: FactPath, filed: Filed) -> Stated | None:
    spec = find_form(entry.form, entry.edition)
    rows = {loose_path(path.at("row")): path.at("row") for path, _ in filing.paths()}
    for candidate in _candidates(spec, entry, wanted, filed):
        row = rows.get(loose_path(candidate.at("row")))
        if row is None:
            continue
        at = row.at(candidate.column)
        value, actual = (filing.value(at.text) or "").strip(), _actual(spec, filing, at)
        if value or actual:
            return Stated(entry, at.text, value, actual)
    return None


def _candidates(spec: FormSpec | None, entry: Entry, wanted: FactPath, filed: Filed) -> Iterator[FactPath]:
    """Where the filing may have it: the path itself, as other editions call the line, where a follow-up form took it."""
    yield wanted
    if spec is None:
        return
    newest = find_form(entry.form)
    for block in (*spec.block, *(newest.block if newest else ())):
        for former, present in former_lines(block).items() if block.id == wanted.block else ():
            if wanted.parts in (former, present):
                yield replace(wanted, parts=present if wanted.parts == former else former)
    if spec.is_follow_up:
        yield from _taken_over(spec, entry, wanted, filed)


def _taken_over(spec: FormSpec, entry: Entry, wanted: FactPath, filed: Filed) -> Iterator[FactPath]:
    """The row of the follow-up form that took the path over from the stage that set it."""
    year = [(e, f) for e, f in filed if (e.year, e.unit.key) == (entry.year, entry.unit.key)]
    same = [(e, f) for stage in TARGETS for e, f in year if e.stage == stage]
    if not same:
        return
    base_entry, base = same[0]
    base_spec = find_form(base_entry.form, base_entry.edition)
    if base_spec is None or base_spec.is_follow_up:
        return
    yield from (pair.later for pair in row_pairs(spec, base_spec, base) if loose_path(pair.earlier) == loose_path(wanted))
    for table in spec.money_tables():
        carried = next((column for column in table.columns if column.fill == "carried"), None)
        for group in table.group if carried else ():
            for row in group.rows:
                sums_up = row.derived and wanted.text in base_spec.form.approved.totals
                if carried and (wanted.text in row.carries or sums_up):
                    yield FactPath(table.id, carried.id, (group.id, row.id))


def _actual(spec: FormSpec | None, filing: Filing, at: FactPath) -> str:
    """What the filing says became of the value there; empty where its form has no such column."""
    block = spec.block_named(at.block) if spec else None
    if not isinstance(block, IndicatorTable | MoneyTable):
        return ""
    carried = any(column.id == at.column and column.fill == "carried" for column in block.columns)
    for column in block.columns:
        told = column.id if column.outcome_of == at.column else ""
        if isinstance(block, MoneyTable) and column.rate_of is not None and carried:
            told = column.rate_of[0]
        if told:
            return (filing.value(at.at(told).text) or "").strip()
    return ""
