"""Empty workbooks of a form: for one unit, for nobody, for the shipped folder."""

from __future__ import annotations

from pathlib import Path

from jixiao_xl.desk.opening import all_forms, form_named, save
from jixiao_xl.desk.outcomes import stop
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import STAGE_WORDS, Filing, Stage, Unit
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_NAME = 100
"""Characters of a unit's name; longer ones are a slip, and no file can be called so."""


def empty_filing(spec: FormSpec, year: int, stage: Stage, unit: Unit) -> Filing:
    """A filing of which nothing is filled in; raises CannotRun for what no form can be made for."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise stop("SYS908", what="年度", stated=str(year)[:20], advice="填四位年份，如 2026。")
    if len(unit.name) > LONGEST_NAME or len(unit.key) > LONGEST_NAME:
        raise stop("SYS908", what="单位名称或代码", stated=f"{unit.name[:20]}…", advice=f"不超过{LONGEST_NAME}字。")
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
    form: str, year: int, out: Path, *, unit: Unit, stage: Stage, repeats: dict[str, int], replace_old: bool
) -> Path:  # fmt: skip
    """An empty workbook of the form, written to `out`."""
    spec = form_named(form, year)
    filing = empty_filing(spec, year, stage, unit)
    repeats_fit(spec, repeats)
    save(out, build_workbook(spec, filing, BuildOptions(repeats=repeats)), replace_old=replace_old)
    return out


def shipped_template(spec: FormSpec) -> bytes:
    """The template of the edition's own year, nobody's unit."""
    stage = next(iter(spec.form.stages))
    return build_workbook(spec, empty_filing(spec, int(spec.form.edition), stage, Unit()))


def make_shipped_templates(folder: Path) -> list[Path]:
    """Every shipped form's template, the old ones replaced."""
    written = []
    for spec in all_forms():
        path = folder / f"{spec.form.id}.{spec.form.edition}.xlsx"
        save(path, shipped_template(spec), replace_old=True)
        written.append(path)
    return written
