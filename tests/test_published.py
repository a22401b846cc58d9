"""The five published forms are the acceptance test: every figure kept, every fault found."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.facts import parse_path
from jixiao_xl.model.ratios import read_percent
from tests.conftest import NAMES, PUBLISHED, SHARED, published

EXPECTED = tomllib.loads((PUBLISHED / "arithmetic.toml").read_text("utf-8"))
TEXTS = dict(zip(NAMES, ("000", "001", "002", "003", "004"), strict=True))
NOT_FACTS = {
    "yangxin_2024": {},
    "ezhou_2025": {"2023": "列头，即 before_last", "2024": "列头，即 last"},
    "xinzhou_2020": {"2018": "列头，即 before_last", "2019": "列头，即 last", "2": "附件2，表样的抬头"},
    "wuxi_2022": {"2022": "副标题，即 year"},
    "boye_2023": {"8": "目录页码", "9": "目录页码", "10": "10月底，列头", "12": "12月底，列头", "7": "目录页码和分项编号"},
}
DERIVED_FAMILIES = ("F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F10", "F11", "F14")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each published form in its own workbook, stated values kept."""
    folder = tmp_path_factory.mktemp("filled")
    for name in NAMES:
        operations.fill(published(name).form, PUBLISHED / f"{name}.toml", folder / f"{name}.xlsx", as_stated=True)
    return {name: folder / f"{name}.xlsx" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_filling_and_reading_gives_back_every_fact(name: str, filled: dict[str, Path]) -> None:
    stated = {path: fact.value for path, fact in published(name).facts.items()}
    filing = operations.read(filled[name]).filing
    assert filing is not None
    read = {path: fact.value for path, fact in filing.facts.items()}
    assert read.keys() == stated.keys()
    for path, value in stated.items():
        if parse_path(path).column in ("share", "total", "budget", "project"):
            same = (read_percent if value.endswith("%") else read_amount)(value)
            assert same == (read_percent if value.endswith("%") else read_amount)(read[path]), path
        else:
            assert read[path] == value, path
    assert all(fact.sheet and fact.cell for fact in filing.facts.values())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", ["workbook", "facts"])
def test_every_arithmetic_fault_is_found_at_its_cell(name: str, how: str, filled: dict[str, Path]) -> None:
    checked = operations.check(filled[name] if how == "workbook" else PUBLISHED / f"{name}.toml")
    found = {(f.code, f.where.spoken()) for f in checked.findings}
    for anomaly, code, cell in EXPECTED[name]["found"]:
        assert (code, cell) in found, anomaly
    listed = {(code, cell) for _, code, cell in EXPECTED[name]["found"]}
    arithmetic = {(c, at) for c, at in found if c.startswith(("FND", "SCH")) or c in ("CEL101", "CEL103", "CMP105", "CMP106")}
    assert arithmetic == listed, "nothing beyond the truth table"
    for silent in EXPECTED[name].get("silent", []):
        assert not [c for c, _ in found if c.startswith(silent) and (c, _) not in listed]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the truth table lies beside the checkout only in the workplace")
def test_every_arithmetic_error_and_warning_of_the_truth_table_is_expected_above() -> None:
    expected = {anomaly for form in EXPECTED.values() for anomaly, _, _ in form["found"]}
    with (SHARED / "domain" / "anomalies.csv").open(encoding="utf-8-sig") as stream:
        rows = [row for row in csv.DictReader(stream) if row["rule"] in DERIVED_FAMILIES]
    wanted = {row["id"] for row in rows if row["severity"] in ("error", "warning")}
    assert wanted <= expected
    positive = {row["id"] for row in rows if row["note"].startswith("positive")}
    assert not positive & expected


@pytest.mark.skipif(not SHARED.is_dir(), reason="the texts lie beside the checkout only in the workplace")
@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_the_text_is_in_the_facts(name: str) -> None:
    text = next((SHARED / "forms").glob(f"{TEXTS[name]}_*.txt")).read_text("utf-8")
    filing = published(name)
    carried = "\n".join([*filing.facts, *(f.value for f in filing.facts.values()), str(filing.year)])
    numbers = set(re.findall(r"\d+(?:\.\d+)?", carried))
    missing = set(re.findall(r"\d+(?:\.\d+)?", text)) - numbers
    assert missing <= NOT_FACTS[name].keys(), "numbers of the text that are in no fact"


@pytest.mark.parametrize("name", NAMES)
def test_names_of_persons_and_phones_are_masked(name: str) -> None:
    facts = published(name).facts
    for path in ("cover.filler", "cover.phone"):
        if path in facts:
            assert "×" in facts[path].value or "*" in facts[path].value


def test_without_as_stated_the_formula_wins_and_says_so(tmp_path: Path) -> None:
    done = operations.fill("hubei.dept_overall", PUBLISHED / "ezhou_2025.toml", tmp_path / "a.xlsx")
    said = {f.where.path: f.params["expected"] for f in done.findings if f.code == "WBK111"}
    assert said["funds.expense.special_purpose.share"] == "40.59%"
    assert said["funds.expense.total.before_last"] == "1058.84"
