"""What the sheets and blocks are called that only a macro-enabled workbook has."""

from __future__ import annotations

BUTTON_PAGE, FINDINGS, CLIPBOARD, SETTINGS = "操作", "校验结果", "粘贴区", "xlwings.conf"
FINDINGS_NAME, CLIPBOARD_NAME, UNPLACED_NAME, MARKS_NAME = "jx.findings", "jx.clipboard", "jx.unplaced", "jx.marks"
FINDING_COLUMNS = ("severity", "code", "message", "remedy", "sheet", "cell", "path")
"""What the columns of `jx.findings` hold, from the left; the last three are hidden, and so are two more, of addresses to
colour: what must be mended and what must be explained on the sheet that `jx.marks` names in the same row. One place, so
that one write puts a whole 校验 there, or nothing of it."""
MARK_COLUMNS = 2
