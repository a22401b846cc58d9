"""The verbs: plain values in, values and findings out; no printing, no dialogs.

Buttons, commands and tests call these. What a person did wrong is a finding; what makes a verb
impossible is `CannotRun`, which carries findings too.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from jixiao_xl.archive.export import archive_csv
from jixiao_xl.archive.prior_year import PriorValue, prior_values
from jixiao_xl.archive.store import Archive, ArchiveUnusable, Deposited, Entry
from jixiao_xl.consolidate.roster import Received, RosterRow
from jixiao_xl.consolidate.summary import Summary, summarise
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.load import DefinitionError, find_form, known_forms
from jixiao_xl.forms.placing import settled
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.codes import CATALOGUE
from jixiao_xl.model.facts import STAGE_WORDS, BadPath, Fact, Filing, Stage, Unit, parse_path
from jixiao_xl.model.findings import Finding, Insufficient
from jixiao_xl.model.names import normalised
from jixiao_xl.model.places import Where
from jixiao_xl.model.ratios import read_percent
from jixiao_xl.rules.engine import judge
from jixiao_xl.rules.registry import RULES
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.facts_file import read_facts
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.reader import read_workbook
from jixiao_xl.workbook.reading import Reading
from jixiao_xl.workbook.roster_book import empty_roster, issued_list, read_roster
from jixiao_xl.workbook.summary_book import is_our_report, summary_bytes
from jixiao_xl.workbook.write import WriteRefused, save_atomically

Progress = Callable[[str, int, int], None]
"""Told (what, done, of how many); may raise `Cancelled` to stop between two files."""

BOOKS = (".xlsx", ".xlsm", ".xls")
NOT_BOOKS = (".et", ".ett", ".wps", ".ods", ".csv", ".doc", ".docx", ".pdf", ".zip", ".rar", ".7z")
"""What units send instead of a workbook; each is named, none is passed over."""
_BRACED = re.compile(r"\{\w+\}")
FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_NAME = 100
"""Characters of a unit's name; longer ones are a slip, and no file can be called so."""


class Cancelled(Exception):
    """The user stopped a long verb; nothing half-written stays."""


class CannotRun(Exception):
    """The verb could not do its work at all; `findings` say why and what to do."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(f.message() for f in findings))
        self.findings = findings


def _stop(code: str, **params: str) -> CannotRun:
    return CannotRun(Finding(code, "error", Where(book=params.get("file", "")), params))


def _quiet(_what: str, _done: int, _total: int) -> None:
    return None


# ---- forms and templates -----------------------------------------------------------
def forms() -> tuple[FormSpec, ...]:
    """Every form known, by id."""
    try:
        return known_forms()
    except DefinitionError as error:
        raise _definition_trouble(error) from None


def _definition_trouble(error: DefinitionError) -> CannotRun:
    found = (
        Finding(code, "error", Where(book=error.source), {"file": error.source, "what": what}) for code, what in error.problems
    )
    return CannotRun(*found)


def form_named(name: str, year: int | None = None) -> FormSpec:
    """The form by id (`hubei.dept_overall`) or id and edition; raises CannotRun."""
    try:
        spec = find_form(name, year=year)
    except DefinitionError as error:
        raise _definition_trouble(error) from None
    if spec is None:
        raise _stop("SYS905", form=name)
    return spec


def make_template(
    form: str, year: int, out: Path, *, unit: Unit = Unit(), stage: Stage = "declaration",
    repeats: dict[str, int] | None = None, replace_old: bool = False,
) -> Path:  # fmt: skip
    """An empty workbook of the form for one year (and unit, when given)."""
    spec = form_named(form, year)
    filing = _empty_filing(spec, year, stage, unit)
    _repeats_fit(spec, repeats or {})
    _save(out, build_workbook(spec, filing, BuildOptions(repeats=repeats or {})), replace_old=replace_old)
    return out


def _repeats_fit(spec: FormSpec, repeats: dict[str, int]) -> None:
    for repeat, count in repeats.items():
        rule = spec.repeat.get(repeat)
        if rule is None:
            known = "、".join(spec.repeat) or "没有"
            raise _stop("SYS908", what="--repeat", stated=repeat, advice=f"该表样可重复的栏目：{known}。")
        if not 1 <= count <= rule.max:
            raise _stop("SYS908", what="--repeat", stated=f"{repeat}={count}"[:40], advice=f"个数在1到{rule.max}之间。")


def shipped_template(spec: FormSpec) -> bytes:
    """The template that stands in xlsx_templates/: the edition's own year, nobody's unit."""
    stage = next(iter(spec.form.stages))
    return build_workbook(spec, _empty_filing(spec, int(spec.form.edition), stage, Unit()))


def make_shipped_templates(folder: Path) -> list[Path]:
    """Every shipped form's template, rebuilt into the folder."""
    written = []
    for spec in forms():
        path = folder / f"{spec.form.id}.{spec.form.edition}.xlsx"
        _save(path, shipped_template(spec), replace_old=True)
        written.append(path)
    return written


