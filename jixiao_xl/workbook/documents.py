"""An A4 document in 宋体 and 黑体: styles, bordered tables, page numbers. Same content, same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jixiao_xl.model.records import dataclass

if TYPE_CHECKING:
    from docx.document import Document

SONG, HEI = "宋体", "黑体"
AUTHOR = "jixiao_xl"
BODY_PT = 10.5
TEXT_CM = 16.6
"""Width of the text on the page: A4 less the margins."""
MARGIN_CM = (1.9, 1.7, 2.2, 2.2)
"""Top, bottom, left, right."""
_BIRTH = dt.datetime(2020, 1, 1)
_ZIP_BIRTH = (1980, 1, 1, 0, 0, 0)
_SAMPLE = "docProps/thumbnail.jpeg"
_SAMPLE_LINK = re.compile(rb'<Relationship [^>]*thumbnail\.jpeg"[^>]*/>')
_STYLES: dict[str, tuple[str, float, bool, float, float]] = {
    "Normal": (SONG, BODY_PT, False, 0, 0),
    "Title": (HEI, 18, False, 0, 8),
    "Heading 1": (HEI, 13, False, 9, 4),
    "Heading 2": (HEI, 11, False, 6, 3),
    "Caption": (SONG, 9, False, 3, 3),
    "Footer": (SONG, 9, False, 0, 0),
}
"""Font, points, bold, points before and after."""
Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Column:
    """One column of a table: heading, width in cm, how its cells stand."""

    heading: str
    width: float
    align: Align = "left"


def new_document(title: str) -> Document:
    """An empty A4 document with our styles, a title and 第 x 页 共 y 页 in its footer."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    top, bottom, left, right = map(Cm, MARGIN_CM)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = top, bottom, left, right
    section.header_distance = section.footer_distance = Cm(0.9)
    for name, look in _STYLES.items():
        _restyle(document.styles[name], *look)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by, properties.comments = title, AUTHOR, AUTHOR, ""
    properties.created = properties.modified = _BIRTH
    properties.revision = 1
    document.add_paragraph(title, style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    _page_numbers(section.footer.paragraphs[0])
    return document


def _restyle(style: Any, font: str, points: float, bold: bool, before: float, after: float) -> None:
    """The style in a Chinese font: Word takes it for Chinese characters from eastAsia only."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold, style.font.italic = font, Pt(points), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):  # a theme font would win over the one we name
        if attribute.endswith("Theme"):
            del fonts.attrib[attribute]
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), font)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.15
    properties = style.element.get_or_add_pPr()
    for line in properties.findall(qn("w:pBdr")):
        properties.remove(line)


def _page_numbers(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, code in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES")):
        paragraph.add_run(words)
        _field(paragraph, code)
    paragraph.add_run(" 页")


def _field(paragraph: Any, code: str) -> None:
    """A field that the program works out: begin, code, a value for who does not, end."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def mark(kind: str) -> None:
        element = OxmlElement("w:fldChar")
        element.set(qn("w:fldCharType"), kind)
        paragraph.add_run()._r.append(element)

    mark("begin")
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    paragraph.add_run()._r.append(text)
    mark("separate")
    paragraph.add_run("1")
    mark("end")


def paragraph(document: Document, text: str, *, align: Align = "left", indent: bool = False, style: str = "Normal") -> Any:
    """A paragraph; `indent` by two characters, as Chinese letters begin one."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    made = document.add_paragraph(text, style=style)
    made.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    if indent:
        made.paragraph_format.first_line_indent = Pt(2 * BODY_PT)
    return made


def table(document: Document, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, points: float = 9) -> None:
    """A table with lines all round; its head repeats on the next page, no row is cut by a page's end."""
    from docx.shared import Cm

    made: Any = document.add_table(rows=0, cols=len(columns))
    made.style = "Table Grid"
    made.autofit = False
    for own, column in zip(made.columns, columns, strict=True):
        own.width = Cm(column.width)
    if any(column.heading for column in columns):
        _row(made, columns, [column.heading for column in columns], points, head=True)
    for row in rows:
        _row(made, columns, row, points)


def _row(made: Any, columns: Sequence[Column], texts: Sequence[str], points: float, *, head: bool = False) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    row = made.add_row()
    marks = row._tr.get_or_add_trPr()
    for tag in ("w:cantSplit", "w:tblHeader") if head else ("w:cantSplit",):
        marks.append(OxmlElement(tag))
    for cell, column, text in zip(row.cells, columns, texts, strict=True):
        cell.width = Cm(column.width)
        place = cell.paragraphs[0]
        place.alignment = WD_ALIGN_PARAGRAPH.CENTER if head else getattr(WD_ALIGN_PARAGRAPH, column.align.upper())
        place.paragraph_format.line_spacing = 1.0
        place.paragraph_format.space_before = place.paragraph_format.space_after = Pt(1.5)
        run = place.add_run(text)
        run.font.size = Pt(points)
        if head:
            run.font.name = HEI
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEI)
            shade = OxmlElement("w:shd")
            for attribute, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", "E8EEF4")):
                shade.set(qn(attribute), value)
            cell._tc.get_or_add_tcPr().append(shade)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER  # last: the schema wants it behind the shading


def document_bytes(document: Document) -> bytes:
    """The document as a .docx whose bytes depend on its content alone: no clock, no sample picture of the library."""
    stream, target = io.BytesIO(), io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            if name == _SAMPLE:
                continue
            part = zipfile.ZipInfo(name, _ZIP_BIRTH)
            part.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(name)
            out.writestr(part, _SAMPLE_LINK.sub(b"", content) if name == "_rels/.rels" else content)
    return target.getvalue()


def is_untouched(path: Path) -> bool:
    """Whether the file is a document of ours that nobody saved again: a program puts its own user's name in."""
    try:
        with zipfile.ZipFile(path) as parts:
            core = parts.open("docProps/core.xml").read(10_000).decode()
    except (OSError, KeyError, UnicodeDecodeError, zipfile.BadZipFile):
        return False
    return re.search(rf"<cp:lastModifiedBy>{AUTHOR}</cp:lastModifiedBy>", core) is not None
