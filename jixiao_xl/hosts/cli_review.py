"""`jixiao review`: the 审核工作簿 out and back, where every unit stands, single decisions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao_xl import operations
from jixiao_xl.hosts.arguments import STAGE_CHOICES, bad_argument, stage_named
from jixiao_xl.hosts.cli_options import DEFAULT_ARCHIVE, ArchiveAddress, Json, Out, exit_for
from jixiao_xl.hosts.say import ERR, OUT, progress_bar, say_findings, say_json
from jixiao_xl.model.facts import STAGE_WORDS
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.review import INCLUDED, STATES, Review

review_app = typer.Typer(no_args_is_help=True, help="审核:生成审核工作簿、读回、查看进度、改一个单位的状态。")

Form = Annotated[str, typer.Option(help="表样;不写则取最近一年报得最多的。")]
Year = Annotated[int | None, typer.Option(help="年度。", min=1990, max=2100)]
StageWord = Annotated[str | None, typer.Option(help=f"阶段:{STAGE_CHOICES}。")]


@review_app.command("make")
def review_make(
    out: Out,
    folder: Annotated[Path | None, typer.Argument(help="放报送件的文件夹;不写则用历年数据库里的。")] = None,
    roster_file: Annotated[Path | None, typer.Option("--roster", help="应报单位名单:未报的也列出。")] = None,
    form: Form = "",
    year: Year = None,
    stage: StageWord = None,
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
) -> None:
    """生成审核工作簿:各单位的状态、程序查出的问题和已有的意见,在 Excel 里填好后读回。"""
    store = operations.open_archive(archive)
    with progress_bar("审核") as told:
        made = operations.make_review(
            out, store, folder=folder, roster=roster_file, form=form, year=year,
            stage=stage_named(stage) if stage else None, progress=told,
        )  # fmt: skip
    say_findings(made.findings, ERR)
    OUT.print(f"已生成 {made.path}　{made.units} 家　问题 {made.problems} 条")
    exit_for(list(made.findings))


@review_app.command("read")
def review_read(
    books: Annotated[list[Path], typer.Argument(help="一个或多个填好的审核工作簿。")],
    by: Annotated[str, typer.Option(help="审核人:表里没有写审核人的,按这个。")] = "",
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
) -> None:
    """把填好的审核工作簿读回历年数据库;读几遍结果都一样。"""
    store = operations.open_archive(archive, only_existing=True)
    findings: list[Finding] = []
    for book in books:
        read = operations.read_review(book, store, by)
        say_findings(read.findings, ERR)
        OUT.print(f"{read.book}　新记 {read.taken} 条　已有 {read.already} 条　问题 {len(read.findings)} 条")
        findings += read.findings
    exit_for(findings)


@review_app.command("ls")
def review_ls(
    form: Form = "", year: Year = None, stage: StageWord = None, archive: ArchiveAddress = DEFAULT_ARCHIVE, as_json: Json = False
) -> None:
    """审核进度:各单位的状态、结论、纳入情况,谁在什么时候定的。"""
    store = operations.open_archive(archive, only_existing=True)
    found = operations.reviews(store, form=form, year=year, stage=stage_named(stage) if stage else None)
    if as_json:
        say_json([_plain(each) for each in found])
        return
    for each in found:
        OUT.print(_line(each))
    if found:
        counts = "　".join(f"{state} {count}" for state in STATES if (count := sum(each.review.state == state for each in found)))
        OUT.print(f"{found[0].form}　{found[0].year}年{STAGE_WORDS[found[0].stage]}　共 {len(found)} 家　{counts}")


@review_app.command("set")
def review_set(
    unit: Annotated[str, typer.Argument(help="单位名称或代码。")],
    word: Annotated[str, typer.Argument(metavar="STATE", help="退回修改、审核通过、已批复,或 纳入、不纳入。")],
    by: Annotated[str, typer.Option(help="审核人。")],
    why: Annotated[str, typer.Option(help="理由:退回、撤销、不纳入要写。")] = "",
    form: Form = "",
    year: Year = None,
    stage: StageWord = None,
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
) -> None:
    """改一个单位的审核状态,或定纳入、不纳入。"""
    if word not in (*STATES, *INCLUDED):
        raise operations.CannotRun(bad_argument("STATE", word, f"填 {'、'.join((*STATES[1:], *INCLUDED))}。"))
    if not by.strip():
        raise operations.CannotRun(bad_argument("--by", "空白", "写上审核人的名字。"))
    store = operations.open_archive(archive, only_existing=True)
    done = operations.set_review(
        store, unit, word, by=by.strip(), why=why.strip(), form=form, year=year, stage=stage_named(stage) if stage else None
    )
    OUT.print(_line(done))


def _line(each: operations.Standing) -> str:
    review = each.review
    told = [review.state, each.unit_name, review.unit_key, f"第 {review.version} 版", f"{review.by} {review.on[:10]}".strip()]
    if review.why:
        told.append(f"理由：{review.why}")
    if review.conclusion.overall:
        told.append(f"结论 {review.conclusion.overall}")
    if review.included:
        told.append(f"{review.included}（{review.included_by}{'：' + review.included_why if review.included_why else ''}）")
    if review.opinions:
        told.append(f"意见 {len(review.opinions)} 条")
    if review.unseen:
        told.append("有未看的新版")
    return "　".join(told)


def _plain(each: operations.Standing) -> dict[str, object]:
    review: Review = each.review
    return {
        "form": each.form, "year": each.year, "stage": each.stage, "unit": review.unit_key, "name": each.unit_name,
        "state": review.state, "by": review.by, "on": review.on, "version": review.version, "unseen": review.unseen,
        "conclusion": {"overall": review.conclusion.overall, **review.conclusion.aspects, "by": review.conclusion.by,
                       "on": review.conclusion.on},
        "included": review.included, "included_by": review.included_by, "included_why": review.included_why,
        "opinions": [
            {"code": o.code, "path": o.path, "sheet": o.sheet, "cell": o.cell, "text": o.text, "answer": o.answer,
             "by": o.by, "on": o.on, "version": o.version}
            for o in review.opinions
        ],
        "history": [{"state": s.state, "by": s.by, "on": s.on, "why": s.why, "version": s.version} for s in review.history],
    }  # fmt: skip
