"""A workbook file as facts with places: let in by the guard, read as any open workbook is read.

Apart from the reader, so that a click in an open workbook does not load what reads files.
"""

from __future__ import annotations

from pathlib import Path

from jixiao_xl.workbook.file_sheets import FileSheets
from jixiao_xl.workbook.guard import Refused, parts_of
from jixiao_xl.workbook.macro_guard import changed_macros
from jixiao_xl.workbook.own_functions import function_findings
from jixiao_xl.workbook.raw import RawBook
from jixiao_xl.workbook.reader import read_into
from jixiao_xl.workbook.reading import Reading, unreadable
from jixiao_xl.workbook.tampering import tampered


def read_workbook(path: Path, name: str = "", content: bytes | None = None) -> Reading:
    """Read one file; never raises for what is in it (OSError for what the machine refuses).

    `name` is how the file is called in findings; its own name when empty. `content` are its bytes
    where they have been read already.
    """
    reading = Reading(name or path.name, in_cells=True)
    if path.suffix.lower() == ".xls":
        reading.findings.append(unreadable(reading.book, "是旧版 .xls", "在 Excel 或 WPS 中另存为 .xlsx。"))
        return reading
    try:
        content = path.read_bytes() if content is None else content
        parts = parts_of(content)
        sheets = FileSheets(content, RawBook(parts))
        read_into(reading, sheets)
        tampered(sheets, reading)
        reading.findings += changed_macros(parts, reading.book)
        if path.suffix.lower() != ".xlsm":  # one with macros is a working copy, there they calculate
            reading.findings += function_findings(RawBook(parts), reading.book)
    except Refused as refusal:
        reading.filing = None
        reading.findings = [unreadable(reading.book, refusal.why, refusal.advice)]
    return reading
