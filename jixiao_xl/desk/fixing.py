"""按建议修改: a corrected copy in which the values that can be computed are put right, and nothing else changes.

Only suggestions that are certain (`Code.sure`) are taken. What is written is judged again: a value that
would raise another error, at its cell or in a total it is part of, is not taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jixiao_xl.desk.copying import handed_back, instances_shown, is_facts, whole
from jixiao_xl.desk.draft import Draft, Key, error_keys, key_of, new_errors
from jixiao_xl.desk.judging import judged
from jixiao_xl.desk.labels import Labels
from jixiao_xl.desk.opening import read, readable, save
from jixiao_xl.desk.outcomes import Change, Fixed, stop
from jixiao_xl.model.codes import CATALOGUE
from jixiao_xl.model.findings import SEVERITIES, Finding
from jixiao_xl.model.places import Where
from jixiao_xl.rules.mending import Mending
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.facts_file import facts_text
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.reading import Reading

ROUNDS = 12
"""One value can make another computable; no form has so long a chain."""


@dataclass
class _Attempt:
    """One way through the rounds: what was written, and what was passed over for it."""

    draft: Draft
    written: list[Finding] = field(default_factory=list)
    passed: dict[Key, tuple[Finding, Finding]] = field(default_factory=dict)
    """By key: the finding whose value was not taken, and the one whose value was."""


def fix(path: Path, out: Path, only: Iterable[str] = ()) -> Fixed:
    """Write the corrected copy, one revision on; the file itself stays as it is."""
    wanted = codes_meant(only)
    if out.exists():
        raise stop("SYS904", file=str(out))
    reading = readable(path)
    whole(reading)
    from_workbook = not is_facts(path)
    before = judged(reading)
    errors = error_keys(before.findings)
    refused: dict[Key, tuple[Finding, tuple[str, ...]]] = {}
    while True:
        attempt = _mended(Draft(reading, from_workbook=from_workbook), wanted, refused)
        blamed = _blamed(attempt, new_errors(attempt.draft, errors))
        if not blamed:
            break
        refused |= blamed
    notices = [*_refusals(refused), *_passed_over(attempt)]
    changes = _changes(reading, attempt) if attempt.written else ()
    if not changes:
        nothing = Finding("FIX101", "hint", Where(book=reading.book), {"book": reading.book})
        return Fixed(reading.book, None, (), (nothing, *notices), before)
    save(out, _copy(attempt.draft, path, out))
    return Fixed(reading.book, out, changes, tuple(notices), judged(read(out)))


def codes_meant(only: Iterable[str]) -> frozenset[str]:
    """The codes asked for; all that carry a certain suggestion when none is named."""
    sure = frozenset(code for code, entry in CATALOGUE.items() if entry.sure)
    meant = [word.strip().upper() for text in only for word in text.replace("，", ",").split(",") if word.strip()]
    for code in meant:
        if code not in sure:
            advice = f"能按建议修改的代码：{'、'.join(sorted(sure))}。"
            raise stop("SYS908", what="--only", stated=code, advice=advice)
    return frozenset(meant) or sure


# ---- the rounds ----------------------------------------------------------------------
def _mended(draft: Draft, wanted: frozenset[str], refused: Iterable[Key]) -> _Attempt:
    """Suggestions written in rounds until none is left: a part before its total, a total before its shares."""
    attempt = _Attempt(draft)
    banned, done = set(refused), set[tuple[str, str, str]]()
    for _ in range(ROUNDS):
        offered = [
            f for f in judged(draft.reading()).findings
            if f.suggested is not None and f.entry.sure and f.code in wanted and key_of(f) not in banned
            and draft.slot(f.where.path) is not None and draft.would_change(f.where.path, f.suggested)
            and (*key_of(f), f.suggested) not in done
        ]  # fmt: skip
        chosen = _one_for_each_cell(attempt, offered)
        ready = [f for path, f in chosen.items() if chosen.keys().isdisjoint(draft.parts(path))]
        if not ready:
            break
        for finding in ready:
            assert finding.suggested is not None
            draft.write(finding.where.path, finding.suggested)
            done.add((*key_of(finding), finding.suggested))
            attempt.written.append(finding)
    return attempt


def _one_for_each_cell(attempt: _Attempt, offered: Sequence[Finding]) -> dict[str, Finding]:
    """The graver suggestion for a cell, of two as grave the one that is mended first."""
    in_order = Mending(attempt.draft.plan).ordered(offered)
    chosen: dict[str, Finding] = {}
    for finding in sorted(in_order, key=lambda f: SEVERITIES.index(f.severity)):
        taken = chosen.setdefault(finding.where.path, finding)
        if taken.suggested != finding.suggested:
            attempt.passed[key_of(finding)] = finding, taken
    return chosen


# ---- what did harm -------------------------------------------------------------------
def _blamed(attempt: _Attempt, fresh: Sequence[Finding]) -> dict[Key, tuple[Finding, tuple[str, ...]]]:
    """The written findings that a new error comes from, with the codes of those errors."""
    codes: dict[Key, list[str]] = {}
    guilty: dict[Key, Finding] = {}
    mending = Mending(attempt.draft.plan)
    for error in fresh:
        own = [f for f in attempt.written if f.where.path == error.where.path]
        for finding in own[-1:] or _feeding(attempt, mending, error):
            guilty[key_of(finding)] = finding
            codes.setdefault(key_of(finding), []).append(error.code)
    return {key: (finding, tuple(dict.fromkeys(codes[key]))) for key, finding in guilty.items()}


def _feeding(attempt: _Attempt, mending: Mending, error: Finding) -> list[Finding]:
    """The written findings whose cells run by formula into what the error speaks of.

    A total that a person wrote over and that stays so is no formula: that it no longer agrees with its
    parts is what was asked for (--only), and no harm done to it.
    """
    draft = attempt.draft
    spoken = {error.where.path, *(slot.path.text for slot in mending.involved(error) if slot.path)}
    if error.code[:3] not in ("FND", "SCH") or spoken & draft.stated:
        return []
    reached = spoken.union(*(draft.parts(path) for path in spoken))
    return [f for f in attempt.written if f.where.path in reached]


def _refusals(refused: dict[Key, tuple[Finding, tuple[str, ...]]]) -> Iterator[Finding]:
    for finding, codes in refused.values():
        yield Finding("FIX103", "warning", finding.where, _said(finding) | {"errors": "、".join(codes)})


def _passed_over(attempt: _Attempt) -> Iterator[Finding]:
    """Of two values for one cell, the one not taken; nothing where it was taken later on."""
    written = {key_of(f) for f in attempt.written}
    for key, (finding, taken) in attempt.passed.items():
        if key not in written:
            params = _said(finding) | {"other": finding.suggested or "", "expected": taken.suggested or ""}
            yield Finding("FIX104", "hint", finding.where, params)


def _said(finding: Finding) -> dict[str, str]:
    label = finding.params.get("label", finding.where.path)
    return {"label": label, "expected": finding.suggested or "", "code": finding.code}


# ---- what was changed ----------------------------------------------------------------
def _changes(reading: Reading, attempt: _Attempt) -> tuple[Change, ...]:
    """Every cell that differs, in the order of the form: asked for by a finding, or following from one that was."""
    draft, first = attempt.draft, reading.filing
    assert reading.spec is not None and first is not None
    labels = Labels(reading.spec, draft.filing)
    own: dict[str, list[str]] = {}
    for finding in attempt.written:
        own.setdefault(finding.where.path, []).append(finding.code)
    found = []
    for path in sorted(first.facts.keys() | draft.filing.facts.keys() | own.keys(), key=labels.order):
        old, new = first.value(path) or "", draft.filing.value(path) or ""
        restored = path in reading.replaced and path not in draft.stated
        if old == new and path not in own and not restored:
            continue
        causes = own.get(path) or [code for p in dict.fromkeys(draft.parts(path)) for code in own.get(p, ())][:1]
        note = "恢复公式" if restored else "文本改为数字" if path in reading.text_amounts else ""
        where = labels.where(path, reading.book)
        found.append(Change("、".join(dict.fromkeys(causes)), where, labels.of(path), old, new, path not in own, note))
    return tuple(found)


def _copy(draft: Draft, path: Path, out: Path) -> bytes:
    """The corrected filing as a workbook, or as a FACTS.toml where `out` is one."""
    spec = draft.source.spec
    assert spec is not None
    filing = handed_back(draft.filing, draft.source, facts=is_facts(path))
    if is_facts(out):
        return facts_text(filing).encode()
    options = BuildOptions(as_stated=True, repeats=instances_shown(spec, draft.source), found=draft.as_found())
    return build_workbook(spec, filing, options)
