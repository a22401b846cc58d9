"""A far cell is refused wherever in its sheet it is hidden."""

from __future__ import annotations

import io
import zipfile

import pytest

from jixiao_xl.workbook.guard import Refused, parts_of

SHEET = "xl/worksheets/sheet1.xml"
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
NEAR = b'<row r="1"><c r="A1"><v>1</v></c></row>'


def book(sheet: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(SHEET, sheet)
    return content.getvalue()


@pytest.mark.parametrize(
    "sheet",
    [
        b"<worksheet><sheetData>" + NEAR + FAR + b"</sheetData></worksheet>",
        b"<worksheet><sheetData></sheetData><sheetData>" + FAR + b"</sheetData></worksheet>",
        b"<worksheet><!--</sheetData>--><sheetData>" + FAR + b"</sheetData></worksheet>",
        b"<sheetData></sheetData><x:sheetData>" + FAR.replace(b"<", b"<x:").replace(b"<x:/", b"</x:") + b"</x:sheetData>",
        b"<sheetData></sheetData><x-y:sheetData><x-y:c r='XFD1'/></x-y:sheetData>",
        b"<sheetData></sheetData><sheetData><c\n r='XFD1'/></sheetData>",
    ],
)
def test_a_far_cell_is_refused_behind_an_early_end_too(sheet: bytes) -> None:
    with pytest.raises(Refused, match="很远的格"):
        _ = parts_of(book(sheet))[SHEET]


@pytest.mark.parametrize(
    "far",
    [
        b'<row r="1048576" ht="15" customHeight="1"/>',
        b'<row r="1048576" hidden="true"></row>',
        b'<row r="1048575" s="3" customFormat="1"><c r="XFD1048575" s="3"/><c r="XFD1048576" s="4"/></row>',
    ],
)
def test_a_format_of_the_last_rows_of_all_is_no_far_cell(far: bytes) -> None:
    """As LibreOffice and WPS leave them; calamine makes no room for them either."""
    sheet = b"<worksheet><sheetData>" + NEAR + far + b"</sheetData></worksheet>"
    assert parts_of(book(sheet))[SHEET] == sheet


@pytest.mark.parametrize(
    "far",
    [
        b'<row r="1048576" x="/>"><c r="A1048576"><v>1</v></c></row>',
        b'<row r="2"><c r="XFD1048576" x="/>"><v>1</v></c></row>',
        b'<row r="2"><c r="XFD1048576" x=\'/>\'><v>1</v></c></row>',
        b'<row r="2"><c r="A2" s="1"/><c r="XFD1048576" t="s"><v>1</v></c></row>',
        b'<row r="1048576" s="1"/><row><c><v>1</v></c></row>',
    ],
)
def test_what_only_looks_like_an_empty_row_or_a_blank_cell_is_refused(far: bytes) -> None:
    with pytest.raises(Refused, match="很远的格"):
        _ = parts_of(book(b"<worksheet><sheetData>" + NEAR + far + b"</sheetData></worksheet>"))[SHEET]


def test_the_cells_end_where_the_lists_and_colours_begin() -> None:
    rest = b'</sheetData><colBreaks/><conditionalFormatting sqref="XFD1048576"><cfRule/></conditionalFormatting></worksheet>'
    parts = parts_of(book(b"<worksheet><sheetData>" + NEAR + rest))
    assert parts[SHEET].endswith(rest)
    assert parts.with_cells(SHEET) == b"<worksheet><sheetData>" + NEAR


def test_a_part_that_is_not_there_has_no_cells() -> None:
    assert parts_of(book(b"<worksheet/>")).with_cells("xl/worksheets/sheet2.xml") == b""
