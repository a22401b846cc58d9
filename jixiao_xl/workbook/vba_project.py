"""The module texts of a stranger's vbaProject.bin, read as data: nothing of it is ever run.

The file is a compound file; its stream VBA/dir names the modules and where in its stream each one's
text begins, and both are compressed as [MS-OVBA] 2.4.1 says.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import olefile

MAX_PROJECT_BYTES = 5_000_000
MAX_TEXT_BYTES = 2_000_000
"""Of one module; ours have under 100,000."""
_DAMAGE = (
    OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, struct.error, RecursionError, MemoryError,
)  # fmt: skip
"""What olefile or our own reading raises on a compound file that is none."""
_CODE_PAGE, _MODULE, _STREAM, _OFFSET, _END_OF_MODULE, _VERSION = 0x0003, 0x0019, 0x001A, 0x0031, 0x002B, 0x0009


class Damaged(Exception):
    """The project cannot be read."""


def module_texts(project: bytes) -> dict[str, str]:
    """The text of every module by its name, attributes included; raises Damaged."""
    if len(project) > MAX_PROJECT_BYTES:
        raise Damaged
    try:
        with olefile.OleFileIO(io.BytesIO(project)) as streams:
            listed = decompressed(streams.openstream(["VBA", "dir"]).read())
            texts = {}
            for name, stream, offset, encoding in _modules(listed):
                packed = streams.openstream(["VBA", stream]).read()[offset:]
                texts[name] = decompressed(packed).decode(encoding, "replace")
            return texts
    except _DAMAGE as error:
        raise Damaged from error


def _modules(listed: bytes) -> Iterator[tuple[str, str, int, str]]:
    """Name, stream, offset and encoding of each module that the dir stream lists."""
    encoding, name, stream, offset = "cp1252", "", "", 0
    at = 0
    while at + 6 <= len(listed):
        kind, size = struct.unpack_from("<HI", listed, at)
        at += 6
        if kind == _VERSION:
            size = 6  # says 4, and is followed by two numbers of 4 and 2 bytes
        data = listed[at : at + size]
        at += size
        if kind == _CODE_PAGE:
            encoding = _encoding(int.from_bytes(data, "little"))
        elif kind == _MODULE:
            name, stream, offset = data.decode(encoding, "replace"), "", 0
        elif kind == _STREAM:
            stream = data.decode(encoding, "replace")
        elif kind == _OFFSET:
            offset = int.from_bytes(data, "little")
        elif kind == _END_OF_MODULE:
            yield name, stream, offset, encoding


def _encoding(code_page: int) -> str:
    return {65001: "utf-8", 936: "gbk", 10000: "mac-roman", 10008: "gb2312"}.get(code_page, f"cp{code_page}")


def decompressed(packed: bytes) -> bytes:
    """[MS-OVBA] 2.4.1: a signature byte, then chunks of at most 4096 bytes of text each.

    Raises ValueError for what is no such container or would grow without bound.
    """
    if packed[:1] != b"\x01":
        raise ValueError("no signature")
    text = bytearray()
    at = 1
    while at + 2 <= len(packed):
        header = int.from_bytes(packed[at : at + 2], "little")
        end = min(at + (header & 0x0FFF) + 3, len(packed))
        if header & 0x7000 != 0x3000:
            raise ValueError("no chunk")
        chunk = packed[at + 2 : end]
        text += _chunk(chunk) if header & 0x8000 else chunk
        at = end
        if len(text) > MAX_TEXT_BYTES:
            raise ValueError("too long")
    return bytes(text)


def _chunk(packed: bytes) -> bytes:
    """One compressed chunk: eight tokens behind each flag byte, a byte or a copy of what came before."""
    text = bytearray()
    at = 0
    while at < len(packed):
        flags = packed[at]
        at += 1
        for bit in range(8):
            if at >= len(packed):
                break
            if not flags >> bit & 1:
                text.append(packed[at])
                at += 1
                continue
            token = int.from_bytes(packed[at : at + 2], "little")
            at += 2
            back_bits = max((len(text) - 1).bit_length(), 4)
            length = (token & (0xFFFF >> back_bits)) + 3
            back = (token >> (16 - back_bits)) + 1
            if back > len(text) or len(text) + length > 4096:
                raise ValueError("points outside its chunk")
            for _ in range(length):
                text.append(text[-back])
    return bytes(text)
