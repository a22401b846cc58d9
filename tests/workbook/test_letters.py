"""退回意见: one page whatever there is to say, in Chinese fonts, the same bytes for the same words."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.model.review import Opinion
from jixiao_xl.workbook.documents import document_bytes, is_untouched, new_document
from jixiao_xl.workbook.letters import Letter, Sender, letter_bytes
from tests.office import Office
from tests.workbook.test_templates import errors_of

LETTER = Letter(
    "示例单位01", "429900-S001", "2026年部门整体绩效目标申报表", 2026, "declaration", 0, "一.xlsx", "1234-5678", (), (), (), "",
    "示例单位01_退回修改.xlsx", dt.date(2025, 12, 1), dt.date(2025, 12, 8), Sender("示例市财政局绩效科", "示例", "0710-0000000"),
)  # fmt: skip


def wrong(n: int, severity: str = "error", length: int = 6) -> Finding:
    params = {"label": f"第{n}处" + "长" * length, "stated": "写法", "why": "原因" * length, "expected": "改法" * length}
    return Finding("TXT106", severity, Where("", "资金情况", f"D{n}"), params)  # type: ignore[arg-type]


def said(n: int, text: str = "请核对", **more: str) -> Opinion:
    return Opinion("", "资金情况", f"E{n}", text, "审核人甲", "2025-12-01", **more)  # type: ignore[arg-type]


def texts(content: bytes) -> str:
    """Everything written on the page, cells separated."""
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def pages(pdf: Path) -> int:
    told = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", told)[1])  # type: ignore[index]


def test_the_letter_says_who_what_where_and_until_when() -> None:
    told = texts(
        letter_bytes(replace(LETTER, errors=(wrong(1),), asks=(wrong(2, "warning"),), opinions=(said(3),), why="口径不符"))
    )
    for word in (
        "退回意见", "示例单位01　429900-S001", "2026年部门整体绩效目标申报表", "2026年　申报", "修订号 0", "一.xlsx", "1234-5678",
        "必须修改 1 处，需要写情况说明 1 处，审核意见 1 条", "退回理由：口径不符。", "“示例单位01_退回修改.xlsx”", "请于 2025年12月8日 前重报",
        "资金情况!D1", wrong(1).message(), wrong(1).remedy(), "资金情况!D2", "资金情况!E3", "请核对", "审核人甲",
        "报送至：示例市财政局绩效科　　联系人：示例　　电话：0710-0000000", "2025年12月1日",
    ):  # fmt: skip
        assert word in told


def test_what_does_not_fit_is_counted_and_findable() -> None:
    told = texts(letter_bytes(replace(LETTER, errors=tuple(wrong(n) for n in range(1, 201)))))
    shown = len(re.findall(r"资金情况!D\d+", told))
    assert 10 < shown < 60 and f"其余 {200 - shown} 条见标注文件的“校验结果”" in told


def test_no_list_pushes_another_one_out() -> None:
    many = tuple(wrong(n) for n in range(200))
    told = texts(letter_bytes(replace(LETTER, errors=many, asks=many, opinions=tuple(said(n) for n in range(50)))))
    assert "一、必须修改" in told and "二、审核意见" in told and "三、需要情况说明" in told and "资金情况!E1" in told


def test_peoples_opinions_come_before_what_the_marked_copy_lists_anyway() -> None:
    many = tuple(wrong(n) for n in range(200))
    told = texts(letter_bytes(replace(LETTER, errors=many, asks=many, opinions=tuple(said(n) for n in range(12)))))
    assert len(re.findall(r"资金情况!E\d+", told)) == 12 and "请与我们联系" not in told


def test_a_unit_whose_file_cannot_be_copied_is_told_where_to_mend() -> None:
    told = texts(letter_bytes(replace(LETTER, marked="", errors=tuple(wrong(n) for n in range(100)), asks=(wrong(1, "warning"),))))
    assert "没有另附标注文件，请在下发的表样上修改" in told and "校验结果" not in told


def test_nothing_set_and_no_deadline_leave_room_for_the_pen() -> None:
    told = texts(letter_bytes(replace(LETTER, sender=Sender(), due=None)))
    assert "请于 　　　年　　月　　日 前重报" in told and "None" not in told


def test_the_answer_and_the_sentence_answered_stand_beside_the_opinion() -> None:
    opinion = said(1, "依据不足", answer="不采纳", about="变动超过 ±20%。")
    assert "不采纳：依据不足（变动超过 ±20%。）" in texts(letter_bytes(replace(LETTER, opinions=(opinion,))))


def test_the_same_words_give_the_same_bytes_without_a_clock() -> None:
    letter = replace(LETTER, errors=(wrong(1),))
    content = letter_bytes(letter)
    assert content == letter_bytes(letter) != letter_bytes(replace(LETTER, errors=(wrong(2),)))
    parts = zipfile.ZipFile(io.BytesIO(content))
    assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "docProps/thumbnail.jpeg" not in parts.namelist() and b"thumbnail" not in parts.read("_rels/.rels")


def test_styles_name_chinese_fonts_for_chinese_characters_on_a4() -> None:
    document = docx.Document(io.BytesIO(letter_bytes(LETTER)))
    for style, font in (("Normal", "宋体"), ("Title", "黑体"), ("Heading 2", "黑体")):
        fonts = document.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font and not [a for a in fonts.attrib if a.endswith("Theme")]
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    footer = section.footer.paragraphs[0]._p.xml
    assert "PAGE" in footer and "NUMPAGES" in footer


def test_a_document_that_somebody_saved_again_is_no_longer_ours(tmp_path: Path) -> None:
    own, theirs = tmp_path / "a.docx", tmp_path / "b.docx"
    own.write_bytes(document_bytes(new_document("报告")))
    document = docx.Document(str(own))
    document.core_properties.last_modified_by = "某人"
    document.save(str(theirs))
    (tmp_path / "c.docx").write_bytes(b"no zip")
    assert [is_untouched(tmp_path / name) for name in ("a.docx", "b.docx", "c.docx", "none.docx")] == [True, False, False, False]


@pytest.mark.slow
def test_the_letter_is_one_page_however_much_there_is_to_say(office: Office, tmp_path: Path) -> None:
    lots, long = tuple(wrong(n) for n in range(300)), tuple(wrong(n, length=90) for n in range(20))
    opinions = tuple(said(n, "请逐项核对后改正，并写明依据。" * 9) for n in range(30))
    cases = {
        "short": replace(LETTER, errors=lots[:1]),
        "errors": replace(LETTER, errors=lots),
        "all": replace(LETTER, errors=lots, asks=lots, opinions=opinions),
        "long": replace(LETTER, errors=long, asks=long, opinions=opinions, why="理由" * 200, unit="单位" * 25, form="表" * 60, book="名" * 70 + ".xlsx"),
    }  # fmt: skip
    made = []
    for name, letter in cases.items():
        made.append(tmp_path / f"{name}.docx")
        made[-1].write_bytes(letter_bytes(letter))
    assert [pages(pdf) for pdf in office.converted(made, "pdf")] == [1] * len(cases)


def test_the_open_xml_validator_has_nothing_to_say(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(letter_bytes(replace(LETTER, errors=(wrong(1),), opinions=(said(2),), asks=(wrong(3, "warning"),))))
    assert errors_of(path) == []
