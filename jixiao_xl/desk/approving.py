"""批量批复: every reviewed filing that a table of 文号 and dates names becomes its unit's approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from jixiao_xl.archive.approved import approved_budget
from jixiao_xl.archive.reviews import Change, Record, amend, record_of, state_change
from jixiao_xl.archive.store import Archive, Entry
from jixiao_xl.desk.judging import Known, judged
from jixiao_xl.desk.making import empty_filing
from jixiao_xl.desk.numbered import file_name
from jixiao_xl.desk.opening import form_named, save
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.desk.outcomes import Approvals, Approved, CannotRun, Progress, stop
from jixiao_xl.desk.reviewing import reading_of
from jixiao_xl.desk.unit_lookup import UnitLookup, successors_of
from jixiao_xl.forms.spec import Fields, FormSpec
from jixiao_xl.model.approval import ApprovalLine
from jixiao_xl.model.budget import Budget, BudgetLine
from jixiao_xl.model.dates import spoken_date
from jixiao_xl.model.facts import Fact, Filing, Unit
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.machine_errors import said_by_machine
from jixiao_xl.model.places import Where
from jixiao_xl.model.review import Subject
from jixiao_xl.rules.reviewing import step_refused
from jixiao_xl.workbook.approval_file import ApprovalFile, read_approval_file
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.reading import Reading
from jixiao_xl.workbook.unit_table import AmountUnit

STATE = "已批复"
FIELDS = ("approval_document", "approved_on")
"""Ids of the fields where a form itself asks for 文号 and 批复日期."""


def approve(
    table: Path, archive: Archive, form: str, year: int, folder: Path, *, by: str, unit: AmountUnit, progress: Progress
) -> Approvals:
    """Approve what can be approved; each other row of the table has its finding. Twice is the same as once."""
    spec = form_named(form, year)
    empty_filing(spec, year, "approval", Unit())
    read = _table(table, unit)
    with using_archive():
        desk = _Desk(archive, spec, year, folder, by or table.name)
        done = []
        for n, line in enumerate(read.lines):
            progress(line.name or line.key or line.code, n, len(read.lines))
            if (one := desk.one(line)) is not None:
                done.append(one)
    return Approvals(tuple(done), (*read.findings, *desk.findings))


def _table(path: Path, unit: AmountUnit) -> ApprovalFile:
    """The table's rows; raises CannotRun where there are none to take."""
    if not path.is_file():
        raise stop("SYS906", file=str(path))
    try:
        read = read_approval_file(path, unit)
    except OSError as error:
        params = {"book": path.name, "why": said_by_machine(error), "advice": "关闭正在打开的文件，检查权限后再试。"}
        raise CannotRun(Finding("WBK108", "error", Where(book=path.name), params)) from None
    if not read.lines:
        raise CannotRun(*read.findings)
    return read


@dataclass(frozen=True)
class _Case:
    """One line with what the archive has of its unit."""

    line: ApprovalLine
    entry: Entry
    record: Record

    @property
    def why(self) -> str:
        """What the step says: the document. Its day is the step's own."""
        return f"批复文号 {self.line.document}"


