"""Findings onto the sheets of an open workbook: the list on 校验结果 and the colours of all sheets in one write."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao_xl.desk.opened import OpenForm
from jixiao_xl.hosts.port import CellValue, Host
from jixiao_xl.model.findings import SEVERITIES, SEVERITY_WORDS, Finding
from jixiao_xl.workbook.macro_names import CLIPBOARD_NAME, FINDING_COLUMNS, FINDINGS_NAME, MARKS_NAME, UNPLACED_NAME

COLOURED = ("error", "warning")
"""The severities whose cells are coloured, in the order of their columns in `jx.findings`."""
WIDTH = len(FINDING_COLUMNS) + len(COLOURED)
LONGEST = 8_000
"""Characters of addresses for a cell, some 1,600 cells of a sheet: Excel refuses a block in which a text has more than 8,203."""
FORMULA_SIGNS = ("=", "+", "-", "@")
CUT = "其余 {left} 条放不下，改完这些再点“校验”。"


def has_buttons_sheets(host: Host, form: OpenForm) -> bool:
    """Whether the open workbook is the macro-enabled variant, with room for findings (in one of an older release their
    room was another: it is treated as a plain one)."""
    place = form.sheets.places.get(FINDINGS_NAME)
    is_ours = place is not None and place.right - place.left + 1 == WIDTH
    return host.is_open and is_ours and {MARKS_NAME, CLIPBOARD_NAME, UNPLACED_NAME} <= form.sheets.places.keys()


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """What must be mended first, explained ones last; within that in the order found."""
    return sorted(findings, key=lambda f: (f.explained, SEVERITIES.index(f.severity)))


def show_findings(host: Host, form: OpenForm, findings: Sequence[Finding]) -> None:
    """List them on 校验结果 and colour their cells; what was there before goes. One write: all of it or nothing."""
    place, marks = form.place(FINDINGS_NAME), form.place(MARKS_NAME)
    room = place.bottom - place.top + 1
    listed = _as_rows(ordered(findings), room)
    addresses = _addresses([name for (name,) in host.read(marks.sheet, marks.area)], findings)
    blank: list[CellValue] = [None] * len(COLOURED)
    host.write(place.sheet, place.area, [row + (addresses[n] if n < len(addresses) else blank) for n, row in enumerate(listed)])


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


def _addresses(sheets: Sequence[CellValue], findings: Sequence[Finding]) -> list[list[CellValue]]:
    """Per sheet the cells to colour, as `,D10,D13,`; a cell that must be mended is not a warning too."""
    rows: list[list[CellValue]] = []
    for name in sheets:
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