def _empty_filing(spec: FormSpec, year: int, stage: Stage, unit: Unit) -> Filing:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _stop("SYS908", what="年度", stated=str(year)[:20], advice="填四位年份，如 2026。")
    if len(unit.name) > LONGEST_NAME or len(unit.key) > LONGEST_NAME:
        raise _stop("SYS908", what="单位名称或代码", stated=f"{unit.name[:20]}…", advice=f"不超过{LONGEST_NAME}字。")
    if stage not in spec.form.stages:
        stages = "、".join(f"{s}（{STAGE_WORDS[s]}）" for s in spec.form.stages)
        raise _stop("SYS907", form=spec.form.id, stage=STAGE_WORDS[stage], stages=stages)
    return Filing(spec.form.id, spec.form.edition, year, stage, unit, issued_to=unit.key)


def _save(path: Path, content: bytes, *, replace_old: bool = False) -> None:
    try:
        save_atomically(path, content, replace=replace_old)
    except WriteRefused as error:
        raise _stop(error.code, file=str(path), why=error.why) from None


# ---- one filing ---------------------------------------------------------------------
def read(path: Path, name: str = "") -> Reading:
    """A workbook or a FACTS.toml as facts with places."""
    if not path.is_file():
        raise _stop("SYS906", file=str(path))
    try:
        return read_facts(path) if path.suffix.lower() == ".toml" else read_workbook(path, name)
    except DefinitionError as error:
        raise _definition_trouble(error) from None
    except OSError as error:
        params = {"book": path.name, "why": error.strerror or str(error), "advice": "关闭正在打开的文件，检查权限后再试。"}
        raise CannotRun(Finding("WBK108", "error", Where(book=path.name), params)) from None


def _readable(path: Path) -> Reading:
    """The reading of a file that has to be one of ours; raises CannotRun with its findings."""
    reading = read(path)
    if reading.filing is None or reading.spec is None:
        raise CannotRun(*reading.findings)
    return reading


@dataclass(frozen=True)
class Filled:
    """A written workbook and what had to be said while filling it."""

    path: Path
    findings: tuple[Finding, ...] = ()


def fill(form: str, facts: Path, out: Path, *, as_stated: bool = False) -> Filled:
    """A workbook of the form with the facts of a FACTS.toml in it."""
    reading = _readable(facts)
    spec, filing = reading.spec, reading.filing
    assert spec is not None and filing is not None
    wanted = form_named(form, filing.year)
    if wanted.form.id != spec.form.id or ("." in form and form != spec.form.id and wanted.form.edition != spec.form.edition):
        params = {"book": facts.name, "found": spec.form.id, "wanted": wanted.form.id}
        raise CannotRun(Finding("WBK107", "error", Where(book=facts.name), params))
    _save(out, build_workbook(spec, filing, BuildOptions(as_stated=as_stated)))
    return Filled(out, (*reading.findings, *_replaced_by_formula(out, filing, reading)))


