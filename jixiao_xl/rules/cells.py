"""Is each cell, by itself, what its kind demands?"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from jixiao_xl.forms.plan import Slot
from jixiao_xl.forms.scored import INAPPLICABLE
from jixiao_xl.forms.spec import Fields, MoneyTable, Narrative
from jixiao_xl.model.amounts import decimals_of, half_up, is_plain_amount, show_amount
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.registry import rule

YUAN = 10_000
"""元 in one 万元."""
YUAN_APART = 500
"""No line grows so many times in a year."""
_FORMULA = re.compile(r"=[A-Z$(].*", re.DOTALL)
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")
"""An error value, alone or among others: the cells of several paragraphs are one text."""
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_DAY = re.compile(r"(20[0-9]{2})\s*[年./-]\s*([0-9]{1,2})\s*[月./-]\s*([0-9]{1,2})\s*日?\s*\Z")


def _amounts(case: Case) -> list[Slot]:
    """Every cell that should state a number and states something, those of the 测算表 among them."""
    found = case.memo.get("amounts")
    if found is None:
        found = case.memo["amounts"] = [
            slot for block in case.plan.entered for slot in block.slots
            if slot.content in ("money", "percent", "rate") and slot.path and slot.printed and case.text(slot)
        ]  # fmt: skip
    return cast("list[Slot]", found)


def looks_like_yuan(case: Case, slot: Slot) -> bool:
    """Whether an amount is too large for 万元 in one line of a department; a prefecture's hospitals and schools have more."""
    amount = case.amount(slot) if slot.content == "money" and not slot.counted else None
    if amount is None or slot.role != "input" or amount < case.pack.threshold["yuan_suspect"]:
        return False
    return is_surely_yuan(case, slot) or amount >= case.pack.threshold["yuan_suspect"] * _size_of(case)


def _size_of(case: Case) -> int:
    """How many times a county's department the unit may be, by its 行政区划代码: prefecture, province."""
    code = case.filing.unit.key[:6]
    return 100 if code.endswith("0000") else 10 if code.endswith("00") else 1


def is_surely_yuan(case: Case, slot: Slot) -> bool:
    """Whether the same line in another year is so much smaller that only the unit can be wrong."""
    amount = case.amount(slot) if slot.content == "money" and not slot.counted else None
    if amount is None or amount < case.pack.threshold["yuan_suspect"]:
        return False
    line = case.place_of(slot)[1]
    others = [n for s in line.slots if s is not slot and s.content == "money" and (n := case.amount(s))]
    return any(amount >= other * YUAN_APART for other in others)


def in_wan(case: Case, slot: Slot) -> Decimal | None:
    """The known amount, read as 元 where it surely is: what else is said of it should not follow from that one slip."""
    parts = case.parts_of(slot)
    if any(is_surely_yuan(case, part) for part in parts):
        return sum((in_wan(case, part) or Decimal(0) for part in parts), Decimal(0))
    known = case.number(slot)
    return known / YUAN if known is not None and is_surely_yuan(case, slot) else known


@rule("CEL101", "cells")
def amount_is_a_number(case: Case) -> Iterator[Finding]:
    """金额格、占比格只能是数字。

    为什么:文字不参加合计,公式会把它当作没有。
    错:财政拨款填“见附表”。对:财政拨款填 998.71。
    """
    for slot in _amounts(case):
        if case.amount(slot) is None and not (case.text(slot) == INAPPLICABLE == case.follows(slot)):
            case.spoiled.add(case.where(slot).path)
            yield case.finding("CEL101", slot, suggested=case.follows(slot), label=case.label(slot), stated=case.text(slot))


@rule("CEL110", "cells")
def cell_shows_no_error(case: Case) -> Iterator[Finding]:
    """填报的格里不能是错误值或没有算出的公式。

    为什么:#REF!、#N/A 不是内容,汇总时读不出数。
    错:#REF!。对:998.71。
    """
    for block in case.plan.blocks:
        for slot in block.slots:
            text = case.text(slot) if slot.content not in ("money", "percent", "rate") else ""
            shown = (_FORMULA.match(text) or ("#" in text and _ERROR.search(text))) if text and slot.path else None
            if shown and slot.path:
                case.spoiled.add(slot.path.text)
                yield case.finding("CEL110", slot, label=case.label(slot), stated=shown[0])


