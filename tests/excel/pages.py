"""What a program that shows workbooks must be able to do, so that xlwings can be put on top of it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from tests.excel.values import Block, Box


class Page(Protocol):
    """One sheet. Boxes are given whole; values come and go as COM has them."""

    name: str
    visible: bool

    @property
    def protected(self) -> bool: ...

    @property
    def may_format_rows(self) -> bool:
        """Whether rows may be shown and hidden: no protection, or one that allows it."""

    def values(self, box: Box) -> Block: ...

    def put(self, box: Box, rows: list[list[object]]) -> None:
        """Values as they are kept (values.as_kept); the caller has looked at the locks."""

    def formulas(self, box: Box) -> Block:
        """`=…` for a formula, the constant as text, an empty text for a blank."""

    def number_formats(self, box: Box) -> set[str]: ...

    def set_number_format(self, box: Box, number_format: str) -> None: ...

    def text_cells(self, box: Box) -> set[tuple[int, int]]:
        """The cells of text format (`@`)."""

    def locks(self, box: Box) -> set[bool]: ...

    def used(self) -> Box: ...

    def rows_hidden(self, first: int, last: int) -> set[bool]: ...

    def show_rows(self, first: int, last: int, shown: bool) -> None: ...


class Pages(Protocol):
    """One open workbook."""

    full_name: str
    read_only: bool

    def pages(self) -> list[Page]: ...

    def names(self) -> dict[str, str]:
        """Defined names of the book with what they refer to (`='Sheet'!$A$1:$B$2`)."""

    def active(self) -> str:
        """Name of the sheet in front."""

    def activate(self, sheet: str) -> None: ...

    def selected(self) -> Box | None:
        """What the program itself says is selected; None when it keeps no account of that."""

    def select(self, sheet: str, box: Box) -> None: ...

    def save(self, path: Path) -> None: ...

    def calculate(self) -> None: ...

    def close(self) -> None: ...
