"""A worksheet that writes thousands of like rows as they are, without keeping a cell of them twice.

XlsxWriter holds each cell as an object until the file is closed: two microseconds and two hundred bytes
for one of a million cells. Our tables are written to the file when it is put together, straight from
their rows, column by column; links to one file share one relationship.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet

from jixiao_xl.model.places import column_letter
from jixiao_xl.workbook.pages import Content, Page, Rows

MOST_LINKS = 60_000
"""Links of one sheet; Excel takes 65,530."""
LONGEST_TEXT = 32_767
"""Characters of a cell."""
AT_ONCE = 1_000
"""Rows that are put together at a time."""
EXACT = 15
"""Characters of a number that says the same to Excel as to us."""


class SharedTexts:
    """The texts of a workbook, numbered as they come: also while its sheets are already being written,
    for which the library's own table is closed."""

    def __init__(self) -> None:
        self.count = 0
        self.string_table = _Numbered()

    @property
    def unique_count(self) -> int:
        return len(self.string_table)

    @property
    def string_array(self) -> list[str]:
        return list(self.string_table)

    def _get_shared_string_index(self, text: str) -> int:
        self.count += 1
        return self.string_table[text]

    def _get_shared_string(self, index: int) -> str:
        return self.string_array[index]

    def _sort_string_data(self) -> None:
        """Nothing: they are in order."""


class _Numbered(dict[str, int]):
    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


class BulkSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that also takes `Rows`."""

    def __init__(self) -> None:
        super().__init__()
        self.bulk: list[tuple[Rows, list[Format], dict[str, Format], Format]] = []
        self.own_name = ""
        self._row_ends: dict[tuple[object, ...], str] = {}

    def take(self, page: Page, table: Rows, style: Callable[[str], Format]) -> None:
        """Every row of the table; `style` finds a format by name."""
        if not (table.rows and table.styles):
            return
        self.own_name = page.name
        formats, looks = [style(name) for name in table.styles], {text: style(name) for text, name in table.looks.items()}
        self.bulk.append((table, formats, looks, style("cell")))
        for row in (table.row, table.row + len(table.rows) - 1):
            for column in (table.column, table.column + len(table.styles) - 1):
                self._check_dimensions(row, column)

    def _write_rows(self) -> None:
        if not self.bulk:
            super()._write_rows()
            return
        tables = []
        for table, formats, looks, plain in self.bulk:
            cells = _Cells(table, self.own_name, formats, looks, plain, self.str_table)
            tables.append((table.row, table.row + len(table.rows), table.column, cells.rows()))
        written: list[str] = []
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            own = self.table.get(row)
            bulk = [(column, next(rows)) for first, end, column, rows in tables if first <= row < end]
            if own or len(bulk) > 1:
                written.append(self._row_tag(row))
                self._flush(written)
                self._write_mixed(row, own or {}, bulk)
                written.append("</row>")
            elif bulk:
                written.append(f"{self._row_tag(row)}{''.join(bulk[0][1])}</row>")
            elif row in self.row_info or row in self.comments:
                self._flush(written)
                self._write_empty_row(row, None, self.row_info.get(row))
            if len(written) >= AT_ONCE:
                self._flush(written)
        self._flush(written)

    def _flush(self, written: list[str]) -> None:
        self.fh.write("".join(written))
        written.clear()

    def _row_tag(self, row: int) -> str:
        """The beginning of the row as the library writes it, which takes long and is the same for most."""
        info = self.row_info.get(row)
        if info is None:
            return f'<row r="{row + 1}">'
        key = info.height, info.row_format, info.hidden, info.level, info.collapsed, row in self.loose
        if key not in self._row_ends:
            file: Any = self.fh  # type: ignore[has-type]
            self.fh = io.StringIO()
            self._write_row(row, None, info)
            self._row_ends[key] = self.fh.getvalue().removeprefix(f'<row r="{row + 1}"')
            self.fh = file
        return f'<row r="{row + 1}"{self._row_ends[key]}'

    loose: frozenset[int] = frozenset()

    def _write_mixed(self, row: int, own: dict[int, Any], bulk: list[tuple[int, Sequence[str]]]) -> None:
        """Cells of both kinds in the order of their columns."""
        texts = {n: xml for column, cells in bulk for n, xml in enumerate(cells, column) if xml and n not in own}
        for column in sorted({*own, *texts}):
            if column in own:
                self._write_cell(row, column, own[column])
            else:
                self.fh.write(texts[column])

    def _write_hyperlinks(self) -> None:
        links = [(place, target) for table, *_ in self.bulk for place, target in table.links.items()]
        if not links:
            super()._write_hyperlinks()
            return
        self._xml_start_tag("hyperlinks")
        files: dict[str, str] = {}
        for row in sorted(self.hyperlinks):
            for column, url in sorted(self.hyperlinks[row].items()):
                relation = self._relation(url._target(), files) if url._target_mode() else ""
                self.fh.write(f'<hyperlink ref="{column_letter(column)}{row + 1}"{relation}{_location(url._anchor)}/>')
        books: dict[str, str] = {"": ""}
        anchors: dict[str, str] = {}
        written: list[str] = []
        for (row, column), target in links:
            book, _, anchor = target.partition("#")
            if book not in books:
                books[book] = self._relation(_file_target(book), files)
            if anchor not in anchors:
                anchors[anchor] = _location(anchor)
            written.append(f'<hyperlink ref="{column_letter(column)}{row + 1}"{books[book]}{anchors[anchor]}/>')
        self._flush(written)
        self._xml_end_tag("hyperlinks")

    def _relation(self, target: str, files: dict[str, str]) -> str:
        """The attribute that leads to another file."""
        if target not in files:
            self.rel_count += 1
            files[target] = f' r:id="rId{self.rel_count}"'
            self.external_hyper_links.append(["/hyperlink", target, "External"])
        return files[target]


@lru_cache(maxsize=16_384)
def _file_target(book: str) -> str:
    """The file as a relationship names it; the same on every sheet."""
    target: str = Url(f"external:{book}")._target()
    return target


def _location(anchor: str | None) -> str:
    return f" location={quoteattr(anchor)}" if anchor else ""


class _Cells:
    """The cells of one table's rows as XML."""

    def __init__(
        self, table: Rows, sheet: str, formats: list[Format], looks: dict[str, Format], plain: Format, texts: SharedTexts
    ) -> None:
        self.table, self.texts = table, texts
        self.formats = [f' s="{each._get_xf_index()}"' for each in formats]
        self.looks = {text: f' s="{each._get_xf_index()}"' for text, each in looks.items()}
        self.plain = f' s="{plain._get_xf_index()}"'
        self.letters = [column_letter(table.column + n) for n in range(len(table.styles))]
        self.formulas = {
            across: ([escape(piece) for piece in alike.pieces(sheet)], alike.down) for across, alike in table.formulas.items()
        }

    def rows(self) -> Iterator[Sequence[str]]:
        """Of each row the cells, an empty text where none is written."""
        table = self.table
        for at in range(0, len(table.rows), AT_ONCE):
            columns = zip(*table.rows[at : at + AT_ONCE], strict=True)
            yield from zip(*(self._column(n, own, table.row + at + 1) for n, own in enumerate(columns)), strict=True)

    def _column(self, across: int, contents: Sequence[Content], first: int) -> list[str]:
        """One column from row `first` (as people count) on; alike cells, as most are, all at once."""
        letters, look = self.letters[across], self.formats[across]
        if across in self.formulas:
            return self._calculated(across, contents, first)
        kinds = set(map(type, contents))
        if kinds == {Decimal}:
            said = _numbers(contents)
            return [f'<c r="{letters}{n}"{look}><v>{number}</v></c>' for n, number in enumerate(said, first)]
        linked = self.table.styles[across] == "shown_link"
        if kinds != {str} or linked or not self.looks.keys().isdisjoint(contents):
            return [self._cell(across, n, content) for n, content in enumerate(contents, first)]
        said = [text[:LONGEST_TEXT] for text in contents]  # type: ignore[index]
        self.texts.count += len(said) - said.count("")
        index = self.texts.string_table
        return [
            f'<c r="{letters}{n}"{look} t="s"><v>{index[text]}</v></c>' if text else f'<c r="{letters}{n}"{look}/>'
            for n, text in enumerate(said, first)
        ]

    def _cell(self, across: int, n: int, content: Content) -> str:
        """One cell of row `n`; what leads nowhere does not look like a link."""
        look, letters, table = self.formats[across], self.letters[across], self.table
        if isinstance(content, str):
            if not content:
                return f'<c r="{letters}{n}"{look}/>'
            if table.styles[across] == "shown_link" and (n - 1, table.column + across) not in table.links:
                look = self.plain
            look = self.looks.get(content, look)
            return f'<c r="{letters}{n}"{look} t="s"><v>{self.texts._get_shared_string_index(content[:LONGEST_TEXT])}</v></c>'
        return f'<c r="{letters}{n}"{look}><v>{_numbers((content,))[0]}</v></c>' if isinstance(content, Decimal) else ""

    def _calculated(self, across: int, values: Sequence[Content], first: int) -> list[str]:
        """A formula in every row, with what it shows there."""
        look, letters = self.formats[across], self.letters[across]
        pieces, down = self.formulas[across]
        found = []
        for n, value in enumerate(values, first):
            kind = ' t="str"' if isinstance(value, str) and value else ""
            shown = escape(value) if isinstance(value, str) else _numbers((value,))[0]
            found.append(f'<c r="{letters}{n}"{look}{kind}><f>{str(n + down).join(pieces)}</f><v>{shown}</v></c>')
        return found


def _numbers(numbers: Sequence[Content]) -> list[str]:
    """Decimals as XML has them: what is longer than Excel's own precision as the nearest float."""
    said = list(map(str, numbers))
    if max(map(len, said)) <= EXACT and not any("E" in one for one in said):
        return said
    return [f"{float(number):.16g}" for number in numbers]  # type: ignore[arg-type]
