"""The functions for anyone's own formulas: name, arguments, and what Excel says of them.

Said once: the functions themselves, their VBA wrappers, the registered help and the trial workbook
all take it from here.
"""

from __future__ import annotations

from jixiao_xl.model.records import dataclass

CATEGORY = "绩效填报"
"""Under which heading Excel's 插入函数 lists them."""

LONGEST_HELP = 255
"""Characters that Excel keeps of the description of a function or of an argument."""


@dataclass(frozen=True)
class Argument:
    """`name` is what VBA and Python call it; `help` is shown beside its box in 插入函数."""

    name: str
    help: str
    optional: bool = False


@dataclass(frozen=True)
class Function:
    name: str
    title: str
    help: str
    args: tuple[Argument, ...]
    settings: tuple[Argument, ...] = ()
    """What VBA adds by itself: settings of the workbook, under the name that its settings sheet has."""

    def help_of(self, name: str) -> str:
        return next(arg.help for arg in (*self.args, *self.settings) if arg.name == name)


_RATE = "结果是小数（设为百分比格式即可），四舍五入到万分位。可用区域；空格得空，除数为0得 #DIV/0!，文字得 #VALUE!。"
_BLOCK = "可以是一格，也可以是一片区域；只有一格时，对另一片区域逐格使用。"

SHARE = Function("JX_SHARE", "占比", f"占比＝本项÷合计。{_RATE}", (
    Argument("part", f"本项金额。{_BLOCK}"),
    Argument("whole", f"合计金额。{_BLOCK}"),
))  # fmt: skip
EXEC_RATE = Function("JX_EXEC_RATE", "执行率", f"执行率＝执行数÷预算数。{_RATE}", (
    Argument("executed", f"执行数（已支出的金额）。{_BLOCK}"),
    Argument("budget", f"预算数，与执行数同一单位。{_BLOCK}"),
))  # fmt: skip
CHANGE_RATE = Function("JX_CHANGE_RATE", "变动率", f"变动率＝（本年数－上年数）÷上年数的绝对值，减少为负。{_RATE}", (
    Argument("this_year", f"本年数。{_BLOCK}"),
    Argument("last_year", f"上年数。{_BLOCK}"),
))  # fmt: skip
CONTROL_RATE = Function("JX_CONTROL_RATE", "控制率", f"控制率＝实际数÷控制数，如公用经费控制率、在职人员控制率。{_RATE}", (
    Argument("actual", f"实际数，如实际支出的公用经费、在职人数。{_BLOCK}"),
    Argument("limit", f"控制数，如预算安排的公用经费、编制数。{_BLOCK}"),
))  # fmt: skip
TARGET = Function(
    "JX_TARGET", "指标值分解",
    "把指标值分成三格：比较符、数、单位，如“≥95%”得 ≥、95、%。空格得空；“健全”这样的等级词、区间没有一个数，数的一格得 #N/A。",
    (Argument("target", "指标值，如 ≥95%、不低于三十场。可以是一片区域，每格得左右三格。"),),
)  # fmt: skip
SCORE = Function(
    "JX_SCORE", "自评得分",
    "按目标值、实际值和分值算自评得分，四舍五入到两位，0分到满分。空格得空；没有一个数、单位不同、看不出计分方式的得 #N/A，分值不是数得 #VALUE!，分值为负得 #NUM!。",
    (
        Argument("target", f"年初目标值，数或指标值文本，如 ≥95%。{_BLOCK}"),
        Argument("actual", f"实际完成值，单位与目标值相同，如 96%。{_BLOCK}"),
        Argument("weight", f"分值。{_BLOCK}"),
        Argument(
            "method",
            "计分方式：正向（high）、反向（low）、等于（equal）。可以不写：≥、>为正向，≤、<为反向，=为等于。定性指标由人评分，得 #N/A。",
            optional=True,
        ),
    ),
)  # fmt: skip
PRIOR = Function(
    "JX_PRIOR", "上年数",
    "从历年数据库取上年数，口径与“提取上年数”相同：自评、监控、批复、申报，先有先取。没有的得 #N/A，历年数据库打不开得 #REF!，年度或路径写错得 #VALUE!。",
    (
        Argument("unit_key", "单位代码：行政区划代码-预算单位代码，如 420704-711001。可以是区域。"),
        Argument("year", "本年的年度，如 2026（取的是2025年的数）。可以是区域。"),
        Argument("path", "事实路径，如 funds.income.fiscal.last，用 jixiao read 可以看到。可以是区域。"),
    ),
    (Argument("JIXIAO_ARCHIVE", "历年数据库的地址；空着用 jixiao settings 里设的。"),),
)  # fmt: skip

FUNCTIONS = (SHARE, EXEC_RATE, CHANGE_RATE, CONTROL_RATE, TARGET, SCORE, PRIOR)
