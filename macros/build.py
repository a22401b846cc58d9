"""Rebuild what `macros/` holds: button module and ribbon from BUTTONS, the functions' wrappers
from FUNCTIONS, the binary project from the text.

Run `python macros/build.py` after a change to jixiao_xl/workbook/buttons.py or jixiao_xl/model/functions.py,
to a .bas or .cls here, or after an upgrade of xlwings. No Excel is needed; the same input gives the same bytes.
"""

from __future__ import annotations

import io
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

import xlsxwriter
import xlwings
from pyopenvba import ExcelFile, VBAModuleKind

from jixiao_xl.hosts import udf_wrappers
from jixiao_xl.workbook.buttons import BUTTONS, GROUPS, TAB, Button
from jixiao_xl.workbook.macro_files import PROJECTS
from jixiao_xl.workbook.macro_guard import KNOWN, digest, essential

FOLDER = Path(__file__).parent
XLWINGS = Path(xlwings.__file__).parent
BUTTON_MODULE, RIBBON, BINARY = "JixiaoButtons.bas", "ribbon.xml", "vbaProject.bin"
"""The project of the add-in, which has one sheet, for whoever wants to look into it; all of them are in PROJECTS."""
MOST_SHEETS = 120
"""博野's form with as many projects and items as it takes has 55."""
VERSION = "xlwings.version"
"""Whose xlwings the binary carries; `jixiao doctor` compares it with the one that is installed."""
PARTNER = {"unit": "JxUnit", "city": "JxCity"}

_HEAD = """\
Attribute VB_Name = "JixiaoButtons"
Option Explicit
' Made by macros/build.py from jixiao_xl/workbook/buttons.py: change it there.
' Plain ASCII, because VBA text has no Chinese outside a Chinese Windows: captions stand in the
' ribbon's XML and on the sheets.

' Whether there is a Python to run. xlwings would say it in English; the Chinese sentence is read from
' a sheet. Where the settings cannot be read, xlwings is left to try.
Private Function JxReady() As Boolean
    Dim Interpreter As String
    JxReady = True
    #If Mac Then
        Exit Function
    #End If
    On Error GoTo Unknown
    Interpreter = xlwings.GetConfig("INTERPRETER_WIN", "")
    If Interpreter = "" Then Interpreter = xlwings.GetConfig("INTERPRETER", "python")
    If JxExists(Interpreter) Then Exit Function
    JxReady = False
    MsgBox ThisWorkbook.Names("jx.no_python").RefersToRange.Value, vbExclamation
    Exit Function
Unknown:
End Function

Private Function JxExists(Interpreter As String) As Boolean
    Dim Folder As Variant
    On Error GoTo Missing
    If InStr(Interpreter, "\\") > 0 Then
        JxExists = (Dir(Interpreter) <> "")
        Exit Function
    End If
    For Each Folder In Split(Environ("PATH"), ";")
        ' the folder of the Store's aliases has a python.exe even where there is no Python
        If Folder <> "" And InStr(1, Folder, "WindowsApps", vbTextCompare) = 0 Then
            If JxIsFile(Folder & "\\python.exe") Then
                JxExists = True
                Exit Function
            End If
        End If
    Next Folder
Missing:
End Function

Private Function JxIsFile(Path As String) As Boolean
    On Error GoTo Missing
    JxIsFile = (Dir(Path) <> "")
Missing:
End Function
"""

_BUTTON = """
Public Sub {b.macro}(control As IRibbonControl)
    {b.click}
End Sub

Public Sub {b.click}()
    If Not JxReady() Then Exit Sub
    RunPython "{b.command}"
End Sub
"""


def button_module() -> str:
    """JixiaoButtons.bas: two Subs a button, one fixed line of Python each."""
    return _HEAD + "".join(_BUTTON.format(b=button) for button in BUTTONS)


