"""A resubmission held against what was returned: what was asked and mended, and what else was changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from jixiao_xl.desk.copying import is_facts
from jixiao_xl.desk.differences import Found, Side, differences, row_of, unlike_units, with_causes
from jixiao_xl.desk.judging import judged
from jixiao_xl.desk.opening import readable
from jixiao_xl.desk.outcomes import Asked, AskedState, CannotRun, Comparison, Difference, stop
from jixiao_xl.model.codes import CATALOGUE
from jixiao_xl.model.facts import STAGE_WORDS, BadPath, Filing, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.rules.mending import Mending

_ABOUT_ROWS = ("CMP103", "IND101", "IND114", "IND115", "IND117", "IND120")
"""Findings on a row and its place: whatever is done to the row was asked for."""
_MISSING_TABLE = "FND301"
Key = tuple[str, str]


def compare(old: Path, new: Path, *, only: Iterable[str] = (), with_warnings: bool = False) -> Comparison:
    """The two must be of one unit, form, year and stage. `only`: the codes that were asked for."""
    codes = _codes(only)
    first, second = readable(old), readable(new)
    was, now = Side(first, from_workbook=not is_facts(old)), Side(second, from_workbook=not is_facts(new))
    if unlike := list(_unlike(was.filing, now.filing)):
        params = {"book": now.filing.book, "other": was.filing.book, "what": "；".join(unlike)}
        raise CannotRun(Finding("WBK113", "error", Where(book=now.filing.book), params))
    before, after = judged(first).findings, judged(second).findings
    wanted = [f for f in before if _counts(f, with_warnings) and (not codes or f.code in codes)]
    asked = tuple(_answered(wanted, after, was, now))
    fresh = tuple(_fresh(before, [f for f in after if _counts(f, with_warnings)]))
    # changes first, then the totals and shares that go with them
    unasked = sorted(_unasked(differences(was, now), was, now, asked), key=lambda d: d.follows)
    return Comparison(was.filing, now.filing, asked, fresh, tuple(unasked), tuple(_older(was.filing, now.filing)))


def _codes(only: Iterable[str]) -> frozenset[str]:
    meant = [word.strip().upper() for text in only for word in text.replace("，", ",").split(",") if word.strip()]
    for code in meant:
        if code not in CATALOGUE:
            raise stop("SYS908", what="--only", stated=code, advice="代码写成 SCH103 的样子；jixiao explain 列出全部代码。")
    return frozenset(meant)


def _unlike(old: Filing, new: Filing) -> Iterator[str]:
    """In what the two are not filings of one thing."""
    if unit := unlike_units(old, new):
        yield unit
    if (old.form, old.edition) != (new.form, new.edition):
        yield f"表样一是 {old.form} {old.edition} 版，一是 {new.form} {new.edition} 版"
    if old.year != new.year:
        yield f"一是 {old.year} 年，一是 {new.year} 年"
    if old.stage != new.stage:
        yield f"一是{STAGE_WORDS[old.stage]}，一是{STAGE_WORDS[new.stage]}"


def _older(old: Filing, new: Filing) -> Iterator[Finding]:
    if new.revision < old.revision:
        params = {"book": new.book, "other": old.book, "revision": str(new.revision), "newest": str(old.revision)}
        yield Finding("WBK114", "warning", Where(book=new.book), params)


# ---- what was asked ------------------------------------------------------------------
def _counts(finding: Finding, with_warnings: bool) -> bool:
    return finding.severity == "error" or (with_warnings and finding.severity == "warning" and not finding.explained)


def _key(finding: Finding) -> Key:
    return finding.code, finding.where.path or finding.where.spoken()


def _by_key(findings: Iterable[Finding]) -> dict[Key, list[Finding]]:
    found: dict[Key, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[_key(finding)].append(finding)
    return found


def _answered(wanted: Sequence[Finding], after: Iterable[Finding], was: Side, now: Side) -> Iterator[Asked]:
    """Each asked finding, with what became of it. Of several of one code on one cell (two wrong words in a
    text), those that the resubmission still has word for word are the open ones."""
    left = _by_key(after)
    states: dict[int, AskedState] = {}
    for exactly in (True, False):
        for n, finding in enumerate(wanted):
            same = [f for f in left.get(_key(finding), []) if not exactly or f.params == finding.params]
            if n not in states and same:
                left[_key(finding)].remove(same[0])
                states[n] = "explained" if same[0].explained else "open"
    for n, finding in enumerate(wanted):
        path = finding.where.path
        old, new = was.filing.value(path) or "", now.filing.value(path) or ""
        yield Asked(finding, states.get(n, "mended"), old, new)


def _fresh(before: Iterable[Finding], after: Iterable[Finding]) -> Iterator[Finding]:
    """Findings of the resubmission beyond what the earlier filing had of the same code on the same cell."""
    had = {key: len(found) for key, found in _by_key(before).items()}
    for key, found in _by_key(after).items():
        yield from found[had.get(key, 0) :]


# ---- what was not --------------------------------------------------------------------
def _zone(asked: Sequence[Finding], was: Side) -> set[str]:
    """The cells that mending the findings may change: their own; the parts of a total; and where nobody
    can say which of several is wrong (收支不等), all of them."""
    mending = Mending(was.labels.plan)
    zone: set[str] = set()
    for finding in asked:
        path = finding.where.path
        zone.add(path)
        if path in was.draft.derived or finding.suggested is None or not finding.entry.sure:
            zone |= {slot.path.text for slot in mending.involved(finding) if slot.path}
        if finding.code in _ABOUT_ROWS:
            zone.add(row_of(path))
    for path in list(zone):
        zone.update(was.draft.parts(path))
    return zone - {""}


def _table(path: str) -> str:
    try:
        parsed = parse_path(path)
    except BadPath:
        return path
    return f"{parsed.block}{parsed.instance}"


def _was_asked(found: Found, zone: set[str], asked: Sequence[Asked]) -> bool:
    """Whether the difference is at a cell that had to be mended, or fills what was said to be missing."""
    rows = {row_of(path) for path in found.touched} - {""}
    if found.touched & zone or rows & zone:
        return True
    if found.difference.old:
        # a row that was asked about may be taken away or renamed
        about = {row_of(a.finding.where.path) for a in asked}
        return found.is_whole and found.touched <= about
    filled = {row_of(a.finding.where.path) for a in asked if a.finding.code.startswith("CMP")}
    tables = {_table(a.finding.where.path) for a in asked if a.finding.code == _MISSING_TABLE}
    return bool(filled & rows) or bool({_table(path) for path in found.touched} & tables)


def _unasked(found: Sequence[Found], was: Side, now: Side, asked: Sequence[Asked]) -> Iterator[Difference]:
    """The differences that nobody asked for, and the totals and shares that follow from them."""
    zone = _zone([a.finding for a in asked], was)
    for each, causes in with_causes(found, was, now):
        if causes:
            if not all(_was_asked(f, zone, asked) for f in causes):
                yield replace(each.difference, follows=True)
        elif not _was_asked(each, zone, asked):
            yield each.difference
