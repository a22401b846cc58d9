"""A filled workbook as facts with places. Inputs are trusted, results are not.

Cells are found by the hidden keys, never by address, so a moved block is still read. What a
person did to the workbook comes back as findings; nothing of it is raised.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from jixiao_xl import __version__
from jixiao_xl.forms.check_code import combined, row_number, row_weight
from jixiao_xl.forms.derive import Inputs, derived_cells, shown
from jixiao_xl.forms.formulas import formula_of, is_started
from jixiao_xl.forms.function_calls import as_native
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.load import find_form
from jixiao_xl.forms.measures import SHEET as MEASURES
from jixiao_xl.forms.plan import FormPlan
from jixiao_xl.forms.reasons import paths_by_cell
from jixiao_xl.forms.spec import Fields, FormSpec, IndicatorTable, MoneyTable, Narrative, Schedule
from jixiao_xl.model.amounts import is_plain_amount
from jixiao_xl.model.facts import STAGES, BadPath, Fact, FactPath, Filing, Unit, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import OPEN, normalised, tidy
from jixiao_xl.model.places import Where, address, row_and_column
from jixiao_xl.workbook import identity
from jixiao_xl.workbook.areas import (
    FIELD_KEY,
    REFERENCE,
    Area,
    TableArea,
    column_keys,
    expected_columns,
    expected_rows,
    field_cells,
    find_areas,
    instance_names,
)
from jixiao_xl.workbook.marking import RESTORE, RESULTS
from jixiao_xl.workbook.measure_sheet import measure_cells
from jixiao_xl.workbook.reading import Reading
from jixiao_xl.workbook.reason_sheet import read_reasons
from jixiao_xl.workbook.sheets import Sheets

_YEAR = re.compile(r"199[0-9]|20[0-9]{2}|2100")
_REVISION = re.compile(r"[0-9]{1,6}")
_MARK = re.compile(r"\b[0-9a-f]{8}\b")
_FUNCTION = re.compile(r"([A-Z]{2,})\(")
_SWITCHES = (["IFERROR", "IF"], ["IFERROR", "IF", "OR"])
_SWITCH = re.compile(rf"""'?{RESULTS}'?!\$?([A-Z]{{1,2}})\$?([0-9]{{1,5}})\s*=\s*"{RESTORE}\"""")


def read_sheets(sheets: Sheets, name: str) -> Reading:
    """Read a workbook that is open in Excel; `name` is what findings call it."""
    reading = Reading(name, in_cells=True)
    read_into(reading, sheets)
    return reading


def read_into(reading: Reading, sheets: Sheets) -> None:
    """What the sheets say, added to the reading."""
    _Reader(reading, sheets).read()


