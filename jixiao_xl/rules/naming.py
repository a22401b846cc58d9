"""Is each indicator called by its whole name, and does the name say of what it is the measure?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from jixiao_xl.forms.indicators import indicator_like, whole_name
from jixiao_xl.forms.spec import CatalogRow
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.names import is_cut_form_of, normalised
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.categories import category_of, category_of_label
from jixiao_xl.rules.placement import misplaced_name, own_rows
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.rows import IndicatorRow
from jixiao_xl.rules.shifts import shifts
from jixiao_xl.rules.wordlists import naming

_YEAR = re.compile(r"(20[0-9]{2})年度?(?![前底末初以至到~—-])")
_CLOSERS = {"）": "（", ")": "(", "》": "《", "”": "“", "」": "「", "】": "【"}
_HANGING = ("、", "，", ",", "；", ";", "：", ":")
CLIPPED = 2
"""So many names cut at one length, none longer: the column was clipped at that length."""


@dataclass(frozen=True)
class Remark:
    """What is wrong with a name, and what to do. `cut` says that its end is missing."""

    why: str
    advice: str
    severity: Severity
    cut: bool = False


def _cut(expected: str, severity: Severity, where: str) -> Remark:
    return Remark(f"不完整，{where}为“{expected}”", f"改为“{expected}”。", severity, cut=True)


class _Tables:
    """The rows that the unit named, table by table."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.rows: dict[str, list[IndicatorRow]] = {}
        for row in own_rows(case):
            if id(row.line) not in shifts(case):
                self.rows.setdefault(row.block.name, []).append(row)
        self._printed: dict[str, list[tuple[str, ...]]] = {}
        self.names = {table: {normalised(row.name) for row in rows} for table, rows in self.rows.items()}

    def printed_blank(self, row: IndicatorRow) -> Iterator[str]:
        """The names that the form prints under the same headings and that nobody filled in."""
        for line in row.block.lines:
            printed = line.source
            if not isinstance(printed, CatalogRow) or printed.open or line.filed is not None:
                continue
            if _same_headings(row.names, printed.levels):
                yield printed.levels[-1]

    def longer_sisters(self, row: IndicatorRow) -> Iterator[IndicatorRow]:
        """The rows of the filing's other tables (长期 beside 年度) under the same headings whose name goes on where this one ends."""
        if not row.block.number:
            for table, rows in self.rows.items():
                if table != row.block.name:
                    yield from (o for o in rows if is_cut_form_of(row.name, o.name) and _same_headings(row.names, o.names))

    def printed(self, row: IndicatorRow) -> list[tuple[str, ...]]:
        """The levels of every line that the form prints in the row's table."""
        if row.table.id not in self._printed:
            self._printed[row.table.id] = [line.levels for line in self.case.spec.rows_of(row.table)]
        return self._printed[row.table.id]


def _same_headings(names: tuple[str, ...], levels: tuple[str, ...]) -> bool:
    if len(names) != len(levels):
        return False
    return all(normalised(a) == normalised(b) or is_cut_form_of(a, b) for a, b in zip(names[:-1], levels[:-1], strict=True))


def _only(names: Iterable[str]) -> str | None:
    """The one name there is, when there is just one."""
    found = {normalised(name): name for name in names}
    return next(iter(found.values())) if len(found) == 1 else None


# ---- names cut off --------------------------------------------------------------------
def _cut_off(tables: _Tables, row: IndicatorRow) -> Remark | None:
    name = row.name
    printed = _only(whole for whole in tables.printed_blank(row) if is_cut_form_of(name, whole))
    if printed is not None:
        return _cut(printed, "error", "表样")
    return _cut_beside_sister(tables, row) or _cut_in_dictionary(row)


def _cut_beside_sister(tables: _Tables, row: IndicatorRow) -> Remark | None:
    """The other table has the name with more at its end, and this table has not."""
    here = tables.names[row.block.name]
    beside = [o for o in tables.longer_sisters(row) if normalised(o.name) not in here]
    whole = _only(other.name for other in beside)
    if whole is None or normalised(row.name) in tables.names[beside[0].block.name]:
        return None
    one, other = row.target, beside[0].target
    if one.number is not None and other.number is not None and one.unit != other.unit:
        return None
    is_same_count = one.number is not None and not one.is_percent and one.meaning == other.meaning
    certain = is_same_count or naming().breaks_a_word(row.name, whole)
    return _cut(whole, "error" if certain else "warning", f"“{beside[0].block.title}”")


def _cut_in_dictionary(row: IndicatorRow) -> Remark | None:
    whole = whole_name(row.name)
    if whole is None or indicator_like(row.name) is not None:
        return None
    if naming().breaks_a_word(row.name, whole):
        return _cut(whole, "error", "指标字典")
    if row.target.is_percent and normalised(whole) == normalised(row.name) + "率":
        return _cut(whole, "hint", "指标字典")
    return None


def _clipped(rows: list[IndicatorRow], remarks: dict[int, Remark]) -> Iterator[tuple[IndicatorRow, Remark]]:
    """Where several names of a table are cut at one length, the others of that length are cut as well."""
    longest = max((len(row.name) for row in rows), default=0)
    proven = Counter(len(row.name) for row in rows if (r := remarks.get(id(row.line))) and r.cut and r.severity == "error")
    if proven[longest] < CLIPPED:
        return
    for row in rows:
        if len(row.name) != longest:
            continue
        remark = remarks.get(id(row.line))
        if remark is not None and remark.cut:
            yield row, replace(remark, severity="error")
        elif remark is None and indicator_like(row.name) is None and not row.name.endswith(naming().complete):
            why = f"疑被截断，同表多个名称都断在第 {longest} 个字"
            yield row, Remark(why, "对照原稿补全名称。", "warning", cut=True)


