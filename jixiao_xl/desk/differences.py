"""Where do two filings of one form differ, each change said once?

A renamed row is one change, not as many as it has cells; so is a row or a whole project that came or went.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from jixiao_xl.desk.draft import Draft
from jixiao_xl.desk.filling import same_number
from jixiao_xl.desk.labels import Labels
from jixiao_xl.desk.outcomes import Difference
from jixiao_xl.forms.reasons import BLOCK as REASONS
from jixiao_xl.model.facts import FactPath, Filing
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
    rows: dict[str, FactPath] = field(default_factory=dict)
    """By row text of the later filing: the row of the earlier one."""

    def old(self, path: FactPath) -> FactPath:
        path = replace(path, instance=self.instances.get(path.instance, path.instance))
        row = self.rows.get(path.row_text)
        return row.at(path.column) if row else path


def differences(old: Side, new: Side) -> list[Found]:
    """Every difference but those in reasons, in the order of the later filing."""
    names = _Renamed(_instances(old.values, new.values))
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


# ---- what is called otherwise ----------------------------------------------------------
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

    ours = by_row(old.values.items())
    own = {names.old(path): path for path in new.values}
    theirs = by_row((path, new.values[here]) for path, here in own.items())
    gone, come = ours.keys() - theirs.keys(), theirs.keys() - ours.keys()
    found: list[Found] = []
    for table in dict.fromkeys((row.block, row.instance, row.parts) for row in ours):
        left = {row: ours[row] for row in ours if row in gone and (row.block, row.instance, row.parts) == table}
        right = {row: theirs[row] for row in theirs if row in come and (row.block, row.instance, row.parts) == table}
        for a, b in _pairs(left, right):
            names.rows[b.row_text] = a
            if tuple(map(normalised, a.names or ())) != tuple(map(normalised, b.names or ())):
                here = own[b.at(str(next(iter(theirs[b]))))]
                there = new.difference(here, _said(a), _said(b), "名称")
                found.append(Found(there, frozenset({f"{a.row_text}{WHOLE}"})))
    return found


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
