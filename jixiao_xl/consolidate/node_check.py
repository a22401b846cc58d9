"""节点核对: does a department's own 部门汇总 say what its parts come to, line by line?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao_xl.consolidate.departments import Departments, shortened
from jixiao_xl.consolidate.roster import Received, UnitStatus
from jixiao_xl.consolidate.totals import line_totals
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.amounts import show_amount, sum_tolerance
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where


def is_whole(spec: FormSpec, received: Received) -> bool:
    """Whether no amount of this year is missing in the filing's money tables."""
    unit = UnitStatus(received.filing.unit.key, received.filing.unit.name, "已收", received)
    lines = [line for table in spec.money_tables() for line in line_totals(spec, table, (unit,))]
    return all(line.amounts[0].amount is not None for line in lines if line.column.year == 0)


def node_findings(spec: FormSpec, statuses: Sequence[UnitStatus]) -> Iterator[Finding]:
    """CON111 for each line in which a department and its parts differ by more than 尾差; CON112 where a part is missing."""
    departments = Departments(statuses)
    for key in departments.parts:
        own = departments.by_key[key]
        if own.used is not None:
            yield from _of_department(spec, own, [*_parts(departments, key)])


def _parts(departments: Departments, key: str) -> Iterator[UnitStatus]:
    """The filings whose sum the department's is: of a part that has parts, its own total where it filed one."""
    for part in departments.parts[key]:
        status = departments.by_key[part]
        if status.used is None and part in departments.parts:
            yield from _parts(departments, part)
        else:
            yield status


def _of_department(spec: FormSpec, own: UnitStatus, parts: list[UnitStatus]) -> Iterator[Finding]:
    assert own.used is not None
    absent = [part.name for part in parts if part.used is None]
    if absent:
        params = {"unit": own.name, "missing": shortened(absent)}
        yield Finding("CON112", "hint", Where(book=own.used.book), params)
        return
    gaps: dict[str, None] = {}
    for table in spec.money_tables():
        for line in line_totals(spec, table, (own, *parts)):
            stated, amounts = line.amounts[0].amount, [each.amount for each in line.amounts[1:]]
            label = f"{line.group.label}·{line.row.label}"
            if stated is None:
                continue  # CON108 says so
            known = [amount for amount in amounts if amount is not None]
            if len(known) < len(amounts):
                gaps |= {f"{part.name}的{label}": None for part, a in zip(parts, amounts, strict=True) if a is None}
                continue
            total = sum(known, Decimal(0))
            if abs(stated - total) > sum_tolerance(len(parts)):
                where = own.used.places.get(line.path.text) or Where(line.path.text, book=own.used.book)
                year = {0: "", -1: "（上年）", -2: "（前年）"}.get(line.column.year or 0, f"（{line.column.label}）")
                params = {
                    "unit": own.name, "label": label + year, "stated": show_amount(stated), "expected": show_amount(total),
                    "count": str(len(parts)), "gap": show_amount(stated - total),
                }  # fmt: skip
                yield Finding("CON111", "warning", where, params)
    if gaps:
        params = {"unit": own.name, "missing": shortened([*gaps])}
        yield Finding("CON112", "hint", Where(book=own.used.book), params)
