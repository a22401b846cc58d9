"""One workbook per unit of a roster (下发), and the 下发清单 that says what each got."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.desk.drafting import actual_lines
from jixiao_xl.desk.following import UnitActuals
from jixiao_xl.desk.making import empty_filing, repeats_fit
from jixiao_xl.desk.numbered import file_name
from jixiao_xl.desk.opening import form_named, roster_rows, save, save_ours
from jixiao_xl.desk.outcomes import CannotRun, Issued, Progress
from jixiao_xl.desk.prior_pull import with_prior
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import Filing, Stage, Unit
from jixiao_xl.model.findings import Finding
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.roster_book import issued_list

KEPT = "原件保留，没有覆盖"


def issue(
    roster: Path, form: str, year: int, folder: Path, *,
    archive: Archive | None, stage: Stage | None, repeats: dict[str, int], progress: Progress, actuals: Path | None = None,
) -> Issued:  # fmt: skip
    """A workbook for every row, of the form's first stage where none is named; of a form that follows another
    with what the table of actuals says. A file that exists is left alone, and the list says so."""
    spec = form_named(form, year)
    stage = stage or spec.form.first_stage
    empty_filing(spec, year, stage, Unit())
    repeats_fit(spec, repeats)
    rows = roster_rows(roster)
    reached = UnitActuals(actual_lines(actuals) if actuals else (), {row.key: row.name for row in rows})
    title = f"{year}年{spec.form.stages[stage]}"
    files: list[Path] = []
    taken: set[Path] = set()
    lines: list[tuple[str, str, str, str]] = []
    findings: list[Finding] = []
    for n, row in enumerate(rows):
        progress(row.name, n, len(rows))
        filing, notes, of_merger = _for_unit(spec, year, stage, row, archive)
        brought = "；".join((_brought(spec, filing, archive), *(f.message() for f in of_merger)))
        if spec.is_follow_up:
            filing, draft = reached.draft(spec, filing)
            notes, of_merger = notes | draft.notes, [*of_merger, *draft.findings]
        path = folder / file_name(f"{row.key}_{row.name}_{title}")
        if path in taken:
            path = path.with_stem(f"{path.stem}_{n + 1}")
        taken.add(path)
        findings += of_merger
        try:
            save(path, build_workbook(spec, filing, BuildOptions(repeats=repeats, notes=notes)))
            files.append(path)
        except CannotRun as refused:
            known = [f for f in refused.findings if f.code == "SYS904"]
            findings += [replace(f, severity="hint") for f in known] or refused.findings
            brought = "；".join(filter(None, (brought, KEPT))) if known else refused.findings[0].message()
        lines.append((row.key, row.name, path.name, brought))
    progress("下发清单", len(rows), len(rows))
    list_path = folder / f"下发清单_{year}.xlsx"
    save_ours(list_path, issued_list(f"{title}下发清单", lines))
    return Issued(tuple(files), list_path, tuple(findings))


def _for_unit(
    spec: FormSpec, year: int, stage: Stage, row: RosterRow, archive: Archive | None
) -> tuple[Filing, dict[str, str], list[Finding]]:  # fmt: skip
    """The unit's filing with its prior-year values and own indicator rows, notes for them, and what a
    merger kept back."""
    filing = empty_filing(spec, year, stage, Unit(row.name, row.key))
    if archive is None:
        return filing, {}, []
    facts, notes, findings = with_prior(spec, filing, archive, row.all_keys, row.successions)
    return filing.with_prefilled(facts), notes, findings


def _brought(spec: FormSpec, filing: Filing, archive: Archive | None) -> str:
    """带出情况: how many values came along; nothing to say without an archive."""
    what = "本年批复（申报）数" if spec.is_follow_up else "上年数"
    if filing.facts:
        return f"带出 {len(filing.facts)} 个{what}"
    return f"历年数据库没有该单位的{what}" if archive else ""
