"""What a form of a later stage takes over from an earlier one, and what the earlier one learns of the outcome.

approval   annual_indicators[履职效能/劳模帮扶/慰问人数].target      ≥23人
evaluation annual_indicators[履职效能/劳模帮扶/慰问人数].target      ≥23人   carried
                                                    .actual      21人    what became of it
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from jixiao_xl.forms.indicators import indicator_like
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.spec import CatalogRow, Column, FormSpec, Group, IndicatorTable, MoneyTable, Narrative
from jixiao_xl.model.amounts import SUM_PLACES, half_up, read_amount, show_amount
from jixiao_xl.model.facts import FactPath, Filing
from jixiao_xl.model.indicator_value import read_indicator_value, without_operator
from jixiao_xl.model.records import dataclass
from jixiao_xl.model.scoring import METHOD_WORDS, Method

METHOD = "method"
"""The column of 计分方式, filled where the target has no sign and the dictionary knows the direction."""
_WORD_OF: dict[Method, str] = {method: word for word, method in METHOD_WORDS.items()}


@dataclass(frozen=True)
class RowPair:
    """An indicator row of the earlier form at its target, and the row of the later form that it becomes."""

    earlier: FactPath
    later: FactPath
    target: str
    """As printed in the earlier form."""
    better: str = ""
    """`high` or `low`, where the form or the dictionary says so."""


def carried(spec: FormSpec, earlier_spec: FormSpec, earlier: Filing) -> dict[str, str]:
    """Fact path to value: all that a filing of `spec` takes over from an earlier stage."""
    facts: dict[str, str] = {}
    for block in spec.block:
        if isinstance(block, MoneyTable):
            facts |= dict(_money(block, earlier_spec, earlier))
        elif isinstance(block, Narrative):
            facts |= dict(_prose(block, earlier_spec, earlier))
        elif isinstance(block, IndicatorTable):
            for pair in row_pairs(spec, earlier_spec, earlier):
                facts |= dict(_row(block, pair))
    return facts


# ---- indicators --------------------------------------------------------------------------
def row_pairs(spec: FormSpec, earlier_spec: FormSpec, earlier: Filing) -> Iterator[RowPair]:
    """Every row of the year's indicators that promises something, with its row in the later form, in order."""
    table = next((block for block in spec.block if isinstance(block, IndicatorTable) and _target_of(block)), None)
    target = _target_of(table) if table else None
    if table is None or target is None:
        return
    seen: Counter[tuple[str, ...]] = Counter()
    for plan in plan_form(earlier_spec, earlier).blocks:
        own = plan.block
        if not isinstance(own, IndicatorTable) or (own.main_column.year or 0) > 0:
            continue
        main = _target_of(own) or own.main_column
        for line in plan.lines:
            slot = line.slot(main.id)
            path = slot.path if slot else None
            value = earlier.value(path.text) if path else None
            if path is None or path.names is None or not value or read_indicator_value(value).is_absent:
                continue
            names = _names(own.levels, table.levels, path.names)
            seen[names] += 1
            assert isinstance(line.source, CatalogRow)
            known = None if line.source.better else indicator_like(path.names[-1])
            better = line.source.better or (known.better if known else "")
            yield RowPair(path, FactPath(table.id, target.id, (), names, seen[names]), value.strip(), better)


def _target_of(table: IndicatorTable) -> Column | None:
    """The column that takes over the targets; None in a form that sets them."""
    return next((c for c in table.columns if c.fill == "carried" and c.value == "indicator"), None)


def _names(own: tuple[str, ...], wanted: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """The levels as the later form has them: as they stand where there are as many, else by what they are called."""
    if len(own) == len(wanted):
        return names
    by_label = dict(zip(own, names, strict=True))
    return tuple(by_label.get(label, names[-1]) for label in wanted)


def _row(table: IndicatorTable, pair: RowPair) -> Iterator[tuple[str, str]]:
    value = read_indicator_value(pair.target)
    is_plain = value.number is not None and value.high is None
    for column in table.columns:
        path = pair.later.at(column.id).text
        if column.fill == "carried":
            parts = {"operator": value.operator if is_plain else "定性" if value.number is None else "",
                     "number": without_operator(value).removesuffix(value.unit) if is_plain else pair.target,
                     "unit": value.unit if is_plain else ""}  # fmt: skip
            said = parts[column.part] if column.part else pair.target
            if said:
                yield path, {"=": "＝"}.get(said, said) if column.part == "operator" else said
        elif column.id == METHOD and is_plain and not value.operator and pair.better:
            yield path, _WORD_OF["high" if pair.better == "high" else "low"]


def outcomes(spec: FormSpec, later: Filing, earlier_spec: FormSpec, earlier: Filing) -> dict[str, str]:
    """Path in the earlier form to what the later filing says became of it (实际完成值)."""
    table, column = outcome_column(spec)
    if table is None or column is None:
        return {}
    found: dict[str, str] = {}
    for pair in row_pairs(spec, earlier_spec, earlier):
        value = (later.value(pair.later.at(column.id).text) or "").strip()
        if value:
            found[pair.earlier.text] = value
    return found


def outcome_column(spec: FormSpec) -> tuple[IndicatorTable | None, Column | None]:
    """The column of a follow-up form that says what became of the targets, with its table."""
    for block in spec.block:
        if isinstance(block, IndicatorTable):
            for column in block.columns:
                if column.outcome_of is not None:
                    return block, column
    return None, None


# ---- money -------------------------------------------------------------------------------
def _money(table: MoneyTable, spec: FormSpec, earlier: Filing) -> Iterator[tuple[str, str]]:
    for column in table.columns:
        for group in table.group:
            if column.fill == "carried":
                yield from _approved(table, column, group, spec, earlier)
            block, _, same = column.carries.partition(".")
            for row in group.rows if column.carries else ():
                value = earlier.value(FactPath(block, same, (group.id, row.id)).text)
                if value and not row.derived:
                    yield FactPath(table.id, column.id, (group.id, row.id)).text, value


def _approved(table: MoneyTable, column: Column, group: Group, spec: FormSpec, earlier: Filing) -> Iterator[tuple[str, str]]:
    """The approved amounts of the lines, and what is left of the total for the one that takes the rest."""
    known: dict[str, Decimal] = {}
    for row in group.rows:
        amount = next((a for a in (_sum(earlier, path) for path in row.carries) if a is not None), None)
        if amount is not None:
            known[row.id] = amount
    total = next((a for a in (_sum(earlier, path) for path in spec.form.approved.totals) if a is not None), None)
    rest = next((row.id for row in group.rows if row.takes_rest), None)
    if rest and known and total is not None and (left := total - sum(known.values())) >= 0:
        known[rest] = left
    for row_id, amount in known.items():
        yield FactPath(table.id, column.id, (group.id, row_id)).text, show_amount(half_up(amount, SUM_PLACES))


def _sum(filing: Filing, paths: str) -> Decimal | None:
    """The sum of paths joined by +; None where one of them is missing."""
    amounts = [read_amount(filing.value(path) or "") for path in paths.split("+")]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


# ---- prose -------------------------------------------------------------------------------
def _prose(block: Narrative, spec: FormSpec, earlier: Filing) -> Iterator[tuple[str, str]]:
    for name in block.carries:
        source = spec.block_named(name)
        text = earlier.value(f"{name}.text")
        if isinstance(source, Narrative) and source.repeat is None and text:
            yield f"{block.id}.text", text
            return
