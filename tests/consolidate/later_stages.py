"""Invented units late in the year: what they filed, each with a fate of its own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from jixiao_xl import operations
from jixiao_xl.consolidate.roster import Received
from jixiao_xl.consolidate.summary import Summary, summarise
from jixiao_xl.forms.outcome_words import spending_of
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.hosts.sample import roster_of_sample
from jixiao_xl.hosts.sample_results import computed, sample_result
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.facts import Fact, Filing

DECLARED = operations.form_named("hubei.dept_overall")
MONITORING, EVALUATIONS = "mof.dept_monitoring", ("mof.dept_evaluation", "hubei.dept_evaluation", "sichuan.dept_evaluation")
FORMS = (MONITORING, *EVALUATIONS)
SPENT = {1: "0.72", 2: "0.31", 3: "0.98", 4: "0.5", 5: "", 6: "0.6", 7: "0.725", 8: "1.02"}
"""Of the budget, by unit; unit 5 leaves it open, unit 6 has no budget."""
WITHOUT_BUDGET = 6


def filed(spec: FormSpec, n: int, year: int = 2025, spent: str | None = None) -> Filing:
    """Unit n's form of the later stage."""
    filing = sample_result(spec, DECLARED, n, year)
    table = next(iter(spec.money_tables()))
    spending = spending_of(table)
    assert spending is not None
    share = SPENT[n] if spent is None else spent
    entered = {path: fact.value for path, fact in filing.facts.items()}
    for group_id, row in ((group.id, row) for group in table.group for row in group.rows):
        line = f"{table.id}.{group_id}.{row.id}"
        for column in table.columns:
            if column.derived or row.derived:
                entered.pop(f"{line}.{column.id}", None)
        budgets = [f"{line}.{name}" for name in (spending.budget.id, "initial") if f"{line}.{name}" in entered]
        if n == WITHOUT_BUDGET:
            entered |= dict.fromkeys(budgets, "0")
        if not row.derived:
            entered[f"{line}.{spending.executed.id}"] = show_amount(Decimal(entered[budgets[0]]) * Decimal(share)) if share else ""
    shown = {"result.total_weight", "result.total_score", "result.grade"}
    return computed(
        spec, filing.with_facts({path: Fact(path, value) for path, value in entered.items() if value and path not in shown})
    )


def summed(form: str, filings: list[Filing] | None = None, **more: object) -> Summary:
    """Eight units of a roster of nine, unless others are given."""
    spec = operations.form_named(form)
    filings = [filed(spec, n) for n in SPENT] if filings is None else filings
    received = [Received(one, f"{one.unit.name}.xlsx", digest="ab" * 32) for one in filings]
    return summarise(
        spec, 2025, spec.form.first_stage, received, roster_of_sample()[1:10], today=dt.date(2026, 2, 1), **more  # type: ignore[arg-type]
    )  # fmt: skip
