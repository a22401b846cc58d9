"""The leader's report: two or three pages that say how filing, money, targets and review stand."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from jixiao_xl.consolidate.report_figures import GroupTotal, ReportFigures
from jixiao_xl.consolidate.report_figures import Rate as Part
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.consolidate.totals import Rate
from jixiao_xl.consolidate.unit_results import UnitResults, unit_results
from jixiao_xl.forms.outcome_words import spoken
from jixiao_xl.model.amounts import half_up
from jixiao_xl.model.dates import spoken_date
from jixiao_xl.model.facts import STAGE_WORDS
from jixiao_xl.model.findings import SEVERITY_WORDS
from jixiao_xl.model.ratios import show_percent
from jixiao_xl.workbook.documents import TEXT_CM, Column, document_bytes, new_document, paragraph, table
from jixiao_xl.workbook.report_pictures import Picture, drawn
from jixiao_xl.workbook.summary_frame import row_label

if TYPE_CHECKING:
    from docx.document import Document

NONE = "—"
"""What cannot be said: no rate without a whole, no amount where one is missing."""
NAMED = 6
"""Units named in a sentence; more are counted."""
LATE_SHOWN, PARTS_SHOWN, SLOWEST_SHOWN, EXAMPLE = 15, 10, 10, 64


def report_bytes(summary: Summary, figures: ReportFigures, office: str = "") -> bytes:
    """The report as a .docx; `office` signs it."""
    stage = STAGE_WORDS[summary.stage]
    results = unit_results(summary)
    document = new_document(f"{summary.year}年部门整体绩效{'目标' if results is None else ''}{stage}情况报告")
    paragraph(document, "　".join(filter(None, (office, f"截至 {spoken_date(figures.day)}"))), align="center")
    _filing(document, summary, figures)
    if results is None:
        _money(document, summary, figures)
        _picture(document, drawn(figures))
        _top(document, figures)
    else:
        _execution(document, summary, results)
        _slowest(document, summary, results)
    _quality(document, figures)
    _late(document, figures)
    return document_bytes(document)


def _said(rate: Part) -> str:
    """`83.33%（10/12）`; a dash where there is nothing to divide by."""
    return NONE if rate.value is None else f"{show_percent(rate.value)}（{rate.part}/{rate.whole}）"


def _amount(value: Decimal | None) -> str:
    """万元 with two decimals and separators, as a report prints it."""
    return NONE if value is None else f"{half_up(value, 2):,.2f}"


def _named(names: Sequence[str]) -> str:
    shown = "、".join(names[:NAMED])
    return f"{shown}等 {len(names)} 个单位" if len(names) > NAMED else shown


def _chapter(document: Document, title: str) -> None:
    """The next heading, numbered: a form without money tables has a chapter less."""
    before = sum(each.style is not None and each.style.name == "Heading 1" for each in document.paragraphs)
    paragraph(document, f"{'一二三四五六'[before]}、{title}", style="Heading 1")


# ---- the chapters ----------------------------------------------------------------------
def _filing(document: Document, summary: Summary, figures: ReportFigures) -> None:
    _chapter(document, "报送情况")
    columns = [Column(name, TEXT_CM / 5, "center") for name in ("应报单位", "实报单位", "报送率", "按时率", "一次通过率")]
    row = (
        str(figures.expected),
        str(figures.received.part),
        _said(figures.received),
        _said(figures.on_time),
        _said(figures.first_pass),
    )
    table(document, columns, [row])
    notes = ["一次通过：首次报送就没有“必须修改”、没有退回过。"]
    if figures.undated:
        notes.append(f"没有登记日期或截止日期、不计入按时率的：{_named(figures.undated)}。")
    if figures.by_file_date:
        notes.append(f"{figures.by_file_date} 家登记晚于文件日期，按文件日期算；不对的在名单“收到日期”列写明。")
    paragraph(document, "".join(notes), style="Caption")
    if not summary.is_complete:
        without = [unit.name for unit in summary.units if unit.used is None and unit.status != "不纳入"]
        paragraph(document, f"名单没有收齐，以下数字不完整，不含：{_named(without)}。", indent=True)
    if left_out := [unit.name for unit in summary.units if unit.status == "不纳入"]:
        paragraph(document, f"经审核决定不纳入汇总：{_named(left_out)}。", indent=True)


def _money(document: Document, summary: Summary, figures: ReportFigures) -> None:
    _chapter(document, "资金情况")
    if not figures.groups:
        paragraph(document, "表样没有资金表。", indent=True)
        return
    columns = (
        Column("（万元）", 3.4), Column("本年合计", 3.4, "right"), Column("上年合计", 3.4, "right"),
        Column("可比增减", 3.2, "right"), Column("可比变动率", 3.2, "right"),
    )  # fmt: skip
    table(document, columns, [_group_row(group) for group in figures.groups])
    notes = ["增减和变动率只算两年都有数的单位。"]
    if all(group.last_year is None for group in figures.groups):
        notes = ["没有上年数，不能比较。"]
    notes += _gaps("本年合计", [(group.label, _filed(summary, group.without)) for group in figures.groups])
    notes += _gaps("比较", [(group.label, _filed(summary, group.not_compared)) for group in figures.groups])
    paragraph(document, "".join(notes), style="Caption")
    paragraph(document, f"{figures.structure_label}（占比由合计算出）：", style="Heading 2")
    heads = (Column("项目", 7.0), Column("金额（万元）", 4.8, "right"), Column("占比", 4.8, "right"))
    parts = figures.structure[:PARTS_SHOWN]
    table(document, heads, [(p.label, _amount(p.amount), NONE if p.share is None else show_percent(p.share)) for p in parts])
    rest = len(figures.structure) - len(parts)
    said = [f"其余 {rest} 项见汇总表。"] if rest else []
    said += _gaps("合计", [(part.label, _filed(summary, part.without)) for part in parts])
    if said:
        paragraph(document, "".join(said), style="Caption")


def _execution(document: Document, summary: Summary, results: UnitResults) -> None:
    """What was spent of the year's money, line by line; how many units have which light or grade."""
    _chapter(document, "预算执行")
    spending, unit = results.spending, results.money.table.unit
    columns = (
        Column(f"（{unit}）", 4.6), Column(spoken(spending.budget.label), 4.2, "right"),
        Column(spoken(spending.executed.label), 4.2, "right"), Column(spoken(spending.rate.label), 3.6, "right"),
    )  # fmt: skip
    table(document, columns, [
        (row_label(one.executed), _amount(one.budget.total), _amount(one.executed.total), _rate(one.total))
        for one in results.money.rates
    ])  # fmt: skip
    notes = ["执行率由合计算出，不取平均；预算数、执行数不全的单位不算在内。"]
    notes += _gaps("执行率", [(row_label(one.executed), _filed(summary, one.without)) for one in results.money.rates])
    paragraph(document, "".join(notes), style="Caption")
    counts = results.graded if results.verdict else results.lights
    if counts:
        what = "自评等级" if results.verdict else spending.light.label if spending.light else ""
        paragraph(document, f"{what}：" + "，".join(f"{word} {count} 个" for word, count in counts) + "。", indent=True)
    totals = sorted(one.total for one in results.units if one.total is not None)
    if totals:
        middle = median(totals)
        said = f"自评总分最低 {_amount(totals[0])} 分，中位数 {_amount(middle)} 分，最高 {_amount(totals[-1])} 分。"
        paragraph(document, said, indent=True)


