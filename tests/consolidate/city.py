"""A folder of distinct submissions in a second, and one file of each bad kind."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

from jixiao_xl.consolidate.summary import Summary
from tests.benchmarks.city_books import book_of

OTHERS = 20
"""Units that far apart are made from one built workbook."""


def unit_number(n: int) -> int:
    """The n-th of the units that share a base: only the first is built."""
    return 1 + OTHERS * n


def put_city(count: int, folder: Path) -> list[Path]:
    """Submissions of so many units, all of them sound."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for n in range(count):
        path = folder / f"{n:03d}.xlsx"
        path.write_bytes(book_of(unit_number(n)))
        paths.append(path)
    return paths


def values(summary: Summary) -> dict[str, object]:
    """Everything that a summary adds and lists, by unit and path, whatever its files are called."""
    amounts = {
        (unit.key, line.path.text): (own.amount, own.note)
        for money in summary.money for line in money.lines
        for unit, own in zip(summary.units, line.amounts, strict=True)
    }  # fmt: skip
    totals = {line.path.text: line.total for money in summary.money for line in money.lines}
    shares = {share.path.text: share.share for money in summary.money for share in money.shares}
    stated = {
        (summary.units[place].key, line.block, line.names): value
        for line in summary.indicators for place, (value, _) in line.stated.items()
    }  # fmt: skip
    findings = sorted((f.code, f.where.path, f.message()) for f in summary.judged)
    return {"amounts": amounts, "totals": totals, "shares": shares, "indicators": stated, "findings": findings}


# ---- what goes wrong ---------------------------------------------------------------
def _changed_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for part in source.namelist():
            data = source.read(part)
            out.writestr(part, change(data) if part == name else data)
    return stream.getvalue()


def _twice(content: bytes) -> bytes:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as book, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of what is done here on purpose
        book.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


def _zip(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return stream.getvalue()


def _renamed(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(f"<t>{old}</t>".encode(), f"<t>{new}</t>".encode())


STRINGS, SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet3.xml"


def bad_files(good: bytes) -> dict[str, tuple[bytes, str]]:
    """File name to bytes and to the words that must be said of it. `good` is one sound submission."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return {
        "空文件.xlsx": (b"", "是空文件"),
        "文字.xlsx": ("单位,金额\n".encode(), "文件不完整或不是工作簿"),
        "截断.xlsx": (good[: len(good) // 2], "文件不完整或不是工作簿"),
        "加密.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "加密文件或旧版"),
        "旧版.xls": (b"\xd0\xcf\x11\xe0", "旧版 .xls"),
        "文字处理.docx": (_zip({"word/document.xml": b"<w/>"}), "不是 .xlsx 工作簿"),
        "压缩包.rar": (b"Rar!", "不是 .xlsx 工作簿"),
        "改名的压缩包.xlsx": (_zip({"a.txt": b"1"}), "不是 Excel 工作簿"),
        "炸弹.xlsx": (_zip({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * 5_000_000}), "压缩比异常"),
        "重名部件.xlsx": (_twice(good), "内部有重名部件"),
        "外部定义.xlsx": (
            _changed_part(good, STRINGS, lambda d: d.replace(b"<sst", b'<!DOCTYPE x [<!ENTITY a "b">]><sst', 1)), "含有外部定义"
        ),
        "远格.xlsx": (_changed_part(good, SHEET, lambda d: d.replace(b"</sheetData>", far)), "表格以外很远的格"),
        "别的表.xlsx": (_changed_part(good, "xl/workbook.xml", lambda d: d.replace(b"_jixiao", b"_others")), "表样"),
        "别的版本.xlsx": (_changed_part(good, STRINGS, _renamed("hubei.dept_overall", "hubei.unknown")), "hubei.unknown"),
        "上年的.xlsx": (_changed_part(good, STRINGS, _renamed("2026", "2025")), "2025年申报"),
    }  # fmt: skip
