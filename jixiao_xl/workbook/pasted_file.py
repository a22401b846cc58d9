"""A table that somebody has as a file (.docx, .xlsx, .csv), as the rows that would be pasted from it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jixiao_xl.model.names import as_shown
from jixiao_xl.workbook.guard import Refused, document_is_safe
from jixiao_xl.workbook.unit_table import read_grid

KINDS = "*.docx;*.xlsx;*.csv"
"""What can be read, as a file dialog wants it."""


def read_pasted(path: Path) -> list[list[str]]:
    """The rows from the top; of a Word document its paragraphs (one cell a row) and the rows of its tables in order, a
    merged cell repeated. Raises Refused with what is wrong with the file; OSError is the caller's."""
    if path.suffix.lower() == ".docx":
        return [[as_shown(cell).strip() for cell in row] for row in _document_rows(path.read_bytes())]
    if path.suffix.lower() == ".doc":
        raise Refused("是旧版 .doc", "在 Word 或 WPS 中另存为 .docx 后再试。")
    return read_grid(path).rows


def _document_rows(content: bytes) -> Iterator[list[str]]:
    from docx import Document  # 0.1 s, and only for those who have a Word file
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table

    document_is_safe(content)
    try:
        document: Any = Document(io.BytesIO(content))
    except (PackageNotFoundError, KeyError, ValueError, SyntaxError):
        raise Refused("文件内部损坏", "在 Word 中打开，另存为 .docx 后再试。") from None
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            for row in part.rows:
                yield [cell.text for cell in row.cells]
        elif part.text.strip():
            yield [part.text]
