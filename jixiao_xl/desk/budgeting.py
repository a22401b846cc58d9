"""The approved budget: a list from the finance office into the archive."""

from __future__ import annotations

from pathlib import Path

from jixiao_xl.archive.approved import put_budget
from jixiao_xl.archive.store import Archive
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.desk.outcomes import BudgetTaken, CannotRun, stop
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.machine_errors import said_by_machine
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.budget_file import read_budget_file
from jixiao_xl.workbook.unit_table import AmountUnit


def import_budget(path: Path, year: int, archive: Archive, unit: AmountUnit) -> BudgetTaken:
    """All lines of the list, or none of them when one is wrong."""
    if not path.is_file():
        raise stop("SYS906", file=str(path))
    try:
        found = read_budget_file(path, unit)
    except OSError as error:
        params = {"book": path.name, "why": said_by_machine(error), "advice": "关闭正在打开的文件，检查权限后再试。"}
        raise CannotRun(Finding("WBK108", "error", Where(book=path.name), params)) from None
    if found.findings:
        raise CannotRun(*found.findings)
    with using_archive():
        units = put_budget(archive, year, found.lines)
    return BudgetTaken(units, sum(bool(line.project) for line in found.lines))
