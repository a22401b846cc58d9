"""Two filings of one unit side by side (申报 and 批复, two revisions): where they differ, and by how much."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, get_args

from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.facts import STAGE_WORDS, Filing
from jixiao_xl.model.places import Where
from jixiao_xl.model.ratios import change_rate, show_percent
from jixiao_xl.model.records import dataclass

LineKind = Literal["金额", "比率", "指标", "文字", "整行", "其他"]
"""What differs. 整行 is a row or project that came, went, or is called otherwise."""
KINDS: tuple[LineKind, ...] = get_args(LineKind)
ChangeWord = Literal["修改", "新增", "删去", "更名"]
PERCENT_POINT = "个百分点"


@dataclass(frozen=True)
class ChangedLine:
    """One difference. `numbers` are then and now, where both are one kind of number."""

    kind: LineKind
    change: ChangeWord
    where: Where
    """The cell in the later filing; in the earlier one for what went."""
    label: str
    old: str
    new: str
    numbers: tuple[Decimal, Decimal] | None = None
    unit: str = ""
    """Of the difference: 万元, 人, 个百分点."""
    follows: bool = False
    """A total or share that goes with a changed amount."""

    @property
    def difference(self) -> Decimal | None:
        """Now less then; None where there is nothing to subtract: a blank is not zero."""
        return None if self.numbers is None else self.numbers[1] - self.numbers[0]

    @property
    def rate(self) -> Decimal | None:
        """变动率 of an amount, as a fraction; None from zero, and for what is no amount."""
        return None if self.numbers is None or self.kind != "金额" else change_rate(self.numbers[1], self.numbers[0])

    @property
    def spoken_difference(self) -> str:
        """`-1.29万元`, `+2个百分点`; empty where there is nothing to subtract."""
        gap = self.difference
        return "" if gap is None else f"{'+' if gap > 0 else ''}{show_amount(gap)}{self.unit}"

    def as_json(self) -> dict[str, object]:
        gap, rate = self.difference, self.rate
        return {
            "kind": self.kind, "change": self.change, "path": self.where.path, "sheet": self.where.sheet, "cell": self.where.cell,
            "label": self.label, "old": self.old, "new": self.new, "difference": None if gap is None else show_amount(gap),
            "unit": self.unit if gap is not None else "", "rate": None if rate is None else show_percent(rate),
            "follows": self.follows,
        }  # fmt: skip


@dataclass(frozen=True)
class FilingDiff:
    """All that differs between two filings, in the order of the later one."""

    old: Filing
    new: Filing
    lines: tuple[ChangedLine, ...]

    @property
    def own(self) -> tuple[ChangedLine, ...]:
        """The differences themselves, without the totals and shares that merely follow."""
        return tuple(line for line in self.lines if not line.follows)

    def counts(self) -> dict[LineKind, int]:
        """How many of each kind, what follows not counted; kinds without any left out."""
        return {kind: count for kind in KINDS if (count := sum(line.kind == kind for line in self.own))}

    def as_json(self) -> dict[str, object]:
        return {
            "unit": {"name": self.new.unit.name, "key": self.new.unit.key}, "old": _side(self.old), "new": _side(self.new),
            "counts": self.counts(), "lines": [line.as_json() for line in self.lines],
        }  # fmt: skip


def _side(filing: Filing) -> dict[str, object]:
    return {
        "book": filing.book, "form": filing.form, "edition": filing.edition, "year": filing.year, "stage": filing.stage,
        "revision": filing.revision,
    }  # fmt: skip


def said_as(filing: Filing) -> str:
    """`2025年批复（修订号 1）`."""
    revision = f"（修订号 {filing.revision}）" if filing.revision else ""
    return f"{filing.year}年{STAGE_WORDS[filing.stage]}{revision}"
