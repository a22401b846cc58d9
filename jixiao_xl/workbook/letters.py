"""退回意见: one page that says to a unit what to mend, what to explain and by when. As much as fits is listed."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from jixiao_xl.model.dates import spoken_date
from jixiao_xl.model.facts import STAGE_WORDS, Stage
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.records import dataclass
from jixiao_xl.model.review import Opinion
from jixiao_xl.workbook.documents import BODY_PT, TEXT_CM, Column, document_bytes, new_document, paragraph, table
from jixiao_xl.workbook.fitting import width_of

if TYPE_CHECKING:
    from docx.document import Document

PAGE_CM = 26.1
"""Height of an A4 page between the margins."""
FIXED_CM = 5.6
"""Title, headings, opening and closing lines, with some to spare for a machine whose 宋体 is another font."""
TITLE_CM = 1.5
"""A heading over a list and the line below it."""
LIST_PT, CELL_PAD_CM = 9.0, 0.4
LINE_CM, ROW_CM = 0.42, 0.14
PT_CM = 2.54 / 72
LEAST_CM = 1.7
"""What the lists behind the first may keep for themselves."""
LONGEST, BRIEF = 140, 50
"""Characters of one cell, and of one where the page is nearly full; the marked copy has the whole sentence."""
_FACTS = (Column("", 2.4), Column("", 5.9), Column("", 2.4), Column("", 5.9))
_FINDINGS = (Column("序号", 1.1, "center"), Column("位置", 3.1), Column("问题", 6.8), Column("怎么改", 5.6))
_OPINIONS = (Column("序号", 1.1, "center"), Column("位置", 3.1), Column("意见", 9.6), Column("审核人", 2.8, "center"))
BLANK_DATE = "　　　年　　月　　日"


@dataclass(frozen=True)
class Sender:
    """Who sends the letters, as the settings have it; a part that nobody set stays blank."""

    office: str = ""
    contact: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Letter:
    """All that one 退回意见 says."""

    unit: str
    unit_key: str
    form: str
    """The form's title."""
    year: int
    stage: Stage
    revision: int
    book: str
    check_code: str
    errors: tuple[Finding, ...]
    """必须修改, in the order of mending."""
    asks: tuple[Finding, ...]
    """需要说明 without a 情况说明 yet."""
    opinions: tuple[Opinion, ...]
    why: str
    """The reviewer's reason for sending it back; may be empty."""
    marked: str
    """Name of the marked copy that goes along; empty where none could be made."""
    day: dt.date
    due: dt.date | None
    sender: Sender


Row = tuple[str, ...]


def letter_bytes(letter: Letter) -> bytes:
    """The letter as a .docx of one page."""
    document = new_document("退回意见")
    facts = (
        ("单位", "　".join(filter(None, (letter.unit, letter.unit_key))), "表样", _shortened(letter.form, BRIEF)),
        ("年度、阶段", f"{letter.year}年　{STAGE_WORDS[letter.stage]}", "版本", f"修订号 {letter.revision}"),
        ("所审文件", _shortened(letter.book, BRIEF), "校验码", letter.check_code or "—"),
    )
    table(document, _FACTS, facts, points=BODY_PT)
    opening = _opening(letter)
    for text in opening:
        paragraph(document, text, indent=True).paragraph_format.space_before = 60_000  # EMU, some 5 pt
    room = PAGE_CM - FIXED_CM - _height(_FACTS, facts, BODY_PT) - sum(_lines(t, TEXT_CM, BODY_PT) for t in opening) * 0.65
    _lists(document, letter, room)
    _closing(document, letter)
    return document_bytes(document)


def _opening(letter: Letter) -> list[str]:
    due = spoken_date(letter.due) if letter.due else BLANK_DATE
    counts = [f"必须修改 {len(letter.errors)} 处"] if letter.errors else []
    counts += [f"需要写情况说明 {len(letter.asks)} 处"] if letter.asks else []
    counts += [f"审核意见 {len(letter.opinions)} 条"] if letter.opinions else []
    found = f"你单位报送的材料经审核，{'，'.join(counts)}。" if counts else "你单位报送的材料经审核，退回修改。"
    why = f"退回理由：{_shortened(letter.why).rstrip('。')}。" if letter.why else ""
    if letter.marked:
        how = f"请在随附的“{letter.marked}”中修改（标色的格就是要改的地方，“校验结果”表逐条列出），改完直接报送该文件。"
    else:
        how = "原文件有内容没有读出，没有另附标注文件，请在下发的表样上修改后报送。"
    return [found + why, f"{how}请于 {due} 前重报。"]


