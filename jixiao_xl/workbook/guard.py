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
from dataclasses import dataclass

MAX_FILE_BYTES = 30_000_000
MAX_UNPACKED_BYTES = 150_000_000
MAX_RATIO = 200
"""Unpacked over packed bytes of one part above 1 MB."""
MAX_PARTS = 500
MAX_ROW = 20_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr\s*=\s*["'](\d+)""")
_FAR_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\sr\s*=\s*["'](?:[A-Z]{3,}\d+|[A-Z]{1,3}\d{6,})["']""")


@dataclass(frozen=True)
class Refused(Exception):
    """The file is not opened. `why` and `advice` are the Chinese halves of WBK108."""

    why: str
    advice: str


def parts_of(content: bytes) -> dict[str, bytes]:
    """The XML parts a reading needs, unpacked once. Raises Refused."""
    if len(content) > MAX_FILE_BYTES:
        raise Refused("文件过大", "请确认是否放错文件；表样一般不到1MB。")
    if content.startswith(_OLE):
        raise Refused("是加密文件或旧版 .xls", "在 Excel 或 WPS 中打开，取消打开密码，另存为 .xlsx。")
    if not content:
        raise Refused("是空文件", "请单位重新发送。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unpacked(archive)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError, OSError):
        raise Refused("文件不完整或不是工作簿", "请单位重新发送，或在 Excel 中另存为 .xlsx。") from None
    except RuntimeError:
        raise Refused("文件有密码", "取消密码后重新发送。") from None


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MAX_PARTS or sum(e.file_size for e in entries) > MAX_UNPACKED_BYTES:
        raise Refused("内容过大", "请确认是否放错文件。")
    names = [e.filename for e in entries]
    if len(set(names)) != len(names):
        raise Refused("内部有重名部件", "在 Excel 中打开，另存为 .xlsx 后重报。")
    if "xl/workbook.xml" not in names:
        raise Refused("不是 Excel 工作簿", "请用下发的表样填报，保存为 .xlsx。")
    parts: dict[str, bytes] = {}
    for entry in entries:
        if entry.file_size > 1_000_000 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Refused("压缩比异常", "不要打开；请单位重新发送。")
        if not entry.filename.endswith((".xml", ".rels")) or not entry.filename.startswith(("xl/", "_rels/")):
            continue
        data = archive.read(entry)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise Refused("含有外部定义", "不要打开；请单位用 Excel 另存为 .xlsx 后重报。")
        if b"sheetData" in data:
            _near_cells_only(data)
        parts[entry.filename] = data
    return parts


def _near_cells_only(data: bytes) -> None:
    if any(len(row) > 6 or int(row) > MAX_ROW for row in _ROW.findall(data)) or _FAR_CELL.search(data):
        raise Refused("有内容写在表格以外很远的格", "删去表格以外的内容，另存后重报。")
