"""One function per button: what `RunPython` calls, without parameters, for the workbook that is open in Excel;
with a host, the same on a saved file. The work is in the handlers.

Each function loads only the handler it needs, so that a cold click is a short one.
"""

from __future__ import annotations

import gc

from jixiao_xl.hosts.clicking import click
from jixiao_xl.hosts.port import Host

gc.set_threshold(50_000)  # a click makes much and drops little: looking for rubbish every 700 objects is a twentieth of it


def check(host: Host | None = None) -> None:
    """校验: judge the open workbook, mark its cells, list what to mend."""
    from jixiao_xl.hosts.check_button import check as handler

    click(handler, "校验", host)


def explain_finding(host: Host | None = None) -> None:
    """说明: what the finding of the selected cell means and how it is mended."""
    from jixiao_xl.hosts.check_button import explain_finding as handler

    click(handler, "说明", host)


def pull_prior(host: Host | None = None) -> None:
    """提取上年数: the archive's values into blank cells."""
    from jixiao_xl.hosts.value_buttons import pull_prior as handler

    click(handler, "提取上年数", host)


def recompute(host: Host | None = None) -> None:
    """重新计算: recompute and compare; the 测算表's results into blank indicator values."""
    from jixiao_xl.hosts.value_buttons import recompute as handler

    click(handler, "重新计算", host)


def fix_finding(host: Host | None = None) -> None:
    """按建议修改: the selected finding's computed value into its cell."""
    from jixiao_xl.hosts.value_buttons import fix_finding as handler

    click(handler, "按建议修改", host)


def undo(host: Host | None = None) -> None:
    """撤销: what our last click changed, as it was before."""
    from jixiao_xl.hosts.undo_button import undo as handler

    click(handler, "撤销", host)


def add_row(host: Host | None = None) -> None:
    """增加指标行: the next spare row of the selected place shown."""
    from jixiao_xl.hosts.row_buttons import add_row as handler

    click(handler, "增加指标行", host)


def remove_row(host: Host | None = None) -> None:
    """删除指标行: the selected own row emptied and hidden."""
    from jixiao_xl.hosts.row_buttons import remove_row as handler

    click(handler, "删除指标行", host)


def paste_import(host: Host | None = None) -> None:
    """粘贴导入: the pasted table's rows to their places by name."""
    from jixiao_xl.hosts.paste_button import paste_import as handler

    click(handler, "粘贴导入", host)


def make_submission(host: Host | None = None) -> None:
    """生成报送文件: a macro-free .xlsx of the open workbook with its 校验码."""
    from jixiao_xl.hosts.submit_button import make_submission as handler

    click(handler, "生成报送文件", host)


def make_monitoring(host: Host | None = None) -> None:
    """生成监控表: the monitoring form of the year, targets and funds carried over."""
    from jixiao_xl.hosts.follow_button import follow as handler

    click(lambda book: handler(book, "monitoring"), "生成监控表", host)


def make_evaluation(host: Host | None = None) -> None:
    """生成自评表: the self-evaluation form of the year, targets and funds carried over."""
    from jixiao_xl.hosts.follow_button import follow as handler

    click(lambda book: handler(book, "evaluation"), "生成自评表", host)


def issue(host: Host | None = None) -> None:
    """下发: one workbook per unit of the roster."""
    from jixiao_xl.hosts.city_buttons import issue as handler

    click(handler, "下发", host)


def receive(host: Host | None = None) -> None:
    """接收登记: a folder of submissions into the archive."""
    from jixiao_xl.hosts.city_buttons import receive as handler

    click(handler, "接收登记", host)


def consolidate(host: Host | None = None) -> None:
    """汇总: a folder of submissions into the city summary."""
    from jixiao_xl.hosts.city_buttons import consolidate as handler

    click(handler, "汇总", host)


def return_marked(host: Host | None = None) -> None:
    """退回: a marked copy of one submission."""
    from jixiao_xl.hosts.city_buttons import return_marked as handler

    click(handler, "退回", host)
