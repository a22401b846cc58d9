"""What a file differs in from the template it says it was made from: sheets and names that are gone or lead elsewhere,
formulas that calculate something else, protection that was taken off, an identity that was laid open or rewritten.

Cells and keys are the reader's to look at; here is what no cell of the form shows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from jixiao_xl import __version__
from jixiao_xl.forms.derive import Derived, derived_cells
from jixiao_xl.forms.formulas import formula_of
from jixiao_xl.forms.measures import BLOCK as QUANTITIES
from jixiao_xl.forms.measures import SHEET as MEASURES
from jixiao_xl.forms.measures import measures_of
from jixiao_xl.forms.reasons import SHEET as REASONS
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import Fact
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where, address, row_and_column
from jixiao_xl.workbook import canvas, check_sheet, identity
from jixiao_xl.workbook.areas import REFERENCE
from jixiao_xl.workbook.file_sheets import FileSheets
from jixiao_xl.workbook.reading import Reading
from jixiao_xl.workbook.sheets import Sheets

_OTHER = re.compile(r"JX_|!|IFERROR\(")
"""Our own functions, and the formula of a marked copy, which the reader knows: not compared here."""
_TEXT = re.compile(r'"[^"]*"')
_CELLS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,5})(?::\$?([A-Z]{1,3})\$?([0-9]{1,5}))?(?![0-9(])")
_SIGNS = re.compile(r"[0-9]+(?:\.[0-9]+)?|[-+*/^&=<>]+")
_NAMED = re.compile(r"jx\.([a-z][a-z0-9_]*)(?:\.([0-9]{1,3}))?")
MOST_CELLS = 2_000


def tampered(sheets: FileSheets, reading: Reading) -> None:
    """Add to the reading what is found. A formula that calculates something else counts as replaced (WBK105), by what
    it shows."""
    spec = reading.spec
    if spec is None or reading.filing is None:
        return
    changed = [*_lost(sheets, spec), *_led_elsewhere(sheets, spec), *_odd_identity(sheets, spec)]
    if changed:
        params = {"book": reading.book, "what": "；".join(changed)}
        reading.findings.append(Finding("WBK122", "warning", Where(book=reading.book), params))
    for sheet in (MEASURES, REASONS, check_sheet.NAME, canvas.NAME):
        if sheet in sheets.names and not sheets.is_protected(sheet):
            reading.findings.append(
                Finding("WBK106", "warning", Where(sheet=sheet, cell="A1", book=reading.book), {"sheet": sheet})
            )
    _formulas(sheets, reading)


def _lost(sheets: Sheets, spec: FormSpec) -> Iterator[str]:
    """Sheets that every template has, and names without which one of them is not read."""
    if _own(sheets, "version") != __version__:
        return  # an older release may not have had one of them
    measured = [MEASURES] if measures_of(spec).table is not None else []
    for sheet in (*measured, check_sheet.NAME, REASONS, canvas.NAME, identity.CODE_SHEET):
        if sheet not in sheets.names:
            yield f"缺少“{sheet}”表"
    for sheet, name in ((MEASURES, f"jx.{QUANTITIES}"), (REASONS, "jx.reasons")):
        if sheet in sheets.names and name not in sheets.defined_names:
            yield f"“{sheet}”表的名称 {name} 被删除"


def _led_elsewhere(sheets: Sheets, spec: FormSpec) -> Iterator[str]:
    """Names of blocks that are read from another sheet than the one people look at and print."""
    for name, reference in sorted(sheets.defined_names.items()):
        named, place = _NAMED.fullmatch(name), REFERENCE.match(reference)
        block = spec.block_named(named[1]) if named else None
        if named is None or place is None or block is None:
            continue
        own, read = block.sheet.replace("{n}", named[2] or "1"), (place[1] or place[2]).replace("''", "'")
        if own in sheets.names and read != own:
            yield f"名称 {name} 被改为指向“{read}”表，不是“{own}”表"


def _own(sheets: Sheets, field: str) -> str:
    """What the workbook says of itself."""
    return sheets.text(identity.NAME, identity.FIELDS.index(field), identity.VALUE).strip()


def _odd_identity(sheets: FileSheets, spec: FormSpec) -> Iterator[str]:
    own = {field: _own(sheets, field) for field in ("revision", "digest", "version")}
    if not re.fullmatch(r"[0-9]{1,6}", own["revision"]):
        yield f"标识里的修订号“{own['revision']}”不是数字"
    if not re.fullmatch(r"[0-9a-f]{16}", own["digest"]):
        yield f"标识里的表样摘要“{own['digest']}”不是16位编码"
    elif own["version"] == __version__ and own["digest"] != identity.template_digest(spec):
        # another release may have had another definition; of this one every template says the same
        yield "标识里的表样摘要与本版表样不符（标识被改动，或下发后表样又更新过）"
    for sheet in (identity.NAME, identity.CODE_SHEET):
        if sheets.raw.is_visible(sheet):
            yield f"隐藏的“{sheet}”表被显示出来"


# ---- formulas ------------------------------------------------------------------------
def _formulas(sheets: Sheets, reading: Reading) -> None:
    filing = reading.filing
    assert filing is not None
    for derived in derived_cells(reading.plan) if reading.plan else ():
        path = derived.slot.path
        place = reading.places.get(path.text) if path is not None else None
        if path is None or place is None or path.text in reading.replaced or place.cell != derived.slot.cell:
            continue  # replaced, which is known, or moved with its row
        row, column = row_and_column(place.cell)
        formula = sheets.raw_cell(place.sheet, row, column).formula
        if formula and not _OTHER.search(formula) and not _is_own(formula, derived):
            shown = sheets.text(place.sheet, row, column).strip()
            reading.replaced[path.text] = shown
            filing.facts[path.text] = Fact(path.text, shown, place.sheet, place.cell)


def _is_own(formula: str, derived: Derived) -> bool:
    """Whether the formula takes the cells that the form's own takes, and does the same with them. Blanks, dollars,
    brackets and the way a sum lists its cells are the program's that saved it."""
    return _essence(formula) == _essence(formula_of(derived).excel(derived.slot.sheet))


def _essence(formula: str) -> tuple[Counter[str], Counter[str]]:
    """How often each cell is taken, and each number and sign."""
    plain = _TEXT.sub("", formula.replace(" ", ""))
    cells = Counter(cell for found in _CELLS.findall(plain) for cell in _between(*found))
    return cells, Counter(_SIGNS.findall(_CELLS.sub("", plain)))


def _between(column: str, row: str, to_column: str, to_row: str) -> Iterator[str]:
    """Every cell of a range, or the one."""
    top, left = row_and_column(f"{column}{row}")
    bottom, right = row_and_column(f"{to_column or column}{to_row or row}")
    if (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
        yield f"{column}{row}:{to_column}{to_row}"
        return
    yield from (address(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
