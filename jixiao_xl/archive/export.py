"""The archive as two plain tables, so it can always be left: every fact, and all that was said in review."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select

from jixiao_xl.archive.reviews import Change, Record, records_for, reviewed_kinds
from jixiao_xl.archive.schema import REVIEW
from jixiao_xl.archive.store import Archive
from jixiao_xl.forms.indicators import known_quantities
from jixiao_xl.forms.load import find_form
from jixiao_xl.forms.measures import BLOCK as QUANTITIES
from jixiao_xl.forms.spec import Column, Fields, FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.amounts import read_amount, show_amount
from jixiao_xl.model.facts import Stage
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.review import ASPECTS, Step

Row = tuple[str, ...]
_BLOCK = re.compile(r"[.#\[]")
POINTS = "分"


@dataclass(frozen=True)
class ExportTable:
    """One table; its rows can be gone through once. Every cell is text as the archive keeps it; `numbers` names the columns that hold a plain number or nothing."""

    name: str
    headings: tuple[str, ...]
    rows: Iterable[Row]
    numbers: frozenset[str]


FACT_HEADINGS = (
    "form", "edition", "year", "stage", "version", "revision", "unit_key", "unit_name", "path", "value", "number", "measure",
    "sheet", "cell", "book",
)  # fmt: skip
REVIEW_HEADINGS = (
    "form", "year", "stage", "unit_key", "unit_name", "kind", "word", "text", *ASPECTS, "code", "finding", "path", "sheet", "cell",
    "version", "by", "on", "counts_now",
)  # fmt: skip


def facts_table(archive: Archive) -> ExportTable:
    """Every fact of every version, one row each. `number` is the value without its operator and unit of
    measure (95 of ≥95%), blank for words and ranges; `measure` is the unit: 万元, %, 人 …"""
    return ExportTable("facts", FACT_HEADINGS, _fact_rows(archive), frozenset(("year", "version", "revision", "number")))


def _fact_rows(archive: Archive) -> Iterator[Row]:
    known: dict[tuple[str, str], Mapping[tuple[str, str], str]] = {}
    for entry in archive.entries():
        edition = entry.form, entry.edition
        if edition not in known:
            spec = find_form(*edition)
            known[edition] = _measures(spec) if spec is not None else {}
        about = (
            *edition, str(entry.year), entry.stage, str(entry.version), str(entry.revision), entry.unit.key, entry.unit.name
        )  # fmt: skip
        for fact in archive.filing(entry).facts.values():
            number, measure = _measured(known[edition], fact.path, fact.value)
            yield (*about, fact.path, fact.value, number, measure, fact.sheet, fact.cell, entry.book)


def _measures(spec: FormSpec) -> dict[tuple[str, str], str]:
    """The columns that state numbers, by block and column, with the unit of measure that the form itself gives them:
    nothing where the value says it (23人, 40.95%)."""
    found: dict[tuple[str, str], str] = {}
    for block in spec.block:
        if isinstance(block, MoneyTable):
            found |= {(block.id, column.id): _unit(column, block.unit) for column in block.columns if _states_number(column)}
        elif isinstance(block, IndicatorTable):
            found |= {(block.id, column.id): _unit(column, "") for column in block.columns if _states_number(column)}
        elif isinstance(block, Fields):
            kinds = {"money": spec.form.unit, "percent": "", "integer": "", "points": POINTS}
            found |= {(block.id, field.id): kinds[field.value] for field in block.fields if field.value in kinds}
    return found


def _states_number(column: Column) -> bool:
    return column.value != "text" and not column.choices and column.shows != "word"


def _unit(column: Column, of_amounts: str) -> str:
    """Points have theirs; a rate says its own."""
    if column.value == "points" or column.shows == "points":
        return POINTS
    return of_amounts if column.shows in (None, "money") else ""


def _measured(measures: Mapping[tuple[str, str], str], path: str, value: str) -> tuple[str, str]:
    """The number and the unit of measure that the value states."""
    block, column = _BLOCK.split(path, maxsplit=1)[0], path.rpartition(".")[2]
    if block == QUANTITIES:
        quantity = known_quantities().get(path.split(".")[-2])
        unit: str | None = quantity.unit if quantity is not None else ""
    else:
        unit = measures.get((block, column))
    if unit is None:
        return "", ""
    amount = read_amount(value)
    if unit and amount is not None:
        return show_amount(amount), unit
    read = read_indicator_value(value)
    return ("", "") if read.number is None or read.high is not None else (show_amount(read.number), read.unit)


def reviews_table(archive: Archive) -> ExportTable:
    """Every state with who and when, every opinion, conclusion and 纳入/不纳入, as they were put down;
    `counts_now` is 1 for what stands today. A state that a filing brought about itself (已收, 重报) is there too."""
    rows: list[Row] = []
    for form, year, stage in _kinds(archive):
        names = {e.unit.key: e.unit.name for e in archive.entries(forms=(form,), year=year, stage=stage, newest_only=True)}
        for key, record in records_for(archive, form, year, stage).items():
            about = (form, str(year), stage, key, names.get(key, ""))
            rows += [(*about, *row) for row in _said(record)]
    return ExportTable("reviews", REVIEW_HEADINGS, rows, frozenset(("year", "version", "counts_now")))


def _kinds(archive: Archive) -> list[tuple[str, int, Stage]]:
    """Forms, years and stages with filings, and those of which only a review is left."""
    query = select(REVIEW.c.form, REVIEW.c.year, REVIEW.c.stage).distinct().order_by(REVIEW.c.year.desc(), REVIEW.c.form)
    found = reviewed_kinds(archive)
    with archive.reading() as connection:
        reviewed = [(row.form, row.year, cast(Stage, row.stage)) for row in connection.execute(query)]
    return [*found, *(kind for kind in reviewed if kind not in found)]


def _said(record: Record) -> Iterator[Row]:
    history = record.review.history
    for n, step in enumerate(history):
        yield _state_row(step, is_last=n == len(history) - 1)
    for change in (noted.change for noted in record.noted):
        if change.kind != "state":
            yield _change_row(change, counts=record.latest(change.kind, change.about) == change)


def _state_row(step: Step, *, is_last: bool) -> Row:
    return (
        "state",
        step.state,
        step.why,
        *([""] * len(ASPECTS)),
        "",
        "",
        "",
        "",
        "",
        str(step.version),
        step.by,
        step.on,
        _flag(is_last),
    )


def _change_row(change: Change, *, counts: bool) -> Row:
    said = change.value
    word = {"opinion": "answer", "conclusion": "overall", "inclusion": "included"}[change.kind]
    text = said.get("text", "") or said.get("why", "")
    counts = counts and not (change.kind == "opinion" and not (said["text"] or said["answer"]))
    return (
        change.kind, said[word], text, *(said.get(name, "") for name in ASPECTS), said.get("code", ""), said.get("about", ""),
        said.get("path", ""), said.get("sheet", ""), said.get("cell", ""), str(change.version), change.by, change.on, _flag(counts),
    )  # fmt: skip


def _flag(true: bool) -> str:
    return "1" if true else "0"
