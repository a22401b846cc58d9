"""An open Excel workbook behind the `Host` port: the only file that speaks xlwings for the buttons."""

from __future__ import annotations

import atexit
import datetime as dt
import decimal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from jixiao_xl.hosts.port import CellValue, EditingCell, Rows
from jixiao_xl.model.places import address
from jixiao_xl.workbook.live_sheets import NoSheet

ATTEMPTS = 25
"""How often xlwings asks an Excel that says it is busy; without a bound it asks for ever."""
REJECTED = (-2147418111, -2146777998)
"""RPC_E_CALL_REJECTED and Excel's own code for a cell that is being edited."""
NO_SUCH_ITEM = -2147352565
"""DISP_E_BADINDEX: a sheet that is not there."""
LOCKED = -2146827284
"""Excel's 1004: among others, a locked cell of a protected sheet."""
ERRORS = {
    -2146826281: "#DIV/0!", -2146826246: "#N/A", -2146826259: "#NAME?", -2146826288: "#NULL!",
    -2146826252: "#NUM!", -2146826265: "#REF!", -2146826273: "#VALUE!",
}  # fmt: skip
SETTINGS = "xlwings.conf"
SETTINGS_AREA = "A1:B40"
FOLDER_PICKER, CHOSEN = 4, -1
"""msoFileDialogFolderPicker, and what its Show returns for OK."""
UNWANTED = ("cryptography", "matplotlib", "numpy", "pandas", "PIL", "plotly", "polars")
"""What xlwings imports where it is there, and does without where it is not."""
ADD_IN = (".xlam", ".xla")
ESCAPE = 0x1B


def import_xlwings() -> ModuleType:
    """xlwings without what no button needs and what takes most of a second to load: pandas and its kin.

    They are only kept out while xlwings looks for them; a verb that needs pandas can still import it.
    """
    unwanted = [name for name in UNWANTED if name not in sys.modules] if "xlwings" not in sys.modules else []
    for name in unwanted:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        import xlwings
    finally:
        for name in unwanted:
            del sys.modules[name]
    _tame(xlwings)
    return xlwings


def _tame(xlwings: ModuleType) -> None:
    """xlwings ends every Excel it does not know when Python exits, and waits for ever for a busy one."""
    windows = getattr(xlwings, "_xlwindows", None)
    if windows is None:
        return
    atexit.unregister(windows.cleanup)
    windows.N_COM_ATTEMPTS = ATTEMPTS


@contextmanager
def _excel_answers() -> Iterator[None]:
    """Excel's refusals in our words; anything else stays what it is."""
    try:
        yield
    except Exception as error:
        codes = _codes(error)
        if codes & set(REJECTED):
            raise EditingCell from error
        if LOCKED in codes:
            raise PermissionError("the cell is locked") from error
        raise


def _codes(error: Exception) -> set[int]:
    """The numbers of a COM error: its own, and the one that Excel gives inside it."""
    found = {code for code in (getattr(error, "hresult", None),) if isinstance(code, int)}
    inner = getattr(error, "excepinfo", None)
    if isinstance(inner, tuple) and inner and isinstance(inner[-1], int):
        found.add(inner[-1])
    return found


