"""What a button may ask of the program that shows the workbook, and nothing else.

Excel through xlwings, a saved file, or a test's own book: each is one class with these verbs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path
from typing import Protocol

CellValue = str | float | bool | dt.datetime | None
Rows = Sequence[Sequence[CellValue | Decimal]]
"""What is put into cells; a Decimal goes there as a plain number."""


class EditingCell(Exception):
    """A cell is being typed into, and the program does nothing else until that ends."""


class NothingChosen(Exception):
    """The person left a dialog without choosing a file or folder."""


class Host(Protocol):
    """One open workbook. Areas are A1 addresses without dollars (`B3:F40`)."""

    @property
    def name(self) -> str:
        """The workbook's file name, as findings call it."""

    @property
    def path(self) -> Path | None:
        """Where it was last saved; None for one that never was, and for one of which only a web address is known."""

    @property
    def is_open(self) -> bool:
        """Whether a person has the workbook in front: what is written shows there at once. What is written to a
        saved file goes into a copy, and the file stays as it is."""

    @property
    def is_read_only(self) -> bool:
        """Whether what is changed cannot be saved where it lies."""

    # ---- cells, a block at a time -------------------------------------------------------
    def read(self, sheet: str, area: str) -> list[list[CellValue]]:
        """The values of an area: one call, however large. An error value comes as its text (`#REF!`).
        Raises NoSheet where there is none so called."""

    def formulas(self, sheet: str, area: str) -> list[list[str]]:
        """What each cell of an area holds: `=…` for a formula, else the constant as text."""

    def number_format(self, sheet: str, area: str) -> str:
        """The number format of an area; empty where its cells differ."""

    def write(self, sheet: str, area: str, rows: Rows) -> None:
        """Put values into an area, one call. Raises PermissionError when a cell of it is locked."""

    def is_protected(self, sheet: str) -> bool:
        """Whether the sheet's protection is on."""

    def sheet_names(self) -> list[str]:
        """Every sheet, hidden ones too, in order."""

    def rows_hidden(self, sheet: str, first: int, last: int) -> bool | None:
        """Whether the rows `first` to `last` (from 1) are hidden; None where some are and some are not."""

    def show_rows(self, sheet: str, first: int, last: int, *, shown: bool) -> None:
        """Show or hide the rows `first` to `last` (from 1), the protection staying on."""

    # ---- where the person is ------------------------------------------------------------
    def selection(self) -> tuple[str, str]:
        """Sheet and cell (`D10`) that the person stands on."""

    def go_to(self, sheet: str, cell: str) -> None:
        """Show the cell."""

    # ---- talking ------------------------------------------------------------------------
    def status(self, text: str) -> None:
        """The status bar; the empty text gives it back to the program."""

    def tell(self, text: str, title: str = "", *, critical: bool = False) -> None:
        """One message that waits to be read."""

    def ask(self, text: str, title: str = "") -> bool:
        """A question of yes or no."""

    def choose_folder(self, title: str) -> Path | None:
        """A folder; None when the person thought better of it."""

    def choose_file(self, title: str, kinds: str) -> Path | None:
        """An existing file of the kinds (`*.xlsx;*.csv`); None when the person thought better of it."""

    def is_cancelled(self) -> bool:
        """Whether the person asked the long work to stop."""

    def open(self, path: Path) -> None:
        """Open a workbook that was made."""

    def editing(self) -> AbstractContextManager[None]:
        """The screen stands still while it lasts, and is itself again after it, whatever happens."""

    def setting(self, key: str) -> str:
        """A setting of the workbook's `xlwings.conf` sheet; empty when it is not set there."""