def _lists(document: Document, letter: Letter, room: float) -> None:
    """The three lists, each as long as the page allows. People's opinions come first, they stand nowhere else;
    none pushes another out."""
    explain = "标注文件“校验结果”的“情况说明”列" if letter.marked else "“情况说明”表"
    lists = (
        ("必须修改", _FINDINGS, [_finding_row(f) for f in letter.errors]),
        ("审核意见", _OPINIONS, [_opinion_row(o) for o in letter.opinions]),
        (f"需要情况说明（属实的，在{explain}写明原因）", _FINDINGS, [_finding_row(f) for f in letter.asks]),
    )
    present = [each for each in lists if each[2]]
    shown = _shares(present, room - TITLE_CM * len(present))
    for n, (title, columns, rows) in enumerate(present):
        paragraph(document, f"{'一二三'[n]}、{title}", style="Heading 2")
        table(document, columns, [(str(i), *row[1:]) for i, row in enumerate(shown[n], 1)], points=LIST_PT)
        if rest := len(rows) - len(shown[n]):
            where = "见标注文件的“校验结果”" if letter.marked and columns is _FINDINGS else "请与我们联系"
            paragraph(document, f"其余 {rest} 条{where}。", style="Caption")


def _shares(lists: Sequence[tuple[str, Sequence[Column], list[Row]]], room: float) -> dict[int, list[Row]]:
    """Which rows of each list are shown in so many cm: opinions take theirs first, the others keep a little."""
    waiting = sorted(range(len(lists)), key=lambda n: lists[n][1] is not _OPINIONS)
    shown: dict[int, list[Row]] = {}
    while waiting:
        n = waiting.pop(0)
        kept = sum(min(LEAST_CM, _height(lists[later][1], lists[later][2], LIST_PT)) for later in waiting)
        shown[n] = _fitting(lists[n][1], lists[n][2], room - kept)
        room -= _height(lists[n][1], shown[n], LIST_PT)
    return shown


def _finding_row(finding: Finding) -> Row:
    return "", finding.where.spoken() or "—", _shortened(finding.message()), _shortened(finding.remedy())


def _opinion_row(opinion: Opinion) -> Row:
    place = f"{opinion.sheet}!{opinion.cell}" if opinion.sheet and opinion.cell else opinion.sheet or "全表"
    said = "：".join(filter(None, (opinion.answer, opinion.text)))
    return "", place, _shortened(f"{said}（{opinion.about}）" if opinion.about else said), opinion.by


def _closing(document: Document, letter: Letter) -> None:
    sender = letter.sender
    paragraph(document, f"重报期限：{spoken_date(letter.due) if letter.due else BLANK_DATE}").paragraph_format.space_before = 90_000
    paragraph(document, f"报送至：{sender.office or '　' * 14}　　联系人：{sender.contact or '　' * 5}　　电话：{sender.phone}")
    paragraph(document, sender.office, align="right")
    paragraph(document, spoken_date(letter.day), align="right")


# ---- what fits -----------------------------------------------------------------------
def _shortened(text: str, limit: int = LONGEST) -> str:
    """A very long sentence (it may quote a whole paragraph) up to its limit, in one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[:limit]}……"


def _lines(text: str, cm: float, points: float) -> int:
    """Lines of the text in a width, counted in half-width characters; one is kept back for Chinese line ends."""
    room = max(int(cm / (points * PT_CM) * 2) - 2, 2)
    return max(1, math.ceil(width_of(text) / room))


def _row_height(columns: Sequence[Column], row: Row, points: float) -> float:
    lines = max(_lines(text, column.width - CELL_PAD_CM, points) for column, text in zip(columns, row, strict=True))
    return lines * LINE_CM * points / LIST_PT + ROW_CM


def _height(columns: Sequence[Column], rows: Iterable[Row], points: float) -> float:
    """cm that the rows take, their heading included where the table has one."""
    head = LINE_CM + ROW_CM if columns[0].heading else 0.0
    return head + sum(_row_height(columns, row, points) for row in rows)


def _fitting(columns: Sequence[Column], rows: Sequence[Row], room: float) -> list[Row]:
    """The first rows that fit into so many cm; one at least, so that no list is only a heading."""
    shown: list[Row] = []
    for row in rows:
        if _height(columns, [*shown, row], LIST_PT) > room:
            break
        shown.append(row)
    return shown or [tuple(_shortened(text, BRIEF) for text in row) for row in rows[:1]]
