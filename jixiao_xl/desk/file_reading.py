"""One file read: the first thing that every verb does, without loading a database.

Apart from `opening`, so that a process that only reads submissions loads no more than it needs.
"""

from __future__ import annotations

from pathlib import Path

from jixiao_xl.desk.outcomes import CannotRun, stop
from jixiao_xl.forms.load import DefinitionError
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.machine_errors import said_by_machine
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.book_file import read_workbook
from jixiao_xl.workbook.reading import Reading


def read(path: Path, name: str = "", content: bytes | None = None) -> Reading:
    """A workbook or a FACTS.toml as facts with places; `name` is what findings call it, `content` its
    bytes where they have been read already."""
    if content is None and not path.is_file():
        raise stop("SYS906", file=str(path))
    try:
        if path.suffix.lower() != ".toml":
            return read_workbook(path, name, content)
        from jixiao_xl.workbook.facts_file import read_facts  # and pydantic with it, for who has such a file

        return read_facts(path)
    except DefinitionError as error:
        raise definition_trouble(error) from None
    except OSError as error:
        raise unopened(name or path.name, error) from None


def definition_trouble(error: DefinitionError) -> CannotRun:
    """Every fault of a definition file as a finding."""
    found = (
        Finding(code, "error", Where(book=error.source), {"file": error.source, "what": what}) for code, what in error.problems
    )
    return CannotRun(*found)


def unopened(name: str, error: OSError) -> CannotRun:
    """What the machine says of a file that it does not open."""
    params = {"book": name, "why": said_by_machine(error), "advice": "关闭正在打开的文件，检查权限后再试。"}
    return CannotRun(Finding("WBK108", "error", Where(book=name), params))
