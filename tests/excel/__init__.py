"""What stands in for Excel, in rising order of truth.

`grid.at_the_grid(path)`: xlwings' public API over a file's cells, in the test's own process; quick, no
recalculation, nothing of pandas, numpy, openpyxl or SQLAlchemy is imported.
`fake_com.at_the_fake_excel(path)`: xlwings' own Windows code over a fake Excel that counts COM calls.
`calc.at_calc(path)`: a real LibreOffice Calc, which recalculates and keeps its own account of locks.

Each gives a `Desk`: `desk.book` and `desk.app` are xlwings' public objects, `desk.person` is who sits
there (tests/excel/person.py): put `answers` to alerts and `choices` of files or folders in beforehand,
look at `alerts`, `statuses`, `dialogs`, `opened` and `calls` afterwards; `typing_for = math.inf` types
into a cell. While it is open `xlwings.Book.caller()` finds the workbook, as after a click.
`desk.book.impl.pages` (grid and Calc) has `read_only` and `full_name` to be set.

`click.py` presses the buttons of a shipped .xlsm in Calc; only the launcher `RunPython` is swapped.
"""
