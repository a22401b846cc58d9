"""A form that is open in Excel: what was read of it, and where its blocks are to be written."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

from jixiao_xl.desk.outcomes import CannotRun, stop
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.records import dataclass
from jixiao_xl.workbook.live_sheets import BlockSource, LiveSheets, NoSheet, Place
from jixiao_xl.workbook.reader import read_sheets
from jixiao_xl.workbook.reading import Reading

if TYPE_CHECKING:
    from jixiao_xl.desk.ground import Ground


@dataclass(frozen=True)
class OpenForm:
    """One open workbook. What a button asks of it is fetched once."""

    sheets: LiveSheets
    reading: Reading

    @property
    def spec(self) -> FormSpec:
        if self.reading.spec is None:
            raise CannotRun(*self.reading.findings)
        return self.reading.spec

    @property
    def filing(self) -> Filing:
        """The filing; raises CannotRun when the workbook is not one of ours."""
        self.must_be_ours()
        assert self.reading.filing is not None
        return self.reading.filing

    def must_be_ours(self) -> None:
        """Raises CannotRun with what was found when the workbook is not one of ours."""
        if self.reading.filing is None:
            raise CannotRun(*self.reading.findings)

    @cached_property
    def ground(self) -> Ground:
        """The rows as they stand, for the buttons that move them."""
        from jixiao_xl.desk.ground import Ground

        return Ground.of(self.sheets, self.spec)

    @property
    def key(self) -> str:
        """What makes it this workbook, whatever its file is called."""
        filing = self.filing
        unit = self.reading.issued_name, filing.issued_to
        parts = (filing.form, filing.edition, str(filing.year), filing.stage, *unit)
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]

    def place(self, name: str) -> Place:
        """Where a named block is (`jx.findings`); a workbook without buttons' sheets is refused."""
        found = self.sheets.places.get(name)
        if found is None:
            raise stop("WBK119", book=self.reading.book)
        return found


def open_form(source: BlockSource, name: str, *, glance: bool = False) -> OpenForm:
    """Read the open workbook; whatever is wrong with it is a finding of the reading. A `glance` is enough
    for buttons that move rows and judge nothing."""
    sheets = LiveSheets(source, glance=glance)
    try:
        return OpenForm(sheets, read_sheets(sheets, name))
    except NoSheet as missing:  # renamed or deleted: the identity sheet knows it by its old name
        raise stop("WBK103", book=name, sheet=str(missing)) from None
