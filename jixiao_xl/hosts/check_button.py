"""校验 and 说明: what is wrong with the open workbook, and what a finding means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jixiao_xl import operations
from jixiao_xl.desk.numbered import free_path
from jixiao_xl.desk.opened import OpenForm
from jixiao_xl.hosts.archives import archive_if_there
from jixiao_xl.hosts.choosing import folder_beside
from jixiao_xl.hosts.port import Host
from jixiao_xl.hosts.showing import has_buttons_sheets, ordered, show_findings
from jixiao_xl.model.findings import Finding, counted, spoken_counts
from jixiao_xl.model.places import row_and_column
from jixiao_xl.workbook.live_sheets import Place
from jixiao_xl.workbook.macro_names import FINDING_COLUMNS, FINDINGS, FINDINGS_NAME

if TYPE_CHECKING:
    from jixiao_xl.archive.store import Archive

CHECK, EXPLAIN = "校验", "说明"
NEXT = {
    "error": "请看“校验结果”，从上往下改，点位置跳到该格。",
    "warning": "属实的，在“情况说明”里写明原因；不属实的改正。",
    "": "可以生成报送文件了。",
}


def check(host: Host) -> None:
    """Judge the workbook, list the findings, colour the cells, close with one message."""
    host.status("正在校验……")
    form = operations.open_form(host, host.name)
    form.must_be_ours()
    archive = archive_if_there(host)
    if not has_buttons_sheets(host, form):
        return _check_plain(host, form, archive)
    checked = operations.judged(form.reading, archive)
    with host.editing():
        show_findings(host, form, checked.findings)
    said = "　".join(spoken_counts(checked.findings))
    host.status(f"校验完成：{said}")
    counts = counted(f for f in checked.findings if not f.explained)
    worst = next((severity for severity in ("error", "warning") if counts[severity]), "")
    host.tell(f"校验完成：{said}。\n{NEXT[worst]}", CHECK)
    return None


def _check_plain(host: Host, form: OpenForm, archive: Archive | None) -> None:
    """A plain .xlsx has no room for findings: they come as a marked copy beside it, which opens."""
    folder = folder_beside(host, "校验结果放在哪个文件夹？")
    out = free_path(folder / f"{Path(host.name).stem}_校验结果.xlsx")
    if host.is_open or host.path is None:
        checked = operations.mark_open(form.reading, out, archive)
    else:  # of a file more can be found: macros that are not ours, structure that was changed
        checked = operations.mark(host.path, out, archive)
    host.status("")
    host.open(out)
    host.tell(f"校验完成：{'　'.join(spoken_counts(checked.findings))}。\n结果在 {out.name}，错处已标色。", CHECK)


# ---- which finding the person means -------------------------------------------------------
def chosen_finding(host: Host, form: OpenForm) -> Finding | None:
    """The finding of the selected line of 校验结果, else the gravest one of the selected cell."""
    form.must_be_ours()
    sheet, cell = host.selection()
    findings = ordered(operations.judged(form.reading, archive_if_there(host)).findings)
    if sheet == FINDINGS and FINDINGS_NAME in form.sheets.places:
        return _listed(host, form.place(FINDINGS_NAME), row_and_column(cell)[0], findings)
    return next((f for f in findings if (f.where.sheet, f.where.cell) == (sheet, cell)), None)


def _listed(host: Host, place: Place, row: int, findings: list[Finding]) -> Finding | None:
    """The finding that a line of the list is about, as it stands now; None once it is mended."""
    if not place.top <= row <= place.bottom:
        return None
    (line,) = host.read(place.sheet, Place(place.sheet, row, place.left, row, place.right).area)
    held = dict(zip(FINDING_COLUMNS, line, strict=False))  # behind them stand the addresses of a sheet
    same = [f for f in findings if f.code == held["code"] and (f.where.path or None) == held["path"]]
    exact = [f for f in same if (f.where.sheet or None, f.where.cell or None) == (held["sheet"], held["cell"])]
    return next(iter(exact or same), None)


def none_here(host: Host) -> str:
    """That the selected cell has no finding."""
    sheet, cell = host.selection()
    return f"所选的格（{sheet}!{cell}）没有问题。请先点“校验”，再选中“校验结果”里的一条，或标了颜色的格。"


def explain_finding(host: Host) -> None:
    """The page of the selected finding: what, why, how to mend."""
    form = operations.open_form(host, host.name)
    finding = chosen_finding(host, form)
    if finding is None:
        host.tell(none_here(host), EXPLAIN)
        return
    suggested = f"\n建议值：{finding.suggested}" if finding.suggested is not None else ""
    page = operations.explain(finding.code)
    host.tell(f"{finding.where.spoken()}\n{finding.message()}\n怎么改：{finding.remedy()}{suggested}\n\n{page}", EXPLAIN)