def _value_in(value: object) -> CellValue:
    """What COM delivers as a plain value: a ¥ format gives Decimals, an error cell an int."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int) and value in ERRORS:
        return ERRORS[value]
    if isinstance(value, int | float | decimal.Decimal):
        return float(value)
    if isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day, value.hour, value.minute, value.second)
    return str(value)


def _value_out(value: object) -> CellValue:
    """A Decimal would turn its cell into currency (4 places), so it goes as a float."""
    if isinstance(value, decimal.Decimal):
        return float(value)
    if type(value) is int:
        return float(value)
    assert value is None or isinstance(value, str | bool | float | dt.datetime)
    return value


def _rows(block: object) -> list[list[Any]]:
    """A block as rows: one cell comes as a scalar, one row of some engines as a flat list."""
    if not isinstance(block, tuple | list):
        return [[block]]
    return [list(row) if isinstance(row, tuple | list) else [row] for row in block]


def escape_is_pressed() -> bool:
    """Whether the person holds Esc, on Windows; elsewhere nobody can tell."""
    if sys.platform != "win32":
        return False
    import ctypes

    return bool(ctypes.windll.user32.GetAsyncKeyState(ESCAPE) & 0x8001)


class LiveBook:
    """One open workbook. Sheets are looked up once; every block is one call there and one back."""

    is_open = True

    def __init__(self, book: Any, cancelled: Callable[[], bool] = escape_is_pressed) -> None:
        self.book, self.app = book, book.app
        self.is_cancelled = cancelled
        self._name = ""
        self._all_sheets = book.sheets
        self._sheets: dict[str, Any] = {}
        self._ranges: dict[tuple[str, str], Any] = {}
        self._settings: dict[str, str] | None = None

    @classmethod
    def caller(cls) -> LiveBook:
        """The workbook whose button was pressed; for the add-in's ribbon, the one in front."""
        xlwings = import_xlwings()
        with _excel_answers():
            caller = cls(xlwings.Book.caller())
            return cls(caller.app.books.active) if caller.name.lower().endswith(ADD_IN) else caller

    @property
    def name(self) -> str:
        if not self._name:
            with _excel_answers():
                self._name = str(self.book.name)
        return self._name

    @property
    def path(self) -> Path | None:
        with _excel_answers():
            try:
                full = Path(self.book.fullname)
            except import_xlwings().XlwingsError:  # OneDrive: it finds no folder of this machine for the web address
                return None
        return full if full.is_absolute() or str(full).startswith("\\\\") else None

    @property
    def is_read_only(self) -> bool:
        with _excel_answers():
            return bool(self.book.api.ReadOnly)

    # ---- cells, a block at a time -------------------------------------------------------
    def _sheet(self, name: str) -> Any:
        if name not in self._sheets:
            try:
                self._sheets[name] = self._all_sheets[name]
            except Exception as error:
                if isinstance(error, KeyError) or NO_SUCH_ITEM in _codes(error):
                    raise NoSheet(name) from error
                raise
        return self._sheets[name]

    def _range(self, sheet: str, area: str) -> Any:
        if (sheet, area) not in self._ranges:
            self._ranges[sheet, area] = self._sheet(sheet).range(area)
        return self._ranges[sheet, area]

    def read(self, sheet: str, area: str) -> list[list[CellValue]]:
        with _excel_answers():
            return [[_value_in(cell) for cell in row] for row in _rows(self._range(sheet, area).raw_value)]

    def formulas(self, sheet: str, area: str) -> list[list[str]]:
        with _excel_answers():
            return [["" if cell is None else str(cell) for cell in row] for row in _rows(self._range(sheet, area).formula)]

    def number_format(self, sheet: str, area: str) -> str:
        with _excel_answers():
            return str(self._range(sheet, area).number_format or "")

    def write(self, sheet: str, area: str, rows: Rows) -> None:
        block = tuple(tuple(_value_out(cell) for cell in row) for row in rows)
        with _excel_answers():
            if any(isinstance(cell, dt.datetime) for row in block for cell in row):
                self._range(sheet, area).value = block  # xlwings knows how each system wants a date
            else:
                self._range(sheet, area).raw_value = block

    def is_protected(self, sheet: str) -> bool:
        with _excel_answers():
            return bool(self._sheet(sheet).api.ProtectContents)

    def sheet_names(self) -> list[str]:
        with _excel_answers():
            return [str(sheet.name) for sheet in self._all_sheets]

    def rows_hidden(self, sheet: str, first: int, last: int) -> bool | None:
        with _excel_answers():
            hidden = self._range(sheet, f"{first}:{last}").api.Hidden
        return None if hidden is None else bool(hidden)

    def show_rows(self, sheet: str, first: int, last: int, *, shown: bool) -> None:
        with _excel_answers():
            self._range(sheet, f"{first}:{last}").api.Hidden = not shown

    # ---- where the person is ------------------------------------------------------------
    def selection(self) -> tuple[str, str]:
        with _excel_answers():
            cell = self.app.api.ActiveCell
            return str(cell.Worksheet.Name), address(int(cell.Row) - 1, int(cell.Column) - 1)

    def go_to(self, sheet: str, cell: str) -> None:
        with _excel_answers():
            self.app.api.Goto(self._range(sheet, cell).api)

    # ---- talking ------------------------------------------------------------------------
    def status(self, text: str) -> None:
        with _excel_answers():
            self.app.status_bar = text or False

    def tell(self, text: str, title: str = "", *, critical: bool = False) -> None:
        self.app.alert(text, title=title, mode="critical" if critical else "info")

    def ask(self, text: str, title: str = "") -> bool:
        return bool(self.app.alert(text, title=title, buttons="yes_no") == "yes")

    def choose_folder(self, title: str) -> Path | None:
        if type(self.app.impl).__module__ != "xlwings._xlwindows":
            return self._folder_by_excel(title)
        from jixiao_xl.hosts import folder_dialog  # needs pywin32, as xlwings does there

        with _excel_answers():
            window = self.app.hwnd
        return folder_dialog.choose(window, title)

    def _folder_by_excel(self, title: str) -> Path | None:
        """Not on Windows: the dialog of the program itself, at five calls."""
        with _excel_answers():
            dialog = self.app.api.FileDialog(FOLDER_PICKER)
            dialog.Title = title
            return Path(str(dialog.SelectedItems(1))) if dialog.Show() == CHOSEN else None

    def choose_file(self, title: str, kinds: str) -> Path | None:
        with _excel_answers():
            chosen = self.app.api.GetOpenFilename(f"{title} ({kinds}),{kinds}", 1, title)
        return None if chosen is False or not chosen else Path(str(chosen))

    def open(self, path: Path) -> None:
        with _excel_answers():
            self.app.api.Workbooks.Open(str(path))

    @contextmanager
    def editing(self) -> Iterator[None]:
        with _excel_answers():
            self.app.screen_updating = False
        try:
            yield
        finally:
            with _excel_answers():
                self.app.screen_updating = True

    def setting(self, key: str) -> str:
        if self._settings is None:
            try:
                rows = self.read(SETTINGS, SETTINGS_AREA)
            except NoSheet:
                rows = []
            self._settings = {str(k).upper(): "" if v is None else str(v).strip() for k, v in rows if k}
        return self._settings.get(key.upper(), "")
