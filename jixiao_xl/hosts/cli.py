"""The verbs on the command line. Exit codes: 0 no errors, 1 errors found, 2 could not run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from jixiao_xl import __version__, operations
from jixiao_xl.hosts import cli_letters, cli_return
from jixiao_xl.hosts.answering import answered
from jixiao_xl.hosts.arguments import (
    STAGE_CHOICES,
    bad_argument,
    files_meant,
    functions_wanted,
    repeats_asked,
    scheduler_meant,
    stage_meant,
    stage_named,
)
from jixiao_xl.hosts.cli_approve import approve
from jixiao_xl.hosts.cli_archive import archive_app
from jixiao_xl.hosts.cli_budget import budget_app
from jixiao_xl.hosts.cli_diff import diff
from jixiao_xl.hosts.cli_doctor import doctor
from jixiao_xl.hosts.cli_excel import excel_app
from jixiao_xl.hosts.cli_execution import execution_app
from jixiao_xl.hosts.cli_follow import Actuals, follow
from jixiao_xl.hosts.cli_options import (
    DEFAULT_ARCHIVE,
    ArchiveAddress,
    ArchiveIfThere,
    Json,
    Out,
    Scheduler,
    StageMeant,
    archive_if_there,
    exit_for,
)
from jixiao_xl.hosts.cli_press import press
from jixiao_xl.hosts.cli_review import review_app
from jixiao_xl.hosts.cli_settings import settings
from jixiao_xl.hosts.say import ERR, OUT, progress_bar, ready_streams, say_checked, say_findings, say_json, say_overview
from jixiao_xl.model.codes import CATALOGUE
from jixiao_xl.model.facts import STAGE_WORDS, Unit
from jixiao_xl.model.findings import Finding

app = typer.Typer(no_args_is_help=True, add_completion=True, rich_markup_mode=None, pretty_exceptions_enable=False,
                  help="部门整体绩效目标申报表:生成表样、填写、校验、登记、提取上年数、汇总。")  # fmt: skip
app.add_typer(archive_app, name="archive")
app.add_typer(budget_app, name="budget")
app.add_typer(execution_app, name="execution")
app.add_typer(excel_app, name="excel")
app.add_typer(review_app, name="review")


@app.command("forms")
def forms_command(as_json: Json = False) -> None:
    """列出全部表样及其栏目。"""
    specs = operations.forms()
    if as_json:
        say_json([
            {"form": s.form.id, "edition": s.form.edition, "title": s.form.title, "stages": list(s.form.stages),
             "blocks": [{"id": b.id, "kind": b.kind, "sheet": b.sheet} for b in s.block]}
            for s in specs
        ])  # fmt: skip
        return
    for spec in specs:
        stages = "、".join(STAGE_WORDS[s] for s in spec.form.stages)
        OUT.print(f"{spec.form.id}　{spec.form.edition} 版　{stages}　{spec.form.source}")
        OUT.print(f"　　{'、'.join(dict.fromkeys(b.sheet for b in spec.block))}")


@app.command()
def template(
    form: Annotated[str | None, typer.Argument(help="表样,如 hubei.dept_overall。")] = None,
    year: Annotated[int | None, typer.Option(help="预算年度。")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="写到哪个文件。")] = None,
    unit: Annotated[str, typer.Option(help="单位名称。")] = "",
    unit_key: Annotated[str, typer.Option(help="单位代码:行政区划代码-预算单位代码。")] = "",
    stage: StageMeant = "",
    repeat: Annotated[list[str] | None, typer.Option(help="重复栏目的个数,如 project=4。")] = None,
    all_forms: Annotated[bool, typer.Option("--all", help="把全部表样重建到 -o 指定的文件夹(默认 xlsx_templates)。")] = False,
    macros: Annotated[bool, typer.Option("--macros", help="带按钮和“绩效填报”选项卡的 .xlsm。")] = False,
    formulas: Annotated[str, typer.Option(help="占比、执行率用原生公式(native)还是自定义函数(udf,须同时 --macros)。")] = "native",
) -> None:
    """生成空白表样工作簿。"""
    if all_forms:
        for path in operations.make_shipped_templates(out or Path("xlsx_templates")):
            OUT.print(str(path))
        return
    if form is None or year is None:
        raise operations.CannotRun(
            bad_argument("参数", "缺少表样或 --year", "写成 jixiao template hubei.dept_overall --year 2026 -o 文件.xlsx。")
        )
    target = out or Path(f"{form}.{year}{'.xlsm' if macros else '.xlsx'}")
    repeats = repeats_asked(repeat or [])
    operations.make_template(
        form, year, target, unit=Unit(unit, unit_key), stage=stage_meant(stage), repeats=repeats, macros=macros,
        functions=functions_wanted(formulas),
    )  # fmt: skip
    OUT.print(f"已生成 {target}")


@app.command()
def trial(out: Annotated[Path, typer.Option("-o", "--out", help="写到哪个文件。")] = Path("试算.xlsm")) -> None:
    """生成试算工作簿:每个自定义函数的例子,与原生公式对照。"""
    OUT.print(f"已生成 {operations.make_trial(out)}")


@app.command()
def addin(out: Annotated[Path, typer.Option("-o", "--out", help="写到哪个文件。")] = Path("jixiao.xlam")) -> None:
    """生成 Excel 加载项:继续用 .xlsx 表样的,装上它也有“绩效填报”选项卡。"""
    OUT.print(f"已生成 {operations.make_addin(out)}")


@app.command()
def fill(
    form: Annotated[str, typer.Argument(help="表样。")],
    facts: Annotated[Path, typer.Argument(help="FACTS.toml。")],
    out: Out,
    as_stated: Annotated[bool, typer.Option(help="推算值与填报数不同时,把填报数写在公式上。")] = False,
) -> None:
    """把一份 FACTS.toml 填进表样。"""
    done = operations.fill(form, facts, out, as_stated=as_stated)
    say_findings(done.findings, ERR)
    OUT.print(f"已生成 {done.path}")
    exit_for(list(done.findings))


@app.command()
def read(file: Annotated[Path, typer.Argument(help="工作簿或 FACTS.toml。")], as_json: Json = False) -> None:
    """读出一份报送件里的全部数据及其位置。"""
    reading = operations.read(file)
    if reading.filing is None:
        raise operations.CannotRun(*reading.findings)
    say_findings(reading.findings, ERR)
    filing = reading.filing
    if as_json:
        say_json({
            "form": filing.form, "edition": filing.edition, "year": filing.year, "stage": filing.stage,
            "unit": {"name": filing.unit.name, "key": filing.unit.key}, "revision": filing.revision,
            "check_code": reading.check_code,
            "facts": [{"path": f.path, "value": f.value, "sheet": f.sheet, "cell": f.cell} for f in filing.facts.values()],
        })  # fmt: skip
        return
    OUT.print(
        f"{filing.form} {filing.edition}　{filing.year}年{STAGE_WORDS[filing.stage]}　{filing.unit.name} {filing.unit.key}　校验码 {reading.check_code or '—'}"
    )
    for fact in filing.facts.values():
        OUT.print(f"{fact.sheet}!{fact.cell}　{fact.path} = {fact.value}")


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="一个或多个工作簿或 FACTS.toml。")],
    marked: Annotated[
        Path | None,
        typer.Option("--mark", metavar="OUT.xlsx", help="退回修改:另存一份,错处标色,附校验结果和校验报告(一次一个文件)。"),
    ] = None,
    archive: ArchiveIfThere = "",
    as_json: Json = False,
) -> None:
    """校验:列出要修改和要说明的地方;--mark 另存一份标出错处的。"""
    meant = files_meant(files)
    if marked is not None and len(meant) != 1:
        raise operations.CannotRun(bad_argument("--mark", f"{len(meant)} 个文件", "一次标记一个文件。"))
    store = archive_if_there(archive)
    checked = []
    with progress_bar("校验", quiet=as_json or len(meant) == 1) as told:
        for n, path in enumerate(meant):
            told(path.name, n, len(meant))
            checked.append(operations.check(path, store) if marked is None else operations.mark(path, marked, store))
    if as_json:
        say_json({"files": [c.as_json() for c in checked]})
    else:
        for one in checked:
            say_checked(one)
        if len(checked) > 1:
            say_overview(checked)
        if marked is not None:
            OUT.print(f"已生成 {marked}")
    if any(not c.form for c in checked):
        raise typer.Exit(2)
    exit_for([f for c in checked for f in c.findings])


app.command()(cli_return.fix)
app.command()(cli_return.compare)
app.command()(diff)
app.command()(approve)
app.command()(follow)
app.command()(press)
app.command()(cli_return.code)
app.command()(cli_letters.report)
app.command()(cli_letters.remind)
app.command()(settings)
app.command()(doctor)


@app.command()
def explain(code: Annotated[str | None, typer.Argument(help="代码,如 FND103。")] = None) -> None:
    """说明一个代码:是什么、为什么、怎么改。"""
    if code is not None:
        OUT.print(operations.explain(code))
        return
    for entry in CATALOGUE.values():
        OUT.print(operations.explain(entry.id).splitlines()[0])


@app.command()
def deposit(
    files: Annotated[list[Path], typer.Argument(help="一个或多个工作簿。")],
    roster_file: Annotated[Path | None, typer.Option("--roster", help="应报单位名单:单位更名的,按名单认。")] = None,
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
) -> None:
    """接收登记:把报送件存入历年数据库。"""
    store = operations.open_archive(archive)
    findings: list[Finding] = []
    for path in files_meant(files):
        receipt = operations.deposit(path, store, roster=roster_file)
        findings += receipt.findings
        if receipt.deposited:
            word = "已登记" if receipt.deposited.is_new else "已有"
            OUT.print(
                f"{word}　{receipt.book}　{receipt.unit.name}　第 {receipt.deposited.version} 版　必须修改 {receipt.errors} 处"
            )
        say_findings(receipt.findings, OUT if receipt.deposited else ERR)
    exit_for(findings)


@app.command()
def prior(
    file: Annotated[Path, typer.Argument(help="工作簿。")],
    out: Out,
    roster_file: Annotated[Path | None, typer.Option("--roster", help="应报单位名单:单位换过代码的,按“曾用代码”找。")] = None,
    archive: ArchiveAddress = DEFAULT_ARCHIVE,
) -> None:
    """提取上年数:另存一份,把历年数据库里的上年数填进空格。"""
    done = operations.pull_prior_year(file, out, operations.open_archive(archive, only_existing=True), roster=roster_file)
    say_findings(done.findings)
    OUT.print(f"已生成 {done.path}")


@app.command()
def roster(out: Out) -> None:
    """生成空白的应报单位名单。"""
    OUT.print(f"已生成 {operations.make_roster(out)}")


@app.command()
def issue(
    roster_file: Annotated[Path, typer.Argument(metavar="ROSTER.xlsx", help="应报单位名单。")],
    form: Annotated[str, typer.Option(help="表样。")],
    year: Annotated[int, typer.Option(help="预算年度。")],
    out: Annotated[Path, typer.Option("-o", "--out", help="放到哪个文件夹。")],
    stage: StageMeant = "",
    repeat: Annotated[list[str] | None, typer.Option(help="重复栏目的个数,如 project=4。")] = None,
    actuals: Actuals = None,
    archive: ArchiveIfThere = "",
) -> None:
    """下发:按名单给每个单位生成一份表样,附下发清单。"""
    store = archive_if_there(archive)
    with progress_bar("下发") as told:
        done = operations.issue(
            roster_file,
            form,
            year,
            out,
            archive=store,
            stage=stage_meant(stage),
            repeats=repeats_asked(repeat or []),
            progress=told,
            actuals=actuals,
        )
    say_findings(done.findings)
    OUT.print(f"已下发 {len(done.files)} 份,清单 {done.list_path}")
    exit_for(list(done.findings))


@app.command()
def consolidate(
    folder: Annotated[Path, typer.Argument(help="放报送件的文件夹。")],
    out: Annotated[Path, typer.Option("-o", "--out", help="汇总表文件。")],
    roster_file: Annotated[Path | None, typer.Option("--roster", help="应报单位名单。")] = None,
    form: Annotated[str, typer.Option(help="只汇总这个表样。")] = "",
    year: Annotated[int | None, typer.Option(help="只汇总这一年。")] = None,
    stage: Annotated[str | None, typer.Option(help=f"只汇总这个阶段:{STAGE_CHOICES}。")] = None,
    archive: ArchiveIfThere = "",
    levels: Annotated[
        Path | None, typer.Option("--levels", metavar="DIR", help="逐级汇总:每个县、市另出一份,放到这个文件夹。")
    ] = None,
    return_to: cli_letters.ReturnTo = None,
    due: cli_letters.Due = "",
    report: cli_letters.ReportTo = None,
    scheduler: Scheduler = "",
    as_json: Json = False,
) -> None:
    """汇总:把一个文件夹的报送件合成市级汇总表;可同时退回、出情况报告。"""
    from jixiao_xl.hosts.say_summary import say_summary, summary_json

    after = cli_letters.wanted(folder, return_to, due, report)
    store = archive_if_there(archive)
    with progress_bar("汇总", quiet=as_json) as told:
        summary = operations.consolidate(
            folder, out, roster=roster_file, form=form, year=year, stage=stage_named(stage) if stage else None,
            archive=store, levels=levels, scheduler=scheduler_meant(scheduler), progress=told,
        )  # fmt: skip
    if not as_json:
        say_summary(summary)
        OUT.print(f"已生成 {out}" + (f"，逐级汇总在 {levels}" if levels else ""))
    written, refused = cli_letters.follow(after, summary, store, quiet=as_json)
    if as_json:
        say_json(summary_json(summary) | written)
    exit_for([*summary.findings, *summary.judged, *refused])


@app.command()
def demo(out: Annotated[Path, typer.Option("--out", help="放到哪个文件夹。")] = Path("jixiao_demo")) -> None:
    """演示:五份公开表和十二个示例单位,从表样到汇总走一遍。"""
    from jixiao_xl.hosts.demo import run_demo

    run_demo(out)


@app.command()
def menu() -> None:
    """菜单:不用记命令,按数字选择办什么。"""
    from jixiao_xl.hosts.menu import run_menu

    run_menu()


@app.command()
def version() -> None:
    """显示版本。"""
    OUT.print(__version__)


def main() -> None:
    """Run a command; without one, show what there is."""
    ready_streams()
    if len(sys.argv) == 1:
        sys.argv.append("--help")
    sys.exit(answered(lambda: app(standalone_mode=False)))


if __name__ == "__main__":
    main()
