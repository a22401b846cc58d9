"""按建议修改 in an open workbook: the suggestion of one finding into its cell.

A certain suggestion (`Code.sure`) that brings no new error is written at once; any other is asked about
first. A cell that is computed is never written: its parts are what to change.
"""

from __future__ import annotations

from collections.abc import Iterator

from jixiao_xl.desk.cell_changes import CellWrite, Edit, RowChange, joined_rows, refused
from jixiao_xl.desk.draft import Draft, error_keys, new_errors
from jixiao_xl.desk.ground import Ground
from jixiao_xl.desk.judging import judged
from jixiao_xl.forms.layout import split_paragraphs
from jixiao_xl.model.codes import CATALOGUE
from jixiao_xl.model.facts import BadPath, FactPath, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import row_and_column
from jixiao_xl.workbook.entry_rules import JOIN_WORD
from jixiao_xl.workbook.reading import Reading
from jixiao_xl.workbook.values import cell_content

NO_SUGGESTION = "这一条没有可以直接采用的建议值。{remedy}"
NO_CELL = "找不到这一格：可能行已移动，请重新校验后再试。"
COMPUTED = "这一格自动计算，请改分项。公式已被数值覆盖的，请审核方用“退回修改”发回的文件恢复公式，或用 jixiao fix 生成修改稿。"
ALREADY = "这一格已经是建议的值，不用再改。"


def fix_writes(reading: Reading, finding: Finding, ground: Ground) -> Edit:
    """The edit for one finding, with a question where a person has to decide, or a refusal."""
    if finding.suggested is None:
        return refused(NO_SUGGESTION.format(remedy=finding.remedy()))
    path = _path(finding.where.path)
    draft = Draft(reading, from_workbook=True)
    slot = draft.slot(finding.where.path)
    place = reading.places.get(finding.where.path)
    if path is None or slot is None or place is None or not place.cell:
        return refused(NO_CELL)
    if finding.where.path in draft.derived:
        return refused(COMPUTED)
    if not draft.would_change(finding.where.path, finding.suggested):
        return refused(ALREADY)
    if slot.content == "paragraph":
        edit = _prose(ground, path, finding.suggested)
        if edit.refusal:
            return edit
    else:
        row, column = row_and_column(place.cell)
        edit = Edit((CellWrite(place.sheet, row, column, cell_content(finding.suggested, slot.content)[0]),))
    return Edit(edit.writes, edit.rows, question=_question(reading, draft, finding))


def _path(text: str) -> FactPath | None:
    try:
        return parse_path(text)
    except BadPath:
        return None


def _question(reading: Reading, draft: Draft, finding: Finding) -> str:
    """What to ask first; nothing for a certain value that does no harm."""
    assert finding.suggested is not None and reading.filing is not None
    known = error_keys(judged(reading).findings)
    stated = reading.filing.value(finding.where.path) or "空白"
    draft.write(finding.where.path, finding.suggested)
    harm = dict.fromkeys(f.code for f in new_errors(draft, known))
    change = f"{finding.where.spoken()} 由“{_short(stated)}”改为“{_short(finding.suggested)}”"
    if harm:
        said = "、".join(
            f"{code}（{CATALOGUE[code].fix.partition('。')[0]}）" if "{" not in CATALOGUE[code].fix else code for code in harm
        )
        return f"{change}后，会出现新的必须修改：{said}。仍要改吗？"
    return "" if finding.entry.sure else f"{change}。建议值供参考，请核对。确定改吗？"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _prose(ground: Ground, path: FactPath, text: str) -> Edit:
    """A text of several paragraphs into its rows: those that stay as they are are not written."""
    stand = ground.of_instance(path.block, path.instance)
    if stand is None:
        return refused(NO_CELL)
    pieces = split_paragraphs(text)
    rows = [row for row in stand.rows if "text" in row.columns and "join" in row.columns]
    if len(pieces) > len(rows):
        return refused(f"“{stand.area.sheet}”最多 {len(rows)} 段，放不下建议的 {len(pieces)} 段：请自己改。")

    def changed() -> Iterator[CellWrite]:
        for n, row in enumerate(rows):
            piece, joined = pieces[n] if n < len(pieces) else ("", False)
            for key, value in (("text", piece), ("join", JOIN_WORD if joined else "")):
                if row.shows[row.columns[key]] != value:
                    yield CellWrite(stand.area.sheet, row.row, row.columns[key], value or None)

    shown = (RowChange(stand.area.sheet, row.row, row.row, True) for row in rows[: len(pieces)])
    return Edit(tuple(changed()), joined_rows(shown))
