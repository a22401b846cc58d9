"""The page of a code, for whoever met it on a report."""

from __future__ import annotations

import re

from jixiao_xl.desk.outcomes import stop
from jixiao_xl.model.codes import CATALOGUE
from jixiao_xl.rules.registry import RULES

_BRACED = re.compile(r"\{\w+\}")


def explain(code: str) -> str:
    """Sentence, remedy, why (the rule's own docstring), English."""
    entry = CATALOGUE.get(code.upper())
    if entry is None:
        raise stop("SYS908", what="代码", stated=code, advice="代码写成 FND103 的样子；jixiao explain 列出全部代码。")
    said, remedy, english = (_BRACED.sub("…", text) for text in (entry.zh, entry.fix, entry.en))
    lines = [f"{entry.id}  {said}", f"怎么改：{remedy}"]
    if entry.id in RULES:
        lines += ["", *(line.strip() for line in (RULES[entry.id][1].__doc__ or "").strip().splitlines())]
    return "\n".join([*lines, "", f"EN: {english}"])
