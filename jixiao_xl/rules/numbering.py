"""Are the items of a text numbered one after the other?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao_xl.model.chinese_numbers import read_number
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.passages import texts
from jixiao_xl.rules.registry import rule

_HAN = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
# 一、二级公路 is no mark: a numeral of degree follows
_NO_MARK = rf"(?!\s*(?:[{_HAN}](?:级|类|产|期|线|等|季|年级|次|批|组|档|区|楼|层|环|标|、|所|审)))"
# nor are 3.8 妇女节, 2、3 季度; but 1．2026年 and 2、100 户 are
_DIGIT_MARK = r"\d{1,2}\s*(?:．|、(?!\d{1,2}[、月季])|\.(?!\d)|\.(?=20\d\d年))"
_MARK = re.compile(
    rf"(?P<bracket_han>[（(]\s*(?:[{_HAN}]{{1,3}})\s*[）)])"
    rf"|(?P<han>[{_HAN}]{{1,3}}[、．.]){_NO_MARK}"
    rf"|(?P<bracket_digit>[（(]\s*\d{{1,2}}\s*[）)])"
    rf"|(?P<digit_bracket>\d{{1,2}}[）)])"
    rf"|(?P<digit>{_DIGIT_MARK}){_NO_MARK}"
    rf"|(?P<circled>[{_CIRCLED}])"
    rf"|(?P<goal>(?:目标|任务)\s*(?:\d{{1,2}}|[{_HAN}]{{1,2}})\s*[：:、])"
    rf"|(?P<point>[{_HAN}]{{1,2}}是(?!否))"
)
_INSIDE = re.compile(r"[。；;：:\s]\s*")
"""What stands before a mark that does not begin a line."""
_WIDE = str.maketrans("()", "（）")
_NARROW = str.maketrans("（）", "()")
_BEYOND = 30
"""No list of a form is longer; a greater number is something else."""


@dataclass(frozen=True)
class Mark:
    """One item's number: `（三）` is written, "bracket_han" its style, 3 its number."""

    style: str
    number: int
    written: str
    line: int
    heads: bool
    """Whether its line begins with it."""


@dataclass
class _Level:
    style: str
    last: int
    first_line: int
    led: bool
    """Whether an unnumbered line stands before its first item."""
    items: int = 1


def _number(written: str) -> int:
    if written in _CIRCLED:
        return _CIRCLED.index(written) + 1
    inner = re.sub(rf"[^0-9{_HAN}]", "", written)
    value = read_number(inner)
    return int(value) if value is not None else 0


def _marks_of(line: str, index: int) -> Iterator[Mark]:
    starts = [0, *(found.end() for found in _INSIDE.finditer(line))]
    if line.startswith(tuple(_CIRCLED)) or any(char in line for char in "①②③"):
        starts += [i for i, char in enumerate(line) if char in _CIRCLED and i not in starts]
    for start in sorted(set(starts)):
        found = _MARK.match(line, start)
        if found is not None and found.lastgroup is not None and found.end() < len(line):
            number = _number(found[0].strip())
            if 0 < number <= _BEYOND:
                yield Mark(found.lastgroup, number, found[0].strip(), index, start == 0)


def _written(style_of: str, number: int) -> str:
    """The mark with another number, in the writing of `style_of`."""
    if style_of in _CIRCLED:
        return _CIRCLED[number - 1]
    if re.search(r"\d", style_of):
        return re.sub(r"\d+", str(number), style_of)
    return re.sub(rf"[{_HAN}]+", _in_han(number), style_of)