class _Reader:
    def __init__(self, reading: Reading, sheets: Sheets) -> None:
        self.reading, self.sheets = reading, sheets
        self.facts: dict[str, Fact] = {}
        self.claims: dict[str, tuple[str | None, str]] = {}
        """Of cells that follow from others: the formula that stands there, and what it shows."""
        self.started: set[str] = set()
        """The paths that nobody has entered yet: the form's own formula proposes their value."""
        self.rows: list[tuple[int, int]] = []
        self.paragraphs: list[tuple[str, str, str]] = []
        """(path, sheet, cell) of every row of prose; its text has one place, the first of them."""
        self.seen: Counter[tuple[str, str, tuple[str, ...]]] = Counter()

    @property
    def _spec(self) -> FormSpec:
        assert self.reading.spec is not None
        return self.reading.spec

    def find(self, code: str, where: Where, **params: str) -> None:
        severity = "warning" if code in ("WBK105", "WBK106", "WBK123") else "error"
        self.reading.findings.append(Finding(code, severity, where, params))  # type: ignore[arg-type]

    def read(self) -> None:
        reading, book = self.reading, self.reading.book
        if identity.NAME not in self.sheets.names:
            return self._stranger()
        own = {label: self.sheets.text(identity.NAME, row, identity.VALUE).strip()
               for row, label in enumerate(identity.FIELDS)}  # fmt: skip
        if not _YEAR.fullmatch(own["year"]) or own["stage"] not in STAGES:
            return self.find("WBK101", Where(book=book), book=book)
        spec = find_form(own["form"], own["edition"])
        if spec is None:
            return self.find("WBK102", Where(book=book), book=book, form=own["form"], edition=own["edition"])
        reading.spec = spec
        if identity.is_newer(own["version"]):
            self.find("WBK123", Where(book=book), book=book, version=own["version"], own=__version__)
        areas, missing = find_areas(self.sheets, spec)
        if missing:
            return self.find("WBK103", Where(sheet=missing, book=book), book=book, sheet=missing)
        instances = instance_names(self.sheets, spec, areas)
        for area in areas:
            self._block(area, instances.get((area.block.repeat or "", area.number), ""))
        stage = next(stage for stage in STAGES if stage == own["stage"])
        unit = self._unit(own["unit_key"], own["unit_name"])
        reading.issued_name = own["unit_name"]
        self._measures(spec)
        self._reasons()
        if unit.name and own["unit_name"] and normalised(unit.name) != normalised(own["unit_name"]):
            where = reading.places.get("cover.unit_name", Where(book=book))
            self.find("WBK110", where, visible=unit.name, issued=own["unit_name"])
        revision = int(own["revision"]) if _REVISION.fullmatch(own["revision"]) else 0
        reading.filing = Filing(
            own["form"], own["edition"], int(own["year"]), stage, unit, self.facts,
            revision, book, own["unit_key"], frozenset(_MARK.findall(own["prefilled"])),
        )  # fmt: skip
        reading.check_code = combined(self.rows)
        self._recompute(spec)
        for sheet in dict.fromkeys(area.sheet for area in areas):
            if not self.sheets.is_protected(sheet):
                self.find("WBK106", Where(sheet=sheet, cell="A1", book=book), sheet=sheet)
        return None

    def _stranger(self) -> None:
        """A book without an identity: one of ours that is no submission (WBK121), or not ours."""
        from jixiao_xl.workbook.own_books import kind_of_book

        book, kind = self.reading.book, kind_of_book(self.sheets.names)
        if kind is None:
            return self.find("WBK101", Where(book=book), book=book)
        params = {"book": book, "kind": kind.name, "advice": kind.advice}
        self.reading.findings.append(Finding("WBK121", "hint", Where(book=book), params))
        return None

    def _measures(self, spec: FormSpec) -> None:
        """The quantities of the 测算表; they are not on the paper, so the 校验码 leaves them out."""
        cells, lost = measure_cells(self.sheets, spec)
        for path, (row, column) in cells.items():
            self._fact(path.text, MEASURES, row, column, "")
        if lost:
            where = Where(sheet=MEASURES, cell="A1", book=self.reading.book)
            self.find("WBK112", where, sheet=MEASURES, what="、".join(lost[:5]))

    def _reasons(self) -> None:
        for path, fact in read_reasons(self.sheets, self._paths_by_cell).items():
            self.facts[path] = fact
            self.reading.places[path] = Where(path, fact.sheet, fact.cell, self.reading.book)

    def _paths_by_cell(self) -> dict[str, str]:
        named = [(w.path, w.sheet, w.cell) for w in self.reading.places.values()]
        return paths_by_cell([*self.paragraphs, *named])

    def _unit(self, key: str, issued_name: str) -> Unit:
        visible = next(
            (self.facts[f"{block.id}.{f.id}"].value for block in (self.reading.spec.block if self.reading.spec else ())
             if isinstance(block, Fields) for f in block.fields
             if f.identity == "unit_name" and f"{block.id}.{f.id}" in self.facts),
            "",
        )  # fmt: skip
        if not key:
            place = REFERENCE.match(self.sheets.defined_names.get("jx.unit_key", ""))
            if place:
                row, column = row_and_column(f"{place[3]}{place[4]}")
                key = self.sheets.text((place[1] or place[2]).replace("''", "'"), row, column).strip()
        return Unit(visible or issued_name, key)

    # ---- blocks --------------------------------------------------------------------
    def _block(self, area: Area, instance: str) -> None:
        block = area.block
        if isinstance(block, Fields):
            self._fields(area, instance)
        elif isinstance(block, Narrative):
            self._narrative(area, block, instance)
        else:
            keys = column_keys(self.sheets, area)
            table = TableArea(area, block, instance, keys)
            expected = expected_rows(block, self._spec)
            seen: Counter[str] = Counter()
            for row in range(area.key_row + 1, area.last_row + 1):
                key = self.sheets.text(area.sheet, row, 0).strip()
                seen[key] += 1
                known = key in expected or key.endswith(f"{OPEN}]")
                if key and (not known or (seen[key] > 1 and key in expected)):
                    self._damaged(area, row)
                else:
                    self._table_row(table, row, key)
            lacking = [key for key in (*expected, *expected_columns(block, self._spec)) if key not in seen and key not in keys]
            if lacking:
                where = Where(sheet=area.sheet, cell=address(area.key_row, 0), book=self.reading.book)
                self.find("WBK112", where, sheet=area.sheet, what="、".join(lacking[:5]))

    def _fields(self, area: Area, instance: str) -> None:
        block = area.block
        assert isinstance(block, Fields | Narrative)
        kinds = {f.id: f for f in block.fields}
        expected = {f.id for f in block.fields}
        by_row: dict[int, list[str]] = {}
        for row, column, key in field_cells(self.sheets, area):
            if key not in kinds:
                continue
            expected.discard(key)
            derived = kinds[key].derived
            self._fact(FactPath(block.id, key, instance=instance).text, area.sheet, row, column, "money" if derived else "")
            if not derived:
                by_row.setdefault(row, []).append(self.sheets.entered(area.sheet, row, column))
        for row, texts in by_row.items():
            self._code_row(area, self.sheets.text(area.sheet, row, 0), texts)
        if expected:
            self._damaged(area, area.key_row + 1)

    def _narrative(self, area: Area, block: Narrative, instance: str) -> None:
        self._fields(area, instance)
        keys = column_keys(self.sheets, area)
        if "text" not in keys or "join" not in keys:
            self._damaged(area, area.key_row)
            return
        text, first = "", None
        path = FactPath(block.id, "text", instance=instance)
        for row in range(area.key_row + 1, area.last_row + 1):
            if FIELD_KEY.search(self.sheets.text(area.sheet, row, 0)):
                continue
            piece = self.sheets.text(area.sheet, row, keys["text"])
            joined = self.sheets.text(area.sheet, row, keys["join"]).strip()
            first = row if first is None else first
            self.paragraphs.append((path.text, area.sheet, address(row, keys["text"])))
            self._code_row(area, "p", [self.sheets.entered(area.sheet, row, keys[k]) for k in ("text", "join")])
            if piece.strip():
                text += piece if joined and text else f"\n{piece}" if text else piece
        cell = address(first or area.key_row, keys["text"])
        self.reading.places[path.text] = Where(path.text, area.sheet, cell, self.reading.book)
        if text:
            self.facts[path.text] = Fact(path.text, text, area.sheet, cell)

    def _table_row(self, table: TableArea, row: int, key: str) -> None:
        area, keys = table.area, table.keys
        is_open = key.endswith(f"{OPEN}]")
        path = self._row_path(table, row, key)
        if path is None:
            if (key and not is_open) or (not key and self._is_used(table, row)):
                self._damaged(area, row)
            elif key:
                self._code_row(area, key, [])
            return
        before, line = len(self.facts), path.row_text
        group, printed_row = table.printed_rows.get(key.partition("[")[0], (None, None))
        if "[" in key:
            printed_row = None
        entered = [self.sheets.entered(area.sheet, row, c) for c in table.name_columns(key)] if is_open else []
        for column, derived, printed_column in table.columns:
            if column not in keys or (group is not None and group.only and column not in group.only):
                continue
            if printed_row and column in printed_row.lacks:
                continue
            kind = derived or ("money" if printed_row and printed_row.derived else "")
            if column in table.started and self._is_started(area.sheet, row, keys[column]):
                self.started.add(f"{line}.{column}")
                self._place(f"{line}.{column}", area.sheet, row, keys[column])
            elif printed_column and (printed_row is None or printed_row.printed):
                self._fact(f"{line}.{column}", area.sheet, row, keys[column], kind)
            if not kind:
                entered.append(self.sheets.entered(area.sheet, row, keys[column]))
        self._code_row(area, key, entered)
        if is_open and path.names is not None and len(self.facts) == before:
            place = self.reading.places.get(f"{line}.{table.main_column}")
            if place is not None:  # else its column is gone, and said to be (WBK112)
                self.facts[place.path] = Fact(place.path, "", place.sheet, place.cell)

    def _is_used(self, table: TableArea, row: int) -> bool:
        """Whether a value is entered in the row."""
        sheet, by_itself = table.area.sheet, table.started.values()
        return any(
            self.sheets.text(sheet, row, column).strip()
            for column in table.entered
            if not (column in by_itself and self._is_started(sheet, row, column))
        )

    def _is_started(self, sheet: str, row: int, column: int) -> bool:
        """Whether the cell still has the form's own formula that proposes a value."""
        return is_started(self.sheets.raw_cell(sheet, row, column).formula)

    def _row_path(self, table: TableArea, row: int, key: str) -> FactPath | None:
        """The path of the row (its column still empty); None for an unused or unknown row."""
        block, instance = table.block, table.instance
        if isinstance(block, Schedule):
            return FactPath(block.id, "", instance=instance) if key == "plan" else None
        if isinstance(block, MoneyTable):
            plain, _, open_part = key.partition("[")
            if plain not in table.printed_rows:
                return None
            group, spec_row = table.printed_rows[plain]
            if not open_part:
                return FactPath(block.id, "", (group.id, spec_row.id), instance=instance)
            return self._open_path(table, row, (group.id, spec_row.id), ())
        try:
            names = parse_path(f"x{key}.y").names if key.startswith("[") else None
        except BadPath:
            return None
        if names is None or len(names) != len(block.levels):
            return None
        if OPEN not in names:
            self.seen[block.id, instance, names] += 1
            return FactPath(block.id, "", (), names, 1, instance)
        return self._open_path(table, row, (), names[: names.index(OPEN)])

    def _open_path(self, table: TableArea, row: int, parts: tuple[str, ...], fixed: tuple[str, ...]) -> FactPath | None:
        block, keys, sheet = table.block, table.keys, table.area.sheet
        levels = len(block.levels) if isinstance(block, IndicatorTable) else 1
        own = [tidy(self.sheets.text(sheet, row, keys[f"level{i}"])) if f"level{i}" in keys else ""
               for i in range(len(fixed) + 1, levels + 1)]  # fmt: skip
        if not any(own) and not self._is_used(table, row):
            return None
        names = (*fixed, *own)
        group = f"{block.id}.{'.'.join(parts)}" if parts else block.id
        self.seen[group, table.instance, names] += 1
        return FactPath(block.id, "", parts, names, self.seen[group, table.instance, names], table.instance)

    # ---- one cell --------------------------------------------------------------------
    def _fact(self, path: str, sheet: str, row: int, column: int, derived: str) -> None:
        cell = self._place(path, sheet, row, column)
        text = self.sheets.text(sheet, row, column).strip()
        if derived:
            self.claims[path] = self.sheets.raw_cell(sheet, row, column).formula, text
        if text:
            self.facts[path] = Fact(path, text, sheet, cell)
            value = self.sheets.value(sheet, row, column)
            if isinstance(value, str) and is_plain_amount(text):
                self.reading.text_amounts.add(path)
            elif isinstance(value, dt.date):
                self.reading.dates[path] = f"{value.month}-{value.day}"

    def _place(self, path: str, sheet: str, row: int, column: int) -> str:
        cell = address(row, column)
        self.reading.places[path] = Where(path, sheet, cell, self.reading.book)
        return cell

    def _calculates(self, formula: str, skeleton: list[str]) -> bool:
        """Whether the formula is the form's own, or a marked copy's that a person has switched back to it."""
        functions = _FUNCTION.findall(as_native(formula))
        if functions == skeleton:
            return True
        if functions[-len(skeleton) :] != skeleton or functions[: -len(skeleton)] not in _SWITCHES:
            return False
        return any(self.sheets.text(RESULTS, *row_and_column(column + row)) == RESTORE for column, row in _SWITCH.findall(formula))

    def _recompute(self, spec: FormSpec) -> None:
        """An intact formula shows what its inputs give, whatever the last program stored."""
        filing = self.reading.filing
        assert filing is not None
        plan = self.reading.plan = plan_form(spec, filing)
        intact = set(self._intact(plan))
        inputs = Inputs(plan, filing, self.reading.replaced.keys())
        for derived in derived_cells(plan):
            path = derived.slot.path
            if path is not None and path.text in intact:
                self._take(path.text, shown(derived, inputs))
        for path_text in self.started:
            start = inputs.starts.get(id(plan.by_path.get(path_text)))
            self._take(path_text, None if start is None else shown(start, inputs))
        self.reading.filing = replace(filing, facts=self.facts)

    def _take(self, path: str, value: str | None) -> None:
        """The value that a formula gives, as a fact; none where it gives none."""
        place = self.reading.places[path]
        if value is None:
            self.facts.pop(path, None)
        else:
            self.facts[path] = Fact(path, value, place.sheet, place.cell)

    def _intact(self, plan: FormPlan) -> Iterator[str]:
        """The paths whose own formula stands in their cell; what was written over another is remembered."""
        skeletons: dict[tuple[str, str], list[str]] = {}
        for derived in derived_cells(plan):
            path = derived.slot.path
            if path is None or path.text not in self.claims:
                continue
            formula, text = self.claims[path.text]
            key = derived.slot.key, derived.op
            if key not in skeletons:
                skeletons[key] = _FUNCTION.findall(formula_of(derived).excel(derived.slot.sheet))
            if formula is not None and (not formula or self._calculates(formula, skeletons[key])):
                yield path.text
            elif text:
                self.reading.replaced[path.text] = text

    def _code_row(self, area: Area, key: str, texts: list[str]) -> None:
        if any(texts):
            self.rows.append((row_number("|".join(texts)), row_weight(f"{area.name}|{key}")))

    def _damaged(self, area: Area, row: int) -> None:
        where = Where(sheet=area.sheet, cell=address(row, 0), book=self.reading.book)
        self.find("WBK104", where, sheet=area.sheet, row=str(row + 1))