def ribbon() -> str:
    """The tab of the ribbon, for Office 2010 and later."""
    groups = "".join(
        f'        <group id="{PARTNER[group]}" label={quoteattr(caption)}>\n'
        + "".join(_ribbon_button(button) for button in BUTTONS if button.group == group)
        + "        </group>\n"
        for group, caption in GROUPS.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui">\n  <ribbon>\n    <tabs>\n'
        f'      <tab id="JxTab" label={quoteattr(TAB)} insertAfterMso="TabHome">\n{groups}      </tab>\n'
        "    </tabs>\n  </ribbon>\n</customUI>\n"
    )


def _ribbon_button(button: Button) -> str:
    return (
        f'          <button id="{button.macro}Button" label={quoteattr(button.caption)} size="{button.size}" '
        f'imageMso="{button.icon}" onAction="{button.macro}" screentip={quoteattr(button.caption)} '
        f"supertip={quoteattr(button.tip)}/>\n"
    )


def module_texts() -> dict[str, str]:
    """Every module of the project but the workbook's own empty one, by name, lines ending in CRLF:
    xlwings' standalone module and the dictionary it needs on a Mac, then our own."""
    theirs = (XLWINGS / "xlwings.bas", XLWINGS / "addin" / "Dictionary.cls")
    ours = sorted(path for path in FOLDER.iterdir() if path.suffix in (".bas", ".cls"))
    return {path.stem: _crlf(path.read_text("ascii")) for path in (*theirs, *ours)}


def _crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def binary(sheets: int) -> bytes:
    """vbaProject.bin for a workbook of so many sheets: a document module for the workbook and for each sheet,
    without code, then ours. Their names (ThisWorkbook, Sheet1 …) are the code names that XlsxWriter gives the sheets."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "empty.xlsx"
        with xlsxwriter.Workbook(book) as empty:
            for _ in range(sheets):
                empty.add_worksheet()
        host = Path(folder) / "host.xlsm"
        shutil.copy(book, host)
        with ExcelFile(host) as excel:
            excel.add_vba_project()
            project = excel.vba_project()
            for name, text in module_texts().items():
                is_class = text.startswith("VERSION")
                project.add_module(name, text, kind=VBAModuleKind.other if is_class else VBAModuleKind.standard)
            excel.save(host)
        with ExcelFile(host) as excel:
            return excel.vba_project_bytes()


def projects() -> dict[int, bytes]:
    """The project for every number of sheets that a workbook of ours may have: it differs per form and per number
    of repeated sections, and whoever makes a workbook has no pyOpenVBA."""
    return {sheets: binary(sheets) for sheets in range(1, MOST_SHEETS + 1)}


def packed(bins: dict[int, bytes]) -> bytes:
    """All of them in one file, which is hardly larger than two: they differ in their document modules only."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:xz", preset=9) as archive:
        for sheets, content in bins.items():
            member = tarfile.TarInfo(f"{sheets}.bin")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def known_modules() -> str:
    """Name and digest of the modules of every release, these included: only ever longer, because last
    year's workbooks come in with last year's modules."""
    path = FOLDER / KNOWN
    lines = path.read_text("ascii").splitlines() if path.is_file() else []
    now = [f"{name} {digest(essential(text))}" for name, text in module_texts().items()]
    return "".join(f"{line}\n" for line in dict.fromkeys([*lines, *now]))


def written_texts() -> dict[str, str]:
    """The text files here that are made from something else, by name."""
    version = f"{xlwings.__version__}\n"
    udfs = udf_wrappers.udf_module_text()
    return {BUTTON_MODULE: button_module(), udf_wrappers.FILE: udfs, RIBBON: ribbon(), VERSION: version}


def main() -> None:
    """Write the generated text, then what is made from it."""
    for name, text in written_texts().items():
        (FOLDER / name).write_text(text, "utf-8", newline="\n")
    (FOLDER / KNOWN).write_text(known_modules(), "ascii", newline="\n")
    bins = projects()
    (FOLDER / BINARY).write_bytes(bins[1])
    (FOLDER / PROJECTS).write_bytes(packed(bins))
    sys.stdout.write(f"{len(module_texts())} modules, {len(BUTTONS)} buttons\n")


if __name__ == "__main__":
    main()
