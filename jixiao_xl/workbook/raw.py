"""What calamine does not tell: defined names, formats, formulas and protection, from raw XML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import unescape

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)/?>")
_NAME = re.compile(rb"<(?:\w+:)?definedName\b([^>]*)>([^<]*)</")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)/?>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_XF_LIST = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_XF = re.compile(rb'<(?:\w+:)?xf\b[^>]*?\bnumFmtId="(\d+)"')
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)/?>")
_PROTECTION = re.compile(rb'<(?:\w+:)?sheetProtection\b[^>]*\bsheet="(?:1|true)"')
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 49: "@"}


def _attributes(raw: bytes) -> dict[str, str]:
    return {k.decode(): unescape(v.decode("utf-8", "replace")) for k, v in _ATTRIBUTE.findall(raw)}


@dataclass(frozen=True)
class RawCell:
    number_format: str
    formula: str | None
    """The formula's text; empty for a shared one, None where there is none."""
    calculated: bool = True
    """Whether the formula has a result; one that nobody calculated is not a blank cell."""
    error: str = ""
    """The error value the cell holds (`#REF!`)."""


class RawBook:
    """A view of the unpacked parts; each sheet is scanned once, when it is asked for."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts

    @cached_property
    def sheet_parts(self) -> dict[str, str]:
        """Sheet name to part name."""
        relations = {}
        for raw in _RELATION.findall(self.parts.get("xl/_rels/workbook.xml.rels", b"")):
            given = _attributes(raw)
            target = given.get("Target", "").lstrip("/")
            relations[given.get("Id", "")] = target if target.startswith("xl/") else f"xl/{target}"
        found = {}
        for raw in _SHEET.findall(self.parts["xl/workbook.xml"]):
            given = _attributes(raw)
            if "name" in given:
                found[given["name"]] = relations.get(given.get("r:id", ""), "")
        return found

    @cached_property
    def names(self) -> dict[str, str]:
        """Defined names of the book with their references."""
        found = {}
        for raw, reference in _NAME.findall(self.parts["xl/workbook.xml"]):
            given = _attributes(raw)
            if "localSheetId" not in given:
                found[given.get("name", "")] = unescape(reference.decode("utf-8", "replace"))
        return found

    @cached_property
    def formats(self) -> list[str]:
        """Number format of each cell style."""
        styles = self.parts.get("xl/styles.xml", b"")
        own = {}
        for raw in _FORMAT.findall(styles):
            given = _attributes(raw)
            if "numFmtId" in given:
                own[int(given["numFmtId"])] = given.get("formatCode", "")
        listed = _XF_LIST.search(styles)
        ids = [int(i) for i in _XF.findall(listed[0])] if listed else []
        return [own.get(i, _BUILT_IN.get(i, "General")) for i in ids]

    def is_protected(self, sheet: str) -> bool:
        return _PROTECTION.search(self.parts.get(self.sheet_parts.get(sheet, ""), b"")) is not None

    def cells(self, sheet: str) -> dict[str, RawCell]:
        """Every cell of the sheet by address."""
        data = self.parts.get(self.sheet_parts.get(sheet, ""), b"")
        formats, found = self.formats, {}
        for raw, inner in _CELL.findall(data):
            given = _attributes(raw)
            stated = given.get("s", "0")
            style = int(stated) if stated.isdecimal() and len(stated) < 7 else len(formats)
            formula = _FORMULA.search(inner) if inner else None
            text = None if formula is None else unescape((formula[1] or b"").decode("utf-8", "replace"))
            shown = _VALUE.search(inner) if formula or given.get("t") == "e" else None
            calculated = formula is None or given.get("t") == "str" or bool(shown and shown[1])
            error = shown[1].decode("ascii", "replace") if shown and given.get("t") == "e" else ""
            number_format = formats[style] if style < len(formats) else "General"
            found[given.get("r", "")] = RawCell(number_format, text, calculated, error)
        return found
