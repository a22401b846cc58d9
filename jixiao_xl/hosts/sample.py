"""A sample prefecture: twelve units on the Hubei form, eleven of them invented.

Invented figures are whole and in balance; what goes wrong in the demo is done on purpose, and
said so in `hosts/demo.py`.
"""

from __future__ import annotations

from decimal import Decimal

from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.forms.spec import FormSpec, IndicatorTable
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.facts import Fact, FactPath, Filing, Stage, Unit
from jixiao_xl.model.ratios import share, show_percent

DIVISION = "429900"
FORM = "hubei.dept_overall"
GRADES = {
    "中长期规划相符性": "相符", "工作计划健全性": "健全", "预算编制科学性": "科学", "预算编制合理性": "合理",
    "立项规范性": "规范", "绩效目标合理性": "合理", "资产管理制度健全性": "健全", "资产管理规范性": "规范",
    "财务管理制度健全性": "健全", "会计核算规范性": "规范", "资金使用合规性": "合规", "服务体制改革成效": "显著",
    "行政管理体制改革成效": "显著", "干部队伍体系建设规划情况": "完善", "信息化建设情况": "完善",
}  # fmt: skip
RATES = {
    "公用经费控制率": "≤100%", "在职人员控制率": "≤100%", "会议费控制率": "≤100%", "“三公经费”变动率": "≤0%",
    "预算调整率": "≤5%", "预算执行率": "≥95%", "结转结余率": "≤5%", "高学历、高层次人才储备率": "≥30%",
}  # fmt: skip
COST = ("运行成本",)
WHOLE = {
    "procured": "50", "procurement_budget": "50", "nontax_paid": "10", "nontax_budget": "10", "assessed": "3",
    "assessment_due": "3", "monitored": "6", "monitoring_due": "6", "evaluated": "6", "evaluation_due": "6",
    "results_used": "6", "results": "6", "trained": "12", "training_planned": "12",
}  # fmt: skip
"""Quantities whose rate is 100 %."""


def unit_of(n: int) -> Unit:
    """示例单位01 … 示例单位11."""
    return Unit(f"示例单位{n:02d}", f"{DIVISION}-S{n:03d}")


def roster_of_sample() -> list[RosterRow]:
    """阳新 and the eleven invented units."""
    rows = [RosterRow(row=4, division_code="420222", unit_code="S001", name="阳新县总工会", level="本级", deadline="2025-11-30")]
    for n in range(1, 12):
        rows.append(RosterRow(row=4 + n, division_code=DIVISION, unit_code=f"S{n:03d}", name=unit_of(n).name,
                              supervisor="示例市财政局", level="本级", deadline="2025-11-30"))  # fmt: skip
    return rows


def sample_filing(spec: FormSpec, n: int, year: int, stage: Stage = "declaration") -> Filing:
    """A sound filing of unit n; figures grow a little with the unit and the year."""
    facts: dict[str, str] = {
        "cover.unit_name": unit_of(n).name, "cover.filler": "示例", "cover.phone": "0710-0000000",
        "cover.filled_on": f"{year - 1}年11月20日",
        "duties.text": "负责本部门政策的组织实施。\n维护职工合法权益。\n承办上级交办的其他事项。",
        "annual_tasks.text": f"开展技能培训{10 + n}场。\n走访慰问困难职工{100 + n}人。",
        "long_term_goal.until": str(year + 2),
        "long_term_goal.text": f"三年累计开展技能培训{3 * (10 + n)}场，走访慰问困难职工{3 * (100 + n)}人。",
        "annual_goal.text": f"开展技能培训{10 + n}场，走访慰问困难职工{100 + n}人。",
    }  # fmt: skip
    facts |= _funds(n, year) | _quantities(n, year)
    for block in spec.block:
        if isinstance(block, IndicatorTable):
            facts |= _indicators(spec, block, n, year)
    return Filing(spec.form.id, spec.form.edition, year, stage, unit_of(n), {k: Fact(k, v) for k, v in facts.items()})


