"""What xlwings asks of an engine, over any program that can show pages of cells.

A page is one sheet of the program (`Page` in tests/excel/pages.py); everything a person sees goes to
the `Person`. Values are as COM gives and takes them, so that one contract holds for all engines.
"""

from __future__ import annotations

import datetime as dt
import numbers
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xlwings import base_classes as asked
from xlwings import utils

from tests.excel import values
from tests.excel.pages import Pages
from tests.excel.person import Person
from tests.excel.sheets import Names, Range, Sheet, Sheets
from tests.excel.values import NO_SUCH_ITEM, ComError

Opener = Callable[[Path], Pages]


class Engine:
    """One running program with one person before it; `opener` loads a workbook file."""

    type = "desktop"
    name = "excel"

    def __init__(self, person: Person, opener: Opener) -> None:
        self.person, self.opener = person, opener
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(x: Any, _options: Any) -> Any:
        return "" if x is None or x != x else x

    @staticmethod
    def clean_value_data(data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool) -> list[list[Any]]:
        def cleaned(value: Any) -> Any:
            if value is None or value == "":
                return empty_as
            if isinstance(value, dt.datetime):
                parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
                return datetime_builder(**{part: getattr(value, part) for part in parts}, tzinfo=None)
            if isinstance(value, float) and number_builder is not None:
                return number_builder(value)
            if type(value) is int and value in values.ERROR_TEXTS:
                return values.ERROR_TEXTS[value] if err_to_str else None
            return value

        return [[cleaned(value) for value in row] for row in data]


class Apps(asked.Apps):
    """The one instance of the program."""

    def __init__(self, engine: Engine) -> None:
        self.only = App(engine)

    def keys(self) -> list[int]:
        return [self.only.pid]

    def __iter__(self) -> Any:
        return iter([self.only])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> App:
        return self.only

    def add(self, **_given: Any) -> App:
        return self.only

    def cleanup(self) -> None:
        """Nothing was started, nothing is left over."""


class App(asked.App):
    """The program. Plain switches are attributes; what the person sees goes to the person."""

    version, path, hwnd, startup_path, pid = "16.0", "", 1, "", 4242
    visible = display_alerts = enable_events = interactive = None
    calculation = cut_copy_mode = books = engine = screen_updating = None

    def __init__(self, engine: Engine) -> None:
        self.engine, self.person = engine, engine.person
        self.books = Books(self)
        self.visible = self.display_alerts = self.enable_events = self.interactive = self.screen_updating = True
        self.calculation, self._status = "automatic", False
        self.switches: dict[str, Any] = {}

    @property
    def api(self) -> Any:
        from tests.excel.com import Application

        return Application(self, self.person)

    @property
    def selection(self) -> Range:
        self.person.is_called("app.selection")
        return self.books.active.pages_selection()

    @property
    def status_bar(self) -> str | bool:
        return self._status

    @status_bar.setter
    def status_bar(self, text: str | bool) -> None:
        self.person.is_called("app.status_bar", writes=True)
        self._status = text
        self.person.statuses.append(text if isinstance(text, str) else "")
        self.show_status(text)

    def show_status(self, text: str | bool) -> None:
        """For a program that has a real status bar."""

    def activate(self, steal_focus: bool = False) -> None:
        """It is in front already."""

    def alert(self, prompt: str, title: str | None, buttons: str, mode: str | None, callback: Any) -> str:
        return self.person.is_told(prompt or "", title or "", buttons or "ok", mode or "info")

    def calculate(self) -> None:
        for book in self.books:
            book.pages.calculate()

    def run(self, macro: str, args: Any) -> Any:
        raise AssertionError(f"no engine of the tests runs the macro {macro} by name")


class Books(asked.Books):
    def __init__(self, app: App) -> None:
        self.app, self.open_ones = app, []

    @property
    def active(self) -> Book:
        return self.open_ones[-1]

    def __call__(self, key: int | str) -> Book:
        for number, book in enumerate(self.open_ones, 1):
            if key in (number, book.name) or (isinstance(key, str) and key.lower() == book.name.lower()):
                return book
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self.open_ones)

    def __iter__(self) -> Any:
        return iter(list(self.open_ones))

    def open(self, fullname: str, *_given: Any) -> Book:
        """Open for the person, as a program does: it is in front afterwards."""
        self.app.person.is_called("books.open", writes=True)
        self.app.person.opened.append(Path(fullname))
        return self.adopted(self.app.engine.opener(Path(fullname)))

    def adopted(self, pages: Pages) -> Book:
        """A workbook that is open already, in front."""
        self.open_ones.append(Book(self.app, pages))
        return self.open_ones[-1]


class Book(asked.Book):
    def __init__(self, app: App, pages: Pages) -> None:
        self._app, self.pages = app, pages
        self.selections: dict[str, values.Box] = {}
        self.sheet_pages = {page.name: Sheet(self, page) for page in pages.pages()}

    app = property(lambda self: self._app)
    fullname = property(lambda self: self.pages.full_name)
    sheets = property(lambda self: Sheets(self))
    names = property(lambda self: Names(self))

    @property
    def name(self) -> str:
        return self.pages.full_name.replace("\\", "/").rpartition("/")[2]

    @property
    def api(self) -> Any:
        from tests.excel.com import Workbook

        return Workbook(self, self._app.person)

    def activate(self) -> None:
        books = self._app.books.open_ones
        books.remove(self)
        books.append(self)

    def active_sheet(self) -> Sheet:
        return self.sheet_pages[self.pages.active()]

    def pages_selection(self) -> Range:
        """What is selected on the sheet in front; its first cell where nobody clicked yet."""
        sheet = self.active_sheet()
        return Range(sheet, self.pages.selected() or self.selections.get(sheet.name, (1, 1, 1, 1)))

    def sheet(self, key: int | str) -> Sheet:
        sheets = list(self.sheet_pages.values())
        if isinstance(key, numbers.Number):
            return sheets[int(key) - 1]  # type: ignore[call-overload]
        for sheet in sheets:
            if sheet.name.lower() == key.lower():
                return sheet
        raise ComError(scode=NO_SUCH_ITEM, text=f"no sheet {key}")

    def save(self, path: str | None = None, password: str | None = None) -> None:
        self._app.person.is_called("book.save", writes=True)
        if path is None and self.pages.read_only:
            raise ComError(text="the workbook is read-only")
        self.pages.save(Path(path or self.pages.full_name))

    def close(self) -> None:
        self._app.books.open_ones.remove(self)
        self.pages.close()

    def to_area(self, text: str, on: Sheet | None = None) -> Range:
        """The area of `='Sheet'!$A$1:$B$2`, of `A1:B2` on a sheet, or of a defined name."""
        sheet_name, _, area = text.removeprefix("=").rpartition("!")
        sheet = self.sheet(sheet_name.removeprefix("'").removesuffix("'").replace("''", "'")) if sheet_name else on
        if sheet is None:
            raise ComError(text=f"{text} is no area")
        first, last = utils.a1_to_tuples(area.replace("$", ""))
        last = last or first
        return Range(sheet, (first[0], first[1], last[0], last[1]))
