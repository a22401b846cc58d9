"""Which finding does a 情况说明 answer? A warning or hint is explained by it, an error never."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from jixiao_xl.forms.reasons import Key, Reason, reasons_of
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import row_and_column
from jixiao_xl.rules.case import Case

ELSEWHERE = ("PRI101",)
"""Warnings that another verb gives (提取上年数): here nobody can say that they are not there."""


def keys_of(finding: Finding) -> tuple[Key, ...]:
    """What a reason may write to mean this finding: its fact path, or its place where it has none."""
    names = (finding.where.path, finding.where.spoken())
    return tuple((finding.code, name) for name in names if name)


def with_reasons(findings: Iterable[Finding], filing: Filing) -> list[Finding]:
    """The findings, warnings and hints with the reason given for them."""
    given = {reason.about: reason.text for reason in reasons_of(filing)}
    found = []
    for finding in findings:
        text = next((given[key] for key in keys_of(finding) if key in given), "")
        found.append(replace(finding, reason=text) if text and finding.severity != "error" else finding)
    return found


def unanswering(case: Case, findings: Sequence[Finding]) -> Iterator[Finding]:
    """EXP101 for a reason that answers nothing, EXP102 for one that tries to explain an error away."""
    answered: dict[Key, set[str]] = {}
    for finding in findings:
        for key in keys_of(finding):
            answered.setdefault(key, set()).add(finding.severity)
    for reason in reasons_of(case.filing):
        severities = answered.get(reason.about, set())
        unasked = reason.about[0] in ELSEWHERE or reason.about[0] in case.not_judged
        if not severities - {"error"} and (severities or not unasked):
            code = "EXP102" if severities else "EXP101"
            if not case.pack.is_off(code):
                yield _finding(case, code, reason)


def _finding(case: Case, code: str, reason: Reason) -> Finding:
    slot = case.plan.by_path[reason.path]
    where = case.where(slot)
    about = case.plan.by_path.get(reason.about[1])
    place = f"{about.sheet}!{about.cell}" if about else reason.about[1]
    row = str(row_and_column(where.cell)[0] + 1)
    stated = f"{reason.about[0]} {place}".strip() or "（没有写代码和位置）"
    params = {"code": reason.about[0], "row": row, "stated": stated}
    return Finding(code, case.pack.severity_of(code), where, params)
