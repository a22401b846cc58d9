"""The judge against the ground truth: on each published form exactly the findings that are expected.

`tests/published/<form>.expected.toml` lists every finding with the rows of the truth table it
answers (an empty list says `why` it is a true defect all the same) and every row that is missed. `only =
"facts"` marks what a workbook cannot have, because its cells show the value rightly.
"""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from jixiao_xl import operations
from jixiao_xl.model.codes import CATALOGUE
from tests.conftest import NAMES, PUBLISHED, SHARED, published

ENOUGH = 0.9
"""Share of the warnings and hints, conversion faults and semantic ones aside, that have to be found."""
needs_truth = pytest.mark.skipif(not SHARED.is_dir(), reason="the truth table lies beside the checkout only in the workplace")


def expected(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((PUBLISHED / f"{name}.expected.toml").read_text("utf-8"))


@cache
def truth() -> dict[str, dict[str, str]]:
    with (SHARED / "domain" / "anomalies.csv").open(encoding="utf-8-sig") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def positive(row: dict[str, str]) -> bool:
    return row["note"].startswith("positive control")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each published form in its own workbook, stated values kept."""
    folder = tmp_path_factory.mktemp("books")
    for name in NAMES:
        operations.fill(published(name).form, PUBLISHED / f"{name}.toml", folder / f"{name}.xlsx", as_stated=True)
    return {name: folder / f"{name}.xlsx" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", ["workbook", "facts"])
def test_the_judge_finds_exactly_what_is_expected(name: str, how: str, books: dict[str, Path]) -> None:
    checked = operations.check(books[name] if how == "workbook" else PUBLISHED / f"{name}.toml")
    found = Counter((f.code, f.severity, f.where.path or f.where.sheet) for f in checked.findings)
    wanted = Counter(
        (e["code"], e["severity"], e.get("path") or e["sheet"]) for e in expected(name)["finding"] if e.get("only", how) == how
    )
    assert found == wanted
    assert all(f.where.sheet and f.where.cell for f in checked.findings), "each with sheet and cell"


@pytest.mark.parametrize("name", NAMES)
def test_a_finding_beyond_the_truth_table_says_why(name: str) -> None:
    for entry in expected(name)["finding"]:
        assert entry["anomaly"] or len(entry["why"]) > 8, entry
    assert all(len(entry["why"]) > 8 for entry in expected(name).get("missed", []))


@needs_truth
@pytest.mark.parametrize("name", NAMES)
def test_each_finding_is_of_a_rule_that_its_anomaly_names(name: str) -> None:
    for entry in expected(name)["finding"]:
        for anomaly in entry["anomaly"]:
            assert CATALOGUE[entry["code"]].rule == truth()[anomaly]["rule"], entry


@needs_truth
def test_every_row_of_the_truth_table_is_found_or_declared_missed() -> None:
    found = {a for name in NAMES for e in expected(name)["finding"] for a in e["anomaly"]}
    missed = {e["anomaly"] for name in NAMES for e in expected(name).get("missed", [])}
    wanted = {i for i, row in truth().items() if not positive(row)}
    assert found | missed == wanted
    assert not found & missed


@needs_truth
def test_all_errors_and_nine_of_ten_of_the_rest_are_found() -> None:
    found = {a for name in NAMES for e in expected(name)["finding"] for a in e["anomaly"]}
    missed = {e["anomaly"]: e["why"] for name in NAMES for e in expected(name).get("missed", [])}
    rows = [row for row in truth().values() if not positive(row)]
    for row in rows:
        if row["severity"] == "error" and row["id"] not in found:
            assert row["origin"].startswith("conversion") and missed[row["id"]].startswith("repaired in transcription")
    counted = [row for row in rows if row["severity"] != "error" and row["origin"] == "filler" and row["basis"] != "semantic"]
    share = sum(row["id"] in found for row in counted) / len(counted)
    assert share >= ENOUGH, f"{share:.0%} of {len(counted)}"


@needs_truth
@pytest.mark.parametrize("anomaly", [i for i, row in (truth() if SHARED.is_dir() else {}).items() if positive(row)])
def test_a_positive_control_stays_silent(anomaly: str) -> None:
    """No finding of the control's rule answers it; what is right raises nothing."""
    assert not [e for name in NAMES for e in expected(name)["finding"] if anomaly in e["anomaly"]]
