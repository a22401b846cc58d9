"""A saved workbook behind the `Host` port: the buttons for WPS, and for machines without Excel.

What a button writes is kept beside the file and handed back as a copy (`save`); the file stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from jixiao_xl import operations
from jixiao_xl.hosts.asking import Back, ask, path_in
from jixiao_xl.hosts.port import CellValue, Rows
from jixiao_xl.hosts.say import ERR, OUT
from jixiao_xl.model.findings import Finding
from jixiao_xl.workbook.reading import unreadable
from jixiao_xl.workbook.saved_cells import SavedCells, plain

YES = ("是", "y", "yes", "1")
FACTS = ".toml"
UNDER_WAY = "……"
"""How a word of progress ends."""


class SavedBook:
    """One file. Questions and messages go to the terminal; `table` and `agreed` are answers given beforehand."""

    is_open = False
    is_read_only = False
    """Nothing is saved where it lies: changes go into a copy."""

    def __init__(
        self, path: Path, at: tuple[str, str] | None = None, *, table: Path | None = None, agreed: bool = False
    ) -> None:  # fmt: skip
        """`at` is the sheet and cell that is meant; without it the one that was selected when the file was saved.
        Raises CannotRun for a file that is not one of ours."""
        if path.suffix.lower() == FACTS:
            raise operations.CannotRun(unreadable(path.name, "是事实文件，不是工作簿", "先用 jixiao fill 写成工作簿，再点按钮。"))
        reading = operations.read(path)
        if reading.filing is None:
            raise operations.CannotRun(*reading.findings)
        self.path: Path = path.absolute()
        self.cells = SavedCells(path)
        self.failed = False
        """Whether a message said that the work could not be done."""
        self._at = at or self.cells.raw.selection()
        if self._at[0] not in self.cells.sheets.names:
            raise operations.CannotRun(Finding("SYS908", "error", params={
                "what": "--at", "stated": self._at[0], "advice": f"文件里有：{'、'.join(filter(self.cells.raw.is_visible, self.sheet_names()))}。",
            }))  # fmt: skip
        self._table, self._agreed = table, agreed
        self._last_status = ""

    @property
    def name(self) -> str:
        return self.path.name

    # ---- cells, a block at a time -------------------------------------------------------
    def read(self, sheet: str, area: str) -> list[list[CellValue]]:
        return self.cells.values(sheet, area)

    def formulas(self, sheet: str, area: str) -> list[list[str]]:
        return self.cells.formulas(sheet, area)

    def number_format(self, sheet: str, area: str) -> str:
        return self.cells.number_format(sheet, area)

    def write(self, sheet: str, area: str, rows: Rows) -> None:
        self.cells.put(sheet, area, [[plain(cell) for cell in row] for row in rows])

    def is_protected(self, sheet: str) -> bool:
        return self.cells.sheets.is_protected(sheet)

    def sheet_names(self) -> list[str]:
        return self.cells.sheet_names()

    def rows_hidden(self, sheet: str, first: int, last: int) -> bool | None:
        told = {row - 1 in self.cells.hidden(sheet) for row in range(first, last + 1)}
        return told.pop() if len(told) == 1 else None

    def show_rows(self, sheet: str, first: int, last: int, *, shown: bool) -> None:
        self.cells.hide(sheet, range(first - 1, last), hidden=not shown)

    # ---- where the person is ------------------------------------------------------------
    def selection(self) -> tuple[str, str]:
        return self._at

    def go_to(self, sheet: str, cell: str) -> None:
        self._at = sheet, cell

    # ---- talking ------------------------------------------------------------------------
    def status(self, text: str) -> None:
        if text.endswith(UNDER_WAY):
            ERR.print(text, style="dim")
        self._last_status = text

    def tell(self, text: str, title: str = "", *, critical: bool = False) -> None:
        (ERR if critical else OUT).print(text)
        self.failed = self.failed or critical
        self._last_status = ""

    def close(self) -> None:
        """Say what a button left in the status bar and in no message."""
        if self._last_status and not self._last_status.endswith(UNDER_WAY):
            OUT.print(self._last_status)

    def ask(self, text: str, title: str = "") -> bool:
        if self._agreed:
            OUT.print(f"{text}　是")
            return True
        return self._answer(f"{text}（是/否）").lower() in YES

    def choose_folder(self, title: str) -> Path | None:
        return self._chosen(title, lambda path: path.is_dir())

    def choose_file(self, title: str, kinds: str) -> Path | None:
        return self._table or self._chosen(f"{title}（{kinds.replace(';', '、')}）", lambda path: path.is_file())

    def _chosen(self, title: str, fits: Callable[[Path], bool]) -> Path | None:
        text = self._answer(f"{title}（没有的直接按回车）")
        if not text:
            return None
        path = path_in(text)
        if not fits(path):
            raise operations.CannotRun(Finding("SYS906", "error", params={"file": str(path)}))
        return path

    @staticmethod
    def _answer(text: str) -> str:
        """One line; nothing where nobody is there to answer."""
        try:
            return ask(text)
        except Back:
            return ""
        except EOFError:
            OUT.print()
            return ""

    def is_cancelled(self) -> bool:
        return False  # Ctrl+C stops a terminal's work by itself

    def open(self, path: Path) -> None:
        """Nothing to show it in: the closing message says where it is."""

    def editing(self) -> AbstractContextManager[None]:
        return nullcontext()

    def setting(self, key: str) -> str:
        return ""  # a file may come from anywhere: which archive is opened is the person's own setting

    # ---- handing back -------------------------------------------------------------------
    def save(self, out: Path) -> Path:
        """The workbook as it is now, as a new file; rows that are shown stay shown. Raises CannotRun where the copy would
        lose something, and for a file that exists."""
        form = operations.open_form(self, self.name)
        return operations.save_copy(form, out, self.cells.hidden)

    def left_behind(self, copy: Path) -> list[str]:
        """The sheets a person sees in the file and not in the copy, which holds the form and nothing else; one of the form's
        own that is called otherwise is there under its name."""
        own = operations.open_form(self, self.name, glance=True).sheets.names | set(SavedCells(copy).sheet_names())
        return [sheet for sheet in self.sheet_names() if sheet not in own and self.cells.raw.is_visible(sheet)]
