"""自评、监控: is it told what became of every target, in the target's own terms, and is the target the approved one?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao_xl.forms.carrying import carried, row_pairs
from jixiao_xl.forms.load import find_form
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.facts import STAGE_WORDS, Filing
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.indicator_value import IndicatorValue, read_indicator_value
from jixiao_xl.model.names import normalised
from jixiao_xl.model.plain_value import UNITS
from jixiao_xl.model.ratios import show_percent
from jixiao_xl.model.scoring import band_of
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.results import ResultRow, is_under_way, result_rows, words
from jixiao_xl.rules.units import agree

NAMED = 3
"""So many missing indicators are named, the others counted."""
_DIGIT = re.compile(r"[0-9０-９一二三四五六七八九十百千]")
NO_TABLE = "没有本单位本年批复（申报）的表，无法核对年初目标值"


# ---- what was reached -------------------------------------------------------------------------
@rule("EVA101", "indicators")
def every_target_has_its_outcome(case: Case) -> Iterator[Finding]:
    """有目标值的指标,都要写实际完成值(监控表写截至本月的完成值)。

    为什么:空着分不清是没有完成、没有统计,还是漏填。没有完成的写 0 和原因。
    错:目标值 ≥12场次,实际完成值空着或写“/”。对:9场次,并写偏差原因。
    """
    severity: Severity | None = "warning" if is_under_way(case) else None
    for row in result_rows(case):
        if (
            case.is_spoiled(row.done)
            or not row.target_text
            or row.wanted.is_absent
            or (row.done_text and not row.reached.is_absent)
        ):
            continue
        is_zero = row.wanted.number == 0 and row.done_text != ""  # no accident at all
        if not is_zero and not (row.done_text and row.has_cause):
            yield case.finding("EVA101", row.done, severity=severity, label=case.label(row.done), target=row.target_text)


@rule("EVA102", "indicators")
def outcome_is_in_the_unit_of_its_target(case: Case) -> Iterator[Finding]:
    """实际完成值与目标值用同一个单位;目标是数的,完成值也写数。

    为什么:单位不同就无法计分。0.96 不写成 96%,百分数与人数不能相比。
    错:目标 ≥95%,完成 0.96;目标 ≥100人,完成 100%;目标 ≥12场,完成“已完成”。对:96%;105人;12场。
    """
    for row in result_rows(case):
        fault = "" if case.is_spoiled(row.done) else _unit_fault(row)
        if fault:
            yield case.finding(
                "EVA102", row.done, label=case.label(row.done), stated=row.done_text, target=row.target_text, why=fault
            )


def _unit_fault(row: ResultRow) -> str:
    """Why target and outcome cannot be compared; blank where they can, or where a person reads them."""
    want, got = row.wanted, row.reached
    if want.number is None or not _counts(want) or got.is_absent or row.done_text == row.target_text:
        return ""
    if got.number is None:
        # words with numbers in them (98%，共120人) are for a person to read
        return "" if _DIGIT.search(row.done_text) else "目标是数，完成值没有写数"
    if want.is_percent and not got.unit:
        return "目标是百分数，完成值缺百分号"
    if want.number == 0 and not want.unit:
        return ""  # nothing is nothing in every unit: 0 of a rate is 0%
    if got.is_percent != want.is_percent and (got.unit or got.is_percent):
        return f"目标的单位是“{want.unit}”，完成值的单位是“{got.unit}”" if want.unit else "目标不是百分数，完成值写成了百分数"
    if want.unit and got.unit and _counts(got) and not agree(want.unit, got.unit):
        return f"目标的单位是“{want.unit}”，完成值的单位是“{got.unit}”"
    return ""


def _counts(value: IndicatorValue) -> bool:
    """Whether the number counts something; 12月底前 is a day, and what follows may be half a sentence."""
    return value.unit not in words().dates and (value.unit in UNITS or len(value.unit) <= 2)


@rule("EVA119", "indicators")
def far_beyond_the_target_is_asked_about(case: Case) -> Iterator[Finding]:
    """数量指标完成到目标的 130% 以上的,要写明原因;120% 以上的提示核对。

    为什么:超得太多,多半是目标定低了,或把别的数算了进来。反向指标、比率和定性指标不查。
    错:目标 ≥20场,完成 58场,没有说明。对:写明“省里追加专场 35 场”,并相应提高下年目标。
    """
    scoring = case.pack.scoring
    for row in result_rows(case):
        if row.method not in ("high", "equal") or row.numbers is None or row.numbers[0] <= 0 or row.wanted.is_percent:
            continue
        share = row.numbers[1] / row.numbers[0]
        if row.has_cause or share < scoring.over_target_marked:
            continue
        severity: Severity | None = None if share >= scoring.over_target else "hint"
        yield case.finding(
            "EVA119", row.done, severity=severity, label=case.label(row.done), stated=row.done_text, target=row.target_text,
            share=show_percent(share, 0),
        )  # fmt: skip


# ---- against the approval ----------------------------------------------------------------------
def _declared(case: Case, code: str) -> tuple[FormSpec, Filing] | None:
    """The form and filing that set the targets; what stands in the way is said under `code`."""
    if not case.spec.is_follow_up:
        return None
    filing = case.evidence.declared
    spec = find_form(filing.form, filing.edition) if filing is not None else None
    if filing is None or spec is None:
        case.lacking(code, NO_TABLE)
        return None
    return spec, filing


def _key(names: tuple[str, ...]) -> str:
    return normalised(names[-1]) if names else ""


def _by_name(case: Case, spec: FormSpec, filing: Filing) -> dict[str, list[dict[str, str]]]:
    """By the indicator's own name: what each approved row of that name has for the carried columns, by column."""
    values = carried(case.spec, spec, filing)
    found: dict[str, list[dict[str, str]]] = {}
    for pair in row_pairs(case.spec, spec, filing):
        table = next((row.table for row in result_rows(case)), None)
        own = {c.id: values.get(pair.later.at(c.id).text, "") for c in table.columns if c.fill == "carried"} if table else {}
        found.setdefault(_key(pair.earlier.names or ()), []).append(own)
    return found


