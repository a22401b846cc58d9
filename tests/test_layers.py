"""The house plan, checked by machine: who may import whom, how long a file or function may be."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "jixiao_xl"
FILES = sorted(PACKAGE.rglob("*.py"))
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [["lint-imports"], ["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]],
    ids=["import contracts", "ruff check", "ruff format", "mypy strict"],
)
def test_the_tool_has_nothing_to_say(command: list[str]) -> None:
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_file_and_its_functions_fit_their_budget(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 400, "a file stops at 400 lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 60, f"{node.name} is longer than 60 lines"


@pytest.mark.parametrize("path", [p for p in FILES if "hosts" not in p.parts], ids=lambda p: p.name)
def test_only_hosts_catch_everything(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert (node.type is not None and getattr(node.type, "id", "") not in ("Exception", "BaseException")) or any(
                isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node)
            )


def test_no_room_is_called_utils() -> None:
    forbidden = {"utils", "helpers", "common", "base", "manager"}
    assert not [p for p in FILES if p.stem in forbidden]


def test_the_unfree_part_of_xlwings_is_never_imported() -> None:
    assert not [p for p in FILES if "xlwings.pro" in p.read_text("utf-8")]


def test_vba_source_is_plain_ascii() -> None:
    for path in (ROOT / "macros").glob("*.bas"):
        path.read_bytes().decode("ascii")


def test_the_validate_path_does_not_load_pandas_openpyxl_or_sqlalchemy() -> None:
    code = "import sys, jixiao_xl.workbook.reader, jixiao_xl.rules.engine; print([m for m in ('pandas','openpyxl','sqlalchemy','xlwings') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
