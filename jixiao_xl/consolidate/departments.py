"""本级, 所属 and 部门汇总: of a department that filed both its total and its parts, one level is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from jixiao_xl.consolidate.roster import Received, RosterRow, UnitStatus
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised
from jixiao_xl.model.places import Where

TOTAL = "部门汇总"
NOT_AGAIN = "不重复计入"
_ENDINGS = ("部门汇总", "汇总", "本级")
MAX_NAMED = 4


def department_name(name: str) -> str:
    """The department's name without what says which level of it files: 市教育局本级, 市教育局（部门汇总）."""
    flat = normalised(name)
    for ending in _ENDINGS:
        flat = flat.removesuffix(f"({ending})").removesuffix(ending)
    return flat


def parents_of(rows: Sequence[RosterRow]) -> dict[str, str]:
    """Each row's key to the key of the 部门汇总 row that holds its figures too.

    A row's 主管部门 names it, by name or code; a row that names a unit below it belongs there as well. A
    本级 row without 主管部门 is of the department of its name. Namesakes in other divisions are not meant
    where the own division has one.
    """
    named: dict[str, list[RosterRow]] = {}
    for row in rows:
        for name in {department_name(row.name), normalised(row.key), normalised(row.unit_code)}:
            named.setdefault(name, []).append(row)
    for row in rows:
        said = normalised(row.supervisor)
        if row.level == TOTAL and said and said not in named and department_name(row.name).startswith(said):
            named[said] = [row]  # 市教育局系统汇总 of 市教育局
    nearest = {row.key: found for row in rows if (found := _named_by(row, named)) is not None}
    totals = {row.key for row in rows if row.level == TOTAL}
    parents: dict[str, str] = {}
    for row in rows:
        step, seen = nearest.get(row.key), {row.key}
        while step is not None and step not in totals and step not in seen:
            seen.add(step)
            step = nearest.get(step)
        if step is not None and step in totals and step != row.key:
            parents[row.key] = step
    return parents


def _named_by(row: RosterRow, named: dict[str, list[RosterRow]]) -> str | None:
    """The key of the row that the supervisor column means; the total of the own name where it says nothing."""
    said = normalised(row.supervisor) or (department_name(row.name) if row.level == "本级" else "")
    if not said:
        return None
    found = [one for name in (said, department_name(said)) for one in named.get(name, ()) if one.key != row.key]
    if row.level == TOTAL and (said == department_name(row.name) or row in named.get(said, ())):
        return None  # it names itself
    own = [one for one in found if one.division_code == row.division_code] or found
    if len({one.division_code for one in own}) > 1:
        return None
    own.sort(key=lambda one: (one.level != TOTAL, one.key))
    return own[0].key if own else None


def circles(rows: Sequence[RosterRow]) -> list[RosterRow]:
    """Rows whose 主管部门 leads back to themselves."""
    if not any(row.level == TOTAL for row in rows):
        return []
    parents = parents_of(rows)
    return [row for row in rows if _comes_back(row.key, parents)]


def _comes_back(start: str, parents: Mapping[str, str]) -> bool:
    key, seen = parents.get(start), set[str]()
    while key is not None and key not in seen:
        seen.add(key)
        key = parents.get(key)
    return start in seen


class Departments:
    """The units of a roster as departments with their parts; the rest stands alone."""

    def __init__(self, statuses: Sequence[UnitStatus]) -> None:
        rows = [status.roster for status in statuses if status.roster is not None]
        has_totals = any(row.level == TOTAL for row in rows)
        parents = parents_of(rows) if has_totals else {}
        self.parents = {key: parent for key, parent in parents.items() if not _comes_back(key, parents)}
        self.by_key = {status.key: status for status in statuses if status.roster is not None}
        self.parts: dict[str, list[str]] = {}
        for key, parent in self.parents.items():
            self.parts.setdefault(parent, []).append(key)

    @property
    def tops(self) -> list[str]:
        """Departments that are part of no other."""
        return [key for key in self.parts if key not in self.parents]

    def below(self, key: str) -> Iterator[str]:
        """All parts, and parts of parts."""
        for part in self.parts.get(key, ()):
            yield part
            yield from self.below(part)


