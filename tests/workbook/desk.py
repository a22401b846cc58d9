"""A clerk at the desk, played through UNO on a real Calc with a real document window.

Run by Debian's python3 (python3-uno), not by the tests' own interpreter:
    desk.py BOOK ORDER…      with orders such as
    type:SHEET!B5=text   enter text into a cell by the dispatcher (locks are respected)
    show:SHEET!12        show a hidden row on a protected sheet
    paste:SHEET!C5=a|b|c put lines on the clipboard's way: enter them into successive cells at once
    get:SHEET!B5         print what the cell shows
    hidden:SHEET!12      print whether the row is hidden
    pdf:PATH             export the document
    save:PATH            store as xlsx
"""

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
from tests.soffice import Soffice, import_uno, prop

uno = import_uno()


class Desk:
    def __init__(self, context, path):
        manager = context.ServiceManager
        desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        self.document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (prop("Hidden", False),))
        self.frame = self.document.CurrentController.Frame
        self.dispatcher = manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)

    def go(self, sheet, cell):
        self.document.CurrentController.setActiveSheet(self.document.Sheets.getByName(sheet))
        self.dispatch(".uno:GoToCell", prop("ToPoint", f"${cell[0]}${cell[1:]}"))

    def dispatch(self, command, *arguments):
        self.dispatcher.executeDispatch(self.frame, command, "", 0, arguments)

    def do(self, order):
        verb, _, rest = order.partition(":")
        if verb in ("pdf", "save"):
            kind = "calc_pdf_Export" if verb == "pdf" else "Calc MS Excel 2007 XML"
            self.document.storeToURL(uno.systemPathToFileUrl(rest), (prop("FilterName", kind),))
            return
        place, _, text = rest.partition("=")
        sheet, _, cell = place.partition("!")
        page = self.document.Sheets.getByName(sheet)
        if verb == "type":
            self.go(sheet, cell)
            self.dispatch(".uno:EnterString", prop("StringName", text))
        elif verb == "paste":
            self.paste(sheet, cell, text.split("|"))
        elif verb == "show":
            # Excel and WPS: select the rows around it, unhide. Calc greys that out on a protected
            # sheet; its menu 数据→分组和分级显示→显示明细 does the same with the same selection.
            above = below = int(cell) - 1
            while not page.Rows.getByIndex(above).IsVisible:
                above -= 1
            while not page.Rows.getByIndex(below).IsVisible:
                below += 1
            self.go(sheet, f"A{above + 1}:$A${below + 1}")
            self.dispatch(".uno:ShowDetail")
        elif verb == "get":
            print(page.getCellRangeByName(cell).String)
        elif verb == "hidden":
            print(not page.Rows.getByIndex(int(cell) - 1).IsVisible)
        else:
            raise SystemExit(order)

    def paste(self, sheet, cell, lines):
        """Copy the lines from a scratch document, as from Word, and paste them as text."""
        scratch = self.frame.Creator.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
        for row, line in enumerate(lines):
            scratch.Sheets.getByIndex(0).getCellByPosition(0, row).String = line
        other = scratch.CurrentController.Frame
        scratch.CurrentController.select(scratch.Sheets.getByIndex(0).getCellRangeByPosition(0, 0, 0, len(lines) - 1))
        self.dispatcher.executeDispatch(other, ".uno:Copy", "", 0, ())
        self.go(sheet, cell)
        self.dispatch(".uno:InsertContents", prop("Flags", "S"), prop("FormulaCommand", 0), prop("SkipEmptyCells", False),
                      prop("Transpose", False), prop("AsLink", False), prop("MoveMode", 4))  # fmt: skip
        scratch.close(True)


def main():
    soffice = Soffice(os.environ["JIXIAO_SOFFICE"], os.environ["JIXIAO_PROFILE"])
    try:
        desk = Desk(soffice.context, str(Path(sys.argv[1]).resolve()))
        for order in sys.argv[2:]:
            desk.do(order)
        desk.document.close(True)
    finally:
        soffice.end()


main()
