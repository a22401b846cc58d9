"""执行数 of all units at once: from the treasury's export into the archive, and what is odd about it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from jixiao_xl.archive.executed import executed_before, executed_years, executions, put_executions
from jixiao_xl.archive.store import Archive
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.desk.outcomes import CannotRun, ExecutionTaken, stop
from jixiao_xl.desk.unit_lookup import units_of
from jixiao_xl.model.amounts import YUAN_SUSPECT, show_amount
from jixiao_xl.model.dates import month_ends, spoken_date
from jixiao_xl.model.execution import Execution, ExecutionLine
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.machine_errors import said_by_machine
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.execution_file import ExecutionFile, read_execution_file
from jixiao_xl.workbook.unit_table import AmountUnit

NAMED = 6
"""Unknown units named in the sentence; more are counted."""
Known = Mapping[str, Sequence[Execution]]


def put(
    path: Path, year: int, month: int | None, archive: Archive, unit: AmountUnit, today: dt.date | None = None
) -> ExecutionTaken:
    """All known units of the export, or none when a row is wrong. What is only odd is taken and said."""
    read = _readable(path, year, month, unit)
    today = today or dt.date.today()
    if early := list(_to_come(read, year, today)):
        raise CannotRun(*early)
    with using_archive():
        lines, findings = _by_unit(read, archive)
        before = executed_before(archive, year)
        put_executions(archive, year, lines)
    findings += _not_over(read, year, today)
    for key, own in lines.items():
        known = {e.month: e for e in before.get(key, ())} | {line.amounts.month: line.amounts for line in own}
        for line in own:
            findings += _odd(line, list(known.values()))
    months = sorted({line.amounts.month for own in lines.values() for line in own})
    return ExecutionTaken(len(lines), tuple(months), tuple(findings))


def shown(archive: Archive, unit: str, year: int | None) -> tuple[str, list[tuple[int, Execution]]]:
    """The unit's name and its months, newest year first; `unit` is a key or a name."""
    with using_archive():
        units = units_of(archive)
        key = units.key(unit if "-" in unit else "", unit, unit) or units.key("", "", unit)
        years = executed_years(archive, (key,)) if key else []
        found = [(each, e) for each in years if year in (None, each) for e in executions(archive, (key,), each)]
    if not found:
        raise stop("EXE106", unit=unit, year=f" {year} 年" if year else "")
    return units.names[key], found


def _readable(path: Path, year: int, month: int | None, unit: AmountUnit) -> ExecutionFile:
    if not path.is_file():
        raise stop("SYS906", file=str(path))
    try:
        read = read_execution_file(path, year, month, unit)
    except OSError as error:
        params = {"book": path.name, "why": said_by_machine(error), "advice": "关闭正在打开的文件，检查权限后再试。"}
        raise CannotRun(Finding("WBK108", "error", Where(book=path.name), params)) from None
    if read.findings:
        raise CannotRun(*read.findings)
    return read


def _by_unit(read: ExecutionFile, archive: Archive) -> tuple[dict[str, list[ExecutionLine]], list[Finding]]:
    """The lines by the unit they are of; those of nobody known are named together."""
    units = units_of(archive)
    lines: dict[str, list[ExecutionLine]] = defaultdict(list)
    lost: list[ExecutionLine] = []
    doubled: list[Finding] = []
    for line in read.lines:
        key = units.key(line.key, line.code, line.name)
        same = next((each for each in lines[key] if each.amounts.month == line.amounts.month), None) if key else None
        if not key:
            lost.append(line)
        elif same is not None:
            params = {"book": line.where.book, "row": str(line.row), "other": str(same.row), "stated": units.names[key]}
            doubled.append(Finding("EXE203", "error", line.where, params))
        else:
            lines[key].append(line)
    if doubled:
        raise CannotRun(*doubled)
    unknown = [_unknown(lost)] if lost else []
    if not any(lines.values()):
        raise CannotRun(*(replace(f, severity="error") for f in unknown))
    return {key: own for key, own in lines.items() if own}, unknown


def _unknown(lost: Sequence[ExecutionLine]) -> Finding:
    names = "、".join(dict.fromkeys(f"{line.spoken}（第 {line.row} 行）" for line in lost[:NAMED]))
    more = " 等" if len(lost) > NAMED else ""
    params = {"book": lost[0].where.book, "count": str(len(lost)), "names": names + more}
    return Finding("EXE206", "warning", lost[0].where, params)


# ---- months ----------------------------------------------------------------------------
def _to_come(read: ExecutionFile, year: int, today: dt.date) -> Iterator[Finding]:
    for month in sorted({line.amounts.month for line in read.lines}):
        if dt.date(year, month, 1) > today:
            params = {"book": read.lines[0].where.book, "year": str(year), "month": str(month), "today": spoken_date(today)}
            yield Finding("EXE210", "error", Where(book=read.lines[0].where.book), params)


def _not_over(read: ExecutionFile, year: int, today: dt.date) -> Iterator[Finding]:
    for month in sorted({line.amounts.month for line in read.lines}):
        if month_ends(year, month) >= today:
            params = {"book": read.lines[0].where.book, "year": str(year), "month": str(month), "today": spoken_date(today)}
            yield Finding("EXE101", "warning", Where(book=read.lines[0].where.book), params)


# ---- one unit --------------------------------------------------------------------------
def _odd(line: ExecutionLine, months: Sequence[Execution]) -> Iterator[Finding]:
    """What a person should look at in the unit's month, beside its other months."""
    month, _, _, executed = line.amounts
    whole, told = line.amounts.whole, {"unit": line.spoken, "month": str(month)}
    if executed is None:
        yield Finding("EXE102", "warning", line.where, told)
        return
    if whole is not None and executed > whole:
        amounts = {"executed": show_amount(executed), "budget": show_amount(whole)}
        yield Finding("EXE103", "warning", line.where, told | amounts)
    if max(executed, whole or executed) >= YUAN_SUSPECT:
        yield Finding("EXE105", "warning", line.where, told | {"stated": show_amount(max(executed, whole or executed))})
    earlier = [e for e in months if e.month < month and e.executed is not None and e.executed > executed]
    later = [e for e in months if e.month > month and e.executed is not None and e.executed < executed]
    for other in (*earlier[-1:], *later[:1]):
        amounts = {"executed": show_amount(executed), "other": str(other.month), "then": show_amount(other.executed or executed)}
        yield Finding("EXE104", "warning", line.where, told | amounts)
