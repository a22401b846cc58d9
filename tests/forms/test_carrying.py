"""A later stage takes over what the earlier one says, and the earlier one learns what became of it."""

from __future__ import annotations

from jixiao_xl.forms.carrying import carried, outcomes, row_pairs
from jixiao_xl.forms.load import find_form
from jixiao_xl.model.facts import Fact, Filing
from tests.conftest import published, spec_of
from tests.forms.test_results import filing

EZHOU = published("ezhou_2025")
HELP = "annual_indicators[履职效能/劳模帮扶/{}]"


def taken(form: str, earlier: Filing) -> dict[str, str]:
    spec = find_form(form)
    assert spec is not None
    return carried(spec, spec_of(earlier), earlier)


def test_the_approved_targets_and_funds_of_ezhou_and_the_goal_of_yangxin_stand_in_the_evaluation() -> None:
    facts = taken("mof.dept_evaluation", EZHOU)
    own = {
        path.partition("[")[2].partition("]")[0]: value
        for path, value in facts.items()
        if "劳模帮扶" in path and path.endswith("target")
    }
    assert sorted(own.values()) == ["≥13人", "≥23人", "≥250人", "≥33人", "≥74人"]
    assert (facts["funds.all.fiscal.initial"], facts["funds.all.other.initial"]) == ("998.71", "0")
    yangxin = published("yangxin_2024")
    assert taken("mof.dept_evaluation", yangxin)["annual_goal.text"] == yangxin.value("annual_goal.text")


def test_sichuan_gets_sign_number_and_unit_apart() -> None:
    facts = taken("sichuan.dept_evaluation", EZHOU)
    row = next(
        path.removesuffix(".target") for path in facts if path.startswith("annual_indicators[满意度") and path.endswith("target")
    )
    assert (facts[f"{row}.nature"], facts[f"{row}.target"], facts[f"{row}.measure"]) == ("≥", "95", "%")


def test_every_form_hands_its_indicators_of_the_year_over_and_none_of_the_long_term() -> None:
    for stem, least in {"ezhou_2025": 40, "yangxin_2024": 30, "xinzhou_2020": 5, "wuxi_2022": 30, "boye_2023": 5}.items():
        earlier = published(stem)
        spec = find_form("mof.dept_monitoring")
        assert spec is not None
        pairs = list(row_pairs(spec, spec_of(earlier), earlier))
        assert len(pairs) >= least, (stem, len(pairs))
        assert not [pair for pair in pairs if pair.earlier.block == "long_term_indicators"]
        assert len({pair.later.text for pair in pairs}) == len(pairs)


def test_what_became_of_a_target_is_told_at_the_target() -> None:
    spec = find_form("mof.dept_evaluation")
    assert spec is not None
    pair = next(p for p in row_pairs(spec, spec_of(EZHOU), EZHOU) if p.target == "≥23人")
    later = filing("mof.dept_evaluation", "evaluation", {pair.later.at("actual").text: "21人"})
    assert outcomes(spec, later, spec_of(EZHOU), EZHOU) == {pair.earlier.text: "21人"}


def test_a_target_without_a_sign_gets_the_direction_that_the_form_or_the_dictionary_knows() -> None:
    stated = {
        "annual_indicators[管理效率/预算执行/结转结余率].target": Fact(
            "annual_indicators[管理效率/预算执行/结转结余率].target", "5%"
        )
    }
    facts = taken("mof.dept_evaluation", EZHOU.with_facts(stated))
    assert facts["annual_indicators[管理效率/预算执行/结转结余率].method"] == "反向"
