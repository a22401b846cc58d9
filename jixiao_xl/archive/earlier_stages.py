"""The stages of one unit's year in the archive: what a later form takes over, and what the next year learns of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao_xl.archive.current import current_filings
from jixiao_xl.archive.executed import executions
from jixiao_xl.archive.renames import Succession
from jixiao_xl.archive.store import Archive, Entry
from jixiao_xl.forms.carrying import carried, outcome_column, outcomes
from jixiao_xl.forms.load import find_form
from jixiao_xl.forms.spec import Fields, FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.amounts import half_up, show_amount
from jixiao_xl.model.execution import Execution
from jixiao_xl.model.facts import STAGE_WORDS, Fact, FactPath, Filing, Stage

MONTHS = 12
TARGETS: tuple[Stage, ...] = ("approval", "declaration")
"""Where targets come from: the first that is there; the other one's are not mixed in."""


@dataclass(frozen=True)
class Carried:
    """A value that an earlier stage of the same year has for a cell of this form."""

    path: str
    value: str
    source: str
    """Year, stage and version: `2025年批复第1版`."""


def carried_values(
    archive: Archive, spec: FormSpec, filing: Filing, unit_keys: Sequence[str] = (), steps: Sequence[Succession] = ()
) -> list[Carried]:
    """What the unit's earlier stages of the year have for the filing; a value of the approval comes first."""
    if not spec.is_follow_up:
        return []
    keys = tuple(unit_keys) or (filing.unit.key,)
    entries = current_filings(archive, spec.form.follows, keys, steps, filing.year, filing.year).entries
    found: dict[str, Carried] = {}
    for entry in _in_order([e for e in entries if e.stage != filing.stage]):
        earlier = find_form(entry.form, entry.edition)
        if earlier is None:
            continue
        said = f"{entry.year}年{STAGE_WORDS[entry.stage]}第{entry.version}版"
        for path, value in carried(spec, earlier, archive.filing(entry)).items():
            found.setdefault(path, Carried(path, value, said))
    if months := executions(archive, keys, filing.year):
        for each in _paid(spec, months[-1], filing.year):
            found.setdefault(each.path, each)
    return list(found.values())


def _paid(spec: FormSpec, last: Execution, year: int) -> Iterator[Carried]:
    """What the treasury's export says. A form that looks at no month in particular looks at the whole year,
    and takes nothing before December."""
    fields = [(b.id, f.id) for b in spec.block if isinstance(b, Fields) for f in b.fields if f.tells_month]
    if not fields and last.month != MONTHS:
        return
    said = f"{year}年{last.month}月执行数"
    for block_id, name in fields:
        yield Carried(FactPath(block_id, name).text, str(last.month), said)
    change = None if last.adjusted is None or last.budget is None else last.adjusted - last.budget
    amounts = {"budget": last.budget, "adjustment": change, "adjusted": last.whole, "executed": last.executed}
    for table in spec.money_tables():
        for group in table.group:
            for row in group.rows if table.unit == "万元" else ():
                for column in table.columns_of(group) if row.treasury else ():
                    amount = amounts.get(column.treasury or "")
                    if amount is not None:
                        yield Carried(FactPath(table.id, column.id, (group.id, row.id)).text, _in_form(amount, table), said)


def _in_form(amount: Decimal, table: MoneyTable) -> str:
    """To the cent in 元 is finer than most forms are filled in."""
    return show_amount(half_up(amount, table.decimals))


def _in_order(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The one that sets the targets, then those that followed it. Units that were merged hand nothing over:
    their targets do not add up to one."""
    if len({entry.unit.key for entry in entries}) != 1:
        return
    yield from [entry for stage in TARGETS for entry in entries if entry.stage == stage][:1]
    yield from (entry for entry in entries if entry.stage not in TARGETS)


def as_declared(spec: FormSpec, entry: Entry, later: Filing, filed: Sequence[tuple[Entry, Filing]]) -> Filing:
    """The filing of a follow-up form as the form that sets targets would have it: at each target what became
    of it. `filed` are the unit's filings, among which the one that it followed may be."""
    own = find_form(entry.form, entry.edition)
    if own is None:
        return later.with_facts({})
    same = [(e, f) for stage in TARGETS for e, f in filed if (e.year, e.unit.key, e.stage) == (entry.year, entry.unit.key, stage)]
    for base_entry, base in same:
        base_spec = find_form(base_entry.form, base_entry.edition)
        if base_spec is not None and not base_spec.is_follow_up:
            told = outcomes(own, later, base_spec, base)
            break
    else:
        told = dict(_by_name(spec, own, later))
    return later.with_facts({path: Fact(path, value) for path, value in told.items()})


def _by_name(spec: FormSpec, own: FormSpec, later: Filing) -> Iterator[tuple[str, str]]:
    """Without the filing that it followed: rows of the same names in the year's table of as many levels."""
    table, column = outcome_column(own)
    fitting = (
        b for b in spec.block
        if isinstance(b, IndicatorTable) and b.repeat is None and (b.main_column.year or 0) == 0
        and table is not None and len(b.levels) == len(table.levels)
    )  # fmt: skip
    wanted = next(fitting, None)
    if wanted is None or table is None or column is None:
        return
    for path, fact in later.paths():
        if (path.block, path.column) == (table.id, column.id) and path.names and fact.value.strip():
            yield FactPath(wanted.id, wanted.main_column.id, (), path.names, path.nth).text, fact.value.strip()
