"""The verbs: plain values in, values and findings out; no printing, no dialogs.

Buttons, commands and tests call these. What a person did wrong is a finding; what makes a verb
impossible is `CannotRun`, which carries findings too. The work itself is done in `desk`, which each
verb loads for itself: a click on 校验 waits for no database and no pandas.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao_xl.desk.outcomes import Approvals as Approvals
from jixiao_xl.desk.outcomes import BudgetTaken as BudgetTaken
from jixiao_xl.desk.outcomes import Cancelled as Cancelled
from jixiao_xl.desk.outcomes import CannotRun as CannotRun
from jixiao_xl.desk.outcomes import Change as Change
from jixiao_xl.desk.outcomes import Checked as Checked
from jixiao_xl.desk.outcomes import Coded as Coded
from jixiao_xl.desk.outcomes import Comparison as Comparison
from jixiao_xl.desk.outcomes import ExecutionTaken as ExecutionTaken
from jixiao_xl.desk.outcomes import Exported as Exported
from jixiao_xl.desk.outcomes import Filled as Filled
from jixiao_xl.desk.outcomes import Fixed as Fixed
from jixiao_xl.desk.outcomes import Issued as Issued
from jixiao_xl.desk.outcomes import Progress as Progress
from jixiao_xl.desk.outcomes import Receipt as Receipt
from jixiao_xl.desk.outcomes import Reminded as Reminded
from jixiao_xl.desk.outcomes import ReturnedAll as ReturnedAll
from jixiao_xl.desk.outcomes import ReviewMade as ReviewMade
from jixiao_xl.desk.outcomes import ReviewRead as ReviewRead
from jixiao_xl.desk.outcomes import Standing as Standing
from jixiao_xl.desk.outcomes import Submitted as Submitted
from jixiao_xl.desk.outcomes import quiet
from jixiao_xl.desk.sending import may_follow as may_follow
from jixiao_xl.desk.sending import remind as remind
from jixiao_xl.desk.sending import return_all as return_all
from jixiao_xl.desk.sending import summary_of as summary_of
from jixiao_xl.desk.sending import write_report as write_report
from jixiao_xl.desk.year_round import approve as approve
from jixiao_xl.desk.year_round import diff as diff
from jixiao_xl.desk.year_round import follow as follow
from jixiao_xl.desk.year_round import put_executions as put_executions
from jixiao_xl.desk.year_round import shown_executions as shown_executions
from jixiao_xl.model.facts import Stage, Unit
from jixiao_xl.workbook.reading import BOOKS as BOOKS

if TYPE_CHECKING:
    import pandas as pd

    from jixiao_xl.archive.history import Stated
    from jixiao_xl.archive.renames import Rename
    from jixiao_xl.archive.store import Archive
    from jixiao_xl.consolidate.roster import RosterRow
    from jixiao_xl.consolidate.summary import Summary
    from jixiao_xl.desk.opened import OpenForm
    from jixiao_xl.forms.spec import FormSpec
    from jixiao_xl.model.cell_blocks import Block
    from jixiao_xl.workbook.live_sheets import BlockSource
    from jixiao_xl.workbook.reading import Reading
    from jixiao_xl.workbook.unit_table import AmountUnit


# ---- forms and templates -----------------------------------------------------------
def forms() -> tuple[FormSpec, ...]:
    """Every form known, by id."""
    from jixiao_xl.desk import opening

    return opening.all_forms()


def form_named(name: str, year: int | None = None) -> FormSpec:
    """The form by id (`hubei.dept_overall`) or id and edition; raises CannotRun."""
    from jixiao_xl.desk import opening

    return opening.form_named(name, year)


def make_template(
    form: str, year: int, out: Path, *, unit: Unit = Unit(), stage: Stage | None = None,
    repeats: dict[str, int] | None = None, replace_old: bool = False, macros: bool = False, functions: bool = False,
) -> Path:  # fmt: skip
    """An empty workbook of the form for one year (and unit, when given), of its first stage unless another is
    named; an .xlsm with buttons if asked."""
    from jixiao_xl.desk import making

    return making.make_template(
        form, year, out, unit=unit, stage=stage, repeats=repeats or {}, replace_old=replace_old, macros=macros, functions=functions
    )


def make_trial(out: Path) -> Path:
    """试算: a workbook with examples of every function, written to `out`."""
    from jixiao_xl.desk import making

    return making.make_trial(out)


def shipped_template(spec: FormSpec) -> bytes:
    """The template that stands in xlsx_templates/: the edition's own year, nobody's unit."""
    from jixiao_xl.desk import making

    return making.shipped_template(spec)


def make_addin(out: Path) -> Path:
    """The add-in (.xlam): the same ribbon and buttons for people who keep plain .xlsx."""
    from jixiao_xl.desk import making

    return making.make_addin(out)


def make_plain_templates(folder: Path) -> list[Path]:
    """Every shipped form's template without macros, rebuilt into the folder."""
    from jixiao_xl.desk import making

    return making.make_plain_templates(folder)


