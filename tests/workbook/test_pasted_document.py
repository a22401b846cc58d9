"""Word documents as clerks have them: what a person sees in the table is what is read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml

from jixiao_xl.workbook.guard import Refused
from jixiao_xl.workbook.pasted_document import document_rows
from jixiao_xl.workbook.pasted_file import read_pasted

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
START, END = f"<w:document {W}><w:body>", "</w:body></w:document>"


def cell(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{inner}</w:p></w:tc>"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def rows_of(*parts: str) -> list[list[str]]:
    return document_rows(f"{START}<w:tbl>{''.join(parts)}</w:tbl>{END}".encode())


SEEN = {
    "tracked changes are accepted": (
        f'<w:del w:id="1"><w:r><w:delText>≥90%</w:delText></w:r></w:del><w:ins w:id="2">{run("≥98%")}</w:ins>', "≥98%",
    ),
    "what was moved away is gone": (f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('新')}</w:moveTo>", "新"),
    "a sign from the font Symbol": (f'<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>{run("95%")}', "≥95%"),
    "a content control and a link": (
        f"<w:sdt><w:sdtContent>{run('预算')}</w:sdtContent></w:sdt><w:hyperlink>{run('执行率')}</w:hyperlink>", "预算执行率",
    ),
    "a field shows its result": ("<w:r><w:instrText>PAGE</w:instrText></w:r>" + run("3"), "3"),
    "hidden text is not seen": (run("草稿", "<w:vanish/>") + run("95%"), "95%"),
    "a text box is not in the line": (f"{run('规范')}<w:r><w:pict><w:p>{run('批示')}</w:p></w:pict></w:r>", "规范"),
}  # fmt: skip


@pytest.mark.parametrize("case", SEEN)
def test_a_cell_reads_as_it_is_seen(case: str) -> None:
    inner, said = SEEN[case]
    assert rows_of(row(cell(inner))) == [[said]]


def test_a_row_struck_out_is_gone_and_a_cell_in_a_content_control_keeps_its_column() -> None:
    struck = row(cell(run("旧行")), properties='<w:del w:id="1"/>')
    wrapped = f"<w:sdt><w:sdtContent>{cell(run('乙'))}</w:sdtContent></w:sdt>"
    assert rows_of(struck, row(cell(run("甲")), wrapped, cell(run("丙")))) == [["甲", "乙", "丙"]]


def test_merged_cells_are_repeated_and_a_row_that_begins_later_begins_later() -> None:
    first = row(cell(run("指标"), '<w:vMerge w:val="restart"/>'), cell(run("值"), '<w:gridSpan w:val="2"/>'))
    second = row(cell("", "<w:vMerge/>"), cell(run("上年")), cell(run("当年")))
    third = row(cell(run("95%")), properties='<w:gridBefore w:val="2"/>')
    assert rows_of(first, second, third) == [["指标", "值", "值"], ["指标", "上年", "当年"], ["", "", "95%"]]


def test_a_table_inside_a_cell_follows_its_row(tmp_path: Path) -> None:
    document = Document()
    outer = document.add_table(rows=1, cols=1).cell(0, 0)
    outer.text = "年度绩效指标"
    outer.add_table(rows=1, cols=2).cell(0, 1).text = "≥95%"
    document.save(str(tmp_path / "a.docx"))
    assert read_pasted(tmp_path / "a.docx") == [["年度绩效指标"], ["", "≥95%"]]


def test_a_table_in_a_content_control_is_read(tmp_path: Path) -> None:
    document = Document()
    table = document.add_table(rows=1, cols=1)
    table.cell(0, 0).text = "甲"
    control = parse_xml(f"<w:sdt {W}><w:sdtContent/></w:sdt>")
    table._tbl.addprevious(control)
    control[0].append(table._tbl)
    document.save(held := io.BytesIO())
    (tmp_path / "a.docx").write_bytes(held.getvalue())
    assert read_pasted(tmp_path / "a.docx") == [["甲"]]


HOSTILE = {
    "cut off": f"{START}<w:tbl>",
    "no body": f"<w:document {W}/>",
    "nested without end": START + "<w:sdt>" * 20_000 + "</w:sdt>" * 20_000 + END,
    "sixteen bits": f"{START}{END}".encode("utf-16"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_text_is_refused(case: str) -> None:
    text = HOSTILE[case]
    with pytest.raises(Refused) as refused:
        document_rows(text if isinstance(text, bytes) else text.encode())
    assert refused.value.why == "文件内部损坏"


def test_a_cell_that_claims_a_million_columns_has_as_many_as_word_allows() -> None:
    wide = rows_of(row(cell(run("甲"), '<w:gridSpan w:val="999"/>')))
    assert wide == [["甲"] * 63]
    assert rows_of(row(cell(run("甲"), '<w:gridSpan w:val="1000000000"/>'))) == [["甲"]]
