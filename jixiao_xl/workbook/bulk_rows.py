"""Writing thousands of like rows: the library's undecorated calls, one format a column."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet

from jixiao_xl.forms.expr import Expr
from jixiao_xl.workbook.pages import Page, Rows

MOST_LINKS = 60_000
"""Links of one sheet; Excel takes 65,530."""


def write_rows(
    sheet: Worksheet, page: Page, table: Rows, style: Callable[[str], Format], cached: Callable[[Page, int, int], Any]
) -> None:
    """Every row of the table; `style` finds a format by name, `cached` what a formula shows."""
    formats, plain = [style(name) for name in table.styles], style("cell")
    blue = {column for column, name in enumerate(table.styles, table.column) if name == "shown_link"}
    looks = {text: style(name) for text, name in table.looks.items()}
    put_text, put_number = sheet._write_string, sheet._write_number
    for row, values in enumerate(table.rows, table.row):
        for column, (content, look) in enumerate(zip(values, formats, strict=False), table.column):
            if isinstance(content, str):
                if not content:
                    sheet._write_blank(row, column, "", look)
                elif (row, column) in table.links:
                    sheet._write_url(row, column, _url(table.links[row, column], content), look)
                else:  # what leads nowhere does not look like a link
                    put_text(row, column, content, plain if column in blue else looks.get(content, look))
            elif isinstance(content, Decimal):
                put_number(row, column, float(content), look)
            elif isinstance(content, Expr):
                sheet._write_formula(row, column, content.excel(page.name), look, cached(page, row, column))


def _url(target: str, text: str) -> Url:
    url = Url(f"internal:{target[1:]}" if target.startswith("#") else f"external:{target}")
    url._text = text
    return url
