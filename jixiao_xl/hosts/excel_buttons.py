"""One function per button, without parameters: what `RunPython` calls. The work is in the handlers.

Each function loads only the handler it needs, so that a cold click is a short one.
"""

from __future__ import annotations

import gc

from jixiao_xl.hosts.clicking import click

gc.set_threshold(50_000)  # a click makes much and drops little: looking for rubbish every 700 objects is a twentieth of it


def check() -> None:
    """校验: judge the open workbook, mark its cells, list what to mend."""
    from jixiao_xl.hosts.check_button import check as handler

    click(handler, "校验")


def explain_finding() -> None:
    """说明: what the finding of the selected cell means and how it is mended."""
    from jixiao_xl.hosts.check_button import explain_finding as handler

    click(handler, "说明")


def pull_prior() -> None:
    """提取上年数: the archive's values into blank cells."""
    from jixiao_xl.hosts.value_buttons import pull_prior as handler

    click(handler, "提取上年数")


def recompute() -> None:
    """重新计算: recompute and compare; the 测算表's results into blank indicator values."""
    from jixiao_xl.hosts.value_buttons import recompute as handler

    click(handler, "重新计算")


def fix_finding() -> None:
    """按建议修改: the selected finding's computed value into its cell."""
    from jixiao_xl.hosts.value_buttons import fix_finding as handler

    click(handler, "按建议修改")


def undo() -> None:
    """撤销: what our last click changed, as it was before."""
    from jixiao_xl.hosts.undo_button import undo as handler

    click(handler, "撤销")


def add_row() -> None:
    """增加指标行: the next spare row of the selected place shown."""
    from jixiao_xl.hosts.row_buttons import add_row as handler

    click(handler, "增加指标行")


def remove_row() -> None:
    """删除指标行: the selected own row emptied and hidden."""
    from jixiao_xl.hosts.row_buttons import remove_row as handler

    click(handler, "删除指标行")


def paste_import() -> None:
    """粘贴导入: the pasted table's rows to their places by name."""
    from jixiao_xl.hosts.paste_button import paste_import as handler

    click(handler, "粘贴导入")


def make_submission() -> None:
    """生成报送文件: a macro-free .xlsx of the open workbook with its 校验码."""
    from jixiao_xl.hosts.submit_button import make_submission as handler

    click(handler, "生成报送文件")


def make_monitoring() -> None:
    """生成监控表: the monitoring form of the year, targets and funds carried over."""
    from jixiao_xl.hosts.follow_button import follow as handler

    click(lambda host: handler(host, "monitoring"), "生成监控表")


def make_evaluation() -> None:
    """生成自评表: the self-evaluation form of the year, targets and funds carried over."""
    from jixiao_xl.hosts.follow_button import follow as handler

    click(lambda host: handler(host, "evaluation"), "生成自评表")


def issue() -> None:
    """下发: one workbook per unit of the roster."""
    from jixiao_xl.hosts.city_buttons import issue as handler

    click(handler, "下发")


def receive() -> None:
    """接收登记: a folder of submissions into the archive."""
    from jixiao_xl.hosts.city_buttons import receive as handler

    click(handler, "接收登记")


def consolidate() -> None:
    """汇总: a folder of submissions into the city summary."""
    from jixiao_xl.hosts.city_buttons import consolidate as handler

    click(handler, "汇总")


def return_marked() -> None:
    """退回: a marked copy of one submission."""
    from jixiao_xl.hosts.city_buttons import return_marked as handler

    click(handler, "退回")