class _Desk:
    def __init__(self, archive: Archive, spec: FormSpec, year: int, folder: Path, by: str) -> None:
        self.archive, self.spec, self.year, self.folder, self.by = archive, spec, year, folder, by
        self.findings: list[Finding] = []
        declared = archive.entries(forms=(spec.form.id,), year=year, stage="declaration", newest_only=True)
        self.entries: Mapping[str, Entry] = {entry.unit.key: entry for entry in declared}
        self.units = UnitLookup({key: entry.unit.name for key, entry in self.entries.items()}, successors_of(archive))
        self.rows: dict[str, int] = {}

    def say(self, code: str, line: ApprovalLine, **params: str) -> None:
        unit = line.name or line.key or line.code
        self.findings.append(Finding(code, "error", line.where, {"book": line.where.book, "unit": unit} | params))

    def one(self, line: ApprovalLine) -> Approved | None:
        """The line carried out; None when it cannot be, which is then said."""
        key = self.units.key(line.key, line.code, line.name)
        if not key:
            self.say("APR206", line, what=f"{self.spec.form.id} {self.year} 年")
            return None
        if (other := self.rows.setdefault(key, line.row)) != line.row:  # under another writing of its code
            self.say("APR203", line, row=str(line.row), other=str(other), stated=self.units.names[key])
            return None
        subject = Subject(self.spec.form.id, self.year, "declaration", key)
        case = _Case(line, self.entries[key], record_of(self.archive, subject))  # as it is now: others may be approving too
        if (refused := self._refused(case)) is not None:
            self.findings.append(replace(refused, where=line.where))
            return None
        reading = reading_of(self.archive, case.entry)
        differing = self._against_budget(reading, case)
        self.findings += differing
        if any(f.severity == "error" for f in differing):
            return None
        return self._approve(case, reading, subject)

    # ---- may it be approved ----------------------------------------------------------
    def _refused(self, case: _Case) -> Finding | None:
        review, name = case.record.review, case.entry.unit.name
        if review.state == STATE and not review.unseen:
            kept, stated = (review.why, review.on[:10]), (case.why, case.line.on.isoformat())
            if kept == stated:
                return None
            params = {"unit": name, "kept": "，".join(kept), "stated": "，".join(stated)}
            return Finding("APR208", "error", params=params)
        if review.unseen:
            seen, version = str(review.history[-1].version), str(review.version)
            return Finding("APR207", "error", params={"unit": name, "state": review.state, "seen": seen, "version": version})
        return step_refused(name, review.state, STATE, case.why, review.conclusion.overall)

    def _against_budget(self, reading: Reading, case: _Case) -> list[Finding]:
        """Where the filing's total is not the one of the table, else of the imported budget."""
        line, key = case.line, case.entry.unit.key
        known = approved_budget(self.archive, self.year, (key,))
        total = None if line.total is None else BudgetLine(key, "", line.total, line.source)
        if total is None and known is None:
            return []
        budget = Budget(total or (known.total if known else None), known.projects if known else ())
        found = judged(reading, Known(budget)).findings
        return [f for f in found if f.code.startswith("BUD") and not f.explained]

    # ---- approve it --------------------------------------------------------------------
    def _approve(self, case: _Case, reading: Reading, subject: Subject) -> Approved | None:
        """The file first, the state last: what was broken off is done again from the start."""
        spec, declared = reading.spec, reading.filing
        assert spec is not None and declared is not None
        title = f"{self.year}年{spec.form.stages['approval']}"
        path = self.folder / file_name(f"{declared.unit.key}_{declared.unit.name}_{title}")
        filing = _as_approved(spec, declared, case.line)
        has_fields = filing.facts.keys() - declared.facts.keys()
        options = BuildOptions(as_stated=True, document="" if has_fields else case.line.spoken)
        written = self._write(path, build_workbook(spec, filing, options), case.line)
        done = self.archive.deposit(replace(filing, book=path.name))
        late: list[Finding] = []

        def decided(record: Record) -> list[Change]:
            refused = self._refused(replace(case, record=record))
            if refused is not None:
                late.append(replace(refused, where=case.line.where))
            if refused is not None or record.review.state == STATE:
                return []
            return [state_change(STATE, case.why, self.by, case.line.on.isoformat(), case.entry.version)]

        amend(self.archive, subject, decided)
        self.findings += late
        if late:
            return None
        return Approved(declared.unit, case.line.document, case.line.on, path, written or done.is_new)

    def _write(self, path: Path, content: bytes, line: ApprovalLine) -> bool:
        """Whether the file is new. One that stands there is left alone; when it is another, that is said."""
        if not path.exists():
            try:
                save(path, content)
                return True
            except CannotRun as refused:
                if refused.findings[0].code != "SYS904":  # a colleague wrote it at this moment
                    raise
        if path.read_bytes() != content:
            self.findings.append(Finding("SYS904", "hint", line.where, {"file": path.name}))
        return False


def _as_approved(spec: FormSpec, filing: Filing, line: ApprovalLine) -> Filing:
    """What was declared, as approved; 文号 and date in the form's own fields where it has them."""
    said = dict(zip(FIELDS, (line.document, spoken_date(line.on)), strict=True))
    paths = {f"{b.id}.{f.id}": said[f.id] for b in spec.block if isinstance(b, Fields) for f in b.fields if f.id in said}
    facts = dict(filing.facts) | {path: Fact(path, value) for path, value in paths.items()}
    return replace(filing, stage="approval", facts=facts, issued_to=filing.unit.key)
