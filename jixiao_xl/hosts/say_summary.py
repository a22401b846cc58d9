"""The city summary in words and as plain values."""

from __future__ import annotations

from decimal import Decimal

from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.consolidate.totals import Rate
from jixiao_xl.consolidate.unit_results import unit_results
from jixiao_xl.forms.outcome_words import this_year
from jixiao_xl.hosts.say import OUT, say_findings
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.findings import spoken_counts
from jixiao_xl.model.ratios import show_percent


def summary_json(summary: Summary) -> dict[str, object]:
    """The city summary as plain values; amounts are strings in 万元, a missing one is null."""
    return {
        "form": summary.spec.form.id, "edition": summary.spec.form.edition,
        "year": summary.year, "stage": summary.stage, "complete": summary.is_complete,
        "expected": sum(s.status not in ("名单外", "待认领") for s in summary.statuses),
        "received": sum(s.status in ("已收", "重复") for s in summary.statuses),
        "units": [
            {"key": s.key.lstrip("?"), "name": s.name, "status": s.status, "books": list(s.books),
             "used": s.used.book if s.used else None, "revision": s.used.filing.revision if s.used else None,
             "errors": s.used.errors if s.used else None, "remark": s.remark}
            for s in summary.statuses
        ],
        "totals": [
            {"path": line.path.text, "total": None if line.total is None else show_amount(line.total),
             "without": list(line.without),
             "units": [
                 {"key": unit.key, "name": unit.name, "note": own.note,
                  "amount": None if own.amount is None else show_amount(own.amount)}
                 for unit, own in zip(summary.units, line.amounts, strict=True)
             ]}
            for money in summary.money for line in money.lines
        ],
        "shares": [
            {"path": s.path.text, "share": None if s.share is None else show_percent(s.share)}
            for money in summary.money for s in money.shares
        ],
        "rates": [
            {"path": r.path.text, "rate": _rate(r.total), "without": list(r.without)} for money in summary.money for r in money.rates
        ],
        "results": _results(summary),
        "indicators": [
            {"block": line.block, "names": list(line.names),
             "values": [{"key": u.key, "name": u.name, "value": v} for u, v in zip(summary.units, line.values, strict=True)]}
            for line in summary.indicators
        ],
        "findings": [f.as_json() | {"book": f.where.book} for f in (*summary.findings, *summary.judged)],
    }  # fmt: skip


def _results(summary: Summary) -> list[dict[str, object]]:
    """Of a form of a later stage: each unit's rate and light, or points and grade."""
    found = unit_results(summary)
    return [] if found is None else [
        {"key": unit.key, "name": unit.name, "rate": _rate(one.rate), "light": one.light or None,
         "points": show_amount(one.points) if isinstance(one.points, Decimal) else one.points,
         "total": None if one.total is None else show_amount(one.total), "grade": one.grade or None, "note": one.note}
        for unit, one in zip(summary.units, found.units, strict=True)
    ]  # fmt: skip


def _rate(rate: Rate) -> str | None:
    return show_percent(rate) if isinstance(rate, Decimal) else rate


def say_summary(summary: Summary) -> None:
    """The city summary in a few lines: who, how much, without whom."""
    for status in summary.statuses:
        errors = f"（{status.used.errors} 处必须修改）" if status.used and status.used.errors else ""
        OUT.print(f"{status.status}　{status.name}{errors}　{status.remark}".rstrip("　"))
    for money in summary.money:
        for line in money.lines:
            if (line.column.year == 0 or line.column.id in this_year(money.table)) and line.row.id == "total":
                without = f"（不含{'、'.join(line.without)}）" if line.without else ""
                total = "缺" if line.total is None else show_amount(line.total)
                OUT.print(f"{line.group.label}·{line.row.label}（{line.column.label}）：{total} 万元{without}")
        for rate in money.rates:
            if rate.executed.row.id == "total":
                OUT.print(f"{rate.executed.group.label}·{rate.executed.row.label}（执行率）：{_rate(rate.total) or '缺'}")
    say_findings(summary.findings)
    for what, findings in (("汇总中的问题", summary.findings), ("各单位报送件中的问题（见“问题清单”）", summary.judged)):
        OUT.print(f"{what}：" + "　".join(spoken_counts(findings)))
