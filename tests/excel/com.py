"""Excel's object model, as far as a button may go, over any engine of these tests.

Nothing here takes a sheet's protection off: a button that tries is a button that fails its test.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.excel.com_object import ComObject
from tests.excel.com_range import Range
from tests.excel.person import Dialog, Person
from tests.excel.values import NO_SUCH_ITEM, ComError

if TYPE_CHECKING:
    from tests.excel.engine import App, Book
    from tests.excel.sheets import Name as GivenName
    from tests.excel.sheets import Sheet

FOLDER_PICKER, CHOSEN, CANCELLED = 4, -1, 0
VISIBLE, VERY_HIDDEN = -1, 2
SWITCHES = {
    "ScreenUpdating": True, "DisplayAlerts": True, "EnableEvents": True, "Interactive": True, "Visible": True,
    "Calculation": -4105, "EnableCancelKey": 1, "Cursor": -4143, "DisplayStatusBar": True, "CutCopyMode": 0,
    "Version": "16.0", "Path": "C:\\Office", "Hwnd": 1, "Name": "Microsoft Excel", "Ready": True, "StartupPath": "",
}  # fmt: skip


class Application(ComObject):
    """Excel. Its switches are kept by the engine's App, so that they outlive this object."""

    def __init__(self, app: App, person: Person) -> None:
        self._app, self._person = app, person

    def __getattr__(self, name: str) -> Any:
        if name in SWITCHES:
            self._person.is_called(f"Application.{name}")
            return self._app.switches.get(name, SWITCHES[name])
        return super().__getattr__(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in SWITCHES:
            self._person.is_called(f"Application.{name}=", writes=True)
            self._app.switches[name] = value
        else:
            super().__setattr__(name, value)

    def get_Application(self) -> Application:
        return self

    def get_Workbooks(self) -> Workbooks:
        return Workbooks(self._app, self._person)

    def get_ActiveWorkbook(self) -> Workbook:
        return Workbook(self._app.books.active, self._person)

    def get_ActiveSheet(self) -> Worksheet:
        return Worksheet(self._app.books.active.active_sheet(), self._person)

    def get_Selection(self) -> Range:
        return Range(self._app.books.active.pages_selection(), self._person)

    def get_ActiveCell(self) -> Range:
        return Range(self._app.books.active.pages_selection()(1, 1), self._person)

    def get_StatusBar(self) -> str | bool:
        return self._app.switches.get("StatusBar", False)

    def set_StatusBar(self, text: str | bool) -> None:
        self._app.switches["StatusBar"] = text
        self._person.statuses.append(text if isinstance(text, str) else "")
        self._app.show_status(text)

    def do_Goto(self, Reference: Range, Scroll: bool = False) -> None:
        area = Reference._area
        area.sheet.activate()
        area.select()

    def do_FileDialog(self, kind: int) -> FileDialog:
        return FileDialog(kind, self._person)

    def do_GetOpenFilename(self, FileFilter: str = "", FilterIndex: int = 1, Title: str = "") -> str | bool:
        chosen = self._person.is_asked_for(Dialog(Title, FileFilter, folder=False))
        return False if chosen is None else str(chosen)

    def do_Calculate(self) -> None:
        self._app.calculate()


class FileDialog(ComObject):
    """Shows itself to the person, who has decided beforehand (`Person.choices`)."""

    def __init__(self, kind: int, person: Person) -> None:
        self._person, self._kind, self._title, self._kinds = person, kind, "", ""
        self._chosen: Path | None = None

    def get_Title(self) -> str:
        return self._title

    def set_Title(self, title: str) -> None:
        self._title = title

    def set_AllowMultiSelect(self, allowed: bool) -> None:
        if allowed:
            raise AssertionError("the person at the fake Excel chooses one file")

    def set_InitialFileName(self, start: str) -> None:
        """Where the dialog opens; nothing depends on it."""

    def get_Filters(self) -> Filters:
        return Filters(self)

    def do_Show(self) -> int:
        self._chosen = self._person.is_asked_for(Dialog(self._title, self._kinds, self._kind == FOLDER_PICKER))
        return CANCELLED if self._chosen is None else CHOSEN

    def get_SelectedItems(self) -> SelectedItems:
        return SelectedItems(self)


class Filters(ComObject):
    def __init__(self, dialog: FileDialog) -> None:
        self._dialog, self._person = dialog, dialog._person

    def do_Clear(self) -> None:
        self._dialog._kinds = ""

    def do_Add(self, Description: str, Extensions: str, Position: int = 1) -> None:
        self._dialog._kinds = f"{self._dialog._kinds};{Extensions}".removeprefix(";")


class SelectedItems(ComObject):
    def __init__(self, dialog: FileDialog) -> None:
        self._dialog, self._person = dialog, dialog._person

    def get_Count(self) -> int:
        return 0 if self._dialog._chosen is None else 1

    def do_Item(self, number: int) -> str:
        if self._dialog._chosen is None or number != 1:
            raise ComError(scode=NO_SUCH_ITEM)
        return str(self._dialog._chosen)


class Workbooks(ComObject):
    def __init__(self, app: App, person: Person) -> None:
        self._app, self._person = app, person

    def get_Application(self) -> Application:
        return Application(self._app, self._person)

    def get_Count(self) -> int:
        return len(self._app.books)

    def do_Item(self, key: int | str) -> Workbook:
        try:
            return Workbook(self._app.books(key), self._person)
        except KeyError:
            raise ComError(scode=NO_SUCH_ITEM, text=f"no workbook {key}") from None

    def __iter__(self) -> Iterator[Workbook]:
        return self._each([Workbook(book, self._person) for book in self._app.books])

    def do_Open(self, Filename: str, *_given: Any) -> Workbook:
        self._person.opened.append(Path(Filename))
        return Workbook(self._app.books.adopted(self._app.engine.opener(Path(Filename))), self._person)


class Workbook(ComObject):
    def __init__(self, book: Book, person: Person) -> None:
        self._book, self._person = book, person

    def get_Application(self) -> Application:
        return Application(self._book.app, self._person)

    def get_Name(self) -> str:
        return self._book.name

    def get_FullName(self) -> str:
        return self._book.fullname

    def get_Path(self) -> str:
        return self._book.fullname.rpartition("/")[0]

    def get_ReadOnly(self) -> bool:
        return self._book.pages.read_only

    def get_FileFormat(self) -> int:
        return 52 if self._book.name.endswith(".xlsm") else 51

    def get_Worksheets(self) -> Worksheets:
        return Worksheets(self._book, self._person)

    get_Sheets = get_Worksheets

    def get_Names(self) -> Names:
        return Names(self._book, self._person)

    def get_ActiveSheet(self) -> Worksheet:
        return Worksheet(self._book.active_sheet(), self._person)

    def do_Activate(self) -> None:
        self._book.activate()

    def do_Save(self) -> None:
        if self._book.pages.read_only:
            raise ComError(text="the workbook is read-only")
        self._book.pages.save(Path(self._book.fullname))

    def do_SaveCopyAs(self, Filename: str) -> None:
        self._book.pages.save(Path(Filename))

    def do_Close(self, SaveChanges: bool = False) -> None:
        self._book.close()


class Worksheets(ComObject):
    def __init__(self, book: Book, person: Person) -> None:
        self._book, self._person = book, person

    def get_Parent(self) -> Workbook:
        return Workbook(self._book, self._person)

    def get_Count(self) -> int:
        return len(self._book.sheet_pages)

    def do_Item(self, key: int | str) -> Worksheet:
        return Worksheet(self._book.sheet(key), self._person)

    def __iter__(self) -> Iterator[Worksheet]:
        return self._each([Worksheet(sheet, self._person) for sheet in self._book.sheet_pages.values()])


class Worksheet(ComObject):
    def __init__(self, sheet: Sheet, person: Person) -> None:
        self._sheet, self._person = sheet, person

    def get_Parent(self) -> Workbook:
        return Workbook(self._sheet.book, self._person)

    def get_Application(self) -> Application:
        return Application(self._sheet.book.app, self._person)

    def get_Name(self) -> str:
        return self._sheet.name

    def get_Index(self) -> int:
        return self._sheet.index

    def get_Visible(self) -> int:
        return VISIBLE if self._sheet.visible else VERY_HIDDEN

    def _touched(self) -> Sheet:
        self._person.touched.add(self._sheet.name)
        return self._sheet

    def get_ProtectContents(self) -> bool:
        return self._touched().page.protected

    def get_UsedRange(self) -> Range:
        return Range(self._touched().used_range, self._person)

    def get_Cells(self) -> Range:
        return Range(self._touched().cells, self._person)

    def get_Names(self) -> Names:
        return Names(self._sheet.book, self._person)

    def do_Range(self, first: Any, last: Any = None) -> Range:
        areas = [one._area if isinstance(one, Range) else one for one in (first, last)]
        return Range(self._touched().range(*areas), self._person)

    def get_Rows(self) -> Range:
        return Range(self._touched().cells, self._person, "rows")

    def do_Rows(self, rows: int | str) -> Range:
        first, _, last = str(rows).partition(":")
        return Range(self._touched().range(f"{first}:{last or first}"), self._person, "rows")

    def do_Activate(self) -> None:
        self._touched().activate()

    do_Select = do_Activate


class Names(ComObject):
    def __init__(self, book: Book, person: Person) -> None:
        self._book, self._person = book, person

    def get_Count(self) -> int:
        return len(self._book.names)

    def do_Item(self, key: int | str) -> Name:
        return Name(self._book.names(key), self._person)


class Name(ComObject):
    def __init__(self, name: GivenName, person: Person) -> None:
        self._name, self._person = name, person

    def get_Name(self) -> str:
        return self._name.name

    def get_RefersTo(self) -> str:
        return self._name.refers_to

    def get_RefersToRange(self) -> Range:
        return Range(self._name.refers_to_range, self._person)
