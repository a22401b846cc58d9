"""What stops a verb may be said in another process: it arrives there whole."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from jixiao_xl.archive.renames import AlreadyGoesTo
from jixiao_xl.archive.store import ArchiveUnusable
from jixiao_xl.desk.outcomes import stop
from jixiao_xl.forms.load import DefinitionError
from jixiao_xl.workbook.macro_files import TooManySheets
from jixiao_xl.workbook.saving import WriteRefused


@pytest.mark.parametrize(
    "refused",
    [
        stop("ARC102", archive="a.sqlite", why="没有这个文件", advice="核对路径。"),
        ArchiveUnusable("a.sqlite", "别人正在写", "稍等一会儿再试。"),
        AlreadyGoesTo("420700-S001", "420700-S002"),
        DefinitionError("own.toml", (("DEF101", "没有 id"),)),
        TooManySheets(120),
        WriteRefused("SYS903", Path("汇总.xlsx"), "有人开着"),
    ],
    ids=lambda refused: type(refused).__name__,
)
def test_a_refusal_arrives_with_all_that_it_says(refused: Exception) -> None:
    arrived = pickle.loads(pickle.dumps(refused))
    assert (type(arrived), vars(arrived), str(arrived)) == (type(refused), vars(refused), str(refused))