def make_shipped_templates(folder: Path) -> list[Path]:
    """Every shipped form's template with and without macros, the add-in and 试算, rebuilt into the folder."""
    from jixiao_xl.desk import making

    return making.make_shipped_templates(folder)


# ---- one filing --------------------------------------------------------------------
def read(path: Path, name: str = "") -> Reading:
    """A workbook or a FACTS.toml as facts with places."""
    from jixiao_xl.desk import opening

    return opening.read(path, name)


def open_form(book: BlockSource, name: str, *, glance: bool = False) -> OpenForm:
    """A workbook that is open in Excel, read; `name` is what findings call it. A `glance` has what the
    rows hold and whose they are, nothing to judge."""
    from jixiao_xl.desk import opened

    return opened.open_form(book, name, glance=glance)


def fill(form: str, facts: Path, out: Path, *, as_stated: bool = False) -> Filled:
    """A workbook of the form with the facts of a FACTS.toml in it."""
    from jixiao_xl.desk import filling

    return filling.fill(form, facts, out, as_stated=as_stated)


def check(path: Path, archive: Archive | None = None) -> Checked:
    """校验: judge one workbook or FACTS.toml by every rule, against the approved budget where the
    archive has one. A file that cannot be read is a result too, so that it does not hide the others."""
    from jixiao_xl.desk import judging

    return judging.check(path, archive)


def make_submission(reading: Reading, folder: Path) -> Submitted:
    """生成报送文件: what was read from an open workbook as a macro-free .xlsx in the folder."""
    from jixiao_xl.desk import submitting

    return submitting.make_submission(reading, folder)


def save_copy(form: OpenForm, out: Path, hidden: Callable[[str], Container[int]]) -> Path:
    """What was read of a saved workbook with a button's cells put over it, as a new file; `hidden` gives the rows (from 0)
    of a sheet that are hidden."""
    from jixiao_xl.desk import saved_copy

    return saved_copy.save_copy(form, out, hidden)


def mark(path: Path, out: Path, archive: Archive | None = None) -> Checked:
    """退回修改: judge one file and write a copy of it with the bad cells coloured, a 校验结果 and a
    校验报告. The copy stays fillable; the file itself is not touched."""
    from jixiao_xl.desk import returning

    return returning.mark(path, out, archive)


def fix(path: Path, out: Path, only: Sequence[str] = ()) -> Fixed:
    """按建议修改: a copy in which every value that can be computed for certain is put right (`only` these
    codes), and the list of what was changed. Nothing else changes; a file with nothing to mend is not copied."""
    from jixiao_xl.desk import fixing

    return fixing.fix(path, out, only)


def compare(old: Path, new: Path, only: Sequence[str] = (), *, with_warnings: bool = False) -> Comparison:
    """退回后重报: which of the findings asked about (all 必须修改, or `only` these codes) are mended, and
    what was changed that nobody asked for."""
    from jixiao_xl.desk import comparing

    return comparing.compare(old, new, only=only, with_warnings=with_warnings)


def check_code(path: Path, paper: str = "") -> Coded:
    """The file's 校验码, and whether a paper that shows `paper` is of this very file."""
    from jixiao_xl.desk import coding

    return coding.check_code(path, paper)


