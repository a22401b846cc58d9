"""退回 for many: every unit with 必须修改, or sent back by its reviewer, gets its marked copy and a 退回意见."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.roster import Received, UnitStatus
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.desk.copying import is_facts
from jixiao_xl.desk.numbered import file_name
from jixiao_xl.desk.opening import readable, save
from jixiao_xl.desk.outcomes import CannotRun, Progress, Returned, ReturnedAll, stop
from jixiao_xl.desk.returning import marked
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.wording import Wording
from jixiao_xl.model.facts import STAGE_WORDS
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.records import dataclass
from jixiao_xl.model.review import Opinion, Review
from jixiao_xl.rules.mending import Mending
from jixiao_xl.workbook.letters import Letter, Sender, letter_bytes
from jixiao_xl.workbook.reading import Reading

SETTLED = ("审核通过", "已批复")
"""States in which a reviewer let the filing pass, whatever the machine says."""


def may_return_to(target: Path, folder: Path) -> None:
    """Copies among the submissions would be taken for resubmissions the next time: refused before any work."""
    if target.resolve().is_relative_to(folder.resolve()):
        raise stop("SYS908", what="退回文件夹", stated=str(target), advice="放到报送文件夹以外的地方，免得下次汇总当作重报件。")


@dataclass(frozen=True)
class Terms:
    """What all letters of one round say alike."""

    sender: Sender
    due: dt.date | None
    """重报期限; None leaves it blank on the page."""
    day: dt.date


def return_all(
    summary: Summary, folder: Path, target: Path, terms: Terms, *, archive: Archive | None, progress: Progress
) -> ReturnedAll:
    """Copy and letter for each, written into `target`; nothing that stands there is overwritten. A file that
    cannot be copied whole gets the letter only; one that cannot be read any more is named."""
    may_return_to(target, folder)
    wanted = [unit for unit in summary.units if _goes_back(unit, summary.reviews.get(unit.key))]
    done: list[Returned] = []
    findings: list[Finding] = []
    for n, unit in enumerate(wanted):
        progress(unit.name, n, len(wanted))
        try:
            done.append(_return(unit, summary, folder, target, terms, archive, findings))
        except CannotRun as refused:
            findings += refused.findings
    progress("退回", len(wanted), len(wanted))
    return ReturnedAll(tuple(done), tuple(findings))


def _goes_back(unit: UnitStatus, review: Review | None) -> bool:
    """Whether the unit has to mend its filing: what was let pass stays, unless a newer version came."""
    if unit.used is None:
        return False
    if review is not None and review.state in SETTLED and not review.unseen:
        return False
    return unit.used.errors > 0 or (review is not None and review.state == "退回修改")


def _return(
    unit: UnitStatus, summary: Summary, folder: Path, target: Path, terms: Terms, archive: Archive | None,
    findings: list[Finding],
) -> Returned:  # fmt: skip
    used = unit.used
    assert used is not None, "only a unit that filed goes back"
    path = folder / used.book
    reading = readable(path)
    copy, letter_path = _free(target, f"{unit.key.lstrip('?')}_{unit.name}_{summary.year}年{STAGE_WORDS[summary.stage]}")
    made: Path | None = copy
    try:
        marked(reading, copy, archive, facts=is_facts(path))
    except CannotRun as refused:
        findings += refused.findings
        made = None
    letter = _letter(unit, used, reading, summary.reviews.get(unit.key), made, terms)
    save(letter_path, letter_bytes(letter))
    return Returned(unit.name, used.book, made, letter_path, len(letter.errors), len(letter.asks), len(letter.opinions))


def _free(target: Path, title: str) -> tuple[Path, Path]:
    """Names for copy and letter that nothing has yet, numbered alike: `…_退回修改(2).xlsx`, `…_退回意见(2).docx`."""
    stem = file_name(title, "")
    number = 1
    while True:
        end = f"({number})" if number > 1 else ""
        pair = target / f"{stem}_退回修改{end}.xlsx", target / f"{stem}_退回意见{end}.docx"
        if not any(path.exists() for path in pair):
            return pair
        number += 1


def _letter(unit: UnitStatus, used: Received, reading: Reading, review: Review | None, made: Path | None, terms: Terms) -> Letter:
    spec, filing = reading.spec, reading.filing
    assert spec is not None and filing is not None, "readable says so"
    ordered = Mending(reading.plan or plan_form(spec, filing)).ordered(used.findings)
    opinions = tuple(o for o in (review.opinions if review else ()) if not o.is_withdrawn)
    return Letter(
        unit.name, unit.key.lstrip("?"), Wording(spec, filing).form_title, filing.year, filing.stage, filing.revision,
        used.book, reading.check_code, tuple(f for f in ordered if f.severity == "error"),
        tuple(f for f in ordered if f.severity == "warning" and not f.explained and not _is_accepted(f, opinions)),
        tuple(o for o in opinions if o.text or o.answer != "采纳"),
        review.why if review and review.state == "退回修改" else "",
        made.name if made else "", terms.day, terms.due, terms.sender,
    )  # fmt: skip


def _is_accepted(finding: Finding, opinions: Sequence[Opinion]) -> bool:
    """Whether a reviewer took the finding as it is, so that the unit need not explain it."""
    return any(o.answer == "采纳" and (o.code, o.path) == (finding.code, finding.where.path) for o in opinions)
