"""A workbook of ours as plain cells, read from its XML and written back into it.

Only for files that XlsxWriter made (ours), and without openpyxl: a click must not wait for it.
"""

from __future__ import annotations

import re
import zipfile
from functools import cached_property
from html import escape, unescape
from pathlib import Path

from tests.excel.values import ERROR_TEXTS, ERRORS, Formula, as_delivered, serial

_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_ROW = re.compile(r"<row ([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(r"<f\b[^>]*>([^<]*)</f>")
_VALUE = re.compile(r"<v>([^<]*)</v>")
_TEXT = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")
_SHARED = re.compile(r"<si>(.*?)</si>", re.DOTALL)
_NAME = re.compile(r"<definedName ([^>]*)>([^<]*)</")
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 49: "@"}
Place = tuple[int, int]


def attributes(raw: str) -> dict[str, str]:
    return {key: unescape(value) for key, value in _ATTRIBUTE.findall(raw)}


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Style:
    """The part of a cell format that matters to a program: number format and lock."""

    def __init__(self, number_format: str, locked: bool) -> None:
        self.number_format, self.locked = number_format, locked


class GridSheet:
    """One sheet's cells by (row, column) from 1; unpacked when it is first asked for."""

    def __init__(self, book: GridBook, name: str, part: str, shown: bool) -> None:
        self.book, self.name, self.part, self.visible = book, name, part, shown
        self.written: set[Place] = set()
        self.rows_changed: dict[int, bool] = {}

    @cached_property
    def xml(self) -> str:
        return self.book.text(self.part)

    @cached_property
    def _cells(self) -> tuple[dict[Place, object], dict[Place, str], dict[Place, int]]:
        """Values, formulas and styles."""
        values: dict[Place, object] = {}
        formulas: dict[Place, str] = {}
        styles: dict[Place, int] = {}
        columns: dict[str, int] = {}
        for letters, row, style, kind, inner in _CELL.findall(self.xml):
            if letters not in columns:
                columns[letters] = column_number(letters)
            place = int(row), columns[letters]
            styles[place] = int(style or 0)
            if inner:
                values[place] = self._value(kind, inner, styles[place])
                if found := _FORMULA.search(inner):
                    formulas[place] = "=" + unescape(found[1])
        return values, formulas, styles

    values = property(lambda self: self._cells[0])
    formulas = property(lambda self: self._cells[1])
    styles = property(lambda self: self._cells[2])

    def _value(self, kind: str, inner: str, style: int) -> object:
        if kind == "inlineStr":
            return unescape("".join(_TEXT.findall(inner)))
        found = _VALUE.search(inner)
        raw = found[1] if found else ""
        if kind == "s":
            return self.book.shared[int(raw)]
        if kind == "str":
            return unescape(raw)
        if kind == "e":
            return ERRORS.get(unescape(raw), ERRORS["#VALUE!"])
        if kind == "b":
            return raw == "1"
        return as_delivered(float(raw), self.book.styles[style].number_format) if raw else None

    @cached_property
    def _behind(self) -> dict[str, str]:
        """What the sheet's protection allows; empty without protection."""
        found = re.search(r"<sheetProtection ([^>]*)/>", self.xml)
        return attributes(found[1]) if found else {}

    @property
    def protected(self) -> bool:
        return self._behind.get("sheet") == "1"

    @property
    def may_format_rows(self) -> bool:
        return not self.protected or self._behind.get("formatRows", "1") == "0"

    @cached_property
    def hidden_rows(self) -> set[int]:
        given = (attributes(raw) for raw, _ in _ROW.findall(self.xml))
        return {int(row["r"]) for row in given if row.get("hidden") == "1"}

    @cached_property
    def _columns(self) -> dict[int, int]:
        """Column to the style of its cells that are not written."""
        found: dict[int, int] = {}
        for raw in re.findall(r"<col ([^>]*)/>", self.xml):
            given = attributes(raw)
            if "style" in given:
                found |= dict.fromkeys(range(int(given["min"]), int(given["max"]) + 1), int(given["style"]))
        return found

    def style(self, row: int, column: int) -> Style:
        number = self.styles.get((row, column))
        return self.book.styles[self._columns.get(column, 0) if number is None else number]

    def put(self, row: int, column: int, value: object) -> None:
        place = row, column
        self.formulas.pop(place, None)
        if isinstance(value, Formula):
            self.formulas[place], value = value, None
        if value is None:
            self.values.pop(place, None)
        else:
            self.values[place] = value
        self.written.add(place)

    def show_rows(self, first: int, last: int, shown: bool) -> None:
        for row in range(first, last + 1):
            (self.hidden_rows.discard if shown else self.hidden_rows.add)(row)
            self.rows_changed[row] = shown

    # ---- back into XML ------------------------------------------------------------------
    def rewritten(self) -> str:
        """The sheet's XML with what was written since."""
        rows = {int(attributes(found[1])["r"]): found[0] for found in _ROW.finditer(self.xml)}
        for number in {row for row, _ in self.written} | set(self.rows_changed):
            found = _ROW.match(rows.get(number, f'<row r="{number}"/>'))
            assert found is not None
            rows[number] = self._row(number, attributes(found[1]), found[2] or "")
        head, _, rest = self.xml.partition("<sheetData")
        tail = rest.partition("</sheetData>")[2] or rest.partition("/>")[2]
        return f"{head}<sheetData>{''.join(rows[number] for number in sorted(rows))}</sheetData>{tail}"

    def _row(self, number: int, given: dict[str, str], inner: str) -> str:
        cells = {column_number(found[1]): found[0] for found in _CELL.finditer(inner)}
        cells |= {column: self._cell(number, column) for row, column in self.written if row == number}
        if number in self.rows_changed:
            given.pop("hidden", None)
            given |= {} if self.rows_changed[number] else {"hidden": "1"}
        inside = " ".join(f'{key}="{value}"' for key, value in given.items())
        return f"<row {inside}>{''.join(cells[column] for column in sorted(cells))}</row>"

    def _cell(self, row: int, column: int) -> str:
        place = row, column
        head = f'<c r="{column_letters(column)}{row}" s="{self.styles.get(place, self._columns.get(column, 0))}"'
        formula, value = self.formulas.get(place), self.values.get(place)
        if formula:
            return f"{head}><f>{escape(formula[1:], quote=False)}</f></c>"
        if value is None:
            return f"{head}/>"
        if isinstance(value, str):
            return f'{head} t="inlineStr"><is><t xml:space="preserve">{escape(value, quote=False)}</t></is></c>'
        if isinstance(value, bool):
            return f'{head} t="b"><v>{int(value)}</v></c>'
        if isinstance(value, int):
            return f'{head} t="e"><v>{ERROR_TEXTS[value]}</v></c>'
        return f"{head}><v>{value if isinstance(value, float) else serial(value)}</v></c>"  # type: ignore[arg-type]