# ---- names that say too little ----------------------------------------------------------
def _unfinished(row: IndicatorRow) -> Remark | None:
    """Satisfaction without 度, a bracket never closed, a name that ends in a comma."""
    plain, category = normalised(row.name), category_of(row.names[:-1])
    in_satisfaction = category is not None and category[0].id == "satisfaction"
    if in_satisfaction and plain.endswith("满") and not plain.endswith(naming().full):
        return _cut(f"{row.name}意度", "error", "应")
    if in_satisfaction and plain.endswith("满意") and len(plain) > len("满意"):
        return _cut(f"{row.name}度", "hint", "满意度指标名称应")
    if plain.endswith(naming().cut_persons) and row.target.number is not None and row.target.unit in ("人", "名"):
        return _cut(f"{row.name}数", "hint", "应")
    if row.name.endswith(_HANGING) or any(row.name.count(o) > row.name.count(c) for c, o in _CLOSERS.items()):
        return Remark("没有写完", "补全名称。", "warning")
    return None


def _is_no_name(row: IndicatorRow) -> Remark | None:
    """A heading or a mere predicate in the place of a name."""
    plain = normalised(row.name)
    above = {normalised(name) for name in row.names[:-1]}
    if plain in above and plain.endswith("指标"):
        kind = category_of_label(row.name)
        example = "（对象）满意度" if kind is not None and kind.id == "satisfaction" else "具体的指标名称"
        return Remark("是上一级指标的名称", f"改为{example}。", "error")
    kind = category_of_label(row.name)
    if kind is not None and kind.id != "satisfaction" and any(category_of_label(label) == kind for label in row.names[:-1]):
        return Remark("是类别的名称，没有说明衡量什么", "改为具体的指标名称。", "warning")
    if naming().is_bare(row.name):
        return Remark("没有写明对象", f"写明对象，如“（对象）{row.name}”。", "hint")
    return None


def _bound_to_year(row: IndicatorRow) -> Remark | None:
    """This year's name over the values of several years."""
    year = _YEAR.search(row.name)
    if year is None or int(year[1]) != row.case.filing.year or all(stated.value.is_absent for stated in row.priors):
        return None
    expected = row.name.replace(year[0], "", 1).strip()
    return Remark(f"写明“{year[0]}”，同一行又填了其他年份的值", f"去掉年份，改为“{expected}”。", "hint")


def _headings_cut(tables: _Tables, row: IndicatorRow) -> Iterator[tuple[str, Remark]]:
    """Upper levels written by the unit that are a printed heading with its end cut off."""
    for i in range(len(row.source.fixed_levels), len(row.names) - 1):
        name = row.names[i]
        labels = {levels[i] for levels in tables.printed(row) if levels[:i] == row.names[:i]}
        if name in labels:
            continue
        whole = _only(label for label in labels if is_cut_form_of(name, label))
        if whole is not None:
            missing = len(normalised(whole)) - len(normalised(name))
            certain = missing == 1 or naming().breaks_a_word(name, whole)
            yield name, _cut(whole, "error" if certain else "warning", "表样")


@rule("IND114", "indicators")
def indicator_has_its_whole_name(case: Case) -> Iterator[Finding]:
    """指标名称写全、写准,与表样、指标字典和另一张表一致。

    为什么:名称不全就对不上往年和另一张表,也看不出衡量的是谁、是什么。
    错:“…帮扶人”(被截断),三级指标写“服务对象满意度指标”,“符合要求”,“2020年慰问数量”而又填了往年的值。
    对:“…帮扶人数”,“职工满意度”,“救助对象符合要求”,“慰问数量”。
    """
    tables = _Tables(case)
    for rows in tables.rows.values():
        remarks: dict[int, Remark] = {}
        told: set[tuple[str, ...]] = set()
        named = [row for row in rows if normalised(row.names[-1])]
        for row in named:
            remark = _cut_off(tables, row) or _unfinished(row) or _is_no_name(row) or _bound_to_year(row)
            if remark is not None:
                remarks[id(row.line)] = remark
        remarks |= {id(row.line): remark for row, remark in _clipped(named, remarks)}
        for row in rows:
            for heading, remark in _headings_cut(tables, row):
                if (*row.names[:1], heading) not in told:
                    told.add((*row.names[:1], heading))
                    yield _finding(case, row, heading, remark)
            if not normalised(row.names[-1]) and _has_values(row) and misplaced_name(case, row) is None:
                where = "/".join(name for name in row.names if name)
                yield _finding(case, row, f"{where}/（空）", Remark("没有填写", "补填指标名称；不用的行整行清空。", "warning"))
            elif id(row.line) in remarks:
                yield _finding(case, row, row.name, remarks[id(row.line)])


def _has_values(row: IndicatorRow) -> bool:
    return any(stated.value.text for stated in row.values)


def _finding(case: Case, row: IndicatorRow, stated: str, remark: Remark) -> Finding:
    """At the row's target, which has a path; nothing is suggested, or a click would write the name into it."""
    return case.finding("IND114", row.main, severity=remark.severity, stated=stated, why=remark.why, advice=remark.advice)
