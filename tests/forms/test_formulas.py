"""One definition, two back ends: what a formula gives and what Decimal gives are the same."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao_xl.forms.derive import Inputs, derived_cells, evaluate, shown
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.load import find_form
from jixiao_xl.model.amounts import half_up, show_amount, sum_tolerance
from jixiao_xl.model.facts import Fact, Filing
from jixiao_xl.workbook.build import plan_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions

AMOUNT = st.none() | st.decimals(0, 99999, places=2) | st.decimals(0, 99, places=3)
LINES = ["income.general_budget.full", "income.gov_fund.full", "income.special_account.full", "income.state_capital.full",
         "income.other.full", "expense.basic.half", "expense.basic.full", "expense.project[甲].half", "expense.project[甲].full",
         "expense.project[乙].full"]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(AMOUNT, min_size=len(LINES), max_size=len(LINES)))
def test_every_derived_cell_shows_what_decimal_gives(amounts: list[Decimal | None]) -> None:
    spec = find_form("jiangsu.dept_overall")
    assert spec is not None
    facts = {
        f"funds.{line}": Fact(f"funds.{line}", show_amount(a)) for line, a in zip(LINES, amounts, strict=True) if a is not None
    }
    filing = Filing(spec.form.id, spec.form.edition, 2022, "declaration", facts=facts)
    book = plan_workbook(spec, filing, BuildOptions())
    plan = plan_form(spec, filing)
    known = Inputs(plan, filing)
    for derived in derived_cells(plan):
        found = book.value(derived.slot.sheet, derived.slot.row, derived.slot.column)
        number = evaluate(derived, known)
        # 不适用 where there is nothing to be executed
        assert found == (number if number is not None else shown(derived, known) or ""), derived.slot.cell


def test_the_subtotal_of_wuxi_takes_three_parts_and_the_grand_total_five() -> None:
    # all five outer amounts are zero in the published form, so only a case of our own can notice
    spec = find_form("jiangsu.dept_overall")
    assert spec is not None
    stated = {"general_budget": "1", "gov_fund": "10", "special_account": "100", "state_capital": "1000",
              "social_security": "10000", "carried_in": "100000", "other": "1000000"}  # fmt: skip
    facts = {f"funds.income.{row}.full": Fact(f"funds.income.{row}.full", value) for row, value in stated.items()}
    filing = Filing(spec.form.id, spec.form.edition, 2022, "declaration", facts=facts)
    plan = plan_form(spec, filing)
    known = Inputs(plan, filing)
    slots = plan.by_path
    assert known.number(slots["funds.income.fiscal.full"]) == 111
    assert known.number(slots["funds.income.total.full"]) == 1111111


def test_halves_are_rounded_up_and_tolerance_grows_with_the_parts() -> None:
    assert half_up(Decimal("1.005"), 2) == Decimal("1.01")
    assert half_up(Decimal("-1.005"), 2) == Decimal("-1.01")
    assert sum_tolerance(3) == Decimal("0.015")