def _in_han(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else _HAN[tens - 1] + "十"
    return head + (_HAN[ones - 1] if ones else "")


@dataclass(frozen=True)
class Break:
    """Where the numbers stop following each other: what is written, why, what it should be."""

    stated: str
    why: str
    expected: str


def _is_anywhere(text: str, mark: Mark, number: int) -> bool:
    """Whether a skipped number does stand in the text, only not where a mark is looked for."""
    wanted = _written(mark.written, number)
    if mark.style in ("digit", "han"):
        return re.search(rf"(?<![0-9{_HAN}]){wanted[:-1].strip()}\s*(?:[、．]|\.(?!\d))", text) is not None
    return wanted in text or wanted.translate(_WIDE) in text or wanted.translate(_NARROW) in text


def _leads(lines: tuple[str, ...], mark: Mark, since: int) -> bool:
    """Whether an unnumbered line stands right above the mark's line (below line `since`)."""
    above = mark.line - 1
    return above > since and not any(True for _ in _marks_of(lines[above], above))


class _Reader:
    """Walks the marks of one text, keeping the levels that are open."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.lines = lines
        self.text = "\n".join(lines)
        self.open: list[_Level] = []
        self.closed: dict[str, int] = {}
        """The last number of every level left, by style: 1. 2. may go on under the next heading."""

    def read(self) -> Iterator[Break]:
        last_line = -1
        for mark in (m for i, line in enumerate(self.lines) for m in _marks_of(line, i)):
            level = next((lv for lv in reversed(self.open) if lv.style == mark.style), None)
            found = self._begin(mark, last_line) if level is None else self._go_on(level, mark, last_line)
            if found is not None:
                yield found
            last_line = mark.line

    def _begin(self, mark: Mark, last_line: int) -> Break | None:
        led = _leads(self.lines, mark, last_line)
        above = self.open[-1] if self.open else None
        self.open.append(_Level(mark.style, mark.number, mark.line, led))
        if mark.number == 1 or self.closed.get(mark.style) == mark.number - 1 or mark.style == "point":
            return None
        if _is_anywhere(self.text, mark, mark.number - 1):
            return None
        if above is not None and above.last == mark.number - 1:
            self.open.pop()
            before = next(m for m in _all_marks(self.lines) if m.style == above.style)
            right = _written(before.written, mark.number)
            above.last = mark.number
            return Break(f"“{_written(before.written, mark.number - 1)}”之后是“{mark.written}”", "前后式样不同", right)
        first = _written(mark.written, 1)
        if above is None and mark.number == mark.line + 1 and mark.heads:
            why = f"前面 {mark.line} 段没有编号" if mark.line > 1 else f"第一段没有“{first}”"
        elif sum(m.style == mark.style for m in _all_marks(self.lines)) < 2:
            return None  # one number alone is no list
        else:
            why = f"没有“{first}”"
        return Break(f"从“{mark.written}”开始", why, f"从“{first}”起")

    def _go_on(self, level: _Level, mark: Mark, last_line: int) -> Break | None:
        while self.open[-1] is not level:
            left = self.open.pop()
            self.closed[left.style] = left.last
        before, level.last = level.last, mark.number
        level.items += 1
        right = _written(mark.written, before + 1)
        if mark.number == before + 1:
            return None
        if mark.number == 1:
            single = level.items == 2 and before == 1 and not level.led and mark.line > level.first_line
            led = _leads(self.lines, mark, last_line) or not mark.heads
            level.items, level.first_line, level.led = 1, mark.line, led
            if mark.style == "point":
                return None
            if single:
                return Break(f"“{mark.written}”下面又从“{mark.written}”开始", "上下两级用了同一种编号", "下一级换一种编号")
            if not led and before > 1:
                return Break(f"“{_written(mark.written, before)}”之后又从“{mark.written}”开始", "中间没有新的标题", right)
            return None
        if mark.number > before + 1:
            if any(_is_anywhere(self.text, mark, n) for n in range(before + 1, mark.number)):
                return None
            return Break(f"“{_written(mark.written, before)}”之后是“{mark.written}”", f"缺“{right}”", right)
        if mark.style == "point":
            return None
        return Break(f"“{_written(mark.written, before)}”之后是“{mark.written}”", "编号重复或倒退", right)


def _all_marks(lines: tuple[str, ...]) -> Iterator[Mark]:
    return (mark for i, line in enumerate(lines) for mark in _marks_of(line, i))


def breaks(lines: tuple[str, ...]) -> list[Break]:
    """All the places where the numbering of a text breaks."""
    return list(_Reader(lines).read())


@rule("TXT104", "texts")
def items_are_numbered_in_order(case: Case) -> Iterator[Finding]:
    """分条写的文字,编号从第一条起,不缺、不重,一级用一种式样。

    为什么:缺号往往是漏了一条,式样混用让人分不清层次。新的标题下重新从 1 编起是对的。
    错:1.……2.……4.……;(二)开头没有(一);6. 之后是(七)。对:1.……2.……3.……
    """
    for passage in texts(case):
        found = breaks(passage.paragraphs)
        if found:
            first = found[0]
            more = f"等{len(found)}处" if len(found) > 1 else ""
            yield case.finding(
                "TXT104", passage.slot, label=passage.label, stated=first.stated + more, why=first.why, expected=first.expected
            )
