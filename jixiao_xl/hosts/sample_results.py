"""What the sample units report later in the year: 监控表 and 自评表 that follow from their declarations.

Every amount and target is the declared one; what was done is inside it, but for a few rows that are missed
on purpose, so that points, lights and causes have something to show.
"""

from __future__ import annotations

from decimal import Decimal

from jixiao_xl.forms.derive import Inputs, derived_cells, shown
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.spec import FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.amounts import half_up, show_amount
from jixiao_xl.model.facts import Fact, FactPath, Filing, Stage, parse_path
from jixiao_xl.model.plain_value import read_plain_value

MONTH = 9
SPENT = Decimal("0.95")
"""Of the budget, by the end of the year."""
TARGETS = "annual_indicators"
MISSED = {"开展技能培训场次": "场次未办满", "预算调整率": "年中追加一项任务"}
"""Indicators that fall short, with the cause that the unit gives."""
PROSE = {
    "annual_goal.text": "开展技能培训、走访慰问困难职工。",
    "goal_outcome.text": "技能培训差一场办满，走访慰问全部完成。",
    "deviation.text": "一场技能培训因场地改造延后到次年。",
    "improvements.text": "年初排定场地，按季检查进度；自评结果用于次年预算安排。",
}


def sample_result(spec: FormSpec, declared_on: FormSpec, n: int, year: int) -> Filing:
    """A sound 监控表 or 自评表 of unit n, after what it declared for the year on `declared_on`."""
    declared = sample_filing(declared_on, n, year)
    stage: Stage = next(iter(spec.form.stages))
    facts = {
        "cover.unit_name": declared.unit.name, "cover.filler": "示例", "cover.phone": "0710-0000000", "cover.month": str(MONTH),
        "cover.filled_on": f"{year}年10月10日" if stage == "monitoring" else f"{year + 1}年1月20日", **PROSE,
    }  # fmt: skip
    has = {block.id for block in spec.block}
    facts = {path: value for path, value in facts.items() if path.partition(".")[0] in has}
    if stage != "monitoring":
        del facts["cover.month"]
    for block in spec.block:
        if isinstance(block, MoneyTable):
            facts |= _money(block, declared, stage)
        elif isinstance(block, IndicatorTable) and block.id == TARGETS:
            facts |= _indicators(block, declared, stage, _left(spec))
    return computed(spec, Filing(spec.form.id, spec.form.edition, year, stage, declared.unit, _as_facts(facts)))


def _as_facts(values: dict[str, str]) -> dict[str, Fact]:
    return {path: Fact(path, value) for path, value in values.items()}


def computed(spec: FormSpec, filing: Filing) -> Filing:
    """With what follows from it: totals, rates, points and lights, and 得分 as 参考得分 proposes it."""
    plan = plan_form(spec, filing)
    inputs = Inputs(plan, filing)
    said = {d.slot.path.text: shown(d, inputs) for d in derived_cells(plan) if d.slot.path is not None and d.slot.printed}
    starting = (slot for block in plan.blocks for slot in block.slots if slot.starts_as and slot.path is not None)
    said |= {slot.path.text: inputs.text(slot) for slot in starting if slot.path is not None}
    return filing.with_facts(filing.facts | _as_facts({path: value for path, value in said.items() if value}))


def _money(table: MoneyTable, declared: Filing, stage: Stage) -> dict[str, str]:
    """The approved budget, its larger part from the treasury, and what was spent of it."""
    part = Decimal(MONTH) / 12 if stage == "monitoring" else Decimal(1)
    whole = Decimal(declared.facts["funds.income.total.current"].value)
    facts: dict[str, str] = {}
    for group in table.group:
        for row in group.rows:
            if row.derived:
                continue
            known = [declared.value(path) for path in row.carries if "+" not in path]
            budget = Decimal(next((value for value in known if value), 0))
            if row.takes_rest:
                budget = whole
            whole -= budget
            amounts = {
                "initial": budget, "adjustment": Decimal(0), "budget": budget, "executed": half_up(budget * SPENT * part, 2),
                "expected": half_up(budget * SPENT, 2),
            }  # fmt: skip
            for column in table.columns:
                if column.id in amounts and not column.derived:
                    facts[f"{table.id}.{group.id}.{row.id}.{column.id}"] = show_amount(amounts[column.id])
    return facts


def _indicators(table: IndicatorTable, declared: Filing, stage: Stage, points: int) -> dict[str, str]:
    paths = [parse_path(path) for path in declared.facts if path.startswith(f"{TARGETS}[") and path.endswith(".target")]
    facts: dict[str, str] = {}
    for row, path in enumerate(paths):
        target = declared.facts[path.text].value
        own = FactPath(table.id, "", (), path.names)
        done = _done(path.names or (), target, stage)
        if any(column.part == "number" for column in table.columns):
            done = _part("number", done)  # the sign and the unit stand in columns of their own
        missed = (path.names or ("",))[-1] in MISSED
        entries = {
            "target": target, "actual": done, "done": done, "expected": done, "weight": _weight(row, len(paths), points),
            "reason_kind": "其他" if missed else "", "cause": MISSED.get((path.names or ("",))[-1], ""), "likelihood": "确定能",
        }  # fmt: skip
        entries |= {column.id: _part(column.part, target) for column in table.columns if column.part}
        facts |= {own.at(c.id).text: entries[c.id] for c in table.columns if not c.derived and entries.get(c.id)}
    return facts


def _left(spec: FormSpec) -> int:
    """Points that the funds leave to the indicators."""
    given = [row.points for table in spec.money_tables() for group in table.group for row in group.rows if row.points]
    return 100 - int(sum(given))


def _weight(row: int, rows: int, points: int) -> str:
    """So many points in whole numbers, the first rows one more."""
    each, left = divmod(points, rows)
    return str(each + (row < left))


def _done(names: tuple[str, ...], target: str, stage: Stage) -> str:
    value = read_plain_value(target)
    if value.number is None:
        return target
    number = value.number
    if names[-1] in MISSED:
        number = number + 2 if value.operator in ("≤", "<") else number - 1
    elif stage == "monitoring" and value.unit not in ("%", ""):
        number = (number * MONTH / 12).to_integral_value()
    return f"{show_amount(number)}{value.unit}"


def _part(part: str, text: str) -> str:
    """The sign, the number or the unit of an indicator value; of words, that they are 定性."""
    value = read_plain_value(text)
    if value.number is None:
        return {"operator": "定性", "number": text, "unit": ""}[part]
    return {"operator": value.operator.replace("=", "＝"), "number": show_amount(value.number), "unit": value.unit}[part]
