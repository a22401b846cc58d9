"""A command starts with what it needs: the rest would be waited for by everyone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jixiao_xl import operations

SLOW = ("sqlalchemy", "xlsxwriter", "openpyxl", "pandas", "numpy", "docx", "matplotlib", "xlwings", "distributed")
RUN = """
import sys
from jixiao_xl.hosts.cli import app
try:
    app(sys.argv[2:], standalone_mode=False)
except BaseException as ended:
    assert type(ended).__name__ in ("Exit", "SystemExit"), ended
print([name for name in sys.argv[1].split() if name in sys.modules])
"""


def loaded(*words: object) -> str:
    """The slow ones among the modules that a command loads."""
    command = [sys.executable, "-c", RUN, " ".join(SLOW), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout.splitlines()[-1]


@pytest.mark.parametrize("words", [["version"], ["forms"]])
def test_a_command_without_a_workbook_loads_nothing_slow(words: list[str]) -> None:
    assert loaded(*words) == "[]"


def test_a_check_without_an_archive_loads_neither_a_database_nor_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    book = operations.make_template("hubei.dept_overall", 2026, tmp_path / "a.xlsx")
    assert loaded("check", book) == "[]"
