"""提取上年数 in an open workbook: the archive's values into its blank cells, the unit's own rows brought along.

What is offered and what differs is worked out where a copy of a file is made (`prior_pull`).
"""

from __future__ import annotations

from collections.abc import Iterator

from jixiao_xl.archive.store import Archive
from jixiao_xl.desk.cell_changes import CellWrite, Edit, RowChange, Value, joined_rows
from jixiao_xl.desk.ground import Ground, Row, Stand
from jixiao_xl.desk.labels import Labels
from jixiao_xl.desk.outcomes import CannotRun
from jixiao_xl.desk.prior_pull import Offer, nothing_offered, offer
from jixiao_xl.desk.row_buttons import place_name
from jixiao_xl.forms.plan import ContentKind
from jixiao_xl.forms.spec import FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.facts import FactPath, Filing, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised
from jixiao_xl.model.places import Where, address, row_and_column
from jixiao_xl.rules.reasons import with_reasons
from jixiao_xl.workbook.reading import Reading
from jixiao_xl.workbook.values import cell_content


def prior_writes(reading: Reading, archive: Archive, ground: Ground) -> Edit:
    """The writes, the rows to show for the unit's own indicators, and what differs (PRI101), what the
    archive lacks (PRI102), what found no spare row (PRI105), what stood last year in a project's own amounts (PRI106) and
    what kind of value a cell got (PRI108). Raises CannotRun for a file nobody may claim."""
    assert reading.spec is not None and reading.filing is not None
    if claims := [f for f in reading.findings if f.code == "WBK110"]:
        raise CannotRun(*claims)
    found = offer(reading.spec, reading.filing, archive, (reading.filing.unit.key,))
    placing = _Placing(reading, reading.filing, ground)
    for path, fact in found.facts.items():
        if fact.value and not (reading.filing.value(path) or "").strip():
            placing.put(parse_path(path), fact.value, found.sources.get(path, ""))
    said = [*found.findings, *nothing_offered(reading.filing, found, reading.book), *placing.without_row.values()]
    findings = with_reasons([*said, *_noted(placing, found)], reading.filing)
    return Edit(tuple(placing.writes), joined_rows(placing.shown), tuple(findings))


def _noted(placing: _Placing, found: Offer) -> Iterator[Finding]:
    """PRI108 for every filled cell whose value is no plain last year's figure: in a copy of a file it is a note on the
    cell, which a protected sheet takes from nobody."""
    filled = [(path, where) for path, where in placing.filled.items() if path in found.notes]
    if not filled:
        return
    labels = Labels(placing.spec, placing.filing)
    for path, where in filled:
        params = {"label": labels.of(path), "stated": found.facts[path].value, "note": found.notes[path]}
        yield Finding("PRI108", "hint", where, params)


class _Placing:
    """Finds the cell of each value; a row that the workbook has not yet takes a spare one."""

    def __init__(self, reading: Reading, filing: Filing, ground: Ground) -> None:
        self.reading, self.filing, self.ground = reading, filing, ground
        self.writes: list[CellWrite] = []
        self.shown: list[RowChange] = []
        self.filled: dict[str, Where] = {}
        """By path, where a value was put."""
        self.without_row: dict[str, Finding] = {}
        """By the row's path."""
        self.rows: dict[str, Row] = {}
        """Spare rows taken, by the row's path."""
        self.taken: set[tuple[str, int]] = set()

    def put(self, path: FactPath, value: str, source: str) -> None:
        place = self.reading.places.get(path.text)
        if place is not None and place.cell:
            row, column = row_and_column(place.cell)
            self.filled[path.text] = place
            self.writes.append(CellWrite(place.sheet, row, column, _content(self._kind(path), value)))
            return
        stand = self.ground.of_instance(path.block, path.instance)
        if stand is None or path.names is None:
            return  # the workbook has no such place: an older edition of the form
        spare = self.rows.get(path.row_text) or self._spare(stand, path, source)
        if spare is not None and path.column in spare.columns:
            cell = address(spare.row, spare.columns[path.column])
            self.filled[path.text] = Where(path.text, stand.area.sheet, cell, self.reading.book)
            self.writes.append(
                CellWrite(stand.area.sheet, spare.row, spare.columns[path.column], _content(self._kind(path), value))
            )

    @property
    def spec(self) -> FormSpec:
        assert self.reading.spec is not None
        return self.reading.spec

    def _kind(self, path: FactPath) -> ContentKind:
        """How a cell of the path's column holds its value."""
        block = self.spec.block_named(path.block)
        if isinstance(block, IndicatorTable):
            return "indicator"
        return "money" if isinstance(block, MoneyTable) or block is None else "text"

    def _spare(self, stand: Stand, path: FactPath, source: str) -> Row | None:
        """The first spare row for a row's names, named and shown; None, and a finding, where there is none."""
        if path.row_text in self.without_row:
            return None
        names = path.names or ()
        sheet = stand.area.sheet
        key = f"{'.'.join(path.parts)}[……]" if path.parts else stand.place_for(names)
        rows = stand.places.get(key or "", ())
        spare = next((r for r in rows if r.is_blank and (sheet, r.row) not in self.taken), None)
        if spare is None or key is None:
            place = place_name(stand, key) if key in stand.places and key else sheet
            where = Where(sheet=sheet, cell="", book=self.reading.book)
            params = {"name": names[-1], "source": source, "place": place}
            self.without_row[path.row_text] = Finding("PRI105", "warning", where, params)
            return None
        self.taken.add((sheet, spare.row))
        self.rows[path.row_text] = spare
        self.shown.append(RowChange(sheet, spare.row, spare.row, True))
        self.writes += _named(sheet, spare, names)
        return spare


def _named(sheet: str, row: Row, names: tuple[str, ...]) -> Iterator[CellWrite]:
    assert tuple(map(normalised, row.printed)) == tuple(map(normalised, names[: len(row.printed)]))
    for column, name in zip(row.name_columns, names[len(row.printed) :], strict=True):
        yield CellWrite(sheet, row.row, column, name)


def _content(kind: ContentKind, value: str) -> Value:
    return cell_content(value, kind)[0]
