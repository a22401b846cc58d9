"""审核: the workbook for the reviewer, what comes back in it, and single decisions."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from jixiao_xl.archive.reviews import (
    Change,
    Record,
    amend,
    inclusion_change,
    records_for,
    reviewed_kinds,
    reviews_for,
    state_change,
)
from jixiao_xl.archive.store import Archive, Entry
from jixiao_xl.consolidate.roster import Received, RosterRow, UnitStatus, filing_statuses
from jixiao_xl.desk.gathering import gather, of_kind, wanted_kind
from jixiao_xl.desk.judging import judged, known_for
from jixiao_xl.desk.opening import form_named, roster_rows, save
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.desk.outcomes import CannotRun, Progress, ReviewMade, ReviewRead, Standing, stop
from jixiao_xl.desk.registering import register
from jixiao_xl.desk.review_taking import Taking, today
from jixiao_xl.model.facts import STAGE_WORDS, Stage
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised
from jixiao_xl.model.places import Where
from jixiao_xl.model.review import INCLUDED, Review, Subject
from jixiao_xl.rules.reviewing import step_refused
from jixiao_xl.workbook.reading import Reading
from jixiao_xl.workbook.review_book import review_bytes
from jixiao_xl.workbook.review_pages import FINDINGS, FREE, SEEN_IN_FILES, ReviewBook, UnderReview, keyed
from jixiao_xl.workbook.review_reading import ReviewLine, read_review


# ---- which filings ---------------------------------------------------------------------
def kind_asked(archive: Archive, form: str = "", year: int | None = None, stage: Stage | None = None) -> tuple[str, int, Stage]:
    """The form, year and stage that was asked for; where that leaves several, the newest year, and of
    that the one most units filed."""
    found = [
        kind for kind in reviewed_kinds(archive, year)
        if (not form or kind[0] == form or form.startswith(f"{kind[0]}.")) and stage in (None, kind[2])
    ]  # fmt: skip
    if not found:
        what = "".join((form, f" {year} 年" if year else "", STAGE_WORDS[stage] if stage else "")).strip()
        raise stop("REV113", what=what or "任何单位")
    newest = [kind for kind in found if kind[1] == max(kind[1] for kind in found)]
    return max(newest, key=lambda kind: (len(reviews_for(archive, *kind)), kind))


def standings(archive: Archive, form: str = "", year: int | None = None, stage: Stage | None = None) -> list[Standing]:
    """Where every unit stands, by unit key."""
    with using_archive():
        kind = kind_asked(archive, form, year, stage)
        names = _names(archive, kind)
        reviews = reviews_for(archive, *kind)
    return [Standing(*kind, names.get(key, key), review) for key, review in reviews.items()]


def _names(archive: Archive, kind: tuple[str, int, Stage]) -> dict[str, str]:
    """Unit name by key, as the newest filing has it."""
    form, year, stage = kind
    return {e.unit.key: e.unit.name for e in archive.entries(forms=(form,), year=year, stage=stage, newest_only=True)}


# ---- the workbook out ------------------------------------------------------------------
def make(
    out: Path, archive: Archive, *, folder: Path | None, roster: Path | None, form: str, year: int | None, stage: Stage | None,
    progress: Progress,
) -> ReviewMade:  # fmt: skip
    """The 审核工作簿 of a folder, or of what the archive holds; an existing file is never replaced,
    for somebody may have filled it in."""
    if out.exists():
        raise stop("SYS904", file=str(out))
    rows = roster_rows(roster) if roster else []
    with using_archive():
        if folder is not None:
            pile = gather(folder, {p.resolve() for p in (out, roster) if p is not None}, progress, archive)
            wanted = wanted_kind(pile, form, year, stage)
            kind, own = (wanted.form, wanted.year, wanted.stage), of_kind(pile, wanted)
            received, refused = register(archive, folder, own, filing_statuses(own, rows)[0], progress)
            findings = [*pile.trouble, *refused]
        else:
            kind = kind_asked(archive, form, year, stage)
            received, findings = from_archive(archive, kind, progress), []
        relative = os.path.relpath(folder.resolve(), out.resolve().parent).replace(os.sep, "/") if folder else ""
        units = _units(
            archive, kind, received, rows, "" if relative == "." else f"{relative}/", findings, in_files=folder is not None
        )
    now = dt.datetime.now().strftime("%Y-%m-%d %H:%M")
    title = f"{kind[1]}年{STAGE_WORDS[kind[2]]}绩效目标审核"
    book = ReviewBook(*kind, title, now, tuple(units))
    save(out, review_bytes(book))
    problems = sum(len(unit.findings) for unit in units)
    return ReviewMade(out, len(units), problems, tuple(findings))


def from_archive(archive: Archive, kind: tuple[str, int, Stage], progress: Progress) -> list[Received]:
    """The newest filing of every unit, judged by what the archive holds of it."""
    form, year, stage = kind
    entries = archive.entries(forms=(form,), year=year, stage=stage, newest_only=True)
    received = []
    for n, entry in enumerate(entries):
        progress(entry.unit.name, n, len(entries))
        received.append(judged_entry(archive, entry))
    return received


def judged_entry(archive: Archive, entry: Entry) -> Received:
    """One archived filing with what the rules find in it."""
    reading = reading_of(archive, entry)
    assert reading.filing is not None
    checked = judged(reading, known_for(reading, archive))
    return Received(reading.filing, entry.book, checked.findings, reading.places, version=entry.version)


def reading_of(archive: Archive, entry: Entry) -> Reading:
    """An archived filing as if its file had been read again."""
    filing = archive.filing(entry)
    places = {f.path: Where(f.path, f.sheet, f.cell, entry.book) for f in filing.facts.values() if f.cell}
    return Reading(entry.book, form_named(f"{entry.form}.{entry.edition}"), filing, [], places)


def _units(
    archive: Archive, kind: tuple[str, int, Stage], received: list[Received], rows: Sequence[RosterRow], folder: str,
    findings: list[Finding], *, in_files: bool,
) -> list[UnderReview]:  # fmt: skip
    statuses, about = filing_statuses(sorted(received, key=lambda each: each.book), rows)
    findings += [f for f in about if f.code in ("CON102", "CON103", "CON105", "CON109")]
    reviews, names = reviews_for(archive, *kind), _names(archive, kind)
    units: list[UnderReview] = []
    shown: set[str] = set()
    for status in statuses:
        unit = _of_status(status, reviews, folder, findings, in_files=in_files)
        if unit.key and unit.key not in shown and status.status != "待认领":
            shown.add(unit.key)
            units.append(unit)
    for key, review in reviews.items():
        # what was said of a unit stays in sight, wherever its file or its line in the roster went
        if key not in shown and (review.opinions or review.history or review.included):
            remark = "不在这次的文件夹或名单里"
            units.append(UnderReview(key, names.get(key, key), review, remark=remark))
    return units


def _of_status(
    status: UnitStatus, reviews: Mapping[str, Review], folder: str, findings: list[Finding], *, in_files: bool
) -> UnderReview:
    used = status.used
    key = used.filing.unit.key if used else next((k for k in _keys(status) if k in reviews), status.key.lstrip("?"))
    review = reviews.get(key, Review(key))
    if used is None:
        return UnderReview(key, status.name, review, remark=status.remark)
    remark = status.remark
    if in_files and not review.version:
        remark = "还没有接收登记，先登记再审核"
        params = {"unit": status.name, "book": used.book}
        findings.append(Finding("REV114", "warning", Where(book=used.book), params))
    link = f"{folder}{used.book}" if in_files else ""
    return UnderReview(key, status.name, review, used.findings, used.book, link, remark, used.version)


def _keys(status: UnitStatus) -> tuple[str, ...]:
    return status.roster.all_keys if status.roster else (status.key,)


# ---- the workbook back -----------------------------------------------------------------
def take(path: Path, archive: Archive, by: str) -> ReviewRead:
    """Put what reviewers wrote into the archive. The same book twice changes nothing."""
    if not path.is_file():
        raise stop("SYS906", file=str(path))
    read = read_review(path)
    if not read.form:
        raise CannotRun(*read.findings)
    with using_archive():
        records = records_for(archive, read.form, read.year, read.stage)
        names = _names(archive, (read.form, read.year, read.stage))  # type: ignore[arg-type]
        by_unit, lost = _by_unit(read.lines, records, names, read.book, read.form)
        findings, taken, already = [*read.findings, *lost], 0, 0
        for unit_key, lines in by_unit.items():
            subject = Subject(read.form, read.year, read.stage, unit_key)
            done = _take_unit(archive, subject, names.get(unit_key, unit_key), lines, read.book, by)
            findings += [*done.findings, *_vanished(archive, done, lines, subject)]
            taken += len(done.changes)
            already += done.already
    return ReviewRead(read.book, taken, already, tuple(findings))


def _take_unit(archive: Archive, subject: Subject, name: str, lines: list[ReviewLine], book: str, by: str) -> Taking:
    attempts: list[Taking] = []

    def decide(record: Record) -> list[Change]:
        attempts.append(Taking(name, book, record, by, today()))
        return attempts[-1].take(lines)

    amend(archive, subject, decide)
    return attempts[-1]


def _by_unit(
    lines: Sequence[ReviewLine], records: Mapping[str, Record], names: Mapping[str, str], book: str, form: str
) -> tuple[dict[str, list[ReviewLine]], list[Finding]]:
    """The lines by the unit they are about; a line about no unit that is known is named."""
    called: dict[str, list[str]] = defaultdict(list)
    for key, name in names.items():
        called[normalised(name)].append(key)
    found: dict[str, list[ReviewLine]] = defaultdict(list)
    lost: list[Finding] = []
    for line in lines:
        where = Where(sheet=line.sheet, cell=f"C{line.row}", book=book)
        is_new = line.sheet == FREE and not line.given
        keys = [line.unit] if line.unit in records or not is_new else called.get(normalised(line.unit), [])
        if len(keys) != 1:
            lost.append(Finding("REV112", "error", where, {"sheet": line.sheet, "row": str(line.row)}))
            continue
        had_filing = line.version > 0 and not (keys[0] in records and records[keys[0]].review.version)
        if had_filing:
            params = {"unit": keys[0], "what": form, "row": line.place}
            lost.append(Finding("REV104", "error", where, params))
            continue
        found[keys[0]].append(_with_key(line, keys[0]) if is_new else line)
    return found, lost


def _with_key(line: ReviewLine, unit_key: str) -> ReviewLine:
    """A new opinion is called by its words, so that the same row read again is the same opinion."""
    told = "|".join((unit_key, line.said["sheet"], line.said["cell"].upper(), line.said["text"]))
    key = f"free|{hashlib.sha256(told.encode()).hexdigest()[:16]}"
    return ReviewLine(line.sheet, line.row, unit_key, key, line.given, line.said, line.by, line.on)


def _vanished(archive: Archive, done: Taking, lines: Sequence[ReviewLine], subject: Subject) -> list[Finding]:
    """REV111 for every opinion on a finding that the current version no longer has."""
    version = done.record.review.version
    stale = [line for line in lines if line.sheet == FINDINGS and 0 < line.version < version]
    if not stale:
        return []
    of_unit = archive.entries(forms=(subject.form,), unit_keys=(subject.unit_key,), year=subject.year)
    current = next(e for e in of_unit if (e.stage, e.version) == (subject.stage, version))
    still = {key for key, _ in keyed(judged_entry(archive, current).findings)}
    return [
        Finding("REV111", "hint", Where(sheet=line.sheet, cell=f"C{line.row}", book=done.book), {
            "row": str(line.row), "unit": done.unit, "code": line.given.get("code", ""), "version": str(version),
            "place": "!".join(filter(None, (line.given.get("sheet", ""), line.given.get("cell", "")))),
        })
        for line in stale if line.key not in still and not line.key.startswith(SEEN_IN_FILES)
    ]  # fmt: skip


# ---- one decision ----------------------------------------------------------------------
def decide(
    archive: Archive, unit: str, word: str, *, by: str, why: str, form: str, year: int | None, stage: Stage | None
) -> Standing:
    """One unit to a state, or 纳入/不纳入; `unit` is a key or a name. Refused with what may be done."""
    with using_archive():
        kind = kind_asked(archive, form, year, stage)
        names = _names(archive, kind)
        keys = [key for key, name in names.items() if unit == key or normalised(unit) == normalised(name)]
        if len(keys) != 1:
            raise stop("REV113", what=f"“{unit}”{kind[1]} 年{STAGE_WORDS[kind[2]]}")
        name, refused = names[keys[0]], list[Finding]()

        def decided(record: Record) -> list[Change]:
            refused.clear()
            review = record.review
            if word in INCLUDED:
                if word == "不纳入" and not why:
                    refused.append(
                        Finding("REV102", "error", params={"unit": name, "what": "定为“不纳入”", "need": "理由（--why）"})
                    )
                    return []
                return [inclusion_change(word, why, by, today(), review.version)]
            trouble = step_refused(name, review.state, word, why, review.conclusion.overall)
            if trouble is not None:
                refused.append(trouble)
                return []
            return [state_change(word, why, by, today(), review.version)]

        record = amend(archive, Subject(*kind, keys[0]), decided)
    if refused:
        raise CannotRun(*refused)
    return Standing(*kind, name, record.review)
