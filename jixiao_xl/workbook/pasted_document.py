"""The paragraphs and table rows of a Word document as a person sees them there.

Tracked changes count as accepted: what was put in is read, what was struck out is not. A table inside a cell follows
the row it stands in, so that nothing is passed over. Pictures, text boxes and hidden text are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from jixiao_xl.workbook.guard import Refused

MAX_COLUMNS = 63
"""What Word allows; a document may claim more."""
BROKEN = Refused("文件内部损坏", "在 Word 或 WPS 中打开，另存为 .docx 后再试。")
_UNSEEN = {"del", "moveFrom", "pict", "drawing", "object", "AlternateContent", "instrText", "delText", "rt"}
"""Struck out, or no text of the line."""
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
_SYMBOLS = dict(zip(b"\xb3\xa3\xb9\xb1\xb4\xb8\xb0\xbb%><", "≥≤≠±×÷°≈%><", strict=True))
"""The signs of Word's font Symbol, by the last byte of their number."""
_CODE = re.compile("[0-9A-Fa-f]{1,4}")
_NO = ("0", "false", "off")


def document_rows(main: bytes) -> list[list[str]]:
    """Paragraphs (one cell a row) and table rows from the top of a main part that the guard has looked at; a merged
    cell is repeated. Raises Refused."""
    if b"\0" in main:  # no letters of one byte, in which the guard looked for what is dangerous
        raise BROKEN
    try:
        root = ET.fromstring(main)
        body = next((part for part in root if _kind(part) == "body"), None)
        if body is None:
            raise BROKEN
        return list(_rows_of(body))
    except (ET.ParseError, RecursionError):
        raise BROKEN from None


def _kind(element: ET.Element) -> str:
    """The name without its namespace, of which Word has two."""
    return element.tag.rpartition("}")[2]


def _inside(parent: ET.Element, *wanted: str) -> Iterator[ET.Element]:
    """The parts of these kinds, those in content controls and the like too, in order."""
    for part in parent:
        kind = _kind(part)
        if kind in wanted:
            yield part
        elif kind not in _UNSEEN:
            yield from _inside(part, *wanted)


def _rows_of(parent: ET.Element) -> Iterator[list[str]]:
    for part in _inside(parent, "p", "tbl"):
        if _kind(part) == "tbl":
            yield from _table_rows(part)
        elif text := _text(part).strip():
            yield [text]


# ---- tables ------------------------------------------------------------------------------
def _table_rows(table: ET.Element) -> Iterator[list[str]]:
    above: list[str] = []
    for row in _inside(table, "tr"):
        if _property(row, "del") is not None:
            continue
        cells = [""] * min(_number(row, "gridBefore", 0), MAX_COLUMNS)
        nested: list[ET.Element] = []
        for cell in _inside(row, "tc"):
            nested += _inside(cell, "tbl")
            cells += [_cell_text(cell, cells, above)] * min(_number(cell, "gridSpan", 1), MAX_COLUMNS)
        above = cells[: 2 * MAX_COLUMNS]
        yield above
        for inner in nested:
            yield from _table_rows(inner)


def _cell_text(cell: ET.Element, left: list[str], above: list[str]) -> str:
    """Its paragraphs; of a cell that a merged one covers, the text of that one."""
    if _goes_on(cell, "vMerge"):
        return above[len(left)] if len(left) < len(above) else ""
    if _goes_on(cell, "hMerge"):
        return left[-1] if left else ""
    return "\n".join(map(_text, _inside(cell, "p", "tbl"))).strip()


def _property(element: ET.Element, name: str) -> ET.Element | None:
    """A property of a row, cell or run (`trPr`, `tcPr`, `rPr`)."""
    own = next((part for part in element if _kind(part) == f"{_kind(element)}Pr"), None)
    return next((part for part in own if _kind(part) == name), None) if own is not None else None


def _value(element: ET.Element) -> str:
    return next((value for name, value in element.attrib.items() if name.rpartition("}")[2] == "val"), "")


def _number(element: ET.Element, name: str, otherwise: int) -> int:
    found = _property(element, name)
    text = _value(found) if found is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else otherwise


def _goes_on(cell: ET.Element, name: str) -> bool:
    found = _property(cell, name)
    return found is not None and _value(found) != "restart"


# ---- text --------------------------------------------------------------------------------
def _text(part: ET.Element) -> str:
    """What a paragraph says; nothing for a table, which has rows of its own."""
    return "".join(_pieces(part)) if _kind(part) == "p" else ""


def _pieces(parent: ET.Element) -> Iterator[str]:
    for part in parent:
        kind = _kind(part)
        if kind == "t":
            yield part.text or ""
        elif kind in _BREAKS:
            yield _BREAKS[kind]
        elif kind == "sym":
            yield _symbol(part)
        elif kind not in _UNSEEN and not kind.endswith("Pr") and not (kind == "r" and _is_hidden(part)):
            yield from _pieces(part)


def _is_hidden(run: ET.Element) -> bool:
    found = _property(run, "vanish")
    return found is not None and _value(found) not in _NO


def _symbol(part: ET.Element) -> str:
    """A sign that was put in from a font's table; what has no letter of its own is a square, to be seen."""
    given = {name.rpartition("}")[2]: value for name, value in part.attrib.items()}
    number = int(text, 16) if _CODE.fullmatch(text := given.get("char", "")) else 0
    if given.get("font") == "Symbol" and number & 0xFF in _SYMBOLS:
        return _SYMBOLS[number & 0xFF]
    return chr(number) if 0x20 <= number < 0xD800 else "□"
