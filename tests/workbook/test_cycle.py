"""The year of 阳新 and 鄂州 as `jixiao demo` walks it, looked at by LibreOffice and by the judge."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.forms.derive import Inputs, derived_cells
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.load import find_form
from jixiao_xl.hosts.demo import declared
from jixiao_xl.hosts.demo_cycle import SHOWN, run_cycle
from jixiao_xl.model.facts import Filing
from tests.office import Office
from tests.recalculation import disagreements

pytestmark = pytest.mark.slow
HELP = {"市级生活困难劳模帮扶人数": "21人", "特殊困难劳模帮扶人数": "74人", "发放离退休劳模荣誉津贴补助人数": "250人",
        "省级生活困难劳模帮扶人数": "13人", "省级特殊困难劳模帮扶人数": "33人"}  # fmt: skip


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year")
    run_cycle(declared(), folder, 2025)
    return folder


def books(year: Path, part: str) -> list[Path]:
    found = sorted(p for p in (year / part).glob("*.xlsx") if not p.name.startswith("下发清单"))
    assert len(found) == 2, part
    return found


def filing(path: Path) -> Filing:
    read = operations.read(path).filing
    assert read is not None
    return read


def test_libreoffice_finds_every_score_total_grade_and_light_that_we_wrote(year: Path, office: Office) -> None:
    made = [*books(year, "2_监控"), *books(year, "3_自评")]
    for ours, theirs in zip(made, office.converted(made, "xlsx"), strict=True):
        count, bad = disagreements(ours, theirs)
        assert count > 500 and bad == [], ours.name


def test_every_score_is_the_one_of_decimal_and_the_whole_is_a_hundred(year: Path) -> None:
    for path in books(year, "3_自评"):
        own = filing(path)
        spec = find_form(own.form, own.edition)
        assert spec is not None
        plan = plan_form(spec, own)
        inputs = Inputs(plan, own.with_facts({p: f for p, f in own.facts.items() if not p.endswith(".score")}))
        scores = {slot.path.text: inputs.number(slot) for slot in plan.by_path.values() if slot.key == "score" and slot.path}
        stated = {path: Decimal(own.value(path) or "-1") for path, points in scores.items() if points is not None}
        assert stated == {path: points for path, points in scores.items() if points is not None} and len(stated) > 10
        assert own.value("result.total_weight") == "100"
        assert Decimal(own.value("result.total_score") or 0) == sum(stated.values())
        assert [d.op for d in derived_cells(plan)].count("grade") == 1


def test_nothing_that_the_tool_filled_in_raises_a_finding(year: Path) -> None:
    """What is left to be said is of blank cells that only the unit can fill."""
    for part in ("2_监控", "3_自评", "4_2026年申报"):
        for path in books(year, part):
            own = filing(path)
            blamed = [f for f in operations.check(path).findings if f.severity != "hint" and own.value(f.where.path)]
            assert blamed == [], (path.name, [f.message() for f in blamed][:5])


def test_next_year_says_what_was_reached_not_what_was_promised(year: Path) -> None:
    ezhou = next(f for f in map(filing, books(year, "4_2026年申报")) if "鄂州" in f.unit.name)
    last = {p.names[-1]: fact.value for p, fact in ezhou.paths() if p.names and "劳模帮扶" in p.names and p.column == "last"}
    assert last == HELP and last[SHOWN] == "21人"


def test_the_history_of_a_target_is_declared_approved_monitored_and_evaluated(year: Path) -> None:
    archive = operations.open_archive(str(year / "全年.sqlite"))
    path = f"annual_indicators[履职效能/劳模帮扶/{SHOWN}].target"
    told = operations.archive_history(archive, "420700-S001", path)
    said = {(each.entry.year, each.entry.stage): (each.value, each.actual) for each in told}
    assert said[2025, "declaration"][0] == said[2025, "approval"][0] == "≥23人"
    assert said[2025, "evaluation"] == ("≥23人", "21人") and (2025, "monitoring") in said
