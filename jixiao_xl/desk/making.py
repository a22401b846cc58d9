"""Empty workbooks of a form: for one unit, for nobody, for the shipped folder."""

from __future__ import annotations

from pathlib import Path

from jixiao_xl.desk.opening import all_forms, form_named, save
from jixiao_xl.desk.outcomes import stop
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import LONGEST_KEY, LONGEST_NAME, STAGE_WORDS, Filing, Stage, Unit
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.macro_files import TooManySheets
from jixiao_xl.workbook.macro_pages import addin_book
from jixiao_xl.workbook.trial_book import trial_workbook
from jixiao_xl.workbook.write import book_bytes

FIRST_YEAR, LAST_YEAR = 1990, 2100
MACRO_SUFFIX, ADDIN_SUFFIX = ".xlsm", ".xlam"
ADDIN = f"jixiao{ADDIN_SUFFIX}"
TRIAL = f"试算{MACRO_SUFFIX}"


def empty_filing(spec: FormSpec, year: int, stage: Stage, unit: Unit) -> Filing:
    """A filing of which nothing is filled in; raises CannotRun for what no form can be made for."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise stop("SYS908", what="年度", stated=str(year)[:20], advice="填四位年份，如 2026。")
    for what, stated, most in (("单位名称", unit.name, LONGEST_NAME), ("单位代码", unit.key, LONGEST_KEY)):
        if len(stated) > most:
            raise stop("SYS908", what=what, stated=f"{stated[:20]}…", advice=f"不超过{most}字。")
    if stage not in spec.form.stages:
        stages = "、".join(f"{s}（{STAGE_WORDS[s]}）" for s in spec.form.stages)
        raise stop("SYS907", form=spec.form.id, stage=STAGE_WORDS[stage], stages=stages)
    return Filing(spec.form.id, spec.form.edition, year, stage, unit, issued_to=unit.key)


def repeats_fit(spec: FormSpec, repeats: dict[str, int]) -> None:
    """Raises CannotRun when the form cannot repeat a block so often, or at all."""
    for repeat, count in repeats.items():
        rule = spec.repeat.get(repeat)
        if rule is None:
            known = "、".join(spec.repeat) or "没有"
            raise stop("SYS908", what="--repeat", stated=repeat, advice=f"该表样可重复的栏目：{known}。")
        if not 1 <= count <= rule.max:
            raise stop("SYS908", what="--repeat", stated=f"{repeat}={count}"[:40], advice=f"个数在1到{rule.max}之间。")


def make_template(
    form: str, year: int, out: Path, *, unit: Unit, stage: Stage | None, repeats: dict[str, int], replace_old: bool,
    macros: bool, functions: bool = False,
) -> Path:  # fmt: skip
    """An empty workbook of the form, written to `out`; of its first stage, where none is named."""
    if macros != (out.suffix.lower() == MACRO_SUFFIX):
        advice = f"带按钮的表样用 {MACRO_SUFFIX}，不带的用 .xlsx。"
        raise stop("SYS908", what="-o 的扩展名", stated=out.name[-40:], advice=advice)
    if functions and not macros:
        raise stop("SYS908", what="--formulas", stated="udf", advice="只有带宏的表样能用自定义函数：加上 --macros。")
    spec = form_named(form, year)
    filing = empty_filing(spec, year, stage or spec.form.first_stage, unit)
    repeats_fit(spec, repeats)
    try:
        content = build_workbook(spec, filing, BuildOptions(repeats=repeats, macros=macros, functions=functions))
    except TooManySheets as error:
        asked = "、".join(f"{name}={count}" for name, count in repeats.items())
        raise stop(
            "SYS908", what="--repeat", stated=asked, advice=f"带按钮的表样最多 {error.most} 张表；更多的不带按钮。"
        ) from None
    save(out, content, replace_old=replace_old)
    return out


def make_addin(out: Path) -> Path:
    """The add-in, written to `out`; it is ours alone, so an older one is replaced."""
    if out.suffix.lower() != ADDIN_SUFFIX:
        raise stop("SYS908", what="-o 的扩展名", stated=out.name[-40:], advice=f"加载项的扩展名是 {ADDIN_SUFFIX}。")
    save(out, book_bytes(addin_book()), replace_old=True)
    return out


def make_trial(out: Path) -> Path:
    """试算: every function with worked examples, written to `out`."""
    if out.suffix.lower() != MACRO_SUFFIX:
        raise stop("SYS908", what="-o 的扩展名", stated=out.name[-40:], advice=f"试算工作簿带宏，扩展名是 {MACRO_SUFFIX}。")
    save(out, trial_workbook())
    return out


def shipped_template(spec: FormSpec, *, macros: bool = False) -> bytes:
    """The template of the edition's own year, nobody's unit."""
    filing = empty_filing(spec, int(spec.form.edition), spec.form.first_stage, Unit())
    return build_workbook(spec, filing, BuildOptions(macros=macros))


def make_plain_templates(folder: Path) -> list[Path]:
    """Every shipped form's template without macros, the old ones replaced."""
    return [_shipped(spec, folder, ".xlsx") for spec in all_forms()]


def make_shipped_templates(folder: Path) -> list[Path]:
    """Every shipped form's template, plain and with macros, the add-in and 试算; the old ones replaced."""
    with_macros = [_shipped(spec, folder, MACRO_SUFFIX) for spec in all_forms()]
    save(folder / TRIAL, trial_workbook(), replace_old=True)
    return [*make_plain_templates(folder), *with_macros, make_addin(folder / ADDIN), folder / TRIAL]


def _shipped(spec: FormSpec, folder: Path, suffix: str) -> Path:
    path = folder / f"{spec.form.id}.{spec.form.edition}{suffix}"
    save(path, shipped_template(spec, macros=suffix == MACRO_SUFFIX), replace_old=True)
    return path
