"""May a reader touch this stranger's file? Bytes only, before any parser sees them.

One cell at XFD1048576 makes a reader allocate the whole sheet, a small zip can hold a huge
part, an encrypted or old file is no zip at all. Each refusal says why and what to do.
"""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from jixiao_xl.model.places import MAX_ROW, row_and_column
from jixiao_xl.model.records import dataclass

MAX_FILE_BYTES = 30_000_000
MAX_UNPACKED_BYTES = 150_000_000
MAX_RATIO = 200
"""Unpacked over packed bytes of one part above 1 MB."""
MAX_PARTS = 500
MAX_CELLS = 3_000_000
"""Cells between A1 and the last row and column: a reader makes room for all of them, blank or not."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHEETS = "xl/worksheets/"
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr\s*=\s*["'](\d+)""")
_FAR_CELL = re.compile(rb"""\sr\s*=\s*["'](?:[A-Za-z]{3,}\d|[A-Za-z]+\d{4})""")
_PLAIN_ROW = re.compile(rb'<row r="(\d+)"')
_PLAIN_FAR_CELL = re.compile(rb'<c r="(?:[A-Za-z]{3,}\d|[A-Za-z]+\d{4})')
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)(\d+)""")
_ODD_CELL = re.compile(rb'<c(?:[\t\r\n/>]| (?!r="))')
_ODD_ROW = re.compile(rb'<row(?:[\t\r\n/>]| (?!r="))')
_ATTRIBUTES = rb'(?:[\w:]+="[^"<>]*"\s*)*'
_BLANK_CELL = re.compile(rb"<c " + _ATTRIBUTES + rb"/>")
_EMPTY_ROW = re.compile(rb"<row " + _ATTRIBUTES + rb"(?:/>|>\s*</row>)")
"""Where a sheet has no more than a format, a height or a hidden row; no reader makes room for that."""
_END = b"</sheetData>"
_ROW_OR_CELL = re.compile(rb"<(?:c|row|[^\s<>:]*:(?:c|row))[\s/>]")


@dataclass(frozen=True)
class Refused(Exception):
    """The file is not opened. `why` and `advice` are the Chinese halves of WBK108."""

    why: str
    advice: str


class Parts:
    """The XML parts of a workbook. A sheet is unpacked and looked at when it is first asked for,
    so that sheets nobody reads cost nothing; every other part has been looked at before."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._known: dict[str, bytes] = {}
        self._glimpsed: dict[str, bytes] = {}
        self._with_cells: dict[str, bytes] = {}
        self.names = frozenset(archive.namelist())

    @property
    def sheets(self) -> tuple[str, ...]:
        return tuple(n for n in self.names if n.startswith(_SHEETS) and n.endswith(".xml"))

    def get(self, name: str, default: bytes = b"") -> bytes:
        return self[name] if name in self.names else default

    def __getitem__(self, name: str) -> bytes:
        """The part, safe to be parsed; raises Refused."""
        if name not in self._known:
            data = self._glimpsed.get(name) or self._unpacked(name)
            if b"<!" in data and (b"<!DOCTYPE" in data or b"<!ENTITY" in data):
                raise Refused("含有外部定义", "不要打开；请单位用 Excel 另存为 .xlsx 后重报。")
            if name.startswith(_SHEETS) or b"sheetData" in data:
                self._with_cells[name] = _near_cells_only(data)
            self._known[name] = data
        return self._known[name]

    def glimpse(self, name: str) -> bytes:
        """The bytes of a part to look for a word in, nothing for an unknown one: no parser may see them, so a sheet
        that nobody reads stays unlooked at. Raises Refused when they cannot be unpacked."""
        if name in self._known or name not in self.names:
            return self._known.get(name, b"")
        if name not in self._glimpsed:
            self._glimpsed[name] = self._unpacked(name)
        return self._glimpsed[name]

    def _unpacked(self, name: str) -> bytes:
        with _damage_refused():
            return self._archive.read(name)

    def with_cells(self, name: str) -> bytes:
        """The part of a sheet as far as its cells go, nothing for an unknown one; raises Refused."""
        data = self.get(name)
        return self._with_cells.get(name, data)