def _is_same(row: ResultRow, approved: dict[str, str]) -> bool:
    """Whether the row promises what was approved, however it is written."""
    was = _joined(row, approved)
    one, other = read_indicator_value(was), row.wanted
    if one.number is None or other.number is None:
        return normalised(was) == normalised(row.target_text)
    signs = {one.operator.replace("=", ""), other.operator.replace("=", "")}
    return one.meaning[1:] == other.meaning[1:] and (len(signs) == 1 or "" in signs)


def _joined(row: ResultRow, approved: dict[str, str]) -> str:
    """The approved target as one text, where the form has sign and unit apart."""
    parts = {c.part: approved.get(c.id, "") for c in row.table.columns if c.part}
    text = approved.get(row.target_column.id, "")
    return (
        f"{parts.get('operator', '')}{text}{parts.get('unit', '')}"
        if parts.get("operator") not in ("定性", "", None)
        else (f"{text}{parts.get('unit', '')}")
    )


@rule("EVA103", "indicators")
def target_is_the_approved_one(case: Case) -> Iterator[Finding]:
    """自评表、监控表的年初目标值,应与批复(没有批复的与申报)一致。

    为什么:对照改低了的目标,什么都能完成。目标经批准调整的,先登记调整后的批复。
    错:批复 ≥23人,自评表年初目标值写 ≥21人,完成 21人,得满分。对:目标 ≥23人,完成 21人,写偏差原因。
    """
    known = _declared(case, "EVA103")
    if known is None:
        return
    approved, stage = _by_name(case, *known), known[1].stage
    severity: Severity | None = None if stage == "approval" else "warning"
    for row in result_rows(case):
        same = approved.get(_key(row.names))
        if same and row.target_text and not any(_is_same(row, each) for each in same):
            expected = _joined(row, same[0])
            yield case.finding(
                "EVA103", row.target, severity=severity, label=case.label(row.target), stated=row.target_text,
                expected=expected, stage=STAGE_WORDS[stage],
            )  # fmt: skip


@rule("EVA104", "indicators")
def indicator_was_approved(case: Case) -> Iterator[Finding]:
    """自评、监控的指标,应是批复(申报)里有的指标,名称相同。

    为什么:年终换上容易完成的指标,原来的目标就没有人问了。
    错:批复里没有“微信公众号推送篇数”,自评表写了并得满分。对:按批复的指标逐条自评。
    """
    known = _declared(case, "EVA104")
    if known is None:
        return
    approved = _by_name(case, *known)
    for row in result_rows(case) if approved else ():
        if row.target_text and _key(row.names) not in approved:
            yield case.finding("EVA104", row.target, name=row.name, stage=STAGE_WORDS[known[1].stage])


@rule("EVA105", "indicators")
def every_approved_indicator_is_evaluated(case: Case) -> Iterator[Finding]:
    """批复(申报)里的年度指标,都要自评(监控),一个也不能少。

    为什么:没有完成的指标最容易被漏掉。
    错:批复 14 个指标,自评表只有 12 个。对:补上漏掉的 2 个,没有完成的写原因。
    """
    known = _declared(case, "EVA105")
    rows = result_rows(case)
    if known is None or not rows:
        return
    there = {_key(row.names) for row in rows}
    missing = list(dict.fromkeys(
        p.earlier.names[-1] for p in row_pairs(case.spec, *known) if p.earlier.names and _key(p.earlier.names) not in there
    ))  # fmt: skip
    if missing:
        named = "、".join(f"“{name}”" for name in missing[:NAMED])
        more = f"等 {len(missing)} 个指标" if len(missing) > NAMED else ""
        yield case.finding(
            "EVA105", rows[0].target, stage=STAGE_WORDS[known[1].stage], names=f"{named}{more}", table=rows[0].block.title
        )


# ---- words ----------------------------------------------------------------------------------------
@rule("EVA111", "indicators")
def points_fit_the_grade_word(case: Case) -> Iterator[Finding]:
    """定性指标的得分要在它那一档里:达成 80%—100%,部分达成 60%—80%,未达成 60% 以下(占分值的比例)。

    为什么:写“部分达成”却给满分,等于没有评。
    错:部分达成并具有一定效果,分值 10,得分 10。对:6—8 分(不含 8)。
    """
    for row in result_rows(case):
        word, weight = _grade_word(case, row.done_text), row.most
        allowed = band_of(word, weight, case.pack.scoring) if weight is not None and weight > 0 else None
        if allowed is None or weight is None or row.score is None or row.stated is None or row.result.is_met_in_words:
            continue
        if row.stated <= weight and not allowed.holds(row.stated):
            yield case.finding(
                "EVA111", row.score, label=case.label(row.score), stated=show_amount(row.stated), word=row.done_text,
                low=show_amount(allowed.bottom), high=show_amount(allowed.top),
            )  # fmt: skip


def _grade_word(case: Case, text: str) -> str:
    """The grade that a text begins with (部分达成预期目标), where the pack does not list it whole; the text itself else."""
    bands = case.pack.scoring.bands
    if any(text in band.words for band in bands) or _DIGIT.search(text):
        return text
    return next((band.name for band in bands if text.startswith(band.name)), text)