@rule("CEL111", "cells")
def value_is_no_date(case: Case) -> Iterator[Finding]:
    """指标值、文字格里的日期,多半是 Excel 自动转换的。

    为什么:在常规格式的格里输入或粘贴 1-2,Excel 会存成一月二日,原来的内容就丢了。
    错:1月2日(输入的是 1-2)。对:先设为文本格式,再输入 1-2。
    """
    for path, typed in case.evidence.dates.items():
        slot = case.plan.by_path.get(path)
        if slot is not None and slot.content in ("indicator", "text"):
            case.spoiled.add(path)
            yield case.finding("CEL111", slot, suggested=typed, label=case.label(slot), stated=case.text(slot), expected=typed)


@rule("CEL102", "cells")
def amount_is_no_text(case: Case) -> Iterator[Finding]:
    """金额不带逗号、空格和全角字符。

    为什么:Excel 把这样的内容当文本,SUM 不计入合计。
    错:1,058.85(文本)。对:1058.85。
    """
    for slot in _amounts(case):
        text, amount = case.text(slot), case.amount(slot)
        plain = text.rstrip("%") if slot.content != "money" else text
        held_as_text = slot.path is not None and slot.path.text in case.evidence.text_amounts and slot.role == "input"
        if amount is None or (is_plain_amount(plain) and not held_as_text) or looks_like_yuan(case, slot) or case.is_carried(slot):
            continue
        expected = show_amount(amount) if slot.content == "money" else f"{show_amount(amount * 100)}%"
        yield case.finding("CEL102", slot, suggested=expected, label=case.label(slot), stated=text, expected=expected)


@rule("CEL103", "cells")
def amount_has_few_decimals(case: Case) -> Iterator[Finding]:
    """以万元为单位的金额最多两位小数(以表样规定为准)。

    为什么:一体化系统按两位小数校验,多余的位数会被拒收或截断。只看填报的格,合计不看。
    错:897.334。对:897.33。
    """
    for slot in _amounts(case):
        amount = case.amount(slot)
        if slot.content != "money" or slot.role != "input" or amount is None or case.is_carried(slot):
            continue
        block = case.place_of(slot)[0].block
        decimals = block.decimals if isinstance(block, MoneyTable) else 2
        if decimals_of(amount) <= decimals:
            continue
        expected = show_amount(half_up(amount, decimals))
        yield case.finding(
            "CEL103", slot, suggested=expected, label=case.label(slot), stated=show_amount(amount),
            decimals=str(decimals), expected=expected,
        )  # fmt: skip


def _chosen(case: Case) -> list[tuple[Slot, str]]:
    """Every word that a list offers, with its cell."""
    found = case.memo.get("chosen")
    if found is None:
        lists = case.spec.choices
        slots = (
            slot
            for block in case.plan.blocks
            for slot in block.slots
            if slot.choices in lists and slot.path and not case.is_carried(slot)
        )
        found = case.memo["chosen"] = [(slot, text) for slot in slots if (text := case.text(slot))]
    return cast("list[tuple[Slot, str]]", found)


@rule("CEL105", "cells")
def word_is_in_the_list(case: Case) -> Iterator[Finding]:
    """有下拉列表的格只能填列表里的词(表样注明可自填的除外)。

    错:指标分类填“普通型”。对:绩效基本型。
    """
    for slot, word in _chosen(case):
        choices = case.spec.choices[slot.choices]
        if not choices.stop or word in choices.items:
            continue
        known = {normalised(w) for w in (*choices.items, *choices.aliases)}
        if normalised(word) not in known:
            yield case.finding("CEL105", slot, label=case.label(slot), stated=word, choices="、".join(choices.items))


@rule("CEL106", "cells")
def word_is_the_present_one(case: Case) -> Iterator[Finding]:
    """旧表样的词照新表样改写。

    错:基本型。对:绩效基本型。
    """
    for slot, word in _chosen(case):
        choices = case.spec.choices[slot.choices]
        if word not in choices.items and word in choices.aliases:
            expected = choices.aliases[word]
            yield case.finding("CEL106", slot, suggested=expected, label=case.label(slot), stated=word, expected=expected)


