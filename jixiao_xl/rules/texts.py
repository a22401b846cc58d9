"""Are the texts whole, and free of private numbers?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from jixiao_xl.forms.spec import Fields
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.names import is_han
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.known import knowledge
from jixiao_xl.rules.passages import Passage, texts
from jixiao_xl.rules.registry import rule

_FULL_STOP = "。！？!?；;…."
_CLAUSE = re.compile(r"[，。；：,;:!?！？\n]")
_PAIRS = {"（": "）", "《": "》", "【": "】", "〔": "〕"}
_ONE_WIDTH = str.maketrans("()[]", "（）〔〕")
_STEP = "、，,：:（(“《【〔—"
"""Marks after which something must follow."""
_LIMITS = (200, 255, 256, 300, 500, 512, 1000, 1024, 2000, 4000)
"""Lengths at which programs cut a text."""
_ITEM_NEXT = re.compile(r"(?:[（(]?\d{1,2}[）).、．](?!\d)|[（(]?[一二三四五六七八九十]{1,3}[）)、．.]|[①-⑳])")


class _Ends(NamedTuple):
    unfinished: re.Pattern[str]
    owned: tuple[str, ...]
    organs: re.Pattern[str]
    as_means: re.Pattern[str]
    completed: tuple[str, ...]
    complete: tuple[str, ...]
    for_what: re.Pattern[str]
    done_for: tuple[str, ...]


@cache
def _ends() -> _Ends:
    data = knowledge("sentences")
    words = sorted([*data["unfinished"], *data["particles"]], key=len, reverse=True)
    organ = "|".join(sorted(data["organs"], key=len, reverse=True))
    verbs = "|".join(sorted(data["governing"], key=len, reverse=True))
    return _Ends(
        re.compile(rf"(?:{'|'.join(words)})\Z"), tuple(data["except"]),
        re.compile(rf"(?:{verbs})(?:(?:{organ})[、和及与]*)+\Z"),
        re.compile(rf"以[^以]{{4,}}(?:{'|'.join(data['as_means'])})\Z"),
        tuple(data["completed"]), tuple(data["complete"]), re.compile(rf"(?:{data['for_what']})\Z"), tuple(data["done_for"]),
    )  # fmt: skip


class _Stop(NamedTuple):
    """How a text breaks off."""

    severity: Severity
    why: str
    advice: str = "补全这句话。"


def _unclosed(text: str) -> str:
    """A bracket or quotation mark opened in the last sentence and never closed."""
    tail = re.split(r"[。！？；\n]", text)[-1].translate(_ONE_WIDTH)
    for mark, closing in _PAIRS.items():
        if mark in tail and closing not in tail[tail.rindex(mark) :]:
            return mark
    if tail.count("“") == 1 and "”" not in tail and '"' not in tail:
        return "“"
    return ""


def _broken_off(text: str, at_end: bool) -> _Stop | None:
    """Why this end of an item, or of the text, cannot be its end; None when it can."""
    if text[-1] in _STEP:
        if text[-1] in "、，,":
            if not at_end:
                return None  # items may well be set apart by commas
            return _Stop("warning", f"末尾是“{text[-1]}”，后面没有内容", "补全后面的内容；已写完的改为句号。")
        return _Stop("error", f"“{text[-1]}”后面没有内容")
    if text[-1] in _FULL_STOP:
        return None
    clause = _CLAUSE.split(text)[-1]
    ends = _ends()
    found = ends.unfinished.search(clause)
    if found is not None and not clause.endswith(ends.owned):
        return _Stop("error", f"“{found[0]}”后面还应有内容")
    if ends.organs.search(clause):
        return _Stop("error", "没有写完贯彻落实什么")
    mark = _unclosed(text)
    if mark:
        return _Stop("warning", f"“{mark}”没有下半个", "补全后面的内容，或补上另一半括号、引号。")
    if ends.as_means.match(clause) and not any(word in clause[:-2] for word in ends.completed):
        return _Stop("warning", f"“以……{clause[-2:]}”没有写完")
    if ends.for_what.match(clause) and not any(word in clause[1:-2] for word in ends.done_for):
        return _Stop("warning", f"“为……{clause[-2:]}”没有写完")
    return None


def _ends_oddly(text: str, prose: str) -> _Stop | None:
    """The end of a text cut inside a word, or at a length where programs cut."""
    if text[-1] in _FULL_STOP or not is_han(text[-1]) or text.endswith(_ends().complete):
        return None
    if len(text) in _LIMITS:
        return _Stop("warning", f"正好 {len(text)} 字，像是被系统截断")
    # a last sentence without the full stop that the others have; its last two characters stand
    # nowhere else, while the last one keeps beginning the same word: 急需人 and 人才, 队伍建 and 建设
    if "。" not in text.rsplit("\n", 1)[-1]:
        return None
    words: Counter[str] = Counter()
    at = prose.find(text[-1])
    while at >= 0:
        following = prose[at + 1 : at + 2]
        if is_han(following):
            words[prose[at : at + 2]] += 1
        elif prose[at - 1 : at + 1] == text[-2:] and not prose.startswith(text, at + 1 - len(text)):
            return None
        at = prose.find(text[-1], at + 1)
    word, often = words.most_common(1)[0] if words else ("", 0)
    if often < 2:
        return None
    return _Stop("hint", f"没有句号，像是“{word}”一类的词写到一半", "没有写完的补全；写完的加句号。")


def _items(passage: Passage) -> Iterator[str]:
    """What should be whole: every numbered item that is followed by the next, and the end."""
    paragraphs = passage.paragraphs
    for this, following in pairwise(paragraphs):
        if _ITEM_NEXT.match(following) and this[-1] not in "：:":
            yield this
    yield paragraphs[-1]


@rule("TXT101", "texts")
def text_is_whole(case: Case) -> Iterator[Finding]:
    """文字要写完整,不能停在半句。

    为什么:粘贴、系统限字数、转换文件都会把后半句丢掉,批复和公开时才发现就晚了。
    没有句号不一定是没写完;停在“和、及、以及、贯彻落实市委”这样的地方,才算没写完。
    错:贯彻落实中央、省委、市委和上级 对:贯彻落实中央、省委、市委和上级工会的部署。
    """
    passages = [passage for passage in texts(case) if passage.paragraphs]
    prose = "\n".join(passage.stated for passage in passages)
    for passage in passages:
        for item in _items(passage):
            at_end = item is passage.paragraphs[-1]
            stop = _broken_off(item, at_end)
            if stop is None and at_end:
                stop = _ends_oddly("\n".join(passage.paragraphs), prose)
            if stop is not None:
                yield case.finding(
                    "TXT101",
                    passage.slot,
                    severity=stop.severity,
                    label=passage.label,
                    stated=item[-12:],
                    why=stop.why,
                    advice=stop.advice,
                )


# ---- private numbers ------------------------------------------------------------------------
_MOBILE = re.compile(r"(?<![0-9A-Za-z.])(?:\+?86[\s-]?)?1[3-9][0-9*×＊xX•●]{9}(?![0-9A-Za-z.%])")
_WHOLE_MOBILE = re.compile(r"(?<![0-9A-Za-z.])1[3-9][0-9]{9}(?![0-9A-Za-z.%])")
_PHONE_LABELS = ("电话", "手机", "联系方式")


def _mobile_in(text: str) -> str | None:
    """A mobile number in the entry, its middle hidden."""
    found = _MOBILE.search(re.sub(r"(?<=[\d*])[\s-](?=[\d*])", "", text))
    return _masked(found[0]) if found else None


def _masked(number: str) -> str:
    return f"{number[-11:-8]}****{number[-4:]}"


@rule("TXT108", "texts")
def phone_is_the_office_phone(case: Case) -> Iterator[Finding]:
    """联系电话填办公电话;个人手机号不进申报表。

    为什么:申报表要公开,手机号属于个人信息。已遮去中间四位的也提示一次,供改填办公电话。
    错:13800000000。对:0714-0000000。
    """
    for block in case.plan.blocks:
        for slot in block.slots if isinstance(block.block, Fields) else ():
            if slot.path is not None and any(word in slot.label for word in _PHONE_LABELS):
                number = _mobile_in(case.text(slot))
                if number is not None:
                    yield case.finding("TXT108", slot, label=slot.label, stated=number)
    for passage in texts(case):
        found = _WHOLE_MOBILE.search(passage.stated) if "1" in passage.stated else None
        if found is not None:
            yield case.finding("TXT108", passage.slot, label=passage.label, stated=_masked(found[0]))