@contextmanager
def _damage_refused() -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError, OSError):
        raise Refused("文件不完整或不是工作簿", "请单位重新发送，或在 Excel 中另存为 .xlsx。") from None
    except RuntimeError:
        raise Refused("文件有密码", "取消密码后重新发送。") from None


def parts_of(content: bytes) -> Parts:
    """The parts of a stranger's workbook. Raises Refused, now or when a bad sheet is asked for."""
    parts = Parts(_unzipped(content, "xl/workbook.xml", _NO_WORKBOOK))
    for name in parts.names.difference(parts.sheets):  # a sheet may lie under any name
        _ = parts[name]
    return parts


def document_part(content: bytes) -> bytes:
    """The text of a stranger's Word document, safe to be parsed; raises Refused."""
    return Parts(_unzipped(content, MAIN_PART, _NO_DOCUMENT))[MAIN_PART]


_NO_WORKBOOK = Refused("不是 Excel 工作簿", "请用下发的表样填报，保存为 .xlsx。")
MAIN_PART = "word/document.xml"
_NO_DOCUMENT = Refused("不是 Word 文档", "在 Word 或 WPS 中打开，另存为 .docx。")


def _unzipped(content: bytes, main: str, otherwise: Refused) -> zipfile.ZipFile:
    """The archive, when it is one with that main part and of a sane size."""
    if len(content) > MAX_FILE_BYTES:
        raise Refused("文件过大", "请确认是否放错文件；表样一般不到1MB。")
    if content.startswith(_OLE):
        raise Refused("是加密文件或旧版 .xls", "在 Excel 或 WPS 中打开，取消打开密码，另存为 .xlsx。")
    if not content:
        raise Refused("是空文件", "请单位重新发送。")
    with _damage_refused():
        archive = zipfile.ZipFile(io.BytesIO(content))
    _sizes_are_sane(archive)
    if main not in archive.namelist():
        raise otherwise
    return archive


def _sizes_are_sane(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_PARTS or sum(e.file_size for e in entries) > MAX_UNPACKED_BYTES:
        raise Refused("内容过大", "请确认是否放错文件。")
    names = [e.filename for e in entries]
    if len(set(names)) != len(names):
        raise Refused("内部有重名部件", "在 Excel 中打开，另存为 .xlsx 后重报。")
    if any(e.file_size > 1_000_000 and e.file_size > MAX_RATIO * max(e.compress_size, 1) for e in entries):
        raise Refused("压缩比异常", "不要打开；请单位重新发送。")


def _near_cells_only(data: bytes) -> bytes:
    """What holds the cells, when none of them is far away; raises Refused."""
    end = data.find(_END)
    # behind the cells stand only lists, colours and the like, most of a sheet of ours
    if end >= 0 and _ROW_OR_CELL.search(data, end) is None:
        data = data[:end]
    # written as every program we know writes cells and rows: no prefix, the place first
    usual = not (b":c" in data or b":row" in data or _ODD_CELL.search(data) or _ODD_ROW.search(data))
    rows, far = (_PLAIN_ROW, _PLAIN_FAR_CELL) if usual else (_ROW, _FAR_CELL)  # several times faster
    if any(len(row) > 3 for row in rows.findall(data)) or far.search(data):
        # LibreOffice and WPS write formats and heights down to the last row of all, in which nothing stands
        held = _EMPTY_ROW.sub(b"", _BLANK_CELL.sub(b"", data)) if usual else data
        if not _is_small(held):
            raise Refused("有内容写在表格以外很远的格", "删去表格以外的内容，另存后重报。")
    return data


def _is_small(data: bytes) -> bool:
    """Whether the sheet from A1 to its last row and column is one that a reader can hold."""
    places = set(_PLACE.findall(data))
    if any(len(letters) > 2 or len(row) > 6 for letters, row in places):
        return False
    rows = max((int(row) for _, row in places), default=0)
    last = max((letters.upper() for letters, _ in places), key=lambda letters: (len(letters), letters), default=b"")
    columns = row_and_column(f"{last.decode() or 'A'}1")[1] + 1
    return rows <= MAX_ROW and rows * columns <= MAX_CELLS
