"""粘贴导入: the rows of a pasted table put where their names belong; what has no certain place is listed.

A printed row takes what is pasted under its headings and name. Any other name goes to a spare row of its
level-1 group. Nothing is merged on a likeness and no filled cell is given another value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jixiao_xl.desk.cell_changes import CellWrite, RowChange, joined_rows
from jixiao_xl.desk.ground import Ground, Names, Row, Stand
from jixiao_xl.desk.pasted_table import PastedRow, PastedTable, Unplaced, clean
from jixiao_xl.desk.pasted_words import OVER, heading_of, meanings
from jixiao_xl.desk.row_buttons import place_name
from jixiao_xl.forms.indicators import indicator_named
from jixiao_xl.forms.spec import Column, FormSpec, IndicatorTable
from jixiao_xl.forms.wording import with_years
from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.names import is_cut_form_of, normalised
from jixiao_xl.workbook.reading import Reading

NOT_A_TABLE = "请先点中要导入的那张指标表（如“年度绩效指标”），再按“粘贴导入”"


@dataclass(frozen=True)
class Pasted:
    """What a paste does, and what is left over."""

    writes: tuple[CellWrite, ...] = ()
    row_changes: tuple[RowChange, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    placed: int = 0
    """Pasted rows that found their place, those that changed nothing included."""


def place_pasted(reading: Reading, ground: Ground, rows: Sequence[Sequence[object]], block: str) -> Pasted:
    """Put the rows of the clipboard sheet into one table (`annual_indicators`, `goal_indicators.2`)."""
    stand = ground.named(block)
    if stand is None or not isinstance(stand.block, IndicatorTable):
        cells = [(n, "，".join(filter(None, map(clean, row)))) for n, row in enumerate(rows, 1)]
        return Pasted(unplaced=tuple(Unplaced(n, text, NOT_A_TABLE) for n, text in cells if text))
    assert reading.spec is not None and reading.filing is not None
    pasted = PastedTable(rows, stand.block, reading.spec, reading.filing.year, stand.area.number)
    return _Placing(stand, stand.block, reading.spec, reading.filing.year, pasted).done()


def block_meant(reading: Reading, ground: Ground, rows: Sequence[Sequence[object]], sheet: str, row: int) -> str | None:
    """The table that a paste is for: the one that the person stands in, or has in front; else the only one
    whose title or headings the pasted rows carry."""
    tables = [stand for stand in ground.stands if isinstance(stand.area.block, IndicatorTable)]
    here = ground.at(sheet, row)
    if here in tables:
        return here.name if here is not None else None
    on_sheet = [stand for stand in tables if stand.area.sheet == sheet]
    if len(on_sheet) == 1:
        return on_sheet[0].name
    year = reading.filing.year if reading.filing else 0
    texts = {clean(cell) for line in rows for cell in line} - {""}
    titled = [s for s in tables if {s.area.block.title, s.area.sheet} & texts]
    if titled:
        return titled[0].name if len(titled) == 1 else None
    headings = set(map(heading_of, texts))
    fitting = []
    for stand in tables:
        assert isinstance(stand.area.block, IndicatorTable)
        words = meanings(stand.area.block, year)
        known = {words[h] for h in headings if h in words and words[h] != OVER}
        fitting.append((len(known) - len(stand.area.block.columns), len(known), stand.name))
    best = sorted(fitting, reverse=True)
    if not best or not best[0][1] or (len(best) > 1 and best[0][:2] == best[1][:2]):
        return None
    return best[0][2]


class _Placing:
    """One paste into one table."""

    def __init__(self, stand: Stand, table: IndicatorTable, spec: FormSpec, year: int, pasted: PastedTable) -> None:
        self.stand, self.table, self.spec, self.year, self.pasted = stand, table, spec, year, pasted
        self.writes: list[CellWrite] = []
        self.shown: list[RowChange] = []
        self.left: list[Unplaced] = list(pasted.left)
        self.taken: set[int] = set()
        """Rows that this paste has filled."""
        self.exact = {tuple(map(normalised, row.names)) for row in pasted.rows if row.values}
        """Names that are pasted with values: no other name stands for one of them."""
        self.own: dict[Names, list[Row]] = {}
        for rows in stand.places.values():
            for row in rows:
                if not row.is_blank:
                    self.own.setdefault(tuple(map(normalised, row.names)), []).append(row)

    def done(self) -> Pasted:
        seen: dict[tuple[Names, tuple[tuple[str, str], ...]], int] = {}
        count: Counter[Names] = Counter()
        placed = 0
        for row in self.pasted.rows:
            plain = tuple(map(normalised, row.names))
            first = seen.setdefault((plain, tuple(row.values.items())), row.number)
            if first != row.number:
                self._leave(row, f"与第 {first} 行重复")
                continue
            count[plain] += 1
            target = self._row_for(row, plain, count[plain])
            if isinstance(target, Row):
                placed += 1
                self._fill(target, row)
            else:
                self._leave(row, target)
        left = tuple(sorted(self.left, key=lambda one: one.row))
        return Pasted(tuple(self.writes), joined_rows(self.shown), left, placed)

    def _leave(self, row: PastedRow, why: str) -> None:
        self.left.append(Unplaced(row.number, row.text, why))

    # ---- which row ------------------------------------------------------------------------
    def _row_for(self, row: PastedRow, plain: Names, nth: int) -> Row | str:
        """The row that takes it, or why none does. `nth` counts pasted rows of the same names."""
        printed = self.stand.printed_rows.get(plain)
        if printed is not None and nth == 1:
            return printed
        own = self.own.get(plain, [])
        at = nth - 1 - (printed is not None)
        if at < len(own):
            return own[at]
        if not all(plain[:-1]):
            return self._by_name_alone(plain)
        return self._foreign_heading(row) or self._proposal(row) or self._spare(row)

    def _by_name_alone(self, plain: Names) -> Row | str:
        """A row without some of its headings goes to the one row of that name, if there is only one."""
        rows = [*self.stand.printed_rows.items(), *((names, row) for names, rows in self.own.items() for row in rows)]
        same = [
            row for names, row in rows if names[-1] == plain[-1] and all(a in ("", b) for a, b in zip(plain, names, strict=True))
        ]
        if len(same) == 1:
            return same[0]
        missing = "、".join(label for label, name in zip(self.table.levels, plain, strict=True) if not name)
        return f"没有写{missing}，不知道放在哪一类" if not same else f"没有写{missing}，而同名的有 {len(same)} 行"

    def _proposal(self, row: PastedRow) -> str:
        """The printed row that this may be, under another name or cut off."""
        known = indicator_named(row.names[-1])
        for plain, printed in self.stand.printed_rows.items():
            whole = printed.printed[-1]
            if plain in self.exact or not _same_headings(row.names, printed.printed):
                continue
            if is_cut_form_of(row.names[-1], whole) or (known is not None and known is indicator_named(whole)):
                return f"表样有“{whole}”，疑为同一指标：是的，在粘贴区改为这个名称再导入；不是的，改写得与它分得清"
        return ""

    def _foreign_heading(self, row: PastedRow) -> str:
        """A first heading that the form does not print, or a heading that is one of the form's cut off."""
        levels = [line.fixed_levels for line in self.spec.rows_of(self.table)]
        for n, name in enumerate(row.names[:-1]):
            above = tuple(map(normalised, row.names[:n]))
            known = {line[n] for line in levels if len(line) > n and tuple(map(normalised, line[:n])) == above}
            if normalised(name) in map(normalised, known):
                continue
            near = [label for label in known if is_cut_form_of(name, label) or (len(name) > 1 and label.startswith(name))]
            if len(near) == 1:
                return f"{self.table.levels[n]}“{name}”疑为表样的“{near[0]}”：改为这个名称再导入"
            if n == 0 and known:
                return f"表样没有{self.table.levels[0]}“{name}”：改为{'、'.join(f'“{k}”' for k in sorted(known))}之一再导入"
        return ""

    def _spare(self, row: PastedRow) -> Row | str:
        key = self.stand.place_for(row.names)
        if key is None:
            return f"“{row.names[0]}”下没有留给单位自己填的行"
        rows = self.stand.places[key]
        free = next((r for r in rows if r.is_blank and r.row not in self.taken), None)
        if free is not None:
            foreign = self._foreign_level(free, row)
            return foreign or free
        return f"“{place_name(self.stand, key)}”留给单位自己填的只有 {len(rows)} 行，已经填满：删去不用的行，或合并相近的指标"

    def _foreign_level(self, free: Row, row: PastedRow) -> str:
        """A name that its list does not offer."""
        lists = dict(self.table.choices)
        for n in range(len(free.printed), len(row.names)):
            choices = self.spec.choices.get(lists.get(self.table.levels[n], ""))
            if choices is not None and choices.stop and normalised(row.names[n]) not in map(normalised, choices.items):
                return f"{self.table.levels[n]}“{row.names[n]}”不在可选项中：{'、'.join(choices.items)}"
        return ""

    # ---- what is put there -----------------------------------------------------------------
    def _fill(self, target: Row, row: PastedRow) -> None:
        sheet = self.stand.area.sheet
        if target.is_open:
            if target.is_blank and target.row not in self.taken:
                own = row.names[len(target.printed) :]
                self.writes += [CellWrite(sheet, target.row, c, name) for c, name in zip(target.name_columns, own, strict=False)]
            self.shown.append(RowChange(sheet, target.row, target.row, True))
        self.taken.add(target.row)
        self.writes += self._values(target, row)

    def _values(self, target: Row, row: PastedRow) -> Iterator[CellWrite]:
        for column in self.table.columns:
            text, at = row.values.get(column.id, ""), target.columns.get(column.id)
            if not text or column.derived:
                continue  # what follows from the others is calculated, not pasted
            label = with_years(column.label, self.year)
            if at is None:
                self.left.append(Unplaced(row.number, f"{row.names[-1]}：{label} {text}", "表中没有这一列"))
                continue
            held, (word, why) = target.shows[at].strip(), self._listed(column, text)
            if held and held not in (text, word):
                why = f"已有内容“{held}”，没有覆盖"
            if why:
                self.left.append(Unplaced(row.number, f"{row.names[-1]}：{label} {text}", why))
            elif not held:
                points = read_amount(word) if column.value == "points" else None
                yield CellWrite(self.stand.area.sheet, target.row, at, word if points is None else points)

    def _listed(self, column: Column, text: str) -> tuple[str, str]:
        """The text as the column's list writes it, and why it cannot be taken."""
        choices = self.spec.choices.get(column.choices or "")
        if choices is None:
            return text, ""
        word = next((item for item in choices.items if normalised(item) == normalised(text)), "")
        if word or not choices.stop:
            return word or text, ""
        old = next((new for alias, new in choices.aliases.items() if normalised(alias) == normalised(text)), "")
        return text, f"是旧写法，应为“{old}”" if old else f"不在可选项中：{'、'.join(choices.items)}"


def _same_headings(names: Names, printed: Names) -> bool:
    return all(normalised(a) == normalised(b) or is_cut_form_of(a, b) for a, b in zip(names[:-1], printed[:-1], strict=True))