class GridBook:
    """The parts of one workbook file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        workbook = self.text("xl/workbook.xml")
        relations = {
            (given := attributes(raw))["Id"]: given["Target"]
            for raw in re.findall(r"<Relationship ([^>]*)/>", self.text("xl/_rels/workbook.xml.rels"))
        }
        self.sheets = []
        for raw in re.findall(r"<sheet ([^>]*)/>", workbook):
            given = attributes(raw)
            part = "xl/" + relations[given["r:id"]].removeprefix("/xl/")
            self.sheets.append(GridSheet(self, given["name"], part, given.get("state", "visible") == "visible"))
        found = re.search(r'activeTab="(\d+)"', workbook)
        self.active = self.sheets[int(found[1]) if found else 0]
        named = ((attributes(raw), unescape(refers_to)) for raw, refers_to in _NAME.findall(workbook))
        self.names = {given["name"]: f"={refers_to}" for given, refers_to in named if "localSheetId" not in given}

    def text(self, part: str) -> str:
        return self.parts[part].decode("utf-8")

    @cached_property
    def shared(self) -> list[str]:
        """The shared texts."""
        if "xl/sharedStrings.xml" not in self.parts:
            return []
        return [unescape("".join(_TEXT.findall(raw))) for raw in _SHARED.findall(self.text("xl/sharedStrings.xml"))]

    @cached_property
    def styles(self) -> list[Style]:
        xml = self.text("xl/styles.xml")
        own = {int(n): unescape(code) for n, code in re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]*)"', xml)}
        listed = re.search(r"<cellXfs\b.*?</cellXfs>", xml, re.DOTALL)
        found = []
        for raw, inner in re.findall(r"<xf ([^>]*?)(?:/>|>(.*?)</xf>)", listed[0] if listed else "", re.DOTALL):
            number = int(attributes(raw).get("numFmtId", "0"))
            found.append(Style(own.get(number, _BUILT_IN.get(number, "General")), 'locked="0"' not in inner))
        return found

    def save(self, path: Path) -> None:
        """The file with what was written since; formulas keep the results they came with."""
        changed = {s.part: s.rewritten().encode() for s in self.sheets if s.written or s.rows_changed}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, changed.get(name, content))
