"""The buttons, said once: ribbon, VBA module, page of buttons and add-in are made from this list.

`function` is a function of `jixiao_xl.hosts.excel_buttons`, called without parameters; `macro` is the Sub
that the ribbon calls, `macro` + `Click` the one that a button on a sheet calls.
"""

from __future__ import annotations

from typing import Literal

from jixiao_xl.model.records import dataclass

Group = Literal["unit", "city"]
TAB = "绩效填报"
GROUPS: dict[Group, str] = {"unit": "填报单位", "city": "市县汇总"}
HANDLERS = "jixiao_xl.hosts.excel_buttons"


@dataclass(frozen=True, slots=True)
class Button:
    """One verb that a person clicks."""

    function: str
    macro: str
    caption: str
    tip: str
    """What it does, in one sentence, for the ribbon's tooltip and the page of buttons."""
    icon: str
    """An imageMso of Office 2010 or later."""
    group: Group
    size: Literal["large", "normal"] = "normal"

    @property
    def click(self) -> str:
        """The Sub of the button on a sheet."""
        return f"{self.macro}Click"

    @property
    def command(self) -> str:
        """The one fixed line of Python that a click runs."""
        return f"from {HANDLERS} import {self.function}; {self.function}()"


BUTTONS = (
    Button("check", "JxCheck", "校验", "检查整份表：错处标色，逐条列在“校验结果”，点位置跳到该格。", "DataValidation", "unit", "large"),
    Button("pull_prior", "JxPrior", "提取上年数", "从历年数据库带出近两年的数，只填空白格，填过的不动。", "RefreshAll", "unit", "large"),
    Button("recompute", "JxRecompute", "重新计算", "重算全部合计和比率并核对，把“测算表”算出的比率填进指标值。", "CalculateNow", "unit", "large"),
    Button("add_row", "JxAddRow", "增加指标行", "在所选位置多显示一行备用行，不用撤销保护。", "SheetRowsInsert", "unit"),
    Button("remove_row", "JxRemoveRow", "删除指标行", "收起所选的空白备用行；填了内容的先问再清空。", "SheetRowsDelete", "unit"),
    Button("fix_finding", "JxFix", "按建议修改", "把“校验结果”中所选那条改成算出的正确值。", "AcceptInvitation", "unit"),
    Button("undo", "JxUndo", "撤销", "撤销上一次点按钮所作的改动。", "Undo", "unit"),
    Button("explain_finding", "JxExplain", "说明", "说明所选格的问题：是什么、为什么、怎么改。", "Help", "unit"),
    Button("paste_import", "JxPaste", "粘贴导入", "把“粘贴区”里从 Word 或网页粘贴来的指标表，按名称放到各行。", "Paste", "unit"),
    Button("make_submission", "JxSubmit", "生成报送文件", "另存一份不带宏的 .xlsx 用于报送，并给出校验码。", "FileSaveAsExcelXlsx", "unit", "large"),
    Button("make_monitoring", "JxMonitoring", "生成监控表", "由这份表生成绩效运行监控表，目标和年初预算已带出。", "ChartTrendline", "unit"),
    Button("make_evaluation", "JxEvaluation", "生成自评表", "由这份表生成绩效自评表，目标和资金已带出，得分先算出。", "ReviewTrackChanges", "unit"),
    Button("issue", "JxIssue", "下发", "按应报单位名单，每个单位生成一份表样。", "FileSendAsAttachment", "city", "large"),
    Button("receive", "JxReceive", "接收登记", "把报送件存入历年数据库；同一份内容登记两次不会变样。", "FileOpen", "city", "large"),
    Button("consolidate", "JxConsolidate", "汇总", "把一个文件夹的报送件汇总成市级汇总表，可以中途取消。", "Consolidate", "city", "large"),
    Button("return_marked", "JxReturn", "退回", "生成一份标出错处的退回件，附校验结果和校验报告。", "ReviewNewComment", "city", "large"),
)  # fmt: skip
