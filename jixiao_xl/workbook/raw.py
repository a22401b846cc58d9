"""What calamine does not tell: defined names, formats, formulas and protection, from raw XML."""

from __future__ import annotations

import re
from functools import cache, cached_property
from html import unescape

from jixiao_xl.workbook.guard import Parts
from jixiao_xl.workbook.sheets import RawCell

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)/?>")
_NAME = re.compile(rb"<(?:\w+:)?definedName\b([^>]*)>([^<]*)</")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)/?>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"(?: s="([0-9]{1,6})")?(?: t="(str|e|n|b|inlineStr)")?>(.*?)</c>', re.DOTALL)
"""A cell that holds a number, a formula or an error as every program we know writes it. A shared text
has nothing to tell here; anything else takes the slow way."""
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_XF_LIST = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_XF = re.compile(rb"<(?:\w+:)?xf\b([^>]*)")
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)/?>")
_PROTECTION = re.compile(rb'<(?:\w+:)?sheetProtection\b[^>]*\bsheet="(?:1|true)"')
_CELL_START = re.compile(rb"<(?:\w+:)?c\b([^>]*)>")
_OPEN_STYLE = re.compile(rb"""<(?:\w+:)?protection\b[^>]*\blocked\s*=\s*["'](?:0|false)""")
_ONE_XF = re.compile(rb"<(?:\w+:)?xf\b[^>]*?(?:/>|>.*?</(?:\w+:)?xf>)", re.DOTALL)
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\shidden="(?:1|true)")[^>]*?\sr="([0-9]{1,7})"')
_SHEET_VIEW = re.compile(rb"<(?:\w+:)?sheetView\b(?:[^>]*/>|.*?</(?:\w+:)?sheetView>)", re.DOTALL)
_PANE = re.compile(rb'<(?:\w+:)?pane\b[^>]*\bactivePane="(\w+)"')
_SELECTION = re.compile(rb"<(?:\w+:)?selection\b([^>]*)/?>")
_SHOWN_TAB = re.compile(rb'<(?:\w+:)?workbookView\b[^>]*\bactiveTab="([0-9]{1,4})"')
_BUILT_IN = {"1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "49": "@"}


def _attributes(raw: bytes) -> dict[str, str]:
    return {k.decode(): unescape(v.decode("utf-8", "replace")) for k, v in _ATTRIBUTE.findall(raw)}


@cache
def _without_formula(number_format: str) -> RawCell:
    return RawCell(number_format, None)


class RawBook:
    """A view of the unpacked parts; each sheet is scanned once, when it is asked for."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._styles: dict[str, dict[bytes, int]] = {}

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

    def is_visible(self, sheet: str) -> bool:
        """Whether the tab of the sheet is there to click; of what is hidden, some programs forget how well."""
        listed = map(_attributes, _SHEET.findall(self.parts["xl/workbook.xml"]))
        return any(given.get("name") == sheet and given.get("state", "visible") == "visible" for given in listed)

    def look_at(self, sheet: str) -> None:
        """Have the guard look at the sheet before another reader does; raises Refused. When it is
        not plain which part the sheet is, at all of them."""
        part = self.sheet_parts.get(sheet, "")
        certain = part in self.parts.names and len(set(self.sheet_parts.values())) == len(self.parts.sheets)
        for name in (part,) if certain else self.parts.sheets:
            _ = self.parts[name]

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
                own[given["numFmtId"]] = given.get("formatCode", "")
        listed = _XF_LIST.search(styles)
        ids = [_attributes(raw).get("numFmtId", "0") for raw in _XF.findall(listed[0])] if listed else []
        return [own.get(i, _BUILT_IN.get(i, "General")) for i in ids]

    def is_protected(self, sheet: str) -> bool:
        data = self.parts.glimpse(self.sheet_parts.get(sheet, ""))
        at = data.find(b"sheetProtection")
        return at >= 0 and _PROTECTION.search(data, data.rfind(b"<", 0, at)) is not None

    # ---- as the person left it --------------------------------------------------------
    def selection(self) -> tuple[str, str]:
        """The sheet that was in front when the file was saved, and the cell that was selected there."""
        found, names = _SHOWN_TAB.search(self.parts["xl/workbook.xml"]), list(self.sheet_parts)
        number = int(found[1]) if found else 0
        sheet = names[number] if number < len(names) else names[0]
        view = _SHEET_VIEW.search(self.parts.glimpse(self.sheet_parts[sheet]))
        pane = _PANE.search(view[0]) if view else None
        for raw in _SELECTION.findall(view[0]) if view else ():
            given = _attributes(raw)
            if given.get("pane", "topLeft") == (pane[1].decode() if pane else "topLeft"):
                return sheet, given.get("activeCell", "A1")
        return sheet, "A1"

    def hidden_rows(self, sheet: str) -> frozenset[int]:
        """The hidden rows, from 0."""
        data = self.parts.with_cells(self.sheet_parts.get(sheet, ""))
        return frozenset(int(row) - 1 for row in _HIDDEN_ROW.findall(data))

    def style(self, sheet: str, place: str) -> int:
        """The number of the style of the cell at an address, blank or not."""
        if sheet not in self._styles:
            data = self.parts.with_cells(self.sheet_parts.get(sheet, ""))
            given = (_ATTRIBUTE.findall(raw) for raw in _CELL_START.findall(data))
            styles = ((cell.get(b"r", b""), cell.get(b"s", b"")) for cell in map(dict, given))
            self._styles[sheet] = {place: int(style) for place, style in styles if style.isdigit() and len(style) < 7}
        return self._styles[sheet].get(place.encode(), 0)

    def is_locked(self, sheet: str, place: str) -> bool:
        """Whether the cell at an address is locked, once its sheet is protected."""
        return self.style(sheet, place) not in self._open_styles

    def is_text(self, sheet: str, place: str) -> bool:
        """Whether all that is entered at an address stays a text, `=1+1` too."""
        style = self.style(sheet, place)
        return style < len(self.formats) and self.formats[style] == "@"

    @cached_property
    def _open_styles(self) -> frozenset[int]:
        """The cell styles that are not locked."""
        listed = _XF_LIST.search(self.parts.get("xl/styles.xml", b""))
        styles = _ONE_XF.findall(listed[0]) if listed else []
        return frozenset(n for n, style in enumerate(styles) if _OPEN_STYLE.search(style))

    def cells(self, sheet: str) -> RawCells:
        """The cells of the sheet that hold something, by address."""
        data = self.parts.with_cells(self.sheet_parts.get(sheet, ""))
        plain = _PLAIN_CELL.findall(data)
        if len(plain) + data.count(b' t="s">') != data.count(b"</c>") or b":c" in data:
            plain = [self._attributed(*cell) for cell in _CELL.findall(data)]
        return RawCells(self.formats, {cell[0]: cell for cell in plain})

    @staticmethod
    def _attributed(raw: bytes, inner: bytes) -> tuple[bytes, bytes, bytes, bytes]:
        given = _attributes(raw)
        place, style, kind = (given.get(key, "").encode() for key in "rst")
        return place, style, kind, inner


class RawCells:
    """The cells of one sheet; each is looked into when it is asked for, which few are."""

    def __init__(self, formats: list[str], raw: dict[bytes, tuple[bytes, bytes, bytes, bytes]]) -> None:
        self._formats, self._raw = formats, raw
        self._plain = _without_formula(formats[0] if formats else "General")

    def get(self, place: str) -> RawCell:
        """The cell at an address; a plain one where nothing is written."""
        found = self._raw.get(place.encode())
        if found is None:
            return self._plain
        _, stated, kind, inner = found
        usable = len(stated) < 7 and (not stated or stated.isdigit())
        style = int(stated or b"0") if usable else len(self._formats)
        number_format = self._formats[style] if style < len(self._formats) else "General"
        formula = _FORMULA.search(inner) if inner else None
        if formula is None and kind != b"e":
            return _without_formula(number_format)
        shown = _VALUE.search(inner)
        text = None if formula is None else unescape((formula[1] or b"").decode("utf-8", "replace"))
        calculated = formula is None or kind == b"str" or bool(shown and shown[1])
        error = shown[1].decode("ascii", "replace") if shown and kind == b"e" else ""
        return RawCell(number_format, text, calculated, error)