@rule("CEL107", "cells")
def text_has_no_markup(case: Case) -> Iterator[Finding]:
    """文字里不留网页标记。

    为什么:从网页系统复制时会带上 <p> 之类的标记,打印和公开都会露出来。
    错:<p>1. 领导全市工会工作。</p> 对:1. 领导全市工会工作。
    """
    for block in case.plan.blocks:
        if not isinstance(block.block, Narrative | Fields):
            continue
        for slot in block.slots:
            text = "" if case.is_carried(slot) else case.text(slot)
            marks = dict.fromkeys(_MARKUP.findall(text)) if "<" in text else None
            if marks:
                clean = _MARKUP.sub("", text)
                label = block.title if slot.key == "text" else case.label(slot)
                yield case.finding("CEL107", slot, suggested=clean, label=label, stated=" ".join(marks))


@rule("CEL109", "cells")
def code_has_its_pattern(case: Case) -> Iterator[Finding]:
    """编码类的格按规定的位数和字符填写;日期要是有的一天。

    错:项目编码填 20 位。对:21 位,由数字和大写字母组成。错:填报日期 2025年11月31日。对:2025年11月30日。
    """
    for _, line in case.lines(Fields):
        for slot in line.slots:
            text = case.text(slot)
            if slot.pattern and text and not re.fullmatch(slot.pattern, text):
                yield case.finding("CEL109", slot, label=case.label(slot), stated=text, hint=slot.hint or "按规定的位数填写。")
            elif slot.content == "date" and _is_no_day(text):
                hint = f"没有这一天，写实际的日期，如 {case.filing.year - 1}年11月20日。"
                yield case.finding("CEL109", slot, label=case.label(slot), stated=text, hint=hint)


def _is_no_day(text: str) -> bool:
    """Whether a written date names a day that no calendar has (13月, 11月31日); an unfinished one is not judged."""
    found = _DAY.search(unicodedata.normalize("NFKC", text))
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    return not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1])


@rule("FND104", "cells")
def amount_is_not_negative(case: Case) -> Iterator[Finding]:
    """预算金额不能是负数。

    错:单位资金填 -5。对:填 0 或正数。
    """
    for slot in _amounts(case):
        amount = case.amount(slot)
        if slot.role == "input" and slot.content == "money" and not slot.signed and amount is not None and amount < 0:
            yield case.finding("FND104", slot, label=case.label(slot), stated=case.text(slot))


@rule("FND105", "cells")
def amount_is_in_wan_yuan(case: Case) -> Iterator[Finding]:
    """金额以万元填报;大得不合常理的,多半填成了元。

    为什么:元填进万元的表,合计、占比、汇总全错。其他年度也一样大的,可能确有这么多(市州、省级的大部门),只请说明。
    错:财政拨款填 9987100。对:998.71。
    """
    doubtful: dict[str, list[Slot]] = {}
    for slot in _amounts(case):
        if not looks_like_yuan(case, slot) or case.is_carried(slot):
            continue
        if not is_surely_yuan(case, slot) and _has_other_years(case, slot):
            doubtful.setdefault(slot.sheet, []).append(slot)
            continue
        expected = show_amount((case.amount(slot) or Decimal(0)) / YUAN)
        yield case.finding(
            "FND105", slot, suggested=expected, label=case.label(slot), stated=case.text(slot), expected=expected
        )  # fmt: skip
    for slots in doubtful.values():
        first, many = slots[0], f"等 {len(slots)} 处" if len(slots) > 1 else ""
        expected = show_amount((case.amount(first) or Decimal(0)) / YUAN)
        yield case.finding(
            "FND105", first, severity="warning", label=f"{case.label(first)}{many}", stated=case.text(first), expected=expected
        )


def _has_other_years(case: Case, slot: Slot) -> bool:
    return any(s is not slot and s.content == "money" and case.amount(s) for s in case.place_of(slot)[1].slots)
