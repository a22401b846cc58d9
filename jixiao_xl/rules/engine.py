"""Run the rules in the order of the phases; what could not be judged is said, not passed."""

from __future__ import annotations

from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.findings import SEVERITIES, Finding, Insufficient
from jixiao_xl.model.places import row_and_column
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules import ALL
from jixiao_xl.rules.case import Case, Evidence
from jixiao_xl.rules.pack import load_pack
from jixiao_xl.rules.reasons import unanswering, with_reasons
from jixiao_xl.rules.registry import PHASES, RULES
from jixiao_xl.rules.shifts import give_way

assert ALL  # the rule modules register themselves when imported


@dataclass(frozen=True)
class Judgement:
    """Findings in the order a clerk mends them: by sheet, from the top down."""

    findings: tuple[Finding, ...]
    insufficient: tuple[Insufficient, ...] = ()
    pack: str = ""
    """The rule pack that judged, with its version."""


ARITHMETIC = ("FND", "CEL", "EXE", "EVA")
"""Families that tell what is wrong with a cell that follows from others."""
COMPARING = ("BUD", "EXE", "EVA", "SCH", "WBK")
"""Families whose findings are about several cells, or about the workbook."""


def judge(spec: FormSpec, filing: Filing, evidence: Evidence | None = None) -> Judgement:
    """Judge one filing by every rule of its province's pack; raises PackError for a faulty pack."""
    case = Case(spec, filing, load_pack(spec.form.pack), evidence or Evidence())
    found: list[Finding] = []
    for phase in PHASES:
        for code, (rule_phase, function) in RULES.items():
            if rule_phase == phase and not case.pack.is_off(code):
                found += function(case)
    found = [f for f in _said_once(give_way(case, found)) if not _is_of_the_tool(case, f)]
    found += _replaced_formulas(case, found)
    found += unanswering(case, [*case.evidence.already, *found])
    found = with_reasons(found, filing)
    return Judgement(tuple(sorted(found, key=lambda f: _order(case, f))), tuple(_not_judged(case)), case.pack.name)


def _is_of_the_tool(case: Case, finding: Finding) -> bool:
    """Whether it is about values that the tool filled in and nobody changed (of a total: about all its parts):
    whoever filed them before was told then. What compares a value with others is still said."""
    if not case.filing.prefilled or finding.code.startswith(COMPARING):
        return False
    slot = case.plan.by_path.get(finding.where.path)
    parts = [part.path.text for part in case.parts_of(slot) if part.path] if slot is not None else []
    stated = [path for path in parts if case.filing.value(path)] or [finding.where.path]
    return all(map(case.filing.is_prefilled, stated))


def _said_once(found: list[Finding]) -> list[Finding]:
    """Of several findings that ask for the same correction of the same cell, the gravest, and of
    equals the one of the highest number: within a family those compare more than one cell."""
    told: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        if finding.suggested is not None and finding.where.path:
            told.setdefault((finding.where.path, finding.suggested), []).append(finding)
    dropped = {
        id(finding)
        for same in told.values()
        if len(same) > 1
        for finding in sorted(same, key=lambda f: (-SEVERITIES.index(f.severity), f.code))[:-1]
    }
    return [finding for finding in found if id(finding) not in dropped]


def _replaced_formulas(case: Case, found: list[Finding]) -> list[Finding]:
    """WBK105, silent where an arithmetic finding hits the same cell (decisions, contract 6)."""
    spoken = {f.where.path for f in found if f.code.startswith(ARITHMETIC)}
    slots = case.plan.by_path
    return [
        case.finding("WBK105", slots[path], suggested=case.follows(slots[path]), label=case.label(slots[path]), stated=stated)
        for path, stated in case.evidence.replaced.items()
        if path not in spoken and path in slots
    ]


def _not_judged(case: Case) -> list[Insufficient]:
    """The rules that had nothing to go by: those of a blank money table, and those that said so themselves."""
    blank = [block.sheet for block in case.plan.blocks if block.name in case.blank_tables]
    if blank:
        for code in ("FND101", "FND107", "FND103", "FND106", "FND201"):
            case.lacking(code, f"“{'、'.join(blank)}”没有填写，无法核对")
    asked = (pair for pair in sorted(case.not_judged.items()) if not case.pack.is_off(pair[0]) and _is_asked(case, pair[0]))
    return [Insufficient(code, why) for code, why in asked]


def _is_asked(case: Case, code: str) -> bool:
    """Whether the form could ever be judged by the rule: what follows a declaration has no earlier years and
    no projects to be held against a budget, which need not be said each time."""
    return not (case.spec.is_follow_up and code.startswith(("BUD", "PRI")))


def _order(case: Case, finding: Finding) -> tuple[int, int, int, int]:
    sheets = case.plan.sheets
    sheet = sheets.index(finding.where.sheet) if finding.where.sheet in sheets else len(sheets)
    row, column = row_and_column(finding.where.cell) if finding.where.cell else (0, 0)
    return sheet, row, column, SEVERITIES.index(finding.severity)
