"""A saved workbook and its archive, made once and copied for every test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.hosts.sample import FORM, sample_filing
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """示例单位01 as it filed, and an archive with its last year."""
    folder, spec = tmp_path_factory.mktemp("made"), operations.form_named(FORM)
    for year, name in ((2025, "last.xlsx"), (2026, "示例单位01.xlsx")):
        (folder / name).write_bytes(build_workbook(spec, sample_filing(spec, 1, year), BuildOptions(as_stated=True)))
    operations.deposit(folder / "last.xlsx", operations.open_archive(str(folder / "历年.sqlite")))
    (folder / "last.xlsx").unlink()
    return folder


@pytest.fixture
def file(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workbook on a desk of its own."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("JIXIAO_ARCHIVE", str(tmp_path / "历年.sqlite"))
    return tmp_path / "示例单位01.xlsx"
