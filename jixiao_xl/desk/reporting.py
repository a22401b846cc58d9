"""The leader's report of a summary, as a .docx."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from jixiao_xl.consolidate.report_figures import report_figures
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.desk.opening import save
from jixiao_xl.desk.outcomes import stop
from jixiao_xl.workbook.documents import is_untouched
from jixiao_xl.workbook.report_docx import report_bytes


def may_report_to(out: Path, folder: Path) -> None:
    """Asked before the long reading. Raises CannotRun for a target among the submissions, where it would be taken
    for one, and for a document that is not ours or that somebody went on writing."""
    if out.resolve().is_relative_to(folder.resolve()):
        raise stop("SYS908", what="报告", stated=str(out), advice="放到报送文件夹以外的地方，免得下次汇总当作报送件。")
    if out.exists() and not is_untouched(out):
        raise stop("SYS904", file=str(out))


def write_report(summary: Summary, out: Path, day: dt.date, office: str) -> None:
    """The report, over an older one of ours that nobody has edited."""
    content = report_bytes(summary, report_figures(summary, day), office)
    if out.exists() and not is_untouched(out):
        raise stop("SYS904", file=str(out))
    save(out, content, replace_old=True)
