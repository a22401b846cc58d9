"""The catalogue of what we can say, and that code, fixture, entry and page agree."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest

from jixiao_xl.model import codes
from jixiao_xl.model.codes import CATALOGUE
from jixiao_xl.model.findings import Finding
from jixiao_xl.operations import explain
from jixiao_xl.rules.engine import RULES
from jixiao_xl.rules.pack import load_pack

FIXTURES = {p.stem: tomllib.loads(p.read_text("utf-8")) for p in (Path(__file__).parent / "rules").glob("*.toml")}


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_can_be_said_with_its_own_parameters(code: str) -> None:
    entry = CATALOGUE[code]
    needed = _fields(entry.zh) | _fields(entry.fix) | _fields(entry.en)
    said = Finding(code, "hint", params=dict.fromkeys(needed, "甲"))
    assert said.message() and said.remedy() and said.english()
    assert re.fullmatch(r"[A-Z]{3}\d{3}", code)
    assert "！" not in entry.zh + entry.fix


def test_every_code_stands_once_in_the_catalogue() -> None:
    written = re.findall(r'Code\("([A-Z]{3}[0-9]{3})"', Path(codes.__file__).read_text("utf-8"))
    assert sorted(written) == sorted(CATALOGUE)


def test_a_missing_parameter_is_an_error_not_a_word() -> None:
    with pytest.raises(KeyError):
        Finding("FND103", "error", params={"label": "占比"}).message()


@pytest.mark.parametrize("code", RULES)
def test_a_rule_has_entry_severity_fixture_and_page(code: str) -> None:
    assert code in load_pack("default").severity
    assert code in explain(code) and "{" not in explain(code)
    assert len((RULES[code][1].__doc__ or "").strip()) > 15, "the docstring is the page of `jixiao explain`"
    fixture = FIXTURES[code]
    assert fixture["code"] == code and fixture["fail"] and fixture["pass"]


def test_no_fixture_without_a_rule() -> None:
    assert set(FIXTURES) == set(RULES)


def test_each_of_the_46_rules_has_a_function_a_fixture_an_entry_and_a_page() -> None:
    wanted = {f"F{n:02d}" for n in range(1, 15)} | {f"I{n:02d}" for n in range(1, 23)} | {f"T{n:02d}" for n in range(1, 11)}
    judged = {CATALOGUE[code].rule for code in RULES if code in FIXTURES and RULES[code][1].__doc__}
    assert len(wanted) == 46 and wanted <= judged
