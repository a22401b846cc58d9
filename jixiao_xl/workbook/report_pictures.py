"""The report's charts as one picture (PNG), or the sentence that says why there is none.

matplotlib is an extra (`report`) and is loaded here only. What is missing is not drawn, never as 0.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from jixiao_xl.consolidate.report_figures import ReportFigures
from jixiao_xl.model.amounts import half_up, show_amount
from jixiao_xl.model.ratios import show_percent
from jixiao_xl.model.records import dataclass

FONTS = (
    "SimSun", "Microsoft YaHei", "SimHei", "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "Noto Serif CJK SC",
    "PingFang SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
)  # fmt: skip
"""Fonts with Chinese characters, of Windows, Linux and macOS; the first that the machine has is taken."""
NO_LIBRARY = "没有装画图的程序库，本报告不带图；要带图，执行 pip install matplotlib 后重新生成。"
NO_FONT = "本机没有找到中文字体，本报告不带图；装上宋体、微软雅黑或 Noto Sans CJK 后重新生成。"
WIDTH_IN, HEIGHT_IN, DPI = 6.5, 2.9, 200
NAME = 12
"""Characters of a unit's name beside its bar."""
LEAST_ROWS = 5
_BAR, _SECOND = "#2F5C8F", "#C77B30"


@dataclass(frozen=True)
class Picture:
    """A PNG, or `why` there is none; both empty when there is nothing to draw."""

    content: bytes = b""
    why: str = ""


def drawn(figures: ReportFigures) -> Picture:
    """支出结构 and the units that spend most, as two bar charts side by side. Same figures, same bytes."""
    parts = [(p.label, p.amount, p.share) for p in figures.structure if p.amount is not None and p.share is not None]
    top = [(unit.name, unit.amount) for unit in figures.top]
    if not parts and not top:
        return Picture()
    try:
        import matplotlib
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return Picture(why=NO_LIBRARY)
    font = _chinese_font()
    if not font:
        return Picture(why=NO_FONT)
    with matplotlib.rc_context({"font.family": [font], "font.size": 7.5, "axes.unicode_minus": False}):
        figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, layout="constrained")
        FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.25))
        shares = [show_percent(share) for _, _, share in parts]
        _bars(left, f"{figures.structure_label}（万元，占比）", [p[0] for p in parts], [p[1] for p in parts], shares, _BAR)
        amounts = [_rounded(amount) for _, amount in top]
        _bars(
            right, f"{figures.structure_name}前 {len(top)} 名（万元）", [n for n, _ in top], [a for _, a in top], amounts, _SECOND
        )
        stream = io.BytesIO()
        figure.savefig(stream, format="png", metadata={"Software": None})
    return Picture(stream.getvalue())


def _chinese_font() -> str:
    """The name of a font with Chinese characters that this machine has; empty where it has none."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in known), "")


def _bars(axes: Any, title: str, names: Sequence[str], amounts: Sequence[Decimal], words: Sequence[str], colour: str) -> None:
    """One chart: a bar a line, the first on top, its words behind it."""
    shown = [name if len(name) <= NAME else f"{name[: NAME - 1]}…" for name in names]
    places = range(len(names))
    bars = axes.barh(places, [float(amount) for amount in amounts], color=colour, height=0.62)
    axes.set_yticks(places, shown)
    axes.set_ylim(max(len(names), LEAST_ROWS) - 0.5, -0.5)  # the first on top; one bar alone is no wall
    axes.bar_label(bars, labels=words, padding=2)
    axes.margins(x=0.22)
    axes.set_title(title, fontsize=8.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(_few_ticks())


def _few_ticks() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(4)


def _rounded(amount: Decimal) -> str:
    return show_amount(half_up(amount, 2))
