"""The 情况说明 sheet, both ways: where a unit says why a warning is as it should be.

In a marked copy the same reasons stand beside their findings on the 校验结果 too; what was changed
there since it was written counts, what was left as it was does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from jixiao_xl.forms.plan import FormPlan
from jixiao_xl.forms.reasons import (
    CODE,
    FIRST_ROW,
    KEY_ROW,
    MAX_CHARS,
    PLACE,
    SHEET,
    SHOWN,
    SPARE,
    TEXT,
    reason_path,
    with_found_places,
)
from jixiao_xl.model.facts import Fact
from jixiao_xl.model.places import MAX_ROW, address, row_and_column
from jixiao_xl.model.records import dataclass
from jixiao_xl.workbook.areas import REFERENCE
from jixiao_xl.workbook.fill_sheets import COVER
from jixiao_xl.workbook.fitting import fit_rows
from jixiao_xl.workbook.pages import Book, Page, Rule
from jixiao_xl.workbook.sheets import Sheets

KEYS = {CODE: "code", PLACE: "place", TEXT: "text"}
HINT = (
    "“需要说明”的问题，核对属实、不用改的，在这里写原因，一个问题一行。代码和位置照审核方退回的“校验结果”填，"
    "如 PRI104，资金情况!D6。“必须修改”的要改正，不能只作说明。行不够时，取消隐藏下面的行。"
)
_RULES = {
    CODE: Rule("length", high="10", title="代码", message="照校验结果填，如 PRI104。", refusal="只填代码，如 PRI104。"),
    PLACE: Rule("length", high="255", title="位置", message="工作表!单元格，如 资金情况!D6。", refusal="只填位置，如 资金情况!D6。"),
    TEXT: Rule("length", high=str(MAX_CHARS), title=SHEET, message=f"写明原因和依据，不超过{MAX_CHARS}字。",
               refusal=f"最多{MAX_CHARS}字，请写短一些。"),
}  # fmt: skip


def draw_reasons(plan: FormPlan, book: Book) -> None:
    """The sheet with the reasons given, blank rows and spare ones."""
    page = Page(SHEET, tab="#F4D03F", numbers_as_text=True)
    book.pages.append(page)
    page.widths = {0: 4, CODE: 12, PLACE: 30, TEXT: 92}
    page.hidden_columns = {0}
    page.print_columns = (CODE, TEXT)
    page.landscape = True
    page.put(0, CODE, SHEET, "title", to=(0, TEXT))
    page.put(1, CODE, HINT, "hint", to=(1, TEXT))
    page.heights |= {0: 30, 1: 36}
    page.put(2, CODE, "返回封面", "link", link=f"'{COVER}'!A1")
    for column, heading in ((CODE, "代码"), (PLACE, "位置（工作表!单元格）"), (TEXT, SHEET)):
        page.put(KEY_ROW - 1, column, heading, "head")
        page.put(KEY_ROW, column, KEYS[column], "key")
    page.heights[KEY_ROW - 1] = 24
    page.key_rows.add(KEY_ROW)
    page.freeze = (KEY_ROW, 0)
    page.repeat_rows = (KEY_ROW - 1, KEY_ROW - 1)
    shown = max(SHOWN, len(plan.reasons) + 1 if plan.reasons else 0)
    for n in range(shown + SPARE):
        row = FIRST_ROW + n
        texts = {}
        if n < len(plan.reasons):
            line = plan.reasons[n]
            assert line.slot.path is not None
            texts = {CODE: line.code, PLACE: line.place, TEXT: plan.words.filing.value(line.slot.path.text)}
        for column in KEYS:
            page.put(row, column, texts.get(column), "input_text", locked=False)
            page.rules[row, column] = _RULES[column]
        page.loose_heights[row] = 20
        if n >= shown:
            page.hidden_rows.add(row)
    fit_rows(page)
    book.names["jx.reasons"] = f"='{SHEET}'!$A${KEY_ROW + 1}:${address(0, TEXT)[:-1]}${FIRST_ROW + shown + SPARE}"


RESULT_KEYS = ("code", "about", "given", "text")
"""Key columns of the 校验结果: `about` is the fact path, `given` the reason when it was written."""


def read_reasons(sheets: Sheets, paths: Callable[[], Mapping[str, str]]) -> dict[str, Fact]:
    """The reasons of a workbook as facts by path; `paths` gives the fact path of each cell, and is
    only asked where there is a reason."""
    rows = (
        _Row(*(row[key] for key in ("code", "place", "text"))) for row in keyed_rows(sheets, "jx.reasons", tuple(KEYS.values()))
    )
    given_here = [row.fact for row in rows if row.text.value]
    written = with_found_places(given_here, paths()) if given_here else {}
    for row in keyed_rows(sheets, "jx.results", RESULT_KEYS):
        own, given = _Row(row["code"], row["about"], row["text"]).fact, row["given"].value
        if own.value == given:
            continue  # untouched here: the 情况说明 sheet speaks
        if own.value:
            written[own.path] = own
        elif own.path in written and written[own.path].value == given:
            del written[own.path]
    return written


@dataclass(frozen=True)
class _Shown:
    """What a cell shows, and where it is."""

    value: str
    sheet: str
    cell: str


@dataclass(frozen=True)
class _Row:
    code: _Shown
    about: _Shown
    text: _Shown

    @property
    def fact(self) -> Fact:
        return Fact(reason_path(self.code.value, self.about.value), self.text.value, self.text.sheet, self.text.cell)


def keyed_rows(sheets: Sheets, name: str, keys: Sequence[str]) -> Iterator[dict[str, _Shown]]:
    """The rows below the key row of a named area, cells by column key.

    Nothing where the file has no such sheet, as an older one, or where a key is gone.
    """
    place = REFERENCE.match(sheets.defined_names.get(name, ""))
    sheet = (place[1] or place[2]).replace("''", "'") if place else ""
    if place is None or place[5] is None or sheet not in sheets.names or int(place[6]) > MAX_ROW:
        return
    top, last_column = int(place[4]) - 1, row_and_column(f"{place[5]}1")[1]
    columns = {sheets.text(sheet, top, column).strip(): column for column in range(last_column + 1)}
    for row in range(top + 1, int(place[6]) if columns.keys() >= set(keys) else 0):
        yield {key: _Shown(sheets.text(sheet, row, columns[key]).strip(), sheet, address(row, columns[key])) for key in keys}
