"""The city's buttons: 下发, 接收登记, 汇总, 退回. They work on files that the person chooses."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from jixiao_xl import operations
from jixiao_xl.hosts import choosing
from jixiao_xl.hosts.archives import archive_if_there, archive_of
from jixiao_xl.hosts.clicking import spoken
from jixiao_xl.hosts.port import Host, NothingChosen
from jixiao_xl.hosts.settings import setting
from jixiao_xl.model.findings import Finding, spoken_counts
from jixiao_xl.model.home import from_home

WORKBOOKS = "*.xlsx;*.xlsm"
EVERY_S = 0.5
"""Seconds between two words of progress."""
SHOWN = 12
"""Lines of a closing message; a longer list is named by its length."""


def _progress(host: Host, what: str) -> Callable[[str, int, int], None]:
    """Tells the status bar, and stops between two files when the person holds Esc."""

    last = -EVERY_S

    def told(name: str, done: int, total: int) -> None:
        nonlocal last
        if host.is_cancelled():
            raise operations.Cancelled
        if done and time.monotonic() - last < EVERY_S:
            return  # the beginning of each step is said; Excel draws its status bar no faster than anybody reads it
        last = time.monotonic()
        host.status(f"{what} {done}/{total}：{name}（按住 Esc 可以取消）")

    return told


def _close(host: Host, title: str, lines: list[str], findings: list[Finding] | tuple[Finding, ...]) -> None:
    """One closing message: what was done, then the first of what has to be looked at."""
    said = [*lines, *(spoken(f) for f in findings[:SHOWN])]
    if len(findings) > SHOWN:
        said.append(f"……共 {len(findings)} 条。")
    host.status("")
    host.tell("\n".join(said), title)


def _roster(host: Host) -> Path | None:
    """The roster of the settings, else the one that the person chooses."""
    known = setting("ROSTER", host)
    return from_home(known) if known else host.choose_file("选择应报单位名单", WORKBOOKS)


def issue(host: Host) -> None:
    """下发: one workbook per unit of the roster, on the form and year of the open workbook."""
    filing = operations.open_form(host, host.name, glance=True).filing
    roster = _roster(host)
    if roster is None:
        raise NothingChosen
    folder = choosing.folder(host, f"选择文件夹，存放下发的 {filing.year} 年表样")
    issued = operations.issue(
        roster, f"{filing.form}.{filing.edition}", filing.year, folder, archive=archive_if_there(host),
        stage=filing.stage, progress=_progress(host, "下发"),
    )  # fmt: skip
    _close(host, "下发", [f"已生成 {len(issued.files)} 份表样和《{issued.list_path.name}》，在 {folder}。"], issued.findings)


def receive(host: Host) -> None:
    """接收登记: every workbook of a folder into the archive; a refused one is named, the others go on."""
    folder = choosing.folder(host, "选择放报送件的文件夹")
    archive, roster = archive_of(host), setting("ROSTER", host)
    told = _progress(host, "接收登记")
    books = [p for p in sorted(folder.rglob("*")) if p.suffix.lower() in operations.BOOKS and not p.name.startswith("~$")]
    taken, same = 0, 0
    findings: list[Finding] = []
    for n, path in enumerate(books):
        told(path.name, n, len(books))
        try:
            receipt = operations.deposit(path, archive, roster=from_home(roster) if roster else None)
        except operations.CannotRun as refused:
            findings += refused.findings
            continue
        findings += [f for f in receipt.findings if f.code.startswith(("ARC", "WBK"))]
        if receipt.deposited is not None:
            taken += receipt.deposited.is_new
            same += not receipt.deposited.is_new
    _close(
        host,
        "接收登记",
        [f"{len(books)} 个文件：新登记 {taken} 份，已登记过 {same} 份，未登记 {len(books) - taken - same} 份。"],
        findings,
    )


def consolidate(host: Host) -> None:
    """汇总: a folder of submissions into one summary beside it, which opens when it is whole."""
    folder = choosing.folder(host, "选择放报送件的文件夹")
    roster = _roster(host)
    out = folder.parent / f"{folder.name}_汇总.xlsx"
    summary = operations.consolidate(folder, out, roster=roster, archive=archive_if_there(host), progress=_progress(host, "汇总"))
    received = sum(unit.used is not None for unit in summary.units)
    whole = "完整" if summary.is_complete else "不完整"
    lines = [f"{whole}：应报 {len(summary.units)} 个单位，已汇总 {received} 个。汇总表：{out}",
             "各单位报送件中的问题：" + "　".join(spoken_counts(summary.judged))]  # fmt: skip
    host.open(out)
    _close(host, "汇总", lines, summary.findings)


def return_marked(host: Host) -> None:
    """退回: a marked copy of one submission, still fillable, beside the file itself."""
    path = choosing.file(host, "选择要退回的报送件", WORKBOOKS)
    out = path.with_name(f"{path.stem}_退回修改.xlsx")
    checked = operations.mark(path, out, archive_if_there(host))
    host.open(out)
    _close(host, "退回", [f"{checked.unit.name}：{'　'.join(spoken_counts(checked.findings))}", f"退回件：{out}"], ())
