"""Is one of our functions (JX_SHARE …) in a file without macros? There it shows #NAME? once it is calculated."""

from __future__ import annotations

import re

from jixiao_xl.model.findings import Finding
from jixiao_xl.model.functions import FUNCTIONS
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.canvas import NAME as PAPER
from jixiao_xl.workbook.raw import RawBook

_NAMES = "|".join(function.name for function in FUNCTIONS)
_CALL = re.compile(rf'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+[0-9]+)"[^>]*>\s*<(?:\w+:)?f\b[^>]*>[^<]*\b(?:{_NAMES})\('.encode())


def function_findings(raw: RawBook, book: str) -> list[Finding]:
    """WBK118 for each sheet that calls one, at its first call. The 打印表, which nobody reads, is left out:
    it is large, locked, and made anew by 生成报送文件."""
    found = []
    for sheet, part in raw.sheet_parts.items():
        called = sheet != PAPER and b"JX_" in raw.parts.glimpse(part)
        cells = [cell.decode() for cell in _CALL.findall(raw.parts.get(part))] if called else []
        if cells:
            where = Where(sheet=sheet, cell=cells[0], book=book)
            found.append(Finding("WBK118", "error", where, {"sheet": sheet, "count": str(len(cells)), "cell": cells[0]}))
    return found
