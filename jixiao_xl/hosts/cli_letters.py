"""What goes out after a consolidation:退回 (--return), the leader's report, 催报."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from jixiao_xl import operations
from jixiao_xl.hosts.arguments import bad_argument, stage_meant
from jixiao_xl.hosts.cli_options import ArchiveIfThere, StageMeant, archive_if_there, exit_for
from jixiao_xl.hosts.say import OUT, progress_bar, say_findings
from jixiao_xl.hosts.settings import setting
from jixiao_xl.model.dates import read_date
from jixiao_xl.model.findings import Finding

if TYPE_CHECKING:
    from jixiao_xl.archive.store import Archive
    from jixiao_xl.consolidate.summary import Summary

ReturnTo = Annotated[
    Path | None,
    typer.Option("--return", metavar="DIR", help="退回:有“必须修改”或审核退回的单位,各写一份标注文件和一页退回意见到这个文件夹。"),
]
Due = Annotated[str, typer.Option("--due", metavar="日期", help="退回意见上的重报期限,如 2026-12-05;不写则留空手填。")]
ReportTo = Annotated[Path | None, typer.Option("--report", metavar="FILE.docx", help="另写一份 2—3 页的情况报告。")]
RosterFile = Annotated[Path | None, typer.Option("--roster", help="应报单位名单。")]
Form = Annotated[str, typer.Option(help="只管这个表样。")]
Year = Annotated[int | None, typer.Option(help="只管这一年。")]
StageName = Annotated[str | None, typer.Option("--stage", help="只管这个阶段。")]


class FollowUp(NamedTuple):
    """What is written after the summary; made before it, so that nobody waits for a refusal."""

    folder: Path
    return_to: Path | None
    due: dt.date | None
    report: Path | None


def wanted(folder: Path, return_to: Path | None, due: str, report: Path | None) -> FollowUp:
    """The options checked; raises CannotRun for what cannot be meant."""
    day = read_date(due) if due else None
    if due and day is None:
        raise operations.CannotRun(bad_argument("--due", due, "写成 2026-12-05 的样子。"))
    operations.may_follow(folder, return_to, report)
    return FollowUp(folder, return_to, day, report)


def follow(asked: FollowUp, summary: Summary, archive: Archive | None, *, quiet: bool) -> tuple[dict[str, object], list[Finding]]:
    """Write it, and say it unless quiet; its part of the JSON, and what could not be done."""
    told: dict[str, object] = {}
    findings: list[Finding] = []
    if asked.return_to is not None:
        with progress_bar("退回", quiet=quiet) as progress:
            done = operations.return_all(
                summary, asked.folder, asked.return_to, office=setting("OFFICE"), contact=setting("CONTACT"),
                phone=setting("PHONE"), due=asked.due, archive=archive, progress=progress,
            )  # fmt: skip
        findings += done.findings
        told["returned"] = [
            {"unit": one.unit, "book": one.book, "copy": str(one.copy) if one.copy else None, "letter": str(one.letter),
             "errors": one.errors, "asks": one.asks, "opinions": one.opinions}
            for one in done.returned
        ]  # fmt: skip
        if not quiet:
            _say_returned(done, asked.return_to)
    if asked.report is not None:
        operations.write_report(summary, asked.report, office=setting("OFFICE"))
        told["report"] = str(asked.report)
        if not quiet:
            OUT.print(f"已生成 {asked.report}")
    return told, findings


def _say_returned(done: operations.ReturnedAll, target: Path) -> None:
    for one in done.returned:
        counts = f"必须修改 {one.errors} 处，待说明 {one.asks} 处，审核意见 {one.opinions} 条"
        OUT.print(f"退回　{one.unit}　{counts}" + ("" if one.copy else "　只有退回意见，没有标注文件（见下）"))
    say_findings(done.findings)
    copies = sum(one.copy is not None for one in done.returned)
    OUT.print(f"退回 {len(done.returned)} 个单位：标注文件 {copies} 份，退回意见 {len(done.returned)} 份，在 {target}")
    if done.returned and not setting("OFFICE"):
        OUT.print("退回意见没有写科室、联系人和电话；用 jixiao settings OFFICE、CONTACT、PHONE 各设一次，以后自动写上。")


def report(
    folder: Annotated[Path, typer.Argument(help="放报送件的文件夹。")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE.docx", help="写到哪个文件。")],
    roster_file: RosterFile = None,
    form: Form = "",
    year: Year = None,
    stage: StageName = None,
    archive: ArchiveIfThere = "",
) -> None:
    """情况报告:应报实报、按时率、资金增减、支出结构、常见问题、逾期名单,2—3 页 Word。"""
    wanted(folder, None, "", out)
    with progress_bar("汇总") as told:
        summary = operations.summary_of(
            folder, roster=roster_file, form=form, year=year, stage=stage_meant(stage) if stage else None,
            archive=archive_if_there(archive), progress=told,
        )  # fmt: skip
    operations.write_report(summary, out, office=setting("OFFICE"))
    say_findings(summary.findings)
    OUT.print(f"已生成 {out}")


def remind(
    roster_file: Annotated[Path, typer.Argument(metavar="ROSTER.xlsx", help="应报单位名单。")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="放到哪个文件夹。")],
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="放报送件的文件夹;不写则看历年数据库里登记了谁。")
    ] = None,
    form: Annotated[str, typer.Option(help="表样;不写则用设置里的。")] = "",
    year: Annotated[int | None, typer.Option(help="预算年度;不写则用设置里的。")] = None,
    stage: StageMeant = "",
    archive: ArchiveIfThere = "",
) -> None:
    """催报:按归口科室写好可以贴进群里的话,另出一份内部电话表。"""
    with progress_bar("催报") as told:
        done = operations.remind(
            roster_file, out, folder=folder, archive=archive_if_there(archive), form=form or setting("FORM"),
            year=year or int(setting("YEAR")), stage=stage_meant(stage), office=setting("OFFICE"), progress=told,
        )  # fmt: skip
    say_findings(done.findings)
    if not done.units:
        OUT.print("没有要催的单位。")
        return
    OUT.print(done.text)
    OUT.print(f"\n要催 {done.units} 个单位。已生成 {done.text_path}（贴进群里）、{done.phone_list}（内部使用）")
    exit_for(list(done.findings))
