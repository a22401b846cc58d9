"""Where do two filings of one form differ, each change said once?

A renamed row is one change, not as many as it has cells; so is a row or a whole project that came or went.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from jixiao_xl.desk.draft import Draft
from jixiao_xl.desk.filling import same_number
from jixiao_xl.desk.labels import Labels
from jixiao_xl.desk.outcomes import Difference
from jixiao_xl.forms.former_lines import Parts, former_lines, former_names
from jixiao_xl.forms.reasons import BLOCK as REASONS
from jixiao_xl.forms.spec import FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.facts import BadPath, FactPath, Filing, parse_path
from jixiao_xl.model.names import normalised
from jixiao_xl.workbook.reading import Reading

WHOLE = ".*"
"""How a row as a whole is written: `annual_indicators[a/b/c].*`."""
Values = dict[FactPath, str]
"""What is stated, blank cells left out."""
_K = TypeVar("_K", bound=Hashable)


class Side:
    """One of the two filings: what it states, in which words, and what follows from what."""

    def __init__(self, reading: Reading, *, from_workbook: bool) -> None:
        assert reading.spec is not None and reading.filing is not None
        self.spec: FormSpec = reading.spec
        self.filing: Filing = reading.filing
        self.draft = Draft(reading, from_workbook=from_workbook)
        self.labels = Labels(reading.spec, reading.filing)
        self.values: Values = {
            path: fact.value for path, fact in self.filing.paths() if fact.value.strip() and path.block != REASONS
        }

    def difference(self, path: FactPath, old: str, new: str, label: str = "") -> Difference:
        """At this side's cell, in this side's words."""
        where = self.labels.where(path.text, self.filing.book)
        return Difference(where, label or self.labels.of(path.text), old, new)


@dataclass(frozen=True)
class Found:
    """A difference and the paths (of the earlier filing) that it touches."""

    difference: Difference
    touched: frozenset[str]
    """One cell, or rows as a whole."""
    new_path: str = ""
    """The cell in the later filing; empty where it has none, and for what is whole."""

    @property
    def is_whole(self) -> bool:
        return all(path.endswith(WHOLE) for path in self.touched)


@dataclass
class _Renamed:
    """How places of the later filing are called in the earlier one."""

    instances: dict[str, str] = field(default_factory=dict)
    lines: dict[tuple[str, Parts], Parts] = field(default_factory=dict)
    """By block and line of the later filing's edition: the line of the earlier one's."""
    names: dict[tuple[str, Parts], Parts] = field(default_factory=dict)
    """By block and former names of a printed indicator, normalised: its names now."""
    rows: dict[str, FactPath] = field(default_factory=dict)
    """By row text of the later filing: the row of the earlier one."""

    def old(self, path: FactPath) -> FactPath:
        path = replace(
            path, instance=self.instances.get(path.instance, path.instance),
            parts=self.lines.get((path.block, path.parts), path.parts),
        )  # fmt: skip
        row = self.rows.get(path.row_text)
        return row.at(path.column) if row else path

    def called(self, row: FactPath) -> Parts:
        """The names of a row without what typists and editions vary."""
        names = tuple(map(normalised, row.names or ()))
        return self.names.get((row.block, names), names)


def differences(old: Side, new: Side) -> list[Found]:
    """Every difference but those in reasons, in the order of the later filing."""
    names = _Renamed(_instances(old.values, new.values), _lines(old.spec, new.spec), _names(old.spec, new.spec))
    found = _rows(old, new, names)
    now = {names.old(path): path for path in new.values}
    gone = {path: value for path, value in old.values.items() if path not in now}
    come = {path: new.values[now[path]] for path in now if path not in old.values}
    found += _whole(old, gone, old.values.keys() - gone.keys(), lambda path: path, came=False)
    found += _whole(new, come, now.keys() - come.keys(), lambda path: now[path], came=True)
    for path, here in now.items():
        if path in old.values and not same(old.values[path], new.values[here]):
            there = new.difference(here, old.values[path], new.values[here])
            found.append(Found(there, frozenset({path.text}), here.text))
    return sorted(found, key=lambda f: new.labels.order(f.difference.where.path))


def same(one: str, other: str) -> bool:
    """Whether two values say one thing: 5 and 5.00, and a text but for blanks around its lines."""
    if same_number(one, other):
        return True
    a, b = ([line.strip() for line in text.splitlines() if line.strip()] for text in (one, other))
    return a == b


def unlike_units(old: Filing, new: Filing) -> str:
    """In which words the two are of different units; empty where they are of one."""
    a, b = old.unit, new.unit
    is_same = a.key == b.key if a.key and b.key else normalised(a.name) == normalised(b.name)
    return "" if is_same else f"单位一是{a.name or a.key}，一是{b.name or b.key}"


# ---- what follows ----------------------------------------------------------------------
def row_of(path: str) -> str:
    """The row of a table that a cell is on; nothing for a cell that is on none."""
    if path.endswith(WHOLE):
        return path
    try:
        parsed = parse_path(path)
    except BadPath:
        return ""
    return f"{parsed.row_text}{WHOLE}" if parsed.names is not None or parsed.parts else ""


def with_causes(found: Sequence[Found], was: Side, now: Side) -> Iterator[tuple[Found, list[Found]]]:
    """Each difference with those that it follows from, as a total does; none for one that was entered.
    A total that only one of the two states is none where nothing changed it: a FACTS.toml need not state it."""
    formulas = now.draft.derived.keys() - now.draft.stated
    entered = [f for f in found if f.is_whole or not f.touched & formulas]
    for each in found:
        causes: list[Found] = []
        if not each.is_whole and each.touched & formulas:
            causes = [f for f in entered if f.touched & _sources(each, was, now)]
            if not causes and not (each.difference.old and each.difference.new):
                continue
        yield each, causes


def _sources(found: Found, was: Side, now: Side) -> set[str]:
    """The cells that a derived cell follows from, then and now, and their rows."""
    cells = {part for path in found.touched for part in was.draft.parts(path)} | set(now.draft.parts(found.new_path))
    return cells | {row_of(path) for path in cells} - {""}


# ---- what is called otherwise ----------------------------------------------------------
def _lines(old: FormSpec, new: FormSpec) -> dict[tuple[str, Parts], Parts]:
    """Money lines of the later filing's edition that the earlier one's calls otherwise, whichever edition is newer."""
    there = {(table.id, (group.id, row.id)) for table in old.money_tables() for group in table.group for row in group.rows}
    forth = {(b.id, present): former for b in new.block for former, present in former_lines(b).items()}
    back = {(b.id, former): present for b in old.block for former, present in former_lines(b).items()}
    return {line: called for line, called in (forth | back).items() if line not in there and (line[0], called) in there}


def _names(old: FormSpec, new: FormSpec) -> dict[tuple[str, Parts], Parts]:
    return {(b.id, former): present for spec in (old, new) for b in spec.block for former, present in former_names(spec, b).items()}


def _pairs(gone: Mapping[_K, Mapping[object, str]], come: Mapping[_K, Mapping[object, str]]) -> Iterator[tuple[_K, _K]]:
    """What went and what came that is one thing renamed: at least half of its values are the same."""
    likeness = {
        (a, b): sum(key in theirs and same(value, theirs[key]) for key, value in ours.items())
        for a, ours in gone.items()
        for b, theirs in come.items()
    }
    taken: set[_K] = set()
    for (a, b), score in sorted(likeness.items(), key=lambda item: -item[1]):
        if score and 2 * score >= min(len(gone[a]), len(come[b])) and a not in taken and b not in taken:
            taken |= {a, b}
            yield a, b


def _instances(old: Values, new: Values) -> dict[str, str]:
    """Projects whose code was changed: the later code to the earlier one."""

    def by_instance(values: Values) -> dict[str, dict[object, str]]:
        sides: dict[str, dict[object, str]] = defaultdict(dict)
        for path, value in values.items():
            if path.instance.startswith("["):
                sides[path.instance][replace(path, instance="")] = value
        return sides

    ours, theirs = by_instance(old), by_instance(new)
    gone = {key: ours[key] for key in ours.keys() - theirs.keys()}
    come = {key: theirs[key] for key in theirs.keys() - ours.keys()}
    return {b: a for a, b in _pairs(gone, come)}


def _rows(old: Side, new: Side, names: _Renamed) -> list[Found]:
    """Renamed rows, each one difference; a name that differs in width or blanks only is none."""

    def by_row(values: Iterable[tuple[FactPath, str]]) -> dict[FactPath, dict[object, str]]:
        rows: dict[FactPath, dict[object, str]] = defaultdict(dict)
        for path, value in values:
            if path.names is not None:
                rows[path.at("row")][path.column] = value
        return rows

    listed = {
        (b.id, c.id)
        for b in (*old.spec.block, *new.spec.block)
        if isinstance(b, MoneyTable | IndicatorTable)
        for c in b.columns
        if c.choices
    }

    def telling(rows: Mapping[FactPath, dict[object, str]]) -> dict[FactPath, dict[object, str]]:
        """Without the words of drop-down lists, which many rows share."""
        return {r: {c: v for c, v in cells.items() if (r.block, c) not in listed} or cells for r, cells in rows.items()}

    ours = by_row(old.values.items())
    own = {names.old(path): path for path in new.values}
    theirs = by_row((path, new.values[here]) for path, here in own.items())
    gone, come = ours.keys() - theirs.keys(), theirs.keys() - ours.keys()
    found: list[Found] = []
    for table in dict.fromkeys((row.block, row.instance, row.parts) for row in ours):
        left = {row: ours[row] for row in ours if row in gone and (row.block, row.instance, row.parts) == table}
        right = {row: theirs[row] for row in theirs if row in come and (row.block, row.instance, row.parts) == table}
        for a, b in _same_rows(telling(left), telling(right), names):
            names.rows[b.row_text] = a
            if names.called(a) != names.called(b):
                here = own[b.at(str(next(iter(theirs[b]))))]
                there = new.difference(here, _said(a), _said(b), "名称")
                found.append(Found(there, frozenset({f"{a.row_text}{WHOLE}"})))
    return found


def _same_rows(
    left: Mapping[FactPath, Mapping[object, str]], right: Mapping[FactPath, Mapping[object, str]], names: _Renamed
) -> Iterator[tuple[FactPath, FactPath]]:
    """First what has one name but for width, quotes and edition, then what is like each other."""
    called = {(names.called(a), a.nth): a for a in left}
    pairs = [(called[key], b) for b in right if (key := (names.called(b), b.nth)) in called]
    yield from pairs
    done = {row for pair in pairs for row in pair}
    yield from _pairs({a: v for a, v in left.items() if a not in done}, {b: v for b, v in right.items() if b not in done})


def _said(row: FactPath) -> str:
    return "/".join(name for name in row.names or () if name)


# ---- what came or went as a whole ------------------------------------------------------
def _whole(
    side: Side, lone: Values, rest: Iterable[FactPath], own: Callable[[FactPath], FactPath], *, came: bool
) -> Iterator[Found]:  # fmt: skip
    """Cells that only one filing has: a whole project or row as one difference, else cell by cell."""
    there = {path.instance for path in rest}
    rows = {path.row_text for path in rest}
    groups: dict[str, list[FactPath]] = defaultdict(list)
    for path in lone:
        whole_project = path.instance.startswith("[") and path.instance not in there
        whole_row = path.names is not None and path.row_text not in rows
        groups[path.instance if whole_project else path.row_text if whole_row else path.text].append(path)
    for key, paths in groups.items():
        first, value = paths[0], lone[paths[0]]
        label = ""
        if key == first.instance:
            value, label = f"全部 {len(paths)} 格", "整个项目"
        elif key == first.row_text:
            value, label = f"{_said(first)}：{'；'.join(lone[path] for path in paths)}", "整行"
        there_is = side.difference(own(first), "" if came else value, value if came else "", label)
        touched = frozenset({first.text}) if not label else frozenset(f"{path.row_text}{WHOLE}" for path in paths)
        yield Found(there_is, touched, own(first).text if came and not label else "")
