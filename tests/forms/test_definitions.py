"""A definition file may say what the spec says, and each mistake in one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao_xl.forms.load import DefinitionError, built_in_forms, find_form, parse_definition

INVALID = sorted((Path(__file__).parent / "invalid").glob("*.toml"))
VALID = Path(__file__).parent / "valid"


def test_the_five_declarations_and_the_forms_that_follow_them_are_there() -> None:
    assert {(s.form.id, s.form.edition) for s in built_in_forms()} == {
        ("huangshi.dept_overall", "2024"), ("hubei.dept_overall", "2025"), ("wuhan.dept_overall", "2020"),
        ("jiangsu.dept_overall", "2022"), ("hebei.dept_budget", "2023"),
        ("mof.dept_monitoring", "2019"), ("mof.dept_evaluation", "2020"), ("hubei.dept_evaluation", "2022"),
        ("sichuan.dept_evaluation", "2020"),
    }  # fmt: skip


@pytest.mark.parametrize("path", sorted(VALID.glob("*.toml")), ids=lambda p: p.stem)
def test_a_sound_definition_loads(path: Path) -> None:
    assert parse_definition(path.read_text("utf-8"), path.name).block


@pytest.mark.parametrize("path", INVALID, ids=lambda p: p.stem)
def test_a_faulty_definition_is_refused_with_its_code(path: Path) -> None:
    with pytest.raises(DefinitionError) as refused:
        parse_definition(path.read_text("utf-8"), path.name)
    assert path.stem.split("_")[0] in {code for code, _ in refused.value.problems}
    assert path.name in str(refused.value)


def test_an_edition_is_found_by_year_and_by_name() -> None:
    assert find_form("hubei.dept_overall", year=2030) is find_form("hubei.dept_overall.2025")
    assert find_form("hubei.dept_overall", "1999") is None
    assert find_form("nobody.knows") is None
