"""What the tool brought along is not held against the unit, until the unit changes it."""

from __future__ import annotations

from jixiao_xl.model.facts import Fact
from jixiao_xl.rules.engine import judge
from tests.conftest import changed, published, spec_of

EZHOU = published("ezhou_2025")
PRIOR = "annual_indicators[运行成本/在职人员控制/在职人员控制率].last"
IMPOSSIBLE = {PRIOR: "200%"}


def blamed(filing: object) -> set[str]:
    return {f.code for f in judge(spec_of(EZHOU), filing).findings if f.where.path == PRIOR}  # type: ignore[arg-type]


def test_an_odd_value_is_said_of_who_typed_it_and_not_of_who_got_it() -> None:
    typed = changed(EZHOU, IMPOSSIBLE)
    brought = EZHOU.with_facts({p: f for p, f in EZHOU.facts.items() if p != PRIOR}).with_prefilled(typed.facts)
    assert blamed(typed) == {"IND104"} and blamed(brought) == set()
    again = brought.with_facts(brought.facts | {PRIOR: Fact(PRIOR, "210%")})
    assert blamed(again) == {"IND104"}


def test_a_total_is_the_tool_s_only_where_all_its_parts_are() -> None:
    parts = {f"funds.{group}.{row}.last": "1" for group, row in (("income", "fiscal"), ("expense", "personnel"))}
    wrong = parts | {"funds.expense.personnel.last": "5", "funds.expense.total.last": "5", "funds.income.total.last": "1"}
    without = EZHOU.with_facts({p: f for p, f in EZHOU.facts.items() if not (p.startswith("funds.") and p.endswith(".last"))})
    typed, brought = changed(without, wrong), without.with_prefilled(changed(without, wrong).facts)
    balance = [
        {f.code for f in judge(spec_of(EZHOU), each).findings if f.where.path == "funds.expense.total.last"}
        for each in (typed, brought)
    ]
    assert balance[0] == {"FND201"} and balance[1] == set()
