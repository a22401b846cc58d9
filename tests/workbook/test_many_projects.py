"""A department with as many projects as 博野's form takes: a sheet each, one 打印表, and formulas that follow from each other
through all of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.forms.expr import Cell
from jixiao_xl.hosts.saved_book import SavedBook
from jixiao_xl.model.facts import Fact, Filing, parse_path
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.pages import Book, Page
from tests.conftest import published, spec_of
from tests.office import Office
from tests.recalculation import disagreements

MOST, MANY = 40, 10


def with_projects(count: int) -> Filing:
    """博野 with its first project so many times, each under a code of its own."""
    boye = published("boye_2023")
    own = [parse_path(path).instance for path in boye.facts if path.startswith("project[")]
    first = own[0]
    facts = {path: fact for path, fact in boye.facts.items() if parse_path(path).instance not in own}
    codes = [f"13063723P{n:012}" for n in range(count)]
    for code in codes:
        for path, fact in boye.facts.items():
            if parse_path(path).instance == first:
                path = path.replace(first, f"[{code}]")
                facts[path] = Fact(path, fact.value.replace(first.strip("[]"), code))
    return replace(boye, facts=facts)


def facts(path: Path) -> dict[str, str]:
    filing = operations.read(path).filing
    assert filing is not None
    return {p: fact.value for p, fact in filing.facts.items() if fact.value}


def built(path: Path, filing: Filing) -> Path:
    path.write_bytes(build_workbook(spec_of(filing), filing, BuildOptions(as_stated=True)))
    return path


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("many") / "a.xlsx", with_projects(MANY))


def test_as_many_projects_as_the_form_takes_are_written_and_read_back(tmp_path: Path) -> None:
    wanted = {path: fact.value for path, fact in with_projects(MOST).facts.items() if fact.value}
    read = facts(built(tmp_path / "a.xlsx", with_projects(MOST)))
    assert {path: read.get(path) for path in wanted} == wanted
    assert len({parse_path(path).instance for path in read if path.startswith("project[")}) == MOST


def test_it_is_judged_marked_mended_and_copied(book: Path, tmp_path: Path) -> None:
    checked = operations.mark(book, tmp_path / "marked.xlsx")
    assert checked.form and not any(f.code.startswith("SYS") for f in checked.findings)
    assert facts(tmp_path / "marked.xlsx") == facts(SavedBook(book).save(tmp_path / "copy.xlsx")) == facts(book)


@pytest.mark.slow
def test_libreoffice_finds_the_same_in_all_its_formulas(book: Path, office: Office) -> None:
    count, bad = disagreements(book, office.converted([book], "xlsx")[0])
    assert count > 5_000 and bad == []


# ---- the chain itself -------------------------------------------------------------------
def chain(length: int) -> Book:
    """A column in which every cell is the one below it and 1."""
    page = Page("a")
    for row in range(length):
        page.put(row, 0, Cell("a", row + 1, 0) + 1, "plain")
    page.put(length, 0, 1, "plain")  # type: ignore[arg-type]
    return Book(pages=[page])


@pytest.mark.parametrize("length", [1, 100, 5000])
def test_a_formula_may_follow_from_thousands_of_others(length: int) -> None:
    assert chain(length).value("a", 0, 0) == length + 1


def test_a_formula_that_follows_from_itself_is_a_fault_of_ours_and_ends() -> None:
    page = Page("a")
    page.put(0, 0, Cell("a", 1, 0) + 1, "plain")
    page.put(1, 0, Cell("a", 0, 0) + 1, "plain")
    with pytest.raises(RecursionError, match="follows from itself"):
        Book(pages=[page]).value("a", 0, 0)