def _funds(n: int, year: int) -> dict[str, str]:
    facts: dict[str, str] = {}
    for column, back in (("current", 0), ("last", 1), ("before_last", 2)):
        scale = Decimal(100 + n) + Decimal(year - back - 2020) * 2
        income = {"fiscal": scale * 5, "special_account": Decimal(0), "own_funds": scale}
        expense = {"personnel": scale * 3, "operating": scale, "special_purpose": scale * 2}
        for group, lines in (("income", income), ("expense", expense)):
            lines["total"] = sum(lines.values(), Decimal(0))
            for row, amount in lines.items():
                facts[f"funds.{group}.{row}.{column}"] = show_amount(amount)
                if column == "current":
                    facts[f"funds.{group}.{row}.share"] = show_percent(share(amount, lines["total"]))
    return facts


def _quantities(n: int, year: int) -> dict[str, str]:
    """What the rates of `_actual` follow from."""
    facts: dict[str, Decimal] = {}
    travel = {"earlier": "100", "before_last": "98.5", "last": "97.02", "target": "95.56"}
    for back, column in enumerate(("target", "last", "before_last")):
        budget = 6 * (Decimal(100 + n) + Decimal(year - back - 2020) * 2)
        own: dict[str, Decimal | int | str] = {
            "office_spent": 98, "office_budget": 100, "staff": 25 * 49, "posts": 25 * 50, "educated": 392,
            "meeting_spent": Decimal("4.9"), "meeting_budget": 5, "adjusted": budget * 2 / 100, "initial_budget": budget,
            "executed": budget * 98 / 100, "budget": budget, "carried": budget * 2 / 100,
        }  # fmt: skip
        if column == "target":
            del own["initial_budget"]  # the funds table asks for it
        facts |= {f"measure.{quantity}.{column}": Decimal(amount) for quantity, amount in (own | WHOLE).items()}
    facts |= {f"measure.three_public.{column}": Decimal(amount) for column, amount in travel.items()}
    return {path: show_amount(amount) for path, amount in facts.items()}


def _indicators(spec: FormSpec, table: IndicatorTable, n: int, year: int) -> dict[str, str]:
    long_term = table.id.startswith("long")
    facts: dict[str, str] = {}

    def put(names: tuple[str, ...], target: str, last: str, basis: str) -> None:
        path = FactPath(table.id, "target", (), names)
        facts[path.text] = target
        facts[path.at("basis").text] = basis
        facts[path.at("category").text] = "绩效基本型"
        if not long_term:
            facts[path.at("before_last").text] = last
            facts[path.at("last").text] = last

    for row in spec.rows_of(table):
        if row.open:
            continue
        name = row.levels[-1]
        target = GRADES.get(name) or RATES.get(name, "=100%")
        basis = "预算支出标准" if row.levels[0] in COST else "计划标准"
        put(row.levels, target, _actual(name, target), basis)
    times = 3 if long_term else 1
    put(("履职效能", "技能培训", "开展技能培训场次"), f"≥{times * (10 + n)}场", f"{8 + n}场", "计划标准")
    put(("履职效能", "困难帮扶", "走访慰问困难职工人数"), f"≥{times * (100 + n)}人", f"{90 + n}人", "计划标准")
    put(("社会效应", "社会效益", "困难职工生活改善情况"), "显著", "显著", "计划标准")
    put(("满意度", "服务对象满意度", "职工群众满意度"), "≥95%", "96%", "其他标准")
    put(("满意度", "联系部门满意度", "联系部门满意度"), "≥95%", "97%", "其他标准")
    return facts


def _actual(name: str, target: str) -> str:
    """What last year really came to: inside the target, no operator."""
    if name in GRADES:
        return target
    return {"≤0%": "-1.5%", "≤5%": "2%", "≥95%": "98%", "≥30%": "32%", "≤100%": "98%"}.get(target, "100%")