def _replaced_by_formula(out: Path, filing: Filing, reading: Reading) -> Iterator[Finding]:
    """WBK111 for every stated derived value that the sheet's formula shows differently."""
    written = read_workbook(out).filing
    for path, fact in filing.facts.items():
        shown = written.value(path) if written else None
        if fact.value and shown != fact.value and not (shown and _same_number(shown, fact.value)):
            where = reading.places.get(path, Where(path))
            yield Finding("WBK111", "hint", where, {"label": path, "stated": fact.value, "expected": shown or "空白"})


def _same_number(one: str, other: str) -> bool:
    a, b = (read_percent(t) if t.endswith("%") else read_amount(t) for t in (one, other))
    return a is not None and a == b


@dataclass(frozen=True)
class Checked:
    """One judged file. `form` and `unit` are empty when the file is not ours."""

    book: str
    form: str
    unit: Unit
    findings: tuple[Finding, ...]
    insufficient: tuple[Insufficient, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The contract's JSON shape (decisions, contract 11)."""
        return {
            "book": self.book, "form": self.form, "unit": self.unit.key,
            "findings": [f.as_json() for f in self.findings],
            "insufficient": [i.as_json() for i in self.insufficient],
        }  # fmt: skip


def check(path: Path) -> Checked:
    """校验: judge one workbook or FACTS.toml by every rule. A file that cannot be read is a result
    too, so that one bad file does not hide the others."""
    try:
        return judged(read(path))
    except CannotRun as refused:
        return Checked(path.name, "", Unit(), refused.findings)


def judged(reading: Reading) -> Checked:
    """The findings of a reading together with what the rules find."""
    if reading.filing is None or reading.spec is None:
        return Checked(reading.book, "", Unit(), tuple(reading.findings))
    verdict = judge(reading.spec, reading.filing, reading.places, reading.replaced, reading.text_amounts)
    found = tuple(replace(f, where=replace(f.where, book=reading.book)) for f in (*reading.findings, *verdict.findings))
    return Checked(reading.book, reading.filing.form, reading.filing.unit, found, verdict.insufficient)


def explain(code: str) -> str:
    """The page of a code: sentence, remedy, why (the rule's own docstring), English."""
    entry = CATALOGUE.get(code.upper())
    if entry is None:
        raise _stop("SYS908", what="代码", stated=code, advice="代码写成 FND103 的样子；jixiao explain 列出全部代码。")
    said, remedy, english = (_BRACED.sub("…", text) for text in (entry.zh, entry.fix, entry.en))
    lines = [f"{entry.id}  {said}", f"怎么改：{remedy}"]
    if entry.id in RULES:
        lines += ["", *(line.strip() for line in (RULES[entry.id][1].__doc__ or "").strip().splitlines())]
    return "\n".join([*lines, "", f"EN: {english}"])


# ---- the archive ------------------------------------------------------------------------
def open_archive(address: str, *, only_existing: bool = False) -> Archive:
    """The archive at a path or URL; raises CannotRun when it cannot be opened. A question to an
    archive (`only_existing`) does not create one."""
    if only_existing and "://" not in address and not Path(address).expanduser().is_file():
        raise _stop("ARC102", archive=address, why="没有这个文件")
    try:
        archive = Archive(address)
        archive.entries(year=0)
    except ArchiveUnusable as error:
        raise _archive_trouble(error) from None
    return archive


def _archive_trouble(error: ArchiveUnusable) -> CannotRun:
    shown = re.sub(r"//[^@/]*@", "//", error.address)
    return CannotRun(Finding("ARC102", "error", Where(), {"archive": shown, "why": error.why}))


@dataclass(frozen=True)
class Receipt:
    """What became of one file at 接收登记."""

    book: str
    unit: Unit
    deposited: Deposited | None
    findings: tuple[Finding, ...]
    errors: int = 0
    """必须修改 found in the filing itself; it is archived all the same."""


def deposit(path: Path, archive: Archive) -> Receipt:
    """接收登记: put one filing into the archive. The same content twice changes nothing."""
    try:
        reading = read(path)
    except CannotRun as refused:
        return Receipt(path.name, Unit(), None, refused.findings)
    filing = reading.filing
    if filing is None:
        return Receipt(reading.book, Unit(), None, tuple(reading.findings))
    unclaimed = tuple(f for f in reading.findings if f.code == "WBK110")
    if unclaimed or not filing.unit.key:
        missing = (Finding("ARC103", "error", Where(book=reading.book), {"book": reading.book}),)
        return Receipt(reading.book, filing.unit, None, unclaimed or missing)
    if not {f.path for f in filing.facts.values() if f.value} - {"cover.unit_name"}:
        return Receipt(
            reading.book, filing.unit, None, (Finding("ARC105", "error", Where(book=reading.book), {"book": reading.book}),)
        )
    try:
        done = archive.deposit(filing)
    except ArchiveUnusable as error:
        raise _archive_trouble(error) from None
    params = {"unit": filing.unit.name, "year": str(filing.year), "stage": STAGE_WORDS[filing.stage]}
    said: tuple[Finding, ...] = ()
    if not done.is_new:
        said = (Finding("ARC104", "hint", Where(book=reading.book), params | {"version": str(done.version)}),)
    elif done.version > 1:
        old_and_new = {"version": str(done.version - 1), "next": str(done.version)}
        said = (Finding("ARC101", "hint", Where(book=reading.book), params | old_and_new),)
    errors = sum(f.severity == "error" for f in judged(reading).findings)
    return Receipt(reading.book, filing.unit, done, said, errors)


def pull_prior_year(path: Path, out: Path, archive: Archive) -> Filled:
    """提取上年数: a copy of the workbook with the archive's values in its blank cells.

    A filled cell is never overwritten; where it differs from the archive, PRI101 says so.
    """
    reading = _readable(path)
    spec, filing = reading.spec, reading.filing
    assert spec is not None and filing is not None
    if claims := [f for f in reading.findings if f.code == "WBK110"]:
        raise CannotRun(*claims)
    facts, notes, findings = _with_prior(spec, filing, archive, (filing.unit.key,))
    if not facts.keys() - filing.facts.keys() and not findings:
        said = {"unit": filing.unit.name, "year": f"{filing.year - 2}、{filing.year - 1}"}
        findings.append(Finding("PRI102", "hint", Where(book=reading.book), said))
    content = build_workbook(spec, filing.with_facts(facts), BuildOptions(as_stated=True, notes=notes))
    _save(out, content)
    return Filled(out, tuple(findings))


def _with_prior(
    spec: FormSpec, filing: Filing, archive: Archive, unit_keys: Sequence[str]
) -> tuple[dict[str, Fact], dict[str, str], list[Finding]]:
    """Facts with blanks filled, notes for the filled cells, and differences as findings."""
    try:
        found = prior_values(archive, spec, filing, unit_keys)
    except ArchiveUnusable as error:
        raise _archive_trouble(error) from None
    facts, notes = dict(filing.facts), dict[str, str]()
    findings: list[Finding] = []
    offered = settled(spec, filing.with_facts({v.path.text: Fact(v.path.text, v.value) for v in found}))
    by_path = {_loose(v.path.text): v for v in found}
    derived = {p for p, slot in plan_form(spec, offered).by_path.items() if slot.role == "derived"}
    for path, fact in offered.facts.items():
        if path in derived:
            continue  # it follows from its parts
        prior = by_path[_loose(path)]
        stated = facts.get(path)
        if stated is None or not stated.value:
            facts[path] = Fact(path, fact.value)
            if prior.note:
                notes[path] = f"{prior.note}（{prior.source}）"
        elif stated.value != prior.value and not _same_number(stated.value, prior.value):
            findings.append(_differs(stated, prior))
    return facts, notes, findings


def _loose(path: str) -> str:
    parsed = parse_path(path)
    names = None if parsed.names is None else tuple(map(normalised, parsed.names))
    return replace(parsed, names=names).text


def _differs(stated: Fact, prior: PriorValue) -> Finding:
    params = {"label": prior.path.text, "stated": stated.value, "expected": prior.value, "source": prior.source}
    return Finding("PRI101", "warning", Where(stated.path, stated.sheet, stated.cell), params, prior.value)


def archive_history(archive: Archive, unit_key: str, path: str) -> list[tuple[Entry, str]]:
    """What a unit stated for one path, over years, stages and versions, newest first."""
    try:
        return archive.history((unit_key,), parse_path(path).text)
    except BadPath:
        raise _stop("SYS908", what="事实路径", stated=path, advice="写成 funds.income.fiscal.current 的样子。") from None
    except ArchiveUnusable as error:
        raise _archive_trouble(error) from None


def export_archive(archive: Archive, out: Path) -> int:
    """The whole archive as one CSV (UTF-8 with BOM, so that Excel opens it); rows written."""
    content, count = archive_csv(archive)
    _save(out, content)
    return count


# ---- the city ---------------------------------------------------------------------------
def make_roster(out: Path, rows: Sequence[RosterRow] = ()) -> Path:
    """An empty 应报单位名单, or the given rows as one."""
    _save(out, empty_roster(rows))
    return out


def roster_rows(path: Path) -> list[RosterRow]:
    """The rows of a roster; raises CannotRun with every fault in it."""
    if not path.is_file():
        raise _stop("SYS906", file=str(path))
    rows, findings = read_roster(path)
    if findings:
        raise CannotRun(*findings)
    if not rows:
        raise _stop("ROS104")
    return rows


@dataclass(frozen=True)
class Issued:
    """What was issued: the files written, the 下发清单, and what was left alone."""

    files: tuple[Path, ...]
    list_path: Path
    findings: tuple[Finding, ...]


def issue(
    roster: Path, form: str, year: int, folder: Path, *, archive: Archive | None = None,
    stage: Stage = "declaration", repeats: dict[str, int] | None = None, progress: Progress = _quiet,
) -> Issued:  # fmt: skip
    """下发: one workbook per unit of the roster, prior-year values and own indicator rows
    brought along. A file that exists is never overwritten."""
    spec = form_named(form, year)
    _empty_filing(spec, year, stage, Unit())
    _repeats_fit(spec, repeats or {})
    rows = roster_rows(roster)
    files: list[Path] = []
    lines: list[tuple[str, str, str, str]] = []
    findings: list[Finding] = []
    for n, row in enumerate(rows):
        progress(row.name, n, len(rows))
        filing = _empty_filing(spec, year, stage, Unit(row.name, row.key))
        notes: dict[str, str] = {}
        if archive is not None:
            facts, notes, _ = _with_prior(spec, filing, archive, row.all_keys)
            filing = filing.with_facts(facts)
        path = folder / _file_name(f"{row.key}_{row.name}_{year}年{spec.form.stages[stage]}")
        if path in files:
            path = path.with_stem(f"{path.stem}_{n + 1}")
        brought = f"带出 {len(filing.facts)} 个上年数" if filing.facts else "历年数据库没有该单位的上年数" if archive else ""
        try:
            _save(path, build_workbook(spec, filing, BuildOptions(repeats=repeats or {}, notes=notes)))
            files.append(path)
        except CannotRun as refused:
            known = [f for f in refused.findings if f.code == "SYS904"]
            findings += [replace(f, severity="hint") for f in known] or refused.findings
            brought = "已下发过，没有覆盖" if known else refused.findings[0].message()
        lines.append((row.key, row.name, path.name, brought))
    progress("下发清单", len(rows), len(rows))
    list_path = folder / f"下发清单_{year}.xlsx"
    _save_ours(list_path, issued_list(f"{year}年{spec.form.stages[stage]}下发清单", lines))
    return Issued(tuple(files), list_path, tuple(findings))


def _file_name(text: str) -> str:
    """A name that every system takes: no reserved signs, well under 255 bytes."""
    return re.sub(r'[\\/:*?"<>|\s]+', "_", text)[:70] + ".xlsx"


@dataclass
class _Pile:
    """What a folder gave: readings of ours, and findings about the rest."""

    received: list[tuple[Reading, Received]] = field(default_factory=list)
    trouble: list[Finding] = field(default_factory=list)


def consolidate(
    folder: Path, out: Path, *, roster: Path | None = None, form: str = "", year: int | None = None,
    stage: Stage | None = None, progress: Progress = _quiet,
) -> Summary:  # fmt: skip
    """汇总: every workbook of a folder into one city summary. The old summary stays whole until
    the new one is written; a bad file is named, never fatal."""
    if not folder.is_dir():
        raise _stop("SYS906", file=str(folder))
    _may_replace(out)
    rows = roster_rows(roster) if roster else []
    skip = {p.resolve() for p in (out, roster) if p is not None}
    books = [
        p
        for p in sorted(folder.rglob("*"))
        if p.suffix.lower() in BOOKS and not p.name.startswith(("~$", "下发清单")) and p.resolve() not in skip
    ]
    pile = _Pile()
    for n, path in enumerate(books):
        progress(path.name, n, len(books))
        _receive(path, str(path.relative_to(folder)), pile)
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in NOT_BOOKS and not path.name.startswith(("~$", ".")):
            why = {"book": str(path.relative_to(folder)), "why": "不是 .xlsx 工作簿；请单位用 Excel 或 WPS 另存为 .xlsx 后重报"}
            pile.trouble.append(Finding("CON107", "error", Where(book=why["book"]), why))
    progress("写汇总表", len(books), len(books))
    kinds = Counter((r.filing.form, r.filing.edition, r.filing.year, r.filing.stage) for _, r in pile.received
                    if (not form or form in (r.filing.form, f"{r.filing.form}.{r.filing.edition}"))
                    and year in (None, r.filing.year) and stage in (None, r.filing.stage))  # fmt: skip
    if not kinds:
        raise CannotRun(*(pile.trouble or [Finding("SYS906", "error", Where(), {"file": f"{folder} 中可汇总的报送件"})]))
    wanted = min(kinds, key=lambda kind: (-kinds[kind], kind))
    spec = next(r.spec for r, got in pile.received if got.filing.form == wanted[0] and r.spec and r.spec.form.edition == wanted[1])
    assert spec is not None
    own = []
    for _, got in pile.received:
        found = (got.filing.form, got.filing.edition, got.filing.year, got.filing.stage)
        if found == wanted:
            own.append(got)
        else:
            pile.trouble.append(
                Finding("WBK107", "error", Where(book=got.book), {"book": got.book, "found": _kind(found), "wanted": _kind(wanted)})
            )
    summary = summarise(spec, wanted[2], wanted[3], own, rows, pile.trouble)
    relative = os.path.relpath(folder.resolve(), out.resolve().parent).replace(os.sep, "/")
    prefix = "" if relative == "." else f"{relative}/"
    _save_ours(out, summary_bytes(summary, prefix))
    return summary


def _may_replace(path: Path) -> None:
    """Only what we made and nobody fills is written again: a summary or a 下发清单."""
    if path.exists() and not is_our_report(path):
        raise _stop("SYS904", file=str(path))


def _save_ours(path: Path, content: bytes) -> None:
    _may_replace(path)
    _save(path, content, replace_old=True)


def _kind(kind: tuple[str, str, int, Stage]) -> str:
    return f"{kind[0]} {kind[2]}年{STAGE_WORDS[kind[3]]}"


def _receive(path: Path, name: str, pile: _Pile) -> None:
    try:
        reading = read(path, name)
    except CannotRun as refused:
        pile.trouble += refused.findings
        return
    if reading.filing is None:
        for finding in reading.findings:
            why = finding.params.get("why") or finding.message().removeprefix(name).strip("， 。")
            params = {"book": name, "why": f"{why}；{finding.remedy().rstrip('。')}"}
            pile.trouble.append(Finding("CON107", "error", Where(book=name), params))
        return
    checked = judged(reading)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    pile.received.append((reading, Received(reading.filing, name, checked.findings, reading.places, reading.issued_name, digest)))
