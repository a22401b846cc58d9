"""The VBA project and the ribbon that stand in `macros/`, and how a workbook comes to carry them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xlsxwriter

_RIBBON_PART = "customUI/customUI14.xml"
_RIBBON_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_WORKBOOK_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN_TYPE = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
PROJECT_PART = "xl/vbaProject.bin"
PROJECTS = "projects.tar.xz"
"""In `macros/`: the project for every number of sheets."""


@cache
def macro_folder() -> Path:
    """Where the macros lie: beside the code in a wheel, in the checkout beside the package."""
    package = Path(__file__).parents[1]
    return next(f for f in (package / "macros", package.parent / "macros") if f.is_dir())


class TooManySheets(Exception):
    """No project was built for so many sheets; `most` is how many there may be."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most

    def __str__(self) -> str:
        return f"a workbook with macros has at most {self.most} sheets"


@cache
def project(sheets: int) -> bytes:
    """Our VBA project (vbaProject.bin) for a workbook of so many sheets: one document module for each. Raises TooManySheets."""
    with tarfile.open(macro_folder() / PROJECTS) as archive:
        try:
            member = archive.extractfile(f"{sheets}.bin")
        except KeyError:
            raise TooManySheets(len(archive.getnames())) from None
        assert member is not None
        return member.read()


def carry_macros(workbook: xlsxwriter.Workbook) -> None:
    """Give the workbook our VBA project; XlsxWriter gives its sheets the code names Sheet1, Sheet2 … in their order."""
    workbook.add_vba_project(io.BytesIO(project(len(workbook.worksheets()))), True)


def with_ribbon(content: bytes, *, addin: bool = False) -> bytes:
    """The macro-enabled workbook with our ribbon tab; an add-in (.xlam) if asked. Same input, same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for part in book.infolist():
            data = book.read(part)
            if part.filename == "_rels/.rels":
                own = f'<Relationship Id="rIdRibbon" Type="{_RIBBON_RELATION}" Target="{_RIBBON_PART}"/>'
                data = data.replace(b"</Relationships>", own.encode() + b"</Relationships>")
            elif part.filename == "[Content_Types].xml" and addin:
                data = data.replace(_WORKBOOK_TYPE, _ADDIN_TYPE)
            out.writestr(part, data, zipfile.ZIP_DEFLATED)
        ribbon = zipfile.ZipInfo(_RIBBON_PART, book.infolist()[0].date_time)
        out.writestr(ribbon, (macro_folder() / "ribbon.xml").read_bytes(), zipfile.ZIP_DEFLATED)
    return target.getvalue()
