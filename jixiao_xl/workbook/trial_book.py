"""试算: every function with worked examples, beside the native formula and what both should give."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao_xl.forms.expr import Area, Cell, Cells, Expr, Literal, Value, call
from jixiao_xl.forms.function_calls import PACK, Fault, FunctionCall, native_rate, native_target, shown
from jixiao_xl.forms.scoring_formulas import points_formula
from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model.cell_blocks import RATES
from jixiao_xl.model.functions import FUNCTIONS, PRIOR, SCORE, SHARE, TARGET, Function
from jixiao_xl.model.scoring import METHOD_WORDS, Method
from jixiao_xl.workbook.fitting import fit_rows
from jixiao_xl.workbook.macro_pages import settings_page
from jixiao_xl.workbook.pages import Book, Page
from jixiao_xl.workbook.write import book_bytes

SHEET = "试算"
NOTE, FIRST, SECOND, THIRD, OURS, NATIVE, EXPECTED, SAME, TEXT = range(1, 10)
HEADS = ("说明", "输入一", "输入二", "输入三", "本函数", "原生公式", "应得", "一致", "本函数的写法")
INTRO = (
    "黄色格可以改，看“本函数”与“原生公式”是否总是一致；“应得”是例子原来的答案。",
    "“本函数”要装好 Python 和本工具、启用宏才会重算；没有时显示 #N/A，原生公式照常。这些函数也可以写进自己的公式，"
    "“插入函数”的“绩效填报”类里有每个参数的说明。报送的文件里不能有这些函数，请用“生成报送文件”。",
)
Number = Decimal
Example = tuple[str, Value | Expr, Value | Expr, Value]
"""What it shows, the two inputs, what both formulas give (an error as its text)."""


def _rate_examples(first: str, second: str, usual: Value, halves: Value) -> tuple[Example, ...]:
    broken = Fault("#N/A")
    return (
        ("一般情形", Number("405.9"), Number(1000), usual),
        ("四舍五入到万分位", Number("0.11115"), Number(1), halves),
        (f"{first}为0", Number(0), Number("15.5"), Number(-1) if second == "上年数" else Number(0)),
        (f"{second}为0", Number("15.5"), Number(0), "#DIV/0!"),
        (f"{second}没有填", Number("15.5"), None, ""),
        ("填了文字", "不适用", Number(20), "#VALUE!"),
        ("文本形式的数字也是文字", "12.5", Number(20), "#VALUE!"),
        ("输入是错误值，照样传出", broken, Number(20), "#N/A"),
    )


EXAMPLES: dict[str, tuple[Example, ...]] = {
    "JX_SHARE": _rate_examples("本项", "合计", Number("0.4059"), Number("0.1112")),
    "JX_EXEC_RATE": _rate_examples("执行数", "预算数", Number("0.4059"), Number("0.1112")),
    "JX_CHANGE_RATE": (
        *_rate_examples("本年数", "上年数", Number("-0.5941"), Number("-0.8889")),
        ("上年数为负，增加为正", Number(5), Number(-10), Number("1.5")),
    ),
    "JX_CONTROL_RATE": _rate_examples("实际数", "控制数", Number("0.4059"), Number("0.1112")),
}
TARGETS: tuple[tuple[str, str | None, tuple[Value, Value, Value]], ...] = (
    ("百分数", "≥95%", ("≥", Number(95), "%")),
    ("人数", "≥23人", ("≥", Number(23), "人")),
    ("负数", "-4.67%", ("", Number("-4.67"), "%")),
    ("没有填", None, ("", "", "")),
)
WORDS: tuple[tuple[str, str, tuple[Value, Value, Value]], ...] = (
    ("汉字写的", "不低于三十场", ("≥", Number(30), "场")),
    ("等级词没有数", "健全", ("", "#N/A", "")),
    ("区间没有一个数", "5~10个", ("", "#N/A", "个")),
)
"""What native formulas cannot read."""


SCORES: tuple[tuple[str, tuple[Value, Value, Value], Method, Value], ...] = (
    ("正向：达到目标得满分", (Number(23), Number(25), Number(10)), "high", Number(10)),
    ("正向：没达到按比例", (Number(23), Number(21), Number(10)), "high", Number("9.13")),
    ("反向：不超过目标得满分", (Number(100), Number("99.5"), Number(10)), "low", Number(10)),
    ("反向：超过目标", (Number(100), Number("137.43"), Number(10)), "low", Number("6.26")),
    ("反向：到目标的2倍得0分", (Number(100), Number(200), Number(10)), "low", Number(0)),
    ("等于：目标为0", (Number(0), Number(1), Number(5)), "equal", Number(0)),
    ("目标为负，达到了", (Number("-5"), Number("-4.67"), Number(5)), "high", Number(5)),
    ("实际值没有填", (Number(23), None, Number(10)), "high", ""),
)
"""Numbers, and a method that the formula names."""
SIGNED_SCORES: tuple[tuple[str, tuple[Value, Value, Value], Value], ...] = (
    ("指标值的符号说明方式", ("≥95%", "90%", Number(10)), Number("9.47")),
    ("反向的符号", ("≤5%", "6%", Number(10)), Number(8)),
    ("万元与元是同一单位", ("≤10万元", "98000元", Number(10)), Number(10)),
    ("单位不同不能比", ("≥12次", "13场", Number(10)), "#N/A"),
    ("没有符号，看不出方式", ("12次", "6次", Number(10)), "#N/A"),
    ("等级词由人评分", ("健全", "健全", Number(10)), "#N/A"),
    ("分值填了文字", ("≥12次", "6次", "十分"), "#VALUE!"),
)
"""Indicator values as text: a native formula needs further cells to read them."""


@dataclass(frozen=True)
class _PartOf(Expr):
    """One cell of what a function gives: `INDEX(JX_TARGET(C5),2)`; 0 for the sum of all of them."""

    of: FunctionCall
    part: int

    def excel(self, sheet: str) -> str:
        inner = self.of.excel(sheet)
        return f"INDEX({inner},{self.part})" if self.part else f"SUM({inner})"

    def value(self, cells: Cells) -> Value:
        flat = [content for row in self.of.block(cells) for content in row]
        if self.part:
            return shown(flat[self.part - 1])
        return sum((v for v in map(shown, flat) if isinstance(v, Decimal)), Decimal(0))


@dataclass(frozen=True)
class _FromArchive(Expr):
    """A call of JX_PRIOR; where nobody has set up an archive, it cannot be opened."""

    args: tuple[Cell, ...]

    def excel(self, sheet: str) -> str:
        return FunctionCall(PRIOR.name, self.args).excel(sheet)

    def value(self, cells: Cells) -> Value:
        return Fault("#REF!").value(cells)


def trial_workbook() -> bytes:
    """试算.xlsm. Same bytes each time."""
    return book_bytes(trial_plan())


def trial_plan() -> Book:
    """The workbook as planned cells."""
    book = Book(title=SHEET, macros=True)
    page = Page(SHEET, tab="#2E86C1", landscape=True)
    book.pages += [page, settings_page(book)]
    page.widths = {0: 2, NOTE: 26, FIRST: 18, SECOND: 12, THIRD: 28, OURS: 14, NATIVE: 14, EXPECTED: 14, SAME: 8, TEXT: 34}
    page.print_columns = (NOTE, TEXT)
    page.put(0, NOTE, "试算：表格函数的例子", "title", to=(0, TEXT))
    page.heights[0] = 30
    for row, text in enumerate(INTRO, 1):
        page.put(row, NOTE, text, "hint", to=(row, TEXT))
        page.heights[row] = 20 if row == 1 else 34
    _Sheet(book, page).draw(3)
    page.freeze = (3, 0)
    fit_rows(page)
    return book


class _Sheet:
    """The examples while they are written, one section a function."""

    def __init__(self, book: Book, page: Page) -> None:
        self.book, self.page = book, page

    def draw(self, row: int) -> None:
        for function in FUNCTIONS:
            row = self._heading(function, row + 1)
            if function.name in RATES:
                row = self._rates(function, row)
            draw = {TARGET: self._targets, SCORE: self._scores, PRIOR: self._prior}.get(function)
            row = draw(row) if draw else row

    def _heading(self, function: Function, row: int) -> int:
        self.page.put(row, NOTE, f"{function.name}　{function.title}", "section", to=(row, TEXT))
        self.page.put(row + 1, NOTE, function.help, "hint", to=(row + 1, TEXT))
        self.page.heights[row + 1] = 30
        titles = [
            f"{head}：{arg.help.partition('。')[0].partition('，')[0]}"
            for head, arg in zip(HEADS[1 : OURS - FIRST + 1], function.args, strict=False)
        ]
        for column, head in enumerate(HEADS, NOTE):
            place = column - FIRST
            self.page.put(row + 2, column, titles[place] if 0 <= place < len(titles) else head, "head")
        return row + 3

    def _rates(self, function: Function, row: int) -> int:
        top = row
        for note, first, second, expected in EXAMPLES[function.name]:
            one, two = self._input(row, FIRST, first), self._input(row, SECOND, second)
            self._line(row, note, FunctionCall(function.name, (one, two)), native_rate(function.name, one, two), expected, "rate")
            row += 1
        if function is SHARE:
            area = Area(SHEET, top, FIRST, top + 2, FIRST)
            whole = self._input(row, SECOND, Number("421.6"))
            each = [native_rate(function.name, Cell(SHEET, top + n, FIRST), whole) for n in range(3)]
            ours = _PartOf(FunctionCall(function.name, (area, whole)), 0)
            self._line(row, "一片区域除以同一格，再相加", ours, call("SUM", *each), Number("0.9631"), "rate")
            row += 1
        return row

    def _targets(self, row: int) -> int:
        for note, stated, expected in (*TARGETS, *WORDS):
            target = self._input(row, FIRST, stated)
            native = native_target(target) if (note, stated, expected) in TARGETS else None
            for part, name in enumerate(("比较符", "数", "单位")):
                ours = _PartOf(FunctionCall(TARGET.name, (target,)), part + 1)
                self._line(row, f"{note}：{name}", ours, native[part] if native else None, expected[part], "result")
                row += 1
        return row

    def _scores(self, row: int) -> int:
        scoring = thresholds_of(PACK).scoring
        for note, given, method, expected in SCORES:
            target, actual, weight = (self._input(row, FIRST + n, value) for n, value in enumerate(given))
            word = next(word for word, each in METHOD_WORDS.items() if each == method)
            ours = FunctionCall(SCORE.name, (target, actual, weight, Literal(word)))
            self._line(row, note, ours, points_formula(target, actual, weight, method, scoring), expected, "result")
            row += 1
        for note, given, expected in SIGNED_SCORES:
            cells = tuple(self._input(row, FIRST + n, value) for n, value in enumerate(given))
            self._line(row, note, FunctionCall(SCORE.name, cells), None, expected, "result")
            row += 1
        return row

    def _prior(self, row: int) -> int:
        given: tuple[Value, ...] = ("420222-S001", Number(2026), "funds.income.fiscal.last")
        cells = tuple(self._input(row, FIRST + n, value) for n, value in enumerate(given))
        self._line(row, "2025年的财政拨款收入", _FromArchive(cells), None, "历年数据库里的数", "result")
        return row + 1

    def _input(self, row: int, column: int, value: Value | Expr) -> Cell:
        content = value if isinstance(value, Decimal | str | Expr) else None
        style = "input_text" if isinstance(value, str) else "input_money"
        self.page.put(row, column, content, style, locked=False)
        return Cell(SHEET, row, column)

    def _line(self, row: int, note: str, ours: Expr, native: Expr | None, expected: Value, style: str) -> None:
        put = self.page.put
        put(row, NOTE, note, "cell")
        for column in (FIRST, SECOND, THIRD):
            if (row, column) not in self.page.cells:
                put(row, column, None, "cell")
        put(row, OURS, ours, style)
        put(row, NATIVE, native if native is not None else "没有", style if native is not None else "cell_center")
        put(
            row,
            EXPECTED,
            expected if isinstance(expected, Decimal) else str(expected),
            style if isinstance(expected, Decimal) else "cell_center",
        )
        if native is not None:
            put(row, SAME, _agree(Cell(SHEET, row, OURS), Cell(SHEET, row, NATIVE)), "cell_center")
        else:
            put(row, SAME, None, "cell_center")
        put(row, TEXT, f"={ours.excel(SHEET)}", "cell_small")


def _agree(one: Cell, other: Cell) -> Expr:
    """Whether two cells show the same; two errors do, whichever they are."""
    same = call("EXACT", one & "", other & "")
    both_wrong = call("EXACT", call("IFERROR", one & "", "错误"), call("IFERROR", other & "", "错误"))
    return call("IF", call("IFERROR", same, both_wrong), "一致", "不一致")
