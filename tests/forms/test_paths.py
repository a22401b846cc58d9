"""A fact path is written and read back unchanged, whatever the names in it are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao_xl.model.facts import BadPath, FactPath, parse_path

NAME = st.text(st.sampled_from("甲乙/]~\\[.#“”…_ 1a"), max_size=6)
ID = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@pytest.mark.parametrize(
    "text",
    [
        "funds.expense.special_purpose.share",
        "annual_indicators[运行成本/公用经费控制/公用经费控制率].target",
        "goal_indicators#2[产出指标/数量指标/发放数量].last",
        "goal_indicators#4[效益指标/_____指标/~2].target",
        "project[13063723P004287100744].budget",
        "funds.expense.project[市级劳模四金].full",
        "project_indicators[13063723P004287100744][产出指标/数量指标/救助人数].target",
    ],
)
def test_the_paths_of_the_contract_read_back(text: str) -> None:
    assert str(parse_path(text)) == text


@given(ID, ID, st.lists(NAME, min_size=2, max_size=4), st.integers(1, 3), st.sampled_from(["", "#2", "[A1]"]))
def test_any_names_survive(block: str, column: str, names: list[str], nth: int, instance: str) -> None:
    path = FactPath(block, column, (), tuple(names), nth, instance)
    assert parse_path(path.text) == path


@pytest.mark.parametrize("text", ["", "funds", "Funds.x", "a[b.c", "a..b", "a[b~x].c", "资金.合计"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(BadPath):
        parse_path(text)