def judged(reading: Reading, archive: Archive | None = None) -> Checked:
    """The findings of a reading together with what the rules find."""
    from jixiao_xl.desk import judging

    return judging.judged(reading, judging.known_for(reading, archive))


def mark_open(reading: Reading, out: Path, archive: Archive | None = None) -> Checked:
    """The marked copy of what was read from an open workbook."""
    from jixiao_xl.desk import returning

    return returning.marked(reading, out, archive)


def explain(code: str) -> str:
    """The page of a code: sentence, remedy, why (the rule's own docstring), English."""
    from jixiao_xl.desk import explaining

    return explaining.explain(code)


# ---- the archive -------------------------------------------------------------------
def open_archive(address: str, *, only_existing: bool = False, try_writing: bool = False) -> Archive:
    """The archive at a path or URL; raises CannotRun when it cannot be opened, with `try_writing` when it cannot be
    written either. A question to an archive (`only_existing`) does not create one."""
    from jixiao_xl.desk import opening_archive

    return opening_archive.open_archive(address, only_existing=only_existing, try_writing=try_writing)


def deposit(path: Path, archive: Archive, *, roster: Path | None = None) -> Receipt:
    """接收登记: put one filing into the archive. The same content twice changes nothing.

    A file whose cover names another unit than it was issued to is refused, unless the roster
    knows the unit under that name (更名).
    """
    from jixiao_xl.desk import opening, receiving

    return receiving.deposit(path, archive, opening.roster_rows(roster) if roster else ())


def pull_prior_year(path: Path, out: Path, archive: Archive, *, roster: Path | None = None) -> Filled:
    """提取上年数: a copy of the workbook with the archive's values in its blank cells.

    A filled cell is never overwritten; where it differs from the archive, PRI101 says so.
    """
    from jixiao_xl.desk import opening, prior_pull

    return prior_pull.pull(path, out, archive, opening.roster_rows(roster) if roster else ())


def import_budget(path: Path, year: int, archive: Archive, unit: AmountUnit = "") -> BudgetTaken:
    """预算批复: the year's approved totals and projects of many units into the archive, from an
    .xlsx or .csv in 元 or 万元. A unit named again is replaced; one wrong line and nothing is written."""
    from jixiao_xl.desk import budgeting

    return budgeting.import_budget(path, year, archive, unit)


def archive_history(archive: Archive, unit_key: str, path: str) -> list[Stated]:
    """What a unit stated for one path, over years, stages, forms and versions, newest year first, also under the
    codes it had before; where a stage says what became of it (实际完成值, 执行数), that beside it."""
    from jixiao_xl.desk import tracing

    return tracing.history(archive, unit_key, path)


def rename_unit(archive: Archive, old: str, new: str, *, name: str = "") -> bool:
    """更名、合并: the history of the old code goes on under the new one; whether that was new. Several old
    codes of one new one are a merger."""
    from jixiao_xl.desk import tracing

    return tracing.rename(archive, old, new, name)


def unit_renames(archive: Archive) -> list[Rename]:
    """Every former code that the archive knows, and the code that took its place."""
    from jixiao_xl.desk import tracing

    return tracing.known(archive)


def forget_rename(archive: Archive, old: str) -> bool:
    """Take back a wrong `rename_unit`; whether there was one."""
    from jixiao_xl.desk import tracing

    return tracing.forget(archive, old)


def prior_cells(address: str, unit_key: Block, year: Block, path: Block) -> Block:
    """上年数 for cells: what 提取上年数 would find for each unit, year and path. Raises CannotRun when the
    archive cannot be opened."""
    from jixiao_xl.desk import prior_cells

    return prior_cells.prior_cells(address, unit_key, year, path)


def export_archive(archive: Archive, out: Path, wanted: str = "") -> Exported:
    """The whole archive: facts to `out`, reviews beside it (`…_审核`), as csv or parquet; an .xlsx holds both. `wanted`
    is the format, else the file's name says it. No existing file is replaced."""
    from jixiao_xl.desk import exporting

    return exporting.export(archive, out, wanted)


