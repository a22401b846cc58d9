"""Not enough data is not a pass: a rule without anything to go by says so."""

from __future__ import annotations

import pytest

from jixiao_xl.model.facts import Filing
from jixiao_xl.model.findings import Insufficient
from jixiao_xl.rules.engine import judge
from tests.conftest import changed, published, spec_of
from tests.rules.test_rules import parent


def why_not(filing: Filing) -> dict[str, str]:
    """What the filing itself does not allow to judge; the approved budget (BUD) comes from elsewhere,
    and the parents' 测算表 is blank (IND305, see tests/workbook/test_measure_sheet.py)."""
    found = judge(spec_of(filing), filing).insufficient
    return {i.code: i.why for i in found if not i.code.startswith("BUD") and i.code != "IND305"}


def without(filing: Filing, *endings: str) -> Filing:
    return changed(filing, {path: None for path in filing.facts if path.endswith(endings)})


@pytest.mark.parametrize("name", ["hubei", "wuhan"])
def test_a_complete_filing_leaves_nothing_unjudged(name: str) -> None:
    assert why_not(parent(name)) == {}


def test_a_blank_funds_table_cannot_be_held_against_last_year() -> None:
    said = why_not(published("yangxin_2024"))
    assert {"FND101", "FND201", "PRI103", "PRI104"} <= said.keys()
    assert "没有填写" in said["PRI104"]


def test_a_form_without_earlier_years_says_so() -> None:
    assert "没有近两年金额栏" in why_not(parent("jiangsu"))["PRI103"]


def test_amounts_of_this_year_alone_are_not_compared() -> None:
    funds = [p for p in parent("hubei").facts if p.startswith("funds.") and p.endswith(("last", "before_last"))]
    said = why_not(changed(parent("hubei"), dict.fromkeys(funds)))
    assert said.keys() == {"PRI103", "PRI104"}


def test_one_indicator_table_is_compared_with_nothing() -> None:
    filing = parent("hubei")
    long_term = [p for p in filing.facts if p.startswith("long_term_indicators")]
    said = why_not(changed(filing, dict.fromkeys(long_term)))
    assert said.keys() == {"IND201", "IND202", "IND203"}


def test_rates_in_words_cannot_be_held_together() -> None:
    wordy = {path: "不适用" for path in parent("hubei").facts if "结转结余率" in path or "预算调整率" in path}
    wordy = {path: "不适用" for path in wordy if path.endswith(("target", "last"))}
    assert "IND301" in why_not(changed(parent("hubei"), wordy))


def test_a_half_filled_plan_gives_no_rate() -> None:
    assert "IND302" in why_not(changed(parent("jiangsu"), {"funds.expense.basic.half": None}))


def test_a_silenced_rule_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    from jixiao_xl.rules.pack import Pack

    monkeypatch.setattr(Pack, "is_off", lambda self, code: code == "PRI103")
    assert "PRI103" not in why_not(parent("jiangsu"))
    assert Insufficient("PRI104", "甲").as_json() == {"code": "PRI104", "rule": "F12", "why": "甲"}
