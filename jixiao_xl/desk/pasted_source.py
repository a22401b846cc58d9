"""粘贴导入 without a paste area: the rows from a file, and what could not be placed as a list to keep."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jixiao_xl.desk.file_reading import unopened
from jixiao_xl.desk.numbered import free_path
from jixiao_xl.desk.opening import save
from jixiao_xl.desk.outcomes import CannotRun, stop
from jixiao_xl.desk.pasted_table import Unplaced
from jixiao_xl.workbook.guard import Refused
from jixiao_xl.workbook.pasted_file import KINDS as KINDS
from jixiao_xl.workbook.pasted_file import read_pasted
from jixiao_xl.workbook.reading import unreadable


def pasted_rows(path: Path) -> list[list[str]]:
    """The rows of a .docx, .xlsx or .csv; raises CannotRun for a file that cannot be read."""
    if not path.is_file():
        raise stop("SYS906", file=str(path))
    try:
        return read_pasted(path)
    except Refused as refusal:
        raise CannotRun(unreadable(path.name, refusal.why, refusal.advice)) from None
    except OSError as error:
        raise unopened(path.name, error) from None


def said_unplaced(unplaced: Sequence[Unplaced]) -> list[str]:
    """One line each: where it stood, what it says, why it has no place."""
    return [f"第 {one.row} 行　{one.text}　→ {one.why}" for one in unplaced]


def keep_unplaced(unplaced: Sequence[Unplaced], folder: Path, name: str) -> Path:
    """The list as a text file in the folder, named after the workbook; an earlier list stays."""
    out = free_path(folder / f"{Path(name).stem}_没有放入.txt")
    save(out, "\r\n".join([*said_unplaced(unplaced), ""]).encode("utf-8-sig"))
    return out
