"""A worksheet that writes thousands of like rows as they are, without keeping a cell of them twice.

XlsxWriter holds each cell as an object until the file is closed: two microseconds and two hundred bytes
for one of a million cells. Our tables are written to the file when it is put together, straight from
their rows; links to one file share one relationship.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import quoteattr

from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet

from jixiao_xl.forms.expr import Expr
from jixiao_xl.model.places import address, column_letter
from jixiao_xl.workbook.pages import Page, Rows

MOST_LINKS = 60_000
"""Links of one sheet; Excel takes 65,530."""
LONGEST_TEXT = 32_767
"""Characters of a cell."""


class BulkSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that also takes `Rows`."""

    def __init__(self) -> None:
        super().__init__()
        self.bulk: list[tuple[Rows, list[Format], dict[str, Format], Format]] = []
        self.text_index: dict[str, int] = {}

    def take(self, page: Page, table: Rows, style: Callable[[str], Format], cached: Callable[[Page, int, int], Any]) -> None:
        """Every row of the table; `style` finds a format by name, `cached` what a formula shows."""
        if not table.rows:
            return
        formats, looks = [style(name) for name in table.styles], {text: style(name) for text, name in table.looks.items()}
        self.bulk.append((table, formats, looks, style("cell")))
        # the table of texts is emptied when the file is put together; its entries are needed until then
        self.text_index = self.str_table.string_table
        for row, values in enumerate(table.rows, table.row):
            for column, content in enumerate(values):
                if isinstance(content, str):
                    if content:
                        self.str_table._get_shared_string_index(content[:LONGEST_TEXT])
                elif isinstance(content, Expr):
                    place = row, table.column + column
                    self._write_formula(*place, content.excel(page.name), formats[column], cached(page, *place))
        for row in (table.row, table.row + len(table.rows) - 1):
            for column in (table.column, table.column + len(table.styles) - 1):
                self._check_dimensions(row, column)

    def _write_rows(self) -> None:
        if not self.bulk:
            super()._write_rows()
            return
        tables = [(table, _Cells(formats, looks, plain, self.text_index)) for table, formats, looks, plain in self.bulk]
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            own = self.table.get(row, {})
            bulk: list[tuple[int, str]] = []
            for table, cells in tables:
                if 0 <= row - table.row < len(table.rows):
                    bulk += cells.of(table, row)
            if not (own or bulk):
                if row in self.row_info or row in self.comments:
                    self._write_empty_row(row, None, self.row_info.get(row))
                continue
            self._write_row(row, None, self.row_info.get(row))
            if own or len(tables) > 1:
                self._write_mixed(row, own, bulk)
            else:
                self.fh.write("".join([xml for _, xml in bulk]))
            self._xml_end_tag("row")

    def _write_mixed(self, row: int, own: dict[int, Any], bulk: list[tuple[int, str]]) -> None:
        """Cells of both kinds in the order of their columns."""
        texts = {column: xml for column, xml in bulk if column not in own}
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
        files: dict[str, int] = {}
        for row in sorted(self.hyperlinks):
            for column, url in sorted(self.hyperlinks[row].items()):
                self._write_link(row, column, url._target() if url._target_mode() else "", url._anchor, files)
        targets: dict[str, str] = {}
        for (row, column), target in links:
            book, _, anchor = target.partition("#")
            if book and book not in targets:
                targets[book] = Url(f"external:{book}")._target()
            self._write_link(row, column, targets.get(book, ""), anchor, files)
        self._xml_end_tag("hyperlinks")

    def _write_link(self, row: int, column: int, target: str, anchor: str, files: dict[str, int]) -> None:
        """A link to another file, or within this one where there is no target."""
        relation = ""
        if target:
            if target not in files:
                self.rel_count += 1
                files[target] = self.rel_count
                self.external_hyper_links.append(["/hyperlink", target, "External"])
            relation = f' r:id="rId{files[target]}"'
        location = f" location={quoteattr(anchor)}" if anchor else ""
        self.fh.write(f'<hyperlink ref="{address(row, column)}"{relation}{location}/>')


class _Cells:
    """The cells of one table's rows as XML."""

    def __init__(self, formats: list[Format], looks: dict[str, Format], plain: Format, texts: dict[str, int]) -> None:
        self.formats = [f' s="{each._get_xf_index()}"' for each in formats]
        self.looks = {text: f' s="{each._get_xf_index()}"' for text, each in looks.items()}
        self.plain, self.texts = f' s="{plain._get_xf_index()}"', texts
        self.letters: list[str] = []

    def of(self, table: Rows, row: int) -> list[tuple[int, str]]:
        """Column and XML of each cell of the row; formulas are the sheet's own cells."""
        if not self.letters:
            self.letters = [column_letter(table.column + n) for n in range(len(table.styles))]
            self.blue = {n for n, name in enumerate(table.styles) if name == "shown_link"}
        found, n = [], row + 1
        for across, content in enumerate(table.rows[row - table.row]):
            look, letters = self.formats[across], self.letters[across]
            if isinstance(content, str):
                if not content:
                    xml = f'<c r="{letters}{n}"{look}/>'
                else:
                    if across in self.blue:  # what leads nowhere does not look like a link
                        look = look if (row, table.column + across) in table.links else self.plain
                    look = self.looks.get(content, look)
                    xml = f'<c r="{letters}{n}"{look} t="s"><v>{self.texts[content[:LONGEST_TEXT]]}</v></c>'
            elif isinstance(content, Decimal):
                xml = f'<c r="{letters}{n}"{look}><v>{float(content):.16g}</v></c>'
            else:
                continue
            found.append((table.column + across, xml))
        return found
