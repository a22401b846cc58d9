"""What the tests share: the published forms, a sound filing, and the real programs beside us."""

from __future__ import annotations

import gc
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl.worksheet.merge import MergedCellRange

from jixiao_xl.model.facts import Fact, Filing, Unit
from jixiao_xl.operations import form_named
from tests.office import Office

PUBLISHED = Path(__file__).parent / "published"
NAMES = ("yangxin_2024", "ezhou_2025", "xinzhou_2020", "wuxi_2022", "boye_2023")
SHARED = Path(__file__).parents[2] / "shared"


def published(name: str) -> Filing:
    """A published form as a filing, mistakes included."""
    return filing_in(PUBLISHED / f"{name}.toml")


def filing_in(path: Path) -> Filing:
    """A file of facts (FACTS.toml) as a filing."""
    given = tomllib.loads(path.read_text("utf-8"))
    facts = {path: Fact(path, value) for path, value in given["facts"].items()}
    return Filing(given["form"], given["edition"], given["year"], given["stage"], Unit(**given["unit"]), facts)


def spec_of(filing: Filing):
    return form_named(f"{filing.form}.{filing.edition}")


def changed(filing: Filing, changes: dict[str, str | None]) -> Filing:
    """The filing with some facts set, or taken away where the value is None."""
    facts = dict(filing.facts)
    for path, value in changes.items():
        if value is None:
            facts.pop(path, None)
        else:
            facts[path] = Fact(path, value)
    return filing.with_facts(facts)


def pytest_collection_finish() -> None:
    """The thousands of tests stay: the garbage collector need not look at them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def borders_of_merged_cells_as_they_are() -> Iterator[None]:
    """openpyxl draws the borders of every merged range anew when it loads a workbook: four fifths of its time,
    and ours have theirs in the file."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(MergedCellRange, "format", lambda _: None)
        yield


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A real LibreOffice with a profile of its own that recalculates every file it opens."""
    return Office(tmp_path_factory.mktemp("office"))