def _slowest(document: Document, summary: Summary, results: UnitResults) -> None:
    shown = results.slowest[:SLOWEST_SHOWN]
    if not shown:
        return
    _chapter(document, f"执行率最低的 {len(shown)} 个单位")
    last = "等级" if results.verdict else "预警灯"
    columns = (
        Column("单位", 7.4), Column(f"执行数（{results.money.table.unit}）", 3.6, "right"),
        Column("执行率", 3.0, "right"), Column(last, 2.6, "center"),
    )  # fmt: skip
    table(document, columns, [
        (summary.units[one.place].name, _amount(one.executed), _rate(one.rate), (one.grade if results.verdict else one.light) or NONE)
        for one in shown
    ])  # fmt: skip


def _rate(rate: Rate) -> str:
    return show_percent(rate) if isinstance(rate, Decimal) else rate or NONE


def _filed(summary: Summary, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the units that did file: who did not is named once, at the top."""
    filed = {unit.name for unit in summary.units if unit.used is not None}
    return tuple(name for name in names if name in filed)


def _gaps(what: str, missing: Sequence[tuple[str, tuple[str, ...]]]) -> list[str]:
    """`收入构成、支出构成的本年合计缺数，不含甲单位。`: the lines that lack the same units said together."""
    labels: dict[tuple[str, ...], list[str]] = {}
    for label, names in missing:
        if names:
            labels.setdefault(names, []).append(label)
    return [f"{'、'.join(own)}的{what}缺数，不含{_named(names)}。" for names, own in labels.items()]


def _group_row(group: GroupTotal) -> tuple[str, ...]:
    sign = "+" if group.difference is not None and group.difference > 0 else ""
    change = NONE if group.change is None else f"{sign}{show_percent(group.change)}"
    difference = NONE if group.difference is None else f"{sign}{_amount(group.difference)}"
    return group.label, _amount(group.this_year), _amount(group.last_year), difference, change


def _picture(document: Document, picture: Picture) -> None:
    if picture.why:
        paragraph(document, picture.why, style="Caption")
    if not picture.content:
        return
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    document.add_picture(io.BytesIO(picture.content), width=Cm(TEXT_CM))
    document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _top(document: Document, figures: ReportFigures) -> None:
    if not figures.top:
        return
    _chapter(document, f"{figures.structure_name}最多的 {len(figures.top)} 个单位")
    columns = (
        Column("名次", 1.6, "center"),
        Column("单位", 8.0),
        Column("金额（万元）", 3.8, "right"),
        Column("占全部", 3.2, "right"),
    )
    rows = [(str(n), unit.name, _amount(unit.amount), show_percent(unit.share)) for n, unit in enumerate(figures.top, 1)]
    table(document, columns, rows)


def _quality(document: Document, figures: ReportFigures) -> None:
    _chapter(document, "绩效指标和审核")
    paragraph(
        document, f"定量指标占比 {_said(figures.quantified)}：写成数值的指标占全部已填指标，填“无”“不适用”的不算。", indent=True
    )
    if figures.conclusions:
        paragraph(
            document, "审核结论：" + "，".join(f"{grade} {count} 个" for grade, count in figures.conclusions) + "。", indent=True
        )
    else:
        paragraph(document, "还没有作出优良中差的审核结论。", indent=True)
    if not figures.problems:
        paragraph(document, "报送件没有需要修改或说明的问题。", indent=True)
        return
    paragraph(document, "常见问题（涉及单位多的在前）：", style="Heading 2")
    columns = (
        Column("代码", 1.8, "center"), Column("级别", 1.9, "center"), Column("单位", 1.3, "center"), Column("处数", 1.3, "center"),
        Column("举例", 10.3),
    )  # fmt: skip
    table(document, columns, [
        (p.code, SEVERITY_WORDS[p.severity], str(p.units), str(p.count), _shortened(f"{p.unit}：{p.example.message()}"))
        for p in figures.problems
    ])  # fmt: skip


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= EXAMPLE else f"{flat[:EXAMPLE]}……"


def _late(document: Document, figures: ReportFigures) -> None:
    _chapter(document, "逾期名单")
    if not figures.overdue:
        paragraph(document, "没有逾期的单位。", indent=True)
        return
    columns = (
        Column("单位", 6.6), Column("归口科室", 3.6), Column("截止日期", 2.6, "center"), Column("逾期天数", 1.8, "center"),
        Column("情况", 2.0, "center"),
    )  # fmt: skip
    shown = figures.overdue[:LATE_SHOWN]
    table(document, columns, [
        (late.name, late.office, late.deadline.isoformat(), str(late.days), "逾期报送" if late.filed else "未报") for late in shown
    ])  # fmt: skip
    if rest := len(figures.overdue) - len(shown):
        paragraph(document, f"其余 {rest} 个单位见汇总表“报送情况”。", style="Caption")
