"""What the sheets and blocks are called that only a macro-enabled workbook has."""

from __future__ import annotations

BUTTON_PAGE, FINDINGS, CLIPBOARD, MARKS, SETTINGS = "操作", "校验结果", "粘贴区", "_jixiao_marks", "xlwings.conf"
FINDINGS_NAME, CLIPBOARD_NAME, UNPLACED_NAME, MARKS_NAME = "jx.findings", "jx.clipboard", "jx.unplaced", "jx.marks"
FINDING_COLUMNS = ("severity", "code", "message", "remedy", "sheet", "cell", "path")
"""What the columns of `jx.findings` hold, from the left; the last three are hidden."""
