"""Facts from a FACTS.toml into a workbook, and what its formulas show otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jixiao_xl.desk.opening import form_named, readable, save
from jixiao_xl.desk.outcomes import CannotRun, Filled
from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.model.ratios import read_percent
from jixiao_xl.workbook.book_file import read_workbook
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.reading import Reading


def fill(form: str, facts: Path, out: Path, *, as_stated: bool) -> Filled:
    """A workbook of the form with the stated facts; they must be facts of that form."""
    reading = readable(facts)
    spec, filing = reading.spec, reading.filing
    assert spec is not None and filing is not None
    wanted = form_named(form, filing.year)
    if wanted.form.id != spec.form.id or ("." in form and form != spec.form.id and wanted.form.edition != spec.form.edition):
        params = {"book": facts.name, "found": spec.form.id, "wanted": wanted.form.id}
        raise CannotRun(Finding("WBK107", "error", Where(book=facts.name), params))
    save(out, build_workbook(spec, filing, BuildOptions(as_stated=as_stated)))
    return Filled(out, (*reading.findings, *_replaced_by_formula(out, filing, reading)))


def _replaced_by_formula(out: Path, filing: Filing, reading: Reading) -> Iterator[Finding]:
    """WBK111 for every stated derived value that the sheet's formula shows differently."""
    written = read_workbook(out).filing
    for path, fact in filing.facts.items():
        shown = written.value(path) if written else None
        if fact.value and shown != fact.value and not (shown and same_number(shown, fact.value)):
            where = reading.places.get(path, Where(path))
            yield Finding("WBK111", "hint", where, {"label": path, "stated": fact.value, "expected": shown or "空白"})


def same_number(one: str, other: str) -> bool:
    """Whether two written values are one: 5 and 5.00, 40% and 40.00%; of words (优, 不适用) the same ones."""
    a, b = (read_percent(t) if t.endswith("%") else read_amount(t) for t in (one, other))
    return one == other if a is None else a == b