def facts_frame(archive: Archive) -> pd.DataFrame:
    """Every fact as a tidy pandas table: form, unit, year, stage, version, path, value, number (95 of ≥95%), unit of
    measure, sheet, cell and file."""
    from jixiao_xl.desk import exporting

    return exporting.facts_frame(archive)


# ---- the city ----------------------------------------------------------------------
def make_roster(out: Path, rows: Sequence[RosterRow] = ()) -> Path:
    """An empty 应报单位名单, or the given rows as one."""
    from jixiao_xl.desk import opening
    from jixiao_xl.workbook.roster_book import empty_roster

    opening.save(out, empty_roster(rows))
    return out


def roster_rows(path: Path) -> list[RosterRow]:
    """The rows of a roster; raises CannotRun with every fault in it."""
    from jixiao_xl.desk import opening

    return opening.roster_rows(path)


def issue(
    roster: Path, form: str, year: int, folder: Path, *, archive: Archive | None = None,
    stage: Stage | None = None, repeats: dict[str, int] | None = None, progress: Progress = quiet, actuals: Path | None = None,
) -> Issued:  # fmt: skip
    """下发: one workbook per unit of the roster, prior-year values and own indicator rows (to a form that follows
    another: targets, and what a table says was reached) brought along. A file that exists is never overwritten."""
    from jixiao_xl.desk import issuing

    return issuing.issue(
        roster, form, year, folder, archive=archive, stage=stage, repeats=repeats or {}, progress=progress, actuals=actuals
    )


def consolidate(
    folder: Path, out: Path, *, roster: Path | None = None, form: str = "", year: int | None = None,
    stage: Stage | None = None, archive: Archive | None = None, levels: Path | None = None, scheduler: str = "",
    progress: Progress = quiet,
) -> Summary:  # fmt: skip
    """汇总: every workbook of a folder into one city summary, judged against the approved budgets
    of the archive; an approved total that differs by 尾差 is the one that counts. The old summary
    stays whole until the new one is written; a bad file is named, never fatal. Into the folder
    `levels` goes a summary of each county and prefecture (逐级汇总). With a `scheduler` (`tcp://host:8786`)
    the files are read on that Dask cluster; archive and summary stay here."""
    from jixiao_xl.desk import rolling_up, summing

    summary = summing.consolidate(
        folder, out, roster=roster, form=form, year=year, stage=stage, progress=progress, archive=archive, scheduler=scheduler
    )
    return rolling_up.with_levels(summary, folder, levels, progress) if levels else summary


# ---- 审核 --------------------------------------------------------------------------
def make_review(
    out: Path, archive: Archive, *, folder: Path | None = None, roster: Path | None = None, form: str = "",
    year: int | None = None, stage: Stage | None = None, progress: Progress = quiet,
) -> ReviewMade:  # fmt: skip
    """审核工作簿: every unit with its state, the machine's findings and all opinions so far, to fill in and
    read back; from the files of a folder, else from the archive. An existing file is never replaced."""
    from jixiao_xl.desk import reviewing

    return reviewing.make(out, archive, folder=folder, roster=roster, form=form, year=year, stage=stage, progress=progress)


def read_review(path: Path, archive: Archive, by: str = "") -> ReviewRead:
    """Put what reviewers wrote in an 审核工作簿 into the archive; `by` signs the rows without a name. The same
    book twice changes nothing; what cannot be taken is a finding."""
    from jixiao_xl.desk import reviewing

    return reviewing.take(path, archive, by)


def set_review(
    archive: Archive, unit: str, word: str, *, by: str, why: str = "", form: str = "", year: int | None = None,
    stage: Stage | None = None,
) -> Standing:  # fmt: skip
    """One unit to a state, or 纳入/不纳入, in a reviewer's name; raises CannotRun with what may be done."""
    from jixiao_xl.desk import reviewing

    return reviewing.decide(archive, unit, word, by=by, why=why, form=form, year=year, stage=stage)


def reviews(archive: Archive, *, form: str = "", year: int | None = None, stage: Stage | None = None) -> list[Standing]:
    """Where every unit stands in the review, with who and when."""
    from jixiao_xl.desk import reviewing

    return reviewing.standings(archive, form, year, stage)
