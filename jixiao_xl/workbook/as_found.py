"""What a read file held otherwise than we write it, kept so in a copy made from its facts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import field
from decimal import Decimal
from typing import Protocol

from jixiao_xl.forms.plan import FormPlan
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.records import dataclass
from jixiao_xl.workbook.pages import Book
from jixiao_xl.workbook.values import cell_content

_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


class HeldOtherwise(Protocol):
    """Paths whose cell was not as we write it."""

    @property
    def replaced(self) -> Mapping[str, str]: ...
    @property
    def text_amounts(self) -> Collection[str]: ...
    @property
    def dates(self) -> Collection[str]: ...


@dataclass(frozen=True)
class AsFound:
    """What a plain copy keeps of the file it is made from."""

    replaced: Mapping[str, str] = field(default_factory=dict)
    """Paths whose formula a person wrote over, with the value."""
    text_amounts: Collection[str] = ()
    """Paths of amounts held as text."""
    dates: Collection[str] = ()
    """Paths whose cell became a date."""
    typed_key: str = ""
    """The unit code that a person typed on the cover of a workbook issued to nobody."""


def keep_as_found(plan: FormPlan, filing: Filing, book: Book, held: HeldOtherwise) -> None:
    """Put into the planned book what a person wrote over a formula, amounts that are texts, and dates."""
    for path, slot in plan.by_path.items():
        stated = filing.value(path)
        if not stated or (slot.role == "derived" and path not in held.replaced):
            continue
        if path not in held.replaced and path not in held.text_amounts and path not in held.dates:
            continue
        cell = book.page(slot.sheet).cells[slot.row, slot.column]
        if path in held.replaced:
            cell.content, cell.number_format = cell_content(stated, slot.content)
        elif path in held.text_amounts:
            cell.content, cell.number_format = stated, "@"
        elif day := _DAY.fullmatch(stated):
            cell.content, cell.number_format = _day_number(*map(int, day.groups())), 'yyyy"年"m"月"d"日"'


def _day_number(year: int, month: int, day: int) -> Decimal:
    """Excel's number of a day."""
    return Decimal((dt.date(year, month, day) - dt.date(1899, 12, 30)).days)
