"""The 校验码 of a file, and whether a paper is of this very file."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from jixiao_xl.desk.opening import readable
from jixiao_xl.desk.outcomes import Coded, stop
from jixiao_xl.workbook.build import plan_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.identity import code_of

_CODE = re.compile(r"([0-9]{4})[-_‐-―−~]?([0-9]{4})")
_BLANK = re.compile(r"\s+")


def check_code(path: Path, paper: str = "") -> Coded:
    """A FACTS.toml has the code of the workbook it would fill."""
    reading = readable(path)
    spec, filing = reading.spec, reading.filing
    assert spec is not None and filing is not None
    written = _as_written(paper) if paper else ""
    code = reading.check_code or code_of(plan_workbook(spec, filing, BuildOptions(as_stated=True)))
    if not code:
        raise stop("WBK116", book=path.name)
    return Coded(reading.book, filing.unit, filing.revision, code, written == code if paper else None)


def _as_written(paper: str) -> str:
    """What somebody typed off the paper, as the code is printed; raises CannotRun when it is none."""
    found = _CODE.fullmatch(_BLANK.sub("", unicodedata.normalize("NFKC", paper)))
    if found is None:
        raise stop("SYS908", what="校验码", stated=paper, advice="照纸上写 8 位数字，如 1234-5678。")
    return f"{found[1]}-{found[2]}"
