"""`jixiao menu`: the verbs by number, for people who will not type commands.

Each item asks for what its command needs and then runs that very command; answers that were sound are
remembered in the settings and offered next time.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from jixiao_xl import __version__, operations
from jixiao_xl.hosts import cli, cli_approve, cli_execution, cli_follow, cli_letters, cli_press, cli_review
from jixiao_xl.hosts.answering import answered
from jixiao_xl.hosts.arguments import files_meant
from jixiao_xl.hosts.asking import (
    NONE,
    Back,
    ask,
    ask_form,
    ask_number,
    ask_path,
    ask_place,
    ask_roster,
    ask_setting,
    line_typed,
    path_in,
)
from jixiao_xl.hosts.cli_doctor import doctor
from jixiao_xl.hosts.cli_options import archive_if_there, exit_for
from jixiao_xl.hosts.say import ERR, OUT, progress_bar, say_findings, say_overview, speak_again
from jixiao_xl.hosts.settings import setting
from jixiao_xl.model.facts import STAGE_WORDS, Stage
from jixiao_xl.model.findings import Finding
from jixiao_xl.workbook.buttons import BUTTONS

Work = Callable[[], object]
RETURNED = "_退回修改"
ON_A_CELL = ("add_row", "remove_row", "fix_finding", "explain_finding", "paste_import")
"""The buttons that ask where the person stands."""


class Item(NamedTuple):
    """One line of the menu. `ask` asks for everything and gives the work, which then asks nothing."""

    title: str
    what: str
    ask: Callable[[], Work]


# ---- the items ---------------------------------------------------------------------------
def issue() -> Work:
    roster = ask_path("应报单位名单（文件可以拖进来）", name="ROSTER")
    form, year = ask_form(), int(ask_setting("预算年度", "YEAR"))
    out = ask_place("放到哪个文件夹", f"{year}下发")
    return lambda: cli.issue(roster, form, year, out, stage="", repeat=None, archive="")


def receive() -> Work:
    source = ask_path("报送件（文件或整个文件夹）", name="SUBMISSIONS")
    roster = ask_roster()
    return lambda: cli.deposit([source], roster, setting("ARCHIVE"))


def review() -> Work:
    source = ask_path("放报送件的文件夹", name="SUBMISSIONS")
    return lambda: cli.check([source], None, "", as_json=False)


def consolidate() -> Work:
    source = ask_path("放报送件的文件夹", name="SUBMISSIONS")
    roster = ask_roster()
    out = ask_place("汇总表文件", f"{source.name}_汇总.xlsx")
    return lambda: cli.consolidate(source, out, roster, "", None, None, "", as_json=False)


def give_back() -> Work:
    source = ask_path("退回哪个文件（写文件夹的，有“必须修改”的都退）", setting("SUBMISSIONS"))
    folder = ask_place("退回件放到哪个文件夹", "退回")
    if source.is_file():
        return lambda: cli.check([source], folder / f"{source.stem}{RETURNED}.xlsx", "", as_json=False)
    return lambda: _give_all_back(source, folder)


def _give_all_back(source: Path, folder: Path) -> None:
    """A marked copy of every file that has errors; one that cannot be copied is named, the others go on."""
    store, books = archive_if_there(""), files_meant([source])
    checked: list[operations.Checked] = []
    refused: list[Finding] = []
    with progress_bar("退回") as told:
        for n, book in enumerate(books):
            told(book.name, n, len(books))
            try:
                one = operations.check(book, store)
                checked.append(one)
                if one.form and any(f.severity == "error" for f in one.findings):
                    operations.mark(book, folder / f"{book.stem}{RETURNED}.xlsx", store)
                elif not one.form:
                    refused += one.findings
            except operations.CannotRun as stopped:
                refused += stopped.findings
    say_overview(checked)
    say_findings(refused, ERR)
    OUT.print(f"退回件在 {folder}")


def check_one() -> Work:
    file = ask_path("校验哪个文件（可以拖进来）")
    return lambda: cli.check([file], None, "", as_json=False)


def prior() -> Work:
    file = ask_path("给哪个文件提取上年数（可以拖进来）")
    out = path_in(ask("另存为", str(file.with_name(f"{file.stem}_上年数.xlsx"))))
    return lambda: cli.prior(file, out, None, setting("ARCHIVE"))


def review_book() -> Work:
    source = ask_path("放报送件的文件夹", name="SUBMISSIONS")
    roster = ask_roster()
    out = ask_place("审核工作簿", f"{source.name}_审核.xlsx")
    return lambda: cli_review.review_make(out, source, roster, "", None, None, setting("ARCHIVE"))


def review_back() -> Work:
    book = ask_path("填好的审核工作簿（可以拖进来）")
    by = ask("审核人（表里没有写审核人的按这个）")
    return lambda: cli_review.review_read([book], by, setting("ARCHIVE"))


def give_all_back() -> Work:
    """退回 of many with letters: the summary is made anew, so that copies and sheet are of one moment."""
    source = ask_path("放报送件的文件夹", name="SUBMISSIONS")
    roster = ask_roster()
    folder = ask_place("退回件和退回意见放到哪个文件夹", "退回意见")
    text = ask("重报期限（如 2026-12-05；不写期限的写“无”）", "无")
    due = "" if text in NONE else text
    asked = cli_letters.wanted(source, folder, due, None)

    def work() -> None:
        store = archive_if_there("")
        with progress_bar("汇总") as told:
            summary = operations.summary_of(source, roster=roster, archive=store, progress=told)
        _, refused = cli_letters.follow(asked, summary, store, quiet=False)
        exit_for(refused)

    return work


def report() -> Work:
    source = ask_path("放报送件的文件夹", name="SUBMISSIONS")
    roster = ask_roster()
    out = ask_place("情况报告（Word）", f"{source.name}_情况报告.docx")
    return lambda: cli_letters.report(source, out, roster)


def remind() -> Work:
    roster = ask_path("应报单位名单（文件可以拖进来）", name="ROSTER")
    source = ask_path("放报送件的文件夹", name="SUBMISSIONS")
    form, year = ask_form(), int(ask_setting("预算年度", "YEAR"))
    out = ask_place("放到哪个文件夹", f"{dt.date.today():%Y%m%d}催报")
    return lambda: cli_letters.remind(roster, out, source, form, year)


def levels() -> Work:
    source = ask_path("放报送件的文件夹", name="SUBMISSIONS")
    roster = ask_roster()
    out = ask_place("全市汇总表文件", f"{source.name}_汇总.xlsx")
    folder = ask_place("各县、市的汇总表放到哪个文件夹", f"{source.name}_逐级汇总")
    return lambda: cli.consolidate(source, out, roster, levels=folder)


def next_stage() -> Work:
    file = ask_path("由哪份表生成（填好的批复、申报表，可以拖进来）")
    stage: Stage = "monitoring" if ask("生成哪种表：1 监控表　2 自评表", "2") == "1" else "evaluation"
    text = ask("实际完成值表（.xlsx 或 .csv；没有的写“无”）", "无")
    actuals = None if text in NONE else path_in(text)
    out = path_in(ask("另存为", str(file.with_name(f"{file.stem}_{STAGE_WORDS[stage]}表.xlsx"))))
    return lambda: cli_follow.follow(file, out, stage=stage, actuals=actuals)


def paid() -> Work:
    file = ask_path("国库支出表（.xlsx 或 .csv，可以拖进来）")
    year = ask_number("预算年度", str(dt.date.today().year), 1990, 2100)
    month = ask_number("累计到几月底（表里有月份列的写“无”）", "无", 1, 12)
    return lambda: cli_execution.execution_put(file, year or dt.date.today().year, month, archive=setting("ARCHIVE"))


def approve() -> Work:
    table = ask_path("批复文号表（单位代码、批复文号、批复日期）")
    form, year = ask_form(), int(ask_setting("预算年度", "YEAR"))
    out = ask_place("批复件放到哪个文件夹", f"{year}批复")
    return lambda: cli_approve.approve(table, form, year, out, archive=setting("ARCHIVE"))


def button() -> Work:
    file = ask_path("对哪个文件点按钮（先保存，可以拖进来）")
    offered = [each for each in BUTTONS if each.group == "unit"]
    for n, each in enumerate(offered, 1):
        OUT.print(f"  {n} {each.caption}　{each.tip}")
    number = ask_number("按钮（数字）", "1", 1, len(offered))
    meant = offered[(number or 1) - 1]
    at = ask("哪一格（如 资金情况!D10；写“无”按保存时选中的格）", "无") if meant.function in ON_A_CELL else "无"
    return lambda: cli_press.press(meant.caption, file, at="" if at in NONE else at)


ITEMS = (
    Item("下发", "按名单给每个单位生成一份表样，带上年数", issue),
    Item("接收登记", "把报送件存入历年数据库", receive),
    Item("审核", "校验一个文件夹的报送件", review),
    Item("汇总", "合成市级汇总表", consolidate),
    Item("退回", "另存一份标出错处的，供单位修改", give_back),
    Item("校验一个文件", "哪里要改、怎么改", check_one),
    Item("提取上年数", "另存一份，把上年数填进空格", prior),
    Item("检查本机", "Python、Excel、数据库是否正常", lambda: doctor),
    Item("审核工作簿", "生成一本，在 Excel 里写意见、结论、下一步", review_book),
    Item("读回审核", "把填好的审核工作簿存入历年数据库", review_back),
    Item("成批退回", "给要改的单位各出标注文件和一页退回意见", give_all_back),
    Item("情况报告", "给领导的 2—3 页 Word", report),
    Item("催报", "可以贴进群里的话，和内部电话表", remind),
    Item("逐级汇总", "每个县、市另出一份汇总表", levels),
    Item("批量批复", "审核通过的按文号表一次批复", approve),
    Item("导入国库支出数", "各单位到某月底的执行数", paid),
    Item("生成监控表、自评表", "目标、资金和实际完成值带过去", next_stage),
    Item("点按钮", "重新计算、粘贴导入、生成报送文件等，在保存的文件上点，改动另存", button),
)


# ---- the loop ----------------------------------------------------------------------------
def run_menu() -> None:
    """Show, ask, work, until 0, Ctrl+C between two items, or the end of input."""
    try:
        while (item := _chosen()) is not None:
            _done(item)
    except (EOFError, KeyboardInterrupt):
        speak_again()
    OUT.print("\n再见。")


def _done(item: Item) -> None:
    """Ask what the item needs and do it; Ctrl+C at a question is no more than a step back."""
    try:
        work = item.ask()
    except operations.CannotRun as refused:
        say_findings(refused.findings, ERR)
    except (Back, KeyboardInterrupt):
        speak_again()
        OUT.print("\n回到菜单。")
    else:
        answered(work)


def _chosen() -> Item | None:
    """The item whose number was typed; None to leave."""
    while True:
        OUT.print(f"\n绩效目标填报　jixiao {__version__}")
        for n, item in enumerate(ITEMS, 1):
            OUT.print(f"  {n} {item.title}　{item.what}")
        OUT.print("  0 退出\n请输入数字：", end="")
        text = unicodedata.normalize("NFKC", line_typed()).strip()
        if text == "0":
            return None
        if text.isascii() and text.isdigit() and 1 <= int(text) <= len(ITEMS):
            return ITEMS[int(text) - 1]
        if text:
            ERR.print(f"没有这一项：{text}。请输入 0 到 {len(ITEMS)} 的数字。")