def counted_once(
    statuses: Sequence[UnitStatus], is_whole: Callable[[Received], bool]
) -> tuple[list[UnitStatus], list[Finding]]:  # fmt: skip
    """The statuses, each with what is counted in its place. A department's 部门汇总 counts where it was received
    and `is_whole`; else its parts do, where any filed. What is counted twice nowhere is said by CON110."""
    departments = Departments(statuses)
    instead: dict[str, str] = {}
    findings: list[Finding] = []

    def settle(key: str) -> None:
        own = departments.by_key[key]
        below = [departments.by_key[part] for part in departments.below(key)]
        filed = [part for part in below if part.used is not None]
        if own.used is not None and (is_whole(own.used) or not filed):
            instead.update((part.key, f"{own.name}部门汇总") for part in below)
            said = [part.name for part in filed]
            counted = "按部门汇总计入"
        elif filed:
            instead[key] = f"下属 {len(departments.parts[key])} 家"
            said = [f"部门汇总（{'缺数' if own.used else own.status}）"]
            counted = f"按下属 {len(departments.parts[key])} 家计入"
            for part in departments.parts[key]:
                if part in departments.parts:
                    settle(part)
        else:
            instead.update((part.key, f"{own.name}部门汇总") for part in below)
            return
        if said:
            params = {"unit": own.name, "counted": counted, "others": shortened(said)}
            findings.append(Finding("CON110", "hint", Where(book=own.used.book if own.used else ""), params))

    for key in departments.tops:
        settle(key)
    findings += _unlinked(statuses, departments)
    return [_marked(status, instead.get(status.key, "")) for status in statuses], findings


def _unlinked(statuses: Sequence[UnitStatus], departments: Departments) -> Iterator[Finding]:
    """CON113 for a 部门汇总 that filed and has no part, while parts that filed name no department."""
    loose = {
        status.roster.division_code
        for status in statuses
        if status.roster is not None and status.roster.level == "所属" and status.used is not None
        and status.key not in departments.parents
    }  # fmt: skip
    totals = (one for one in statuses if one.roster is not None and one.roster.level == TOTAL and one.used is not None)
    for status in totals:
        alone = status.key not in departments.parts and status.roster is not None and status.roster.division_code in loose
        if alone and status.used is not None:
            yield Finding("CON113", "warning", Where(book=status.used.book), {"unit": status.name})


def _marked(status: UnitStatus, instead: str) -> UnitStatus:
    if not instead:
        return status
    mark = f"{NOT_AGAIN}：已按{instead}计入" if status.used is not None else ""
    return replace(status, instead=instead, remark="；".join(filter(None, (status.remark, mark))))


def unmarked(status: UnitStatus) -> UnitStatus:
    """The status before it was decided which level counts."""
    return replace(status, instead="", remark=status.remark.partition(NOT_AGAIN)[0].removesuffix("；"))


def said_beside_totals(statuses: Sequence[UnitStatus]) -> str:
    """What is in the totals once although it was filed at two levels; nothing where that is not so."""
    covered: dict[str, int] = {}
    for status in statuses:
        if status.instead and status.roster is not None and status.roster.level != TOTAL and status.used is not None:
            covered[status.instead] = covered.get(status.instead, 0) + 1
    said = [f"已含{whole}，其下属 {n} 家{NOT_AGAIN}" for whole, n in covered.items()]
    said += [
        f"{status.name}按{status.instead}计入，部门汇总{NOT_AGAIN}"
        for status in statuses
        if status.instead and status.used is not None and status.roster is not None and status.roster.level == TOTAL
    ]
    return "；".join(said[:MAX_NAMED]) + (f"；等 {len(said)} 个部门" if len(said) > MAX_NAMED else "")


def shortened(names: Sequence[str]) -> str:
    """The names, or the first few and how many there are."""
    more = f"等 {len(names)} 家" if len(names) > MAX_NAMED else ""
    return "、".join(names[:MAX_NAMED]) + more
