"""Findings onto the sheets of an open workbook: 校验结果 in one write, the colours of all sheets in another."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao_xl.desk.opened import OpenForm
from jixiao_xl.hosts.port import CellValue, Host
from jixiao_xl.model.findings import SEVERITIES, SEVERITY_WORDS, Finding
from jixiao_xl.workbook.live_sheets import Place
from jixiao_xl.workbook.macro_names import CLIPBOARD_NAME, FINDINGS_NAME, MARKS_NAME, UNPLACED_NAME

COLOURED = ("error", "warning")
"""The severities whose cells are coloured, in the order of the columns of `jx.marks`."""
LONGEST = 30_000
"""Characters of addresses a cell takes; Excel's own limit is 32,767."""
FORMULA_SIGNS = ("=", "+", "-", "@")
CUT = "其余 {left} 条放不下，改完这些再点“校验”。"


def has_buttons_sheets(host: Host, form: OpenForm) -> bool:
    """Whether the open workbook is the macro-enabled variant, with room for findings."""
    return host.is_open and {FINDINGS_NAME, MARKS_NAME, CLIPBOARD_NAME, UNPLACED_NAME} <= form.sheets.places.keys()


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """What must be mended first, explained ones last; within that in the order found."""
    return sorted(findings, key=lambda f: (f.explained, SEVERITIES.index(f.severity)))


def show_findings(host: Host, form: OpenForm, findings: Sequence[Finding]) -> None:
    """List them on 校验结果 and colour their cells; what was there before goes."""
    place = form.place(FINDINGS_NAME)
    rows = _as_rows(ordered(findings), place.bottom - place.top + 1)
    host.write(place.sheet, place.area, rows)
    marks = form.place(MARKS_NAME)
    host.write(marks.sheet, _colour_columns(marks), _addresses(host, marks, findings))


def _as_rows(findings: list[Finding], room: int) -> list[list[CellValue]]:
    """One row a finding in the columns of `jx.findings`; blank rows to the end of the place."""
    rows: list[list[CellValue]] = [
        [SEVERITY_WORDS[f.severity], f.code, _message(f), f.remedy(), f.where.sheet, f.where.cell, f.where.path] for f in findings
    ]
    if len(rows) > room:
        left = len(rows) - room + 1
        rows[room - 1 :] = [[SEVERITY_WORDS["hint"], None, CUT.format(left=left), None, None, None, None]]
    return [[as_text(cell) for cell in row] for row in rows] + [[None] * 7 for _ in range(room - len(rows))]


def as_text(cell: CellValue) -> CellValue:
    """A sentence may quote what a person typed; in front of a cell, `=1+1` would be calculated."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA_SIGNS else cell or None


def _message(finding: Finding) -> str:
    return f"{finding.message()}（已说明：{finding.reason}）" if finding.explained else finding.message()


def _colour_columns(marks: Place) -> str:
    """The columns of addresses; the first one holds the sheets' names."""
    return Place(marks.sheet, marks.top, marks.left + 1, marks.bottom, marks.right).area


def _addresses(host: Host, marks: Place, findings: Sequence[Finding]) -> list[list[CellValue]]:
    """Per sheet the cells to colour, as `,D10,D13,`; a cell that must be mended is not a warning too."""
    names = host.read(marks.sheet, Place(marks.sheet, marks.top, marks.left, marks.bottom, marks.left).area)
    rows: list[list[CellValue]] = []
    for (name,) in names:
        said: list[CellValue] = []
        taken: set[str] = set()
        for severity in COLOURED:
            here = [f.where.cell for f in findings if f.where.sheet == name and f.severity == severity and not f.explained]
            cells = [cell for cell in dict.fromkeys(here) if cell and cell not in taken]
            taken.update(cells)
            text = f",{','.join(cells)}," if cells else None
            said.append(text if text is None or len(text) <= LONGEST else text[: text.rindex(",", 0, LONGEST) + 1])
        rows.append(said)
    return rows
