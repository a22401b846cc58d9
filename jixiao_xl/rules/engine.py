"""Run the rules in the order of the phases; what could not be judged is said, not passed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.findings import SEVERITIES, Finding, Insufficient
from jixiao_xl.model.places import Where, row_and_column
from jixiao_xl.rules import ALL
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.pack import load_pack
from jixiao_xl.rules.registry import PHASES, RULES

assert ALL  # the rule modules register themselves when imported


@dataclass(frozen=True)
class Judgement:
    """Findings in the order a clerk mends them: by sheet, from the top down."""

    findings: tuple[Finding, ...]
    insufficient: tuple[Insufficient, ...] = ()


def judge(
    spec: FormSpec, filing: Filing, places: Mapping[str, Where] | None = None,
    replaced: Mapping[str, str] | None = None, text_amounts: Collection[str] = (),
) -> Judgement:  # fmt: skip
    """Judge one filing by every rule. `places` are the cells of the file it was read from,
    `replaced` the paths whose formula was found overwritten, `text_amounts` those held as text."""
    case = Case(spec, filing, load_pack(spec.form.pack), places or {}, text_amounts)
    found: list[Finding] = []
    for phase in PHASES:
        for rule_phase, function in RULES.values():
            if rule_phase == phase:
                found += function(case)
    found += _replaced_formulas(case, found, replaced or {})
    return Judgement(tuple(sorted(found, key=lambda f: _order(case, f))), tuple(_not_judged(case)))


def _replaced_formulas(case: Case, found: list[Finding], replaced: Mapping[str, str]) -> list[Finding]:
    """WBK105, silent where an arithmetic finding hits the same cell (decisions, contract 6)."""
    spoken = {f.where.path for f in found if f.code.startswith(("FND", "CEL"))}
    slots = case.plan.by_path
    return [
        case.finding("WBK105", slots[path], label=case.label(slots[path]), stated=stated)
        for path, stated in replaced.items()
        if path not in spoken and path in slots
    ]


def _not_judged(case: Case) -> list[Insufficient]:
    """Arithmetic rules that had nothing to go by."""
    blank = [block.sheet for block in case.plan.blocks if block.name in case.blank_tables]
    if not blank:
        return []
    why = f"“{'、'.join(blank)}”没有填写，无法核对"
    return [Insufficient(code, why) for code in ("FND101", "FND107", "FND103", "FND106", "FND201")]


def _order(case: Case, finding: Finding) -> tuple[int, int, int, int]:
    sheets = case.plan.sheets
    sheet = sheets.index(finding.where.sheet) if finding.where.sheet in sheets else len(sheets)
    row, column = row_and_column(finding.where.cell) if finding.where.cell else (0, 0)
    return sheet, row, column, SEVERITIES.index(finding.severity)
