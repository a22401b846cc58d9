"""A small city that several ways of reading are held against."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.consolidate.summary import Summary
from tests.consolidate.city import put_city


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    put_city(12, folder)
    return folder


@pytest.fixture(scope="module")
def sequential(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return operations.consolidate(city, tmp_path_factory.mktemp("out") / "汇总.xlsx")
