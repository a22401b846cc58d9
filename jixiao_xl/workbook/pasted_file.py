"""A table that somebody has as a file (.docx, .xlsx, .csv), as the rows that would be pasted from it."""

from __future__ import annotations

from pathlib import Path

from jixiao_xl.model.names import as_shown
from jixiao_xl.workbook.guard import Refused, document_part
from jixiao_xl.workbook.pasted_document import document_rows
from jixiao_xl.workbook.unit_table import read_grid

KINDS = "*.docx;*.xlsx;*.csv"
"""What can be read, as a file dialog wants it."""
DOCUMENTS = (".docx", ".docm")
TABLES = (".xlsx", ".xlsm", ".xls", ".csv", ".txt")
"""An .xls is refused by its content, with its own advice."""


def read_pasted(path: Path) -> list[list[str]]:
    """The rows from the top; of a Word document its paragraphs (one cell a row) and the rows of its tables in order, a
    merged cell repeated. Raises Refused with what is wrong with the file; OSError is the caller's."""
    kind = path.suffix.lower()
    if kind in DOCUMENTS:
        return [[as_shown(cell).strip() for cell in row] for row in document_rows(document_part(path.read_bytes()))]
    if kind == ".doc":
        raise Refused("是旧版 .doc", "在 Word 或 WPS 中另存为 .docx 后再试。")
    if kind not in TABLES:
        raise Refused("不是能导入的文件", "在 WPS 或 Word 中另存为 .docx，表格另存为 .xlsx，再试。")
    return read_grid(path).rows
