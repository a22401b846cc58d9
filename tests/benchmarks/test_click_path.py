"""What a cold click must not wait for; how long it takes is for `python -m tests.benchmarks.click`."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.click import HEAVY, hubei_book, one_click


def test_a_click_on_check_imports_nothing_heavy(tmp_path: Path) -> None:
    _, told = one_click(tmp_path, hubei_book(tmp_path))
    assert str(told["alert"]).startswith("校验完成：必须修改")
    assert {"pandas", "numpy", "openpyxl", "sqlalchemy", "python_calamine", "xlsxwriter", "pydantic"} == set(HEAVY)
    assert told["heavy"] == []
